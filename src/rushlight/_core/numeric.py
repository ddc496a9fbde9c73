"""Constants, and the limits of number types."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import dtypes

e, inf, nan, pi = math.e, math.inf, math.nan, math.pi
newaxis = None


class finfo:
    """The limits of a floating-point dtype (of a complex one: of its parts).

    >>> import rushlight as torch
    >>> torch.finfo(torch.float32).eps
    1.1920928955078125e-07
    """

    def __init__(self, type: dtypes.dtype | None = None):
        d = (type or dtypes.get_default_dtype()).to_real()
        if d.category != dtypes.FLOAT:
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle '{d}'")
        if d is dtypes.bfloat16:
            import ml_dtypes

            info: Any = ml_dtypes.finfo(d.np)
        else:
            info = np.finfo(d.np)
        self.dtype = d.name
        self.bits = d.itemsize * 8
        self.max, self.min = float(info.max), float(info.min)
        self.eps, self.resolution = float(info.eps), float(info.resolution)
        self.tiny = self.smallest_normal = float(info.smallest_normal)

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
            f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})"
        )


class iinfo:
    """The limits of an integer dtype.

    >>> import rushlight as torch
    >>> torch.iinfo(torch.int8).max
    127
    """

    def __init__(self, type: dtypes.dtype):
        if type.category != dtypes.INTEGER:
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{type}'")
        info = np.iinfo(type.np)
        self.dtype = type.name
        self.bits = info.bits
        self.max, self.min = int(info.max), int(info.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
