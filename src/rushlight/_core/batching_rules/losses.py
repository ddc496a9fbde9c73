"""Losses: their value for each element, then the reduction over each example."""

from __future__ import annotations

from math import prod
from typing import Any

from ..modes import state
from ..primitive import Primitive
from . import batching_rule, mapped
from .elementwise import aligned
from .operands import Operand


def reduced(losses: Any, reduction: str) -> Any:
    """The losses of each example reduced; one example's dimensions are all but the first."""
    shape = losses._data.shape
    if reduction == "none" or len(shape) == 1:
        return losses
    if prod(shape[1:]) == 1:
        return losses.reshape(shape[0])
    dims = tuple(range(1, len(shape)))
    return losses.sum(dims) if reduction == "sum" else losses.mean(dims)


@batching_rule(
    "MseLoss", "SmoothL1Loss", "HuberLoss", "SoftMarginLoss", "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
)  # fmt: skip
def pairwise_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    return reduced(primitive.bind(*aligned(operands), **{**params, "reduction": "none"}), params["reduction"])


# -- of rows of scores and a class for each ------------------------------------------------------------------------


def rows(operand: Operand, size: int, single: bool) -> Any:
    """The rows of all examples as those of one; single: an example is one row without a dimension for it."""
    value = mapped(operand, size)
    return value if single else value.reshape(size * operand.shape[0], *operand.shape[1:])


def apart(values: Any, size: int, single: bool) -> Any:
    """What was computed for the rows of all examples, by example."""
    shape = values._data.shape
    return values if single else values.reshape(size, shape[0] // size, *shape[1:])


@batching_rule("NllLoss")
def nll_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, target, weight = operands
    if weight.mapped or not size:
        return NotImplemented
    single = x.ndim == 1
    scores, classes = rows(x, size, single), rows(target, size, single)
    options = {**params, "reduction": "none"}
    losses = apart(primitive.bind(scores, classes, weight.value, **options), size, single)
    if params["reduction"] != "mean" or all_count(classes, weight, params["ignore_index"]):
        return reduced(losses, params["reduction"])
    counts = weights(primitive, scores, classes, weight, options, size, single)
    return reduced(losses, "sum") / reduced(counts, "sum")


def all_count(classes: Any, weight: Operand, ignore_index: int) -> bool:
    """Whether every row is seen to count one, as is usual: what a mean divides by need not be added up then.

    Nothing may be looked at where an outer transform, or a trace, stands for other values too.
    """
    return weight.value is None and state.interpreter is None and not (classes._data == ignore_index).any()


def weights(
    primitive: Primitive, scores: Any, classes: Any, weight: Operand, options: dict[str, Any], size: int, single: bool
) -> Any:
    """The weight of each row's class, zero where it is ignored: the loss of scores that are all -1."""
    if weight.value is None:
        return apart((classes != options["ignore_index"]).to(scores.dtype), size, single)
    ones = scores.new_full(scores._data.shape, -1)
    return apart(primitive.bind(ones, classes, weight.value, **options), size, single)


@batching_rule("NllLossBackward")
def nll_spread_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    from ..primitive import REGISTRY

    g, target, weight = operands
    if weight.mapped or not size:
        return NotImplemented
    shape, reduction = params["shape"], params["reduction"]
    single = len(shape) == 1
    classes = rows(target, size, single)
    options = {"reduction": "none", "ignore_index": params["ignore_index"]}
    folded = (size, *shape) if single else (size * shape[0], *shape[1:])
    n = prod(target.shape)
    counted = reduction == "mean" and not all_count(classes, weight, params["ignore_index"])
    cotangent = g.value if reduction != "none" and not counted else mapped(g, size)
    if counted:
        scores = cotangent.new_zeros(folded)
        counts = weights(REGISTRY["NllLoss"], scores, classes, weight, options, size, single)
        cotangent = cotangent / reduced(counts, "sum")
    elif reduction == "mean" and n != 1:
        cotangent = cotangent / n
    if cotangent._data.ndim == 0:
        # One for all: the rows of all examples are those of one loss, which is a sum.
        options["reduction"] = "sum"
    elif reduction != "none" and n != 1:
        cotangent = cotangent.unsqueeze(1).expand(size, n)
    if not single and cotangent._data.ndim:
        cotangent = cotangent.reshape(size * shape[0], *shape[2:])
    out = primitive.bind(cotangent, classes, weight.value, shape=folded, **options)
    return out if single else out.reshape(size, *shape)


@batching_rule("MultiMarginLoss")
def multi_margin_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, target, weight = operands
    if weight.mapped or not size or prod(x.shape) == 0:
        return NotImplemented
    single = x.ndim == 1
    options = {**params, "reduction": "none"}
    losses = primitive.bind(rows(x, size, single), rows(target, size, single), weight.value, **options)
    return reduced(apart(losses, size, single), params["reduction"])


@batching_rule("MultilabelMarginLoss")
def multilabel_margin_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, target = operands
    if x.ndim == 0 or not size or prod(x.shape) == 0:
        return NotImplemented
    single = x.ndim == 1
    losses = primitive.bind(rows(x, size, single), rows(target, size, single), reduction="none")
    return reduced(apart(losses, size, single), params["reduction"])


# -- of sequences, which stand along the second dimension -----------------------------------------------------------


def _side_by_side(operand: Operand, size: int) -> Any:
    """(size, time, n, ...) as (time, size * n, ...)."""
    time, n, *rest = operand.shape
    return mapped(operand, size).movedim(0, 1).reshape(time, size * n, *rest)


def _by_example(values: Any, size: int) -> Any:
    time, n, *rest = values._data.shape
    return values.reshape(time, size, n // size, *rest).movedim(1, 0)


@batching_rule("CtcLoss", "CtcLossBackward")
def ctc_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    # What has a dimension of time stands side by side; lengths, losses and targets, in a row or in rows, follow each
    # other.
    timed = ("log_probs", "log_alpha")
    values = [
        _side_by_side(o, size) if name in timed else rows(o, size, False) for name, o in zip(primitive.inputs, operands)
    ]
    out = primitive.bind(*values, **params)
    if isinstance(out, tuple):
        return out[0].reshape(size, -1), _by_example(out[1], size)
    return _by_example(out, size)
