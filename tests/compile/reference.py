"""The vector functions to 120 bits (mpmath), at which arguments they are tried, and how errors are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

PRECISION = 120
DTYPES = {"f32": np.float32, "f64": np.float64}
_FAR = 2e4  # beyond that an exponential has overflown or vanished, in double precision too


class Function(NamedTuple):
    """A function: its exact value, its values at 0 and ±∞, a useful range (f32, f64), and its bound of error in ulp."""

    exact: Callable[..., Any]
    edges: Callable[..., Any]
    ranges: tuple[tuple[float, float], tuple[float, float]]
    bound: float
    arguments: int = 1


def _limited(x: Any) -> Any:
    return max(mp.mpf(-_FAR), min(mp.mpf(_FAR), x))


def _of(at_minus_infinity: float, at_minus_zero: float, at_zero: float, at_infinity: float) -> Callable[..., Any]:
    return lambda x: (at_zero if not np.signbit(x) else at_minus_zero) if x == 0 else (
        at_infinity if x > 0 else at_minus_infinity
    )  # fmt: skip


def _erfinv(x: Any) -> Any:
    a = abs(x)
    if a >= 1:
        return mp.inf * mp.sign(x) if a == 1 else mp.nan
    if a < 0.9:
        return mp.erfinv(x)
    # mp.erfinv loses its way near 1, where the complement still knows all digits.
    guess = mp.sqrt(-mp.log(1 - a))
    return mp.sign(x) * mp.findroot(lambda y: mp.log(mp.erfc(y)) - mp.log1p(-a), guess)


def _power(x: Any, y: Any) -> Any:
    size = y * mp.log(abs(x), 2)
    if abs(size) > _FAR:
        if x < 0 and not mp.isint(y):
            return mp.nan
        sign = -1 if x < 0 and mp.isint(y) and int(y) % 2 else 1
        return sign * mp.ldexp(1, int(_FAR) if size > 0 else -int(_FAR))
    return mp.power(x, y)


def _power_at_edges(x: float, y: float) -> float:
    # Two elements each: for one exponent NumPy takes the root or the square, whose edges are others.
    return np.power([x, x], [y, y])[0]


def _same(low: float, high: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return (low, high), (low, high)


INF = float("inf")
NAN = float("nan")
FUNCTIONS = {
    "exp": Function(lambda x: mp.exp(_limited(x)), np.exp, ((-105, 90), (-750, 711)), 1.3),
    "exp2": Function(lambda x: mp.power(2, _limited(x)), np.exp2, ((-151, 129), (-1080, 1025)), 1.3),
    "expm1": Function(lambda x: mp.expm1(_limited(x)), np.expm1, ((-20, 90), (-40, 711)), 2.5),
    "log": Function(mp.log, np.log, _same(0, 10), 1.3),
    "log2": Function(lambda x: mp.log(x, 2), np.log2, _same(0, 4), 2.3),
    "log10": Function(mp.log10, np.log10, _same(0, 4), 2.5),
    "log1p": Function(mp.log1p, np.log1p, _same(-1, 3), 2.0),
    "sin": Function(mp.sin, np.sin, _same(-100, 100), 2.6),
    "cos": Function(mp.cos, np.cos, _same(-100, 100), 2.8),
    "tan": Function(mp.tan, np.tan, _same(-100, 100), 4.0),
    "sinh": Function(lambda x: mp.sinh(_limited(x)), np.sinh, ((-91, 91), (-712, 712)), 3.0),
    "cosh": Function(lambda x: mp.cosh(_limited(x)), np.cosh, ((-91, 91), (-712, 712)), 2.0),
    "tanh": Function(lambda x: mp.tanh(_limited(x)), np.tanh, _same(-12, 12), 3.0),
    "asin": Function(mp.asin, np.arcsin, _same(-1, 1), 2.5),
    "acos": Function(mp.acos, np.arccos, _same(-1, 1), 2.0),
    "atan": Function(mp.atan, np.arctan, _same(-5, 5), 2.6),
    "asinh": Function(mp.asinh, np.arcsinh, _same(-10, 10), 2.3),
    "acosh": Function(mp.acosh, np.arccosh, _same(1, 10), 2.6),
    "atanh": Function(mp.atanh, np.arctanh, _same(-1, 1), 2.6),
    "sigmoid": Function(lambda x: 1 / (1 + mp.exp(-_limited(x))), _of(0, 0.5, 0.5, 1), ((-105, 20), (-750, 40)), 2.7),
    "log1p_exp": Function(
        lambda x: mp.log1p(mp.exp(_limited(x))) if x < 100 else x + mp.exp(-_limited(x)),
        _of(0, float(mp.ln2), float(mp.ln2), INF),
        ((-105, 30), (-750, 60)),
        2.2,
    ),
    "rsqrt": Function(lambda x: 1 / mp.sqrt(x), _of(NAN, -INF, INF, 0), _same(0, 10), 1.6),
    "erf": Function(lambda x: mp.erf(x) if abs(x) < 30 else mp.sign(x), _of(-1, -0.0, 0.0, 1), _same(-6.5, 6.5), 1.5),
    "erfc": Function(
        lambda x: mp.erfc(x) if abs(x) < 40 else mp.mpf(1 - mp.sign(x)),
        _of(2, 1, 1, 0),
        ((-3, 10.5), (-3, 28)),
        4.0,
    ),
    "erfinv": Function(_erfinv, _of(NAN, -0.0, 0.0, NAN), _same(-1, 1), 3.5),
    "pow": Function(_power, _power_at_edges, ((0, 8), (0, 8)), 1.6, 2),
    "atan2": Function(lambda y, x: mp.atan2(y, x), np.arctan2, _same(-5, 5), 2.6, 2),
}

_SPECIAL = [0.0, 0.5, 1.0, 2.0, 3.0, 7.5, 4097.0, 1e10, INF]


def random_bits(count: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Numbers whose bits are random: all exponents alike, infinities, nan and denormals among them."""
    unsigned = np.uint32 if dtype == np.float32 else np.uint64
    return rng.integers(0, np.iinfo(unsigned).max, count, dtype=unsigned, endpoint=True).view(dtype)


