"""Positions, bags, sequences and heads: what PyTorch's nn.functional has beside convolutions and losses."""

import numpy as np

from . import Corpus, distinct, lines

_rng = np.random.default_rng(5)
_logits = _rng.normal(size=(6, 2, 4))

INPUTS = {
    "x": (distinct(2, 2, 3, 4, seed=1), "float64"),
    "f": (distinct(2, 2, 3, 4, seed=1), "float32"),
    "h": (distinct(2, 2, 3, 4, seed=1), "float16"),
    "volume": (distinct(1, 2, 2, 3, 3, seed=2), "float64"),
    "one": (distinct(2, 2, 1, 1, seed=3), "float64"),
    "grid": (_rng.uniform(-1.6, 1.6, (2, 3, 2, 2)), "float64"),
    "fgrid": (_rng.uniform(-1.6, 1.6, (2, 3, 2, 2)), "float32"),
    "hgrid": (_rng.uniform(-1.6, 1.6, (2, 3, 2, 2)), "float16"),
    "grid3": (_rng.uniform(-1.6, 1.6, (1, 2, 1, 2, 3)), "float64"),
    "edges": ([[[[-1.0, -1.0], [1.0, 1.0]], [[-1.0, 0.0], [9.0, 0.3]]]] * 2, "float64"),
    "u": (_rng.integers(0, 256, (2, 3, 5, 7)), "uint8"),
    "theta": (distinct(2, 2, 3, seed=4), "float64"),
    "theta3": (distinct(1, 3, 4, seed=5), "float64"),
    "p": (_logits - np.log(np.exp(_logits).sum(-1, keepdims=True)), "float64"),
    "fp": (_logits - np.log(np.exp(_logits).sum(-1, keepdims=True)), "float32"),
    "y": ([[1, 2, 1], [3, 3, 0]], "int64"),
    "row": ([1, 2, 1, 3, 3], "int64"),
    "ti": ([6, 5], "int64"),
    "tl": ([3, 2], "int64"),
    "w": (distinct(5, 3, seed=6), "float64"),
    "wf": (distinct(5, 3, seed=6), "float32"),
    "i": ([1, 4, 1, 0, 3, 4], "int64"),
    "i32": ([1, 4, 1, 0, 3, 4], "int32"),
    "i2": ([[1, 4, 1], [0, 3, 4]], "int64"),
    "o": ([0, 2, 2, 5], "int64"),
    "o32": ([0, 2, 2, 5], "int32"),
    "bad": ([1, 2], "int64"),
    "s": (distinct(6, seed=7), "float64"),
    "rows": (distinct(4, 3, seed=8), "float64"),
    "same": ([[1.0, 2.0], [1.0, 2.0], [0.0, 5.0]], "float64"),
    "k": (distinct(2, 3, seed=9), "float64"),
    "k3": (distinct(2, 2, 3, seed=10), "float64"),
    "kb": (distinct(2, seed=11), "float64"),
    "c": ([0, 1, -100, 1], "int64"),
    "c3": ([[0, 1], [1, 1], [0, 0], [1, 0]], "int64"),
    "q": (distinct(3, 2, 4, seed=12) / 4, "float64"),
    "m": (distinct(5, 2, 4, seed=13) / 4, "float64"),
    "wi": (distinct(12, 4, seed=14) / 9, "float64"),
    "bi": (distinct(12, seed=15) / 9, "float64"),
    "wo": (distinct(4, 4, seed=16) / 4, "float64"),
    "bo": (distinct(4, seed=17) / 4, "float64"),
    "bk": (distinct(1, 1, 4, seed=18) / 4, "float64"),
    "mask": ([[False, True, False], [False, False, True], [False, False, False]], "bool"),
    "absent": ([[False, False, True], [False, False, False]], "bool"),
}

