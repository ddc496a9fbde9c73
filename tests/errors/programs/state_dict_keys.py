import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 2))
net.load_state_dict({"weight": torch.ones(2, 3)})  # <- here
