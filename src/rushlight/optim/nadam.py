"""NAdam: Adam with Nesterov's momentum (Dozat, 2016)."""

from __future__ import annotations

from typing import Any

from ._kernels import addcdiv_, addcmul_, lerp_
from .optimizer import (
    StepByGroup,
    as_real,
    check_betas,
    check_lr,
    counted,
    multiplied,
    new_count,
    number,
    require,
    zeros_for,
)


class NAdam(StepByGroup):
    """Adam that looks one step ahead along its momentum, which warms up by ``momentum_decay``.

    With μᵗ = β1 (1 - 0.96^(t·momentum_decay) / 2), the step is made of the gradient by (1 - μᵗ) / (1 - Π μ)
    and of the running mean by μᵗ⁺¹ / (1 - Π μ · μᵗ⁺¹). The other options are those of `Adam`. Source: Dozat,
    "Incorporating Nesterov momentum into Adam", 2016.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.NAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8944], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 2e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0, momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False, *,
        foreach: bool | None = None, maximize: bool = False, capturable: bool = False,
        differentiable: bool = False,
    ):  # fmt: skip
        check_lr(lr)
        require(eps >= 0.0, "epsilon value", eps)
        check_betas(betas)
        require(weight_decay >= 0.0, "weight_decay value", weight_decay)
        require(momentum_decay >= 0.0, "momentum_decay value", momentum_decay)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize, "foreach": foreach, "capturable": capturable,
            "differentiable": differentiable,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, eps, weight_decay = number(group["lr"]), group["eps"], group["weight_decay"]
        beta1, beta2 = group["betas"]
        maximize, decoupled, momentum_decay = (
            group["maximize"],
            group["decoupled_weight_decay"],
            group["momentum_decay"],
        )
        states = self.state
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            state = states[p]
            if not state:
                state["step"] = new_count()
                state["mu_product"] = new_count(1.0)
                state["exp_avg"] = zeros_for(p)
                state["exp_avg_sq"] = zeros_for(p)
            if maximize:
                g = g.neg()
            step = counted(state["step"])
            mean, square = state["exp_avg"], state["exp_avg_sq"]
            if p._data.dtype.kind == "c":
                p, g, mean, square = as_real(p, g, mean, square)
            if weight_decay != 0:
                if decoupled:
                    p.mul_(1 - lr * weight_decay)
                else:
                    g = g.add(p, alpha=weight_decay)
            mu = beta1 * (1.0 - 0.5 * 0.96 ** (step * momentum_decay))
            mu_next = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * momentum_decay))
            mu_product = multiplied(state["mu_product"], mu)
            lerp_(mean, g, 1 - beta1)
            addcmul_(square.mul_(beta2), g, g, 1 - beta2)
            scale = square.div(1 - beta2**step).sqrt().add_(eps)
            addcdiv_(p, g, scale, -lr * (1.0 - mu) / (1.0 - mu_product))
            addcdiv_(p, mean, scale, -lr * mu_next / (1.0 - mu_product * mu_next))
