"""Views of a part of a tensor: one index, a slice, a diagonal, windows; and tensors with such a part replaced."""

from __future__ import annotations

from collections.abc import Callable
from operator import index as as_index
from typing import Any

import numpy as np

from .._core.dtypes import from_numpy_dtype
from .._core.families import cast
from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.strides import as_strided_p, elementwise_strides
from .._core.tensor import Tensor
from .._core.views import ViewPrimitive, scatter
from .arguments import Ints, ints
from .dims import check_int, check_tensor, normalize_dim, raise_unsupported

END = 2**63 - 1  # "up to the end", as PyTorch has it in ``grad_fn._saved_end``


def _embedding(part: Callable[..., Any]) -> Callable[..., Any]:
    """The transpose of a view of a part: zeros of ``shape`` with ``g`` in that part."""

    def embed(g: Any, shape: Ints, **params: Any) -> Any:
        out = np.zeros(shape, g.dtype)
        part(out, **params)[...] = g
        return out

    return embed


def _replacing(part: Callable[..., Any]) -> Callable[..., Any]:
    """A copy of ``x`` with ``src`` in a part."""

    def replace(x: Any, src: Any, **params: Any) -> Any:
        out = x.copy(order="K")
        part(out, **params)[...] = src
        return out

    return replace


def _like(g: Tensor, dtype: np.dtype) -> Tensor:
    return cast(g, from_numpy_dtype(dtype))


def _select(x: Any, dim: int, index: int) -> Any:
    return x[index, ...] if not dim else x[(slice(None),) * dim + (index, ...)]


select_p = ViewPrimitive(
    "Select",
    _select,
    lambda g, x_shape, dim, index: select_embed.bind(g, shape=x_shape, dim=dim, index=index),
)
select_embed = Primitive(
    "SelectBackwardBackward0",
    _embedding(_select),
    vjp=lambda g, dim, index: select_p.bind(g, dim=dim, index=index),
    family="linear",
)
select_replace = Primitive(
    "SelectScatter",
    _replacing(_select),
    inputs="x src",
    vjp=(
        lambda g, src_shape, dim, index: select_replace.bind(g, g.new_zeros(src_shape), dim=dim, index=index),
        lambda g, src_dtype, dim, index: _like(select_p.bind(g, dim=dim, index=index), src_dtype),
    ),
    family="linear",
)


def _slice(x: Any, dim: int, start: int, end: int, step: int) -> Any:
    return x[start:end:step] if not dim else x[(slice(None),) * dim + (slice(start, end, step),)]


slice_p = ViewPrimitive(
    "Slice",
    _slice,
    lambda g, x_shape, dim, start, end, step: slice_embed.bind(
        g, shape=x_shape, dim=dim, start=start, end=end, step=step
    ),
)
slice_embed = Primitive(
    "SliceBackwardBackward0",
    _embedding(_slice),
    vjp=lambda g, dim, start, end, step: slice_p.bind(g, dim=dim, start=start, end=end, step=step),
    family="linear",
)
slice_replace = Primitive(
    "SliceScatter",
    _replacing(_slice),
    inputs="x src",
    vjp=(
        lambda g, src_shape, dim, start, end, step: slice_replace.bind(
            g, g.new_zeros(src_shape), dim=dim, start=start, end=end, step=step
        ),
        lambda g, src_dtype, dim, start, end, step: _like(
            slice_p.bind(g, dim=dim, start=start, end=end, step=step), src_dtype
        ),
    ),
    family="linear",
)


def _diagonal(x: Any, offset: int, dim1: int, dim2: int) -> Any:
    out = x.diagonal(offset, dim1, dim2)
    if x.flags.writeable:  # NumPy's diagonals have been read-only for years, until they become as ours are
        out.flags.writeable = True
    return out


diagonal_p = ViewPrimitive(
    "Diagonal",
    _diagonal,
    lambda g, x_shape, offset, dim1, dim2: diagonal_embed.bind(g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2),
)
diagonal_embed = Primitive(
    "DiagonalBackwardBackward0",
    _embedding(_diagonal),
    vjp=lambda g, offset, dim1, dim2: diagonal_p.bind(g, offset=offset, dim1=dim1, dim2=dim2),
    family="linear",
)
diagonal_replace = Primitive(
    "DiagonalScatter",
    _replacing(_diagonal),
    inputs="x src",
    vjp=(
        lambda g, src_shape, offset, dim1, dim2: diagonal_replace.bind(
            g, g.new_zeros(src_shape), offset=offset, dim1=dim1, dim2=dim2
        ),
        lambda g, src_dtype, offset, dim1, dim2: _like(
            diagonal_p.bind(g, offset=offset, dim1=dim1, dim2=dim2), src_dtype
        ),
    ),
    family="linear",
)
diagonal_copy = Primitive(
    "DiagonalBackward0_copy",
    lambda x, offset, dim1, dim2: x.diagonal(offset, dim1, dim2).copy(),
    vjp=lambda g, x_shape, offset, dim1, dim2: diagonal_embed.bind(
        g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2
    ),
    family="linear",
)
diagonal_copy.node_type.name = lambda self: self.title  # PyTorch's too, for once without a namespace
diag_embed_p = Primitive(
    "DiagEmbed",
    _embedding(_diagonal),
    vjp=lambda g, offset, dim1, dim2: diagonal_p.bind(g, offset=offset, dim1=dim1, dim2=dim2),
    family="linear",
)


