"""`torch.signal.windows`: window functions."""

import typing as _typing

from .._core.registry import NAMESPACES as _NAMESPACES
from .._ops import signal_windows as _signal_windows  # noqa: F401 - not among the operations that load with the package
from .._standin.missing import refuse_other_names as _refuse_other_names

# Listed where they are defined, and only there.
if _typing.TYPE_CHECKING:
    from .._stubs.windows import *  # noqa: F403
globals().update(_NAMESPACES["torch.signal.windows"])

_refuse_other_names(globals())


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.signal.windows"])
