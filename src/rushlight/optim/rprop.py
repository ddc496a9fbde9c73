"""Resilient backpropagation (Riedmiller and Braun, 1993)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.tensor import wrap
from ._kernels import addcmul_
from .optimizer import StepByGroup, as_real, check_lr, counted, new_count, number, zeros_for


class Rprop(StepByGroup):
    """Steps by the gradient's sign, each element with a size of its own.

    The size grows by etas[1] while the sign stays, shrinks by etas[0] where it turns (and that element
    rests), within ``step_sizes``. Source: Riedmiller and Braun, "A direct adaptive method for faster
    backpropagation", 1993.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Rprop([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50), *, capturable: bool = False,
        foreach: bool | None = None, maximize: bool = False, differentiable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        defaults = {
            "lr": lr, "etas": etas, "step_sizes": step_sizes, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable, "capturable": capturable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        shrink, grow = group["etas"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                lr = number(group["lr"])
                first = complex(lr, lr) if p._data.dtype.kind == "c" else lr
                state["step"] = new_count()
                state["prev"] = zeros_for(p)
                state["step_size"] = wrap(np.full_like(p._data, first))
            if group["maximize"]:
                g = g.neg()
            counted(state["step"])
            p, g, previous, size = as_real(p, g, state["prev"], state["step_size"])
            agreement = g.mul(previous)
            turned = agreement.lt(0)
            factor = size.new_ones(size.shape).masked_fill_(agreement.gt(0), grow).masked_fill_(turned, shrink)
            size.mul_(factor).clamp_(*group["step_sizes"])
            g = g.masked_fill(turned, 0)
            addcmul_(p, g.sign(), size, -1)
            previous.copy_(g)