# -- the operations -----------------------------------------------------------------------------------------------


@operation(out=False)
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The part of ``input`` at ``index`` along ``dim``, which goes.

    >>> import rushlight as torch
    >>> torch.select(torch.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    shape = input._data.shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim, index = normalize_dim(dim, len(shape)), as_index(index)
    if not -shape[dim] <= index < shape[dim]:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(shape)} at dimension {dim}")
    return select_p.bind(input, dim=dim, index=index)


@operation(out=False)
def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """The ``length`` elements from ``start`` on along ``dim``.

    >>> import rushlight as torch
    >>> torch.narrow(torch.arange(5), 0, 1, 3)
    tensor([1, 2, 3])
    """
    shape = input._data.shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if isinstance(start, Tensor) and (start._data.ndim or start._data.dtype.kind not in "iu"):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    length, start = check_int(length, "narrow", "length", 4), as_index(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    dim = normalize_dim(dim, len(shape))
    n = shape[dim]
    if not -n <= start <= n:
        raise IndexError(f"start out of range (expected to be in range of [{-n}, {n}], but got {start})")
    start += n if start < 0 else 0
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return slice_p.bind(input, dim=dim, start=start, end=start + length, step=1)


def _check_slots(src: Tensor, part: Any, name: str) -> None:
    check_tensor(src, name, "src", 2)
    if src._data.shape != part.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. "
            f"src size = {list(src._data.shape)}, slice size = {list(part.shape)}"
        )


@operation()
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.select(dim, index)``.

    >>> import rushlight as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    shape = input._data.shape
    dim = normalize_dim(dim, len(shape))
    if not -shape[dim] <= index < shape[dim]:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(shape)} at dimension {dim}")
    _check_slots(src, _select(np.broadcast_to(0, shape), dim, index), "select_scatter")
    return select_replace.bind(input, src, dim=dim, index=index)


@operation(out=exact_dtype)
def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of the slice ``start:end:step`` along ``dim``.

    >>> import rushlight as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, step=2)
    tensor([0., 1., 0., 1.])
    """
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    options = {
        "dim": normalize_dim(dim, input._data.ndim), "start": 0 if start is None else start,
        "end": END if end is None else end, "step": step,
    }  # fmt: skip
    _check_slots(src, _slice(np.broadcast_to(0, input._data.shape), **options), "slice_scatter")
    return slice_replace.bind(input, src, **options)


def _two_dims(ndim: int, dim1: int, dim2: int) -> tuple[int, int]:
    first, second = normalize_dim(dim1, ndim), normalize_dim(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return first, second


@operation(out=False)
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonals of the matrices that dimensions ``dim1`` and ``dim2`` span, as the last dimension.

    >>> import rushlight as torch
    >>> torch.diagonal(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    dim1, dim2 = _two_dims(input._data.ndim, dim1, dim2)
    return diagonal_p.bind(input, offset=offset, dim1=dim1, dim2=dim2)


@operation()
def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.diagonal(offset, dim1, dim2)``.

    >>> import rushlight as torch
    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    dim1, dim2 = _two_dims(input._data.ndim, dim1, dim2)
    _check_slots(src, np.broadcast_to(0, input._data.shape).diagonal(offset, dim1, dim2), "diagonal_scatter")
    return diagonal_replace.bind(input, src, offset=offset, dim1=dim1, dim2=dim2)


@operation()
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices, along new dimensions ``dim1`` and ``dim2``, with the last dimension of ``input`` on a diagonal.

    >>> import rushlight as torch
    >>> torch.diag_embed(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    shape = input._data.shape
    if not shape:
        normalize_dim(dim1, 1)
    dim1, dim2 = _two_dims(len(shape) + 1, dim1, dim2)
    n = shape[-1] + abs(offset)
    out = list(shape[:-1])
    for d in sorted((dim1, dim2)):
        out.insert(d, n)
    return diag_embed_p.bind(input, shape=tuple(out), offset=offset, dim1=dim1, dim2=dim2)


@operation(out=exact_dtype)
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A copy of a matrix's diagonal, or for a vector the matrix with it on its diagonal and zeros elsewhere.

    >>> import rushlight as torch
    >>> torch.diag(torch.tensor([[1, 2], [3, 4]]), 1)
    tensor([2])
    """
    ndim = input._data.ndim
    if ndim == 1:
        return diag_embed(input, diagonal)
    if ndim != 2:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {ndim}D")
    return diagonal_copy.bind(input, offset=diagonal, dim1=0, dim2=1)


