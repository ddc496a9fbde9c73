"""`torch.accelerator`: there is none here, and this module says so to the programs that ask."""

from __future__ import annotations

from typing import Any

from ._standin.missing import refuse_other_names


def is_available() -> bool:
    """Always False: Rushlight computes on the CPU.

    >>> import rushlight as torch
    >>> torch.accelerator.is_available()
    False
    """
    return False


def device_count() -> int:
    """Always 0.

    >>> import rushlight as torch
    >>> torch.accelerator.device_count()
    0
    """
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """Always None: Rushlight is built for no accelerator, whether one is asked to be ``check_available`` or not.

    >>> import rushlight as torch
    >>> torch.accelerator.current_accelerator() or "cpu"
    'cpu'
    """


def _none_available(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("Cannot access accelerator device when none is available.")


current_device_index = current_device_idx = set_device_index = set_device_idx = current_stream = synchronize = (
    get_device_capability
) = get_memory_info = empty_cache = memory_allocated = memory_reserved = memory_stats = max_memory_allocated = (
    max_memory_reserved
) = reset_peak_memory_stats = reset_accumulated_memory_stats = _none_available

refuse_other_names(globals())
