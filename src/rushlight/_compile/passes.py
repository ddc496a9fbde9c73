"""Graph to graph: what makes a program smaller without changing what it computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .graph import Graph, Operation, Value, acts


def with_operations(graph: Graph, operations: list[Operation], renamed: dict[Value, Value] | None = None) -> Graph:
    """``graph`` with other operations, and the inputs and constants that those need."""
    out = Graph()
    names = renamed or {}
    out.operations = operations
    out.results = [names.get(v, v) for v in graph.results]
    used = {v for operation in operations for v in operation.needed} | set(out.results)
    out.inputs = [v for v in graph.inputs if v in used]
    out.constants = [v for v in graph.constants if v in used]
    return out


def without_dead_code(graph: Graph) -> Graph:
    """Operations whose results nothing needs are left out. Random draws and checks are not."""
    needed = set(graph.results)
    kept: list[Operation] = []
    for operation in reversed(graph.operations):
        if acts(operation) or not needed.isdisjoint(operation.outputs):
            kept.append(operation)
            needed.update(operation.needed)
    return with_operations(graph, kept[::-1])


def without_repetition(graph: Graph) -> Graph:
    """Operations that were done before on the same values are not done again."""
    names: dict[Value, Value] = {}
    known: dict[Any, Operation] = {}
    kept: list[Operation] = []
    for operation in graph.operations:
        operation = renamed(operation, names)
        key = None if acts(operation) else identity(operation)
        same = known.get(key) if key is not None else None
        if same is not None:
            names.update(zip(operation.outputs, same.outputs))
            continue
        if key is not None:
            known[key] = operation
        kept.append(operation)
    return with_operations(graph, kept, names)


def renamed(operation: Operation, names: dict[Value, Value]) -> Operation:
    """``operation`` on the values that stand for its own. It makes the same values."""
    if not any(v in names for v in operation.needed):
        return operation
    new = lambda x: names.get(x, x) if isinstance(x, Value) else x
    out = Operation(
        operation.primitive,
        tuple([new(x) for x in operation.inputs]),
        {k: new(x) for k, x in operation.params.items()},
        operation.place,
    )
    out.outputs = operation.outputs
    for value in out.outputs:
        value.origin = out
    return out


def identity(operation: Operation) -> Any:
    """What two operations have in common that compute the same; None where that cannot be told."""
    try:
        key = (
            id(operation.primitive),
            tuple([frozen(x) for x in operation.inputs]),
            tuple(sorted((k, frozen(x)) for k, x in operation.params.items())),
        )
        hash(key)
    except TypeError:
        return None
    return key


def frozen(x: Any) -> Any:
    """A hashable that tells apart what computes differently: 1 from 1.0 and True, 0.0 from -0.0."""
    if isinstance(x, (list, tuple)):
        return (type(x).__name__, *[frozen(v) for v in x])
    if isinstance(x, np.ndarray):
        raise TypeError
    if isinstance(x, Value):
        return ("value", x.number)
    return (type(x).__name__, repr(x)) if isinstance(x, (int, float, complex)) else x


def simplified(graph: Graph, show: Callable[[str, Graph], None] | None = None) -> Graph:
    """All passes, each checked. show: called with the name and the result of each."""
    for each in (without_dead_code, without_repetition, without_dead_code):
        graph = each(graph)
        graph.check()
        if show is not None:
            show(each.__name__, graph)
    return graph
