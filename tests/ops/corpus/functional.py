"""What networks are made of: activations, softmax, losses, normalizations, embeddings, attention."""

import numpy as np

from . import Corpus, distinct, lines

nan, inf = float("nan"), float("inf")
_rng = np.random.default_rng(11)


def _probabilities(*shape: int) -> np.ndarray:
    return _rng.uniform(0.05, 0.95, shape)


INPUTS = {
    "x": (distinct(3, 4, seed=1), "float64"),
    "y": (distinct(3, 4, seed=2), "float64"),
    "v": (distinct(4, seed=3), "float64"),
    "w": (_probabilities(4), "float64"),
    "w3": (distinct(3, seed=4), "float64"),
    "z": (distinct(3, 4, 2, seed=5), "float64"),
    "z4": (distinct(2, 4, 3, 2, seed=6), "float64"),
    "z5": (distinct(2, 4, 2, 1, 3, seed=7), "float64"),
    "p": (_probabilities(3, 4), "float64"),
    "q": (_probabilities(3, 4), "float64"),
    "pz": (_probabilities(3, 4, 2), "float64"),
    "s": (0.7, "float64"),
    "e": (np.empty((0, 4)), "float64"),
    "e0": (np.empty((3, 0)), "float64"),
    "signs": ([1.0, -1.0, 1.0], "float64"),
    "signs2": ([[1.0, -1.0, 1.0, -1.0]] * 3, "float64"),
    "sp": ([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0, 6.0, 25.0, -25.0, 200.0, -200.0], "float64"),
    "sp32": ([nan, inf, -inf, 0.0, 1.0, -1.0, 0.5, 3.0, -3.0, 6.0, 25.0, -25.0, 200.0, -200.0, 90.0, -90.0], "float32"),
    "edges": ([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0], "float64"),
    "f": (distinct(3, 4, seed=8), "float32"),
    "fw": (_probabilities(4), "float32"),
    "h": ([[1.0, -2.5, 0.1, 3.0]], "float16"),
    "bf": ([[1.0, -2.5, 0.1, 3.0]], "bfloat16"),
    "i": ([[3, -1, 2, 0]], "int64"),
    "u": ([[3, 0, 7]], "uint8"),
    "b": ([[True, False]], "bool"),
    "c": ([[1 + 2j, 0.5 - 1j]], "complex128"),
    "tt": ([1, 0, 3], "int64"),
    "tb": ([1, 0, 3], "uint8"),
    "t1": (2, "int64"),
    "tz": ([[0, 1], [3, 2], [1, 1]], "int64"),
    "t4": (np.arange(12).reshape(2, 3, 2) % 4, "int64"),
    "t5": (np.arange(12).reshape(2, 2, 1, 3) % 4, "int64"),
    "te": (np.empty(0), "int64"),
    "mask": ([[True, False, True], [True, True, False], [False, False, False]], "bool"),
    "fmask": ([[0.0, -inf, 0.5], [1.0, 0.0, -inf], [-inf, -inf, -inf]], "float64"),
    "qq": (distinct(2, 3, 4, seed=12) / 3, "float64"),
    "kk": (distinct(2, 3, 4, seed=13) / 3, "float64"),
    "vv": (distinct(2, 3, 4, seed=14) / 3, "float64"),
    "q4": (distinct(1, 2, 3, 4, seed=15) / 3, "float64"),
    "k4": (distinct(1, 2, 3, 4, seed=16) / 3, "float64"),
    "v4": (distinct(1, 2, 3, 4, seed=17) / 3, "float64"),
    "rm": (_probabilities(4), "float64"),
    "rv": (_probabilities(4), "float64"),
}

F = "t.nn.functional."
SOFT = ["gelu", "silu", "mish", "softplus", "softsign", "tanhshrink", "logsigmoid", "sigmoid", "tanh"]
BENT = [
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "celu",
    "hardtanh",
    "hardsigmoid",
    "hardswish",
    "hardshrink",
    "softshrink",
    "rrelu",
]
INPLACE = [
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "celu",
    "silu",
    "mish",
    "hardtanh",
    "hardsigmoid",
    "hardswish",
    "rrelu",
]


