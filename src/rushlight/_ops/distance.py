"""Distances and similarities between vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import errors
from .._core.families import promote
from .._core.inplace import write_out
from .._core.memory_order import in_c_order
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor, wrap
from .dims import normalize_dim, raise_unsupported
from .matmul import check_scalar_type, kind_of, matmul
from .norms import vector_norm_p
from .titles import shown_as

# -- cdist ----------------------------------------------------------------------------------------------------

# From this many rows on, PyTorch computes Euclidean distances by a matrix product; the digits show it.
_MANY_ROWS = 25


def _cdist(x1: Any, x2: Any, *, p: float, by_product: bool) -> Any:
    if by_product:
        square1 = np.add.reduce(x1 * x1, -1, keepdims=True)
        square2 = np.add.reduce(x2 * x2, -1, keepdims=True)
        left = np.concatenate([-2 * x1, square1, np.ones_like(square1)], -1)
        right = np.concatenate([x2, np.ones_like(square2), square2], -1)
        return np.sqrt(np.maximum(np.matmul(left, right.swapaxes(-1, -2)), 0))
    d = np.abs(x1[..., :, None, :] - x2[..., None, :, :])
    if p == 0:
        return np.add.reduce((d != 0).astype(d.dtype), -1)
    if p == 1:
        return np.add.reduce(d, -1)
    if p == 2:
        return np.sqrt(np.add.reduce(d * d, -1))
    if math.isinf(p):
        return np.maximum.reduce(d, -1, initial=0)
    return np.add.reduce(d**p, -1) ** (1 / p)


def _never_zero(distance: Any) -> Any:
    """Distances as divisors: what is divided by a distance of zero becomes zero, and so do its derivatives."""
    return distance.masked_fill(distance == 0, math.inf)


def _directions(x1: Any, x2: Any, distance: Any, p: float) -> Any:
    """The derivative of each distance by the difference of its two points: (..., rows of x1, rows of x2, columns)."""
    d = x1.unsqueeze(-2) - x2.unsqueeze(-3)
    distance = distance.unsqueeze(-1)
    if p == 0:
        return d * 0
    if p == 1:
        return d.sign()
    if math.isinf(p):
        return d.sign() * (d.abs() == distance)
    if p == 2:
        return d / _never_zero(distance)
    return (d.abs() / _never_zero(distance)) ** (p - 1) * d.sign()


def _cdist_cotangent(g: Any, x: Any, other: Any, result: Any, p: float) -> Any:
    """What ``x`` gets; ``g`` and ``result`` have its rows in their last dimension but one."""
    if p == 2:
        # sum_j w_ij (x_i - y_j) without the three-dimensional differences
        w = g / _never_zero(result)
        return (w.sum(-1, keepdim=True) * x - matmul(w, other)).sum_to_size(x._data.shape)
    return (g.unsqueeze(-1) * _directions(x, other, result, p)).sum(-2).sum_to_size(x._data.shape)


def _cdist_tangent(x1: Any, x2: Any, x1_t: Any, x2_t: Any, result: Any, p: float) -> Any:
    if x1_t is None:
        moved = -x2_t.unsqueeze(-3)
    else:
        moved = x1_t.unsqueeze(-2) if x2_t is None else x1_t.unsqueeze(-2) - x2_t.unsqueeze(-3)
    return (_directions(x1, x2, result, p) * moved).sum(-1)


cdist_p = Primitive(
    "Cdist",
    _cdist,
    inputs="x1 x2",
    vjp=(
        lambda g, x1, x2, result, p: _cdist_cotangent(g, x1, x2, result, p),
        lambda g, x1, x2, result, p: _cdist_cotangent(g.mT, x2, x1, result.mT, p),
    ),
    jvp=_cdist_tangent,
    order=in_c_order,
)
_cdist_by_product = shown_as(cdist_p, "ViewBackward0")
# `Tensor.norm` has another name by now.
_norm_p = shown_as(vector_norm_p, "NormBackward1")

_COMPUTE_MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


@operation(method=False, out=False)
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """The p-norm distance of each row of ``x1`` (..., n, k) from each row of ``x2`` (..., m, k): (..., n, m).

    compute_mode: whether Euclidean distances come from a matrix product, which is faster and loses digits where
    points are close together; by default where either has more than 25 rows.

    >>> import rushlight as torch
    >>> torch.cdist(torch.zeros(1, 2), torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    if compute_mode not in _COMPUTE_MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    a, b = x1._data.shape, x2._data.shape
    for i, t in ((1, x1), (2, x2)):
        if t._data.dtype.kind not in "fV":
            raise RuntimeError(f"cdist only supports floating-point dtypes, X{i} got: {kind_of(t)}")
        if t._data.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, X{i} got: {t._data.ndim}D")
    if a[-1] != b[-1]:
        raise RuntimeError(f"X1 and X2 must have the same number of columns. X1: {a[-1]} X2: {b[-1]}")
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    check_scalar_type(x1, x2)
    try:
        np.broadcast_shapes(a[:-2], b[:-2])
    except ValueError as error:
        errors.raise_broadcast([a[:-2], b[:-2]], error)
    by_product = (
        p == 2
        and 0 not in (*a, *b)
        and (
            compute_mode == _COMPUTE_MODES[1] or (compute_mode == _COMPUTE_MODES[0] and max(a[-2], b[-2]) > _MANY_ROWS)
        )
    )
    return (_cdist_by_product if by_product else cdist_p).bind(x1, x2, p=float(p), by_product=by_product)


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm distances of the rows of ``input`` (n, k) from each other: (n (n - 1) / 2,), those of the first row first.

    RuntimeError for tensors that are no matrix, other than floating-point numbers, and negative p.

    >>> import rushlight as torch
    >>> torch.pdist(torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    x = input._data
    if x.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {x.ndim}D")
    if x.dtype.kind not in "fV":
        raise RuntimeError("pdist only supports floating-point dtypes")
    if not p >= 0:
        raise RuntimeError("pdist only supports non-negative p values")
    if x.dtype.itemsize == 2:
        raise_unsupported(input, "pdist")
    # Not by a matrix product, unlike `cdist`: points that are close together keep their digits.
    i, j = np.triu_indices(x.shape[0], 1)
    return cdist_p.bind(input, input, p=float(p), by_product=False)[wrap(i), wrap(j)]


register(pdist, method=False, out=False)
register(pdist, namespace="torch.nn.functional", method=False, out=False)


# -- composites -----------------------------------------------------------------------------------------------


def _raised(norm: Tensor, eps: float) -> Tensor:
    """``norm`` kept above ``eps``, its gradient as it was."""
    return norm + (norm.detach().clamp(min=eps) - norm.detach())


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along ``dim``; norms below ``eps`` count as ``eps``.

    >>> import rushlight as torch
    >>> torch.cosine_similarity(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 1.0]), dim=0)
    tensor(0.7071)
    """
    (x1, x2), common = promote((x1, x2))
    if not (common.is_floating_point or common.is_complex):
        raise RuntimeError(f"expected common dtype to be floating point, yet common dtype is {kind_of(x1)}")
    try:
        shape = np.broadcast_shapes(x1._data.shape, x2._data.shape)
    except ValueError as error:
        errors.raise_broadcast([x1._data.shape, x2._data.shape], error)
    dim = normalize_dim(dim, len(shape)) - len(shape)
    # Broadcast first: a dimension of size one may stand for many.
    x1, x2 = x1.expand(shape), x2.expand(shape)
    norm1, norm2 = x1.norm(2, dim, True), x2.norm(2, dim, True)
    return ((x1 / _raised(norm1, eps)) * (x2 / _raised(norm2, eps))).sum(dim)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The p-norm of ``x1 - x2 + eps`` along the last dimension.

    >>> import rushlight as torch
    >>> torch.pairwise_distance(torch.tensor([3.0, 4.0]), torch.zeros(2), eps=0.0)
    tensor(5.)
    """
    d = x1 - x2 + eps
    dim = (d._data.ndim - 1,) if d._data.ndim else None
    return _norm_p.bind(d, ord=float(p), dim=dim, keepdim=keepdim)


for _function in (cosine_similarity, pairwise_distance):
    register(_function, method=False, out=False)
    register(_function, namespace="torch.nn.functional", method=False, out=False)


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None) -> Tensor:
    """``input`` divided by its p-norm along ``dim``; norms below ``eps`` count as ``eps``.

    >>> import rushlight as torch
    >>> torch.nn.functional.normalize(torch.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    result = input / input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)
    return result if out is None else write_out(result, out, "div", operands=(input,))


register(normalize, namespace="torch.nn.functional", method=False, out=False)
