"""The exponential distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import empty, zeros_like
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import of_samples
from .exp_family import ExponentialFamily


class Exponential(ExponentialFamily):
    """The waiting time for what happens ``rate`` times in a unit of time: a tensor or number. ValueError unless positive.

    >>> import rushlight as torch
    >>> d = torch.distributions.Exponential(torch.tensor([1.0, 2.0]))
    >>> d.mean, d.cdf(torch.tensor(1.0))
    (tensor([1.0000, 0.5000]), tensor([0.6321, 0.8647]))
    """

    rate: Tensor
    arg_constraints = {"rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, rate: Any, validate_args: bool | None = None):
        self._take(validate_args, rate=rate)

    @property
    def mean(self) -> Tensor:
        return self.rate.reciprocal()

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.rate)

    @property
    def stddev(self) -> Tensor:
        return self.mean

    @property
    def variance(self) -> Tensor:
        return self.rate**-2

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return empty(self._extended_shape(sample_shape), dtype=self.rate.dtype).exponential_() / self.rate

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        return self.rate.log() - self.rate * value

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        return 1 - (-self.rate * value).exp()

    def icdf(self, value: Tensor) -> Tensor:
        return -(-value).log1p() / self.rate

    def entropy(self) -> Tensor:
        return 1.0 - self.rate.log()

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (-self.rate,)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return -(-x).log()


_refuse_other_names(globals())
