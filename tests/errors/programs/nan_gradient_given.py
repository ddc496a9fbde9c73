import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3  # <- here
y.backward(torch.tensor([1.0, float("nan")]))
