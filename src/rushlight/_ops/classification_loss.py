"""Losses for classes: negative log-likelihood and cross-entropy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.families import WIDE
from .._core.modes import CUT, RECORD, state
from .._core.primitive import Complaints, Primitive, mark_cut, quietly
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .arithmetic import div
from .dims import raise_unsupported
from .loss import check_constant, reduce_loss, reduction_of
from .matmul import check_scalar_type, kind_of
from .quick import on_arrays, remember
from .softmax import log_softmax, quick_log_softmax
from .titles import shown_as

# -- picking and spreading ------------------------------------------------------------------------------------
#
# The loss is linear in its input: it picks the elements of the targets, with a coefficient each. Its cotangent
# spreads a number back to the places that were picked, with the same coefficients. Each is the other's transpose.


class Places:
    """Where the elements of the targets lie in a flat (N, C, L) input, and what multiplies each.

    index         the positions, one for each target
    coefficient   minus the weight of each target's class; minus one for all where there are no weights
    ignored       which targets count nothing; None where all count
    """

    __slots__ = ("coefficient", "ignored", "index")

    def __init__(self, shape: tuple[int, ...], target: Any, weight: Any, ignore_index: int, dtype: np.dtype):
        n, classes, inner = _layout(shape)
        target = target.reshape(-1)
        self.ignored = None
        # As unsigned numbers, negative classes are too large: one look finds all that are out of range.
        unsigned = target.view(np.uint64) if target.dtype == np.int64 else target
        if 0 <= ignore_index < classes or (len(target) and np.maximum.reduce(unsigned) >= classes):
            self.ignored = target == ignore_index
            bad = ~self.ignored & ((target < 0) | (target >= classes))
            if bad.any():
                raise IndexError(
                    f"Target {target[bad][0]} is out of bounds.\nThere are {classes} classes, so targets must be from "
                    f"0 to {classes - 1} (or ignore_index, {ignore_index})."
                )
            target = np.where(self.ignored, 0, target)
        self.coefficient = dtype.type(-1) if weight is None else -weight[target]
        first = np.arange(0, n * classes, classes)
        if inner == 1:
            self.index = first + target
        else:
            self.index = ((first[:, None] + target.reshape(n, inner)) * inner + np.arange(inner)).reshape(-1)

    def terms(self, factor: Any) -> Any:
        """``factor`` (a number or one for each target) times the coefficients; zero for what is ignored."""
        values = factor * self.coefficient
        return values if self.ignored is None else np.where(self.ignored, values.dtype.type(0), values)

    def total(self, n: int, dtype: np.dtype) -> Any:
        """What a mean divides by: the sum of the weights that take part."""
        if self.ignored is None and np.ndim(self.coefficient) == 0:
            return dtype.type(n)
        return -np.add.reduce(np.broadcast_to(self.terms(dtype.type(1)), (n,)))


def _layout(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(N, C, L): classes stand along dimension 1, or are the only dimension."""
    if len(shape) == 1:
        return 1, shape[0], 1
    return shape[0], shape[1], math.prod(shape[2:])


def _pick(x: Any, target: Any, weight: Any, *, reduction: str, ignore_index: int) -> Any:
    places = Places(x.shape, target, weight, ignore_index, x.dtype)
    terms = places.terms(x.reshape(-1)[places.index])
    if reduction == "none":
        return terms.reshape(target.shape if x.ndim > 1 else ())
    total = np.add.reduce(terms)
    return total if reduction == "sum" else total / places.total(terms.size, x.dtype)


def _spread(g: Any, target: Any, weight: Any, *, shape: tuple[int, ...], reduction: str, ignore_index: int) -> Any:
    places = Places(shape, target, weight, ignore_index, g.dtype)
    if reduction == "mean":
        g = g / places.total(target.size, g.dtype)  # by zero where all are ignored, which `terms` leaves out
    values = places.terms(g.reshape(-1) if reduction == "none" else g)
    out = np.zeros(math.prod(shape), g.dtype)
    out[places.index] = values
    return out.reshape(shape)


