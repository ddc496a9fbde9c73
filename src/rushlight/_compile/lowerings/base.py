"""What the rules are written with: arrays that are computed element by element from arrays and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import vector_math
from ..loops import Node, Number, Point, Shape, broadcast, element_of
from ..vectors import I32, Emitter, Vec

LOWERINGS: dict[str, Callable[..., Any]] = {}
TRANSCENDENTAL = 15  # the cost of a function of the mathematics library, in additions


class Unsupported(Exception):
    """This form of an operation is left to NumPy."""


class Guarded(NamedTuple):
    """What a rule gives whose operation refuses some values: 0-d nodes, true where something is wrong, and in words what."""

    found: Any
    checks: tuple[tuple[Node, str], ...]


class NotNative(Exception):
    """The graph is left to NumPy as a whole."""


def lowers(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: ``function(operation, *inputs, **params)`` gives the result of the primitives ``names`` as a node."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            assert name not in LOWERINGS, name
            LOWERINGS[name] = function
        return function

    return add


def number(x: Any, shape: Shape, dtype: np.dtype) -> Node:
    """A Python number as an array."""
    if dtype.kind in "iu":
        x = np.asarray(x).astype(dtype).item()
    elif dtype.kind == "f":
        x = float(x)
    return Number(x, shape, dtype)


def converted(x: Node, dtype: np.dtype) -> Node:
    """``x`` with elements of another type."""
    if x.dtype == dtype:
        return x
    if isinstance(x, Number):
        return number(x.value, x.shape, dtype)
    to = element_of(dtype)
    if to is None:
        raise Unsupported(dtype.name)
    if x.dtype.kind == "f" and dtype.kind in "iu" and dtype.itemsize < 4:
        # As C does it: to an int, and of that the lower bits.
        return Point(lambda e, v: e.convert(e.convert(v, I32), to), (x,), x.shape, dtype)
    return Point(lambda e, v: e.convert(v, to), (x,), x.shape, dtype)


def point(write: Callable[..., Vec], *args: Any, dtype: np.dtype | None = None, cost: int = 1) -> Node:
    """``write`` of arguments that are broadcast; numbers are of the type of the arrays."""
    nodes = [x for x in args if isinstance(x, Node)]
    shape = np.broadcast_shapes(*[x.shape for x in nodes])
    common = next((x.dtype for x in nodes if x.dtype.kind != "b"), nodes[0].dtype)
    full = [broadcast(x, shape) if isinstance(x, Node) else number(x, shape, common) for x in args]
    return Point(write, tuple(full), shape, common if dtype is None else dtype, cost)


BOOL = np.dtype(bool)


def mathematics(name: str) -> Callable[..., Vec]:
    """A function of the mathematics library as a point's."""
    of = getattr(vector_math, name)
    return lambda e, *xs: of(*xs)


# add, sub, ...: for the rules below, on nodes and numbers.
add = lambda a, b: point(Emitter.add, a, b)
sub = lambda a, b: point(Emitter.sub, a, b)
mul = lambda a, b: point(Emitter.mul, a, b)
div = lambda a, b: point(Emitter.div, a, b, cost=4)
neg = lambda a: point(Emitter.neg, a)
equal = lambda a, b: point(Emitter.eq, a, b, dtype=BOOL)
less = lambda a, b: point(Emitter.lt, a, b, dtype=BOOL)
function = lambda name, a: point(mathematics(name), a, cost=TRANSCENDENTAL)


def where(condition: Node, a: Any, b: Any) -> Node:
    of = next(x for x in (a, b) if isinstance(x, Node))
    return point(
        Emitter.select,
        condition,
        *[x if isinstance(x, Node) else number(x, (), of.dtype) for x in (a, b)],
        dtype=of.dtype,
    )


def of_one_type(*args: Any) -> list[Any]:
    """The arguments of an operation, which are of one type after promotion; else it is left to NumPy."""
    kinds = {x.dtype for x in args if isinstance(x, Node)}
    if len(kinds) != 1:
        raise Unsupported("operands of several types")
    (d,) = kinds
    for x in args:
        if isinstance(x, complex) or (isinstance(x, float) and d.kind != "f"):
            raise Unsupported("a number of another kind")
    return [x if isinstance(x, Node) else number(x, (), d) for x in args]
