"""The inverse gamma distribution."""

from __future__ import annotations

from typing import Any

from .. import inf, where
from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .gamma import Gamma
from .transformed_distribution import TransformedDistribution
from .transforms import PowerTransform
from .utils import attribute


class InverseGamma(TransformedDistribution):
    """The reciprocals of gamma numbers, of ``concentration`` and ``rate``: tensors or numbers that broadcast.

    ValueError unless both are positive. Needs SciPy for densities and for gradients of `rsample`.

    >>> import rushlight as torch
    >>> torch.distributions.InverseGamma(torch.tensor([0.5, 3.0]), 1.0).mean
    tensor([   inf, 0.5000])
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.positive
    has_rsample = True
    concentration = attribute("base_dist.concentration")
    rate = attribute("base_dist.rate")

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None):
        base = Gamma(concentration, rate, validate_args=validate_args)
        super().__init__(base, PowerTransform(-base.rate.new_ones(())), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return where(self.concentration > 1, self.rate / (self.concentration - 1), inf)

    @property
    def mode(self) -> Tensor:
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Tensor:
        a = self.concentration
        return where(a > 2, self.rate**2 / ((a - 1) ** 2 * (a - 2)), inf)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a + self.rate.log() + a.lgamma() - (1 + a) * a.digamma()


_refuse_other_names(globals())
