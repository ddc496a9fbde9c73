"""`torch.cuda`: there is no GPU here, and this module says so to the programs that ask."""

from __future__ import annotations

from typing import Any

from .._standin.missing import refuse_other_names as _refuse_other_names
from . import amp as amp


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


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Always False: there is no GPU that could compute in bfloat16.

    >>> import rushlight as torch
    >>> torch.cuda.is_bf16_supported()
    False
    """
    return False


def memory_allocated(device: Any = None) -> int:
    """Always 0: no memory is a GPU's.

    >>> import rushlight as torch
    >>> torch.cuda.memory_allocated()
    0
    """
    return 0


max_memory_allocated = memory_reserved = max_memory_reserved = memory_allocated


def get_rng_state_all() -> list[Any]:
    """The states of the GPUs' generators: none.

    >>> import rushlight as torch
    >>> torch.cuda.get_rng_state_all()
    []
    """
    return []


def set_rng_state_all(new_states: Any) -> None:
    """Set the states of the GPUs' generators: of no GPU none can be set. Raises AssertionError where one is given."""
    for _ in new_states:
        _no_gpu()


def _no_gpu(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("Torch not compiled with CUDA enabled\nRushlight computes on the CPU.")


synchronize = current_device = get_device_name = get_device_properties = get_device_capability = set_device = init = (
    _no_gpu
)
get_rng_state = set_rng_state = current_stream = _no_gpu

_refuse_other_names(globals())
