"""The hinge between the classes that are targets and those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.levels import checked
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import raise_unsupported
from .loss import reduce_loss, reduced, reduction_of, share
from .matmul import kind_of


def _loss(x: Any, target: Any, *, reduction: str) -> Any:
    rows, listed = np.atleast_2d(x), np.atleast_2d(target)
    n, classes = rows.shape
    valid = np.logical_and.accumulate(listed >= 0, 1)  # a row's targets end at the first negative number
    listed = np.where(valid, listed, 0)
    hit = np.zeros(rows.shape, bool)
    np.logical_or.at(hit, (np.arange(n)[:, None], listed), valid)
    z = x.dtype.type(1) - np.take_along_axis(rows, listed, 1)[:, :, None] + rows[:, None, :]
    z = np.where((z > 0) & valid[:, :, None] & ~hit[:, None, :], z, x.dtype.type(0))
    loss = np.add.reduce(z, (1, 2)) / x.dtype.type(classes)
    return reduced(loss if target.ndim > 1 else loss.reshape(()), reduction)


def _slopes(x: Any, target: Any) -> Any:
    """The derivative of each row's loss by the row."""
    classes = x._data.shape[-1] if x._data.ndim else 1
    rows, listed = x.reshape(*x._data.shape[:-1], classes), target.reshape(*target._data.shape[:-1], classes)
    valid = (listed >= 0).cumprod(-1)
    listed = listed.clamp_min(0)
    hit = listed.new_zeros(listed._data.shape).scatter_add(-1, listed, valid) > 0
    z = 1 - rows.gather(-1, listed).unsqueeze(-1) + rows.unsqueeze(-2)
    active = ((z > 0) & (valid > 0).unsqueeze(-1) & ~hit.unsqueeze(-2)).to(x.dtype) / classes
    return active.sum(-2).scatter_add(-1, listed, -active.sum(-1)).reshape(x._data.shape)


def _by_row(g: Any, slopes: Any, reduction: str) -> Any:
    shape = slopes._data.shape
    g = share(g, shape[0] if len(shape) > 1 else 1, reduction)
    return slopes * (g.unsqueeze(-1) if reduction == "none" and len(shape) > 1 else g)


multilabel_margin_p = Primitive(
    "MultilabelMarginLoss",
    _loss,
    inputs="x target",
    vjp=(lambda g, x, target, reduction: _by_row(g, _slopes(x, target), reduction), None),
    jvp=lambda x, target, x_t, reduction: reduce_loss(
        (x_t * _slopes(x, target)).sum(-1) if x_t._data.ndim else x_t * _slopes(x, target), reduction
    ),
    widen=True,
)


@operation(namespace="torch.nn.functional", method=False, out=False)
def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``sum(max(0, 1 - input[t] + input[c])) / C`` over the targets t and the classes c that are none.

    input and target (N, C) or (C,); the targets of a row are the classes that it lists up to its first -1.

    >>> import rushlight as torch
    >>> torch.nn.functional.multilabel_margin_loss(torch.zeros(4), torch.tensor([3, 0, -1, 1]))
    tensor(1.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    x, y = input._data, target._data
    if x.ndim > 2 or (x.ndim and not x.shape[-1]):
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(x.shape)}"
        )
    if x.shape != y.shape and not (x.ndim < 2 and y.ndim < 2 and x.size == y.size):
        raise RuntimeError(f"inconsistent target size: {list(y.shape)} for input of size: {list(x.shape)}")
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "multilabel_margin_loss_forward_out_frame")
    if y.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {kind_of(target)}")
    classes = x.shape[-1] if x.ndim else 1
    checked(_check_listed, target, classes=classes)
    return multilabel_margin_p.bind(input, target, reduction=reduction)


def _check_listed(listed: Any, classes: int) -> None:
    if listed.size and (listed.min() < -1 or listed.max() >= classes):
        raise RuntimeError("argument #2 'target' is out of range")
