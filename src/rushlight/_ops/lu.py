"""The factorization A = P L U into a permutation, a lower triangle with ones on its diagonal and an upper triangle.

For matrices that are not square it is the derivative of the square part, and triangular systems for the rest.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .._core.modes import state
from .._core.operands import raise_must_be_tensor
from .._core.out_checks import any_dtype, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .._core.where import warn_user
from .joining import cat
from .lapack import check_columns, check_kernel, check_square, lapack_routine, no_info
from .matmul import kind_of, matmul
from .triangular import solved

# -- the permutation ------------------------------------------------------------------------------------------


def _permutation(pivots: Any, *, rows: int, dtype: Any) -> Any:
    """P for LAPACK's pivots: with which row, counted from 1, each row is exchanged in its turn."""
    batch, k = pivots.shape[:-1], pivots.shape[-1]
    order = np.broadcast_to(np.arange(rows), (*batch, rows)).copy()
    for i in range(k):
        at = (pivots[..., i : i + 1] - 1).astype(np.int64)
        other = np.take_along_axis(order, at, -1)
        np.put_along_axis(order, at, order[..., i : i + 1], -1)
        order[..., i : i + 1] = other
    return (np.arange(rows)[:, None] == order[..., None, :]).astype(dtype)


permutation_p = Primitive("LuPermutation", _permutation, inputs="pivots", family="matrices")


def _unpacked(LU: Any, pivots: Any) -> tuple[Any, Any, Any]:
    rows = LU._data.shape[-2]
    return permutation_p.bind(pivots, rows=rows, dtype=LU._data.dtype), *_triangles(LU)


def _triangles(LU: Any) -> tuple[Any, Any]:
    m, n = LU._data.shape[-2:]
    k = min(m, n)
    ones = LU.new_ones(k).diag()
    if m > k:
        ones = cat([ones, LU.new_zeros((m - k, k))])
    return LU[..., :, :k].tril(-1) + ones, LU[..., :k, :].triu()


# -- the factorization ----------------------------------------------------------------------------------------


def _lu_factor(x: Any, *, checked: str) -> tuple[Any, Any, Any]:
    """The factors in one matrix, pivots, ``info``. checked: what messages call the operation that minds a zero pivot."""
    factors, info = x.copy(), no_info(x)
    pivots = np.empty((*x.shape[:-2], min(x.shape[-2:])), np.int32)
    if x.size:
        getrf = lapack_routine("getrf", x, "linalg.lu_factor")
        for index in np.ndindex(*x.shape[:-2]):
            factors[index], pivots[index], info[index] = getrf(x[index])
        pivots += 1  # SciPy counts rows from 0, PyTorch as LAPACK does
    if checked and info.any():
        index = tuple(np.argwhere(info)[0])
        element = f"(Batch element {int(np.ravel_multi_index(index, info.shape))}): " if index else ""
        at = int(info[index])
        raise RuntimeError(
            f"{checked}: {element}U[{at},{at}] is zero and using it on lu_solve would result in a division by zero. If "
            "you still want to perform the factorization, consider calling linalg.lu(A, pivot) or "
            "linalg.lu_factor_ex(A, pivot)"
        )
    return factors, pivots, info


def _parts(t: Any, k: int) -> tuple[Any, Any, Any]:
    """The square of a matrix, what lies below it, and what lies beside it; one of the two is empty."""
    return t[..., :k, :k], t[..., k:, :k], t[..., :k, k:]


def _whole(square: Any, below: Any, beside: Any) -> Any:
    if below._data.shape[-2]:
        return cat([square, below], -2)
    return cat([square, beside], -1) if beside._data.shape[-1] else square


def _cotangent(g: Any, result: Any) -> Any:
    LU, pivots = result[:2]
    k = min(LU._data.shape[-2:])
    P, L, U = _unpacked(LU, pivots)
    L, low, _ = _parts(L, k)
    U, _, right = _parts(U, k)
    g, g_low, g_right = _parts(g, k)
    g_L, g_U = g.tril(-1), g.triu()
    if right._data.shape[-1]:
        g_right = solved(L.mH, g_right, upper=True, unitriangular=True)
        g_L = g_L - matmul(g_right, right.mH)
    if low._data.shape[-2]:
        g_low = solved(U.mH, g_low, upper=False, left=False)
        g_U = g_U - matmul(low.mH, g_low)
    inner = matmul(L.mH, g_L).tril(-1) + matmul(g_U, U.mH).triu()
    square = solved(U.mH, inner, upper=False, left=False)
    square = solved(L.mH, square, upper=True, unitriangular=True)
    return matmul(P, _whole(square, g_low, g_right))


