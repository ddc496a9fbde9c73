"""Muon (Jordan et al., 2024)."""

from __future__ import annotations

import math
from typing import Any

from .._ops.addmm import addmm
from ._kernels import add_, lerp_
from .optimizer import StepByGroup, check_one, number, zeros_for


class Muon(StepByGroup):
    """For matrices: steps are the momentum made orthogonal, all its singular values near 1, by Newton and Schulz.

    ns_coefficients: of the polynomial a x + b x³ + c x⁵ that singular values go through ns_steps times, in bfloat16.
    adjust_lr_fn: the learning rate times √max(1, rows/columns) ("original", the default), or 0.2 √max(rows, columns)
    ("match_rms_adamw"). The parameter is first multiplied by 1 - lr weight_decay.

    ValueError for parameters that are not matrices. Source: Jordan et al., "Muon: an optimizer for hidden layers in
    neural networks", 2024.

    >>> import rushlight as torch
    >>> w = torch.eye(2, requires_grad=True)
    >>> optimizer = torch.optim.Muon([w], lr=0.1, weight_decay=0.0)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.diagonal() < 1
    tensor([True, True])
    """

    def __init__(
        self, params: Any, lr: Any = 1e-3, weight_decay: float = 0.1, momentum: float = 0.95, nesterov: bool = True,
        ns_coefficients: Any = (3.4445, -4.775, 2.0315), eps: float = 1e-7, ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ):  # fmt: skip
        check_one(lr)
        for holds, text in (
            (number(lr) >= 0.0, f"Learning rate should be >= 0 but is: {lr}"),
            (momentum >= 0.0, f"momentum should be >= 0 but is: {momentum}"),
            (weight_decay >= 0.0, f"weight decay should be >= 0 but is: {weight_decay}"),
            (adjust_lr_fn in _RATIOS, f"Adjust learning rate function {adjust_lr_fn} is not supported"),
        ):
            if not holds:
                raise ValueError(text)
        defaults = {
            "lr": lr, "weight_decay": weight_decay, "momentum": momentum, "nesterov": nesterov,
            "ns_coefficients": ns_coefficients, "eps": eps, "ns_steps": ns_steps, "adjust_lr_fn": adjust_lr_fn,
        }  # fmt: skip
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError(
                        f"Muon only supports 2D parameters whereas we found a parameter with size: {p.size()}\n"
                        "Give biases, embeddings and kernels to another optimizer, such as AdamW."
                    )

    def _update(self, group: dict[str, Any]) -> None:
        lr, momentum = number(group["lr"]), group["momentum"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            if p.is_complex():
                raise RuntimeError("Muon does not support complex parameters")
            state = self.state[p]
            if "momentum_buffer" not in state:
                state["momentum_buffer"] = zeros_for(g)
            mean = lerp_(state["momentum_buffer"], g, 1 - momentum)
            update = g.lerp(mean, momentum) if group["nesterov"] else mean
            update = _orthogonalized(update, group["ns_coefficients"], group["ns_steps"], group["eps"])
            p.mul_(1 - lr * group["weight_decay"])
            add_(p, update, -lr * _RATIOS[group["adjust_lr_fn"]](*p.shape))


def _original(rows: int, columns: int) -> float:
    return math.sqrt(max(1, rows / columns))


_RATIOS: dict[str | None, Any] = {
    None: _original,
    "original": _original,
    "match_rms_adamw": lambda rows, columns: 0.2 * math.sqrt(max(rows, columns)),
}


def _orthogonalized(g: Any, coefficients: Any, steps: int, eps: float) -> Any:
    """Newton's and Schulz's iteration, on the wide side."""
    if steps >= 100:
        raise ValueError("Number of steps must be less than 100 for computational efficiency")
    if len(coefficients) != 3:
        raise ValueError("Coefficients must be a tuple of exactly 3 values")
    a, b, c = coefficients
    tall = g.size(0) > g.size(1)
    x = g.bfloat16()
    x = x.T if tall else x
    x = x.div(x.norm().clamp(min=eps))
    for _ in range(steps):
        gram = x @ x.T
        x = addmm(x, addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x
