"""The in-place operations that optimizers' steps are made of, with a short way for the usual case.

Each means the `Tensor` method it falls back to. A step on a small network costs what its calls cost, so where
nothing is recorded or traced and the operands are alike, a kernel goes straight to NumPy: temporaries first,
the write last. NumPy's complaints about infinities come when an array is full already: before the write the
method does it all over again, quietly; after it nothing is left to do.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .._core.families import WIDE
from .._core.graph import Version
from .._core.modes import PLAIN, state
from .._core.primitive import Complaints
from .._core.tensor import Tensor

warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"rushlight\.optim\._kernels")

array, add, multiply, subtract, true_divide = np.array, np.add, np.multiply, np.subtract, np.true_divide


# The usual case, of which each kernel asks: wide floats of one type and one shape, in a plain mode. Written
# out, since a call would cost as much as the addition.


def _written(x: Tensor, ufunc: Any, a: Any, term: Any) -> Tensor:
    """Write ``ufunc(a, term)`` into ``x``, and count the write."""
    try:  # noqa: SIM105 - `suppress` costs as much as the addition
        ufunc(a, term, x._data)
    except Complaints:
        pass
    counter = x._counter
    if counter is None:
        counter = x._counter = Version()
    counter.value += 1
    counter.place = state.place
    return x


def add_(x: Tensor, other: Tensor, alpha: float) -> Tensor:
    """``x.add_(other, alpha=alpha)``"""
    data, a = x._data, other._data
    d = a.dtype
    if data.dtype is not d or data.shape != a.shape or d not in WIDE or state.mode != PLAIN:
        return x.add_(other, alpha=alpha)
    try:
        term = multiply(a, array(alpha, d))
    except Complaints:
        return x.add_(other, alpha=alpha)
    return _written(x, add, data, term)


def lerp_(x: Tensor, end: Tensor, weight: float) -> Tensor:
    """``x.lerp_(end, weight)``"""
    data, a = x._data, end._data
    d = a.dtype
    if data.dtype is not d or data.shape != a.shape or d not in WIDE or state.mode != PLAIN:
        return x.lerp_(end, weight)
    near = abs(weight) < 0.5  # from whichever end is nearer
    try:
        term = subtract(a, data)
        term = multiply(term, array(weight if near else 1 - weight, d), term if term.ndim else None)
    except Complaints:
        return x.lerp_(end, weight)
    return _written(x, add, data, term) if near else _written(x, subtract, a, term)


def addcmul_(x: Tensor, a: Tensor, b: Tensor, value: float) -> Tensor:
    """``x.addcmul_(a, b, value=value)``"""
    data, p, q = x._data, a._data, b._data
    d, shape = p.dtype, p.shape
    if (
        data.dtype is not d or q.dtype is not d or data.shape != shape or q.shape != shape
        or d not in WIDE or state.mode != PLAIN
    ):  # fmt: skip
        return x.addcmul_(a, b, value=value)
    try:
        term = multiply(p, array(value, d))
        term = multiply(term, q, term if term.ndim else None)
    except Complaints:
        return x.addcmul_(a, b, value=value)
    return _written(x, add, data, term)


def addcdiv_(x: Tensor, a: Tensor, b: Tensor, value: float) -> Tensor:
    """``x.addcdiv_(a, b, value=value)``"""
    data, p, q = x._data, a._data, b._data
    d, shape = p.dtype, p.shape
    if (
        data.dtype is not d or q.dtype is not d or data.shape != shape or q.shape != shape
        or d not in WIDE or state.mode != PLAIN
    ):  # fmt: skip
        return x.addcdiv_(a, b, value=value)
    try:
        term = multiply(p, array(value, d))
        term = true_divide(term, q, term if term.ndim else None)
    except Complaints:
        return x.addcdiv_(a, b, value=value)
    return _written(x, add, data, term)
