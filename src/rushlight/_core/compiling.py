"""Whether the function that this thread runs is on its way to being compiled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Compiling(threading.local):
    stop: Callable[[str], None] | None = None


_here = _Compiling()


def is_compiling() -> bool:
    """Whether this is called by a function that is being compiled: in the calls by which `torch.compile` gets to know it.

    >>> import rushlight as torch
    >>> torch.compiler.is_compiling()
    False
    """
    return _here.stop is not None


def stop_compiling(why: str) -> None:
    """Let the function that is being compiled, if one is, run eagerly."""
    if _here.stop is not None:
        _here.stop(why)


@contextmanager
def being_compiled(stop: Callable[[str], None]) -> Iterator[None]:
    """Inside of it a function is being compiled, which ``stop`` ends."""
    before, _here.stop = _here.stop, stop
    try:
        yield
    finally:
        _here.stop = before
