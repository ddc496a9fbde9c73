import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, g):  # <- here
        return g * ctx.k


w = torch.ones(2, requires_grad=True)
Scale.apply(w, 3.0).sum().backward()
