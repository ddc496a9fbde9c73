"""`torch.masked`: operations that leave out what a mask leaves out. Made of the operations without masks.

Loaded when first used. Reductions of nothing but masked elements give the operation's identity (0 for sums, -inf for
`amax`) or nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .._core import dtypes
from .._core.numeric import iinfo
from .._core.registry import NAMESPACES, register
from .._core.tensor import Tensor

_torch = NAMESPACES["torch"]
_functional = NAMESPACES["torch.nn.functional"]
_linalg = NAMESPACES["torch.linalg"]


def _public(function: Callable[..., Any]) -> Callable[..., Any]:
    return register(function, namespace="torch.masked", method=False, out=False)


# -- masks and what takes the place of what they leave out -----------------------------------------------------------


def _fitting(mask: Tensor, x: Tensor) -> Tensor:
    """``mask`` as bools of the shape of ``x``."""
    if len(mask.shape) > len(x.shape):
        raise IndexError("_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)")
    return mask.broadcast_to(x.shape).bool()


def _filled(x: Tensor, mask: Tensor | None, value: Any) -> Tensor:
    """``x`` with ``value`` where the mask is False."""
    return x if mask is None else x.where(_fitting(mask, x), x.new_full((), value))


def _lowest(d: dtypes.dtype, operation: str) -> Any:
    """What no element is below: the identity of the maximum."""
    if d.is_floating_point:
        return -math.inf
    if d.category == dtypes.BOOL:
        raise NotImplementedError(f"identity of {operation} on {d} input")
    return iinfo(d).min


def _highest(d: dtypes.dtype, operation: str) -> Any:
    if d.is_floating_point:
        return math.inf
    if d.category == dtypes.BOOL:
        raise NotImplementedError(f"identity of {operation} on {d} input")
    return iinfo(d).max


def _dims(dim: Any, x: Tensor) -> tuple[int, ...]:
    """The dimensions to reduce, in order; all for None and for ()."""
    ndim = len(x.shape)
    if dim is None or dim == ():
        return tuple(range(ndim))
    extent, found = max(ndim, 1), []
    for d in (dim,) if isinstance(dim, int) else dim:
        if d in found:
            raise RuntimeError(f"dim={d} appears multiple times in the list of dims")
        if not -extent <= d < extent:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-extent}, {extent - 1}], but got {d})"
            )
        found.append(d % extent)
    return tuple(sorted(found))


def _widened(d: dtypes.dtype) -> dtypes.dtype:
    """The dtype of a sum: integers and bools are summed in int64."""
    return dtypes.int64 if d.category < dtypes.FLOAT else d


# -- reductions -------------------------------------------------------------------------------------------------------


@_public
def sum(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The sum of the elements that ``mask`` leaves, of all or along ``dim``; 0 where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.sum(x, mask=keep)
    tensor(3.)
    """
    out = _filled(input, mask, 0)
    return out.sum(_dims(dim, input), bool(keepdim), dtype=dtype or _widened(input.dtype))


