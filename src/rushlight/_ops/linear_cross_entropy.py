"""A linear map and the cross-entropy of what it gives, together: for the last layer of language models, whose logits
are the largest tensor of all.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from .._core import dtypes
from .._core.modes import state
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .classification_loss import cross_entropy
from .joining import cat
from .linear import linear

_POLICIES = ("auto", "accurate", "balanced", "compact")
_ACC_DTYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)


@dataclasses.dataclass(slots=True, frozen=True)
class LinearCrossEntropyOptions:
    """How many rows `linear_cross_entropy` works off at a time, so that it never holds all logits.

    batch_chunk_size: that many. chunking_method: ``"aspect_ratio"``, as many as have logits of the size of the input,
    or ``"aspect_ratio:n"``, an nth of that; ``"auto"`` takes ``"aspect_ratio:2"`` unless a size is given; None takes the
    size. acc_dtype: what 16-bit rows are computed in, float32 by default; acc_policy, allow_retain_graph: PyTorch trades
    precision and a second backward pass for memory by these; here no policy loses precision, and what the backward pass
    needs is computed again, so that the graph can always be retained. ValueError for values that are none of these.

    >>> import rushlight as torch
    >>> torch.nn.LinearCrossEntropyOptions(batch_chunk_size=64).batch_chunk_size
    64
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: str = "auto"
    acc_dtype: dtypes.dtype | None = None

    def __post_init__(self) -> None:
        if self.acc_policy not in _POLICIES:
            raise ValueError(f"invalid acc_policy: {self.acc_policy!r}")
        if self.chunking_method not in (None, "auto"):
            name, colon, factor = str(self.chunking_method).partition(":")
            if name != "aspect_ratio" or (colon and not (factor.isdigit() and int(factor) > 0)):
                raise ValueError(f"invalid chunking_method: {self.chunking_method!r}")
        size = self.batch_chunk_size
        if size is not None and not (isinstance(size, int) and size > 0):
            raise ValueError(f"batch_chunk_size must be positive int or None, got {size!r}")
        if self.acc_dtype is not None and self.acc_dtype not in _ACC_DTYPES:
            raise ValueError(
                "acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got "
                f"{self.acc_dtype!r}. Pass acc_dtype=None to let the op pick automatically."
            )


