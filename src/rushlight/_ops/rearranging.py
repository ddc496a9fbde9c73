"""Elements in another order, repeated, or cut off at a diagonal: copies, where views would need negative strides."""

from __future__ import annotations

from operator import index as as_index
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import scalar_type_name
from .._core.memory_order import dense
from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor, wrap
from .arguments import Ints, ints, register_listed
from .broadcasting import expand
from .creation import finished
from .dims import check_tensor, normalize_dim, normalize_dims
from .index_along import index_select
from .view import reshape, unsafe_view_p, unsqueeze, view_shape

# -- turned round -------------------------------------------------------------------------------------------------


def _flip(x: Any, dims: Ints) -> Any:
    key = [slice(None)] * x.ndim
    for d in dims:
        key[d] = slice(None, None, -1)
    return x[tuple(key)].copy(order="K")


flip_p = Primitive("Flip", _flip, vjp=lambda g, dims: flip_p.bind(g, dims=dims), family="linear")


def flip(input: Tensor, dims: Ints) -> Tensor:
    """``input`` with the order of elements reversed along ``dims``, as a copy.

    >>> import rushlight as torch
    >>> torch.flip(torch.tensor([1, 2, 3]), (0,))
    tensor([3, 2, 1])
    """
    ndim = input._data.ndim
    dims = normalize_dims(dims, ndim, "flip") or () if dims else ()
    return flip_p.bind(input, dims=dims if ndim else ())


register_listed(flip, "dims")


@operation(out=False)
def fliplr(input: Tensor) -> Tensor:
    """`torch.flip` along the second dimension: left and right exchanged."""
    if input._data.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, (1,))


@operation(out=False)
def flipud(input: Tensor) -> Tensor:
    """`torch.flip` along the first dimension: up and down exchanged."""
    if input._data.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, (0,))


def _reversed(self: Tensor) -> Tensor:
    return flip(self, (0,)) if self._data.ndim else self


METHODS["__reversed__"] = _reversed


def _rot90(x: Any, k: int, dims: Ints) -> Any:
    a, b = dims
    if k % 2 == 0:
        return _flip(x, dims) if k else x.copy(order="K")
    return _flip(x, (b,) if k == 1 else (a,)).swapaxes(a, b)


rot90_p = Primitive("Rot90", _rot90, vjp=lambda g, k, dims: rot90_p.bind(g, k=-k % 4, dims=dims), family="linear")


@operation(out=False)
def rot90(input: Tensor, k: int = 1, dims: Any = (0, 1)) -> Tensor:
    """``input`` turned by ``k`` right angles in the plane of two dimensions, from the first towards the second.

    >>> import rushlight as torch
    >>> torch.rot90(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    dims = ints((dims,), "rot90", "dims", 3)
    ndim = input._data.ndim
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    if dims[0] == dims[1]:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}")
    a, b = (normalize_dim(d, ndim) for d in dims)
    return rot90_p.bind(input, k=k % 4, dims=(a, b))


roll_p = Primitive(
    "Roll",
    lambda x, shifts, dims: dense(np.roll(x, shifts, dims or None)),
    vjp=lambda g, shifts, dims: roll_p.bind(g, shifts=tuple([-s for s in shifts]), dims=dims),
    family="linear",
)


@operation(out=False)
def roll(input: Tensor, shifts: Any, dims: Any = ()) -> Tensor:
    """``input`` shifted along ``dims``; what leaves at one end comes in at the other. Without ``dims``, as a vector.

    >>> import rushlight as torch
    >>> torch.roll(torch.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    shifts, dims = ints((shifts,), "roll", "shifts", 2), ints((dims,), "roll", "dims", 3)
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(shifts) != len(dims) and (dims or len(shifts) != 1):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}")
    ndim = input._data.ndim
    if dims and not ndim:
        raise IndexError(f"Dimension specified as {dims[0]} but tensor has no dimensions")
    return roll_p.bind(input, shifts=shifts, dims=tuple([normalize_dim(d, ndim) for d in dims]))


# -- repeated -----------------------------------------------------------------------------------------------------


def _unrepeat(g: Tensor, x_shape: Ints, repeats: Ints) -> Tensor:
    shape = (1,) * (len(repeats) - len(x_shape)) + x_shape
    apart = reshape(g, tuple([n for pair in zip(repeats, shape) for n in pair]))
    return reshape(apart.sum(tuple(range(0, 2 * len(repeats), 2))) if repeats else apart, x_shape)


repeat_p = Primitive(
    "Repeat",
    lambda x, repeats: np.tile(x, repeats) if repeats else x.copy(),
    vjp=lambda g, x_shape, repeats: _unrepeat(g, x_shape, repeats),
    family="linear",
)


