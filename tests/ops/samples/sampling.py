"""Samples of what reads images at positions, of bags of embeddings, of sequences and of attention by heads."""

from __future__ import annotations

import warnings

import numpy as np

import rushlight as torch
import rushlight.nn.functional as F
from rushlight._ops.ctc import ctc_backward_p, ctc_p
from rushlight._ops.grid_sampling import inner_p, spread_p

from . import Sample, numbers

IMAGE, GRID = numbers(2, 2, 4, 3), numbers(2, 2, 3, 2, seed=1, low=-1.3, high=1.3)
VOLUME, VOLUME_GRID = numbers(1, 2, 2, 3, 2, seed=2), numbers(1, 2, 1, 2, 3, seed=3, low=-1.3, high=1.3)
WIDE, WIDE_GRID = numbers(1, 70, 3, 3, seed=4), numbers(1, 5, 6, 2, seed=5, low=-1.3, high=1.3)
PIXELS, WEIGHTS, POINTS = numbers(2, 3, 5, seed=6), numbers(2, 2, 4, seed=7), numbers(2, 3, 4, seed=8)
PLACES = np.array([[[0, 4, 4, 2], [1, 1, 3, 0]], [[2, 2, 0, 0], [3, 4, 1, 3]]])
THETA, THETA_3D = numbers(2, 2, 3, seed=9), numbers(1, 3, 4, seed=10)
TABLE, INDICES, OFFSETS = numbers(5, 3, seed=11), np.array([1, 4, 1, 0, 3, 4]), torch.tensor([0, 2, 2, 5])
FACTORS = numbers(6, seed=12)
SCORES = numbers(5, 2, 4, seed=13)
LABELS, TWICE = np.array([[1, 2], [3, 0]]), np.array([[3, 3], [1, 0]])
SEQUENCE = numbers(3, 2, 4, seed=14)
MAPS, MAP, SHIFTS = numbers(12, 4, seed=15), numbers(4, 4, seed=16), numbers(12, seed=17)
ROWS, CLASSES = numbers(4, 3, seed=18), np.array([0, 2, 1, 2])
CLASS_MAP, CLASS_SHIFT = numbers(3, 3, seed=19), numbers(3, seed=20)


def ctc(**kwargs):
    """The loss of log-probabilities that come from a softmax: only of these PyTorch gives the gradient."""
    return lambda x, y: F.ctc_loss(x.log_softmax(-1), y, (5, 4), (2, 1), **kwargs)


def ctc_cotangent(g, x):
    labels, lengths, sizes = torch.from_numpy(LABELS), torch.tensor([5, 4]), torch.tensor([2, 1])
    given = {"blank": 0, "zero_infinity": False}
    scores = x.detach().log_softmax(-1)
    losses, log_alpha = ctc_p.bind(scores, labels, lengths, sizes, **given)
    return ctc_backward_p.bind(g, scores, labels, lengths, sizes, log_alpha, losses, **given)


def bags(**kwargs):
    return lambda w, i: F.embedding_bag(i, w, OFFSETS, **kwargs)


def deprecated(function, **kwargs):
    def call(x):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(x, **kwargs)

    return call


def heads(x, w, b, out, **kwargs):
    return F.multi_head_attention_forward(x, x, x, 4, 2, w, b, None, None, False, 0.0, out, None, **kwargs)


def separate(x, w, out):
    q, k, v = w.chunk(3)
    return F.multi_head_attention_forward(
        x, x, x, 4, 2, None, None, None, None, True, 0.0, out, None, use_separate_proj_weight=True,
        q_proj_weight=q, k_proj_weight=k, v_proj_weight=v,
    )  # fmt: skip


