"""Operands of elementwise operations: which are taken, how Python's numbers become arrays, how others are refused.

An operator (``x + y``) answers NotImplemented for an operand that it does not know, so that the other operand may
try; a function (``torch.add(x, y)``) raises instead, in PyTorch's words. Both are one implementation: the
operator's, which `function_form` wraps.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .dtypes import BOOL, COMPLEX, INTEGER, from_numpy_dtype, scalar_type_name
from .dtypes import dtype as dtype_type
from .tensor import Tensor, wrap
from .traced_number import TracedNumber

NUMBERS = frozenset({int, float, bool, complex})
# PyTorch keeps Python's integers in 64 bits, signed or unsigned.
SMALLEST_INT, LARGEST_INT = -(2**63), 2**64 - 1


class Refusal(NamedTuple):
    """NumPy's kinds of dtypes that an operation refuses, and with what error; ``{}`` is the dtype's name."""

    kinds: str
    message: str
    error: type[Exception] = NotImplementedError

    def check(self, d: np.dtype) -> None:
        if d.kind in self.kinds:
            raise self.error(self.message.format(scalar_type_name(from_numpy_dtype(d))))


def no_kernel(name: str, kinds: str) -> tuple[Refusal, ...]:
    """PyTorch has no kernel called ``name`` for dtypes of these kinds."""
    return (Refusal(kinds, f"\"{name}\" not implemented for '{{}}'"),)


def check_int(value: int) -> None:
    if not SMALLEST_INT <= value <= LARGEST_INT:
        raise OverflowError("int too big to convert" if value > 0 else "can't convert negative int to unsigned")


def as_number(value: Any) -> Any:
    """An operand that is not a tensor as a Python number; NotImplemented where it is none."""
    if type(value) not in NUMBERS:
        if isinstance(value, TracedNumber):
            return value
        if isinstance(value, np.bool_):
            return float(value)  # so does PyTorch: an integer tensor then becomes a float one
        if isinstance(value, np.number):
            value = value.item()
        else:
            plain: Any = next((kind for kind in (int, float, complex) if isinstance(value, kind)), None)
            if plain is None:
                return NotImplemented
            value = plain(value)
    if type(value) is int:
        check_int(value)
    return value


def wrapped(number: Any, d: dtype_type) -> Tensor:
    """A Python number as a 0-d tensor of dtype ``d``, integers out of its range wrapped around."""
    if isinstance(number, TracedNumber):
        return number.of_type(d)
    with np.errstate(all="ignore"):
        return wrap(np.asarray(number).astype(d.np))


def exact(number: Any, d: dtype_type) -> np.ndarray:
    """A Python number as a 0-d array of ``d``; RuntimeError, as PyTorch raises it, where that cannot hold it.

    Negative numbers wrap around in unsigned types and fractions are cut off in integer types.
    """
    if isinstance(number, TracedNumber):
        number = number.fixed()
    if not _holds(d, number):
        raise RuntimeError(f"value cannot be converted to type {_CPP_NAMES.get(d.name, d.name)} without overflow")
    if BOOL < d.category < COMPLEX and isinstance(number, complex):
        number = number.real
    if d.name == "bfloat16":
        number = float(number)  # its conversion knows no large integers
    if d.category == BOOL:
        return np.array(bool(number))
    if d.category == INTEGER:
        return np.asarray(int(number)).astype(d.np)
    try:
        return np.array(number, d.np)
    except FloatingPointError:  # where the user has NumPy raise on underflow
        with np.errstate(under="ignore"):
            return np.array(number, d.np)


def fitted(number: Any, d: dtype_type) -> Any:
    """`exact` as a Python number: what is left of ``number`` in an element of ``d``."""
    if isinstance(number, TracedNumber):
        return number
    return _as_python(exact(number, d))


def rounded(number: Any, d: dtype_type) -> Any:
    """`wrapped` as a Python number: what becomes of ``number`` in ``d``, be it infinite or wrapped around."""
    return _as_python(wrapped(number, d)._data)


def _as_python(element: np.ndarray) -> Any:
    return float(element) if element.dtype.kind == "V" else element.item()


def _holds(d: dtype_type, number: Any) -> bool:
    if d.category == BOOL:
        return True
    if isinstance(number, complex):
        if d.category == COMPLEX:
            return _holds(d.to_real(), number.real) and _holds(d.to_real(), number.imag)
        return number.imag == 0 and _holds(d, number.real)
    low, high = _limits(d)
    if isinstance(number, float) and d.category == INTEGER and not d.is_signed:
        low = 0
    # Comparisons with a nan are false: no integer type holds it, every other does.
    return low <= number <= high or (d.category > INTEGER and not high < abs(number) < math.inf)


@functools.cache
def _limits(d: dtype_type) -> tuple[Any, Any]:
    """The smallest and the largest number that an element of ``d`` is made from."""
    if d.category == INTEGER:
        info = np.iinfo(d.np)
        return (info.min if d.is_signed else -info.max), info.max
    kind = np.dtype(np.float32) if d.name == "bfloat16" else d.to_real().np  # the same range of exponents
    largest = float(np.finfo(kind).max)
    return -largest, largest


# The names of C++, as two kinds of PyTorch's messages have them: `exact`'s, and those about operands' dtypes.
_CPP_NAMES = {
    "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "int64_t", "float32": "float",
    "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>", "uint16": "uint16_t", "uint32": "uint32_t", "uint64": "uint64_t",
}  # fmt: skip


def cpp_name(d: dtype_type) -> str:
    """``long int`` for int64, ``unsigned char`` for uint8, ``float`` for float32."""
    words = {"int64": "long int", "uint8": "unsigned char", "int8": "signed char", "int16": "short int"}
    return words.get(d.name) or _CPP_NAMES.get(d.name, d.name)


# -- refusing what is neither tensor nor number ---------------------------------------------------------------


def raise_must_be_tensor(name: str, argument: str, position: int, value: Any) -> NoReturn:
    raise TypeError(f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}")


def raise_combination(name: str, values: tuple[Any, ...], expected: tuple[str, ...]) -> NoReturn:
    """PyTorch's error where several forms of a function exist and none fits; ``expected`` has T, N for each."""
    got = ", ".join("Tensor" if isinstance(v, Tensor) else type(v).__name__ for v in values)
    words = {"T": "Tensor", "N": "Number"}
    forms = "".join(f"\n * ({', '.join(words[c] for c in form)})" for form in expected)
    raise TypeError(f"{name}() received an invalid combination of arguments - got ({got}), but expected one of:{forms}")


