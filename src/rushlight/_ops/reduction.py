"""Sums, means and what else turns many elements into fewer."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import cast
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor

Dims = tuple[int, ...] | None


def normalize_dim(dim: int, ndim: int) -> int:
    """``dim`` counted from the front; IndexError as PyTorch's where it is out of range."""
    extent = ndim or 1
    if not -extent <= dim < extent:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-extent}, {extent - 1}], but got {dim})"
        )
    return dim % extent


def normalize_dims(dim: Any, ndim: int) -> Dims:
    """The dimensions to reduce: a tuple, or None for all of them."""
    if dim is None:
        return None
    if isinstance(dim, (tuple, list)):
        dims = tuple(normalize_dim(int(d), ndim) for d in dim)
        if len(set(dims)) != len(dims):
            again = next(d for i, d in enumerate(dims) if d in dims[:i])
            raise RuntimeError(f"dim {again} appears multiple times in the list of dims")
        return (dims if ndim else ()) or None
    return (normalize_dim(int(dim), ndim),) if ndim else (normalize_dim(int(dim), 0),)[:0] or None


def spread(g: Tensor, shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Tensor:
    """A reduction's cotangent over the shape that was reduced."""
    if dim is not None and not keepdim and g.ndim != len(shape):
        for d in sorted(dim):
            g = g.unsqueeze(d)
    return g.expand(shape)


def _add_reduce(x: Any, dim: Dims, keepdim: bool) -> Any:
    return np.add.reduce(x, axis=dim, keepdims=keepdim)


_sum_options: dict[str, Any] = {
    "vjp": lambda g, x_shape, dim, keepdim: spread(g, x_shape, dim, keepdim),
    "jvp": lambda x_t, dim, keepdim: x_t.sum(dim, keepdim),
    "widen": True,
    "family": "reduction",
}
sum_all = Primitive("Sum", _add_reduce, **_sum_options)
sum_dims = Primitive("SumBackward1", _add_reduce, **_sum_options)


def _mean(x: Any, dim: Dims, keepdim: bool) -> Any:
    total = np.add.reduce(x, axis=dim, keepdims=keepdim)
    n = x.size if dim is None else count(x.shape, dim)
    return total / total.dtype.type(n)


def count(shape: tuple[int, ...], dim: Dims) -> int:
    """How many elements each element of a reduction's result came from."""
    n = 1
    for d in range(len(shape)) if dim is None else dim:
        n *= shape[d]
    return n


_mean_options: dict[str, Any] = {
    "vjp": lambda g, x_shape, dim, keepdim: spread(g / count(x_shape, dim), x_shape, dim, keepdim),
    "jvp": lambda x_t, dim, keepdim: x_t.mean(dim, keepdim),
    "widen": True,
    "family": "reduction",
}
mean_all = Primitive("Mean", _mean, **_mean_options)
mean_dims = Primitive("MeanBackward1", _mean, **_mean_options)


@operation()
def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all elements, or of those along ``dim`` (an int or several).

    Bools and integers are summed as int64; ``dtype`` converts before summing.

    >>> import rushlight as torch
    >>> torch.sum(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    if dtype is not None:
        input = cast(input, dtype)
    elif input._data.dtype.kind in "biu":
        input = cast(input, dtypes.int64)
    if dim is None:
        return sum_all.bind(input, dim=None, keepdim=keepdim)
    return sum_dims.bind(input, dim=normalize_dims(dim, input._data.ndim), keepdim=keepdim)


@operation()
def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all elements, or of those along ``dim``. Needs a floating-point or complex tensor.

    >>> import rushlight as torch
    >>> torch.mean(torch.tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    if dtype is not None:
        input = cast(input, dtype)
    elif input._data.dtype.kind in "biu":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {dtypes.scalar_type_name(input.dtype)}\nConvert it first: input.float().mean()."
        )
    if dim is None:
        return mean_all.bind(input, dim=None, keepdim=keepdim)
    return mean_dims.bind(input, dim=normalize_dims(dim, input._data.ndim), keepdim=keepdim)


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """Sum the dimensions along which ``input`` was broadcast from a tensor of ``size``.

    >>> import rushlight as torch
    >>> torch.ones(3, 2).sum_to_size(1, 2)
    tensor([[3., 3.]])
    """
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    have = input._data.shape
    if have == shape:
        return input
    lead = len(have) - len(shape)
    if lead < 0 or any(s != 1 and s != h for s, h in zip(shape, have[lead:], strict=True)):
        raise RuntimeError(f"size {{{list(shape)}}} is not expandable to size {{{list(have)}}}.")
    out = input
    if lead:
        out = sum_dims.bind(out, dim=tuple(range(lead)), keepdim=False)
    dims = tuple(i for i, s in enumerate(shape) if s == 1 and out._data.shape[i] != 1)
    return sum_dims.bind(out, dim=dims, keepdim=True) if dims else out


operation(namespace=None)(sum_to_size)
