"""`torch.fft`: discrete Fourier transforms.

>>> import rushlight as torch
>>> torch.fft.rfft(torch.ones(4))
tensor([4.+0.j, 0.+0.j, 0.+0.j])
"""

import typing as _typing

from ._core.registry import NAMESPACES as _NAMESPACES
from ._ops import fft as _fft  # noqa: F401 - not among the operations that load with the package
from ._standin.missing import refuse_other_names as _refuse_other_names

# Listed where they are defined, and only there.
if _typing.TYPE_CHECKING:
    from ._stubs.fft import *  # noqa: F403
globals().update(_NAMESPACES["torch.fft"])

_refuse_other_names(globals())


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.fft"])
