import torch

x = torch.ones(2, 3)
w = torch.ones(4, 5)
y = (x @ w).sum()  # <- here
