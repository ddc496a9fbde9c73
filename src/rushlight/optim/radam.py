"""RAdam: Adam whose variance is rectified at the start (Liu et al., 2020)."""

from __future__ import annotations

from functools import partial
from typing import Any

from .._core.tensor import Tensor
from ._kernels import add_, addcmul_, lerp_
from .optimizer import (
    StepByGroup,
    as_real,
    at_least,
    check_betas,
    check_lr,
    counted,
    either,
    new_count,
    number,
    require,
    zeros_for,
)


class RAdam(StepByGroup):
    """Adam that follows its momentum alone until enough steps were taken to trust the running square.

    Options are those of `Adam`. Source: Liu et al., "On the variance of the adaptive learning rate and
    beyond", 2020.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.RAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, decoupled_weight_decay: bool = False, *, foreach: bool | None = None,
        maximize: bool = False, capturable: bool = False, differentiable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(eps >= 0.0, "epsilon value", eps)
        check_betas(betas)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
            "foreach": foreach, "capturable": capturable, "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, eps, weight_decay = number(group["lr"]), group["eps"], group["weight_decay"]
        beta1, beta2 = group["betas"]
        longest = 2 / (1 - beta2) - 1  # the length of the moving average in the limit
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                state["exp_avg"] = zeros_for(p)
                state["exp_avg_sq"] = zeros_for(p)
            if group["maximize"]:
                g = g.neg()
            p, g, mean, square = as_real(p, g, state["exp_avg"], state["exp_avg_sq"])
            step = counted(state["step"])
            if weight_decay != 0:
                if group["decoupled_weight_decay"]:
                    p.mul_(1 - lr * weight_decay)
                else:
                    g = g.add(p, alpha=weight_decay)
            lerp_(mean, g, 1 - beta1)
            addcmul_(square.mul_(beta2), g, g, 1 - beta2)
            correction = 1 - beta2**step
            length = longest - 2 * step * beta2**step / correction
            update = mean.div(1 - beta1**step).mul_(lr)

            factor = partial(rectified, update, square, correction**0.5, eps, length, longest)
            add_(p, either(length, is_enough, factor, update.clone), -1.0)


def rectified(update: Tensor, square: Tensor, correction: Any, eps: float, length: Any, longest: float) -> Tensor:
    """The update divided by the root of the running square, times the rectification."""
    ratio = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    inverse = square.sqrt().add_(eps).reciprocal_().mul_(correction)
    return update.mul(inverse).mul_(at_least(0.0, ratio) ** 0.5)


def is_enough(length: Any) -> Any:
    return length > 5.0