@operation(out=False)
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal.

    >>> import rushlight as torch
    >>> torch.trace(torch.tensor([[1, 2], [3, 4]]))
    tensor(5)
    """
    check_tensor(input, "trace")
    ndim = input._data.ndim
    if ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {ndim}")
    if input._data.dtype.kind == "b":
        raise_unsupported(input, "trace")
    return input.diagonal().sum()


@operation(out=False)
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix with all elements of ``input`` on a diagonal.

    >>> import rushlight as torch
    >>> torch.diagflat(torch.tensor([[1], [2]]))
    tensor([[1, 0],
            [0, 2]])
    """
    return diag_embed(input.reshape(-1), offset)


# -- windows ------------------------------------------------------------------------------------------------------


def _unfold(x: Any, dim: int, size: int, step: int) -> Any:
    if not x.ndim:
        return x.reshape(1)[:size]
    count = (x.shape[dim] - size) // step + 1
    shape = (*x.shape[:dim], count, *x.shape[dim + 1 :], size)
    strides = (*x.strides[:dim], x.strides[dim] * step, *x.strides[dim + 1 :], x.strides[dim])
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def _fold(g: Any, shape: Ints, dim: int, size: int, step: int) -> Any:
    if not shape:
        return g.sum()
    out = np.zeros(shape, g.dtype)
    for start in range(0, size, step):
        # The same part of all windows, which is no longer than they are apart: these parts do not overlap.
        width = min(step, size - start)
        parts = _unfold(_slice(out, dim, start, shape[dim], 1), dim, width, step)
        _slice(parts, dim, 0, g.shape[dim], 1)[...] += g[..., start : start + width]
    return out


unfold_p = ViewPrimitive(
    "Unfold",
    _unfold,
    lambda g, x_shape, dim, size, step: fold_p.bind(g, shape=x_shape, dim=dim, size=size, step=step),
    repeats=True,
)
fold_p = Primitive(
    "UnfoldBackwardBackward0",
    _fold,
    vjp=lambda g, dim, size, step: unfold_p.bind(g, dim=dim, size=size, step=step),
    family="linear",
)


def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows of ``size`` elements along ``dimension``, ``step`` apart; the window is a new last dimension.

    >>> import rushlight as torch
    >>> torch.arange(5).unfold(0, 3, 2)
    tensor([[0, 1, 2],
            [2, 3, 4]])
    """
    shape = self._data.shape or (1,)
    dim = normalize_dim(dimension, len(shape))
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > shape[dim]:
        raise RuntimeError(f"maximum size for tensor at dimension {dim} is {shape[dim]} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return unfold_p.bind(self, dim=dim, size=size, step=step)


METHODS["unfold"] = unfold


def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """The memory behind ``input`` seen with any size and strides, counted in elements.

    storage_offset: from the start of the base's memory; where ``input`` begins if it is not given. Raises
    RuntimeError where the view would leave that memory. In-place writes to elements that share a place are not
    refused: their result depends on the order of the elements.

    >>> import rushlight as torch
    >>> torch.as_strided(torch.arange(5), (3, 3), (1, 1))
    tensor([[0, 1, 2],
            [1, 2, 3],
            [2, 3, 4]])
    """
    return as_strided_p.bind(input, **strided(input, size, stride, storage_offset))


def strided(x: Tensor, size: Any, stride: Any, storage_offset: int | None) -> dict[str, Any]:
    """The parameters of `as_strided_p`, checked against the memory that there is."""
    size, stride = ints((size,), "as_strided", "size"), ints((stride,), "as_strided", "stride")
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in stride):
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(stride)}")
    begin = x.storage_offset()
    offset = begin if storage_offset is None else storage_offset
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    base = x._data if x._view is None else x._view.base._data
    have = 1 + sum([(n - 1) * s for n, s in zip(base.shape, elementwise_strides(base))]) if base.size else 0
    need = offset + 1 + sum([(n - 1) * s for n, s in zip(size, stride)]) if 0 not in size else 0
    if need > have:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and itemsize "
            f"{base.itemsize} requiring a storage size of {need * base.itemsize} are out of bounds for storage of size "
            f"{have * base.itemsize}"
        )
    geometry = (x._data.shape, elementwise_strides(x._data))
    return {"size": size, "stride": stride, "offset": offset - begin, "geometry": geometry}


register(as_strided, out=False)


@operation(out=False)
def as_strided_scatter(input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.as_strided(size, stride, storage_offset)``.

    >>> import rushlight as torch
    >>> torch.as_strided_scatter(torch.zeros(2, 2), torch.ones(2), (2,), (3,))
    tensor([[1., 0.],
            [0., 1.]])
    """
    params = strided(input, size, stride, storage_offset)
    check_tensor(src, "as_strided_scatter", "src", 2)
    if src._data.shape != params["size"]:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(src._data.shape)}, slice size = "
            f"{list(params['size'])}"
        )
    layout = params["geometry"][1]
    return scatter.bind(input, cast(src, input.dtype), chain=((as_strided_p, params),), layout=layout)
