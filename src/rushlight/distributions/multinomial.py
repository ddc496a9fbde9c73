"""The multinomial distribution."""

from __future__ import annotations

from collections.abc import Sequence

from .. import broadcast_tensors, inf, ones_like, where
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._categories import OfCategories
from .binomial import Binomial
from .distribution import of_samples


class Multinomial(OfCategories):
    """How often each of k categories comes in ``total_count`` draws, with probabilities as `Categorical` has them.

    ``probs`` or ``logits`` of shape (..., k). ValueError unless one of the two is given, NotImplementedError for a count
    that is no int. Needs SciPy for `log_prob`.

    >>> import rushlight as torch
    >>> d = torch.distributions.Multinomial(2, torch.tensor([1.0, 1.0]))
    >>> d.log_prob(torch.tensor([[2.0, 0.0], [1.0, 1.0]])).exp()
    tensor([0.2500, 0.5000])
    """

    def __init__(
        self,
        total_count: int = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        super().__init__(probs, logits, validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> constraints.Constraint:
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        draws = self._categorical.sample((self.total_count, *sample_shape)).movedim(0, -1)
        counts = draws.new_zeros(self._extended_shape(sample_shape))
        return counts.scatter_add(-1, draws, ones_like(draws)).to(self.probs.dtype)

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        logits, value = broadcast_tensors(self.logits, value)
        # What is impossible and does not come counts for nothing: 0 times the logarithm of 0.
        logits = where((value == 0) & (logits == -inf), 0.0, logits)
        ways = (value.sum(-1) + 1).lgamma() - (value + 1).lgamma().sum(-1)
        return ways + (logits * value).sum(-1)

    def entropy(self) -> Tensor:
        # n H(p) - log n! + Σ E[log x!] over the categories, whose counts x are binomial.
        n = self.probs.new_full((), self.total_count)
        count = Binomial(self.total_count, self.probs)
        x = count.enumerate_support(expand=False)[1:]
        log_factorials = (count.log_prob(x).exp() * (x + 1).lgamma()).sum((0, -1))
        return n * self._categorical.entropy() - (n + 1).lgamma() + log_factorials


_refuse_other_names(globals())
