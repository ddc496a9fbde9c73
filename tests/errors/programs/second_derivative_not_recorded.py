import torch

x = torch.tensor(2.0, requires_grad=True)
y = x * x * x
(first,) = torch.autograd.grad(y, x)  # <- here
(second,) = torch.autograd.grad(first, x)
