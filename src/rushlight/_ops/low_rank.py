"""Decompositions of large matrices that are nearly of low rank, from products with random vectors.

N. Halko, P.-G. Martinsson and J. Tropp, Finding structure with randomness: probabilistic algorithms for constructing
approximate matrix decompositions, arXiv:0909.4061, algorithms 4.4 and 5.1.
"""

from __future__ import annotations

from typing import Any

from .._core.registry import operation
from .._core.tensor import Tensor
from .matmul import matmul
from .qr import linalg_qr
from .random import randn
from .singular_values import linalg_svd


def _basis(A: Tensor, q: int, niter: int) -> Tensor:
    """``q`` orthonormal vectors that nearly span the columns of A; each iteration weighs large singular values more."""
    Q = linalg_qr(matmul(A, randn(A._data.shape[-1], q, dtype=A.dtype)))[0]
    for _ in range(niter):
        Q = linalg_qr(matmul(A.mH, Q))[0]
        Q = linalg_qr(matmul(A, Q))[0]
    return Q


@operation(method=False, out=False)
def svd_lowrank(A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None) -> Any:
    """U, S and V with ``A`` nearly ``U @ diag(S) @ V.mH``, of ``q`` singular values: for A (..., m, n) of about that rank.

    niter: how often the random vectors are multiplied by A and its adjoint. M: decompose ``A - M``.

    >>> import rushlight as torch
    >>> torch.svd_lowrank(torch.ones(4, 3), q=1)[1]
    tensor([3.4641])
    """
    if M is not None:
        A = A - M.expand(A._data.shape)
    m, n = A._data.shape[-2:]
    tall = A if m >= n else A.mH
    Q = _basis(tall, 6 if q is None else q, 2 if niter is None else niter)
    U, S, Vh = linalg_svd(matmul(Q.mH, tall), False)
    U, V = matmul(Q, U), Vh.mH
    return (U, S, V) if m >= n else (V, S, U)


@operation(method=False, out=False)
def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> Any:
    """`svd_lowrank` of a matrix (..., m, n) of m samples: the principal components of the n columns.

    q: how many, min(6, m, n) if not given. center: subtract each column's mean first.

    >>> import rushlight as torch
    >>> torch.pca_lowrank(torch.tensor([[1.0, 0.0], [-1.0, 0.0], [3.0, 0.0]]), q=1)[1]
    tensor([2.8284])
    """
    m, n = A._data.shape[-2:]
    if q is None:
        q = min(6, m, n)
    elif not 0 <= q <= min(m, n):
        raise ValueError(f"q(={q}) must be non-negative integer and not greater than min(m, n)={min(m, n)}")
    if niter < 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    return svd_lowrank(A - A.mean(-2, keepdim=True) if center else A, q, niter)
