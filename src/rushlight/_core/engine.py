"""The backward pass.

Nodes run in the reverse order of their making. That order needs no counting of dependencies: whatever used a
result was made after it, so when a node is the newest one waiting, all gradients for its result have arrived. It is
also the order in which PyTorch runs nodes, so sums of gradients are rounded alike. Nothing recurses: a chain of a
million operations is a loop.

Leaves are filled when all nodes have run (PyTorch fills each as soon as its last gradient is there; to know when
that is would cost a walk over the whole graph before every backward pass).
"""

from __future__ import annotations

import sys
from heapq import heappop, heappush, heappushpop
from typing import Any

import numpy as np

from .graph import Node, Output
from .modes import PLAIN, RECORD, state
from .tensor import Tensor, version_of, wrap
from .where import Place, caller


class Backward:
    """One backward pass: from the roots' cotangents to the leaves, or to the captured tensors."""

    __slots__ = ("captured", "create_graph", "keep", "leaves", "owned", "pending", "place", "ready", "several", "within")

    def __init__(self, keep: bool, create_graph: bool, captured: dict[Any, Any] | None):
        self.keep = keep
        self.create_graph = create_graph
        # What is wanted instead of filling leaves' ``grad``: (node or leaf, output index) -> cotangent.
        self.captured = captured
        self.within: set[Any] | None = None  # with `captured`: the nodes and leaves on the way there
        self.pending: dict[Any, Any] = {}  # what has arrived: by node, by `Output`, by leaf
        self.owned: set[Any] | None = None  # the keys of `pending` whose buffer was made by adding here
        self.several: dict[Node, list[Output]] | None = None  # the outputs that something arrived at
        self.leaves: list[Tensor] = []
        self.ready: list[tuple[int, Node]] = []  # a heap: the newest node first
        self.place: Place | None = None if keep else caller("backward", 3)

    def run(self, roots: list[tuple[Any, Any]]) -> None:
        """Send each root's cotangent to its edge, and all that follows to the leaves."""
        if self.captured is not None:
            targets = [target_of(edge) for edge, _ in roots]
            self.within = leading_to({key for key, _ in self.captured}, targets)
        modes = state.__dict__  # this thread's; fetched once, since each look-up costs as much as all the rest
        before = modes["grad"], modes["cut"], modes["mode"]
        modes["grad"], modes["cut"] = self.create_graph, None
        if before[2]:
            modes["mode"] = RECORD if self.create_graph else PLAIN
        try:
            for edge, g in roots:
                if self.within is None or target_of(edge) in self.within:
                    self.send(edge, g)
            self.loop()
            for leaf in self.leaves:
                self.finish(leaf)
        finally:
            modes["grad"], modes["cut"], modes["mode"] = before

    def loop(self) -> None:
        ready, pending, within, keep = self.ready, self.pending, self.within, self.keep
        following: Any = None
        while ready or following is not None:
            # One node usually follows from one: it need not pass through the heap.
            node = (heappop(ready) if following is None else heappushpop(ready, following))[1]
            following = None
            g = pending.pop(node) if node.outputs == 1 else self.gather(node)
            if node.hooks is not None:
                g = self.before(node, g)
            if within is not None and not self.goes_on(node, g):
                continue
            grads = node.pullback(g)
            if node.hooks is not None:
                grads = self.after(node, grads, g)
            if not keep and node.saved:
                node.saved = self.place
            del g
            for edge, grad in zip(node.edges, grads):
                if grad is None or edge is None or within is not None and target_of(edge) not in within:
                    continue
                if edge in pending:
                    self.send(edge, grad)
                    continue
                number = edge._sequence
                if number is None:
                    self.leaves.append(edge)
                elif type(edge) is Output:
                    self.send(edge, grad)
                    continue
                elif following is None:
                    following = (number, edge)
                else:
                    heappush(ready, (number, edge))
                pending[edge] = grad
            grad = grads = None  # a gradient that nobody else holds may be handed on without copying

    def send(self, edge: Any, g: Any) -> None:
        """Add a cotangent to what has arrived at ``edge``."""
        pending = self.pending
        have = pending.get(edge)
        if have is None:
            pending[edge] = g
            if type(edge) is Output:
                if self.several is None:
                    self.several = {}
                others = self.several.setdefault(edge.node, [])
                others.append(edge)
                if len(others) == 1:
                    heappush(self.ready, (edge._sequence, edge.node))
            elif edge._sequence is None:
                self.leaves.append(edge)
            else:
                heappush(self.ready, (edge._sequence, edge))
        elif self.owned is None or edge not in self.owned or self.create_graph or not state.mode:
            # The first sum makes a new buffer: what arrived first may belong to somebody else.
            pending[edge] = have + g
            if self.owned is None:
                self.owned = set()
            self.owned.add(edge)
        else:
            np.add(have._data, g._data, out=have._data)

    def gather(self, node: Node) -> tuple[Any, ...]:
        """The cotangents of a node's several results, None where nothing arrived."""
        gs: list[Any] = [None] * node.outputs
        for output in self.several.pop(node):
            gs[output.index] = self.pending.pop(output)
        return tuple(gs)

    # -- leaves -------------------------------------------------------------------------------------------

    def finish(self, leaf: Tensor) -> None:
        """All of a leaf's gradient has arrived: run its hooks, then keep or hand over the sum."""
        g = self.pending.pop(leaf)
        hooks = leaf._hooks
        if hooks is not None:
            for hook in list(hooks["tensor"].values()):
                g = replaced(hook(g), g)
        if self.captured is not None:
            self.captured[leaf, 0] = g
            return
        have = leaf._grad
        if have is None:
            leaf._grad = g if self.create_graph else stolen(g)
        elif self.create_graph:
            leaf._grad = have + g
        else:
            np.add(have._data, g._data, out=have._data, casting="same_kind")
            version_of(have).value += 1
        if hooks is not None:
            for hook in list(hooks["post"].values()):
                hook(leaf)

    # -- hooks and captures -------------------------------------------------------------------------------

    def before(self, node: Node, g: Any) -> Any:
        """Run the hooks on the gradients of a node's results, then its prehooks."""
        hooks = node.hooks
        assert hooks is not None
        several = node.outputs != 1
        gs = list(g) if several else [g]
        for i, on_tensor in hooks.tensor.items():
            for hook in list(on_tensor.values()):
                if gs[i] is not None:
                    gs[i] = replaced(hook(gs[i]), gs[i])
        for hook in list(hooks.pre.values()):
            result = hook(tuple(gs))
            if result is not None:
                gs = list(result) if isinstance(result, (tuple, list)) else [result]
        return tuple(gs) if several else gs[0]

    @staticmethod
    def after(node: Node, grads: Any, g: Any) -> Any:
        assert node.hooks is not None
        g = g if type(g) is tuple else (g,)
        for hook in list(node.hooks.post.values()):
            result = hook(grads, g)
            if result is not None:
                grads = tuple(result) if isinstance(result, (tuple, list)) else (result,)
        return grads

    def goes_on(self, node: Node, g: Any) -> bool:
        """Capture what is wanted of this node's cotangents; say whether anything beyond it is wanted."""
        assert self.captured is not None and self.within is not None
        for i, gi in enumerate(g if node.outputs != 1 else (g,)):
            if (node, i) in self.captured:
                self.captured[node, i] = gi
        return any(edge is not None and target_of(edge) in self.within for edge in node.edges)


