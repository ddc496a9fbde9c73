import torch

w = torch.ones(3, requires_grad=True)
result = torch.empty(3)
torch.add(w, 1.0, out=result)  # <- here
