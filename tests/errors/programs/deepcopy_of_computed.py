import copy

import torch

w = torch.ones(3, requires_grad=True)
h = w * 2
copy.deepcopy(h)  # <- here
