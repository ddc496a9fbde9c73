import torch

w = torch.ones(3, requires_grad=True)
h = w * 2
h.requires_grad = False  # <- here
