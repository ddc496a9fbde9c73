"""`torch.nn.functional`: what layers do, as functions."""

import typing as _typing

from .._core.registry import NAMESPACES as _NAMESPACES
from .._standin.missing import refuse_other_names as _refuse_other_names

# Listed where they are defined, and only there.
if _typing.TYPE_CHECKING:
    from .._stubs.functional import *  # noqa: F403
globals().update(_NAMESPACES["torch.nn.functional"])

_refuse_other_names(globals())


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.nn.functional"])
