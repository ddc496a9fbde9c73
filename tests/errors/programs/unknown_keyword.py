import torch

x = torch.ones(2, 3)
x.sum(dims=1)  # <- here
