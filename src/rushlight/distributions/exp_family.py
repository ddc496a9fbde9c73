"""Exponential families: densities h(x) exp(θ · T(x) - A(θ)), whose entropy and divergence follow from A alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import autograd, enable_grad
from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from .distribution import Distribution
from .utils import sum_rightmost


class ExponentialFamily(Distribution):
    """The base of families that give their natural parameters θ, and the logarithm A(θ) of what normalises the density.

    The gradient of A is the mean of T, so that a subclass has entropy and `kl_divergence` from these alone (Nielsen and
    Nock, Entropies and cross-entropies of exponential families, 2010). It may have its own, which are quicker.

    >>> import rushlight as torch
    >>> torch.distributions.ExponentialFamily.entropy(torch.distributions.Normal(0.0, 1.0)).detach()
    tensor(1.4189)
    """

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self) -> Any:
        """The mean of log h."""
        raise NotImplementedError

    def _gradient_of_normalizer(self) -> tuple[list[Tensor], Tensor, tuple[Tensor, ...]]:
        """θ, A(θ) and the mean of T, with the history that θ has."""
        with enable_grad():
            parameters = [p if p.requires_grad else p.detach().requires_grad_() for p in self._natural_params]
            value = self._log_normalizer(*parameters)
            return parameters, value, autograd.grad(value.sum(), parameters, create_graph=True)

    def entropy(self) -> Tensor:
        parameters, value, means = self._gradient_of_normalizer()
        return value - self._mean_carrier_measure - self._summed(p * m for p, m in zip(parameters, means))

    def bregman_divergence(self, other: ExponentialFamily) -> Tensor:
        """The divergence of ``other`` of the same family: what A lies at its θ above the tangent at our own."""
        parameters, value, means = self._gradient_of_normalizer()
        theirs = other._natural_params
        apart = self._summed((q - p) * m for q, p, m in zip(theirs, parameters, means))
        return other._log_normalizer(*theirs) - value - apart

    def _summed(self, terms: Iterable[Tensor]) -> Any:
        """The sum over all terms, and in each over the dimensions that its natural parameter has behind the batch's."""
        behind = [p.dim() - len(self._batch_shape) for p in self._natural_params]
        return sum(sum_rightmost(term, dims) for term, dims in zip(terms, behind))


_refuse_other_names(globals())