def target_of(edge: Any) -> Any:
    """The node or the leaf that an edge leads to."""
    return edge.node if type(edge) is Output else edge


def leading_to(wanted: set[Any], roots: list[Any]) -> set[Any]:
    """The nodes and leaves on a path from the roots to what is wanted."""
    nodes = {root for root in roots if isinstance(root, Node)}
    stack = list(nodes)
    while stack:
        for edge in stack.pop().edges:
            node = target_of(edge)
            if node is not None and node not in nodes and isinstance(node, Node):
                nodes.add(node)
                stack.append(node)
    reached = set(wanted)
    for node in sorted(nodes, key=lambda n: -n._sequence):  # oldest first: an edge leads to something older
        for edge in node.edges:
            if edge is not None and target_of(edge) in reached:
                reached.add(node)
                break
    return reached


def replaced(result: Any, g: Any) -> Any:
    """What a tensor hook makes of a gradient: its result, or the gradient where it returns None."""
    if result is None:
        return g
    if not isinstance(result, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")
    if result._data.shape != g._data.shape:
        raise RuntimeError("hook '<hook>' has changed the size of value")
    return result


def stolen(g: Tensor) -> Tensor:
    """``g`` as a leaf's gradient: as it is when nobody else can see its memory, a copy otherwise.

    The references to the tensor and to its array are counted, as PyTorch does it: those of this function and of
    `finish` to the tensor, the tensor's and this function's to the array, and `getrefcount`'s own.
    """
    data = g._data
    if (
        sys.getrefcount(g) <= _SOLE_TENSOR
        and sys.getrefcount(data) <= _SOLE_ARRAY
        and data.base is None
        and data.flags.c_contiguous
    ):
        return g
    return wrap(np.array(data, order="C"))


# Python 3.14 counts references from local variables differently: there the counts are found by trying.
def _count_references() -> tuple[int, int]:
    counts = (0, 0)

    def callee(g: Any) -> None:
        nonlocal counts
        data = g._data
        counts = (sys.getrefcount(g), sys.getrefcount(data))

    def caller_() -> None:
        g = {0: wrap(np.zeros(1))}.pop(0)
        callee(g)

    caller_()
    return counts


_SOLE_TENSOR, _SOLE_ARRAY = _count_references()
