"""Histograms over bins of equal width or between given edges, of one and of several variables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.dtypes import from_numpy_dtype
from .._core.operands import cpp_name
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .publish import entitled, no_derivative
from .ranges import spaced

histogram_type = return_type("histogram", "hist", "bin_edges")
histogramdd_type = return_type("histogramdd", "hist", "bin_edges")


def _edges(column: Any, bins: int, low: float | None, high: float | None, d: int) -> Any:
    """``bins + 1`` edges at equal distances, between the extreme elements where no range is given."""
    if low is None or high is None:
        low, high = (float(column.min()), float(column.max())) if column.size else (0.0, 1.0)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histogramdd: dimension {d}'s range [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError(
            f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} for dimension {d}"
        )
    if low == high:
        low, high = low - 0.5, high + 0.5
    return spaced(low, high, bins + 1, from_numpy_dtype(column.dtype))


def _histogram(*tensors: Any, bins: Any, range: Any, weighted: bool, density: bool) -> tuple[Any, ...]:
    """The counts and each variable's edges. tensors: the points, weights if there are any, edges if they are given."""
    points, *rest = tensors
    points = points.reshape(-1, points.shape[-1])
    weights = rest.pop(0).ravel() if weighted else None
    columns = points.T
    if bins is not None:
        bounds = [(None, None)] * len(bins) if range is None else list(zip(range[::2], range[1::2]))
        rest = [_edges(c, n, *bound, d) for d, (c, n, bound) in enumerate(zip(columns, bins, bounds))]
    shape = tuple([len(edges) - 1 for edges in rest])
    inside = np.ones(len(points), bool)
    place = np.zeros(len(points), np.int64)
    for column, edges, n in zip(columns, rest, shape):
        inside &= (column >= edges[0]) & (column <= edges[-1])
        # The last bin has its right edge to itself.
        place = place * n + np.minimum(np.searchsorted(edges, column, "right") - 1, n - 1)
    if weights is not None:
        weights = weights[inside].astype(np.float64)
    hist = np.bincount(place[inside], weights, math.prod(shape)).astype(points.dtype).reshape(shape)
    if density:
        hist /= hist.sum()
        for d, edges in enumerate(rest):
            hist /= np.diff(edges).reshape(-1, *(1,) * (len(shape) - d - 1))
    return (hist, *rest)


histogram_p = entitled(
    Primitive(
        "Histogram",
        _histogram,
        inputs="*tensors",
        vjp=no_derivative("_histogramdd_bin_edges"),
        outputs=0,
        family="counting",
    ),
    "NotImplemented",
)