PADDINGS = ("zeros", "border", "reflection")
GRIDS = [
    f"F.grid_sample({image}, {grid}, {mode!r}, {padding!r}, {aligned})"
    for image, grid, modes in (
        ("x", "grid", ("bilinear", "nearest", "bicubic")),
        ("volume", "grid3", ("bilinear", "nearest")),
    )
    for mode in modes
    for padding in PADDINGS
    for aligned in (False, True)
]
HEADS = "F.multi_head_attention_forward(q, {kv}, 4, 2, wi, bi, {bias}, {zero}, 0.0, wo, bo{more})"

SMOOTH = lines(
    """
    F.affine_grid(theta, (2, 1, 3, 2), align_corners=False)
    F.affine_grid(theta3, (1, 1, 2, 3, 1), align_corners=False)
    F.grid_sample(x, F.affine_grid(theta, (2, 2, 3, 2), False) * 0.3, align_corners=False)
    F.linear_cross_entropy(rows, k, c)
    F.linear_cross_entropy(rows, k, c, linear_bias=kb, reduction='none')
    F.linear_cross_entropy(rows, k3, c3, reduction='sum')
    F.linear_cross_entropy(rows, k, c, label_smoothing=0.2, weight=kb.detach().abs())
    F.interpolate(x, size=(2, 3), mode='bilinear', antialias=True)
    F.interpolate(x, size=(2, 5), mode='bicubic', antialias=True, align_corners=True)
    F.interpolate(x, scale_factor=0.6, mode='bicubic', antialias=True)
    F.interpolate(x, size=(2, 5), mode='lanczos', antialias=True)
"""
) + [
    HEADS.format(kv=kv, bias=bias, zero=zero, more=more)
    for kv, bias, zero, more in (
        ("q, q", "None, None", "False", ""),
        ("m, m", "bk, bk * 2", "True", ", average_attn_weights=False"),
        ("q, q", "None, None", "False", ", attn_mask=mask, key_padding_mask=absent"),
    )
]


# What PyTorch differentiates once.
FIRST = [
    f"t.autograd.grad(({e} ** 2).sum(), [{x}])[0]"
    for e, x in (
        ("F.embedding_bag(i, w.requires_grad_(), o)", "w"),
        ("F.embedding_bag(i, w.requires_grad_(), o, padding_idx=1)", "w"),
        ("F.embedding_bag(i, w.requires_grad_(), o, mode='sum', padding_idx=-1)", "w"),
        ("F.embedding_bag(i, w, o, mode='sum', per_sample_weights=s.requires_grad_())", "s"),
        ("F.embedding_bag(i, w.requires_grad_(), o, mode='sum', per_sample_weights=s, padding_idx=4)", "w"),
        ("F.embedding_bag(i2, w.requires_grad_(), mode='max')", "w"),
        ("F.embedding_bag(i, w.requires_grad_(), o, mode='max', padding_idx=4)", "w"),
        ("t.pdist(rows.requires_grad_())", "rows"),
        ("t.pdist(rows.requires_grad_(), 1.0)", "rows"),
        ("t.pdist(rows.requires_grad_(), 3.0)", "rows"),
        ("t.pdist(rows.requires_grad_(), inf)", "rows"),
        ("t.pdist(same.requires_grad_(), 1.5)", "same"),
        ("F.ctc_loss(p.requires_grad_(), y, ti, tl)", "p"),
        ("F.ctc_loss(p.requires_grad_(), row, ti, tl, reduction='none')", "p"),
        ("F.ctc_loss(p.requires_grad_(), y, (6, 3), (2, 0), reduction='sum')", "p"),
        ("F.ctc_loss(p.requires_grad_(), y, (6, 1), (3, 2), reduction='sum', zero_infinity=True)", "p"),
        ("F.ctc_loss(p.requires_grad_(), y, (6, 1), (3, 2), reduction='none')", "p"),
    )
]

