"""The recorded history: nodes, and what they keep for the backward pass.

A tensor that was computed points to the `Node` that computed it; a node points to what it was computed from
by its ``edges``, one for each input: another node (or an `Output` of one that has several results), a leaf
tensor, or None where no gradient is wanted. Nothing points forward, so history is freed as soon as the
results are, and there are no reference cycles.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from typing import Any, NamedTuple

# Descending, so that the smallest number on a heap is the node made last.
_numbers = itertools.count(-1, -1)
next_sequence = _numbers.__next__


class Version:
    """How often a piece of memory was written to; shared by all tensors that look at it."""

    __slots__ = ("place", "value")

    def __init__(self) -> None:
        self.value = 0
        self.place: Any = None  # where the last write happened: a `Place`, or what one is made of


class Hooks:
    """What users hung on a node, or on a leaf, which stands for its `AccumulateGrad`."""

    __slots__ = ("accumulated", "post", "pre", "retain", "tensor")

    def __init__(self) -> None:
        self.tensor: dict[int, OrderedDict[int, Any]] = {}  # for each output: hooks on its gradient
        self.retain: dict[int, Any] = {}  # for each output: weakly, the tensor that keeps its gradient
        self.pre: OrderedDict[int, Any] = OrderedDict()
        self.post: OrderedDict[int, Any] = OrderedDict()
        self.accumulated: OrderedDict[int, Any] = OrderedDict()  # of a leaf: after its ``grad`` was added to

    def on_gradient(self, index: int) -> OrderedDict[int, Any]:
        """The hooks on the gradient of one output."""
        return self.tensor.setdefault(index, OrderedDict())


# In the place of a computed tensor's hooks, which are its node's: its gradient is kept (see `retain_grad`).
RETAINS = object()


class RemovableHandle:
    """Returned by every ``register_*hook``; ``remove()`` takes the hook away again. Also a context manager.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_hook(lambda g: g * 10)
    >>> handle.remove()
    """

    __slots__ = ("_hooks", "id")
    _ids = itertools.count()

    def __init__(self, hooks: Any, hook: Any = None, *, first: bool = False):
        self.id = next(self._ids)
        while self.id in hooks:  # of what was unpickled the hooks were numbered by another process
            self.id = next(self._ids)
        self._hooks = weakref.ref(hooks)  # a hook may hold its own handle, to remove itself
        if hook is not None:
            hooks[self.id] = hook
            if first:
                hooks.move_to_end(self.id, last=False)

    def remove(self) -> None:
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self.id, None)

    def __reduce__(self) -> Any:
        # A copy of what the hooks belong to has a handle of its own hooks.
        return _handle_of, (self._hooks(), self.id)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.remove()


def _handle_of(hooks: Any, number: int) -> RemovableHandle:
    handle = RemovableHandle(OrderedDict() if hooks is None else hooks)
    handle.id = number
    return handle


class Node:
    """One recorded operation. Each primitive has its own subclass, so that it prints as PyTorch's does.

    >>> import rushlight as torch
    >>> y = torch.ones(2, requires_grad=True) * 2
    >>> y.grad_fn.name(), y.grad_fn.next_functions[0][0].name()
    ('MulBackward0', 'torch::autograd::AccumulateGrad')
    """

    # `saved` is a tuple, or once the backward pass has freed it a `Place` (or None): where that was started.
    # `versions` are the write counts of the saved tensors when they were saved; None where all were 0.
    __slots__ = ("__weakref__", "_metadata", "_sequence", "edges", "hooks", "params", "saved", "versions")
    title = "Node"
    outputs = 1
    frees = True  # whether a backward pass frees what was saved: it does where that holds tensors
    primitive: Any = None
    edges: tuple[Any, ...]
    hooks: Hooks | None
    params: dict[str, Any]
    saved: Any
    versions: Any
    _sequence: int

    def pullback(self, g: Any) -> tuple[Any, ...]:
        """The cotangents of the inputs, aligned with ``edges``, for the cotangent ``g`` of the result."""
        raise NotImplementedError

    def _pullback_within(self, g: Any, within: set[Any]) -> tuple[Any, ...]:
        """`pullback`, of which the cotangents of inputs outside of ``within`` may be left out."""
        return self.pullback(g)

    # -- the interface of torch.autograd.graph.Node ------------------------------------------------------

    def name(self) -> str:
        # PyTorch derives most of its nodes, and numbers their names; those written by hand have a namespace.
        return self.title if self.title[-1].isdigit() else f"torch::autograd::{self.title}"

    @property
    def metadata(self) -> dict[Any, Any]:
        """A dict for users' own notes; it lives as long as the node."""
        try:
            return self._metadata
        except AttributeError:
            self._metadata: dict[Any, Any] = {}
            return self._metadata

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        return tuple(as_function(edge) for edge in self.edges)

    def _sequence_nr(self) -> int:
        return -self._sequence

    def _hooks(self) -> Hooks:
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks

    def register_hook(self, fn: Any) -> RemovableHandle:
        """Call ``fn(grad_inputs, grad_outputs)`` after this node's backward; what it returns replaces
        ``grad_inputs``."""
        return RemovableHandle(self._hooks().post, fn)

    def register_prehook(self, fn: Any) -> RemovableHandle:
        """Call ``fn(grad_outputs)`` before this node's backward; what it returns replaces them."""
        return RemovableHandle(self._hooks().pre, fn)

    def __repr__(self) -> str:
        return f"<{self.title} object at {id(self):#x}>"


class Output:
    """The edge to one result of a node that has several."""

    __slots__ = ("_sequence", "index", "node")

    def __init__(self, node: Node, index: int):
        self.node = node
        self.index = index
        self._sequence = node._sequence


class AccumulateGrad(Node):
    """The end of the graph at a leaf, as ``next_functions`` shows it.

    The engine needs no such node (an edge may be the leaf itself); it is made when somebody looks, and is
    the same object for as long as somebody holds it.
    """

    __slots__ = ("variable",)
    title = "AccumulateGrad"
    edges: Any = ()

    def __init__(self, leaf: Any):
        self.variable = leaf

    def _sequence_nr(self) -> int:
        return 2**64 - 1

    def _hooks(self) -> Hooks:
        return hooks_of_leaf(self.variable)


def hooks_of_leaf(leaf: Any) -> Hooks:
    if leaf._hooks is None:
        leaf._hooks = Hooks()
    return leaf._hooks


class _Edge(NamedTuple):
    node: Node
    output_nr: int
    ownership_token: Any = None


class GradientEdge(_Edge):
    """A place in the graph that a gradient flows through: result ``output_nr`` of ``node``.

    Takes the place of a tensor in `torch.autograd.grad` and ``backward`` without keeping the tensor alive. See
    `torch.autograd.graph.get_gradient_edge`.
    """

    like: Any = None  # a tensor of that result's shape and dtype, without memory of its own, where it is known


def accumulator(leaf: Any) -> AccumulateGrad:
    known = leaf.__dict__.get("_accumulator")
    node = None if known is None else known()
    if node is None:
        node = AccumulateGrad(leaf)
        leaf.__dict__["_accumulator"] = weakref.ref(node)
    return node


def as_function(edge: Any) -> tuple[Any, int]:
    if edge is None:
        return (None, 0)
    if type(edge) is Output:
        return (edge.node, edge.index)
    if isinstance(edge, Node):
        return (edge, 0)
    return (accumulator(edge), 0)
