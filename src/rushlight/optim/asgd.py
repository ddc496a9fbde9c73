"""Averaged stochastic gradient descent (Polyak and Juditsky, 1992)."""

from __future__ import annotations

from functools import partial
from typing import Any

from .._core.tensor import Tensor
from ._kernels import add_
from .optimizer import (
    StepByGroup,
    as_real,
    at_least,
    check_lr,
    count,
    counted,
    either,
    new_count,
    number,
    require,
    zeros_for,
)


class ASGD(StepByGroup):
    """Gradient descent that keeps the average of the parameters from step ``t0`` on, as ``state[p]["ax"]``.

    The parameter shrinks by lambd · eta and goes down by eta · g, eta = lr / (1 + lambd lr t)^alpha.
    Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.ASGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, lambd: float = 1e-4, alpha: float = 0.75, t0: float = 1e6,
        weight_decay: float = 0, foreach: bool | None = None, maximize: bool = False,
        differentiable: bool = False, capturable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay,
            "foreach": foreach, "maximize": maximize, "differentiable": differentiable,
            "capturable": capturable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, lambd, weight_decay = number(group["lr"]), group["lambd"], group["weight_decay"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                state["eta"] = new_count(lr)
                state["mu"] = new_count(1.0)
                state["ax"] = zeros_for(p)
            if group["maximize"]:
                g = g.neg()
            p, g, average = as_real(p, g, state["ax"])
            step = counted(state["step"])
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            eta, mu = state["eta"].item(), state["mu"].item()
            p.mul_(1 - lambd * eta)
            add_(p, g, -eta)
            average.copy_(either(mu, is_one, p.clone, partial(moved, average, p, mu)))
            count(state["eta"], lr / (1 + lambd * lr * step) ** group["alpha"])
            count(state["mu"], 1 / at_least(1, step - group["t0"]))


def moved(average: Tensor, p: Tensor, mu: Any) -> Tensor:
    """The average, moved towards ``p``."""
    return average.add(p.sub(average).mul_(mu))


def is_one(mu: Any) -> Any:
    return mu == 1
