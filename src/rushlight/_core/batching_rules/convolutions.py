"""Convolutions and pooling.

Examples that share a weight are more images; where each has a weight of its own, they are groups of channels.
"""

from __future__ import annotations

from typing import Any

from ..primitive import Primitive
from . import batching_rule, mapped, with_ndim
from .operands import Operand


def as_images(operand: Operand, size: int) -> Any:
    """(size, n, ...) as (size * n, ...)."""
    return mapped(operand, size).reshape(size * operand.shape[0], *operand.shape[1:])


def as_channels(operand: Operand, size: int) -> Any:
    """Images (size, n, c, ...) as (n, size * c, ...)."""
    n, channels, *rest = operand.shape
    return mapped(operand, size).movedim(0, 1).reshape(n, size * channels, *rest)


def from_channels(out: Any, size: int) -> Any:
    """`as_channels` undone."""
    n, channels, *rest = out._data.shape
    return out.reshape(n, size, channels // size, *rest).movedim(1, 0)


def in_groups(params: dict[str, Any], size: int) -> dict[str, Any]:
    geometry = params["geometry"]
    return {**params, "geometry": geometry._replace(groups=geometry.groups * size)}


@batching_rule("Convolution", "ConvolutionTransposed")
def convolution_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, weight, bias = operands
    if weight.mapped:
        if not size:
            return NotImplemented  # there are no convolutions in no groups
        out = primitive.bind(as_channels(x, size), as_images(weight, size), None, **in_groups(params, size))
        out = from_channels(out, size)
    elif x.mapped:
        out = primitive.bind(as_images(x, size), weight.value, bias.value if not bias.mapped else None, **params)
        out = out.reshape(size, x.shape[0], *out._data.shape[1:])
    else:
        out = primitive.bind(x.value, weight.value, None, **params)
    if bias.value is None or (x.mapped and not weight.mapped and not bias.mapped):
        return out
    # One number for each channel, the second dimension of an example.
    value = bias.value.reshape(*bias.value._data.shape, *(1,) * (x.ndim - 2))
    return out + with_ndim(Operand(value, bias.mapped, x.ndim - 1), x.ndim)


@batching_rule("ConvolutionBackward")
def to_weight_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    if not size:
        return NotImplemented
    outputs, *rest = params["shape"]
    options = {**in_groups(params, size), "shape": (size * outputs, *rest)}
    out = primitive.bind(*[as_channels(o, size) for o in operands], **options)
    return out.reshape(size, outputs, *rest)


@batching_rule("MaxPool2DWithIndices", "AvgPool2D", "AdaptiveAvgPool2D", "AdaptiveMaxPool2D", "AvgPool2DBackward")
@batching_rule("PixelShuffle", "PixelUnshuffle", "Im2Col", "Col2Im")
def pooling_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """These work on the last dimensions, whatever is in front of them."""
    (x,) = operands
    if "shape" in params:
        params = {**params, "shape": (size, *params["shape"])}
    return primitive.bind(x.value, **params)


@batching_rule("MaxUnpool2D", "FractionalMaxPool2D")
def paired_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """Each plane has indices or numbers of its own."""
    return primitive.bind(*[mapped(o, size) for o in operands], **params)


@batching_rule("ChannelShuffle")
def channels_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """Channels are the second dimension: more examples are more images."""
    (x,) = operands
    return primitive.bind(as_images(x, size), **params).reshape(size, *x.shape)


@batching_rule("GridSampler2D", "GridSampler2DSpread", "GridSampler2DInner")
def sampling_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """Each image has points of its own, so those of all examples are more images."""
    out = primitive.bind(*[as_images(o, size) for o in operands], **params)
    return out.reshape(size, operands[0].shape[0], *out._data.shape[1:])
