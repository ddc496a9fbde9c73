"""What loops compute: the form of a graph from which code is written.

A node is an array described by how one of its elements is found: read from memory, computed from the elements of
others at the same place (`Point`), looked up at another place (`View`), or reduced (`Reduction`). Places are affine in
the loops' counters, so that a chain of transposes, slices and broadcasts is a single address. What cannot be said so
is done whole: a matrix product (`Product`), anything else by NumPy (`Call`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .vectors import ELEMENTS, Element

Shape = tuple[int, ...]


def element_of(dtype: np.dtype) -> Element | None:
    """The element type of code for a NumPy dtype; None for complex numbers, 16-bit floats, and bytes turned round."""
    if not dtype.isnative:
        return None
    name = "i1" if dtype.kind == "b" else f"{dtype.kind}{8 * dtype.itemsize}"
    return None if name == "f16" else ELEMENTS.get(name)


class Affine(NamedTuple):
    """``start + Σ factors[d] · counter[d]``."""

    start: int
    factors: tuple[int, ...]

    def plus(self, other: Affine, times: int = 1) -> Affine:
        return Affine(
            self.start + times * other.start, tuple([a + times * b for a, b in zip(self.factors, other.factors)])
        )


def counters(n: int) -> tuple[Affine, ...]:
    """Each of n counters itself."""
    return tuple([Affine(0, tuple([int(i == d) for i in range(n)])) for d in range(n)])


def combined(start: int, factors: Sequence[int], index: Sequence[Affine], n: int) -> Affine:
    """``start + Σ factors · index``, in the n counters that the index is affine in."""
    out = Affine(start, (0,) * n)
    for factor, place in zip(factors, index):
        if factor:
            out = out.plus(place, factor)
    return out


class Node:
    """An array. ``home``: where it is in memory, once that is decided."""

    __slots__ = ("dtype", "element", "home", "shape")

    def __init__(self, shape: Shape, dtype: np.dtype):
        self.shape = shape
        self.dtype = dtype
        element = element_of(dtype)
        assert element is not None, dtype
        self.element = element
        self.home: Buffer | None = None

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def sources(self) -> tuple[Node, ...]:
        return ()


class Buffer(Node):
    """Memory: of an input, a result, a constant, or the plan's own. ``strides`` count elements."""

    __slots__ = ("slot", "strides")

    def __init__(self, slot: Any, shape: Shape, dtype: np.dtype, strides: Shape | None = None):
        super().__init__(shape, dtype)
        self.slot = slot
        self.strides = dense_strides(shape) if strides is None else strides
        self.home = self


def dense_strides(shape: Shape) -> Shape:
    """The strides, in elements, of an array without gaps."""
    out = []
    step = 1
    for extent in reversed(shape):
        out.append(step)
        step *= extent
    return tuple(out[::-1])


class Point(Node):
    """Element by element: ``write(emitter, *elements)`` of arrays of this shape. ``cost``: about how many additions."""

    __slots__ = ("args", "cost", "write")

    def __init__(self, write: Callable[..., Any], args: tuple[Node, ...], shape: Shape, dtype: np.dtype, cost: int = 1):
        super().__init__(shape, dtype)
        self.write = write
        self.args = args
        self.cost = cost

    @property
    def sources(self) -> tuple[Node, ...]:
        return self.args


class Number(Node):
    """The same number everywhere."""

    __slots__ = ("value",)

    def __init__(self, value: Any, shape: Shape, dtype: np.dtype):
        super().__init__(shape, dtype)
        self.value = value


class View(Node):
    """Another array at other places: ``index`` has for each of its dimensions a place affine in those of this one."""

    __slots__ = ("index", "source")

    def __init__(self, source: Node, index: tuple[Affine, ...], shape: Shape):
        super().__init__(shape, source.dtype)
        self.source = source
        self.index = index

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.source,)


