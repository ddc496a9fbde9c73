"""`torch.masked`: operations that leave out what a mask, which broadcasts to their input, leaves out; True counts.

There is no `MaskedTensor`: results are plain tensors.

>>> import rushlight as torch
>>> torch.masked.mean(torch.tensor([1.0, 2.0, 9.0]), mask=torch.tensor([True, True, False]))
tensor(1.5000)
"""

import typing as _typing

from ._core.registry import NAMESPACES as _NAMESPACES
from ._ops import masked as _masked  # noqa: F401 - not among the operations that load with the package
from ._standin.missing import refuse_other_names as _refuse_other_names

# Listed where they are defined, and only there.
if _typing.TYPE_CHECKING:
    from ._stubs.masked import *  # noqa: F403
globals().update(_NAMESPACES["torch.masked"])

_refuse_other_names(globals())


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.masked"])
