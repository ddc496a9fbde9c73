import torch

w = torch.ones(3, requires_grad=True)
features = torch.exp(w * 2)  # <- here
first = features.sum()
second = (features * features).sum()
first.backward()  # <- here
second.backward()
