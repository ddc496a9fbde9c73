import torch

x = torch.ones(3, 4)
x[3]  # <- here
