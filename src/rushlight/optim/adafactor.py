"""Adafactor (Shazeer and Stern, 2018)."""

from __future__ import annotations

from typing import Any

from .._core.numeric import finfo
from ._kernels import add_, lerp_
from .optimizer import StepByGroup, at_least, at_most, check_one, counted, new_count, number, zeros_for


class Adafactor(StepByGroup):
    """Steps divided by the root of the mean squared gradient, which of matrices keeps row and column means alone.

    lr: the largest step relative to the parameter's size, which goes down as 1/√t from 1 on. beta2_decay: the means move
    by t^beta2_decay towards each gradient. eps: the least mean square (None: that of the dtype), and the least size
    of a parameter. d: steps whose root mean square is larger are scaled down to it.

    RuntimeError for complex parameters. Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear
    memory cost", 2018.

    >>> import rushlight as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adafactor([w])
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9900], requires_grad=True)
    """

    def __init__(
        self, params: Any, lr: Any = 1e-2, beta2_decay: float = -0.8, eps: Any = (None, 1e-3), d: float = 1.0,
        weight_decay: float = 0.0, *, foreach: bool | None = None, maximize: bool = False,
    ):  # fmt: skip
        check_one(lr)
        for holds, text in (
            (number(lr) >= 0.0, f"Learning rate should be >= 0 but is: {lr}"),
            (beta2_decay <= 0.0, f"beta2_decay should be <= 0 but is: {beta2_decay}"),
            (eps[0] is None or eps[0] >= 0.0, f"epsilon1 should be >= 0 but is: {eps[0]}"),
            (eps[1] >= 0.0, f"epsilon2 should be >= 0 but is: {eps[1]}"),
            (d >= 1.0, f"Clipping threshold d should be >= 1 but is: {d}"),
            (weight_decay >= 0.0, f"weight_decay should be >= 0 but is: {weight_decay}"),
        ):
            if not holds:
                raise ValueError(text)
        defaults = {
            "lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d, "weight_decay": weight_decay,
            "foreach": foreach, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, weight_decay = number(group["lr"]), group["weight_decay"]
        least_square, least_size = group["eps"]
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            if p.is_complex():
                raise RuntimeError("Adafactor does not support complex parameters")
            state = self.state[p]
            if not state:
                state["step"] = new_count()
                if g.dim() > 1:
                    state["row_var"] = g.new_zeros((*g.shape[:-1], 1))
                    state["col_var"] = g.new_zeros((*g.shape[:-2], 1, g.shape[-1]))
                else:
                    state["variance"] = zeros_for(g)
            if group["maximize"]:
                g = g.neg()
            least = finfo(p.dtype).eps if least_square is None else least_square
            step = counted(state["step"])
            length = at_least(least_size, _root_mean_square(p)) * at_most(lr, 1 / step**0.5)
            if weight_decay != 0:
                p.mul_(1 - lr * weight_decay)
            mean = _mean_square(state, g, step ** group["beta2_decay"], least)
            update = mean.clamp_(min=least * least).rsqrt_().mul_(g)
            add_(p, update, -length / at_least(1.0, _root_mean_square(update) / group["d"]))


def _root_mean_square(t: Any) -> Any:
    return t.norm(2).item() / t.numel() ** 0.5


def _mean_square(state: dict[str, Any], g: Any, weight: float, least: float) -> Any:
    """The running mean of the squared gradient, of matrices as far as a product of row and column tells it."""
    if g.dim() < 2:
        return lerp_(state["variance"], g * g, weight).clone()
    rows, columns = state["row_var"], state["col_var"]
    for kept, dim in ((rows, -1), (columns, -2)):
        kept.lerp_(g.norm(dim=dim, keepdim=True).square_().div_(g.size(dim)), weight)
    return (rows @ columns).div_(rows.mean(dim=-2, keepdim=True).clamp_(min=least))
