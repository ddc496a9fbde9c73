"""Functions of two elements beyond arithmetic: angles, lengths, logarithms of sums, signs and exponents."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.families import binary
from .._core.operands import no_kernel, raise_must_be_tensor
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import NAMESPACES, operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .elementwise import LN2
from .publish import entitled, no_derivative, publish, zero_cotangent
from .selection import where

frexp_type = return_type("frexp", "mantissa", "exponent")


# -- angles and lengths ---------------------------------------------------------------------------------------


def _over_square(a: Tensor, b: Tensor) -> Tensor:
    """``1 / (a² + b²)``, and 0 at the origin, where PyTorch has the angle not change at all."""
    square = a * a + b * b
    return square.reciprocal().masked_fill(square == 0, 0)


atan2 = binary(
    "Atan2",
    np.arctan2,
    (lambda a, b: b * _over_square(a, b), lambda a, b: -a * _over_square(a, b)),
    to_float=True,
    refuses=no_kernel("atan2_cpu", "c"),
    doc="""The angle, from minus pi to pi, of the points with these ``input`` (up) and ``other`` (to the right).

    >>> import rushlight as torch
    >>> torch.atan2(torch.tensor([1.0, -1.0]), torch.tensor([1.0, -1.0]))
    tensor([ 0.7854, -2.3562])
    """,
)
hypot = binary(
    "Hypot",
    np.hypot,
    (lambda a, result: a / result, lambda b, result: b / result),
    refuses=no_kernel("hypot_cpu", "biuc"),
    doc="""``sqrt(input**2 + other**2)`` without overflow on the way. For floating-point tensors.

    >>> import rushlight as torch
    >>> torch.hypot(torch.tensor([3.0]), torch.tensor([4.0]))
    tensor([5.])
    """,
)


# -- logarithms -----------------------------------------------------------------------------------------------------


def _logaddexp(x: Any, y: Any) -> Any:
    if x.dtype.kind != "c":
        return np.logaddexp(x, y)
    swapped = x.real < y.real
    larger, smaller = np.where(swapped, y, x), np.where(swapped, x, y)
    return np.where(larger.real == -np.inf, larger, larger + np.log1p(np.exp(smaller - larger)))


logaddexp = binary(
    "Logaddexp",
    _logaddexp,
    (lambda a, b: 1 / ((b - a).exp() + 1), lambda a, b: 1 / ((a - b).exp() + 1)),
    refuses=no_kernel("logaddexp_cpu", "biu"),
    doc="""``log(exp(input) + exp(other))`` without overflow on the way. Not for integers.

    >>> import rushlight as torch
    >>> torch.logaddexp(torch.tensor([0.0, 1000.0]), torch.tensor([0.0, 1000.0]))
    tensor([6.9315e-01, 1.0007e+03])
    """,
)
logaddexp2 = binary(
    "Logaddexp2",
    np.logaddexp2,
    (lambda a, b: 1 / ((b - a).exp2() + 1), lambda a, b: 1 / ((a - b).exp2() + 1)),
    refuses=no_kernel("logaddexp2_cpu", "biuc"),
    doc="""``log2(2**input + 2**other)`` without overflow on the way. For floating-point tensors.

    >>> import rushlight as torch
    >>> torch.logaddexp2(torch.tensor([3.0]), torch.tensor([3.0]))
    tensor([4.])
    """,
)


def _xlogy(x: Any, y: Any) -> Any:
    zero = (x == 0) & ~np.isnan(y)
    return np.where(zero, x.dtype.type(0), x * np.log(y))


def _xlogy_by_x(a: Any, b: Tensor) -> Tensor:
    return where((a == 0) & (b <= 0), 0, b.log())


def _xlogy_form(name: str, numbers: tuple[int, ...] = (), by_x: Any = _xlogy_by_x) -> Any:
    return binary(
        name,
        _xlogy,
        (by_x, lambda a, b: a / b),
        operation="xlogy",
        to_float=True,
        refuses=no_kernel("xlogy_cpu", "c"),
        numbers=numbers,
    )


_xlogy_tensors = _xlogy_form("Xlogy")
_xlogy_of_number = _xlogy_form("XlogyBackward1", (0,))


def _xlogy_number_by_x(a: Any, b: Any) -> Any:
    if isinstance(b, Tensor):
        return where(b <= 0, where(a == 0, 0, -math.inf).to(a.dtype), b.to(a.dtype).log())
    return where(a == 0, 0, -math.inf) if b <= 0 else math.log(b)


_xlogy_to_number = _xlogy_form("XlogyBackward2", (1,), _xlogy_number_by_x)


def xlogy(input: Any, other: Any) -> Any:
    """``input * log(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number.

    >>> import rushlight as torch
    >>> torch.xlogy(torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    if not isinstance(input, Tensor):
        return _xlogy_of_number(input, other)
    return _xlogy_tensors(input, other) if isinstance(other, Tensor) else _xlogy_to_number(input, other)


# -- signs and neighbours -------------------------------------------------------------------------------------------


def _copysign_form(name: str, numbers: tuple[int, ...] = ()) -> Any:
    return binary(
        name,
        np.copysign,
        vjp=(lambda g, a, result: g * where(a == 0, 0, result / a), lambda g: zero_cotangent(g)),
        jvp=lambda a, a_t, result: zero_cotangent(result) if a_t is None else a_t * where(a == 0, 0, result / a),
        operation="copysign",
        to_float=True,
        refuses=no_kernel("copysign_cpu", "c"),
        numbers=numbers,
    )


_copysign_tensors = _copysign_form("Copysign")
_copysign_number = _copysign_form("CopysignBackward1", (1,))


def copysign(input: Any, other: Any) -> Any:
    """The size of ``input`` with the sign of ``other``, which may be a number (-0.0 is negative).

    >>> import rushlight as torch
    >>> torch.copysign(torch.tensor([1.0, -2.0]), -1)
    tensor([-1., -2.])
    """
    return (_copysign_tensors if isinstance(other, Tensor) else _copysign_number)(input, other)


nextafter = binary(
    "Nextafter",
    np.nextafter,
    vjp=(lambda g: g, lambda g: zero_cotangent(g)),
    jvp=lambda a_t, result: zero_cotangent(result) if a_t is None else a_t,
    refuses=no_kernel("nextafter_cpu", "biuc"),
    doc="""The next floating-point number after each element, towards ``other``.

    >>> import rushlight as torch
    >>> torch.nextafter(torch.tensor([1.0]), torch.tensor([2.0])) - 1
    tensor([1.1921e-07])
    """,
)

_undefined = no_derivative("heaviside")


def _heaviside(x: Any, values: Any) -> Any:
    return np.where(x == 0, values, (x > 0).astype(x.dtype))


heaviside_p = entitled(
    binary(
        "Heaviside",
        _heaviside,
        vjp=(lambda g: _undefined(g), lambda g: _undefined(g)),
        jvp=lambda result: _undefined(result),
    ),
    "NotImplemented",
)


@operation(inplace=True, out=OutCheck("heaviside is not yet implemented for tensors with different dtypes."))
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 for negative elements, 1 for positive ones, ``values`` at 0.

    Raises RuntimeError for operands of different dtypes, and for complex ones.

    >>> import rushlight as torch
    >>> torch.heaviside(torch.tensor([-1.5, 0.0, 2.0]), torch.tensor([0.5]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    for position, (name, t) in enumerate((("input", input), ("values", values)), 1):
        if not isinstance(t, Tensor):
            raise_must_be_tensor("heaviside", name, position, t)
    if "c" in (input._data.dtype.kind, values._data.dtype.kind):
        raise RuntimeError("heaviside is not yet implemented for complex tensors.")
    if input._data.dtype != values._data.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return heaviside_p(input, values)


# -- mantissas and exponents ------------------------------------------------------------------------------------------


def _ldexp(x: Any, y: Any) -> Any:
    return x * np.power(y.dtype.type(2), y)


ldexp_p = binary(
    "Ldexp",
    _ldexp,
    (lambda b: 2**b, lambda result: result * LN2),
    operation="ldexp",
    to_float=True,
    doc="""``input * 2**other``.

    >>> import rushlight as torch
    >>> torch.ldexp(torch.tensor([1.0, 3.0]), torch.tensor([4, -1]))
    tensor([16.0000,  1.5000])
    """,
)


def _frexp(x: Any) -> Any:
    mantissa, exponent = np.frexp(x)
    return mantissa, np.where(np.isfinite(x), exponent, np.int32(0))


frexp_p = Primitive(
    "Frexp",
    _frexp,
    vjp=lambda g, result_1: g * (-result_1.to(g.dtype)).exp2(),
    jvp=lambda x_t, result: (x_t * (-result[1].to(x_t.dtype)).exp2(), None),
    widen=True,
    outputs=2,
    constant=(1,),
    family="unary",
)


_of_frexp = (
    OutCheck("torch.frexp() expects mantissa to have dtype {result} but got {out}"),
    OutCheck("torch.frexp() expects exponent to have int dtype but got {out}"),
)


@operation(out=_of_frexp)
def frexp(input: Tensor) -> Any:
    """Each element as ``mantissa * 2**exponent`` with the mantissa's size in [0.5, 1): a named tuple of the two.

    >>> import rushlight as torch
    >>> mantissa, exponent = torch.frexp(torch.tensor([1.0, 6.0]))
    >>> mantissa, exponent
    (tensor([0.5000, 0.7500]), tensor([1, 3], dtype=torch.int32))
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("frexp", "input", 1, input)
    if input._data.dtype.kind not in "fV":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    return frexp_type(frexp_p.bind(input))


# -- what is public -------------------------------------------------------------------------------------------------

publish(atan2, "atan2", aliases=("arctan2",), takes=("TT",))
publish(hypot, "hypot", takes=("TT",))
publish(logaddexp, "logaddexp", takes=("TT",), inplace=False)
publish(logaddexp2, "logaddexp2", takes=("TT",), inplace=False)
publish(xlogy, "xlogy", takes=("TT", "TN", "NT"))
register(NAMESPACES["torch"]["xlogy"], "xlogy", namespace="torch.special", method=False, out=False)
publish(copysign, "copysign")
publish(nextafter, "nextafter", takes=("TT",))
publish(ldexp_p, "ldexp", takes=("TT",))
