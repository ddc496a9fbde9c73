"""Medians, quantiles, the k-th smallest and the most frequent element.

Where several elements are equal, which of their indices is returned is not defined by PyTorch (it depends on
the length). Here `median` and `kthvalue` return the one that a stable sort brings to the place, and `mode`
the last.

"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.levels import checked
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.return_types import return_type
from .._core.tensor import Tensor, wrap
from .dims import check_int, check_size, check_tensor, normalize_dim, raise_unsupported
from .extremum import mean_where_found, shared_evenly
from .ordering import order
from .selecting import Selecting, comparable, take

median_type = return_type("median", "values", "indices")
nanmedian_type = return_type("nanmedian", "values", "indices")
kthvalue_type = return_type("kthvalue", "values", "indices")
mode_type = return_type("mode", "values", "indices")


# -- where they are -----------------------------------------------------------------------------------------


def _along(x: Any, dim: int) -> tuple[int, ...]:
    return tuple(1 if d == dim else n for d, n in enumerate(x.shape))


def _kth(x: Any, dim: int, k: int) -> Any:
    """The index of the ``k``-th smallest element, counted from 1."""
    return np.take_along_axis(order(x, dim, False), np.full(_along(x, dim), k - 1), dim)


def _median(x: Any, dim: int) -> Any:
    x = comparable(x)
    nan = np.isnan(x)
    middle = _kth(x, dim, (x.shape[dim] + 1) // 2)
    return np.where(nan.any(dim, keepdims=True), nan.argmax(dim, keepdims=True), middle) if x.size else middle


def _nanmedian(x: Any, dim: int) -> Any:
    x = comparable(x)
    numbers = np.add.reduce(~np.isnan(x), dim, np.int64, keepdims=True)
    return np.take_along_axis(order(x, dim, False), np.maximum(numbers - 1, 0) // 2, dim)


def _mode(x: Any, dim: int) -> Any:
    places = order(x, dim, False)
    s = np.moveaxis(np.take_along_axis(comparable(x), places, dim), dim, 0)
    position = np.arange(len(s)).reshape(-1, *[1] * (s.ndim - 1))
    starts = np.ones(s.shape, bool)
    starts[1:] = s[1:] != s[:-1]
    # How far into its run of equals each sorted element is: the longest run, the first of several, has the
    # maximum.
    run = position - np.maximum.accumulate(np.where(starts, position, 0), 0)
    if not s.size:
        return np.empty(_along(x, dim), np.int64)
    return np.take_along_axis(places, np.moveaxis(run.argmax(0, keepdims=True), 0, dim), dim)


median_dim, nanmedian_dim = Selecting("MedianBackward1", _median), Selecting("NanmedianBackward1", _nanmedian)
kthvalue_p, mode_p = Selecting("Kthvalue", _kth), Selecting("Mode", _mode)


def _whole(find: Any) -> Any:
    def forward(x: Any) -> Any:
        if not x.size:
            return np.array(np.nan if x.dtype.kind in "fV" else np.iinfo(x.dtype).min, x.dtype)
        flat = x.reshape(-1)
        return take(flat, find(flat, 0), 0).reshape(())

    return forward


median_all, nanmedian_all = (
    Primitive(name, _whole(find), vjp=shared_evenly, jvp=mean_where_found, family="reduction")
    for name, find in (("Median", _median), ("Nanmedian", _nanmedian))
)


# -- medians, the k-th smallest, the most frequent ----------------------------------------------------------


def _dimension(input: Tensor, dim: Any, operation: str, position: int = 1) -> int:
    d = normalize_dim(check_int(dim, operation, "dim", position), input._data.ndim)
    check_size(input._data.shape, d, operation)
    return d


def _median_of(whole: Primitive, along: Selecting, made: Any, input: Tensor, dim: Any, keepdim: bool, name: str) -> Any:
    check_tensor(input, name)
    if dim is None and keepdim:
        raise TypeError(f'{name}() missing 1 required positional arguments: "dim"')
    d = None if dim is None else _dimension(input, dim, name)
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, "median_cpu" if d is None else "median_out")
    return whole.bind(input) if d is None else made(along.bind(input, dim=d, keepdim=keepdim))


_checking = "(while checking arguments for median)"
_as_median = (
    OutCheck(
        f"Expected tensor for 'values' to have the same type as tensor for argument #2 'self'; but type torch.{{Out}}Tensor does not equal torch.{{Result}}Tensor {_checking}"
    ),
    OutCheck(
        f"Expected tensor for argument #1 'indices' to have scalar type Long; but got torch.{{Out}}Tensor instead {_checking}"
    ),
)


@operation(out=_as_median)
def median(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The median of all elements; with ``dim`` the medians along it and where they are. Nan where there is a
    nan.

    Of an even number of elements the lower of the two in the middle. Equal elements share the gradient of
    ``median()`` evenly; that of ``median(dim)`` goes to the index.

    >>> import rushlight as torch
    >>> torch.median(torch.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)

    """
    return _median_of(median_all, median_dim, median_type, input, dim, keepdim, "median")


