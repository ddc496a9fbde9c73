import torch

w = torch.ones(3, requires_grad=True)
with torch.inference_mode():
    x = torch.ones(3) * 2  # <- here
(w * x).sum().backward()
