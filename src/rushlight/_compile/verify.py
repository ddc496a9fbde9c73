"""``compile(fn, verify=n)``: the first calls are made both ways, from the same state, and compared.

The operations are compared one by one first, each by the program's plan and by NumPy, so that what differs can be
named; then what the whole call returns and leaves behind is compared with the function itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.random.generator import default_generator
from .._core.tensor import Tensor, ndarray
from ..utils._pytree import tree_flatten
from .entry import FAILED, MISS
from .graph import Graph, extracted
from .plan import NumPyPlan
from .program import Program, fresh

# Relative to the largest element of a result, by its size in bytes.
TOLERANCES = {8: 1e-9, 16: 1e-9, 4: 1e-4, 2: 1e-2}


class Verified:
    """Stands in the place of a program's ``run`` for some calls. done: told when they are over."""

    def __init__(self, program: Program, function: Callable[..., Any], times: int, done: Callable[[Verified], None]):
        self.program = program
        self.function = function
        self.times = times
        self.done = done

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        leaves, _ = tree_flatten((args, kwargs))
        state = State(self.program, leaves)
        inputs = self.program.inputs_for(leaves)
        generator = default_generator.stream.get_state()
        result = self.program.run(args, kwargs)
        if result is MISS or result is FAILED:
            return result
        after, found = default_generator.stream.get_state(), contents(result, self.program, leaves)
        state.restore()
        default_generator.stream.set_state(generator)
        compare_operations(self.program, inputs)
        default_generator.stream.set_state(generator)
        expected_result = self.function(*args, **kwargs)
        expected = contents(expected_result, self.program, leaves)
        for (name, a), (_, b) in zip(found, expected):
            if not agree(a, b):
                raise RuntimeError(f"{self.program.title}: {name} differs from the eager call's by {distance(a, b)}")
        if not np.array_equal(after, default_generator.stream.get_state()):
            raise RuntimeError(f"{self.program.title}: the random generator is not where the eager call leaves it")
        self.times -= 1
        if not self.times:
            self.done(self)
        return expected_result


class State:
    """What a program may change of tensors, to be put back."""

    def __init__(self, program: Program, leaves: list[Any]):
        tensors = [r.source.find(leaves) for r in (*program.held, *program.given)]
        self.kept = [(t, t._data, t._data.copy(order="K"), t._grad) for t in tensors]

    def restore(self) -> None:
        for t, data, content, grad in self.kept:
            np.copyto(data, content)
            t._grad = grad


def contents(result: Any, program: Program, leaves: list[Any]) -> list[tuple[str, Any]]:
    """Copies of all that a call returned and left behind, with names."""
    found = [(f"result {i}", copied(x)) for i, x in enumerate(tree_flatten(result)[0])]
    for source, _ in program.writes:
        found.append((repr(source), copied(source.find(leaves))))
    for source, _ in program.gradients:
        found.append((f"gradient of {source!r}", copied(source.find(leaves)._grad)))
    return found


def copied(x: Any) -> Any:
    return x._data.copy() if isinstance(x, Tensor) else x


def compare_operations(program: Program, inputs: list[ndarray]) -> None:
    """RuntimeError that names the first operation whose results differ between the program's plan and NumPy's."""
    graph = program.graph
    everything = [v for operation in graph.operations for v in operation.outputs]
    places = [operation for operation in graph.operations for _ in operation.outputs]
    generator = default_generator.stream.get_state()
    results = []
    for plan_of in (NumPyPlan, program.plan_of):
        default_generator.stream.set_state(generator)
        whole: Graph = extracted(graph, graph.inputs, everything, acting=True)
        outs = [fresh(v) for v in whole.results]
        plan_of(whole, {})([a.copy(order="K") for a in inputs], outs)
        results.append(outs)
    for operation, expected, found in zip(places, *results):
        if not agree(found, expected):
            where = f" ({operation.place[0]}:{operation.place[1]})" if operation.place else ""
            raise RuntimeError(
                f"{program.title}: compiled, {operation!r}{where} differs from NumPy's by {distance(found, expected)}"
            )


def agree(a: Any, b: Any) -> bool:
    if not isinstance(a, ndarray) or not isinstance(b, ndarray):
        return bool(a == b) or (isinstance(a, float) and bool(np.isclose(a, b, rtol=1e-4, equal_nan=True)))
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind not in "fcV":
        return bool(np.array_equal(a, b))
    tolerance = TOLERANCES[a.dtype.itemsize]
    x, y = (v.astype(np.float32) if v.dtype.kind == "V" else v for v in (a, b))
    finite = np.abs(y[np.isfinite(y)])
    return bool(np.allclose(x, y, tolerance, tolerance * max(1.0, float(finite.max(initial=0))), equal_nan=True))


def distance(a: Any, b: Any) -> Any:
    if isinstance(a, ndarray) and isinstance(b, ndarray) and a.shape == b.shape and a.size:
        with np.errstate(all="ignore"):
            return np.nanmax(np.abs(np.subtract(a, b, dtype=np.float64 if a.dtype.kind != "c" else None)))
    return f"{a!r}, not {b!r}"
