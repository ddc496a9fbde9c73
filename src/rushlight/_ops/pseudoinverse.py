"""Pseudoinverses, and the solutions of least squares that they stand behind.

The derivative is that of G. Golub and V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares
problems whose variables separate, SIAM J. Numer. Anal. 10 (1973). It holds where the rank does not change.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.out_checks import safely_castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .lapack import adjoint, check_square, is_vector
from .matmul import kind_of, matmul
from .singular_values import tolerances
from .spectra import eigh_of, svd_of


def _pinv(x: Any, atol: Any, rtol: Any, *, hermitian: bool) -> Any:
    if hermitian:
        values, vectors = eigh_of(x)
        u, v = vectors, vectors
    else:
        u, values, vh = svd_of(x, False)
        v = adjoint(vh)
    size = np.abs(values)
    bound = np.maximum(atol, rtol * size.max(-1, initial=0))
    inverse = np.where(size > bound[..., None], np.divide(1, values, where=values != 0, out=np.zeros_like(values)), 0)
    return np.matmul(v * inverse[..., None, :], adjoint(u))


def _cotangent(g: Any, x: Any, P: Any) -> Any:
    """The transpose of dP = - P dA P + P P^H dA^H (1 - A P) + (1 - P A) dA^H P^H P."""
    adjoint_P, adjoint_g = P.mH, g.mH
    g_P = matmul(adjoint_g, P)
    P_g = matmul(P, adjoint_g)
    leaving = matmul(g_P, adjoint_P)
    entering = matmul(adjoint_P, P_g)
    first = leaving - matmul(x, matmul(P, leaving))
    second = entering - matmul(matmul(entering, P), x)
    return first + second - matmul(adjoint_P, matmul(g, adjoint_P))


def _tangent(x: Any, x_t: Any, result: Any) -> Any:
    P, moved = result, x_t.mH
    first = matmul(P, matmul(P.mH, moved))
    second = matmul(matmul(moved, P.mH), P)
    return first - matmul(matmul(first, x), P) + second - matmul(P, matmul(x, second)) - matmul(P, matmul(x_t, P))


pinv_p = Primitive(
    "LinalgPinv",
    _pinv,
    inputs="x atol rtol",
    vjp=(lambda g, x, x_shape, result: _cotangent(g, x, result).sum_to_size(x_shape), None, None),
    jvp=_tangent,
)


def pinv(A: Tensor, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """The Moore-Penrose pseudoinverse (..., n, m) of each matrix (..., m, n).

    Singular values up to ``max(atol, rtol * the largest)`` count as zero; rtol is max(m, n) times the dtype's rounding
    where nothing is given, 0 where a positive atol is; either may be a tensor that is broadcast. rcond: the older name of
    rtol. hermitian: A is Hermitian, of which the lower triangle is looked at.

    >>> import rushlight as torch
    >>> torch.linalg.pinv(torch.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    if not isinstance(A, Tensor):
        raise_must_be_tensor("linalg_pinv", "input", 1, A)
    a = A._data
    if a.ndim < 2 or a.dtype.kind not in "fc" or a.dtype.itemsize == 2:
        raise RuntimeError(
            f"linalg.pinv({kind_of(A)}{{{list(a.shape)}}}): expected a tensor with 2 or more dimensions of float, double, "
            "cfloat or cdouble types"
        )
    if rcond is not None:
        if atol is not None or rtol is not None:
            raise TypeError(
                "linalg_pinv() received an invalid combination of arguments: rcond is given and so is atol or rtol"
            )
        rtol = rcond
    if hermitian:
        check_square(a, "linalg.eigh: ")
    if not a.size:
        return A.mH.clone()
    return pinv_p.bind(A, *tolerances(A, atol, rtol, "torch.linalg.pinv"), hermitian=bool(hermitian))


@operation(out=False)
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """`torch.linalg.pinv` by its old name, with singular values up to ``rcond`` times the largest for zero.

    >>> import rushlight as torch
    >>> torch.pinverse(torch.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    return pinv(input, rcond)


register(pinv, namespace="torch.linalg", method=False, out=safely_castable("linalg.pinv"))

# -- least squares --------------------------------------------------------------------------------------------

DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _lstsq(a: Any, b: Any, *, rcond: float) -> tuple[Any, Any, Any]:
    u, s, vh = svd_of(a, False)
    kept = s > rcond * s.max(-1, initial=0, keepdims=True)
    inverse = np.where(kept, np.divide(1, s, where=kept, out=np.zeros_like(s)), 0)
    x = np.matmul(adjoint(vh), inverse[..., None] * np.matmul(adjoint(u), b))
    return x, np.asarray(kept.sum(-1)), s


def _of_matrix(g: Any, a: Any, b: Any, shape: Any, rcond: float) -> Any:
    return _cotangent(matmul(g, b.mH), a, _pseudoinverse(a, rcond)).sum_to_size(shape)


def _lstsq_tangent(a: Any, b: Any, a_t: Any, b_t: Any, rcond: float) -> tuple[Any, None, None]:
    P = _pseudoinverse(a, rcond)
    moved = None if b_t is None else matmul(P, b_t)
    if a_t is not None:
        turned = matmul(_tangent(a, a_t, P), b)
        moved = turned if moved is None else moved + turned
    return moved, None, None


def _pseudoinverse(a: Any, rcond: float) -> Any:
    return pinv(a, rtol=rcond)


lstsq_p = Primitive(
    "LinalgLstsq",
    _lstsq,
    inputs="a b",
    vjp=(
        lambda g, a, b, a_shape, rcond: _of_matrix(g, a, b, a_shape, rcond),
        lambda g, a, b_shape, rcond: matmul(_pseudoinverse(a, rcond).mH, g).sum_to_size(b_shape),
    ),
    jvp=_lstsq_tangent,
    outputs=3,
    constant=(1, 2),
)
lstsq_result = return_type("linalg_lstsq", "solution", "residuals", "rank", "singular_values")


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> Any:
    """The X that makes ``A @ X - B`` smallest, in the 2-norm of each column; of several the smallest.

    A is (..., m, n), B is (..., m, k) or (..., m). rcond: singular values up to so many times the largest count as zero;
    the dtype's rounding times max(m, n) where it is not given. All drivers ("gelsy" if none is named) give the solution
    by the singular values. They differ in what comes with it: ``residuals``, the squared sums that are left, for m > n,
    of "gels", and of "gelsd" and "gelss" where all ranks are n (inside `vmap` always); ``rank`` but of "gels";
    ``singular_values`` of "gelsd" and "gelss". The rest is empty.

    >>> import rushlight as torch
    >>> A = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> torch.linalg.lstsq(A, torch.tensor([[1.0], [3.0], [5.0]])).solution
    tensor([[1.0000],
            [2.0000]])
    """
    vector = _check_least_squares(A, B, driver)
    driver = driver or "gelsy"
    m, n = A._data.shape[-2:]
    columns = B.unsqueeze(-1) if vector else B
    if rcond is None:
        rcond = float(np.finfo(A._data.dtype).eps) * max(m, n)
    solution, rank, values = lstsq_p.bind(A, columns, rcond=float(rcond))
    residuals = solution.flatten()[:0].abs()  # nothing, but differentiable as PyTorch's
    if m > n and (driver == "gels" or (driver != "gelsy" and _all_are(rank, n))):
        residuals = (matmul(A, solution) - columns).abs().square().sum(-2)
    parts = (
        solution.squeeze(-1) if vector else solution,
        residuals,
        rank.new_empty(0) if driver == "gels" else rank,
        values if driver in ("gelsd", "gelss") else values.new_empty(0),
    )
    return lstsq_result(parts)


def _all_are(rank: Tensor, n: int) -> bool:
    try:
        return bool((rank == n).all())
    except RuntimeError:  # inside vmap, where no value may be asked for: the usual case
        return True


def _check_least_squares(A: Any, B: Any, driver: str | None) -> bool:
    """Refuse what is no problem of least squares; whether each right-hand side is a vector."""
    title = "torch.linalg.lstsq"
    for each, argument, position in ((A, "input", 1), (B, "b", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("linalg_lstsq", argument, position, each)
    a, b = A._data, B._data
    if a.ndim < 2:
        raise RuntimeError(f"{title}: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError(f"{title}: other must have at least 1 dimension.")
    if not 0 <= a.ndim - b.ndim <= 1:
        raise RuntimeError(
            f"{title}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1"
        )
    vector = is_vector(a, b) or b.ndim < 2
    if a.shape[-2] != b.shape[-1 if vector else -2]:
        raise RuntimeError(f"{title}: input.size(-2) should match other.size({-1 if vector else -2})")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{title}: Expected input and other to have the same dtype, but got input's dtype {kind_of(A)} and other's "
            f"dtype {kind_of(B)}"
        )
    if a.dtype.kind not in "fc" or a.dtype.itemsize == 2:
        raise RuntimeError("This function doesn't handle types other than float and double")
    if driver is not None and driver not in DRIVERS:
        raise RuntimeError(f"{title}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    return vector


_parts = tuple(
    safely_castable("torch.linalg.lstsq", part) for part in ("solution", "residuals", "rank", "singular_values")
)
register(lstsq, namespace="torch.linalg", method=False, out=_parts)
