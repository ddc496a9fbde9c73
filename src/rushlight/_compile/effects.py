"""Watching one call for what a replayed program would leave out: output, clocks, random numbers, files.

Python tells a profile function of every call of a function written in C, which is where a program's effects on the
world end up, through however many layers of Python they go.
"""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType
from typing import Any

from .._core.where import is_ours
from .survey import is_foreign, is_library

OUTPUT = {"print": "print()", "input": "input()", "open": "a file"}
# Python's own modules and other libraries use these for themselves; it is the program's own use of them that counts.
BUILTINS = {
    "exec": "exec()",
    "eval": "eval()",
    "globals": "globals()",
    "locals": "locals()",
    "vars": "vars()",
    "setattr": "setattr()",
    "delattr": "delattr()",
}
MODULES = {
    "time": "the time",
    "posix": "the operating system",
    "nt": "the operating system",
    "_io": "a file",
    "io": "a file",
    "_socket": "a connection",
    "_random": "Python's random numbers",
    "_datetime": "the time",
    "_queue": "a queue",
    "_thread": "threads",
    "_asyncio": "asyncio",
    "sys": "sys",
    "_warnings": "a warning",
}
TYPES = {
    "random": "Python's random numbers",
    "_random": "Python's random numbers",
    "numpy.random": "NumPy's random numbers",
    "_io": "a file",
    "datetime": "the time",
    "_queue": "a queue",
    "_contextvars": "a variable of the context",
}
ENVIRONMENT = {type(os.environ).__getitem__.__code__, type(os.environ).__iter__.__code__}
HARMLESS = {
    "getrefcount", "_getframe", "intern", "getsizeof", "getrecursionlimit", "is_finalizing", "exc_info", "getprofile",
    "get_ident", "allocate_lock", "lock", "acquire", "release", "fspath", "total_seconds", "isoformat",
    "_filters_mutated", "_filters_mutated_lock_held", "_acquire_lock", "_release_lock",  # of `warnings.catch_warnings`
}  # fmt: skip


def effect_of(function: Any, frame: FrameType) -> str | None:
    """What a call of a function written in C would do or see that no program repeats; None for most."""
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", None)
    if module == "builtins":
        if name in BUILTINS and not is_library(frame.f_code.co_filename):
            return BUILTINS[name]
        return OUTPUT.get(name)
    if name in HARMLESS:
        return None
    if module in MODULES:
        return MODULES[module]
    owner = getattr(function, "__self__", None)
    if owner is None or module is not None:
        kind = getattr(function, "__objclass__", None)
    else:
        kind = owner if isinstance(owner, type) else type(owner)
    if kind is None:
        return None
    for base in kind.__mro__:
        where = "numpy.random" if base.__module__.startswith("numpy.random.") else base.__module__
        if where == "_contextvars" and is_library(frame.f_code.co_filename):
            continue  # NumPy's settings for warnings, for one
        if where in TYPES and (where != "datetime" or name in ("now", "today", "utcnow")):
            return TYPES[where]
    return None


class Watchman:
    """Stops a trace when the program does what cannot be repeated."""

    def __init__(self, tracing: Any, generators: list[Any]):
        self.tracing = tracing
        self.generators = generators  # those that the program may reach
        self.states: Any = None
        self.codes: set[CodeType] = set()  # what was run of the program's own

    def __enter__(self) -> None:
        self.states = self.now()
        sys.setprofile(self.watch)

    def __exit__(self, *exc: Any) -> None:
        sys.setprofile(None)
        if self.tracing.stopped is None and self.states != self.now():
            self.tracing.stop("random numbers of NumPy's or Python's")

    def now(self) -> Any:
        """Where the generators of random numbers stand."""
        return [numpy_state(), *map(state_of, self.generators)]

    def watch(self, frame: FrameType, event: str, function: Any) -> None:
        if event == "call":
            code = frame.f_code
            if not is_library(code.co_filename) and not is_generated(frame):
                self.codes.add(code)
            elif code in ENVIRONMENT and self.tracing.stopped is None and not is_for_us(frame):
                self.tracing.stop("the environment of the process")
        elif event == "c_call" and self.tracing.stopped is None and not is_ours(frame.f_code.co_filename):
            what = effect_of(function, frame)
            if what is not None and not is_for_us(frame):
                self.tracing.stop(what)


def is_generated(frame: FrameType) -> bool:
    """Whether Python wrote the code, for a class of a library: the methods of named tuples and data classes."""
    return frame.f_code.co_filename == "<string>" and is_foreign(frame.f_globals.get("__name__"))


def is_for_us(frame: FrameType | None) -> bool:
    """Whether other libraries do it for this one: hand a piece of an array to a thread, for one."""
    while frame is not None and is_library(frame.f_code.co_filename):
        frame = frame.f_back
        if frame is not None and is_ours(frame.f_code.co_filename):
            return True
    return False


def numpy_state() -> Any:
    """Where NumPy's global generator stands, if the program has loaded it."""
    module = sys.modules.get("numpy.random")
    if module is None:
        return None
    return state_of(module)


def state_of(generator: Any) -> Any:
    """Where a generator of Python's or NumPy's stands, as something to be compared."""
    if hasattr(generator, "getstate"):
        return generator.getstate()
    if not hasattr(generator, "get_state"):
        return repr(generator.bit_generator.state)
    _, key, position, cached, normal = generator.get_state()
    return key.tobytes(), position, cached, normal
