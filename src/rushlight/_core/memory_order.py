"""In which order the elements of a result lie in memory.

A program can see it: in ``stride()``, in what ``view`` accepts, and in random numbers, which fill memory as it lies, so
that the mask of a dropout depends on it. An operation's record says it (`Primitive`'s ``order``), and only where an
operand does not lie in C order is it looked at: the functions here take the result as NumPy has made it, the arrays it was
made from, and the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Ints = tuple[int, ...]


# -- as records say it ------------------------------------------------------------------------------------------------


def in_c_order(result: np.ndarray, arrays: Sequence[Any], params: Any) -> np.ndarray:
    """Whatever the operands' order."""
    return dense(result)


def as_operands(result: np.ndarray, arrays: Sequence[Any], params: Any = None) -> np.ndarray:
    """As the first operand that has an opinion, for operations that broadcast.

    So it is with NumPy too, but where two operands differ it takes C order.
    """
    if result.ndim < 2:
        return result
    shape = result.shape
    strides = []
    for x in arrays:
        if isinstance(x, np.ndarray) and x.ndim:
            own = [0 if n != m else s for n, m, s in zip(x.shape, shape[-x.ndim :], x.strides)]
            strides.append((*[0] * (result.ndim - x.ndim), *own))
    return _in_order(result, _sorted_dims(shape, strides))


def channels_as_given(result: np.ndarray, arrays: Sequence[Any], params: Any = None) -> np.ndarray:
    """Of images and volumes: with the channels last where those of an operand are, otherwise in C order."""
    for x in arrays:
        if isinstance(x, np.ndarray) and x.ndim == result.ndim and channels_come_last(x):
            return _channels_last(result)
    return dense(result)


def channels_of_all(result: np.ndarray, arrays: Sequence[Any], params: Any) -> np.ndarray:
    """With the channels last where those of all operands are, otherwise in C order."""
    if result.ndim == arrays[0].ndim and all([channels_come_last(x) for x in arrays]):
        return _channels_last(result)
    return dense(result)


def channels_of_images(result: np.ndarray, arrays: Sequence[Any], params: Any) -> np.ndarray:
    """`channels_as_given` of images alone."""
    return channels_as_given(result, arrays) if result.ndim == 4 else dense(result)


# -- arrays ---------------------------------------------------------------------------------------------------------


def dense(x: Any) -> Any:
    """An array in C order. NumPy's reductions keep the order of their operand, PyTorch's do not."""
    return x if x.flags.c_contiguous else x.copy()


def _sorted_dims(shape: Ints, strides: list[Ints]) -> list[int]:
    """The dimensions of a result of this shape, the one whose elements lie next to each other first.

    strides: of the operands, as broadcast to ``shape``; 0 where one is repeated.

    How PyTorch's ``TensorIterator`` does it: an insertion sort from C order on, in which the first operand that is
    repeated along neither of two dimensions decides which comes first.
    """
    order = list(range(len(shape)))[::-1]
    for i in range(1, len(order)):
        at = i
        for before in range(i - 1, -1, -1):
            verdict = _compared(order[before], order[at], shape, strides)
            if verdict < 0:
                break
            if verdict > 0:
                order[before], order[at] = order[at], order[before]
                at = before
    return order


def _compared(a: int, b: int, shape: Ints, strides: list[Ints]) -> int:
    """1 where dimension ``b`` belongs before ``a``, -1 where it does not, 0 where nobody says."""
    for s in strides:
        if s[a] and s[b]:
            if s[a] != s[b]:
                return 1 if s[a] > s[b] else -1
            if shape[a] > shape[b]:
                return 1
    return 0


def _in_order(x: np.ndarray, order: list[int]) -> np.ndarray:
    """``x``, copied where its elements do not lie without gaps in ``order``: the innermost dimension first."""
    if lies_densely([x.shape[d] for d in order], [x.strides[d] for d in order], x.itemsize):
        return x
    outermost_first = order[::-1]
    out = np.empty([x.shape[d] for d in outermost_first], x.dtype).transpose(np.argsort(outermost_first))
    np.copyto(out, x)
    return out


def _channels_last(x: np.ndarray) -> np.ndarray:
    n = x.ndim - 2
    return x if is_ordered(x, n) else ordered(x, n)


def lies_densely(shape: Sequence[int], strides: Sequence[int], itemsize: int) -> bool:
    """Whether elements follow each other without gaps, the first dimension fastest."""
    if 0 in shape:
        return True
    for n, s in zip(shape, strides):
        if n != 1:
            if s != itemsize:
                return False
            itemsize *= n
    return True


def ordered(x: Any, n: int) -> np.ndarray:
    """A copy of an array without gaps, in C order or with the channels last."""
    return np.moveaxis(np.moveaxis(x, -1 - n, -1).copy("C"), -1, -1 - n) if n else x.copy("C")


def is_ordered(x: Any, n: int) -> bool:
    """Whether an array is what `ordered` would make of it."""
    if not n:
        return x.flags.c_contiguous
    fastest_first = (1, *range(n + 1, 1, -1), 0)
    return lies_densely([x.shape[d] for d in fastest_first], [x.strides[d] for d in fastest_first], x.itemsize)


def channels_come_last(x: Any) -> int:
    """The number of spatial dimensions of an array whose channels clearly come last in memory, else 0."""
    n = x.ndim - 2
    if n not in (2, 3) or 0 in x.shape or not x.strides[1]:
        return 0
    least = 0
    for d in (1, *range(x.ndim - 1, 1, -1), 0):
        if x.strides[d] < least or (d == 0 and least == x.strides[1]):
            return 0
        least = x.strides[d] * x.shape[d]
    return n
