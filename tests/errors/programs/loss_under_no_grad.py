import torch
from torch import nn

net = nn.Linear(3, 1)
x = torch.ones(4, 3)
with torch.no_grad():  # <- here
    out = net(x)
loss = (out * out).sum()
loss.backward()
