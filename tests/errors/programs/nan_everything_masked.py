import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
scores = torch.zeros(2, 3, requires_grad=True)
mask = torch.tensor([[True, False, False], [True, True, True]])
masked = scores.masked_fill(mask, -torch.inf)  # <- here
attention = masked.softmax(-1)  # <- here
attention[0].sum().backward()
