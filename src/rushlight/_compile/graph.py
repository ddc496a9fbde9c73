"""The graph of a traced function: values, each made once, and the operations that make them.

A value has a shape and a dtype and never changes; what a program writes in place is a new value of the same memory,
written where it belongs when all is computed. So any operation may be moved, shared or left out as long as what it
needs comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .._core.primitive import Primitive


class Value:
    """One array of the program. ``strides``: how the array lay that the trace saw, in bytes."""

    __slots__ = ("dtype", "index", "number", "origin", "shape", "strides")

    def __init__(self, number: int, array: np.ndarray, origin: Any, index: int = 0):
        self.number = number
        self.shape = array.shape
        self.strides = array.strides
        self.dtype = array.dtype
        self.origin = origin  # the `Operation` that makes it, an `Input`, or a `Constant`
        self.index = index  # which of the operation's results

    def copy(self, origin: Any) -> Value:
        """The same value in another graph."""
        out = Value.__new__(Value)
        out.number, out.shape, out.strides, out.dtype = self.number, self.shape, self.strides, self.dtype
        out.origin, out.index = origin, self.index
        return out

    @property
    def size(self) -> int:
        n = 1
        for extent in self.shape:
            n *= extent
        return n

    @property
    def name(self) -> str:
        return f"v{self.number}"

    def __repr__(self) -> str:
        return f"{self.name}: {self.dtype.name}[{','.join(map(str, self.shape))}]"


def order_of(v: Value) -> tuple[int, ...] | None:
    """The order of dimensions in memory, outermost first, where it is not the usual one."""
    if v.size == 0:
        return None
    strides = [*v.strides]
    if any(s == 0 and n > 1 for s, n in zip(strides, v.shape)):
        return None
    for d in reversed(range(len(strides))):
        if strides[d] == 0:  # NumPy's for a new dimension
            strides[d] = strides[d + 1] * v.shape[d + 1] if d + 1 < len(strides) else v.dtype.itemsize
    order = tuple(sorted(range(len(strides)), key=lambda d: (-strides[d], v.shape[d] == 1, d)))
    return None if order == tuple(range(len(strides))) else order


def fresh_strides(v: Value) -> tuple[int, ...]:
    """The strides of memory that is made for a value: without gaps, in the order that the trace saw."""
    strides = [0] * len(v.shape)
    step = v.dtype.itemsize
    for d in reversed(order_of(v) or range(len(v.shape))):
        strides[d] = step
        step *= v.shape[d]
    return tuple(strides)


class Input:
    """A value that is read anew at every call. ``source`` says where from, in words; ``read()`` gives the array."""

    __slots__ = ("position", "source")

    def __init__(self, position: int, source: Any):
        self.position = position
        self.source = source


class Constant:
    """A value that is the same at every call."""

    __slots__ = ("array",)

    def __init__(self, array: np.ndarray):
        self.array = array


class Operation:
    """One application of a primitive. ``inputs``: values, Python numbers and None, as the primitive takes them."""

    __slots__ = ("inputs", "outputs", "params", "place", "primitive")

    def __init__(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any], place: Any = None):
        self.primitive = primitive
        self.inputs = inputs
        self.params = params
        self.outputs: tuple[Value, ...] = ()
        self.place = place  # file and line of the user's program

    @property
    def needed(self) -> Iterator[Value]:
        """The values that must be there before. Parameters that are values are Python numbers when it is done."""
        return (v for v in (*self.inputs, *self.params.values()) if isinstance(v, Value))

    def __repr__(self) -> str:
        made = ", ".join(map(repr, self.outputs))
        given = [v.name if isinstance(v, Value) else repr(v) for v in self.inputs]
        given += [f"{k}={brief(v)}" for k, v in self.params.items()]
        return f"{made} = {self.primitive.name}({', '.join(given)})"


class Draw:
    """Stands in the place of a primitive where the host draws random numbers."""

    family = "draw"
    outputs = 1
    name = "draw"
    widen, order = False, None

    def __init__(self, draw: Any):
        self.draw = draw

    def forward(self, *, shape: tuple[int, ...]) -> np.ndarray:
        return self.draw(shape)

    evaluate = None


class Check:
    """Stands in the place of a primitive where values must be in order (class indices in range): it raises, or not."""

    family = "check"
    outputs = 0
    name = "check"
    widen, order = False, None

    def __init__(self, check: Any):
        self.check = check

    def forward(self, *arrays: np.ndarray, **params: Any) -> tuple[()]:
        self.check(*arrays, **params)
        return ()

    evaluate = None


def acts(operation: Operation) -> bool:
    """Whether an operation is done for more than its results."""
    return operation.primitive.family in ACTING


ACTING = ("draw", "check", "random")


def brief(value: Any) -> str:
    """A parameter as it is printed."""
    if isinstance(value, np.ndarray):
        return f"<array {value.dtype.name}{list(value.shape)}>"
    text = repr(value)
    return value.name if isinstance(value, Value) else text if len(text) < 80 else text[:77] + "..."


class Graph:
    """A program: inputs, operations in an order in which they can be done, and what is wanted of them."""

    def __init__(self) -> None:
        self.inputs: list[Value] = []
        self.constants: list[Value] = []
        self.operations: list[Operation] = []
        self.results: list[Value] = []  # what the caller is given, or what is written

    def check(self) -> None:
        """AssertionError where a value is used that is not made before, or is made twice."""
        known = {*self.inputs, *self.constants}
        assert len(known) == len(self.inputs) + len(self.constants), "an input is listed twice"
        for operation in self.operations:
            for value in operation.needed:
                assert value in known, f"{operation!r} needs {value!r}, which is not made before"
            for i, value in enumerate(operation.outputs):
                assert value not in known, f"{value!r} is made twice"
                assert value.origin is operation, f"{value!r} does not know what makes it"
                assert value.index == i, f"{value!r} does not know which result it is"
                known.add(value)
        for value in self.results:
            assert value in known, f"{value!r} is wanted, but never made"

    def source(self) -> str:
        """The graph as a Python function of arrays, which runs: see `printing.source_of`."""
        from .printing import source_of

        return source_of(self)

    def __str__(self) -> str:
        lines = [f"{v!r} = input({v.origin.source})" for v in self.inputs]
        lines += [f"{v!r} = constant({brief(v.origin.array)})" for v in self.constants]
        lines += [repr(operation) for operation in self.operations]
        lines.append(f"return {', '.join(v.name for v in self.results)}")
        return "\n".join(lines)


def extracted(graph: Graph, inputs: list[Value], results: list[Value], *, acting: bool = False) -> Graph:
    """The part of a graph that computes ``results`` from ``inputs``, as a graph of its own. acting: with the operations
    that are done for more than their results."""
    out = Graph()
    names: dict[Value, Value] = {}
    for i, v in enumerate(inputs):
        source = v.origin.source if isinstance(v.origin, Input) else f"saved {v.name}"
        names[v] = v.copy(Input(i, source))
        names[v].index = 0
        out.inputs.append(names[v])
    needed = set(results)
    kept: list[Operation] = []
    for operation in reversed(graph.operations):
        if any(v in needed and v not in names for v in operation.outputs) or (acting and acts(operation)):
            kept.append(operation)
            needed.update(operation.needed)
    for v in graph.constants:
        if v in needed and v not in names:
            names[v] = v.copy(v.origin)
            out.constants.append(names[v])
    for operation in reversed(kept):
        new = Operation(
            operation.primitive,
            tuple([names[x] if isinstance(x, Value) else x for x in operation.inputs]),
            {k: names[x] if isinstance(x, Value) else x for k, x in operation.params.items()},
            operation.place,
        )
        new.outputs = tuple([v.copy(new) for v in operation.outputs])
        for old, made in zip(operation.outputs, new.outputs):
            names.setdefault(old, made)
        out.operations.append(new)
    out.results = [names[v] for v in results]
    return out
