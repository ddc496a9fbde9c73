"""Code for nests of loops: the counters, the vectors, and what is read, computed and stored at each place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .loops import (
    Affine,
    Buffer,
    Counter,
    Flat,
    Lookup,
    Node,
    Number,
    Point,
    Reduction,
    View,
    Window,
    combined,
    counters,
    dense_strides,
)  # fmt: skip
from .packing import pack
from .schedule import Nest, home_strides, moved_index
from .vectors import F32, F64, I1, I32, I64, U32, Element, Emitter, Vec

UNROLL = 4  # vectors side by side in a loop; 8 for long chains of mathematics
CHUNK = 1 << 13  # elements that are summed at a time: the same, and so the bits, for any number of threads
PART = 1 << 10  # elements, where nothing is summed along the vectors, that a thread may take
STREAM = 1 << 23  # bytes from which on what a nest reads is not in a near cache, and will not be when it is read again
AHEAD = 1 << 12  # bytes: so far ahead processors do not see by themselves, for what is computed between two loads
TERMS = 64  # float32 sums of more terms in a lane are summed in blocks of so many, and the blocks' sums in float64


class Kernel(Emitter):
    """An emitter of a function whose vectors may change their width from one part to the next.

    ``pointers``: registers that hold where each slot of memory begins.
    """

    def __init__(self, module: Any):
        super().__init__(module, 1, 1)
        self.pointers: dict[Any, str] = {}

    @contextmanager
    def shaped(self, width: int, unroll: int) -> Iterator[None]:
        before = self.width, self.unroll, self._constants
        self.width, self.unroll, self._constants = width, unroll, {}
        try:
            yield
        finally:
            self.width, self.unroll, self._constants = before


class Access:
    """How the elements of a root's loops are found: every place that its code reads or writes, for planning loops."""

    def __init__(self, nest: Nest, roots: set[int]):
        self.nest, self.roots = nest, roots
        self.places: set[tuple[int, ...]] = set()
        self.elements: list[Element] = []
        for store in nest.stores:
            node = store.node
            start = node.source if isinstance(node, Reduction) else node
            self.visit(start, counters(len(nest.shape)), top=not isinstance(node, Reduction))
            if not isinstance(node, Reduction):
                for home in store.homes:
                    self.places.add(home.strides)

    def visit(self, node: Node, index: tuple[Affine, ...], top: bool = False) -> None:
        self.elements.append(node.element)
        if (not top and id(node) in self.roots) or isinstance(node, Buffer):
            home = node.home
            assert home is not None, node
            self.places.add(address(home, index, len(self.nest.shape)).factors)
        elif isinstance(node, View):
            self.visit(node.source, moved_index(node, index, len(self.nest.shape)))
        elif isinstance(node, Window):
            n = len(self.nest.shape)
            self.visit(node.source, moved_index(node, index, n))
            self.visit(node.otherwise, index)
            self.places.update(combined(place.start, place.factors, index, n).factors for place, _ in node.tests)
        elif isinstance(node, Flat):
            self.places.add(index[0].factors)
            self.elements.append(node.source.element)
        elif isinstance(node, Lookup):
            n = len(self.nest.shape)
            self.places.add(affine_part(node, index, n).factors)
            self.elements += [node.source.element, I64]
            for place in node.places:
                self.visit(place, index)
        elif isinstance(node, Counter):
            self.places.add(index[node.dim].factors)
        elif isinstance(node, Point):
            for arg in node.args:
                self.visit(arg, index)


def address(home: Buffer, index: tuple[Affine, ...], n: int) -> Affine:
    """Where an element lies in its memory, counted in elements."""
    out = Affine(0, (0,) * n)
    for place, stride in zip(index, home.strides):
        if stride:
            out = out.plus(place, stride)
    return out


def affine_part(node: Lookup, index: tuple[Affine, ...], n: int) -> Affine:
    """Where a lookup reads, counted in elements, but for what other arrays say."""
    out = Affine(0, (0,) * n)
    for place, stride in zip(node.index, home_strides(node.source)):
        if isinstance(place, Affine):
            out = out.plus(combined(place.start, place.factors, index, n), stride)
    return out


