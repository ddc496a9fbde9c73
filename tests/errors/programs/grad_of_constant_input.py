import torch

x = torch.ones(3, requires_grad=True)
k = torch.ones(3)
loss = (x * k).sum()
torch.autograd.grad(loss, k)  # <- here
