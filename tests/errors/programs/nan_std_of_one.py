import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
torch.manual_seed(0)


class Standardize(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return self.scale * (x - x.mean(0)) / x.std(0)  # <- here


Standardize()(torch.ones(1, 3)).sum().backward()
