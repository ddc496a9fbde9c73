"""The logistic-normal distribution."""

from __future__ import annotations

from typing import Any

from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .normal import Normal
from .transformed_distribution import TransformedDistribution
from .transforms import StickBreakingTransform
from .utils import attribute


class LogisticNormal(TransformedDistribution):
    """Vectors of k + 1 positive numbers whose sum is 1, made of k normal ones by `StickBreakingTransform`.

    These are of mean ``loc`` and deviation ``scale``, tensors (..., k) or numbers. ValueError for a scale that is not
    positive.

    >>> import rushlight as torch
    >>> torch.distributions.LogisticNormal(torch.zeros(2), torch.ones(2)).sample().shape
    torch.Size([3])
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.simplex
    has_rsample = True
    loc = attribute("base_dist.base_dist.loc")
    scale = attribute("base_dist.base_dist.scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None):
        base = Normal(loc, scale, validate_args=validate_args)
        if not base.batch_shape:
            base = base.expand((1,))
        super().__init__(base, StickBreakingTransform(), validate_args=validate_args)


_refuse_other_names(globals())
