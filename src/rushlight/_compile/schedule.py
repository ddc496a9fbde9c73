"""What is computed together, in which order, and where it is put.

Roots are the nodes that must be in memory: results, what is reduced to, what products and NumPy take and make, and what
several loops share that is too costly to compute twice. Roots over one space of counters become one nest of loops
where their order allows it; everything between them is never in memory at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .._core.memory import LINE
from .graph import acts, fresh_strides
from .loops import (
    Affine,
    Buffer,
    Called,
    Counter,
    Flat,
    Lookup,
    Node,
    Number,
    Point,
    Product,
    Reduction,
    Shape,
    View,
    Window,
    combined,
    counters,
    dense_strides,
)  # fmt: skip
from .lowering import Lowered

CHEAP = 3  # what costs no more than so many additions is computed again rather than kept


class Store:
    """A root of a nest of loops: computed at every place, and put into ``homes`` (one, or several of equal shape)."""

    __slots__ = ("homes", "node")

    def __init__(self, node: Node):
        self.node = node
        self.homes: list[Buffer] = []


class Nest:
    """Loops over ``shape``: ``stores`` at every place; ``reductions`` over ``dims`` of it."""

    def __init__(self, shape: Shape, dims: tuple[int, ...]):
        self.shape = shape
        self.dims = dims
        self.stores: list[Store] = []

    def cost(self, roots: set[int]) -> int:
        """What is computed at one place, in additions."""
        total, seen = 0, set()
        stack: list[Node] = [s.node for s in self.stores]
        while stack:
            node = stack.pop()
            if id(node) not in seen:
                seen.add(id(node))
                total += node.cost if isinstance(node, Point) else 0
                stack += [x for x in node.sources if id(x) not in roots and not isinstance(x, Buffer)]
        return total

    def __str__(self) -> str:
        kinds = [type(s.node).__name__.lower() for s in self.stores]
        over = f" over {self.dims}" if self.dims else ""
        return f"loop {list(self.shape)}{over}: {', '.join(kinds)}"


Step = Any  # Nest | Product | Call


class Schedule:
    """The steps of a lowered graph, and the memory that they need."""

    def __init__(self, lowered: Lowered, over: dict[int, int]):
        self.lowered = lowered
        self.over = over
        self.arena = 0  # bytes
        self.owned: list[Node] = []  # what is in memory of the plan's own
        self.steps: list[Step] = []
        self.place: dict[int, int] = {}  # the node's step, by its id
        self.stores: dict[int, Store] = {}
        self.reads: dict[int, list[tuple[int, bool, Shape]]] = {}  # by input: step, whether at its own place
        self.dense: set[int] = set()  # what must lie in memory without gaps
        self.order = self.ordered()
        self.roots = self.find_roots()
        late = self.results_over_inputs()
        for node in self.order:
            if id(node) in self.roots and id(node) not in late:
                self.schedule(node)
        # From here on memory of the caller's is written over: what is refused must be known.
        checks = [*(node for node, _ in self.lowered.checks), *self.lowered.made]
        self.checked = max([self.place[id(node)] + 1 for node in checks], default=0)
        for node in self.order:
            if id(node) in late:
                self.schedule(node, late[id(node)])
        self.deliver()
        self.share_memory()

    # -- what must be in memory ---------------------------------------------------------------------------------

    def ordered(self) -> list[Node]:
        """All nodes, what they need before them; random numbers in the order in which the function draws them."""
        seen: set[int] = set()
        out: list[Node] = []
        ends = [
            *(r for call in self.lowered.calls if acts(call.operation) for r in call.results),
            *(node for node, _ in self.lowered.checks),
            *self.lowered.results,
            *(r for call in self.lowered.calls for r in call.results),
        ]
        for end in ends:
            stack: list[tuple[Node, bool]] = [(end, False)]
            while stack:
                node, ready = stack.pop()
                if ready:
                    out.append(node)
                elif id(node) not in seen:
                    seen.add(id(node))
                    stack.append((node, True))
                    stack += [(s, False) for s in node.sources]
        return out

    def find_roots(self) -> set[int]:
        roots: set[int] = set()
        for node in self.order:
            if isinstance(node, (Reduction, Product, Called)):
                roots.add(id(node))
            if isinstance(node, Flat):
                self.dense.add(id(node.source))
            if isinstance(node, Lookup):
                roots.add(id(node.source))
            if isinstance(node, Product):
                self.dense.update(id(self.matrix_root(operand)) for operand in node.sources)
            if isinstance(node, Called) and node.call is not None:
                roots.update(id(s) for s in node.call.sources)
        roots |= self.dense
        roots.update(id(node) for node, _ in self.lowered.checks)
        for node in self.lowered.results:
            roots.add(id(node))
        by_id = {id(n): n for n in self.order}
        roots = {r for r in roots if not self.is_memory(by_id[r])}
        # What roots of different spaces compute, and is not cheap, becomes a root of its own.
        while True:
            users: dict[int, set[Any]] = {}
            for r in roots:
                for node in self.inside(by_id[r], roots):
                    users.setdefault(id(node), set()).add(self.space(by_id[r])[0])
            more = {i for i, spaces in users.items() if len(spaces) > 1 and self.cost(by_id[i], roots) > CHEAP}
            if not more:
                return roots
            roots |= more

    def is_memory(self, node: Node) -> bool:
        return isinstance(node, (Buffer, Called)) and node.home is not None

    def matrix_root(self, node: Node) -> Node:
        """What must be in memory for a product of a node: what it looks at, if that lies as products want it, or itself."""
        if isinstance(node, View) and not isinstance(node.source, (Number, Counter, Flat, Lookup, Window)):
            if matrix_layout(node, home_strides(node.source)) is not None:
                return node.source
        return node

    def inside(self, root: Node, roots: set[int]) -> Iterator[Node]:
        """The nodes that the loops of a root compute, without the roots that they read."""
        seen: set[int] = set()
        stack = list(root.sources) if not isinstance(root, (Product, Called)) else []
        while stack:
            node = stack.pop()
            if id(node) in seen or id(node) in roots or isinstance(node, (Buffer, Called, Number, Counter)):
                continue
            seen.add(id(node))
            yield node
            stack.extend(node.sources)

    def cost(self, node: Node, roots: set[int]) -> int:
        own = node.cost if isinstance(node, Point) else 0
        return own + sum(n.cost for n in self.inside(node, roots) if isinstance(n, Point))

    def work(self, step: Step) -> int:
        """What a step costs, in additions, multiplications and accesses."""
        if isinstance(step, Product):
            return step.size * step.a.shape[-1]
        if not isinstance(step, Nest):
            return 0
        reads = {id(read) for store in step.stores for read, _ in self.accesses(store.node, step.shape)}
        return math.prod(step.shape) * (step.cost(self.roots) + len(reads) + len(step.stores))

    def space(self, node: Node) -> Any:
        if isinstance(node, Reduction):
            return (node.source.shape, node.dims)
        return (node.shape, ())

    # -- in which order ---------------------------------------------------------------------------------------------

    def results_over_inputs(self) -> dict[int, int]:
        """Results that are written over the memory of an input, by node: the input. Where one node is written over
        several inputs, or is in memory anyway, it is copied at the end."""
        late: dict[int, int] = {}
        for k, i in self.over.items():
            node = self.lowered.results[k]
            home = self.lowered.nodes[self.lowered.graph.inputs[i]]
            if id(node) in late or self.is_memory(node) or isinstance(node, (Called, Product)):
                continue
            if not isinstance(home, Buffer) or home.shape != node.shape:
                continue
            late[id(node)] = i
        # Backwards: what is not late any more is computed before all that is, so nor may what it reads be.
        for node in reversed(self.order):
            if id(node) in self.roots and id(node) not in late:
                for read in self.read_by(node):
                    late.pop(id(read), None)
        return late

    def read_by(self, root: Node) -> Iterator[Node]:
        """The memory and the other roots that a root is computed from."""
        if isinstance(root, Product):
            yield from map(self.matrix_root, root.sources)
        elif isinstance(root, Called):
            yield from root.sources
        else:
            for read, _ in self.accesses(root, self.space(root)[0]):
                yield read

    def schedule(self, node: Node, over: int | None = None) -> None:
        """Give a root a place among the steps."""
        if isinstance(node, Called):
            call = node.call
            if call is not None and id(node) not in self.place:
                for source in call.sources:
                    self.note_reads(source, len(self.steps))
                for result in call.results:
                    result.home = self.allocate(result)
                    self.place[id(result)] = len(self.steps)
                self.steps.append(call)
            return
        if isinstance(node, Product):
            self.place[id(node)] = len(self.steps)
            for operand in node.sources:
                self.note_reads(operand, len(self.steps))
            self.steps.append(node)
            return
        shape, dims = self.space(node)
        accesses = list(self.accesses(node, shape))
        first = 0
        for read, own in accesses:
            made = self.place.get(id(read))
            if made is not None:
                together = own and self.can_follow(made, node, read)
                first = max(first, made if together else made + 1)
        if over is not None:
            first = max(first, self.checked)
            for step, own, space in self.reads.get(over, ()):
                first = max(first, step if own and space == shape else step + 1)
        step = self.find_nest(first, shape, dims)
        nest = self.steps[step]
        store = Store(node)
        nest.stores.append(store)
        self.stores[id(node)] = store
        self.place[id(node)] = step
        for read, own in accesses:
            if isinstance(read, Buffer) and read.slot[0] == "input":
                self.reads.setdefault(read.slot[1], []).append((step, own, shape))

    def can_follow(self, step: int, node: Node, read: Node) -> bool:
        """Whether a root may read another, at its own place, in the nest that computes that."""
        nest = self.steps[step]
        return isinstance(nest, Nest) and not isinstance(read, Reduction)

    def find_nest(self, first: int, shape: Shape, dims: tuple[int, ...]) -> int:
        for i in range(first, len(self.steps)):
            nest = self.steps[i]
            if isinstance(nest, Nest) and nest.shape == shape:
                if nest.dims == dims or not dims:
                    return i
                if not nest.dims:
                    nest.dims = dims
                    return i
        self.steps.append(Nest(shape, dims))
        return len(self.steps) - 1

    def note_reads(self, node: Node, step: int) -> None:
        while isinstance(node, View):
            node = node.source
        if isinstance(node, Buffer) and node.slot[0] == "input":
            self.reads.setdefault(node.slot[1], []).append((step, False, node.shape))

    def accesses(self, root: Node, shape: Shape) -> Iterator[tuple[Node, bool]]:
        """What the loops of a root read: memory and other roots, and whether at the place that is computed."""
        start = root.source if isinstance(root, Reduction) else root
        yield from self.walk(start, counters(len(shape)), shape, top=not isinstance(root, Reduction))

    def walk(
        self, node: Node, index: tuple[Affine, ...], shape: Shape, top: bool = False
    ) -> Iterator[tuple[Node, bool]]:
        own = index == counters(len(shape)) and node.shape == shape
        if (not top and (id(node) in self.roots or self.is_memory(node))) or isinstance(node, Buffer):
            yield node, own
        elif isinstance(node, View):
            yield from self.walk(node.source, moved_index(node, index, len(shape)), shape)
        elif isinstance(node, Window):
            yield from self.walk(node.source, moved_index(node, index, len(shape)), shape)
            yield from self.walk(node.otherwise, index, shape)
        elif isinstance(node, Flat):
            yield node.source, False
        elif isinstance(node, Lookup):
            yield node.source, False
            for place in node.places:
                yield from self.walk(place, index, shape)
        elif isinstance(node, Point):
            for arg in node.args:
                yield from self.walk(arg, index, shape)

    # -- where ------------------------------------------------------------------------------------------------------

    def allocate(self, node: Node) -> Buffer:
        """Memory of the plan's own for a node; where it is, is decided when all steps are known."""
        self.owned.append(node)
        slot = ("arena", len(self.owned))
        return Buffer(slot, node.shape, node.dtype) if node.element is not None else slot

    def share_memory(self) -> None:
        """Give what is never needed at the same time the same memory: the first place that is free, in order of time."""
        last = self.last_reads()
        taken: list[tuple[int, int, int]] = []  # offset, end, and the last step that needs it
        node: Any
        for node in sorted(self.owned, key=lambda node: self.place[id(node)]):
            first = self.place[id(node)]
            taken = sorted(t for t in taken if t[2] >= first)
            size = -(-max(1, node.size * node.dtype.itemsize) // LINE) * LINE
            offset = 0
            for begin, end, _ in taken:
                if begin - offset >= size:
                    break
                offset = max(offset, end)
            taken.append((offset, offset + size, last.get(id(node), first)))
            self.arena = max(self.arena, offset + size)
            if isinstance(node.home, Buffer):
                node.home.slot = ("arena", offset)
            else:
                node.home = ("arena", offset)

    def last_reads(self) -> dict[int, int]:
        """By the id of a node in memory: the last step that reads it."""
        last: dict[int, int] = {}
        for i, step in enumerate(self.steps):
            if isinstance(step, Nest):
                reads = [read for store in step.stores for read, _ in self.accesses(store.node, step.shape)]
            elif isinstance(step, Product):
                reads = [self.matrix_root(x) for x in step.sources]
            else:
                reads = step.sources
            last.update((id(read), i) for read in reads)
        last.update((id(node), max(self.checked, last.get(id(node), 0))) for node, _ in self.lowered.checks)
        last.update((id(node), len(self.steps)) for _, node in self.copies)
        return last

    def deliver(self) -> None:
        """Have each result put into its out array: by the loops that compute it where they can, else by a copy."""
        self.copies: list[tuple[int, Node]] = []
        for k, node in enumerate(self.lowered.results):
            store = self.stores.get(id(node))
            out = self.out(k, node)
            if store is not None and not (k in self.over and self.is_too_early(node, self.over[k])):
                assert out is not None
                if id(node) in self.dense and out.strides != dense_strides(out.shape) and not store.homes:
                    store.homes.append(self.allocate(node))
                store.homes.append(out)
            elif isinstance(node, Product) and node.home is None and k not in self.over:
                node.home = out
            else:
                self.copies.append((k, node))
        for node in self.order:
            store = self.stores.get(id(node))
            if store is not None:
                if not store.homes:
                    store.homes.append(self.allocate(node))
                node.home = store.homes[0]
            elif isinstance(node, Product) and node.home is None:
                node.home = self.allocate(node)

    def out(self, k: int, node: Node) -> Buffer | None:
        """The out array of a result."""
        if node.element is None:
            return None
        graph = self.lowered.graph
        strides = graph.inputs[self.over[k]].strides if k in self.over else fresh_strides(graph.results[k])
        return Buffer(("out", k), node.shape, node.dtype, tuple([s // node.dtype.itemsize for s in strides]))

    def is_too_early(self, node: Node, i: int) -> bool:
        """Whether a node is computed when an input must not be written over: something may still be refused, or reads it."""
        step = self.place[id(node)]
        if step < self.checked:
            return True
        shape, _ = self.space(node)
        return any(s > step or (s == step and not (own and space == shape)) for s, own, space in self.reads.get(i, ()))


def moved_index(node: View | Window, index: tuple[Affine, ...], n: int) -> tuple[Affine, ...]:
    """The places in what a view looks at, for places in the view."""
    return tuple([combined(place.start, place.factors, index, n) for place in node.index])


def home_strides(node: Node) -> Shape:
    return node.strides if isinstance(node, Buffer) else dense_strides(node.shape)


def matrix_layout(node: Node, strides: Shape) -> tuple[int, Shape] | None:
    """Offset and strides of matrices that can be multiplied: the stride of rows or that of columns is 1."""
    start, factors = 0, strides
    if isinstance(node, View):
        place = combined(0, strides, node.index, len(node.shape))
        start, factors = place.start, place.factors
    *batch, rows, columns = factors
    m, n = node.shape[-2:]
    if (columns == 1 or n == 1) and rows >= max(1, n):
        return start, (*batch, rows, 1)
    if (rows == 1 or m == 1) and columns >= max(1, m):
        return start, (*batch, 1, columns)
    return None
