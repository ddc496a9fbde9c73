"""Elements in order: sorting, the k largest, distinct elements, and places in a sorted sequence.

Sorting is always stable, here as in PyTorch's CPU kernels. Where several elements are equal, which of them
`topk` returns is not defined by PyTorch (it depends on the lengths); here it is the first ones, among up to
SHORT elements to choose from.

"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .._core import dtypes
from .._core.families import promote
from .._core.levels import all_values
from .._core.memory_order import as_operands
from .._core.out_checks import OutCheck, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.return_types import return_type
from .._core.tensor import Tensor, wrap
from .dims import check_int, check_tensor, normalize_dim, raise_unsupported
from .selecting import Selecting, comparable
from .titles import shown_as

sort_type = return_type("sort", "values", "indices")
topk_type = return_type("topk", "values", "indices")

SHORT = 4096  # up to this many elements, topk sorts them all


# -- sorting ------------------------------------------------------------------------------------------------


def order(x: Any, dim: int, descending: bool) -> Any:
    """The stable order of the elements along ``dim``; a nan is larger than every number."""
    x = comparable(x)
    if not descending:
        return np.argsort(x, dim, kind="stable")
    # The ascending order read backwards, of a reversed array: equal elements keep their order.
    backwards = (*(slice(None),) * dim, slice(None, None, -1))
    return x.shape[dim] - 1 - np.argsort(x[backwards], dim, kind="stable")[backwards]


sort_p = Selecting("Sort", order, order=as_operands)
stable_sort_p = shown_as(sort_p, "SortBackward1")


def _refuse_complex(input: Tensor, operation: str) -> None:
    if input._data.dtype.kind == "c":
        raise RuntimeError(f" {operation} does not support complex dtypes on CPU")


@operation(out=exact_dtype)
def sort(input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool | None = None) -> Any:
    """The elements in ascending order along ``dim``, and where each of them was. A nan is larger than every
    number.

    Always stable: equal elements keep their order, also in descending order.

    >>> import rushlight as torch
    >>> torch.sort(torch.tensor([3.0, 1.0, 2.0])).indices
    tensor([1, 2, 0])

    """
    check_tensor(input, "sort")
    d = normalize_dim(check_int(dim, "sort", "dim"), input._data.ndim)
    _refuse_complex(input, "Sort")
    primitive = sort_p if stable is None else stable_sort_p
    return sort_type(primitive.bind(input, dim=d, keepdim=True, descending=bool(descending)))


@operation()
def argsort(input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool | None = None) -> Tensor:
    """Where the elements of the sorted tensor are: the indices that `sort` returns.

    >>> import rushlight as torch
    >>> torch.argsort(torch.tensor([3.0, 1.0, 2.0]), descending=True)
    tensor([0, 2, 1])
    """
    check_tensor(input, "argsort")
    return sort(input.detach(), dim, descending, stable=stable)[1]


@operation(out=exact_dtype)
def msort(input: Tensor) -> Tensor:
    """The elements in ascending order along the first dimension.

    >>> import rushlight as torch
    >>> torch.msort(torch.tensor([[3, 1], [2, 4]]))
    tensor([[2, 1],
            [3, 4]])
    """
    check_tensor(input, "msort")
    return sort(input, 0)[0]


# -- the k largest ------------------------------------------------------------------------------------------


def _topk(x: Any, dim: int, k: int, largest: bool) -> Any:
    n = x.shape[dim]
    part = (slice(None),) * dim + (slice(k),)
    if n <= SHORT or k in (0, n):
        return order(x, dim, largest)[part].copy()
    x = comparable(x)
    if largest:
        chosen = np.take(np.argpartition(x, n - k, dim), np.arange(n - k, n), dim)
    else:
        chosen = np.take(np.argpartition(x, k - 1, dim), np.arange(k), dim)
    chosen.sort(dim)
    return np.take_along_axis(chosen, order(np.take_along_axis(x, chosen, dim), dim, largest), dim)


topk_p = Selecting("Topk", _topk)


@operation(out=exact_dtype)
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The ``k`` largest elements along ``dim`` (smallest with ``largest=False``) and where they are, in
    order.

    ``sorted=False`` allows any order; they come sorted all the same. Which of several equal elements are
    chosen is not defined. RuntimeError where ``k`` is out of range.

    >>> import rushlight as torch
    >>> torch.topk(torch.tensor([1.0, 4.0, 2.0]), k=2).values
    tensor([4., 2.])

    """
    check_tensor(input, "topk")
    k = check_int(k, "topk", "k")
    shape = input._data.shape
    d = normalize_dim(check_int(dim, "topk", "dim", 2), len(shape))
    if not 0 <= k <= (shape[d] if shape else 1):
        raise RuntimeError(f"selected index k out of range\nk is {k}, there are {shape[d] if shape else 1} elements.")
    if input._data.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    _refuse_complex(input, "topk")
    return topk_type(topk_p.bind(input, dim=d, keepdim=True, k=k, largest=bool(largest)))


