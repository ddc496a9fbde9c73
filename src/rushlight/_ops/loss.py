"""Losses of differences, element by element, and what all losses share: how they are reduced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import errors
from .._core.families import WIDE, cast, promote
from .._core.modes import CUT, RECORD, state
from .._core.primitive import Complaints, Primitive, mark_cut, quietly
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .dims import raise_unsupported
from .quick import on_arrays, remember

# -- reductions -----------------------------------------------------------------------------------------------


def reduced(loss: Any, reduction: str) -> Any:
    """A loss for each element (an array), reduced."""
    if reduction == "none":
        return loss
    total = np.add.reduce(loss, None)
    return total if reduction == "sum" else total / loss.dtype.type(loss.size)


def reduce_loss(loss: Tensor, reduction: str) -> Tensor:
    """A loss for each element, reduced by the operations that users would reduce it by."""
    if reduction == "mean":
        return loss.mean()
    return loss.sum() if reduction == "sum" else loss


def share(g: Any, n: int, reduction: str) -> Any:
    """The cotangent of each of the ``n`` elements that were reduced; 0-d where it is the same for all."""
    return g / n if reduction == "mean" else g


def loss_tangent(reduction: str, *terms: tuple[Any, Callable[[], Any]]) -> Any:
    """The jvp of a loss: for each input its tangent, and what makes the derivative by it."""
    total = None
    for tangent, derivative in terms:
        if tangent is not None:
            term = tangent * derivative()
            total = term if total is None else total + term
    return reduce_loss(total, reduction)  # type: ignore[arg-type]


def reduction_of(reduction: str, size_average: bool | None, reduce: bool | None, extra: tuple[str, ...] = ()) -> str:
    """The name of the reduction, from today's argument or from the two that it replaced."""
    if size_average is not None or reduce is not None:
        if reduce is False:
            reduction = "none"
        else:
            reduction = "sum" if size_average is False else "mean"
        warn_user(
            f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
        )
    elif reduction not in ("mean", "sum", "none") and reduction not in extra:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def warn_sizes(input: Tensor, target: Tensor) -> None:
    """A target of another size is broadcast, which is hardly ever what was meant; one that cannot be is refused."""
    if input._data.shape != target._data.shape:
        warn_user(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will "
            "likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
        )
        try:
            np.broadcast_shapes(input._data.shape, target._data.shape)
        except ValueError as error:
            errors.raise_broadcast([input._data.shape, target._data.shape], error)


def check_constant(function: str, **arguments: Any) -> None:
    """RuntimeError where a gradient would be wanted of an argument that has none."""
    if state.grad:
        for name, t in arguments.items():
            if isinstance(t, Tensor) and t.requires_grad:
                raise RuntimeError(
                    f"The function '{function}' is not differentiable with respect to argument '{name}'. This input "
                    f"cannot have requires_grad True.\nDetach it: {name}.detach()."
                )


def float_pair(input: Tensor, target: Tensor, kernel: str) -> tuple[Tensor, Tensor]:
    """Both in their common dtype, which must be a real floating-point one."""
    if input._data.dtype is not target._data.dtype:
        (input, target), _ = promote((input, target))
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, kernel)
    return input, target


def weighted(errors_: Tensor, weight: Tensor, input: Tensor, reduction: str, by_weight: bool) -> Tensor:
    """Errors times weights, reduced; ``by_weight``: the mean divides by the sum of the weights."""
    if weight._data.shape != input._data.shape:
        raise ValueError("Weights and input must have the same size.")
    loss = errors_ * weight
    if reduction == "mean" and by_weight:
        return loss.sum() / weight.sum()
    return reduce_loss(loss, reduction)


# -- differences ----------------------------------------------------------------------------------------------


def _mse(input: Any, target: Any, *, reduction: str) -> Any:
    d = input - target
    return reduced(d * d, reduction)


def _mse_cotangent(g: Any, a: Any, b: Any, reduction: str) -> Any:
    d = a - b
    return d * (g * (2.0 / max(d._data.size, 1) if reduction == "mean" else 2.0))


mse_p = Primitive(
    "MseLoss",
    _mse,
    inputs="input target",
    vjp=(
        lambda g, input, target, reduction: _mse_cotangent(g, input, target, reduction),
        lambda g, input, target, reduction: _mse_cotangent(g, target, input, reduction),
    ),
    jvp=lambda input, target, input_t, target_t, reduction: loss_tangent(
        reduction, (input_t, lambda: 2 * (input - target)), (target_t, lambda: 2 * (target - input))
    ),
    broadcasts=True,
    widen=True,
)


