"""``put``, which counts elements in C order, and ``index_reduce``, which combines whole parts along a dimension."""

from __future__ import annotations

from typing import Any

from .._core.dtypes import scalar_type_name
from .._core.levels import checked
from .._core.out_checks import exact_dtype
from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import check_tensor
from .index_along import check_parts
from .indexing import index_put
from .scatter_reduce import scatter_reduce_p


def _check_places(index: Any, n: int) -> None:
    wrong = index[(index < -n) | (index >= n)]
    if wrong.size:
        raise IndexError(f"out of range: tried to access index {wrong.flat[0]} on a tensor of {n} elements.")


@operation(inplace=True, out=False)
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of ``input`` with the elements of ``source`` at places counted in C order, or added to what is there.

    Where a place is named more than once, ``accumulate`` adds every time, and the last element stays without it.

    >>> import rushlight as torch
    >>> torch.put(torch.zeros(2, 2), torch.tensor([1, -1]), torch.tensor([5.0, 6.0]))
    tensor([[0., 5.],
            [0., 6.]])
    """
    check_tensor(index, "put", "index", 1)
    check_tensor(source, "put", "source", 2)
    x, i, s = input._data, index._data, source._data
    if scalar_type_name(index.dtype) != "Long":
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {scalar_type_name(index.dtype)}")
    if s.dtype != x.dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {scalar_type_name(input.dtype)} "
            f"and source.dtype = {scalar_type_name(source.dtype)}"
        )
    if i.size != s.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{s.size}, index.numel() = {i.size}"
        )
    if i.size and not x.size:
        raise IndexError("put_(): Tried to put elements into an empty tensor")
    checked(_check_places, index, n=x.size)
    return index_put(input.reshape(-1), (index.reshape(-1),), source.reshape(-1), accumulate).reshape(x.shape)


def _check_bounds(index: Any, n: int) -> None:
    if index.size and (index.min() < 0 or index.max() >= n):
        raise IndexError("index out of range in self")


@operation(inplace=True, out=exact_dtype, apart=("index", "source"))
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """A copy of ``input`` with the parts of ``source`` combined into it at the indices along ``dim``.

    reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"`` of all that falls on one place. include_self: whether the
    part that stood there counts. Derivatives are those of `torch.scatter_reduce`.

    >>> import rushlight as torch
    >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2.0, 3.0]), "prod")
    tensor([6., 1.])
    """
    dim = check_parts("index_reduce", input, dim, index, source)
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.")
    shape = source._data.shape
    checked(_check_bounds, index, n=input._data.shape[dim] if shape else 1)
    places = (
        index.long().reshape(*(1,) * dim, -1, *(1,) * (len(shape) - dim - 1)) if shape else index.long().reshape(())
    )
    return scatter_reduce_p.bind(
        input, places.expand(shape), source, dim=dim, reduce=reduce, include_self=bool(include_self)
    )
