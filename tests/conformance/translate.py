"""PyTorch's values as another library's, through containers: Rushlight's, or copies for PyTorch itself."""

from __future__ import annotations

import dataclasses
import enum
import sys
from typing import Any

import ml_dtypes
import numpy as np
import torch

import rushlight


class Untranslatable(TypeError):
    """A value that Rushlight has no counterpart for: a sparse tensor, a dtype that it does not have."""


def translated(value: Any) -> Any:
    """``value`` with every tensor, dtype and function of PyTorch's replaced by Rushlight's."""
    return _translated(value, {})


def _translated(value: Any, memories: dict[Any, Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return _tensor(value, memories).requires_grad_(value.requires_grad)
    if isinstance(value, torch.Size):
        return rushlight.Size(value)
    if isinstance(value, dict):
        return {k: _translated(v, memories) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [_translated(v, memories) for v in value]
        return type(value)(parts) if type(value) in (list, tuple) else parts
    if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
        name = str(value).removeprefix("torch.")
        if not hasattr(rushlight, name):
            raise Untranslatable(f"Rushlight has no {value}")
        return getattr(rushlight, name)
    if isinstance(value, torch.device):
        return rushlight.device(value.type)
    if isinstance(value, torch.nn.Module):  # those without parameters, as losses take them for a distance
        return getattr(rushlight.nn, type(value).__name__)()
    if isinstance(value, enum.Enum) and type(value).__module__.startswith("torch."):
        return _counterpart(type(value))[value.name]
    if dataclasses.is_dataclass(value) and type(value).__module__.startswith("torch."):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.init}
        return _counterpart(type(value))(**_translated(fields, memories))
    if callable(value) and value is getattr(torch.nn.functional, getattr(value, "__name__", ""), None):
        return getattr(rushlight.nn.functional, value.__name__)
    return value


def _counterpart(cls: type) -> Any:
    """The class of that name in the nearest public module: ``torch.nn.modules.x.Name`` is ``nn.Name``."""
    path = cls.__module__.split(".")
    for length in range(len(path), 0, -1):
        if getattr(sys.modules[".".join(path[:length])], cls.__name__, None) is cls:
            shortest = path[1:length]
    found: Any = rushlight
    for part in (*shortest, cls.__name__):
        found = getattr(found, part, None)
    if found is None:
        raise Untranslatable(f"Rushlight has no {'.'.join(shortest)}.{cls.__name__}")
    return found


def _tensor(value: torch.Tensor, memories: dict[Any, Any]) -> Any:
    """A leaf with the same strides, over a copy of the same memory: what overlaps still does, and errors depend on it."""
    if value.layout is not torch.strided or value.device.type != "cpu":
        raise Untranslatable(f"a tensor of layout {value.layout} on {value.device}")
    if not hasattr(rushlight, str(value.dtype).removeprefix("torch.")):
        raise Untranslatable(f"Rushlight has no {value.dtype}")
    if value.ndim > 64:
        raise Untranslatable(f"NumPy has no arrays of {value.ndim} dimensions")
    t = value.detach().resolve_conj().resolve_neg()
    if t.dtype is torch.bfloat16:  # which NumPy lends no name to
        t, dtype = t.view(torch.int16), np.dtype(ml_dtypes.bfloat16)
    else:
        dtype = t.numpy().dtype
    storage = t.untyped_storage()
    key = storage._cdata, dtype  # its identity, for as long as it is kept: empty memories share an address
    if key not in memories:
        memories[key] = storage, torch.empty(0, dtype=t.dtype).set_(storage).numpy().copy().view(dtype)
    memory = memories[key][1]
    if t.is_contiguous() and t.numel() == memory.size:
        return rushlight.from_numpy(memory.reshape(tuple(t.shape)))
    return rushlight.from_numpy(memory).as_strided(t.shape, t.stride(), t.storage_offset() if t.numel() else 0)


def fresh(value: Any) -> Any:
    """``value`` with every tensor copied, as a leaf; what overlaps still does."""
    return _fresh(value, {})


def _fresh(value: Any, memories: dict[Any, Any]) -> Any:
    if isinstance(value, torch.Tensor):
        t = value.detach()
        if t.layout is not torch.strided or t.is_conj() or t.is_neg():
            return t.clone().requires_grad_(value.requires_grad)
        storage = t.untyped_storage()
        key = storage._cdata
        if key not in memories:
            memories[key] = storage.clone()
        copy = torch.empty(0, dtype=t.dtype).set_(memories[key], t.storage_offset(), t.shape, t.stride())
        return copy.requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {k: _fresh(v, memories) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        parts = [_fresh(v, memories) for v in value]
        return type(value)(parts) if type(value) in (list, tuple) else parts
    return value


def leaves(value: Any) -> list[Any]:
    """The tensors in a result, in order."""
    if isinstance(value, (list, tuple)):
        return [t for part in value for t in leaves(part)]
    if isinstance(value, dict):
        return [t for part in value.values() for t in leaves(part)]
    return [] if value is None else [value]


def assert_close(ours, theirs, what="", rtol=1e-6, atol=1e-7):
    """Same shape, dtype and values."""
    assert list(ours.shape) == list(theirs.shape), what
    assert str(ours.dtype) == str(theirs.dtype), what
    a, b = ours.detach().double().numpy(), theirs.detach().double().numpy()
    largest = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    np.testing.assert_allclose(a, b, rtol=rtol, atol=atol * (1 + largest), err_msg=what)
