"""The generalized Pareto distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import inf, isclose, nan, rand, where, zeros_like
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples
from .utils import attribute


class GeneralizedPareto(Distribution):
    """What lies beyond a high threshold ``loc``, of size ``scale`` and with a tail by ``concentration``.

    Exponential for a concentration of 0, of finite range for negative ones. Tensors or numbers that broadcast; ValueError
    for a scale that is not positive.

    >>> import rushlight as torch
    >>> torch.distributions.GeneralizedPareto(0.0, 1.0, torch.tensor([0.0, 0.25])).mean
    tensor([1.0000, 1.3333])
    """

    loc: Tensor
    scale: Tensor
    concentration: Tensor
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "concentration": constraints.real}
    has_rsample = True
    mode = attribute("loc")

    def __init__(self, loc: Any, scale: Any, concentration: Any, validate_args: bool | None = None):
        self._take(validate_args, loc=loc, scale=scale, concentration=concentration)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        k = self.concentration
        return constraints.interval(self.loc, where(k < 0, self.loc - self.scale / k, inf))

    def _limit(self) -> tuple[Tensor, Tensor]:
        """Where the distribution is exponential, and the concentration with 1 in its place."""
        k = self.concentration
        exponential = isclose(k, zeros_like(k))
        return exponential, where(exponential, 1.0, k)

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.loc.dtype))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        z = self._z(value)
        exponential, k = self._limit()
        power = 1 / k + 1
        tail = where(power == 0, power, power * (k * z).log1p())
        return -self.scale.log() - where(exponential, z, tail)

    @of_samples
    def log_survival_function(self, value: Tensor) -> Tensor:
        """The logarithm of the share beyond ``value``."""
        z = self._z(value)
        exponential, k = self._limit()
        return where(exponential, -z, -(k * z).log1p() / k)

    def log_cdf(self, value: Tensor) -> Tensor:
        """The logarithm of `cdf`."""
        return (-self.log_survival_function(value).exp()).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        return self.log_cdf(value).exp()

    def icdf(self, value: Tensor) -> Tensor:
        exponential, k = self._limit()
        log_rest = (-value).log1p()
        tail = self.loc + self.scale / k * (-k * log_rest).expm1()
        return where(exponential, self.loc - self.scale * log_rest, tail)

    @property
    def mean(self) -> Tensor:
        finite = self.concentration < 1
        k = where(finite, self.concentration, 0.5)
        return where(finite, self.loc + self.scale / (1 - k), nan)

    @property
    def variance(self) -> Tensor:
        finite = self.concentration < 0.5
        k = where(finite, self.concentration, 0.25)
        return where(finite, self.scale**2 / ((1 - k) ** 2 * (1 - 2 * k)), nan)

    def entropy(self) -> Tensor:
        return self.scale.log() + self.concentration + 1


_refuse_other_names(globals())
