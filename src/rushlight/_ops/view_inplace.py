"""In-place changes of a tensor's shape: ``squeeze_``, ``t_``, ``resize_`` ... The content stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.inplace import changed, check_writable
from .._core.levels import belongs
from .._core.modes import state
from .._core.registry import METHODS, operation
from .._core.strides import as_strided_rules
from .._core.tensor import Tensor
from .._core.views import ViewPrimitive
from .arguments import Ints, register_listed
from .creation import check_memory_format
from .dims import check_tensor, normalize_dim
from .parts import strided
from .transposing import t_rules, transpose_rules
from .view import squeeze_rules, squeezing, unsqueeze_rules

# PyTorch numbers the nodes of the in-place forms on from those of the views.
unsqueeze_p = ViewPrimitive("UnsqueezeBackward1", *unsqueeze_rules)
transpose_p = ViewPrimitive("TransposeBackward1", *transpose_rules)
t_p = ViewPrimitive("TBackward1", *t_rules)
squeeze_ps = {
    view: ViewPrimitive(f"SqueezeBackward{3 + number}", *squeeze_rules)
    for number, view in enumerate(("Squeeze", "SqueezeBackward1", "SqueezeBackward2"))
}

as_strided_p = ViewPrimitive("AsStridedBackward1", *as_strided_rules, by_layout=True, repeats=True)


def become_view(x: Tensor, primitive: ViewPrimitive, **params: Any) -> Tensor:
    """Make ``x`` what ``primitive`` makes of it: the same memory, seen in another way."""
    check_writable(x)
    if x._fn is not None and not state.grad and x._view is None:
        raise NotImplementedError(
            "changing the shape of a computed tensor in place while nothing is recorded is not supported: its gradient "
            "would not fit its history\nUse the form without underscore."
        )
    out = primitive.bind(x.as_subclass(Tensor), **params)
    x._data = out._data
    if x._view is not None:
        made = x._view.made
        x._view = out._view
        x._view.made = made
    changed(x)
    if out._fn is not None:
        x._fn = out._fn
        if x._view is not None:
            x._view.version = x._counter.value
    return x


def _method(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    function.__doc__ = f"In-place form of `{function.__name__[:-1]}`: this tensor takes the new shape."
    METHODS[function.__name__] = function
    return function


@_method
def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    return become_view(self, unsqueeze_p, dim=normalize_dim(dim, self._data.ndim + 1))


@_method
def squeeze_(self: Tensor, dim: Any = None) -> Tensor:
    primitive, dims = squeezing(self._data.shape, dim)
    return become_view(self, squeeze_ps[primitive.name], dim=dims)


@_method
def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    ndim = self._data.ndim
    return become_view(self, transpose_p, dim0=normalize_dim(dim0, ndim), dim1=normalize_dim(dim1, ndim))


@_method
def swapaxes_(self: Tensor, axis0: int, axis1: int) -> Tensor:
    return transpose_(self, axis0, axis1)


@_method
def swapdims_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    return transpose_(self, dim0, dim1)


@_method
def t_(self: Tensor) -> Tensor:
    if self._data.ndim > 2:
        raise RuntimeError(f"t_() expects a tensor with <= 2 dimensions, but self is {self._data.ndim}D")
    return become_view(self, t_p)


@_method
def as_strided_(self: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    return become_view(self, as_strided_p, **strided(self, size, stride, storage_offset))


# -- resizing -----------------------------------------------------------------------------------------------------


def resize_(self: Tensor, size: Ints) -> Tensor:
    """Give this tensor another size, whatever its number of elements: its memory is kept as far as it goes.

    The content of elements that are added is not specified. Raises RuntimeError for a tensor that requires grad.

    >>> import rushlight as torch
    >>> torch.tensor([1, 2, 3, 4]).resize_(2)
    tensor([1, 2])
    """
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    if belongs(self):
        raise NotImplementedError("resize_ inside forward mode or vmap is not supported: use reshape, or slice a copy")
    if any(s < 0 for s in size):
        raise RuntimeError("numel: integer multiplication overflow")
    n = int(np.prod(size, dtype=np.int64))
    if self._view is not None:
        strides = np.cumprod([1, *size[:0:-1]])[::-1].tolist() if size else []
        try:
            return become_view(self, as_strided_p, **strided(self, size, tuple(strides), None))
        except RuntimeError:
            raise NotImplementedError(
                "resize_ of a view beyond the memory of its base is not supported\nUse clone() first."
            ) from None
    # What was cut off earlier is still there: memory never shrinks.
    memory = self.__dict__.get("_memory")
    if memory is None or not np.shares_memory(memory, self._data):
        memory = self._data.ravel(order="K")
    if n > memory.size:
        memory = np.concatenate((memory, np.zeros(n - memory.size, memory.dtype)))
    self.__dict__["_memory"] = memory
    self._data = memory[:n].reshape(size)
    changed(self)
    return self


def _resize_method(self: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    check_memory_format(memory_format)
    return _resize(self, *size)


register_listed(resize_, "sizes", namespace=None)
_resize = METHODS["resize_"]
_resize_method.__doc__ = resize_.__doc__
METHODS["resize_"] = _resize_method


@operation(out=False)
def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``input.resize_(the_template.shape)``."""
    check_tensor(the_template, "resize_as_", "the_template")
    check_memory_format(memory_format)
    return resize_(input, the_template._data.shape)


@_method
def set_(self: Tensor, source: Any = None, *args: Any) -> Tensor:
    raise NotImplementedError("set_ is not supported: a tensor cannot be given another tensor's storage")


set_.__doc__ = "Not supported: raises NotImplementedError."
