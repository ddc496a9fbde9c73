"""Linear algebra on square matrices: inverse, determinant, systems of equations, Cholesky's factor, powers.

NumPy's LAPACK does the numbers. The derivatives are those collected by M. Giles, An extended collection of matrix
derivative results (Oxford, 2008), and for Cholesky by I. Murray, arXiv:1602.07527.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import check_int
from .matmul import conj, kind_of, matmul
from .titles import shown_as


class LinAlgError(RuntimeError):
    """What LAPACK could not do: invert a singular matrix, factor one that is not positive-definite."""

    __module__ = "torch.linalg"


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"


def _check(name: str, A: Any, *, integers: bool = False) -> None:
    """Refuse what is not a batch of square matrices of floating-point or complex numbers."""
    if not isinstance(A, Tensor):
        raise_must_be_tensor(f"linalg_{name}", "A", 1, A)
    x = A._data
    if x.ndim < 2:
        raise RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    if x.shape[-1] != x.shape[-2]:
        raise RuntimeError(
            f"linalg.{name}: A must be batches of square matrices, but they are {x.shape[-2]} by {x.shape[-1]} matrices"
        )
    if x.dtype.kind not in "fVc" and not integers:
        raise RuntimeError(f"linalg.{name}: Expected a floating point or complex tensor as input. Got {kind_of(A)}")
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        raise RuntimeError(f"linalg.{name}: Low precision dtypes not supported. Got {kind_of(A)}")


def _element(x: Any, index: tuple[int, ...]) -> str:
    """How a message names one matrix of a batch."""
    return f"(Batch element {int(np.ravel_multi_index(index, x.shape[:-2]))}): " if index else ""


def _first_refused(x: Any, refuses: Any) -> tuple[int, ...]:
    """The first matrix of a batch that ``refuses`` holds for."""
    return next(index for index in np.ndindex(*x.shape[:-2]) if refuses(x[index]))


def _is_singular(a: Any) -> bool:
    try:
        np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return True
    return False


def _zero_pivot(a: Any) -> int:
    """Which diagonal element of the triangular factor is zero, counted from 1."""
    u = a.astype(np.result_type(a, np.float64))
    n = len(u)
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(u[k:, k])))
        if u[pivot, k] == 0:
            return k + 1
        u[[k, pivot]] = u[[pivot, k]]
        u[k + 1 :] -= np.outer(u[k + 1 :, k] / u[k, k], u[k])
    return n


# -- inverse --------------------------------------------------------------------------------------------------


def _inv(x: Any) -> Any:
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        index = _first_refused(x, _is_singular)
        raise LinAlgError(
            f"linalg.inv: {_element(x, index)}The diagonal element {_zero_pivot(x[index])} is zero, the inversion could "
            "not be completed because the input matrix is singular."
        ) from None


inv_p = Primitive(
    "LinalgInvEx",
    _inv,
    vjp=lambda g, result: -matmul(matmul(result.mH, g), result.mH),
    jvp=lambda x_t, result: -matmul(matmul(result, x_t), result),
)


def inv(A: Tensor) -> Tensor:
    """The inverse of each matrix of a batch (..., n, n); `torch.linalg.LinAlgError` for a singular one.

    >>> import rushlight as torch
    >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    _check("inv", A)
    return inv_p.bind(A)


@operation()
def inverse(input: Tensor) -> Tensor:
    """`torch.linalg.inv` by its old name."""
    return inv(input)


# -- determinant ----------------------------------------------------------------------------------------------


