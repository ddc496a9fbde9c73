"""The gamma function's relatives, by SciPy where installed: computed in double precision and rounded once."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import numpy as np

from .._core.families import binary, unary
from .._core.operands import function_form, no_kernel, raise_must_be_tensor
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .creation import arange
from .elementwise import as_float
from .publish import publish
from .special import in_double, in_parts, polynomial, scipy_special


def _lgamma(x: Any) -> Any:
    gammaln = scipy_special("lgamma").gammaln
    # Around its zeros, 1 and 2, SciPy's function loses digits.
    out = in_parts(x, np.minimum(np.abs(x - 1), np.abs(x - 2)) < 0.2, _lgamma_near_zeros, gammaln)
    return np.where(x == -np.inf, np.inf, out + 0.0)  # without the sign that a zero may come with


def _lgamma_near_zeros(x: Any) -> Any:
    """lgamma(1 + z) = -γ z + Σ ζ(k) (-z)ᵏ / k, and lgamma(2 + z) = lgamma(1 + z) + log(1 + z)."""
    above = x > 1.5
    z = np.where(above, x - 2, x - 1)
    return polynomial(z, _series_of_lgamma()) * z + np.log1p(z * above)


@cache
def _series_of_lgamma() -> tuple[float, ...]:
    zeta = scipy_special("lgamma").zeta
    return (-np.euler_gamma, *[float(zeta(k)) * (-1) ** k / k for k in range(2, 25)])  # 0.2²⁵ / 25 is 1e-19


def _digamma(x: Any) -> Any:
    out = scipy_special("digamma").psi(x)
    # At the poles: infinite with the sign of the zero on the other side, and no sign at all further left.
    return np.where(x == 0, -np.copysign(np.inf, x), np.where((x < 0) & (np.floor(x) == x), np.nan, out))


def _polygamma(x: Any, n: int) -> Any:
    if n == 0:
        return in_double(_digamma)(x)
    function = scipy_special("polygamma").polygamma
    if n == 1:
        return in_double(lambda x: in_parts(x, x > 0, _trigamma, lambda x: function(1, x)))(x)
    return in_double(lambda x: function(n, x))(x)


# Bernoulli's numbers of even index, from 2 on.
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
SHIFT = 10


def _trigamma(x: Any) -> Any:
    """Of positive numbers: ψ'(x) = Σ 1 / (x + k)² + ψ'(x + 10), where the asymptotic series has all digits (Abramowitz
    and Stegun, 6.4.6 and 6.4.12). SciPy adds up Hurwitz' zeta function, which takes ten times as long."""
    inverse = 1 / (x + SHIFT)
    square = inverse * inverse
    out = inverse + square / 2 + polynomial(square, BERNOULLI) * square * inverse
    for k in reversed(range(SHIFT)):  # the largest last
        t = 1 / (x + k)
        t *= t
        out += t
    return out


lgamma = unary(
    "Lgamma",
    in_double(_lgamma),
    lambda x: digamma(x),
    to_float=True,
    refuses=no_kernel("lgamma_vml_cpu", "c"),
    doc="""The logarithm of the absolute value of the gamma function of each element. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.lgamma(torch.tensor([1.0, 4.0]))
    tensor([0.0000, 1.7918])
    """,
)
digamma = unary(
    "Digamma",
    in_double(_digamma),
    lambda x: polygamma(1, x),
    to_float=True,
    refuses=no_kernel("digamma", "c"),
    doc="""The derivative of the logarithm of the gamma function, of each element. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.digamma(torch.tensor([1.0, 0.5]))
    tensor([-0.5772, -1.9635])
    """,
)
polygamma_p = Primitive(
    "Polygamma", _polygamma, derivative=(lambda x, n: polygamma(n + 1, x),), widen=True, family="unary"
)


def polygamma(n: int, input: Tensor) -> Tensor:
    """The ``n``-th derivative of `digamma` at each element. Needs SciPy; RuntimeError for a negative ``n``.

    >>> import rushlight as torch
    >>> torch.polygamma(1, torch.tensor([1.0]))
    tensor([1.6449])
    """
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if not isinstance(input, Tensor):
        raise_must_be_tensor("polygamma", "input", 2, input)
    return polygamma_p.bind(as_float(input, "polygamma"), n=n)


