"""The singular value decomposition, and what is read off it: ranks and condition numbers.

The derivative is that of J. Townsend, Differentiating the singular value decomposition (2016), with the phases of
complex vectors as in Z.-Q. Wan and S.-X. Zhang, Automatic differentiation for complex valued SVD, arXiv:1909.02659.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.out_checks import exact_dtype, safely_castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .eigenvalues import eigvalsh
from .inverse import inv_p
from .joining import cat
from .lapack import check_matrices
from .matmul import kind_of, matmul
from .spectra import diagonal_of, is_differentiated, over_gaps, refuse_phase, svd_of, svdvals_of


def _thin(result: Any) -> tuple[Any, Any, Any]:
    U, S, Vh = result
    k = S._data.shape[-1]
    return U[..., :k], S, Vh[..., :k, :]


def _skew(x: Any) -> Any:
    return x - x.mH


def _cotangent(gs: Any, result: Any) -> Any:
    """In the basis of the singular vectors: what turns U and V, what moves S, and what leaves the span of the vectors.

    The columns of U and V beyond the singular values may be any basis: what depends on them is not followed.
    """
    g_U, g_S, g_Vh = gs
    U, S, Vh = _thin(result)
    k = S._data.shape[-1]
    rows, columns = S.unsqueeze(-1), S.unsqueeze(-2)
    if g_U is None and g_Vh is None:
        return None if g_S is None else matmul(U * g_S.unsqueeze(-2), Vh)
    terms = [] if g_S is None else [g_S.diag_embed()]
    leaving = []
    angle_U: Any = 0
    angle_V: Any = 0
    if g_U is not None:
        g_U = g_U[..., :k]
        turned = matmul(U.mH, g_U)
        terms.append(over_gaps(_skew(turned), S * S) * columns)
        angle_U = diagonal_of(turned).imag if turned.is_complex() else 0
        if U._data.shape[-2] > k:
            leaving.append(matmul((g_U - matmul(U, turned)) / columns, Vh))
    if g_Vh is not None:
        g_V = g_Vh[..., :k, :].mH
        turned = matmul(Vh, g_V)
        terms.append(rows * over_gaps(_skew(turned), S * S))
        angle_V = diagonal_of(turned).imag if turned.is_complex() else 0
        if Vh._data.shape[-1] > k:
            leaving.append(matmul(U / columns, (g_V - matmul(Vh.mH, turned)).mH))
    if U.is_complex():
        refuse_phase(angle_U + angle_V, "svd_backward", "singular vectors", "phase term, making it ill-defined.")
        terms.append(((angle_U - angle_V) * 0.5j / S).diag_embed())  # the phases of U and V turn against each other
    return sum(leaving, matmul(matmul(U, sum(terms[1:], terms[0])), Vh))


def _tangent(x_t: Any, result: Any, full_matrices: bool) -> tuple[Any, Any, Any]:
    U, S, Vh = _thin(result)
    V = Vh.mH
    rows, columns = S.unsqueeze(-1), S.unsqueeze(-2)
    moved = matmul(x_t, V)
    inner = matmul(U.mH, moved)
    turn_U = over_gaps(inner * columns + rows * inner.mH, S * S)
    turn_V = over_gaps(rows * inner + inner.mH * columns, S * S)
    S_t = diagonal_of(inner)
    if U.is_complex():
        angle = (S_t.imag * 0.5j / S).diag_embed()
        S_t, turn_U, turn_V = S_t.real, turn_U + angle, turn_V - angle
    U_t, V_t = matmul(U, turn_U), matmul(V, turn_V)
    k = S._data.shape[-1]
    if U._data.shape[-2] > k:
        U_t = U_t + (moved - matmul(U, inner)) / columns
    if V._data.shape[-2] > k:
        V_t = V_t + (matmul(x_t.mH, U) - matmul(V, inner.mH)) / columns
    return _padded(U_t, result[0]), S_t, _padded(V_t, result[2]).mH


def _padded(t: Any, whole: Any) -> Any:
    """``t`` with columns of zeros for those of the square matrix ``whole`` that are any basis."""
    missing = whole._data.shape[-2] - t._data.shape[-1] if whole._data.shape[-2] == whole._data.shape[-1] else 0
    return cat([t, t.new_zeros((*t._data.shape[:-1], missing))], -1) if missing else t


svd_p = Primitive(
    "LinalgSvd",
    svd_of,
    vjp=(lambda g, result: _cotangent(g, result),),
    jvp=_tangent,
    outputs=3,
    family="matrices",
)
svdvals_p = Primitive("LinalgSvdvals", svdvals_of, family="matrices")
linalg_svd_result = return_type("linalg_svd", "U", "S", "Vh")
svd_result = return_type("svd", "U", "S", "V")


def _check(A: Any, driver: str | None) -> None:
    check_matrices(A, "linalg.svd", square=False, kernel="" if _is_integral(A) else "linalg_svd_cpu")
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend."
        )


def _is_integral(A: Any) -> bool:
    return isinstance(A, Tensor) and A._data.dtype.kind in "biu"


def linalg_svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> Any:
    """U, S and Vh with ``A = U @ diag(S) @ Vh`` for each matrix (..., m, n); S is in descending order.

    full_matrices: square U and Vh; otherwise of min(m, n) columns and rows. The derivative follows these only, is nan or
    inf where singular values are equal or 0, and a loss may not depend on the phase of complex vectors (RuntimeError).
    ``driver`` chooses between routines of a GPU: RuntimeError.

    >>> import rushlight as torch
    >>> torch.linalg.svd(torch.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    _check(A, driver)
    return linalg_svd_result(svd_p.bind(A, full_matrices=bool(full_matrices)))


def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values of each matrix (..., m, n) in descending order; they have a derivative where some are equal.

    >>> import rushlight as torch
    >>> torch.linalg.svdvals(torch.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor([4., 3.])
    """
    _check(A, driver)
    return svd_p.bind(A, full_matrices=False)[1] if is_differentiated(A) else svdvals_p.bind(A)


@operation(out=exact_dtype)
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> Any:
    """U, S and V with ``input = U @ diag(S) @ V.mH``; `torch.linalg.svd` has taken its place, which gives ``V.mH``.

    some=False: square U and V. compute_uv=False: U and V of zeros.

    >>> import rushlight as torch
    >>> torch.svd(torch.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    if compute_uv:
        U, S, Vh = linalg_svd(input, not some)
        return svd_result((U, S, Vh.mH))
    S = svdvals(input)
    *batch, m, n = input._data.shape
    return svd_result((input.new_zeros((*batch, m, m)), S, input.new_zeros((*batch, n, n))))


register(linalg_svd, "svd", namespace="torch.linalg", method=False, out=exact_dtype)
register(svdvals, namespace="torch.linalg", method=False, out=exact_dtype)

# -- tolerances -----------------------------------------------------------------------------------------------


def tolerances(A: Tensor, atol: Any, rtol: Any, title: str) -> tuple[Any, Any]:
    """The absolute and the relative bound below which singular values count as zero, as tensors of real numbers.

    Without any: the rounding of the largest one. An absolute one alone is all there is.
    """
    for value, name in ((atol, "atol"), (rtol, "rtol")):
        if isinstance(value, Tensor) and value.is_complex():
            raise RuntimeError(f"{title}: {name} tensor of complex type is not supported. Got {kind_of(value)}")
    real = np.zeros((), A._data.dtype).real.dtype
    rounding = float(np.finfo(real).eps) * max(A._data.shape[-2:])
    if rtol is None:
        if isinstance(atol, Tensor):
            rtol = (atol <= 0) * rounding
        else:
            rtol = 0.0 if atol is not None and atol > 0 else rounding
    return _as_real(A, 0.0 if atol is None else atol), _as_real(A, rtol)


def _as_real(A: Tensor, value: Any) -> Any:
    real = A.real.dtype if A.is_complex() else A.dtype
    return value.detach().to(real) if isinstance(value, Tensor) else A.new_full((), float(value), dtype=real)


# -- rank and condition ---------------------------------------------------------------------------------------


def matrix_rank(A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """How many singular values of each matrix (..., m, n) exceed ``max(atol, rtol * the largest)``: int64.

    rtol is max(m, n) times the dtype's rounding where nothing is given, 0 where a positive atol is; either may be a
    tensor that is broadcast. tol: the older name of atol. hermitian: A is Hermitian, and the absolute values of its
    eigenvalues are taken, from the lower triangle.

    >>> import rushlight as torch
    >>> torch.linalg.matrix_rank(torch.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    check_matrices(A, "torch.linalg.matrix_rank", square=False, integers=True, argument="input ")
    if _is_integral(A):
        raise RuntimeError("This function doesn't handle types other than float and double")
    if tol is not None:
        if atol is not None or rtol is not None:
            raise TypeError(
                "linalg_matrix_rank() received an invalid combination of arguments: tol is given and so is atol or rtol"
            )
        atol, rtol = tol, 0.0
    atol, rtol = tolerances(A, atol, rtol, "torch.linalg.matrix_rank")
    A = A.detach()
    values = eigvalsh(A).abs() if hermitian else svdvals(A)
    if not values._data.shape[-1]:
        return values.sum(-1).long()
    bound = atol.maximum(rtol * values.amax(-1))
    return (values > bound.unsqueeze(-1)).sum(-1)


def cond(A: Tensor, p: Any = None) -> Tensor:
    """The condition number of each matrix: ``norm(A) * norm(inverse of A)`` in the matrix norm ``p``.

    p: None or 2 for the largest by the smallest singular value, -2 for the inverse of that, both of any matrices
    (..., m, n); "fro", "nuc", inf, -inf, 1 or -1 of square ones, inf for those that are singular.

    >>> import rushlight as torch
    >>> torch.linalg.cond(torch.tensor([[1.0, 0.0], [0.0, 0.01]]))
    tensor(100.)
    """
    from .norms import matrix_norm  # which needs the singular values from here

    check_matrices(A, "linalg.cond", square=False, integers=True, argument="")
    if p is not None and (p not in ("fro", "nuc") if isinstance(p, str) else abs(p) not in (1, 2, math.inf)):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p if isinstance(p, str) else format(p, 'g')}")
    if p is None or p in (2, -2):
        values = svdvals(A)
        if not values._data.shape[-1]:
            return values.detach().sum(-1)
        largest, smallest = values.amax(-1), values.amin(-1)
        return smallest / largest if p == -2 else largest / smallest
    check_matrices(A, f"linalg.cond(ord={p})")
    if not A._data.size:
        return A.new_zeros(A._data.shape[:-2]).abs()
    inverse, info = inv_p.bind(A, checked="")
    there = matrix_norm(A, p) * matrix_norm(inverse.masked_fill((info > 0)[..., None, None], 0), p)
    return there.masked_fill(info > 0, math.inf)


register(matrix_rank, namespace="torch.linalg", method=False, out=safely_castable("torch.linalg.matrix_rank"))
register(cond, namespace="torch.linalg", method=False, out=safely_castable("linalg.cond"))
