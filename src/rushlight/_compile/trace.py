"""One traced call: what the function returned and left behind, and where all of it is found at the next call."""

from __future__ import annotations

import array
import gc
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .._core.compiling import being_compiled
from .._core.engine import target_of
from .._core.graph import Hooks, Node, next_sequence
from .._core.tensor import Tensor, edge_of, ndarray
from .._core.traced_number import TracedNumber
from ..utils._pytree import TreeSpec, tree_flatten, tree_unflatten
from .effects import Watchman
from .graph import Value
from .joint import Joint
from .sources import NumberSource, Requirement, Source, modes
from .survey import PLAIN, Edge, Survey
from .tracing import Traced, Tracing

ONE_AT_A_TIME = threading.RLock()


class Result:
    """A part of what the function returns. kind: "value" (of the graph), "number", "input", "view" and "gradient" (of
    an input), "same" (a part that was returned before), "constant"."""

    __slots__ = ("edge", "kind", "position", "value")

    def __init__(self, kind: str, position: int = -1, value: Any = None, edge: Any = None):
        self.kind = kind
        self.position = position  # among the results of the graph
        self.value = value
        self.edge = edge  # a history that is used up: errors name it


class Trace:
    """``run()`` calls the function and follows it; afterwards `stopped` says why it cannot be compiled, or None."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        varying: set[tuple[int, Any]] = frozenset(),  # type: ignore[assignment]
        further: Sequence[Any] = (),
    ):
        self.function = function
        self.leaves: list[Any]
        self.spec: TreeSpec
        self.leaves, self.spec = tree_flatten((args, kwargs))
        self.args, self.kwargs = args, kwargs
        self.further = further  # functions that an earlier trace met, which no survey had found
        self.unknown: list[Any] = []  # such functions, met by this one
        self.survey = Survey(function, *further, *[x for x in self.leaves if not isinstance(x, Tensor)])
        self.varying = varying
        self.modes = modes()
        self.stopped: tuple[str, Any] | None = None
        self.changed: Edge | None = None
        self.tensors: list[tuple[Tensor, Source, Tensor | None]] = []  # with the gradients that they had
        self.requirements: list[Requirement] = []
        self.returned: list[Result] = []
        self.writes: list[tuple[Source, int]] = []  # tensors written to, with positions among the results
        self.versions: list[tuple[Tensor, Source, int]] = []  # of tensors from before, when the trace began
        self.counted: list[Source] = []  # whose version rose: not that of what was written to through `data`
        self.gradients: list[tuple[Source, int | None]] = []  # gradients replaced; None: there is none any more
        self.joint: Joint | None = None
        self.results: list[Value] = []
        self.output_spec: TreeSpec
        self.codes: set[types.CodeType] = set()  # that the call ran
        self.bounds: dict[Node, Source] = {}  # the ends of the trace's history that stand for other history

    def run(self) -> Any:
        with ONE_AT_A_TIME:
            tracing = self.tracing = Tracing(self.sources())
            tracing.guarded = {id(x) for e in self.survey.edges for x in (e.value, e.container)}
            if self.survey.refusal is not None:
                tracing.stopped = self.survey.refusal, None
            for x in self.leaves:
                if isinstance(x, Tensor) and not self.survey.names.isdisjoint(x.__dict__):
                    tracing.stopped = "an attribute of an argument", None
                if isinstance(x, np.ndarray):
                    tracing.stopped = tracing.stopped or ("a NumPy array as an argument", None)
            gc.freeze()  # by which what is made from here on is known
            try:
                with tracing, being_compiled(tracing.stop):
                    output = self.call()
            finally:
                unwrap(tracing)
                gc.unfreeze()
            put_numbers_back(tracing)
            self.changed = self.survey.changed()
            missed = self.codes - self.survey.codes
            if missed:
                self.unknown = [x for x in gc.get_referrers(*missed) if isinstance(x, types.FunctionType)]
        return output

    def sources(self) -> dict[int, Any]:
        """The arrays that the function may find in tensors, and how those are found."""
        found: dict[int, Any] = {}
        for t in self.survey.tensors.values():
            self.add_source(found, t, Source(t))
        for i, t in enumerate(self.leaves):
            if isinstance(t, Tensor):
                self.add_source(found, t, Source(argument=i))
        return found

    def add_source(self, found: dict[int, Any], t: Tensor, source: Source) -> None:
        g = t._grad
        self.tensors.append((t, source, g))
        self.requirements.append(Requirement(source, t, t._data))
        found.setdefault(id(t._data), source)
        self.versions.append((t, source, t._version))
        if g is not None:
            gradient = Source(source.tensor, source.argument, of_gradient=True)
            self.versions.append((g, gradient, g._version))
            found.setdefault(id(g._data), gradient)
            self.requirements.append(Requirement(gradient, g, g._data))

    def call(self) -> Any:
        tracing = self.tracing
        leaves = list(self.leaves)
        restore: list[tuple[dict[Any, Any], Any, Any, Any]] = []
        for i, x in enumerate(leaves):
            if type(x) in (float, int):
                number = tracing.number(x, NumberSource(type(x), argument=i))
                if self.survey.asks_types:
                    tracing.fix(number)
                else:
                    leaves[i] = number
        for container, key in () if self.survey.asks_types else self.survey.numbers(self.varying):
            value = container[key]
            number = tracing.number(value, NumberSource(type(value), container=container, key=key))
            restore.append((container, key, value, number))
            container[key] = number
        histories = []
        for t, source, g in self.tensors:
            tracing.watch(t)
            if g is not None:
                tracing.watch(g)
            edge = edge_of(t)
            if edge is not None and edge is not t and not isinstance(t._fn, Bound):
                bound = Bound(edge, tracing)
                histories.append((t, t._fn, bound))
                self.bounds[bound] = source
                t._fn = bound
            else:
                histories.append((t, t._fn, t._fn))
        before = [(t._requires_grad, t._hooks, t._data) for t, _, _ in self.tensors]
        watchman = Watchman(tracing, self.survey.generators)
        put_back: list[tuple[Any, Any, Any, Any]] = []
        given = in_place((self.args, self.kwargs), self.spec, iter(leaves), put_back)
        before_call, _ = tree_flatten(given)
        try:
            with watchman:
                output = self.function(*given[0], **given[1])
            self.codes = watchman.codes
            if any(getattr(hook, "__code__", None) in (None, *self.codes) for hook in self.hooks_of_arguments()):
                tracing.stop("to call hooks of an argument")
            after_call, spec = tree_flatten(given)
            if spec != self.spec or any(a is not b for a, b in zip(before_call, after_call)):
                tracing.stop("to change a container that it is given")
            for (t, _, now), (flag, hooks, data) in zip(histories, before):
                if t._fn is not now or t._requires_grad is not flag or t._hooks is not hooks:
                    tracing.stop("to change the history of a tensor from outside")
                if t._data is not data:
                    tracing.stop("to give a tensor from outside other memory")
            self.finish(output)
        finally:
            for container, key, value, number in restore:
                if container.get(key) is number:
                    container[key] = value
            for t, fn, now in histories:
                if t._fn is now:
                    t._fn = fn
            self.stopped = tracing.stopped
            for container, key, value, number in put_back:
                if key in container if isinstance(container, dict) else key < len(container):
                    if container[key] is number:
                        container[key] = value
        leaves, spec = tree_flatten(output)
        if not any(isinstance(x, TracedNumber) for x in leaves):
            return output
        return tree_unflatten([x.value if isinstance(x, TracedNumber) else x for x in leaves], spec)

    # -- what is left behind ----------------------------------------------------------------------------------------

    def wanted(self, value: Value) -> int:
        self.results.append(value)
        return len(self.results) - 1

    def finish(self, output: Any) -> None:
        """Note what the function returns and what it leaves behind, while its tensors are known by their arrays."""
        tracing = self.tracing
        self.output, self.output_spec = tree_flatten(output)
        if tracing.stopped is not None:
            return
        if has_container_of(output, self.known_containers()):
            tracing.stop("to return a container from outside")
        live: list[tuple[int, Any]] = []
        for i, x in enumerate(self.output):
            result = self.result(x, i)
            self.returned.append(result)
            if isinstance(x, Tensor) and result.kind == "value" and result.edge is not None:
                if not is_used_up(target_of(result.edge)):
                    live.append((i, x))
        self.writes = [(m.source, self.wanted(m.value)) for m in tracing.memories if m.written]
        counters = {id(t._counter): source for t, source, version in self.versions[::-1] if t._version != version}
        self.counted = list(counters.values())
        for t, source, before in self.tensors:
            g = t._grad
            if g is not before:
                if g is not None and (g.requires_grad or g._view is not None or type(g) is not Tensor):
                    tracing.stop("to leave a gradient with a history (backward with create_graph=True)")
                self.gradients.append((source, None if g is None else self.wanted(tracing.value_of(g))))
        if overlapping(tracing.memories):
            tracing.stop("to write to memory that two of its tensors share")
        if any(not m.array.flags.writeable for m in tracing.memories if m.written):
            tracing.stop("to write to memory that is read-only")
        tracing.graph.results = self.results
        if live and tracing.stopped is None:
            self.joint = Joint(self, live)

    def result(self, x: Any, number: int) -> Result:
        tracing = self.tracing
        if isinstance(x, TracedNumber):
            return Result("number", self.wanted(tracing.value_of(x.tensor)), type(x.value))
        if not isinstance(x, Tensor):
            if isinstance(x, np.ndarray):
                tracing.stop("to return a NumPy array")
            elif is_made_anew(x):
                tracing.stop(f"to return a new {type(x).__name__}")
            return Result("constant", value=x)
        for t, source, _ in self.tensors:
            if t is x:
                return Result("input", value=source)
            if t._grad is x:
                return Result("gradient", value=source)
        for i, other in enumerate(self.output[:number]):
            if other is x:
                return Result("same", i)
        where = tracing.look_up(x)
        if where.memory.source is not None:
            return self.view_of_input(x, where)
        for other in self.output[:number]:
            if isinstance(other, Tensor) and tracing.look_up(other).memory is where.memory:
                tracing.stop("to return two views of one piece of memory")
        if type(x) is not Tensor:
            tracing.stop(f"to return a new {type(x).__name__}")
        edge = edge_of(x)
        if edge is x or x._hooks is not None:
            tracing.stop("to return a new leaf" if edge is x else "hooks on what it returns")
        return Result("value", self.wanted(tracing.value_of(x)), edge=edge)

    def view_of_input(self, x: Tensor, where: Any) -> Result:
        """A view of what a tensor from outside holds is made anew from that at each call."""
        t = next(t for t, source, _ in self.tensors if source is where.memory.source)
        wants = x.requires_grad
        if wants and edge_of(x) is x:
            self.tracing.stop("to return a new leaf")
        if x._hooks is not None or (
            wants and (x._view is None or x._view.base is not (t if t._view is None else t._view.base))
        ):
            self.tracing.stop("to return a view of one of its inputs with another history")
        return Result("view", value=(where.memory.source, where.chain, wants))

    def hooks_of_arguments(self) -> list[Any]:
        """Hooks that the next call's arguments need not have."""
        found: list[Any] = []
        for t in self.leaves:
            if isinstance(t, Tensor) and isinstance(t._hooks, Hooks):
                h = t._hooks
                found += [
                    hook for hooks in (*h.tensor.values(), h.pre, h.post, h.accumulated) for hook in hooks.values()
                ]
        return found

    def known_containers(self) -> set[int]:
        """The ids of the containers that were there before the call."""
        found = {id(x) for x in self.survey.kept}
        stack: list[Any] = [self.args, self.kwargs]
        while stack:
            x = stack.pop()
            if isinstance(x, (list, tuple, dict)):
                found.add(id(x))
                stack += x.values() if isinstance(x, dict) else x
        return found


