"""A graph as the source of a Python function that computes it from arrays, with nothing but NumPy and the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._core.primitive import MADE, Primitive

if TYPE_CHECKING:
    from .graph import Graph, Operation

HEADER = """import numpy as np
from numpy import inf, nan

import rushlight
from rushlight._compile.printing import primitive


"""


def of_name(name: str) -> list[Primitive]:
    """All primitives of one name, in the order of their making."""
    return [p for p in MADE if p.name == name]


def primitive(name: str, number: int = 0) -> Primitive:
    """A primitive by its name and its number among those of that name."""
    return of_name(name)[number]


def source_of(graph: Graph) -> str:
    """``program(v1, v2, ...)``: takes the arrays of the inputs, then those that the host draws at random, and returns
    a tuple of the results."""
    from .graph import Value

    drawn = [v for o in graph.operations if o.primitive.family == "draw" for v in o.outputs]
    lines = [f"def program({', '.join(v.name for v in (*graph.inputs, *drawn))}):"]
    lines += [f"    # {v!r}: {v.origin.source!r}" for v in graph.inputs]
    lines += [f"    {v.name} = {literal(v.origin.array)}" for v in graph.constants]

    def given(x: Any) -> str:
        return x.name if isinstance(x, Value) else literal(x)

    for o in graph.operations:
        if o.primitive.family in ("draw", "check"):
            continue
        place = f"  # {o.place[0]}:{o.place[1]}" if o.place else ""
        lines.append(f"    {statement(o, given)}{place}")
    lines.append(f"    return ({''.join(v.name + ', ' for v in graph.results)})")
    return HEADER + "\n".join(lines) + "\n"


def statement(o: Operation, given: Any) -> str:
    from .graph import Value

    arrays = ", ".join(given(x) for x in o.inputs)
    params = ", ".join(
        f"{k!r}: {x.name}.item()" if isinstance(x, Value) else f"{k!r}: {literal(x)}" for k, x in o.params.items()
    )
    call = f"{literal(o.primitive)}.evaluate([{arrays}], {{{params}}})"
    made = ", ".join(v.name for v in o.outputs)
    return f"{made}, = {call}" if o.primitive.outputs != 1 else f"{made} = np.asarray({call})"


def literal(x: Any) -> str:
    """An expression that makes ``x``; of what has none, a note in its place."""
    if isinstance(x, Primitive):
        number = next(i for i, p in enumerate(of_name(x.name)) if p.forward is x.forward)
        return f"primitive({x.name!r}, {number})" if number else f"primitive({x.name!r})"
    if isinstance(x, np.dtype):
        return f"np.dtype({x.name!r})"
    if isinstance(x, np.ndarray):
        return f"np.array({x.reshape(-1).tolist()!r}, {literal(x.dtype)}).reshape({x.shape})"
    if isinstance(x, tuple):
        return f"({''.join(literal(v) + ', ' for v in x)})"
    if isinstance(x, list):
        return f"[{', '.join(map(literal, x))}]"
    if isinstance(x, dict):
        return f"{{{', '.join(f'{k!r}: {literal(v)}' for k, v in x.items())}}}"
    if type(x).__module__.startswith("rushlight") or type(x).__module__ == "torch":
        return f"rushlight.{x!r}".replace("rushlight.torch.", "rushlight.") if "torch." in repr(x) else repr(x)
    return repr(x)