class Loops:
    """The counters of a nest after dimensions that lie one after another everywhere have become one."""

    def __init__(self, nest: Nest, places: set[tuple[int, ...]]):
        shape, reduced = nest.shape, set(nest.dims)
        self.groups: list[list[int]] = []
        for d, n in enumerate(shape):
            if n == 1:
                continue
            if self.groups:
                last = self.groups[-1][-1]
                if (last in reduced) == (d in reduced) and all(p[last] == p[d] * n for p in places):
                    self.groups[-1].append(d)
                    continue
            self.groups.append([d])
        self.sizes = [math.prod([shape[d] for d in g]) for g in self.groups]
        self.reduced = [g[0] in reduced for g in self.groups]
        # Vectors go along the dimension where most places follow each other; of equals the innermost.
        self.vector = -1
        if self.groups:
            merged = [tuple([p[g[-1]] for g in self.groups]) for p in places]

            def good(k: int) -> tuple[int, int]:
                return (
                    sum(p[k] == 1 for p in merged) * 2 + sum(p[k] == 0 for p in merged) if self.sizes[k] > 3 else -1,
                    k,
                )

            self.vector = max(range(len(self.groups)), key=good)

    def merged(self, place: Affine) -> Affine:
        """A place in these counters."""
        return Affine(place.start, tuple([place.factors[g[-1]] for g in self.groups]))


