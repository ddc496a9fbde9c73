"""The negative binomial distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import no_grad, poisson
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn.functional import logsigmoid
from . import constraints
from ._probability import OfProbability, of_trials
from .distribution import of_samples
from .gamma import Gamma
from .utils import lazy_property


class NegativeBinomial(OfProbability):
    """The number of successes, each with probability ``probs``, or log-odds ``logits``, before ``total_count`` failures.

    Tensors that broadcast; the count, which need not be whole, may be a number. ValueError unless one of the two is given,
    for probabilities outside of [0, 1) and negative counts. Needs SciPy for `log_prob`.

    >>> import rushlight as torch
    >>> torch.distributions.NegativeBinomial(1, torch.tensor(0.5)).log_prob(torch.tensor([0.0, 1.0])).exp()
    tensor([0.5000, 0.2500])
    """

    total_count: Tensor
    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    def __init__(
        self,
        total_count: Any,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        self._take(validate_args, **of_trials(total_count, probs, logits))

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.logits.exp()

    @property
    def mode(self) -> Tensor:
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)

    @property
    def variance(self) -> Tensor:
        return self.mean / (-self.logits).sigmoid()

    @lazy_property
    def _gamma(self) -> Gamma:
        # A count of 0, which is none of a gamma distribution, gives a rate of 0.
        return Gamma(self.total_count, (-self.logits).exp(), validate_args=False)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            return poisson(self._gamma.sample(sample_shape))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        n = self.total_count
        ways = (n + value).lgamma() - (1.0 + value).lgamma() - n.lgamma()
        # No success before no failure is certain, though lgamma(0) is infinite.
        ways = ways.masked_fill(n + value == 0.0, 0.0)
        return n * logsigmoid(-self.logits) + value * logsigmoid(self.logits) + ways


_refuse_other_names(globals())
