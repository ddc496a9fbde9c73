"""The factorization A = Q R, and the reflections that LAPACK keeps in the place of Q.

The derivative is that of S. Walter and L. Lehmann, Algorithmic differentiation of linear algebra functions, 2010
(arXiv:1001.1654). For products of reflections: their compact form, I - V T V^H, of R. Schreiber and C. Van Loan (1989).
"""

from __future__ import annotations

import functools
from typing import Any, NoReturn

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.out_checks import OutCheck, exact_dtype, safely_castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .._core.where import warn_user
from .joining import cat
from .lapack import check_kernel, check_matrices
from .matmul import kind_of, matmul
from .triangular import solved

# -- QR -------------------------------------------------------------------------------------------------------


def _qr(x: Any, *, mode: str) -> tuple[Any, Any]:
    if mode == "r":
        return np.empty((*x.shape[:-2], 0), x.dtype), np.ascontiguousarray(np.linalg.qr(x, mode="r"))
    q, r = np.linalg.qr(x, mode=mode)
    return np.ascontiguousarray(q), np.ascontiguousarray(r)


def _check_differentiable(mode: str, square: bool) -> None:
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, "
            "mode='reduced') if you are going to differentiate through linalg.qr."
        )
    if mode == "complete" and not square:
        raise RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")


def _upper_half(x: Any) -> Any:
    """The upper triangle, the diagonal halved."""
    return x.triu() - x.diagonal(0, -2, -1).diag_embed() * 0.5


def _cotangent(gs: Any, shape: Any, result: Any, mode: str) -> Any:
    """With dA R^-1 = dQ + Q T, where T = dR R^-1 is the upper half of X + X^H for X = Q^H dA R^-1."""
    _check_differentiable(mode, shape[-1] == shape[-2])
    g_Q, g_R = gs
    Q, R = result
    inner = None if g_R is None else matmul(g_R, R.mH)
    if g_Q is not None:
        moved = matmul(Q.mH, g_Q)
        inner = -moved if inner is None else inner - moved
    if inner is None:
        return Q.new_zeros(shape)
    half = _upper_half(inner)
    g = matmul(Q, half + half.mH)
    return solved(R.mH, g if g_Q is None else g + g_Q, upper=False, left=False)


def _tangent(x_t: Any, result: Any, mode: str) -> tuple[Any, Any]:
    Q, R = result
    _check_differentiable(mode, Q._data.shape[-1] == R._data.shape[-1])
    X = solved(R, x_t, upper=True, left=False)
    inner = matmul(Q.mH, X)
    T = _upper_half(inner + inner.mH)
    return X - matmul(Q, T), matmul(T, R)


qr_p = Primitive(
    "LinalgQr",
    _qr,
    vjp=lambda g, x_shape, result, mode: _cotangent(g, x_shape, result, mode),
    jvp=_tangent,
    outputs=2,
    family="matrices",
)
linalg_qr_result = return_type("linalg_qr", "Q", "R")
qr_result = return_type("qr", "Q", "R")


def _factored(A: Any, mode: str) -> tuple[Any, Any]:
    check_matrices(A, "linalg.qr", square=False)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    m, n = A._data.shape[-2:]
    if mode == "r":
        return A.new_empty(0), qr_p.bind(A, mode="r")[1]
    if m >= n:
        return qr_p.bind(A, mode=mode)
    # The first columns decide upon Q, and what R is for the others.
    Q, R = qr_p.bind(A[..., :m], mode="reduced")
    return Q, cat([R, matmul(Q.mH, A[..., m:])], -1)


def linalg_qr(A: Tensor, mode: str = "reduced") -> Any:
    """Q with orthonormal columns and the upper triangular R, with ``A = Q @ R`` for each matrix (..., m, n).

    mode: "reduced" for Q of min(m, n) columns, "complete" for all m, "r" for R alone (Q is empty). Only "reduced" has a
    derivative for m > n, and "r" has none; the first min(m, n) columns must be linearly independent for it.

    >>> import rushlight as torch
    >>> Q, R = torch.linalg.qr(torch.tensor([[0.0, 2.0], [-1.0, 5.0]]))
    >>> R
    tensor([[-1.,  5.],
            [ 0.,  2.]])
    """
    return linalg_qr_result(_factored(A, mode))


