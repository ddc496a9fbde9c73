"""Mixtures of distributions of one family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import no_grad
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .categorical import Categorical
from .distribution import Distribution, of_samples
from .utils import attribute


class MixtureSameFamily(Distribution):
    """Samples of the components along the last dimension of ``component_distribution``'s batch.

    Which one is drawn from ``mixture_distribution``, a `Categorical`. ValueError for another distribution, and where the
    batches or the number of components do not go together.

    >>> import rushlight as torch
    >>> from rushlight.distributions import Categorical, MixtureSameFamily, Normal
    >>> d = MixtureSameFamily(Categorical(torch.ones(2)), Normal(torch.tensor([-1.0, 1.0]), 1.0))
    >>> d.mean, d.variance
    (tensor(0.), tensor(2.))
    """

    arg_constraints: Any = {}
    has_rsample = False
    mixture_distribution = attribute("_mixture_distribution")
    component_distribution = attribute("_component_distribution")

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ):
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError(" The Mixture distribution needs to be an  instance of torch.distributions.Categorical")
        if not isinstance(component_distribution, Distribution):
            raise ValueError("The Component distribution needs to be an instance of torch.distributions.Distribution")
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        of_mixture, of_components = mixture_distribution.batch_shape, component_distribution.batch_shape
        if any(a != b and 1 not in (a, b) for a, b in zip(reversed(of_mixture), reversed(of_components[:-1]))):
            raise ValueError(
                f"`mixture_distribution.batch_shape` ({of_mixture}) is not compatible with "
                f"`component_distribution.batch_shape`({of_components[:-1]})"
            )
        components = mixture_distribution.logits.shape[-1]  # which every density wants
        if components != of_components[-1]:
            raise ValueError(
                f"`mixture_distribution component` ({components}) does not equal "
                f"`component_distribution.batch_shape[-1]` ({of_components[-1]})"
            )
        super().__init__(of_components[:-1], component_distribution.event_shape, validate_args=validate_args)

    @constraints.dependent_property
    def support(self) -> constraints.Constraint:
        return constraints.MixtureSameFamilyConstraint(self._component_distribution.support)

    @property
    def _component_dim(self) -> int:
        return -1 - len(self._event_shape)

    def _mixed(self, of_components: Tensor) -> Tensor:
        """The mean of what each component has, by its probability."""
        probs = self._mixture_distribution.probs
        probs = probs.reshape(*probs.shape, *(1 for _ in self._event_shape))
        return (probs * of_components).sum(self._component_dim)

    @property
    def mean(self) -> Tensor:
        return self._mixed(self._component_distribution.mean)

    @property
    def variance(self) -> Tensor:
        components = self._component_distribution
        apart = (components.mean - self.mean.unsqueeze(self._component_dim)) ** 2
        return self._mixed(components.variance) + self._mixed(apart)

    def cdf(self, x: Tensor) -> Tensor:
        by_component = self._component_distribution.cdf(x.unsqueeze(self._component_dim))
        return (by_component * self._mixture_distribution.probs).sum(-1)

    @of_samples
    def log_prob(self, x: Tensor) -> Tensor:
        by_component = self._component_distribution.log_prob(x.unsqueeze(self._component_dim))
        return (by_component + self._mixture_distribution.logits.log_softmax(-1)).logsumexp(-1)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            chosen = self._mixture_distribution.sample(sample_shape)
            of_all = self._component_distribution.sample(sample_shape)
            dim = len(sample_shape) + len(self._batch_shape)
            index = chosen.reshape(*chosen.shape, *(1 for _ in range(of_all.dim() - chosen.dim())))
            return of_all.gather(dim, index.expand(*chosen.shape, 1, *self._event_shape)).squeeze(dim)

    def __repr__(self) -> str:
        return f"MixtureSameFamily(\n  {self._mixture_distribution},\n  {self._component_distribution})"


_refuse_other_names(globals())
