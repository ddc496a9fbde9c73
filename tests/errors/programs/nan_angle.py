import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
a = torch.tensor([0.6, 0.8], requires_grad=True)
b = torch.tensor([0.6, 0.8])
cosine = a @ b / (a.norm() * b.norm())
angle = torch.acos(cosine.clamp(-1, 1))  # <- here
(angle * 0).backward()
