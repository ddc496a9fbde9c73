"""Which ways of computing attention are allowed: `sdpa_kernel`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from enum import IntEnum

from .._core.settings import attention_allowed
from .._standin.missing import refuse_other_names as _refuse_other_names

__all__ = ["SDPBackend", "sdpa_kernel"]


class SDPBackend(IntEnum):
    """A way of computing `torch.nn.functional.scaled_dot_product_attention`.

    On a CPU there are two, the step-by-step one, `MATH`, and the one that PyTorch calls flash attention. Here both give
    the same numbers; which one is taken shows in the ``grad_fn`` alone.
    """

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    def __str__(self) -> str:
        return f"SDPBackend.{self.name}"


_WAYS = {
    SDPBackend.MATH: "math",
    SDPBackend.FLASH_ATTENTION: "flash",
    SDPBackend.EFFICIENT_ATTENTION: "mem_efficient",
    SDPBackend.CUDNN_ATTENTION: "cudnn",
}


def sdpa_kernel(
    backends: SDPBackend | Iterable[SDPBackend], set_priority: bool = False
) -> AbstractContextManager[None]:
    """A context in which attention is computed in one of these ways only.

    Where none of them can be had on a CPU, `torch.nn.functional.scaled_dot_product_attention` raises RuntimeError.
    set_priority: try them in this order, which is not supported: NotImplementedError.

    >>> import rushlight as torch
    >>> from rushlight.nn.attention import SDPBackend, sdpa_kernel
    >>> x = torch.ones(1, 1, 2, 4)
    >>> with sdpa_kernel(SDPBackend.MATH):
    ...     torch.nn.functional.scaled_dot_product_attention(x, x, x).shape
    torch.Size([1, 1, 2, 4])
    """
    if set_priority:
        raise NotImplementedError("sdpa_kernel: set_priority=True is not supported")
    wanted = {backends} if isinstance(backends, SDPBackend) else set(backends)
    return attention_allowed({name: way in wanted for way, name in _WAYS.items()})


_refuse_other_names(globals())
