"""``compile``: call a function, trace it, and from then on run what was compiled.

The first call runs as ever (optimizers make their state); the next is traced while it runs; those after it are served
by the program that holds for them. What cannot be compiled runs as ever, with one warning that says why and where.
"""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.compiling import being_compiled
from .._core.modes import state
from .._core.where import user_frame, warn_user
from ..utils._pytree import tree_flatten
from . import debug
from .entry import FAILED, MISS
from .plan import plan_for
from .program import Program
from .sources import modes
from .survey import Edge, store_of
from .trace import Trace
from .tracing import NotTraceable

ATTEMPTS = 3  # traces of calls that changed what they can reach, as a first call does that makes optimizer state
PROGRAMS = 64  # specialisations of one function


ALL: weakref.WeakSet[Compiled] = weakref.WeakSet()


def forget_all() -> None:
    """Let all compiled functions begin anew."""
    for compiled in ALL:
        compiled.forget()


class Compiled:
    """A function that is traced at its second call and replaced by what it computes from then on.

    ``call`` is what stands in its place. plan_of: makes a plan of a graph.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        fullgraph: bool = False,
        plan_of: Callable[..., Any] = plan_for,
        name: str | None = None,
        limit: int = PROGRAMS,
        verify: int = 0,
    ):
        self.function = function
        self.title = name or title_of(function)
        self.limit = limit
        self.fullgraph = fullgraph
        self.plan_of = plan_of
        self.verify = verify
        self.programs: list[Program] = []
        self.calls = 0
        self.failures = 0
        self.given_up: str | None = None
        self.varying: set[tuple[int, Any]] = set()
        self.further: list[Any] = []  # functions that are called and that no survey found
        self.call = self.entry()
        ALL.add(self)

    def forget(self) -> None:
        """Begin anew with the next call."""
        self.programs.clear()
        for runs in self.runs:
            runs.clear()
        self.calls = self.failures = 0
        self.given_up = None
        self.varying.clear()
        self.further.clear()

    def entry(self) -> Callable[..., Any]:
        # Of the programs, the latest first.
        without: list[Callable[..., Any]] = []
        recording: list[Callable[..., Any]] = []
        runs: tuple[list[Callable[..., Any]], ...] = (
            [],
            without,
            without,
            recording,
        )  # by the thread's mode, see `modes.State`
        self.runs = runs
        slow = self.other_call

        def call(*args: Any, **kwargs: Any) -> Any:
            for run in runs[state.mode]:
                result = run(args, kwargs)
                if result is not MISS:
                    if result is FAILED:
                        break
                    return result
            return slow(args, kwargs)

        return call

    def repeat(self, times: int, *args: Any, **kwargs: Any) -> Any:
        """Call the function so many times, and return the last result; in one piece, where one function does it all."""
        if not isinstance(times, int) or times < 1:
            raise ValueError(f"repeat expects a number of calls that is at least 1, but got {times!r}")
        while times > 1:
            for program in self.programs:
                run: Any = program.run
                if program.repeats and run in self.runs[state.mode]:
                    result = run(args, kwargs, np.array(times, np.int64))
                    if result is not MISS and result is not FAILED:
                        return result
            self.call(*args, **kwargs)
            times -= 1
        return self.call(*args, **kwargs)

    def other_call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call that no program was able to serve."""
        if not state.mode or self.given_up is not None:
            # Inside of another trace or transform it is a part of that.
            return self.function(*args, **kwargs)
        broken = next((p for p in self.programs if p.error is not None), None)
        if broken is not None:
            return self.done_again(broken, args, kwargs)
        self.calls += 1
        if self.calls == 1 or sys.getprofile() is not None:  # a trace needs Python's only profile function
            with being_compiled(lambda why: None):
                return self.function(*args, **kwargs)
        if len(self.programs) >= self.limit:
            self.give_up(f"more than {self.limit} programs, one for each way in which it was called")
            return self.function(*args, **kwargs)
        return self.trace(args, kwargs)

    def done_again(self, broken: Program, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A program stopped with an error and has written nothing: the function itself tells what is wrong."""
        error, broken.error = broken.error, None
        result = self.function(*args, **kwargs)
        self.programs.clear()
        for runs in self.runs:
            runs.clear()
        self.give_up(f"operations that failed when compiled ({type(error).__name__}: {error}) and not otherwise")
        return result

    def give_up(self, why: str, place: Any = None) -> None:
        """Compile no more; programs that there are go on serving the calls that they hold for."""
        self.given_up = f"it needs {why}" + (f" ({place[0]}:{place[1]})" if place else "")
        text = f"{self.title} is not compiled and runs eagerly: {self.given_up}"
        if self.fullgraph:
            raise NotTraceable(text)
        warn_user(text, UserWarning)

    def trace(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if debug.level() >= 1 or self.programs:
            self.note_why_again(args, kwargs)
        trace = Trace(self.function, args, kwargs, self.varying, self.further)
        result = trace.run()
        if trace.stopped is not None:
            self.give_up(*trace.stopped)
        elif trace.changed is not None:
            self.failures += 1
            if self.failures >= ATTEMPTS:
                self.give_up(f"to change Python values ({trace.changed})", self.place_of(trace.changed, trace))
        elif trace.unknown:
            self.further += [f for f in trace.unknown if not any(f is known for known in self.further)]
            self.failures += 1
            if self.failures >= ATTEMPTS:
                self.give_up(f"code that is another at each call ({trace.unknown[0].__qualname__})")
        else:
            program = Program(trace, self.plan_of, self.title, self.where())
            debug.compiled(program)
            self.programs.insert(0, program)
            self.runs[state.mode].insert(0, self.verified(program) if self.verify else program.run)
        return result

    def verified(self, program: Program) -> Any:
        """What runs the program and the function, and compares, for as long as that is asked for."""
        from .verify import Verified

        runs = self.runs[state.mode]

        def done(verified: Verified) -> None:
            runs[runs.index(verified)] = program.run

        return Verified(program, self.function, self.verify, done)

    def place_of(self, edge: Edge, trace: Trace) -> Any:
        return store_of(edge.key, trace.survey) if isinstance(edge.key, str) else None

    def where(self) -> Any:
        """Where the function is, as the place of the writes that it does."""
        code = getattr(self.function, "__code__", None)
        frame = user_frame(3)
        if code is None and frame is not None:
            code = frame.f_code
        return (code, 0) if code is not None else None

    def note_why_again(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Options of optimizers that are not what they were are read at every call from now on."""
        leaves, spec = tree_flatten((args, kwargs))
        for program in self.programs:
            for edge in program.edges:
                if edge.kind == "item" and type(edge.value) is float and type(edge.now()) is float and not edge.holds():
                    self.varying.add((id(edge.container), edge.key))
        if debug.level() >= 1:
            reasons = [p.why_not(leaves, spec, modes()) for p in self.programs]
            debug.say(f"{self.title}: compiled" + "".join(f"\n  another program does not hold: {r}" for r in reasons))

    def explain(self) -> str:
        from .explain import explanation

        return explanation(self)


def title_of(function: Callable[..., Any]) -> str:
    owner = getattr(function, "__self__", None)
    if owner is not None and not isinstance(owner, type) and getattr(function, "__name__", "") == "__call__":
        return type(owner).__name__
    return getattr(function, "__qualname__", None) or type(function).__name__


def compiled_function(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """A function in the place of ``function``."""
    compiled = Compiled(function, **options)
    call = compiled.call
    functools.update_wrapper(call, function, updated=())
    call.stands_for = function  # type: ignore[attr-defined]
    call.compiled = compiled  # type: ignore[attr-defined]
    call.explain = compiled.explain  # type: ignore[attr-defined]
    call.repeat = compiled.repeat  # type: ignore[attr-defined]
    return call
