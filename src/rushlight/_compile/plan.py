"""A graph as a Python function that calls NumPy: what runs where there is no code generator.

The operations' own forwards are called in the order of the trace, without tensors, history or dispatch around them.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._core.where import warn_user
from .graph import Constant, Graph, Operation, Value


class NumPyPlan:
    """``plan(inputs, outs)``: the arrays of the graph's inputs, and arrays that its results are written into.

    over: by the position of a result, that of the input whose very memory its out array is: what is written in
    place. All is computed before anything is written.
    """

    def __init__(self, graph: Graph, over: dict[int, int] | None = None):
        self.names: dict[str, Any] = {"__name__": __name__, "asarray": np.asarray, "ndarray": np.ndarray}
        self.source = self.written(graph)
        exec(compile(self.source, "<compiled by rushlight>", "exec"), self.names)
        self.run: Callable[..., tuple[Any, ...]] = self.names["run"]

    def __call__(self, inputs: Sequence[np.ndarray], outs: Sequence[np.ndarray]) -> None:
        with np.errstate(all="ignore"):
            results = self.run(*inputs)
        for out, result in zip(outs, results):
            out[...] = result

    def written(self, graph: Graph) -> str:
        """The source of the function."""
        for value in graph.constants:
            assert isinstance(value.origin, Constant)
            self.names[value.name] = value.origin.array
        last = last_uses(graph)
        lines = [f"def run({', '.join(v.name for v in graph.inputs)}):"]
        for i, operation in enumerate(graph.operations):
            lines.append(f"    {self.statement(i, operation)}")
            done = [v.name for v in last.get(i, ())]
            if done:
                lines.append(f"    del {', '.join(done)}")
        lines.append(f"    return ({''.join(v.name + ', ' for v in graph.results)})")
        return "\n".join(lines) + "\n"

    def statement(self, i: int, operation: Operation) -> str:
        primitive = operation.primitive
        narrow = primitive.widen and any(v.dtype.itemsize == 2 for v in operation.needed)
        inputs = [self.operand(i, k, v) for k, v in enumerate(operation.inputs)]
        params = [f"{k}={self.param(i, k, v)}" for k, v in operation.params.items()]
        if narrow or (primitive.order is not None and len(operation.outputs[0].shape) > 1):
            self.names[f"f{i}"] = primitive.evaluate  # which sees to precision, and to the order in memory
            call = f"f{i}([{', '.join(inputs)}], dict({', '.join(params)}))"
        else:
            self.names[f"f{i}"] = primitive.forward
            call = f"f{i}({', '.join(inputs + params)})"
        made = [v.name for v in operation.outputs]
        if not made:
            return call
        if primitive.outputs != 1:
            return f"{', '.join(made)}, = {call}"
        if primitive.family == "view":
            return f"{made[0]} = {call}"
        return f"{made[0]} = asarray({call})"

    def operand(self, i: int, k: int, x: Any) -> str:
        if isinstance(x, Value):
            return x.name
        if x is None or type(x) in (int, bool):
            return repr(x)
        self.names[f"k{i}_{k}"] = x
        return f"k{i}_{k}"

    def param(self, i: int, name: str, x: Any) -> str:
        if isinstance(x, Value):
            return f"{x.name}.item()"
        self.names[f"p{i}_{name}"] = x
        return f"p{i}_{name}"


def last_uses(graph: Graph) -> dict[int, list[Value]]:
    """By the number of an operation: the values that no later one needs, so that their memory is free."""
    last: dict[Value, int] = {}
    for i, operation in enumerate(graph.operations):
        for value in (*operation.outputs, *operation.needed):
            last[value] = i
    keep = {*graph.results, *graph.constants, *graph.inputs}
    out: dict[int, list[Value]] = {}
    for value, i in last.items():
        if value not in keep:
            out.setdefault(i, []).append(value)
    return out


@functools.cache
def has_llvmlite() -> bool:
    """Whether the code generator is installed; it is not loaded for the answer."""
    try:
        return importlib.util.find_spec("llvmlite") is not None
    except ValueError:  # someone has put None in its place
        return False


def plan_for(graph: Graph, over: dict[int, int]) -> Any:
    """The fastest plan that there is here for a graph: machine code, or NumPy where llvmlite is absent."""
    if not has_llvmlite():
        say_once()
        return NumPyPlan(graph, over)
    from .lowerings import NotNative
    from .native import NativePlan

    try:
        return NativePlan(graph, over)
    except (NotNative, RecursionError):  # a chain of a thousand operations in one element is too deep for the emitter
        return NumPyPlan(graph, over)


@functools.cache
def say_once() -> None:
    """Without a code generator compiled functions run by NumPy: right, but not as fast as they could be."""
    warn_user("torch.compile runs by NumPy: for machine code install rushlight[jit] (llvmlite)", UserWarning)
