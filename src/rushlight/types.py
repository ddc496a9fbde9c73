"""`torch.types`: names of types, for annotations."""

from __future__ import annotations

import os
from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Sequence
from typing import IO, TypeAlias

from ._core.device import device as _device
from ._core.tensor import Size as Size
from ._core.tensor import Tensor as Tensor
from ._standin.missing import refuse_other_names as _refuse_other_names

__all__ = ["Device", "FileLike", "Number"]

Number: TypeAlias = _int | _float | _bool
Device: TypeAlias = _device | _str | _int | None
FileLike: TypeAlias = _str | os.PathLike[str] | IO[bytes]

# What programs import from here in spite of the underscores.
_Number = (_int, _float, _bool)
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_TensorOrOptionalTensors: TypeAlias = Tensor | Sequence[Tensor | None]

_refuse_other_names(globals())
