"""The factorization A = L D L^T of symmetric (or L D L^H of Hermitian) matrices, D with blocks of size 1 and 2.

It has no derivative, as in PyTorch. SciPy's LAPACK does the numbers: NumPy has none of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .lapack import check_matrices, lapack_routine, no_info, raise_failed
from .matmul import kind_of
from .publish import no_derivative
from .triangular import check_older

WITH_DERIVATIVE = "torch.linalg.solve and torch.linalg.cholesky have one; detach() the input where none is wanted."


def _routine(stem: str, x: Any, hermitian: bool, operation: str) -> Any:
    kind = "he" if hermitian and x.dtype.kind == "c" else "sy"
    return lapack_routine(f"{kind}{stem}", x, operation)


def _ldl_factor(x: Any, *, hermitian: bool, checked: str) -> tuple[Any, Any, Any]:
    factors, info = np.tril(x), no_info(x)
    pivots = np.empty(x.shape[:-1], np.int32)
    if x.size:
        factor = _routine("trf", x, hermitian, "linalg.ldl_factor")
        for index in np.ndindex(*x.shape[:-2]):
            both, pivots[index], info[index] = factor(x[index], lower=1)
            factors[index] = np.tril(both)
    if checked and info.any():
        raise_failed(
            info,
            f"{checked}: {{element}}The diagonal element {{info}} of D is zero: the matrix is singular, and solving with "
            "its factors would divide by zero. linalg.ldl_factor_ex gives the factors all the same.",
        )
    return factors, pivots, info


def _ldl_solve(factors: Any, pivots: Any, b: Any, *, hermitian: bool) -> Any:
    batch = np.broadcast_shapes(factors.shape[:-2], pivots.shape[:-1], b.shape[:-2])
    factors, b = (np.broadcast_to(o, (*batch, *o.shape[-2:])) for o in (factors, b))
    pivots = np.broadcast_to(pivots, (*batch, pivots.shape[-1]))
    x = np.empty(b.shape, b.dtype)
    if x.size:
        solve = _routine("trs", b, hermitian, "linalg.ldl_solve")
        for index in np.ndindex(*batch):
            x[index] = solve(factors[index], pivots[index], b[index], lower=1)[0]
    return x


ldl_factor_p = Primitive(
    "LinalgLdlFactorEx",
    _ldl_factor,
    vjp=no_derivative("linalg_ldl_factor_ex", WITH_DERIVATIVE),
    outputs=3,
    constant=(1, 2),
    family="matrices",
)
_no_cotangent = no_derivative("linalg_ldl_solve", WITH_DERIVATIVE)
ldl_solve_p = Primitive(
    "LinalgLdlSolve",
    _ldl_solve,
    inputs="factors pivots b",
    vjp=(_no_cotangent, None, _no_cotangent),
)
ldl_factor_result = return_type("linalg_ldl_factor", "LD", "pivots")
ldl_factor_ex_result = return_type("linalg_ldl_factor_ex", "LD", "pivots", "info")


def ldl_factor(A: Tensor, *, hermitian: bool = False) -> Any:
    """The factors of each symmetric matrix (..., n, n), both in one matrix, and LAPACK's pivots; for `ldl_solve`.

    Only the lower triangle is looked at. hermitian: of Hermitian matrices. `torch.linalg.LinAlgError` for a singular
    matrix. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.linalg.ldl_factor(torch.tensor([[2.0, 1.0], [1.0, 2.0]])).LD
    tensor([[2.0000, 0.0000],
            [0.5000, 1.5000]])
    """
    check_matrices(A, "torch.linalg.ldl_factor_ex")
    return ldl_factor_result(ldl_factor_p.bind(A, hermitian=bool(hermitian), checked="torch.linalg.ldl_factor")[:2])


def ldl_factor_ex(A: Tensor, *, hermitian: bool = False, check_errors: bool = False) -> Any:
    """`ldl_factor` that in place of an error gives ``info``: which diagonal element of D is zero, 0 for none.

    check_errors: raise all the same.

    >>> import rushlight as torch
    >>> torch.linalg.ldl_factor_ex(torch.zeros(2, 2)).info
    tensor(1, dtype=torch.int32)
    """
    check_matrices(A, "torch.linalg.ldl_factor_ex")
    checked = "torch.linalg.ldl_factor_ex" if check_errors else ""
    return ldl_factor_ex_result(ldl_factor_p.bind(A, hermitian=bool(hermitian), checked=checked))


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False) -> Tensor:
    """The solution X of ``A @ X = B`` for A (..., n, n), of which `ldl_factor` gave LD and pivots; B is (..., n, k).

    hermitian: as it was for the factors. Needs a SciPy that has LAPACK's ``sytrs`` (1.17 has).

    >>> import rushlight as torch
    >>> LD, pivots = torch.linalg.ldl_factor(torch.tensor([[2.0, 1.0], [1.0, 2.0]]))
    >>> torch.linalg.ldl_solve(LD, pivots, torch.tensor([[3.0], [3.0]]))
    tensor([[1.],
            [1.]])
    """
    for each, argument, position in ((LD, "LD", 1), (pivots, "pivots", 2), (B, "B", 3)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("linalg_ldl_solve", argument, position, each)
    check_matrices(LD, "torch.linalg.ldl_solve")
    if B._data.ndim < 2:
        raise RuntimeError(
            f"torch.linalg.ldl_solve: Expected B to have at least 2 dimensions, but it has {B._data.ndim} dimensions instead"
        )
    if pivots._data.shape != LD._data.shape[:-1]:
        raise RuntimeError(
            "torch.linalg.ldl_solve: Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
            f"{list(pivots._data.shape)} instead"
        )
    if pivots._data.dtype.kind not in "iu":
        raise RuntimeError(f"torch.linalg.ldl_solve: Expected pivots to be integers. Got {kind_of(pivots)}")
    check_older(B, LD, "torch.linalg.ldl_solve")
    return ldl_solve_p.bind(LD, pivots, B, hermitian=bool(hermitian))


register(ldl_factor, namespace="torch.linalg", method=False, out=exact_dtype)
register(ldl_factor_ex, namespace="torch.linalg", method=False, out=exact_dtype)
register(ldl_solve, namespace="torch.linalg", method=False, out=exact_dtype)
