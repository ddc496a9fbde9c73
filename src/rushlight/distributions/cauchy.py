"""The Cauchy distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import empty, inf, nan
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples
from .utils import attribute


class Cauchy(Distribution):
    """The Cauchy distribution, of median ``loc`` and half-width at half the maximum ``scale``; it has no mean.

    Tensors or numbers that broadcast; ValueError for a scale that is not positive.

    >>> import rushlight as torch
    >>> torch.distributions.Cauchy(0.0, 2.0).cdf(torch.tensor(2.0))
    tensor(0.7500)
    """

    loc: Tensor
    scale: Tensor
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True
    mode = attribute("loc")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None):
        self._take(validate_args, loc=loc, scale=scale)

    @property
    def mean(self) -> Tensor:
        return self.loc.new_full(self._batch_shape, nan)

    @property
    def variance(self) -> Tensor:
        return self.loc.new_full(self._batch_shape, inf)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self.loc + empty(self._extended_shape(sample_shape), dtype=self.loc.dtype).cauchy_() * self.scale

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        return -math.log(math.pi) - self.scale.log() - (((value - self.loc) / self.scale) ** 2).log1p()

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        return ((value - self.loc) / self.scale).atan() / math.pi + 0.5

    def icdf(self, value: Tensor) -> Tensor:
        return (math.pi * (value - 0.5)).tan() * self.scale + self.loc

    def entropy(self) -> Tensor:
        return math.log(4 * math.pi) + self.scale.log()


_refuse_other_names(globals())
