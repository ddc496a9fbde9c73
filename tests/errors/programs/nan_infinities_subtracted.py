import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
p = torch.tensor([0.5, 0.0], requires_grad=True)
q = torch.tensor([0.5, 0.0])
ratio = p.log() - q.log()  # <- here
(p * ratio).sum().backward()  # <- here
