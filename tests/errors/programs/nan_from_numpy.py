import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)
import numpy as np

heights = np.array([1.7, -1.0, 1.8])
with np.errstate(invalid="ignore"):
    features = torch.from_numpy(np.log(heights))
w = torch.ones(3, dtype=torch.float64, requires_grad=True)
y = w * features  # <- here
y.sum().backward()
