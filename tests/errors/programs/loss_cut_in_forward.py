import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)

    def forward(self, x):
        h = torch.relu(self.first(x))
        return h.data.sum()  # <- here


net = Net()
loss = net(torch.ones(2, 3))
loss.backward()
