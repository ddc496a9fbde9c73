"""The multivariate normal distribution whose covariance is of low rank, but for its diagonal."""

from __future__ import annotations

from collections.abc import Sequence

from .. import broadcast_tensors, cat, eye, linalg, randn
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._gaussian import Gaussian, log_diagonal, squared_length, times_vector
from .distribution import Distribution
from .utils import lazy_property


class LowRankMultivariateNormal(Gaussian):
    """Normal vectors of mean ``loc`` (..., n) and covariance W Wᵀ + D: ``cov_factor`` W (..., n, m), ``cov_diag`` D (..., n).

    What is solved is of size m by m only (Woodbury's identity). ValueError for shapes that do not go together, and a
    diagonal that is not positive.

    >>> import rushlight as torch
    >>> d = torch.distributions.LowRankMultivariateNormal(torch.zeros(2), torch.ones(2, 1), torch.ones(2))
    >>> d.covariance_matrix
    tensor([[2., 1.],
            [1., 2.]])
    """

    cov_factor: Tensor
    cov_diag: Tensor
    arg_constraints = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1),
    }

    _is_low_rank = True

    def __init__(self, loc: Tensor, cov_factor: Tensor, cov_diag: Tensor, validate_args: bool | None = None):
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        event_shape = loc.shape[-1:]
        if cov_factor.dim() < 2:
            raise ValueError("cov_factor must be at least two-dimensional, with optional leading batch dimensions")
        if cov_factor.shape[-2:-1] != event_shape:
            raise ValueError(f"cov_factor must be a batch of matrices with shape {event_shape[0]} x m")
        if cov_diag.shape[-1:] != event_shape:
            raise ValueError(f"cov_diag must be a batch of vectors with shape {event_shape}")
        try:
            column, self.cov_factor, diagonal = broadcast_tensors(loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1))
        except RuntimeError as error:
            raise ValueError(
                f"Incompatible batch shapes: loc {loc.shape}, cov_factor {cov_factor.shape}, cov_diag {cov_diag.shape}"
            ) from error
        self.loc, self.cov_diag = column[..., 0], diagonal[..., 0]
        self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag = cov_factor, cov_diag
        # The factor of I + Wᵀ D⁻¹ W.
        inside = self._solved_factor() @ cov_factor
        self._capacitance_tril = linalg.cholesky(inside + eye(inside.shape[-1], dtype=inside.dtype))
        Distribution.__init__(self, self.loc.shape[:-1], event_shape, validate_args=validate_args)

    def _solved_factor(self) -> Tensor:
        """Wᵀ D⁻¹."""
        return self._unbroadcasted_cov_factor.mT / self._unbroadcasted_cov_diag.unsqueeze(-2)

    def _matrix(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._batch_shape + self._event_shape + self._event_shape)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance."""
        deviation = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)
        scaled = self._unbroadcasted_cov_factor / deviation
        inside = scaled @ scaled.mT + eye(self._event_shape[0], dtype=scaled.dtype)
        return self._matrix(deviation * linalg.cholesky(inside))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        factor = self._unbroadcasted_cov_factor
        return self._matrix(factor @ factor.mT + self._unbroadcasted_cov_diag.diag_embed())

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        half = linalg.solve_triangular(self._capacitance_tril, self._solved_factor(), upper=False)
        return self._matrix(self._unbroadcasted_cov_diag.reciprocal().diag_embed() - half.mT @ half)

    @lazy_property
    def variance(self) -> Tensor:
        total = (self._unbroadcasted_cov_factor**2).sum(-1) + self._unbroadcasted_cov_diag
        return total.expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        shape, dtype = self._extended_shape(sample_shape), self.loc.dtype
        eps_of_factor = randn(shape[:-1] + self.cov_factor.shape[-1:], dtype=dtype)
        eps = randn(shape, dtype=dtype)
        correlated = times_vector(self._unbroadcasted_cov_factor, eps_of_factor)
        return self.loc + correlated + self._unbroadcasted_cov_diag.sqrt() * eps

    def _log_det(self) -> Tensor:
        return 2 * log_diagonal(self._capacitance_tril) + self._unbroadcasted_cov_diag.log().sum(-1)

    def _mahalanobis(self, x: Tensor) -> Tensor:
        explained = squared_length(self._capacitance_tril, times_vector(self._solved_factor(), x))
        return (x**2 / self._unbroadcasted_cov_diag).sum(-1) - explained

    def _root(self) -> Tensor:
        deviation = self.cov_diag.sqrt().diag_embed()
        return cat([self.cov_factor, deviation], -1)


_refuse_other_names(globals())