def in_place(x: Any, spec: TreeSpec, leaves: Iterator[Any], written: list[tuple[Any, Any, Any, Any]]) -> Any:
    """``x`` with other leaves. Lists and dicts stay the ones that they are, since the function may write to them;
    ``written`` is what is to be undone in them: container, key, leaf, what stands for it."""
    if spec.type is None:
        return next(leaves)
    if spec.type is list or spec.type is dict:
        for key, child in zip(list(x) if spec.type is dict else range(len(x)), spec.children):
            now = x[key]
            new = in_place(now, child, leaves, written)
            if new is not now:
                written.append((x, key, now, new))
                x[key] = new
        return x
    if spec.type is tuple:
        return tuple([in_place(v, child, leaves, written) for v, child in zip(x, spec.children)])
    return tree_unflatten([next(leaves) for _ in range(spec.num_leaves)], spec)


def has_container_of(x: Any, known: set[int]) -> bool:
    """Whether a list or dict in a result is one of the known ones."""
    if isinstance(x, (list, dict)) and id(x) in known:
        return True
    if isinstance(x, (list, tuple, dict)):
        return any(has_container_of(v, known) for v in (x.values() if isinstance(x, dict) else x))
    return False


def is_made_anew(x: Any) -> bool:
    """Whether an object was made during the trace: then each call has to make one of its own."""
    if isinstance(x, (bytearray, array.array)):
        return True
    if isinstance(x, (*PLAIN, tuple)) or not gc.is_tracked(x):
        return False
    return any(x is other for other in gc.get_objects())  # those from before are frozen


