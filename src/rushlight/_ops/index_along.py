"""Whole parts along one dimension taken and put by index: ``index_select``, ``index_add``, ``index_copy``, ``index_fill``."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import INTEGER, scalar_type_name
from .._core.operands import exact
from .._core.out_checks import exact_dtype, selected
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .advanced_indexing import add_rows
from .arguments import Ints
from .dims import check_tensor, normalize_dim
from .gather_scatter import at_least_vectors, check_bounds, or_zeros

# -- on arrays ----------------------------------------------------------------------------------------------------


def _index_add(x: Any, index: Any, source: Any, dim: int, alpha: Any) -> Any:
    out = x.copy(order="C")
    index, vector = at_least_vectors(index, out)
    if vector.ndim == 1:
        if index.size and (index.astype(np.uint64, copy=False) >= vector.size).any():
            raise IndexError("index out of range in self")
    else:
        check_bounds(index, vector.shape[dim], dim=dim)
    if not index.size:
        return out
    source = source.reshape(1) if not source.ndim else source
    if alpha != 1:
        source = source * np.asarray(alpha).astype(source.dtype)
    front = vector.swapaxes(0, dim)
    memory = np.ascontiguousarray(front)
    rows = source.swapaxes(0, dim).astype(out.dtype, copy=False)
    add_rows(memory.reshape(len(memory), -1), index, rows.reshape(len(rows), -1))
    if not np.shares_memory(memory, out):
        front[...] = memory
    return out


def _line(x: Any, index: Any, dim: int) -> Any:
    """The key of the entries ``index`` along ``dim``."""
    return (slice(None),) * dim + (index,)


def _index_copy(x: Any, index: Any, source: Any, dim: int) -> Any:
    out = x.copy(order="C")
    vector, index, source = at_least_vectors(out, index, source)
    check_bounds(index, vector.shape[dim], IndexError, "index_copy_(): ", dim)
    vector[_line(vector, index, dim)] = source
    return out


def _index_fill(x: Any, index: Any, value: Any, dim: int) -> Any:
    out = x.copy(order="K")
    vector, index = at_least_vectors(out, index)
    n = vector.shape[dim]
    wrong = index[(index < -n) | (index >= n)]
    if wrong.size:
        raise IndexError(f"index {wrong.flat[0]} is out of bounds for dimension {dim} with size {n}")
    vector[_line(vector, index, dim)] = value
    return out


def _index_select(x: Any, index: Any, dim: int) -> Any:
    if index.size and (index.astype(np.uint64, copy=False) >= (x.shape[dim] if x.ndim else 1)).any():
        raise IndexError("index out of range in self")
    if not x.ndim:
        return x.copy()
    if x.flags.c_contiguous:
        return x.take(np.atleast_1d(index), dim)
    return np.ascontiguousarray(x[_line(x, np.atleast_1d(index), dim)])


# -- the records --------------------------------------------------------------------------------------------------

index_select_p = Primitive(
    "IndexSelect",
    _index_select,
    inputs="x index",
    vjp=(
        lambda g, x_shape, index, dim: index_add_p.bind(g.new_zeros(x_shape), index, g, dim=dim, alpha=1),
        None,
    ),
    jvp=lambda x_t, index, dim: index_select_p.bind(x_t, index, dim=dim),
    family="indexing",
)


def _for_source(g: Tensor, index: Tensor, source_shape: Ints, dim: int) -> Tensor:
    part = index_select_p.bind(g, index, dim=dim)
    return part if part._data.shape == source_shape else part.reshape(source_shape)


index_add_p = Primitive(
    "IndexAdd",
    _index_add,
    inputs="x index source",
    vjp=(
        lambda g: g,
        None,
        lambda g, index, source_shape, dim, alpha: (
            _for_source(g, index, source_shape, dim) if alpha == 1 else _for_source(g, index, source_shape, dim) * alpha
        ),
    ),
    jvp=lambda x, index, source, x_t, source_t, dim, alpha: index_add_p.bind(
        or_zeros(x, x_t), index, or_zeros(source, source_t), dim=dim, alpha=alpha
    ),
    family="indexing",
)
index_copy_p = Primitive(
    "IndexCopy",
    _index_copy,
    inputs="x index source",
    vjp=(
        lambda g, index, dim: index_fill_number.bind(g, index, dim=dim, value=0),
        None,
        lambda g, index, source_shape, dim: _for_source(g, index, source_shape, dim),
    ),
    jvp=lambda x, index, source, x_t, source_t, dim: index_copy_p.bind(
        or_zeros(x, x_t), index, or_zeros(source, source_t), dim=dim
    ),
    family="indexing",
)
index_fill_number = Primitive(
    "IndexFill",
    lambda x, index, dim, value: _index_fill(x, index, value, dim),
    inputs="x index",
    vjp=(lambda g, index, dim: index_fill_number.bind(g, index, dim=dim, value=0), None),
    jvp=lambda x_t, index, dim: index_fill_number.bind(x_t, index, dim=dim, value=0),
    family="indexing",
)


def _sum_of_named(g: Tensor, index: Tensor, dim: int) -> Tensor:
    """The sum over the places that the index names, each once, also where it is named in two ways."""
    named = index_fill_number.bind(g.new_zeros(g._data.shape), index, dim=dim, value=1)
    return g.masked_fill(named.eq(0), 0).sum()


index_fill_tensor = Primitive(
    "IndexFillBackward1",
    lambda x, index, value, dim: _index_fill(x, index, value, dim),
    inputs="x index value",
    vjp=(
        lambda g, index, dim: index_fill_number.bind(g, index, dim=dim, value=0),
        None,
        lambda g, index, dim: _sum_of_named(g, index, dim),
    ),
    jvp=lambda x, index, value, x_t, value_t, dim: index_fill_tensor.bind(
        or_zeros(x, x_t), index, or_zeros(value, value_t), dim=dim
    ),
    family="indexing",
)


# -- the operations ----- ------------------------------------------------------------------------------------------


@operation(out=selected("index_select"), apart=("input", "index"))
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The parts of ``input`` at the indices along ``dim``, as a copy.

    >>> import rushlight as torch
    >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1]))
    tensor([[2, 2],
            [4, 4]])
    """
    check_tensor(index, "index_select", "index", 2)
    if index._data.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if index._data.dtype not in (np.int64, np.int32):
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    dim = normalize_dim(dim, input._data.ndim)
    if not input._data.ndim and index._data.size != 1:
        raise RuntimeError(f"index_select(): Index to scalar can have only 1 value, got {index._data.size} value(s)")
    return index_select_p.bind(input, index, dim=dim)