nll_p = Primitive(
    "NllLoss",
    _pick,
    inputs="x target weight",
    vjp=(
        lambda g, x_shape, target, weight, reduction, ignore_index: nll_spread_p.bind(
            g, target, weight, shape=x_shape, reduction=reduction, ignore_index=ignore_index
        ),
        None,
        None,
    ),
    jvp=lambda target, weight, x_t, reduction, ignore_index: nll_p.bind(
        x_t, target, weight, reduction=reduction, ignore_index=ignore_index
    ),
    widen=True,
    family="linear",
)
nll_spread_p = Primitive(
    "NllLossBackward",
    _spread,
    inputs="g target weight",
    vjp=(
        lambda c, target, weight, reduction, ignore_index: nll_p.bind(
            c, target, weight, reduction=reduction, ignore_index=ignore_index
        ),
        None,
        None,
    ),
    jvp=lambda target, weight, g_t, shape, reduction, ignore_index: nll_spread_p.bind(
        g_t, target, weight, shape=shape, reduction=reduction, ignore_index=ignore_index
    ),
    widen=True,
    family="linear",
)
# PyTorch divides by a number here, which shows.
_divided = shown_as(div.primitive, "DivBackward1")  # type: ignore[attr-defined]


@on_arrays(nll_p)
def _nll_cotangent(node: Any, g: Any, shape: Any, target: Any, weight: Any) -> Any:
    return _spread(g, target, weight, shape=shape, **node.params), None, None


_nll_2d = shown_as(nll_p, "NllLoss2DBackward0")
_nll_viewed = shown_as(nll_p, "ViewBackward0")


# -- public ---------------------------------------------------------------------------------------------------


