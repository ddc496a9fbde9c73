import torch

w = torch.ones(3, requires_grad=True)
loss = (w * w).sum().detach()  # <- here
loss.requires_grad_()
torch.autograd.grad(loss, w)