def _activations() -> list[str]:
    found = [f"{F}{name}({each})" for name in SOFT + BENT for each in ("x", "s", "e", "f", "sp", "sp32", "edges")]
    found.remove(f"{F}gelu(sp32)")  # PyTorch's error function has six digits there, and nan for infinity
    found += [f"{F}{name}({each})" for name in SOFT + BENT for each in ("h", "bf", "i", "u", "b")]
    found += [f"{F}{name}(x * 1, inplace=True)" for name in INPLACE]
    found += [f"{F}{name}_(x * 1)" for name in ["relu", "leaky_relu", "elu", "selu", "celu", "hardtanh", "rrelu"]]
    found += [f"t.{name}(x)" for name in ["selu", "celu", "rrelu", "hardshrink"]]
    found += [f"t.{name}_(x * 1)" for name in ["selu", "celu", "rrelu"]]
    return found


# Each gives a value that is differentiated, too.
SMOOTH = lines(
    """
    F.leaky_relu(x, 0.3)
    F.leaky_relu(x, negative_slope=-0.3)
    F.elu(x, 0.5)
    F.celu(x, 0.5)
    F.celu(x, -0.5)
    F.hardtanh(x, -0.3, 0.7)
    F.hardshrink(x, 0.3)
    F.softshrink(x, 0.3)
    F.softplus(x, 2, 1)
    F.softplus(x, beta=0.5)
    F.rrelu(x, 0.1, 0.9)
    F.threshold(x, 0.1, 20)
    F.threshold(x * 1, 0.1, 20, True)
    t.threshold(x, 0.1, 20)
    t.threshold_(x * 1, 0.1, 20)
    F.threshold_(x * 1, 0.1, 20)
    F.prelu(x, s)
    F.prelu(x, v)
    F.prelu(x, v[:1])
    F.prelu(z, v)
    F.prelu(v, s)
    F.prelu(s, v[:1])
    x.prelu(v)
    F.glu(x)
    F.glu(x, 1)
    F.glu(z4, -2 - 1)
    F.glu(c.real)
    x.hardshrink()
    F.softmax(x, 1)
    F.softmax(x, -2)
    F.softmax(z, 1)
    F.softmax(s, 0)
    F.softmax(x)
    F.softmax(v)
    F.softmax(z)
    F.softmax(z4)
    F.softmax(s)
    t.softmax(x, 0)
    x.softmax(-1)
    x.softmax(dim=0)
    F.log_softmax(x, 1)
    F.log_softmax(z, 1)
    F.log_softmax(z, 0)
    F.log_softmax(s, 0)
    F.log_softmax(x)
    t.log_softmax(x, 1)
    x.log_softmax(0)
    F.softmin(x, 1)
    F.softmin(x)
    F.mse_loss(x, y)
    F.mse_loss(x, y, reduction='sum')
    F.mse_loss(x, y, reduction='none')
    F.mse_loss(x, x)
    F.mse_loss(x, v)
    F.mse_loss(s, s * 2)
    F.mse_loss(x, y, size_average=False)
    F.mse_loss(x, y, reduce=False)
    F.mse_loss(x, y, size_average=True, reduce=True)
    F.mse_loss(x, f)
    F.mse_loss(v, i)
    F.mse_loss(x, y, weight=p)
    F.mse_loss(x, y, weight=p, reduction='sum')
    F.mse_loss(x, y, weight=p, reduction='none')
    F.l1_loss(x, y)
    F.l1_loss(x, y, reduction='sum')
    F.l1_loss(x, y, reduction='none')
    F.l1_loss(x, v)
    F.l1_loss(x, y, weight=p)
    F.smooth_l1_loss(x, y)
    F.smooth_l1_loss(x, y, reduction='sum', beta=0.5)
    F.smooth_l1_loss(x, y, reduction='none', beta=2)
    F.smooth_l1_loss(x, y, beta=0)
    F.smooth_l1_loss(x, v)
    F.huber_loss(x, y)
    F.huber_loss(x, y, reduction='sum', delta=0.5)
    F.huber_loss(x, y, reduction='none', delta=2)
    F.huber_loss(x, y, weight=p)
    F.huber_loss(x, y, weight=p, reduction='sum')
    F.binary_cross_entropy(p, q)
    F.binary_cross_entropy(p, q, reduction='sum')
    F.binary_cross_entropy(p, q, reduction='none')
    F.binary_cross_entropy(p, q, weight=w.detach())
    F.binary_cross_entropy_with_logits(x, q)
    F.binary_cross_entropy_with_logits(x, q, reduction='sum')
    F.binary_cross_entropy_with_logits(x, q, reduction='none')
    F.binary_cross_entropy_with_logits(x, q, weight=w.detach())
    F.binary_cross_entropy_with_logits(x, q, pos_weight=w.detach())
    F.binary_cross_entropy_with_logits(x, q, pos_weight=w.detach(), weight=w.detach(), reduction='none')
    F.kl_div(x, p)
    F.kl_div(x, p, reduction='batchmean')
    F.kl_div(x, p, reduction='sum', log_target=True)
    F.kl_div(x, p, reduction='batchmean', log_target=True)
    F.kl_div(x, w, reduction='none')
    F.poisson_nll_loss(x, p)
    F.poisson_nll_loss(x, p * 5, full=True)
    F.poisson_nll_loss(p, q, log_input=False, reduction='sum')
    F.poisson_nll_loss(x, p, reduction='none')
    F.gaussian_nll_loss(x, y, p)
    F.gaussian_nll_loss(x, y, p, full=True, reduction='sum')
    F.gaussian_nll_loss(x, y, p[:, :1], reduction='none')
    F.gaussian_nll_loss(x, y, p[:, 0])
    F.gaussian_nll_loss(x, y, 2.0)
    F.gaussian_nll_loss(x, y, p * 1e-9)
    F.hinge_embedding_loss(x, signs2)
    F.hinge_embedding_loss(x, signs2, margin=0.3, reduction='sum')
    F.hinge_embedding_loss(x, signs2, reduction='none')
    F.margin_ranking_loss(x, y, signs2)
    F.margin_ranking_loss(x, y, signs2, margin=0.4, reduction='none')
    F.cosine_embedding_loss(x, y, signs)
    F.cosine_embedding_loss(x, y, signs, margin=-0.5, reduction='sum')
    F.cosine_embedding_loss(x, y, signs, reduction='none')
    F.cosine_embedding_loss(v, v * v, s * 0 + 1)
    F.triplet_margin_loss(x, y, x * y)
    F.triplet_margin_loss(x, y, x * y, margin=0.5, p=1, swap=True, reduction='sum')
    F.triplet_margin_loss(x, y, x * y, reduction='none', margin=3)
    F.triplet_margin_with_distance_loss(x, y, x * y, distance_function=lambda a, b: (a - b).abs().sum(-1))
    F.triplet_margin_with_distance_loss(x, y, x * y, margin=3.0, swap=True)
    F.multilabel_soft_margin_loss(x, q)
    F.multilabel_soft_margin_loss(x, q, weight=w, reduction='sum')
    F.multilabel_soft_margin_loss(x, q, reduction='none')
    F.nll_loss(x, tt)
    F.nll_loss(x, tb)
    F.nll_loss(x, tt, reduction='sum')
    F.nll_loss(x, tt, reduction='none')
    F.nll_loss(x, tt, weight=w.detach())
    F.nll_loss(x, tt, weight=w.detach(), reduction='none')
    F.nll_loss(x, tt, weight=w.detach(), reduction='sum', ignore_index=1)
    F.nll_loss(x, tt, ignore_index=0)
    F.nll_loss(x, tt, ignore_index=0, weight=w.detach())
    F.nll_loss(v, t1)
    F.nll_loss(v, t1, reduction='none')
    F.nll_loss(z, tz)
    F.nll_loss(z, tz, reduction='none', weight=w.detach())
    F.nll_loss(z, tz, reduction='sum', ignore_index=1)
    F.nll_loss(z4, t4)
    F.nll_loss(z4, t4, reduction='none')
    F.nll_loss(z4, t4, weight=w.detach(), ignore_index=2)
    F.nll_loss(z5, t5)
    F.nll_loss(z5, t5, reduction='none')
    F.cross_entropy(x, tt)
    F.cross_entropy(x, tt, reduction='sum')
    F.cross_entropy(x, tt, reduction='none')
    F.cross_entropy(x, tt, weight=w.detach(), ignore_index=1)
    F.cross_entropy(x, tt, label_smoothing=0.1)
    F.cross_entropy(x, tt, label_smoothing=0.1, reduction='sum')
    F.cross_entropy(x, tt, label_smoothing=0.1, reduction='none', ignore_index=0)
    F.cross_entropy(x, tt, label_smoothing=0.1, ignore_index=0)
    F.cross_entropy(x, tt, label_smoothing=0.1, weight=w.detach())
    F.cross_entropy(x, tt, label_smoothing=0.1, weight=w.detach(), reduction='none')
    F.cross_entropy(x, tt, label_smoothing=1.0)
    F.cross_entropy(x, p)
    F.cross_entropy(x, p, reduction='sum')
    F.cross_entropy(x, p, reduction='none')
    F.cross_entropy(x, p, weight=w.detach())
    F.cross_entropy(x, p, weight=w.detach(), reduction='none')
    F.cross_entropy(x, p, label_smoothing=0.2, weight=w.detach())
    F.cross_entropy(x, f)
    F.cross_entropy(v, w)
    F.cross_entropy(v, t1)
    F.cross_entropy(z, tz)
    F.cross_entropy(z, tz, label_smoothing=0.1, reduction='none')
    F.cross_entropy(z, tz, label_smoothing=0.1, weight=w.detach())
    F.cross_entropy(z, pz, reduction='none')
    F.cross_entropy(z, pz, weight=w.detach())
    F.cross_entropy(z4, t4)
    F.cross_entropy(z5, t5, reduction='none')
    F.layer_norm(x, (4,))
    F.layer_norm(x, [3, 4])
    F.layer_norm(x, (4,), v, w)
    F.layer_norm(x, (4,), weight=v)
    F.layer_norm(z, (4, 2), z[0], z[1])
    t.layer_norm(x, (4,), v, w)
    t.layer_norm(x, (4,), v, w, 0.1, False)
    F.rms_norm(x, (4,))
    F.rms_norm(x, (4,), v, eps=0.1)
    F.rms_norm(z, (4, 2), z[0])
    F.batch_norm(x, None, None, training=True)
    F.batch_norm(x, None, None, v, w, True)
    F.batch_norm(x, rm.detach(), rv.detach())
    t.batch_norm(x, v, w, rm.detach().clone(), rv.detach().clone(), True, 0.1, 1e-5, False)
    F.instance_norm(z)
    F.instance_norm(z, eps=0.1)
    F.group_norm(x, 2)
    F.group_norm(z4, 2, v, w)
    F.group_norm(z, 4, v)
    t.group_norm(z, 2, v, w)
    F.embedding(tt, x.view(4, 3))
    F.embedding(tz, x.view(4, 3), padding_idx=1)
    F.embedding(tz, x.view(4, 3), padding_idx=-1)
    F.embedding(t1, x.view(4, 3))
    F.embedding(tz.int(), x.view(4, 3))
    F.embedding(tz, x.view(4, 3), scale_grad_by_freq=True)
    t.embedding(x.view(4, 3), tz)
    t.embedding(x.view(4, 3), tz, 1, True)
    F.dropout(x, 1.0)
    F.dropout(x * 1, 1.0, True, True)
    F.dropout3d(x, training=False)
    t.dropout(x, 1.0, True)
    t.manual_seed(3) and F.dropout(x)
    t.manual_seed(3) and F.dropout(x * 1, 0.2, True, True)
    t.manual_seed(3) and F.alpha_dropout(x, 0.4, True)
    t.manual_seed(3) and F.alpha_dropout(x * 1, 0.4, True, True)
    t.manual_seed(3) and F.dropout1d(z)
    t.manual_seed(3) and F.dropout1d(x)
    t.manual_seed(3) and F.dropout2d(z4, 0.3)
    t.manual_seed(3) and F.dropout3d(z5, 0.3)
    t.manual_seed(3) and F.feature_alpha_dropout(z4, 0.3, True)
    t.manual_seed(3) and t.feature_dropout(z4, 0.3, True)
    t.manual_seed(3) and F.rrelu(x, training=True)
    t.manual_seed(3) and F.gumbel_softmax(x)
    t.manual_seed(3) and F.gumbel_softmax(x, hard=True)
    t.manual_seed(3) and F.gumbel_softmax(x, eps=1e-5)
""".replace("F.", F)
)

