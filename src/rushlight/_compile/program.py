"""A traced function, ready to be called: when it holds, what it reads, what it computes, what it writes.

A `Program` is one specialisation. Calling it gives the function's result, or `MISS` where it does not hold.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from .._core.memory import has_its_own
from .._core.tensor import Tensor, ndarray
from . import debug
from .entry import FAILED, Entry, order_of, same_place
from .graph import Value, extracted
from .joint import Division
from .passes import simplified
from .sources import Cotangent, NumberSource, Requirement, Source
from .survey import Edge, is_same
from .trace import Trace


class Plan(Protocol):
    """Runs a graph: ``plan(inputs, outs)``, see `NumPyPlan`."""

    def __call__(self, inputs: Sequence[ndarray], outs: Sequence[ndarray]) -> None: ...


class Program:
    """What a trace has become. plan_of: makes a plan of a graph (see `NumPyPlan`)."""

    def __init__(self, trace: Trace, plan_of: Callable[..., Plan], title: str, place: Any):
        self.title = title
        self.place = place
        self.spec, self.output_spec = trace.spec, trace.output_spec
        self.modes = trace.modes
        self.returned, self.writes, self.counted = trace.returned, trace.writes, trace.counted
        self.gradients = trace.gradients
        self.returned_at = {r.position for r in self.returned if r.kind == "value"}
        self.leaf_kinds = [
            (type(x), None if isinstance(x, Tensor) or type(x) in (int, float) else x) for x in trace.leaves
        ]
        self.divide(trace)
        self.read_numbers(trace)
        self.edges = [e for e in unique(trace.survey.edges) if not self.is_number(e)]
        self.reflects = trace.survey.reflects  # attributes of arguments may be looked at that are not there now
        self.edge_names: list[tuple[Edge, str, str | None]] = []
        self.requirements(trace)
        over = {}
        for source, position in self.writes:
            for i, v in enumerate(self.graph.inputs):
                if same_place(v.origin.source, source):
                    over[position] = i
        self.plan_of = plan_of
        self.plan = plan_of(self.graph, over)
        self.backward = BackwardPlans(self.division, plan_of) if self.division is not None else None
        self.lock = threading.Lock()
        self.error: BaseException | None = None
        self.calls = 0
        self.entry = Entry(self)
        self.run = self.entry.function()

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.run(args, kwargs)

    def divide(self, trace: Trace) -> None:
        """The simplified graph; with history that goes on, cut in two."""
        graph, joint = trace.tracing.graph, trace.joint
        n = len(trace.results)
        graph.results = [*trace.results, *(joint.results if joint is not None else ())]
        debug.traced(self.title, graph)
        graph = simplified(graph, debug.after_pass(self.title))
        self.division: Division | None = None
        if joint is not None:
            rest = iter(graph.results[n:])
            for pattern, values in joint.patterns.items():
                joint.patterns[pattern] = [None if v is None else next(rest) for v in values]
            self.division = Division(graph, graph.results[:n], joint)
            inputs = [v for v in graph.inputs if not isinstance(v.origin.source, Cotangent)]
            graph = extracted(graph, inputs, [*graph.results[:n], *self.division.saved], acting=True)
            used = {v for operation in graph.operations for v in operation.needed} | set(graph.results)
            graph.inputs = [v for v in graph.inputs if v in used]
            for i, v in enumerate(graph.inputs):
                v.origin.position = i
        self.graph = graph

    def read_numbers(self, trace: Trace) -> None:
        """The Python numbers that the program reads, and what must be true of those that steered it."""
        self.fixed = list(trace.tracing.fixed.items())
        self.compared = list(dict.fromkeys(trace.tracing.compared))
        read = [v.origin.source for v in self.graph.inputs if isinstance(v.origin.source, NumberSource)]
        if self.division is not None:
            read += [v.origin.source for v in self.division.inputs if isinstance(v.origin.source, NumberSource)]
        read += [s for s, _ in self.fixed] + [s for s, *_ in self.compared]
        self.numbers: list[NumberSource] = list({id(s): s for s in read}.values())

    def is_number(self, edge: Edge) -> bool:
        """Whether an edge is a number that is read at every call."""
        return edge.kind == "item" and any(s.container is edge.container and s.key == edge.key for s in self.numbers)

    def requirements(self, trace: Trace) -> None:
        """What is expected of tensors: held ones and arguments, and gradients where they are read or written."""
        used = [v.origin.source for v in self.graph.inputs] + [s for s, _ in self.writes]
        if self.division is not None:
            used += [v.origin.source for v in self.division.inputs]
        needed = [
            r for r in trace.requirements if not r.source.of_gradient or any(same_place(r.source, u) for u in used)
        ]
        self.held = [r for r in needed if r.source.argument is None]
        self.given = [r for r in needed if r.source.argument is not None]
        self.touched = [s for s, _ in self.writes]
        for s, _ in self.gradients:
            if s.argument is not None or any(r.source.argument is not None for r in needed):
                self.touched.append(s)
        arrays = [s.find(trace.leaves) for s in self.touched]
        self.touched_views = any(t is not None and not has_its_own(t._data) for t in arrays)
        self.pairs: dict[tuple[Source, Source], tuple[bool, bool]] = {}
        tensors = [(s, t) for t, s, _ in trace.tensors]
        for i, (b, t) in enumerate(tensors):
            if b.argument is None:
                continue
            for a, other in tensors[:i]:
                if other is t or other._data is t._data:
                    self.pairs[a, b] = (other is t, True)

    def alike(self, a: str, b: str, entry: Entry) -> bool:
        """Whether two expressions of arrays were the same array when traced."""
        return any(both and {entry.array(x), entry.array(y)} == {a, b} for (x, y), (_, both) in self.pairs.items())

    # -- slow ways ----------------------------------------------------------------------------------------------------

    def again(self) -> bool:
        """Whether what is another object than before is equal to it; remembers the new ones if so."""
        names = self.entry.names
        if self.modes[2] is not names["defaults"].dtype:
            return False
        found = {}
        for edge, _, name in self.edge_names:
            now = edge.now()
            if not edge.equals(now):
                return False
            if name is not None:
                found[name] = now
        for i, r in enumerate(self.held):
            t = r.source.find([])
            if not r.met_by(t):
                return False
            found[self.entry.arrays[i]] = t._data
        arrays = [found[name] for name in self.entry.arrays.values()]
        touched = [
            found[self.entry.arrays[i]]
            for i, r in enumerate(self.held)
            if any(same_place(r.source, s) for s, _ in self.writes)
        ]
        for a in touched:
            if not self.touched_views and not has_its_own(a):
                return False
            if any(b is not a and np.may_share_memory(a, b) for b in arrays) or not a.flags.writeable:
                return False
        names.update(found)
        return True

    def apart(self, array: ndarray, others: tuple[ndarray, ...]) -> bool:
        """Whether an array shares no memory with others."""
        return not any(np.may_share_memory(array, other) for other in others)

    def wait(self) -> bool:
        """Another thread is inside: wait for it. False where it is this thread, further up."""
        frame: Any = sys._getframe(2)
        while frame is not None:
            if frame.f_code is self.run.__code__:
                return False
            frame = frame.f_back
        return self.lock.acquire()

    @property
    def repeats(self) -> bool:
        """Whether several calls can be made in one: each goes on from what the last one left behind."""
        return getattr(self.plan, "repeats", False) and self.division is None

    def failed(self, error: BaseException) -> Any:
        self.error = error
        return FAILED

    def inputs_for(self, leaves: list[Any]) -> list[ndarray]:
        """Copies of the arrays that the plan would be given for a call."""
        arrays = []
        for v in self.graph.inputs:
            source = v.origin.source
            x = source.find(leaves)
            arrays.append(np.array(x, v.dtype) if isinstance(source, NumberSource) else x._data.copy(order="K"))
        return arrays

    def why_not(self, leaves: list[Any], spec: Any, modes: tuple[Any, ...]) -> str:
        """Why the program does not hold for a call, in words."""
        if modes != self.modes:
            return f"(grad mode, inference mode, default dtype) is {modes}, and was {self.modes}"
        if spec != self.spec:
            return "the arguments are built otherwise"
        for i, (x, (kind, value)) in enumerate(zip(leaves, self.leaf_kinds)):
            if type(x) is not kind:
                return f"argument {i} is of type {type(x).__name__}, and was of type {kind.__name__}"
            if not isinstance(x, Tensor) and kind not in (int, float) and not (x is value or is_same(x, value)):
                return f"argument {i} is {x!r}, and was {value!r}"
        for source, value in self.fixed:
            if not is_same(source.find(leaves), value):
                return f"{source!r} is {source.find(leaves)!r}, and was {value!r}"
        for source, how, other, outcome in self.compared:
            if getattr(source.find(leaves), how)(other) is not outcome:
                return f"{source!r} is {source.find(leaves)!r}, which compares otherwise with {other!r}"
        for edge in self.edges:
            if not edge.equals(edge.now()):
                return f"{edge} is {short(edge.now())}, and was {short(edge.value)}"
        for r in (*self.held, *self.given):
            t = r.source.find(leaves)
            if not r.met_by(t):
                now = Requirement(r.source, t, t._data) if isinstance(t, Tensor) else short(t)
                return f"{r.source!r} is {now}, and was {r}"
        return "tensors share memory in another way"


class BackwardPlans:
    """The plans of the backward programs, made when first needed."""

    def __init__(self, division: Division, plan_of: Callable[..., Plan]):
        self.division = division
        self.plan_of = plan_of
        self.plans: dict[tuple[int, ...], Plan] = {}
        self.lock = threading.Lock()

    def run(self, pattern: tuple[int, ...], cotangents: list[ndarray], kept: list[ndarray]) -> list[ndarray]:
        graph = self.division.backward[pattern]
        outs = [fresh(v) for v in graph.results]
        with self.lock:
            inputs = [*[a if a.flags.c_contiguous else a.copy() for a in cotangents], *kept]
            plan = self.plans.get(pattern)
            if plan is None:
                for v, a in zip(graph.inputs, inputs, strict=True):
                    v.strides = a.strides  # what was kept is without gaps, whatever the trace saw
                plan = self.plans[pattern] = self.plan_of(graph, {})
            plan(inputs, outs)
        return outs


def fresh(v: Value) -> ndarray:
    """Memory for a value, laid out as the trace saw it."""
    order = order_of(v)
    if order is None:
        return np.empty(v.shape, v.dtype)
    return np.empty([v.shape[d] for d in order], v.dtype).transpose(np.argsort(order))


def unique(edges: list[Edge]) -> list[Edge]:
    return list({(e.kind, id(e.container), repr(e.key)): e for e in edges}.values())


def short(x: Any) -> str:
    text = repr(x)
    return text if len(text) < 60 else f"{text[:57]}..."
