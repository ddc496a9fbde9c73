"""Student's t distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import inf, nan, randn, where
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .chi2 import Chi2
from .distribution import Distribution, of_samples
from .utils import attribute, broadcast_all


class StudentT(Distribution):
    """Student's t distribution of ``df`` degrees of freedom, times ``scale``, around ``loc``: tensors or numbers.

    ValueError for degrees or a scale that are not positive. Needs SciPy for densities and for gradients of `rsample`.

    >>> import rushlight as torch
    >>> torch.distributions.StudentT(torch.tensor([1.5, 3.0])).variance
    tensor([inf, 3.])
    """

    df: Tensor
    loc: Tensor
    scale: Tensor
    arg_constraints = {"df": constraints.positive, "loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True
    mode = attribute("loc")

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0, validate_args: bool | None = None):
        self._chi2 = Chi2(broadcast_all(df, loc, scale)[0])
        self._take(validate_args, df=df, loc=loc, scale=scale)

    @property
    def mean(self) -> Tensor:
        return where(self.df <= 1, nan, self.loc)

    @property
    def variance(self) -> Tensor:
        finite = self.df > 2
        df = where(finite, self.df, 3.0)
        return where(finite, self.scale**2 * df / (df - 2), where(self.df > 1, inf, nan))

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        normal = randn(self._extended_shape(sample_shape), dtype=self.df.dtype)
        return self.loc + self.scale * (normal * (self._chi2.rsample(sample_shape) / self.df).rsqrt())

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        df, y = self.df, (value - self.loc) / self.scale
        log_norm = self.scale.log() + 0.5 * df.log() + 0.5 * math.log(math.pi)
        log_norm = log_norm + (0.5 * df).lgamma() - (0.5 * (df + 1.0)).lgamma()
        return -0.5 * (df + 1.0) * (y**2 / df).log1p() - log_norm

    def entropy(self) -> Tensor:
        half, more = 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = half.lgamma() + math.lgamma(0.5) - more.lgamma()
        return self.scale.log() + more * (more.digamma() - half.digamma()) + 0.5 * self.df.log() + log_beta


_refuse_other_names(globals())
