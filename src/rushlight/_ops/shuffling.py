"""Channels rearranged: into a finer image and back, and between groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.memory_order import channels_of_images
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_int, check_tensor


def _pixel_shuffle(x: Any, *, factor: int) -> Any:
    *lead, channels, h, w = x.shape
    parts = x.reshape(*lead, channels // factor**2, factor, factor, h, w)
    n = len(lead)
    parts = parts.transpose(*range(n + 1), n + 3, n + 1, n + 4, n + 2)
    return np.ascontiguousarray(parts).reshape(*lead, channels // factor**2, h * factor, w * factor)


def _pixel_unshuffle(x: Any, *, factor: int) -> Any:
    *lead, channels, h, w = x.shape
    parts = x.reshape(*lead, channels, h // factor, factor, w // factor, factor)
    n = len(lead)
    parts = parts.transpose(*range(n + 1), n + 2, n + 4, n + 1, n + 3)
    return np.ascontiguousarray(parts).reshape(*lead, channels * factor**2, h // factor, w // factor)


def _channel_shuffle(x: Any, *, groups: int) -> Any:
    n, channels, *rest = x.shape
    return np.ascontiguousarray(x.reshape(n, groups, channels // groups, *rest).swapaxes(1, 2)).reshape(x.shape)


pixel_shuffle_p = Primitive(
    "PixelShuffle",
    _pixel_shuffle,
    vjp=lambda g, factor: pixel_unshuffle_p.bind(g, factor=factor),
    order=channels_of_images,
    family="linear",
)
pixel_unshuffle_p = Primitive(
    "PixelUnshuffle",
    _pixel_unshuffle,
    vjp=lambda g, factor: pixel_shuffle_p.bind(g, factor=factor),
    order=channels_of_images,
    family="linear",
)
channel_shuffle_p = Primitive(
    "ChannelShuffle",
    _channel_shuffle,
    vjp=lambda g, x_shape, groups: channel_shuffle_p.bind(g, groups=x_shape[1] // groups),
    order=channels_of_images,
    family="linear",
)


def _checked(input: Tensor, factor: Any, what: str, name: str) -> int:
    check_tensor(input, what)
    factor = check_int(factor, what, name, 2)
    if input._data.ndim < 3:
        raise RuntimeError(
            f"{what} expects input to have at least 3 dimensions, but got input with {input._data.ndim} dimension(s)"
        )
    if factor <= 0:
        raise RuntimeError(f"{what} expects a positive {name}, but got {factor}")
    return factor


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """(..., C · r², H, W) as (..., C, H · r, W · r): each pixel's channels become r × r pixels (Shi et al., 2016).

    >>> import rushlight as torch
    >>> torch.pixel_shuffle(torch.arange(4).reshape(4, 1, 1), 2)
    tensor([[[0, 1],
             [2, 3]]])
    """
    factor = _checked(input, upscale_factor, "pixel_shuffle", "upscale_factor")
    channels = input._data.shape[-3]
    if channels % factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {factor**2}"
        )
    return pixel_shuffle_p.bind(input, factor=factor)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """(..., C, H · r, W · r) as (..., C · r², H, W): `pixel_shuffle` undone.

    >>> import rushlight as torch
    >>> torch.pixel_unshuffle(torch.arange(4).reshape(1, 2, 2), 2).flatten()
    tensor([0, 1, 2, 3])
    """
    factor = _checked(input, downscale_factor, "pixel_unshuffle", "downscale_factor")
    for name, d in (("height", -2), ("width", -1)):
        if input._data.shape[d] % factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({d})="
                f"{input._data.shape[d]} is not divisible by {factor}"
            )
    return pixel_unshuffle_p.bind(input, factor=factor)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """(N, C, ...) with the channels of ``groups`` groups interleaved: the first of each, then the second of each.

    >>> import rushlight as torch
    >>> torch.channel_shuffle(torch.arange(4).reshape(1, 4, 1), 2).flatten()
    tensor([0, 2, 1, 3])
    """
    check_tensor(input, "channel_shuffle")
    groups = check_int(groups, "channel_shuffle", "groups", 2)
    shape = input._data.shape
    if len(shape) < 3:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {shape[1]} channels and {groups} groups."
        )
    return channel_shuffle_p.bind(input, groups=groups)


for _function in (pixel_shuffle, pixel_unshuffle, channel_shuffle):
    register(_function, method=False, out=False)
    register(_function, namespace="torch.nn.functional", method=False, out=False)
