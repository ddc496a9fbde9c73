"""Convolutions, poolings and interpolations."""

import numpy as np

from . import Corpus, distinct, lines

nan, inf = float("nan"), float("inf")
F = "t.nn.functional."

INPUTS = {
    "x": (distinct(2, 3, 6, 7, seed=1), "float64"),
    "w": (distinct(4, 3, 3, 3, seed=2), "float64"),
    "x1": (distinct(2, 3, 9, seed=5), "float64"),
    "w1": (distinct(4, 3, 3, seed=6), "float64"),
    "x3": (distinct(1, 2, 4, 5, 4, seed=7), "float64"),
    "w3": (distinct(3, 2, 2, 3, 2, seed=8), "float64"),
    "g": (distinct(2, 4, 5, 5, seed=9), "float64"),
    "wg": (distinct(4, 2, 3, 3, seed=10), "float64"),
    "wd": (distinct(8, 1, 3, 3, seed=11), "float64"),
    "wt": (distinct(3, 4, 3, 3, seed=12), "float64"),
    "w1t": (distinct(3, 2, 3, seed=13), "float64"),
    "we": (distinct(4, 3, 2, 4, seed=14), "float64"),
    "k1": (distinct(5, 3, 1, 1, seed=20), "float64"),
    "p": (distinct(2, 3, seed=15), "float64"),
    "v": (distinct(5, seed=16), "float64"),
    "e": (np.empty((0, 3, 6, 7)), "float64"),
    "f": (distinct(2, 3, 6, 7, seed=17), "float32"),
    "fw": (distinct(4, 3, 3, 3, seed=18), "float32"),
    "h": (distinct(1, 1, 4, 4, seed=19), "float16"),
    "ties": ([[[1.0, 3.0, 3.0, 1.0], [3.0, 3.0, nan, 2.0], [-inf, -inf, 0.0, 5.0], [-inf, -inf, 5.0, 5.0]]], "float64"),
    "i": (np.arange(16).reshape(1, 1, 4, 4) % 7, "int64"),
    "wi": (np.arange(4).reshape(1, 1, 2, 2), "int64"),
    "u": (np.arange(16).reshape(1, 1, 4, 4) % 7, "uint8"),
    # Last: PyTorch delivers a second cotangent for biases, which would shift the random numbers of those behind.
    "b": (distinct(4, seed=3), "float64"),
    "b2": (distinct(2, seed=4), "float64"),
}  # fmt: skip

