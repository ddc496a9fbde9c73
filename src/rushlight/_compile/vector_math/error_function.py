"""The error function, its complement and its inverse."""

from __future__ import annotations

from .. import coefficients as table
from ..vectors import F32, Vec
from .base import INF, NAN, Double, format_of, odd, polynomial, two_product, two_sum
from .exponential import exp, exp_times, log_of_double


def erf(x: Vec) -> Vec:
    """The error function: x + x P(x²) up to 1, beyond 1 - exp(Q(|x|))."""
    e, f = x.emitter, format_of(x)
    # From there on the result is 1 to the last bit.
    a = e.clamp(e.abs(x), high=4.0 if f.element is F32 else 6.0)
    tail = 1.0 - exp(polynomial(a, f.table(table.ERF_TAIL)))
    return odd(e.select(a > 1.0, tail, _inner(a)), x)


def _inner(x: Vec) -> Vec:
    """erf(x) for |x| ≤ 1."""
    return x.emitter.mul_add(x, polynomial(x * x, format_of(x).table(table.ERF)), x)


def erfc(x: Vec) -> Vec:
    """1 - erf(x); beyond 0.8 as exp(-x²) P(q) / (1 + 2x) of |x|, q = (x - c) / (x + c), and 2 minus that below 0.

    The map of the half axis to an interval is that of M. M. Shepherd and J. G. Laframboise (1981).
    """
    e, f = x.emitter, format_of(x)
    single = f.element is F32
    # From there on the result is 0.
    a = e.clamp(e.abs(x), high=10.2 if single else 27.3)
    q = _fraction(a, 2.0 if single else 4.0)
    scaled = polynomial(q, f.table(table.ERFC)) / e.mul_add(a, 2.0, 1.0)
    square = two_product(a, a)
    # The low part of the square is worth many units where the square is large.
    tail = exp_times(-square.high, -square.low, scaled)
    tail = e.select(x < 0.0, 2.0 - tail, tail)
    return e.select(e.abs(x) < 0.8, 1.0 - _inner(x), tail)


def _fraction(a: Vec, c: float) -> Vec:
    """(a - c) / (a + c), put right by what the quotient leaves over: P would multiply its rounding error."""
    e = a.emitter
    inverse = 1.0 / (a + c)
    q = (a - c) * inverse
    rest = e.mul_add(-a, q, e.mul_add(q + 1.0, -c, a))
    return e.mul_add(rest, inverse, q)


def erfinv(x: Vec) -> Vec:
    """The inverse of the error function: x R(w), w = -log(1 - x²), in two or three pieces (M. Giles, 2010)."""
    e, f = x.emitter, format_of(x)
    square = two_product(x, x)
    difference = two_sum(1.0, -square.high)
    w = -log_of_double(Double(difference.high, difference.low - square.low))
    root = e.sqrt(w)
    if f.element is F32:
        ratio = e.select(w < 5.0, polynomial(w - 2.5, f.table(table.ERFINV_CENTRE)), _outer(root, 3.0))
    else:
        ratio = e.select(w < 16.0, polynomial(root - 3.25, f.table(table.ERFINV_MIDDLE)), _outer(root, 5.0))
        ratio = e.select(w < 6.25, polynomial(w - 3.125, f.table(table.ERFINV_CENTRE)), ratio)
    # At ±1 the logarithm's argument is 0; beyond, the function is not defined, and of nan it is nan.
    a = e.abs(x)
    return e.select(a < 1.0, x * ratio, e.select(e.eq(a, 1.0), odd(e.constant(INF, x.element), x), NAN))


def _outer(root: Vec, middle: float) -> Vec:
    return polynomial(root - middle, format_of(root).table(table.ERFINV_OUTER))