@operation(name="polygamma", namespace=None, inplace=True)
def _polygamma_method(self: Tensor, n: int) -> Tensor:
    return polygamma(n, self)


@operation(inplace=True)
def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension ``p`` at each element. Needs SciPy.

    That is `lgamma` at ``input``, ``input - 1/2`` ... ``input - (p - 1)/2``, added up, and ``p * (p - 1) / 4 * log(pi)``.
    RuntimeError for ``p`` below 1 and bool tensors.

    >>> import rushlight as torch
    >>> torch.mvlgamma(torch.tensor([1.0, 4.0]), 2)
    tensor([1.1447, 3.5651])
    """
    if type(p) is bool or not hasattr(p, "__index__"):
        raise TypeError(f"mvlgamma(): argument 'p' (position 2) must be int, not {type(p).__name__}")
    if isinstance(input, Tensor) and input._data.dtype.kind == "b":
        raise RuntimeError("The input tensor may not be a boolean tensor.")
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    x = as_float(input, "mvlgamma", no_kernel("arange_cpu", "c"))
    steps = arange(p, dtype=x.dtype) * 0.5
    return lgamma(x.unsqueeze(-1) - steps).sum(-1) + p * (p - 1) / 4 * math.log(math.pi)


# -- the incomplete gamma functions --------------------------------------------------------------------------------


def not_derived(name: str) -> Callable[[Any], Any]:
    """The derivative by the first argument of a function of two that has one by the second alone."""

    def rule(a: Any) -> NoReturn:
        raise NotImplementedError(
            f"the derivative for '{name}' is not implemented.\nIt is known by the second argument only: detach() the first."
        )

    return rule


def in_double_both(function: str, operation: str) -> Callable[[Any, Any], Any]:
    """SciPy's function of two numbers, for arrays of every float type."""

    def forward(x: Any, y: Any) -> Any:
        result = getattr(scipy_special(operation), function)(x.astype(np.float64), y.astype(np.float64))
        return np.asarray(result).astype(x.dtype)

    return forward


def _density(a: Any, b: Any) -> Any:
    """The density at ``b`` of the gamma distribution of shape ``a``."""
    return ((a - 1) * b.log() - b - lgamma(a)).exp()


igamma = binary(
    "Igamma",
    in_double_both("gammainc", "igamma"),
    (not_derived("igamma: input"), lambda a, b: _density(a, b)),
    refuses=no_kernel("igamma_cpu", "biuc"),
    doc="""The regularized lower incomplete gamma function: the chance that a gamma variable is below ``other``.

    ``input`` is the distribution's shape, 0 or more. Needs SciPy. There is a derivative by ``other`` only.

    >>> import rushlight as torch
    >>> torch.igamma(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0]))
    tensor([0.6321, 0.5940])
    """,
)
igammac = binary(
    "Igammac",
    in_double_both("gammaincc", "igammac"),
    (not_derived("igammac: input"), lambda a, b: -_density(a, b)),
    refuses=no_kernel("igammac_cpu", "biuc"),
    doc="""The regularized upper incomplete gamma function: what `igamma` leaves to 1. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.igammac(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0]))
    tensor([0.3679, 0.4060])
    """,
)


# -- what is public -------------------------------------------------------------------------------------------------

register(lgamma, inplace=True)
register(digamma, inplace=True)
register(polygamma, method=False)
_special: dict[str, Callable[..., Any]] = {
    "gammaln": lgamma, "digamma": digamma, "psi": digamma, "polygamma": polygamma, "multigammaln": mvlgamma,
}  # fmt: skip
for _operator, _name in ((igamma, "gammainc"), (igammac, "gammaincc")):
    publish(_operator, _operator.__name__, takes=("TT",), overloaded=False)
    _special[_name] = function_form(_operator, f"special_{_name}", takes=("TT",), overloaded=False)
for _name, _each in _special.items():
    register(_each, _name, namespace="torch.special", method=False)
