import torch
from torch import nn

torch.manual_seed(0)
cell = nn.Linear(3, 3)
hidden = torch.zeros(3)
for step in range(3):
    hidden = torch.tanh(cell(hidden) + 1.0)  # <- here
    loss = hidden.sum()
    loss.backward()  # <- here
