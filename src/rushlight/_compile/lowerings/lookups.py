"""Reading where another array says, and adding up there.

Reading is a place that is loaded (`Lookup`). Adding up is said the other way round: each element of the result is the sum
of what was read there, over everything that was read. That has a fixed order and needs no memory that several write to,
and for small arrays costs less than to call NumPy; larger ones are left to NumPy.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import Constant, Operation, Value
from ..loops import Affine, Counter, Lookup, Node, Shape, broadcast, counters, reduce, reshape, view
from ..vectors import Emitter
from .base import BOOL, Guarded, Unsupported, add, equal, less, lowers, mul, number, point, where

MOST_ADDED = 1 << 17  # comparisons that adding up may take


class Places:
    """What an index says: ``node``, from 0 to ``extent`` - 1 in any case, and the check that it was so.

    around: whether it may count from the end.
    """

    def __init__(self, index: Any, value: Any, extent: int, around: bool):
        if not isinstance(index, Node) or index.dtype.kind != "i":
            raise Unsupported("a mask, or unsigned places")
        self.checks: tuple[tuple[Node, str], ...] = ()
        low = -extent if around else 0
        known = value.origin.array if isinstance(value, Value) and isinstance(value.origin, Constant) else None
        if known is not None and known.min() >= low and known.max() < extent:
            self.node = index if known.min() >= 0 else self.turned(index, extent)
            return
        turned = self.turned(index, extent) if around else index
        wrong = point(
            Emitter.or_,
            less(turned, 0),
            point(Emitter.ge, turned, extent, dtype=BOOL),
            dtype=BOOL,
        )
        self.checks = ((reduce("any", wrong, range(len(index.shape))), "an index is out of bounds"),)
        # What is refused is looked up before it is refused.
        self.node = where(wrong, 0, turned)

    @staticmethod
    def turned(index: Node, extent: int) -> Node:
        return where(less(index, 0), add(index, extent), index)


def placed(found: Node, checks: tuple[tuple[Node, str], ...]) -> Any:
    return Guarded(found, checks) if checks else found


def within(node: Node, shape: Shape, first: int) -> Node:
    """An array as one of ``shape``, its dimensions lying from ``first`` on."""
    axes = counters(len(shape))[first : first + len(node.shape)]
    return view(node, axes, shape)


class Indexed:
    """Indexing of an array of ``shape`` in ``dims``: what is found has the indices' common dimensions where they begin."""

    def __init__(self, operation: Operation, indices: Any, shape: Shape, dims: Any, around: bool = True):
        self.places = [
            Places(index, value, shape[d], around)
            for index, value, d in zip(indices, operation.inputs[1 : 1 + len(indices)], dims, strict=True)
        ]
        self.dims = list(dims)
        self.common = np.broadcast_shapes(*[p.node.shape for p in self.places])
        together = all(b - a == 1 for a, b in zip(self.dims, self.dims[1:]))
        self.first = self.dims[0] if together else 0
        self.rest = [d for d in range(len(shape)) if d not in self.dims]
        kept = [shape[d] for d in self.rest]
        self.shape = (*kept[: self.first], *self.common, *kept[self.first :])
        self.checks = tuple([check for p in self.places for check in p.checks])

    def read(self, x: Node) -> Node:
        n = len(self.shape)
        axes = counters(n)
        free = [*axes[: self.first], *axes[self.first + len(self.common) :]]
        index: list[Any] = [None] * len(x.shape)
        for d, axis in zip(self.rest, free, strict=True):
            index[d] = axis
        for d, p in zip(self.dims, self.places, strict=True):
            index[d] = within(broadcast(p.node, self.common), self.shape, self.first)
        return Lookup(x, tuple(index), self.shape)

    def added(self, g: Node, shape: Shape) -> Node:
        """Zeros of ``shape``, with ``g`` added where it would be read."""
        n, k = len(shape), len(self.common)
        if math.prod(shape) * math.prod(self.common) > MOST_ADDED:
            raise Unsupported("many places to add up")
        # Loops over the places of the result, then over what was read.
        whole = (*shape, *self.common)
        axes = counters(n + k)
        kept = [axes[d] for d in self.rest]
        terms = view(g, (*kept[: self.first], *axes[n:], *kept[self.first :]), whole)
        mine: Node | None = None
        for d, p in zip(self.dims, self.places, strict=True):
            here = equal(Counter(d, whole, p.node.dtype), within(broadcast(p.node, self.common), whole, n))
            mine = here if mine is None else point(Emitter.and_, mine, here, dtype=BOOL)
        assert mine is not None
        return reduce("sum", where(mine, terms, number(0, (), g.dtype)), range(n, n + k))


