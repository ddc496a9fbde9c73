import torch
from torch import nn

saved = nn.Linear(3, 2).state_dict()
net = nn.Linear(3, 4)
net.load_state_dict(saved)  # <- here
