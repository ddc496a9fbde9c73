"""``x[...]``, read and written.

Indices are applied from left to right as PyTorch does it: ints, slices, None and the ellipsis make views, one after
the other, and what tensors (lists, arrays, masks) are among them index the result. Where nothing is recorded and
NumPy would do the same, it does all of it at once.
"""

from __future__ import annotations

from operator import index as as_index
from typing import Any, NamedTuple

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.inplace import changed
from .._core.modes import CUT, RECORD, state
from .._core.overlap import raise_overlap, unlock
from .._core.primitive import mark_cut
from .._core.registry import METHODS, register
from .._core.tensor import Tensor, wrap
from .._core.views import ViewPrimitive, alias_p, scatter, view_of
from .._core.where import warn_user
from .advanced_indexing import check_indices, check_mask, index_p, index_put_p, raise_mismatch, write
from .arguments import Ints
from .broadcasting import expand
from .creation import array_from
from .dims import check_tensor
from .parts import END, select_p, slice_p
from .view import unsqueeze_p, view_shape
from .writing import (
    converted,
    copy_into,
    fill_into,
    fill_with_tensor_,
    recorded_write,
    scalar,
)

# Several steps at once, as one step of a view's chain.
subscript_p = ViewPrimitive(
    "Subscript",
    lambda x, key: x[key],
    lambda g, x_shape, key: scatter.bind(g.new_zeros(x_shape), g, chain=((subscript_p, {"key": key}),), layout=None),
)


def plain(index: Any) -> Any:
    """``index`` for NumPy where it is made of ints, slices, None and an ellipsis alone; else None."""
    kind = type(index)
    if kind is int:
        return (index, ...)
    if kind is slice:
        return index if _is_plain(index) else None
    if kind is not tuple:
        return None
    ellipsis = False
    for i in index:
        kind = type(i)
        if kind is int or i is None:
            continue
        if kind is slice:
            if not _is_plain(i):
                return None
        elif i is Ellipsis:
            ellipsis = True
        else:
            return None
    return index if ellipsis else (*index, ...)


def _is_plain(s: slice) -> bool:
    step = s.step
    return (
        (step is None or (type(step) is int and step > 0))
        and (s.start is None or type(s.start) is int)
        and (s.stop is None or type(s.stop) is int)
    )


# -- reading ------------------------------------------------------------------------------------------------------


def getitem(self: Tensor, index: Any) -> Tensor:
    """``x[index]``: a view for ints, slices, None and ``...``; a copy where tensors, lists or masks are among them.

    >>> import rushlight as torch
    >>> x = torch.tensor([[1, 2], [3, 4]])
    >>> x[0], x[:, 1], x[x > 2]
    (tensor([1, 2]), tensor([2, 4]), tensor([3, 4]))
    """
    mode = state.mode
    kind = type(index)
    if kind is int:
        try:
            return select_p.bind(self, dim=0, index=index)
        except IndexError:
            pass  # the general way explains it
    elif mode and not (mode == RECORD and self._requires_grad and self.requires_grad):
        key = plain(index)
        if key is not None:
            try:
                array = self._data[key]
            except IndexError:
                pass
            else:
                out = view_of(self, array, subscript_p, {"key": key})
                if mode == CUT and self._requires_grad:
                    mark_cut((self,), out)
                return out
        if kind is Tensor and _stands_alone(self, index):
            return index_p.bind(self, index, dims=(0,))
    elif mode and kind is Tensor and _stands_alone(self, index):
        return index_p.bind(self, index, dims=(0,))
    if kind is slice and self._data.ndim:
        start, end, step = bounds(index)
        return slice_p.bind(self, dim=0, start=start, end=end, step=step)
    x, indices, dims = applied(self, index)
    if indices:
        return index_p.bind(x, *indices, dims=dims)
    return alias_p.bind(x) if x is self else x


def _stands_alone(x: Tensor, index: Tensor) -> bool:
    """Whether an index tensor can be used as it is: it has dimensions, a dtype for indices, and fits."""
    data = index._data
    if data.dtype.kind == "b":
        return data.ndim > 0 and data.shape == x._data.shape[: data.ndim]
    return data.ndim > 0 and x._data.ndim > 0 and data.dtype in _INDEX_DTYPES


class Applied(NamedTuple):
    """What the indices that make views made, and the tensors that are left to index it, each at its dimension."""

    x: Tensor
    indices: tuple[Tensor, ...]
    dims: Ints


