"""RMSprop (Hinton's lecture notes, 2012)."""

from __future__ import annotations

from typing import Any

from ._kernels import add_, addcdiv_, addcmul_, lerp_
from .optimizer import StepByGroup, as_real, check_lr, counted, new_count, number, require, zeros_for


class RMSprop(StepByGroup):
    """Steps divided by the root of the running mean of the gradient's square.

    v = alpha v + (1 - alpha) g², and the parameter goes down by lr g / (sqrt(v) + eps); with ``momentum`` the
    steps are added up. centered: the running variance takes the place of v.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.RMSprop([w], lr=0.01)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0,
        momentum: float = 0, centered: bool = False, capturable: bool = False, foreach: bool | None = None,
        maximize: bool = False, differentiable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(eps >= 0.0, "epsilon value", eps)
        require(momentum >= 0.0, "momentum value", momentum)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        require(alpha >= 0.0, "alpha value", alpha)
        defaults = {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "capturable": capturable, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, alpha, eps, weight_decay = (
            number(group["lr"]),
            group["alpha"],
            group["eps"],
            group["weight_decay"],
        )
        momentum, centered = group["momentum"], group["centered"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                state["square_avg"] = zeros_for(p)
                if momentum > 0:
                    state["momentum_buffer"] = zeros_for(p)
                if centered:
                    state["grad_avg"] = zeros_for(p)
            if group["maximize"]:
                g = g.neg()
            counted(state["step"])
            if weight_decay != 0:
                g = g.add(p, alpha=weight_decay)
            p, g, square = as_real(p, g, state["square_avg"])
            addcmul_(square.mul_(alpha), g, g, 1 - alpha)
            if centered:
                (mean,) = as_real(state["grad_avg"])
                lerp_(mean, g, 1 - alpha)
                scale = square.addcmul(mean, mean, value=-1).sqrt().add_(eps)
            else:
                scale = square.sqrt().add_(eps)
            if momentum > 0:
                (buffer,) = as_real(state["momentum_buffer"])
                add_(p, addcdiv_(buffer.mul_(momentum), g, scale, 1), -lr)
            else:
                addcdiv_(p, g, scale, -lr)