class Bound(Node):
    """Where the history of a trace ends at a tensor that has a history from before."""

    __slots__ = ("tracing",)
    title = "Bound"
    frees = False

    def __init__(self, edge: Any, tracing: Tracing):
        self.edges = (edge,)
        self.hooks = None
        self._sequence = next_sequence()
        self.tracing = tracing

    def pullback(self, g: Any) -> tuple[Any, ...]:
        self.tracing.stop("a backward pass through operations from outside")
        return (g,)


def is_used_up(root: Any) -> bool:
    """Whether a backward pass from here has been, so that none can follow."""
    stack, seen = [root], {root}
    while stack:
        node = stack.pop()
        if not isinstance(node, Node):
            continue
        if node.frees and type(node.saved) is not tuple:
            return True
        for target in map(target_of, node.edges):
            if target is not None and target not in seen:
                seen.add(target)
                stack.append(target)
    return False


def overlapping(memories: list[Any]) -> bool:
    """Whether two different inputs share memory, one of which is written."""
    return any(
        other is not m and np.may_share_memory(m.array, other.array)
        for m in memories
        if m.written
        for other in memories
    )


def unwrap(tracing: Tracing) -> None:
    """Give all tensors that a trace left behind their plain arrays."""
    left = [a for a in (ref() for ref in tracing.handed_out) if a is not None]
    if left:
        for x in gc.get_referrers(*left):
            if isinstance(x, Tensor) and type(x._data) is Traced:
                x._data = x._data.view(ndarray)
    tracing.swapped.clear()


def put_numbers_back(tracing: Tracing) -> None:
    """Plain numbers for the traced ones that the program kept."""
    numbers = [n for n in (ref() for ref in tracing.numbers) if n is not None]
    if numbers:
        for x in gc.get_referrers(*numbers):
            if x is not numbers:
                put_back(x)


def put_back(x: Any) -> None:
    """Plain numbers for the traced ones in a container of the user's."""
    if isinstance(x, dict):
        for key, value in list(x.items()):
            if type(value) is TracedNumber and type(key) is not TracedNumber:
                x[key] = value.value
    elif isinstance(x, list):
        for i, value in enumerate(x):
            if type(value) is TracedNumber:
                x[i] = value.value
    elif type(x).__name__ == "cell":
        x.cell_contents = x.cell_contents.value
    elif hasattr(x, "__dict__") and not isinstance(x, type):
        put_back(x.__dict__)
