import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
out = net(torch.ones(2, 3))
first, second = out.mean(), (out * out).mean()
first.backward(retain_graph=True)
optimizer.step()  # <- here
second.backward()
