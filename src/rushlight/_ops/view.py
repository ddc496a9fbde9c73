"""Views: other shapes, orders and parts of the same memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.modes import PLAIN, state
from .._core.primitive import Primitive, mark_cut
from .._core.registry import METHODS, operation
from .._core.tensor import Tensor
from .._core.views import view_of


class ViewPrimitive(Primitive):
    """A primitive whose result looks at its input's memory.

    ``transposed`` is the rule of the cotangent; the tangent is the view of the tangent.
    """

    def __init__(self, name: str, forward: Callable[..., Any], transposed: Callable[..., Any]):
        super().__init__(name, forward, vjp=transposed, family="view")

    def bind(self, x: Any, **params: Any) -> Any:  # type: ignore[override]
        mode = state.mode
        if not mode and state.interpreter is not None:
            return state.interpreter.bind(self, (x,), params)
        out = view_of(x, self.forward(x._data, **params), self, params)
        if x._requires_grad and mode != PLAIN:
            if state.grad:
                self.record((x,), params, out)
            else:
                mark_cut((x,), out)
        return out


def _expand(x: Any, size: tuple[int, ...]) -> Any:
    if x.size != 1 or 0 in size:
        out = np.broadcast_to(x, size)
        out.setflags(write=False)
        return out
    # One element: this is what the backward pass of every sum does, and `broadcast_to` takes ten times as long.
    out = np.ndarray(size, x.dtype, x, 0, (0,) * len(size))
    out.setflags(write=False)
    return out


expand_p = ViewPrimitive("Expand", _expand, lambda g, x_shape: g.sum_to_size(x_shape))
unsqueeze_p = ViewPrimitive(
    "Unsqueeze", lambda x, dim: np.expand_dims(x, dim), lambda g, dim: g.squeeze(dim)
)
squeeze_p = ViewPrimitive("SqueezeBackward1", lambda x, dim: x.squeeze(dim), lambda g, dim: g.unsqueeze(dim))
transpose_p = ViewPrimitive(
    "Transpose", lambda x, dim0, dim1: x.swapaxes(dim0, dim1), lambda g, dim0, dim1: g.transpose(dim0, dim1)
)
t_p = ViewPrimitive("T", lambda x: x.T, lambda g: t_p.bind(g))


@operation(namespace=None)
def expand(input: Tensor, *size: Any) -> Tensor:
    """Repeat dimensions of size one without copying; -1 keeps a size."""
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    lead = len(shape) - input._data.ndim
    shape = tuple(input._data.shape[i - lead] if s == -1 else s for i, s in enumerate(shape))
    return input if shape == input._data.shape else expand_p.bind(input, size=shape)


@operation(out=False)
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    return unsqueeze_p.bind(input, dim=dim)


@operation(out=False)
def squeeze(input: Tensor, dim: int) -> Tensor:
    return squeeze_p.bind(input, dim=dim)


@operation(out=False)
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    return transpose_p.bind(input, dim0=dim0, dim1=dim1)


def _mh(self: Tensor) -> Tensor:
    return t_p.bind(self)


METHODS["mH"] = property(_mh)