@operation(out=exact_dtype)
def qr(input: Tensor, some: bool = True) -> Any:
    """`torch.linalg.qr` by its old name, with PyTorch's warning; ``some=False`` is its mode "complete"."""
    _warn_of_qr()
    return qr_result(_factored(input, "reduced" if some else "complete"))


@functools.cache
def _warn_of_qr() -> None:
    warn_user(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future PyTorch release.\nThe boolean "
        "parameter 'some' has been replaced with a string parameter 'mode'.\nQ, R = torch.qr(A, some)\nshould be replaced "
        "with\nQ, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"
    )


register(linalg_qr, "qr", namespace="torch.linalg", method=False, out=exact_dtype)

# -- reflections ----------------------------------------------------------------------------------------------


def _geqrf(x: Any) -> tuple[Any, Any]:
    h, tau = np.linalg.qr(x, mode="raw")
    return np.ascontiguousarray(h.swapaxes(-1, -2)), tau


def _no_cotangent(g: Any) -> NoReturn:
    raise NotImplementedError(
        "the derivative for 'geqrf' is not implemented.\ntorch.linalg.qr has one; detach() the input where no gradient is "
        "meant to flow."
    )


geqrf_p = Primitive("Geqrf", _geqrf, vjp=_no_cotangent, outputs=2, family="matrices")
geqrf_result = return_type("geqrf", "a", "tau")


