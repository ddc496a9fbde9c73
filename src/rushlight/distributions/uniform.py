"""The uniform distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import nan, rand
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples


class Uniform(Distribution):
    """Numbers that are equally likely from ``low`` up to, without, ``high``: tensors or numbers that broadcast.

    ValueError unless low < high.

    >>> import rushlight as torch
    >>> d = torch.distributions.Uniform(0.0, torch.tensor([1.0, 4.0]))
    >>> d.mean, d.entropy()
    (tensor([0.5000, 2.0000]), tensor([0.0000, 1.3863]))
    """

    low: Tensor
    high: Tensor
    has_rsample = True

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None):
        self._take(validate_args, low=low, high=high)

    @property
    def arg_constraints(self) -> Any:
        return {"low": constraints.less_than(self.high), "high": constraints.greater_than(self.low)}

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.interval(self.low, self.high)

    @property
    def _width(self) -> Tensor:
        return self.high - self.low

    @property
    def mean(self) -> Tensor:
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        return nan * self.high

    @property
    def stddev(self) -> Tensor:
        return self._width / 12**0.5

    @property
    def variance(self) -> Tensor:
        return self._width**2 / 12

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self.low + rand(self._extended_shape(sample_shape), dtype=self.low.dtype) * self._width

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        inside = (self.low <= value) & (value < self.high)
        return inside.to(self.low.dtype).log() - self._width.log()

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        return ((value - self.low) / self._width).clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        return value * self._width + self.low

    def entropy(self) -> Tensor:
        return self._width.log()


_refuse_other_names(globals())
