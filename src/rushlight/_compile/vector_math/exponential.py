"""Exponentials, logarithms and powers, and the hyperbolic functions that are made of them."""

from __future__ import annotations

from fractions import Fraction

from .. import coefficients as table
from ..vectors import F32, Vec
from .base import (
    INF,
    NAN,
    Double,
    Format,
    Whole,
    fast_two_sum,
    format_of,
    multiply,
    odd,
    pieces,
    polynomial,
    polynomial_by_pairs,
    power_of_two,
    rounded,
    scale,
    smallest_as_is,
    two_product,
    two_sum,
)

# -- exponentials ----------------------------------------------------------------------------------------------
# exp(x) = 2ⁿ exp(r), n the integer nearest to x / ln2, r = x - n ln2 by two parts of ln2 (W. J. Cody and W. Waite, 1980).


def _reduced(x: Vec, low: Vec | None = None, *, times: int = 1, short: bool = False) -> tuple[Whole, Vec]:
    """n, and r / times, of times·x; of x + low where there is a low part. times: a power of two. short: by one part of ln2."""
    e, f = x.emitter, format_of(x)
    n = rounded(x, float(times * table.LOG2_E))
    r = x
    for part in (float(table.LN2 / times),) if short else f.multiple(table.LN2 / times):
        r = e.mul_add(n.value, -part, r)
    return n, r if low is None else r + low


def _exp_near_0(r: Vec) -> Vec:
    return polynomial(r, (1.0, 1.0, *format_of(r).table(table.EXP)))


def _expm1_near_0(r: Vec, times: int = 1) -> Vec:
    """(exp(times·r) - 1) / times."""
    # The factors are powers of two, which round nothing.
    coefficients = tuple([c * times ** (k + 1) for k, c in enumerate(format_of(r).table(table.EXP))])
    return r.emitter.mul_add(r * r, polynomial(r, coefficients), r)


def _limits(f: Format) -> tuple[float, float]:
    """Below the first exp is 0, above the second infinite."""
    return (-104.0, 89.0) if f.element is F32 else (-746.0, 710.0)


def exp(x: Vec) -> Vec:
    """eˣ."""
    n, r = _reduced(x.emitter.clamp(x, *_limits(format_of(x))))
    return scale(_exp_near_0(r), n)


def exp_times(x: Vec, low: Vec, factor: Vec) -> Vec:
    """factor·e^(x + low), factor near 1: a denormal result is rounded once."""
    n, r = _reduced(x.emitter.clamp(x, *_limits(format_of(x))), low)
    return scale(x.emitter.mul_add(_expm1_near_0(r), factor, factor), n)


def exp2(x: Vec) -> Vec:
    """2ˣ."""
    return _exp2(x, None)


def _exp2(x: Vec, low: Vec | None) -> Vec:
    """2 to the power of x, or of x + low."""
    e, f = x.emitter, format_of(x)
    x = e.clamp(x, -f.bias - f.precision - 1.0, f.bias + 2.0)
    n = rounded(x, 1.0)
    r = x - n.value if low is None else (x - n.value) + low
    return scale(e.mul_add(r, polynomial_by_pairs(r, f.table(table.EXP2)), 1.0), n)


def _half_expm1(n: Whole, r: Vec, times: int = 1) -> Vec:
    """(exp(times·x) - 1) / 2 of a reduced x: halved, so that it is finite for as long as the exponential is."""
    e = r.emitter
    half = power_of_two(n.bits, times.bit_length() - 2)  # times / 2 of it
    return e.mul_add(half, _expm1_near_0(r, times), e.mul_add(half, 1 / times, -0.5))


def expm1(x: Vec) -> Vec:
    """eˣ - 1."""
    f = format_of(x)
    # Further down the result is -1 to the last bit.
    h = _half_expm1(*_reduced(x.emitter.clamp(x, -0.75 * f.precision, _limits(f)[1])))
    return smallest_as_is(x, h + h)