SMOOTH = lines(
    """
    F.conv2d(x, w)
    F.conv2d(x, w, b)
    F.conv2d(x, w, b, 2)
    F.conv2d(x, w, b, (2, 1), (1, 2), (1, 2))
    F.conv2d(x, w, stride=3, padding=2, dilation=2)
    F.conv2d(x, w, padding='same')
    F.conv2d(x, w, padding='valid')
    F.conv2d(x, w, padding='same', dilation=2)
    F.conv2d(x, k1)
    F.conv2d(x[0], w, b)
    F.conv2d(g, wg, b, groups=2)
    F.conv2d(g, wd, groups=4, padding=1)
    F.conv2d(g, wd, groups=4, padding=1, stride=2)
    F.conv2d(x.transpose(2, 3), w.transpose(2, 3), b)
    F.conv1d(x1, w1)
    F.conv1d(x1, w1, b, 2, 1)
    F.conv1d(x1, w1, dilation=3)
    F.conv1d(x1[0], w1, b)
    F.conv3d(x3, w3)
    F.conv3d(x3, w3, stride=2, padding=1)
    F.conv_transpose2d(x, wt)
    F.conv_transpose2d(x, wt, b)
    F.conv_transpose2d(x, wt, b, 2, 1, 1)
    F.conv_transpose2d(x, wt, stride=(1, 3), padding=(0, 2), dilation=(2, 1))
    F.conv_transpose2d(x, wt, output_padding=1, dilation=3)
    F.conv_transpose2d(g, wg, groups=2)
    F.conv_transpose2d(x[0], wt, b)
    F.conv_transpose1d(x1, w1t, b2, stride=2, output_padding=1)
    F.conv_transpose3d(x3, w3.transpose(0, 1), stride=2)
    t.conv2d(x, w, b)
    t.conv1d(x1, w1)
    t.conv_transpose2d(x, wt)
    F.max_pool2d(x, 2)
    F.max_pool2d(x, 3, 1)
    F.max_pool2d(x, (2, 3), stride=1, padding=1)
    F.max_pool2d(x, 2, ceil_mode=True)
    F.max_pool2d(x, 3, 2, 1, 2)
    F.max_pool2d(x[0], 2)
    F.max_pool2d(x.transpose(2, 3), 2)
    F.max_pool1d(x1, 2)
    F.max_pool1d(x1, 3, 2, 1)
    F.max_pool1d(x1[0], 2)
    F.max_pool3d(x3, 2)
    t.max_pool2d(x, 2)
    F.avg_pool2d(x, 2)
    F.avg_pool2d(x, (3, 2), 2, 1)
    F.avg_pool2d(x, (3, 2), 2, 1, True)
    F.avg_pool2d(x, (3, 2), 2, 1, True, False)
    F.avg_pool2d(x, 3, 2, 1, False, False)
    F.avg_pool2d(x, 2, divisor_override=3)
    F.avg_pool2d(x[0], 2)
    F.avg_pool1d(x1, 2)
    F.avg_pool1d(x1, 3, 2, 1, True, False)
    F.avg_pool1d(x1[0], 2)
    F.avg_pool3d(x3, 2)
    t.avg_pool1d(x1, 2)
    F.adaptive_avg_pool2d(x, (2, 3))
    F.adaptive_avg_pool2d(x, (4, 5))
    F.adaptive_avg_pool2d(x, (7, 9))
    F.adaptive_avg_pool2d(x, 1)
    F.adaptive_avg_pool2d(x, (None, 3))
    F.adaptive_avg_pool2d(x[0], 2)
    F.adaptive_avg_pool1d(x1, 4)
    F.adaptive_avg_pool1d(x1, 1)
    F.adaptive_avg_pool3d(x3, 2)
    F.adaptive_avg_pool3d(x3, 1)
    F.adaptive_max_pool2d(x, (2, 3))
    F.adaptive_max_pool2d(x, (4, 5))
    F.adaptive_max_pool1d(x1, 4)
    F.adaptive_max_pool3d(x3, 2)
    F.interpolate(x, scale_factor=2)
    F.interpolate(x, size=(3, 4))
    F.interpolate(x, size=4)
    F.interpolate(x, size=(13, 5), mode='nearest-exact')
    F.interpolate(x, scale_factor=(2.5, 1.5))
    F.interpolate(x, scale_factor=(2.5, 1.5), mode='bilinear')
    F.interpolate(x, scale_factor=(2.5, 1.5), mode='bilinear', recompute_scale_factor=True)
    F.interpolate(x, scale_factor=0.6, mode='bilinear')
    F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)
    F.interpolate(x, size=(1, 1), mode='bilinear', align_corners=True)
    F.interpolate(x, size=(1, 9), mode='bilinear', align_corners=False)
    F.interpolate(x, size=(9, 4), mode='bicubic')
    F.interpolate(x, scale_factor=1.7, mode='bicubic', align_corners=True)
    F.interpolate(x1, scale_factor=2, mode='linear')
    F.interpolate(x1, scale_factor=2)
    F.interpolate(x3, size=(3, 7, 5), mode='trilinear')
    F.interpolate(x3, scale_factor=2)
    F.interpolate(x, size=(3, 4), mode='area')
    F.interpolate(x1, size=4, mode='area')
    F.upsample(x, scale_factor=2)
""".replace("F.", F)
)

