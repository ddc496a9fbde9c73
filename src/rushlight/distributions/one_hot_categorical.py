"""The categorical distribution, of vectors that are 1 in one place."""

from __future__ import annotations

from collections.abc import Sequence

from .. import eye
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn.functional import one_hot
from . import constraints
from ._categories import OfCategories
from .distribution import of_samples
from .utils import attribute


class OneHotCategorical(OfCategories):
    """Vectors of length k that are 1 in one place, with probabilities as `Categorical` has them, and else 0.

    ``probs`` or ``logits`` of shape (..., k). ValueError unless one of the two is given.

    >>> import rushlight as torch
    >>> d = torch.distributions.OneHotCategorical(torch.tensor([1.0, 3.0]))
    >>> d.log_prob(torch.tensor([0.0, 1.0])).exp()
    tensor(0.7500)
    """

    support = constraints.one_hot
    has_enumerate_support = True
    mean = attribute("probs")

    @property
    def mode(self) -> Tensor:
        return one_hot(self.probs.argmax(-1), self.event_shape[0]).to(self.probs.dtype)

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return one_hot(self._categorical.sample(sample_shape), self.event_shape[0]).to(self.probs.dtype)

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        return self._categorical.log_prob(value.max(-1)[1])

    def entropy(self) -> Tensor:
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._enumerated(eye(self.event_shape[0], dtype=self._param.dtype), expand)


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """`OneHotCategorical`, whose samples pass gradients on to the probabilities as if they were these.

    The straight-through estimator (Bengio, Léonard and Courville, 2013), which is biased.

    >>> import rushlight as torch
    >>> probs = torch.tensor([0.5, 0.5], requires_grad=True)
    >>> torch.distributions.OneHotCategoricalStraightThrough(probs).rsample().requires_grad
    True
    """

    has_rsample = True

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self.sample(sample_shape) + (self.probs - self.probs.detach())


_refuse_other_names(globals())
