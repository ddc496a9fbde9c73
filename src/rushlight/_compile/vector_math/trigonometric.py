"""Sines, cosines, tangents and their inverses.

Up to a bound that holds nearly all angles that occur, multiples of π are taken off by parts of π whose products are
exact (W. J. Cody and W. Waite, 1980). Beyond it the fraction of a turn is computed in integers with as many bits of
1/2π as it takes (M. Payne and R. Hanek, 1983), out of line and only where a lane needs it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .. import coefficients as table
from ..vectors import F32, F64, I64, Module, Vec
from .base import INF, NAN, Format, format_of, odd, pieces, polynomial, rounded


class _Angle(NamedTuple):
    """r = x - k·unit, |r| ≤ unit / 2, and k in the lowest bit of an integer."""

    r: Vec
    k: Vec


def _bound(f: Format) -> float:
    """The largest angle whose reduction by parts of π is exact: k times a part must not be rounded."""
    if f.fused:
        return 2.0**16 if f.element is F32 else 2.0**32
    return 2.0**13 if f.element is F32 else 2.0**26


def _parts(number: Fraction, f: Format) -> tuple[float, ...]:
    """Parts of a number that reach far beyond its precision; without a fused operation their products need room."""
    if f.fused:
        return pieces(number, *[f.precision] * 3)
    short = 11 if f.element is F32 else 27
    return pieces(number, *[short] * 3, f.precision)


def _reduced(x: Vec, unit_in_quarters: int, offset_in_quarters: int = 0) -> _Angle:
    """Reduce an angle plus some quarters of a turn by multiples of 1 or 2 quarters."""
    e, f = x.emitter, format_of(x)
    unit = table.PI * unit_in_quarters / 2
    shift = offset_in_quarters / unit_in_quarters
    k, bits = rounded(x, float(1 / unit), shift)
    multiple = k - shift if shift else k
    r = x
    for part in _parts(unit, f):
        r = e.mul_add(multiple, -part, r)
    large = e.abs(x) > _bound(f)
    return _Angle(*e.patch(large, (r, bits), lambda: _reduced_by_integers(x, unit_in_quarters, offset_in_quarters)))


def sin(x: Vec) -> Vec:
    """The sine: ± sin(r), r = x - kπ."""
    # The sum r + r³P loses the sign of -0.
    return x.emitter.select(x.emitter.eq(x, 0.0), x, _sine(_reduced(x, 2)))


def cos(x: Vec) -> Vec:
    """The cosine, as the sine of a quarter of a turn more."""
    return _sine(_reduced(x, 2, 1))


def _sine(angle: _Angle) -> Vec:
    r, e, f = angle.r, angle.r.emitter, format_of(angle.r)
    z = r * r
    value = e.mul_add(r * z, polynomial(z, f.table(table.SIN)), r)
    sign = angle.k << (f.element.bits - 1)
    return e.bitcast(e.bitcast(value, f.integer) ^ sign, f.element)


def tan(x: Vec) -> Vec:
    """The tangent: sin(r) / cos(r), or -cos(r) / sin(r) in every other quarter."""
    e, f = x.emitter, format_of(x)
    r, k = _reduced(x, 1)
    z = r * r
    sine = e.mul_add(r * z, polynomial(z, f.table(table.SIN_QUARTER)), r)
    cosine = e.mul_add(z * z, polynomial(z, f.table(table.COS_QUARTER)), e.mul_add(z, -0.5, 1.0))
    swapped = e.ne(k & 1, 0)
    result = e.select(swapped, cosine, sine) / e.select(swapped, -sine, cosine)
    return e.select(e.eq(x, 0.0), x, result)


# -- large angles --------------------------------------------------------------------------------------------------


def _reduced_by_integers(x: Vec, unit_in_quarters: int, offset_in_quarters: int) -> tuple[Vec, Vec]:
    """The same by a function for one angle after another, in double precision."""
    e, f = x.emitter, format_of(x)
    name = e.module.helper("rushlight.large_angles", lambda: _large_angles(e.module))
    count = e.unroll * e.width
    angles, remainders, multiples = (e.stack(count, F64) for _ in range(3))
    e.store(e.convert(x, F64), angles)
    halves = 1 if unit_in_quarters == 2 else 2
    arrays = f"ptr {angles}, ptr {remainders}, ptr {multiples}"
    e.line(f"call void {name}({arrays}, i64 {count}, i1 {halves - 1}, i64 {offset_in_quarters})")
    r = e.convert(e.load(remainders, F64), f.element)
    r = e.select(e.abs(x) < INF, r, NAN)
    return r, e.convert(e.load(multiples, I64), f.integer)


def _large_angles(module: Module) -> str:
    """Reduce n angles of at least 2¹² by half a turn, or by a quarter.

    Turns are integers of 128 bits, of which 2¹²⁸ make one turn. An angle is m·2^(e - 1075) with an integer m; its
    product with the bits of 1/2π that stand for whole turns drops out, and 192 bits from there on are all that matter:
    the closest that a double comes to a multiple of π/2 is 2⁻⁶¹ of itself.
    """
    point = 1168  # so many bits of 1/2π, with room around them for the words of the smallest angle
    turn = int(table.INVERSE_TURN * 2**point).to_bytes(176, "little")
    text = "".join(f"\\{byte:02X}" for byte in turn)
    radians = int(table.PI * 2**62)  # 2π with 61 bits after the point
    for intrinsic in ("umax", "umin"):
        module.declare(f"llvm.{intrinsic}.i64", "i64 %s(i64, i64)")
    for intrinsic in ("fshl", "fshr"):
        module.declare(f"llvm.{intrinsic}.i64", "i64 %s(i64, i64, i64)")
    module.declare("llvm.ctlz.i64", "i64 %s(i64, i1)")
    # optnone halves the time to compile it: it is rarely run, but stands in every module that has a sine.
    return f"""\
