"""Comparisons of elements, and questions about them: their results are bool and have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import dtype
from .._core.families import binary, operand_rank, promote, unary
from .._core.operands import Refusal, as_number, no_kernel, raise_combination, raise_must_be_tensor
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor, wrap
from .publish import publish

# -- larger, smaller, equal -----------------------------------------------------------------------------------


def _comparison(name: str, ufunc: Any, alias: str | None, dunder: str, doc: str, ordered: bool = True) -> Any:
    refuses = no_kernel(f"{name}_cpu", "c") if ordered else ()
    operator = binary(name.capitalize(), ufunc, refuses=refuses, doc=doc)
    publish(operator, name, aliases=(alias,) if alias else ())
    METHODS[dunder] = operator if ordered else _with_arrays(operator)
    return operator


def _with_arrays(operator: Any) -> Any:
    """``==`` and ``!=`` of NumPy's arrays too: Python would make one bool of two operands that know no answer."""

    def function(self: Tensor, other: Any) -> Tensor:
        return operator(self, wrap(other) if isinstance(other, np.ndarray) else other)

    return function


eq = _comparison(
    "eq",
    np.equal,
    None,
    "__eq__",
    """Where elements are equal: a bool tensor. ``other`` may be a number.

    >>> import rushlight as torch
    >>> torch.eq(torch.tensor([1, 2]), 2)
    tensor([False,  True])
    """,
    ordered=False,
)
ne = _comparison(
    "ne",
    np.not_equal,
    "not_equal",
    "__ne__",
    """Where elements differ: a bool tensor. ``other`` may be a number.

    >>> import rushlight as torch
    >>> torch.ne(torch.tensor([1, 2]), 2)
    tensor([ True, False])
    """,
    ordered=False,
)
lt = _comparison(
    "lt",
    np.less,
    "less",
    "__lt__",
    """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order.

    >>> import rushlight as torch
    >>> torch.lt(torch.tensor([1, 2]), 2)
    tensor([ True, False])
    """,
)
le = _comparison(
    "le",
    np.less_equal,
    "less_equal",
    "__le__",
    """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order.

    >>> import rushlight as torch
    >>> torch.le(torch.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])
    """,
)
gt = _comparison(
    "gt",
    np.greater,
    "greater",
    "__gt__",
    """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order.

    >>> import rushlight as torch
    >>> torch.gt(torch.tensor([1, 2, 3]), 2)
    tensor([False, False,  True])
    """,
)
ge = _comparison(
    "ge",
    np.greater_equal,
    "greater_equal",
    "__ge__",
    """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order.

    >>> import rushlight as torch
    >>> torch.ge(torch.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])
    """,
)


# -- what kind of number ----------------------------------------------------------------------------------------


def _infinity(positive: bool) -> Any:
    """Where elements are infinity of this sign."""

    def forward(x: Any) -> Any:
        return x == (np.inf if positive else -np.inf) if x.dtype.kind == "f" else np.zeros(x.shape, np.bool_)

    return forward


isnan = unary(
    "Isnan",
    np.isnan,
    doc="""Where elements are not a number: a bool tensor.

    >>> import rushlight as torch
    >>> torch.isnan(torch.tensor([1.0, float("nan")]))
    tensor([False,  True])
    """,
)
isinf = unary(
    "Isinf",
    np.isinf,
    doc="""Where elements are infinite, of either sign: a bool tensor.

    >>> import rushlight as torch
    >>> torch.isinf(torch.tensor([1.0, -float("inf")]))
    tensor([False,  True])
    """,
)
isfinite = unary(
    "Isfinite",
    np.isfinite,
    doc="""Where elements are neither infinite nor nan: a bool tensor.

    >>> import rushlight as torch
    >>> torch.isfinite(torch.tensor([1.0, -float("inf")]))
    tensor([ True, False])
    """,
)
isposinf = unary(
    "Isposinf",
    _infinity(positive=True),
    refuses=(Refusal("c", "isposinf does not support complex inputs.", RuntimeError),),
    doc="""Where elements are plus infinity: a bool tensor. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.isposinf(torch.tensor([1.0, float("inf"), -float("inf")]))
    tensor([False,  True, False])
    """,
)
isneginf = unary(
    "Isneginf",
    _infinity(positive=False),
    refuses=(Refusal("c", "isneginf does not support complex inputs.", RuntimeError),),
    doc="""Where elements are minus infinity: a bool tensor. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.isneginf(torch.tensor([1.0, float("inf"), -float("inf")]))
    tensor([False, False,  True])
    """,
)
isreal = unary(
    "Isreal",
    np.isreal,
    doc="""Where the imaginary part is zero: a bool tensor, all true for real dtypes.

    >>> import rushlight as torch
    >>> torch.isreal(torch.tensor([1 + 1j, 2]))
    tensor([False,  True])
    """,
)
signbit = unary(
    "Signbit",
    lambda x: x < 0 if x.dtype.kind in "iub" else np.signbit(x),
    refuses=(Refusal("c", "signbit is not implemented for complex tensors."),),
    doc="""Where the sign bit is set, also that of minus zero: a bool tensor. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.signbit(torch.tensor([-1.0, 0.0, -0.0]))
    tensor([ True, False,  True])
    """,
)
for _question in (isnan, isinf, isfinite, isreal):
    register(_question, out=False)


