"""Tensors expanded without copying, and the shapes that tensors have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.errors import raise_broadcast
from .._core.modes import PLAIN, state
from .._core.registry import operation
from .._core.tensor import Size, Tensor
from .._core.views import ViewPrimitive
from .arguments import Ints, register_listed, tensors_of
from .dims import check_tensor


def _expand(x: Any, size: Ints) -> Any:
    # Locked, so that NumPy refuses writes where one place would be written to more than once.
    shape = x.shape
    if x.flags.c_contiguous and x.size and 0 not in size:
        # `broadcast_to` takes ten times as long.
        lead = len(size) - len(shape)
        strides = [0] * lead
        for n, m, stride in zip(shape, size[lead:], x.strides):
            if n != m:
                if n != 1 or m < 0:
                    raise ValueError
                stride = 0
            strides.append(stride)
        out = np.ndarray(size, x.dtype, x, 0, strides)
    else:
        out = np.broadcast_to(x, size)
    out.flags.writeable = shape == size and x.flags.writeable
    return out


expand_p = ViewPrimitive("Expand", _expand, lambda g, x_shape: g.sum_to_size(x_shape), repeats=True)


def expand(input: Tensor, size: Ints) -> Tensor:
    """Dimensions of size one repeated, and new ones put in front, without copying; -1 keeps a size.

    The result cannot be written to in place: several of its elements are one place in memory.

    >>> import rushlight as torch
    >>> torch.tensor([[1], [2]]).expand(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    shape = input._data.shape
    if shape == size and state.mode == PLAIN:
        return input
    if -1 in size or len(size) < len(shape):
        size = _filled_in(input, size)
    try:
        return expand_p.bind(input, size=size)
    except ValueError:
        lead = len(size) - len(shape)
        dim = max(i for i, s in enumerate(shape) if s not in (1, size[lead + i]) or size[lead + i] < 0)
        raise RuntimeError(
            f"The expanded size of the tensor ({size[lead + dim]}) must match the existing size ({shape[dim]}) at "
            f"non-singleton dimension {lead + dim}.  Target sizes: {list(size)}.  Tensor sizes: {list(shape)}"
        ) from None


def _filled_in(x: Tensor, size: Ints) -> Ints:
    """The sizes that -1 stands for; RuntimeError where there are none."""
    shape = x._data.shape
    lead = len(size) - len(shape)
    if lead < 0:
        kind = dtypes.scalar_type_name(x.dtype)
        raise RuntimeError(
            f"expand(torch.{kind}Tensor{{{list(shape)}}}, size={list(size)}): the number of sizes provided "
            f"({len(size)}) must be greater or equal to the number of dimensions in the tensor ({len(shape)})"
        )
    if -1 in size[:lead]:
        raise RuntimeError(
            f"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {size.index(-1)}"
        )
    return tuple([shape[i - lead] if s == -1 else s for i, s in enumerate(size)])


register_listed(expand, "size", namespace=None)


@operation(namespace=None)
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.expand(other.shape)``."""
    check_tensor(other, "expand_as", "other")
    return expand(input, other._data.shape)


def broadcast_to(input: Tensor, size: Ints) -> Tensor:
    """`Tensor.expand` as a function."""
    return expand(input, size)


register_listed(broadcast_to, "size")


@operation(method=False, out=False)
def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """All tensors expanded to their common shape.

    >>> import rushlight as torch
    >>> a, b = torch.broadcast_tensors(torch.zeros(2, 1), torch.zeros(3))
    >>> a.shape, b.shape
    (torch.Size([2, 3]), torch.Size([2, 3]))
    """
    tensors = tensors_of(tensors)
    for i, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(x).__name__}")
    shapes = [x._data.shape for x in tensors]
    try:
        size = np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise_broadcast(shapes, error)
    return tuple([x if x._data.shape == size else expand(x, size) for x in tensors])


@operation(method=False, out=False)
def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes have in common when they are broadcast. Nothing is computed.

    >>> import rushlight as torch
    >>> torch.broadcast_shapes((2, 1), (3,), 1)
    torch.Size([2, 3])
    """
    out: list[int] = []
    for number, shape in enumerate(shapes):
        given = (shape,) if isinstance(shape, int) else tuple(shape)
        out[:0] = [1] * (len(given) - len(out))
        for i in range(-1, -1 - len(given), -1):
            if given[i] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if given[i] == 1 or given[i] == out[i]:
                continue
            if out[i] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {given[i]} at {i}! Mismatching argument at index "
                    f"{number} had {given}; but expected shape should be broadcastable to {out}"
                )
            out[i] = given[i]
    return Size(out)