@operation(out=_as_median)
def nanmedian(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """`median` of the elements that are not nan; nan where all are.

    >>> import rushlight as torch
    >>> torch.nanmedian(torch.tensor([float("nan"), 1.0, 3.0]))
    tensor(1.)
    """
    return _median_of(nanmedian_all, nanmedian_dim, nanmedian_type, input, dim, keepdim, "nanmedian")


@operation(
    out=(
        OutCheck("output values must be of same type as input"),
        OutCheck("output indices must be of scalar type Long"),
    ),
    apart=("input",),
)
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The ``k``-th smallest element along ``dim``, counted from 1, and where it is.

    RuntimeError where ``k`` is out of range. A nan is larger than every number.

    >>> import rushlight as torch
    >>> torch.kthvalue(torch.tensor([4.0, 1.0, 3.0]), 2).values
    tensor(3.)
    """
    check_tensor(input, "kthvalue")
    k = check_int(k, "kthvalue", "k")
    d = _dimension(input, dim, "kthvalue", 2)
    shape = input._data.shape
    if not 1 <= k <= (shape[d] if shape else 1):
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {d}\n"
            f"k is {k}, and counts from 1 to {shape[d] if shape else 1}."
        )
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, "kthvalue_cpu")
    return kthvalue_type(kthvalue_p.bind(input, dim=d, keepdim=keepdim, k=k))


_as_mode = tuple(
    OutCheck(f"expected scalar type '{{Result}}' but got '{{Out}}' for {part} output") for part in ("values", "indices")
)


@operation(out=_as_mode)
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Any:
    """The most frequent element along ``dim``, the smallest of several, and where it occurs last.

    >>> import rushlight as torch
    >>> torch.mode(torch.tensor([2, 1, 2, 1, 3])).values
    tensor(1)
    """
    check_tensor(input, "mode")
    d = _dimension(input, dim, "mode")
    if input._data.dtype.kind == "c":
        raise_unsupported(input, "mode_cpu")
    return mode_type(mode_p.bind(input, dim=d, keepdim=keepdim))


# -- quantiles ----------------------------------------------------------------------------------------------

INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _check_q(q: Any, input: Tensor) -> Tensor:
    """The probabilities as a tensor of the input's dtype."""
    if not isinstance(q, Tensor):
        if isinstance(q, bool) or not isinstance(q, (int, float)):
            raise TypeError(
                f"quantile() received an invalid combination of arguments - got ({type(q).__name__}), but "
                "expected a float or a tensor for q"
            )
        if not 0 <= q <= 1:
            raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {q}")
        return wrap(np.array(q, input._data.dtype))
    if q._data.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if q._data.dtype != input._data.dtype:
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    checked(_check_range_of_q, q)
    return q


def _check_range_of_q(values: Any) -> None:
    if not ((values >= 0) & (values <= 1)).all():
        raise RuntimeError("quantile() q values must be in the range [0, 1]")


def _quantile(input: Tensor, q: Any, dim: Any, keepdim: bool, interpolation: str, ignore_nan: bool) -> Tensor:
    check_tensor(input, "nanquantile" if ignore_nan else "quantile")
    x = input
    if not x._data.size:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if x._data.dtype not in (np.float32, np.float64):
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    q = _check_q(q, x)
    if interpolation not in INTERPOLATIONS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
            f"{interpolation}"
        )
    ndim = x._data.ndim
    if dim is None:
        x = x.reshape(-1)
    elif ndim:
        x = x.movedim(normalize_dim(check_int(dim, "quantile", "dim", 2), ndim), -1)
    else:
        normalize_dim(check_int(dim, "quantile", "dim", 2), 0)
        x = x.reshape(1)

    ordered = x.sort(-1)[0]
    last = ordered.shape[-1] - 1
    nan = ordered.isnan()
    if ignore_nan:
        # Sorted nans come last: between the numbers before them only.
        numbers = nan.logical_not().sum(-1, True) - 1
        ranks = q * numbers.clamp(min=0)
    else:
        # Where there is a nan the last element is one, and the result.
        ranks = (q * last).expand(*ordered.shape[:-1], q.numel()).masked_fill(nan.any(-1, True), last)
    rounded = {"lower": Tensor.floor, "higher": Tensor.ceil, "nearest": Tensor.round}.get(interpolation)
    if rounded is not None:
        ranks = rounded(ranks)
    below = ranks.long()
    out = ordered.gather(-1, below)
    if rounded is None:
        weight = ranks - below if interpolation == "linear" else ranks.new_full(ranks.shape, 0.5)
        out = out.lerp(ordered.gather(-1, ranks.ceil().long()), weight)

    if keepdim and ndim:
        out = out.reshape(*[1] * ndim, -1) if dim is None else out.unsqueeze(normalize_dim(dim, ndim))
    elif not ndim:
        out = out.reshape(-1)
    return out.movedim(-1, 0) if q._data.ndim else out.squeeze(-1)


_as_quantile = OutCheck("quantile() out tensor must be same dtype as the input tensor")


@operation(out=_as_quantile)
def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The ``q``-quantiles of all elements, or of those along ``dim``; nan where there is a nan.

    q: a number or a vector of them between 0 and 1; of a vector, the first dimension of the result. Between
    two elements ``interpolation`` decides: linear, lower, higher, midpoint or nearest. Needs float32 or
    float64.

    >>> import rushlight as torch
    >>> torch.quantile(torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([0.25, 0.5]))
    tensor([0.7500, 1.5000])

    """
    return _quantile(input, q, dim, keepdim, interpolation, False)


@operation(out=_as_quantile)
def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """`quantile` of the elements that are not nan; nan where all are.

    >>> import rushlight as torch
    >>> torch.nanquantile(torch.tensor([float("nan"), 1.0, 2.0]), 0.5)
    tensor(1.5000)
    """
    return _quantile(input, q, dim, keepdim, interpolation, True)
