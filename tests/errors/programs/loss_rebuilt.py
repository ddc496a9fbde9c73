import torch

w = torch.ones(3, requires_grad=True)
squares = [w[0] * w[0], w[1] * w[1]]
loss = torch.tensor(squares).sum()  # <- here
loss.backward()