@on_arrays(mse_p)
def _mse_cotangents(node: Any, g: Any, input: Any, target: Any) -> Any:
    if input.shape != target.shape:
        return NotImplemented
    d = input - target
    mean = node.params["reduction"] == "mean"
    d *= g * g.dtype.type(2.0 / max(d.size, 1) if mean else 2.0)
    return _of_both_sides(node, d)


def _of_both_sides(node: Any, d: Any) -> tuple[Any, Any]:
    """The cotangents, those that are wanted, of the two whose difference has the cotangent ``d``."""
    for_input, for_target = node.edges
    return None if for_input is None else d, None if for_target is None else -d


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The squared differences: their mean, their sum, or (``"none"``) each of them.

    weight: one for each element; the mean then divides by their sum.

    >>> import rushlight as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 5.0]))
    tensor(4.5000)
    """
    try:
        a, b = input._data, target._data
    except AttributeError:
        other = target if isinstance(input, Tensor) else input
        raise AttributeError(f"'{type(other).__name__}' object has no attribute 'size'") from None
    if a.shape != b.shape:
        warn_sizes(input, target)
    if size_average is not None or reduce is not None or reduction not in ("mean", "sum", "none"):
        reduction = reduction_of(reduction, size_average, reduce)
    if weight is not None:
        return weighted((input - target) ** 2, weight, input, reduction, by_weight=True)
    if a.dtype is not b.dtype or a.dtype.kind not in "fV":
        input, target = float_pair(input, target, "mse_cpu")
    mode = state.mode
    if not mode or a.shape != b.shape or a.dtype is not b.dtype or a.dtype not in WIDE:
        return mse_p.bind(input, target, reduction=reduction)
    try:
        result = _mse(a, b, reduction=reduction)
    except Complaints:
        result = quietly(_mse, a, b, reduction=reduction)
    out = wrap(result if type(result) is np.ndarray else np.asarray(result))
    if input._requires_grad or target._requires_grad:
        if mode == RECORD:
            remember(mse_p, (input, target), {"reduction": reduction}, lambda edges: (input, target), out)
            if out._fn is not None:
                out._fn._shapes = None
        elif mode == CUT:
            mark_cut((input, target), out)
    return out


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The absolute differences: their mean, their sum, or (``"none"``) each of them.

    weight: one for each element; the mean then divides by their sum.

    >>> import rushlight as torch
    >>> torch.nn.functional.l1_loss(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 5.0]))
    tensor(1.5000)
    """
    warn_sizes(input, target)
    reduction = reduction_of(reduction, size_average, reduce)
    loss = (input - target).abs()
    if weight is not None:
        return weighted(loss, weight, input, reduction, by_weight=True)
    return reduce_loss(loss, reduction)


def _smooth_l1(input: Any, target: Any, *, reduction: str, beta: float) -> Any:
    z = np.abs(input - target)
    if beta:
        z = _square_then_line(z, beta)
        if beta != 1:
            z /= z.dtype.type(beta)
    return reduced(z, reduction)


def _square_then_line(z: Any, end: float) -> Any:
    """``z**2 / 2`` up to ``end``, and on from there in a straight line: min(z, end) (z - min(z, end) / 2)."""
    c = np.minimum(z, z.dtype.type(end))
    return (z - c * z.dtype.type(0.5)) * c


def _smooth_l1_derivative(a: Any, b: Any, beta: float) -> Any:
    return ((a - b) / beta).clamp(-1, 1)


smooth_l1_p = Primitive(
    "SmoothL1Loss",
    _smooth_l1,
    inputs="input target",
    vjp=(
        lambda g, input, target, reduction, beta: by_element(g, _smooth_l1_derivative(input, target, beta), reduction),
        lambda g, input, target, reduction, beta: by_element(g, _smooth_l1_derivative(target, input, beta), reduction),
    ),
    jvp=lambda input, target, input_t, target_t, reduction, beta: loss_tangent(
        reduction,
        (input_t, lambda: _smooth_l1_derivative(input, target, beta)),
        (target_t, lambda: _smooth_l1_derivative(target, input, beta)),
    ),
    broadcasts=True,
    widen=True,
)


def by_element(g: Any, derivative: Any, reduction: str) -> Any:
    return derivative * share(g, derivative._data.size, reduction)


