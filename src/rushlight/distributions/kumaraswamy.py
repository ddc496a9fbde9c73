"""The Kumaraswamy distribution."""

from __future__ import annotations

from typing import Any

from .. import full_like, nan, where
from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform
from .uniform import Uniform
from .utils import broadcast_all, euler_constant


class Kumaraswamy(TransformedDistribution):
    """Numbers in (0, 1), whose share up to x is 1 - (1 - x**a) ** b, for ``concentration1`` a and ``concentration0`` b.

    Tensors or numbers that broadcast; ValueError unless both are positive. Needs SciPy for moments and entropy.

    >>> import rushlight as torch
    >>> torch.distributions.Kumaraswamy(2.0, 2.0).cdf(torch.tensor(0.5))
    tensor(0.4375)
    """

    arg_constraints = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any, validate_args: bool | None = None):
        self.concentration1, self.concentration0 = broadcast_all(concentration1, concentration0)
        zero, one = (full_like(self.concentration0, bound) for bound in (0, 1))
        transforms = [
            PowerTransform(exponent=self.concentration0.reciprocal()),
            AffineTransform(loc=1.0, scale=-1.0),
            PowerTransform(exponent=self.concentration1.reciprocal()),
        ]
        super().__init__(Uniform(zero, one, validate_args=validate_args), transforms, validate_args=validate_args)

    def _moment(self, n: int) -> Tensor:
        """The mean of the n-th power: b B(1 + n / a, b)."""
        b, c = self.concentration0, 1 + n / self.concentration1
        return b * (c.lgamma() + b.lgamma() - (c + b).lgamma()).exp()

    @property
    def mean(self) -> Tensor:
        return self._moment(1)

    @property
    def variance(self) -> Tensor:
        return self._moment(2) - self.mean**2

    @property
    def mode(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        log_mode = b.reciprocal() * (-b).log1p() - (-b * a).log1p()
        return where((b < 1) | (a < 1), nan, log_mode).exp()

    def entropy(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        harmonic = (b + 1).digamma() + euler_constant
        return (1 - b.reciprocal()) + (1 - a.reciprocal()) * harmonic - a.log() - b.log()


_refuse_other_names(globals())
