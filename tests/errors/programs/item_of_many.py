import torch

losses = torch.ones(4)
print(losses.item())  # <- here
