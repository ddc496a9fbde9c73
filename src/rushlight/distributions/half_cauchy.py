"""The half-Cauchy distribution."""

from __future__ import annotations

from typing import Any

from .. import inf
from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ._half import Half
from .cauchy import Cauchy
from .utils import attribute


class HalfCauchy(Half):
    """The absolute values of Cauchy numbers of width ``scale`` about 0: a tensor or number, ValueError unless positive.

    >>> import rushlight as torch
    >>> torch.distributions.HalfCauchy(1.0).cdf(torch.tensor(1.0))
    tensor(0.5000)
    """

    variance = attribute("base_dist.variance")

    def __init__(self, scale: Any, validate_args: bool | None = None):
        super().__init__(Cauchy(0, scale, validate_args=False), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale.new_full(self._batch_shape, inf)


_refuse_other_names(globals())
