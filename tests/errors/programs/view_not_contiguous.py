import torch

x = torch.ones(4, 6).t()
x.view(24)  # <- here