def check_parts(name: str, input: Tensor, dim: int, index: Any, source: Any) -> int:
    """The dimension, after making sure that ``index`` and ``source`` fit it and ``input``."""
    check_tensor(index, name, "index", 2)
    check_tensor(source, name, "source", 3)
    i, s, x = index._data, source._data, input._data
    dim = normalize_dim(dim, x.ndim)
    if i.dtype not in (np.int64, np.int32):
        raise RuntimeError(f"{name}_(): Expected dtype int32/int64 for index but got: {scalar_type_name(index.dtype)}")
    if s.dtype != x.dtype:
        raise RuntimeError(
            f"{name}_(): self ({scalar_type_name(input.dtype)}) and source ({scalar_type_name(source.dtype)}) must "
            "have the same scalar type"
        )
    if i.ndim > 1:
        raise IndexError(
            f"{name}_(): Index is supposed to be a vector, but got dim: {i.ndim} with type: "
            f"{scalar_type_name(index.dtype)} and size: {list(i.shape)}"
        )
    if i.size != (s.shape[dim] if dim < s.ndim else 1):
        raise RuntimeError(
            f"{name}_(): Number of indices ({i.size}) should be equal to source.size(dim): ({s.shape[dim]}), for "
            f"dim: {dim}"
        )
    if x.ndim != s.ndim or x.shape[:dim] + x.shape[dim + 1 :] != s.shape[:dim] + s.shape[dim + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(x.shape)} source.shape = {list(s.shape)}"
        )
    return dim


@operation(inplace=True, out=exact_dtype, apart=("index", "source"))
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """A copy of ``input`` with ``alpha * source`` added at the indices along ``dim``, as often as they occur.

    >>> import rushlight as torch
    >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 0, 2]), torch.ones(3))
    tensor([2., 0., 1.])
    """
    dim = check_parts("index_add", input, dim, index, source)
    if input.dtype.category == INTEGER:
        alpha = int(alpha)
    return index_add_p.bind(input, index, source, dim=dim, alpha=alpha)


@operation(inplace=True, out=exact_dtype, apart=("index", "source"))
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """A copy of ``input`` with the parts of ``source`` at the indices along ``dim``.

    >>> import rushlight as torch
    >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([1.0, 2.0]))
    tensor([2., 0., 1.])
    """
    check_tensor(index, "index_copy", "index", 2)
    check_tensor(source, "index_copy", "source", 3)
    i, s, x = index._data, source._data, input._data
    dim = normalize_dim(dim, x.ndim)
    if i.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {i.ndim})")
    if s.ndim and x.ndim and s.ndim != x.ndim:
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source "
            f"dimensionality ({s.ndim}), destination dimensionality ({x.ndim})"
        )
    if i.dtype != np.int64:
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {scalar_type_name(index.dtype)}")
    if s.dtype != x.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{scalar_type_name(input.dtype)} and (source) {scalar_type_name(source.dtype)}"
        )
    if s.ndim and i.size != s.shape[dim]:
        raise IndexError(
            f"index_copy_(): Number of indices ({i.size}) should be equal to source.size(dim) ({s.shape[dim]})"
        )
    if s.ndim and x.shape[:dim] + x.shape[dim + 1 :] != s.shape[:dim] + s.shape[dim + 1 :]:
        to, of = (" ".join(map(str, a.shape[:dim] + a.shape[dim + 1 :])) for a in (x, s))
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: "
            f"{to} at dimension {dim} and source slice shape: {of} at dimension 0."
        )
    return index_copy_p.bind(input, index, source, dim=dim)


@operation(inplace=True)
def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """A copy of ``input`` with one value at the indices along ``dim``.

    >>> import rushlight as torch
    >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, -1]), 7)
    tensor([7., 0., 7.])
    """
    check_tensor(index, "index_fill", "index", 2)
    if index._data.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if index._data.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    dim = normalize_dim(dim, input._data.ndim)
    if isinstance(value, Tensor):
        if value._data.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._data.ndim} dimension(s)."
            )
        return index_fill_tensor.bind(input, index, value, dim=dim)
    if isinstance(value, complex) and input._data.dtype.kind != "c":
        raise RuntimeError("index_fill_(): Converting complex Scalar to non-complex type is not supported")
    return index_fill_number.bind(input, index, dim=dim, value=exact(value, input.dtype))
