import torch

x = torch.ones(4, 6)
x.view(5, 5)  # <- here
