"""Places of elements as coordinates: of those that are not zero, of those that are counted in C order."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import check_int, check_tensor
from .masking import places_of


def _nonzero_static(x: Any, size: int, fill_value: int) -> Any:
    found = places_of(x)[:size]
    out = np.full((size, x.ndim), fill_value, np.int64)
    out[: len(found)] = found
    return out


nonzero_static_p = Primitive("NonzeroStatic", _nonzero_static, family="indexing")


@operation(out=OutCheck("nonzero_static: Expected out tensor to have scalar type Long but got scalar type{Out}"))
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1) -> Tensor:
    """`nonzero` with ``size`` rows, whatever the content: what is too much is left out, what is missing ``fill_value``.

    >>> import rushlight as torch
    >>> torch.nonzero_static(torch.tensor([0, 5, 0, 7]), size=3)
    tensor([[ 1],
            [ 3],
            [-1]])
    """
    check_tensor(input, "nonzero_static")
    size = check_int(size, "nonzero_static", "size")
    fill_value = check_int(fill_value, "nonzero_static", "fill_value")
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    return nonzero_static_p.bind(input, size=size, fill_value=fill_value)


@operation(method=False, out=False)
def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """The coordinates, one tensor for each dimension, of elements of a tensor of ``shape`` that are counted in C order.

    >>> import rushlight as torch
    >>> torch.unravel_index(torch.tensor([5, 1]), (2, 3))
    (tensor([1, 0]), tensor([2, 1]))
    """
    check_tensor(indices, "unravel_index", "indices")
    if indices._data.dtype.kind not in "iu":
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    if not isinstance(shape, (int, Sequence)):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    for extent in shape:
        if not isinstance(extent, int):
            raise TypeError(f"expected 'shape' sequence to only contain ints, but got {type(extent)}")
    if any(extent < 0 for extent in shape):
        raise ValueError(f"'shape' cannot have negative values, but got {shape}")
    if 0 in shape:
        raise RuntimeError("ZeroDivisionError\nA tensor without elements has no places.")
    places = indices.long()
    return tuple([places // prod(shape[d + 1 :]) % extent for d, extent in enumerate(shape)])
