"""Process-wide settings that PyTorch has, where they mean something here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .device import CPU, check_device

_deterministic = False
_warn_only = False
_matmul_precision = "highest"

# Which ways of computing attention are allowed (`torch.nn.attention.sdpa_kernel`).
attention_ways = {"math": True, "flash": True, "mem_efficient": True, "cudnn": True}


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


def set_float32_matmul_precision(precision: str) -> None:
    """Allow products of float32 less precision: ``"high"`` or ``"medium"``. Here it is always ``"highest"``.

    The wish is remembered for `get_float32_matmul_precision`. Any other word changes nothing and gets a warning;
    RuntimeError for what is no word.

    >>> import rushlight as torch
    >>> torch.set_float32_matmul_precision("highest")
    """
    global _matmul_precision
    if not isinstance(precision, str):
        raise RuntimeError(f"set_float32_matmul_precision expects a str, but got {type(precision).__name__}")
    if precision not in ("highest", "high", "medium"):
        from .where import warn_user

        warn_user(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the currentsetFloat32MatmulPrecision call has no "
            "effect.",
            UserWarning,
        )
        return
    _matmul_precision = precision


def get_float32_matmul_precision() -> str:
    """What `set_float32_matmul_precision` was told last, ``"highest"`` at first."""
    return _matmul_precision


@contextmanager
def attention_allowed(ways: dict[str, bool]) -> Iterator[None]:
    """A context in which ``attention_ways`` are these."""
    before = dict(attention_ways)
    attention_ways.update(ways)
    try:
        yield
    finally:
        attention_ways.update(before)


def set_default_device(device: Any) -> None:
    """Make ``device`` the one for new tensors: only the CPU is there."""
    if device is not None:
        check_device(device)


def get_default_device() -> Any:
    """The CPU."""
    return CPU
