"""The types of results that have several named parts: ``torch.return_types.max`` and its like.

>>> import rushlight as torch
>>> import rushlight.return_types
>>> isinstance(torch.ones(2).sort(), torch.return_types.sort)
True
"""

import typing as _typing

from . import _ops  # noqa: F401 - defines the types
from ._core.return_types import TYPES as _TYPES

# Each is defined next to the operation that returns it, and listed there only.
if _typing.TYPE_CHECKING:
    from ._stubs.return_types import *  # noqa: F403
globals().update(_TYPES)
all_return_types = list(_TYPES.values())
