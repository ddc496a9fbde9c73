"""`torch.cuda.amp`: mixed precision by its older names. Without a GPU both warn and do nothing, as in PyTorch."""

from __future__ import annotations

import warnings
from typing import Any

from .. import amp
from .._standin.missing import refuse_other_names as _refuse_other_names


class autocast(amp.autocast):
    """`torch.amp.autocast` of "cuda"; warns that its name is old.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     region = torch.cuda.amp.autocast(enabled=False)
    >>> with region:
    ...     y = torch.ones(2) + 1
    """

    def __init__(self, enabled: bool = True, dtype: Any = None, cache_enabled: bool = True) -> None:
        _old_name("autocast", stacklevel=3)
        super().__init__("cuda", enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)


class GradScaler(amp.GradScaler):
    """`torch.amp.GradScaler` of "cuda"; warns that its name is old.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     scaler = torch.cuda.amp.GradScaler()
    >>> scaler.is_enabled()
    False
    """

    def __init__(
        self,
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        _old_name("GradScaler", stacklevel=3)
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


def _old_name(name: str, stacklevel: int) -> None:
    warnings.warn(
        f"`torch.cuda.amp.{name}(args...)` is deprecated. Please use `torch.amp.{name}('cuda', args...)` instead.",
        FutureWarning,
        stacklevel=stacklevel,
    )


_refuse_other_names(globals())
