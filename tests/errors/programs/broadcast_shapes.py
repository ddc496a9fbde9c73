import torch

prediction = torch.ones(8, 3)
target = torch.ones(8)
loss = ((prediction - target) ** 2).mean()  # <- here
