"""Memory for compiled code that begins where a line of the cache does.

NumPy's begins 16 bytes later, as a rule. Then vectors straddle lines, and threads that each write their part of a matrix
share the lines in between: a product of 128 by 64 by 128 on two threads takes 14 µs so, and 7 otherwise.
"""

from __future__ import annotations

import math

import numpy as np

LINE = 64  # bytes
LARGE = 1 << 15  # bytes of a result from which on this, and using its memory again, is worth the while


def aligned(size: int) -> np.ndarray:
    """So many bytes."""
    memory = np.empty(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size]


def aligned_array(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array in such memory, with any contents."""
    return aligned(math.prod(shape) * dtype.itemsize).view(dtype).reshape(shape)