def function_form(
    operator: Callable[[Any, Any], Any],
    name: str,
    *,
    method: bool = False,
    takes: tuple[str, ...] = ("TT", "TN"),
    overloaded: bool = True,
) -> Callable[..., Any]:
    """The function or method ``name`` made from an operator: it raises where the operator says NotImplemented.

    takes: the operands, T for a tensor and N for a number. overloaded: whether PyTorch's message lists the forms.
    """

    tensor_first = all(form[0] == "T" for form in takes)
    tensor_second = all(form[1] == "T" for form in takes)
    numbers = "NN" in takes

    def call(input: Any, other: Any) -> Tensor:
        if not isinstance(input, Tensor):
            if tensor_first or not (numbers or isinstance(other, Tensor)):
                refuse(input, other)
        elif tensor_second and not isinstance(other, Tensor):
            refuse(input, other)
        result = operator(input, other)
        return refuse(input, other) if result is NotImplemented else result

    def refuse(a: Any, b: Any) -> NoReturn:
        if overloaded:
            raise_combination(name, (b,) if method else (a, b), tuple(form[method:] for form in takes))
        if not any(_fits(a, form[0]) for form in takes):
            raise_must_be_tensor(name, "input", 1, a)
        raise_must_be_tensor(name, "other", 1 if method else 2, b)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = operator.__doc__
    return call


def _fits(value: Any, letter: str) -> bool:
    return isinstance(value, Tensor) if letter == "T" else as_number(value) is not NotImplemented
