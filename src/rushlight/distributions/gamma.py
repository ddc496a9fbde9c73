"""The gamma distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import finfo, special, xlogy
from .._core.tensor import Size, Tensor
from .._ops.gamma_variates import _standard_gamma
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import of_samples
from .exp_family import ExponentialFamily


class Gamma(ExponentialFamily):
    """The waiting time for ``concentration`` events that happen ``rate`` times in a unit of time.

    Tensors or numbers that broadcast; ValueError unless both are positive. Needs SciPy for densities and for gradients of
    `rsample`, which are those of the quantiles (Figurnov, Mohamed and Mnih, 2018).

    >>> import rushlight as torch
    >>> torch.distributions.Gamma(2.0, 1.0).log_prob(torch.tensor([1.0, 2.0])).exp()
    tensor([0.3679, 0.2707])
    """

    concentration: Tensor
    rate: Tensor
    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None):
        self._take(validate_args, concentration=concentration, rate=rate)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate**2

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        value = _standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)
        # Not 0, where the density may be infinite; the gradient is that of the number that was too small.
        value.detach().clamp_(min=finfo(value.dtype).tiny)
        return value

    def log_prob(self, value: Any) -> Tensor:
        if not isinstance(value, Tensor):
            value = self.rate.new_tensor(value)
        return self._log_density(value.to(self.rate.dtype))

    @of_samples
    def _log_density(self, value: Tensor) -> Tensor:
        a, rate = self.concentration, self.rate
        return xlogy(a, rate) + xlogy(a - 1, value) - rate * value - a.lgamma()

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        return special.gammainc(self.concentration, self.rate * value)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a - self.rate.log() + a.lgamma() + (1.0 - a) * a.digamma()

    @property
    def _natural_params(self) -> tuple[Tensor, Tensor]:
        return self.concentration - 1, -self.rate

    def _log_normalizer(self, x: Tensor, y: Tensor) -> Tensor:  # type: ignore[override]
        return (x + 1).lgamma() + (x + 1) * (-y.reciprocal()).log()


_refuse_other_names(globals())
