"""Reductions, and what is made of them: softmax, losses."""

from __future__ import annotations

import math
from typing import Any

from ..graph import Operation
from ..loops import (
    Node,
    reduce,
)  # fmt: skip
from .base import (
    BOOL,
    Unsupported,
    converted,
    div,
    function,
    lowers,
    mul,
    sub,
)  # fmt: skip


def dims_of(x: Node, dim: Any) -> tuple[int, ...]:
    if dim is None:
        return tuple(range(len(x.shape)))
    return (dim,) if isinstance(dim, int) else tuple(dim)


@lowers("Sum", "Mean", "Amax", "Amin", "Prod", "All", "Any", "MaxBackward1", "MinBackward1")
def lower_reduction(operation: Operation, x: Node, *, dim: Any = None, keepdim: bool = False) -> Node:
    dims = dims_of(x, dim)
    kind = {"Mean": "sum", "MaxBackward1": "max", "MinBackward1": "min", "Amax": "max", "Amin": "min"}.get(
        operation.primitive.name, operation.primitive.name.lower()
    )
    n = math.prod([x.shape[d] for d in dims])
    if not x.size:
        raise Unsupported("nothing")
    out = operation.outputs[0].dtype
    if kind in ("sum", "prod"):
        x = converted(x, out)
    elif x.dtype == BOOL and kind in ("max", "min"):
        kind = "any" if kind == "max" else "all"
    elif kind in ("any", "all"):
        x = converted(x, BOOL)
        if out != BOOL:
            raise Unsupported("all of bytes")
    total = reduce(kind, x, dims, keepdim)
    return div(total, float(n)) if operation.primitive.name == "Mean" else total


@lowers("LogSoftmax", "Softmax")
def lower_softmax(operation: Operation, x: Node, *, dim: int) -> Node:
    if not x.shape or not x.size:
        raise Unsupported("nothing")
    shifted = sub(x, reduce("max", x, (dim,), True))
    if operation.primitive.name == "LogSoftmax":
        return sub(shifted, function("log", reduce("sum", function("exp", shifted), (dim,), True)))
    raised = function("exp", shifted)
    return div(raised, reduce("sum", raised, (dim,), True))


@lowers("LogSoftmaxBackwardDataBackward0", "SoftmaxBackwardDataBackward0")
def lower_softmax_backward(operation: Operation, g: Node, y: Node, *, dim: int) -> Node:
    if not y.shape or not y.size:
        raise Unsupported("nothing")
    if operation.primitive.name.startswith("Log"):
        return sub(g, mul(function("exp", y), reduce("sum", g, (dim,), True)))
    return mul(sub(g, reduce("sum", mul(g, y), (dim,), True)), y)
