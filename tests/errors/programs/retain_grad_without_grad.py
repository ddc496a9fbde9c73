import torch

x = torch.ones(3)
y = x * 2
y.retain_grad()  # <- here
