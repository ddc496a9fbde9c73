import torch
from torch import nn

net = nn.Linear(3, 2)
loss = (net(torch.ones(4, 3)) - 1.0) ** 2
loss.backward()  # <- here
