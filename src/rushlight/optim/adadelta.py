"""Adadelta (Zeiler, 2012)."""

from __future__ import annotations

from typing import Any

from ._kernels import add_, addcmul_
from .optimizer import StepByGroup, as_real, check_lr, counted, new_count, number, require, zeros_for


class Adadelta(StepByGroup):
    """Steps in the proportion of the running sizes of past steps and of the gradient.

    v = rho v + (1 - rho) g², Δ = g sqrt(u + eps) / sqrt(v + eps), u = rho u + (1 - rho) Δ²; the parameter
    goes down by lr Δ. Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adadelta([w])
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9968], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0,
        foreach: bool | None = None, *, capturable: bool = False, maximize: bool = False,
        differentiable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(0.0 <= rho <= 1.0, "rho value", rho)
        require(eps >= 0.0, "epsilon value", eps)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = {
            "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
            "capturable": capturable, "foreach": foreach, "differentiable": differentiable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, rho, eps, weight_decay = number(group["lr"]), group["rho"], group["eps"], group["weight_decay"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                state["square_avg"] = zeros_for(p)
                state["acc_delta"] = zeros_for(p)
            counted(state["step"])
            if group["maximize"]:
                g = g.neg()
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            p, g, square, steps = as_real(p, g, state["square_avg"], state["acc_delta"])
            addcmul_(square.mul_(rho), g, g, 1 - rho)
            delta = steps.add(eps).sqrt().div_(square.add(eps).sqrt()).mul_(g)
            addcmul_(steps.mul_(rho), delta, delta, 1 - rho)
            add_(p, delta, -lr)
