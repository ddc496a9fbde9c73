"""Covariances: given as they are, as their inverse, or as their Cholesky factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import cholesky_inverse, eye, linalg
from .._core.tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import lazy_property


class OfCovariance(Distribution):
    """Distributions with a matrix, whichever of three ways it is given in. ``_unbroadcasted_scale_tril`` is its factor.

    That is not expanded to the batch: what is computed with it is computed once for all that share it.
    """

    _unbroadcasted_scale_tril: Tensor
    matrices: Any = {
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }

    def _expanded(self, matrix: Tensor) -> Tensor:
        return matrix.expand(*self._batch_shape, *matrix.shape[-2:])

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance."""
        return self._expanded(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        return self._expanded(self._unbroadcasted_scale_tril @ self._unbroadcasted_scale_tril.mT)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        return self._expanded(cholesky_inverse(self._unbroadcasted_scale_tril))


def only_one(**matrices: Tensor | None) -> tuple[str, Any] | None:
    """The one matrix that is given, with its name; None where there are more or fewer."""
    given = [(name, matrix) for name, matrix in matrices.items() if matrix is not None]
    return given[0] if len(given) == 1 else None


def _factor_of_inverse(precision: Tensor) -> Tensor:
    """The lower Cholesky factor of the inverse.

    With rows and columns in reverse order, P = L Lᵀ becomes P = U Uᵀ for an upper triangular U, and the inverse is that of
    Uᵀ, which is lower triangular, transposed and times itself.
    """
    upper = linalg.cholesky(precision.flip(-2, -1)).flip(-2, -1)
    return linalg.solve_triangular(upper.mT, eye(precision.shape[-1], dtype=precision.dtype), upper=False)


FACTOR: dict[str, Callable[[Tensor], Tensor]] = {
    "covariance_matrix": linalg.cholesky,
    "precision_matrix": _factor_of_inverse,
    "scale_tril": lambda factor: factor,
}
"""The lower Cholesky factor of the covariance, from what is given."""