def arguments(name: str, type: str, count: int, seed: int = 0) -> list[np.ndarray]:
    """Where a function is tried: its range, near 0 and 1, random bits, denormals, multiples of π/2, special values."""
    function, dtype, rng = FUNCTIONS[name], DTYPES[type], np.random.default_rng(seed)
    low, high = function.ranges[type == "f64"]
    digits = np.finfo(dtype).precision + 2
    finfo = np.finfo(dtype)
    specials = [*_SPECIAL, np.nextafter(dtype(1), dtype(0)), finfo.max, finfo.tiny, finfo.smallest_subnormal]
    special = np.array([s * sign for s in specials for sign in (1, -1)] + [NAN], dtype)

    def column() -> np.ndarray:
        magnitude = 10.0 ** rng.uniform(-digits, 0, count)
        sign = rng.choice([-1.0, 1.0], count)
        quarters = np.round(rng.uniform(-1, 1, count) * 2.0 ** rng.uniform(0, 20, count)) * (np.pi / 2)
        parts = [rng.uniform(low, high, count), sign * magnitude, 1 + sign * magnitude, quarters]
        return np.concatenate(
            [*(p.astype(dtype) for p in parts), random_bits(count, dtype, rng), rng.uniform(-1, 1, 20) * finfo.tiny]
        ).astype(dtype)

    with np.errstate(all="ignore"):
        columns = [column() for _ in range(function.arguments)]
        if name == "pow":  # exponents that take the power to the ends of the range
            reach = 80 if type == "f32" else 700
            near_one = slice(2 * count, 3 * count)
            columns[1][:count] = rng.uniform(-reach, reach, count) / 2
            columns[1][near_one] = rng.uniform(-reach, reach, count) / (abs(columns[0][near_one] - 1) + finfo.eps)
    if function.arguments == 1:
        return [np.concatenate([columns[0], special])]
    grid = np.meshgrid(special, special)
    return [np.concatenate([c, g.ravel()]) for c, g in zip(columns, grid)]


def exact_value(name: str, *x: float) -> Any:
    """The exact value: a number of mpmath, or a float where it is 0, infinite or nan by definition."""
    function = FUNCTIONS[name]
    if any(np.isnan(v) or np.isinf(v) or v == 0 for v in x):
        if function.arguments == 1 and np.isnan(x[0]):
            return NAN
        with np.errstate(all="ignore"):
            value = float(function.edges(*(np.float64(v) for v in x)))
        if value == 0 or not np.isfinite(value):
            return value
        if name in ("atan", "atan2"):
            with mp.workprec(PRECISION):
                return mp.pi * round(value / (np.pi / 4)) / 4
        if not all(np.isfinite(v) for v in x):
            return mp.mpf(value)  # 1 and the like
    with mp.workprec(PRECISION):
        value = function.exact(*(mp.mpf(v) for v in x))
        return NAN if isinstance(value, mp.mpc) else value


def error(got: float, exact: Any, type: str) -> float:
    """The error in units of the last place of the exact value; infinite where nan, an infinity or a sign is wrong."""
    dtype = DTYPES[type]
    bits, lowest = np.finfo(dtype).nmant, np.finfo(dtype).minexp
    highest = np.finfo(dtype).maxexp
    if mp.isnan(exact) or np.isnan(got):
        return 0.0 if mp.isnan(exact) and np.isnan(got) else INF
    if got == 0 and np.signbit(got) != (np.signbit(exact) if isinstance(exact, float) else exact < 0):
        return INF
    if mp.isinf(exact):
        return 0.0 if got == exact else INF
    with mp.workprec(PRECISION):
        # An infinity stands for the first number that is too large.
        number = mp.mpf(got) if np.isfinite(got) else mp.sign(got) * mp.ldexp(1, highest)
        if not np.isfinite(got) and abs(exact) >= abs(number):
            return 0.0
        exact = mp.mpf(exact)
        exponent = min(max(mp.mag(exact) - 1 if exact else lowest, lowest), highest - 1)
        return float(abs(number - exact) / mp.ldexp(1, exponent - bits))
