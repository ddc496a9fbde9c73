import numpy as np
import torch
from torch import nn

net = nn.Linear(3, 1)
data = torch.tensor(np.ones((4, 3)))
out = net(data)  # <- here
