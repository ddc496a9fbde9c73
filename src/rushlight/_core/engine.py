"""The backward pass.

Nodes run in the reverse order of their making. That order needs no counting of dependencies: whatever used a
result was made after it, so when a node is the newest one waiting, all gradients for its result have arrived. It is
also the order in which PyTorch runs nodes, so sums of gradients are rounded alike. Nothing recurses: a chain of a
million operations is a loop.

Leaves are filled when all nodes have run. PyTorch fills each as soon as its last gradient is there; to know when
that is costs a walk over the graph, so it is done for leaves with hooks alone, whose order can be seen.
"""

from __future__ import annotations

import sys
from heapq import heappop, heappush, heapreplace
from operator import attrgetter
from typing import Any

import numpy as np

from . import errors
from .graph import Node, Output
from .memory import has_its_own
from .modes import PLAIN, RECORD, state
from .primitive import REGISTRY, Complaints
from .tensor import Tensor, ndarray, version_of, wrap
from .where import Place, caller

sequence_of = attrgetter("_sequence")


class Backward:
    """One backward pass: from the roots' cotangents to the leaves, or to the captured tensors."""

    # What most passes do without stands here, and not in `__init__`, where it would cost each of them its time.
    within: set[Any] | None = None  # with `wanted`: the nodes and leaves on the way there
    partly: Any = ()  # the nodes among them with inputs that are not
    owned: set[Any] | None = None  # the keys of `pending` whose buffer was made by adding here
    several: dict[Node, list[Output]] | None = None  # the outputs that something arrived at
    last_users: dict[Any, Node] | None = None  # leaf -> the last node to send it something
    fillings: dict[Node, Filling] | None = None
    notes: dict[Any, Any] | None = None  # of hooks that wait for several gradients
    watch: Any = None  # under anomaly detection
    inspection: Any = None  # what then looks at every gradient
    running: Node | None = None  # where it has come; kept up to date for hooks and checks alone

    def __init__(
        self, keep: bool, create_graph: bool, captured: dict[Any, Any] | None = None, wanted: set[Any] | None = None
    ):
        self.keep = keep
        self.create_graph = create_graph
        # What to deliver instead of filling leaves' ``grad``: (node or leaf, output index) -> cotangent.
        self.captured = captured
        self.wanted = wanted  # the nodes and leaves to go to; None: to all leaves
        self.pending: dict[Any, Any] = {}  # what has arrived: by node, by `Output`, by leaf
        self.leaves: list[Tensor] = []
        self.ready: list[tuple[int, Node]] = []  # a heap: the newest node first
        self.place: Place | None = None if keep else caller("backward", 3)

    def run(self, roots: list[tuple[Any, Any]]) -> None:
        """Send each root's cotangent to its edge, and all that follows to the leaves."""
        if self.wanted is not None:
            self.within, self.partly = leading_to(self.wanted, [target_of(edge) for edge, _ in roots])
        modes = state.__dict__  # this thread's; fetched once, since each look-up costs as much as all the rest
        before = modes["grad"], modes["cut"], modes["mode"], modes["backward"]
        modes["backward"] = self
        modes["grad"] = self.create_graph
        if (
            before[0] or self.create_graph
        ):  # else the user has switched recording off: for all levels, not for this pass
            modes["cut"] = None
        if before[2]:
            modes["mode"] = RECORD if self.create_graph else PLAIN
        watch = modes["watch"]
        if watch is not None and watch.anomaly:
            self.watch, self.inspection = watch, watch.inspection()
        try:
            for edge, g in roots:
                if self.within is None or target_of(edge) in self.within:
                    self.send(edge, g)
            self.loop()
            for leaf in self.leaves:
                if leaf in self.pending:
                    self.finish(leaf)
        except Exception:
            if self.watch is not None and self.running is not None:
                self.watch.warn(self.running)
            raise
        finally:
            modes["grad"], modes["cut"], modes["mode"], modes["backward"] = before
            if self.fillings is not None:
                self.pending.clear()

    def loop(self) -> None:
        ready, pending, within, keep = self.ready, self.pending, self.within, self.keep
        wanted, partly, checked = self.wanted or (), self.partly, self.watch is not None
        node: Any
        following: Any = None
        while ready or following is not None:
            # One node usually follows from one: it need not pass through the heap.
            if following is None:
                node = heappop(ready)[1]
            elif ready and ready[0][0] < following._sequence:
                node = heapreplace(ready, (following._sequence, following))[1]
            else:
                node = following
            following = None
            g = pending.pop(node) if node.outputs == 1 else self.gather(node)
            watched = checked or node.hooks is not None
            if watched or node in wanted:
                g = self.arrived(node, g)
                if g is None:
                    continue
            grads = node._pullback_within(g, within) if node in partly else node.pullback(g)
            if watched:
                grads = self.after(node, grads, g)
            if not keep and node.frees:
                node.saved = self.place
            del g
            for edge, grad in zip(node.edges, grads):
                if grad is None or edge is None:
                    continue
                if within is not None and edge not in within and target_of(edge) not in within:
                    continue
                if edge in pending:
                    self.send(edge, grad)
                    continue
                number = edge._sequence
                if number is None:
                    self.leaves.append(edge)
                    if edge._hooks is not None:
                        self.fill_early(edge, node)
                elif type(edge) is Output:
                    self.send(edge, grad)
                    continue
                elif following is None:
                    following = edge
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
            add_into(have._data, g._data)

    def gather(self, node: Node) -> tuple[Any, ...]:
        """The cotangents of a node's several results, None where nothing arrived."""
        gs: list[Any] = [None] * node.outputs
        for output in self.several.pop(node):
            g, i = self.pending.pop(output), output.index
            # A saved result that was unpacked for a second derivative brings an edge of its own.
            gs[i] = g if gs[i] is None else gs[i] + g
        return tuple(gs)

    # -- leaves -------------------------------------------------------------------------------------------

    def finish(self, leaf: Tensor) -> None:
        """All of a leaf's gradient has arrived: run its hooks, then keep or hand over the sum."""
        g = self.pending.pop(leaf)
        hooks = leaf._hooks
        if hooks is not None:
            g = hooked(hooks, 0, g)
        if self.captured is not None and (leaf, 0) in self.captured:
            self.captured[leaf, 0] = g
            return
        if not leaf._requires_grad:
            return
        if hooks is not None:
            (g,) = changed_by(hooks.pre, (g,))
        arrived = g if hooks is not None else None  # which also keeps `stolen` from taking what hooks will be shown
        have = leaf._grad
        if have is None:
            leaf._grad = copied(g, leaf) if self.create_graph else stolen(g, leaf)
        elif self.create_graph:
            leaf._grad = have + g
        elif state.interpreter is not None:
            have.add_(g)
        else:
            add_into(have._data, g._data)
            version_of(have).value += 1
        if hooks is not None:
            for hook in list(hooks.accumulated.values()):
                hook(leaf)
            for hook in list(hooks.post.values()):
                hook((), (arrived,))

    def fill_early(self, leaf: Tensor, node: Node) -> None:
        """Arrange for a leaf with hooks to be finished right after the last node that sends it something.

        Called when ``node`` is the first that does.
        """
        users = self.last_users
        if users is None:
            roots = [target_of(edge) for edge in self.pending]
            users = self.last_users = last_users([node, *(n for n in roots if isinstance(n, Node))], self.within)
            self.fillings = {}
        assert self.fillings is not None
        user = users[leaf]
        filling = self.fillings.get(user)
        if filling is None:
            filling = self.fillings[user] = Filling(user)
            self.pending[filling] = self
            # Between the number of that node and the next one's.
            heappush(self.ready, (user._sequence + 0.5, filling))  # type: ignore[misc]
        filling.leaves.add(leaf)

    # -- hooks and captures -------------------------------------------------------------------------------

    def arrived(self, node: Node, g: Any) -> Any:
        """Run a node's hooks on what arrived and capture what is wanted; None where nothing beyond is."""
        if type(node) is Filling:
            return g
        self.running = node
        hooks, within, captured = node.hooks, self.within, self.captured
        several = node.outputs != 1
        gs = g if several else (g,)
        beyond = within is None or node not in (self.wanted or ()) or any([target_of(e) in within for e in node.edges])
        if hooks is not None and not beyond:
            gs = tuple([hooked(hooks, i, gi) for i, gi in enumerate(gs)])
        if captured is not None:
            # Of a node that runs, what is captured has not been through the hooks: so it is in PyTorch.
            for i, gi in enumerate(gs):
                if (node, i) in captured:
                    captured[node, i] = gi
        if not beyond:
            return None
        if hooks is not None:
            gs = tuple([hooked(hooks, i, gi) for i, gi in enumerate(gs)])
            gs = changed_by(hooks.pre, gs)
        return gs if several else gs[0]

    def ahead(self, here: Any) -> set[Any]:
        """The nodes and leaves that a hook at ``here`` may still expect to see run."""
        seen = {here, *map(target_of, self.pending)}
        stack = [target for target in seen if isinstance(target, Node)]
        while stack:
            for edge in stack.pop().edges:
                target = target_of(edge)
                if target is not None and target not in seen and (self.within is None or target in self.within):
                    seen.add(target)
                    if isinstance(target, Node):
                        stack.append(target)
        return seen

    def after(self, node: Node, grads: Any, g: Any) -> Any:
        """Run a node's hooks on the cotangents of its inputs, and check them where that is asked for."""
        if node.hooks is not None:
            grads = changed_by(node.hooks.post, tuple(grads), g if type(g) is tuple else (g,))
        if self.inspection is not None:
            self.inspection.check(node, grads, g)
        return grads


