import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
x = torch.tensor([0.0, 1.0], requires_grad=True)
y = x**1.5
(slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)  # <- here
(slope * 0).sum().backward()