def applied(x: Tensor, index: Any) -> Applied:
    """Apply the ints, slices, ... of ``index`` to ``x``; IndexError where they do not fit. ``:`` makes no view."""
    ndim = x._data.ndim
    items = items_of(index)
    given = 0
    for item in items:
        kind = type(item)
        if kind is int or kind is slice:
            given += 1
        elif isinstance(item, Tensor):
            given += item._data.ndim if item._data.dtype.kind == "b" else 1
    if given > ndim:
        if ndim == 0 and type(index) is int:
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert "
                "a 0-dim tensor to a number"
            )
        if type(index) is slice:
            raise IndexError("slice() cannot be applied to a 0-dim tensor.")
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    tensors: list[Tensor] = []
    dims: list[int] = []
    dim = 0
    for position, item in enumerate(items):
        shape = x._data.shape
        if type(item) is int:
            n = shape[dim] if dim < len(shape) else 0
            if not -n <= item < n:
                raise IndexError(f"index {item} is out of bounds for dimension {position} with size {n}")
            x = select_p.bind(x, dim=dim, index=item)
        elif type(item) is slice:
            start, end, step = bounds(item)
            if start or step != 1 or end < (shape[dim] if dim < len(shape) else 0):
                x = slice_p.bind(x, dim=dim, start=start, end=end, step=step)
            dim += 1
        elif item is None:
            x = unsqueeze_p.bind(x, dim=dim)
            dim += 1
        elif item is Ellipsis:
            dim += ndim - given
        elif type(item) is bool:
            x = unsqueeze_p.bind(x, dim=dim)
            tensors.append(wrap(np.zeros(int(item), np.int64)))
            dims.append(dim)
            dim += 1
        else:
            tensors.append(item)
            dims.append(dim)
            if item._data.dtype.kind == "b":
                check_mask(shape, item._data.shape, dim)
                dim += item._data.ndim
            else:
                dim += 1
    return Applied(x, tuple(tensors), tuple(dims))


def bounds(s: slice) -> tuple[int, int, int]:
    """Start, end and step of a slice."""
    try:
        start, end, step = (None if i is None else as_index(i) for i in (s.start, s.stop, s.step))
    except TypeError:
        raise TypeError("slice indices must be integers or None or have an __index__ method") from None
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step is not None and step < 0:
        raise ValueError(
            "step must be greater than zero\nA view cannot run backwards: use torch.flip(x, (dim,)), which copies."
        )
    return start or 0, END if end is None else end, step or 1


# -- what an index is made of -------------------------------------------------------------------------------------


def items_of(index: Any) -> list[Any]:
    """The indices that ``x[index]`` is given: ints, slices, None, Ellipsis, bools and index tensors."""
    if type(index) is tuple or isinstance(index, tuple):
        items = list(index)
    elif isinstance(index, (Tensor, np.ndarray, slice, str)) or not hasattr(index, "__len__"):
        items = [index]
    else:
        items = list(index) if _stands_for_tuple(index) else [index]
    for i, item in enumerate(items):
        kind = type(item)
        if not (kind is int or kind is slice or item is None or item is Ellipsis or kind is bool):
            items[i] = _item(item)
    return items


def _stands_for_tuple(index: Any) -> bool:
    """Whether a list is meant as the indices themselves, as NumPy's early versions took it."""
    if len(index) >= 32 or isinstance(index, dict):
        return False
    for i in index:
        if i is None or i is Ellipsis or isinstance(i, (Tensor, slice, list, tuple, np.ndarray, str)):
            warn_user(
                "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in pytorch "
                "2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as tensor index, "
                "x[torch.tensor(seq)], which will result either in an error or a different result",
                UserWarning,
            )
            return True
    return False


def _item(item: Any) -> Any:
    if isinstance(item, (np.integer, int)) and not isinstance(item, bool):
        return int(item)
    if isinstance(item, np.ndarray):
        # As PyTorch takes arrays: bytes are masks, all other numbers become int64.
        item = wrap(item if item.dtype.kind == "b" or item.dtype == np.uint8 else item.astype(np.int64))
    elif not isinstance(item, Tensor):
        if isinstance(item, str):
            raise TypeError("new(): invalid data type 'str'")
        if not hasattr(item, "__len__") or isinstance(item, dict):
            module = "numpy." if isinstance(item, np.generic) else ""
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got "
                f"{module}{type(item).__name__})"
            )
        array = array_from(item, None)
        item = wrap(array if array.dtype.kind == "b" else array.astype(np.int64))
    data = item._data
    if data.dtype == np.uint8:
        if data.ndim:
            warn_user(
                "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.", UserWarning
            )
        item = wrap(data.astype(bool))
        data = item._data
    if data.ndim == 0 and data.dtype.kind in "biu":
        return data.item()
    if data.dtype.kind != "b" and data.dtype not in _INDEX_DTYPES:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return item


