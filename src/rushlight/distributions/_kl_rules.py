"""Divergences between distributions of one family."""

from __future__ import annotations

from typing import Any

from .. import inf, where
from .._core.tensor import Tensor
from ..nn.functional import softplus
from .bernoulli import Bernoulli
from .categorical import Categorical
from .exp_family import ExponentialFamily
from .independent import Independent
from .kl import kl_divergence, register_kl
from .normal import Normal
from .uniform import Uniform
from .utils import sum_rightmost


def infinite_where(condition: Tensor, value: Tensor) -> Tensor:
    """``value``, but inf where ``condition`` says that ``p`` has samples which ``q`` has not."""
    return where(condition, inf, value)


@register_kl(ExponentialFamily, ExponentialFamily)
def _one_exponential_family(p: ExponentialFamily, q: ExponentialFamily) -> Tensor:
    if type(p) is not type(q):
        raise NotImplementedError(
            "The cross KL-divergence between different exponential families cannot be computed using Bregman divergences"
        )
    return p.bregman_divergence(q)


@register_kl(Independent, Independent)
def _independent(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(Normal, Normal)
def _normal(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale) ** 2
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale) ** 2 - 1 - ratio.log())


@register_kl(Uniform, Uniform)
def _uniform(p: Uniform, q: Uniform) -> Tensor:
    return infinite_where((q.low > p.low) | (q.high < p.high), ((q.high - q.low) / (p.high - p.low)).log())


def _times_log_ratio(p: Tensor, q: Tensor, log_ratio: Tensor) -> Tensor:
    """p log(p / q), whose limits ``log_ratio``, of probabilities that are kept away from 0, does not know."""
    return where(p == 0, 0.0, infinite_where(q == 0, p * log_ratio))


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Any, q: Any) -> Tensor:
    success = _times_log_ratio(p.probs, q.probs, softplus(-q.logits) - softplus(-p.logits))
    return success + _times_log_ratio(1 - p.probs, 1 - q.probs, softplus(q.logits) - softplus(p.logits))


@register_kl(Categorical, Categorical)
def _categorical(p: Any, q: Any) -> Tensor:
    return _times_log_ratio(p.probs, q.probs, p.logits - q.logits).sum(-1)
