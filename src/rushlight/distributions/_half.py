"""The half of a distribution that is symmetric about zero."""

from __future__ import annotations

import math
from typing import Any

from .. import inf, where, zeros_like
from .._core.tensor import Tensor
from . import constraints
from .distribution import Distribution, of_samples
from .transformed_distribution import TransformedDistribution
from .transforms import AbsTransform
from .utils import attribute


class Half(TransformedDistribution):
    """The absolute values of ``whole``: twice as dense, where there are any."""

    arg_constraints = {"scale": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True
    scale = attribute("base_dist.scale")

    def __init__(self, whole: Distribution, validate_args: bool | None):
        super().__init__(whole, AbsTransform(), validate_args=validate_args)

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.scale)

    @of_samples
    def log_prob(self, value: Any) -> Tensor:
        if not isinstance(value, Tensor):
            value = self.scale.new_tensor(value)
        return where(value >= 0, self.base_dist.log_prob(value) + math.log(2), -inf)

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, value: Tensor) -> Tensor:
        return self.base_dist.icdf((value + 1) / 2)

    def entropy(self) -> Tensor:
        return self.base_dist.entropy() - math.log(2)
