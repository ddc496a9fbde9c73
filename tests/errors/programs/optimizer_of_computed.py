import torch

w = torch.ones(3, requires_grad=True) * 0.1
torch.optim.SGD([w], lr=0.1)  # <- here
