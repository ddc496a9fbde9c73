"""Views, and what is made of parts of arrays: places and the other way round."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..._core.primitive import REGISTRY
from ..._core.views import replay
from ..graph import Operation
from ..loops import (
    Affine,
    Buffer,
    Counter,
    Node,
    Shape,
    View,
    Window,
    broadcast,
    counters,
    reshape,
    view,
    written,
)  # fmt: skip
from .base import (
    BOOL,
    NotNative,
    Unsupported,
    converted,
    lowers,
    number,
    point,
    where,
)  # fmt: skip


def lower_view(operation: Operation, x: Node, **params: Any) -> Any:
    """Any view: where its elements come from is asked of the operation itself."""
    primitive = operation.primitive
    if primitive is replay:
        steps = params["chain"]
    elif hasattr(primitive, "parts"):
        return tuple([moved(x, step, options) for step, options in primitive.parts(x.shape, **params)])
    else:
        steps = ((primitive, params),)
    for step, options in steps:
        x = moved(x, step, options)
    return x


def moved(x: Node, step: Any, options: dict[str, Any]) -> Node:
    """One view operation, applied to arrays that hold the places themselves."""
    if step.name.startswith("AsStrided"):
        raise NotNative("a view of memory as it lies")
    if step.name.startswith("ViewAs"):
        raise Unsupported(step.name)
    if step.by_layout or step.name in ("ReshapeAlias", "UnsafeView"):
        order = np.arange(x.size).reshape(x.shape)
        shape = step.forward(order, **options)
        if shape.dtype != order.dtype or shape.size != order.size or (shape.reshape(-1) != order.reshape(-1)).any():
            raise Unsupported(step.name)
        return reshape(x, shape.shape)
    if not x.size:
        raise Unsupported("nothing")
    index = []
    shape = ()
    for d, n in enumerate(x.shape):
        along = np.arange(n, dtype=np.int64).reshape([n if i == d else 1 for i in range(len(x.shape))])
        places = step.forward(np.broadcast_to(along, x.shape), **options)
        shape = places.shape
        if not np.shares_memory(places, along) and places.size:
            raise Unsupported(step.name)
        if not places.size:
            raise Unsupported("nothing")
        factors = [
            0 if extent == 1 else int(places[tuple([int(i == k) for i in range(len(shape))])] - places.flat[0])
            for k, extent in enumerate(shape)
        ]
        index.append(Affine(int(places.flat[0]), tuple(factors)))
    if not x.shape:
        shape = step.forward(np.zeros(()), **options).shape
    return view(x, index, shape)


@lowers("UnsafeView")
def lower_unsafe_view(operation: Operation, x: Node, **params: Any) -> Node:
    return reshape(x, operation.outputs[0].shape)


def places(shape: Shape, step: Any, options: dict[str, Any]) -> tuple[tuple[Affine, ...], Shape]:
    """Where the elements of a view lie in what it looks at, and the view's shape."""
    if not math.prod(shape):
        raise Unsupported("nothing")
    base = Buffer(("nowhere", 0), shape, BOOL)
    x = moved(base, step, options)
    index = x.index if isinstance(x, View) else counters(len(shape))
    if isinstance(x, View) and x.source is not base:
        raise Unsupported(step.name)
    return index, x.shape


def embedded(base: Node, source: Node, step: Any, options: dict[str, Any]) -> Node:
    """``base`` with ``source`` in the place of a view of it."""
    index, shape = places(base.shape, step, options)
    out = written(base, broadcast(converted(source, base.dtype), shape), index)
    if out is None:
        raise Unsupported(step.name)
    return out


for _name, _step in (
    ("SelectBackwardBackward0", "Select"),
    ("SliceBackwardBackward0", "Slice"),
):

    @lowers(_name)
    def lower_embedding(operation: Operation, g: Node, *, shape: Shape, _step: str = _step, **params: Any) -> Node:
        return embedded(number(0, tuple(shape), g.dtype), g, REGISTRY[_step], params)


for _name, _step in (("SelectScatter", "Select"), ("SliceScatter", "Slice")):

    @lowers(_name)
    def lower_replacing(operation: Operation, x: Node, src: Node, *, _step: str = _step, **params: Any) -> Node:
        return embedded(x, src, REGISTRY[_step], params)