OTHERS = lines(
    """
    F.embedding_bag(i, w, o)
    F.embedding_bag(i, w, o, padding_idx=1)
    F.embedding_bag(i, w, o, mode='sum')
    F.embedding_bag(i, w, o, mode='sum', padding_idx=-1)
    F.embedding_bag(i, w, o, mode='sum', per_sample_weights=s)
    F.embedding_bag(i2, w, mode='max')
    F.embedding_bag(i, w, o, mode='max', padding_idx=4)
    t.pdist(rows)
    t.pdist(rows, 3.0)
    F.grid_sample(f, fgrid, align_corners=False)
    F.grid_sample(h, hgrid, align_corners=False)
    F.grid_sample(h, hgrid, padding_mode='reflection', align_corners=True)
    F.grid_sample(x, edges, align_corners=True)
    F.grid_sample(x, edges, padding_mode='border', align_corners=True)
    F.grid_sample(one, grid, padding_mode='reflection', align_corners=True)
    F.grid_sample(one, grid, padding_mode='reflection', align_corners=False)
    F.grid_sample(x * inf, grid, align_corners=False)
    F.grid_sample(x, grid)
    F.grid_sample(x, grid, 'linear')
    F.grid_sample(x, grid, padding_mode='none')
    F.grid_sample(x, grid[:1])
    F.grid_sample(x, grid.float(), align_corners=True)
    F.grid_sample(x, grid3, align_corners=True)
    F.grid_sample(x.long(), grid.long(), align_corners=True)
    F.grid_sample(volume, grid3, 'bicubic', align_corners=True)
    F.grid_sample(x[:, :, :0], grid, align_corners=True)
    t.grid_sampler(x, grid, 0, 1, True)
    t.grid_sampler_2d(x, grid, 2, 2, False)
    t.grid_sampler_3d(volume, grid3, 0, 0, False)
    t.grid_sampler_3d(x, grid, 0, 0, False)
    F.affine_grid(theta, (2, 1, 3, 1), align_corners=True)
    F.affine_grid(theta, (2, 1, 3, 2))
    F.affine_grid(theta, (2, 1, 3), align_corners=True)
    F.affine_grid(theta, (1, 1, 2, 3, 1), align_corners=True)
    F.affine_grid(theta.long(), (2, 1, 3, 2), align_corners=True)
    F.affine_grid(theta, (2, 1, 0, 2), align_corners=True)
    F.ctc_loss(p, y, ti, tl)
    F.ctc_loss(p, y, ti, tl, reduction='none')
    F.ctc_loss(p, y, ti, tl, reduction='sum')
    F.ctc_loss(p, row, (6, 5), (3, 2), reduction='none')
    F.ctc_loss(fp, y, (6, 5), (3, 2), reduction='none')
    F.ctc_loss(p, y, (3, 2), (3, 2), reduction='none')
    F.ctc_loss(p, y, (3, 2), (3, 2), reduction='none', zero_infinity=True)
    F.ctc_loss(p, y, (6, 0), (0, 0), reduction='none')
    F.ctc_loss(p[:, 0], y[0], ti[0], tl[0])
    t.ctc_loss(p, y, ti, tl, 0, 2)
    F.ctc_loss(p, y, (7, 5), (3, 2))
    F.ctc_loss(p, y, (6, -1), (3, 2))
    F.ctc_loss(p, y, (6,), (3, 2))
    F.ctc_loss(p, y, (6, 5), (4, 2))
    F.ctc_loss(p, row, (6, 5), (3, 3))
    F.ctc_loss(p, y, ti, (3, 2))
    F.ctc_loss(p, y, ti, tl, blank=4)
    F.ctc_loss(p, y, ti.double(), tl)
    F.ctc_loss(p.long(), y, ti, tl)
    F.ctc_loss(p[0, 0], y, ti, tl)
    F.ctc_loss(p, y, ti, tl, reduction='all')
    F.embedding_bag(i, wf, o, mode='mean')
    F.embedding_bag(i32, w, o32, mode='sum')
    F.embedding_bag(i, w, t.tensor([0, 3, 6]), include_last_offset=True)
    F.embedding_bag(i2, w, max_norm=1.5)
    F.embedding_bag(i, w, bad)
    F.embedding_bag(i, w, o * 2)
    F.embedding_bag(i + 1, w, o)
    F.embedding_bag(i.double(), w.float(), o)
    F.embedding_bag(i, w, o, padding_idx=5)
    F.embedding_bag(i, w, o, mode='median')
    F.embedding_bag(i, w, o, per_sample_weights=s)
    F.embedding_bag(i, w, o, mode='sum', per_sample_weights=s[1:])
    F.embedding_bag(i, w, o, mode='sum', per_sample_weights=s.float())
    F.embedding_bag(i, w, o, mode='max', scale_grad_by_freq=True)
    F.embedding_bag(i, w)
    F.embedding_bag(i2, w, o)
    F.embedding_bag(i, w[0], o)
    t.embedding_bag(w, i, o)
    t.embedding_bag(w, i, o, False, 1)
    t.embedding_bag(w, i, o, False, 2, False, None, False, 4)
    F.linear_cross_entropy(rows[0], k, c[0])
    F.linear_cross_entropy(rows, k, c, ignore_index=1)
    F.linear_cross_entropy(rows, k[0], c)
    F.linear_cross_entropy(rows, k3[..., :2], c)
    F.linear_cross_entropy(rows[0], k3, c)
    F.linear_cross_entropy(rows, k, c, linear_bias=kb[:1])
    F.linear_cross_entropy(rows, k, rows @ k.T, ignore_index=3)
    t.pdist(same)
    t.pdist(same, 0)
    t.pdist(same, 1)
    t.pdist(same, inf)
    t.pdist(rows[:1])
    t.pdist(rows, -1)
    t.pdist(rows[0])
    t.pdist(i2)
    F.interpolate(u, size=(3, 4), mode='bilinear')
    F.interpolate(u, size=(3, 4), mode='bilinear', antialias=True)
    F.interpolate(u, size=(8, 9), mode='bicubic')
    F.interpolate(u, size=(3, 4), mode='bicubic', antialias=True, align_corners=True)
    F.interpolate(u, size=(8, 9), mode='nearest-exact')
    F.interpolate(u, size=(3, 4), mode='lanczos', antialias=True)
    F.interpolate(x, size=(3, 4), mode='lanczos')
    F.interpolate(x, size=(3, 4), mode='lanczos', antialias=True, align_corners=True)
    F.interpolate(x, size=(3, 4), mode='nearest', antialias=True)
    F.interpolate(volume, size=3, mode='bilinear', antialias=True)
    F.upsample_nearest(x, scale_factor=2)
    F.upsample_bilinear(x, size=(2, 5))
"""
) + [
    HEADS.format(kv=kv, bias=bias, zero=zero, more=more)
    for kv, bias, zero, more in (
        ("m, m", "None, None", "True", ", need_weights=False"),
        ("q, q", "None, None", "False", ", attn_mask=mask, is_causal=False, need_weights=False"),
        ("m, m", "bk, None", "False", ""),
        ("m, q", "None, None", "False", ""),
        ("q, q", "None, None", "False", ", is_causal=True"),
        ("q, q", "None, None", "False", ", attn_mask=absent"),
        ("q, q", "None, None", "False", ", key_padding_mask=mask"),
        ("q, q", "None, None", "False", ", use_separate_proj_weight=True"),
        ("q, q", "None, None", "False", ", static_k=m"),
        ("q[0, 0], q", "None, None", "False", ""),
    )
]

VALUES = [e.replace("F.", "t.nn.functional.") for e in [*GRIDS, *SMOOTH, *FIRST, *OTHERS]]
GRADIENTS = [e.replace("F.", "t.nn.functional.") for e in [*GRIDS, *SMOOTH]]
# Composites, which end in the node of what they do last.
OTHER_NODES = ("grid_sample", "affine_grid", "embedding_bag", "pdist", "antialias", "upsample")

CORPUS = Corpus(INPUTS, VALUES, GRADIENTS, OTHER_NODES)
