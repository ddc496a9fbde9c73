import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
p = torch.tensor([1.0, 0.0], requires_grad=True)
target = torch.tensor([1.0, 0.0])
logs = torch.log(p)  # <- here
loss = -(target * logs).sum()
loss.backward()
