"""The categorical distribution: one of several."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .. import arange, broadcast_tensors, finfo, multinomial, nan
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._probability import OfProbability, either
from .distribution import Distribution, of_samples


class Categorical(OfProbability):
    """The numbers 0 to k - 1, with probabilities in proportion to ``probs``, or to the exponentials of ``logits``.

    Either is a tensor of shape (..., k), whose last dimension is normalised. ValueError unless one of the two is given.

    >>> import rushlight as torch
    >>> d = torch.distributions.Categorical(torch.tensor([1.0, 1.0, 2.0]))
    >>> d.probs, d.log_prob(torch.tensor(2))
    (tensor([0.2500, 0.2500, 0.5000]), tensor(-0.6931))
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True
    _is_binary = False

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None, validate_args: bool | None = None):
        ((name, given),) = either(probs, logits).items()
        if given.dim() < 1:
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if name == "probs":
            self.probs = given / given.sum(-1, keepdim=True)
        else:
            self.logits = given - given.logsumexp(-1, keepdim=True)
        Distribution.__init__(self, given.shape[:-1], validate_args=validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def _num_events(self) -> int:
        return self.param_shape[-1]

    @property
    def mean(self) -> Tensor:  # names of categories have none
        return self.probs.new_full(self._batch_shape, nan)

    @property
    def variance(self) -> Tensor:
        return self.mean

    @property
    def mode(self) -> Tensor:
        return self.probs.argmax(-1)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        rows = self.probs.reshape(-1, self._num_events)
        return multinomial(rows, math.prod(sample_shape), True).T.reshape(self._extended_shape(sample_shape))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        index, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, index[..., :1]).squeeze(-1)

    def entropy(self) -> Tensor:
        # Where a probability is 0 its logarithm may be -inf, and their product is 0.
        logits = self.logits.clamp(min=finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._enumerated(arange(self._num_events), expand)


_refuse_other_names(globals())
