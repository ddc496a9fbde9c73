"""Operations on arrays too large for the processor's caches.

Where one core computes, the others wait: the array is cut into one part for each. Where an operation takes several
steps, each would fetch the whole array again: they are done block by block. Which elements a part or a block has changes
no element's value.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .memory import reusable
from .primitive import quietly

# From where on each pays; found by trying (two cores, 0.1 ms until another has woken up).
SPLIT_BYTES = 4 << 20
HEAD_START = 2 << 20
BLOCK_BYTES = 128 << 10


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


threads = ctypes.c_int64(_cores())  # where compiled code can read it
told: list[Callable[[], None]] = []  # called when the number has changed


def get_num_threads() -> int:
    """How many threads share an elementwise operation on a large tensor: at first one for each core.

    >>> import rushlight as torch
    >>> torch.get_num_threads() >= 1
    True
    """
    return threads.value


def set_num_threads(n: int) -> None:
    """Set how many threads share an elementwise operation on a large tensor, and compiled loops and products.

    NumPy's matrix products, which are the eager ones, have threads of their own, whose number is set by the environment
    before NumPy is imported (``OPENBLAS_NUM_THREADS``); this function has no hold on them. What compiled code computes
    does not depend on the number.
    """
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"set_num_threads expects an int, but got {type(n).__name__}")
    if n <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    threads.value = n
    _dismiss()
    for call in told:
        call()


def evaluate(ufunc: Callable[..., Any], *operands: Any) -> Any:
    """``ufunc(*operands)`` for one or two operands of which one at least is a large array."""
    arrays = [x for x in operands if isinstance(x, np.ndarray) and x.ndim]
    first = arrays[0]
    if not isinstance(ufunc, np.ufunc) or not all(a.flags.c_contiguous and a.shape == first.shape for a in arrays):
        return ufunc(*operands)
    dtype = ufunc.resolve_dtypes((*[x.dtype for x in operands], *[None] * ufunc.nout))[-1]
    out = reusable(first.shape, dtype)
    flat = [x.reshape(-1) if isinstance(x, np.ndarray) and x.ndim else x for x in operands]
    result = out.reshape(-1)

    def piece(part: slice) -> None:
        operands_here = [x[part] if isinstance(x, np.ndarray) and x.ndim else x for x in flat]
        quietly(ufunc, *operands_here, result[part])

    shared(piece, parts(out.size, out.nbytes, 64))
    return out


def in_blocks(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function(*arrays, **params)`` of each element by itself, done a block at a time: what its steps make is then still
    in the near cache when the next one reads it. For arrays of one shape that lie without gaps, or are one number.
    """

    def blockwise(*arrays: Any, **params: Any) -> Any:
        first = arrays[0]
        n = first.size
        if n < BLOCK_BYTES // 8 or n < 2 * (step := BLOCK_BYTES // max([a.itemsize for a in arrays])):
            return function(*arrays, **params)
        flat = []
        for a in arrays:
            if a.shape == first.shape and a.flags.c_contiguous:
                flat.append(a.reshape(-1))
            elif a.shape == first.shape and not any(a.strides):
                flat.append(np.broadcast_to(a[(0,) * a.ndim], n))
            else:
                return function(*arrays, **params)
        out: Any = None
        for start in range(0, n, step):
            part = slice(start, start + step)
            block = function(*[a[part] for a in flat], **params)
            if out is None:
                out = np.empty(n, block.dtype)
            out[part] = block
        return out.reshape(first.shape)

    return blockwise


@contextlib.contextmanager
def unbuffered() -> Iterator[None]:
    """While it lasts, this thread's ufuncs read broadcast operands where they lie.

    They copy them into a buffer otherwise, whose length one inner loop then has: for rows of 256 elements and more that
    costs more than all else (an outer product of rows of 784 takes three times as long), for short ones less.
    """
    before = np.setbufsize(16)  # the least there is; rows that are longer do without
    try:
        yield
    finally:
        np.setbufsize(before)


# -- threads ----------------------------------------------------------------------------------------------------


def parts(n: int, nbytes: int, multiple: int = 1) -> list[slice]:
    """How to share ``n`` things, of ``nbytes`` in all: a part for each thread, as long as a ``multiple`` of them.

    The first is for the thread that hands the others out: longer by what it does until these have woken up, so that it
    need not be woken up in its turn.
    """
    pieces = min(threads.value, max(1, nbytes // SPLIT_BYTES))
    step = int(n * (1 - HEAD_START / nbytes) / pieces) // multiple * multiple if pieces > 1 else 0
    first = n - (pieces - 1) * step
    return [slice(0, first), *[slice(start, start + step) for start in range(first, n, step or n)]]


_waiting: Any = None  # the queue where other threads look for work, once there are any
_starting = threading.Lock()


class _Task:
    """``piece(part)`` for each part: whoever comes takes the next."""

    __slots__ = ("done", "piece", "todo")

    def __init__(self, piece: Callable[[slice], None], todo: list[slice]):
        from queue import SimpleQueue

        self.piece: Callable[[slice], None] | None = piece
        self.todo = todo
        self.done: SimpleQueue[BaseException | None] = SimpleQueue()  # what happened to each part that others took

    def take(self) -> slice | None:
        """A part that nobody does yet."""
        try:
            return self.todo.pop()
        except IndexError:
            return None


def shared(piece: Callable[[slice], None], parts: list[slice]) -> None:
    """``piece(part)`` for each part, on as many cores as come to help before this one has done them all."""
    if len(parts) == 1:
        piece(parts[0])
        return
    task = _Task(piece, parts[:0:-1])
    others = len(task.todo)
    waiting = _waiting or _helpers()
    for _ in range(others):
        waiting.put(task)
    try:
        piece(parts[0])
        while (part := task.take()) is not None:
            others -= 1
            piece(part)
    finally:
        # Even after an error: the others write into an array that may be used again.
        while task.take() is not None:
            others -= 1
        errors = [error for _ in range(others) if (error := task.done.get()) is not None]
        task.piece = None  # whoever comes late must not seem to have its arrays
    for error in errors:
        raise error


def _helpers() -> Any:
    """Threads that wait for work. An executor of ``concurrent.futures`` takes 0.04 ms longer to hand a part over."""
    global _waiting
    from queue import SimpleQueue

    with _starting:
        if _waiting is None:
            _waiting = SimpleQueue()
            for _ in range(threads.value - 1):
                threading.Thread(target=_help, args=(_waiting,), name="rushlight", daemon=True).start()
        return _waiting


def _help(waiting: Any) -> None:
    while (task := waiting.get()) is not None:
        if (part := task.take()) is not None:
            error = None
            try:
                task.piece(part)
            except BaseException as raised:  # noqa: BLE001 - raised again, where the caller waits
                error = raised
            task.done.put(error)
            del error
        del task
    waiting.put(None)  # for the next one


def _dismiss() -> None:
    """Let the threads that wait end; others start when there is work."""
    global _waiting
    if _waiting is not None:
        _waiting.put(None)
        _waiting = None


def _begin_in_child() -> None:
    # Of all threads only the one that forked is there.
    global _waiting, _starting
    _waiting, _starting = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
