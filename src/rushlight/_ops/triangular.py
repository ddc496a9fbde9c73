"""Systems of equations with a triangular matrix."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .._core.dtypes import from_numpy_dtype
from .._core.families import cast
from .._core.operands import raise_must_be_tensor
from .._core.out_checks import exact_dtype, same_kernel_type
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .._core.where import warn_user
from .lapack import check_columns, check_kernel, check_matrices
from .matmul import kind_of, matmul

SMALL = 32  # up to this size NumPy's general solver is as fast as a triangular one would be


def _forward(a: Any, b: Any, *, upper: bool, left: bool, unitriangular: bool) -> Any:
    if not left:
        x = _forward(a.swapaxes(-1, -2), b.swapaxes(-1, -2), upper=not upper, left=True, unitriangular=unitriangular)
        return np.ascontiguousarray(x.swapaxes(-1, -2))
    a = np.triu(a, int(unitriangular)) if upper else np.tril(a, -int(unitriangular))
    if unitriangular:
        a += np.eye(a.shape[-1], dtype=a.dtype)
    if upper:
        return _by_blocks(a, b)
    # Read backwards, a lower triangle is an upper one.
    return np.ascontiguousarray(_by_blocks(a[..., ::-1, ::-1], b[..., ::-1, :])[..., ::-1, :])


def _by_blocks(a: Any, b: Any) -> Any:
    """The solution for upper triangles ``a``: of the lower half, then of the upper one less what that makes of it.

    NumPy has no triangular solver, and SciPy's takes one matrix at a time. NumPy's general one has nothing to eliminate
    in an upper triangle, but would take n^3 steps to find that out: it gets the blocks on the diagonal.
    """
    n = a.shape[-1]
    if n <= SMALL and np.diagonal(a, 0, -2, -1).all():
        return np.linalg.solve(a, b)
    if n == 1:
        return b / a
    h = n // 2
    low = _by_blocks(a[..., h:, h:], b[..., h:, :])
    top = _by_blocks(a[..., :h, :h], b[..., :h, :] - a[..., :h, h:] @ low)
    return np.concatenate([top, low], -2)


def _triangle(t: Any, upper: bool, unitriangular: bool) -> Any:
    return t.triu(int(unitriangular)) if upper else t.tril(-int(unitriangular))


def _cotangents(
    g: Any, a: Any, result: Any, a_shape: Any, b_shape: Any, wanted: Any, upper: bool, left: bool, unitriangular: bool
) -> tuple[Any, Any]:
    w = solve_triangular_p.bind(a.mH, g, upper=not upper, left=left, unitriangular=unitriangular)
    of_a = None
    if wanted[0]:
        of_a = -matmul(w, result.mH) if left else -matmul(result.mH, w)
        of_a = _triangle(of_a, upper, unitriangular).sum_to_size(a_shape)
    return of_a, w.sum_to_size(b_shape) if wanted[1] else None


def _tangent(a: Any, result: Any, a_t: Any, b_t: Any, upper: bool, left: bool, unitriangular: bool) -> Any:
    right_side = b_t
    if a_t is not None:
        a_t = _triangle(a_t, upper, unitriangular)
        moved = matmul(a_t, result) if left else matmul(result, a_t)
        right_side = -moved if b_t is None else b_t - moved
    return solve_triangular_p.bind(a, right_side, upper=upper, left=left, unitriangular=unitriangular)


solve_triangular_p = Primitive(
    "LinalgSolveTriangular",
    _forward,
    inputs="a b",
    vjp=lambda g, a, result, a_shape, b_shape, wanted, upper, left, unitriangular: _cotangents(
        g, a, result, a_shape, b_shape, wanted, upper, left, unitriangular
    ),
    jvp=_tangent,
)


def solved(a: Any, b: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    """The solution for operands that have been checked: what factorizations' rules are made of."""
    return solve_triangular_p.bind(a, b, upper=upper, left=left, unitriangular=unitriangular)


