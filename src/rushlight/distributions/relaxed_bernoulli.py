"""The Bernoulli distribution, relaxed to numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import rand
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._probability import OfProbability, either
from .distribution import of_samples
from .transformed_distribution import TransformedDistribution
from .transforms import SigmoidTransform
from .utils import attribute, broadcast_all, clamp_probs


class LogitRelaxedBernoulli(OfProbability):
    """The logits of `RelaxedBernoulli`: a logistic distribution (Maddison, Mnih and Teh, 2017), with its parameters.

    >>> import rushlight as torch
    >>> from rushlight.distributions.relaxed_bernoulli import LogitRelaxedBernoulli
    >>> LogitRelaxedBernoulli(torch.tensor(0.5), 0.5).log_prob(torch.tensor(0.0)).exp()
    tensor(0.1250)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.real

    def __init__(self, temperature: Tensor, probs: Any = None, logits: Any = None, validate_args: bool | None = None):
        self.temperature = temperature
        self._take(validate_args, **either(probs, logits))

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        probs = clamp_probs(self.probs.expand(shape))
        u = clamp_probs(rand(shape, dtype=probs.dtype))
        return (u.log() - (-u).log1p() + probs.log() - (-probs).log1p()) / self.temperature

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        logits, value = broadcast_all(self.logits, value)
        y = logits - value * self.temperature
        return self.temperature.log() + y - 2 * y.exp().log1p()


class RelaxedBernoulli(TransformedDistribution):
    """Numbers in (0, 1) that are near 0 or 1, with probability ``probs``, the lower the ``temperature`` is.

    They are differentiable by ``probs`` (or the log-odds ``logits``), where those of `Bernoulli` are not; ``temperature``
    is a tensor (Jang, Gu and Poole, 2017). ValueError unless one of the two is given.

    >>> import rushlight as torch
    >>> d = torch.distributions.RelaxedBernoulli(torch.tensor(1.0), torch.tensor([0.25]))
    >>> d.log_prob(torch.tensor([0.25])).exp()
    tensor([1.3333])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    temperature, logits, probs = (attribute(f"base_dist.{name}") for name in ("temperature", "logits", "probs"))

    def __init__(self, temperature: Tensor, probs: Any = None, logits: Any = None, validate_args: bool | None = None):
        base = LogitRelaxedBernoulli(temperature, probs, logits)
        super().__init__(base, SigmoidTransform(), validate_args=validate_args)


_refuse_other_names(globals())
