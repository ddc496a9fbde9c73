"""The multivariate normal distribution."""

from __future__ import annotations

from collections.abc import Sequence

from .. import broadcast_shapes, randn
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._covariance import FACTOR, OfCovariance, only_one
from ._gaussian import Gaussian, log_diagonal, squared_length, times_vector
from .distribution import Distribution


class MultivariateNormal(OfCovariance, Gaussian):
    """Normal vectors of mean ``loc`` (..., n) and a covariance that is given in one of three ways, as (..., n, n).

    These are ``covariance_matrix``, its inverse ``precision_matrix``, and its lower Cholesky factor ``scale_tril``, which
    is the quickest; each is there as an attribute. ValueError unless one of them is given, and for matrices that are not
    positive-definite.

    >>> import rushlight as torch
    >>> d = torch.distributions.MultivariateNormal(torch.zeros(2), torch.tensor([[2.0, 1.0], [1.0, 2.0]]))
    >>> d.log_prob(torch.zeros(2))
    tensor(-2.3872)
    """

    arg_constraints = {"loc": constraints.real_vector, **OfCovariance.matrices}

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        given = only_one(covariance_matrix=covariance_matrix, precision_matrix=precision_matrix, scale_tril=scale_tril)
        if given is None:
            raise ValueError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        name, matrix = given
        if matrix.dim() < 2:
            what = f"{name} matrix" if name == "scale_tril" else name
            raise ValueError(f"{what} must be at least two-dimensional, with optional leading batch dimensions")
        batch_shape = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        vars(self)[name] = matrix.expand(*batch_shape, -1, -1)
        self.loc = loc.expand(*batch_shape, -1)
        Distribution.__init__(self, batch_shape, self.loc.shape[-1:], validate_args=validate_args)
        self._unbroadcasted_scale_tril = FACTOR[name](matrix)

    @property
    def variance(self) -> Tensor:
        return (self._unbroadcasted_scale_tril**2).sum(-1).expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        eps = randn(self._extended_shape(sample_shape), dtype=self.loc.dtype)
        return self.loc + times_vector(self._unbroadcasted_scale_tril, eps)

    def _log_det(self) -> Tensor:
        return 2 * log_diagonal(self._unbroadcasted_scale_tril)

    def _mahalanobis(self, x: Tensor) -> Tensor:
        return squared_length(self._unbroadcasted_scale_tril, x)

    def _root(self) -> Tensor:
        return self._unbroadcasted_scale_tril


_refuse_other_names(globals())