def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """The solution X of ``A @ X = B`` (``left=False``: of ``X @ A = B``) for triangular matrices (..., n, n).

    Only the upper or lower triangle of A is looked at; unitriangular: its diagonal is taken for ones. B is (..., n, k),
    batches are broadcast. Where the diagonal has a zero the solution has inf or nan.

    >>> import rushlight as torch
    >>> A = torch.tensor([[2.0, 1.0], [0.0, 4.0]])
    >>> torch.linalg.solve_triangular(A, torch.tensor([[4.0], [8.0]]), upper=True)
    tensor([[1.],
            [2.]])
    """
    check_matrices(A, "linalg.solve_triangular", kernel="triangular_solve_cpu")
    if not isinstance(B, Tensor):
        raise_must_be_tensor("linalg_solve_triangular", "B", 2, B)
    check_columns(A._data, B._data, "linalg.solve_triangular", left=left)
    B = cast(B, from_numpy_dtype(A._data.dtype))
    return solved(A, B, upper=bool(upper), left=bool(left), unitriangular=bool(unitriangular))


triangular_solve_result = return_type("triangular_solve", "solution", "cloned_coefficient")


@operation(out=exact_dtype)
def triangular_solve(
    b: Tensor, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Any:
    """`torch.linalg.solve_triangular` by its old name: the solution, and a copy of A; with PyTorch's warning.

    transpose: solve with ``A.mT``; ``upper`` says which triangle of A itself to look at.

    >>> import rushlight as torch
    >>> b, A = torch.tensor([[4.0], [8.0]]), torch.tensor([[2.0, 1.0], [0.0, 4.0]])
    >>> torch.linalg.solve_triangular(A, b, upper=True).mT  # rather than triangular_solve
    tensor([[1., 2.]])
    """
    _warn_of_triangular_solve()
    check_right_sides(b, A, "triangular_solve", kernel="triangular_solve_cpu")
    matrix = A.mT if transpose else A
    solution = solved(matrix, b, upper=bool(upper) != bool(transpose), unitriangular=bool(unitriangular))
    return triangular_solve_result((solution, A.expand(*solution._data.shape[:-2], *A._data.shape[-2:]).clone()))


def check_right_sides(b: Any, A: Any, name: str, *, kernel: str) -> None:
    """The words in which the older operations refuse operands."""
    for each, argument, position in ((b, "input", 1), (A, "A", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor(name, argument, position, each)
    x, a = b._data, A._data
    if x.ndim < 2:
        raise RuntimeError(
            f"torch.{name}: Expected b to have at least 2 dimensions, but it has {x.ndim} dimensions instead"
        )
    if a.ndim < 2:
        raise RuntimeError(
            f"torch.{name}: Expected A to have at least 2 dimensions, but it has {a.ndim} dimensions instead"
        )
    check_older(b, A, name)
    check_kernel(b, kernel)


def check_older(b: Tensor, A: Tensor, name: str) -> None:
    """Whether dtypes and sizes of a right-hand side and of square matrices fit, in the words of older operations."""
    x, a = b._data, A._data
    if x.dtype != a.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {kind_of(b)} and A of type {kind_of(A)} instead."
        )
    if a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {a.shape[-2]} by {a.shape[-1]} matrices"
        )
    if a.shape[-1] != x.shape[-2]:
        raise RuntimeError(
            f"Incompatible matrix sizes for {name}: each A matrix is {a.shape[-1]} by {a.shape[-1]} but each b matrix is "
            f"{x.shape[-2]} by {x.shape[-1]}"
        )


@functools.cache
def _warn_of_triangular_solve() -> None:
    warn_user(
        "torch.triangular_solve is deprecated in favor of torch.linalg.solve_triangularand will be removed in a future "
        "PyTorch release.\ntorch.linalg.solve_triangular has its arguments reversed and does not return a copy of one of "
        "the inputs.\nX = torch.triangular_solve(B, A).solution\nshould be replaced with\n"
        "X = torch.linalg.solve_triangular(A, B)."
    )


register(solve_triangular, namespace="torch.linalg", method=False, out=same_kernel_type)
