import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
x = torch.tensor([2.0, -1.0, 3.0], requires_grad=True)
logs = x.log() * x  # <- here
loss = logs.masked_fill(x < 0, 0.0).sum()  # <- here
loss.backward()