SAMPLES: dict[str, list[Sample]] = {
    "GridSampler2D": [
        *[
            Sample(
                lambda x, grid, m=mode, p=padding, a=aligned: F.grid_sample(x, grid, m, p, a),
                IMAGE,
                GRID,
                label=f"{mode} {padding}",
            )
            for mode in ("bilinear", "nearest", "bicubic")
            for padding, aligned in (("zeros", False), ("border", True), ("reflection", False), ("reflection", True))
        ],
        *[
            Sample(lambda x, grid, m=mode: F.grid_sample(x, grid, m, "zeros", False), VOLUME, VOLUME_GRID, label=mode)
            for mode in ("bilinear", "nearest")
        ],
        # Too many numbers for all images at once.
        Sample(
            lambda x, grid: F.grid_sample(x, grid, align_corners=False),
            WIDE,
            WIDE_GRID,
            order=1,
            label="image by image",
        ),
        Sample(lambda x, grid: torch.grid_sampler(x, grid, 0, 1, True), IMAGE, GRID, label="torch"),
        Sample(lambda x, grid: torch.grid_sampler_2d(x, grid, 2, 2, False), IMAGE, GRID, label="torch"),
        Sample(lambda x, grid: torch.grid_sampler_3d(x, grid, 0, 2, True), VOLUME, VOLUME_GRID, label="torch"),
    ],
    "GridSampler2DSpread": [Sample(lambda g, w, i: spread_p.bind(g, w, i, pixels=5), POINTS, WEIGHTS, PLACES)],
    "GridSampler2DInner": [Sample(lambda x, g, i: inner_p.bind(x, g, i), PIXELS, POINTS, PLACES)],
    "torch.nn.functional.affine_grid": [
        Sample(lambda theta: F.affine_grid(theta, (2, 1, 3, 2), align_corners=False), THETA),
        Sample(lambda theta: F.affine_grid(theta, (1, 1, 2, 3, 2), align_corners=True), THETA_3D),
    ],
    "torch.affine_grid_generator": [
        Sample(lambda theta: torch.affine_grid_generator(theta, (2, 1, 3, 1), True), THETA),
    ],
    "CtcLoss": [
        *[Sample(ctc(reduction=r), SCORES, LABELS, order=1, label=r) for r in ("mean", "sum", "none")],
        Sample(ctc(blank=2, zero_infinity=True), SCORES, TWICE, order=1),
        Sample(
            lambda x: torch.ctc_loss(x.log_softmax(-1), torch.tensor([1, 2]), (5,), (2,), 0, 2), SCORES[:, 0], order=1
        ),
    ],
    "CtcLossBackward": [Sample(ctc_cotangent, FACTORS[:2], SCORES, order=0)],
    "torch.nn.functional.embedding_bag": [
        *[
            Sample(bags(mode=mode, padding_idx=padding), TABLE, INDICES, label=f"{mode} {padding}")
            for mode in ("sum", "mean", "max")
            for padding in (None, 4)
        ],
        Sample(lambda w, i: F.embedding_bag(i.reshape(2, 3), w, mode="mean"), TABLE, INDICES),
        Sample(lambda w, i, f: bags(mode="sum", per_sample_weights=f)(w, i), TABLE, INDICES, FACTORS),
        Sample(bags(mode="sum", include_last_offset=True), TABLE, INDICES[:5]),
        Sample(lambda w, i: F.embedding_bag(i, w, OFFSETS * 0), TABLE, INDICES[:0]),
    ],
    "torch.embedding_bag": [
        Sample(lambda w, i: torch.embedding_bag(w, i, OFFSETS, mode=1)[0], TABLE, INDICES),
        Sample(lambda w, i: torch.embedding_bag(w, i, OFFSETS, mode=2)[0], TABLE, INDICES),
    ],
    "torch.nn.functional.multi_head_attention_forward": [
        Sample(heads, SEQUENCE, MAPS, SHIFTS, MAP),
        Sample(lambda *t: heads(*t, need_weights=False)[0], SEQUENCE, MAPS, SHIFTS, MAP),
        Sample(lambda *t: heads(*t, average_attn_weights=False), SEQUENCE[:, 0], MAPS, SHIFTS, MAP),
        Sample(separate, SEQUENCE, MAPS, MAP),
    ],
    "torch.nn.functional.linear_cross_entropy": [
        *[
            Sample(
                lambda x, w, b, t, r=r: F.linear_cross_entropy(x, w, t, linear_bias=b, reduction=r),
                ROWS,
                CLASS_MAP,
                CLASS_SHIFT,
                CLASSES,
                label=r,
            )
            for r in ("mean", "sum", "none")
        ],
        Sample(
            lambda x, w, t: F.linear_cross_entropy(
                x, w, t, options=torch.nn.LinearCrossEntropyOptions(batch_chunk_size=3)
            ),
            ROWS,
            CLASS_MAP,
            CLASSES,
            label="in parts",
        ),
    ],
    "torch.pdist": [Sample(lambda x, p=p: torch.pdist(x, p), ROWS, label=str(p)) for p in (0, 1, 2, 3, np.inf)],
    "torch.nn.functional.interpolate": [
        Sample(lambda x, m=mode: F.interpolate(x, size=(2, 5), mode=m, antialias=True), IMAGE, label=f"smooth {mode}")
        for mode in ("bilinear", "bicubic", "lanczos")
    ],
    "torch.nn.functional.upsample_nearest": [Sample(deprecated(F.upsample_nearest, scale_factor=2), IMAGE)],
    "torch.nn.functional.upsample_bilinear": [Sample(deprecated(F.upsample_bilinear, size=(2, 5)), IMAGE)],
    "torch.ops.aten._upsample_bilinear2d_aa": [
        Sample(lambda x: torch.ops.aten._upsample_bilinear2d_aa.default(x, (2, 2), True), IMAGE)
    ],
}
