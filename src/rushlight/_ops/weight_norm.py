"""Lengths and directions of weights."""

from __future__ import annotations

from typing import Any

from .._core.registry import operation
from .._core.tensor import Tensor
from .arithmetic import mul
from .dims import normalize_dim
from .norms import vector_norm
from .titles import shown_as

_scaled = shown_as(mul.primitive, "WeightNormInterfaceBackward0")  # type: ignore[attr-defined]


@operation(out=False, method=False)
def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    """The ``pow``-norm of each slice of ``v`` along ``dim``, as a tensor to broadcast with it; of all for dim=-1.

    >>> import rushlight as torch
    >>> torch.norm_except_dim(torch.tensor([[3.0, 4.0], [6.0, 8.0]]))
    tensor([[ 5.],
            [10.]])
    """
    if dim == -1:
        return vector_norm(v, pow)
    n = len(v._data.shape)
    dim = normalize_dim(dim, n)
    rest = tuple(d for d in range(n) if d != dim)
    return vector_norm(v, pow, rest, keepdim=True) if rest else v.abs()


def weight_norm(v: Tensor, g: Tensor, dim: int) -> Tensor:
    """``v`` scaled to the norms ``g`` (Salimans and Kingma, 2016); ``dim`` as in `norm_except_dim`."""
    factor = g / norm_except_dim(v, 2, dim)
    fused: Any = dim in (0, len(v._data.shape) - 1) and g.dtype == v.dtype
    return _scaled.bind(v, factor) if fused else v * factor
