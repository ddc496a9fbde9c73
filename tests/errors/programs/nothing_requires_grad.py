import torch

w = torch.ones(3)
x = torch.ones(3)
loss = (w * x).sum()
loss.backward()  # <- here