def _rows(options: LinearCrossEntropyOptions, n: int, in_features: int, classes: int) -> int:
    """How many rows to work off at a time."""
    method, size = options.chunking_method, options.batch_chunk_size
    if method == "auto":
        method = "aspect_ratio:2" if size is None else None
    if method is None:
        return max(1, n if size is None else min(size, n))
    factor = int(method.partition(":")[2] or 1)
    wanted = -(-n // max(1, -(-classes // max(in_features, 1))))
    found = min((1 << max(wanted - 1, 0).bit_length()) // factor, n)
    if size is not None and min(size, n) != found:
        raise ValueError(
            f"batch_chunk_size (={size}) and chunking_method ('{method}') give different chunk sizes ({size} vs {found}); "
            "pass only one."
        )
    return max(1, found)


def _in_chunks(
    input: Tensor, linear_weight: Tensor, target: Tensor, linear_bias: Tensor | None, weight: Tensor | None,
    reduction: str, ignore_index: int, options: LinearCrossEntropyOptions,
) -> Tensor:  # fmt: skip
    """The loss of a few rows at a time, whose logits are computed again in the backward pass."""
    from ..utils.checkpoint import checkpoint

    n, classes = input.shape[0], linear_weight.shape[0]
    rows = _rows(options, n, input.shape[1], classes)
    dtype = input.dtype
    acc_dtype = options.acc_dtype or (dtypes.float32 if input._data.dtype.itemsize == 2 else dtype)
    each = "none" if reduction == "none" else "sum"

    def part(x: Tensor, w: Tensor, b: Tensor | None, t: Tensor) -> Tensor:
        logits = linear(x.to(acc_dtype), w.to(acc_dtype), None if b is None else b.to(acc_dtype))
        of_classes = None if weight is None else weight.to(acc_dtype)
        return cross_entropy(logits, t, of_classes, ignore_index=ignore_index, reduction=each)

    plain = state.interpreter is not None or state.differentiated  # within transforms, which know no checkpoints
    losses = []
    for start in range(0, n, rows):
        arguments = (input[start : start + rows], linear_weight, linear_bias, target[start : start + rows])
        losses.append(part(*arguments) if plain else checkpoint(part, *arguments, use_reentrant=False))
    if reduction == "none":
        return cat(losses).to(dtype)
    total = sum(losses[1:], losses[0])
    if reduction == "mean":
        kept = target != ignore_index
        if weight is None:
            total = total / kept.sum()
        else:
            total = total / weight.to(acc_dtype)[target.masked_fill(~kept, 0)].masked_fill(~kept, 0).sum()
    return total.to(dtype)


def linear_cross_entropy(
    input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias: Tensor | None = None,
    weight: Tensor | None = None, reduction: str = "mean", ignore_index: int | None = None,
    label_smoothing: float = 0.0, options: Any = None,
) -> Tensor:  # fmt: skip
    """`cross_entropy` of the logits ``input @ linear_weight.T + linear_bias``.

    input (N, in) or (in,); linear_weight (C, in), or (C, ..., in) for a loss at each of several places; linear_bias (C,
    ...); target, weight, reduction, label_smoothing as for `cross_entropy`. ignore_index: -100 where None. options: see
    `torch.nn.LinearCrossEntropyOptions`; classes as targets only, without label_smoothing and further places, else a
    warning says that they are not used. RuntimeError for shapes that do not fit.

    >>> import rushlight as torch
    >>> x, w = torch.zeros(2, 3), torch.ones(4, 3)
    >>> torch.nn.functional.linear_cross_entropy(x, w, torch.tensor([0, 3]))
    tensor(1.3863)
    """
    if not 1 <= input.dim() <= 2:
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.dim()}")
    if linear_weight.dim() < 2:
        raise RuntimeError(f"expected linear_weight with dimensionality at least 2, got {linear_weight.dim()}")
    batch, features = tuple(input.shape[:-1]), input.shape[-1]
    classes, *places, width = linear_weight.shape
    if features != width:
        raise RuntimeError(
            f"expected equal input and linear_weight last dimensions (in_features), got {features} and {width}, "
            "respectively"
        )
    if linear_bias is not None and tuple(linear_bias.shape) != (classes, *places):
        raise RuntimeError(f"expected linear_bias shape {(classes, *places)}, got {tuple(linear_bias.shape)}")
    if places and not batch:
        raise RuntimeError(
            f"K-dimensional loss defined by linear_weight shape {tuple(linear_weight.shape)} requires batched input, "
            f"(N, {features}), got unbatched input with shape {tuple(input.shape)}"
        )
    shape = (*batch, classes, *places)
    if tuple(target.shape) == shape and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    ignore_index = -100 if ignore_index is None else ignore_index
    if options is not None:
        known = reduction in ("mean", "sum", "none")
        if not places and known and label_smoothing == 0.0 and target.dtype is dtypes.int64 and 0 not in shape:
            rows = input.reshape(-1, features), linear_weight, target.reshape(-1)
            loss = _in_chunks(*rows, linear_bias, weight, reduction, ignore_index, options)
            return loss if batch or reduction != "none" else loss.squeeze(0)
        warn_user(
            "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in {'mean','sum','none'}, "
            "label_smoothing == 0, target.dtype == int64, out_features == (). Got "
            f"reduction={reduction!r}, label_smoothing={label_smoothing}, target.dtype={target.dtype}, "
            f"out_features={tuple(places)}, tracing=False, "
            f"linear_bias.shape={None if linear_bias is None else tuple(linear_bias.shape)}."
        )
    if places:
        linear_weight = linear_weight.reshape(classes * math.prod(places), features)
        linear_bias = None if linear_bias is None else linear_bias.reshape(-1)
    logits = linear(input, linear_weight, linear_bias).reshape(shape)
    return cross_entropy(
        logits, target, weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing
    )


register(linear_cross_entropy, namespace="torch.nn.functional", method=False, out=False)
