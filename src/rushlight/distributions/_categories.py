"""Distributions of vectors with an element for each category."""

from __future__ import annotations

from .._core.tensor import Tensor
from . import constraints
from .categorical import Categorical
from .distribution import Distribution
from .utils import attribute


class OfCategories(Distribution):
    """Distributions of vectors, over the probabilities of a `Categorical`."""

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    probs, logits, _param, param_shape = (
        attribute(f"_categorical.{name}") for name in ("probs", "logits", "_param", "param_shape")
    )

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None, validate_args: bool | None = None):
        self._categorical = Categorical(probs, logits)
        shape = self.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)
