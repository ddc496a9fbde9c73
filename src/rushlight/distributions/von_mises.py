"""The von Mises distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .. import bool as bool_dtype
from .. import float64, no_grad, rand, special, where, zeros
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples
from .utils import attribute, lazy_property


class VonMises(Distribution):
    """Angles in radians, from -π to π, around ``loc``, the nearer the larger ``concentration``; tensors that broadcast.

    ValueError for a concentration that is not positive. Needs SciPy for densities and variance.

    >>> import rushlight as torch
    >>> d = torch.distributions.VonMises(torch.tensor(0.0), torch.tensor(4.0))
    >>> d.log_prob(torch.tensor(0.0))
    tensor(-0.2628)
    """

    loc: Tensor
    concentration: Tensor
    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    has_rsample = False
    mean = mode = attribute("loc")

    def __init__(self, loc: Tensor, concentration: Tensor, validate_args: bool | None = None):
        self._take(validate_args, loc=loc, concentration=concentration)

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        # Of the Bessel function I0 without exp(concentration), which may be infinite.
        kappa = self.concentration
        return kappa * ((value - self.loc).cos() - 1) - math.log(2 * math.pi) - special.i0e(kappa).log()

    @lazy_property
    def variance(self) -> Tensor:
        """The circular variance."""
        return 1 - special.i1e(self.concentration) / special.i0e(self.concentration)

    @lazy_property
    def _proposal_r(self) -> Tensor:
        """The parameter of the wrapped Cauchy distribution from which samples are proposed, in double precision."""
        kappa = self.concentration.to(float64)
        tau = 1 + (1 + 4 * kappa**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * kappa)
        return where(kappa < 1e-5, 1 / kappa + kappa, (1 + rho**2) / (2 * rho))

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        """Samples by rejection (Best and Fisher, 1979)."""
        with no_grad():
            loc, kappa, r = self.loc.to(float64), self.concentration.to(float64), self._proposal_r
            shape = self._extended_shape(sample_shape)
            x, done = zeros(shape, dtype=float64), zeros(shape, dtype=bool_dtype)
            while not done.all():
                # All are drawn anew, those that are done as well: so does PyTorch, and the stream is the same.
                u, v, side = rand((3, *shape), dtype=float64).unbind()
                z = (math.pi * u).cos()
                f = (1 + r * z) / (r + z)
                c = kappa * (r - f)
                accepted = (c * (2 - c) - v > 0) | ((c / v).log() + 1 - c >= 0)
                x = where(accepted, (side - 0.5).sign() * f.acos(), x)
                done = done | accepted
            return ((x + math.pi + loc) % (2 * math.pi) - math.pi).to(self.loc.dtype)


_refuse_other_names(globals())
