"""The binomial distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import arange, binomial, no_grad
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn.functional import softplus
from . import constraints
from ._probability import OfProbability, of_trials
from .distribution import of_samples


class Binomial(OfProbability):
    """The number of successes in ``total_count`` trials, each with probability ``probs``, or log-odds ``logits``.

    Tensors that broadcast; the count may be a number. ValueError unless one of the two is given, and for counts or
    probabilities that are none. Needs SciPy for `log_prob`.

    >>> import rushlight as torch
    >>> d = torch.distributions.Binomial(2, torch.tensor(0.5))
    >>> d.log_prob(d.enumerate_support()).exp()
    tensor([0.2500, 0.5000, 0.2500])
    """

    total_count: Tensor
    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    has_enumerate_support = True

    def __init__(
        self,
        total_count: Any = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        self._take(validate_args, **of_trials(total_count, probs, logits))

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape), self.probs.expand(shape))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        n = self.total_count
        # log(1 - p) is -softplus(logits).
        ways = (n + 1).lgamma() - (value + 1).lgamma() - (n - value + 1).lgamma()
        return value * self.logits + ways - n * softplus(self.logits)

    def _only_count(self, asker: str) -> int:
        count = int(self.total_count.max())
        if self.total_count.min() != count:
            raise NotImplementedError(f"Inhomogeneous total count not supported by `{asker}`.")
        return count

    def entropy(self) -> Tensor:
        self._only_count("entropy")
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        count = self._only_count("enumerate_support")
        return self._enumerated(arange(count + 1, dtype=self._param.dtype), expand)


_refuse_other_names(globals())
