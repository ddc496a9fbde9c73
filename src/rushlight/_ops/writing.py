"""Overwriting a tensor's content: fill_, zero_, copy_. Nothing of the old content is left, so no gradient flows to it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .._core import errors
from .._core.dtypes import from_numpy_dtype
from .._core.inplace import before, changed, check_writable, write
from .._core.modes import state
from .._core.operands import as_number, exact, raise_combination, raise_must_be_tensor
from .._core.primitive import Primitive
from .._core.registry import METHODS, NAMESPACES, operation
from .._core.tensor import Tensor, wrap
from .conversion import _convert
from .publish import zero_cotangent
from .titles import shown_as


def _full(x: Any, value: Any) -> Any:
    return np.full_like(x, value)


fill_number = Primitive(
    "FillBackward2",
    _full,
    vjp=lambda g: zero_cotangent(g),
    jvp=lambda x_t: zero_cotangent(x_t),
    family="unary",
)
fill_tensor = Primitive(
    "FillBackward3",
    _full,
    inputs="x value",
    vjp=(lambda g: zero_cotangent(g), lambda g: g.sum()),
    jvp=lambda value_t, result: zero_cotangent(result) if value_t is None else value_t.expand(result._data.shape),
    family="elementwise",
)
zero_p = Primitive(
    "Zero",
    np.zeros_like,
    vjp=lambda g: zero_cotangent(g),
    jvp=lambda x_t: zero_cotangent(x_t),
    family="unary",
)
_fill_number, _fill_tensor = shown_as(fill_number, "FillBackward0"), shown_as(fill_tensor, "FillBackward1")


def _fill_value(name: str, self: Tensor, value: Any) -> Any:
    """What to fill with: a 0-d tensor, or a number as a 0-d array of the dtype that is filled."""
    if not isinstance(value, Tensor):
        number = as_number(value)
        if number is NotImplemented:
            raise_combination(name, (value,), ("T", "N"))
        return exact(number, self.dtype)
    if value._data.ndim:
        raise RuntimeError(
            f"fill_ only supports 0-dimension value tensor but got tensor with {value._data.ndim} dimensions."
        )
    return value.to(self.dtype)


def _recorded(*tensors: Any) -> bool:
    return state.grad and any(isinstance(t, Tensor) and t._requires_grad for t in tensors)


def _overwrite(self: Tensor, content: Any) -> Tensor:
    """Write without a history."""
    if not self._data.flags.writeable:
        errors.raise_overlapping_write(self)
    np.copyto(self._data, content)
    changed(self)
    return self


def fill_(self: Tensor, value: Any) -> Tensor:
    """Set every element to ``value``, a number or a 0-d tensor.

    Raises RuntimeError for a number that the dtype cannot hold, and for a leaf that requires grad.

    >>> import rushlight as torch
    >>> torch.zeros(2).fill_(3)
    tensor([3., 3.])
    """
    value = _fill_value("fill_", self, value)
    check_writable(self, value)
    if state.mode and not _recorded(self, value):
        return _overwrite(self, value._data if isinstance(value, Tensor) else value)
    if isinstance(value, Tensor):
        return write(self, fill_tensor.bind(before(self), value))
    return write(self, fill_number.bind(before(self), value=value))


@operation(method=False, out=False)
def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like ``input`` with every element set to ``value``, a number or a 0-d tensor.

    >>> import rushlight as torch
    >>> torch.fill(torch.zeros(2), 3)
    tensor([3., 3.])
    """
    value = _fill_value("fill", input, value)
    if isinstance(value, Tensor):
        return _fill_tensor.bind(input, value)
    return _fill_number.bind(input, value=value)


def zero_(self: Tensor) -> Tensor:
    """Set every element to 0.

    >>> import rushlight as torch
    >>> torch.ones(2).zero_()
    tensor([0., 0.])
    """
    check_writable(self)
    return _overwrite(self, 0) if state.mode and not _recorded(self) else write(self, zero_p.bind(before(self)))


# -- copy_ ----------------------------------------------------------------------------------------------------------


def _copied(x: Any, source: Any) -> Any:
    return np.array(np.broadcast_to(_convert(source, x.dtype), x.shape))


def _source_cotangent(g: Tensor, source_shape: tuple[int, ...], source_dtype: np.dtype) -> Tensor:
    return g.sum_to_size(source_shape).to(from_numpy_dtype(source_dtype))


def _copied_tangent(source_t: Any, result: Tensor) -> Tensor:
    return zero_cotangent(result) if source_t is None else source_t.to(result.dtype).expand(result._data.shape)


copy_p = Primitive(
    "CopyBackwards",
    _copied,
    inputs="x source",
    vjp=(lambda g: zero_cotangent(g), _source_cotangent),
    jvp=_copied_tangent,
    family="elementwise",
)


def copy_(self: Tensor, other: Any, non_blocking: bool = False) -> Tensor:
    """Overwrite this tensor with ``other``, broadcast to its shape and converted to its dtype.

    ``non_blocking`` changes nothing: there is one device. Raises RuntimeError where ``other`` has another shape
    that cannot be broadcast.

    >>> import rushlight as torch
    >>> torch.zeros(2, 2).copy_(torch.tensor([1, 2]))
    tensor([[1., 2.],
            [1., 2.]])
    """
    if not isinstance(other, Tensor):
        number = as_number(other)
        if number is NotImplemented:
            raise_must_be_tensor("copy_", "other", 1, other)
        other = wrap(exact(number, self.dtype))
    if other is self:
        return self
    check_writable(self, other)
    to, source = self._data, other._data
    if source.dtype.kind == "c" and to.dtype.kind != "c":
        warnings.warn("Casting complex values to real discards the imaginary part", UserWarning, stacklevel=2)
    if source.shape != to.shape:
        _check_shape(to.shape, source.shape)
    if state.mode and not _recorded(self, other):
        return _overwrite(self, source if source.dtype == to.dtype else _convert(source, to.dtype))
    return write(self, copy_p.bind(before(self), other))


def _check_shape(shape: tuple[int, ...], source: tuple[int, ...]) -> None:
    try:
        broadcast = np.broadcast_shapes(shape, source)
    except ValueError as error:
        errors.raise_broadcast([shape, source], error)
    if broadcast != shape:
        raise RuntimeError(
            f"output with shape {list(shape)} doesn't match the broadcast shape {list(broadcast)}\n"
            "A tensor that is written to keeps its shape."
        )


METHODS.update(fill_=fill_, zero_=zero_, copy_=copy_)
NAMESPACES["torch"].update(fill_=fill_, zero_=zero_)
