import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
torch.manual_seed(0)
data = torch.ones(4, 3)
data[2, 1] = float("nan")  # <- here
net = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
loss = net(data).square().mean()  # <- here
loss.backward()
