"""Samples of convolutions, poolings and interpolations."""

from __future__ import annotations

import numpy as np

import rushlight as torch
import rushlight.nn.functional as F
from rushlight._ops.convolution import Geometry, to_weight_p
from rushlight._ops.pooling import avg_spread_p
from rushlight._ops.windows import Windows

from . import Sample, numbers

X, W, B = numbers(2, 2, 4, 5), numbers(2, 2, 3, 2, seed=1), numbers(2, seed=2)
GROUPED = numbers(4, 1, 2, 2, seed=3)
X1, W1 = numbers(2, 2, 6, seed=4), numbers(3, 2, 3, seed=5)
X3, W3 = numbers(1, 2, 3, 2, 3, seed=6), numbers(2, 2, 2, 1, 2, seed=7)
TURNED = numbers(5, 4, 2, 2, seed=8).T
NONE = np.empty((0, 2, 4, 5))
PLACES = np.array([[3, 1, 7, 14], [0, 9, 15, 4], [2, 3, 8, 12], [5, 6, 11, 1]]).reshape(2, 2, 2, 2)
LABELS = np.array([[3, 0, -1, 1], [1, 2, 3, -1], [-1, 0, 0, 0]])


def by(function, *args, **kwargs):
    return lambda *tensors: function(*tensors, *args, **kwargs)


SAMPLES: dict[str, list[Sample]] = {
    "Convolution": [
        Sample(F.conv2d, X, W, B, complex=True),
        Sample(by(F.conv2d, stride=(2, 1), padding=(1, 2), dilation=(1, 2)), X, W, B),
        Sample(by(F.conv2d, groups=2), X, GROUPED, numbers(4, seed=9)),
        Sample(by(F.conv2d, padding="same", dilation=(1, 2)), X, W),
        Sample(F.conv2d, TURNED, W),
        Sample(F.conv2d, NONE, W, B),
        Sample(F.conv2d, X[0], W, B),
        Sample(by(F.conv1d, stride=2, padding=1), X1, W1, numbers(3, seed=10), complex=True),
        Sample(F.conv3d, X3, W3),
    ],
    "ConvolutionTransposed": [
        Sample(F.conv_transpose2d, X, W, B, complex=True),
        Sample(by(F.conv_transpose2d, stride=2, padding=1, output_padding=1, dilation=2), X, W, B),
        Sample(by(F.conv_transpose2d, stride=1, output_padding=1, dilation=3), X, W),
        Sample(by(F.conv_transpose2d, groups=2), X, GROUPED[:2]),
        Sample(by(F.conv_transpose1d, stride=2), X1, W1[:2]),
        Sample(F.conv_transpose3d, X3, W3),
    ],
    "ConvolutionBackward": [
        Sample(
            by(to_weight_p.bind, geometry=Geometry((2, 1), (1, 0), (1, 2), 1), shape=(3, 2, 2, 2)),
            numbers(2, 3, 3, 3, seed=11),
            X,
            complex=True,
        )
    ],
    "MaxPool2DWithIndices": [
        Sample(by(F.max_pool2d, 2), X),
        Sample(by(F.max_pool2d, 2, return_indices=True), X, label="with indices"),
        Sample(by(F.max_pool2d, 3, 1, 1), TURNED),
        Sample(by(F.max_pool2d, 2, 2, 1, 2, True), X),
        Sample(by(F.max_pool1d, 2, 1), X1),
        Sample(by(F.max_pool3d, 2), X3),
        Sample(by(F.max_pool2d, 2), NONE),
    ],
    "AvgPool2D": [
        Sample(by(F.avg_pool2d, 2), X),
        Sample(by(F.avg_pool2d, 3, 2, 1, True, False), TURNED),
        Sample(by(F.avg_pool2d, 2, divisor_override=3), X),
        Sample(by(F.avg_pool1d, 2, 1), X1),
        Sample(by(F.avg_pool3d, 2), X3),
        Sample(by(F.avg_pool2d, 2), NONE),
    ],
    "AvgPool2DBackward": [
        Sample(
            by(
                avg_spread_p.bind,
                windows=Windows((2, 2), (1, 2), (0, 1), (1, 1)),
                out=(3, 3),
                include_pad=False,
                divisor=None,
                shape=(2, 4, 5),
            ),
            numbers(2, 3, 3, seed=12),
        )
    ],
    "AdaptiveAvgPool2D": [
        Sample(by(F.adaptive_avg_pool2d, (3, 2)), X),
        Sample(by(F.adaptive_avg_pool2d, (6, 4)), TURNED),
        Sample(by(F.adaptive_avg_pool1d, 4), X1),
        Sample(by(F.adaptive_avg_pool3d, 2), X3),
        *[
            Sample(by(F.interpolate, size=(7, 3), mode=mode), X, label=mode)
            for mode in ("nearest", "nearest-exact", "bilinear", "bicubic")
        ],
        Sample(by(F.interpolate, scale_factor=1.7, mode="bilinear", align_corners=True), TURNED),
        Sample(by(F.interpolate, scale_factor=2, mode="linear"), X1),
        Sample(by(F.interpolate, size=4, mode="trilinear"), X3),
    ],
    "AdaptiveMaxPool2D": [
        Sample(by(F.adaptive_max_pool2d, (3, 2)), X),
        Sample(by(F.adaptive_max_pool2d, (3, 2), return_indices=True), TURNED),
        Sample(by(F.adaptive_max_pool1d, 4), X1),
        Sample(by(F.adaptive_max_pool3d, 2), X3),
    ],
    "MaxUnpool2D": [
        Sample(lambda x, i: F.max_unpool2d(x, i, 2), X[:, :, :2, :2], PLACES),
        Sample(lambda x, i: F.max_unpool1d(x, i, 2), X[0, :, :2, 0], PLACES[0, :, 0] % 4),
        Sample(lambda x, i: F.max_unpool3d(x, i, 2), X[:, :, :2, :2], PLACES),
    ],
    "FractionalMaxPool2D": [
        Sample(
            lambda x: F.fractional_max_pool2d(x, 2, 2, _random_samples=torch.full((2, 2, 2), 0.6, dtype=x.dtype)), X
        ),
        Sample(
            lambda x: F.fractional_max_pool3d(
                x, 1, (2, 1, 2), _random_samples=torch.full((1, 2, 3), 0.6, dtype=x.dtype)
            ),
            X3,
        ),
    ],
    "PixelShuffle": [Sample(by(F.pixel_shuffle, 2), GROUPED.transpose(1, 0, 2, 3), complex=True)],
    "PixelUnshuffle": [Sample(by(F.pixel_unshuffle, 2), X[..., :4], complex=True)],
    "ChannelShuffle": [Sample(by(F.channel_shuffle, 2), numbers(2, 6, 3, seed=13), complex=True)],
    "Im2Col": [
        Sample(by(F.unfold, 2), X, complex=True),
        Sample(by(F.unfold, (2, 1), 2, 1, (2, 1)), TURNED),
        Sample(by(F.unfold, 2), X[0]),
    ],
    "Col2Im": [
        Sample(by(F.fold, (3, 3), 2), numbers(2, 8, 4, seed=14), complex=True),
        Sample(by(F.fold, (4, 5), (2, 1), 2, 1, (2, 1)), numbers(2, 14, seed=15)),
    ],
    "MultilabelMarginLoss": [
        *[
            Sample(by(F.multilabel_margin_loss, reduction=r), numbers(3, 4, seed=16), LABELS, label=r)
            for r in ("mean", "sum", "none")
        ],
        Sample(F.multilabel_margin_loss, numbers(4, seed=17), LABELS[0]),
    ],
}
