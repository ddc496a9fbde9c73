"""The chi-squared distribution."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .gamma import Gamma


class Chi2(Gamma):
    """The sum of the squares of ``df`` standard normal numbers; any positive tensor or number. ValueError for others.

    Needs SciPy, as `Gamma` does.

    >>> import rushlight as torch
    >>> torch.distributions.Chi2(torch.tensor([1.0, 3.0])).variance
    tensor([2., 6.])
    """

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None):
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self.concentration * 2


_refuse_other_names(globals())
