"""The Laplace distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import empty, finfo
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .distribution import Distribution, of_samples
from .utils import attribute


class Laplace(Distribution):
    """The Laplace distribution: the distance from ``loc`` is exponential, of mean ``scale``, to either side.

    Tensors or numbers that broadcast; ValueError for a scale that is not positive.

    >>> import rushlight as torch
    >>> torch.distributions.Laplace(0.0, torch.tensor([1.0, 2.0])).variance
    tensor([2., 8.])
    """

    loc: Tensor
    scale: Tensor
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True
    mean = mode = attribute("loc")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None):
        self._take(validate_args, loc=loc, scale=scale)

    @property
    def variance(self) -> Tensor:
        return 2 * self.scale**2

    @property
    def stddev(self) -> Tensor:
        return 2**0.5 * self.scale

    def _at(self, centred: Tensor, distance: Tensor) -> Tensor:
        """The number on the side of ``centred`` beyond which the share 1 - ``distance`` of that side lies."""
        return self.loc - self.scale * centred.sign() * (-distance).log1p()

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        dtype = self.loc.dtype
        # Not -1 itself, whose logarithm would be infinite.
        u = empty(self._extended_shape(sample_shape), dtype=dtype).uniform_(finfo(dtype).eps - 1, 1)
        return self._at(u, u.abs())

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        centred = value - self.loc
        return 0.5 - 0.5 * centred.sign() * (-centred.abs() / self.scale).expm1()

    def icdf(self, value: Tensor) -> Tensor:
        centred = value - 0.5
        return self._at(centred, 2 * centred.abs())

    def entropy(self) -> Tensor:
        return 1 + (2 * self.scale).log()


_refuse_other_names(globals())