class Filling(Node):
    """Stands in the queue of a backward pass for leaves that are finished before all nodes have run."""

    __slots__ = ("after", "leaves")
    edges: Any = ()
    hooks = None
    frees = False

    def __init__(self, after: Node):
        self.after = after
        self.leaves: set[Tensor] = set()

    def pullback(self, g: Backward) -> tuple[Any, ...]:
        # What "arrived" here is the backward pass: to hold it would be a reference cycle.
        for leaf in dict.fromkeys(self.after.edges):
            if leaf in self.leaves:
                g.finish(leaf)
        return ()


def last_users(roots: list[Any], within: set[Any] | None) -> dict[Any, Node]:
    """For each leaf that can be reached: the node that will be the last to send it something."""
    last: dict[Any, Node] = {}
    seen = set(roots)
    stack = list(roots)
    while stack:
        node = stack.pop()
        for edge in node.edges:
            target = target_of(edge)
            if target is None or (within is not None and target not in within):
                continue
            if not isinstance(target, Node):
                known = last.get(target)
                if known is None or known._sequence < node._sequence:
                    last[target] = node
            elif target not in seen:
                seen.add(target)
                stack.append(target)
    return last


def hooked(hooks: Any, index: int, g: Any) -> Any:
    """The gradient of one result after the hooks on it; kept by the tensor that retains it."""
    if g is None:
        return None
    if index in hooks.tensor:
        for hook in list(hooks.tensor[index].values()):
            g = replaced(hook, hook(g), g)
    if index in hooks.retain:
        t = hooks.retain[index]()
        if t is not None:
            t._grad = g.clone() if t._grad is None else t._grad + g
    return g