def sinh(x: Vec) -> Vec:
    """The hyperbolic sine, from h = (e^|x| - 1) / 2: h + h / (2h + 1)."""
    e, high = x.emitter, _limits(format_of(x))[1]
    a = e.abs(x)
    n, r = _reduced(e.clamp(a, high=high + 1.0))
    h = _half_expm1(n, r)
    # sinh reaches further than e^x: at the end of the range it is e^x / 2 in one step, and nothing of e^-x is left.
    result = e.select(a > high - 1.0, scale(_exp_near_0(r), n, -1), h + h / (h + h + 1.0))
    return smallest_as_is(x, odd(result, x))


def cosh(x: Vec) -> Vec:
    """The hyperbolic cosine, from h = e^|x| / 2: h + 1 / (4h)."""
    e, f = x.emitter, format_of(x)
    n, r = _reduced(e.clamp(e.abs(x), high=_limits(f)[1] + 1.0))
    h = scale(_exp_near_0(r), n, -1)
    return h + 0.25 / h


def tanh(x: Vec) -> Vec:
    """The hyperbolic tangent, from h = (e^(2|x|) - 1) / 2: h / (h + 1)."""
    e, f = x.emitter, format_of(x)
    # From there on the result is 1 to the last bit.
    a = e.clamp(e.abs(x), high=0.4 * f.precision)
    # ln2 happens to be a float of single precision to 32 bits, and where n is large r hardly counts.
    h = _half_expm1(*_reduced(a, times=2, short=f.element is F32), times=2)
    return odd(h / (h + 1.0), x)


def sigmoid(x: Vec) -> Vec:
    """1 / (1 + e⁻ˣ), as e^-|x| / (1 + e^-|x|) for negative x: the small results keep their bits."""
    e = x.emitter
    t = exp(-e.abs(x))
    return e.select(x < 0.0, t, 1.0) / (1.0 + t)


def log1p_exp(x: Vec) -> Vec:
    """log(1 + eˣ), the core of softplus: max(x, 0) + log(1 + e^-|x|)."""
    e = x.emitter
    return e.maximum(x, 0.0) + log_of_double(two_sum(1.0, exp(-e.abs(x))))


# -- logarithms ------------------------------------------------------------------------------------------------
# x = 2ᵏ m, √½ ≤ m < √2; log(m) = log(1 + f) = 2 atanh(s) = 2s + s R(s²) = f - s (f - R(s²)), s = f / (2 + f): as in
# fdlibm's log (Sun Microsystems, 1993), since f carries no rounding error, and that of s counts only a fifth.


def _exponent(x: Vec) -> tuple[Vec, Vec, Vec]:
    """k, m and 2⁻ᵏ (wrong for the highest k) of a positive normal number."""
    e, f = x.emitter, format_of(x)
    one, root_half = f.bias << f.mantissa, _bits_of_root_half(f)
    shifted = e.bitcast(x, f.integer) + (one - root_half)
    biased = e.shr(shifted, f.mantissa, logical=True)
    m = e.bitcast((shifted & ((1 << f.mantissa) - 1)) + root_half, f.element)
    # As if the integer stood in the lowest bits of the magic number: AVX2 has no conversion of 64-bit integers.
    k = e.bitcast(biased + f.magic_bits, f.element) - (f.magic + f.bias)
    return k, m, e.bitcast((2 * f.bias - biased) << f.mantissa, f.element)


def _bits_of_root_half(f: Format) -> int:
    return 0x3F3504F3 if f.element is F32 else 0x3FE6A09E667F3BCD


def _normal(x: Vec) -> tuple[Vec, Vec]:
    """x, scaled up where it is denormal, and the exponent to add for that."""
    e, f = x.emitter, format_of(x)
    denormal = x < 2.0 ** (1 - f.bias)
    shift = float(f.precision + 1)
    return e.select(denormal, x * 2.0**shift, x), e.select(denormal, _like(x, -shift), 0.0)


def _correction(f1: Vec) -> Vec:
    """c in log(1 + f) = f - c, √½ ≤ 1 + f ≤ √2."""
    s = f1 / (2.0 + f1)
    z = s * s
    return s * f1.emitter.mul_add(-z, polynomial(z, format_of(f1).table(table.LOG)), f1)


