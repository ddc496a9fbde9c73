"""Powers. PyTorch has three records: a tensor to a number, to a tensor, and a number to a tensor.

For some numbers it does not compute a logarithm: squares, cubes, roots and reciprocals are what they say, which
matters for the last digit and for infinities. The derivative is zero where the exponent is zero, also at zero.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import BOOL, INTEGER
from .._core.families import WIDE, binary, cast, operand_rank, promote, unary_function
from .._core.inplace import inplace
from .._core.operands import as_number, fitted, no_kernel, raise_combination, rounded
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import METHODS, register
from .._core.tensor import Tensor
from .._core.traced_number import TracedNumber
from .selection import where

# -- a tensor to a number -----------------------------------------------------------------------------------------


def _to_number(x: Any, exponent: Any) -> Any:
    return _forward(exponent)(x)


def _forward(exponent: Any) -> Callable[[Any], Any]:
    """The function of an array that takes it to ``exponent``."""
    special = _SPECIAL.get(exponent)
    if special is not None:
        return special

    def power(x: Any) -> Any:
        return np.power(x, x.dtype.type(exponent))

    return power


_SPECIAL: dict[Any, Callable[[Any], Any]] = {
    0: np.ones_like,
    1: np.copy,
    2: np.square,
    3: lambda x: x * x * x,
    -2: lambda x: _one(x) / (x * x),
    -1: lambda x: _one(x) / x,
    0.5: np.sqrt,
    -0.5: lambda x: _one(x) / np.sqrt(x),
}


def _one(x: Any) -> Any:
    return x.dtype.type(1)


def _slope(x: Tensor, exponent: Any) -> Tensor:
    """The derivative of ``x ** exponent``."""
    if exponent == 2:
        return x * 2
    if exponent == 0:
        return x.new_zeros(x._data.shape)
    return pow(x, exponent - 1) * exponent


pow_number = Primitive("PowBackward0", _to_number, derivative=(_slope,), widen=True, family="unary")


@functools.lru_cache(maxsize=128)
def _fixed(exponent: Any) -> Callable[[Tensor], Tensor]:
    """The function of a tensor of the types in WIDE that takes it to ``exponent``."""
    return unary_function(pow_number, _forward(exponent), "pow", {"exponent": exponent})


def _pow_number(input: Tensor, exponent: Any) -> Tensor:
    common = dtypes.result_type_of([operand_rank(input), (dtypes.of_number(exponent), 0)])
    if common.category == INTEGER and exponent < 0:
        raise RuntimeError(
            "Integers to negative integer powers are not allowed.\nConvert the base first: base.float()."
        )
    exponent = int(exponent) if common.category == BOOL else fitted(exponent, common)
    return pow_number.bind(cast(input, common), exponent=exponent)


def square(input: Tensor) -> Tensor:
    """Each element times itself.

    >>> import rushlight as torch
    >>> torch.square(torch.tensor([1.5, -2.0]))
    tensor([2.2500, 4.0000])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"square(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return pow(input, 2)


# -- a tensor to a tensor -----------------------------------------------------------------------------------------


def _power(x: Any, y: Any) -> Any:
    if y.dtype.kind != "i" or not (y < 0).any():
        return np.power(x, y)
    # NumPy refuses negative exponents of integers; rounded towards zero only the powers of 1 and -1 are not 0.
    unit = np.where(y & 1, x, x * x)
    return np.where(y < 0, np.where(np.abs(x) == 1, unit, 0), np.power(x, np.maximum(y, 0))).astype(x.dtype)


def _by_base(a: Any, b: Any) -> Any:
    return where(b == 0, 0, b * a ** (b - 1))


def _by_exponent(a: Any, b: Any, result: Any) -> Any:
    """``result * log(a)``, and zero for a base of zero, where the power is constant for positive exponents."""
    constant = (a == 0) & (b.real >= 0)
    return where(constant, 0, result * where(constant, 1, a).log())


pow_tensor = binary("PowBackward1", _power, (_by_base, _by_exponent), operation="pow", refuses=no_kernel("pow", "b"))


# -- a number to a tensor -------------------------------------------------------------------------------------------


def _of_number(x: Any, base: Any) -> Any:
    return _power(np.asarray(base).astype(x.dtype), x)


def _by_exponent_alone(x: Tensor, base: Any, result: Tensor) -> Tensor:
    if base == 0:
        return where(x.real >= 0, 0, result * -math.inf)
    if isinstance(base, complex):
        return result * complex(np.log(base))
    return result * (math.log(base) if base > 0 else math.nan)


