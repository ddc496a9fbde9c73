"""What multivariate normal distributions share, however their covariance is given."""

from __future__ import annotations

import math

from .. import linalg
from .._core.tensor import Tensor
from . import constraints
from .distribution import Distribution, of_samples
from .utils import attribute


def times_vector(matrix: Tensor, vector: Tensor) -> Tensor:
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)


def squared_length(factor: Tensor, vectors: Tensor) -> Tensor:
    """|L⁻¹ x|² for each of the vectors x, where L is a lower triangular ``factor``; batches broadcast."""
    if factor.dim() == 2:  # all vectors in one solution, as its columns
        columns = vectors.reshape(-1, vectors.shape[-1]).mT
        return (linalg.solve_triangular(factor, columns, upper=False) ** 2).sum(0).reshape(vectors.shape[:-1])
    return (linalg.solve_triangular(factor, vectors.unsqueeze(-1), upper=False) ** 2).sum((-2, -1))


def log_diagonal(factor: Tensor) -> Tensor:
    """The logarithm of a triangular factor's determinant."""
    return factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


class Gaussian(Distribution):
    """A multivariate normal distribution, of which a subclass says three things of the covariance Σ."""

    loc: Tensor
    support = constraints.real_vector
    has_rsample = True
    mean = mode = attribute("loc")
    _is_low_rank = False

    def _log_det(self) -> Tensor:
        """log det Σ."""
        raise NotImplementedError

    def _mahalanobis(self, x: Tensor) -> Tensor:
        """xᵀ Σ⁻¹ x, of vectors along the last dimension."""
        raise NotImplementedError

    def _root(self) -> Tensor:
        """A matrix R, not always square, with R Rᵀ = Σ."""
        raise NotImplementedError

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        n = self._event_shape[0]
        return -0.5 * (n * math.log(2 * math.pi) + self._log_det() + self._mahalanobis(value - self.loc))

    def entropy(self) -> Tensor:
        n = self._event_shape[0]
        return (0.5 * (n * (1.0 + math.log(2 * math.pi)) + self._log_det())).expand(self._batch_shape)

    def divergence(self, other: Gaussian) -> Tensor:
        """½ (log det Σ' - log det Σ + tr(Σ'⁻¹ Σ) + (μ' - μ)ᵀ Σ'⁻¹ (μ' - μ) - n): the divergence of the other, with dashes.

        The trace is the sum of cᵀ Σ'⁻¹ c over the columns c of Σ's root.
        """
        if self.event_shape != other.event_shape:
            rank = ("", "(Low Rank) ", "Low Rank ")[self._is_low_rank + other._is_low_rank]
            indentation = " " * 26  # that of PyTorch's source, which the message has in it
            raise ValueError(
                f"KL-divergence between two {rank}Multivariate Normals with{indentation}different event shapes "
                "cannot be computed"
            )
        root = self._root()
        missing = len(other.batch_shape) - (root.dim() - 2)
        columns = root[(None,) * max(0, missing)].movedim(-1, 0)
        trace = other._mahalanobis(columns).sum(0)
        log_ratio = other._log_det() - self._log_det()
        return 0.5 * (log_ratio + trace + other._mahalanobis(other.loc - self.loc) - self.event_shape[0])
