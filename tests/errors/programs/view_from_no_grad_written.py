import torch

w = torch.ones(4, requires_grad=True)
h = w * 2
with torch.no_grad():
    part = h[:2]
part += 1.0  # <- here
h.sum().backward()
