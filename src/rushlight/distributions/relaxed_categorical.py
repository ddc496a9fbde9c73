"""The categorical distribution, relaxed to vectors of positive numbers whose sum is 1."""

from __future__ import annotations

from collections.abc import Sequence

from .. import full_like, rand
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from ._categories import OfCategories
from .distribution import of_samples
from .transformed_distribution import TransformedDistribution
from .transforms import ExpTransform
from .utils import attribute, broadcast_all, clamp_probs


class ExpRelaxedCategorical(OfCategories):
    """The logarithms of `RelaxedOneHotCategorical`, with its parameters (Maddison, Mnih and Teh, 2017). Needs SciPy.

    >>> import rushlight as torch
    >>> from rushlight.distributions.relaxed_categorical import ExpRelaxedCategorical
    >>> ExpRelaxedCategorical(torch.tensor(1.0), torch.ones(2)).log_prob(torch.tensor([0.5, 0.5]).log()).exp()
    tensor(0.2500)
    """

    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        temperature: Tensor,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        self.temperature = temperature
        super().__init__(probs, logits, validate_args)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        u = clamp_probs(rand(self._extended_shape(sample_shape), dtype=self.logits.dtype))
        gumbels = -(-u.log()).log()
        return ((self.logits + gumbels) / self.temperature).log_softmax(-1)

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        k = self._categorical._num_events
        logits, value = broadcast_all(self.logits, value)
        scale = full_like(self.temperature, float(k)).lgamma() + (k - 1) * self.temperature.log()
        return (logits - value * self.temperature).log_softmax(-1).sum(-1) + scale


class RelaxedOneHotCategorical(TransformedDistribution):
    """Vectors near those of `OneHotCategorical`, the nearer the lower the ``temperature`` is; their sum is 1.

    They are differentiable by ``probs`` (or ``logits``), of shape (..., k), where the others are not; ``temperature`` is
    a tensor (Jang, Gu and Poole, 2017). ValueError unless one of the two is given. Needs SciPy for `log_prob`.

    >>> import rushlight as torch
    >>> d = torch.distributions.RelaxedOneHotCategorical(torch.tensor(1.0), torch.ones(2))
    >>> d.log_prob(torch.tensor([0.5, 0.5])).exp()
    tensor(1.)
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support = constraints.simplex
    has_rsample = True
    temperature, logits, probs = (attribute(f"base_dist.{name}") for name in ("temperature", "logits", "probs"))

    def __init__(
        self,
        temperature: Tensor,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ):
        base = ExpRelaxedCategorical(temperature, probs, logits, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)


_refuse_other_names(globals())