def on_diagonal(base: Node, source: Node, offset: int, dim1: int, dim2: int) -> Node:
    """``base`` with ``source`` on a diagonal of two of its dimensions."""
    n = len(base.shape)
    axes = counters(n)
    row, column = dim1 % n, dim2 % n
    along = Affine(min(0, offset), axes[row].factors)
    inside = Window(source, (*[axes[d] for d in range(n) if d not in (row, column)], along), base)
    places = [Counter(d, base.shape, np.dtype(np.int32)) for d in (row, column)]
    return where(point(lambda e, r, c: e.eq(e.sub(c, r), offset), *places, dtype=BOOL), inside, base)


@lowers("DiagonalBackwardBackward0", "DiagEmbed")
def lower_diagonal_embedding(operation: Operation, g: Node, *, shape: Shape, offset: int, dim1: int, dim2: int) -> Node:
    return on_diagonal(number(0, tuple(shape), g.dtype), g, offset, dim1, dim2)


@lowers("DiagonalScatter")
def lower_replacing_diagonal(operation: Operation, x: Node, src: Node, *, offset: int, dim1: int, dim2: int) -> Node:
    return on_diagonal(x, converted(src, x.dtype), offset, dim1, dim2)


@lowers("DiagonalBackward0_copy")
def lower_diagonal(operation: Operation, x: Node, **params: Any) -> Node:
    return moved(x, REGISTRY["Diagonal"], params)


@lowers("CopySlices")
def lower_scatter(operation: Operation, base: Node, source: Node, *, chain: Any, layout: Any) -> Node:
    # What a chain of views looks at: where the elements of the last lie in the base.
    whole = Buffer(("nowhere", 0), base.shape, BOOL)
    x: Node = whole
    for step, options in chain:
        x = moved(x, step, options)
    if isinstance(x, View) and x.source is not whole:
        raise Unsupported("CopySlices")
    index = x.index if isinstance(x, View) else counters(len(base.shape))
    out = written(base, broadcast(converted(source, base.dtype), x.shape), index)
    if out is None:
        raise Unsupported("CopySlices")
    return out


def shifted(x: Node, by: dict[int, int], shape: Shape, otherwise: Node) -> Node:
    """``x`` moved by some places along some dimensions, in an array of another shape."""
    n = len(shape)
    index = tuple([Affine(-by.get(d, 0), tuple([int(d == i) for i in range(n)])) for d in range(n)])
    return Window(x, index, otherwise)


@lowers("ConstantPadNd")
def lower_padding(operation: Operation, x: Node, *, pad: Any, value: Any) -> Node:
    by = {len(x.shape) - 1 - i: before for i, (before, _) in enumerate(pad)}
    shape = operation.outputs[0].shape
    return shifted(x, by, shape, number(value, shape, x.dtype))


@lowers("Shift")
def lower_shift(operation: Operation, x: Node, *, dim: int, by: int, fill: Any) -> Node:
    if not x.shape:
        raise Unsupported("Shift")
    return shifted(x, {dim % len(x.shape): by}, x.shape, number(fill, x.shape, x.dtype))


MOST_JOINED = 8


@lowers("Cat", "Stack")
def lower_joining(operation: Operation, *parts: Node, dim: int, **params: Any) -> Node:
    out = operation.outputs[0]
    if len(parts) > MOST_JOINED:
        raise Unsupported("many parts")
    if operation.primitive.name == "Stack":
        parts = tuple([reshape(p, (*p.shape[:dim], 1, *p.shape[dim:])) for p in parts])
    at = 0
    joined: Node | None = None
    for part in parts:
        if not part.size:
            raise Unsupported("nothing")
        part = converted(part, out.dtype)
        joined = shifted(part, {dim % len(out.shape): at}, out.shape, joined or number(0, out.shape, out.dtype))
        at += part.shape[dim]
    assert joined is not None
    return joined


@lowers("Flip")
def lower_flip(operation: Operation, x: Node, **params: Any) -> Node:
    dims = params.get("dims", params.get("dim"))
    if dims is None:
        raise Unsupported("Flip")
    dims = {d % len(x.shape) for d in dims}
    index = [
        Affine(n - 1, tuple([-int(k == d) for k in range(len(x.shape))])) if d in dims
        else Affine(0, tuple([int(k == d) for k in range(len(x.shape))]))
        for d, n in enumerate(x.shape)
    ]  # fmt: skip
    return view(x, index, x.shape)
