"""The half-normal distribution."""

from __future__ import annotations

import math
from typing import Any

from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ._half import Half
from .normal import Normal


class HalfNormal(Half):
    """The absolute values of normal numbers of mean 0 and deviation ``scale``: a tensor or number, ValueError unless positive.

    >>> import rushlight as torch
    >>> torch.distributions.HalfNormal(1.0).mean
    tensor(0.7979)
    """

    def __init__(self, scale: Any, validate_args: bool | None = None):
        super().__init__(Normal(0, scale, validate_args=False), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        return self.scale**2 * (1 - 2 / math.pi)


_refuse_other_names(globals())
