"""Divergences between different families: KL(p || q) = -H(p) - E[log q(x)] for x drawn from p.

That mean follows from one or two others, which stand here once for all pairs of families.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from .. import inf, where
from .._core.tensor import Tensor
from .kl import register_kl
from .normal import Normal
from .uniform import Uniform
from .utils import HALF_LOG_TAU


def _bounds(support: Any) -> tuple[Any, Any]:
    return getattr(support, "lower_bound", -inf), getattr(support, "upper_bound", inf)


def _reaches_beyond(p: Any, q: Any) -> Any:
    """Whether ``p`` has samples where ``q`` has none: a bool, or for each element where bounds are parameters."""
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


@_mean_log_density(Normal, Uniform)
def _normal(p: Any, q: Normal) -> Tensor:
    return -(p.variance + (p.mean - q.loc) ** 2) / (2 * q.scale**2) - q.scale.log() - HALF_LOG_TAU


# Families, and those that have no density where some of the samples of any of them lie.
_BEYOND = [
    ([Normal], [Uniform]),
]


def _infinite(p: Any, q: Any) -> Tensor:
    return p.mean.new_full(p.batch_shape, inf)


for _inside, _outside in _BEYOND:
    for _pair in itertools.product(_inside, _outside):
        register_kl(*_pair)(_infinite)
