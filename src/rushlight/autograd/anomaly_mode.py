"""Find the operation whose backward makes nan or fails."""

from __future__ import annotations

from typing import Any

from .._core.recording import restore_watch, watch_anomaly
from .._core.where import warn_user


class set_detect_anomaly:
    """Switch anomaly detection on or off in this thread: when called, or until the end of a ``with`` block.

    While it is on, every operation notes the lines that led to it, and the backward pass names them where it
    makes nan (unless ``check_nan=False``) or fails. The RuntimeError for a nan goes on to name the operation,
    forward or backward, that was the first to make nan or inf of finite numbers, with its line, the shapes and
    numbers that it read, and what to do; or the tensor that brought nan along. A nan in the forward pass alone
    raises nothing. Some five times slower: for looking, not for training.

    >>> import rushlight as torch
    >>> with torch.autograd.set_detect_anomaly(True):
    ...     torch.is_anomaly_enabled()
    True
    """

    def __init__(self, mode: bool, check_nan: bool = True):
        self._before = watch_anomaly(mode, check_nan)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: Any) -> None:
        restore_watch(self._before)


class detect_anomaly:
    """`set_detect_anomaly` as a ``with`` block that says, when entered, that it makes everything slower.

    >>> import rushlight as torch
    >>> x = torch.tensor(-1.0, requires_grad=True)
    >>> with torch.autograd.detect_anomaly():  # doctest: +SKIP
    ...     (x.sqrt() * 0).backward()
    RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output.
    """

    def __init__(self, check_nan: bool = True):
        self._check_nan = check_nan
        warn_user(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled "
            "for debugging."
        )

    def __enter__(self) -> None:
        self._before = watch_anomaly(True, self._check_nan)

    def __exit__(self, *exc: Any) -> None:
        restore_watch(self._before)
