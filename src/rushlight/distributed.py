"""`torch.distributed`: several processes that compute together. There are none here, as in a PyTorch built without them."""

from __future__ import annotations

from typing import Any, NoReturn

from ._standin.missing import refuse_other_names as _refuse_other_names


def is_available() -> bool:
    """Always False: Rushlight computes in one process.

    >>> import rushlight as torch
    >>> torch.distributed.is_available()
    False
    """
    return False


def is_initialized() -> bool:
    """Always False: there is no group of processes.

    >>> import rushlight as torch
    >>> torch.distributed.is_initialized()
    False
    """
    return False


def init_process_group(*args: Any, **kwargs: Any) -> NoReturn:
    """Become one of a group of processes: not supported, and raises NotImplementedError."""
    raise NotImplementedError("torch.distributed.init_process_group: Rushlight computes in one process")


def destroy_process_group(group: Any = None) -> NoReturn:
    """Leave a group of processes: raises AssertionError, since there is none."""
    raise AssertionError("Process group cannot be None")


_refuse_other_names(globals())