class Window(Node):
    """An array at other places where those are in it, ``otherwise`` (an array of this shape) where they are not."""

    __slots__ = ("index", "otherwise", "source")

    def __init__(self, source: Node, index: tuple[Affine, ...], otherwise: Node):
        super().__init__(otherwise.shape, source.dtype)
        self.source = source
        self.index = index
        self.otherwise = otherwise

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.source, self.otherwise)

    @property
    def tests(self) -> list[tuple[Affine, int]]:
        """The places that may lie outside, and how many there are of each."""
        out = []
        for place, n in zip(self.index, self.source.shape):
            steps = [f * (size - 1) for f, size in zip(place.factors, self.shape)]
            low, high = place.start + sum(min(0, s) for s in steps), place.start + sum(max(0, s) for s in steps)
            if low < 0 or high >= n:
                out.append((place, n))
        return out


class Lookup(Node):
    """An array, which must be in memory for that, at places that other arrays say: ``index`` has for each of its
    dimensions a place affine in those of this one, or a node of this shape with integers from 0 on."""

    __slots__ = ("index", "source")

    def __init__(self, source: Node, index: tuple[Affine | Node, ...], shape: Shape):
        super().__init__(shape, source.dtype)
        self.source = source
        self.index = index

    @property
    def places(self) -> tuple[Node, ...]:
        """What is read to find where to read."""
        return tuple([place for place in self.index if isinstance(place, Node)])

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.source, *self.places)


class Flat(Node):
    """The elements of an array one after another; it must be in memory for that, without gaps."""

    __slots__ = ("source",)

    def __init__(self, source: Node):
        super().__init__((source.size,), source.dtype)
        self.source = source

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.source,)


class Counter(Node):
    """The place along one dimension, as an integer."""

    __slots__ = ("dim",)

    def __init__(self, dim: int, shape: Shape, dtype: np.dtype):
        super().__init__(shape, dtype)
        self.dim = dim


class Reduction(Node):
    """``kind`` (sum, max, min, prod, any, all) over the dimensions ``dims`` of the source, which are left out."""

    __slots__ = ("dims", "kind", "source")

    def __init__(self, kind: str, source: Node, dims: tuple[int, ...]):
        super().__init__(tuple([n for d, n in enumerate(source.shape) if d not in dims]), source.dtype)
        self.kind = kind
        self.source = source
        self.dims = dims

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.source,)


class Product(Node):
    """The product of two matrices, or of each pair of a batch, which must be in memory."""

    __slots__ = ("a", "b")

    def __init__(self, a: Node, b: Node):
        super().__init__((*a.shape[:-1], b.shape[-1]), a.dtype)
        self.a, self.b = a, b

    @property
    def sources(self) -> tuple[Node, ...]:
        return (self.a, self.b)


class Call:
    """An operation that NumPy does. ``args``: nodes and what else it takes, ``results``: `Called` nodes."""

    __slots__ = ("args", "operation", "params", "results")

    def __init__(self, operation: Any, args: list[Any], params: dict[str, Any]):
        self.operation = operation
        self.args = args
        self.params = params
        self.results: list[Called] = []

    @property
    def sources(self) -> list[Node]:
        return [x for x in (*self.args, *self.params.values()) if isinstance(x, Node)]


class Called(Node):
    """A result of a `Call`, in memory without gaps."""

    __slots__ = ("call",)

    def __init__(self, call: Call | None, shape: Shape, dtype: np.dtype):
        # Not `super().__init__`: NumPy's operations take dtypes that code does not.
        self.shape, self.dtype, self.home = shape, dtype, None
        self.element = element_of(dtype)  # type: ignore[assignment]
        self.call = call  # None: an input, of a dtype that code does not take

    @property
    def sources(self) -> tuple[Node, ...]:
        return () if self.call is None else tuple(self.call.sources)


# -- arrays from arrays ---------------------------------------------------------------------------------------------