_INDEX_DTYPES = (np.dtype(np.int64), np.dtype(np.int32))


# -- writing ------------------------------------------------------------------------------------------------------


def setitem(self: Tensor, index: Any, value: Any) -> None:
    """``x[index] = value``: a number, or a tensor that broadcasts to the shape of ``x[index]``.

    Recorded where gradients are wanted. Raises RuntimeError where the shapes do not fit, where dtypes differ (for
    index tensors only), and for a leaf that requires grad.

    >>> import rushlight as torch
    >>> x = torch.zeros(2, 2)
    >>> x[0, 1] = 5
    >>> x[x == 0] = torch.tensor([1.0, 2.0, 3.0])
    >>> x
    tensor([[1., 5.],
            [2., 3.]])
    """
    if isinstance(value, Tensor):
        wanted = state.grad and (self.requires_grad or value.requires_grad)
        if state.mode and not wanted and _write_plainly(self, index, value._data):
            return
    else:
        array = number(self, value)
        wanted = state.grad and self.requires_grad
        if state.mode and not wanted and _write_plainly(self, index, array):
            return
        value = wrap(array)
    if type(index) is bool:
        if index:
            x = unsqueeze_p.bind(self, dim=0)
            copy_into(x, expand(value, x._data.shape))
        return
    x, indices, dims = applied(self, index)
    if indices:
        put(x, indices, dims, _fitting(value), accumulate=False)
    elif value._data.shape == x._data.shape:
        copy_into(x, value)
    elif not value._data.ndim:
        fill_into(x, value, fill_with_tensor_, spread=False)
    else:
        copy_into(x, expand(_fitting(value), x._data.shape))


def number(x: Tensor, value: Any) -> np.ndarray:
    """A number as an array of the dtype of ``x``."""
    if not isinstance(value, (int, float, complex, np.integer)):
        module = "numpy." if isinstance(value, (np.generic, np.ndarray)) else ""
        raise TypeError(f"can't assign a {module}{type(value).__name__} to a torch.{scalar_type_name(x.dtype)}Tensor")
    if isinstance(value, (int, np.integer)):
        if not -(2**63) <= value < 2**63:
            raise ValueError("Overflow when unpacking long long")
        value = int(value)
    dtype = x._data.dtype
    if dtype.itemsize == 2 and dtype.kind in "fV" and not isinstance(value, complex):
        with np.errstate(all="ignore"):
            return np.asarray(value, np.float64).astype(dtype)  # too large is inf here, not an error
    return scalar(value, dtype)


def _write_plainly(x: Tensor, index: Any, array: np.ndarray) -> bool:
    """Let NumPy write ``array``, with nothing to record; False where the general way must do it or explain."""
    data = x._data
    key = plain(index)
    try:
        if key is None:
            if type(index) is not Tensor or array.dtype is not data.dtype or not data.flags.writeable:
                return False
            if not _stands_alone(x, index):
                return False
            mask = index._data
            if array.ndim and np.may_share_memory(data, array):
                return False
            data[mask] = array
        else:
            to = data[key]
            if array.dtype is not data.dtype or not (to.flags.writeable or unlock(to)):
                return False
            if array.ndim and (array.ndim > to.ndim or np.may_share_memory(to, array)):
                return False
            to[...] = array
    except (IndexError, ValueError):
        return False
    changed(x)
    return True


def _fitting(value: Tensor) -> Tensor:
    """``value`` without the dimensions of size one in front of its first larger one."""
    shape = value._data.shape
    i = 0
    while i < len(shape) and shape[i] == 1:
        i += 1
    return view_shape(value, shape[i:]) if i else value