def repeat(input: Tensor, repeats: Ints) -> Tensor:
    """``input`` repeated along each dimension, as a copy; more numbers than dimensions make new ones in front.

    >>> import rushlight as torch
    >>> torch.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    shape = input._data.shape
    if len(repeats) < len(shape):
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    if any(r < 0 for r in repeats):
        size = [r * n for r, n in zip(repeats, (1,) * (len(repeats) - len(shape)) + shape)]
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(size)}: {size}")
    return repeat_p.bind(input, repeats=repeats)


register_listed(repeat, "repeats", namespace=None)


def tile(input: Tensor, dims: Ints) -> Tensor:
    """`Tensor.repeat` that takes fewer numbers than dimensions: they are for the last ones.

    >>> import rushlight as torch
    >>> torch.tile(torch.tensor([[1, 2]]), (2,))
    tensor([[1, 2, 1, 2]])
    """
    return repeat(input, (1,) * (input._data.ndim - len(dims)) + dims)


register_listed(tile, "dims")


def _counts(repeats: Tensor, n: int | None, output_size: int | None) -> np.ndarray:
    """For each element of the result, the index of the element that it repeats."""
    data = repeats._data
    if data.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if data.dtype not in (np.int64, np.int32):
        raise NotImplementedError(f"\"repeat_interleave_cpu\" not implemented for '{scalar_type_name(repeats.dtype)}'")
    if n is not None and data.size == 1:
        data = np.broadcast_to(data.reshape(1), (n,))
    if n is not None and data.size != n:
        raise RuntimeError(
            "repeats must have the same size as input along dim, but got repeats.size(0) = "
            f"{data.size} and input.size(0) = {n}"
        )
    if (data < 0).any():
        raise RuntimeError("repeats can not be negative")
    if output_size is not None and data.sum() != output_size:
        raise RuntimeError("allocated size does not match required size")
    return np.repeat(np.arange(data.size), data.reshape(-1))


def repeat_interleave(
    input: Tensor, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each part of ``input`` along ``dim`` (by default each element) repeated so often, one after the other.

    repeats: an int, or a tensor of one for each part. With ``repeats`` alone, the indices of the parts.
    output_size: the size along ``dim``, checked where it is given.

    >>> import rushlight as torch
    >>> torch.repeat_interleave(torch.tensor([3, 4]), 2)
    tensor([3, 3, 4, 4])
    >>> torch.repeat_interleave(torch.tensor([1, 2]))
    tensor([0, 1, 1])
    """
    check_tensor(input, "repeat_interleave")
    if repeats is None:
        return wrap(_counts(input, None, output_size))
    if not isinstance(repeats, (Tensor, int)):
        raise TypeError(
            "repeat_interleave() received an invalid combination of arguments - got "
            f"({type(repeats).__name__}), but expected one of:\n * (Tensor repeats, int dim = None, *, int output_size = "
            "None)\n * (int repeats, int dim = None, *, int output_size = None)"
        )
    if dim is None:
        input, dim = reshape(input, (-1,)), 0
    shape = input._data.shape
    dim = normalize_dim(dim, len(shape))
    if isinstance(repeats, Tensor):
        return index_select(input, dim, wrap(_counts(repeats, shape[dim], output_size)))
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    n = shape[dim] * repeats
    if output_size is not None and output_size != n:
        raise RuntimeError(f"repeat_interleave: Invalid output_size, expected {n} but got {output_size}")
    apart = expand(unsqueeze(input, dim + 1), (*shape[: dim + 1], repeats, *shape[dim + 1 :]))
    return view_shape(apart.contiguous() if n else apart.clone(), (*shape[:dim], n, *shape[dim + 1 :]))


register(repeat_interleave, out=False)


# -- triangles ----------------------------------------------------------------------------------------------------


def _triangle(name: str, part: Any, which: str, example: str) -> Primitive:
    def forward(x: Any, diagonal: int) -> Any:
        return dense(part(x, diagonal))

    primitive = Primitive(
        name.capitalize(), forward, vjp=lambda g, diagonal: primitive.bind(g, diagonal=diagonal), family="linear"
    )

    def function(input: Tensor, diagonal: int = 0) -> Tensor:
        check_tensor(input, name)
        if input._data.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
        return primitive.bind(input, diagonal=as_index(diagonal))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"The part of a matrix, or of each in a batch, on and {which} a diagonal; zeros elsewhere.\n\n"
        "    diagonal: 0 is the main one, positive numbers lie above it, negative ones below.\n\n"
        f"    >>> import rushlight as torch\n    >>> torch.{name}(torch.ones(2, 2))\n    {example}\n    "
    )
    register(function, inplace=True, out=exact_dtype)
    return primitive


tril_p = _triangle("tril", np.tril, "below", "tensor([[1., 0.],\n            [1., 1.]])")
triu_p = _triangle("triu", np.triu, "above", "tensor([[1., 1.],\n            [0., 1.]])")


def _triangle_indices(name: str, part: Any, which: str) -> None:
    def function(
        row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None
    ) -> Tensor:
        for what, n in (("row", row), ("col", col)):
            if n < 0:
                raise RuntimeError(f"{what} must be non-negative, got{n}")
        indices = np.stack(part(row, offset, col))
        return finished(indices.astype((dtype or dtypes.int64).np), False, device, layout)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"The indices of the elements of a ``row`` by ``col`` matrix on and {which} a diagonal: rows, then columns.\n\n"
        f"    >>> import rushlight as torch\n    >>> torch.{name}(2, 2).shape\n    torch.Size([2, 3])\n    "
    )
    register(function, method=False, out=False)


_triangle_indices("tril_indices", np.tril_indices, "below")
_triangle_indices("triu_indices", np.triu_indices, "above")


# -- products of all with all -------------------------------------------------------------------------------------


@operation()
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: each element of ``input`` times all of ``other``, as blocks.

    >>> import rushlight as torch
    >>> torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    check_tensor(other, "kron", "other", 2)
    ndim = max(input._data.ndim, other._data.ndim)
    a, b = ((1,) * (ndim - t._data.ndim) + t._data.shape for t in (input, other))
    product = reshape(input, _spaced(a, first=True)) * reshape(other, _spaced(b, first=False))
    return unsafe_view_p.bind(product, size=tuple([m * n for m, n in zip(a, b)]))


def _spaced(shape: Ints, *, first: bool) -> Ints:
    """The shape with a one after, or before, each of its dimensions."""
    return tuple([n for extent in shape for n in ((extent, 1) if first else (1, extent))])
