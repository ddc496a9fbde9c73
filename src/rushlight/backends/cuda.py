"""`torch.backends.cuda`: not there. What programs allow here has no effect: no product is made by a GPU.

But the ways of computing attention, whose switches stand here in PyTorch, hold for the CPU too: see
`torch.nn.attention.sdpa_kernel`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

from .._core.settings import attention_allowed, attention_ways
from .._core.where import warn_user

matmul = SimpleNamespace(
    allow_tf32=False,
    allow_fp16_reduced_precision_reduction=True,
    allow_bf16_reduced_precision_reduction=True,
    allow_fp16_accumulation=False,
)


def is_built() -> bool:
    """Always False.

    >>> import rushlight as torch
    >>> torch.backends.cuda.is_built()
    False
    """
    return False


def _switch(way: str) -> tuple[Callable[[bool], None], Callable[[], bool]]:
    def enable(enabled: bool) -> None:
        attention_ways[way] = bool(enabled)

    def enabled() -> bool:
        return attention_ways[way]

    enable.__name__ = enable.__qualname__ = f"enable_{way}_sdp"
    enable.__doc__ = f"Allow the way of computing attention called {way}, or forbid it."
    enabled.__name__ = enabled.__qualname__ = f"{way}_sdp_enabled"
    enabled.__doc__ = f"Whether `enable_{way}_sdp` allows it."
    return enable, enabled


enable_math_sdp, math_sdp_enabled = _switch("math")
enable_flash_sdp, flash_sdp_enabled = _switch("flash")
enable_mem_efficient_sdp, mem_efficient_sdp_enabled = _switch("mem_efficient")
enable_cudnn_sdp, cudnn_sdp_enabled = _switch("cudnn")


def sdp_kernel(
    enable_flash: bool = True, enable_math: bool = True, enable_mem_efficient: bool = True, enable_cudnn: bool = True
) -> AbstractContextManager[None]:
    """The older form of `torch.nn.attention.sdpa_kernel`. Warns that it is.

    >>> import warnings, rushlight as torch
    >>> with warnings.catch_warnings(action="ignore"), torch.backends.cuda.sdp_kernel(enable_flash=False):
    ...     torch.backends.cuda.flash_sdp_enabled()
    False
    """
    warn_user(
        "`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will be removed. Please see "
        "`torch.nn.attention.sdpa_kernel()` for the new context manager, with updated signature.",
        FutureWarning,
    )
    ways = {"flash": enable_flash, "math": enable_math, "mem_efficient": enable_mem_efficient, "cudnn": enable_cudnn}
    return attention_allowed({way: bool(wanted) for way, wanted in ways.items()})
