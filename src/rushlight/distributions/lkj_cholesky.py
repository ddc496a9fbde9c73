"""The LKJ distribution of correlation matrices, by their Cholesky factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import arange, cat, finfo, mvlgamma, no_grad, randn
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .beta import Beta
from .distribution import Distribution, of_samples
from .utils import broadcast_all


class LKJCholesky(Distribution):
    """Cholesky factors of correlation matrices C of size ``dim``, with a density of C in proportion to det(C)**(concentration - 1).

    All are equally likely for a ``concentration`` of 1, a tensor or number (Lewandowski, Kurowicka and Joe, 2009). ValueError
    for a ``dim`` below 2 and a concentration that is not positive. Needs SciPy for `log_prob`.

    >>> import rushlight as torch
    >>> d = torch.distributions.LKJCholesky(2, 1.0)
    >>> d.log_prob(torch.eye(2)).exp()
    tensor(0.5000)
    """

    concentration: Tensor
    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim: int, concentration: Any = 1.0, validate_args: bool | None = None):
        if dim < 2:
            raise ValueError(f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        # How much of its length 1 a row has left of the diagonal ("onion method"); nothing in the first row.
        before = arange(dim - 1, dtype=self.concentration.dtype)
        before = cat([before.new_zeros(1), before])
        marginal = self.concentration + 0.5 * (dim - 2)
        self._beta = Beta(before + 0.5, marginal.unsqueeze(-1) - 0.5 * before)
        super().__init__(self.concentration.shape, Size((dim, dim)), validate_args)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            length = self._beta.sample(sample_shape).unsqueeze(-1)
            direction = randn(self._extended_shape(sample_shape), dtype=length.dtype).tril(-1)
            direction = direction / direction.norm(dim=-1, keepdim=True)
            direction[..., 0, :] = 0.0
            below = length.sqrt() * direction
            rest = (1 - (below**2).sum(-1)).clamp(min=finfo(below.dtype).tiny)
            return below + rest.sqrt().diag_embed()

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        # det(C) is the product of the squares on the diagonal; the rest is the Jacobian of C by its factor.
        n = self.dim - 1
        row = arange(2, self.dim + 1)
        power = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - row
        unnormalized = (power * value.diagonal(dim1=-1, dim2=-2)[..., 1:].log()).sum(-1)
        alpha = self.concentration + 0.5 * n
        return unnormalized - (0.5 * n * math.log(math.pi) + mvlgamma(alpha - 0.5, n) - n * alpha.lgamma())


_refuse_other_names(globals())
