"""``x[...]``, read and written.

Indices are applied from left to right as PyTorch does it: ints, slices, None and the ellipsis make views, one after
the other, and what tensors (lists, arrays, masks) are among them index the result. Where nothing is recorded and
NumPy would do the same, it does all of it at once.
"""

from __future__ import annotations

from operator import index as as_index
from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.modes import CUT, RECORD, state
from .._core.inplace import changed, check_writable
from .._core.primitive import mark_cut
from .._core.registry import METHODS, operation
from .._core.tensor import DEPENDS, Tensor, edge_of, wrap
from .._core.views import ViewPrimitive, alias_p, unlock, view_of
from .._core.where import warn_user
from .advanced_indexing import index_p, index_put_p, write
from .arguments import Ints
from .broadcasting import expand
from .creation import array_from
from .parts import END, select_p, slice_p
from .view import unsqueeze_p, view_shape
from .writing import (
    check_overlap,
    converted,
    copy_into,
    copy_p,
    fill_into,
    fill_with_tensor_,
    raise_overlap,
    recorded_write,
    scalar,
)

# Several steps at once, as one step of a view's chain.
subscript_p = ViewPrimitive(
    "Subscript",
    lambda x, key: x[key],
    lambda g, x_shape, key: _embedded(g, x_shape, key),
)


def _embedded(g: Tensor, shape: Ints, key: Any) -> Tensor:
    zeros = g.new_zeros(shape)
    return copy_slice(zeros, key, g)


def plain(index: Any) -> Any:
    """``index`` for NumPy where it is made of ints, slices, None and an ellipsis alone; else None."""
    kind = type(index)
    if kind is int:
        return (index, ...)
    if kind is slice:
        return index if _plain_slice(index) else None
    if kind is not tuple:
        return None
    ellipsis = False
    for i in index:
        kind = type(i)
        if kind is int or i is None:
            continue
        if kind is slice:
            if not _plain_slice(i):
                return None
        elif i is Ellipsis:
            ellipsis = True
        else:
            return None
    return index if ellipsis else (*index, ...)


def _plain_slice(s: slice) -> bool:
    step = s.step
    return (
        (step is None or type(step) is int and step > 0)
        and (s.start is None or type(s.start) is int)
        and (s.stop is None or type(s.stop) is int)
    )
