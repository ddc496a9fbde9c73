"""Results whose history goes on outside: a forward program, and one for the backward pass that may come.

After the function has returned, still under the trace, its backward pass is run for cotangents that are inputs of the
graph. The graph is then cut in two: what the results need, and the rest, which is given the values that it needs of
the first. A compiled call leaves one node in the history; its pullback runs the second program.

Which of several results a cotangent will arrive for is not known beforehand. There is a program for "for all" and one
for each; other cases are sums of the latter. (To fill in zeros was rejected: zero times infinity is not zero.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._core import errors
from .._core.engine import Backward, target_of
from .._core.graph import Node, Output, next_sequence
from .._core.modes import state
from .._core.recording import Passing
from .._core.tensor import Tensor, edge_of, ndarray, wrap
from .graph import Graph, Input, Operation, Value, acts, extracted
from .sources import Cotangent, Source

if TYPE_CHECKING:
    from .trace import Trace


class Joint:
    """The backward passes of a trace. live: the results, by their numbers, whose history goes on."""

    def __init__(self, trace: Trace, live: list[tuple[int, Tensor]]):
        tracing = trace.tracing
        self.outputs = [i for i, _ in live]
        roots = [x for _, x in live]
        ends = ends_of([target_of(edge_of(x)) for x in roots])
        if ends is None:
            tracing.stop("hooks on tensors that it computes, in a history that goes on outside")
            return
        sources = {id(t): source for t, source, _ in trace.tensors}
        self.ends: list[Source] = []
        for end in ends:
            source = trace.bounds.get(end) if isinstance(end, Node) else sources.get(id(end))
            if source is None:
                tracing.stop("to return what was computed from a leaf that it made")
                return
            self.ends.append(source)
        self.cotangents: list[Value] = []
        given: list[Tensor] = []
        for i, x in enumerate(roots):
            array = np.ones(x._data.shape, x._data.dtype)
            value = tracing.new_value(array, Input(-1, Cotangent(i)))
            self.cotangents.append(value)
            tracing.graph.inputs.append(value)
            given.append(tracing.made(array, value))
        patterns = [tuple(range(len(roots)))]
        if len(roots) > 1:
            patterns += [(i,) for i in range(len(roots))]
        self.patterns: dict[tuple[int, ...], list[Value | None]] = {}
        hooks = [(end, end._hooks) for end in ends if isinstance(end, Tensor)]
        for leaf, _ in hooks:
            leaf._hooks = None  # they run when what the program delivers arrives
        beyond = [(end, end.edges) for end in ends if isinstance(end, Node)]
        for bound, _ in beyond:
            bound.edges = ()  # what lies beyond may lead to the same leaves
        try:
            for pattern in patterns:
                captured: dict[Any, Any] = {(end, 0): None for end in ends}
                backward = Backward(True, False, captured, set(ends))
                backward.run([(edge_of(roots[i]), given[i]) for i in pattern])
                found = [captured[end, 0] for end in ends]
                self.patterns[pattern] = [None if g is None else tracing.value_of(g) for g in found]
        except RuntimeError as error:
            tracing.stop(f"a backward pass, which fails ({str(error).splitlines()[0]})")
        finally:
            for leaf, before in hooks:
                leaf._hooks = before
            for bound, edges in beyond:
                bound.edges = edges

    @property
    def results(self) -> list[Value]:
        return [v for values in self.patterns.values() for v in values if v is not None]

    def rename(self, names: dict[Value, Value]) -> None:
        for pattern, values in self.patterns.items():
            self.patterns[pattern] = [names.get(v, v) if v is not None else None for v in values]


def ends_of(roots: list[Any]) -> list[Any] | None:
    """The leaves and `Bound` nodes that a history ends at; None where there are hooks on the way."""
    ends: list[Any] = []
    stack, seen = list(roots), set(roots)
    while stack:
        node = stack.pop()
        if not isinstance(node, Node) or type(node).title == "Bound":
            ends.append(node)
            continue
        if node.hooks is not None:
            return None
        for target in map(target_of, node.edges):
            if target is not None and target not in seen:
                seen.add(target)
                stack.append(target)
    return ends


class Division:
    """A graph with backward passes, cut in two. ``saved``: the values that the forward program delivers for later, or
    that are inputs of it."""

    def __init__(self, graph: Graph, wanted: list[Value], joint: Joint):
        self.joint = joint
        cotangents = set(joint.cotangents)
        forward = made_for(wanted, graph)
        saved: dict[Value, None] = {}
        for values in joint.patterns.values():
            backward = made_for([v for v in values if v is not None], graph, forward)
            needed = [v for operation in backward for v in operation.needed]
            for v in (*needed, *[v for v in values if v is not None]):
                if (v not in cotangents and not isinstance(v.origin, (Operation,)) and isinstance(v.origin, Input)) or (
                    isinstance(v.origin, Operation) and v.origin not in backward
                ):
                    saved[v] = None
        self.read = sum(
            isinstance(v.origin, Input) for v in saved
        )  # so many inputs, the first, the backward pass reads
        # For derivatives of the backward pass the forward pass is done again, with the random numbers of the first time.
        again = made_for(list(saved), graph)
        self.drawn = [v for operation in again if acts(operation) for v in operation.outputs]
        saved.update(dict.fromkeys(self.drawn))
        self.saved = list(saved)
        for operation in again:
            for v in operation.needed:
                if isinstance(v.origin, Input) and v not in saved:
                    saved[v] = None
        self.inputs = [v for v in saved if isinstance(v.origin, Input)]
        self.saved = [v for v in saved if not isinstance(v.origin, Input)]
        self.graph = graph
        self.backward = {
            pattern: extracted(
                graph, [*[joint.cotangents[i] for i in pattern], *self.inputs, *self.saved],
                [v for v in values if v is not None],
            )
            for pattern, values in joint.patterns.items()
        }  # fmt: skip

    def recomputed(self) -> Graph:
        """The forward pass up to the saved values, from the inputs and the random numbers."""
        return extracted(self.graph, [*self.inputs, *self.drawn], self.saved)


def made_for(values: list[Value], graph: Graph, without: dict[Operation, None] | None = None) -> dict[Operation, None]:
    """The operations that values depend on, but for those given."""
    found: dict[Operation, None] = {}
    stack = [v.origin for v in values]
    while stack:
        operation = stack.pop()
        if isinstance(operation, Operation) and operation not in found and operation not in (without or ()):
            found[operation] = None
            stack += [v.origin for v in operation.needed]
    return found


class CompiledBackward(Node):
    """What a compiled call leaves in the history. ``saved``: arrays; ``inputs``: tensors, with their versions."""

    __slots__ = ("division", "inputs", "outputs", "plans")
    title = "CompiledFunctionBackward"

    def __init__(self, division: Any, plans: Any, edges: tuple[Any, ...], saved: tuple[ndarray, ...], inputs: Any):
        self.division = division
        self.plans = plans
        self.edges = edges
        self.hooks = None
        self.params = {}
        self.versions = None
        self.saved = saved
        self.inputs = inputs
        self.outputs = len(division.joint.outputs)
        self._sequence = next_sequence()

    def result(self, i: int) -> Any:
        """The edge to one result."""
        return self if self.outputs == 1 else Output(self, i)

    def pullback(self, g: Any) -> tuple[Any, ...]:
        if type(self.saved) is not tuple:
            errors.raise_freed(self)
        self.check_versions(self.inputs[: self.division.read])
        given = g if type(g) is tuple else (g,)
        pattern = tuple([i for i, each in enumerate(given) if each is not None])
        if pattern in self.division.backward:
            return self.of_pattern(pattern, given)
        found: list[Any] = [None] * len(self.edges)
        for i in pattern:
            for k, part in enumerate(self.of_pattern((i,), given)):
                if part is not None:
                    found[k] = part if found[k] is None else found[k] + part
        return tuple(found)

    def check_versions(self, inputs: Any) -> None:
        """RuntimeError where one of the inputs has been written to."""
        for t, _, version in inputs:
            if t is not None and t._version != version:
                errors.raise_changed(self, t, version)

    def of_pattern(self, pattern: tuple[int, ...], given: tuple[Any, ...]) -> tuple[Any, ...]:
        cotangents = [given[i] for i in pattern]
        if state.grad or state.interpreter is not None or any(type(g._data) is not ndarray for g in cotangents):
            found = self.recorded(pattern, cotangents)
        else:
            inputs = [a for _, a, _ in self.inputs]
            found = [wrap(a) for a in self.plans.run(pattern, [g._data for g in cotangents], [*inputs, *self.saved])]
        parts = iter(found)
        return tuple([None if v is None else next(parts) for v in self.division.joint.patterns[pattern]])

    def recorded(self, pattern: tuple[int, ...], cotangents: list[Tensor]) -> list[Tensor]:
        """The backward pass as tensors' operations, which can be differentiated: both programs, one by one."""
        division = self.division
        self.check_versions(self.inputs)
        edges = {id(source): edge for source, edge in zip(division.joint.ends, self.edges)}
        inputs = []
        for v, (_, array, _) in zip(division.inputs, self.inputs):
            t = wrap(array)
            edge = edges.get(id(v.origin.source))
            if edge is not None:
                t._fn = Passing(edge)
                t._requires_grad = True
            inputs.append(t)
        drawn = [wrap(a) for v, a in zip(division.saved, self.saved) if v in set(division.drawn)]
        saved = evaluated(division.recomputed(), [*inputs, *drawn])
        return evaluated(division.backward[pattern], [*cotangents, *inputs, *saved])


def evaluated(graph: Graph, inputs: list[Tensor]) -> list[Tensor]:
    """A graph done with tensors, operation by operation, as if the program had called them."""
    values: dict[Value, Any] = dict(zip(graph.inputs, inputs))
    values.update((v, wrap(v.origin.array)) for v in graph.constants)
    of = lambda x: values[x] if isinstance(x, Value) else x
    for operation in graph.operations:
        params = {k: of(x).item() if isinstance(x, Value) else x for k, x in operation.params.items()}
        out = operation.primitive.bind(*[of(x) for x in operation.inputs], **params)
        values.update(zip(operation.outputs, out if type(out) is tuple else (out,)))
    return [values[v] for v in graph.results]