def _counted(
    points: Tensor, bins: Any, range: Any, weight: Any, density: bool, axes: int
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The checks that both functions share, and the call."""
    x = points._data
    if x.dtype not in (np.float32, np.float64):
        raise_unsupported(points, "histogramdd")
    given = isinstance(bins[0], Tensor) if bins else False
    for d, each in enumerate(bins):
        if not given:
            if each <= 0:
                raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {each} for dimension {d}")
            continue
        edges = each._data
        if edges.dtype != x.dtype:
            raise RuntimeError(
                "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got input with dtype "
                f"{cpp_name(points.dtype)} and bins for dimension {d} with dtype {cpp_name(each.dtype)}"
            )
        if edges.ndim != 1:
            raise RuntimeError(
                f"torch.histogramdd: bins tensor should have one dimension, but got {edges.ndim} dimensions in the bins "
                f"tensor for dimension {d}"
            )
        if not edges.size:
            raise RuntimeError(
                "torch.histogramdd: bins tensor should have at least 1 element, but got 0 elements in the bins tensor for "
                f"dimension {d}"
            )
        if edges.size == 1:
            raise RuntimeError(f"torch.histogram(): bins must be > 0, but got 0 for dimension {d}")
    if range is not None and len(range) != 2 * axes:
        raise RuntimeError(
            f"torch.histogramdd: for a {axes}-dimensional histogram range should have {2 * axes} elements, but got "
            f"{len(range)}"
        )
    if weight is not None:
        check_tensor(weight, "histogram", "weight")
        if weight._data.dtype != x.dtype:
            raise RuntimeError(
                "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have the same dtype, "
                f"but got input({cpp_name(points.dtype)}), and weight({cpp_name(weight.dtype)})"
            )
        if weight._data.shape != x.shape[:-1]:
            raise RuntimeError(
                "torch.histogramdd: if weight tensor is provided it should have the same shape as the input tensor "
                f"excluding its innermost dimension, but got input with shape {list(x.shape)} and weight with shape "
                f"{list(weight._data.shape)}"
            )
    hist, *edges = histogram_p.bind(
        points,
        *(() if weight is None else (weight,)),
        *(bins if given else ()),
        bins=None if given else tuple(bins),
        range=None if range is None else tuple([float(r) for r in range]),
        weighted=weight is not None,
        density=bool(density),
    )
    return hist, tuple(edges)


_counts = (
    "torch.histogram: input tensor and {} tensor should have the same dtype, but got input {{result}} and {} {{out}}"
)
_of_histogram = (
    OutCheck(_counts.format("hist", "hist")),
    OutCheck(_counts.format("bin_edges", "bin_edges") + " for dimension 0"),
)


@operation(out=_of_histogram)
def histogram(
    input: Tensor, bins: Any = 100, *, range: Any = None, weight: Tensor | None = None, density: bool = False
) -> Any:
    """How many elements fall into each bin, and the bins' edges. Only the last bin has its right edge to itself.

    bins: their number, between the ends of ``range`` (default: the smallest and the largest element), or their edges as
    an increasing vector. weight: what each element counts. density: divided by their sum and the bins' widths. float32
    and float64 only.

    >>> import rushlight as torch
    >>> torch.histogram(torch.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0)).hist
    tensor([0., 2., 1., 0.])
    """
    check_tensor(input, "histogram")
    if (
        isinstance(bins, bool)
        or not isinstance(bins, (int, Tensor))
        or (isinstance(bins, Tensor) and range is not None)
    ):
        extra = "" if range is None else f", range={type(range).__name__}"
        raise TypeError(
            "histogram() received an invalid combination of arguments - got "
            f"(Tensor, {type(bins).__name__}{extra}), but expected one of:\n"
            " * (Tensor input, Tensor bins, *, Tensor weight, bool density)\n"
            " * (Tensor input, int bins, *, tuple of floats range, Tensor weight, bool density)"
        )
    points = input.reshape(-1, 1)
    if weight is not None and isinstance(weight, Tensor) and weight._data.shape == input._data.shape:
        weight = weight.reshape(-1)
    hist, (edges,) = _counted(points, (bins,), range, weight, density, 1)
    return histogram_type((hist, edges))


@operation(method=False, out=False)
def histogramdd(
    input: Tensor, bins: Any, range: Any = None, weight: Tensor | None = None, density: bool = False
) -> Any:
    """`histogram` of points, whose coordinates are the last dimension: counts for each combination of bins.

    bins: how many for each coordinate (or one number for all), or a vector of edges for each. range: the smallest and the
    largest edge of each coordinate, one after the other.

    >>> import rushlight as torch
    >>> torch.histogramdd(torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), bins=[2, 2]).hist
    tensor([[0., 1.],
            [1., 1.]])
    """
    check_tensor(input, "histogramdd")
    shape = input._data.shape
    if len(shape) < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    axes = shape[-1]
    bins = list(bins) if isinstance(bins, (list, tuple)) else [bins] * axes
    if len(bins) != axes:
        raise RuntimeError("histogramdd: The size of bins must be equal to the innermost dimension of the input.")
    hist, edges = _counted(input, bins, range, weight, density, axes)
    return histogramdd_type((hist, tuple(bins) if axes and isinstance(bins[0], Tensor) else edges))