@_public
def prod(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The product of the elements that ``mask`` leaves, of all or along ``dim``; 1 where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.prod(x, mask=keep)
    tensor(2.)
    """
    out = _filled(input, mask, 1).to(dtype or _widened(input.dtype))
    for d in reversed(_dims(dim, input)):
        out = out.prod(d, bool(keepdim))
    return out


@_public
def amax(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The largest of the elements that ``mask`` leaves, of all or along ``dim``; the dtype's lowest where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.amax(x, mask=keep)
    tensor(2.)
    """
    out = _filled(input, mask, None if mask is None else _lowest(input.dtype, "amax"))
    return out.amax(_dims(dim, input), bool(keepdim)).to(dtype or input.dtype)


@_public
def amin(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The smallest of the elements that ``mask`` leaves, of all or along ``dim``; the dtype's highest where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.amin(x, mask=keep)
    tensor(1.)
    """
    out = _filled(input, mask, None if mask is None else _highest(input.dtype, "amin"))
    return out.amin(_dims(dim, input), bool(keepdim)).to(dtype or input.dtype)


@_public
def argmax(
    input: Tensor, dim: int | None = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The index of the largest of the elements that ``mask`` leaves. Its dtype is that of ``input``, as in PyTorch.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.argmax(x, mask=keep)
    tensor(1.)
    """
    out = _filled(input, mask, None if mask is None else _lowest(input.dtype, "argmax"))
    return out.argmax(dim, bool(keepdim)).to(dtype or input.dtype)


@_public
def argmin(
    input: Tensor, dim: int | None = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The index of the smallest of the elements that ``mask`` leaves. Its dtype is that of ``input``, as in PyTorch.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.argmin(x, mask=keep)
    tensor(0.)
    """
    out = _filled(input, mask, None if mask is None else _highest(input.dtype, "argmin"))
    return out.argmin(dim, bool(keepdim)).to(dtype or input.dtype)


def _count(x: Tensor, dim: Any, mask: Any, keepdim: bool) -> Tensor:
    """How many elements a mask leaves."""
    dims = _dims(dim, x)
    if mask is not None:
        return _fitting(mask, x).sum(dims, keepdim)
    n = math.prod([x.shape[d] for d in dims if x.shape])
    shape = [1 if d in dims else s for d, s in enumerate(x.shape) if keepdim or d not in dims]
    return _torch["full"](shape, n, dtype=dtypes.int64)


@_public
def mean(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The mean of the elements that ``mask`` leaves, of all or along ``dim``; nan where it leaves none.

    Raises ValueError where the result would be of integers.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.mean(x, mask=keep)
    tensor(1.5000)
    """
    d = dtype or input.dtype
    if d.category < dtypes.FLOAT:
        source = "Input" if dtype is None else "Optional"
        raise ValueError(
            f"mean(): Could not infer output dtype. {source} dtype must be either a floating point or complex dtype. "
            f"Got: {d}"
        )
    return sum(input, dim, keepdim=keepdim, dtype=d, mask=mask) / _count(input, dim, mask, bool(keepdim))


@_public
def median(input: Tensor, dim: int = -1, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The median along ``dim`` of the elements that ``mask`` leaves; nan where it leaves none.

    Integers are compared as float32; there a row of nothing but masked elements raises ValueError.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.median(x, mask=keep)
    tensor(1.)
    """
    (d,) = _dims(dim, input)
    is_float = input.dtype.is_floating_point
    out = _filled(input if is_float else input.to(dtypes.float32), mask, math.nan).nanmedian(d, keepdim).values
    if is_float:
        return out
    if out.isnan().any():
        raise ValueError("masked median expects no fully masked out rows if dtype is not floating point")
    return out.to(dtype or input.dtype)


@_public
def logsumexp(input: Tensor, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """log Σ exp of the elements that ``mask`` leaves, of all or along ``dim``; -inf where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.logsumexp(x, mask=keep)
    tensor(2.3133)
    """
    lowest = -math.inf if input.dtype.is_complex or mask is None else _lowest(input.dtype, "logsumexp")
    return _filled(input, mask, lowest).logsumexp(_dims(dim, input), keepdim=keepdim).to(dtype or input.dtype)


@_public
def norm(
    input: Tensor, ord: Any = 2.0, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The norm of order ``ord`` of the elements that ``mask`` leaves, as one vector or along ``dim``.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.norm(x, mask=keep)
    tensor(2.2361)
    """
    d = input.dtype
    if mask is not None and ord == -math.inf and not d.is_floating_point:
        raise AssertionError(f"input must be floating point, got {d}")
    out = _filled(input, mask, math.inf if ord == -math.inf else 0)
    return _linalg["vector_norm"](out, ord, _dims(dim, input), bool(keepdim), dtype=dtype or d)


def _spread(
    x: Tensor, dim: Any, unbiased: bool | None, correction: Any, keepdim: bool, dtype: Any, mask: Any
) -> Tensor:
    """The sum of squared distances from the mean by the number of elements less ``correction``."""
    if unbiased is not None and correction is not None:
        raise AssertionError("Only one of unbiased and correction may be given")
    less = float(correction) if correction is not None else 1.0 if unbiased is None else float(unbiased)
    d = dtype or (x.dtype if x.dtype.category >= dtypes.FLOAT else dtypes.float32)
    work = d if d.category >= dtypes.FLOAT else dtypes.float32
    count = _count(x, dim, mask, True)
    distance = x - sum(x, dim, keepdim=True, dtype=d, mask=mask) / count
    total = sum(distance * distance.conj(), dim, keepdim=keepdim, dtype=work, mask=mask)
    count = count.reshape(total.shape)
    if less:
        count = (count.to(work.to_real()) - less).clamp(min=0)
    return (total / count).to(d)


@_public
def var(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    *,
    correction: Any = None,
    keepdim: bool = False,
    dtype: Any = None,
    mask: Any = None,
) -> Tensor:
    """The variance of the elements that ``mask`` leaves, of all or along ``dim``, with divisor n - correction (1).

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.var(x, mask=keep)
    tensor(0.5000)
    """
    return _spread(input, dim, unbiased, correction, bool(keepdim), dtype, mask)


@_public
def std(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    *,
    correction: Any = None,
    keepdim: bool = False,
    dtype: Any = None,
    mask: Any = None,
) -> Tensor:
    """The square root of `var`.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.std(x, mask=keep)
    tensor(0.7071)
    """
    return _spread(input, dim, unbiased, correction, bool(keepdim), dtype, mask).sqrt()


# -- along a dimension, which stays -------------------------------------------------------------------------------------


@_public
def cumsum(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Sums of the elements up to each, those that ``mask`` leaves out counted as 0.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.cumsum(x, 0, mask=keep)
    tensor([1., 3., 3.])
    """
    d = dtype or input.dtype
    return _filled(input, mask, 0).cumsum(_dims(dim, input)[0], dtype=d)


@_public
def cumprod(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Products of the elements up to each, those that ``mask`` leaves out counted as 1.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.cumprod(x, 0, mask=keep)
    tensor([1., 2., 2.])
    """
    d = dtype or input.dtype
    return _filled(input, mask, 1).cumprod(_dims(dim, input)[0], dtype=d)


@_public
def softmax(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Softmax along ``dim`` over the elements that ``mask`` leaves; 0 for the others, nan where it leaves none.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.softmax(x, 0, mask=keep)
    tensor([0.2689, 0.7311, 0.0000])
    """
    out = _filled(input, mask, None if mask is None else _lowest(input.dtype, "amax"))
    return _functional["softmax"](out, _dims(dim, input)[0], dtype=dtype or input.dtype)


@_public
def log_softmax(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """The logarithm of `softmax`.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.log_softmax(x, 0, mask=keep)
    tensor([-1.3133, -0.3133,    -inf])
    """
    out = _filled(input, mask, None if mask is None else _lowest(input.dtype, "amax"))
    return _functional["log_softmax"](out, _dims(dim, input)[0], dtype=dtype or input.dtype)


@_public
def softmin(input: Tensor, dim: int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """`softmax` of the negated elements.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.softmin(x, 0, mask=keep)
    tensor([0.7311, 0.2689, 0.0000])
    """
    out = _filled(input, mask, None if mask is None else _highest(input.dtype, "amin"))
    return _functional["softmin"](out, _dims(dim, input)[0], dtype=dtype or input.dtype)


@_public
def normalize(
    input: Tensor, ord: float, dim: int, *, eps: float = 1e-12, dtype: Any = None, mask: Any = None
) -> Tensor:
    """The elements that ``mask`` leaves, 0 for the others, divided by their norm along ``dim`` or by ``eps`` where that is
    larger.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.normalize(x, 2.0, 0, mask=keep)
    tensor([0.4472, 0.8944, 0.0000])
    """
    size = norm(input, ord, dim, keepdim=True, dtype=dtype, mask=mask)
    return _filled(input, mask, 0) / size.maximum(size.new_full((), eps))


@_public
def logaddexp(
    input: Tensor, other: Tensor, *, dtype: Any = None, input_mask: Any = None, other_mask: Any = None
) -> Tensor:
    """log(exp(input) + exp(other)), where what the masks leave out counts as -inf.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1.0, 2.0, 9.0]), torch.tensor([True, True, False])
    >>> torch.masked.logaddexp(x, x, input_mask=keep)
    tensor([1.6931, 2.6931, 9.0000])
    """
    terms = [
        _filled(x, mask, None if mask is None else _lowest(x.dtype, "logaddexp"))
        for x, mask in ((input, input_mask), (other, other_mask))
    ]
    return terms[0].logaddexp(terms[1]).to(dtype or input.dtype)