def whole_dims(dims: Any) -> None:
    if not dims:
        raise Unsupported("nothing is indexed")


@lowers("Index")
def lower_index(operation: Operation, x: Node, *indices: Node, dims: Any) -> Any:
    whole_dims(dims)
    indexed = Indexed(operation, indices, x.shape, dims)
    return placed(indexed.read(x), indexed.checks)


@lowers("IndexBackwardBackward0")
def lower_index_backward(operation: Operation, g: Node, *indices: Node, shape: Shape, dims: Any) -> Any:
    whole_dims(dims)
    indexed = Indexed(operation, indices, tuple(shape), dims)
    return placed(indexed.added(g, tuple(shape)), indexed.checks)


@lowers("IndexSelect")
def lower_index_select(operation: Operation, x: Node, index: Node, *, dim: int) -> Any:
    if not x.shape:
        raise Unsupported("a number")
    index = index if index.shape else reshape(index, (1,))
    indexed = Indexed(operation, (index,), x.shape, (dim,), around=False)
    return placed(indexed.read(x), indexed.checks)


@lowers("IndexAdd")
def lower_index_add(operation: Operation, x: Node, index: Node, source: Node, *, dim: int, alpha: Any) -> Any:
    if not x.shape or isinstance(alpha, Node) or len(source.shape) != len(x.shape):
        raise Unsupported("a number")
    index = index if index.shape else reshape(index, (1,))
    indexed = Indexed(operation, (index,), x.shape, (dim,), around=False)
    if source.shape != indexed.shape:
        raise Unsupported("a source of another shape")
    added = indexed.added(source, x.shape)
    return placed(add(x, added if alpha == 1 else mul(added, alpha)), indexed.checks)


@lowers("Embedding")
def lower_embedding(operation: Operation, weight: Node, indices: Node, **params: Any) -> Any:
    indexed = Indexed(operation, (indices,), weight.shape, (0,), around=False)
    return placed(indexed.read(weight), indexed.checks)


@lowers("EmbeddingDenseBackward")
def lower_embedding_backward(
    operation: Operation, g: Node, indices: Node, *, rows: int, padding_idx: int, scale_grad_by_freq: bool
) -> Any:
    if scale_grad_by_freq:
        raise Unsupported("scaled by frequency")
    shape = (rows, g.shape[-1])
    indexed = Indexed(operation, (indices,), shape, (0,), around=False)
    out = indexed.added(g, shape)
    if padding_idx >= 0:
        out = where(equal(Counter(0, shape, indices.dtype), padding_idx), 0, out)
    return placed(out, indexed.checks)


@lowers("Gather")
def lower_gather(operation: Operation, x: Node, index: Node, *, dim: int) -> Any:
    if not x.shape or not index.shape:
        raise Unsupported("a number")
    found = Places(index, operation.inputs[1], x.shape[dim % len(x.shape)], around=False)
    place: list[Affine | Node] = list(counters(len(index.shape)))
    place[dim % len(x.shape)] = found.node
    return placed(Lookup(x, tuple(place), index.shape), found.checks)


@lowers("ScatterAdd")
def lower_scatter_add(operation: Operation, x: Node, index: Node, src: Node, *, dim: int) -> Any:
    n = len(x.shape)
    dim %= max(n, 1)
    same = [d for d in range(n) if d != dim]
    if not n or not index.shape or any(index.shape[d] != x.shape[d] for d in same):
        raise Unsupported("a part of the places")
    if math.prod(x.shape) * index.shape[dim] > MOST_ADDED:
        raise Unsupported("many places to add up")
    found = Places(index, operation.inputs[1], x.shape[dim], around=False)
    # Loops over the places of the result, then along what goes there.
    whole = (*x.shape, index.shape[dim])
    axes = counters(n + 1)
    there = tuple([axes[n] if d == dim else axes[d] for d in range(n)])
    mine = equal(Counter(dim, whole, found.node.dtype), view(found.node, there, whole))
    added = reduce("sum", where(mine, view(src, there, whole), number(0, (), x.dtype)), (n,))
    return placed(add(x, added), found.checks)
