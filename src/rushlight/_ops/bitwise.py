"""Operations on the bits of integers and bools, and on their divisors. None has a derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.families import binary, unary
from .._core.inplace import inplace
from .._core.operands import no_kernel
from .._core.out_checks import same_dtype
from .._core.registry import METHODS, register
from .._core.tensor import Tensor
from .publish import publish, reflected

_NUMBERS_TOO = ("TT", "TN", "NT")


def _operator(name: str, dunder: str, kernel: str, refused: str, forward: Any, doc: str) -> Any:
    operator = binary(
        name.title().replace("_", ""), forward, operation=name, refuses=no_kernel(kernel, refused), doc=doc
    )
    operator_ = inplace(operator)
    publish(operator, name, takes=_NUMBERS_TOO, inplace=operator_, dunders=(f"__{dunder}__",))
    METHODS[f"__r{dunder}__"] = reflected(operator)
    METHODS[f"__i{dunder}__"] = operator_
    return operator


bitwise_and = _operator(
    "bitwise_and",
    "and",
    "bitwise_and_cpu",
    "fcV",
    np.bitwise_and,
    """The bits set in both of two integers (``&``); of bools, whether both are true.

    >>> import rushlight as torch
    >>> torch.bitwise_and(torch.tensor([6, 5]), 3)
    tensor([2, 1])
    """,
)
bitwise_or = _operator(
    "bitwise_or",
    "or",
    "bitwise_or_cpu",
    "fcV",
    np.bitwise_or,
    """The bits set in either of two integers (``|``); of bools, whether one is true.

    >>> import rushlight as torch
    >>> torch.bitwise_or(torch.tensor([4, 5]), 3)
    tensor([7, 7])
    """,
)
bitwise_xor = _operator(
    "bitwise_xor",
    "xor",
    "bitwise_xor_cpu",
    "fcV",
    np.bitwise_xor,
    """The bits set in one of two integers but not in both (``^``); of bools, whether they differ.

    >>> import rushlight as torch
    >>> torch.bitwise_xor(torch.tensor([6, 5]), 3)
    tensor([5, 6])
    """,
)


def _outside(x: Any, y: Any) -> Any:
    """Where a shift is negative or by all bits or more: the processor's answer would depend on the processor."""
    return (y < 0) | (y >= x.dtype.itemsize * 8)


def _left(x: Any, y: Any) -> Any:
    outside = _outside(x, y)
    return np.where(outside, x.dtype.type(0), np.left_shift(x, np.where(outside, y.dtype.type(0), y)))


def _right(x: Any, y: Any) -> Any:
    last = y.dtype.type(x.dtype.itemsize * 8 - 1)
    if x.dtype.kind == "u":
        outside = _outside(x, y)
        return np.where(outside, x.dtype.type(0), np.right_shift(x, np.where(outside, y.dtype.type(0), y)))
    return np.right_shift(x, np.where(_outside(x, y), last, y))  # only the sign is left: 0 or -1


bitwise_left_shift = _operator(
    "bitwise_left_shift",
    "lshift",
    "lshift_cpu",
    "bfcV",
    _left,
    """The bits of ``input`` moved up by ``other`` places (``<<``); 0 where that is all of them.

    >>> import rushlight as torch
    >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
    tensor([ 4, 12])
    """,
)
bitwise_right_shift = _operator(
    "bitwise_right_shift",
    "rshift",
    "rshift_cpu",
    "bfcV",
    _right,
    """The bits of ``input`` moved down by ``other`` places (``>>``), the sign kept.

    >>> import rushlight as torch
    >>> torch.bitwise_right_shift(torch.tensor([8, -8]), 2)
    tensor([ 2, -2])
    """,
)

bitwise_not = unary(
    "BitwiseNot",
    np.invert,
    operation="bitwise_not",
    refuses=no_kernel("bitwise_not_cpu", "fcV"),
    doc="""All bits inverted (``~``); of bools, whether they are false.

    >>> import rushlight as torch
    >>> torch.bitwise_not(torch.tensor([0, 5])), ~torch.tensor([True])
    (tensor([-1, -6]), tensor([False]))
    """,
)
register(bitwise_not, inplace=True, out=same_dtype)


def _invert(self: Tensor) -> Tensor:
    if self._data.dtype.kind not in "biu":
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return bitwise_not(self)


METHODS["__invert__"] = _invert

gcd = binary(
    "Gcd",
    np.gcd,
    refuses=no_kernel("gcd_cpu", "bfcV"),
    doc="""The greatest common divisor of two integers, not negative; that of 0 and 0 is 0.

    >>> import rushlight as torch
    >>> torch.gcd(torch.tensor([4, -6]), torch.tensor([6, 9]))
    tensor([2, 3])
    """,
)
lcm = binary(
    "Lcm",
    np.lcm,
    refuses=no_kernel("lcm_cpu", "bfcV"),
    doc="""The least common multiple of two integers, not negative.

    >>> import rushlight as torch
    >>> torch.lcm(torch.tensor([4, -6]), torch.tensor([6, 9]))
    tensor([12, 18])
    """,
)
publish(gcd, "gcd", takes=("TT",))
publish(lcm, "lcm", takes=("TT",))
