"""Memory, for compiled code and large results, that begins where a line of the cache does, and is used again.

NumPy's begins 16 bytes later, as a rule. Then vectors straddle lines, and threads that each write their part of a matrix
share the lines in between: a product of 128 by 64 by 128 on two threads takes 14 µs so, and 7 otherwise; 25 MB of outer
products take a fifth longer on one thread.

What comes fresh from the operating system comes page by page and zeroed, which costs more than the arithmetic: so the C
library is asked to keep what is freed of arrays up to 32 MiB; of larger ones, which it never does, the last few are kept
here, and used again once nobody else refers to them.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import sys
import threading

import numpy as np

LINE = 64  # bytes
LARGE = 1 << 15  # bytes of a result from which on this, and using its memory again, is worth the while
KEEP_BYTES = 32 << 20
KEPT_AT_MOST = 256 << 20


class Memory(np.ndarray):
    """What arrays lie in. Being of another type than they are, it is not what NumPy takes for the base of their views:
    these refer to the array itself, and so tell that somebody has it."""


def aligned(size: int) -> np.ndarray:
    """So many bytes."""
    return aligned_array((size,), np.dtype(np.uint8))


def aligned_array(shape: tuple[int, ...], dtype: np.dtype, strides: tuple[int, ...] | None = None) -> np.ndarray:
    """An array in such memory, with any contents; strides: of memory without gaps."""
    memory = Memory(math.prod(shape) * dtype.itemsize + LINE, np.uint8)
    return np.ndarray(shape, dtype, memory, -memory.ctypes.data % LINE, strides)


def has_its_own(array: np.ndarray) -> bool:
    """Whether the array has memory of its own, and is no view of another's."""
    return array.base is None or type(array.base) is Memory


# -- used again -----------------------------------------------------------------------------------------------

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


if hasattr(os, "register_at_fork"):
    # A lock that another thread holds during a fork is never released in the child.
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


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
        return aligned_array(shape, dtype)
    with _lock:
        for array in _kept:
            # Only the list, the loop and the count refer to it: no tensor does, and no view.
            if sys.getrefcount(array) == _FREE and array.shape == shape and array.dtype is dtype:
                break
        else:
            array = aligned_array(shape, dtype)
        _kept[:] = [a for a in _kept if a is not array]
        _kept.append(array)
        while sum(a.nbytes for a in _kept) > KEPT_AT_MOST:
            del _kept[0]
    return array
