"""Adagrad (Duchi, Hazan and Singer, 2011)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.tensor import Tensor, wrap
from ._kernels import addcdiv_, addcmul_
from .optimizer import StepByGroup, as_real, check_fused, check_lr, counted, new_count, number, require


class Adagrad(StepByGroup):
    """Steps divided by the root of the sum of all squared gradients so far.

    The parameter goes down by lr / (1 + (t - 1) lr_decay) · g / (sqrt(sum) + eps). initial_accumulator_value:
    where the sum starts. Source: Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adagrad([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, lr_decay: float = 0, weight_decay: float = 0,
        initial_accumulator_value: float = 0, eps: float = 1e-10, foreach: bool | None = None, *,
        maximize: bool = False, differentiable: bool = False, fused: bool | None = None,
    ):  # fmt: skip
        check_lr(lr)
        require(lr_decay >= 0.0, "lr_decay value", lr_decay)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        require(initial_accumulator_value >= 0.0, "initial_accumulator_value value", initial_accumulator_value)
        require(eps >= 0.0, "epsilon value", eps)
        defaults = {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable, "fused": fused,
        }  # fmt: skip
        check_fused(fused, foreach, differentiable)
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                self._start(p)

    def _start(self, p: Tensor) -> None:
        first = self.defaults["initial_accumulator_value"]
        if p._data.dtype.kind == "c":
            first = complex(first, first)
        self.state[p] = {"step": new_count(), "sum": wrap(np.full_like(p._data, first))}

    def share_memory(self) -> None:
        """Not supported: raises NotImplementedError."""
        raise NotImplementedError("Adagrad.share_memory: Rushlight's tensors are not shared between processes")

    def _update(self, group: dict[str, Any]) -> None:
        lr, lr_decay, eps, weight_decay = (
            number(group["lr"]),
            group["lr_decay"],
            group["eps"],
            group["weight_decay"],
        )
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            if not self.state[p]:
                self._start(p)
            state = self.state[p]
            step = counted(state["step"])
            if group["maximize"]:
                g = g.neg()
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            p, g, total = as_real(p, g, state["sum"])
            addcmul_(total, g, g, 1)
            addcdiv_(p, g, total.sqrt().add_(eps), -lr / (1 + (step - 1) * lr_decay))