@operation(out=(safely_castable("torch.geqrf", "a"), safely_castable("torch.geqrf", "tau")))
def geqrf(input: Tensor) -> Any:
    """R above, and below the vectors of the reflections whose product is Q, with their factors tau: LAPACK's ``geqrf``.

    `torch.linalg.householder_product` makes Q of them. It has no derivative, as in PyTorch.

    >>> import rushlight as torch
    >>> torch.geqrf(torch.tensor([[3.0], [4.0]]))
    torch.return_types.geqrf(
    a=tensor([[-5.0000],
            [ 0.5000]]),
    tau=tensor([1.6000]))
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("geqrf", "input", 1, input)
    if input._data.ndim < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 dimensions.")
    check_kernel(input, "geqrf_cpu")
    return geqrf_result(geqrf_p.bind(input))


def _compact(A: Any, tau: Any) -> tuple[Any, Any]:
    """V and T with (I - tau_1 v_1 v_1^H) (I - tau_2 v_2 v_2^H) ... = I - V T V^H.

    1/T is diag(1/tau) plus what is above the diagonal of V^H V; tau is kept on this side, since it may be zero.
    """
    m, k = A._data.shape[-2], tau._data.shape[-1]
    V = A[..., :k].tril(-1) + _identity(A, m, k)
    factors = tau.diag_embed()
    return V, solved(matmul(factors, matmul(V.mH, V)), factors, upper=True, unitriangular=True)


def _identity(like: Any, rows: int, columns: int) -> Any:
    ones = like.new_ones(columns).diag()
    return ones if rows == columns else cat([ones, like.new_zeros((rows - columns, columns))])


def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first n columns of the product of the reflections I - tau_i v_i v_i^H, of which the columns of A hold v_i.

    A is (..., m, n) with m >= n, tau is (..., k) with k <= n, as `torch.geqrf` gives them: v_i is A's column below the
    diagonal, a one on it and zeros above.

    >>> import rushlight as torch
    >>> torch.linalg.householder_product(*torch.geqrf(torch.tensor([[3.0], [4.0]])))
    tensor([[-0.6000],
            [-0.8000]])
    """
    _check_reflections(A, tau, "linalg_householder_product")
    a, t = A._data, tau._data
    title = "torch.linalg.householder_product"
    if a.ndim < 2:
        raise RuntimeError(f"{title}: input must have at least 2 dimensions.")
    if a.shape[-2] < a.shape[-1]:
        raise RuntimeError(f"{title}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if a.shape[-1] < t.shape[-1]:
        raise RuntimeError(f"{title}: input.shape[-1] must be greater than or equal to tau.shape[-1]")
    _check_tau(a, t, title)
    if a.shape[:-2] != t.shape[:-1]:
        raise RuntimeError(
            f"{title}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {list(t.shape[:-1])}"
        )
    if a.dtype != t.dtype:
        raise RuntimeError(f"{title}: tau dtype {kind_of(tau)} does not match input dtype {kind_of(A)}")
    check_kernel(A, "orgqr_cpu")
    V, T = _compact(A, tau)
    n = a.shape[-1]
    return _identity(A, a.shape[-2], n) - matmul(V, matmul(T, V[..., :n, :].mH))


@operation(out=safely_castable("torch.linalg.householder_product"))
def orgqr(input: Tensor, tau: Tensor) -> Tensor:
    """`torch.linalg.householder_product` by LAPACK's name."""
    return householder_product(input, tau)


_of_ormqr = OutCheck(
    "torch.ormqr: Expected input and result to have the same dtype, but input has dtype{Result} and result has dtype {Out}"
)


@operation(out=_of_ormqr)
def ormqr(input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: bool = False) -> Tensor:
    """``Q @ other`` (``left=False``: ``other @ Q``) for the product Q of all reflections in ``input`` and ``tau``.

    Q is the square matrix, of which `torch.linalg.householder_product` gives the first columns. transpose: with ``Q.mH``.

    >>> import rushlight as torch
    >>> a, tau = torch.geqrf(torch.tensor([[3.0], [4.0]]))
    >>> torch.ormqr(a, tau, torch.tensor([[3.0], [4.0]]), transpose=True)
    tensor([[-5.],
            [ 0.]])
    """
    _check_reflections(input, tau, "ormqr")
    if not isinstance(other, Tensor):
        raise_must_be_tensor("ormqr", "other", 3, other)
    a, t, c = input._data, tau._data, other._data
    for ndim, argument in ((a.ndim, "input"), (c.ndim, "other")):
        if ndim < 2:
            raise RuntimeError(f"torch.ormqr: {argument} must have at least 2 dimensions.")
    side = -2 if left else -1
    if t.shape[-1] != min(c.shape[side], a.shape[-1]):
        raise RuntimeError(f"torch.ormqr: tau.shape[-1] must be equal to min(other.shape[{side}], input.shape[-1])")
    if c.shape[side] != a.shape[-2]:
        raise RuntimeError(f"torch.ormqr: other.shape[{side}] must be equal to input.shape[-2]")
    _check_tau(a, t, "torch.ormqr")
    if a.ndim != c.ndim:
        raise RuntimeError(
            "torch.ormqr: Expected other to have the same number of dimensions as input, but got other.ndim equal to "
            f"{c.ndim} and input.ndim is equal to {a.ndim}"
        )
    for each, name in ((t, "tau"), (c, "other")):
        batch = each.shape[: a.ndim - 2]
        if batch != a.shape[:-2]:
            raise RuntimeError(
                f"torch.ormqr: Expected batch dimensions of {name} to be equal to input.shape[:-2], but got {list(batch)}"
            )
    for each, name in ((tau, "tau"), (other, "other")):
        if each._data.dtype != a.dtype:
            raise RuntimeError(
                f"torch.ormqr: Expected input and {name} to have the same dtype, but input has dtype{kind_of(input)} and "
                f"{name} has dtype {kind_of(each)}"
            )
    check_kernel(input, "ormqr_cpu")
    V, T = _compact(input, tau)
    if transpose:
        T = T.mH
    if left:
        return other - matmul(V, matmul(T, matmul(V.mH, other)))
    return other - matmul(matmul(matmul(other, V), T), V.mH)


def _check_reflections(A: Any, tau: Any, name: str) -> None:
    for each, argument, position in ((A, "input", 1), (tau, "tau", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor(name, argument, position, each)


def _check_tau(a: Any, tau: Any, title: str) -> None:
    if tau.ndim != a.ndim - 1:
        raise RuntimeError(
            f"{title}: Expected tau to have one dimension less than input, but got tau.ndim equal to {tau.ndim} and "
            f"input.ndim is equal to {a.ndim}"
        )


register(
    householder_product, namespace="torch.linalg", method=False, out=safely_castable("torch.linalg.householder_product")
)