@rushlight.inverse_turn = internal constant [{len(turn)} x i8] c"{text}"
define internal void @rushlight.large_angles(ptr %x, ptr %r, ptr %k, i64 %n, i1 %quarter, i64 %ahead) noinline optnone nounwind {{
entry:
  %ahead128 = zext i64 %ahead to i128
  %offset = shl i128 %ahead128, 126
  br label %each
each:
  %i = phi i64 [ 0, %entry ], [ %next, %each ]
  %px = getelementptr i64, ptr %x, i64 %i
  %bits = load i64, ptr %px
  %fraction = and i64 %bits, {(1 << 52) - 1}
  %m64 = or i64 %fraction, {1 << 52}
  %m = zext i64 %m64 to i128
  %signed = lshr i64 %bits, 52
  %biased = and i64 %signed, 2047
  %enough = call i64 @llvm.umax.i64(i64 %biased, i64 {1023 + 12})
  %e = call i64 @llvm.umin.i64(i64 %enough, i64 2046)
  %first = sub i64 {point + 1075 - 192}, %e
  %byte = lshr i64 %first, 3
  %shift = and i64 %first, 7
  %p0 = getelementptr i8, ptr @rushlight.inverse_turn, i64 %byte
  %p1 = getelementptr i8, ptr %p0, i64 8
  %p2 = getelementptr i8, ptr %p0, i64 16
  %p3 = getelementptr i8, ptr %p0, i64 24
  %l0 = load i64, ptr %p0, align 1
  %l1 = load i64, ptr %p1, align 1
  %l2 = load i64, ptr %p2, align 1
  %l3 = load i64, ptr %p3, align 1
  %w0 = call i64 @llvm.fshr.i64(i64 %l1, i64 %l0, i64 %shift)
  %w1 = call i64 @llvm.fshr.i64(i64 %l2, i64 %l1, i64 %shift)
  %w2 = call i64 @llvm.fshr.i64(i64 %l3, i64 %l2, i64 %shift)
  %x0 = zext i64 %w0 to i128
  %x1 = zext i64 %w1 to i128
  %x2 = zext i64 %w2 to i128
  %m0 = mul i128 %m, %x0
  %m1 = mul i128 %m, %x1
  %m2 = mul i128 %m, %x2
  %low = lshr i128 %m0, 64
  %high = shl i128 %m2, 64
  %lower = add i128 %low, %m1
  %magnitude = add i128 %lower, %high
  %negative = icmp slt i64 %bits, 0
  %minus = sub i128 0, %magnitude
  %turns = select i1 %negative, i128 %minus, i128 %magnitude
  %moved = add i128 %turns, %offset
  %doubled = add i128 %moved, %moved
  %unit = select i1 %quarter, i128 %doubled, i128 %moved
  %up = add i128 %unit, {1 << 126}
  %multiple = lshr i128 %up, 127
  %whole = shl i128 %multiple, 127
  %rest = sub i128 %unit, %whole
  %minusrest = sub i128 0, %rest
  %restnegative = icmp slt i128 %rest, 0
  %size = select i1 %restnegative, i128 %minusrest, i128 %rest
  %sizehigh = lshr i128 %size, 64
  %h = trunc i128 %sizehigh to i64
  %l = trunc i128 %size to i64
  %tiny = icmp eq i64 %h, 0
  %a = select i1 %tiny, i64 %l, i64 %h
  %b = select i1 %tiny, i64 0, i64 %l
  %skipped = select i1 %tiny, i64 64, i64 0
  %zeros = call i64 @llvm.ctlz.i64(i64 %a, i1 false)
  %top = call i64 @llvm.fshl.i64(i64 %a, i64 %b, i64 %zeros)
  %topwide = zext i64 %top to i128
  %product = mul i128 %topwide, {radians}
  %producthigh = lshr i128 %product, 64
  %product64 = trunc i128 %producthigh to i64
  %number = uitofp i64 %product64 to double
  %places = add i64 %zeros, %skipped
  %one = zext i1 %quarter to i64
  %scale = add i64 %places, %one
  %exponent = sub i64 {1023 - 61}, %scale
  %exponentbits = shl i64 %exponent, 52
  %power = bitcast i64 %exponentbits to double
  %radians = fmul double %number, %power
  %minusradians = fneg double %radians
  %result = select i1 %restnegative, double %minusradians, double %radians
  %pr = getelementptr double, ptr %r, i64 %i
  store double %result, ptr %pr
  %pk = getelementptr i64, ptr %k, i64 %i
  %multiple64 = trunc i128 %multiple to i64
  store i64 %multiple64, ptr %pk
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %each, label %done
done:
  ret void
}}
"""


# -- inverses ------------------------------------------------------------------------------------------------------


def _arc(ratio: Vec) -> Vec:
    """atan(t) for |t| ≤ tan(π/8)."""
    z = ratio * ratio
    return ratio.emitter.mul_add(ratio * z, polynomial(z, format_of(ratio).table(table.ATAN)), ratio)


def _arc_of_quotient(numerator: Vec, denominator: Vec) -> Vec:
    """atan(n / d) for 0 ≤ n ≤ d: above tan(π/8) as π/4 + atan((n - d) / (n + d))."""
    e, f = numerator.emitter, format_of(numerator)
    upper = numerator > denominator * 0.41421356237309503
    n = e.select(upper, numerator - denominator, numerator)
    d = e.select(upper, numerator + denominator, denominator)
    high, low = pieces(table.PI / 4, f.precision, f.precision)
    arc = _arc(n / d)
    return e.select(upper, (arc + low) + high, arc)


def _right_angle_minus(arc: Vec) -> Vec:
    """π/2 - arc."""
    high, low = pieces(table.PI / 2, *[format_of(arc).precision] * 2)
    return (high - arc) + low


def atan(x: Vec) -> Vec:
    """The inverse tangent; above 1 by that of the inverse."""
    e = x.emitter
    a, one = e.abs(x), e.constant(1.0, x.element)
    large = a > 1.0
    # Where a is infinite, the quotient of the upper half would be nan; 1/∞ is in the lower half.
    arc = _arc_of_quotient(e.select(large, one, a), e.select(large, a, one))
    return odd(e.select(large, _right_angle_minus(arc), arc), x)


def atan2(y: Vec, x: Vec) -> Vec:
    """The angle of the point (x, y), with the edge cases of C99's annex F."""
    e, f = x.emitter, format_of(x)
    ay, ax = e.abs(y), e.abs(x)
    steep = ay > ax
    small, large = e.select(steep, ax, ay), e.select(steep, ay, ax)
    # The sum of two large numbers would be infinite.
    factor = e.select(large > 2.0 ** (f.bias - 1), 0.25, e.constant(1.0, x.element))
    small, large = small * factor, large * factor
    both_infinite = e.eq(small, INF)
    small = e.select(both_infinite, 1.0, small)
    large = e.select(both_infinite | e.eq(large, 0.0), 1.0, large)
    arc = _arc_of_quotient(small, large)
    arc = e.select(steep, _right_angle_minus(arc), arc)
    high, low = pieces(table.PI, f.precision, f.precision)
    arc = e.select(e.bitcast(x, f.integer) < 0, (high - arc) + low, arc)
    return e.select(e.isnan(x) | e.isnan(y), NAN, odd(arc, y))


