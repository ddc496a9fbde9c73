"""Functions of one element: roots, exponentials, logarithms, circular and hyperbolic functions, signs.

For each the formula of its derivative; what is linear, broadcast or promoted is the family's business. Complex
derivatives are those of holomorphic functions; `abs` and `sgn` are none and bring both rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import binary, cast, unary
from .._core.inplace import inplace
from .._core.operands import Refusal, no_kernel, raise_must_be_tensor
from .._core.out_checks import same_dtype
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor
from .publish import zero_cotangent
from .selection import masked, where

LN2, LN10 = math.log(2), math.log(10)


# -- exponentials and logarithms ------------------------------------------------------------------------------

exp = unary(
    "Exp",
    np.exp,
    lambda result: result,
    to_float=True,
    doc="""e to the power of each element.

    >>> import rushlight as torch
    >>> torch.exp(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """,
)


def _exp2(x: Any) -> Any:
    return np.exp(x * LN2) if x.dtype.kind == "c" else np.exp2(x)


exp2 = unary(
    "Exp2",
    _exp2,
    lambda result: result * LN2,
    to_float=True,
    doc="""2 to the power of each element.

    >>> import rushlight as torch
    >>> torch.exp2(torch.tensor([0, 3]))
    tensor([1., 8.])
    """,
)
expm1 = unary(
    "Expm1",
    np.expm1,
    lambda result: result + 1,
    to_float=True,
    doc="""``exp(x) - 1`` of each element, precise for small ones.

    >>> import rushlight as torch
    >>> torch.expm1(torch.tensor([0.0, 1e-8]))
    tensor([0.0000e+00, 1.0000e-08])
    """,
)
log = unary(
    "Log",
    np.log,
    lambda x: 1 / x,
    to_float=True,
    doc="""The natural logarithm of each element: nan for negative ones, minus infinity for 0.

    >>> import rushlight as torch
    >>> torch.log(torch.tensor([1.0, 0.0, -1.0]))
    tensor([0., -inf, nan])
    """,
)
log2 = unary(
    "Log2",
    np.log2,
    lambda x: 1 / (x * LN2),
    to_float=True,
    doc="""The logarithm to base 2 of each element.

    >>> import rushlight as torch
    >>> torch.log2(torch.tensor([1.0, 8.0]))
    tensor([0., 3.])
    """,
)


def _log10(x: Any) -> Any:
    # In single precision NumPy's log10(1000) is not 3.
    return np.log10(x.astype(np.float64)).astype(x.dtype) if x.dtype == np.float32 else np.log10(x)


log10 = unary(
    "Log10",
    _log10,
    lambda x: 1 / (x * LN10),
    to_float=True,
    doc="""The logarithm to base 10 of each element.

    >>> import rushlight as torch
    >>> torch.log10(torch.tensor([1.0, 1000.0]))
    tensor([0., 3.])
    """,
)
log1p = unary(
    "Log1P",
    np.log1p,
    lambda x: 1 / (x + 1),
    to_float=True,
    doc="""``log(1 + x)`` of each element, precise for small ones.

    >>> import rushlight as torch
    >>> torch.log1p(torch.tensor([0.0, 1e-8]))
    tensor([0.0000e+00, 1.0000e-08])
    """,
)


# -- roots and reciprocals ----------------------------------------------------------------------------------------

sqrt = unary(
    "Sqrt",
    np.sqrt,
    lambda result: 0.5 / result,
    to_float=True,
    doc="""The square root of each element: nan for negative ones. Its derivative at 0 is infinite.

    >>> import rushlight as torch
    >>> torch.sqrt(torch.tensor([4.0, 2.0]))
    tensor([2.0000, 1.4142])
    """,
)
rsqrt = unary(
    "Rsqrt",
    lambda x: x.dtype.type(1) / np.sqrt(x),
    lambda result: result**3 * -0.5,
    to_float=True,
    doc="""One over the square root of each element.

    >>> import rushlight as torch
    >>> torch.rsqrt(torch.tensor([4.0, 1.0]))
    tensor([0.5000, 1.0000])
    """,
)
reciprocal = unary(
    "Reciprocal",
    lambda x: x.dtype.type(1) / x,
    lambda result: -(result * result),
    to_float=True,
    doc="""One over each element; integers become floats.

    >>> import rushlight as torch
    >>> torch.reciprocal(torch.tensor([4.0, -1.0]))
    tensor([ 0.2500, -1.0000])
    """,
)


# -- circular functions -------------------------------------------------------------------------------------------

sin = unary(
    "Sin",
    np.sin,
    lambda x: x.cos(),
    to_float=True,
    doc="""The sine of each element, an angle in radians.

    >>> import rushlight as torch
    >>> torch.sin(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8415])
    """,
)
cos = unary(
    "Cos",
    np.cos,
    lambda x: -x.sin(),
    to_float=True,
    doc="""The cosine of each element, an angle in radians.

    >>> import rushlight as torch
    >>> torch.cos(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.5403])
    """,
)
tan = unary(
    "Tan",
    np.tan,
    lambda result: result * result + 1,
    to_float=True,
    doc="""The tangent of each element, an angle in radians.

    >>> import rushlight as torch
    >>> torch.tan(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5574])
    """,
)
asin = unary(
    "Asin",
    np.arcsin,
    lambda x: (1 - x * x).rsqrt(),
    to_float=True,
    doc="""The arcsine of each element, in radians: nan outside -1 to 1.

    >>> import rushlight as torch
    >>> torch.asin(torch.tensor([0.5, 2.0]))
    tensor([0.5236,    nan])
    """,
)
acos = unary(
    "Acos",
    np.arccos,
    lambda x: -(1 - x * x).rsqrt(),
    to_float=True,
    doc="""The arccosine of each element, in radians: nan outside -1 to 1.

    >>> import rushlight as torch
    >>> torch.acos(torch.tensor([0.5, 2.0]))
    tensor([1.0472,    nan])
    """,
)
atan = unary(
    "Atan",
    np.arctan,
    lambda x: 1 / (x * x + 1),
    to_float=True,
    doc="""The arctangent of each element, in radians.

    >>> import rushlight as torch
    >>> torch.atan(torch.tensor([1.0, -1.0]))
    tensor([ 0.7854, -0.7854])
    """,
)


def _sinc(x: Any) -> Any:
    t = x * x.dtype.type(np.pi)
    return np.where(x == 0, x.dtype.type(1), np.sin(t) / np.where(x == 0, x.dtype.type(1), t))


def _sinc_slope(x: Any) -> Any:
    """``(cos(t) - sin(t) / t) / x`` for ``t = pi x``, and its limit 0 at 0."""
    t = x * math.pi
    nonzero = where(t == 0, 1, t)
    return where(t == 0, 0, (t * t.cos() - t.sin()) * math.pi / (nonzero * nonzero))


sinc = unary(
    "Sinc",
    _sinc,
    _sinc_slope,
    to_float=True,
    doc="""``sin(pi x) / (pi x)`` of each element, 1 at 0.

    >>> import rushlight as torch
    >>> torch.sinc(torch.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """,
)


def _angle_conversion(name: str, factor: float, doc: str) -> Any:
    title = name.lower()
    return unary(
        name,
        lambda x: x * x.dtype.type(factor),
        factor,
        to_float=True,
        refuses=(Refusal("c", f"{title} is not supported for complex tensors.", RuntimeError),),
        doc=doc,
    )


deg2rad = _angle_conversion(
    "Deg2Rad",
    math.pi / 180,
    """Angles in degrees as radians.

    >>> import rushlight as torch
    >>> torch.deg2rad(torch.tensor([180.0, -90.0]))
    tensor([ 3.1416, -1.5708])
    """,
)
rad2deg = _angle_conversion(
    "Rad2Deg",
    180 / math.pi,
    """Angles in radians as degrees.

    >>> import rushlight as torch
    >>> torch.rad2deg(torch.tensor([3.1416, -1.5708]))
    tensor([180.0004, -90.0002])
    """,
)


# -- hyperbolic functions -----------------------------------------------------------------------------------------

sinh = unary(
    "Sinh",
    np.sinh,
    lambda x: x.cosh(),
    to_float=True,
    doc="""The hyperbolic sine of each element.

    >>> import rushlight as torch
    >>> torch.sinh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.1752])
    """,
)
cosh = unary(
    "Cosh",
    np.cosh,
    lambda x: x.sinh(),
    to_float=True,
    doc="""The hyperbolic cosine of each element.

    >>> import rushlight as torch
    >>> torch.cosh(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 1.5431])
    """,
)
_ONE = {np.dtype(t): np.ones((), t) for t in "fdFD"}


def slope_of_result(
    name: str, slope: Callable[[Any], Any], cotangent_of_result: Any, tangent_of_result: Any
) -> Callable[[Any, Any], Tensor]:
    """The record of ``g * conj(slope(result))``: what the backward pass multiplies by, as one operation and not three.

    A loss with derivatives inside (of a physical law, of forces) spends most of its time here, where every factor is
    differentiated again. ``slope`` works on arrays and makes a new one. ``cotangent_of_result(g, a, b)`` and
    ``tangent_of_result(a, b, b_t)`` are what ``b``, the result, gets and gives; by ``a``, the cotangent, the operation
    is linear.
    """

    def forward(g: Any, result: Any) -> Any:
        factor = slope(result if result.dtype.kind == "f" else result.conj())
        if factor.shape == g.shape and g.ndim:
            return np.multiply(factor, g, out=factor)
        return factor * g

    def tangent(a: Any, b: Any, a_t: Any, b_t: Any) -> Any:
        if b_t is None:
            return function(a_t, b)
        of_result = tangent_of_result(a, b, b_t)
        return of_result if a_t is None else function(a_t, b) + of_result

    function = binary(
        name,
        forward,
        vjp=(lambda g, b: function(g, b.conj()), cotangent_of_result),
        jvp=tangent,
    )
    return function


def _slope_of_tanh(result: Any) -> Any:
    square = result * result
    return np.subtract(_ONE[result.dtype], square, out=square if result.ndim else None)


tanh_backward = slope_of_result(
    "TanhBackwardBackward0",
    _slope_of_tanh,
    lambda g, a, b: a * g.conj() * b.conj() * -2,
    lambda a, b, b_t: a * (b * b_t).conj() * -2,
)
tanh = unary(
    "Tanh",
    np.tanh,
    vjp=lambda g, result: tanh_backward(g, result),
    jvp=lambda x_t, result: tanh_backward(x_t, result.conj()),
    to_float=True,
    doc="""The hyperbolic tangent of each element.

    >>> import rushlight as torch
    >>> torch.tanh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """,
)
asinh = unary(
    "Asinh",
    np.arcsinh,
    lambda x: (x * x + 1).rsqrt(),
    to_float=True,
    doc="""The inverse of the hyperbolic sine, of each element.

    >>> import rushlight as torch
    >>> torch.asinh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8814])
    """,
)
acosh = unary(
    "Acosh",
    np.arccosh,
    lambda x: (x - 1).rsqrt() * (x + 1).rsqrt(),
    to_float=True,
    doc="""The inverse of the hyperbolic cosine, of each element: nan below 1.

    >>> import rushlight as torch
    >>> torch.acosh(torch.tensor([1.0, 2.0]))
    tensor([0.0000, 1.3170])
    """,
)
atanh = unary(
    "Atanh",
    np.arctanh,
    lambda x: 1 / (1 - x * x),
    to_float=True,
    doc="""The inverse of the hyperbolic tangent, of each element: nan outside -1 to 1.

    >>> import rushlight as torch
    >>> torch.atanh(torch.tensor([0.0, 0.5]))
    tensor([0.0000, 0.5493])
    """,
)


# -- sigmoid and relu ---------------------------------------------------------------------------------------------


def _sigmoid(x: Any) -> Any:
    one = x.dtype.type(1)
    return one / (one + np.exp(-x))


def _slope_of_sigmoid(result: Any) -> Any:
    rest = _ONE[result.dtype] - result
    rest *= result
    return rest


sigmoid_backward = slope_of_result(
    "SigmoidBackwardBackward0",
    _slope_of_sigmoid,
    lambda g, a, b: a * g.conj() * (1 - 2 * b.conj()),
    lambda a, b, b_t: a * (b_t * (1 - 2 * b)).conj(),
)
sigmoid = unary(
    "Sigmoid",
    _sigmoid,
    vjp=lambda g, result: sigmoid_backward(g, result),
    jvp=lambda x_t, result: sigmoid_backward(x_t, result.conj()),
    to_float=True,
    doc="""The logistic function ``1 / (1 + exp(-x))`` of each element.

    >>> import rushlight as torch
    >>> torch.sigmoid(torch.tensor([0.0, 2.0]))
    tensor([0.5000, 0.8808])
    """,
)


def _logit(x: Any, eps: float | None) -> Any:
    if eps is not None:
        low = x.dtype.type(eps)
        x = np.minimum(np.maximum(x, low), x.dtype.type(1) - low)
    return np.log(x / (x.dtype.type(1) - x))


def _logit_slope(x: Any, eps: float | None) -> Any:
    outside = (x < 0) | (x > 1) if eps is None else (x < eps) | (x > 1 - eps)
    return where(outside, math.nan if eps is None else 0, 1 / (x * (1 - x)))


logit_p = Primitive("Logit", _logit, derivative=(_logit_slope,), widen=True, family="unary")


@operation(inplace=True)
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """``log(x / (1 - x))`` of each element, which with ``eps`` is first clamped to ``eps`` and ``1 - eps``.

    >>> import rushlight as torch
    >>> torch.logit(torch.tensor([0.5, 0.8]))
    tensor([0.0000, 1.3863])
    """
    return logit_p.bind(as_float(input, "logit", no_kernel("logit_cpu", "c")), eps=eps)


def as_float(input: Tensor, name: str, refuses: tuple[Refusal, ...] = ()) -> Tensor:
    """``input`` where it is of a float type already, else converted to the default one."""
    if not isinstance(input, Tensor):
        raise_must_be_tensor(name, "input", 1, input)
    for refusal in refuses:
        refusal.check(input._data.dtype)
    return cast(input, dtypes.get_default_dtype()) if input._data.dtype.kind in "biu" else input


# The cotangent of a function that is the identity above a threshold and constant below.
threshold_backward = Primitive(
    "ThresholdBackwardBackward0",
    lambda y, x, threshold: masked(y, ~(x <= threshold)),  # not `x > threshold`, which nans are not
    inputs="y x",
    vjp=(lambda g, x, threshold: threshold_backward.bind(g, x, threshold=threshold), None),
    jvp=lambda y_t, x, threshold: (
        zero_cotangent(x) if y_t is None else threshold_backward.bind(y_t, x, threshold=threshold)
    ),
    widen=True,
    family="elementwise",
)


_ZERO = {np.dtype(t): np.zeros((), t) for t in "fdbhilqBHILQ"}


def _relu(x: Any) -> Any:
    return np.maximum(_ZERO[x.dtype], x)  # in this order minus zero stays what it is, as in PyTorch


relu = unary(
    "Relu",
    _relu,
    vjp=lambda g, result: threshold_backward.bind(g, result, threshold=0),
    jvp=lambda x_t, result: threshold_backward.bind(x_t, result, threshold=0),
    refuses=(
        Refusal("b", "Boolean inputs not supported for relu", RuntimeError),
        Refusal("c", "clamp is not supported for complex types"),
    ),
    doc="""Each element, or 0 where it is negative. The derivative at 0 is 0.

    >>> import rushlight as torch
    >>> torch.relu(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """,
)


# -- size and sign ------------------------------------------------------------------------------------------------


def _abs_tangent(x: Tensor, x_t: Tensor) -> Tensor:
    product = x.sgn().conj() * x_t
    return product.real if x._data.dtype.kind == "c" else product


abs = unary(
    "Abs",
    np.abs,
    vjp=lambda g, x: g * x.sgn(),
    jvp=_abs_tangent,
    refuses=no_kernel("abs_cpu", "b"),
    doc="""The absolute value of each element: of a complex one, its modulus, which is real.

    >>> import rushlight as torch
    >>> torch.abs(torch.tensor([-1.0, 2.0])), torch.abs(torch.tensor([3 + 4j]))
    (tensor([1., 2.]), tensor([5.]))
    """,
)


def _sign(x: Any) -> Any:
    if x.dtype.kind == "b":
        return x.copy()
    if x.dtype.kind == "f":
        return np.subtract(x > 0, x < 0, dtype=np.int8).astype(x.dtype)  # 0 for nan, as PyTorch has it
    return np.sign(x)


_constant: dict[str, Any] = {
    "vjp": lambda g: zero_cotangent(g),
    "jvp": lambda x_t: zero_cotangent(x_t),
}
sign = unary(
    "Sign",
    _sign,
    refuses=(
        Refusal(
            "c", "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."
        ),
    ),
    doc="""-1, 0 or 1 for each element. Not for complex tensors, which have `sgn`.

    >>> import rushlight as torch
    >>> torch.sign(torch.tensor([-3.0, 0.0, 2.0]))
    tensor([-1.,  0.,  1.])
    """,
    **_constant,
)


def _sgn(x: Any) -> Any:
    if x.dtype.kind != "c":
        return _sign(x)
    size = np.abs(x)
    return np.where(size == 0, x.dtype.type(0), x / np.where(size == 0, size.dtype.type(1), size))


def _sgn_change(t: Tensor, x: Tensor, result: Tensor) -> Tensor:
    """What a change ``t`` of ``x`` changes in its direction: the part across, over the distance from 0.

    From d(x / |x|) = (dx - s Re(conj(s) dx)) / |x| for s = sgn(x); as a map of the plane it is symmetric, so it
    serves forward and backward. 0 at 0.
    """
    if x._data.dtype.kind != "c":
        return zero_cotangent(t)
    size = x.abs()
    across = (t - result * (result.conj() * t).real) / where(size == 0, 1, size)
    return where(size == 0, 0, across)


sgn = unary(
    "Sgn",
    _sgn,
    vjp=lambda g, x, result: _sgn_change(g, x, result),
    jvp=lambda x, x_t, result: _sgn_change(x_t, x, result),
    doc="""The direction of each element: ``x / |x|``, and 0 for 0. For real numbers their `sign`.

    >>> import rushlight as torch
    >>> torch.sgn(torch.tensor([3 + 4j, 0]))
    tensor([0.6000+0.8000j, 0.0000+0.0000j])
    """,
)


# -- what is public -------------------------------------------------------------------------------------------------

for _function, _aliases in {
    exp: (), exp2: (), expm1: (), log: (), log2: (), log10: (), log1p: (), sqrt: (), rsqrt: (), reciprocal: (),
    sin: (), cos: (), tan: (), asin: ("arcsin",), acos: ("arccos",), atan: ("arctan",), sinc: (), deg2rad: (),
    rad2deg: (), sinh: (), cosh: (), tanh: (), asinh: ("arcsinh",), acosh: ("arccosh",), atanh: ("arctanh",),
    sigmoid: (), relu: (),
}.items():  # fmt: skip
    register(_function, aliases=_aliases, inplace=True)
register(sign, inplace=True, out=same_dtype)
register(sgn, inplace=True, out=same_dtype)


_plain_abs_ = inplace(abs)


def _abs_(self: Tensor) -> Tensor:
    """In-place form of `abs`. Raises RuntimeError for complex tensors, whose absolute values are real.

    >>> import rushlight as torch
    >>> torch.tensor([-1.0, 2.0]).abs_()
    tensor([1., 2.])
    """
    if self._data.dtype.kind == "c":
        raise RuntimeError("In-place abs is not supported for complex tensors.")
    return _plain_abs_(self)


register(abs, aliases=("absolute",), inplace=_abs_, out=same_dtype)
METHODS["__abs__"] = abs

for _name, _function in {
    "expit": sigmoid,
    "exp2": exp2,
    "expm1": expm1,
    "log1p": log1p,
    "sinc": sinc,
    "logit": logit,
}.items():
    register(_function, _name, namespace="torch.special", method=False)
