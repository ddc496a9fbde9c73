"""Adam (Kingma and Ba, 2015)."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from ._kernels import addcdiv_, addcmul_, lerp_
from .optimizer import (
    StepByGroup,
    as_real,
    check_betas,
    check_fused,
    check_lr,
    counted,
    new_count,
    number,
    require,
    zeros_for,
)


class Adam(StepByGroup):
    """Adam: the step is the running mean m of the gradient, divided by the root of the running mean v of its
    square.

    m = β1 m + (1 - β1) g and v = β2 v + (1 - β2) g², and after t steps the parameter goes down by
    lr · (m / (1 - β1ᵗ)) / (sqrt(v / (1 - β2ᵗ)) + eps). weight_decay is added to the gradient, times the
    parameter; with ``decoupled_weight_decay`` it shrinks the parameter instead. amsgrad: v's maximum so far
    takes its place. maximize: up instead. foreach, fused: which implementation PyTorch takes; there is one
    here. Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, amsgrad: bool = False, *, foreach: bool | None = None,
        maximize: bool = False, capturable: bool = False, differentiable: bool = False,
        fused: bool | None = None, decoupled_weight_decay: bool = False,
    ):  # fmt: skip
        if isinstance(lr, Tensor) and foreach and not capturable:
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        check_lr(lr)
        require(eps >= 0.0, "epsilon value", eps)
        check_betas(betas)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        if not any(all(isinstance(beta, kind) for beta in betas) for kind in (float, Tensor)):
            raise ValueError("betas must be either both floats or both Tensors")
        for i, beta in enumerate(betas):
            if isinstance(beta, Tensor) and foreach and not capturable:
                raise ValueError(f"betas[{i}] as a Tensor is not supported for capturable=False and foreach=True")
        defaults = {
            "lr": lr, "betas": tuple(betas), "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize, "foreach": foreach, "capturable": capturable,
            "differentiable": differentiable, "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }  # fmt: skip
        check_fused(fused, foreach, differentiable)
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, eps, weight_decay = number(group["lr"]), group["eps"], group["weight_decay"]
        beta1, beta2 = group["betas"]
        if isinstance(beta1, Tensor):
            beta1, beta2 = beta1.item(), beta2.item()
        maximize, amsgrad, decoupled = group["maximize"], group["amsgrad"], group["decoupled_weight_decay"]
        states = self.state
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = states[p]
            if not state:
                state["step"] = new_count()
                state["exp_avg"] = zeros_for(p)
                state["exp_avg_sq"] = zeros_for(p)
                if amsgrad:
                    state["max_exp_avg_sq"] = zeros_for(p)
            if maximize:
                g = g.neg()
            step = counted(state["step"])
            if weight_decay != 0:
                if decoupled:
                    p.mul_(1 - lr * weight_decay)
                else:
                    g = g.add(p, alpha=weight_decay)
            mean, square = state["exp_avg"], state["exp_avg_sq"]
            if p._data.dtype.kind == "c":
                p, g, mean, square = as_real(p, g, mean, square)
            lerp_(mean, g, 1 - beta1)
            addcmul_(square.mul_(beta2), g, g, 1 - beta2)
            if amsgrad:
                (largest,) = as_real(state["max_exp_avg_sq"])
                square = largest.copy_(largest.maximum(square))
            scale = square.sqrt().div_((1 - beta2**step) ** 0.5).add_(eps)
            addcdiv_(p, mean, scale, -lr / (1 - beta1**step))