def _adjugate(x: Any) -> Any:
    """det(x) inv(x), which exists for singular matrices too.

    From x = U S V*, as det(U) det(V*) V adj(S) U*; each element of adj(S) is the product of the other singular
    values.
    """
    if x.shape[-1] == 0:
        return x.copy()
    u, s, vh = np.linalg.svd(x)
    before = np.cumprod(s, -1)
    after = np.cumprod(s[..., ::-1], -1)[..., ::-1]
    one = np.ones_like(s[..., :1])
    others = np.concatenate([one, before[..., :-1]], -1) * np.concatenate([after[..., 1:], one], -1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    v, uh = vh.conj().swapaxes(-1, -2), u.conj().swapaxes(-1, -2)
    return np.ascontiguousarray((v * others[..., None, :]) @ uh * sign[..., None, None]).astype(x.dtype)


def _adjugate_cotangent(g: Any, x: Any) -> Any:
    inverse = inv(x).mH
    along = (inverse.mT * g).sum((-2, -1), keepdim=True)
    return conj(det(x))[..., None, None] * (along * inverse - matmul(matmul(inverse, g), inverse))


def _adjugate_tangent(x: Any, x_t: Any) -> Any:
    inverse = inv(x)
    along = (inverse.mT * x_t).sum((-2, -1), keepdim=True)
    return det(x)[..., None, None] * (along * inverse - matmul(matmul(inverse, x_t), inverse))


# Its own derivatives go through the inverse: the second one of the determinant wants a regular matrix.
adjugate_p = Primitive(
    "LinalgAdjugate",
    _adjugate,
    vjp=lambda g, x: _adjugate_cotangent(g, x),
    jvp=lambda x, x_t: _adjugate_tangent(x, x_t),
)
det_p = Primitive(
    "LinalgDet",
    np.linalg.det,
    vjp=lambda g, x: g[..., None, None] * adjugate_p.bind(x).mH,
    jvp=lambda x, x_t: (adjugate_p.bind(x).mT * x_t).sum((-2, -1)),
)


def det(A: Tensor) -> Tensor:
    """The determinant of each matrix of a batch: (..., n, n) to (...).

    >>> import rushlight as torch
    >>> torch.linalg.det(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    _check("det", A)
    return det_p.bind(A)


def _slogdet_cotangent(gs: Any, x: Any, result: Any) -> Any:
    """With d log det = tr(inv(x) dx): its real part moves the logarithm, its imaginary part turns the sign."""
    g_sign, g_log = gs
    weight = g_log
    if g_sign is not None and x._data.dtype.kind == "c":
        turn = (g_sign.conj() * result[0]).imag * -1j
        weight = turn if weight is None else weight + turn
    if weight is None:
        return x.new_zeros(x._data.shape)
    return weight[..., None, None] * inv(x).mH


def _slogdet_tangent(x: Any, x_t: Any, result: Any) -> tuple[Any, Any]:
    moved = (inv(x).mT * x_t).sum((-2, -1))
    if x._data.dtype.kind != "c":
        return None, moved
    return moved.imag * 1j * result[0], moved.real


slogdet_p = Primitive(
    "LinalgSlogdet",
    np.linalg.slogdet,
    vjp=(lambda g, x, result: _slogdet_cotangent(g, x, result),),
    jvp=_slogdet_tangent,
    outputs=2,
)
linalg_slogdet_result = return_type("linalg_slogdet", "sign", "logabsdet")
slogdet_result = return_type("slogdet", "sign", "logabsdet")


def linalg_slogdet(A: Tensor) -> Any:
    """The sign of each determinant and the logarithm of its absolute value, which neither over- nor underflow.

    >>> import rushlight as torch
    >>> torch.linalg.slogdet(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    torch.return_types.linalg_slogdet(
    sign=tensor(-1.),
    logabsdet=tensor(0.6931))
    """
    _check("slogdet", A)
    return linalg_slogdet_result(slogdet_p.bind(A))


@operation()
def slogdet(input: Tensor) -> Any:
    """`torch.linalg.slogdet` by its old name."""
    _check("slogdet", input)
    return slogdet_result(slogdet_p.bind(input))


@operation(out=False)
def logdet(input: Tensor) -> Tensor:
    """The logarithm of each determinant: nan for a negative one, minus infinity for 0.

    >>> import rushlight as torch
    >>> torch.logdet(torch.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(0.)
    """
    _check("det", input)
    sign, logabsdet = slogdet_p.bind(input)
    if input._data.dtype.kind == "c":
        return sign.log() + logabsdet
    return logabsdet.where(sign != -1, logabsdet.new_full((), float("nan")))


# -- systems of equations -------------------------------------------------------------------------------------


def _solve(a: Any, b: Any, *, left: bool, vector: bool) -> Any:
    if vector:
        b = b[..., None]
    if not left:
        a, b = a.swapaxes(-1, -2), b.swapaxes(-1, -2)
    try:
        x = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        element = _element(a, _first_refused(a, _is_singular))
        raise LinAlgError(
            f"torch.linalg.solve: {element}The solver failed because the input matrix is singular."
        ) from None
    if not left:
        x = x.swapaxes(-1, -2)
    return np.ascontiguousarray(x[..., 0] if vector else x)


def _of_system(g: Any, a: Any, result: Any, shape: Any, left: bool, vector: bool) -> Any:
    """The cotangent of ``a`` for that of the solution."""
    w = solve_p.bind(a.mH, g, left=left, vector=vector)
    if vector:
        return (-w.unsqueeze(-1) * conj(result).unsqueeze(-2)).sum_to_size(shape)
    return (-matmul(w, result.mH) if left else -matmul(result.mH, w)).sum_to_size(shape)


def _solve_tangent(a: Any, result: Any, a_t: Any, b_t: Any, left: bool, vector: bool) -> Any:
    right_side = b_t
    if a_t is not None:
        if vector:
            moved = matmul(a_t, result.unsqueeze(-1)).squeeze(-1)
        else:
            moved = matmul(a_t, result) if left else matmul(result, a_t)
        right_side = -moved if b_t is None else b_t - moved
    return solve_p.bind(a, right_side, left=left, vector=vector)


solve_p = Primitive(
    "LinalgSolveEx",
    _solve,
    inputs="a b",
    vjp=(
        lambda g, a, result, a_shape, left, vector: _of_system(g, a, result, a_shape, left, vector),
        lambda g, a, b_shape, left, vector: solve_p.bind(a.mH, g, left=left, vector=vector).sum_to_size(b_shape),
    ),
    jvp=_solve_tangent,
)


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solution X of ``A @ X = B`` (``left=False``: of ``X @ A = B``) for each regular matrix of a batch.

    A is (..., n, n); B is (..., n, k), or (n,) or (..., n), one vector for each matrix. `torch.linalg.LinAlgError`
    for a singular matrix.

    >>> import rushlight as torch
    >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    _check("solve", A)
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
    vector = b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])
    n, (rows, columns) = a.shape[-1], (b.shape[-1], 1) if vector else b.shape[-2:]
    if (vector and not left) or (rows if left else columns) != n:
        side = "AX" if left else "XA"
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation {side} = B ({n}x{n} and {rows}x{columns})"
        )
    return solve_p.bind(A, B, left=bool(left), vector=vector)


# -- Cholesky -------------------------------------------------------------------------------------------------


def _cholesky(x: Any, *, upper: bool) -> Any:
    try:
        factor = np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        index = _first_refused(x, _is_not_positive)
        a = x[index]
        order = next(k for k in range(1, len(a) + 1) if _is_not_positive(a[:k, :k]))
        raise LinAlgError(
            f"linalg.cholesky: {_element(x, index)}The factorization could not be completed because the input is not "
            f"positive-definite (the leading minor of order {order} is not positive-definite)."
        ) from None
    return np.ascontiguousarray(factor.conj().swapaxes(-1, -2)) if upper else factor


def _is_not_positive(a: Any) -> bool:
    try:
        np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return True
    return False


def _lower_half(x: Any) -> Any:
    """The lower triangle, the diagonal halved."""
    return x.tril() - x.diagonal(0, -2, -1).diag_embed() * 0.5


def _cholesky_cotangent(g: Any, factor: Any, upper: bool) -> Any:
    if upper:
        g, factor = g.mH, factor.mH
    inverse = inv(factor)
    half = _lower_half(matmul(factor.mH, g))
    return matmul(matmul(inverse.mH, (half + half.mH) * 0.5), inverse)


def _cholesky_tangent(x_t: Any, factor: Any, upper: bool) -> Any:
    lower = factor.mH if upper else factor
    inverse = inv(lower)
    moved = matmul(lower, _lower_half(matmul(matmul(inverse, x_t), inverse.mH)))
    return moved.mH if upper else moved


cholesky_p = Primitive(
    "LinalgCholeskyEx",
    _cholesky,
    vjp=lambda g, result, upper: _cholesky_cotangent(g, result, upper),
    jvp=lambda x_t, result, upper: _cholesky_tangent(x_t, result, upper),
)
_old_cholesky = shown_as(cholesky_p, "CholeskyBackward0")


def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L with ``A = L @ L.mH`` for each positive-definite matrix of a batch.

    Only the lower triangle of A is looked at. upper: its adjoint instead. `torch.linalg.LinAlgError` where there is
    none.

    >>> import rushlight as torch
    >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    _check("cholesky", A)
    return cholesky_p.bind(A, upper=bool(upper))


@operation()
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """`torch.linalg.cholesky` by its old name, with PyTorch's warning."""
    _warn_of_cholesky()
    _check("cholesky", input)
    return _old_cholesky.bind(input, upper=bool(upper))


@functools.cache
def _warn_of_cholesky() -> None:
    warn_user(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future PyTorch release."
        "\nL = torch.cholesky(A)\nshould be replaced with\nL = torch.linalg.cholesky(A)\nand\nU = torch.cholesky(A, "
        "upper=True)\nshould be replaced with\nU = torch.linalg.cholesky(A).mH\nThis transform will produce equivalent "
        "results for all valid (symmetric positive definite) inputs."
    )


# -- powers ---------------------------------------------------------------------------------------------------


@operation()
def matrix_power(input: Tensor, n: int) -> Tensor:
    """The product of ``n`` copies of each matrix of a batch; of its inverse for a negative ``n``.

    >>> import rushlight as torch
    >>> torch.matrix_power(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    n = check_int(n, "linalg_matrix_power", "n", 2)
    _check("matrix_power", input, integers=True)
    if n == 0:
        return input.clone().copy_(input.new_ones(input._data.shape[-1]).diag())
    if n == 1:
        return input.clone()
    if n < 0:
        input, n = inv(input), -n
    if n == 3:
        return matmul(matmul(input, input), input)
    # Squares of squares, and the product of those whose bits n has.
    result: Any = None
    square = input
    while True:
        if n & 1:
            result = square if result is None else matmul(result, square)
        n >>= 1
        if not n:
            return result
        square = matmul(square, square)


register(inv, namespace="torch.linalg", method=False)
register(det, namespace="torch.linalg", method=False)
register(det)
register(linalg_slogdet, "slogdet", namespace="torch.linalg", method=False)
register(solve, namespace="torch.linalg", method=False)
register(linalg_cholesky, "cholesky", namespace="torch.linalg", method=False)
register(matrix_power, namespace="torch.linalg", method=False)
