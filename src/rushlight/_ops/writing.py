"""Writing into a tensor's memory: ``copy_``, ``fill_``, ``zero_``, and what `x[...] = value` shares with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import errors
from .._core.dtypes import from_numpy_dtype
from .._core.inplace import changed, check_writable, take_history
from .._core.inplace import write as inplace_write
from .._core.modes import state
from .._core.operands import as_number, exact
from .._core.overlap import check_overlap, check_unlocked, unlock
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor, edge_of, wrap
from .._core.where import warn_user
from .dims import check_tensor

# What writing leaves of the old content is nothing; that PyTorch has zeros flow back to it, instead of nothing,
# decides whether a leaf's ``grad`` is zeros or None.
_zeros = lambda g: g.new_zeros(g._data.shape)

copy_p = Primitive(
    "CopyBackwards",
    lambda x, src: np.broadcast_to(src, x.shape).astype(x.dtype),
    inputs="x src",
    vjp=(_zeros, lambda g, src_shape: g.sum_to_size(src_shape)),
    family="linear",
)


def _filled(x: Any, value: Any) -> Any:
    return np.full_like(x, value, order="C")


def _fill(name: str) -> Primitive:
    return Primitive(
        name,
        _filled,
        inputs="x value",
        vjp=(_zeros, lambda g, value_dtype: g.sum().to(from_numpy_dtype(value_dtype))),
        family="linear",
    )


fill_with_number, fill_with_tensor = _fill("FillBackward0"), _fill("FillBackward1")
fill_with_number_, fill_with_tensor_ = _fill("FillBackward2"), _fill("FillBackward3")
zero_p = Primitive("Zero", np.zeros_like, vjp=_zeros, family="linear")


# -- writing with a history -----------------------------------------------------------------------------------------


def recorded_write(
    t: Tensor, primitive: Primitive, inputs: tuple[Any, ...], write: Callable[[np.ndarray], Any], **params: Any
) -> Tensor:
    """Let ``write`` change the memory of ``t``, and record that as ``primitive(t, *inputs)``.

    The functional form is not computed: what it would return is what stands in the memory afterwards. Only for
    primitives whose rules do not need ``t`` itself.
    """
    check_writable(t, *inputs)
    level = state.interpreter
    if level is not None:
        if level.transforms or unlock(t._data):
            return inplace_write(t, primitive.bind(t, *inputs, **params))
        # Where elements share memory, what stands there afterwards depends on the order of writing.
        level.unrepeatable("to write to a tensor whose elements share memory")
    new = wrap(t._data)
    if state.grad and t._data.dtype.kind in "fcV":
        # Before the write: where a history cannot be had, nothing shall have been written.
        old = wrap(t._data)
        old._fn = edge_of(t)
        old._requires_grad = old._fn is not None
        primitive.record((old, *inputs), params, new)
    write(t._data)
    changed(t, *inputs)
    if new._fn is not None:
        take_history(t, new)
    return t


def write_plainly(t: Tensor, source: Tensor | None, array: np.ndarray) -> bool:
    """Let NumPy write ``array``, the content of ``source``, where there is nothing to record, to convert or to refuse;
    False where there is."""
    to = t._data
    if not state.mode or not to.flags.writeable or array.dtype is not to.dtype:
        return False
    if state.grad and (t.requires_grad or (source is not None and source.requires_grad)):
        return False
    if array.ndim and (array.shape != to.shape or array.base is not None or to.base is not None):
        return False
    to[...] = array
    changed(t)
    return True


def converted(source: Tensor, dtype: np.dtype) -> Tensor:
    """``source`` with elements of ``dtype``, recorded."""
    if source._data.dtype == dtype:
        return source
    if source._data.dtype.kind == "c" and dtype.kind not in "cb":
        warn_user("Casting complex values to real discards the imaginary part", UserWarning)
    return source.to(from_numpy_dtype(dtype))


def scalar(value: Any, dtype: np.dtype) -> np.ndarray:
    """A Python number as a 0-d array; RuntimeError where its category or size does not fit."""
    if (
        type(value) is float
        and dtype.kind == "f"
        and (dtype.itemsize == 8 or (dtype.itemsize == 4 and -1e38 < value < 1e38))
    ):
        return np.array(value, dtype)
    return exact(value, from_numpy_dtype(dtype))


# -- the operations -----------------------------------------------------------------------------------------------


def copy_into(t: Tensor, source: Tensor) -> Tensor:
    """Write ``source``, which broadcasts to the shape of ``t``, over the content of ``t``, recorded."""
    source = converted(source, t._data.dtype)

    def write(to: np.ndarray) -> None:
        check_unlocked(to)
        check_overlap(to, source._data)
        to[...] = source._data

    return recorded_write(t, copy_p, (source,), write)


def copy_(self: Tensor, src: Any, non_blocking: bool = False) -> Tensor:
    """Overwrite this tensor with ``src``, which is converted to its dtype and broadcast to its shape.

    Raises RuntimeError where the shapes do not fit. non_blocking has no meaning where memory is all the same.

    >>> import rushlight as torch
    >>> torch.zeros(2, 2).copy_(torch.tensor([1, 2]))
    tensor([[1., 2.],
            [1., 2.]])
    """
    if type(src) is Tensor and write_plainly(self, src, src._data):
        return self
    if not isinstance(src, Tensor):
        number = as_number(src)
        if number is NotImplemented:
            check_tensor(src, "copy_", "src")
        src = wrap(scalar(number, self._data.dtype))
    have, want = src._data.shape, self._data.shape
    if have != want:
        try:
            common = np.broadcast_shapes(want, have)
        except ValueError as error:
            errors.raise_broadcast([want, have], error)
        if common != want:
            raise RuntimeError(
                f"output with shape {list(want)} doesn't match the broadcast shape {list(common)}\n"
                "copy_ cannot make its tensor larger."
            )
    return copy_into(self, src)


def fill_into(t: Tensor, value: Any, primitive: Primitive, *, spread: bool = True) -> Tensor:
    """Write a 0-d array or tensor over all of ``t``, recorded.

    spread: also where elements share a place, which does not matter to what is written.
    """
    array = converted(value.detach(), t._data.dtype)._data if isinstance(value, Tensor) else value

    def write(to: np.ndarray) -> None:
        if unlock(to):
            to[...] = array
            return
        if not spread or (isinstance(value, Tensor) and state.grad and value.requires_grad):
            check_unlocked(to)  # the value's gradient would be counted as often as a place is seen
        to.flags.writeable = True
        to[...] = array
        to.flags.writeable = False

    return recorded_write(t, primitive, (value if isinstance(value, Tensor) else wrap(value),), write)


def fill_(self: Tensor, value: Any) -> Tensor:
    """Overwrite all elements with one value: a number, or a tensor without dimensions.

    >>> import rushlight as torch
    >>> torch.zeros(2).fill_(3)
    tensor([3., 3.])
    """
    if type(value) is float and write_plainly(self, None, scalar(value, self._data.dtype)):
        return self
    if isinstance(value, Tensor):
        _check_value(value)
        return fill_into(self, value, fill_with_tensor_)
    return fill_into(self, _number(value, self, "fill_"), fill_with_number_)


def _check_value(value: Tensor) -> None:
    if value._data.ndim:
        raise RuntimeError(
            f"fill_ only supports 0-dimension value tensor but got tensor with {value._data.ndim} dimensions."
        )


def _number(value: Any, like: Tensor, name: str) -> np.ndarray:
    number = as_number(value)
    if number is NotImplemented:
        kind = type(value).__name__
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({kind}), but expected one of:\n"
            " * (Tensor value)\n * (Number value)"
        )
    return scalar(number, like._data.dtype)


def zero_(self: Tensor) -> Tensor:
    """Overwrite all elements with zero.

    >>> import rushlight as torch
    >>> torch.ones(2).zero_()
    tensor([0., 0.])
    """
    zero = np.zeros((), self._data.dtype)
    if write_plainly(self, None, zero):
        return self

    def write(to: np.ndarray) -> None:
        fill_into(wrap(to), zero, fill_with_number_)

    return recorded_write(self, zero_p, (), write)


@operation(out=False)
def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like ``input``, filled with one value.

    >>> import rushlight as torch
    >>> torch.fill(torch.zeros(2), 3)
    tensor([3., 3.])
    """
    if isinstance(value, Tensor):
        _check_value(value)
        return fill_with_tensor.bind(input, value)
    return fill_with_number.bind(input, _number(value, input, "fill"))


