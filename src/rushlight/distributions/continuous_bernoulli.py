"""The continuous Bernoulli distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import no_grad, rand, where
from .._core.tensor import Size, Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..nn import functional as F
from . import constraints
from ._probability import OfProbability, either
from .distribution import of_samples
from .exp_family import ExponentialFamily
from .utils import broadcast_all, clamp_probs, lazy_property, logits_to_probs


class ContinuousBernoulli(OfProbability, ExponentialFamily):
    """Numbers in [0, 1] with a density in proportion to ``probs``**x (1 - ``probs``)**(1 - x) (Loaiza-Ganem and Cunningham, 2019).

    A tensor or number, as are the log-odds ``logits`` that may be given instead. ValueError unless one of the two is
    given, and for probabilities outside of [0, 1]. Between ``lims``, around 1/2, the formulas divide 0 by 0, and
    Taylor's series take their place.

    >>> import rushlight as torch
    >>> torch.distributions.ContinuousBernoulli(torch.tensor([0.5, 0.9])).mean
    tensor([0.5000, 0.6699])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        probs: Any = None,
        logits: Any = None,
        lims: tuple[float, float] = (0.499, 0.501),
        validate_args: bool | None = None,
    ):
        given = either(probs, logits)
        if probs is not None:
            (probs,) = broadcast_all(probs)
            # Before they are clamped, after which all are valid.
            if validate_args is not None and not self.arg_constraints["probs"].check(probs).all():
                raise ValueError("The parameter probs has invalid values")
            given = {"probs": clamp_probs(probs)}
        self._lims = lims
        self._take(validate_args, **given)

    @lazy_property
    def probs(self) -> Tensor:
        """The parameter; it is no probability of anything, nor the mean."""
        return clamp_probs(logits_to_probs(self.logits, is_binary=True))

    def _by_formula(self) -> Tensor:
        return (self.probs <= self._lims[0]) | (self.probs > self._lims[1])

    def _away(self) -> Tensor:
        """``probs``, and where the series hold a number that does no harm to the formulas."""
        return where(self._by_formula(), self.probs, self._lims[0])

    @staticmethod
    def _log_odds_against(probs: Tensor) -> Tensor:
        return (-probs).log1p() - probs.log()

    def _cont_bern_log_norm(self) -> Tensor:
        """The logarithm of what normalises the density: 2 artanh(1 - 2 λ) / (1 - 2 λ)."""
        probs = self._away()
        # |1 - 2 λ| by way of the smaller half: exact as log1p(-2 λ), or log(2 λ - 1).
        low = probs <= 0.5
        log_width = where(low, (-2 * where(low, probs, 0.0)).log1p(), (2 * where(low, 1.0, probs) - 1).log())
        formula = self._log_odds_against(probs).abs().log() - log_width
        x = (self.probs - 0.5) ** 2
        return where(self._by_formula(), formula, math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x)

    @property
    def mean(self) -> Tensor:
        probs = self._away()
        formula = probs / (2 * probs - 1) + 1 / self._log_odds_against(probs)
        x = self.probs - 0.5
        return where(self._by_formula(), formula, 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x**2) * x)

    @property
    def variance(self) -> Tensor:
        probs = self._away()
        formula = probs * (probs - 1) / (1 - 2 * probs) ** 2 + 1 / self._log_odds_against(probs) ** 2
        x = (self.probs - 0.5) ** 2
        return where(self._by_formula(), formula, 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x)

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.probs.dtype))

    @of_samples
    def log_prob(self, value: Tensor) -> Tensor:
        logits, value = broadcast_all(self.logits, value)
        likelihood = -F.binary_cross_entropy_with_logits(logits, value, reduction="none")
        return likelihood + self._cont_bern_log_norm()

    @of_samples
    def cdf(self, value: Tensor) -> Tensor:
        probs = self._away()
        formula = (probs**value * (1 - probs) ** (1 - value) + probs - 1) / (2 * probs - 1)
        inside = where(self._by_formula(), formula, value)
        return where(value <= 0, 0.0, where(value >= 1, 1.0, inside))

    def icdf(self, value: Tensor) -> Tensor:
        probs = self._away()
        against = (-probs).log1p()
        formula = ((-probs + value * (2 * probs - 1)).log1p() - against) / (probs.log() - against)
        return where(self._by_formula(), formula, value)

    def entropy(self) -> Tensor:
        return self.mean * self._log_odds_against(self.probs) - self._cont_bern_log_norm() - (-self.probs).log1p()

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (self.logits,)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        outside = (x <= self._lims[0] - 0.5) | (x > self._lims[1] - 0.5)
        away = where(outside, x, self._lims[0] - 0.5)
        series = 0.5 * x + x**2 / 24.0 - x**4 / 2880.0
        return where(outside, away.expm1().abs().log() - away.abs().log(), series)


_refuse_other_names(globals())
