"""What `torch.compile` makes of the samples: which become machine code, and what is left to NumPy or runs eagerly."""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections.abc import Iterator
from typing import Any
from unittest import mock

import rushlight as torch
from rushlight._compile.driver import compiled_function
from rushlight._compile.graph import Graph
from rushlight._compile.lowering import Lowered
from rushlight._compile.lowerings import LOWERINGS, NotNative
from rushlight._compile.plan import NumPyPlan
from rushlight._core.primitive import MADE
from rushlight._core.views import ViewPrimitive
from rushlight.autograd import _jacobians as jacobians

from .test_derivatives import Case


class LoweredPlan(NumPyPlan):
    """NumPy's plan, which knows whether machine code would be made of all of the graph: that needs no LLVM."""

    def __init__(self, graph: Graph, over: dict[int, int] | None = None):
        super().__init__(graph, over)
        try:
            self.native = not Lowered(graph).called
        except NotNative:
            self.native = False


@contextlib.contextmanager
def unseeded() -> Iterator[None]:
    """Samples that draw seed the stream to be the same at every call, which, unlike drawing, cannot be traced."""
    with torch.random.fork_rng():
        seed = mock.patch.object(torch, "manual_seed", id)  # any function that does nothing of its own
        fork = mock.patch.object(torch.random, "fork_rng", contextlib.nullcontext)
        with seed, fork:
            yield


@functools.cache
def left_to_numpy(case: Case) -> str:
    """A tick where a sample becomes machine code as a whole, "NumPy" where not, or why it cannot be traced."""

    def function(*inputs: Any) -> Any:
        return jacobians.as_results(case.sample.function(*inputs))

    compiled: Any = compiled_function(function, plan_of=LoweredPlan)
    with warnings.catch_warnings(), unseeded():
        warnings.simplefilter("ignore")
        state = compiled.compiled
        for _ in range(4):  # the second call is traced, and again where that ran code which nobody had named
            compiled(*[x.detach() for x in case.inputs()])
            if state.programs or state.given_up is not None:
                break
    if state.given_up is not None:
        return f"eager: {state.given_up.removeprefix('it needs ').partition(' (')[0]}"
    (program,) = state.programs
    return "✓" if program.plan.native else "NumPy"


def not_lowered() -> dict[str, list[str]]:
    """The records that no machine code is made of, by family. Views are places in memory, and need no rule."""
    found: dict[str, set[str]] = {}
    for record in MADE:
        if record.name not in LOWERINGS and not isinstance(record, ViewPrimitive):
            found.setdefault(record.family, set()).add(record.name)
    return {family: sorted(names) for family, names in sorted(found.items())}
