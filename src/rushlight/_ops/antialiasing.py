"""Interpolation that averages where it makes smaller, and interpolation of bytes; as matrices of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _triangle(x: Any) -> Any:
    return np.maximum(1 - np.abs(x), 0)


def _cubic(x: Any) -> Any:
    """Cubic convolution with a = -1/2 (Keys 1981)."""
    a, x = -0.5, np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos(x: Any) -> Any:
    """A sinc within a wider one (Lanczos; Duchon 1979)."""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


# Each filter, and how far it reaches.
_FILTERS: dict[str, tuple[Callable[[Any], Any], int]] = {
    "linear": (_triangle, 1),
    "cubic": (_cubic, 2),
    "lanczos": (_lanczos, 3),
}


def smoothing(name: str) -> Callable[[int, int, float], Any]:
    """The maker of the matrices of a filter: rows of weights of ``old`` elements for each of ``new`` ones.

    Where there are fewer new elements than old ones, the filter is made wider, so that all old ones count.
    """
    weight, reach = _FILTERS[name]

    def rows(old: int, new: int, scale: float) -> Any:
        wide = max(scale, 1.0)
        out = np.zeros((new, old))
        for i in range(new):
            center = scale * (i + 0.5)
            start = max(int(center - reach * wide + 0.5), 0)
            end = min(int(center + reach * wide + 0.5), old)
            values = weight((np.arange(start, end) - center + 0.5) / wide)
            total = values.sum()
            out[i, start:end] = values / total if total else values
        return out

    return rows


def of_bytes(x: Any, weights: list[Any]) -> Any:
    """The matrices' products with the last dimensions of bytes, rounded after each, as PyTorch does it: the weights
    are whole multiples of the smallest power of two with which all of them fit into 16 bits.
    """
    lead = x.ndim - len(weights)
    for i in reversed(range(len(weights))):
        w, axis = weights[i], lead + i
        if w.shape[0] == w.shape[1] and (w == np.eye(len(w))).all():
            continue
        precision = 0
        while precision < 22 and 0.5 + w.max() * (1 << (precision + 1)) < 1 << 15:
            precision += 1
        whole = np.trunc(w * (1 << precision) + np.copysign(0.5, w)).astype(np.int64)
        total = np.matmul(np.moveaxis(x, axis, -1).astype(np.int64), whole.T)
        rounded = (total + (1 << (precision - 1))) >> precision
        x = np.moveaxis(np.clip(rounded, 0, 255).astype(np.uint8), -1, axis)
    return np.ascontiguousarray(x)
