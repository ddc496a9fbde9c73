"""Memory that is written to in more than one place at once, or read and written by one operation."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from . import errors
from .conjugates import is_conjugate, raise_conjugate_write


def is_expanded(array: np.ndarray) -> bool:
    """Whether the elements along some dimension are one place in memory."""
    return any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape))


def unlock(array: np.ndarray) -> bool:
    """Whether ``array`` may be written to, made so where it only inherited the lock of an expanded array.

    `expand` locks its result, so that NumPy itself refuses a write to elements that share one place. A part of it
    whose elements do not, ``x.expand(3, 4)[0]``, is free again. NotImplementedError for a conjugate (see `conjugates`).
    """
    if array.flags.writeable:
        return True
    if array.size and is_expanded(array):
        return False
    try:
        array.flags.writeable = True
    except ValueError:
        if is_conjugate(array):
            raise_conjugate_write()
        return False
    return True


def check_unlocked(array: np.ndarray) -> None:
    """RuntimeError where elements of an array that is to be written to share a place in memory."""
    if not unlock(array):
        errors.raise_overlapping_write(array)


def check_overlap(to: np.ndarray, source: np.ndarray) -> None:
    """RuntimeError where two parts of one memory overlap without being the same; the result would depend on the
    order of copying. Only told apart where both are without gaps, as PyTorch does it."""
    if not np.may_share_memory(to, source) or (to.strides == source.strides and _address(to) == _address(source)):
        return
    if _is_dense(to) and _is_dense(source):
        raise_overlap()


def check_apart(to: np.ndarray, source: np.ndarray) -> None:
    """RuntimeError where two arrays without gaps overlap, or are the same: for results that are written element by
    element while others are still to be read."""
    if np.may_share_memory(to, source) and _is_dense(to) and _is_dense(source):
        raise_overlap()


def raise_overlap() -> NoReturn:
    raise RuntimeError(
        "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory "
        "location. Please clone() the tensor before performing the operation."
    )


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def _is_dense(array: np.ndarray) -> bool:
    expected = array.itemsize
    for stride, n in sorted(zip(array.strides, array.shape)):
        if n != 1:
            if stride != expected:
                return False
            expected *= n
    return True
