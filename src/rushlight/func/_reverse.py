"""Gradients of functions, by reverse mode.

A function is run on fresh leaves, which nobody else has seen, with recording on; a backward pass goes from its
outputs to these leaves and no further. So derivatives nest without knowing of each other: an inner backward pass
stops at its own leaves, an outer one goes through whatever was recorded of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from .._core.autograd_methods import capture_key, root_cotangent
from .._core.engine import Backward, target_of
from .._core.graph import Node, Output
from .._core.levels import Level, has_history
from .._core.modes import state
from .._core.tensor import Tensor, alias, edge_of
from .._core.views import argument_of
from ..utils._pytree import TreeSpec, tree_flatten, tree_map, tree_unflatten
from ._arguments import Argnums, check_outputs, chosen, replaced, sketch, split_aux


@contextmanager
def recording() -> Iterator[None]:
    """Record at this level, whatever is done outside; at levels below as outside."""
    before = state.grad, state.cut
    differentiated, state.differentiated = state.differentiated, True
    level = state.interpreter
    off = level is not None and not before[0] and before[1] is not None  # by the user's wish, for all levels
    if off:
        below = level.grad, level.cut
        level.grad, level.cut = before
    state.set_grad(True, None)
    try:
        yield
    finally:
        state.set_grad(*before)
        state.differentiated = differentiated
        if off:
            level.grad, level.cut = below


def fresh(t: Any) -> Tensor:
    """A new tensor like ``t`` that requires grad: a leaf, or connected to the history that ``t`` has at this level."""
    if not isinstance(t, Tensor):
        raise ValueError(f"Thing passed to transform API must be Tensor, got {type(t)}")
    if t._data.dtype.kind not in "fcV":
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    level = state.interpreter
    if level is not None and level.transforms and level.content(t) is None:
        return leaf(level.lift(t))  # its history is at a level below, and stays there
    return argument_of(t) if edge_of(t) is not None else leaf(alias(t))


def leaf(t: Tensor) -> Tensor:
    t._requires_grad = True
    return t


def is_live(t: Tensor) -> bool:
    """Whether the history of ``t`` leads to a leaf that wants a gradient."""
    return reached([edge_of(t)], ())[0]


def reached(edges: list[Any], own: Collection[Any]) -> tuple[bool, bool]:
    """Where histories lead: whether to a leaf that wants a gradient, and whether to any leaf that is not in ``own``.

    Found in one walk, which ends at a leaf that wants one.
    """
    stack = [target_of(edge) for edge in edges if edge is not None]
    seen = set(stack)
    beyond = False
    while stack:
        node = stack.pop()
        if not isinstance(node, Node):
            if node._requires_grad:
                return True, True
            beyond = beyond or node not in own
            continue
        for edge in node.edges:
            if edge is not None:
                target = edge.node if type(edge) is Output else edge
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
    return False, beyond


class Tape:
    """One call of a function, recorded from fresh leaves on."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any):
        self.level: Level | None = state.interpreter
        recorded_outside = state.grad
        with recording():
            # None: all arguments, which are a tuple then.
            given = args if argnums is None else chosen(args, argnums)
            leaves = tree_map(fresh, given)
            self.leaves, self.spec = tree_flatten(leaves)
            self.keys: list[Any] = [capture_key(x) for x in self.leaves]
            self.output = function(*(leaves if argnums is None else replaced(args, argnums, leaves)), **kwargs)
        self.recorded_outside = recorded_outside

    def set_outputs(self, outputs: list[Tensor]) -> None:
        """Say what is to be differentiated; must come before anything is let `outside`."""
        self.outputs = outputs
        self.edges = [edge_of(t) for t in outputs]
        for x in self.leaves:
            if edge_of(x) is x:
                x._requires_grad = False  # from now on nobody else's business
        targets = {key[0] for key in self.keys}
        live, beyond = reached(self.edges, targets)
        # Whether the outputs have a history beyond the leaves, which must be recorded on.
        self.live = live and self.recorded_outside
        # Where to go; to the leaves alone, which needs no looking for the way where nothing else can be reached.
        self.wanted = targets if beyond else None

    def outside(self, t: Any) -> Any:
        """A tensor as it may be seen outside: without the history that leads to the leaves alone."""
        if not isinstance(t, Tensor):
            raise RuntimeError(f"Expected tensors, got unsupported type {type(t)}")
        if edge_of(t) is None or (self.recorded_outside and is_live(t)):
            return t
        return alias(t)

    def outputs_outside(self) -> list[Tensor]:
        """The outputs as they may be seen outside: `outside` of each, for which nothing is looked up again."""
        if self.live:
            return [self.outside(t) for t in self.outputs]
        return [t if edge is None else alias(t) for t, edge in zip(self.outputs, self.edges)]

    def pull_back(self, cotangents: list[Any], *, keep: bool, create_graph: bool) -> list[Tensor]:
        """The cotangents of the leaves, for those of the outputs."""
        roots = [
            (edge, root_cotangent(t, g))
            for edge, t, g in zip(self.edges, self.outputs, cotangents, strict=True)
            if edge is not None
        ]
        captured: dict[Any, Any] = dict.fromkeys(self.keys)
        if roots:
            Backward(keep or create_graph, create_graph, captured, self.wanted).run(roots)
        found = [captured[key] for key in self.keys]
        return [x.new_zeros(x._data.shape) if g is None else g for x, g in zip(self.leaves, found)]