class Writer:
    """Writes the code of one nest."""

    def __init__(self, kernel: Kernel, nest: Nest, roots: set[int]):
        self.e = kernel
        self.nest, self.roots = nest, roots
        access = Access(nest, roots)
        self.loops = Loops(nest, access.places)
        bits = max([e.bits for e in access.elements if e is not I1], default=32)
        self.width = kernel.host.lanes(bits)
        self.cost = nest.cost(roots)
        self.streams = math.prod(nest.shape) * bits // 8 > STREAM
        self.reductions = [s for s in nest.stores if isinstance(s.node, Reduction)]
        self.scalars: dict[Any, str] = {}
        self.at: list[str | None] = [None] * len(self.loops.groups)  # the counters' registers
        self.mask: Vec | None = None
        self.windows = 0  # how many windows what is computed stands in
        self.own: set[int] = set()  # roots that are computed here in whatever order they are needed

    # -- the nest -----------------------------------------------------------------------------------------------

    def write(self) -> None:
        loops = self.loops
        with self.e.shaped(1, 1):
            self.hoist()
        kept = self.kept()
        if loops.vector < 0:
            self.nested(kept, self.single)
        elif loops.reduced[loops.vector]:
            self.nested(kept, self.reduce_along)
        else:
            self.nested(kept, self.blocks)

    # -- shared between threads ---------------------------------------------------------------------------------

    def parts(self) -> int:
        """Into how many parts the nest can be cut."""
        loops = self.loops
        if loops.vector < 0:
            return 1
        kept = self.kept()
        if kept:
            return loops.sizes[kept[0]]
        if loops.reduced[loops.vector] and sum(loops.reduced) > 1:
            return 1
        return -(-loops.sizes[loops.vector] // self.chunk)

    @property
    def chunk(self) -> int:
        """Elements along the vectors that are a part."""
        return CHUNK if self.loops.reduced[self.loops.vector] else PART

    def kept(self) -> list[int]:
        """The kept dimensions but the vectors', the longest first."""
        loops = self.loops
        kept = [k for k, r in enumerate(loops.reduced) if not r and k != loops.vector]
        return sorted(kept, key=lambda k: -loops.sizes[k])

    def write_part(self, begin: str, end: str, partial: list[str]) -> None:
        """The parts from ``begin`` up to ``end``. partial: where the parts' sums go, if the vector dimension is reduced."""
        e, loops, k = self.e, self.loops, self.loops.vector
        with e.shaped(1, 1):
            self.hoist()
        kept = self.kept()
        if kept:
            body = self.reduce_along if loops.reduced[k] else self.blocks
            self.nested(kept, body, (begin, end))
            return
        (main, unroll, _), *rest = self.segments()
        step = unroll * self.width
        assert self.chunk % step == 0
        with e.shaped(1, 1):
            start = e.value(f"mul nsw i64 {begin}, {self.chunk}")
            far = e.value(f"mul nsw i64 {end}, {self.chunk}")
            short = e.value(f"icmp slt i64 {far}, {main}")
            stop = e.value(f"select i1 {short}, i64 {far}, i64 {main}")
            last = e.value(f"icmp eq i64 {end}, {self.parts()}")
        if not loops.reduced[k]:
            with e.shaped(self.width, unroll):
                with e.loop(start, stop, step) as loop:
                    self.at[k] = loop.index
                    self.block([d for d, r in enumerate(loops.reduced) if r])
            with e.when(last):
                for count, vectors, _ in rest:
                    with e.shaped(self.width, vectors):
                        self.at[k] = str(main)
                        self.mask = self.rest_mask(count)
                        self.block([d for d, r in enumerate(loops.reduced) if r])
                        self.mask = None
            self.at[k] = None
            return
        with e.shaped(1, 1), e.loop(begin, end, 1) as part:
            low = e.value(f"mul nsw i64 {part.index}, {CHUNK}")
            above = e.value(f"add i64 {low}, {CHUNK}")
            short = e.value(f"icmp slt i64 {above}, {main}")
            high = e.value(f"select i1 {short}, i64 {above}, i64 {main}")
            with e.shaped(self.width, unroll):
                found = self.blockwise([], low, high, step, convert=False)
            for v, pointer, wide in zip(found, partial, self.wide()):
                e.store(Vec(e, (v,), wide), pointer, part.index)
        with e.when(last):
            for count, vectors, looped in rest:
                with e.shaped(self.width, vectors):
                    acc = self.along([], main, count, looped)
                    ends = [self.whole(s.node, a) for s, a in zip(self.reductions, acc)]
                with e.shaped(1, 1):
                    for s, v, pointer, wide in zip(self.reductions, ends, partial, self.wide()):
                        one = e.convert(Vec(e, (v,), s.node.element), wide)
                        e.store(one, pointer, str(self.parts()))
        self.at[k] = None

    def needs_sums(self) -> bool:
        """Whether the parts leave sums that are to be put together."""
        return not self.kept() and self.loops.reduced[self.loops.vector]

    def put_together(self, partial: list[str]) -> None:
        """The parts' sums, in their order, as results."""
        e = self.e
        n = self.parts() + (len(self.segments()) > 1)
        totals = []
        with e.shaped(1, 1):
            for s, pointer, wide in zip(self.reductions, partial, self.wide()):
                node: Any = s.node
                with e.loop("0", str(n), 1, [self.identity(node, wide)]) as loop:
                    loop.next = (combine(e, node.kind, loop.carry[0], e.load(pointer, wide, loop.index)),)
                totals.append(e.convert(loop.carry[0], node.element).names[0])
            self.finish([], totals)

    def wide(self) -> list[Element]:
        """The types that sums of parts are kept in."""
        return [F64 if self.in_blocks(s.node) else s.node.element for s in self.reductions]

    # -- loops ----------------------------------------------------------------------------------------------------

    def nested(self, dims: list[int], body: Any, bounds: tuple[str, str] | None = None) -> None:
        """Loops over some counters, the first outermost. bounds: of the first, where it is not gone through whole."""
        if not dims:
            body()
            return
        k = dims[0]
        begin, end = bounds or ("0", str(self.loops.sizes[k]))
        with self.e.shaped(1, 1), self.e.loop(begin, end, 1) as loop:
            self.at[k] = loop.index
            self.nested(dims[1:], body)
        self.at[k] = None

    def single(self) -> None:
        """One place."""
        with self.e.shaped(1, 1):
            axes = counters(len(self.nest.shape))
            known: dict[Any, Vec] = {}
            stores = [s.node.source if isinstance(s.node, Reduction) else s.node for s in self.nest.stores]
            self.own = {id(s.node) for s in self.nest.stores if not isinstance(s.node, Reduction)}
            pack(self.e, stores, self.roots, known, axes, lambda node: self.element(node, axes, known))
            acc = self.place(None, known)
            self.finish(acc, [self.e.extract(a, 0, 0) for a in acc])

    def segments(self) -> list[tuple[int, int, bool]]:
        """How the vector dimension is cut: (elements, vectors side by side, whether in a loop)."""
        n, w = self.loops.sizes[self.loops.vector], self.width
        most = 8 if self.cost > 30 else UNROLL
        whole = -(-n // w)
        if whole <= most:
            return [(n, whole, False)]
        step = most * w
        main = n // step * step
        rest = n - main
        return [(main, most, True), *([(rest, -(-rest // w), False)] if rest else [])]

    def blocks(self) -> None:
        """The vector dimension is kept: each block of it goes through the reduced ones on its own."""
        k, start = self.loops.vector, 0
        reduced = [d for d, r in enumerate(self.loops.reduced) if r]
        for count, unroll, looped in self.segments():
            with self.e.shaped(self.width, unroll):
                if looped:
                    with self.e.loop(str(start), str(start + count), unroll * self.width) as loop:
                        self.at[k] = loop.index
                        self.block(reduced)
                else:
                    self.at[k] = str(start)
                    self.mask = self.rest_mask(count)
                    self.block(reduced)
                    self.mask = None
            start += count
        self.at[k] = None

    def rest_mask(self, count: int) -> Vec | None:
        """Which lanes of the last vectors hold elements."""
        e = self.e
        if count == e.unroll * e.width:
            return None
        names = []
        for u in range(e.unroll):
            lanes = [count > u * e.width + lane for lane in range(e.width)]
            if e.width == 1:
                names.append("true" if lanes[0] else "false")
            else:
                names.append(f"<{', '.join('i1 true' if x else 'i1 false' for x in lanes)}>")
        return Vec(e, tuple(names), I1)

    def block(self, reduced: list[int]) -> None:
        acc = self.through(reduced, self.starts(), self.place)
        self.finish(acc, None)

    def through(self, dims: list[int], acc: list[Vec], inner: Callable[[list[Vec]], list[Vec]]) -> list[Vec]:
        """Go through the reduced counters ``dims`` with the accumulators ``acc``, and do ``inner`` at each."""
        if not dims:
            return inner(acc)
        k = dims[0]
        with self.e.loop("0", str(self.loops.sizes[k]), 1, acc) as loop:
            self.at[k] = loop.index
            loop.next = tuple(self.through(dims[1:], list(loop.carry), inner))
        self.at[k] = None
        return list(loop.carry)

    def reduce_along(self) -> None:
        """The vector dimension is reduced: lanes are sums of their own, put together at the end."""
        e, k = self.e, self.loops.vector
        outer = [d for d, r in enumerate(self.loops.reduced) if r and d != k]
        n = math.prod([size for size, r in zip(self.loops.sizes, self.loops.reduced) if r])
        totals: list[str] | None = None
        start = 0
        for count, unroll, looped in self.segments():
            with e.shaped(self.width, unroll):
                if looped and n > TERMS * unroll * self.width and any(self.in_blocks(s.node) for s in self.reductions):
                    found = self.blockwise(outer, str(start), str(start + count), unroll * self.width)
                else:
                    acc = self.along(outer, start, count, looped)
                    found = [self.whole(s.node, a) for s, a in zip(self.reductions, acc)]
                totals = found if totals is None else [
                    self.joined(s.node, a, b) for s, a, b in zip(self.reductions, totals, found)
                ]  # fmt: skip
            start += count
        assert totals is not None
        with e.shaped(1, 1):
            self.finish([], totals)

    def along(self, outer: list[int], start: int, count: int, looped: bool) -> list[Vec]:
        """Through the other reduced counters, and for each along the vector dimension."""
        e, k = self.e, self.loops.vector

        def inner(acc: list[Vec]) -> list[Vec]:
            if not looped:
                self.at[k] = str(start)
                self.mask = self.rest_mask(count)
                acc = self.place(acc)
                self.mask = None
                return acc
            with e.loop(str(start), str(start + count), e.unroll * e.width, acc) as loop:
                self.at[k] = loop.index
                loop.next = tuple(self.place(list(loop.carry)))
            return list(loop.carry)

        out = self.through(outer, self.starts(), inner)
        self.at[k] = None
        return out

    def in_blocks(self, node: Any) -> bool:
        return node.kind == "sum" and node.element is F32

    def blockwise(self, outer: list[int], start: str, end: str, step: int, *, convert: bool = True) -> list[str]:
        """Sums of float32 in blocks, the blocks' sums in float64: so long a sum would lose digits otherwise.

        convert: whether to float32 at the end.
        """
        e, k = self.e, self.loops.vector
        size = TERMS * step
        wide = self.wide()
        with e.shaped(1, 1):
            carry = [self.identity(s.node, w) for s, w in zip(self.reductions, wide)]

        def blocks(carry: list[Vec]) -> list[Vec]:
            with e.shaped(1, 1), e.loop(start, end, size, carry) as loop:
                far = e.value(f"add i64 {loop.index}, {size}")
                less = e.value(f"icmp slt i64 {far}, {end}")
                stop = e.value(f"select i1 {less}, i64 {far}, i64 {end}")
                with e.shaped(self.width, step // self.width):
                    with e.loop(loop.index, stop, step, self.starts()) as inner:
                        self.at[k] = inner.index
                        inner.next = tuple(self.place(list(inner.carry)))
                    parts = [self.whole(s.node, a) for s, a in zip(self.reductions, inner.carry)]
                new = []
                for s, w, part, total in zip(self.reductions, wide, parts, loop.carry):
                    node: Any = s.node
                    new.append(combine(e, node.kind, total, e.convert(Vec(e, (part,), node.element), w)))
                loop.next = tuple(new)
            return list(loop.carry)

        with e.shaped(1, 1):
            found = self.through(outer, carry, blocks)
        self.at[k] = None
        with e.shaped(1, 1):
            if not convert:
                return [v.names[0] for v in found]
            return [e.convert(v, s.node.element).names[0] for s, v in zip(self.reductions, found)]

    # -- accumulators -------------------------------------------------------------------------------------------

    def identity(self, node: Any, element: Element | None = None) -> Vec:
        element = element or node.element
        e = self.e
        if node.kind == "sum":
            return e.constant(0, element)
        if node.kind == "prod":
            return e.constant(1, element)
        if node.kind in ("all", "any"):
            return e.constant(node.kind == "all", element)
        if element.kind == "f":
            return e.constant(-math.inf if node.kind == "max" else math.inf, element)
        top = 2 ** (element.bits - 1) if element.kind == "i" else 2**element.bits
        low = -top if element.kind == "i" else 0
        return e.constant(low if node.kind == "max" else top - 1, element)

    def starts(self) -> list[Vec]:
        return [self.identity(s.node) for s in self.reductions]

    def whole(self, node: Any, acc: Vec) -> str:
        """All lanes of an accumulator together, as a scalar register."""
        return self.e.reduce(lambda a, b: combine(self.e, node.kind, a, b), acc)

    def joined(self, node: Any, a: str, b: str) -> str:
        e = self.e
        with e.shaped(1, 1):
            return combine(e, node.kind, Vec(e, (a,), node.element), Vec(e, (b,), node.element)).names[0]

    def finish(self, acc: list[Vec], totals: list[str] | None) -> None:
        """Store what was reduced, at the place of the kept counters."""
        e = self.e
        for i, store in enumerate(self.reductions):
            node: Any = store.node
            kept = [d for d in range(len(self.nest.shape)) if d not in node.dims]
            axes = counters(len(self.nest.shape))
            for home in store.homes:
                place = self.loops.merged(address(home, tuple([axes[d] for d in kept]), len(axes)))
                if totals is not None:
                    with e.shaped(1, 1):
                        self.put(Vec(e, (totals[i],), node.element), home, place, vector=False)
                else:
                    self.put(acc[i], home, place, vector=True)

    # -- one place (or U·W of them) -----------------------------------------------------------------------------

    def place(self, acc: list[Vec] | None, known: dict[Any, Vec] | None = None) -> list[Vec]:
        """Compute everything at the counters; returns the accumulators with this place's terms.

        known: what is there already, by node and place.
        """
        e = self.e
        known = {} if known is None else known
        axes = counters(len(self.nest.shape))
        pending: list[tuple[Vec, Any]] = []
        out: list[Vec] = []
        for store in self.nest.stores:
            node: Any = store.node
            if isinstance(node, Reduction):
                term = self.element(node.source, axes, known)
                start = self.identity(node)
                if self.mask is not None and acc is not None:
                    term = e.select(self.mask, term, start)
                out.append(term if acc is None else combine(e, node.kind, acc[len(out)], term))
            else:
                value = self.element(node, axes, known, top=True)
                known[id(node), axes] = value
                pending += [(value, home) for home in store.homes]
        # Stored when all is read: a result may lie over what others at this place are computed from.
        for value, home in pending:
            self.put(value, home, self.loops.merged(address(home, axes, len(axes))), vector=True)
        return out

    def element(self, node: Node, index: tuple[Affine, ...], known: dict[Any, Vec], top: bool = False) -> Vec:
        """The elements of a node at ``index``."""
        key = (id(node), index)
        found = known.get(key)
        if found is None:
            scalar = self.scalars.get(key)
            if scalar is not None:
                found = self.e.broadcast(scalar, node.element)
            else:
                found = self.computed(node, index, known, top or id(node) in self.own)
            known[key] = found
        return found

    def computed(self, node: Node, index: tuple[Affine, ...], known: dict[Any, Vec], top: bool) -> Vec:
        e, n = self.e, len(self.nest.shape)
        if isinstance(node, Number):
            return e.constant(node.value, node.element)
        if isinstance(node, Buffer) or (id(node) in self.roots and not top):
            home = node.home
            assert home is not None
            return self.get(home, node.element, self.loops.merged(address(home, index, n)))
        if isinstance(node, View):
            return self.element(node.source, moved_index(node, index, n), known)
        if isinstance(node, Flat):
            home = node.source.home
            assert home is not None
            assert home.strides == dense_strides(home.shape) or home.size <= 1, "flat memory with gaps"
            return self.get(home, node.element, self.loops.merged(index[0]))
        if isinstance(node, Lookup):
            return self.looked_up(node, index, known)
        if isinstance(node, Counter):
            return self.counted(node.element, self.loops.merged(index[node.dim]))
        if isinstance(node, Window):
            return self.windowed(node, index, known)
        assert isinstance(node, Point), node
        return node.write(e, *[self.element(arg, index, known) for arg in node.args])

    def windowed(self, node: Window, index: tuple[Affine, ...], known: dict[Any, Vec]) -> Vec:
        """What lies in the window is read where the mask says so only: outside there may be no memory."""
        e, n = self.e, len(self.nest.shape)
        inside: Vec | None = None
        for place, extent in node.tests:
            at = self.counted(I32, self.loops.merged(combined(place.start, place.factors, index, n)))
            # As unsigned numbers the negative ones are too large: one comparison does.
            test = e.lt(e.bitcast(at, U32), extent)
            inside = test if inside is None else e.and_(inside, test)
        otherwise = self.element(node.otherwise, index, known)
        if inside is None:
            return self.element(node.source, moved_index(node, index, n), known)
        before = self.mask
        self.mask = inside if before is None else e.and_(before, inside)
        self.windows += 1
        try:
            # What is known holds inside too, and has to be taken: what this nest stores is not in memory yet.
            found = self.element(node.source, moved_index(node, index, n), {**known})
        finally:
            self.mask, self.windows = before, self.windows - 1
        return e.select(inside, found, otherwise)

    def looked_up(self, node: Lookup, index: tuple[Affine, ...], known: dict[Any, Vec]) -> Vec:
        """Where the places are the same for all lanes, it is read like any memory that begins there."""
        e, n = self.e, len(self.nest.shape)
        home = node.source.home
        assert home is not None
        base = self.loops.merged(affine_part(node, index, n))
        strides = [s for place, s in zip(node.index, home_strides(home)) if isinstance(place, Node)]
        terms = list(zip(node.places, strides, strict=True))
        if self.windows or any(self.changes(place, index) for place in node.places):
            at = self.everywhere(self.offset(base))
            along = base.factors[self.loops.vector] if e.width > 1 or e.unroll > 1 else 0
            if along:
                at = e.add(at, e.mul(e.iota(I64), along))
            for place, stride in terms:
                at = e.add(at, e.mul(e.convert(self.element(place, index, known), I64), stride))
            if e.width == 1 and e.unroll == 1:
                return e.load(e.pointers[home.slot], node.element, at.names[0], self.mask)
            return e.gather(e.pointers[home.slot], at, node.element, self.mask)
        row = "0"
        with e.shaped(1, 1):
            mask, self.mask = self.mask, None
            for place, stride in terms:
                found = e.convert(self.element(place, index, {}), I64).names[0]
                row = e.value(f"add i64 {row}, {e.value(f'mul i64 {found}, {stride}')}")
            self.mask = mask
            pointer = e.value(
                f"getelementptr {'i8' if node.element is I1 else node.element.llvm}, ptr {e.pointers[home.slot]}, i64 {row}"
            )
        return self.get(home, node.element, base, pointer)

    def changes(self, node: Node, index: tuple[Affine, ...]) -> bool:
        """Whether an array's elements may differ from lane to lane."""
        e, n, k = self.e, len(self.nest.shape), self.loops.vector
        if k < 0 or (e.width == 1 and e.unroll == 1) or isinstance(node, Number):
            return k < 0 or not isinstance(node, Number)
        if isinstance(node, View) and id(node) not in self.roots:
            return self.changes(node.source, moved_index(node, index, n))
        if isinstance(node, Point) and id(node) not in self.roots:
            return any(self.changes(arg, index) for arg in node.args)
        if isinstance(node, Buffer) or id(node) in self.roots:
            assert node.home is not None
            return self.loops.merged(address(node.home, index, n)).factors[k] != 0
        if isinstance(node, Counter):
            return self.loops.merged(index[node.dim]).factors[k] != 0
        return True

    def hoist(self) -> None:
        """Compute before the loops, once, what does not depend on the counters."""
        axes = counters(len(self.nest.shape))
        known: dict[Any, Vec] = {}

        def visit(node: Node, index: tuple[Affine, ...], top: bool = False) -> None:
            if isinstance(node, Number) or (id(node), index) in self.scalars:
                return
            constant = all(not any(self.loops.merged(i).factors) for i in index)
            if constant and not top and self.loops.groups:
                if isinstance(node, (Point, Buffer)) or id(node) in self.roots:
                    if self.made_here(node):
                        return
                    self.scalars[id(node), index] = self.element(node, index, known).names[0]
                    return
            if isinstance(node, Window) and (top or id(node) not in self.roots):
                visit(node.otherwise, index)
            elif isinstance(node, View) and (top or id(node) not in self.roots):
                visit(node.source, moved_index(node, index, len(axes)))
            elif isinstance(node, Lookup) and (top or id(node) not in self.roots):
                for place in node.places:
                    visit(place, index)
            elif isinstance(node, Point) and (top or id(node) not in self.roots):
                for arg in node.args:
                    visit(arg, index)

        for store in self.nest.stores:
            node: Any = store.node
            if isinstance(node, Reduction):
                visit(node.source, axes)
            else:
                visit(node, axes, top=True)

    def made_here(self, node: Node) -> bool:
        """Whether a node depends on what this nest stores."""
        stack, mine = [node], {id(s.node) for s in self.nest.stores}
        while stack:
            x = stack.pop()
            if id(x) in mine:
                return True
            if id(x) not in self.roots or x is node:
                stack += x.sources
        return False

    # -- memory -------------------------------------------------------------------------------------------------

    def offset(self, place: Affine) -> str:
        """A place as an i64 register or constant."""
        e = self.e
        start = place.start
        terms: list[str] = []
        for k, factor in enumerate(place.factors):
            at = self.at[k]
            if not factor or at is None:
                continue
            if at.lstrip("-").isdigit():
                start += factor * int(at)
            else:
                terms.append(at if factor == 1 else e.value(f"mul nsw i64 {at}, {factor}"))
        if start or not terms:
            terms.append(str(start))
        out = terms[0]
        for term in terms[1:]:
            out = e.value(f"add nsw i64 {out}, {term}")
        return out

    def everywhere(self, offset: str) -> Vec:
        """What `offset` gives, in every lane."""
        e = self.e
        return e.constant(int(offset), I64) if offset.lstrip("-").isdigit() else e.broadcast(offset, I64)

    def get(self, home: Buffer, element: Element, place: Affine, pointer: str | None = None) -> Vec:
        """What is in memory at a place. pointer: counted from there instead of where the memory begins."""
        e, k = self.e, self.loops.vector
        pointer = pointer or e.pointers[home.slot]
        along = place.factors[k] if k >= 0 and (e.width > 1 or e.unroll > 1) else 0
        if along == 1 or (e.width == 1 and e.unroll == 1):
            at = self.offset(place)
            if along == 1 and self.streams and self.mask is None:
                e.prefetch(pointer, element, at, AHEAD)
            return e.load(pointer, element, at, self.mask)
        if along == 0 and not self.windows:
            with e.shaped(1, 1):
                scalar = e.load(pointer, element, self.offset(place)).names[0]
            return e.broadcast(scalar, element)
        base = self.offset(place)
        lanes = e.mul(e.iota(I64), along)
        return e.gather(pointer, e.add(lanes, self.everywhere(base)), element, self.mask)

    def put(self, value: Vec, home: Buffer, place: Affine, *, vector: bool) -> None:
        e, k = self.e, self.loops.vector
        pointer = e.pointers[home.slot]
        along = place.factors[k] if vector and k >= 0 and (e.width > 1 or e.unroll > 1) else 0
        if along == 1 or (e.width == 1 and e.unroll == 1):
            e.store(value, pointer, self.offset(place), self.mask)
            return
        if along == 0:
            raise AssertionError("several elements for one place")
        base = self.offset(place)
        lanes = e.mul(e.iota(I64), along)
        e.scatter(value, pointer, e.add(lanes, self.everywhere(base)), self.mask)

    def counted(self, element: Element, place: Affine) -> Vec:
        e, k = self.e, self.loops.vector
        along = place.factors[k] if k >= 0 and (e.width > 1 or e.unroll > 1) else 0
        start = self.everywhere(self.offset(place))
        if element is I32:
            start = e.convert(start, I32)
            return e.add(e.mul(e.iota(I32), along), start) if along else start
        return e.convert(e.add(e.mul(e.iota(I64), along), start) if along else start, element)


def combine(e: Emitter, kind: str, a: Vec, b: Vec) -> Vec:
    """Two terms of a reduction."""
    if kind == "sum":
        return e.add(a, b)
    if kind == "prod":
        return e.mul(a, b)
    if kind in ("any", "all"):
        return (e.or_ if kind == "any" else e.and_)(a, b)
    return (e.maximum if kind == "max" else e.minimum)(a, b)