# -- distinct elements --------------------------------------------------------------------------------------


def _without_derivative(name: str) -> Callable[..., NoReturn]:
    def vjp(g: Any) -> NoReturn:
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")

    return vjp


def _runs(rows: Any, counts: bool) -> tuple[Any, Any, Any]:
    """Runs of equal neighbouring rows of a matrix: where each starts, which run each row is in, their
    lengths."""
    starts = np.ones(len(rows), bool)
    if len(rows) > 1:
        starts[1:] = (rows[1:] != rows[:-1]).any(1)
    (first,) = np.nonzero(starts)
    return first, np.cumsum(starts) - 1, np.diff(np.append(first, len(rows))) if counts else None


def _rows(x: Any, dim: int | None) -> Any:
    """What is compared: the elements, or the slices along ``dim``, as rows of a matrix."""
    if dim is None:
        return comparable(x).reshape(-1, 1)
    slices = np.moveaxis(comparable(x), dim, 0)
    return slices.reshape(len(slices), math.prod(slices.shape[1:]))


def _unique(x: Any, dim: int | None) -> Any:
    rows = _rows(x, dim)
    places = np.lexsort(rows.T[::-1]) if rows.shape[1] != 1 else np.argsort(rows[:, 0], kind="stable")
    first, run, counts = _runs(rows[places], True)
    inverse = np.empty(len(rows), np.int64)
    inverse[places] = run
    return _distinct(x, dim, places[first], inverse, counts)


def _unique_consecutive(x: Any, dim: int | None) -> Any:
    return _distinct(x, dim, *_runs(_rows(x, dim), True))


def _distinct(x: Any, dim: int | None, chosen: Any, inverse: Any, counts: Any) -> Any:
    if dim is None:
        return x.reshape(-1)[chosen], inverse.reshape(x.shape), counts
    return np.take(x, chosen, dim), inverse, counts


def _unique_p(name: str, forward: Any, derivative: str) -> Primitive:
    return Primitive(
        name, forward, vjp=_without_derivative(derivative), outputs=3, constant=(1, 2), family="distinct",
        sized_by_values=True,
    )  # fmt: skip


unique_p = _unique_p("Unique2", _unique, "_unique2")
unique_dim_p = _unique_p("UniqueDim", _unique, "unique_dim")
unique_consecutive_p = _unique_p("UniqueConsecutive", _unique_consecutive, "unique_consecutive")


def _distinct_elements(
    primitive: Primitive, input: Tensor, dim: Any, inverse: bool, counts: bool, operation: str, kernel: str
) -> Any:
    check_tensor(input, operation)
    if input._data.dtype.kind == "c":
        raise_unsupported(input, kernel)
    if dim is not None:
        shape = input._data.shape
        if not shape:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        dim = normalize_dim(check_int(dim, operation, "dim"), len(shape))
        if shape[dim] and 0 in shape:
            raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    found = primitive.bind(input, dim=dim)
    if not inverse and not counts:
        return found[0]
    return (found[0], *found[1:2][: int(inverse)], *found[2:][: int(counts)])


