import torch

w = torch.ones(3, requires_grad=True)
x = torch.ones(3)
out = (w * x).sum()
x[0] = 5.0  # <- here
out.backward()
