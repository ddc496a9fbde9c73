"""Cholesky's factorization, and what is solved with it.

The derivatives are those of I. Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .._core.modes import state
from .._core.operands import raise_must_be_tensor
from .._core.out_checks import exact_dtype, safely_castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .._core.where import warn_user
from .lapack import adjoint, check_kernel, check_matrices, no_info, one_by_one, raise_failed
from .matmul import matmul
from .titles import shown_as
from .triangular import check_older, solved


def _cholesky(x: Any, *, upper: bool, checked: str) -> tuple[Any, Any]:
    """The factors, and ``info``. checked: what messages call the operation that raises where there is none."""
    if upper:  # then only that triangle is looked at
        x = adjoint(x)
    try:
        factor, info = np.linalg.cholesky(x), no_info(x)
    except np.linalg.LinAlgError:
        factor, info = one_by_one(np.linalg.cholesky, _failing_minor, x)
        if checked:
            raise_failed(
                info,
                f"{checked}: {{element}}The factorization could not be completed because the input is not "
                "positive-definite (the leading minor of order {info} is not positive-definite).",
            )
    return np.ascontiguousarray(adjoint(factor)) if upper else factor, info


def _failing_minor(a: Any) -> int:
    """The order of the first leading minor that is not positive-definite."""
    return next(k for k in range(1, len(a) + 1) if not _is_positive(a[:k, :k]))


def _is_positive(a: Any) -> bool:
    try:
        np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return False
    return True


def _lower_half(x: Any) -> Any:
    """The lower triangle, the diagonal halved."""
    return x.tril() - x.diagonal(0, -2, -1).diag_embed() * 0.5


def _cotangent(g: Any, factor: Any, upper: bool) -> Any:
    if upper:
        g, factor = g.mH, factor.mH
    lower = matmul(factor.mH, g).tril()
    inner = solved(factor.mH, (lower + lower.tril(-1).mH) * 0.5, upper=True)
    return solved(factor, inner, upper=False, left=False)


def _tangent(x_t: Any, result: Any, upper: bool) -> tuple[Any, None]:
    lower = result[0].mH if upper else result[0]
    inner = solved(lower.mH, solved(lower, x_t, upper=False), upper=True, left=False)
    moved = matmul(lower, _lower_half(inner))
    return moved.mH if upper else moved, None


cholesky_p = Primitive(
    "LinalgCholeskyEx",
    _cholesky,
    vjp=lambda g, result, upper: _cotangent(g, result[0], upper),
    jvp=_tangent,
    outputs=2,
    constant=(1,),
    family="matrices",
)
_old_cholesky = shown_as(cholesky_p, "CholeskyBackward0")
cholesky_ex_result = return_type("linalg_cholesky_ex", "L", "info")


def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L with ``A = L @ L.mH`` for each positive-definite matrix of a batch.

    Only the lower triangle of A is looked at. upper: the upper triangular U with ``A = U.mH @ U``, from the upper
    triangle. `torch.linalg.LinAlgError` where there is none.

    >>> import rushlight as torch
    >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    check_matrices(A, "linalg.cholesky")
    return cholesky_p.bind(A, upper=bool(upper), checked="linalg.cholesky")[0]


def cholesky_ex(A: Tensor, *, upper: bool = False, check_errors: bool = False) -> Any:
    """`cholesky` that in place of an error gives ``info``: the order of the first minor that is not positive-definite.

    It is 0 where there is a factor; where there is none, the factor is nan. check_errors: raise all the same.

    >>> import rushlight as torch
    >>> torch.linalg.cholesky_ex(torch.tensor([[1.0, 0.0], [0.0, -1.0]])).info
    tensor(2, dtype=torch.int32)
    """
    check_matrices(A, "linalg.cholesky")
    checked = "linalg.cholesky_ex" if check_errors else ""
    return cholesky_ex_result(cholesky_p.bind(A, upper=bool(upper), checked=checked))


@operation(out=safely_castable("cholesky"))
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """`torch.linalg.cholesky` by its old name, with PyTorch's warning."""
    _warn_of_cholesky()
    check_matrices(input, "linalg.cholesky")
    return _old_cholesky.bind(input, upper=bool(upper), checked="linalg.cholesky")[0]


@functools.cache
def _warn_of_cholesky() -> None:
    warn_user(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future PyTorch release."
        "\nL = torch.cholesky(A)\nshould be replaced with\nL = torch.linalg.cholesky(A)\nand\nU = torch.cholesky(A, "
        "upper=True)\nshould be replaced with\nU = torch.linalg.cholesky(A).mH\nThis transform will produce equivalent "
        "results for all valid (symmetric positive definite) inputs."
    )


register(linalg_cholesky, "cholesky", namespace="torch.linalg", method=False, out=exact_dtype)
register(cholesky_ex, namespace="torch.linalg", method=False, out=exact_dtype)


# -- with the factor ------------------------------------------------------------------------------------------


def _solved_by_factor(B: Any, L: Any, upper: bool) -> Any:
    if upper:
        return solved(L, solved(L.mH, B, upper=False), upper=True)
    return solved(L.mH, solved(L, B, upper=False), upper=True)


@operation(out=safely_castable("cholesky_solve"))
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The solution X of ``A @ X = B`` for ``A = L @ L.mH``, whose factor L (..., n, n) is known; B is (..., n, k).

    Only the lower triangle of L is looked at. upper: L is the upper factor, with ``A = L.mH @ L``.

    >>> import rushlight as torch
    >>> torch.cholesky_solve(torch.tensor([[8.0], [9.0]]), torch.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor([[2.],
            [1.]])
    """
    for each, argument, position in ((B, "B", 1), (L, "L", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("cholesky_solve", argument, position, each)
    for each, letter in ((B, "b"), (L, "u")):
        ndim = each._data.ndim
        if ndim < 2:
            raise RuntimeError(f"{letter} should have at least 2 dimensions, but has {ndim} dimensions instead")
    check_older(B, L, "cholesky_solve")
    check_kernel(B, "cholesky_solve_cpu")
    return _solved_by_factor(B, L, upper)


@operation(out=safely_castable("cholesky_inverse"))
def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of ``L @ L.mH`` from its factor L (..., n, n); upper: of ``L.mH @ L`` from its upper factor.

    `torch.linalg.LinAlgError` where the diagonal of L has a zero.

    >>> import rushlight as torch
    >>> torch.cholesky_inverse(torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([[0.2500, 0.0000],
            [0.0000, 1.0000]])
    """
    check_matrices(L, "cholesky_inverse", kernel="cholesky_inverse_out_cpu")
    if state.interpreter is None:
        zeros = np.diagonal(L._data, 0, -2, -1) == 0
        if zeros.any():
            raise_failed(
                np.where(zeros.any(-1), zeros.argmax(-1) + 1, 0),
                "cholesky_inverse: {element}The diagonal element {info} is zero, the inversion could not be completed "
                "because the input matrix is singular.",
            )
    return _solved_by_factor(L.new_ones(L._data.shape[:-1]).diag_embed(), L, upper)
