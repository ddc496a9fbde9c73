"""`torch.special`: the error function's and the gamma function's relatives, and other functions of mathematics."""

import typing as _typing

from ._core.registry import NAMESPACES as _NAMESPACES
from ._ops import bessel as _bessel  # noqa: F401 - not among the operations that load with the package
from ._ops import orthogonal_polynomials as _orthogonal_polynomials  # noqa: F401
from ._ops import special_functions as _special_functions  # noqa: F401
from ._standin.missing import refuse_other_names as _refuse_other_names

# Listed where they are defined, and only there.
if _typing.TYPE_CHECKING:
    from ._stubs.special import *  # noqa: F403
globals().update(_NAMESPACES["torch.special"])

_refuse_other_names(globals())


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.special"])
