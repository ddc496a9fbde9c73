"""What tensors are asked about other devices and other processes: there are none that they could go to."""

from __future__ import annotations

from typing import Any, NoReturn

from .._core.device import device as device_type
from .._core.registry import METHODS
from .._core.tensor import Tensor


def cuda(self: Tensor, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> NoReturn:
    """This tensor on a GPU. There is none: raises AssertionError, or RuntimeError for a ``device`` by its number.

    >>> import rushlight as torch
    >>> torch.ones(2).cuda()
    Traceback (most recent call last):
    ...
    AssertionError: Torch not compiled with CUDA enabled
    Rushlight computes on the CPU: leave .cuda() out, or use .to('cuda' if torch.cuda.is_available() else 'cpu').
    """
    if device is not None and not isinstance(device, (str, int, device_type)):
        raise TypeError(f"cuda(): argument 'device' (position 1) must be torch.device, not {type(device).__name__}")
    if device is not None and device_type(device).type != "cuda":
        raise RuntimeError("Invalid device, must be cuda device")
    raise AssertionError(
        "Torch not compiled with CUDA enabled\n"
        "Rushlight computes on the CPU: leave .cuda() out, or use .to('cuda' if torch.cuda.is_available() else 'cpu')."
    )


def pin_memory(self: Tensor, device: Any = None) -> NoReturn:
    """This tensor in memory that an accelerator reads fast. There is none: raises RuntimeError, as in PyTorch."""
    raise RuntimeError("Cannot access accelerator device when none is available.")


def is_pinned(self: Tensor, device: Any = None) -> bool:
    """Always False: no memory is an accelerator's.

    >>> import rushlight as torch
    >>> torch.ones(2).is_pinned()
    False
    """
    return False


def is_shared(self: Tensor) -> bool:
    """Always False: the memory of tensors is that of one process.

    >>> import rushlight as torch
    >>> torch.ones(2).is_shared()
    False
    """
    return False


def share_memory_(self: Tensor) -> NoReturn:
    """This tensor in memory that several processes share: raises NotImplementedError."""
    raise NotImplementedError("Tensor.share_memory_: Rushlight has no tensors that several processes share")


METHODS.update(cuda=cuda, pin_memory=pin_memory, is_pinned=is_pinned, is_shared=is_shared, share_memory_=share_memory_)
