"""Losses that ask for a margin: between scores, between classes, between distances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.levels import checked
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .creation import arange
from .dims import raise_unsupported
from .distance import pairwise_distance
from .loss import check_constant, reduce_loss, reduced, reduction_of, share
from .matmul import kind_of
from .smooth_activations import logsigmoid


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``input`` where the target is 1, ``max(0, margin - input)`` where it is -1.

    >>> import rushlight as torch
    >>> torch.nn.functional.hinge_embedding_loss(torch.tensor([0.5, 0.5]), torch.tensor([1.0, -1.0]))
    tensor(0.5000)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    zeros = input.new_zeros(())
    apart = (margin - input).clamp_min(0).where(target != 1, zeros)
    return reduce_loss(apart + input.where(target != -1, zeros), reduction)


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``: a target of 1 wants the first to be larger.

    >>> import rushlight as torch
    >>> torch.nn.functional.margin_ranking_loss(torch.zeros(1), torch.ones(1), torch.ones(1))
    tensor(1.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    if not input1._data.ndim == input2._data.ndim == target._data.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: "
            f"{input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )
    return reduce_loss((-target * (input1 - input2) + margin).clamp_min(0), reduction)


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``1 - cos`` where the target is 1, ``max(0, cos - margin)`` where it is -1.

    Inputs (N, D) with target (N,), or (D,) with a target without dimensions.

    >>> import rushlight as torch
    >>> x = torch.tensor([[1.0, 0.0]])
    >>> torch.nn.functional.cosine_embedding_loss(x, x, torch.tensor([-1.0]))
    tensor(1.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    n = target._data.ndim
    if n > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input1._data.ndim != n + 1 or input2._data.ndim != n + 1:
        raise RuntimeError(
            f"{n}D target tensor expects {n + 1}D input tensors, but found inputs with sizes "
            f"{list(input1._data.shape)} and {list(input2._data.shape)}."
        )
    tiny = 1e-12
    squares = ((input1 * input1).sum(n) + tiny) * ((input2 * input2).sum(n) + tiny)
    cosine = (input1 * input2).sum(n) / squares.sqrt()
    zeros = cosine.new_zeros(())
    together = (1 - cosine).where(target == 1, zeros)
    return reduce_loss(together + (cosine - margin).clamp_min(0).where(target == -1, zeros), reduction)


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with p-norm distances d.

    swap: the negative's distance is the smaller one of those from the anchor and from the positive.
    (Balntas et al. 2016.)

    >>> import rushlight as torch
    >>> x = torch.zeros(1, 2)
    >>> torch.nn.functional.triplet_margin_loss(x, x, x + 3)
    tensor(0.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    return triplet_margin_with_distance_loss(
        anchor,
        positive,
        negative,
        distance_function=lambda a, b: pairwise_distance(a, b, p, eps),
        margin=margin,
        swap=swap,
        reduction=reduction,
    )


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with a distance of one's own; by default `pairwise_distance`."""
    reduction = reduction_of(reduction, None, None)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    dims = [t._data.ndim for t in (anchor, positive, negative)]
    if len(set(dims)) != 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {dims[0]}D, positive {dims[1]}D, and negative {dims[2]}D inputs"
        )
    distance = distance_function or pairwise_distance
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return reduce_loss((margin + near - far).clamp_min(0), reduction)


# -- classes --------------------------------------------------------------------------------------------------


def _multi_margin(x: Any, target: Any, weight: Any, *, p: int, margin: float, reduction: str) -> Any:
    rows = x.reshape(-1, x.shape[-1])
    target_ = target.reshape(-1)
    n = np.arange(len(rows))
    z = np.maximum(x.dtype.type(margin) - rows[n, target_][:, None] + rows, 0)
    if p == 2:
        z = z * z
    if weight is not None:
        z = z * weight[target_][:, None]
    z[n, target_] = 0
    loss = np.add.reduce(z, 1) / x.dtype.type(rows.shape[1])
    return reduced(loss.reshape(target.shape if x.ndim > 1 else ()), reduction)


def _multi_margin_slopes(x: Any, target: Any, weight: Any, p: int, margin: float) -> Any:
    """The derivative of each row's loss by the row."""
    target = target.reshape(*x._data.shape[:-1], 1)
    classes = x._data.shape[-1]
    hit = arange(classes) == target
    z = (margin - x.gather(-1, target) + x).clamp_min(0)
    slope = (z > 0).to(x.dtype) if p == 1 else 2 * z
    if weight is not None:
        slope = slope * weight[target]
    slope = slope.masked_fill(hit, 0) / classes
    return slope - hit * slope.sum(-1, keepdim=True)


def _by_row(g: Any, slopes: Any, reduction: str) -> Any:
    n = slopes._data.size // max(slopes._data.shape[-1], 1)
    g = share(g, n, reduction)
    return slopes * (g.reshape(*slopes._data.shape[:-1], 1) if reduction == "none" else g)


multi_margin_p = Primitive(
    "MultiMarginLoss",
    _multi_margin,
    inputs="x target weight",
    vjp=(
        lambda g, x, target, weight, p, margin, reduction: _by_row(
            g, _multi_margin_slopes(x, target, weight, p, margin), reduction
        ),
        None,
        None,
    ),
    jvp=lambda x, target, weight, x_t, p, margin, reduction: reduce_loss(
        (x_t * _multi_margin_slopes(x, target, weight, p, margin)).sum(-1), reduction
    ),
    widen=True,
)


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``sum(max(0, margin - input[target] + input[c])**p) / C`` over the classes c other than the target.

    input (N, C) or (C,), target (N,) or (), weight (C,) by the target's class; p is 1 or 2.

    >>> import rushlight as torch
    >>> torch.nn.functional.multi_margin_loss(torch.zeros(1, 4), torch.tensor([0]))
    tensor(0.7500)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight._data.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    check_constant("multi_margin_loss", weight=weight)
    if input._data.ndim == 0:
        input = input.reshape(1)
    x, y = input._data, target._data
    if x.ndim > 2 or not x.shape[-1]:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(x.shape)}"
        )
    n = x.shape[0] if x.ndim > 1 else 1
    if y.ndim > 1 or y.size != n:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch "
            f"size). Expected target size [{n}], but got {list(y.shape)}. Input has shape {list(x.shape)}."
        )
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "multi_margin_loss")
    classes = x.shape[-1]
    if weight is not None and weight._data.size != classes:
        raise RuntimeError(f"inconsistent weight size, expected {classes} but got {list(weight._data.shape)}")
    if y.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {kind_of(target)}")
    checked(_check_classes, target, classes=classes)
    return multi_margin_p.bind(input, target, weight, p=p, margin=float(margin), reduction=reduction)


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The binary cross-entropy of each label from logits, averaged over the labels (the last dimension).

    >>> import rushlight as torch
    >>> torch.nn.functional.multilabel_soft_margin_loss(torch.zeros(1, 3), torch.ones(1, 3))
    tensor(0.6931)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduce_loss(loss.sum(-1) / input._data.shape[-1], reduction)


for _function in (
    hinge_embedding_loss, margin_ranking_loss, cosine_embedding_loss, triplet_margin_loss,
    triplet_margin_with_distance_loss, multi_margin_loss, multilabel_soft_margin_loss,
):  # fmt: skip
    register(_function, namespace="torch.nn.functional", method=False, out=False)


def _check_classes(given: Any, classes: int) -> None:
    if given.size and (given.min() < 0 or given.max() >= classes):
        raise RuntimeError("target out of range")