def _clipped(node: Any, g: Any, input: Any, target: Any, scale: float, limit: float) -> Any:
    """Both cotangents, on arrays, of a loss whose derivative is the difference over ``scale``, clipped."""
    if input.shape != target.shape or scale == 0:
        return NotImplemented
    d = np.subtract(input, target, out=np.empty(input.shape, input.dtype))
    if scale != 1:
        d /= d.dtype.type(scale)
    np.clip(d, -limit, limit, out=d)
    d *= share(g, max(d.size, 1), node.params["reduction"])
    return _of_both_sides(node, d)


on_arrays(smooth_l1_p)(
    lambda node, g, input, target: _clipped(node, g, input, target, scale=node.params["beta"], limit=1.0)
)


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Differences d below ``beta`` count ``d**2 / (2 * beta)``, larger ones ``abs(d) - beta / 2``.

    >>> import rushlight as torch
    >>> torch.nn.functional.smooth_l1_loss(torch.tensor([0.0, 3.0]), torch.zeros(2), reduction="none")
    tensor([0.0000, 2.5000])
    """
    warn_sizes(input, target)
    reduction = reduction_of(reduction, size_average, reduce)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return reduce_loss((input - target).abs(), reduction)
    input, target = float_pair(input, target, "smooth_l1_cpu")
    return smooth_l1_p.bind(input, target, reduction=reduction, beta=float(beta))


def _huber(input: Any, target: Any, *, reduction: str, delta: float) -> Any:
    return reduced(_square_then_line(np.abs(input - target), delta), reduction)


huber_p = Primitive(
    "HuberLoss",
    _huber,
    inputs="input target",
    vjp=(
        lambda g, input, target, reduction, delta: by_element(g, (input - target).clamp(-delta, delta), reduction),
        lambda g, input, target, reduction, delta: by_element(g, (target - input).clamp(-delta, delta), reduction),
    ),
    jvp=lambda input, target, input_t, target_t, reduction, delta: loss_tangent(
        reduction,
        (input_t, lambda: (input - target).clamp(-delta, delta)),
        (target_t, lambda: (target - input).clamp(-delta, delta)),
    ),
    broadcasts=True,
    widen=True,
)


on_arrays(huber_p)(
    lambda node, g, input, target: _clipped(node, g, input, target, scale=1.0, limit=node.params["delta"])
)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """Differences d up to ``delta`` count ``d**2 / 2``, larger ones ``delta * (abs(d) - delta / 2)``.

    weight: one for each element. (Huber 1964.)

    >>> import rushlight as torch
    >>> torch.nn.functional.huber_loss(torch.tensor([0.0, 3.0]), torch.zeros(2), reduction="none")
    tensor([0.0000, 2.5000])
    """
    warn_sizes(input, target)
    if weight is not None and weight._data.shape == input._data.shape and reduction not in ("mean", "sum", "none"):
        raise ValueError(f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'.")
    reduction = reduction_of(reduction, None, None)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    pair = float_pair(input, target, "huber_cpu")
    if weight is None:
        return huber_p.bind(*pair, reduction=reduction, delta=float(delta))
    return weighted(
        huber_p.bind(*pair, reduction="none", delta=float(delta)), weight, input, reduction, by_weight=False
    )


def _soft_margin(input: Any, target: Any, *, reduction: str) -> Any:
    return reduced(np.log1p(np.exp(-target * input)), reduction)


def _soft_margin_derivative(x: Any, y: Any) -> Any:
    return -y * (-y * x).sigmoid()


soft_margin_p = Primitive(
    "SoftMarginLoss",
    _soft_margin,
    inputs="input target",
    vjp=(
        lambda g, input, target, reduction: by_element(g, _soft_margin_derivative(input, target), reduction),
        None,
    ),
    jvp=lambda input, target, input_t, reduction: loss_tangent(
        reduction, (input_t, lambda: _soft_margin_derivative(input, target))
    ),
    broadcasts=True,
    widen=True,
)


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``log(1 + exp(-target * input))`` for targets 1 and -1.

    >>> import rushlight as torch
    >>> torch.nn.functional.soft_margin_loss(torch.zeros(2), torch.tensor([1.0, -1.0]))
    tensor(0.6931)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    check_constant("soft_margin_loss", target=target)
    target = cast(target, input.dtype)
    return soft_margin_p.bind(input, target, reduction=reduction)


for _function in (mse_loss, l1_loss, smooth_l1_loss, huber_loss, soft_margin_loss):
    register(_function, namespace="torch.nn.functional", method=False, out=False)
