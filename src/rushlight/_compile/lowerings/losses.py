"""Losses, and what spreads their cotangents."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import Operation
from ..loops import Counter, Node, Shape, broadcast, reduce, reshape
from ..vectors import Emitter
from .activations import clamped, floats
from .base import (
    BOOL,
    Guarded,
    Unsupported,
    add,
    div,
    equal,
    function,
    less,
    lowers,
    mul,
    neg,
    number,
    of_one_type,
    point,
    sub,
    where,
)


def over_all(losses: Node, reduction: str) -> Node:
    """The losses of all elements, reduced as the user said."""
    if reduction == "none":
        return losses
    total = reduce("sum", losses, range(len(losses.shape)))
    return div(total, float(losses.size)) if reduction == "mean" else total


@lowers("MseLoss")
def lower_mse(operation: Operation, a: Node, b: Node, *, reduction: str) -> Node:
    a, b = of_one_type(a, b)
    difference = sub(a, b)
    return over_all(mul(difference, difference), reduction)


@lowers("SmoothL1Loss")
def lower_smooth_l1(operation: Operation, a: Node, b: Node, *, reduction: str, beta: float) -> Node:
    a, b = of_one_type(a, b)
    floats(a)
    if beta == 0:
        raise Unsupported("no smooth part")
    distance = point(Emitter.abs, sub(a, b))
    near = div(mul(mul(distance, distance), 0.5), float(beta))
    return over_all(where(less(distance, float(beta)), near, sub(distance, 0.5 * beta)), reduction)


@lowers("HuberLoss")
def lower_huber(operation: Operation, a: Node, b: Node, *, reduction: str, delta: float) -> Node:
    a, b = of_one_type(a, b)
    floats(a)
    distance = point(Emitter.abs, sub(a, b))
    near, far = mul(mul(distance, distance), 0.5), mul(sub(distance, 0.5 * delta), float(delta))
    return over_all(where(less(distance, float(delta)), near, far), reduction)


@lowers("BinaryCrossEntropy")
def lower_bce(operation: Operation, x: Node, y: Node, weight: Any, *, reduction: str) -> Node:
    x, y = of_one_type(x, y)
    floats(x)
    below = clamped(function("log1p", neg(x)), -100.0, None)
    above = clamped(function("log", x), -100.0, None)
    loss = sub(mul(sub(y, 1.0), below), mul(y, above))
    return over_all(loss if weight is None else mul(loss, weight), reduction)


@lowers("BinaryCrossEntropyWithLogits")
def lower_bce_with_logits(
    operation: Operation, x: Node, y: Node, weight: Any, pos_weight: Any, *, reduction: str
) -> Node:
    x, y = of_one_type(x, y)
    floats(x)
    if pos_weight is not None:
        raise Unsupported("weights of the positive")
    # -log sigmoid(x) = max(-x, 0) + log(1 + exp(-|x|))
    rest = add(clamped(neg(x), 0.0, None), function("log1p", function("exp", neg(point(Emitter.abs, x)))))
    loss = add(mul(sub(1.0, y), x), rest)
    return over_all(loss if weight is None else mul(loss, weight), reduction)


class Picks:
    """What the targets pick: ``mine`` says of each element whether it is its target's, ``terms`` the factor that each
    target has (minus its class's weight, 0 where it is ignored), ``total`` what a mean divides by."""

    def __init__(self, shape: Shape, target: Node, weight: Any, ignore_index: int, dtype: np.dtype):
        if not math.prod(shape) or target.dtype.kind != "i":
            raise Unsupported("nothing to pick")
        self.dim = 0 if len(shape) == 1 else 1
        classes = shape[self.dim]
        self.along = broadcast(self.among(target), shape)
        self.mine = equal(Counter(self.dim, shape, target.dtype), self.along)
        counts = point(Emitter.ne, target, ignore_index, dtype=BOOL)
        below, above = less(target, 0), point(Emitter.ge, target, classes, dtype=BOOL)
        wrong = point(Emitter.and_, counts, point(Emitter.or_, below, above, dtype=BOOL), dtype=BOOL)
        self.checks = ((reduce("any", wrong, range(len(target.shape))), "a target is out of bounds"),)
        one = number(1, target.shape, dtype)
        if weight is not None:
            spread = reshape(weight, tuple([classes if d == self.dim else 1 for d in range(len(shape))]))
            one = reduce("sum", where(self.mine, broadcast(spread, shape), 0.0), (self.dim,))
        self.factor = where(counts, one, 0.0)
        self.total = reduce("sum", self.factor, range(len(target.shape)))

    def among(self, x: Node) -> Node:
        """What there is one of for each target, with the dimension of the classes."""
        return reshape(x, (*x.shape[: self.dim], 1, *x.shape[self.dim :])) if x.shape else x


@lowers("NllLoss")
def lower_nll(
    operation: Operation, x: Node, target: Node, weight: Any, *, reduction: str, ignore_index: int
) -> Guarded:
    picks = Picks(x.shape, target, weight, ignore_index, x.dtype)
    losses = neg(mul(reduce("sum", where(picks.mine, x, 0.0), (picks.dim,)), picks.factor))
    if reduction != "none":
        losses = reduce("sum", losses, range(len(losses.shape)))
    return Guarded(div(losses, picks.total) if reduction == "mean" else losses, picks.checks)


@lowers("NllLossBackward")
def lower_nll_spread(
    operation: Operation, g: Node, target: Node, weight: Any, *, shape: Shape, reduction: str, ignore_index: int
) -> Guarded:
    shape = tuple(shape)
    picks = Picks(shape, target, weight, ignore_index, g.dtype)
    if reduction == "mean":
        g = div(g, picks.total)
    spread = broadcast(picks.among(neg(mul(picks.factor, g))), shape)
    # Where all are ignored the mean is a division by zero, which must not reach what is not picked.
    counts = point(Emitter.ne, picks.along, ignore_index, dtype=BOOL)
    return Guarded(where(point(Emitter.and_, picks.mine, counts, dtype=BOOL), spread, 0.0), picks.checks)


def _moments(x: Node, dims: Any, n: int) -> tuple[Node, Node]:
    """Mean and mean square distance from it along ``dims``, which stay."""
    mean = div(reduce("sum", x, dims, True), float(n))
    centred = sub(x, mean)
    return mean, div(reduce("sum", mul(centred, centred), dims, True), float(n))


@lowers("NativeLayerNorm")
def lower_norm(operation: Operation, x: Node, weight: Any, bias: Any, *, layout: Any, eps: float) -> Any:
    floats(x)
    folded = reshape(x, tuple(layout.folded))
    mean, var = _moments(folded, layout.axes, layout.count)
    out = mul(sub(folded, mean), div(1.0, point(Emitter.sqrt, add(var, float(eps)), cost=4)))
    if weight is not None:
        out = mul(out, reshape(weight, tuple(layout.affine)))
    if bias is not None:
        out = add(out, reshape(bias, tuple(layout.affine)))
    made = operation.outputs
    return reshape(out, made[0].shape), reshape(mean, made[1].shape), reshape(var, made[2].shape)


@lowers("Var", "Std", "VarMean", "StdMean")
def lower_variance(operation: Operation, x: Node, *, dim: Any, correction: float, keepdim: bool) -> Any:
    floats(x)
    dims = tuple(range(len(x.shape))) if dim is None else tuple(dim)
    n = math.prod([x.shape[d] for d in dims])
    if n - correction <= 0:
        raise Unsupported("too few elements")
    mean, var = _moments(x, dims, n)
    var = mul(var, n / (n - correction))
    if operation.primitive.name.startswith("Std"):
        var = point(Emitter.sqrt, var, cost=4)
    made = operation.outputs
    return (
        tuple([reshape(v, m.shape) for v, m in zip((var, mean), made)])
        if len(made) > 1
        else reshape(var, made[0].shape)
    )


@lowers("LinalgVectorNorm")
def lower_vector_norm(operation: Operation, x: Node, *, ord: float, dim: Any, keepdim: bool) -> Node:
    floats(x)
    dims = tuple(range(len(x.shape))) if dim is None else tuple(dim)
    size = point(Emitter.abs, x)
    if ord == 2:
        return point(Emitter.sqrt, reduce("sum", mul(x, x), dims, keepdim), cost=4)
    if ord == 1:
        return reduce("sum", size, dims, keepdim)
    if math.isinf(ord):
        return reduce("max" if ord > 0 else "min", size, dims, keepdim)
    raise Unsupported("a norm of another order")


@lowers("Logsumexp")
def lower_logsumexp(operation: Operation, x: Node, *, dim: Any, keepdim: bool) -> Node:
    floats(x)
    dims = tuple(range(len(x.shape))) if dim is None else tuple(dim)
    largest = reduce("max", x, dims, True)
    largest = where(less(point(Emitter.abs, largest), math.inf), largest, 0.0)
    total = reduce("sum", function("exp", sub(x, largest)), dims, True)
    return reshape(add(function("log", total), largest), operation.outputs[0].shape)


def triangle(x: Node, keeps: Any) -> Node:
    """``x`` where ``keeps(emitter, column - row)`` holds."""
    n = len(x.shape)
    rows, columns = Counter(n - 2, x.shape, np.dtype(np.int32)), Counter(n - 1, x.shape, np.dtype(np.int32))
    return where(point(keeps, columns, rows, dtype=np.dtype(bool)), x, 0)


@lowers("Tril")
def lower_tril(operation: Operation, x: Node, *, diagonal: int) -> Node:
    return triangle(x, lambda e, c, r: e.le(e.sub(c, r), diagonal))


@lowers("Triu")
def lower_triu(operation: Operation, x: Node, *, diagonal: int) -> Node:
    return triangle(x, lambda e, c, r: e.ge(e.sub(c, r), diagonal))
