"""Samples of activations, softmax, losses, normalizations, embeddings and attention."""

from __future__ import annotations

import numpy as np

import rushlight as torch
import rushlight.nn.functional as F
from rushlight._ops.bent_activations import leaky_relu_backward, rrelu_p
from rushlight._ops.classification_loss import nll_spread_p
from rushlight._ops.embedding import embedding_added_p
from rushlight._ops.normalization import Layout, layer_norm_p
from rushlight._ops.softmax import log_softmax_backward_p, softmax_backward_p

from . import Sample, numbers

X, Y, V = numbers(3, 4), numbers(3, 4, seed=1), numbers(4, seed=2)
Z = numbers(2, 4, 3, seed=3)
Z4 = numbers(2, 4, 2, 3, seed=4)
TURNED = numbers(4, 3, seed=5).T
SCALAR, EMPTY = np.array(0.7), np.empty((0, 4))
P, Q = numbers(3, 4, seed=6, low=0.05, high=0.95), numbers(3, 4, seed=7, low=0.05, high=0.95)
WEIGHT = numbers(4, seed=8, low=0.1, high=1.0)
POSITIVE = numbers(4, seed=9, low=0.5, high=2.0)
CLASSES, CLASSES_Z = np.array([1, 0, 3]), np.array([[0, 1, 3], [2, 2, 0]])
TWICE = np.array([[0, 2], [2, 1]])
SIGNS = np.array([[1.0, -1.0, 1.0, -1.0]] * 3)


def like(x, array):
    """A constant of the dtype of ``x``: samples are tried in single precision too."""
    return torch.tensor(np.asarray(array).tolist(), dtype=x.dtype).reshape(np.shape(array))


def of(function, *arrays, **kwargs):
    """A function of one tensor as samples of it: contiguous or not, without dimensions, empty."""
    return [Sample(lambda x: function(x, **kwargs), array) for array in (X, TURNED, SCALAR, EMPTY, *arrays)]


def bent(function, **kwargs):
    return of(function, X * 3, **kwargs)


def backward_of_softmax(primitive):
    return [
        Sample(lambda g, y: primitive.bind(g, y, dim=1), X, Y),
        Sample(lambda g, y: primitive.bind(g, y, dim=0), TURNED, Y),
        Sample(lambda g, y: primitive.bind(g, y, dim=1), Z, numbers(2, 4, 3, seed=10)),
        Sample(lambda g, y: primitive.bind(g, y, dim=0), SCALAR, np.array(-0.4)),
        Sample(lambda g, y: primitive.bind(g, y, dim=0), EMPTY, EMPTY),
    ]


def loss(function, a, b, **kwargs):
    return [
        *[
            Sample(lambda x, y, r=r: function(x, y, reduction=r, **kwargs), a, b, label=r)
            for r in ("mean", "sum", "none")
        ],
        Sample(lambda x: function(x, like(x, b), **kwargs), a, label="input alone"),
    ]


def one_loss(function, a, *rest, **kwargs):
    return [
        Sample(lambda x, *more, r=r: function(x, *more, reduction=r, **kwargs), a, *rest, label=r)
        for r in ("mean", "sum", "none")
    ]


def running(x):
    """A running mean and variance for four channels."""
    return like(x, numbers(4, seed=20)), like(x, numbers(4, seed=21, low=0.3, high=2.0))


def with_weight(function, name="weight", **kwargs):
    """A loss with a constant weight for each class."""
    return lambda x, *rest, **more: function(x, *rest, **{name: like(x, WEIGHT)}, **kwargs, **more)


def spread(g, target, weight=None, reduction="mean"):
    """The cotangent of a (3, 4) input of nll_loss."""
    return nll_spread_p.bind(g, target, weight, shape=(3, 4), reduction=reduction, ignore_index=-100)


def add_rows(g, indices, padding_idx=-1, scale_grad_by_freq=False):
    """The cotangent of a table of three rows."""
    return embedding_added_p.bind(g, indices, rows=3, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq)


