"""The Bernoulli distribution: one trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import arange, bernoulli, nan, no_grad, where
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn import functional as F
from . import constraints
from ._probability import OfProbability, either
from .distribution import of_samples
from .exp_family import ExponentialFamily
from .utils import attribute, broadcast_all


class Bernoulli(OfProbability, ExponentialFamily):
    """1 with the probability ``probs``, or of the log-odds ``logits``, else 0. Tensors or numbers.

    ValueError unless one of the two is given, and for probabilities outside of [0, 1].

    >>> import rushlight as torch
    >>> d = torch.distributions.Bernoulli(torch.tensor([0.25, 0.5]))
    >>> d.log_prob(torch.tensor([1.0, 0.0]))
    tensor([-1.3863, -0.6931])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True
    _mean_carrier_measure = 0
    mean = attribute("probs")

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None):
        self._take(validate_args, **either(probs, logits))

    @property
    def mode(self) -> Tensor:
        return where(self.probs == 0.5, nan, (self.probs >= 0.5).to(self.probs.dtype))

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            return bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        logits, value = broadcast_all(self.logits, value)
        return -F.binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Tensor:
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._enumerated(arange(2, dtype=self._param.dtype), expand)

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (self.probs.logit(),)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return x.exp().log1p()


_refuse_other_names(globals())