@operation(out=False)
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements in ascending order, or the distinct slices along ``dim`` in lexicographic order.

    With return_inverse also where each element went, with return_counts also how often each occurs. Every nan
    is distinct. ``sorted=False`` allows any order; they come sorted all the same. Not differentiable.

    >>> import rushlight as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_inverse=True, return_counts=True)
    (tensor([1, 3]), tensor([1, 0, 1]), tensor([1, 2]))

    """
    primitive, kernel = (unique_p, "unique") if dim is None else (unique_dim_p, "unique_dim")
    return _distinct_elements(primitive, input, dim, return_inverse, return_counts, "unique", kernel)


@operation(out=False)
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The first element of every run of equal neighbours, of the flattened tensor or of slices along ``dim``.

    With return_inverse also the run that each element is in, with return_counts also the runs' lengths. Not
    differentiable.

    >>> import rushlight as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]), return_counts=True)
    (tensor([1, 2, 1]), tensor([2, 1, 1]))
    """
    return _distinct_elements(
        unique_consecutive_p, input, dim, return_inverse, return_counts, "unique_consecutive", "unique"
    )


# -- places in a sorted sequence ----------------------------------------------------------------------------


def _searchsorted(sequence: Any, values: Any, sorter: Any, right: bool, to: Any) -> Any:
    sequence, values = comparable(sequence), comparable(values)
    if sorter is not None:
        sequence = np.take_along_axis(sequence, sorter, -1)
    if sequence.ndim == 1 and not np.isnan(sequence).any():
        return np.asarray(np.searchsorted(sequence, values, "right" if right else "left")).astype(to)
    # NumPy searches one sequence at a time, and takes nan for the largest number where PyTorch's comparison
    # with nan is false whatever the other side: bisect all at once.
    n = sequence.shape[-1]
    if sequence.ndim == 1:
        sequence = np.broadcast_to(sequence, (*values.shape[:-1], n))
    low, high = np.zeros(values.shape, np.int64), np.full(values.shape, n, np.int64)
    for _ in range(n.bit_length()):
        middle = (low + high) // 2
        there = np.take_along_axis(sequence, np.minimum(middle, n - 1), -1)
        beyond = there > values if right else there >= values
        searching = low < high
        high = np.where(searching & beyond, middle, high)
        low = np.where(searching & ~beyond, middle + 1, low)
    return low.astype(to)


searchsorted_p = Primitive("Searchsorted", _searchsorted, inputs="sequence values sorter", family="search")


def _as_tensor(value: Any, operation: str, name: str, position: int) -> Tensor:
    if isinstance(value, (bool, int, float)):
        return wrap(np.asarray(value, dtypes.of_number(value).np))
    check_tensor(value, operation, name, position)
    return value


def _search(sequence: Tensor, values: Tensor, sorter: Any, right: bool, out_int32: bool) -> Tensor:
    (sequence, values), _ = promote((sequence, values))
    if sequence._data.dtype.kind in "bc":
        raise_unsupported(sequence, "searchsorted_out_cpu")
    to = np.int32 if out_int32 else np.int64
    return searchsorted_p.bind(sequence, values, sorter, right=bool(right), to=to)


_index_dtype = OutCheck(
    lambda result, out: (
        "torch.searchsorted(): output tensor's dtype is wrong, it can only be Int(int32) or Long(int64) depending on "
        f"whether out_int32 flag is True, but we got output tensor's dtype {dtypes.scalar_type_name(out)} and "
        f"out_int32 flag is {result is dtypes.int32}"
    )
)


