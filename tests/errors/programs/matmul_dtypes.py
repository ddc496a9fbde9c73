import numpy as np
import torch

x = torch.from_numpy(np.ones((2, 3)))
w = torch.ones(3, 4)
y = x @ w  # <- here
