"""What operations on matrices share: checked operands, the failures that LAPACK reports, and SciPy's part of LAPACK.

NumPy's LAPACK takes batches of matrices, SciPy's one matrix at a time: it is asked where NumPy has no routine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.tensor import Tensor
from .dims import raise_unsupported
from .matmul import kind_of


class LinAlgError(RuntimeError):
    """What LAPACK could not do: invert a singular matrix, factor one that is not positive-definite."""

    __module__ = "torch._C"  # where a traceback says that it is


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"


# -- operands -------------------------------------------------------------------------------------------------


def check_matrices(
    A: Any, title: str, *, square: bool = True, kernel: str = "", integers: bool = False, argument: str = "A "
) -> None:
    """Refuse what is not a batch of matrices of floating-point or complex numbers.

    title, argument: what messages call the operation and the matrices. kernel: that of PyTorch's which other numbers
    have none of.
    """
    if not isinstance(A, Tensor):
        raise_must_be_tensor(title.removeprefix("torch.").replace(".", "_"), "A", 1, A)
    x = A._data
    if x.ndim < 2:
        raise RuntimeError(f"{title}: The input tensor {argument}must have at least 2 dimensions.")
    if square:
        check_square(x, f"{title}: ")
    if integers:
        return
    if x.dtype.kind not in "fVc":
        if kernel:
            raise_unsupported(A, kernel)
        raise RuntimeError(f"{title}: Expected a floating point or complex tensor as input. Got {kind_of(A)}")
    if x.dtype.itemsize == 2:
        if kernel:
            raise_unsupported(A, kernel)
        raise RuntimeError(f"{title}: Low precision dtypes not supported. Got {kind_of(A)}")


def check_square(x: Any, prefix: str) -> None:
    if x.shape[-1] != x.shape[-2]:
        raise RuntimeError(
            f"{prefix}A must be batches of square matrices, but they are {x.shape[-2]} by {x.shape[-1]} matrices"
        )


def check_kernel(t: Tensor, kernel: str) -> None:
    """NotImplementedError where ``t`` has no floating-point or complex numbers of at least 32 bits."""
    d = t._data.dtype
    if d.kind not in "fVc" or d.itemsize == 2:
        raise_unsupported(t, kernel)


def check_columns(a: Any, b: Any, title: str, *, left: bool) -> None:
    """Whether the right-hand sides ``b`` (..., n, k) fit the square matrices ``a``."""
    if b.ndim < 2:
        raise RuntimeError(f"{title}: The input tensor B must have at least 2 dimensions.")
    check_sides(a, b.shape[-2:], title, left=left)


def check_sides(a: Any, sides: tuple[int, int], title: str, *, left: bool) -> None:
    n, (rows, columns) = a.shape[-1], sides
    if (rows if left else columns) != n:
        equation = "AX" if left else "XA"
        raise RuntimeError(
            f"{title}: Incompatible shapes of A and B for the equation {equation} = B ({n}x{n} and {rows}x{columns})"
        )


def is_vector(a: Any, b: Any) -> bool:
    """Whether the right-hand side ``b`` is one vector for each matrix of ``a``, and no matrix."""
    return b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])


def adjoint(x: Any) -> Any:
    """The conjugate transpose of each matrix of an array."""
    return x.conj().swapaxes(-1, -2)


# -- failures -------------------------------------------------------------------------------------------------
#
# What LAPACK calls ``info``: 0 for a matrix that it could do, otherwise why not. NumPy raises for the whole batch, so
# where it does the matrices are gone through again, one by one.


def no_info(x: Any) -> Any:
    """``info`` where nothing has failed."""
    return np.zeros(x.shape[:-2], np.int32)


def one_by_one(routine: Callable[..., Any], why: Callable[[Any], int], x: Any, *others: Any) -> tuple[Any, Any]:
    """``routine`` on each matrix of a batch that it fails for as a whole: results, nan where it fails, and ``info``."""
    info = no_info(x)
    results: Any = None
    failed = []
    for index in np.ndindex(*x.shape[:-2]):
        try:
            result = routine(x[index], *[o[index] for o in others])
        except np.linalg.LinAlgError:
            info[index] = why(x[index])
            failed.append(index)
            continue
        if results is None:
            results = np.empty((*x.shape[:-2], *result.shape), result.dtype)
        results[index] = result
    if results is None:
        results = np.empty((others[-1] if others else x).shape, x.dtype)
    for index in failed:
        results[index] = np.nan
    return results, info


def raise_failed(info: Any, message: str) -> None:
    """LinAlgError for the first matrix that failed. message: with ``{element}`` for which, ``{info}`` for why."""
    index = tuple(np.argwhere(info)[0])
    element = f"(Batch element {int(np.ravel_multi_index(index, info.shape))}): " if index else ""
    raise LinAlgError(message.format(element=element, info=abs(int(info[index]))))


def zero_pivot(a: Any) -> int:
    """Which diagonal element of a singular matrix's triangular factor is zero, counted from 1."""
    u = a.astype(np.result_type(a, np.float64))
    n = len(u)
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(u[k:, k])))
        if u[pivot, k] == 0:
            return k + 1
        u[[k, pivot]] = u[[pivot, k]]
        u[k + 1 :] -= np.outer(u[k + 1 :, k] / u[k, k], u[k])
    return n


# -- SciPy ----------------------------------------------------------------------------------------------------


def scipy_linalg(operation: str) -> Any:
    """The module `scipy.linalg`; ImportError saying what needs it where there is none."""
    try:
        import scipy.linalg
    except ImportError:
        raise ImportError(
            f"torch.{operation} needs SciPy, which is not installed: pip install 'rushlight[scipy]'"
        ) from None
    return scipy.linalg


def lapack_routine(name: str, x: Any, operation: str) -> Any:
    """SciPy's LAPACK routine ``name`` for the dtype of ``x``."""
    lapack = scipy_linalg(operation).lapack
    try:
        return lapack.get_lapack_funcs((name,), (x,))[0]
    except ValueError:
        raise ImportError(f"torch.{operation} needs a newer SciPy: pip install -U scipy") from None
