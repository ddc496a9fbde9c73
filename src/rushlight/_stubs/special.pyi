"""The functions of `rushlight.special`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from typing import Any
import builtins
from .._core.tensor import Tensor

def airy_ai(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Airy's function Ai of each element: the solution of ``y'' = x y`` that goes to 0."""
def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 0, of each element."""
def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 1, of each element."""
def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 0, of each element: minus infinity at 0, nan below."""
def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 1, of each element: minus infinity at 0, nan below."""
def chebyshev_polynomial_t(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the first kind: ``cos(n * acos(x))`` between -1 and 1."""
def chebyshev_polynomial_u(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the second kind: ``sin((n + 1) * t) / sin(t)`` for ``x = cos(t)``."""
def chebyshev_polynomial_v(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the third kind: ``cos((n + 1/2) * t) / cos(t/2)`` for ``x = cos(t)``."""
def chebyshev_polynomial_w(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the fourth kind: ``sin((n + 1/2) * t) / sin(t/2)`` for ``x = cos(t)``."""
def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function, of each element. Needs SciPy."""
def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-x * log(x)`` of each element: 0 at 0, minus infinity below."""
def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function of each element: the integral of ``2 / sqrt(pi) * exp(-t**2)`` from 0."""
def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(x)`` of each element, precise where that is small."""
def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(x**2) * erfc(x)`` of each element, without overflow for large ones."""
def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function, of each element: nan outside -1 to 1, infinite at both ends."""
def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 to the power of each element."""
def expit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logistic function ``1 / (1 + exp(-x))`` of each element."""
def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) - 1`` of each element, precise for small ones."""
def gammainc(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The regularized lower incomplete gamma function: the chance that a gamma variable is below ``other``."""
def gammaincc(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function: what `igamma` leaves to 1. Needs SciPy."""
def gammaln(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function of each element. Needs SciPy."""
def hermite_polynomial_h(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Hermite's polynomial as physicists have it, with the leading coefficient ``2**n``."""
def hermite_polynomial_he(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Hermite's polynomial as statisticians have it, with the leading coefficient 1."""
def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, of each element."""
def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(-|x|) * i0(x)`` of each element, without overflow for large ones. Needs SciPy."""
def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1, of each element. Needs SciPy."""
def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(-|x|) * i1(x)`` of each element, without overflow for large ones. Needs SciPy."""
def laguerre_polynomial_l(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Laguerre's polynomial."""
def legendre_polynomial_p(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Legendre's polynomial."""
def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + x)`` of each element, precise for small ones."""
def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the normal distribution function of each element."""
def log_softmax(input: Tensor, dim: builtins.int, dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of `softmax`, computed without leaving the logarithmic scale."""
def logit(input: Tensor, eps: builtins.float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``log(x / (1 - x))`` of each element, which with ``eps`` is first clamped to ``eps`` and ``1 - eps``."""
def logsumexp(input: Tensor, dim: Any, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the sum of exponentials along ``dim`` (an int or several), computed without overflow."""
def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, of each element; `i0`, which has a derivative too."""
def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1, of each element; `i1`, which has a derivative too."""
def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 0, of each element: infinite at 0, nan below."""
def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 1, of each element: infinite at 0, nan below."""
def multigammaln(input: Tensor, p: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension ``p`` at each element. Needs SciPy."""
def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The normal distribution function of each element: the chance that a standard normal number is smaller."""
def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `ndtr`: what a standard normal number is smaller than, with this chance. Needs SciPy."""
def polygamma(n: builtins.int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The ``n``-th derivative of `digamma` at each element. Needs SciPy; RuntimeError for a negative ``n``."""
def psi(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function, of each element. Needs SciPy."""
def round(input: Tensor, *, decimals: builtins.int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest whole number to each element, the even one where two are equally near."""
def scaled_modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) * modified_bessel_k0(x)`` of each element."""
def scaled_modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) * modified_bessel_k1(x)`` of each element."""
def shifted_chebyshev_polynomial_t(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the first kind at ``2 * x - 1``."""
def shifted_chebyshev_polynomial_u(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the second kind at ``2 * x - 1``."""
def shifted_chebyshev_polynomial_v(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the third kind at ``2 * x - 1``."""
def shifted_chebyshev_polynomial_w(x: Any, n: Any, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the fourth kind at ``2 * x - 1``."""
def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(pi x) / (pi x)`` of each element, 1 at 0."""
def softmax(input: Tensor, dim: builtins.int, dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """``exp(x)`` divided by its sum along ``dim``: positive numbers that sum to one."""
def spherical_bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(x) / x`` of each element, 1 at 0: the spherical Bessel function of the first kind of order 0."""
def xlog1py(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * log1p(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number."""
def xlogy(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * log(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number."""
def zeta(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Hurwitz's zeta function: the sum of ``(k + other)**-input`` over k = 0, 1, 2 ... One may be a number."""
