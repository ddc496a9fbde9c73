"""What messages call a value's type."""

from __future__ import annotations

from typing import Any

from .tensor import Tensor


def typename(value: Any, /) -> str:
    """A value's type as PyTorch's messages name it: ``torch.FloatTensor``, ``int``, ``package.Class``.

    >>> import rushlight as torch
    >>> torch.typename(torch.ones(2)), torch.typename(3)
    ('torch.FloatTensor', 'int')
    """
    if isinstance(value, Tensor):
        return value.type()
    cls = value if isinstance(value, type) else type(value)
    if callable(value) and hasattr(value, "__qualname__"):
        cls = value
    module = getattr(cls, "__module__", None)
    return cls.__qualname__ if module in (None, "builtins") else f"{module}.{cls.__qualname__}"
