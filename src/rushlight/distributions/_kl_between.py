"""Divergences between different families: KL(p || q) = -H(p) - E[log q(x)] for x drawn from p.

That mean follows from one or two others, which stand here once for all pairs of families.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from .. import erf, inf, where, xlogy
from .._core.tensor import Tensor
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .continuous_bernoulli import ContinuousBernoulli
from .exponential import Exponential
from .gamma import Gamma
from .gumbel import Gumbel
from .kl import register_kl
from .laplace import Laplace
from .normal import Normal
from .pareto import Pareto
from .poisson import Poisson
from .uniform import Uniform
from .utils import HALF_LOG_TAU, euler_constant


def _bounds(support: Any) -> tuple[Any, Any]:
    return getattr(support, "lower_bound", -inf), getattr(support, "upper_bound", inf)


def _reaches_beyond(p: Any, q: Any) -> Any:
    """Whether ``p`` has samples where ``q`` has none: a bool, or for each element where bounds are parameters."""
    if p.support.is_discrete:
        return False
    (low, high), (q_low, q_high) = _bounds(p.support), _bounds(q.support)
    return (low < q_low) | (high > q_high)


def _mean_log_density(type_q: type, *types_p: type) -> Callable[[Callable[[Any, Any], Tensor]], None]:
    """Decorate a function of ``p`` and ``q`` as E[log q(x)]: the divergence for all of ``types_p``."""

    def decorate(mean: Callable[[Any, Any], Tensor]) -> None:
        def rule(p: Any, q: Any) -> Tensor:
            value, beyond = -p.entropy() - mean(p, q), _reaches_beyond(p, q)
            return where(beyond, inf, value) if isinstance(beyond, Tensor) else value

        for type_p in types_p:
            register_kl(type_p, type_q)(rule)

    return decorate


def _of_class(table: dict[type, Callable[..., Tensor]], p: Any) -> Callable[..., Tensor]:
    return next(table[cls] for cls in type(p).__mro__ if cls in table)


def _mean_log_between(low: Tensor, high: Tensor) -> Tensor:
    """The mean of log x for x between two numbers, where its integral is x log x - x."""
    return (xlogy(high, high) - xlogy(low, low)) / (high - low) - 1


_MEAN_LOG: dict[type, Callable[[Any], Tensor]] = {
    Beta: lambda p: p.concentration1.digamma() - (p.concentration1 + p.concentration0).digamma(),
    Exponential: lambda p: -euler_constant - p.rate.log(),
    Pareto: lambda p: p.scale.log() + p.alpha.reciprocal(),
    Uniform: lambda p: _mean_log_between(p.low, p.high),
}
"""E[log x]."""

_LOG_MEAN_EXP: dict[type, Callable[[Any, Tensor], Tensor]] = {
    Exponential: lambda p, t: -(-t / p.rate).log1p(),
    Gamma: lambda p, t: -p.concentration * (-t / p.rate).log1p(),
    Normal: lambda p, t: t * p.loc + (t * p.scale) ** 2 / 2,
    Uniform: lambda p, t: t * p.low + (-(t * p._width).expm1()).log() - (-t * p._width).log(),
}
"""log E[exp(t x)], for negative t."""


def _mean_log(p: Any) -> Tensor:
    return _of_class(_MEAN_LOG, p)(p)


@_mean_log_density(Normal, Beta, ContinuousBernoulli, Exponential, Gamma, Gumbel, Laplace, Pareto, Uniform)
def _normal(p: Any, q: Normal) -> Tensor:
    return -(p.variance + (p.mean - q.loc) ** 2) / (2 * q.scale**2) - q.scale.log() - HALF_LOG_TAU


@_mean_log_density(Exponential, Beta, ContinuousBernoulli, Gamma, Pareto, Uniform)
def _exponential(p: Any, q: Exponential) -> Tensor:
    return q.rate.log() - q.rate * p.mean


@_mean_log_density(Gamma, Beta, Exponential, Pareto, Uniform)
def _gamma(p: Any, q: Gamma) -> Tensor:
    log_norm = q.concentration.lgamma() - q.concentration * q.rate.log()
    return (q.concentration - 1) * _mean_log(p) - q.rate * p.mean - log_norm


@_mean_log_density(Beta, Uniform)
def _beta(p: Uniform, q: Beta) -> Tensor:
    a, b = q.concentration1, q.concentration0
    of_ends = (a - 1) * _mean_log_between(p.low, p.high) + (b - 1) * _mean_log_between(1 - p.high, 1 - p.low)
    return of_ends - (a.lgamma() + b.lgamma() - (a + b).lgamma())


@_mean_log_density(Pareto, Uniform)
def _pareto(p: Any, q: Pareto) -> Tensor:
    return q.alpha.log() + q.alpha * q.scale.log() - (q.alpha + 1) * _mean_log(p)


@_mean_log_density(Uniform, Beta, ContinuousBernoulli)
def _uniform(p: Any, q: Uniform) -> Tensor:
    return -q.entropy()


@_mean_log_density(ContinuousBernoulli, Beta, Uniform)
def _continuous_bernoulli(p: Any, q: Any) -> Tensor:
    return p.mean * q.logits + (-q.probs).log1p() + q._cont_bern_log_norm()


@_mean_log_density(Gumbel, Exponential, Gamma, Normal, Uniform)
def _gumbel(p: Any, q: Gumbel) -> Tensor:
    mean_exp = (_of_class(_LOG_MEAN_EXP, p)(p, -q.scale.reciprocal()) + q.loc / q.scale).exp()
    return -(p.mean - q.loc) / q.scale - mean_exp - q.scale.log()


@_mean_log_density(Laplace, Normal)
def _laplace(p: Normal, q: Laplace) -> Tensor:
    # The mean of |x - m| is that of the folded normal distribution.
    apart = p.loc - q.loc
    spread = apart / p.scale
    distance = math.sqrt(2 / math.pi) * p.scale * (-0.5 * spread**2).exp() + apart * erf(math.sqrt(0.5) * spread)
    return -distance / q.scale - (2 * q.scale).log()


@_mean_log_density(Poisson, Bernoulli)
def _poisson(p: Any, q: Poisson) -> Tensor:
    return p.mean * q.rate.log() - q.rate  # log x! is 0 for 0 and 1


# Families, and those that have no density where some of the samples of any of them lie.
_BEYOND: list[tuple[list[type], list[type]]] = [
    ([Gumbel, Laplace, Normal], [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform]),
    ([Exponential, Gamma], [Beta, ContinuousBernoulli, Pareto, Uniform]),
    ([Pareto], [Beta, ContinuousBernoulli, Uniform]),
    ([Beta, ContinuousBernoulli], [Pareto]),
    ([Poisson], [Bernoulli, Binomial]),
]


def _infinite(p: Any, q: Any) -> Tensor:
    return p.mean.new_full(p.batch_shape, inf)


for _inside, _outside in _BEYOND:
    for _pair in itertools.product(_inside, _outside):
        register_kl(*_pair)(_infinite)