def _arcsine_parts(x: Vec) -> tuple[Vec, Vec, Vec]:
    """Where |x| > 1/2, t, and t³P with asin(t) = t + t³P, where t is |x| or, above 1/2, √((1 - |x|) / 2)."""
    e, f = x.emitter, format_of(x)
    a = e.abs(x)
    upper = a > 0.5
    z = e.select(upper, 0.5 - 0.5 * a, a * a)
    t = e.select(upper, e.sqrt(z), a)
    return upper, t, t * z * polynomial(z, f.table(table.ASIN))


def asin(x: Vec) -> Vec:
    """The inverse sine; above 1/2 as π/2 - 2 asin(√((1 - |x|) / 2))."""
    e = x.emitter
    upper, t, tail = _arcsine_parts(x)
    arc = t + tail
    return odd(e.select(upper, _right_angle_minus(arc + arc), arc), x)


def acos(x: Vec) -> Vec:
    """The inverse cosine: π/2 - asin(x), and beyond ±1/2 by 2 asin(√((1 - |x|) / 2))."""
    e, f = x.emitter, format_of(x)
    upper, t, tail = _arcsine_parts(x)
    arc = t + tail
    twice = arc + arc
    high, low = pieces(table.PI, *[f.precision] * 2)
    outer = e.select(x < 0.0, (high - twice) + low, twice)
    return e.select(upper, outer, _right_angle_minus(odd(arc, x)))