OTHERS = lines(
    """
    F.gelu(x, approximate='tanh')
    F.gelu(sp32, approximate='tanh')
    F.threshold(i, 1, 7)
    F.softmax(sp, 0)
    F.softmax(f, 1)
    F.softmax(h, 1)
    F.softmax(bf, 1)
    F.softmax(f, 1, dtype=t.float64)
    F.softmax(i, 1, dtype=t.float32)
    F.softmax(e, 0)
    F.softmax(e, 1)
    F.softmax(e0, 1)
    t.softmax(x, dim=1, dtype=t.float32)
    t.special.softmax(x, 0)
    F.log_softmax(sp, 0)
    F.log_softmax(t.tensor([0.0, -inf]), 0)
    F.log_softmax(t.tensor([-inf, -inf]), 0)
    F.log_softmax(f, 1)
    F.log_softmax(f * 1000, 1)
    F.log_softmax(h, 1)
    F.log_softmax(bf, 1)
    F.log_softmax(e0, 1)
    t.special.log_softmax(x, 0)
    F.softmax(x, 3)
    F.softmax(x, -3)
    F.softmax(i, 1)
    F.softmax(i, 0)
    F.softmax(b, 1)
    F.softmax(c, 0)
    F.log_softmax(i, 0)
    F.log_softmax(i, 1)
    F.mse_loss(x, w3)
    F.mse_loss(x, y, reduction='q')
    F.mse_loss(f, f * 2)
    F.mse_loss(f, x)
    F.mse_loss(i, i)
    F.mse_loss(c, c)
    F.mse_loss(h, h * 2)
    F.mse_loss(bf, bf * 2)
    F.mse_loss(e, e)
    F.mse_loss(x, y, weight=w)
    F.mse_loss(x, 3)
    F.l1_loss(x, w3)
    F.l1_loss(x, y, reduction='q')
    F.l1_loss(i, i)
    F.smooth_l1_loss(x, y, beta=-1)
    F.smooth_l1_loss(x, w3)
    F.smooth_l1_loss(f, f * 2)
    F.huber_loss(x, y, delta=-1)
    F.huber_loss(x, w3)
    F.huber_loss(x, y, weight=w)
    F.soft_margin_loss(x, signs2)
    F.soft_margin_loss(x, signs2, reduction='sum')
    F.soft_margin_loss(x, signs2, reduction='none')
    F.soft_margin_loss(x, w3)
    F.soft_margin_loss(f, signs2)
    F.binary_cross_entropy(x, q)
    F.binary_cross_entropy(p, x)
    F.binary_cross_entropy(p, w3)
    F.binary_cross_entropy(p, w)
    F.binary_cross_entropy(p, f)
    F.binary_cross_entropy(t.tensor([0.0, 1.0]), t.tensor([1.0, 0.0]))
    F.binary_cross_entropy(t.tensor([nan, 1.0]), t.tensor([1.0, 0.0]))
    F.binary_cross_entropy(e, e)
    F.binary_cross_entropy(fw, 1 - fw)
    F.binary_cross_entropy_with_logits(x * 1000, q)
    F.binary_cross_entropy_with_logits(x, w)
    F.binary_cross_entropy_with_logits(x[:1], i)
    F.binary_cross_entropy_with_logits(fw * 9, fw)
    F.binary_cross_entropy_with_logits(h, h.sigmoid())
    F.kl_div(x, p * 0, reduction='sum')
    F.kl_div(x, p, reduction='q')
    F.poisson_nll_loss(x, p, reduction='q')
    F.gaussian_nll_loss(x, y, -p)
    F.gaussian_nll_loss(x, y, -2.0)
    F.gaussian_nll_loss(x, y, p[:2])
    F.gaussian_nll_loss(x, y, p, reduction='q')
    F.margin_ranking_loss(x, y, signs)
    F.cosine_embedding_loss(x, y, signs2)
    F.cosine_embedding_loss(x, y, s)
    F.cosine_embedding_loss(x, y[:, :3], signs)
    F.triplet_margin_loss(x, y, v)
    F.triplet_margin_loss(x, y, x[:, :3])
    F.triplet_margin_loss(x, y, x, margin=-1)
    F.multi_margin_loss(x, tt)
    F.multi_margin_loss(x, tt, p=2, margin=0.5, reduction='sum')
    F.multi_margin_loss(x, tt, weight=w.detach(), reduction='none')
    F.multi_margin_loss(v, t1)
    F.multi_margin_loss(x, tt, p=3)
    F.multi_margin_loss(x, tt[:2])
    F.multi_margin_loss(x, tt + 1)
    F.multi_margin_loss(x, tt, weight=w3)
    F.multi_margin_loss(x, tt, weight=p)
    F.nll_loss(x, tt * 0 - 100)
    F.nll_loss(x, tt * 0 - 100, reduction='sum')
    F.nll_loss(x, tt * 101 - 100, reduction='none')
    F.nll_loss(v, t1.view(1))
    F.nll_loss(v, t1.view(1), reduction='none')
    F.nll_loss(e, te)
    F.nll_loss(e, te, reduction='none')
    F.nll_loss(f, tt, weight=fw)
    F.nll_loss(x, tt + 2)
    F.nll_loss(x, tt - 1)
    F.nll_loss(x, tt[:2])
    F.nll_loss(x, tt.double())
    F.nll_loss(x, tt.int())
    F.nll_loss(x, tz)
    F.nll_loss(x, tt, weight=w3)
    F.nll_loss(x, tt, weight=fw)
    F.nll_loss(x, tt, reduction='q')
    F.nll_loss(s, t1)
    F.nll_loss(x, t1)
    F.nll_loss(v, tt)
    F.nll_loss(z, tz[:2])
    F.nll_loss(z, tz[:, :1])
    F.nll_loss(z, tz * 9)
    F.nll_loss(z4, t4[:, 0])
    F.nll_loss(z4, t4[:, :2])
    F.nll_loss(z5, t5[:, :1])
    F.nll_loss(i, t1.view(1))
    F.cross_entropy(x, tt, label_smoothing=2)
    F.cross_entropy(x, tt * 0 - 100, label_smoothing=0.1)
    F.cross_entropy(x, p, weight=w3)
    F.cross_entropy(x, p, ignore_index=1)
    F.cross_entropy(v, t1.view(1), reduction='none')
    F.cross_entropy(e, te)
    F.cross_entropy(f, tt)
    F.cross_entropy(f * 100, tt)
    F.cross_entropy(h, t1.view(1))
    F.cross_entropy(bf, t1.view(1))
    F.cross_entropy(x, tt + 2)
    F.cross_entropy(x, tt[:2])
    F.cross_entropy(x, p[:, :3])
    F.cross_entropy(x, signs)
    F.cross_entropy(x, tt.view(3, 1))
    F.cross_entropy(x, tt.int())
    F.cross_entropy(x, x.long())
    F.cross_entropy(i, t1.view(1))
    F.cross_entropy(x, tt, reduction='q')
    F.layer_norm(x, (4,), bias=w, eps=0.1)
    F.layer_norm(f, (4,), fw, fw)
    F.layer_norm(e, (4,), v, w)
    F.layer_norm(h, (4,))
    F.layer_norm(bf, (4,), bf[0])
    F.layer_norm(h, (4,), fw)
    F.layer_norm(x, (5,))
    F.layer_norm(x, 4)
    F.layer_norm(x, ())
    F.layer_norm(x, (4,), w3)
    F.layer_norm(x, (4,), v, w3)
    F.layer_norm(x, (4,), fw)
    F.layer_norm(i, (4,))
    F.rms_norm(f, (4,))
    F.rms_norm(h, (4,))
    F.rms_norm(c, (2,))
    F.scaled_dot_product_attention(h, h, h)
    F.rms_norm(x, (3,))
    F.rms_norm(x, (4,), w3)
    F.rms_norm(i, (4,))
    F.batch_norm(z4, None, None, v, w, True, eps=0.1)
    F.batch_norm(z, None, None, None, v, True)
    F.batch_norm(z4, rm.detach(), rv.detach(), v, w)
    F.batch_norm(z4, rm.detach(), rv.detach(), v)
    F.batch_norm(f, fw, fw, fw, fw)
    F.batch_norm(f, None, None, fw, fw, True)
    F.batch_norm(x, None, None)
    F.batch_norm(x, signs, signs, training=True)
    F.batch_norm(x, rm, rv, weight=w3)
    F.batch_norm(x, rm, rv, bias=w3)
    F.batch_norm(x[:1], rm, rv, training=True)
    F.batch_norm(v, rm, rv, training=True)
    F.batch_norm(x, rm, rv, training=True, eps=0)
    F.batch_norm(x, rm, rv, eps=-1.0)
    F.batch_norm(x, rm, None, training=True)
    F.batch_norm(x, rm, None)
    F.batch_norm(x, fw, fw)
    F.batch_norm(x, rm.detach(), rv.detach(), weight=fw)
    F.batch_norm(e, rm.detach().clone(), rv.detach().clone(), training=True)
    F.batch_norm(e, rm.detach(), rv.detach())
    F.instance_norm(z4, weight=v, bias=w)
    F.instance_norm(z4, rm.detach(), rv.detach(), v, w, use_input_stats=False)
    F.instance_norm(x)
    F.instance_norm(z[:, :, :1])
    F.instance_norm(z, weight=w3)
    F.instance_norm(z, use_input_stats=False)
    F.group_norm(z, 1, None, w, 0.1)
    F.group_norm(z, 3)
    F.group_norm(z, 2, w3)
    F.group_norm(v, 2)
    F.group_norm(x[:1], 4)
    F.group_norm(z, 0)
    F.embedding(te, x)
    F.embedding(tz, x.detach().view(4, 3), max_norm=0.8)
    F.embedding(tz, x.detach().view(4, 3), max_norm=0.8, norm_type=1)
    F.embedding(tt + 2, x.view(4, 3))
    F.embedding(tt - 1, x.view(4, 3))
    F.embedding(x, x)
    F.embedding(tt.short(), x)
    F.embedding(tt, v)
    F.embedding(tt, x, padding_idx=3)
    F.embedding(tt, x, padding_idx=-4)
    F.dropout(x, 0.0)
    F.dropout(x, 0.3, False)
    F.dropout(x, 1.5)
    F.dropout(x, -0.5)
    F.dropout(i)
    F.alpha_dropout(x)
    F.alpha_dropout(x, 2)
    F.dropout1d(z4)
    F.dropout1d(z, training=False)
    F.dropout2d(x, training=False)
    F.dropout2d(z, training=False)
    t.dropout(x, 0.5, False)
    t.manual_seed(3) and F.dropout(f, 0.2)
    t.manual_seed(3) and F.rrelu(f, training=True)
    t.manual_seed(3) and F.gumbel_softmax(f, tau=0.5, dim=0)
    F.scaled_dot_product_attention(qq, kk, vv)
    F.scaled_dot_product_attention(qq, kk, vv, is_causal=True)
    F.scaled_dot_product_attention(qq, kk, vv, mask)
    F.scaled_dot_product_attention(qq, kk, vv, fmask.detach())
    F.scaled_dot_product_attention(qq, kk, vv, scale=0.3)
    F.scaled_dot_product_attention(qq, kk, vv[:, :, :2])
    F.scaled_dot_product_attention(q4, k4, v4)
    F.scaled_dot_product_attention(q4, k4, v4, is_causal=True)
    F.scaled_dot_product_attention(q4, k4, v4, mask)
    F.scaled_dot_product_attention(q4, k4, v4, fmask.detach())
    F.scaled_dot_product_attention(q4, k4[:, :1], v4[:, :1], enable_gqa=True)
    F.scaled_dot_product_attention(qq[0], kk[0], vv[0])
    F.scaled_dot_product_attention(qq, kk, vv, mask, is_causal=True)
    F.scaled_dot_product_attention(qq, kk[:, :, :2], vv)
    F.scaled_dot_product_attention(v, v, v)
    F.scaled_dot_product_attention(qq, kk, vv, mask.long())
    F.scaled_dot_product_attention(qq, kk.float(), vv)
    F.scaled_dot_product_attention(qq, kk[:, :2], vv)
    F.scaled_dot_product_attention(q4, k4, v4, dropout_p=1.0)
""".replace("F.", F)
)

# Where they are smooth. PyTorch has no second derivative of hardsigmoid.
SMOOTH_ACTIVATIONS = [
    e for e in _activations() if ("(x" in e or "(s)" in e) and "hardsigmoid" not in e and "sp" not in e
]

CORPUS = Corpus(INPUTS, [*_activations(), *SMOOTH, *OTHERS], [*SMOOTH_ACTIVATIONS, *SMOOTH], ())
