"""What the vector functions share: the constants of each float type, polynomials, exact sums and products."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from ..vectors import F32, F64, Element, Operand, Vec

INF = math.inf
NAN = math.nan


def pieces(number: Fraction, *bits: int) -> tuple[float, ...]:
    """Cut a positive number into floats of so many significant bits, each truncated, that add up to it."""
    parts = []
    for count in bits:
        exponent = math.floor(math.log2(number))
        unit = Fraction(2) ** (exponent - count + 1)
        part = number // unit * unit
        parts.append(float(part))
        number -= part
    return tuple(parts)


class Format(NamedTuple):
    """A float type: its layout, and numbers that depend on it."""

    element: Element
    precision: int  # bits of the significand, with the one that is not stored
    bias: int
    fused: bool  # whether mul_add rounds once, which decides how reductions stay exact

    @property
    def integer(self) -> Element:
        """The integer type of the same width."""
        return self.element.integer

    @property
    def mantissa(self) -> int:
        """Bits of the significand that are stored."""
        return self.precision - 1

    @property
    def epsilon(self) -> float:
        """The distance from 1 to the next number."""
        return 2.0**-self.mantissa

    @property
    def magic(self) -> float:
        """A number so large that adding it rounds to an integer, which then stands in its lowest bits."""
        # A conversion to integers and back is slower, and of nan it is undefined.
        return 1.5 * 2.0**self.mantissa

    @property
    def magic_bits(self) -> int:
        """The bits of `magic`."""
        return (self.bias + self.mantissa) << self.mantissa | 1 << (self.mantissa - 1)

    def table(self, coefficients: dict[str, tuple[float, ...]]) -> tuple[float, ...]:
        """This type's part of a table."""
        return coefficients[self.element.name]

    def multiple(self, number: Fraction) -> tuple[float, ...]:
        """Two parts of a number whose first has an exact product with any exponent."""
        return pieces(number, self.precision - len(bin(self.bias)) + 2, self.precision)


@cache
def _format(element: Element, fused: bool) -> Format:
    if element is F32:
        return Format(F32, 24, 127, fused)
    if element is F64:
        return Format(F64, 53, 1023, fused)
    raise TypeError(f"no mathematics for {element.name}: f32 and f64 only")


def format_of(x: Vec) -> Format:
    """The constants that go with a value."""
    return _format(x.element, x.emitter.host.fma)


def polynomial(x: Vec, coefficients: tuple[float, ...]) -> Vec:
    """Horner's rule, lowest power first. Its chain is long, but U vectors hide that, and it has the fewest operations."""
    e = x.emitter
    result: Operand = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        result = e.mul_add(result, x, c)
    return result if isinstance(result, Vec) else e.constant(result, x.element)


def polynomial_by_pairs(x: Vec, coefficients: tuple[float, ...]) -> Vec:
    """The same by pairs, and pairs of pairs (G. Estrin, 1960): a chain a third as long, for some more operations. For
    what nothing else runs beside: an optimizer's powers of its factors."""
    e, power = x.emitter, x
    terms = [e.constant(c, x.element) for c in coefficients]
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2])
        terms = [e.mul_add(b, power, a) for a, b in pairs] + terms[len(terms) // 2 * 2 :]
        power = power * power
    return terms[0]


# -- exact sums and products -----------------------------------------------------------------------------------


class Double(NamedTuple):
    """A number as the sum of two floats, the second much smaller."""

    high: Vec
    low: Vec


def fast_two_sum(a: Operand, b: Vec) -> Double:
    """a + b and its rounding error, for |a| ≥ |b| or a = 0 (T. J. Dekker, 1971)."""
    total = a + b
    return Double(total, b - (total - a))


def two_sum(a: Operand, b: Vec) -> Double:
    """a + b and its rounding error (D. E. Knuth)."""
    total = a + b
    rest = total - a
    return Double(total, (a - (total - rest)) + (b - rest))


def two_product(a: Vec, b: Vec) -> Double:
    """a·b and its rounding error: by a fused operation, or by Dekker's splitting where there is none."""
    e, product = a.emitter, a * b
    if e.host.fma:
        return Double(product, e.fma(a, b, -product))
    (a1, a2), (b1, b2) = _split(a), _split(b)
    return Double(product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)


def _split(a: Vec) -> tuple[Vec, Vec]:
    """Two halves of a float, whose products are exact."""
    # By masking, not by Veltkamp's multiplication, which overflows for large numbers.
    e, f = a.emitter, format_of(a)
    lower = f.precision // 2 + 1
    high = e.bitcast(e.bitcast(a, f.integer) & -(1 << lower), f.element)
    return high, a - high


def multiply(a: Double, b: Double) -> Double:
    """The product of two doubled numbers, to about twice the precision."""
    e, (high, low) = a.high.emitter, two_product(a.high, b.high)
    return Double(high, e.mul_add(a.high, b.low, e.mul_add(a.low, b.high, low)))


# -- exponents ---------------------------------------------------------------------------------------------------


class Whole(NamedTuple):
    """A whole number: as a float, and in the lowest bits of an integer, with those of `Format.magic` above."""

    value: Vec
    bits: Vec


def power_of_two(n: Vec, more: int = 0) -> Vec:
    """2^(n + more), in the range of normal numbers, for an integer n, or the bits of a `Whole`."""
    f = _format(F32 if n.element.bits == 32 else F64, n.emitter.host.fma)
    # The shift leaves nothing of the magic number.
    return n.emitter.bitcast((n << f.mantissa) + ((f.bias + more) << f.mantissa), f.element)


def scale(x: Vec, n: Whole, more: int = 0) -> Vec:
    """x·2^(n + more) rounded once, for x near 1; n + more from twice the lowest to twice the highest exponent."""
    e, f = x.emitter, format_of(x)
    if e.has_scalef(x.element):
        return e.scalef(x, n.value + float(more) if more else n.value)
    whole = n.bits - (f.magic_bits - more)
    half = whole >> 1
    return x * power_of_two(half) * power_of_two(whole - half)


def rounded(x: Vec, factor: Operand, offset: float = 0.0) -> Whole:
    """The whole number nearest to factor·x + offset; |x·factor| < 2^(p-2)."""
    e, f = x.emitter, format_of(x)
    if offset:
        large = e.mul_add(x, factor, offset) + f.magic
    else:
        large = e.mul_add(x, factor, f.magic)
    return Whole(large - f.magic, e.bitcast(large, f.integer))


def odd(result: Vec, x: Vec) -> Vec:
    """Give a result the sign of the argument: for odd functions, computed of |x|."""
    return x.emitter.copysign(result, x)


def smallest_as_is(x: Vec, result: Vec) -> Vec:
    """Where f(x) = x to the last bit: the formula would lose bits of denormal numbers and the sign of zero."""
    e, f = x.emitter, format_of(x)
    return e.select(e.abs(x) < f.epsilon / 4, x, result)