pow_of_number = Primitive("PowBackward2", _of_number, derivative=(_by_exponent_alone,), widen=True, family="unary")


def _pow_of_number(base: Any, exponent: Tensor) -> Tensor:
    (_, exponent), common = promote((base, exponent))
    for refusal in no_kernel("pow", "b"):
        refusal.check(common.np)
    return pow_of_number.bind(exponent, base=rounded(base, common))


# -- all of them ----------------------------------------------------------------------------------------------------


def pow(input: Any, exponent: Any) -> Tensor:
    """``input ** exponent``, element by element, broadcast; one of the two may be a number.

    Raises RuntimeError for integers to a negative number.

    >>> import rushlight as torch
    >>> torch.pow(torch.tensor([1.0, 2.0, 3.0]), 2), torch.pow(2, torch.tensor([1.0, 3.0]))
    (tensor([1., 4., 9.]), tensor([2., 8.]))
    """
    if isinstance(exponent, Tensor):
        if isinstance(input, Tensor):
            return pow_tensor(input, exponent)
        base = as_number(input)
        if isinstance(base, TracedNumber):
            if exponent._data.dtype in WIDE:
                return pow_tensor(base.of_type(exponent.dtype), exponent)
            base = base.fixed()  # the result is of another dtype, or computed in one
        return base if base is NotImplemented else _pow_of_number(base, exponent)
    exponent = as_number(exponent)
    if exponent is NotImplemented or not isinstance(input, Tensor):
        return NotImplemented
    if isinstance(exponent, TracedNumber):
        if input._data.dtype in WIDE:
            return pow_tensor(input, exponent.of_type(input.dtype))
        exponent = exponent.fixed()
    if type(exponent) is not complex and input._data.dtype in WIDE:
        return _fixed(exponent)(input)
    return _pow_number(input, exponent)


_FORMS = ("TT", "NT", "TN")


def _public(operator: Any, name: str, method: bool = False) -> Any:
    """The function or the method ``name``, which raises where the operator answers NotImplemented."""

    def call(input: Any, exponent: Any) -> Tensor:
        result = operator(input, exponent)
        if result is NotImplemented:
            given = (exponent,) if method else (input, exponent)
            raise_combination(name, given, ("T", "N") if method else _FORMS)
        return result

    call.__name__ = call.__qualname__ = name
    call.__doc__ = operator.__doc__
    return call


def _rpow(self: Tensor, other: Any) -> Tensor:
    return pow(other, self)


def float_power(input: Any, exponent: Any) -> Any:
    """`pow` in double precision: the result is float64 or complex128.

    >>> import rushlight as torch
    >>> torch.float_power(torch.tensor([1, 2]), -1)
    tensor([1.0000, 0.5000], dtype=torch.float64)
    """
    operands = [t if isinstance(t, Tensor) else as_number(t) for t in (input, exponent)]
    if NotImplemented in [t for t in operands if not isinstance(t, Tensor)]:
        return NotImplemented
    is_complex = any(isinstance(t, complex) or (isinstance(t, Tensor) and t._data.dtype.kind == "c") for t in operands)
    d = dtypes.complex128 if is_complex else dtypes.float64
    return pow(*[cast(t, d) if isinstance(t, Tensor) else t for t in operands])


def float_power_(self: Tensor, exponent: Any) -> Any:
    result = float_power(self, exponent)
    if result is NotImplemented:
        return result
    if result.dtype is not self.dtype:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {dtypes.scalar_type_name(self.dtype)} but the operation's "
            f"result requires dtype {dtypes.scalar_type_name(result.dtype)}"
        )
    return _float_power_(self, exponent)


_float_power_ = inplace(float_power)
pow_ = inplace(pow)

_of_float_power = OutCheck(
    "the output given to float_power has dtype {Out} but the operation's result requires dtype {Result}"
)
for _operator, _operator_, _name in ((pow, pow_, "pow"), (float_power, float_power_, "float_power")):
    register(_public(_operator, _name), method=False, out=_of_float_power if _operator is float_power else True)
    METHODS[_name] = _public(_operator, _name, method=True)
    METHODS[f"{_name}_"] = _public(_operator_, f"{_name}_", method=True)
register(square, inplace=True)
METHODS.update(__pow__=pow, __rpow__=_rpow, __ipow__=pow_)
