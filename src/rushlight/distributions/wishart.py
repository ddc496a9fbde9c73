"""The Wishart distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import arange, broadcast_shapes, cholesky_solve, finfo, linalg, mvlgamma, nan, randn, where
from .._core.tensor import Size, Tensor
from .._core.where import warn_user
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._covariance import FACTOR, OfCovariance, only_one
from ._gaussian import log_diagonal
from .chi2 import Chi2
from .distribution import Distribution, of_samples
from .exp_family import ExponentialFamily
from .utils import vec_to_tril_matrix


class Wishart(OfCovariance, ExponentialFamily):
    """The sum of x xᵀ over ``df`` normal vectors x of size p, whose covariance is given in one of three ways, as (..., p, p).

    These are those of `MultivariateNormal`. AssertionError unless one of them is given, ValueError for matrices that are
    not positive-definite and for a ``df``, a tensor or number, of p - 1 or less. Needs SciPy for densities and for
    gradients of `rsample`.

    >>> import rushlight as torch
    >>> torch.distributions.Wishart(3.0, torch.eye(2)).mean
    tensor([[3., 0.],
            [0., 3.]])
    """

    df: Tensor
    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        df: Any,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        given = only_one(covariance_matrix=covariance_matrix, precision_matrix=precision_matrix, scale_tril=scale_tril)
        if given is None:
            raise AssertionError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        name, matrix = given
        if matrix.dim() < 2:
            raise ValueError("scale_tril must be at least two-dimensional, with optional leading batch dimensions")
        degrees = df if isinstance(df, Tensor) else matrix.new_tensor(df)
        batch_shape = broadcast_shapes(matrix.shape[:-2], degrees.shape)
        # A number stays one.
        self.df = degrees.expand(batch_shape) if isinstance(df, Tensor) else degrees
        p = matrix.shape[-1]
        if (self.df <= p - 1).any():
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {p - 1}.")
        if (self.df < p).any():
            warn_user("Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.")
        vars(self)[name] = matrix.expand(*batch_shape, -1, -1)
        Distribution.__init__(self, batch_shape, matrix.shape[-2:], validate_args=validate_args)
        self._unbroadcasted_scale_tril = FACTOR[name](matrix)
        degrees = self.df.unsqueeze(-1) - arange(p, dtype=matrix.dtype)
        self._chi2 = Chi2(degrees.expand(*batch_shape, p))

    @property
    def arg_constraints(self) -> Any:
        return {**self.matrices, "df": constraints.greater_than(self._size - 1)}

    @property
    def _size(self) -> int:
        return self._event_shape[-1]

    @property
    def _df_of_matrix(self) -> Tensor:
        return self.df.reshape(*self.df.shape, 1, 1)

    @property
    def mean(self) -> Tensor:
        return self._df_of_matrix * self.covariance_matrix

    @property
    def mode(self) -> Tensor:
        factor = self._df_of_matrix - self._size - 1
        return where(factor <= 0, nan, factor) * self.covariance_matrix

    @property
    def variance(self) -> Tensor:
        covariance = self.covariance_matrix
        diagonal = covariance.diagonal(dim1=-2, dim2=-1)
        return self._df_of_matrix * (covariance**2 + diagonal.unsqueeze(-1) * diagonal.unsqueeze(-2))

    def _bartlett(self, sample_shape: Sequence[int]) -> Tensor:
        """Samples by Bartlett's decomposition (Odell and Feiveson, 1966)."""
        diagonal = self._chi2.rsample(sample_shape).sqrt()
        diagonal = diagonal.clamp(min=finfo(diagonal.dtype).eps)
        places = self._size * (self._size - 1) // 2
        below = randn(*sample_shape, *self._batch_shape, places, dtype=diagonal.dtype)
        factor = self._unbroadcasted_scale_tril @ (diagonal.diag_embed() + vec_to_tril_matrix(below, diag=-1))
        return factor @ factor.mT

    def rsample(self, sample_shape: Sequence[int] = Size(), max_try_correction: int | None = None) -> Tensor:
        """Samples; what is singular by rounding is drawn again, ``max_try_correction`` times (10 unless given) at most."""
        sample = self._bartlett(sample_shape)
        # PyTorch draws all that are not singular a second time; without that the numbers would not be the same.
        again = self._of_batch(self.support.check(sample))
        for _ in range(10 if max_try_correction is None else max_try_correction):
            if not again.any():
                break
            new = self._bartlett((int(again.sum()),))
            sample = sample.clone()  # the check's history holds the old one
            sample[again] = new
            again = again.masked_scatter(again, self._of_batch(~self.support.check(new)))
        return sample

    def _of_batch(self, marks: Tensor) -> Tensor:
        """Whether any matrix of a batch is marked."""
        for _ in self._batch_shape:
            marks = marks.any(-1)
        return marks

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        nu, p = self.df, self._size
        trace = cholesky_solve(value, self._unbroadcasted_scale_tril).diagonal(dim1=-2, dim2=-1).sum(-1)
        log_norm = nu * self._half_log_det() + mvlgamma(nu / 2, p)
        return (nu - p - 1) / 2 * linalg.slogdet(value).logabsdet - trace / 2 - log_norm

    def _half_log_det(self) -> Tensor:
        """½ log det(2 Σ)."""
        return self._size * math.log(2) / 2 + log_diagonal(self._unbroadcasted_scale_tril)

    def entropy(self) -> Tensor:
        nu, p = self.df, self._size
        digammas = ((nu / 2).unsqueeze(-1) - arange(p, dtype=nu.dtype) / 2).digamma().sum(-1)
        return (p + 1) * self._half_log_det() + mvlgamma(nu / 2, p) - (nu - p - 1) / 2 * digammas + nu * p / 2

    @property
    def _natural_params(self) -> tuple[Tensor, Tensor]:
        return -self.precision_matrix / 2, ((self.df - self._size - 1) / 2).expand(self._batch_shape)

    def _log_normalizer(self, x: Tensor, y: Tensor) -> Tensor:  # type: ignore[override]
        half = y + (self._size + 1) / 2
        return half * (self._size * math.log(2) - linalg.slogdet(-2 * x).logabsdet) + mvlgamma(half, self._size)


_refuse_other_names(globals())