def _with_exponent(f1: Vec, k: Vec) -> Vec:
    """log(1 + f) + k ln2."""
    e = f1.emitter
    high, low = format_of(f1).multiple(table.LN2)
    return e.mul_add(k, high, f1 - e.mul_add(k, -low, _correction(f1)))


def _log_edges(x: Vec, result: Vec) -> Vec:
    """What a logarithm is at infinity and nan (the argument itself), at zero and below."""
    e = x.emitter
    result = e.select(x < INF, result, x)
    return e.select(x <= 0.0, e.select(e.eq(x, 0.0), _like(x, -INF), NAN), result)


def log(x: Vec) -> Vec:
    """The natural logarithm."""
    normal, shift = _normal(x)
    k, m, _ = _exponent(normal)
    return _log_edges(x, _with_exponent(m - 1.0, k + shift))


def log2(x: Vec) -> Vec:
    """The logarithm to base 2."""
    normal, shift = _normal(x)
    k, m, _ = _exponent(normal)
    f1 = m - 1.0
    return _log_edges(x, x.emitter.mul_add(f1 - _correction(f1), float(table.LOG2_E), k + shift))


def log10(x: Vec) -> Vec:
    """The logarithm to base 10."""
    e, f = x.emitter, format_of(x)
    normal, shift = _normal(x)
    k, m, _ = _exponent(normal)
    k = k + shift
    f1 = m - 1.0
    high, low = f.multiple(table.LOG10_2)
    return _log_edges(x, e.mul_add(k, high, e.mul_add(f1 - _correction(f1), float(table.LOG10_E), k * low)))


def log_of_double(sum: Double, doublings: Vec | None = None) -> Vec:
    """log(u + c) + doublings·ln2, u > 0 normal or 0: m - 1 takes up what the sum u lost to rounding."""
    e, f = sum.high.emitter, format_of(sum.high)
    k, m, inverse = _exponent(sum.high)
    reduced = m - 1.0
    # Beyond that c is nothing beside u, and 2⁻ᵏ may be wrong.
    reduced = e.select(sum.high < 2.0 ** (f.precision + 2), e.mul_add(sum.low, inverse, reduced), reduced)
    return _with_exponent(reduced, k if doublings is None else k + doublings)


def log1p(x: Vec) -> Vec:
    """log(1 + x)."""
    sum = two_sum(1.0, x)
    return smallest_as_is(x, _log_edges(sum.high, log_of_double(sum)))


def asinh(x: Vec) -> Vec:
    """The inverse hyperbolic sine: log1p(a + a² / (1 + √(1 + a²))) of a = |x|; log(2a) for large a."""
    e, f = x.emitter, format_of(x)
    a = e.abs(x)
    large = a > 2.0**f.precision
    square = a * a
    y = e.select(large, a, a + square / (1.0 + e.sqrt(1.0 + square)))
    result = log_of_double(two_sum(e.select(large, _like(x, 0.0), 1.0), y), e.select(large, _like(x, 1.0), 0.0))
    return smallest_as_is(x, odd(e.select(a < INF, result, a), x))


def acosh(x: Vec) -> Vec:
    """The inverse hyperbolic cosine: log1p(t + √(t² + 2t)) of t = x - 1; log(2x) for large x."""
    e, f = x.emitter, format_of(x)
    large = x > 2.0**f.precision
    t = x - 1.0
    y = e.select(large, x, t + e.sqrt(e.mul_add(t, t, t + t)))
    result = log_of_double(two_sum(e.select(large, _like(x, 0.0), 1.0), y), e.select(large, _like(x, 1.0), 0.0))
    return e.select(x < 1.0, NAN, e.select(x < INF, result, x))


def atanh(x: Vec) -> Vec:
    """The inverse hyperbolic tangent: log1p(2a / (1 - a)) / 2 of a = |x|."""
    e = x.emitter
    a = e.abs(x)
    sum = two_sum(1.0, (a + a) / (1.0 - a))
    result = e.select(sum.high < INF, log_of_double(sum), sum.high)
    return smallest_as_is(x, odd(e.select(a > 1.0, NAN, 0.5 * result), x))


