"""New tensors whose elements lie in memory in a given way."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.levels import spread
from .._core.overlap import is_expanded
from .._core.registry import register
from .._core.tensor import Tensor
from .arguments import Ints, ints
from .creation import finished, shape_of


def _strided(size: Any, stride: Any, d: np.dtype, name: str) -> np.ndarray:
    size, stride = shape_of((size,), name), ints((stride,), name, "stride", 2)
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides ({len(stride)})"
        )
    if any(s < 0 for s in stride):
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(size)} and strides={list(stride)}")
    return _laid_out(size, stride, d)


def _laid_out(size: Ints, stride: Ints, d: np.dtype) -> np.ndarray:
    if 0 in size:
        return np.empty(size, d)
    memory = np.zeros(1 + sum([(n - 1) * s for n, s in zip(size, stride)]), d)
    out = np.ndarray(size, d, memory, 0, [s * d.itemsize for s in stride])
    if is_expanded(out):
        out.flags.writeable = False  # as `expand` locks what it makes
    return out


def empty_strided(
    size: Any,
    stride: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of the given size and strides (in elements), whose content is not specified.

    Raises RuntimeError where their lengths differ or one is negative.

    >>> import rushlight as torch
    >>> torch.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    array = _strided(size, stride, (dtype or dtypes.get_default_dtype()).np, "empty_strided")
    return finished(array, requires_grad, device, layout, pin_memory)


def new_empty_strided(
    self: Tensor,
    size: Any,
    stride: Any,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.empty_strided` with this tensor's dtype unless one is given."""
    array = _strided(size, stride, (dtype or self.dtype).np, "new_empty_strided")
    return spread(self, finished(array, requires_grad, device, layout, pin_memory))


def empty_permuted(
    size: Any,
    physical_layout: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of the given size, whose content is not specified, with its dimensions in memory in the order
    ``physical_layout``: the last one's elements are next to each other.

    >>> import rushlight as torch
    >>> torch.empty_permuted((2, 3, 4), (2, 0, 1)).stride()
    (3, 1, 6)
    """
    size, order = shape_of((size,), "empty_permuted"), ints((physical_layout,), "empty_permuted", "physical_layout", 2)
    ndim = len(size)
    if len(order) != ndim:
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = "
            f"{ndim} is not equal to len(physical_layout) = {len(order)}"
        )
    for i, d in enumerate(order):
        if not 0 <= d < ndim:
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {ndim - 1}, but got {d} at index {i}).  NB: negative "
                "dims not currently supported; file an issue if you want it."
            )
        if d in order[:i]:
            raise RuntimeError("Duplicate dim not allowed")
    array = np.zeros([size[d] for d in order], (dtype or dtypes.get_default_dtype()).np).transpose(np.argsort(order))
    return finished(array, requires_grad, device, layout, pin_memory)


register(empty_strided, method=False, out=False)
register(empty_permuted, method=False, out=False)
register(new_empty_strided, namespace=None, out=False)