def put(x: Tensor, indices: tuple[Tensor, ...], dims: Ints, values: Tensor, *, accumulate: bool) -> Tensor:
    """``x[indices] = values``, or ``+=``, recorded."""
    values = of_same_dtype(x, values, indices, dims)
    arrays = tuple([i._data for i in indices])

    def write_(to: np.ndarray) -> None:
        locked = not unlock(to)
        if locked:
            if state.grad and (x.requires_grad or values.requires_grad):
                raise NotImplementedError(
                    "gradients through a write by index tensors into an expanded tensor are not supported\nUse clone() "
                    "first."
                )
            warn_user(
                "Use of index_put_ on expanded tensors is deprecated. Please clone() the tensor before performing this "
                "operation. This also applies to advanced indexing e.g. tensor[indices] = tensor",
                UserWarning,
            )
            to.flags.writeable = True
        if values._data.ndim and np.may_share_memory(to, values._data):
            raise_overlap()
        write(to, values._data, arrays, dims, accumulate)
        if locked:
            to.flags.writeable = False

    return recorded_write(x, index_put_p, (values, *indices), write_, dims=dims, accumulate=accumulate)


def of_same_dtype(x: Tensor, values: Tensor, indices: tuple[Tensor, ...], dims: Ints) -> Tensor:
    """``values``, which must have the dtype of ``x``; only one value for a single mask is converted."""
    if x._data.dtype == values._data.dtype:
        return values
    if len(indices) == 1 and indices[0]._data.dtype.kind == "b" and values._data.size == 1:
        return converted(values, x._data.dtype)
    check_values(x, values, indices, dims)
    raise RuntimeError(
        "Index put requires the source and destination dtypes match, got "
        f"{scalar_type_name(x.dtype)} for the destination and {scalar_type_name(values.dtype)} for the source."
    )


def check_values(x: Tensor, values: Tensor, indices: tuple[Tensor, ...], dims: Ints) -> None:
    """RuntimeError where the values do not fit what is indexed."""
    if state.interpreter is not None:
        return  # the forward finds out, where there are values to look at
    shape = check_indices(x._data.shape, tuple([i._data for i in indices]), dims)
    have = values._data.shape
    if len(have) > len(shape) or any(n not in (1, m) for n, m in zip(have[::-1], shape[::-1])):
        raise_mismatch(values._data, shape)


METHODS.update(__getitem__=getitem, __setitem__=setitem)


# -- index_put ----------------------------------------------------------------------------------------------------


def _checked(x: Tensor, indices: Any, values: Tensor) -> Applied:
    """The arguments of ``index_put``, after making sure that they fit each other."""
    if not isinstance(indices, (tuple, list)):
        raise TypeError(
            f"index_put(): argument 'indices' (position 1) must be tuple of Tensors, not {type(indices).__name__}"
        )
    check_tensor(values, "index_put", "values", 2)
    tensors, dims, dim = [], [], 0
    for i, item in enumerate(indices):
        if not isinstance(item, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(item).__name__}")
        item = _item(item.reshape(1) if item._data.ndim == 0 else item)
        tensors.append(item)
        dims.append(dim)
        dim += item._data.ndim if item._data.dtype.kind == "b" else 1
    if dim > x._data.ndim:
        raise IndexError(f"too many indices for tensor of dimension {x._data.ndim} (got {dim})")
    for item, d in zip(tensors, dims):
        if item._data.dtype.kind == "b":
            check_mask(x._data.shape, item._data.shape, d)
    check_values(x, values, tuple(tensors), tuple(dims))
    return Applied(x, tuple(tensors), tuple(dims))


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of ``input`` with ``values`` at the places that the index tensors name, or added to them.

    indices: one tensor for each of the first dimensions, or masks. Where a place is named more than once, ``accumulate`` adds every time, and the last value stays without it.

    >>> import rushlight as torch
    >>> i = torch.tensor([0, 0, 1])
    >>> torch.index_put(torch.zeros(3), (i,), torch.tensor([1.0, 2.0, 3.0]), accumulate=True)
    tensor([3., 3., 0.])
    """
    _, tensors, dims = _checked(input, indices, values)
    values = of_same_dtype(input, values, tensors, dims)
    return index_put_p.bind(input, values, *tensors, dims=dims, accumulate=bool(accumulate))


def index_put_(self: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """In-place form of `torch.index_put`."""
    _, tensors, dims = _checked(self, indices, values)
    return put(self, tensors, dims, values, accumulate=bool(accumulate))


register(index_put, inplace=index_put_, out=False)
register(index_put_, method=False, out=False)


def contains(self: Tensor, element: Any) -> bool:
    """``element in x``: whether any element equals it."""
    if not isinstance(element, (Tensor, int, float, complex)):
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")
    return bool((self == element).any())


METHODS["__contains__"] = contains
