"""Linear algebra: products, norms, determinants, inverses, systems of equations.

>>> import rushlight as torch
>>> torch.linalg.norm(torch.tensor([3.0, 4.0]))
tensor(5.)
"""

import typing as _typing

from . import _ops as _ops
from ._core.registry import NAMESPACES as _NAMESPACES
from ._ops.lapack import LinAlgError as LinAlgError
from ._standin.missing import refuse_other_names as _refuse_other_names

if _typing.TYPE_CHECKING:
    from ._stubs.linalg import *  # noqa: F403
globals().update(_NAMESPACES["torch.linalg"])

_refuse_other_names(globals())
