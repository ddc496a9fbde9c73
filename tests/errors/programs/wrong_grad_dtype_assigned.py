import torch

w = torch.ones(3, requires_grad=True)
w.grad = torch.ones(3, dtype=torch.float64)  # <- here
