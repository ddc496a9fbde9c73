"""Variates that take as many uniforms as chance wants: Poisson, binomial and gamma, one number at a time.

`uniform()` gives the next float64 in [0, 1), `normal()` the next standard normal. The steps, and where a
float32 parameter rounds what is computed from it, are those of PyTorch's CPU samplers: another order of the
same arithmetic would now and then accept what PyTorch rejects, and shift the stream for good.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Source = Callable[[], float]


def poisson(rate: float, uniform: Source) -> int:
    """The number of events where `rate` are expected: Hörmann (1993), PTRS, from 10 on, else Knuth's product.

    >>> poisson(3.0, iter([0.9, 0.5, 0.1]).__next__)
    2
    """
    if rate < 10.0:
        return _count_uniforms(math.exp(-rate), uniform) if rate > 0.0 else 0
    log_rate = math.log(rate)
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    log_inverse_alpha = math.log(1.1239 + 1.1328 / (b - 3.4))
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = uniform() - 0.5
        v = uniform()
        from_edge = 0.5 - abs(u)
        k = math.floor((2.0 * a / from_edge + b) * u + rate + 0.43) if from_edge else -1
        if from_edge >= 0.07 and v <= squeeze:
            return k
        if k < 0 or (from_edge < 0.013 and v > from_edge):
            continue
        hat = _log(v) + log_inverse_alpha - math.log(a / (from_edge * from_edge) + b)
        if hat <= -rate + k * log_rate - math.lgamma(k + 1.0):
            return k


def _count_uniforms(bound: float, uniform: Source) -> int:
    """How many uniforms can be multiplied before the product falls to `bound`."""
    count, product = 0, uniform()
    while product > bound:
        count += 1
        product *= uniform()
    return count


def gamma(shape: float, uniform: Source, normal: Source, single: bool = False) -> float:
    """A gamma variate of unit rate by Marsaglia and Tsang (2000); `single`: `shape` is a float32.

    >>> round(gamma(2.0, iter([0.5]).__next__, iter([0.0]).__next__), 4)
    1.6667
    """
    rounded = _to_single if single else _unchanged
    scale = 1.0
    if shape < 1.0:  # boosted, for acceptance is poor there
        if shape == 0.0:
            return 0.0
        scale = math.pow(1.0 - uniform(), rounded(1.0 / shape))
        shape = rounded(shape + 1.0)
    d = rounded(shape - _SINGLE_THIRD)
    c = 1.0 / math.sqrt(9.0 * d) if d > 0.0 else math.nan  # a negative shape: NaN, not an endless search
    while True:
        x = normal()
        y = 1.0 + c * x
        if y <= 0.0:
            continue
        cube = y * y * y
        u = 1.0 - uniform()
        square = x * x
        if u < 1.0 - _SINGLE_SQUEEZE * square * square:
            return scale * d * cube
        if math.log(u) < 0.5 * square + d * (1.0 - cube + math.log(cube)):
            return scale * d * cube


def binomial(count: float, probability: float, uniform: Source, single: bool = False) -> float:
    """Successes among `count` trials; `single`: the parameters are float32. A NaN probability gives NaN.

    >>> binomial(3.0, 0.5, iter([0.4, 0.2, 0.9]).__next__)
    1.0
    """
    rounded = _to_single if single else _unchanged
    if count <= 0.0 or probability <= 0.0:
        return 0.0
    if probability >= 1.0:
        return count
    if math.isnan(probability):
        return math.nan
    if probability > 0.5:  # count the failures
        return rounded(count - _successes(count, rounded(1.0 - probability), uniform, rounded))
    return _successes(count, probability, uniform, rounded)


def _successes(count: float, probability: float, uniform: Source, rounded: Callable[[float], float]) -> float:
    if rounded(count * probability) >= 10.0:
        return _binomial_by_rejection(count, probability, uniform, rounded)
    # Add up the waiting times, which are geometric, until the trials are used up.
    log_failure = rounded(math.log1p(-probability))
    successes, trials = 0.0, 0.0
    while True:
        trials += math.ceil(waiting) if math.isfinite(waiting := _log(uniform()) / log_failure) else math.inf
        if trials > count:
            return successes
        successes += 1.0


def _binomial_by_rejection(
    count: float, probability: float, uniform: Source, rounded: Callable[[float], float]
) -> float:
    """Hörmann (1993), algorithm BTRS."""
    expected = rounded(count * probability)
    deviation = rounded(math.sqrt(rounded(expected * rounded(1.0 - probability))))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * probability
    center = expected + 0.5
    squeeze = 0.92 - 4.2 / b
    odds = rounded(probability / rounded(1.0 - probability))
    alpha = (2.83 + 5.1 / b) * deviation
    mode = math.floor(rounded(rounded(count + 1.0) * probability))
    while True:
        u = uniform() - 0.5
        v = uniform()
        from_edge = 0.5 - abs(u)
        if not from_edge:  # an infinite candidate
            continue
        k = rounded(math.floor((2.0 * a / from_edge + b) * u + center))
        if k < 0.0 or k > count:
            continue
        if from_edge >= 0.07 and v <= squeeze:
            return k
        bound = (
            (mode + 0.5) * math.log((mode + 1.0) / (odds * (count - mode + 1.0)))
            + (count + 1.0) * math.log((count - mode + 1.0) / (count - k + 1.0))
            + (k + 0.5) * math.log(odds * (count - k + 1.0) / (k + 1.0))
            + _stirling_tail(mode)
            + _stirling_tail(count - mode)
            - _stirling_tail(k)
            - _stirling_tail(count - k)
        )
        if _log(v * alpha / (a / (from_edge * from_edge) + b)) <= bound:
            return k


def _stirling_tail(k: float) -> float:
    """What Stirling's formula for log(k!) leaves out: exact for small k, else three terms of the series."""
    if k < len(_TAILS):
        return _TAILS[int(k)]
    square = (k + 1.0) * (k + 1.0)
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0)


def _exact_tail(k: int) -> float:
    return math.lgamma(k + 1.0) - (k + 0.5) * math.log(k + 1.0) + (k + 1.0) - 0.5 * math.log(2.0 * math.pi)


_TAILS = [_exact_tail(k) for k in range(10)]


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf  # as C has it, where Python raises


def _to_single(x: float) -> float:
    return float(np.float32(x)) if abs(x) < 2.0**127 else math.copysign(math.inf, x)


def _unchanged(x: float) -> float:
    return x


_SINGLE_THIRD, _SINGLE_SQUEEZE = _to_single(1.0 / 3.0), _to_single(0.0331)
