import torch

x = torch.ones(3, requires_grad=True)
loss = (x * x).sum()
torch.autograd.grad(loss, x[0])  # <- here
