"""Memory, for compiled code, that begins where a line of the cache does.

NumPy's begins 16 bytes later, as a rule. Then vectors straddle lines, and threads that each write their part of a matrix
share the lines in between: a product of 128 by 64 by 128 on two threads takes 14 µs so, and 7 otherwise.
"""

from __future__ import annotations

import math

import numpy as np

LINE = 64  # bytes
LARGE = 1 << 15  # bytes of a result from which on this, and using its memory again, is worth the while


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