def changed_by(hooks: Any, gs: tuple[Any, ...], *others: Any) -> tuple[Any, ...]:
    """Gradients after a node's hooks, each of which may return others in their place."""
    for hook in list(hooks.values()):
        result = hook(gs, *others)
        if result is None:
            continue
        if not isinstance(result, tuple):
            raise TypeError(f"expected tuple, but hook returned '{type(result).__name__}'")
        if len(result) != len(gs):
            raise RuntimeError(
                f"hook '{name_of(hook)}' has returned an incorrect number of values (got {len(result)}, but expected "
                f"{len(gs)})"
            )
        gs = tuple([r if r is None else replaced(hook, r, g) for r, g in zip(result, gs)])
    return gs


def name_of(hook: Any) -> str:
    return getattr(hook, "__name__", None) or type(hook).__name__


def target_of(edge: Any) -> Any:
    """The node or the leaf that an edge leads to."""
    return edge.node if type(edge) is Output else edge


def leading_to(wanted: set[Any], roots: list[Any]) -> tuple[set[Any], set[Any]]:
    """The nodes and leaves on a path from the roots to what is wanted, and those nodes that have other inputs too."""
    nodes = {root for root in roots if isinstance(root, Node)}
    stack = list(nodes)
    while stack:
        for edge in stack.pop().edges:
            if edge is None or edge._sequence is None:  # nothing, or a leaf
                continue
            node = edge.node if type(edge) is Output else edge
            if node not in nodes:
                nodes.add(node)
                stack.append(node)
    reached, partly = set(wanted), set()
    for node in sorted(nodes, key=sequence_of, reverse=True):  # oldest first: an edge leads to something older
        there = elsewhere = False
        for edge in node.edges:
            if edge in reached or (type(edge) is Output and edge.node in reached):
                there = True
            elif edge is not None:
                elsewhere = True
        if there:
            reached.add(node)
            if elsewhere:
                partly.add(node)
    return reached, partly


