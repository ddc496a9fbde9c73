"""Elementwise operations on arrays too large for the processor's caches, and memory that is used again.

Two things then cost more than the arithmetic. One core computes while the others wait: the array is cut into one
piece for each. And memory that comes fresh from the operating system comes page by page and zeroed: so the C library is
asked to keep what is freed of arrays up to 32 MiB; of larger ones, which it never does, the last few are kept here, and
used again once nobody else refers to them. Which elements a piece has changes no element's value.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .primitive import quietly

# From where on each pays; found by trying (two cores, 0.05 ms to hand a piece over).
SPLIT_BYTES = 4 << 20
KEEP_BYTES = 32 << 20
KEPT_AT_MOST = 256 << 20
BLOCK_BYTES = 128 << 10

_pool: Any = None


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
    _forget_pool()
    for call in told:
        call()


def _forget_pool() -> None:
    global _pool
    _pool = None


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
    n = result.size
    pieces = pieces_of(out)
    step = -(-n // pieces + 63) // 64 * 64 if pieces > 1 else n

    def piece(start: int) -> None:
        part = slice(start, start + step)
        operands_here = [x[part] if isinstance(x, np.ndarray) and x.ndim else x for x in flat]
        quietly(ufunc, *operands_here, result[part])

    shared(piece, range(0, n, step))
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


def pieces_of(array: np.ndarray) -> int:
    """Into how many pieces to cut what fills ``array``."""
    return min(threads.value, max(1, array.nbytes // SPLIT_BYTES))


def shared(piece: Callable[[int], None], starts: range) -> None:
    """``piece(start)`` for each start, each on a core of its own."""
    global _pool
    if len(starts) > 1 and _pool is None:
        from concurrent.futures import ThreadPoolExecutor

        _pool = ThreadPoolExecutor(threads.value - 1, thread_name_prefix="rushlight")
    others = [_pool.submit(piece, start) for start in starts[1:]]
    try:
        piece(starts[0])
    finally:
        for other in others:
            other.result()  # even after an error: they write into an array that may be used again


# -- memory that is used again ------------------------------------------------------------------------------

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h


def _keep_freed_memory() -> None:
    """Ask glibc not to hand small arrays' memory back to the system, as it would by itself in time.

    At first it does so with each array of 128 kB and more, and with what is free at the end of the heap; once an array of
    32 MiB has been freed it has learnt to keep up to 64 MiB (mallopt(3): the thresholds are dynamic). A microsecond for
    each page of 4 kB doubles the time of a loss over 50 000 elements. Who has set the thresholds is left alone.
    """
    tuned = any(name.startswith("MALLOC_") for name in os.environ) or "malloc" in os.environ.get("GLIBC_TUNABLES", "")
    if sys.platform == "linux" and not tuned:
        with contextlib.suppress(OSError, AttributeError):  # another C library
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(M_MMAP_THRESHOLD, KEEP_BYTES)
            mallopt(M_TRIM_THRESHOLD, 2 * KEEP_BYTES)


_keep_freed_memory()

_kept: list[np.ndarray] = []  # the most recently used last
_lock = threading.Lock()


def _begin_in_child() -> None:
    # Of all threads only the one that forked is there.
    _lock.release()
    _forget_pool()


if hasattr(os, "register_at_fork"):
    # A lock that another thread holds during a fork is never released in the child.
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_begin_in_child)


def _references_of_a_free_array() -> int:
    kept = [np.empty(1)]
    for array in kept:
        return sys.getrefcount(array)
    raise AssertionError


_FREE = _references_of_a_free_array()


def reusable(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array of unspecified content: one that was used before, if one of that kind is free."""
    nbytes = dtype.itemsize
    for extent in shape:
        nbytes *= extent
    if not KEEP_BYTES < nbytes <= KEPT_AT_MOST // 2:
        return np.empty(shape, dtype)
    with _lock:
        for array in _kept:
            # Only the list, the loop and the count refer to it: no tensor does, and no view.
            if sys.getrefcount(array) == _FREE and array.shape == shape and array.dtype is dtype:
                break
        else:
            array = np.empty(shape, dtype)
        _kept[:] = [a for a in _kept if a is not array]
        _kept.append(array)
        while sum(a.nbytes for a in _kept) > KEPT_AT_MOST:
            del _kept[0]
    return array


def give_up(array: np.ndarray) -> None:
    """Do not use this array again: it has found an owner."""
    with _lock:
        _kept[:] = [a for a in _kept if a is not array]
