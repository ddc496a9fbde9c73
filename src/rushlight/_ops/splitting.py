"""Tensors taken apart along a dimension, into views."""

from __future__ import annotations

from collections.abc import Iterator
from operator import index as as_index
from typing import Any

from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor
from .._core.views import SeveralViews
from .arguments import Ints, ints
from .dims import normalize_dim
from .joining import cat, stack
from .parts import END, select_p, slice_p
from .view import unsqueeze


def _slices(x_shape: Ints, dim: int, sizes: Ints) -> Any:
    steps, start = [], 0
    for n in sizes:
        steps.append((slice_p, {"dim": dim, "start": start, "end": start + n, "step": 1}))
        start += n
    return steps


def _joined(g: Any, x_shape: Ints, dim: int, sizes: Ints) -> Tensor:
    """The cotangents of pieces side by side, zeros where none arrived."""
    if type(g) is not tuple:
        return g
    some = next(gi for gi in g if gi is not None)
    shape = list(x_shape)
    pieces = []
    for gi, n in zip(g, sizes):
        shape[dim] = n
        pieces.append(some.new_zeros(shape) if gi is None else gi)
    return cat(pieces, dim)


def _stacked(g: Any, dim: int) -> Tensor:
    if type(g) is not tuple:
        return unsqueeze(g, dim)
    some = next(gi for gi in g if gi is not None)
    return stack([some.new_zeros(some._data.shape) if gi is None else gi for gi in g], dim)


split_p = SeveralViews("Split", _slices, _joined)
split_with_sizes_p = SeveralViews("SplitWithSizes", _slices, _joined)
unbind_p = SeveralViews(
    "Unbind",
    lambda x_shape, dim: [(select_p, {"dim": dim, "index": i}) for i in range(x_shape[dim])],  # type: ignore[arg-type, return-value]
    _stacked,
)


def _split_by_size(x: Tensor, size: int, dim: int) -> tuple[Tensor, ...]:
    shape = x._data.shape
    if not shape:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    dim = normalize_dim(dim, len(shape))
    n = shape[dim]
    if size == 0 and n:
        raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}")
    sizes = [size] * (n // size) if size else [0]
    if size and n % size:
        sizes.append(n % size)
    return split_p.bind(x, dim=dim, sizes=tuple(sizes or [0]))


@operation(out=False)
def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``input`` taken apart into pieces of the given sizes along ``dim``.

    >>> import rushlight as torch
    >>> torch.split_with_sizes(torch.arange(3), [1, 2])
    (tensor([0]), tensor([1, 2]))
    """
    sizes = ints((split_sizes,), "split_with_sizes", "split_sizes", 2)
    shape = input._data.shape
    if not shape:
        raise RuntimeError("split_with_sizes expects at least a 1-dimensional tensor")
    dim = normalize_dim(dim, len(shape))
    if any(s < 0 for s in sizes):
        raise RuntimeError(
            f"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={list(sizes)}"
        )
    if sum(sizes) != shape[dim]:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {shape[dim]} (input tensor's size at dimension "
            f"{dim}), but got split_sizes={list(sizes)}"
        )
    return split_with_sizes_p.bind(input, dim=dim, sizes=sizes)


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``tensor`` taken apart along ``dim``: into pieces of one size (the last may be smaller), or of the sizes listed.

    >>> import rushlight as torch
    >>> torch.split(torch.arange(3), 2)
    (tensor([0, 1]), tensor([2]))
    """
    if isinstance(split_size_or_sections, (list, tuple)):
        return split_with_sizes(tensor, split_size_or_sections, dim)
    return _split_by_size(tensor, as_index(split_size_or_sections), dim)


def _split_method(self: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    return split(self, split_size, dim)


_split_method.__doc__ = split.__doc__
register(split, method=False, out=False)
register(_split_method, "split", namespace=None, out=False)


@operation(out=False)
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """``input`` taken apart along ``dim`` into ``chunks`` pieces of one size, or fewer where that does not come out.

    >>> import rushlight as torch
    >>> torch.chunk(torch.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    shape = input._data.shape
    if not shape:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    dim = normalize_dim(dim, len(shape))
    size = -(-shape[dim] // chunks)
    if not size:
        return split_with_sizes_p.bind(input, dim=dim, sizes=(0,) * chunks)
    return _split_by_size(input, size, dim)


@operation(out=False)
def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """``input`` taken apart along ``dim``: into so many pieces whose sizes differ by one at most, or at the indices.

    >>> import rushlight as torch
    >>> torch.tensor_split(torch.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    >>> torch.tensor_split(torch.arange(5), (1, 3))
    (tensor([0]), tensor([1, 2]), tensor([3, 4]))
    """
    shape = input._data.shape
    if not shape:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    dim = normalize_dim(dim, len(shape))
    given = indices_or_sections
    if isinstance(given, Tensor):
        if given._data.ndim > 1 or given._data.dtype.kind != "i":
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor "
                f"of int64, but got a tensor with {given._data.ndim} dims"
            )
        given = given.tolist()
    if isinstance(given, (tuple, list)):
        cuts = [as_index(i) for i in given]
    else:
        sections = as_index(given)
        if sections <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {sections}")
        small, larger = divmod(shape[dim], sections)
        cuts = [i * small + min(i, larger) for i in range(1, sections)]
    bounds = zip([0, *cuts], [*cuts, END])
    return tuple([slice_p.bind(input, dim=dim, start=a, end=b, step=1) for a, b in bounds])


def _fixed(name: str, least: int, dim_of: Any, what: str) -> None:
    """``hsplit``, ``vsplit``, ``dsplit``: `tensor_split` along one dimension, which must come out even."""

    def function(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
        shape = input._data.shape
        if len(shape) < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with {len(shape)} "
                "dimensions!"
            )
        dim = dim_of(len(shape))
        given = indices_or_sections
        if not isinstance(given, (tuple, list)) and (as_index(given) <= 0 or shape[dim] % as_index(given)):
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {shape[dim]} is "
                f"not divisible by the split_size {as_index(given)}!"
            )
        return tensor_split(input, given, dim)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`torch.tensor_split` along the {what} dimension; the number of pieces must divide its size."
    register(function, out=False)


_fixed("hsplit", 1, lambda ndim: 0 if ndim == 1 else 1, "second (of a vector: the only)")
_fixed("vsplit", 2, lambda ndim: 0, "first")
_fixed("dsplit", 3, lambda ndim: 2, "third")


@operation(out=False)
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts of ``input`` at each index along ``dim``.

    >>> import rushlight as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    ndim = input._data.ndim
    if not ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return unbind_p.bind(input, dim=normalize_dim(dim, ndim))


def _iterate(self: Tensor) -> Iterator[Tensor]:
    if not self._data.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(unbind_p.bind(self, dim=0))


METHODS["__iter__"] = _iterate
