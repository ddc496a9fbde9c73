"""Special functions: the error function and its relatives in NumPy, and how others come from SciPy where installed.

All are computed in double precision and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.families import unary
from .._core.large import in_blocks
from .._core.operands import no_kernel
from .._core.registry import register
from .._core.tensor import Tensor
from .elementwise import as_float
from .selection import by_bits

# Chebyshev series in powers of their variable. CENTRE: erf(x) / x in x**2, for |x| <= 1. TAIL: after M. M. Shepherd
# and J. G. Laframboise (Mathematics of Computation 36, 1981), (1 + 2x) exp(x**2) erfc(x) for all x >= 0 in
# t = (x - 3.75) / (x + 3.75). Each is good to about two units in the last place of a double.
CENTRE = (
    1.1283791670955126, -0.37612638903183754, 0.1128379167095512, -0.026866170645129854, 0.005223977625423455,
    -0.0008548327021945428, 0.00012055332903350668, -1.4925647581008593e-05, 1.6462045711013026e-06,
    -1.6364645854816389e-07, 1.479243542696247e-08, -1.2164764337224506e-09, 8.709755232851789e-11,
    -4.2320376764874594e-12,
)  # fmt: skip
TAIL = (
    1.2375126308378275, -0.14024059858554702, 0.00358541548546369, 0.08227673849015102, -0.10880393014170746,
    0.09230432116019834, -0.05869339859054762, 0.0283622774215156, -0.009746579547619623, 0.0017556258324217529,
    0.00029371359480570737, -0.00029015397928986765, 5.164940777546399e-05, 2.2383912036550678e-05,
    -1.1445049125831309e-05, -9.72849582211122e-07, 1.7534434251106334e-06, -5.826281078800777e-08,
    -2.6114702359900956e-07, 2.4289762925488707e-08, 4.0971223152703005e-08, -4.389284159986328e-09,
    -6.545560212480267e-09, 5.457157304704688e-10, 9.02214970034059e-10, -3.75315827795962e-11, -7.33950500852954e-11,
)  # fmt: skip
# For single precision: erf(x) / x - 1 in x**2 up to 0.9, and log(erfc(x)) in x up to 4; good to about one unit.
SINGLE_CENTRE = (
    0.12837915122509003, -0.376125305891037, 0.11282212287187576, -0.026781339198350906, 0.0050153573974967,
    -0.0006106989458203316,
)  # fmt: skip
SINGLE_TAIL = (
    0.0003002688172273338, -1.130155086517334, -0.6319562196731567, -0.10996080189943314, 0.026355121284723282,
    -0.004736950621008873, 0.0005920927505940199, -4.551277379505336e-05, 1.6102404742923682e-06,
)  # fmt: skip
# The normal distribution's quantile, good to 1e-16: M. J. Wichura, algorithm AS 241 (Applied Statistics 37, 1988).
QUANTILE_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
QUANTILE_MIDDLE = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip
QUANTILE_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)  # fmt: skip
TWO_OVER_SQRT_PI = 2 / math.sqrt(math.pi)


# -- on arrays of float64 -------------------------------------------------------------------------------------


def polynomial(t: Any, coefficients: tuple[float, ...]) -> Any:
    """Horner's rule, lowest power first."""
    out = np.full_like(t, coefficients[-1])
    for c in coefficients[-2::-1]:
        out *= t
        out += c
    return out


def _scaled_tail(x: Any) -> Any:
    """exp(x**2) erfc(x) for x >= 0."""
    return polynomial(1 - 7.5 / (x + 3.75), TAIL) / (1 + 2 * x)


def _gaussian(x: Any) -> Any:
    """exp(-x**2), also where the rounding of the square would show; 0 from 30 on."""
    x = np.minimum(x, 30)
    head = x.astype(np.float32).astype(np.float64)  # its square is exact
    return np.exp(-head * head) * np.exp((head - x) * (head + x))


def _centre(x: Any) -> Any:
    """erf(x) for |x| <= 1."""
    return x * polynomial(x * x, CENTRE)


def in_parts(x: Any, inner: Any, f: Callable[[Any], Any], g: Callable[[Any], Any]) -> Any:
    """``f`` of the elements where ``inner`` is true, ``g`` of the others."""
    out = np.empty_like(x)
    out[inner] = f(x[inner])
    outer = ~inner
    out[outer] = g(x[outer])
    return out


def _erf_outer(x: Any) -> Any:
    size = np.abs(x)
    return np.copysign(1 - _gaussian(size) * _scaled_tail(size), x)


def _erfc_outer(x: Any) -> Any:
    size = np.abs(x)
    tail = _gaussian(size) * _scaled_tail(size)
    return np.where(x < 0, 2 - tail, tail)


def _erf(x: Any) -> Any:
    return in_parts(x, np.abs(x) < 1, _centre, _erf_outer)


def _erfc(x: Any) -> Any:
    return in_parts(x, np.abs(x) < 0.5, lambda x: 1 - _centre(x), _erfc_outer)


def _erfcx(x: Any) -> Any:
    return in_parts(x, x >= 0, _scaled_tail, lambda x: 2 / _gaussian(-x) - _scaled_tail(-x))


def _erfinv(y: Any) -> Any:
    size = np.abs(y)
    x = in_parts(
        size, size <= 0.85, lambda s: _ratio(0.180625 - 0.25 * s * s, QUANTILE_CENTRE) * (0.5 * s), _erfinv_outer
    )
    return np.copysign(x, y)


