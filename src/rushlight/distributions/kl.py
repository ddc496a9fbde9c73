"""The Kullback-Leibler divergence of distributions, by rules for pairs of their classes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from .distribution import Distribution

Rule = Callable[[Any, Any], Tensor]
R = TypeVar("R", bound=Rule)

_RULES: dict[tuple[type, type], Rule] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[R], R]:
    """Decorate a function of ``p`` and ``q`` as what `kl_divergence` calls for these classes and their subclasses.

    TypeError for what is no class.

    >>> import rushlight as torch
    >>> from rushlight.distributions import Normal, kl_divergence, register_kl
    >>> class Standard(Normal):
    ...     pass
    >>> @register_kl(Normal, Standard)
    ... def to_standard(p, q):
    ...     return (p.variance + p.mean**2 - 1) / 2 - p.scale.log()
    >>> kl_divergence(Normal(1.0, 1.0), Standard(0.0, 1.0))
    tensor(0.5000)
    """
    for name, given in (("type_p", type_p), ("type_q", type_q)):
        if not isinstance(given, type):
            raise TypeError(f"Expected {name} to be a Distribution subclass but got {given}")

    def decorate(rule: R) -> R:
        _RULES[type_p, type_q] = rule
        _rule_for.cache_clear()  # a more specific one may have been found before
        return rule

    return decorate


@cache
def _rule_for(type_p: type, type_q: type) -> Rule | None:
    """The most specific rule for these classes: nearest to the first of them, and as near to the second as can be."""
    near_p, near_q = type_p.__mro__.index, type_q.__mro__.index
    found = [(p, q) for p, q in _RULES if issubclass(type_p, p) and issubclass(type_q, q)]
    if not found:
        return None
    by_p = min(found, key=lambda pair: (near_p(pair[0]), near_q(pair[1])))
    by_q = min(found, key=lambda pair: (near_q(pair[1]), near_p(pair[0])))
    if _RULES[by_p] is not _RULES[by_q]:
        warnings.warn(
            f"Ambiguous kl_divergence({type_p.__name__}, {type_q.__name__}). "
            f"Please register_kl({by_p[0].__name__}, {by_q[1].__name__})",
            RuntimeWarning,
            stacklevel=3,
        )
    return _RULES[by_p]


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The divergence of ``q`` from ``p``: the mean of log p(x) - log q(x) for x drawn from ``p``; of the batch's shape.

    NotImplementedError for classes between which it is not known (`register_kl`).

    >>> import rushlight as torch
    >>> from rushlight.distributions import Normal, kl_divergence
    >>> kl_divergence(Normal(0.0, 1.0), Normal(torch.tensor([0.0, 1.0]), 1.0))
    tensor([0.0000, 0.5000])
    """
    types: Any = type(p), type(q)
    rule = _rule_for(*types)
    if rule is None:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
        )
    return rule(p, q)


_refuse_other_names(globals())