def _like(x: Vec, value: float) -> Vec:
    return x.emitter.constant(value, x.element)


# -- powers ----------------------------------------------------------------------------------------------------


def _log2_double(x: Vec) -> Double:
    """log2 of a positive finite number to some ten bits more than a float has.

    log2(m) = s (2 + 2/3 s² + s⁴ Q(s²)) / ln2, as in `log`, the first two terms in doubled numbers.
    """
    e, f = x.emitter, format_of(x)
    normal, shift = _normal(x)
    k, m, _ = _exponent(normal)
    f1 = m - 1.0
    denominator = fast_two_sum(2.0, f1)
    inverse = 1.0 / denominator.high
    quotient = f1 * inverse
    product = two_product(quotient, denominator.high)
    rest = (f1 - product.high) - e.mul_add(quotient, denominator.low, product.low)
    s = Double(quotient, rest * inverse)
    z = multiply(s, s)
    second = multiply(z, _constant(x, 2 * table.LOG2_E / 3))
    tail = e.mul_add(z.high * z.high, polynomial(z.high, f.table(table.LOG2_TAIL)), second.low)
    first = _constant(x, 2 * table.LOG2_E)
    terms = fast_two_sum(first.high, second.high)
    binary = multiply(s, fast_two_sum(terms.high, terms.low + (first.low + tail)))
    total = fast_two_sum(k + shift, binary.high)
    return Double(total.high, total.low + binary.low)


def _constant(x: Vec, number: Fraction) -> Double:
    e, f = x.emitter, format_of(x)
    high, low = pieces(number, f.precision, f.precision)
    return Double(e.constant(high, x.element), e.constant(low, x.element))


def pow(x: Vec, y: Vec) -> Vec:
    """x to the power of y, with the edge cases of C99's annex F: 2^(y log2|x|), the logarithm in doubled numbers."""
    e, f = x.emitter, format_of(x)
    a = e.abs(x)
    logarithm = _log2_double(a)
    # Infinity and nan are their own logarithms. The low parts that go with such are thrown away below.
    high = e.select(a < INF, logarithm.high, a)
    high = e.select(e.eq(a, 0.0), -INF, high)
    product = two_product(y, high)
    low = e.mul_add(y, logarithm.low, product.low)
    bound = 2.0 * f.bias
    low = e.select(e.abs(product.high) < bound, low, 0.0)
    result = e.select(e.eq(a, 1.0), 1.0, _exp2(product.high, low))

    integral = e.eq(e.trunc(y), y)
    half = y * 0.5
    odd_exponent = e.select(integral, e.ne(e.trunc(half), half), False)
    negative = e.bitcast(x, f.integer) < 0
    result = e.select(negative & odd_exponent, -result, result)
    undefined = (x < 0.0) & (x > -INF) & ~integral
    result = e.select(undefined, NAN, result)
    return e.select(e.eq(x, 1.0) | e.eq(y, 0.0), 1.0, e.select(e.isnan(y), NAN, result))


# Products of so few factors keep to the bound of error, and cost a tenth of the general power.
_FOLDED = 4


def pow_constant(x: Vec, y: float) -> Vec:
    """x to the power of a number that is known: small integers by products, ±1/2 by the root, the others by `pow`.

    As in PyTorch, the power 1/2 is the square root at the edges too: -0 of -0, nan of -∞.
    """
    e = x.emitter
    if abs(y) <= _FOLDED and y == int(y):
        # The inverse first: xⁿ may overflow where x⁻ⁿ is still a number.
        return _integer_power(1.0 / x if y < 0 else x, abs(int(y)))
    if abs(y) == 0.5:
        return e.sqrt(x) if y > 0 else rsqrt(x)
    return pow(x, e.constant(y, x.element))


def _integer_power(x: Vec, n: int) -> Vec:
    if n < 2:
        return x if n else _like(x, 1.0)
    square = _integer_power(x, n // 2)
    square = square * square
    return square * x if n % 2 else square


def rsqrt(x: Vec) -> Vec:
    """1 / √x."""
    return 1.0 / x.emitter.sqrt(x)
