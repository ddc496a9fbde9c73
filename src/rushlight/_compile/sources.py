"""Where a program finds what it reads: tensors that it holds, arguments, gradients, Python numbers."""

from __future__ import annotations

from typing import Any

from .._core.dtypes import _Defaults
from .._core.modes import state
from .._core.tensor import Tensor, edge_of, ndarray


class Source:
    """A tensor: one that is held, an argument (by its number among the leaves), or the gradient of one of these."""

    __slots__ = ("argument", "of_gradient", "tensor")

    def __init__(self, tensor: Tensor | None = None, argument: int | None = None, of_gradient: bool = False):
        self.tensor = tensor
        self.argument = argument
        self.of_gradient = of_gradient

    def find(self, leaves: list[Any]) -> Any:
        t = self.tensor if self.argument is None else leaves[self.argument]
        return t._grad if self.of_gradient else t

    def __repr__(self) -> str:
        if self.argument is not None:
            what = f"argument {self.argument}"
        else:
            assert self.tensor is not None
            what = f"{type(self.tensor).__name__.lower()} {tuple(self.tensor.shape)} from outside"
        return f"gradient of {what}" if self.of_gradient else what


class NumberSource:
    """A Python number that is read at every call: an argument, or what is under a key of a dict."""

    __slots__ = ("argument", "container", "key", "kind", "value")

    def __init__(self, kind: type, argument: int | None = None, container: Any = None, key: Any = None):
        self.kind = kind
        self.value: Any = None  # in the traced call
        self.argument = argument
        self.container = container
        self.key = key

    def find(self, leaves: list[Any]) -> Any:
        return leaves[self.argument] if self.argument is not None else self.container[self.key]

    def __repr__(self) -> str:
        return f"argument {self.argument}" if self.argument is not None else repr(self.key)


class Cotangent:
    """What a backward pass is given for one of the results."""

    __slots__ = ("index",)

    def __init__(self, index: int):
        self.index = index

    def __repr__(self) -> str:
        return f"cotangent of result {self.index}"


class Requirement:
    """What a program expects of a tensor, beside its content."""

    __slots__ = ("computed", "dtype", "has_gradient", "hooked", "shape", "source", "strides", "type", "wants")

    def __init__(self, source: Source, t: Tensor, array: ndarray):
        self.source = source
        self.type = type(t)
        self.shape, self.strides, self.dtype = array.shape, array.strides, array.dtype
        self.wants, self.computed, self.hooked = of_history(t)
        self.has_gradient = t._grad is not None

    def met_by(self, t: Any) -> bool:
        """Whether ``t`` is as expected."""
        if type(t) is not self.type:
            return False
        data = t._data
        return (
            type(data) is ndarray
            and data.shape == self.shape
            and data.dtype == self.dtype
            and (data.strides == self.strides or not data.size)
            and of_history(t) == (self.wants, self.computed, self.hooked)
            and (t._grad is not None) is self.has_gradient
        )

    def __str__(self) -> str:
        what = f"{self.dtype.name}{list(self.shape)}"
        if self.wants:
            what += ", computed" if self.computed else ", requires grad"
        return what


def of_history(t: Tensor) -> tuple[bool, bool, bool]:
    """Whether a tensor wants gradients, whether it was computed, and whether it has hooks."""
    wants = t.requires_grad
    edge = edge_of(t) if wants else None
    return wants, edge is not None and edge is not t, t._hooks is not None


def modes() -> tuple[Any, ...]:
    """What of the thread's modes a program depends on."""
    return (state.grad, state.inference, _Defaults.dtype)
