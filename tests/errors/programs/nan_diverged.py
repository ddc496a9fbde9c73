import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
torch.manual_seed(0)
w = nn.Parameter(torch.tensor([1.0, 2.0]))
opt = torch.optim.SGD([w], lr=1e30)
for _ in range(9):
    loss = ((w - 3) ** 2).sum()  # <- here
    opt.zero_grad()
    loss.backward()
    opt.step()  # <- here
