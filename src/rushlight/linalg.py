"""Linear algebra: products, norms, determinants, inverses, systems of equations.

>>> import rushlight as torch
>>> torch.linalg.norm(torch.tensor([3.0, 4.0]))
tensor(5.)
"""

from typing import Any

from . import _ops as _ops
from ._core.registry import NAMESPACES as _NAMESPACES
from ._ops.linear_algebra import LinAlgError as LinAlgError
from ._standin.missing import missing_attribute as _missing_attribute

globals().update(_NAMESPACES["torch.linalg"])


def __getattr__(name: str) -> Any:
    raise _missing_attribute(__name__, name)