def _check_target(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    if weight is not None:
        check_constant("nll_loss_forward", weight=weight)
    x, y = input._data, target._data
    if x.ndim == 0:
        raise ValueError(f"Expected 1 or more dimensions (got {x.ndim})")
    if x.ndim > 1 and (y.ndim == 0 or x.shape[0] != y.shape[0]):
        have = y.shape[0] if y.ndim else 0
        raise ValueError(f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({have}).")
    if x.ndim <= 2:
        if y.ndim > 1:
            raise RuntimeError(
                "0D or 1D target tensor expected, multi-target not supported\n"
                f"The target's shape is {list(y.shape)}: it must hold one class for each row of the input."
            )
        if x.ndim == 1 and y.size != 1:
            raise ValueError(f"For 1D input, 1D target must have size 1, but got target size: {y.size}")
    else:
        if x.ndim == 4 and y.ndim != 3:
            raise RuntimeError(
                f"only batches of spatial targets supported (3D tensors) but got targets of dimension: {y.ndim}"
            )
        want = (x.shape[0], *x.shape[2:])
        if y.shape != want:
            if x.ndim == 4:
                # The parenthesis stays open in PyTorch's message too.
                raise RuntimeError(f"size mismatch (got input: {list(x.shape)} , target: {list(y.shape)}")
            raise RuntimeError(f"Expected target size {list(want)}, got {list(y.shape)}")
    if y.dtype.kind != "i" or y.dtype.itemsize != 8:
        if y.dtype != np.uint8:
            raise RuntimeError(
                f"expected target dtype to be Long or Byte, but got {kind_of(target)}\nConvert it: target.long()."
            )
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "nll_loss_out_frame")
    if weight is not None:
        classes = x.shape[0 if x.ndim == 1 else 1]
        if weight._data.shape != (classes,):
            raise RuntimeError(
                f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor "
                f"of shape: {list(weight._data.shape)}"
            )
        check_scalar_type(input, weight)


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probabilities of the target classes.

    input (N, C), (C,) or (N, C, ...) holds log-probabilities, target (N,), () or (N, ...) classes. weight (C,): one
    for each class; the mean divides by the sum of those that took part. Targets equal to ``ignore_index`` count
    nothing. IndexError for a target that is no class.

    >>> import rushlight as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1.0, -2.0]]), torch.tensor([1]))
    tensor(2.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    _check_target(input, target, weight)
    return _nll(input, target, weight, reduction, ignore_index)


def _nll(input: Tensor, target: Tensor, weight: Tensor | None, reduction: str, ignore_index: int) -> Tensor:
    ndim = input._data.ndim
    if ndim <= 2:
        p = nll_p
    else:
        p = _nll_viewed if ndim != 4 and reduction == "none" else _nll_2d
    params = {"reduction": reduction, "ignore_index": ignore_index}
    mode = state.mode
    x = input._data
    if not mode or ndim > 2 or x.dtype not in WIDE:
        return p.bind(input, target, weight, **params)
    weights = None if weight is None else weight._data
    try:
        result = _pick(x, target._data, weights, **params)  # type: ignore[arg-type]
    except Complaints:
        result = quietly(_pick, x, target._data, weights, **params)
    out = wrap(result if type(result) is np.ndarray else np.asarray(result))
    if input._requires_grad:
        if mode == RECORD:
            remember(p, (input, None, None), params, lambda edges: (x.shape, target, weight), out)
        elif mode == CUT:
            mark_cut((input,), out)
    return out


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """The cross-entropy of the softmax of ``input`` from the target.

    input (N, C), (C,) or (N, C, ...) holds logits. target: classes, (N,), () or (N, ...); or probabilities of the
    shape of the input. weight (C,): one for each class. label_smoothing in [0, 1]: how much of the target is
    spread evenly over all classes. Classes equal to ``ignore_index`` count nothing.

    >>> import rushlight as torch
    >>> torch.nn.functional.cross_entropy(torch.zeros(1, 2), torch.tensor([0]))
    tensor(0.6931)
    """
    if size_average is not None or reduce is not None or reduction not in ("mean", "sum", "none"):
        reduction = reduction_of(reduction, size_average, reduce)
    x, y = input._data, target._data
    if y.shape == x.shape and (x.ndim > 0):
        return _cross_entropy_of_probabilities(input, target, weight, reduction, ignore_index, label_smoothing)
    log_p = _log_probabilities(input)
    _check_target(log_p, target, weight)
    if label_smoothing == 0:
        return _nll(log_p, target, weight, reduction, ignore_index)
    check_smoothing(label_smoothing)
    return _smoothed(log_p, target, weight, reduction, ignore_index, label_smoothing)


def _log_probabilities(input: Tensor) -> Tensor:
    x = input._data
    if x.ndim == 2 and x.dtype in WIDE and x.dtype.kind == "f":
        return quick_log_softmax(input, 1)
    return log_softmax(input, 0 if x.ndim <= 1 else 1)


def check_smoothing(label_smoothing: float) -> None:
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")


def _smoothed(
    log_p: Tensor, target: Tensor, weight: Tensor | None, reduction: str, ignore_index: int, smoothing: float
) -> Tensor:
    """Part of the loss of the target, and part of the loss of all classes alike."""
    dim = 0 if log_p._data.ndim == 1 else 1
    classes = log_p._data.shape[dim]
    nll = _nll(log_p, target, weight, reduction, ignore_index)
    if weight is None:
        even = -log_p.sum(dim)
    else:
        even = -(log_p * _along_classes(weight, log_p)).sum(dim)
    ignored = target == ignore_index
    even = even.masked_fill(ignored.view(even.shape), 0.0)
    if reduction == "mean":
        if weight is None:
            even = even.sum() / ignored.logical_not().sum()
        else:
            even = even.sum() / weight[target.masked_fill(ignored, 0).long()].masked_fill(ignored, 0.0).sum()
    else:
        even = reduce_loss(even, reduction)
    return (1 - smoothing) * nll + even * (smoothing / classes)


def _along_classes(weight: Tensor, input: Tensor) -> Tensor:
    """Weights by class, shaped to be multiplied with the input."""
    return weight if input._data.ndim == 1 else weight.view(-1, *[1] * (input._data.ndim - 2))


def _cross_entropy_of_probabilities(
    input: Tensor, target: Tensor, weight: Tensor | None, reduction: str, ignore_index: int, smoothing: float
) -> Tensor:
    if target._data.dtype.kind not in "fV":
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {kind_of(target)}\nA target of the "
            "input's shape holds probabilities; classes have a dimension less."
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    dim = 0 if input._data.ndim == 1 else 1
    classes = input._data.shape[dim]
    if weight is not None and weight._data.shape != (classes,):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got "
            f"weight tensor of shape: {list(weight._data.shape)}"
        )
    check_smoothing(smoothing)
    log_p = log_softmax(input, dim)
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / classes
    terms = log_p * target
    if weight is not None:
        terms = terms * _along_classes(weight, input)
    if reduction == "none":
        return -terms.sum(dim)
    if reduction == "sum":
        return -terms.sum()
    return _divided.bind(-terms.sum(), input._data.size // max(classes, 1))


for _function in (nll_loss, cross_entropy):
    register(_function, namespace="torch.nn.functional", method=False, out=False)
