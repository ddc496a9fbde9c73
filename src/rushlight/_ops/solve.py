"""Systems of linear equations.

The derivatives are those collected by M. Giles, An extended collection of matrix derivative results (Oxford, 2008).
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
from .lapack import check_matrices, check_sides, is_vector, no_info, one_by_one, raise_failed, zero_pivot
from .matmul import conj, kind_of, matmul


def _solve(a: Any, b: Any, *, left: bool, vector: bool, checked: str) -> tuple[Any, Any]:
    """The solutions, and ``info``. checked: what messages call the operation that raises where there is none."""
    info = no_info(a)
    if vector:
        b = b[..., None]
    if not left:
        a, b = a.swapaxes(-1, -2), b.swapaxes(-1, -2)
    try:
        x = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        every = (np.broadcast_to(o, (*batch, *o.shape[-2:])) for o in (a, b))
        x, info = one_by_one(np.linalg.solve, zero_pivot, *every)
        if checked:
            raise_failed(info, f"{checked}: {{element}}The solver failed because the input matrix is singular.")
    if not left:
        x = x.swapaxes(-1, -2)
    return np.ascontiguousarray(x[..., 0] if vector else x), info


def _solved(a: Any, b: Any, left: bool, vector: bool) -> Any:
    return solve_p.bind(a, b, left=left, vector=vector, checked="")[0]


def _of_system(g: Any, a: Any, result: Any, shape: Any, left: bool, vector: bool) -> Any:
    """The cotangent of ``a`` for that of the solution."""
    w = _solved(a.mH, g, left, vector)
    if vector:
        return (-w.unsqueeze(-1) * conj(result[0]).unsqueeze(-2)).sum_to_size(shape)
    return (-matmul(w, result[0].mH) if left else -matmul(result[0].mH, w)).sum_to_size(shape)


def _solve_tangent(a: Any, result: Any, a_t: Any, b_t: Any, left: bool, vector: bool) -> tuple[Any, None]:
    right_side = b_t
    if a_t is not None:
        if vector:
            moved = matmul(a_t, result[0].unsqueeze(-1)).squeeze(-1)
        else:
            moved = matmul(a_t, result[0]) if left else matmul(result[0], a_t)
        right_side = -moved if b_t is None else b_t - moved
    return _solved(a, right_side, left, vector), None


solve_p = Primitive(
    "LinalgSolveEx",
    _solve,
    inputs="a b",
    vjp=(
        lambda g, a, result, a_shape, left, vector: _of_system(g, a, result, a_shape, left, vector),
        lambda g, a, b_shape, left, vector: _solved(a.mH, g, left, vector).sum_to_size(b_shape),
    ),
    jvp=_solve_tangent,
    outputs=2,
    constant=(1,),
)
solve_ex_result = return_type("linalg_solve_ex", "result", "info")


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solution X of ``A @ X = B`` (``left=False``: of ``X @ A = B``) for each regular matrix of a batch.

    A is (..., n, n); B is (..., n, k), or (n,) or (..., n), one vector for each matrix. `torch.linalg.LinAlgError`
    for a singular matrix.

    >>> import rushlight as torch
    >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    vector = _check_system(A, B, left)
    return solve_p.bind(A, B, left=bool(left), vector=vector, checked="torch.linalg.solve")[0]


def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> Any:
    """`solve` that in place of an error gives ``info``: which pivot is zero, 0 for a regular matrix.

    The solution for a singular matrix is nan. check_errors: raise all the same.

    >>> import rushlight as torch
    >>> torch.linalg.solve_ex(torch.zeros(2, 2), torch.ones(2)).info
    tensor(1, dtype=torch.int32)
    """
    vector = _check_system(A, B, left)
    checked = "torch.linalg.solve_ex" if check_errors else ""
    return solve_ex_result(solve_p.bind(A, B, left=bool(left), vector=vector, checked=checked))


def _check_system(A: Any, B: Any, left: bool) -> bool:
    """Refuse what is no system of equations; whether each right-hand side is a vector."""
    check_matrices(A, "linalg.solve")
    if not isinstance(B, Tensor):
        raise_must_be_tensor("linalg_solve", "B", 2, B)
    a, b = A._data, B._data
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"linalg.solve: Expected A and B to have the same dtype, but found A of type {kind_of(A)} and B of type "
            f"{kind_of(B)} instead"
        )
    if b.ndim == 0:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 1 dimension.")
    vector = is_vector(a, b)
    check_sides(a, (b.shape[-1], 1) if vector else b.shape[-2:], "linalg.solve", left=left)
    return vector


register(solve, namespace="torch.linalg", method=False, out=exact_dtype)
register(solve_ex, namespace="torch.linalg", method=False, out=exact_dtype)
