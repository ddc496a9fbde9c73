"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from ._kernels import add_
from .optimizer import StepByGroup, check_fused, check_lr, number, require


class SGD(StepByGroup):
    """Stochastic gradient descent, with momentum where it is asked for.

    With g the gradient plus ``weight_decay`` times the parameter: buf = momentum · buf + (1 - dampening) · g,
    and the parameter goes down by lr · buf, or with ``nesterov`` by lr · (g + momentum · buf). maximize: up
    instead. foreach, fused: which implementation PyTorch takes; there is one here.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, momentum: float = 0, dampening: float = 0, weight_decay: Any = 0,
        nesterov: bool = False, *, maximize: bool = False, foreach: bool | None = None,
        differentiable: bool = False, fused: bool | None = None,
    ):  # fmt: skip
        check_lr(lr)
        require(momentum >= 0.0, "momentum value", momentum)
        require(bool(weight_decay >= 0.0), "weight_decay value", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize, "foreach": foreach, "differentiable": differentiable,
            "fused": fused,
        }  # fmt: skip
        check_fused(fused, foreach, differentiable)
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, momentum, weight_decay = number(group["lr"]), group["momentum"], number(group["weight_decay"])
        maximize = group["maximize"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            if maximize:
                g = g.neg()
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            if momentum != 0:
                g = self._with_momentum(p, g, group, momentum)
            add_(p, g, -lr)

    def _with_momentum(self, p: Any, g: Any, group: dict[str, Any], momentum: float) -> Any:
        state = self.state[p]
        buffer = state.get("momentum_buffer")
        if buffer is None:
            buffer = state["momentum_buffer"] = g.detach().clone()
        else:
            add_(buffer.mul_(momentum), g, 1 - group["dampening"])
        return g.add(buffer, alpha=momentum) if group["nesterov"] else buffer
