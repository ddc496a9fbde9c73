"""The log-normal distribution."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .normal import Normal
from .transformed_distribution import TransformedDistribution
from .transforms import ExpTransform
from .utils import attribute


class LogNormal(TransformedDistribution):
    """Numbers whose logarithm is normal, of mean ``loc`` and standard deviation ``scale``: tensors or numbers.

    ValueError for a scale that is not positive.

    >>> import rushlight as torch
    >>> torch.distributions.LogNormal(0.0, 1.0).mean
    tensor(1.6487)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.positive
    has_rsample = True
    loc = attribute("base_dist.loc")
    scale = attribute("base_dist.scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None):
        super().__init__(Normal(loc, scale, validate_args=validate_args), ExpTransform(), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return (self.loc + self.scale**2 / 2).exp()

    @property
    def mode(self) -> Tensor:
        return (self.loc - self.scale**2).exp()

    @property
    def variance(self) -> Tensor:
        square = self.scale**2
        return square.expm1() * (2 * self.loc + square).exp()

    def entropy(self) -> Tensor:
        return self.base_dist.entropy() + self.loc


_refuse_other_names(globals())
