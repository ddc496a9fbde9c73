"""Whether operations are recorded; see `rushlight.no_grad` and its relatives. And on how many threads backward passes run."""

from __future__ import annotations

import threading
from typing import Any

from .._core.modes import ContextDecorator
from .._core.modes import enable_grad as enable_grad
from .._core.modes import inference_mode as inference_mode
from .._core.modes import no_grad as no_grad
from .._core.modes import set_grad_enabled as set_grad_enabled


class _Multithreading(threading.local):
    enabled = True


_multithreading = _Multithreading()


def is_multithreading_enabled() -> bool:
    """What `set_multithreading_enabled` said last in this thread; at first True."""
    return _multithreading.enabled


class set_multithreading_enabled(ContextDecorator):
    """Say whether backward passes may use several threads: at once when called, and until the end of the block.

    They run in the thread that starts them, whatever is said, as PyTorch's do on a CPU. What is said is kept for
    `is_multithreading_enabled` alone.

    >>> import rushlight as torch
    >>> with torch.autograd.set_multithreading_enabled(False):
    ...     torch.autograd.is_multithreading_enabled()
    False
    """

    def __init__(self, mode: bool):
        self.prev = _multithreading.enabled
        self.mode = _multithreading.enabled = bool(mode)

    def __call__(self, func: Any) -> Any:
        # Used as a decorator it must not leave the setting changed at definition time.
        _multithreading.enabled = self.prev
        return super().__call__(func)

    def __enter__(self) -> None:
        _multithreading.enabled = self.mode

    def __exit__(self, *exc: Any) -> None:
        _multithreading.enabled = self.prev

    def clone(self) -> set_multithreading_enabled:
        return type(self)(self.mode)
