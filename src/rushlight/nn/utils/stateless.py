"""The old place of `torch.func.functional_call`."""

from __future__ import annotations

from typing import Any

from ..._core.where import warn_user
from ..._standin.missing import refuse_other_names as _refuse_other_names


def functional_call(
    module: Any, parameters_and_buffers: Any, args: Any = None, kwargs: dict[str, Any] | None = None, *,
    tie_weights: bool = True, strict: bool = False,
) -> Any:  # fmt: skip
    """The old name of `torch.func.functional_call`, which warns.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     torch.nn.utils.stateless.functional_call(torch.nn.PReLU(), {"weight": torch.ones(1)}, -torch.ones(1))
    tensor([-1.])
    """
    from ...func import functional_call as call

    warn_user(
        "`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future "
        "version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.",
        FutureWarning,
    )
    return call(module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict)


_refuse_other_names(globals())
