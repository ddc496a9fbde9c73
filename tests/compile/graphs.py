"""Graphs of functions, without the driver around them, and plans run on memory whose edges are watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rushlight._compile.graph import Graph
from rushlight._compile.passes import simplified
from rushlight._compile.tracing import Tracing
from rushlight.utils._pytree import tree_flatten

GUARD = 128
PATTERN = 0xAB


def span(a: np.ndarray) -> tuple[int, int]:
    """The bytes that an array touches, from its first element's place on."""
    if not a.size:
        return 0, 0
    steps = [s * (n - 1) for s, n in zip(a.strides, a.shape)]
    return sum(min(0, s) for s in steps), sum(max(0, s) for s in steps) + a.itemsize


class Watched:
    """Copies of arrays, laid out alike, each between bytes that nobody may touch."""

    def __init__(self) -> None:
        self.raw: list[tuple[np.ndarray, int]] = []

    def copy(self, a: np.ndarray) -> np.ndarray:
        low, high = span(a)
        raw = np.full(high - low + 2 * GUARD, PATTERN, np.uint8)
        out: np.ndarray = np.ndarray(a.shape, a.dtype, raw.data, GUARD - low, a.strides)
        out[...] = a
        self.raw.append((raw, high - low))
        return out

    def check(self) -> None:
        for raw, n in self.raw:
            assert (raw[:GUARD] == PATTERN).all(), "written before the beginning"
            assert (raw[GUARD + n :] == PATTERN).all(), "written beyond the end"


def graph_of(
    function: Callable[..., Any], *args: Any, held: tuple[Any, ...] = ()
) -> tuple[Graph, list[np.ndarray], dict[int, int]]:
    """The graph of a call, the arrays of its inputs as they were, and which results lie over which inputs.

    held: tensors that the function has by closure.
    """
    tensors = [*args, *held]
    watched = Watched()
    arrays = [watched.copy(t._data) for t in tensors]
    tracing = Tracing({id(t._data): i for i, t in enumerate(tensors)})
    with tracing:
        for t in tensors:
            tracing.watch(t)
        out, _ = tree_flatten(function(*args))
        written = [m for m in tracing.memories if m.source is not None and m.written]
        tracing.graph.results = [tracing.value_of(x) for x in out] + [m.value for m in written]
    assert tracing.stopped is None, tracing.stopped
    graph = simplified(tracing.graph)
    at = {v.origin.source: i for i, v in enumerate(graph.inputs)}
    over = {len(out) + i: at[m.source] for i, m in enumerate(written) if m.source in at}
    return graph, [arrays[v.origin.source] for v in graph.inputs], over


def run(plan: Any, graph: Graph, inputs: list[np.ndarray], over: dict[int, int]) -> list[np.ndarray]:
    """The results of a plan, on copies of the inputs."""
    from rushlight._compile.program import fresh

    watched = Watched()
    given = [watched.copy(a) for a in inputs]
    outs = [given[over[k]] if k in over else watched.copy(fresh(v)) for k, v in enumerate(graph.results)]
    plan(given, outs)
    watched.check()
    return outs
