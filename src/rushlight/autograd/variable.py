"""The name that tensors with a gradient had before they were all the same thing."""

from __future__ import annotations

from typing import Any

from .._core.autograd_methods import marked
from .._core.tensor import Tensor, alias


class _IsTensor(type):
    def __instancecheck__(cls, other: Any) -> bool:
        return isinstance(other, Tensor)


class Variable(metaclass=_IsTensor):
    """``Variable(data)`` is a tensor over the same memory; every tensor is an instance of it.

    Raises TypeError where ``data`` is no tensor.

    >>> import rushlight as torch
    >>> torch.autograd.Variable(torch.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Any, requires_grad: bool = False) -> Any:
        if not isinstance(data, Tensor):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(data).__name__}\nMake one with torch.tensor(...)."
            )
        return marked(alias(data), requires_grad)
