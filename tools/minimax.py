"""Make the polynomials of `rushlight/_compile/coefficients.py` (needs mpmath).

Each polynomial minimises the largest weighted error over an interval (the exchange algorithm of E. Ya. Remez, 1934), where
the weight says how much an error of the polynomial is worth in the relative error of the result. The degree is the
smallest that reaches the wanted error. `python tools/minimax.py > src/rushlight/_compile/coefficients.py`.
"""

import struct
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath as mp

mp.mp.dps = 60
Function = Callable[[Any], Any]

# Bits of the significand, and what every polynomial is to reach beyond them: a quarter of half a unit.
PRECISION = {"f32": 24, "f64": 53}
SPARE_BITS = 3


class Approximation(NamedTuple):
    """A function of the polynomial's variable, what an error in it is worth, and where."""

    name: str
    about: str
    function: Function
    weight: Function
    low: Any
    high: Any
    types: tuple[str, ...] = ("f32", "f64")
    extra_bits: tuple[int, int] = (0, 0)  # beyond PRECISION + SPARE_BITS, for f32 and f64


def _odd_tail(f: Function) -> Function:
    """(f(t) - t) / t³ as a function of z = t², for odd f with f'(0) = 1."""
    return lambda z: (f(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3


def _erfinv_ratio(w: Any) -> Any:
    """erfinv(x) / x as a function of w = -log(1 - x²)."""
    x = mp.sqrt(-mp.expm1(-w))
    # erfc stays exact to the last digit where erf(y) is 1 less almost nothing.
    y = mp.erfinv(x) if w < 20 else mp.findroot(lambda y: mp.log(mp.erfc(y)) - mp.log1p(-x), mp.sqrt(w))
    return y / x


def _erfcx(x: Any) -> Any:
    return mp.exp(x * x) * mp.erfc(x)


def _from_fraction(pole: int) -> Function:
    """x from q = (x - pole) / (x + pole)."""
    return lambda q: pole * (1 + q) / (1 - q)


def _erfc_approximation(type: str, pole: int, high: float) -> Approximation:
    x = _from_fraction(pole)
    return Approximation(
        "ERFC",
        f"exp(x²) erfc(x) (1 + 2x), q = (x - {pole}) / (x + {pole}), 0 ≤ x ≤ {high}",
        lambda q: _erfcx(x(q)) * (1 + 2 * x(q)),
        lambda q: 1 / (_erfcx(x(q)) * (1 + 2 * x(q))),
        mp.mpf(-1),
        (mp.mpf(high) - pole) / (mp.mpf(high) + pole),
        (type,),
    )


def _erf_tail(type: str, high: float) -> Approximation:
    return Approximation(
        "ERF_TAIL",
        f"log(erfc(x)), 1 ≤ x ≤ {high}",
        lambda x: mp.log(mp.erfc(x)),
        lambda x: mp.erfc(x) / mp.erf(x),
        mp.mpf(1),
        mp.mpf(high),
        (type,),
    )


def _erfinv_piece(name: str, type: str, low: float, high: float, middle: float, root: bool) -> Approximation:
    """A piece of erfinv(x) / x, in w or its root, about `middle`."""
    w = (lambda v: (v + middle) ** 2) if root else (lambda v: v + middle)
    variable = "sqrt(w)" if root else "w"
    ends = [mp.sqrt(mp.mpf(e)) if root else mp.mpf(e) for e in (low, high)]
    return Approximation(
        name,
        f"erfinv(x) / x, w = -log(1 - x²) from {low} to {high}, in {variable} - {middle}",
        lambda v: _erfinv_ratio(w(v)),
        lambda v: 1 / _erfinv_ratio(w(v)),
        ends[0] - middle,
        ends[1] - middle,
        (type,),
    )


HALF_LN2 = mp.log(2) / 2
LOG_S2 = (3 - 2 * mp.sqrt(2)) ** 2  # z = s² at the ends of [√½, √2], s = f / (2 + f)
MARGIN = mp.mpf("1.0005")  # a rounded quotient may leave the interval by a little
TURN_MARGIN = mp.mpf("1.02")  # the quotient of a large angle in float32 by more

APPROXIMATIONS = [
    Approximation(
        "EXP",
        "(exp(r) - 1 - r) / r², |r| ≤ ln2 / 2",
        lambda r: (mp.expm1(r) - r) / r**2,
        lambda r: r**2 / mp.expm1(r),
        -HALF_LN2 * MARGIN,
        HALF_LN2 * MARGIN,
        extra_bits=(-1, -2),  # a coefficient less, for a ninth of a unit: exp stands in most other functions
    ),
    Approximation(
        "EXP2",
        "(2^r - 1) / r, |r| ≤ 1/2",
        lambda r: mp.expm1(r * mp.log(2)) / r,
        lambda r: r / mp.power(2, r),
        -MARGIN / 2,
        MARGIN / 2,
    ),
    Approximation(
        "LOG",
        "(2 atanh(s) / s - 2) / z, z = s²",
        lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z,
        lambda z: z / 2,
        mp.mpf(0),
        LOG_S2 * MARGIN,
    ),
    Approximation(
        "LOG2_TAIL",
        "(2 atanh(s) - 2s - 2/3 s³) / (s⁵ ln2), z = s²",
        lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2 - 2 * z / 3) / (z**2 * mp.ln2),
        lambda z: z**2 * mp.ln2 / 2,
        mp.mpf(0),
        LOG_S2 * MARGIN,
        extra_bits=(8, 10),
    ),
    Approximation(
        "SIN",
        "(sin(r) - r) / r³, z = r², |r| ≤ π/2",
        _odd_tail(mp.sin),
        lambda z: mp.sqrt(z) ** 3 / mp.sin(mp.sqrt(z)),
        mp.mpf(0),
        (mp.pi / 2) ** 2 * TURN_MARGIN,
    ),
    Approximation(
        "SIN_QUARTER",
        "(sin(r) - r) / r³, z = r², |r| ≤ π/4",
        _odd_tail(mp.sin),
        lambda z: mp.sqrt(z) ** 3 / mp.sin(mp.sqrt(z)),
        mp.mpf(0),
        (mp.pi / 4) ** 2 * TURN_MARGIN,
    ),
    Approximation(
        "COS_QUARTER",
        "(cos(r) - 1 + z/2) / z², z = r², |r| ≤ π/4",
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2,
        lambda z: z**2 / mp.cos(mp.sqrt(z)),
        mp.mpf(0),
        (mp.pi / 4) ** 2 * TURN_MARGIN,
    ),
    Approximation(
        "ATAN",
        "(atan(t) - t) / t³, z = t², |t| ≤ tan(π/8)",
        _odd_tail(mp.atan),
        lambda z: mp.sqrt(z) ** 3 / mp.atan(mp.sqrt(z)),
        mp.mpf(0),
        mp.tan(mp.pi / 8) ** 2 * MARGIN,
    ),
    Approximation(
        "ASIN",
        "(asin(t) - t) / t³, z = t², |t| ≤ 1/2",
        _odd_tail(mp.asin),
        lambda z: mp.sqrt(z) ** 3 / mp.asin(mp.sqrt(z)),
        mp.mpf(0),
        MARGIN / 4,
    ),
    Approximation(
        "ERF",
        "erf(x) / x - 1, z = x², |x| ≤ 1",
        lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1,
        lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z)),
        mp.mpf(0),
        mp.mpf(1),
    ),
    _erf_tail("f32", 4.0),
    _erf_tail("f64", 6.0),
    _erfc_approximation("f32", 2, 10.2),
    _erfc_approximation("f64", 4, 27.3),
    _erfinv_piece("ERFINV_CENTRE", "f32", 0, 5, 2.5, False),
    _erfinv_piece("ERFINV_OUTER", "f32", 5, 17, 3, True),
    _erfinv_piece("ERFINV_CENTRE", "f64", 0, 6.25, 3.125, False),
    _erfinv_piece("ERFINV_MIDDLE", "f64", 6.25, 16, 3.25, True),
    _erfinv_piece("ERFINV_OUTER", "f64", 16, 37, 5, True),
]


