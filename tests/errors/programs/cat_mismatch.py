import torch

a, b = torch.ones(2, 3), torch.ones(2, 4)
torch.cat([a, b], dim=0)  # <- here
