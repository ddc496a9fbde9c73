"""Process-wide settings that PyTorch has, where they mean something here."""

from __future__ import annotations

from typing import Any

from .device import CPU, check_device

_deterministic = False
_warn_only = False


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for results that do not vary from run to run. Here they never do; the wish is only remembered.

    >>> import rushlight as torch
    >>> torch.use_deterministic_algorithms(True)
    >>> torch.are_deterministic_algorithms_enabled()
    True
    >>> torch.use_deterministic_algorithms(False)
    """
    global _deterministic, _warn_only
    _deterministic, _warn_only = bool(mode), bool(warn_only)


def are_deterministic_algorithms_enabled() -> bool:
    """Whether `use_deterministic_algorithms` was asked for."""
    return _deterministic


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether it was asked for with ``warn_only=True``."""
    return _warn_only


def set_default_device(device: Any) -> None:
    """Make ``device`` the one for new tensors: only the CPU is there."""
    if device is not None:
        check_device(device)


def get_default_device() -> Any:
    """The CPU."""
    return CPU
