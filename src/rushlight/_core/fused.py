"""Multiplication and addition with one rounding, as processors do them and PyTorch's kernels are compiled to use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def fused_multiply_add(x: np.ndarray, factor: float, offset: Any) -> np.ndarray:
    """`x * factor + offset` with one rounding, in the dtype of `x` (float32 or float64).

    offset: a number, or a finite array of that dtype.

    >>> fused_multiply_add(np.array([0.1]), 10.0, -1.0)
    array([5.55111512e-17])
    """
    if x.dtype == np.float32:  # a product of two singles is exact in double
        product = np.multiply(x, np.float64(np.float32(factor)), dtype=np.float64)
        return (product + np.asarray(offset, np.float32).astype(np.float64)).astype(np.float32)
    product = x * factor
    if factor == 1.0 or not abs(factor) < 1e290:
        return product + offset
    if not isinstance(offset, np.ndarray) and (offset == 0.0 or not math.isfinite(offset)):
        return product + offset
    # Dekker's product and Knuth's sum recover what the two roundings lost.
    x_high, factor_high = _high_half(x), _high_half(factor)
    x_low, factor_low = x - x_high, factor - factor_high
    lost = ((x_high * factor_high - product) + x_high * factor_low + x_low * factor_high) + x_low * factor_low
    total = product + offset
    of_offset = total - product
    lost += (product - (total - of_offset)) + (offset - of_offset)
    return total + lost


def _high_half(x: Any) -> Any:
    scaled = x * 134217729.0  # 2**27 + 1
    return scaled - (scaled - x)
