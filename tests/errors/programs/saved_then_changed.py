import torch

w = torch.ones(3, requires_grad=True)
h = torch.exp(w)
out = h * 2
h += 1  # <- here
out.sum().backward()
