"""``compiled.explain()``: what a compiled function is made of, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .sources import NumberSource

if TYPE_CHECKING:
    from .driver import Compiled
    from .program import Program


def explanation(compiled: Compiled) -> str:
    """The programs of a function: guards, inputs, operations with lines of the user's file, and what runs where."""
    parts = [f"{compiled.title}: {len(compiled.programs)} program(s)"]
    if compiled.given_up is not None:
        parts.append(f"all other calls run eagerly: {compiled.given_up}")
    elif not compiled.programs:
        parts.append("not compiled yet: the first call runs eagerly, the second is traced")
    parts += [of_program(p) for p in compiled.programs]
    return "\n\n".join(parts)


def of_program(p: Program) -> str:
    lines = [f"grad mode {p.modes[0]}, default dtype {p.modes[2]}", "inputs"]
    for v in p.graph.inputs:
        read = "a number, read at each call" if isinstance(v.origin.source, NumberSource) else "read at each call"
        lines.append(f"  {v!r}  {v.origin.source!r}, {read}")
    lines.append("guards")
    lines += [f"  {r.source!r} is {r}" for r in (*p.held, *p.given)]
    lines += [f"  {source!r} is {value!r}" for source, value in p.fixed]
    lines += [f"  {source!r} {how} {other!r} is {outcome}" for source, how, other, outcome in p.compared]
    lines += [f"  {edge} is {text}" for edge, text in ((e, repr(e.value)) for e in p.edges) if len(text) < 60]
    lines.append("operations")
    for operation in p.graph.operations:
        place = f"  {operation.place[0]}:{operation.place[1]}" if operation.place else ""
        lines.append(f"  {operation!r}{place}")
    lines.append(f"writes {len(p.writes)} tensors, replaces {len(p.gradients)} gradients")
    if p.division is not None:
        n = sum(len(g.operations) for g in p.division.backward.values())
        lines.append(f"a backward pass outside runs a program of its own ({n} operations)")
    lines.append(f"runs by {type(p.plan).__name__}")
    told = getattr(p.plan, "explain", None)
    if told is not None:
        lines.append(told())
    return "\n".join(lines)