SAMPLES: dict[str, list[Sample]] = {
    "LeakyRelu": bent(F.leaky_relu, negative_slope=0.2),
    "LeakyReluBackwardBackward0": [
        Sample(lambda y, x, slope=slope: leaky_relu_backward.bind(y, x, negative_slope=slope), *arrays)
        for slope in (0.2, 1.5)
        for arrays in ((X, Y), (SCALAR, SCALAR * 2), (EMPTY, EMPTY))
    ],
    "PreluKernel": [
        Sample(F.prelu, X, V),
        Sample(F.prelu, X, SCALAR),
        Sample(F.prelu, Z, V),
        Sample(F.prelu, V, SCALAR),
        Sample(lambda w: F.prelu(like(w, X), w), V, label="weight alone"),
    ],
    "RreluWithNoise": [
        *[Sample(lambda x: rrelu_p.bind(x, like(x, Y)), a, label="with noise") for a in (X, TURNED)],
        *of(F.rrelu),
    ],
    "Threshold": of(F.threshold, threshold=0.1, value=7.0),
    "Hardtanh": [*bent(F.hardtanh), *of(F.relu6, X * 5)],
    "Hardsigmoid": bent(F.hardsigmoid),
    "Hardswish": bent(F.hardswish),
    "Hardshrink": of(F.hardshrink),
    "Softshrink": of(F.softshrink),
    "Elu": [*bent(F.elu, alpha=1.3), *bent(F.celu, alpha=0.6), *bent(F.selu)],
    "Silu": bent(F.silu),
    "Mish": bent(F.mish),
    "Softplus": [*bent(F.softplus), *of(F.softplus, beta=2.0, threshold=1.0)],
    "LogSigmoid": bent(F.logsigmoid),
    "Glu": [
        Sample(F.glu, X),
        Sample(lambda x: F.glu(x, 1), Z),
        Sample(F.glu, EMPTY),
        Sample(lambda x: F.glu(x.T, 0), X),
    ],
    "Gelu": [*bent(F.gelu), *bent(F.gelu, approximate="tanh")],
    "Softmax": [
        Sample(lambda x: x.softmax(1), X),
        Sample(lambda x: x.softmax(0), TURNED),
        Sample(lambda x: x.softmax(-2), Z),
        Sample(lambda x: x.softmax(0), SCALAR),
        Sample(lambda x: x.softmax(0), EMPTY),
        Sample(lambda x: x.softmax(1), X * 100, label="far apart"),
    ],
    "LogSoftmax": [
        Sample(lambda x: x.log_softmax(1), X),
        Sample(lambda x: x.log_softmax(0), TURNED),
        Sample(lambda x: x.log_softmax(-2), Z),
        Sample(lambda x: x.log_softmax(0), SCALAR),
        Sample(lambda x: x.log_softmax(0), EMPTY),
        Sample(lambda x: x.log_softmax(1), X * 100, label="far apart"),
    ],
    "SoftmaxBackwardDataBackward0": backward_of_softmax(softmax_backward_p),
    "LogSoftmaxBackwardDataBackward0": backward_of_softmax(log_softmax_backward_p),
    "MseLoss": [
        *loss(F.mse_loss, X, Y),
        *one_loss(F.mse_loss, TURNED, np.array(Y)),
        *loss(F.mse_loss, SCALAR, np.array(1.4)),
    ],
    "SmoothL1Loss": loss(F.smooth_l1_loss, X, Y, beta=0.7),
    "HuberLoss": loss(F.huber_loss, X, Y, delta=0.7),
    "SoftMarginLoss": one_loss(lambda x, **k: F.soft_margin_loss(x, like(x, SIGNS), **k), X),
    "BinaryCrossEntropy": [
        *loss(F.binary_cross_entropy, P, Q),
        *one_loss(with_weight(F.binary_cross_entropy), P, Q),
    ],
    "BinaryCrossEntropyWithLogits": [
        *loss(F.binary_cross_entropy_with_logits, X, Q),
        *loss(with_weight(F.binary_cross_entropy_with_logits), X, Q),
        *loss(with_weight(F.binary_cross_entropy_with_logits, "pos_weight"), X, Q),
    ],
    "NllLoss": [
        *one_loss(F.nll_loss, X, CLASSES),
        *one_loss(with_weight(F.nll_loss), TURNED, CLASSES),
        *one_loss(with_weight(F.nll_loss, ignore_index=0), X, CLASSES),
        *one_loss(F.nll_loss, Z, CLASSES_Z, ignore_index=2),
        *one_loss(F.nll_loss, V, np.array(2)),
        *one_loss(F.cross_entropy, X, CLASSES),
        *one_loss(with_weight(F.cross_entropy, label_smoothing=0.2), X, CLASSES),
        *loss(F.cross_entropy, X, P),
    ],
    "NllLossBackward": [
        Sample(lambda g, t: spread(g, t, reduction="mean"), SCALAR, CLASSES),
        Sample(lambda g, t: spread(g, t, like(g, WEIGHT), reduction="none"), V[:3], CLASSES),
    ],
    "MultiMarginLoss": [
        *one_loss(F.multi_margin_loss, X, CLASSES),
        *one_loss(with_weight(F.multi_margin_loss, p=2, margin=0.7), X, CLASSES),
        *one_loss(F.multi_margin_loss, V, np.array(2), p=2),
    ],
    "NativeLayerNorm": [
        Sample(lambda x: F.layer_norm(x, (4,)), X),
        Sample(lambda x, w, b: F.layer_norm(x, (4,), w, b), TURNED, POSITIVE, V),
        Sample(lambda x, w: F.layer_norm(x, (4, 3), w, eps=0.3), Z, Z[0]),
        Sample(lambda x, b: F.layer_norm(x, (4,), None, b), X, V),
        Sample(lambda x: F.layer_norm(x, (4,)), EMPTY),
        Sample(lambda x, w, b: F.batch_norm(x, None, None, w, b, True), X, POSITIVE, V),
        Sample(lambda x, w, b: F.batch_norm(x, None, None, w, b, True, eps=0.2), Z4, POSITIVE, V),
        Sample(lambda x, w, b: F.instance_norm(x, weight=w, bias=b), Z, POSITIVE, V),
        Sample(lambda x, w, b: F.group_norm(x, 2, w, b), Z4, POSITIVE, V),
        Sample(lambda x: F.group_norm(x, 2), X[:, :4]),
        # Mean and variance, too.
        Sample(
            lambda x, w, b: layer_norm_p.bind(x, w, b, layout=Layout((3, 4), (1,), (4,), (4,)), eps=0.1),
            X,
            POSITIVE,
            V,
            label="all results",
        ),
    ],
    "NativeBatchNorm": [
        Sample(lambda x, w, b: F.batch_norm(x, *running(x), w, b), X, POSITIVE, V),
        Sample(lambda x: F.batch_norm(x, *running(x)), TURNED),
        Sample(lambda x, w: F.batch_norm(x, *running(x), w), Z4, POSITIVE),
        Sample(lambda w, b: F.batch_norm(like(w, Z4), *running(w), w, b), POSITIVE, V, label="weight and bias"),
        Sample(lambda x, w, b: F.instance_norm(x, *running(x), w, b, use_input_stats=False), Z, POSITIVE, V),
    ],
    "Embedding": [
        Sample(lambda w, i: F.embedding(i, w), X, TWICE),
        Sample(lambda w, i: F.embedding(i, w), TURNED, np.array(1)),
        Sample(lambda w, i: F.embedding(i, w), X, np.empty((2, 0), np.int64)),
    ],
    "EmbeddingDenseBackward": [
        Sample(lambda g, i: add_rows(g, i), Z, TWICE[:, :1].repeat(4, 1)),
        Sample(lambda g, i: add_rows(g, i, padding_idx=2), V.reshape(4, 1), np.array([2, 2, 0, 0])),
        Sample(lambda g, i: add_rows(g, i, scale_grad_by_freq=True), V.reshape(4, 1), np.array([2, 2, 0, 1])),
    ],
}