def replaced(hook: Any, result: Any, g: Any) -> Any:
    """What a tensor hook makes of a gradient: its result, or the gradient where it returns None."""
    if result is None:
        return g
    if not isinstance(result, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")
    if g is None:
        raise RuntimeError("can't replace a None gradient with a non-None value")
    if result._data.dtype != g._data.dtype:
        was, got = (errors.describe(t).partition(" ")[0] for t in (g, result))
        raise RuntimeError(f"hook '{name_of(hook)}' has changed the type of value (was {was} got {got})")
    if result._data.shape != g._data.shape:
        raise RuntimeError(f"hook '{name_of(hook)}' has changed the size of value")
    return result


def add_into(total: np.ndarray, term: np.ndarray) -> None:
    """``total += term``. NumPy complains of nan and overflow after the loop, when the sum is there."""
    try:  # noqa: SIM105 - `suppress` costs as much as the addition
        np.add(total, term, out=total, casting="same_kind")
    except Complaints:
        pass


def stolen(g: Tensor, leaf: Tensor) -> Tensor:
    """``g`` as a leaf's gradient: as it is when nobody else can see its memory, a copy otherwise.

    The references to the tensor and to its array are counted, as PyTorch does it; see `_sole_references`.
    """
    data, of_leaf = g._data, leaf._data
    if type(data) is not ndarray:  # a level's, or a trace's
        if hasattr(data, "level") or data.strides == (lying := laid_out_like(leaf)).strides:
            return g.clone()
        return wrap(lying).copy_(g)
    if (
        sys.getrefcount(g) <= _SOLE_TENSOR
        and sys.getrefcount(data) <= _SOLE_ARRAY
        and has_its_own(data)
        and data.dtype is of_leaf.dtype
        and ((data.flags.c_contiguous and of_leaf.flags.c_contiguous) or data.strides == of_leaf.strides)
    ):
        return g
    out = laid_out_like(leaf)
    np.copyto(out, data)
    return wrap(out)


def copied(g: Tensor, leaf: Tensor) -> Tensor:
    """``g`` as a leaf's gradient that is part of a history: a copy, recorded as PyTorch records it."""
    return REGISTRY["CopyBackwards"].bind(wrap(laid_out_like(leaf)), g)


def laid_out_like(leaf: Tensor) -> np.ndarray:
    """Memory for a leaf's gradient: with the leaf's strides where its elements fill a block, else in C order."""
    data = leaf._data
    block = np.empty_like(data)  # keeps the order of the strides, but leaves no gaps
    return block if block.strides == data.strides else np.empty(data.shape, data.dtype)


def _sole_references() -> tuple[int, int]:
    """How many references `stolen` counts to a gradient, and to its array, that nobody else holds.

    Found by trying, since Pythons differ in what they count for local variables: each limit is the lowest that
    lets a gradient through on its real way, from `finish`.
    """
    global _SOLE_TENSOR, _SOLE_ARRAY

    def passes() -> bool:
        leaf = wrap(np.zeros(1))
        leaf._requires_grad = True
        g = wrap(np.zeros(1))
        g._origin = "here"  # by which it is known again: a copy has none
        backward = Backward(keep=True, create_graph=False)
        backward.pending[leaf] = g
        del g
        backward.finish(leaf)
        return hasattr(leaf._grad, "_origin")

    _SOLE_TENSOR, _SOLE_ARRAY = 0, MANY
    while not passes() and _SOLE_TENSOR < MANY:
        _SOLE_TENSOR += 1
    _SOLE_ARRAY = 0
    while not passes() and _SOLE_ARRAY < MANY:
        _SOLE_ARRAY += 1
    # Where references are not counted at all, nothing may be taken.
    return (_SOLE_TENSOR, _SOLE_ARRAY) if max(_SOLE_TENSOR, _SOLE_ARRAY) < MANY else (0, 0)


MANY = 20
_SOLE_TENSOR, _SOLE_ARRAY = _sole_references()