@operation(method=False, out=_index_dtype)
def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
) -> Tensor:
    """Where each value of ``input`` would be inserted into the sorted last dimension of ``sorted_sequence``.

    Before equal elements, or after them with ``right=True`` (``side="right"``). Either a vector, searched for
    all values, or one sequence for each row of ``input``. sorter: the order that sorts an unsorted sequence.
    The result is int64, or int32 with ``out_int32``.

    >>> import rushlight as torch
    >>> torch.searchsorted(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([3.0, 4.0]))
    tensor([1, 2])

    """
    check_tensor(sorted_sequence, "searchsorted", "sorted_sequence")
    values = _as_tensor(input, "searchsorted", "input", 2)
    sequence, v = sorted_sequence._data, values._data
    if side is not None:
        if side not in ("left", "right"):
            raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
        if right and side == "left":
            raise RuntimeError(
                "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
            )
        right = side == "right"
    if not v.ndim and sequence.ndim != 1:
        raise RuntimeError(
            "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1, "
            f"but we got boundaries tensor dim({sequence.ndim}) and input value's dim({v.ndim}) "
            f"numel({v.size})"
        )
    if sequence.ndim != 1 and sequence.shape[:-1] != v.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of "
            "boundaries tensor and input value tensor must match, but we got boundaries tensor "
            f"{list(sequence.shape)} and input value tensor {list(v.shape)}"
        )
    if sorter is not None:
        _check_sorter(sorter, sorted_sequence)
    return _search(sorted_sequence, values, sorter, right, out_int32)


def _check_sorter(sorter: Tensor, sequence: Tensor) -> None:
    check_tensor(sorter, "searchsorted", "sorter", 3)
    s, shape = sorter._data, sequence._data.shape
    if s.shape != shape:
        raise RuntimeError(
            "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
            f"{list(shape)}and got sorter tensor {list(s.shape)}"
        )
    if s.dtype != np.int64:
        raise RuntimeError(
            "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype "
            f"{dtypes.scalar_type_name(sorter.dtype)}"
        )
    values = all_values(sorter)
    if values.size and (values.min() < 0 or values.max() >= shape[-1]):
        raise RuntimeError("torch.searchsorted(): sorter index out of range")


@operation(method=False, out=_index_dtype)
def bucketize(input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """Into which bucket each value of ``input`` falls, where the vector ``boundaries`` (sorted) divides them.

    A value equal to a boundary belongs to the bucket before it, with ``right=True`` to the one after it.

    >>> import rushlight as torch
    >>> torch.bucketize(torch.tensor([3, 6]), torch.tensor([1, 3, 5]))
    tensor([1, 3])
    """
    values = _as_tensor(input, "bucketize", "input", 1)
    check_tensor(boundaries, "bucketize", "boundaries", 2)
    if boundaries._data.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries._data.ndim})")
    return _search(boundaries, values, None, right, out_int32)


# -- membership ---------------------------------------------------------------------------------------------


def _isin(elements: Any, test_elements: Any, invert: bool) -> Any:
    return np.isin(comparable(elements), comparable(test_elements), invert=invert)


isin_p = Primitive("Isin", _isin, inputs="elements test_elements", family="search")


@operation(method=False, out=exact_dtype)
def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """For each of ``elements`` whether it is among ``test_elements``; either may be a number.

    invert: whether it is not. assume_unique says that neither has duplicates, which changes nothing here.

    >>> import rushlight as torch
    >>> torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 5]))
    tensor([False,  True, False])
    """
    if not isinstance(elements, Tensor) and not isinstance(test_elements, Tensor):
        check_tensor(elements, "isin", "elements")
    a = _as_tensor(elements, "isin", "elements", 1)
    b = _as_tensor(test_elements, "isin", "test_elements", 2)
    for t in (a, b):
        if t._data.dtype.kind in "bc":
            raise RuntimeError(f"Unsupported input type encountered for isin(): {dtypes.scalar_type_name(t.dtype)}")
    (a, b), _ = promote((a, b))
    return isin_p.bind(a, b, invert=bool(invert))
