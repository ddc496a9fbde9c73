"""``segment_reduce``: a dimension cut into segments of different lengths, each reduced to one element."""

from __future__ import annotations

from typing import Any

from .._core.dtypes import FLOAT
from .._core.levels import checked
from .._core.registry import NAMESPACES, operation
from .._core.tensor import Tensor
from .dims import check_tensor, normalize_dim, raise_unsupported
from .joining import cat
from .scatter_reduce import scatter_reduce_p

_NAMES = {"sum": "sum", "prod": "prod", "mean": "mean", "max": "amax", "min": "amin", "amax": "amax", "amin": "amin"}
# What a segment without elements gives where no initial value is given.
_EMPTY = {"sum": 0.0, "prod": 1.0, "mean": float("nan"), "amax": -float("inf"), "amin": float("inf")}


def _check_lengths(lengths: Any, extent: int) -> None:
    if lengths.size and lengths.min() < 0:
        raise RuntimeError("lengths contains negative value!")
    if (lengths.sum(-1) != extent).any():
        raise RuntimeError(
            "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when !unsafe."
        )


@operation(method=False, out=False)
def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Any = None,
) -> Tensor:
    """Each segment of ``data`` along ``axis`` reduced to one element: "sum", "mean", "max", "min" or "prod".

    lengths: of the segments, for each place in the dimensions before ``axis``; or offsets: where they begin and the last
    one ends. unsafe: without looking whether the lengths are those of ``data``. initial: what each segment begins with;
    without it an empty one gives nan, or what the reduction of nothing is. Of equal extremes each gets an equal share of
    the gradient.

    >>> import rushlight as torch
    >>> torch.segment_reduce(torch.tensor([1.0, 2.0, 3.0]), "sum", lengths=torch.tensor([2, 0, 1]))
    tensor([3., 0., 3.])
    """
    check_tensor(data, "segment_reduce", "data")
    if reduce not in _NAMES:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    reduce = _NAMES[reduce]
    ndim = data._data.ndim
    axis = normalize_dim(axis, ndim)
    if indices is not None:
        raise RuntimeError("segment_reduce(): indices based reduction is not supported yet.")
    cuts = lengths if offsets is None else offsets
    if cuts is None:
        raise RuntimeError("segment_reduce(): Either lengths or offsets must be defined.")
    if data.dtype.category != FLOAT:
        raise_unsupported(data, "_segment_reduce_cpu")
    if cuts._data.dtype.kind != "i":
        raise_unsupported(cuts, f"_segment_reduce_{'lengths' if offsets is None else 'offsets'}_cpu_kernel1")
    if cuts._data.ndim - 1 != axis:
        name = "lengths" if offsets is None else "offsets"
        raise RuntimeError(f"segment_reduce(): Expected axis to be the last dimension of {name} but got {axis}.")
    shape = data._data.shape or (1,)
    n, lead = shape[axis], shape[:axis]
    if cuts._data.shape[:-1] != lead:
        raise RuntimeError(
            f"segment_reduce(): the sizes {list(cuts._data.shape[:-1])} before the segments are not those of the data, "
            f"{list(lead)}"
        )
    if offsets is None:
        if not unsafe:
            checked(_check_lengths, cuts, extent=n)
        offsets = cat([cuts.new_zeros((*lead, 1)), cuts.cumsum(-1)], -1)
    begins, ends = (
        offsets.narrow(-1, 0, offsets._data.shape[-1] - 1),
        offsets.narrow(-1, 1, offsets._data.shape[-1] - 1),
    )
    segments = begins._data.shape[-1]
    # Which segment each element is in; what is in none goes to one more, which is cut off again.
    at = NAMESPACES["torch"]["arange"](n).expand(*lead, n)
    segment = NAMESPACES["torch"]["searchsorted"](ends.contiguous(), at.contiguous(), right=True)
    segment = segment.masked_fill(at < begins.narrow(-1, 0, 1), segments) if segments else segment
    behind = (1,) * (len(shape) - axis - 1)
    index = segment.reshape(*lead, n, *behind).expand(shape)
    start = _EMPTY[reduce] if initial is None else float(initial)
    base = data.new_full((*lead, segments + 1, *shape[axis + 1 :]), start)
    average, extreme = reduce == "mean", reduce in ("amax", "amin")
    if average and initial is None:
        base = base.zero_()
    out = scatter_reduce_p.bind(
        base, index, data.reshape(shape), dim=axis, reduce="sum" if average else reduce, include_self=not extreme
    ).narrow(axis, 0, segments)
    if extreme and initial is not None:
        out = out.masked_fill((start > out) if reduce == "amax" else (start < out), start)
    if average:
        count = (ends - begins).reshape(*lead, segments, *behind)
        out = out / (count if initial is None else count.clamp(min=1))
    return out
