"""Indexing with tensors, as operations: reading ``x[i, :, j]``, writing it, adding to it.

The operations take the indexed tensor and the index tensors as inputs; the parameter ``dims`` says which dimension
each index tensor stands at. An index is of int32 or int64, or a mask, which stands for as many dimensions as it
has; all others are left as they are.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from .._core.graph import Node
from .._core.modes import CUT, RECORD, state
from .._core.primitive import Primitive, mark_cut
from .._core.tensor import Tensor, wrap
from .arguments import Ints

# -- on arrays ----------------------------------------------------------------------------------------------------


def _key(indices: tuple[Any, ...], dims: Ints) -> tuple[Any, ...]:
    """The indices as NumPy takes them."""
    key: list[Any] = []
    at = 0  # the dimension that the key has got to
    for index, dim in zip(indices, dims):
        key.extend([slice(None)] * (dim - at))
        key.append(index)
        at = dim + (index.ndim if index.dtype.kind == "b" else 1)
    return tuple(key)


def check_indices(shape: Ints, indices: tuple[Any, ...], dims: Ints) -> Ints:
    """IndexError, as PyTorch's, where the indices do not fit the shape; else the shape of the result."""
    numbers, at = without_masks(shape, indices, dims)
    try:
        broadcast = np.broadcast_shapes(*[n.shape for n in numbers])
    except ValueError:
        shapes = ", ".join(str(list(n.shape)) for n in numbers)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    kept = [n for d, n in enumerate(shape) if d not in at]
    together = all(b - a == 1 for a, b in zip(at, at[1:]))
    first = at[0] if together else 0
    result = (*kept[:first], *broadcast, *kept[first:])
    if 0 in result:
        return result
    for i, (n, d) in enumerate(zip(numbers, at)):
        if not shape[d]:
            raise IndexError("index is out of bounds for dimension with size 0")
        wrong = n[(n < -shape[d]) | (n >= shape[d])]
        if wrong.size:
            raise IndexError(f"index {wrong.flat[0]} is out of bounds for dimension {i} with size {shape[d]}")
    return result


def check_mask(shape: Ints, mask: Ints, dim: int) -> None:
    """IndexError where a mask does not have the shape of what it masks, from ``dim`` on."""
    for i, n in enumerate(mask):
        if dim + i >= len(shape) or n != shape[dim + i]:
            raise IndexError(
                f"The shape of the mask {list(mask)} at index {i} does not match the shape of the indexed tensor "
                f"{list(shape)} at index {dim + i}"
            )


def without_masks(shape: Ints, indices: tuple[Any, ...], dims: Ints) -> tuple[list[Any], list[int]]:
    """The indices with each mask replaced by the places of its True elements; and where they stand."""
    numbers: list[Any] = []
    at: list[int] = []
    for index, dim in zip(indices, dims):
        if index.dtype.kind != "b":
            numbers.append(index)
            at.append(dim)
            continue
        check_mask(shape, index.shape, dim)
        numbers.extend(np.nonzero(index))
        at.extend(range(dim, dim + index.ndim))
    return numbers, at


def _read(x: Any, *indices: Any, dims: Ints) -> Any:
    try:
        if len(indices) == 1 and indices[0].dtype.kind != "b" and x.flags.c_contiguous:
            return x.take(indices[0], dims[0])  # three times as fast as x[...] for small arrays
        out = x[_key(indices, dims)]
    except IndexError:
        return np.empty(check_indices(x.shape, indices, dims), x.dtype)
    return out if out.flags.c_contiguous else out.copy()


def write(out: Any, values: Any, indices: tuple[Any, ...], dims: Ints, accumulate: bool) -> None:
    """``out[indices] = values``, or ``+=`` with every occurrence of an index counted."""
    try:
        if accumulate:
            values = np.broadcast_to(values, check_indices(out.shape, indices, dims))
            add_at(out, values, indices, dims)
        else:
            out[_key(indices, dims)] = values
    except (IndexError, ValueError) as error:
        shape = check_indices(out.shape, indices, dims)
        if 0 not in shape:
            raise_mismatch(values, shape, error)


def raise_mismatch(values: Any, shape: Ints, error: Exception | None = None) -> NoReturn:
    raise RuntimeError(
        f"shape mismatch: value tensor of shape {list(values.shape)} cannot be broadcast to indexing result of shape "
        f"{list(shape)}"
    ) from error


def add_at(out: Any, values: Any, indices: tuple[Any, ...], dims: Ints) -> None:
    """Add to ``out[indices]``, once for every occurrence of an index, in the order of occurrence."""
    if len(indices) == 1 and indices[0].dtype.kind == "b":
        out[_key(indices, dims)] += values  # a mask names no place twice
        return
    if not values.size:
        return
    if len(indices) == 1 and dims[0] == 0 and out.flags.c_contiguous:
        rows = indices[0].ravel()
        if (rows < 0).any():
            rows = np.where(rows < 0, rows + len(out), rows)
        add_rows(out.reshape(len(out), -1), rows, values.reshape(rows.size, -1))
        return
    numbers, at = without_masks(out.shape, indices, dims)
    broadcast = np.broadcast_shapes(*[n.shape for n in numbers])
    rows = np.zeros(broadcast, np.intp)
    for n, d in zip(numbers, at):
        rows = rows * out.shape[d] + np.where(n < 0, n + out.shape[d], n)
    rest = [d for d in range(out.ndim) if d not in at]
    # The indexed dimensions to the front, in both.
    front = out.transpose(*at, *rest)
    if any(b - a != 1 for a, b in zip(at, at[1:])):
        first = 0
    else:
        first = at[0]
    k = len(broadcast)
    order = (*range(first, first + k), *range(first), *range(first + k, values.ndim))
    values = values.transpose(order)
    n_rows = 1
    for d in at:
        n_rows *= out.shape[d]
    memory = np.ascontiguousarray(front)
    add_rows(memory.reshape(n_rows, -1), rows.ravel(), values.reshape(rows.size, -1))
    if not np.shares_memory(memory, out):
        front[...] = memory


