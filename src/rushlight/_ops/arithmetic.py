"""Arithmetic on pairs of elements, and negation."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.families import binary, promote, unary
from .._core.inplace import inplace, inplace_binary
from .._core.registry import METHODS, register
from .._core.tensor import Tensor

add = binary("Add", np.add, (1, 1))
mul = binary("Mul", np.multiply, (lambda b: b, lambda a: a))
neg = unary("Neg", np.negative, -1)


sub = binary("Sub", np.subtract, (1, -1))

div = binary(
    "Div",
    np.true_divide,
    to_float=True,
    vjp=(lambda g, b: g / _conj(b), lambda g, a, b: -g * _conj(a / b / b)),
    jvp=lambda a_t, b_t, b, result: _quotient_tangent(a_t, b_t, b, result),
)


def _conj(x: Any) -> Any:
    return x.conj() if isinstance(x, Tensor) else x


def _quotient_tangent(a_t: Any, b_t: Any, b: Any, result: Any) -> Any:
    if b_t is None:
        return a_t / b
    if a_t is None:
        return -b_t * result / b
    return (a_t - b_t * result) / b


def _scaled(name: str, operation: Any) -> Any:
    """``add(input, other, *, alpha=1)`` and ``sub``: ``other`` is multiplied by ``alpha`` first."""

    def function(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
        return operation(input, other if alpha == 1 else mul(other, alpha))

    function.__name__ = function.__qualname__ = name
    return function


def _scaled_inplace(operation_: Any) -> Any:
    def function(self: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
        return operation_(self, other if alpha == 1 else mul(other, alpha))

    function.__name__ = function.__qualname__ = operation_.__name__
    return function


add_, sub_, mul_ = inplace_binary(add), inplace_binary(sub), inplace_binary(mul)
register(_scaled("add", add), inplace=_scaled_inplace(add_))
register(_scaled("sub", sub), aliases=("subtract",), inplace=_scaled_inplace(sub_))
register(mul, aliases=("multiply",), inplace=mul_)
register(neg, aliases=("negative",), inplace=True)

METHODS.update(
    __add__=add,
    __radd__=add,
    __iadd__=add_,
    __sub__=sub,
    __isub__=sub_,
    __mul__=mul,
    __rmul__=mul,
    __imul__=mul_,
    __truediv__=div,
    __neg__=neg,
)


def _reflected(operation: Any) -> Any:
    def function(self: Tensor, other: Any) -> Tensor:
        return operation(other, self)

    return function


METHODS["__rsub__"] = METHODS["rsub"] = _reflected(sub)
METHODS["__rtruediv__"] = _reflected(div)
