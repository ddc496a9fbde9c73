"""Which dtypes of ``out=`` an operation delivers its result into, and how PyTorch words that it refuses another.

A registration names the record that holds for it (``register(..., out=exact_dtype)``), or a tuple of records, one for
each result; without one a result is converted as an in-place write converts it. The wordings tell which kernel wrote
PyTorch's result. One wording for all was rejected: programs and their tests look for the texts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from .dtypes import dtype, scalar_type_name
from .operands import cpp_name


def castable(result: dtype, out: dtype) -> bool:
    """PyTorch's rule for writing a result: its category may not be higher than the target's."""
    return result.category <= out.category


@dataclass(frozen=True)
class OutCheck:
    """Refuses an ``out`` whose dtype is not the result's, or not one that the operation ``allows`` for it.

    message: its first line, in which {Result} and {Out} stand for the dtypes' names (Double), {result} and {out} for
    those of C++ (double); or a function that makes it of both dtypes.
    """

    message: str | Callable[[dtype, dtype], str]
    allows: Callable[[dtype, dtype], bool] = operator.is_
    error: type[Exception] = RuntimeError

    def __call__(self, result: dtype, out: dtype) -> None:
        if not self.allows(result, out):
            raise self.error(f"{self.text(result, out)}\nMake it with dtype={result}, or leave out= away.")

    def text(self, result: dtype, out: dtype) -> str:
        if callable(self.message):
            return self.message(result, out)
        return self.message.format(
            Result=scalar_type_name(result), Out=scalar_type_name(out), result=cpp_name(result), out=cpp_name(out)
        )


# What most operations do, and two that convert whatever it is.
converted = OutCheck("result type {Result} can't be cast to the desired output type {Out}", castable)
any_dtype = OutCheck("", lambda result, out: True)

# Operations that convert nothing.
exact_dtype = OutCheck("Expected out tensor to have dtype {result}, but got {out} instead")
# Of sums and products: they are computed in the dtype of ``out``, as if ``dtype=`` had asked for it.
computed_in_out = OutCheck(exact_dtype.message)
same_dtype = OutCheck("Found dtype {Out} but expected {Result}")
same_scalar_type = OutCheck("expected scalar_type {Result} but found {Out}")
same_kernel_type = OutCheck("expected scalar type {Result} but found {Out}")
same_result_type = OutCheck("result dtype {Out} does not match input dtype {Result}")
dtype_of_out = OutCheck("dtype {Result} does not match dtype of out parameter ({Out})")


def selected(name: str) -> OutCheck:
    """The check of operations that pick elements of one input."""
    return OutCheck(f"{name}(): self and result must have the same scalar type")


def expected_by(name: str) -> OutCheck:
    """The check of the norms of ``torch.linalg``."""
    return OutCheck(f"linalg.{name} expected out tensor dtype {{Result}} but got: {{Out}}")


def safely_castable(name: str, part: str = "result") -> OutCheck:
    """The check of what LAPACK computes, by way of a buffer that is converted."""
    return OutCheck(
        f"{name}: Expected {part} to be safely castable from {{Result}} dtype, but got {part} with dtype {{Out}}",
        castable,
    )
