"""Adamax: Adam by the infinity norm (Kingma and Ba, 2015)."""

from __future__ import annotations

from typing import Any

from ._kernels import addcdiv_, lerp_
from .optimizer import (
    StepByGroup,
    as_real,
    check_betas,
    check_lr,
    counted,
    new_count,
    number,
    require,
    zeros_for,
)


class Adamax(StepByGroup):
    """Adam that divides by the running maximum of the gradient's size: u = max(β2 u, abs(g) + eps).

    Options are those of `Adam`. Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adamax([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 2e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, foreach: bool | None = None, *, maximize: bool = False,
        differentiable: bool = False, capturable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(eps >= 0.0, "epsilon value", eps)
        check_betas(betas)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, eps, weight_decay = number(group["lr"]), group["eps"], group["weight_decay"]
        beta1, beta2 = group["betas"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                state["exp_avg"] = zeros_for(p)
                state["exp_inf"] = zeros_for(p)
            if group["maximize"]:
                g = g.neg()
            step = counted(state["step"])
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            p, g, mean, largest = as_real(p, g, state["exp_avg"], state["exp_inf"])
            lerp_(mean, g, 1 - beta1)
            largest.copy_(largest.mul_(beta2).maximum(g.abs().add_(eps)))
            addcdiv_(p, mean, largest, -lr / (1 - beta1**step))
