"""Samples of public functions that have no record of their own: by their names, not by those of records."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch
import rushlight.nn.functional as F

from . import Sample, numbers

A, B, ROW, NUMBER = numbers(2, 3), numbers(2, 3, seed=1), numbers(3, seed=2), numbers(seed=3)
CUBE, SQUARE = numbers(2, 3, 4, seed=4), numbers(3, 3, seed=5)
SQUARES = numbers(2, 3, 3, seed=6)
TALL = numbers(4, 2, seed=7)
NONE = np.empty((0, 3))
UNIT, POSITIVE = numbers(2, 3, seed=8, low=0.1, high=0.9), numbers(2, 3, seed=9, low=0.4, high=2.0)
REGULAR = SQUARE + 3 * np.eye(3)
COUNTS, SHIFTS = np.array([[3, 1, 6], [0, 2, 5]]), np.array([1, 0, 2])
TRUTHS = np.array([[True, False, True], [False, False, True]])
SIGNS = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
CONVOLVED = numbers(1, 2, 2, 2, 2, seed=15), numbers(2, 2, 1, 2, 1, seed=16)
POSITIVE_CUBE = numbers(2, 3, 4, seed=18, low=0.4, high=2.0)
SIGN_ROW = np.array([1.0, -1.0])


def like(x: Any, array: Any) -> Any:
    """A constant of the dtype of ``x``: samples are tried in single precision too."""
    return torch.tensor(np.asarray(array).tolist(), dtype=x.dtype).reshape(np.shape(array))


def _of(function: Callable[..., Any], *inputs: np.ndarray, complex: bool = True, **kwargs: Any) -> list[Sample]:
    """A function of one tensor: as it is, of a view, with and without dimensions, of nothing."""
    call = lambda x: function(x, **kwargs)
    return [
        *[Sample(call, x, complex=complex) for x in inputs or (A, NUMBER, NONE)],
        Sample(lambda x: call(x.t()), A, complex=complex, label="view"),
    ]


def _flat(function: Callable[..., Any], *arrays: np.ndarray, label: str = "") -> Sample:
    """What has no derivative; that it can be mapped is tested all the same."""
    return Sample(function, *arrays, order=0, label=label)


def _losses(function: Callable[..., Any], *inputs: np.ndarray, complex: bool = False, **kwargs: Any) -> list[Sample]:
    return [
        Sample(lambda *t, r=r: function(*t, reduction=r, **kwargs), *inputs, complex=complex, label=r)
        for r in ("mean", "sum", "none")
    ]


def _seeded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that draws, with the same numbers at every call."""

    def call(*tensors: Any) -> Any:
        with torch.random.fork_rng():
            torch.manual_seed(3)
            return function(*tensors)

    return call


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that PyTorch warns of, without the warning."""

    def call(*tensors: Any, **kwargs: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*tensors, **kwargs)

    return call


def _first(function: Callable[..., Any], *args: Any) -> Callable[..., Any]:
    """The first of several results, the others of which are indices."""
    return lambda x: function(x, *args)[0]


def _distances(x: Any, y: Any) -> Any:
    return (x - y).abs().sum(-1)


def _dropped() -> dict[str, list[Sample]]:
    image, sequence, volume = numbers(2, 3, 2, 2, seed=10), numbers(2, 3, 4, seed=11), numbers(1, 2, 2, 2, 2, seed=12)
    found = {}
    for name, x in (
        ("torch.dropout", A),
        ("torch.alpha_dropout", A),
        ("torch.feature_dropout", image),
        ("torch.feature_alpha_dropout", image),
        ("torch.nn.functional.dropout", A),
        ("torch.nn.functional.alpha_dropout", A),
        ("torch.nn.functional.dropout1d", sequence),
        ("torch.nn.functional.dropout2d", image),
        ("torch.nn.functional.dropout3d", volume),
        ("torch.nn.functional.feature_alpha_dropout", image),
    ):
        function = _named(name)
        found[name] = [
            Sample(_seeded(lambda x, f=function: f(x, 0.4, True)), x, label="drawn"),
            Sample(lambda x, f=function: f(x, 0.4, False), x, complex=True, label="evaluating"),
        ]
    return found


def _named(name: str) -> Callable[..., Any]:
    found: Any = torch
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def _converted() -> dict[str, list[Sample]]:
    """To narrower types a difference quotient has no digits left: there the derivatives are compared exactly."""
    exact = np.array([[0.0, 1.0, -2.0], [4.0, 0.5, 3.0]])
    found = {
        f"Tensor.{name}": [_flat(lambda x, name=name: getattr(x, name)(), exact, label="linear")]
        for name in ("bfloat16", "bool", "byte", "char", "float", "half", "int", "long", "short", "cfloat")
    }
    found["Tensor.double"] = [
        Sample(lambda x: x.double() * x, A),
        Sample(lambda x: x.real.double() * x, A, complex=True),
    ]
    found["Tensor.cdouble"] = [Sample(lambda x: x.cdouble() * (1 + 2j), A, complex=True)]
    found["Tensor.to"] = [Sample(lambda x: x.to(torch.complex128) * (1 + 2j), A, complex=True)]
    found["Tensor.cpu"] = [Sample(lambda x: x.cpu() * x, A, complex=True)]
    found["Tensor.type"] = [Sample(lambda x: x.type(torch.complex128) * (1 + 2j), A)]
    found["Tensor.type_as"] = [Sample(lambda x, y: x.type_as(y) * y, A, B, complex=True)]
    return found


SAMPLES: dict[str, list[Sample]] = {
    # elementwise
    "torch.positive": _of(torch.positive),
    "torch.square": _of(torch.square),
    "torch.float_power": [
        Sample(torch.float_power, POSITIVE, A, complex=True),
        Sample(lambda x: torch.float_power(x, 1.7), POSITIVE, complex=True),
        Sample(lambda x: torch.float_power(1.7, x), A, complex=True),
    ],
    "torch.special.ndtr": _of(torch.special.ndtr, complex=False),
    "torch.nn.functional.sigmoid": _of(F.sigmoid),
    "torch.nn.functional.tanh": _of(F.tanh),
    "torch.nn.functional.softsign": _of(F.softsign),
    "torch.nn.functional.tanhshrink": _of(F.tanhshrink),
    "torch.nn.functional.relu6": _of(F.relu6, complex=False),
    "torch.nn.functional.selu": _of(F.selu, complex=False),
    "torch.nn.functional.celu": _of(F.celu, alpha=0.7, complex=False),
    "torch.celu": _of(torch.celu, alpha=0.7, complex=False),
    "torch.selu": _of(torch.selu, complex=False),
    "torch.threshold": _of(torch.threshold, threshold=0.1, value=2.0, complex=False),
    "torch.rrelu": _of(torch.rrelu, complex=False),
    "torch.rsub": [
        Sample(lambda x, y: torch.rsub(x, y, alpha=2), A, ROW, complex=True),
        Sample(lambda x: torch.rsub(x, 2), A, complex=True),
    ],
    # complex numbers
    "torch.real": [Sample(torch.real, A, complex=True), Sample(lambda x: (x * (1 + 2j)).t().real, A, complex=True)],
    "torch.imag": [Sample(lambda x: torch.imag(x * (1 + 2j)), A, complex=True)],
    "torch.resolve_conj": [Sample(lambda x: torch.resolve_conj(x.conj()) * x, A, complex=True)],
    "torch.resolve_neg": [Sample(lambda x: torch.resolve_neg(x) * x, A, complex=True)],
    "torch.adjoint": [
        Sample(torch.adjoint, A, complex=True),
        Sample(lambda x: torch.adjoint(x) @ x, CUBE, complex=True),
    ],
    "Tensor.H": [Sample(lambda x: x.H @ x, A, complex=True)],
    "Tensor.mH": [Sample(lambda x: x.mH @ x, CUBE, complex=True)],
    "Tensor.T": [Sample(lambda x: x.T @ x, A, complex=True)],
    "torch.detach": [_flat(lambda x: x.detach(), A), _flat(torch.detach, A)],
    # shapes
    "Tensor.expand_as": [Sample(lambda x, y: x.expand_as(y) * y, ROW, A, complex=True)],
    "Tensor.view_as": [Sample(lambda x, y: x.view_as(y.t()) * y.t(), A, B, complex=True)],
    "Tensor.reshape_as": [Sample(lambda x, y: x.t().reshape_as(y) * y, A, B, complex=True)],
    "Tensor.sum_to_size": [
        Sample(lambda x: x.sum_to_size(3), CUBE[:, :, 0], complex=True),
        Sample(lambda x: x.sum_to_size(1, 4), CUBE, complex=True),
        Sample(lambda x: x.sum_to_size(2, 3), A),
    ],
    "torch.broadcast_tensors": [Sample(torch.broadcast_tensors, A, ROW, NUMBER, complex=True)],
    "torch.broadcast_to": [Sample(lambda x: torch.broadcast_to(x, (2, 2, 3)), A, complex=True)],
    "torch.atleast_1d": [Sample(torch.atleast_1d, NUMBER, A, complex=True), Sample(torch.atleast_1d, NUMBER)],
    "torch.atleast_2d": [Sample(torch.atleast_2d, NUMBER, ROW, CUBE, complex=True)],
    "torch.atleast_3d": [Sample(torch.atleast_3d, NUMBER, ROW, A, CUBE, complex=True)],
    "torch.ravel": [
        Sample(lambda x: x.t().ravel(), A, complex=True),
        Sample(torch.ravel, A),
        Sample(torch.ravel, NONE),
    ],
    "torch.flatten": [Sample(lambda x: torch.flatten(x.mT, 1), CUBE, complex=True), Sample(torch.flatten, NUMBER)],
    "torch.unflatten": [Sample(lambda x: torch.unflatten(x, -1, (2, 2)), CUBE, complex=True)],
    "torch.reshape": [Sample(lambda x: torch.reshape(x.mT, (4, -1)), CUBE, complex=True)],
    "torch.swapaxes": [Sample(lambda x: torch.swapaxes(x, 0, -1), CUBE, complex=True)],
    "torch.swapdims": [Sample(lambda x: torch.swapdims(x, 0, 1), CUBE, complex=True)],
    "torch.movedim": [Sample(lambda x: torch.movedim(x, (0, 1), (-1, 0)), CUBE, complex=True)],
    "Tensor.mT": [Sample(lambda x: x.mT, CUBE, complex=True)],
    # parts, joined and repeated
    "torch.tensor_split": [
        Sample(lambda x: torch.tensor_split(x, 3, -1), CUBE, complex=True),
        Sample(lambda x: torch.tensor_split(x, (1, 2), 1), CUBE),
    ],
    "torch.hsplit": [Sample(lambda x: torch.hsplit(x, (1,)), A, complex=True)],
    "torch.vsplit": [Sample(lambda x: torch.vsplit(x, 2), A, complex=True)],
    "torch.dsplit": [Sample(lambda x: torch.dsplit(x, 2), CUBE, complex=True)],
    "torch.chunk": [Sample(lambda x: torch.chunk(x, 3, 2), CUBE, complex=True)],
    "torch.split_with_sizes": [Sample(lambda x: torch.split_with_sizes(x, (1, 2), 1), A, complex=True)],
    "torch.narrow": [Sample(lambda x: torch.narrow(x, 1, 1, 2), A, complex=True)],
    "torch.diagflat": [Sample(lambda x: torch.diagflat(x, -1), A, complex=True)],
    "Tensor.__reversed__": [Sample(lambda x: reversed(x), A, complex=True)],
    "Tensor.__iter__": [Sample(lambda x: tuple(row * row for row in x), A, complex=True)],
    "torch.hstack": [Sample(lambda x, y: torch.hstack((x, y)), A, SQUARE[:2], complex=True)],
    "torch.vstack": [Sample(lambda x, y: torch.vstack((x, y)), A, ROW, complex=True)],
    "torch.dstack": [Sample(lambda x, y: torch.dstack((x, y)), A, CUBE[:, :, :2], complex=True)],
    "torch.column_stack": [Sample(lambda x, y: torch.column_stack((x, y)), TALL, TALL[:, 0].copy(), complex=True)],
    "torch.meshgrid": [
        Sample(lambda x, y: torch.meshgrid(x, y, indexing="ij"), ROW, TALL[:, 0].copy(), complex=True),
        Sample(lambda x, y: torch.meshgrid([x, y], indexing="xy"), ROW, NUMBER),
    ],
    "torch.cartesian_prod": [Sample(torch.cartesian_prod, ROW, ROW[:2], complex=True)],
    "torch.combinations": [
        Sample(torch.combinations, ROW, complex=True),
        Sample(lambda x: torch.combinations(x, 2, with_replacement=True), ROW),
    ],
    "torch.tile": [Sample(lambda x: torch.tile(x, (2, 1, 2)), A, complex=True)],
    "torch.repeat_interleave": [
        Sample(lambda x: torch.repeat_interleave(x, 2), A, complex=True),
        Sample(lambda x: torch.repeat_interleave(x, 2, 1), A, complex=True),
        Sample(lambda x: torch.repeat_interleave(x, torch.tensor([2, 0, 1]), 1), A, complex=True),
    ],
    "torch.fliplr": _of(torch.fliplr, A),
    "torch.flipud": _of(torch.flipud, A),
    "torch.kron": [Sample(torch.kron, A, SQUARE[:2], complex=True), Sample(torch.kron, ROW, A)],
    "torch.take_along_dim": [
        Sample(lambda x, i: torch.take_along_dim(x, i, 1), A, np.array([[2, 0], [1, 1]]), complex=True)
    ],
    "torch.select": [Sample(lambda x: torch.select(x, -1, 1), A, complex=True)],
    "torch.embedding": [Sample(lambda w, i: torch.embedding(w, i), SQUARE, np.array([[0, 2], [2, 1]]))],
    "torch.constant_pad_nd": [Sample(lambda x: torch.constant_pad_nd(x, (1, -1), 2.0), A, complex=True)],
    # products
    "torch.mm": [Sample(torch.mm, A, SQUARE, complex=True)],
    "torch.mv": [Sample(torch.mv, A, ROW, complex=True)],
    "torch.matmul": [Sample(torch.matmul, SQUARES, ROW, complex=True), Sample(torch.matmul, A, SQUARE)],
    "torch.dot": [Sample(torch.dot, ROW, ROW * ROW + 1, complex=True)],
    "torch.outer": [Sample(torch.outer, ROW, TALL[:, 0].copy(), complex=True)],
    "torch.inner": [
        Sample(torch.inner, A, CUBE.transpose(0, 2, 1).copy(), complex=True),
        Sample(torch.inner, NUMBER, A),
    ],
    "torch.cross": [
        Sample(lambda x, y: torch.cross(x, y, dim=-1), A, B, complex=True),
        Sample(lambda x, y: torch.cross(x, y, dim=1), CUBE, numbers(2, 3, 4, seed=13)),
    ],
    "torch.tensordot": [
        Sample(lambda x, y: torch.tensordot(x, y, 1), A, SQUARE, complex=True),
        Sample(lambda x, y: torch.tensordot(x, y, ([1, 0], [0, 1])), A, TALL[:3], complex=True),
        Sample(lambda x, y: torch.tensordot(x, y, 0), ROW, A),
    ],
    "torch.einsum": [
        Sample(lambda x, y: torch.einsum("ij,jk->ik", x, y), A, SQUARE, complex=True),
        Sample(lambda x, y: torch.einsum("bij,kj->bki", x, y), SQUARES, A, complex=True),
        Sample(lambda x: torch.einsum("ii->i", x), SQUARE, complex=True),
        Sample(lambda x: torch.einsum("...ii", x), SQUARES),
        Sample(lambda x, y: torch.einsum("i,j", x, y), ROW, ROW + 0.3),
        Sample(lambda x, y, z: torch.einsum("ij,jk,k->i", x, y, z), A, SQUARE, ROW, complex=True),
    ],
    "torch.chain_matmul": [Sample(_quiet(torch.chain_matmul), A, SQUARE, SQUARE + 0.3, complex=True)],
    "torch.linalg.multi_dot": [
        Sample(lambda x, y, z: torch.linalg.multi_dot((x, y, z)), ROW, SQUARE, SQUARE[:, 0].copy(), complex=True)
    ],
    "torch.linalg.vecdot": [Sample(torch.linalg.vecdot, A, ROW, complex=True)],
    "torch.matrix_power": [
        *[Sample(lambda x, n=n: torch.matrix_power(x, n), REGULAR, complex=True, label=f"{n}") for n in (3, 0, -2)],
        Sample(lambda x: torch.matrix_power(x, 2), SQUARES),
    ],
    "torch.bilinear": [
        Sample(torch.bilinear, A, TALL[:2], numbers(2, 3, 2, seed=14), ROW[:2]),
        Sample(F.bilinear, A, TALL[:2], numbers(2, 3, 2, seed=14), complex=True),
    ],
    "torch.rnn_tanh_cell": [Sample(torch.rnn_tanh_cell, A, A[:, :2], numbers(2, 3, seed=21), SQUARE[:2, :2], ROW[:2])],
    "torch.rnn_relu_cell": [Sample(torch.rnn_relu_cell, A, A[:, :2], numbers(2, 3, seed=21), SQUARE[:2, :2])],
    "torch.lstm_cell": [
        Sample(
            lambda x, h, c, *weights: torch.lstm_cell(x, (h, c), *weights),
            A,
            A[:, :1],
            B[:, :1],
            numbers(4, 3, seed=22),
            numbers(4, 1, seed=23),
            numbers(4, seed=24),
        )
    ],
    "torch.gru_cell": [
        Sample(torch.gru_cell, A, A[:, :1], numbers(3, 3, seed=22), numbers(3, 1, seed=23), ROW, ROW + 1),
        Sample(torch.gru_cell, A, A[:, :1], numbers(3, 3, seed=22), numbers(3, 1, seed=23)),
    ],
    "torch.norm_except_dim": [
        *[Sample(lambda x, d=d: torch.norm_except_dim(x, 2, d), A, label=f"{d}") for d in (0, 1, -1)],
        Sample(lambda x: torch.norm_except_dim(x, 3), POSITIVE),
    ],
    "torch.inverse": [Sample(torch.inverse, REGULAR, complex=True)],
    "torch.slogdet": [Sample(torch.slogdet, REGULAR, complex=True)],
    "torch.cholesky": [
        Sample(_quiet(lambda x: torch.cholesky(x @ x.mH + torch.eye(3, dtype=x.dtype))), REGULAR, complex=True)
    ],
    "torch.nn.functional.scaled_dot_product_attention": [
        Sample(F.scaled_dot_product_attention, CUBE, CUBE[:, :2] + 0.1, CUBE[:, 1:] * 0.5),
        Sample(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), CUBE, CUBE + 0.1, CUBE * 0.5),
        Sample(
            lambda q, k, v: F.scaled_dot_product_attention(q, k, v, like(q, SQUARE), scale=0.7), CUBE, CUBE + 0.1, CUBE
        ),
        Sample(
            lambda q, k, v: F.scaled_dot_product_attention(q, k, v, torch.tensor([[True, False], [True, True]])),
            A,
            B,
            A * 0.5,
            label="masked",
        ),
    ],
    # norms and distances
    "torch.linalg.norm": [
        Sample(torch.linalg.norm, A, complex=True),
        Sample(lambda x: torch.linalg.norm(x, 3, -1), A, complex=True),
        Sample(lambda x: torch.linalg.norm(x, 1), A),
    ],
    "torch.linalg.matrix_norm": [
        Sample(torch.linalg.matrix_norm, CUBE, complex=True),
        Sample(lambda x: torch.linalg.matrix_norm(x, float("inf")), CUBE, complex=True),
        Sample(lambda x: torch.linalg.matrix_norm(x, -1, (0, 2), keepdim=True), CUBE),
    ],
    "torch.linalg.vector_norm": [Sample(lambda x: torch.linalg.vector_norm(x, 3, 0), A, complex=True)],
    "torch.nn.functional.normalize": [
        Sample(F.normalize, A, complex=True),
        Sample(lambda x: F.normalize(x, 3, 0), A),
    ],
    "torch.cosine_similarity": [
        Sample(torch.cosine_similarity, A, B),
        Sample(lambda x, y: torch.cosine_similarity(x, y, -1), A, ROW),
    ],
    "torch.pairwise_distance": [
        Sample(torch.pairwise_distance, A, B, complex=True),
        Sample(lambda x, y: torch.pairwise_distance(x, y, 3, keepdim=True), A, ROW),
    ],
    # reductions and statistics
    "torch.nanmean": [Sample(torch.nanmean, A), Sample(lambda x: torch.nanmean(x, -1, True), CUBE)],
    "torch.cov": [
        Sample(torch.cov, CUBE[0], complex=True),
        Sample(lambda x: torch.cov(x, correction=0, fweights=torch.tensor([1, 2, 1, 3])), CUBE[0]),
        Sample(lambda x: torch.cov(x, aweights=like(x, [0.5, 1.0, 2.0, 0.3])), CUBE[0]),
    ],
    "torch.corrcoef": [Sample(torch.corrcoef, CUBE[0], complex=True)],
    "torch.diff": [
        Sample(torch.diff, A, complex=True),
        Sample(lambda x, y: torch.diff(x, 2, 0, prepend=y), SQUARE, ROW[None], complex=True),
    ],
    "torch.trapezoid": [
        Sample(torch.trapezoid, A, complex=True),
        Sample(lambda y, x: torch.trapezoid(y, x, dim=0), SQUARE, ROW),
    ],
    "torch.cumulative_trapezoid": [
        Sample(torch.cumulative_trapezoid, A, complex=True),
        Sample(torch.cumulative_trapezoid, SQUARE, ROW),
    ],
    "torch.quantile": [
        Sample(lambda x: torch.quantile(x, 0.3), A),
        Sample(lambda x, q: torch.quantile(x, q, -1), CUBE, np.array([0.2, 0.45])),
    ],
    "torch.nanquantile": [Sample(lambda x: torch.nanquantile(x, 0.3, 1, keepdim=True), A)],
    "torch.msort": [Sample(torch.msort, SQUARE)],
    "torch.max": [
        Sample(torch.max, A),
        Sample(lambda x: torch.max(x, 1)[0], A),
        Sample(lambda x, y: torch.max(x, y), A, B),
    ],
    "torch.min": [Sample(lambda x: torch.min(x, 0)[0], A), Sample(lambda x, y: torch.min(x, y), A, B)],
    # normalization and losses
    "torch.rms_norm": [
        Sample(lambda x, w: torch.rms_norm(x, (3,), w), A, ROW, complex=True),
        Sample(lambda x: F.rms_norm(x, (3, 4), eps=0.1), CUBE),
    ],
    "torch.softmax": [Sample(lambda x: torch.softmax(x, 0), A)],
    "torch.log_softmax": [Sample(lambda x: torch.log_softmax(x, 1), A)],
    "torch.nn.functional.softmax": [Sample(lambda x: F.softmax(x, -1), CUBE)],
    "torch.nn.functional.softmin": [Sample(lambda x: F.softmin(x, 1), CUBE)],
    "torch.nn.functional.log_softmax": [Sample(lambda x: F.log_softmax(x, 0), A)],
    "torch.nn.functional.gumbel_softmax": [
        Sample(_seeded(lambda x: F.gumbel_softmax(x, 0.7)), A, label="drawn"),
        Sample(_seeded(lambda x: F.gumbel_softmax(x, hard=True).detach() * x), A, label="drawn hard"),
    ],
    "torch.nn.functional.l1_loss": _losses(F.l1_loss, A, B, complex=True),
    "torch.nn.functional.kl_div": [
        *_losses(_quiet(F.kl_div), A, UNIT),
        *_losses(_quiet(F.kl_div), A, np.log(UNIT), log_target=True),
        Sample(lambda x, y: F.kl_div(x, y, reduction="batchmean"), A, UNIT),
    ],
    "torch.nn.functional.poisson_nll_loss": [
        *_losses(F.poisson_nll_loss, A, POSITIVE),
        *_losses(F.poisson_nll_loss, POSITIVE, POSITIVE + 1.2, log_input=False, full=True),
    ],
    "torch.nn.functional.gaussian_nll_loss": [
        *_losses(F.gaussian_nll_loss, A, B, POSITIVE),
        *_losses(F.gaussian_nll_loss, A, B, POSITIVE[:, :1].copy(), full=True),
    ],
    "torch.nn.functional.hinge_embedding_loss": _losses(
        lambda x, **k: F.hinge_embedding_loss(x, like(x, SIGNS), **k), A, margin=1.3
    ),
    "torch.nn.functional.margin_ranking_loss": _losses(
        lambda x, y, **k: F.margin_ranking_loss(x, y, like(x, SIGNS), **k), A, B, margin=0.3
    ),
    "torch.nn.functional.cosine_embedding_loss": _losses(
        lambda x, y, **k: F.cosine_embedding_loss(x, y, like(x, SIGN_ROW), **k), A, B, margin=-0.9
    ),
    "torch.nn.functional.triplet_margin_loss": [
        *_losses(F.triplet_margin_loss, A, B, SQUARE[:2] + 0.2, margin=4.0, complex=True),
        *_losses(F.triplet_margin_loss, A, B, SQUARE[:2] + 0.2, margin=4.0, p=3.0, swap=True),
    ],
    "torch.nn.functional.triplet_margin_with_distance_loss": _losses(
        F.triplet_margin_with_distance_loss,
        A,
        B,
        SQUARE[:2] + 0.2,
        margin=4.0,
        distance_function=_distances,
        complex=True,
    ),
    "torch.nn.functional.multilabel_soft_margin_loss": [
        *_losses(F.multilabel_soft_margin_loss, A, UNIT),
        Sample(lambda x, y: F.multilabel_soft_margin_loss(x, y, like(x, [0.5, 1.0, 2.0])), A, UNIT),
    ],
    "torch.nn.functional.cross_entropy": [
        Sample(lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), A, np.array([2, 0]))
    ],
    # convolutions
    "torch.conv3d": [Sample(torch.conv3d, *CONVOLVED, complex=True)],
    "torch.conv_transpose1d": [
        Sample(torch.conv_transpose1d, CUBE, numbers(3, 2, 2, seed=17), complex=True),
    ],
    "torch.conv_transpose3d": [Sample(torch.conv_transpose3d, *CONVOLVED, complex=True)],
    # pooling and sizes
    "torch.max_pool1d": [Sample(lambda x: torch.max_pool1d(x, 2), CUBE)],
    "torch.max_pool2d": [Sample(lambda x: torch.max_pool2d(x, 2, 1), CUBE)],
    "torch.max_pool3d": [Sample(lambda x: torch.max_pool3d(x[None], 2, 1), CUBE)],
    "torch.adaptive_max_pool1d": [Sample(lambda x: torch.adaptive_max_pool1d(x, 2)[0], CUBE)],
    **{
        f"torch.nn.functional.{kind}_pool{n}d_with_indices": [
            Sample(_first(getattr(F, f"{kind}_pool{n}d_with_indices"), 2), x)
        ]
        for kind in ("max", "adaptive_max")
        for n, x in ((1, CUBE), (2, CUBE), (3, CUBE[None]))
    },
    **{
        f"torch.nn.functional.lp_pool{n}d": [Sample(lambda x, f=f: f(x, 3, 2), x)]
        for n, f, x in (
            (1, F.lp_pool1d, POSITIVE_CUBE),
            (2, F.lp_pool2d, POSITIVE_CUBE),
            (3, F.lp_pool3d, POSITIVE_CUBE[None]),
        )
    },
    **{
        f"torch.nn.functional.fractional_max_pool{n}d_with_indices": [
            Sample(lambda x, f=f, s=s, size=size: f(x, 1, size, _random_samples=like(x, s))[0], x)
        ]
        for n, f, x, size, s in (
            (2, F.fractional_max_pool2d_with_indices, CUBE, 2, np.full((1, 2, 2), 0.6)),
            (3, F.fractional_max_pool3d_with_indices, CUBE[None], (1, 2, 2), np.full((1, 1, 3), 0.6)),
        )
    },
    "torch.nn.functional.local_response_norm": [Sample(lambda x: F.local_response_norm(x, 2, 0.1), CUBE)],
    "torch.nn.functional.upsample": [Sample(_quiet(lambda x: F.upsample(x, 5, mode="linear")), CUBE)],
    # made from numbers, or in the likeness of a tensor
    "Tensor.fill_diagonal_": [
        Sample(lambda x: x.clone().fill_diagonal_(2), A, complex=True),
        Sample(lambda x: x.clone().fill_diagonal_(2, wrap=True), TALL),
        Sample(lambda x, y: (x * 1)[:, 1:].fill_diagonal_(y) * y, SQUARE, NUMBER, label="through a view"),
    ],
    "Tensor.new": [Sample(lambda x: x.new(2, 3).zero_() + x, A, complex=True)],
    "Tensor.new_empty": [Sample(lambda x: x.new_empty(2, 3).zero_() + x, A, complex=True)],
    "Tensor.new_ones": [Sample(lambda x: x.new_ones(2, 3) * x, A, complex=True)],
    "Tensor.new_zeros": [Sample(lambda x: x.new_zeros(2, 3) + x, A, complex=True)],
    "Tensor.new_full": [Sample(lambda x: x.new_full((2, 3), 2.0) * x, A, complex=True)],
    "Tensor.new_tensor": [Sample(lambda x: x.new_tensor([1.0, 2.0, 3.0]) * x, A, complex=True)],
    "torch.ones_like": [Sample(lambda x: torch.ones_like(x) * x, A, complex=True)],
    "torch.zeros_like": [Sample(lambda x: torch.zeros_like(x) + x, A, complex=True)],
    **{
        f"torch.{name}": [Sample(_seeded(lambda x, f=f: f(x) * x), A, label="drawn")]
        for name, f in (("rand_like", torch.rand_like), ("randn_like", torch.randn_like))
    },
    "torch.randint_like": [Sample(_seeded(lambda x: torch.randint_like(x, 9) * x), A, label="drawn")],
    "torch.multinomial": [_flat(_seeded(lambda x: torch.multinomial(x, 2)), POSITIVE, label="drawn")],
    "torch.binomial": [_flat(_seeded(lambda n, p: torch.binomial(n, p)), np.floor(POSITIVE * 5), UNIT, label="drawn")],
    "torch.full_like": [Sample(lambda x: torch.full_like(x, 2.0) * x, A, complex=True)],
    # no derivative
    **{
        f"torch.{name}": [_flat(_named(f"torch.{name}"), A, B), _flat(_named(f"torch.{name}"), COUNTS, SHIFTS)]
        for name in ("eq", "ne", "lt", "le", "gt", "ge", "isclose", "logical_and", "logical_or", "logical_xor")
    },
    **{
        f"torch.{name}": [_flat(_named(f"torch.{name}"), COUNTS, SHIFTS)]
        for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift")
    },
    **{f"torch.{name}": [_flat(_named(f"torch.{name}"), COUNTS, SHIFTS + 1)] for name in ("gcd", "lcm")},
    **{
        f"torch.{name}": [_flat(_named(f"torch.{name}"), A), _flat(_named(f"torch.{name}"), COUNTS)]
        for name in "isnan isinf isfinite isneginf isposinf isreal signbit logical_not argsort".split()
    },
    "torch.bitwise_not": [_flat(torch.bitwise_not, COUNTS)],
    "Tensor.__invert__": [_flat(lambda x: ~x, COUNTS)],
    "torch.bucketize": [_flat(lambda x: torch.bucketize(x, torch.tensor([-1.0, 0.0, 1.0])), A)],
    "torch.nonzero": [_flat(torch.nonzero, COUNTS)],
    "torch.argwhere": [_flat(torch.argwhere, COUNTS)],
    "torch.nn.functional.one_hot": [_flat(lambda i: F.one_hot(i, 7), COUNTS)],
    **_dropped(),
    **_converted(),
}
