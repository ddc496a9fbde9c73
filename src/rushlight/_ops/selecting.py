"""Operations whose values are elements of their input, returned with the indices where they were found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.memory_order import dense
from .._core.primitive import RESULT, Primitive
from .._core.tensor import Tensor


def comparable(x: Any) -> Any:
    """``x`` in a type that NumPy can order (bfloat16 it cannot)."""
    return x.astype(np.float32) if x.dtype.kind == "V" else x


def take(x: Any, indices: Any, dim: int) -> Any:
    """The elements of ``x`` at ``indices`` along ``dim``, for arrays of the same number of dimensions."""
    if x.ndim < 2:
        return x[indices] if x.ndim else x.copy()
    if dim == x.ndim - 1 and x.size and x.flags.c_contiguous:
        # The commonest case: take_along_axis needs three times as long.
        starts = np.arange(0, x.size, x.shape[-1]).reshape(*x.shape[:-1], 1)
        return x.reshape(-1).take(indices + starts)
    return np.take_along_axis(x, indices, dim)


class Selecting(Primitive):
    """A primitive that returns elements of ``x`` along ``dim``, and their indices.

    ``find(x, dim, **params)`` gives the indices, with as many dimensions as ``x``. Values and indices lose
    dimension ``dim`` where a parameter ``keepdim`` is False. ``repeats``: an element may be selected twice.
    Only the indices are kept for the backward pass, so the values may be overwritten.
    """

    def __init__(self, name: str, find: Callable[..., Any], *, repeats: bool = False, order: Any = None):
        def forward(x: Any, dim: int, keepdim: bool = True, **params: Any) -> Any:
            indices = find(x, dim, **params) if x.ndim else np.zeros((), np.int64)
            values = take(x, indices, dim)
            if x.ndim and not keepdim:
                values, indices = values.squeeze(dim), indices.squeeze(dim)
            return dense(values), dense(indices)

        super().__init__(
            name,
            forward,
            vjp=_put_repeated if repeats else _put,
            jvp=lambda x_t, result, dim, keepdim: (gathered(x_t, result[1], dim, keepdim), None),
            outputs=2,
            constant=(1,),
            order=order,
            family="selecting",
        )

    def _need(self, name: str) -> tuple[int, int] | None:
        return (RESULT, 1) if name == "indices" else super()._need(name)


def gathered(x: Tensor, indices: Tensor, dim: int, keepdim: bool) -> Tensor:
    """The elements of ``x`` at the indices that a selecting operation returned."""
    if not x._data.ndim:
        return x
    return x.gather(dim, indices) if keepdim else x.gather(dim, indices.unsqueeze(dim)).squeeze(dim)


def _at_indices(g: Tensor, shape: tuple[int, ...], indices: Tensor, dim: int, keepdim: bool) -> Any:
    if not keepdim:
        g, indices = g.unsqueeze(dim), indices.unsqueeze(dim)
    return g.new_zeros(shape), indices, g


def _put(g: Tensor, x_shape: tuple[int, ...], indices: Tensor, dim: int, keepdim: bool) -> Tensor:
    if not x_shape:
        return g
    zeros, indices, g = _at_indices(g, x_shape, indices, dim, keepdim)
    return zeros.scatter(dim, indices, g)


def _put_repeated(g: Tensor, x_shape: tuple[int, ...], indices: Tensor, dim: int, keepdim: bool) -> Tensor:
    if not x_shape:
        return g
    zeros, indices, g = _at_indices(g, x_shape, indices, dim, keepdim)
    return zeros.scatter_add(dim, indices, g)