# -- gradients of numbers ------------------------------------------------------------------------------------


def grad_and_value(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """Like `grad`, of both the gradient and the value: ``(grad, value)``, or ``(grad, (value, aux))``.

    >>> import rushlight as torch
    >>> torch.func.grad_and_value(torch.sin)(torch.tensor(0.0))
    (tensor(1.), tensor(0.))
    """
    api = "grad_and_value(f)(*args)"

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        tape = Tape(func, args, kwargs, argnums)
        output, aux = split_aux(tape.output, has_aux, api)
        if not isinstance(output, Tensor):
            raise RuntimeError(f"{api}: Expected f(*args) to return a Tensor, got {type(output)}")
        if output._data.ndim:
            raise RuntimeError(
                f"{api}: Expected f(*args) to return a scalar Tensor, got tensor with {output._data.ndim} dims. Maybe "
                "you wanted to use the vjp or jacrev APIs instead?"
            )
        tape.set_outputs([output])
        found = tape.pull_back([None], keep=False, create_graph=tape.live)
        grads = tree_unflatten([tape.outside(g) for g in found], tape.spec)
        (value,) = tape.outputs_outside()
        return grads, (value, tree_map(tape.outside, aux)) if has_aux else value

    return wrapper


def grad(func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that returns the gradient of ``func``, which must return a tensor of one element, without dimensions.

    argnums: with respect to which positional argument, a tensor or nested containers of tensors; a tuple of several
    gives a tuple. has_aux: ``func`` returns ``(value, aux)``, and what is returned is ``(grad, aux)``. Raises
    RuntimeError where the value is no such tensor.

    >>> import rushlight as torch
    >>> torch.func.grad(lambda p: (p["a"] * p["b"]).sum())({"a": torch.tensor(2.0), "b": torch.tensor(3.0)})
    {'a': tensor(3.), 'b': tensor(2.)}
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        grads, value = both(*args, **kwargs)
        return (grads, value[1]) if has_aux else grads

    return wrapper


# -- vector-Jacobian products ------------------------------------------------------------------------------------


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """``func(*primals)``, and the function that takes cotangents of it to cotangents of ``primals``.

    Returns ``(output, vjp_fn)``, or ``(output, vjp_fn, aux)``. ``vjp_fn(cotangents)``, with cotangents shaped as the
    output, gives the product with the Jacobian from the left, a tuple with one for each primal; it may be called
    again and again.

    >>> import rushlight as torch
    >>> y, pull_back = torch.func.vjp(lambda a, b: a * b, torch.tensor(2.0), torch.tensor(3.0))
    >>> pull_back(torch.tensor(10.0))
    (tensor(30.), tensor(20.))
    """
    return vjp_of(func, primals, None, has_aux)


def vjp_of(func: Callable[..., Any], primals: tuple[Any, ...], argnums: Any, has_aux: bool) -> Any:
    """`vjp` with respect to those primals that ``argnums`` names (None: all)."""
    tape = Tape(func, primals, {}, argnums)
    output, aux = split_aux(tape.output, has_aux, "vjp(f, *primals)")
    outputs, spec = tree_flatten(output)
    check_outputs(outputs, "vjp(f, *primals)")
    for out in outputs:
        if out._data.dtype.kind not in "fcV":
            raise RuntimeError(
                "vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype "
                f"{out.dtype}"
            )
    tape.set_outputs(outputs)
    pull_back = Pullback(tape, spec)
    result = tree_unflatten(tape.outputs_outside(), spec)
    return (result, pull_back, tree_map(tape.outside, aux)) if has_aux else (result, pull_back)


class Pullback:
    """What `vjp` returns beside the output."""

    def __init__(self, tape: Tape, spec: TreeSpec):
        self.tape = tape
        self.spec = spec  # of the output

    def __call__(self, cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        """The cotangents of the primals. retain_graph: whether it will be called again. create_graph: whether what it
        does is recorded; by default where recording is on."""
        given, spec = tree_flatten(cotangents)
        if spec != self.spec:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of outputs to the "
                f"function. cotangents: {sketch(spec)}, primal output: {sketch(self.spec)}"
            )
        tape = self.tape
        given = [root_cotangent(t, g) for t, g in zip(tape.outputs, given)]
        wanted = state.grad if create_graph is None else create_graph
        traced = any(has_history(g) for g in given)
        recorded = wanted and (tape.live or traced)
        with nullcontext() if recorded else unrecorded_above(tape.level):
            found = tape.pull_back(given, keep=retain_graph, create_graph=recorded)
        if recorded:
            found = [g if is_live(g) else alias(g) for g in found]
        return tree_unflatten(found, tape.spec)


@contextmanager
def unrecorded_above(level: Level | None) -> Iterator[None]:
    """Record nothing at ``level`` on behalf of the levels above it.

    What a tape of that level saved has a history there, which leads to its leaves alone.
    """
    above: list[tuple[Level, bool, Any]] = []
    each = state.interpreter
    while each is not level and each is not None:
        above.append((each, each.grad, each.cut))
        each.grad, each.cut = False, None
        each = each.outer
    try:
        yield
    finally:
        for level, grad, cut in above:
            level.grad, level.cut = grad, cut
