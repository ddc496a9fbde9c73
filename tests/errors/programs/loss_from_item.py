import torch

w = torch.ones(3, requires_grad=True)
total = 0.0
for i in range(3):
    total += (w * i).sum().item()  # <- here
loss = torch.tensor(total)  # <- here
loss.backward()