OTHERS = lines(
    """
    F.conv2d(e, w)
    F.conv2d(f, fw, padding=1)
    F.conv2d(h, h[:, :, :2, :2])
    F.conv2d(i, wi)
    F.conv2d(x, w, b2)
    F.conv2d(x, wg)
    F.conv2d(x, w[:, :, :1].expand(4, 3, 9, 3))
    F.conv2d(p, w)
    F.conv2d(x, w1)
    F.conv2d(x, w, stride=0)
    F.conv2d(x, w, padding=-1)
    F.conv2d(f, fw, dilation=0)
    F.conv2d(x, w, groups=2)
    F.conv2d(x, w, groups=0)
    F.conv2d(g, wg[:3], groups=2)
    F.conv2d(x, w, padding='same', stride=2)
    F.conv2d(x, w, padding='q')
    F.conv2d(f, w)
    F.conv2d(x, w, b.float())
    F.conv2d(x, w, stride=(1, 2, 3))
    F.conv1d(x, w1)
    F.conv_transpose2d(x, w)
    F.conv_transpose2d(x, wt, output_padding=1)
    F.conv_transpose1d(x1, w1t, output_padding=1)
    F.conv_transpose2d(x, wt, b2)
    F.conv_transpose2d(p, wt)
    F.max_pool2d(ties, 2, return_indices=True)
    F.max_pool2d(ties, 2, 1, return_indices=True)
    F.max_pool2d(ties, 3, 1, 1, return_indices=True)
    F.max_pool2d(x, 2, return_indices=True)
    F.max_pool2d(x, 3, 2, 1, ceil_mode=True, return_indices=True)
    F.max_pool2d_with_indices(x, 2)
    F.max_pool1d(x1, 3, return_indices=True)
    F.max_pool2d(i, 2)
    F.max_pool2d(h, 2)
    F.max_pool2d(f, 3, 2, 1)
    F.max_pool2d(x, 2, padding=2)
    F.max_pool2d(x, 9)
    F.max_pool2d(p, 2)
    F.max_pool2d(x, 2, stride=0)
    F.max_pool1d(x1, 10)
    F.max_pool1d(v, 2)
    F.avg_pool2d(x, 2, divisor_override=0)
    F.avg_pool2d(x, 2, padding=2)
    F.avg_pool2d(x, 9)
    F.avg_pool1d(v, 2)
    F.avg_pool1d(x1, (2, 2))
    F.avg_pool2d(i, 2)
    F.avg_pool2d(-i, 2)
    F.avg_pool2d(i, 2, divisor_override=-3)
    F.avg_pool2d(h, 2)
    F.adaptive_avg_pool2d(p, 2)
    F.adaptive_avg_pool2d(x, (2, 3, 4))
    F.adaptive_avg_pool2d(x, -1)
    F.adaptive_avg_pool1d(v, 3)
    F.adaptive_max_pool2d(x, (2, 3), return_indices=True)
    F.adaptive_max_pool2d(ties, (2, 3), return_indices=True)
    F.adaptive_max_pool2d_with_indices(x, 2)
    F.adaptive_max_pool2d(p, 2)
    F.interpolate(x)
    F.interpolate(x, size=3, scale_factor=2)
    F.interpolate(x, scale_factor=2, mode='linear')
    F.interpolate(x1, scale_factor=2, mode='bilinear')
    F.interpolate(x, size=3, mode='nearest', align_corners=True)
    F.interpolate(x, size=3, mode='q')
    F.interpolate(x, size=(3, 4, 5))
    F.interpolate(x, scale_factor=(1, 2, 3))
    F.interpolate(p, size=3)
    F.interpolate(x, size=3, antialias=True)
    F.interpolate(x, size=0)
    F.interpolate(u, size=3)
    F.interpolate(f, size=(13, 17), mode='bilinear')
    F.interpolate(f, size=(13, 17), mode='bicubic')
    F.interpolate(h, size=7, mode='bilinear')
""".replace("F.", F)
)

CORPUS = Corpus(INPUTS, [*SMOOTH, *OTHERS], SMOOTH, ())