def _erfinv_outer(size: Any) -> Any:
    rest = 0.5 * (1 - size)  # exact
    r = np.sqrt(-np.log(rest))
    x = in_parts(r, r <= 5, lambda r: _ratio(r - 1.6, QUANTILE_MIDDLE), lambda r: _ratio(r - 5, QUANTILE_TAIL))
    return np.where(rest == 0, np.inf, x)


def _ratio(t: Any, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Any:
    """Of two polynomials, over √2: of the normal distribution's quantile makes that of the error function."""
    above, below = coefficients
    return polynomial(t, above) / polynomial(t, below) * math.sqrt(0.5)


def _log_ndtr(x: Any) -> Any:
    t = x * -math.sqrt(0.5)
    return in_parts(
        t,
        t > -0.7,  # from there on the logarithm of what is left is the better one
        lambda t: np.log(_erfcx(t) / 2) - t * t,
        lambda t: np.log1p(-_erfc(-t) / 2),
    )


def _single_erf(x: Any) -> Any:
    """erf(x) for float32: both series for every element, which costs less than to sort the elements."""
    size = np.abs(x)
    inner = size < 0.9
    centre = size + size * polynomial(size * size, SINGLE_CENTRE)
    tail = 1 - np.exp(polynomial(np.minimum(size, 4), SINGLE_TAIL))
    return np.copysign(by_bits(inner, centre, tail), x)


def in_double(f: Callable[[Any], Any], single: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    """``f``, a function of float64 arrays, for arrays of every float type; ``single`` for those of float32."""

    def block(x: Any) -> Any:
        if single is not None and x.dtype == np.float32:
            return single(x)
        return f(x.astype(np.float64)).astype(x.dtype)

    return in_blocks(block)


# -- the error function and its relatives -----------------------------------------------------------------------

erf = unary(
    "Erf",
    in_double(_erf, _single_erf),
    lambda x: (-(x * x)).exp() * TWO_OVER_SQRT_PI,
    to_float=True,
    refuses=no_kernel("erf_vml_cpu", "c"),
    doc="""The error function of each element: the integral of ``2 / sqrt(pi) * exp(-t**2)`` from 0.

    >>> import rushlight as torch
    >>> torch.erf(torch.tensor([0.0, -1.0, 10.0]))
    tensor([ 0.0000, -0.8427,  1.0000])
    """,
)
erfc = unary(
    "Erfc",
    in_double(_erfc),
    lambda x: (-(x * x)).exp() * -TWO_OVER_SQRT_PI,
    to_float=True,
    refuses=no_kernel("erfc_vml_cpu", "c"),
    doc="""``1 - erf(x)`` of each element, precise where that is small.

    >>> import rushlight as torch
    >>> torch.erfc(torch.tensor([0.0, -1.0, 5.0]))
    tensor([1.0000e+00, 1.8427e+00, 1.5375e-12])
    """,
)
erfinv = unary(
    "Erfinv",
    in_double(_erfinv),
    lambda result: (result * result).exp() * (math.sqrt(math.pi) / 2),
    to_float=True,
    refuses=no_kernel("erfinv_vml_cpu", "c"),
    doc="""The inverse of the error function, of each element: nan outside -1 to 1, infinite at both ends.

    >>> import rushlight as torch
    >>> torch.erfinv(torch.tensor([0.0, 0.5, -1.0]))
    tensor([0.0000, 0.4769,   -inf])
    """,
)
erfcx = unary(
    "SpecialErfcx",
    in_double(_erfcx),
    lambda x, result: x * result * 2 - TWO_OVER_SQRT_PI,
    operation="special_erfcx",
    to_float=True,
    refuses=no_kernel("erfcx", "c"),
    doc="""``exp(x**2) * erfc(x)`` of each element, without overflow for large ones.

    >>> import rushlight as torch
    >>> torch.special.erfcx(torch.tensor([0.0, 100.0]))
    tensor([1.0000, 0.0056])
    """,
)
log_ndtr = unary(
    "SpecialLogNdtr",
    in_double(_log_ndtr),
    lambda x: math.sqrt(2 / math.pi) / erfcx(x * -math.sqrt(0.5)),
    operation="special_log_ndtr",
    to_float=True,
    refuses=no_kernel("log_ndtr_cpu", "c"),
    doc="""The logarithm of the normal distribution function of each element.

    >>> import rushlight as torch
    >>> torch.special.log_ndtr(torch.tensor([0.0, -40.0]))
    tensor([  -0.6931, -804.6084])
    """,
)


def ndtr(input: Tensor) -> Tensor:
    """The normal distribution function of each element: the chance that a standard normal number is smaller.

    >>> import rushlight as torch
    >>> torch.special.ndtr(torch.tensor([0.0, 1.96]))
    tensor([0.5000, 0.9750])
    """
    return erfc(as_float(input, "special_ndtr") * -math.sqrt(0.5)) * 0.5


# -- the numbers of the gamma function's and of Bessel's relatives ----------------------------------------------------


def scipy_special(operation: str) -> Any:
    """SciPy's module of special functions, which ``operation`` needs."""
    try:
        import scipy.special
    except ImportError:
        raise ModuleNotFoundError(
            f"torch.{operation} needs SciPy, which is not installed: pip install 'rushlight[scipy]'"
        ) from None
    return scipy.special


# -- what is public -------------------------------------------------------------------------------------------------

for _function in (erf, erfc, erfinv):
    register(_function, inplace=True)
_special: dict[str, Callable[..., Any]] = {
    "erf": erf, "erfc": erfc, "erfinv": erfinv, "erfcx": erfcx, "ndtr": ndtr, "log_ndtr": log_ndtr,
}  # fmt: skip
for _name, _each in _special.items():
    register(_each, _name, namespace="torch.special", method=False)