class Samples(NamedTuple):
    """A function and its weight on a fine grid: the exchange picks its points from it."""

    x: list[Any]
    f: list[Any]
    w: list[Any]


def sample(a: Approximation, count: int = 1200) -> Samples:
    """Evaluate on Chebyshev-like points, which lie dense at the ends, where the error turns quickly."""
    middle, half = (a.low + a.high) / 2, (a.high - a.low) / 2
    xs = [middle - half * mp.cos(mp.pi * (mp.mpf(i) + mp.mpf("0.37")) / count) for i in range(count)]
    xs = [x for x in xs if abs(x) > mp.mpf(10) ** -12]  # formulas that are 0/0 at the origin
    return Samples(xs, [a.function(x) for x in xs], [abs(a.weight(x)) for x in xs])


def evaluate(coefficients: list[Any], x: Any) -> Any:
    """Horner's rule; the coefficient of the highest power comes last."""
    result = mp.mpf(0)
    for c in reversed(coefficients):
        result = result * x + c
    return result


def remez(s: Samples, degree: int) -> tuple[list[Any], Any]:
    """Return the coefficients of the best polynomial of this degree and its weighted error."""
    count = len(s.x)
    chosen = [round((count - 1) * i / (degree + 1)) for i in range(degree + 2)]  # the grid is Chebyshev's already
    for _ in range(30):
        rows = [[s.x[i] ** p for p in range(degree + 1)] + [(-1) ** k / s.w[i]] for k, i in enumerate(chosen)]
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix([s.f[i] for i in chosen]))
        coefficients, level = list(solution)[:-1], abs(solution[degree + 1])
        error = [s.w[i] * (s.f[i] - evaluate(coefficients, s.x[i])) for i in range(count)]
        worst = max(abs(e) for e in error)
        if worst <= level * mp.mpf("1.01"):
            break
        chosen = _extrema(error, degree + 2)
    return coefficients, worst


