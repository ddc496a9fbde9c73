"""What masks choose: ``masked_select``, ``masked_scatter``, ``nonzero``; and classes as rows of zeros and a one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.errors import raise_broadcast
from .._core.levels import all_values, checked
from .._core.out_checks import OutCheck, selected
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor, wrap
from .arguments import Ints
from .dims import check_tensor
from .gather_scatter import or_zeros


def _masked_select(x: Any, mask: Any) -> Any:
    if x.shape != mask.shape:
        x, mask = np.broadcast_arrays(x, mask)
    return x[mask]


def _unselected(g: Tensor, x_shape: Ints, mask: Tensor) -> Tensor:
    shape = np.broadcast_shapes(x_shape, mask._data.shape)
    return masked_scatter_p.bind(g.new_zeros(shape), mask, g).sum_to_size(x_shape)


masked_select_p = Primitive(
    "MaskedSelect",
    _masked_select,
    inputs="x mask",
    vjp=(lambda g, x_shape, mask: _unselected(g, x_shape, mask), None),
    jvp=lambda x_t, mask: masked_select_p.bind(x_t, mask),
    sized_by_values=True,
    family="indexing",
)


def _masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    shape = np.broadcast_shapes(x.shape, mask.shape)
    out = np.broadcast_to(x, shape).copy()
    chosen = np.broadcast_to(mask, shape)
    n = np.count_nonzero(chosen)
    if n > source.size:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    out[chosen] = source.reshape(-1)[:n]
    return out


def _of_source(g: Any, mask: Any, shape: Ints) -> Any:
    """Of a source of this shape what was taken, zeros for the rest of it."""
    out = np.zeros(shape, g.dtype)
    taken = g[np.broadcast_to(mask, g.shape)]
    out.reshape(-1)[: taken.size] = taken
    return out


# Not a `masked_select`, whose result has another shape for each example of a `vmap`.
of_source_p = Primitive(
    "MaskedScatterBackward",
    _of_source,
    inputs="x mask",
    vjp=(lambda g, mask, x_shape: masked_scatter_p.bind(g.new_zeros(x_shape), mask, g), None),
    jvp=lambda x_t, mask, shape: of_source_p.bind(x_t, mask, shape=shape),
    family="indexing",
)


masked_scatter_p = Primitive(
    "MaskedScatter",
    _masked_scatter,
    inputs="x mask source",
    vjp=(
        lambda g, mask, x_shape: g.masked_fill(mask, 0).sum_to_size(x_shape),
        None,
        lambda g, mask, source_shape: of_source_p.bind(g, mask, shape=source_shape),
    ),
    jvp=lambda x, mask, source, x_t, source_t: masked_scatter_p.bind(
        or_zeros(x, x_t), mask, or_zeros(source, source_t)
    ),
    family="indexing",
)


@operation(out=selected("masked_select"), apart=("input", "mask"))
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where ``mask``, which is broadcast, is True, as a vector.

    >>> import rushlight as torch
    >>> x = torch.tensor([1, 2, 3])
    >>> torch.masked_select(x, x > 1)
    tensor([2, 3])
    """
    check_tensor(mask, "masked_select", "mask", 1)
    if mask._data.dtype.kind != "b":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    _check_broadcast(mask, input)
    return masked_select_p.bind(input, mask)


def _check_broadcast(a: Tensor, b: Tensor) -> None:
    try:
        np.broadcast_shapes(a._data.shape, b._data.shape)
    except ValueError as error:
        raise_broadcast([a._data.shape, b._data.shape], error)


@operation(inplace=True)
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy of ``input`` with the elements of ``source``, one after the other, where ``mask`` is True.

    >>> import rushlight as torch
    >>> mask = torch.tensor([True, False, True])
    >>> torch.masked_scatter(torch.zeros(3), mask, torch.tensor([1.0, 2.0, 3.0]))
    tensor([1., 0., 2.])
    """
    check_tensor(mask, "masked_scatter", "mask", 1)
    check_tensor(source, "masked_scatter", "source", 2)
    if mask._data.dtype.kind != "b":
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {scalar_type_name(mask.dtype)}"
        )
    if input._data.dtype != source._data.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{scalar_type_name(input.dtype)} and {scalar_type_name(source.dtype)}"
        )
    _check_broadcast(mask, input)
    return masked_scatter_p.bind(input, mask, source)


# -- where a tensor is not zero -------------------------------------------------------------------------------------


@operation(out=OutCheck("nonzero: Expected out tensor to have scalar type Long but got scalar type{Out}"))
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not zero: a row for each, or with ``as_tuple`` a vector for each dimension.

    >>> import rushlight as torch
    >>> torch.nonzero(torch.tensor([[1, 0], [0, 2]]))
    tensor([[0, 0],
            [1, 1]])
    >>> torch.nonzero(torch.tensor([0, 3]), as_tuple=True)
    (tensor([1]),)
    """
    check_tensor(input, "nonzero")
    data = input._data
    if as_tuple:
        return tuple([wrap(i) for i in np.nonzero(data.reshape(1) if not data.ndim else data)])
    return wrap(places_of(data))


def places_of(x: Any) -> Any:
    """A row of indices for each element that is not zero."""
    if not x.ndim:
        return np.empty((int(bool(x)), 0), np.int64)
    return np.transpose(np.nonzero(x))


@operation(out=False)
def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not zero, a row for each.

    >>> import rushlight as torch
    >>> torch.argwhere(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])
    """
    return nonzero(input)


@operation(namespace="torch.nn.functional", method=False, out=False)
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """For each class number a row of zeros with a one in its place; one more class than the largest number by default.

    Raises RuntimeError for numbers below zero or, where ``num_classes`` is given, not below it.

    >>> import rushlight as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    check_tensor(tensor, "one_hot", "tensor")
    data = tensor._data
    if data.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not data.size:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return wrap(np.zeros((*data.shape, num_classes), np.int64))
    checked(_check_classes, tensor, num_classes=num_classes)
    if num_classes == -1:
        num_classes = int(all_values(tensor).max()) + 1
    return tensor.unsqueeze(-1).eq(wrap(np.arange(num_classes))).to(tensor.dtype).contiguous()


def _check_classes(values: Any, num_classes: int) -> None:
    if values.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes != -1 and values.max() >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
