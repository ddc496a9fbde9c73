"""Dropout: elements or whole channels set to zero at random, the others scaled up to keep the mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.levels import Shadow, drawn
from .._core.random.generator import stream_of
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import check_tensor
from .random import in_order_of

# What a dropped element becomes in alpha dropout, negated: SELU's lower limit, -scale * alpha.
ALPHA = 1.7580993408473766


def _noise_shape(input: Tensor, channels: bool) -> tuple[int, ...]:
    shape = input._data.shape
    if not channels:
        return shape
    if len(shape) < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return (*shape[:2], *[1] * (len(shape) - 2))


def _drop(
    input: Tensor, p: float, training: bool, inplace: bool, *, channels: bool = False, alpha: bool = False
) -> Tensor:
    """One draw for each element, or for each channel of each item; alpha: see `alpha_dropout`."""
    check_tensor(input, "dropout")
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p == 0 or not training or input._data.size == 0:
        return input
    times = Tensor.mul_ if inplace else Tensor.mul
    if p == 1:
        return times(input, input.new_zeros(()))
    stream = stream_of(None)
    data = input._data

    def draw(shape: tuple[int, ...]) -> np.ndarray:
        return stream.bernoulli(1 - p, shape, data.dtype)

    if not (channels or data.flags.c_contiguous or isinstance(data, Shadow)):
        draw = in_order_of(np.empty_like(data, subok=False), draw)  # in which the elements lie
    noise = drawn(_noise_shape(input, channels), draw)
    if not alpha:
        return times(input, noise.div_(1 - p))
    # Dropped elements become -ALPHA; then all are scaled and shifted back to mean 0 and variance 1.
    scale = 1 / math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p))
    shift = (noise - 1).mul_(ALPHA * scale).add_(ALPHA * scale * p)
    out = times(input, noise.mul_(scale))
    return out.add_(shift) if inplace else out + shift


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element set to zero with probability ``p``, the others divided by ``1 - p``.

    Outside of training the input itself. (Srivastava et al. 2014.)

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(4))
    tensor([0., 0., 2., 0.])
    """
    return _drop(input, p, training, inplace)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout for networks of `selu`: mean 0 and variance 1 stay. (Klambauer et al. 2017, arXiv:1706.02515.)

    >>> import rushlight as torch
    >>> torch.nn.functional.alpha_dropout(torch.ones(2))
    tensor([1., 1.])
    """
    return _drop(input, p, training, inplace, alpha=True)


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """`alpha_dropout` of whole channels, (N, C, ...)."""
    return _drop(input, p, training, inplace, channels=True, alpha=True)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, L) or (C, L). (Tompson et al. 2015, arXiv:1411.4280.)

    >>> import rushlight as torch
    >>> torch.nn.functional.dropout1d(torch.ones(1, 2, 3), training=False).sum()
    tensor(6.)
    """
    _check_probability(p)
    ndim = input._data.ndim
    if ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. Note that dropout1d exists to provide "
            "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch "
            "dimension (i.e. 2D or 3D inputs)."
        )
    return _drop_channels(input, p, training, inplace, batched=ndim == 3)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, H, W).

    Three dimensions are taken for (N, C, L), with a warning, as PyTorch takes them.

    >>> import rushlight as torch
    >>> torch.nn.functional.dropout2d(torch.ones(1, 2, 3, 3), training=False).sum()
    tensor(18.)
    """
    _check_probability(p)
    ndim = input._data.ndim
    _warn_dimensions("dropout2d", 2, ndim)
    if ndim == 3:
        warn_user(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired "
            "- input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a "
            "future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain "
            "the 1D channel-wise dropout behavior, please switch to using dropout1d instead."
        )
    return _drop(input, p, training, inplace, channels=True)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, D, H, W) or (C, D, H, W)."""
    _check_probability(p)
    ndim = input._data.ndim
    _warn_dimensions("dropout3d", 3, ndim)
    return _drop_channels(input, p, training, inplace, batched=ndim == 5)


def _check_probability(p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _warn_dimensions(name: str, spatial: int, ndim: int) -> None:
    if ndim not in (spatial + 1, spatial + 2):
        warn_user(
            f"{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in an error in a future "
            "release. To retain the behavior and silence this warning, please use dropout instead. Note that "
            f"{name} exists to provide channel-wise dropout on inputs with {spatial} spatial dimensions, a channel "
            f"dimension, and an optional batch dimension (i.e. {spatial + 1}D or {spatial + 2}D inputs)."
        )


def _drop_channels(input: Tensor, p: float, training: bool, inplace: bool, batched: bool) -> Tensor:
    if batched:
        return _drop(input, p, training, inplace, channels=True)
    if inplace:
        return _drop(input.unsqueeze_(0), p, training, True, channels=True).squeeze_(0)
    return _drop(input.unsqueeze(0), p, training, False, channels=True).squeeze(0)


_FUNCTIONS: tuple[Callable[..., Any], ...] = (
    dropout, alpha_dropout, feature_alpha_dropout, dropout1d, dropout2d, dropout3d,
)  # fmt: skip
for _function in _FUNCTIONS:
    register(_function, namespace="torch.nn.functional", method=False, out=False)


def _with_train(name: str, doc: str, **kind: bool) -> None:
    """``torch.dropout(input, p, train)`` and ``torch.dropout_``, which say ``train`` and have no defaults."""

    def function(input: Tensor, p: float, train: bool) -> Tensor:
        return _drop(input, p, train, False, **kind)

    def function_(input: Tensor, p: float, train: bool) -> Tensor:
        return _drop(input, p, train, True, **kind)

    for each, title in ((function, name), (function_, f"{name}_")):
        each.__name__ = each.__qualname__ = title
        each.__doc__ = doc
        register(each, method=False, out=False)


_with_train("dropout", "`torch.nn.functional.dropout` without defaults.")
_with_train("feature_dropout", "Dropout of whole channels, (N, C, ...).", channels=True)
_with_train("alpha_dropout", "`torch.nn.functional.alpha_dropout` without defaults.", alpha=True)
_with_train(
    "feature_alpha_dropout", "`torch.nn.functional.feature_alpha_dropout` without defaults.", channels=True, alpha=True
)
