import torch
from torch import nn

net = nn.Linear(3, 1)
x, y = torch.ones(4, 3), torch.zeros(4, 1)
out = net(x).detach()  # <- here
loss = ((out - y) ** 2).mean()
loss.backward()
