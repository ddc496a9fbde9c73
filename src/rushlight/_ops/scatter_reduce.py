"""``scatter_reduce``: elements that fall on the same place are added, multiplied, averaged, or the extreme one stays.

The derivatives follow from the definitions. Of equal extremes each gets an equal share, as in `torch.amax`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.levels import checked
from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import check_tensor
from .gather_scatter import accumulate, check_scatter, gather_p, or_zeros, scatter_add_p, scatter_number

_UFUNCS = {"sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


def _identity(reduce: str, dtype: np.dtype) -> Any:
    if reduce in ("sum", "mean"):
        return 0
    if reduce == "prod":
        return 1
    if dtype.kind in "iub":
        limits = (False, True) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        return limits[reduce == "amin"]
    return -np.inf if reduce == "amax" else np.inf


def _scatter_reduce(x: Any, index: Any, src: Any, dim: int, reduce: str, include_self: bool) -> Any:
    out = x.copy(order="C")
    if not include_self:
        _put_number(out, index, _identity(reduce, x.dtype), dim)
    accumulate(out, index, src, dim, _UFUNCS[reduce])
    if reduce == "mean":
        counts = np.ones(x.shape, np.int64)
        if not include_self:
            _put_number(counts, index, 0, dim)
        accumulate(counts, index, np.ones(src.shape, np.int64), dim, np.add)
        counts = counts.astype(x.dtype)
        out = out // counts if x.dtype.kind in "iu" else out / counts
    return out


def _put_number(out: Any, index: Any, number: Any, dim: int) -> None:
    out[...] = scatter_number.forward(out, index, dim=dim, value=number)


def _counts(g: Tensor, index: Tensor, src: Tensor, dim: int, include_self: bool) -> Tensor:
    """How many elements fell on each place; one where none did."""
    n = g.new_ones(g._data.shape) if include_self else g.new_zeros(g._data.shape)
    n = scatter_add_p.bind(n, index, g.new_ones(src._data.shape), dim=dim)
    return n.masked_fill(n == 0, 1)


def _cotangents(
    g: Tensor, x: Tensor, index: Tensor, src: Tensor, result: Tensor, dim: int, reduce: str, include_self: bool
) -> tuple[Tensor, None, Tensor]:
    """The cotangents of ``x`` and of ``src``, as far as the index speaks of it."""
    if reduce == "sum":
        for_x, for_src = g, gather_p.bind(g, index, dim=dim)
    elif reduce == "mean":
        for_x = g / _counts(g, index, src, dim, include_self)
        for_src = gather_p.bind(for_x, index, dim=dim)
    elif reduce == "prod":
        for_x, for_src = _product_cotangents(g, x, index, src, result, dim, include_self)
    else:
        here = src == gather_p.bind(result, index, dim=dim)
        stays = (x == result).to(g.dtype)
        if not include_self:
            stays = scatter_number.bind(stays, index, dim=dim, value=0)
        ties = scatter_add_p.bind(stays, index, here.to(g.dtype), dim=dim)
        share = g / ties.masked_fill(ties == 0, 1)
        # A place that the index does not name keeps its element, whatever `ties` says of nan there.
        for_x, for_src = stays * share, here.to(g.dtype) * gather_p.bind(share, index, dim=dim)
    if not include_self:
        for_x = scatter_number.bind(for_x, index, dim=dim, value=0)
    return for_x, None, for_src


def _product_cotangents(
    g: Tensor, x: Tensor, index: Tensor, src: Tensor, result: Tensor, dim: int, include_self: bool
) -> tuple[Tensor, Tensor]:
    """For each factor the product of the others: the whole product divided by it, or where it is zero the product
    without it. Written so that the derivative of that is right too."""
    options = {"dim": dim, "reduce": "prod", "include_self": include_self}
    whole_x = x.masked_fill(x == 0, 1)
    others_x = scatter_reduce_p.bind(whole_x, index, src, **options) / whole_x
    zero = src == 0
    zeros = scatter_add_p.bind(g.new_zeros(g._data.shape), index, zero.to(g.dtype), dim=dim)
    at = lambda t: gather_p.bind(t, index, dim=dim)
    zeros_at = at(zeros)
    alone = zero.logical_and(zeros_at == 1)
    without = scatter_reduce_p.bind(x, index, src.masked_fill(alone, 1), **options)
    others_src = at(without).where(alone, at(result) / src.masked_fill(zero, 1))
    others_src = constant_beside_zeros.bind(others_src, zeros_at)
    return g * others_x.conj(), at(g) * others_src.conj()


def _check_zeros(zeros: Any) -> None:
    if (zeros.real > 1).any():
        raise NotImplementedError(
            "scatter_reduce(): Double backward is unsupported for src when >1 zeros in src are scattered to the same "
            "position in self"
        )


def _passed(t: Tensor, zeros: Tensor) -> Tensor:
    checked(_check_zeros, zeros)
    return t


# The product of the others as it is, which may not be differentiated where more than one of all factors is zero: it is 0
# there, and so would be its derivative.
constant_beside_zeros = Primitive(
    "ScatterReduceOthers",
    lambda x, zeros: x if x.shape == zeros.shape else np.broadcast_arrays(x, zeros)[0].copy(),
    inputs="x zeros",
    vjp=(lambda g, zeros: _passed(g, zeros), None),
    jvp=lambda x_t, zeros: _passed(x_t, zeros),
    broadcasts=True,
    family="binary",
)


def _tangent(
    x: Tensor,
    index: Tensor,
    src: Tensor,
    x_t: Any,
    src_t: Any,
    result: Tensor,
    dim: int,
    reduce: str,
    include_self: bool,
) -> Tensor:
    x_t, src_t = or_zeros(x, x_t), or_zeros(src, src_t)
    one = x_t.new_ones(x_t._data.shape)
    # Each factor by which a tangent arrives is the cotangent of ones.
    factor_x, _, factor_src = _cotangents(one, x, index, src, result, dim, reduce, include_self)
    return scatter_add_p.bind(x_t * factor_x.conj(), index, src_t * factor_src.conj(), dim=dim)


scatter_reduce_p = Primitive(
    "ScatterReduce",
    _scatter_reduce,
    inputs="x index src",
    vjp=lambda g, x, index, src, result, dim, reduce, include_self: _cotangents(
        g, x, index, src, result, dim, reduce, include_self
    ),
    jvp=_tangent,
    family="indexing",
)


@operation(inplace=True, out=exact_dtype, apart=("index", "src"))
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """A copy of ``input`` with ``src`` combined into it at ``index`` along ``dim``.

    reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"`` of all that falls on one place.
    include_self: whether the element that stood there counts.

    >>> import rushlight as torch
    >>> i = torch.tensor([0, 0, 1])
    >>> torch.scatter_reduce(torch.zeros(2), 0, i, torch.tensor([1.0, 3.0, 2.0]), "mean", include_self=False)
    tensor([2., 2.])
    """
    if reduce not in _UFUNCS:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    check_tensor(src, "scatter_reduce", "src", 3)
    dim = check_scatter(input, dim, index, src)
    n = index._data.shape
    if src._data.shape != n and src._data.ndim:
        for d, extent in enumerate(n):
            src = src.narrow(d, 0, extent)
    return scatter_reduce_p.bind(input, index, src, dim=dim, reduce=reduce, include_self=include_self)
