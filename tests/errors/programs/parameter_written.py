import torch
from torch import nn

net = nn.Linear(3, 2)
net.weight.fill_(0.5)  # <- here
