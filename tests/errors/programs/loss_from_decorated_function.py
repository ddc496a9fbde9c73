import torch
from torch import nn

net = nn.Linear(3, 1)


@torch.no_grad()  # <- here
def evaluate(x):
    return net(x).mean()


loss = evaluate(torch.ones(4, 3))
loss.backward()
