"""Rows of a table looked up and reduced, bag by bag."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .._core.modes import no_grad
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .creation import arange, zeros
from .embedding import check_dense, embedding_added_p, embedding_p, renormalize
from .matmul import kind_of
from .ordering import searchsorted


class _Bags(NamedTuple):
    """Which of the indices are in which bag."""

    number: int
    bag: Tensor  # of each index
    sizes: Tensor  # how many indices are in each
    even: bool  # whether all are known to be of the same size
    places: Tensor  # (bags, longest): the places of the indices of each
    absent: Tensor  # which of these are filled up with any


def _bags(offsets: Tensor, n: int, include_last_offset: bool) -> _Bags:
    """``offsets``: where each bag begins, and with include_last_offset where the last one ends."""
    begins = offsets[:-1] if include_last_offset else offsets
    count = begins._data.shape[0]
    if type(begins._data) is not np.ndarray:
        # Within vmap, where each example has bags of its own: any index may be in any of them.
        bag = searchsorted(begins, arange(n), right=True) - 1
        absent = bag != arange(count).unsqueeze(1)
        return _Bags(count, bag, (~absent).sum(1), False, arange(n).expand(count, n), absent)
    starts = begins.numpy()
    sizes = np.maximum(np.append(starts[1:], n)[:count] - starts, 0)
    longest = int(sizes.max(initial=0))
    filled = np.arange(longest) < sizes[:, None]
    places = np.zeros(filled.shape, np.int64)
    places[filled] = np.arange(sizes.sum())
    return _Bags(
        count,
        wrap(np.repeat(np.arange(count), sizes)),
        wrap(sizes.astype(np.int64)),
        longest > 0 and bool(filled.all()),
        wrap(places),
        wrap(~filled),
    )


def _reduced(
    weight: Tensor, indices: Tensor, bags: _Bags, mode: str, scale_grad_by_freq: bool, per_sample_weights: Any,
    padding_idx: int,
) -> tuple[Tensor, Any, Any]:  # fmt: skip
    """The reduced rows, how many took part in each bag, and for the maximum which rows they came from."""
    count, width = bags.number, weight._data.shape[1]
    rows = embedding_p.bind(weight, indices, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq)
    padding = indices == padding_idx if padding_idx >= 0 else None
    if mode == "max":
        return _largest(rows, indices, bags, padding)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.unsqueeze(-1)
    if padding is not None:
        rows = rows.masked_fill(padding.unsqueeze(-1), 0)
    if not indices._data.shape[0]:
        total = rows.new_zeros((count, width)) + 0 * rows.sum()
    elif bags.even:
        total = rows.reshape(count, -1, width).sum(1)
    else:
        total = _added(rows, bags)
    if mode == "sum":
        return total, bags.sizes, None
    sizes = bags.sizes
    if padding is not None:
        sizes = _added((~padding).to(weight.dtype).unsqueeze(-1), bags).squeeze(-1)
    return total / sizes.clamp(min=1).to(weight.dtype).unsqueeze(-1), sizes.long(), None


def _added(rows: Tensor, bags: _Bags) -> Tensor:
    return embedding_added_p.bind(rows, bags.bag, rows=bags.number, padding_idx=-1, scale_grad_by_freq=False)


def _largest(rows: Tensor, indices: Tensor, bags: _Bags, padding: Any) -> tuple[Tensor, Any, Any]:
    width = rows._data.shape[-1]
    if not bags.places._data.shape[1]:
        zeros_ = rows.new_zeros((bags.number, width)) + 0 * rows.sum()
        return zeros_, bags.sizes, indices.new_zeros((bags.number, width))
    absent, sizes = bags.absent, bags.sizes
    if padding is not None:
        absent = absent | padding[bags.places]
        sizes = (~absent).sum(1)
    values, which = rows[bags.places].masked_fill(absent.unsqueeze(-1), -math.inf).max(1)
    empty = (sizes == 0).unsqueeze(-1)
    found = indices[bags.places.gather(1, which)].masked_fill(empty, 0)
    return values.masked_fill(empty, 0), sizes, found


def _check(weight: Tensor, indices: Tensor, offsets: Tensor, padding_idx: int | None) -> None:
    where_ = "(while checking arguments for embedding_bag)"
    for t in (indices, offsets):
        if t._data.dtype.kind != "i" or t._data.dtype.itemsize < 4:
            raise RuntimeError(
                "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
                f"torch.{kind_of(t)}Tensor instead {where_}"
            )
    if weight._data.dtype.kind not in "fV":
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, Float, "
            f"Double; but got torch.{kind_of(weight)}Tensor instead {where_}"
        )
    rows, n = weight._data.shape[0], indices._data.shape[0]
    places = offsets._data
    if type(places) is np.ndarray and len(places):
        if places[0] != 0:
            raise RuntimeError(
                "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
                f"However, got {places[0]}"
            )
        if places[-1] > n:
            raise RuntimeError(
                f"offsets[-1] can not be greater than input's length {n} but got offsets[-1] of {places[-1]}"
            )
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, {-rows} through {rows - 1}, but got {padding_idx}"
        )
    found = indices._data
    if type(found) is np.ndarray:
        bad = np.flatnonzero((found < 0) | (found >= rows))
        if len(bad) and weight._data.dtype == np.float64:
            raise RuntimeError(
                f"embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx to be {found[bad[0]]}"
            )
        if len(bad):
            raise RuntimeError(
                f"Index {bad[0]} of input takes value {found[bad[0]]} which is not in the valid range [0, {rows})"
            )


def _embedding_bag(
    weight: Tensor, indices: Tensor, offsets: Tensor, mode: str, scale_grad_by_freq: bool, sparse: bool,
    per_sample_weights: Tensor | None, include_last_offset: bool, padding_idx: int | None,
) -> tuple[Tensor, _Bags, Any, Any]:  # fmt: skip
    check_dense(weight, sparse)
    _check(weight, indices, offsets, padding_idx)
    if per_sample_weights is not None and per_sample_weights._data.dtype != weight._data.dtype:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 "
            f"'per_sample_weights'; but type torch.{kind_of(weight)}Tensor does not equal "
            f"torch.{kind_of(per_sample_weights)}Tensor (while checking arguments for embedding_bag)"
        )
    bags = _bags(offsets, indices._data.shape[0], include_last_offset)
    padding = -1 if padding_idx is None else padding_idx % weight._data.shape[0]
    out, sizes, largest = _reduced(weight, indices, bags, mode, bool(scale_grad_by_freq), per_sample_weights, padding)
    return out, bags, sizes, largest


def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, mode: str = "mean", sparse: bool = False,
    per_sample_weights: Tensor | None = None, include_last_offset: bool = False, padding_idx: int | None = None,
) -> Tensor:  # fmt: skip
    """Sums, means or maxima of the rows of ``weight`` (n, d) that each bag of indices names: (bags, d).

    input: (bags, size), or all indices in a row, with ``offsets`` that say where each bag begins (with
    include_last_offset: and where the last one ends). mode: ``"mean"``, ``"sum"``, ``"max"``; empty bags give zeros.
    per_sample_weights: a factor for each index, for sums. padding_idx: an index that takes no part. max_norm, norm_type,
    scale_grad_by_freq, sparse as for `embedding`. ValueError or RuntimeError for shapes and
    indices that do not fit.

    >>> import rushlight as torch
    >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.nn.functional.embedding_bag(torch.tensor([0, 1, 1]), table, torch.tensor([0, 2]))
    tensor([[2., 3.],
            [3., 4.]])
    """
    if weight.dtype.is_floating_point is False and input.is_floating_point():
        warn_user(
            "Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is "
            "deprecated, and should now be `embedding_bag(input, weight, ...)`."
        )
        weight, input = input, weight
    if per_sample_weights is not None and input.shape != per_sample_weights.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then it must have the same "
            f"shape as the input ({input.shape})"
        )
    if weight.dim() != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.dim()}")
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
        count, size = input.shape
        offsets, include_last_offset = zeros(count, dtype=input.dtype) + size, False
        offsets = offsets.cumsum(0) - size
        input = input.reshape(-1)
        per_sample_weights = None if per_sample_weights is None else per_sample_weights.reshape(-1)
    elif input.dim() != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}")
    elif offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    elif offsets.dim() != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    if mode not in _MODES:
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")
    if max_norm is not None:
        with no_grad():
            renormalize(weight, input, max_norm, norm_type)
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got "
            f"mode='{mode}'). Please open a feature request on GitHub."
        )
    return _embedding_bag(
        weight, input, offsets, mode, scale_grad_by_freq, sparse, per_sample_weights, include_last_offset, padding_idx
    )[0]


_MODES = ("sum", "mean", "max")


def _numbered(
    weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: bool = False, mode: int = 0,
    sparse: bool = False, per_sample_weights: Tensor | None = None, include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """`torch.nn.functional.embedding_bag`, the table first and the mode by its number: sum, mean, max.

    Also the bag of each index, how many took part in each bag, and for maxima which rows they came from; for sums, as in
    PyTorch, the last two are zeros.
    """
    out, bags, sizes, largest = _embedding_bag(
        weight, indices, offsets, _MODES[mode], scale_grad_by_freq, sparse, per_sample_weights, include_last_offset,
        padding_idx,
    )  # fmt: skip
    if mode == 0:
        none = indices.new_zeros(bags.number)
        return out, bags.bag, none, none.clone()
    return out, bags.bag, sizes, sizes.clone() if largest is None else largest


register(embedding_bag, namespace="torch.nn.functional", method=False, out=False)
register(_numbered, "embedding_bag", method=False, out=False)
