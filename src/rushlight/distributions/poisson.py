"""The Poisson distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import no_grad, poisson, xlogy
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import of_samples
from .exp_family import ExponentialFamily
from .utils import attribute


class Poisson(ExponentialFamily):
    """The number of events where ``rate`` are expected: a tensor or number. ValueError where it is negative.

    Needs SciPy for `log_prob`. There is no formula for the entropy.

    >>> import rushlight as torch
    >>> torch.distributions.Poisson(2.0).log_prob(torch.tensor([0.0, 1.0])).exp()
    tensor([0.1353, 0.2707])
    """

    rate: Tensor
    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer
    mean = variance = attribute("rate")

    def __init__(self, rate: Any, validate_args: bool | None = None):
        self._take(validate_args, rate=rate)

    @property
    def mode(self) -> Tensor:
        return self.rate.floor()

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            return poisson(self.rate.expand(self._extended_shape(sample_shape)))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        return xlogy(value, self.rate) - self.rate - (value + 1).lgamma()

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (self.rate.log(),)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return x.exp()


_refuse_other_names(globals())
