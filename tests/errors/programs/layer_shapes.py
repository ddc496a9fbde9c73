import torch
from torch import nn

net = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(30, 1))
batch = torch.ones(32, 10)
out = net(batch)  # <- here
