"""Types of tensors by dtype, and tensors made by them: ``torch.FloatTensor(2, 3)``, ``torch.Tensor([1, 2])``, ``x.new(2)``."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.device import check_device
from .._core.dtypes import dtype as dtype_type
from .._core.registry import METHODS, register
from .._core.tensor import Tensor, wrap
from .creation import array_from, shape_of


def _legacy(cls: Any, *args: Any, device: Any = None, dtype: Any = None) -> Tensor:
    """``torch.Tensor(2, 3)``: a size gives an unspecified content; a sequence gives its values as floats."""
    if device is not None:
        check_device(device)
    d = dtype or dtypes.get_default_dtype()
    if len(args) == 1 and isinstance(args[0], Tensor):
        source = args[0]
        out = wrap(source._data) if source._data.dtype == d.np else wrap(source._data.astype(d.np))
    elif len(args) == 1 and isinstance(args[0], (list, tuple, np.ndarray)) and type(args[0]).__name__ != "Size":
        out = wrap(array_from(args[0], d))
    else:
        out = wrap(np.zeros(shape_of(args, "new") if args else (0,), dtype=d.np))
    return out if cls is Tensor else out.as_subclass(cls)


Tensor._legacy_new = classmethod(_legacy)


def new(self: Tensor, *args: Any, size: Any = None, device: Any = None) -> Tensor:
    """A tensor of this one's dtype: of the given size, with content that is not specified, or with the given values.

    `new_empty` and `new_tensor` say which of both is meant. Raises TypeError for one number that is no int.

    >>> import rushlight as torch
    >>> torch.ones(2, dtype=torch.float64).new([1, 2])
    tensor([1., 2.], dtype=torch.float64)
    """
    if size is not None:
        args = (*args, *size)
    if len(args) == 1 and isinstance(args[0], (float, complex, str)):
        raise TypeError(f"new(): data must be a sequence (got {type(args[0]).__name__})")
    return _legacy(Tensor, *args, device=device, dtype=self.dtype)


METHODS["new"] = new


class TensorType(type):
    """The types of tensors by dtype: ``torch.FloatTensor(2)``, ``isinstance(x, torch.LongTensor)``."""

    _dtype: dtype_type

    def __call__(cls, *args: Any) -> Any:
        return _legacy(Tensor, *args, dtype=cls._dtype)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and instance._data.dtype == cls._dtype.np


def _tensor_types() -> dict[str, Any]:
    out = {}
    for d in dtypes.ALL:
        if (d.category < dtypes.COMPLEX and not d.name.startswith("uint")) or d is dtypes.uint8:
            name = f"{dtypes.scalar_type_name(d)}Tensor"
            out[name] = TensorType(name, (), {"_dtype": d, "__module__": "torch", "dtype": d})
    return out


TENSOR_TYPES = _tensor_types()


@functools.cache
def _warn_of_age() -> None:
    warnings.warn(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use torch.set_default_dtype() and "
        "torch.set_default_device() as alternatives. ",
        UserWarning,
        stacklevel=3,
    )


def set_default_tensor_type(t: Any) -> None:
    """Make the dtype of ``t``, a type of tensors or its name, the default: the old form of
    `set_default_dtype`. Warns so, once.

    Raises TypeError for what is no type of floating-point tensors on the CPU.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     torch.set_default_tensor_type(torch.FloatTensor)
    """
    _warn_of_age()
    if isinstance(t, str):
        if t.startswith("torch.cuda."):
            raise TypeError(f"type {t} not available. Torch not compiled with CUDA enabled.")
        name, t = t, TENSOR_TYPES.get(t.removeprefix("torch."))
        if t is None:
            raise ValueError(f"invalid type: '{name}'")
    if not isinstance(t, TensorType):
        raise TypeError("invalid type object: only floating-point types are supported as the default type")
    if t._dtype.category != dtypes.FLOAT:
        raise TypeError("only floating-point types are supported as the default type")
    dtypes.set_default_dtype(t._dtype)


register(set_default_tensor_type, method=False, out=False)
