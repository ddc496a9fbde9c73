"""What ``RUSHLIGHT_DEBUG`` shows, on standard error. Each level shows what those below it do.

1  what was compiled, and why again
2  the graph after tracing
3  the graph after each pass
4  the code that is generated: Python, LLVM's IR
5  the assembly
"""

from __future__ import annotations

import os
import sys
from typing import Any


def level() -> int:
    """The level that the environment asks for; 0 where it asks for none."""
    text = os.environ.get("RUSHLIGHT_DEBUG", "")
    return int(text) if text.isdigit() else 0


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def traced(title: str, graph: Any) -> None:
    """Show a graph as the trace left it."""
    if level() >= 2:
        say(f"-- {title}: traced\n{graph}")


def after_pass(title: str) -> Any:
    """What shows a graph after each pass; None where nobody asks for it."""
    return (lambda name, graph: say(f"-- {title}: {name}\n{graph}")) if level() >= 3 else None


def compiled(program: Any) -> None:
    """Show a program that was just made."""
    at = level()
    if at >= 1:
        n = len(program.graph.operations)
        say(f"{program.title}: {n} operations, {len(program.edges)} guards, {type(program.plan).__name__}")
    if at >= 4:
        say(f"-- {program.title}: entry\n{program.entry.source}")
        show = getattr(program.plan, "debug", None)
        if show is not None:
            say(show(at))
