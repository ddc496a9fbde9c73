import warnings

import torch

warnings.simplefilter("ignore")
torch.autograd.set_detect_anomaly(True)


class Norm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        length = (x * x).sum().sqrt()
        ctx.save_for_backward(x, length)
        return length

    @staticmethod
    def backward(ctx, g):
        x, length = ctx.saved_tensors
        return g * x / length  # <- here


x = torch.zeros(3, requires_grad=True)
y = Norm.apply(x)  # <- here
y.backward()