def _only_bool(name: str) -> OutCheck:
    return OutCheck(f"{name} does not support non-boolean outputs.")


for _question in (isposinf, isneginf, signbit):
    register(_question, out=_only_bool(_question.__name__))


# -- truth --------------------------------------------------------------------------------------------------------


def _logical(name: str, ufunc: Any, doc: str) -> Any:
    operator = binary(name.title().replace("_", ""), ufunc, operation=name, doc=doc)
    publish(operator, name, takes=("TT",))
    return operator


logical_and = _logical(
    "logical_and",
    np.logical_and,
    """Where both elements are non-zero: a bool tensor.

    >>> import rushlight as torch
    >>> torch.logical_and(torch.tensor([1, 2]), torch.tensor([0.0, 5.0]))
    tensor([False,  True])
    """,
)
logical_or = _logical(
    "logical_or",
    np.logical_or,
    """Where at least one of two elements is non-zero: a bool tensor.

    >>> import rushlight as torch
    >>> torch.logical_or(torch.tensor([0, 2]), torch.tensor([0.0, 5.0]))
    tensor([False,  True])
    """,
)
logical_xor = _logical(
    "logical_xor",
    np.logical_xor,
    """Where exactly one of two elements is non-zero: a bool tensor.

    >>> import rushlight as torch
    >>> torch.logical_xor(torch.tensor([0, 2]), torch.tensor([1.0, 5.0]))
    tensor([ True, False])
    """,
)
logical_not = unary(
    "LogicalNot",
    np.logical_not,
    operation="logical_not",
    doc="""Where elements are zero: a bool tensor.

    >>> import rushlight as torch
    >>> torch.logical_not(torch.tensor([0, 2]))
    tensor([ True, False])
    """,
)
register(logical_not, inplace=True)


# -- equal as a whole, and nearly equal -----------------------------------------------------------------------------


def _check_tensors(name: str, input: Any, other: Any) -> None:
    for position, (argument, t) in enumerate((("input", input), ("other", other)), 1):
        if not isinstance(t, Tensor):
            raise_must_be_tensor(name, argument, position, t)


@operation(out=False)
def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and equal elements; nans are never equal.

    >>> import rushlight as torch
    >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1.0, 2.0]))
    True
    """
    _check_tensors("equal", input, other)
    if input._data.shape != other._data.shape:
        return False
    (a, b), _ = promote((input.detach(), other.detach()))
    return bool(np.array_equal(a._data, b._data))


def _close(a: Any, b: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    same = a == b
    if equal_nan and a.dtype.kind in "fcV":
        same = same | (np.isnan(a) & np.isnan(b))
    if rtol == 0 and atol == 0:
        return same
    if a.dtype.kind in "biu":
        a, b = a.astype(np.float64), b.astype(np.float64)
    if a.dtype.kind == "V":
        a, b = a.astype(np.float32), b.astype(np.float32)
    error = np.abs(a - b)
    return same | (np.isfinite(error) & (error <= atol + np.abs(rtol * b)))


isclose_p = Primitive("Isclose", _close, inputs="a b", broadcasts=True, family="elementwise")


@operation(out=False)
def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Where ``|input - other| <= atol + rtol * |other|``, or both are the same infinity: a bool tensor.

    equal_nan: also where both are nan. Raises RuntimeError where the dtypes differ or a tolerance is negative.

    >>> import rushlight as torch
    >>> torch.isclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.1]), rtol=1e-3)
    tensor([ True, False])
    """
    _check_tensors("isclose", input, other)
    a, b = input._data, other._data
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{dtypes.scalar_type_name(input.dtype)} did not match {dtypes.scalar_type_name(other.dtype)}"
        )
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if not tolerance >= 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {tolerance:g}")
    return isclose_p.bind(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


@operation(out=False)
def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are `isclose`.

    >>> import rushlight as torch
    >>> torch.allclose(torch.tensor([1.0]), torch.tensor([1.0 + 1e-7]))
    True
    """
    return bool(isclose(input, other, rtol, atol, equal_nan)._data.all())


@operation(out=False, method=False)
def result_type(tensor1: Any, tensor2: Any) -> dtype:
    """The dtype that an operation on two tensors or numbers computes in.

    >>> import rushlight as torch
    >>> torch.result_type(torch.tensor([1, 2]), 1.5)
    torch.float32
    """
    operands = [t if isinstance(t, Tensor) else as_number(t) for t in (tensor1, tensor2)]
    if any(t is NotImplemented for t in operands):
        raise_combination("result_type", (tensor1, tensor2), ("TT", "NT", "TN", "NN"))
    return dtypes.result_type_of([operand_rank(t) for t in operands])


@operation(out=False)
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape.

    >>> import rushlight as torch
    >>> torch.is_same_size(torch.ones(2), torch.ones(3))
    False
    """
    return input._data.shape == other._data.shape


def _contains(self: Tensor, element: Any) -> bool:
    if not isinstance(element, (Tensor, int, float, complex)):
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")
    return bool(eq(self, element)._data.any())


METHODS["__contains__"] = _contains