def _extrema(error: list[Any], wanted: int) -> list[int]:
    """Where the error is largest between its changes of sign; the smallest at an end goes while there are too many."""
    found: list[int] = []
    for i, e in enumerate(error):
        if found and (error[found[-1]] > 0) == (e > 0):
            if abs(e) > abs(error[found[-1]]):
                found[-1] = i
        else:
            found.append(i)
    while len(found) > wanted:
        found.pop(0 if abs(error[found[0]]) < abs(error[found[-1]]) else -1)
    if len(found) < wanted:
        raise ArithmeticError(f"the error changes its sign {len(found)} times, not {wanted}: raise the precision")
    return found


def rounded(value: Any, type: str) -> float:
    """The nearest number of the type."""
    return struct.unpack("f", struct.pack("f", float(value)))[0] if type == "f32" else float(value)


def fit(a: Approximation, type: str) -> tuple[list[float], float]:
    """Return the rounded coefficients of the smallest polynomial that is good enough, and log2 of its error."""
    bits = PRECISION[type] + SPARE_BITS + a.extra_bits[type == "f64"]
    s = sample(a)
    for degree in range(1, 40):
        coefficients, worst = remez(s, degree)
        if worst < mp.mpf(2) ** -bits:
            return [rounded(c, type) for c in coefficients], float(mp.log(worst, 2))
    raise ArithmeticError(f"{a.name} for {type} does not converge")


def numbers() -> list[tuple[str, Any, int]]:
    """Numbers that the functions want with more digits than a double has: name, value, bits after the point."""
    with mp.workprec(1400):
        pairs = {
            "PI": +mp.pi,
            "LN2": +mp.ln2,
            "LOG2_E": 1 / mp.ln2,
            "LOG10_2": mp.log10(2),
            "LOG10_E": 1 / mp.ln10,
        }
        # The product of the largest double and the fraction of a turn begins at its 970th bit.
        return [(name, value, 192) for name, value in pairs.items()] + [("INVERSE_TURN", 1 / (2 * mp.pi), 1168)]


def main() -> None:
    """Print the module."""
    print(
        '"""Polynomial coefficients of the vector functions, lowest power first: made by tools/minimax.py, not by hand."""'
    )
    print("\nfrom fractions import Fraction\n")
    for name, value, places in numbers():
        with mp.workprec(1400):
            print(f"{name} = Fraction(0x{int(mp.floor(mp.ldexp(value, places))):X}, 1 << {places})")
    tables: dict[str, list[str]] = {}
    for a in APPROXIMATIONS:
        for type in a.types:
            coefficients, bits = fit(a, type)
            print(a.name, type, len(coefficients), f"{bits:.1f}", file=sys.stderr)
            lines = [f"    # {a.about}: 2^{bits:.1f}", f'    "{type}": (']
            lines += [f"        {c!r}," for c in coefficients] + ["    ),"]
            tables.setdefault(a.name, []).extend(lines)
    for name, lines in tables.items():
        print(f"\n{name}: dict[str, tuple[float, ...]] = {{", *lines, "}", sep="\n")


if __name__ == "__main__":
    main()