def _tangent(x_t: Any, result: Any) -> tuple[Any, None, None]:
    LU, pivots = result[:2]
    k = min(LU._data.shape[-2:])
    P, L, U = _unpacked(LU, pivots)
    L, low, _ = _parts(L, k)
    U, _, right = _parts(U, k)
    square, below, beside = _parts(matmul(P.mT, x_t), k)
    inner = solved(U, solved(L, square, upper=False, unitriangular=True), upper=True, left=False)
    L_t, U_t = matmul(L, inner.tril(-1)), matmul(inner.triu(), U)
    if low._data.shape[-2]:
        below = solved(U, below - matmul(low, U_t), upper=True, left=False)
    if right._data.shape[-1]:
        beside = solved(L, beside - matmul(L_t, right), upper=False, unitriangular=True)
    return _whole(L_t + U_t, below, beside), None, None


lu_factor_p = Primitive(
    "LinalgLuFactorEx",
    _lu_factor,
    vjp=lambda g, result: _cotangent(g, result),
    jvp=_tangent,
    outputs=3,
    constant=(1, 2),
    family="matrices",
)
lu_factor_result = return_type("linalg_lu_factor", "LU", "pivots")
lu_factor_ex_result = return_type("linalg_lu_factor_ex", "LU", "pivots", "info")
linalg_lu_result = return_type("linalg_lu", "P", "L", "U")
lu_unpack_result = return_type("lu_unpack", "P", "L", "U")


def _factored(A: Any, pivot: bool, checked: str = "", title: str = "torch.lu_factor") -> tuple[Any, Any, Any]:
    if not isinstance(A, Tensor):
        raise_must_be_tensor("linalg_lu_factor", "A", 1, A)
    _check_ndim(A, title)
    check_kernel(A, "lu_cpu")
    if not pivot:
        raise RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU")
    return lu_factor_p.bind(A, checked=checked)


def _check_ndim(t: Tensor, title: str) -> None:
    if t._data.ndim < 2:
        raise RuntimeError(
            f"{title}: Expected tensor with 2 or more dimensions. Got size: {list(t._data.shape)} instead"
        )


def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """The factors of each matrix (..., m, n), both in one matrix, and the rows that were exchanged; for `lu_solve`.

    RuntimeError where U has a zero on its diagonal, and for ``pivot=False``, as in PyTorch on the CPU. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.linalg.lu_factor(torch.tensor([[1.0, 2.0], [2.0, 2.0]]))
    torch.return_types.linalg_lu_factor(
    LU=tensor([[2.0000, 2.0000],
            [0.5000, 1.0000]]),
    pivots=tensor([2, 2], dtype=torch.int32))
    """
    return lu_factor_result(_factored(A, pivot, "torch.linalg.lu_factor")[:2])


def lu_factor_ex(A: Tensor, *, pivot: bool = True, check_errors: bool = False) -> Any:
    """`lu_factor` that in place of an error gives ``info``: which diagonal element of U is zero, 0 for none.

    check_errors: raise all the same.

    >>> import rushlight as torch
    >>> torch.linalg.lu_factor_ex(torch.tensor([[1.0, 2.0], [2.0, 4.0]])).info
    tensor(2, dtype=torch.int32)
    """
    return lu_factor_ex_result(_factored(A, pivot, "torch.linalg.lu_factor_ex" if check_errors else ""))


def linalg_lu(A: Tensor, *, pivot: bool = True) -> Any:
    """P, L and U with ``A = P @ L @ U`` for each matrix (..., m, n).

    RuntimeError for ``pivot=False``, as in PyTorch on the CPU. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.linalg.lu(torch.tensor([[1.0, 2.0], [2.0, 2.0]])).U
    tensor([[2., 2.],
            [0., 1.]])
    """
    return linalg_lu_result(_unpacked(*_factored(A, pivot, title="linalg.lu")[:2]))


def lu(A: Tensor, pivot: bool = True, get_infos: bool = False) -> Any:
    """`torch.linalg.lu_factor` by its old name: factors and pivots, with ``get_infos`` also info; with PyTorch's warning.

    A zero on the diagonal of U is no error here.
    """
    _warn_of_lu()
    return tuple(_factored(A, pivot)[: 3 if get_infos else 2])


