import torch

w = torch.arange(3)
w.requires_grad_()  # <- here
