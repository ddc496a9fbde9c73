import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
x = torch.tensor([0.5, 1.5])
w = torch.tensor([2.0, 2.0], requires_grad=True)
x.sub_(1.0).log_()  # <- here
loss = (w * x).sum()  # <- here
loss.backward()
