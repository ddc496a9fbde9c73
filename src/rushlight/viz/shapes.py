"""The shapes of computed values, as far as the history tells them.

A node does not record the shape of its result: that would cost every operation time for the sake of pictures. But a
node keeps what its backward pass needs, and that often includes an input, an input's shape or the result; the
shape of a view, and of an operation on each element, follows from its input's. What does not follow stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .._core.dtypes import from_numpy_dtype
from .._core.graph import Node, Output
from .._core.primitive import ALL_INPUTS, ALL_SHAPES, INPUT, RESULT, SHAPE
from .._core.tensor import Tensor

# A value: the number of a node's result, or a leaf.
Key = tuple[int, int]
Shape = tuple[int, ...]

_ONES = (np.float32(0), np.complex64(0))


def key_of(edge: Any) -> Key | None:
    """What identifies the value that an edge comes from, for as long as the history is held."""
    if edge is None:
        return None
    return (id(edge.node), edge.index) if type(edge) is Output else (id(edge), 0)


def dtype_name(t: Tensor) -> str:
    return from_numpy_dtype(t._data.dtype).name


def kept(node: Node) -> tuple[Any, ...]:
    """What a node keeps for its backward pass: nothing once that has run, or where hooks have packed it."""
    saved = getattr(node, "saved", None)
    return saved if type(saved) is tuple and getattr(node, "primitive", None) is not None else ()


def kept_inputs(node: Node) -> Iterator[tuple[int, Any]]:
    """The inputs that a node keeps, tensors and numbers, with their positions."""
    for (kind, position), value in zip(getattr(node.primitive, "needs", ()), kept(node)):
        if kind == INPUT:
            yield position, value
        elif kind == ALL_INPUTS:
            yield from enumerate(value)


def kept_results(node: Node) -> Iterator[tuple[int, Tensor]]:
    """The results that a node keeps, with their numbers: those without a derivative have none."""
    primitive = node.primitive
    for (kind, which), value in zip(getattr(primitive, "needs", ()), kept(node)):
        if kind == RESULT:
            results = enumerate(value) if type(value) is tuple else ((max(which, 0), value),)
            for i, r in results:
                if i not in primitive.constant and isinstance(r, Tensor):
                    yield i - len([c for c in primitive.constant if c < i]), r


class Shapes:
    """The known shapes (``shape``) and dtypes (``dtype``) of values, by their keys."""

    def __init__(self) -> None:
        self.shape: dict[Key, Shape] = {}
        self.dtype: dict[Key, str] = {}

    def note(self, edge: Any, value: Any) -> None:
        """A tensor at an edge, or its shape alone, was met."""
        key = key_of(edge)
        if key is None:
            return
        if isinstance(value, Tensor):
            self.shape[key] = value._data.shape
            self.dtype[key] = dtype_name(value)
        elif type(value) is tuple:
            self.shape.setdefault(key, value)

    def look(self, node: Node) -> None:
        """Note what a node keeps of its inputs and its result."""
        edges = node.edges
        for edge in edges:
            if isinstance(edge, Tensor):
                self.note(edge, edge)
        for position, value in kept_inputs(node):
            self.note(edges[position], value)
        for (kind, position), value in zip(getattr(node.primitive, "needs", ()), kept(node)):
            if kind == SHAPE:
                self.note(edges[position], value)
            elif kind == ALL_SHAPES:
                for edge, shape in zip(edges, value):
                    self.note(edge, shape)
        for i, result in kept_results(node):
            self.note(Output(node, i), result)
        shapes = getattr(node, "_shapes", None)
        if shapes is not None:
            # Of all inputs where they were broadcast, of the only one where there is one.
            for edge, shape in zip(edges, shapes if node.primitive.broadcasts else (shapes,)):
                self.note(edge, shape)

    def follow(self, nodes: list[Node]) -> None:
        """Derive more shapes from those known. ``nodes`` come with their inputs before them."""
        for node in nodes:
            self._forward(node)
        for node in reversed(nodes):
            self._backward(node)
        for node in nodes:
            self._forward(node)

    def _forward(self, node: Node) -> None:
        """A result's shape from the inputs'."""
        result = (id(node), 0)
        if result in self.shape or node.primitive is None:
            return
        if node.primitive.family == "view":
            shape = self.shape.get(key_of(node.edges[0]))  # type: ignore[arg-type]
            if shape is not None:
                for i, out in enumerate(_shapes_of_view(node, shape)):
                    self.shape[id(node), i] = out
        elif _elementwise(node):
            shapes = getattr(node, "_shapes", None)
            if node.primitive.broadcasts and shapes is not None:
                self.shape[result] = np.broadcast_shapes(*shapes)
                return
            # Not broadcast: all inputs have the shape of the result, or are numbers.
            shape = next((self.shape[k] for k in map(key_of, node.edges) if k in self.shape), None)
            if shape is not None:
                self.shape[result] = shape

    def _backward(self, node: Node) -> None:
        """The inputs' shapes from the result's, of operations that do not change them."""
        shape = self.shape.get((id(node), 0))
        if shape is not None and _elementwise(node) and getattr(node, "_shapes", None) is None:
            for edge in node.edges:
                self.note(edge, shape)


def _elementwise(node: Node) -> bool:
    return getattr(node.primitive, "family", None) in ("unary", "binary")


def _shapes_of_view(node: Any, shape: Shape) -> list[Shape]:
    """The shapes that a view of an array of ``shape`` has: nothing is computed, one element stands for all.

    Views as another dtype are left out: their shape follows from the dtype too, which the history may not tell.
    """
    found: list[list[Shape]] = []
    for one in _ONES:
        try:
            out = node.primitive.forward(np.broadcast_to(one, shape), **node.params)
        except (ValueError, TypeError, IndexError, RuntimeError):
            return []  # it asks more of the array than its shape
        out = out if type(out) in (tuple, list) else (out,)
        if any(o.dtype != one.dtype for o in out):
            return []
        found.append([o.shape for o in out])
    return found[0] if found[0] == found[1] else []
