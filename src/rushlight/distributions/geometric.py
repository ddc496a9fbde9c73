"""The geometric distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import broadcast_tensors, empty, finfo, no_grad, where, zeros_like
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn import functional as F
from . import constraints
from ._probability import OfProbability, either
from .distribution import of_samples


class Geometric(OfProbability):
    """The number of failures before the first success, which each trial has with probability ``probs``.

    A tensor or number, as are the log-odds ``logits`` that may be given instead. ValueError unless one of the two is
    given, and for probabilities outside of (0, 1].

    >>> import rushlight as torch
    >>> torch.distributions.Geometric(0.5).log_prob(torch.tensor([0.0, 1.0])).exp()
    tensor([0.5000, 0.2500])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None):
        self._take(validate_args, **either(probs, logits))
        if self._validate_args and probs is not None and not (self.probs > 0).all():
            raise ValueError(
                f"Expected parameter probs ({type(self.probs).__name__} of shape {tuple(self.probs.shape)}) of "
                f"distribution {self!r} to be positive but found invalid values:\n{self.probs[self.probs <= 0]}"
            )

    @property
    def mean(self) -> Tensor:
        return 1 / self.probs - 1

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1 / self.probs - 1) / self.probs

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        dtype = self.probs.dtype
        with no_grad():
            u = empty(self._extended_shape(sample_shape), dtype=dtype).uniform_(finfo(dtype).tiny, 1)
            return (u.log() / (-self.probs).log1p()).floor()

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        value, probs = broadcast_tensors(value, self.probs)
        # No failure where there never is one: 0 times the logarithm of 0.
        probs = where((probs == 1) & (value == 0), 0.0, probs)
        return value * (-probs).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none") / self.probs


_refuse_other_names(globals())
