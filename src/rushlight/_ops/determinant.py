"""Determinants: by themselves, and as a sign and a logarithm.

The derivatives are those collected by M. Giles, An extended collection of matrix derivative results (Oxford, 2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .inverse import inv
from .lapack import check_matrices
from .matmul import conj, matmul


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
    family="matrices",
    vjp=lambda g, x: _adjugate_cotangent(g, x),
    jvp=lambda x, x_t: _adjugate_tangent(x, x_t),
)
det_p = Primitive(
    "LinalgDet",
    np.linalg.det,
    family="matrices",
    vjp=lambda g, x: g[..., None, None] * adjugate_p.bind(x).mH,
    jvp=lambda x, x_t: (adjugate_p.bind(x).mT * x_t).sum((-2, -1)),
)


def det(A: Tensor) -> Tensor:
    """The determinant of each matrix of a batch: (..., n, n) to (...).

    >>> import rushlight as torch
    >>> torch.linalg.det(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    check_matrices(A, "linalg.det")
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
    family="matrices",
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
    check_matrices(A, "linalg.slogdet")
    return linalg_slogdet_result(slogdet_p.bind(A))


@operation(out=exact_dtype)
def slogdet(input: Tensor) -> Any:
    """`torch.linalg.slogdet` by its old name."""
    check_matrices(input, "linalg.slogdet")
    return slogdet_result(slogdet_p.bind(input))


@operation(out=False)
def logdet(input: Tensor) -> Tensor:
    """The logarithm of each determinant: nan for a negative one, minus infinity for 0.

    >>> import rushlight as torch
    >>> torch.logdet(torch.tensor([[2.0, 0.0], [0.0, 0.5]]))
    tensor(0.)
    """
    check_matrices(input, "linalg.det")
    sign, logabsdet = slogdet_p.bind(input)
    if input._data.dtype.kind == "c":
        return sign.log() + logabsdet
    return logabsdet.where(sign != -1, logabsdet.new_full((), float("nan")))


register(det, namespace="torch.linalg", method=False, out=exact_dtype)
register(det, out=False)
register(linalg_slogdet, "slogdet", namespace="torch.linalg", method=False, out=exact_dtype)
