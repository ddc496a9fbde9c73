"""`torch.cuda`: there is no GPU here, and this module says so to the programs that ask."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """Always False: Rushlight computes on the CPU.

    >>> import rushlight as torch
    >>> "cuda" if torch.cuda.is_available() else "cpu"
    'cpu'
    """
    return False


def device_count() -> int:
    """Always 0."""
    return 0


def is_initialized() -> bool:
    """Always False."""
    return False


def manual_seed(seed: int) -> None:
    """Seed the GPU's generator: without a GPU this does nothing, as in PyTorch."""
    int(seed)


manual_seed_all = manual_seed


def empty_cache() -> None:
    """Free cached GPU memory: without a GPU there is none."""


def _no_gpu(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("Torch not compiled with CUDA enabled\nRushlight has no GPU support: it computes on the CPU.")


synchronize = current_device = get_device_name = get_device_properties = set_device = _no_gpu