def fill_diagonal_(self: Tensor, fill_value: Any, wrap: bool = False) -> Tensor:
    """Write ``fill_value`` to all elements whose indices are equal, in place: where ``wrap``, of a tall matrix also to
    the diagonals that begin below it, one row apart.

    Raises RuntimeError where there are fewer than two dimensions, or more than two that are not of one size.

    >>> import rushlight as torch
    >>> torch.zeros(2, 2).fill_diagonal_(1)
    tensor([[1., 0.],
            [0., 1.]])
    """
    shape = self._data.shape
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    if not isinstance(fill_value, (bool, int, float, complex, np.number, Tensor)):
        kind = type(fill_value).__name__
        raise TypeError(f"fill_diagonal_(): argument 'fill_value' (position 1) must be Number, not {kind}")
    tall = wrap and len(shape) == 2
    for start in range(0, shape[0], shape[1] + 1) if tall else (0,):
        diagonal = self[start : start + shape[1]] if tall else self
        while diagonal._data.ndim > 1:
            diagonal = diagonal.diagonal(0, 0, 1)
        diagonal.fill_(fill_value)
    return self


METHODS.update(copy_=copy_, fill_=fill_, zero_=zero_, fill_diagonal_=fill_diagonal_)
register(fill_, method=False, out=False)
register(zero_, method=False, out=False)