@operation(method=False, out=exact_dtype)
def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True) -> Any:
    """P, L and U from what `torch.linalg.lu_factor` gives; what is not to be unpacked is empty.

    >>> import rushlight as torch
    >>> torch.lu_unpack(torch.tensor([[2.0, 2.0], [0.5, 1.0]]), torch.tensor([2, 2], dtype=torch.int32)).P
    tensor([[0., 1.],
            [1., 0.]])
    """
    for each, argument, position in ((LU_data, "LU_data", 1), (LU_pivots, "LU_pivots", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("lu_unpack", argument, position, each)
    _check_ndim(LU_data, "torch.lu_unpack")
    P = L = U = None
    if unpack_pivots:
        if LU_pivots._data.dtype != np.int32:
            raise RuntimeError(
                "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\n"
                "Note: this function is intended to be used with the output produced by torch.linalg.lu_factor"
            )
        rows, pivots = LU_data._data.shape[-2], LU_pivots._data
        short = pivots.shape[-1] < min(LU_data._data.shape[-2:])
        if short or (state.interpreter is None and ((pivots < 1) | (pivots > rows)).any()):
            raise RuntimeError(
                "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive.Did you properly pass the "
                "result of lu_factor?"
            )
        P = permutation_p.bind(LU_pivots, rows=rows, dtype=LU_data._data.dtype)
    if unpack_data:
        L, U = _triangles(LU_data)
    return lu_unpack_result([LU_data.new_empty(0) if part is None else part for part in (P, L, U)])


# -- with the factors -----------------------------------------------------------------------------------------


def linalg_lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False) -> Tensor:
    """The solution X of ``A @ X = B`` for A (..., n, n), of which `lu_factor` gave LU and pivots; B is (..., n, k).

    left=False: of ``X @ A = B``. adjoint: with ``A.mH`` in the place of A.

    >>> import rushlight as torch
    >>> LU, pivots = torch.tensor([[2.0, 2.0], [0.5, 1.0]]), torch.tensor([2, 2], dtype=torch.int32)
    >>> torch.linalg.lu_solve(LU, pivots, torch.tensor([[3.0], [4.0]]))
    tensor([[1.],
            [1.]])
    """
    for each, argument, position in ((LU, "LU", 1), (pivots, "pivots", 2), (B, "B", 3)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("linalg_lu_solve", argument, position, each)
    check_kernel(LU, "lu_solve_cpu")
    if LU._data.dtype != B._data.dtype:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type {kind_of(LU)} and B of "
            f"type {kind_of(B)} instead"
        )
    if pivots._data.dtype != np.int32:
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    if LU._data.ndim < 2:
        raise RuntimeError("torch.linalg.lu_solve: The input tensor A must have at least 2 dimensions.")
    check_square(LU._data, "torch.linalg.lu_solve: ")
    check_columns(LU._data, B._data, "linalg.lu_solve", left=left)
    n = LU._data.shape[-1]
    if pivots._data.shape[-1] != n:
        raise RuntimeError("linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix")
    if pivots._data.shape[:-1] != LU._data.shape[:-2]:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
            f"{list(pivots._data.shape)} instead"
        )
    if state.interpreter is None and (pivots._data > n).any():
        raise RuntimeError(
            "Pivots given to lu_solve must all be smaller or equal to LU.size(-2). Did you properly pass the result of "
            "lu_factor?"
        )
    P = permutation_p.bind(pivots, rows=n, dtype=LU._data.dtype)
    if left:
        return _solved_by_factors(LU, P, B, adjoint)
    return _solved_by_factors(LU, P, B.mH, not adjoint).mH


def _solved_by_factors(LU: Any, P: Any, B: Any, adjoint: bool) -> Any:
    # The triangles are taken from LU as they lie there: a triangular solver looks at no more than its own.
    if adjoint:
        X = solved(LU.mH, solved(LU.mH, B, upper=False), upper=True, unitriangular=True)
        return matmul(P, X)
    return solved(LU, solved(LU, matmul(P.mT, B), upper=False, unitriangular=True), upper=True)


@operation(out=exact_dtype)
def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """`torch.linalg.lu_solve` by its old name, with PyTorch's warning."""
    _warn_of_lu_solve()
    return linalg_lu_solve(LU_data, LU_pivots, b)


@functools.cache
def _warn_of_lu() -> None:
    warn_user(
        "torch.lu is deprecated in favor of torch.linalg.lu_factor / torch.linalg.lu_factor_ex and will be removed in a "
        "future PyTorch release.\nLU, pivots = torch.lu(A, compute_pivots)\nshould be replaced with\n"
        "LU, pivots = torch.linalg.lu_factor(A, compute_pivots)\nand\n"
        "LU, pivots, info = torch.lu(A, compute_pivots, get_infos=True)\nshould be replaced with\n"
        "LU, pivots, info = torch.linalg.lu_factor_ex(A, compute_pivots)"
    )


@functools.cache
def _warn_of_lu_solve() -> None:
    warn_user(
        "torch.lu_solve is deprecated in favor of torch.linalg.lu_solveand will be removed in a future PyTorch release."
        "\nNote that torch.linalg.lu_solve has its arguments reversed.\nX = torch.lu_solve(B, LU, pivots)\nshould be "
        "replaced with\nX = torch.linalg.lu_solve(LU, pivots, B)"
    )


register(lu_factor, namespace="torch.linalg", method=False, out=exact_dtype)
register(lu_factor_ex, namespace="torch.linalg", method=False, out=exact_dtype)
register(linalg_lu, "lu", namespace="torch.linalg", method=False, out=exact_dtype)
register(linalg_lu_solve, "lu_solve", namespace="torch.linalg", method=False, out=exact_dtype)
register(lu, out=any_dtype)