def view(source: Node, index: Sequence[Affine], shape: Shape) -> Node:
    """``source`` at other places; of a number the number, of a view the view of what that looks at."""
    if isinstance(source, Number):
        return Number(source.value, shape, source.dtype)
    if isinstance(source, View):
        n = len(shape)
        index = [combined(place.start, place.factors, index, n) for place in source.index]
        source = source.source
    return View(source, tuple(index), shape)


def broadcast(x: Node, shape: Shape) -> Node:
    """``x`` with the dimensions of ``shape`` that it lacks, and repeated where it has one element."""
    if x.shape == shape:
        return x
    axes = counters(len(shape))
    skipped = len(shape) - len(x.shape)
    zero = Affine(0, (0,) * len(shape))
    return view(x, [zero if n == 1 else axes[skipped + d] for d, n in enumerate(x.shape)], shape)


def reshape(x: Node, shape: Shape) -> Node:
    """The elements of ``x``, in their order, in another shape."""
    if x.shape == shape:
        return x
    index = split_index(x.shape, shape)
    if index is not None:
        return view(x, index, shape)
    (place,) = [combined(0, dense_strides(shape), counters(len(shape)), len(shape))]
    if isinstance(x, Buffer) and x.strides != dense_strides(x.shape):
        x = View(x, counters(len(x.shape)), x.shape)
    return view(Flat(x), [place], shape)


def written(base: Node, source: Node, index: Sequence[Affine]) -> Node | None:
    """``base`` with ``source`` in the place of a view of it, whose elements lie at ``index`` in ``base``.

    None where the view cannot be turned round: each of its dimensions must go along one of the base's, step by step.
    """
    n = len(base.shape)
    places: list[Affine | None] = [None] * len(source.shape)
    more: list[Affine] = []
    for d, place in enumerate(index):
        along = [k for k, f in enumerate(place.factors) if f and source.shape[k] > 1]
        if not along:
            if base.shape[d] > 1:
                more.append(Affine(-place.start, tuple([int(d == i) for i in range(n)])))
            continue
        (k, *others), factor = along, place.factors[along[0]]
        if others or abs(factor) != 1 or places[k] is not None:
            return None
        places[k] = Affine(-place.start * factor, tuple([factor * int(d == i) for i in range(n)]))
    whole = []
    for k, found in enumerate(places):
        if found is None:
            if source.shape[k] != 1:
                return None
            found = Affine(0, (0,) * n)
        whole.append(found)
    source = reshape(source, (*(1 for _ in more), *source.shape))
    return Window(source, (*more, *whole), base)


def split_index(old: Shape, new: Shape) -> list[Affine] | None:
    """Each dimension of ``old`` as an affine place in ``new``, where each covers whole dimensions of that; else None."""
    axes = counters(len(new))
    zero = Affine(0, (0,) * len(new))
    out: list[Affine] = []
    at = 0
    for extent in old:
        if extent == 1:
            out.append(zero)
            continue
        first, covered = at, 1
        while at < len(new) and covered < extent:
            covered *= new[at]
            at += 1
        if covered != extent:
            return None
        out.append(combined(0, dense_strides(new[first:at]), axes[first:at], len(new)))
    return out if all(n == 1 for n in new[at:]) else None


def permute(x: Node, order: Sequence[int]) -> Node:
    """``x`` with its dimensions in another order."""
    axes = counters(len(order))
    at = {d: i for i, d in enumerate(order)}
    return view(x, [axes[at[d]] for d in range(len(order))], tuple([x.shape[d] for d in order]))


def reduce(kind: str, x: Node, dims: Sequence[int], keepdim: bool = False) -> Node:
    """A reduction over ``dims``; over none of them the array itself."""
    dims = tuple(sorted(d % len(x.shape) for d in dims)) if x.shape else ()
    out: Node = Reduction(kind, x, dims) if dims else x
    return reshape(out, tuple([1 if d in dims else n for d, n in enumerate(x.shape)])) if keepdim else out
