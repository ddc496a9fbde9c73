"""Distributions of what transforms make of the samples of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import no_grad
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples
from .independent import Independent
from .transforms import ComposeTransform, Transform
from .utils import attribute, sum_rightmost


class TransformedDistribution(Distribution):
    """The samples of ``base_distribution`` after ``transforms``: one, or a list of them, applied in order.

    The density is that of the base times the inverse of the Jacobian's determinant. ValueError for what is no transform,
    and where the base has too few dimensions for them.

    >>> import rushlight as torch
    >>> from rushlight.distributions import AffineTransform, ExpTransform, TransformedDistribution, Uniform
    >>> d = TransformedDistribution(Uniform(0.0, 1.0), [AffineTransform(1.0, 2.0), ExpTransform()])
    >>> d.cdf(torch.tensor(2.0).exp())
    tensor(0.5000)
    """

    arg_constraints: Any = {}
    has_rsample = attribute("base_dist.has_rsample")

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | list[Transform],
        validate_args: bool | None = None,
    ):
        if isinstance(transforms, Transform):
            transforms = [transforms]
        elif not isinstance(transforms, list):
            raise ValueError(f"transforms must be a Transform or list, but was {transforms}")
        elif not all(isinstance(t, Transform) for t in transforms):
            raise ValueError("transforms must be a Transform or a list of Transforms")
        self.transforms = transforms
        whole = ComposeTransform(transforms)
        entering, leaving = whole.domain.event_dim, whole.codomain.event_dim

        base_shape = base_distribution.batch_shape + base_distribution.event_shape
        base_dims = len(base_distribution.event_shape)
        if len(base_shape) < entering:
            raise ValueError(
                f"base_distribution needs to have shape with size at least {entering}, but got {base_shape}."
            )
        shape = whole.forward_shape(base_shape)
        # Parameters of transforms may broadcast the base, and transforms may couple what the base has apart.
        expanded = whole.inverse_shape(shape)
        if expanded != base_shape:
            base_distribution = base_distribution.expand(expanded[: len(expanded) - base_dims])
        if entering > base_dims:
            base_distribution = Independent(base_distribution, entering - base_dims)
        self.base_dist: Any = base_distribution

        event_dims = max(leaving, base_dims + leaving - entering)
        if len(shape) < event_dims:
            raise AssertionError(f"forward_shape length {len(shape)} must be >= event_dim {event_dims}")
        cut = len(shape) - event_dims
        super().__init__(shape[:cut], shape[cut:], validate_args=validate_args)

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Any:
        if not self.transforms:
            return self.base_dist.support
        support = self.transforms[-1].codomain
        apart = len(self.event_shape) - support.event_dim
        return constraints.independent(support, apart) if apart > 0 else support

    def _transformed(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            return self._transformed(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self._transformed(self.base_dist.rsample(sample_shape))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        log_det: Any = 0.0
        dims = len(self.event_shape)
        for transform in reversed(self.transforms):
            x = transform.inv(value)
            entering = transform.domain.event_dim
            dims += entering - transform.codomain.event_dim
            log_det = log_det + sum_rightmost(transform.log_abs_det_jacobian(x, value), dims - entering)
            value = x
        return sum_rightmost(self.base_dist.log_prob(value), dims - len(self.base_dist.event_shape)) - log_det

    def _turned(self, probability: Tensor) -> Tensor:
        """1 minus the probability, where the transforms exchange small and large."""
        sign: Any = 1
        for transform in self.transforms:
            sign = sign * transform.sign
        return probability if isinstance(sign, int) and sign == 1 else sign * (probability - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._turned(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._transformed(self.base_dist.icdf(self._turned(value)))


_refuse_other_names(globals())