def add_rows(out: Any, rows: Any, values: Any) -> None:
    """``out[rows[i]] += values[i]`` for each i in turn, for matrices ``out`` and ``values``.

    `np.add.at` is fast for vectors only: narrow rows are added element by element, wide or few ones in a loop.
    Sorting and `np.bincount` are no faster, and round otherwise than adding in turn.
    """
    width = out.shape[1]
    if width == 1:
        np.add.at(out.reshape(-1), rows, values.reshape(-1))
    elif width < 64 and rows.size > 8:
        elements = rows[:, None] * width + np.arange(width)
        np.add.at(out.reshape(-1), elements.ravel(), values.ravel())
    else:
        for row, value in zip(rows.tolist(), values):
            out[row] += value


# -- the operations -----------------------------------------------------------------------------------------------


class Indexing(Primitive):
    """A primitive on a list of tensors whose rules need only the index tensors among them; of the others, which
    come first, the shape is kept."""

    def __init__(self, name: str, forward: Any, others: int, **rules: Any):
        super().__init__(name, forward, inputs="*tensors", family="indexing", **rules)
        self.others = others

    def bind(self, *inputs: Any, **params: Any) -> Any:
        mode = state.mode
        if not mode:
            return super().bind(*inputs, **params)
        out = wrap(self.forward(*[t._data for t in inputs], **params))
        for t in inputs[: self.others]:
            if t._requires_grad:
                if mode == RECORD:
                    self.record(inputs, params, out)
                elif mode == CUT:
                    mark_cut(inputs, out)
                break
        return out

    def shown(self, node: Node) -> tuple[Any, ...]:
        return node.edges[: self.others]

    def save(self, node: Node, inputs: tuple[Any, ...], out: Any) -> None:
        hollow = [wrap(_hollow(t._data.shape)) for t in inputs[: self.others]]
        super().save(node, (*hollow, *inputs[self.others :]), out)


def _hollow(shape: Ints) -> np.ndarray:
    """An array with a shape and no memory to speak of."""
    return np.ndarray(shape, np.float64, _NOTHING, 0, (0,) * len(shape))


_NOTHING = np.zeros(())


def _constant(indices: Any) -> tuple[None, ...]:
    return (None,) * len(indices)


index_p = Indexing(
    "Index",
    _read,
    others=1,
    vjp=lambda g, inputs, dims: (
        index_embed.bind(g, *inputs[1:], shape=inputs[0]._data.shape, dims=dims),
        *_constant(inputs[1:]),
    ),
    jvp=lambda inputs, tangents, dims: index_p.bind(tangents[0], *inputs[1:], dims=dims),
    sized_by_values=lambda arrays: any(a.dtype.kind == "b" for a in arrays[1:]),
)


def _embed(g: Any, *indices: Any, shape: Ints, dims: Ints) -> Any:
    out = np.zeros(shape, g.dtype)
    if g.size:
        add_at(out, g, indices, dims)
    return out


# The transpose of reading: zeros, with what was read added where it was read.
index_embed = Indexing(
    "IndexBackwardBackward0",
    _embed,
    others=1,
    vjp=lambda g, inputs, dims: (index_p.bind(g, *inputs[1:], dims=dims), *_constant(inputs[1:])),
    jvp=lambda inputs, tangents, shape, dims: index_embed.bind(tangents[0], *inputs[1:], shape=shape, dims=dims),
)


def _put(x: Any, values: Any, *indices: Any, dims: Ints, accumulate: bool) -> Any:
    out = x.copy(order="K")
    write(out, values, indices, dims, accumulate)
    return out


def _put_cotangents(g: Tensor, inputs: Any, wanted: Any, dims: Ints, accumulate: bool) -> tuple[Any, ...]:
    _, values, *indices = inputs
    for_x = for_values = None
    if wanted[0]:
        for_x = g
        if not accumulate:
            for_x = index_put_p.bind(g, g.new_zeros(()), *indices, dims=dims, accumulate=False)
    if wanted[1]:
        for_values = index_p.bind(g, *indices, dims=dims).sum_to_size(values._data.shape)
    return (for_x, for_values, *_constant(indices))


def _put_tangent(inputs: Any, tangents: Any, dims: Ints, accumulate: bool) -> Tensor:
    x, values = [i.new_zeros(i._data.shape) if t is None else t for i, t in zip(inputs[:2], tangents[:2])]
    return index_put_p.bind(x, values, *inputs[2:], dims=dims, accumulate=accumulate)


index_put_p = Indexing("IndexPut", _put, others=2, vjp=_put_cotangents, jvp=_put_tangent)
