import torch

w = torch.ones(3, requires_grad=True)
loss = (w * w).sum()
loss.requires_grad = True  # <- here
loss.backward()
