"""`torch.ops.aten`: functions by the names of PyTorch's own operators, as exported programs and tests call them.

>>> import rushlight as torch
>>> torch.ops.aten.add(torch.tensor(1), torch.tensor(2))
tensor(3)
>>> torch.ops.aten.slice.Tensor(torch.arange(5), 0, 1, 3)
tensor([1, 2])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._core.registry import NAMESPACES as _NAMESPACES
from ._standin.missing import missing_attribute as _missing_attribute
from ._standin.missing import refuse_other_names as _refuse_other_names


class OpOverloadPacket:
    """An operator. Its overloads (``add.Tensor``, ``add.Scalar``) are one function, which tells them by its arguments."""

    def __init__(self, name: str, function: Callable[..., Any]):
        self.__name__ = name
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __getattr__(self, overload: str) -> Callable[..., Any]:
        if overload.startswith("_"):
            raise AttributeError(overload)
        return self._function

    def __repr__(self) -> str:
        return f"<OpOverloadPacket(op='aten.{self.__name__}')>"


class _Aten:
    """What `torch` has under the same name, with the same arguments; and what has no other place."""

    def __getattr__(self, name: str) -> OpOverloadPacket:
        for namespace in ("torch.ops.aten", "torch"):
            function = _NAMESPACES.get(namespace, {}).get(name)
            if function is not None:
                return OpOverloadPacket(name, function)
        raise _missing_attribute("torch.ops.aten", name)


aten = _Aten()

_refuse_other_names(globals())
