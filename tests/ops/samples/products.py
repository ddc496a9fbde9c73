"""Samples of products, contractions, distances and linear algebra."""

from __future__ import annotations

import math

import numpy as np

import rushlight as torch
from rushlight._ops.determinant import adjugate_p

from . import Sample, numbers

A, B, V, W = numbers(2, 3), numbers(3, 4, seed=1), numbers(3, seed=2), numbers(4, seed=3)
O = numbers(2, 4, seed=4)
P, Q = numbers(2, 2, 3, seed=5), numbers(2, 3, 2, seed=6)
ONE = numbers(1, 3, 2, seed=7)
R = numbers(2, 1, 2, 3, seed=8)
S = np.array(1.3)
# Not contiguous.
AT, PT = numbers(3, 2, seed=9).T, numbers(3, 2, 2, seed=10).transpose(1, 2, 0)
NONE, EMPTY = np.empty((0, 3)), np.empty((2, 0))
REGULAR = numbers(3, 3, seed=11) + 3 * np.eye(3)
REGULARS = numbers(2, 2, 2, seed=12) + 3 * np.eye(2)


def linear(*args):
    return torch.nn.functional.linear(*args)


def positive(x):
    """A Hermitian positive-definite matrix that depends on every element of ``x``."""
    return x @ x.mH + torch.eye(x.shape[-1], dtype=x.dtype)


SAMPLES: dict[str, list[Sample]] = {
    "Mm": [
        Sample(lambda a, b: a @ b, A, B, complex=True),
        Sample(lambda a, b: a @ b, AT, B),
        Sample(lambda a, b: a @ b, NONE, B),
        Sample(lambda a, b: a @ b.mT, EMPTY, EMPTY + 1),
        Sample(lambda a: a @ a.T, A),
    ],
    "Mv": [
        Sample(lambda a, b: a @ b, A, V, complex=True),
        Sample(lambda a, b: a @ b, AT, V),
        Sample(lambda a, b: a @ b, NONE, V),
    ],
    "Dot": [Sample(lambda a, b: a @ b, V, V * V + 1, complex=True), Sample(lambda a: a.dot(a), V)],
    "Vdot": [Sample(lambda a, b: torch.vdot(a, b), V, V * V + 1, complex=True)],
    "Bmm": [
        Sample(torch.bmm, P, Q, complex=True),
        Sample(torch.bmm, PT, Q),
        Sample(torch.bmm, P[:0], Q[:0]),
        Sample(torch.bmm, P, Q[:, :, :1]),
    ],
    "Matmul": [
        Sample(lambda a, b: a @ b, V, B, complex=True),
        Sample(lambda a, b: a @ b, V, Q, complex=True),
        Sample(lambda a, b: a @ b, P, V, complex=True),
        Sample(lambda a, b: a @ b, P, B, complex=True),
        Sample(lambda a, b: a @ b, A, Q, complex=True),
        Sample(lambda a, b: a @ b, P, ONE),
        Sample(lambda a, b: a @ b, ONE.transpose(0, 2, 1), P.transpose(0, 2, 1)),
        Sample(lambda a, b: a @ b, R, Q, complex=True),
        Sample(lambda a, b: a @ b, R, V),
        Sample(lambda a, b: a @ b, PT, B),
        Sample(lambda a, b: a @ b, P[:0], B),
    ],
    "Addmm": [
        Sample(torch.addmm, O, A, B, complex=True),
        Sample(lambda s, a, b: torch.addmm(s, a, b, beta=0.5, alpha=-2), W, A, B),
        Sample(lambda s, a, b: torch.addmm(s, a, b, beta=2), S, A, B),
        Sample(lambda s, a, b: torch.addmm(s, a, b, beta=0), O, A, B, label="beta 0"),
        Sample(
            lambda s, a, b: (
                torch.addmm(
                    s.to(torch.complex128), a.to(torch.complex128), b.to(torch.complex128), beta=1j, alpha=2 - 1j
                ).real
            ),
            O,
            A,
            B,
            label="complex factors",
        ),
    ],
    "Addmv": [
        Sample(torch.addmv, V[:2], A, V, complex=True),
        Sample(lambda s, a, b: torch.addmv(s, a, b, beta=0.5, alpha=2), S, A, V),
    ],
    "Addr": [
        Sample(torch.addr, B, V, W, complex=True),
        Sample(lambda s, a, b: torch.addr(s, a, b, beta=0.5, alpha=2), S, V, W),
    ],
    "Addbmm": [
        Sample(torch.addbmm, A[:, :2], P, Q, complex=True),
        Sample(lambda s, a, b: torch.addbmm(s, a, b, beta=0.5, alpha=2), S, P, Q),
    ],
    "Baddbmm": [
        Sample(torch.baddbmm, A[:, :2], P, Q, complex=True),
        Sample(lambda s, a, b: torch.baddbmm(s, a, b, beta=0.5, alpha=2), S, P, Q),
    ],
    "Linear": [
        Sample(linear, A, B.T, W, complex=True),
        Sample(linear, A, B.T),
        Sample(linear, AT, B.T, W),
        Sample(linear, V, B.T, W, complex=True),
        Sample(linear, V, B.T),
        Sample(linear, P, B.T, W, complex=True),
        Sample(linear, P, B.T),
        Sample(linear, NONE, B.T, W),
        Sample(lambda x: linear(x, torch.ones(2, 3, dtype=x.dtype), torch.ones(2, dtype=x.dtype)), A, label="x alone"),
        Sample(
            lambda b: linear(torch.ones(2, 3, dtype=b.dtype), torch.ones(2, 3, dtype=b.dtype), b),
            V[:2],
            label="bias alone",
        ),
    ],
    "LinalgCross": [
        Sample(torch.linalg.cross, A, A * A, complex=True),
        Sample(torch.linalg.cross, A, numbers(1, 3, seed=13)),
        Sample(lambda a, b: torch.linalg.cross(a, b, dim=0), B, B * B),
    ],
    "Cdist": [
        *[
            Sample(lambda a, b, p=p: torch.cdist(a, b, p=p), A, numbers(4, 3, seed=14), label=f"p={p}")
            for p in (1.0, 1.5, 2.0, 3.0, math.inf)
        ],
        Sample(lambda a, b: torch.cdist(a, b, compute_mode="use_mm_for_euclid_dist"), A, numbers(4, 3, seed=14)),
        Sample(torch.cdist, P, numbers(1, 3, 3, seed=15), label="broadcast"),
        Sample(torch.cdist, A, NONE),
    ],
    "LinalgInvEx": [
        Sample(torch.linalg.inv, REGULAR, complex=True),
        Sample(torch.linalg.inv, REGULARS, complex=True),
    ],
    "LinalgDet": [
        Sample(torch.linalg.det, REGULAR, complex=True),
        Sample(torch.linalg.det, REGULARS),
        Sample(torch.linalg.det, np.array([[1.0, 2.0], [2.0, 4.0]]), order=1, label="singular"),
        Sample(torch.linalg.det, np.outer(V, V) * 0.5, order=1, label="rank 1"),
    ],
    "LinalgAdjugate": [Sample(adjugate_p.bind, REGULAR, complex=True), Sample(adjugate_p.bind, REGULARS)],
    "LinalgSlogdet": [
        Sample(lambda x: torch.linalg.slogdet(x), REGULAR, complex=True),
        Sample(lambda x: torch.linalg.slogdet(x)[1], REGULARS),
        Sample(lambda x: torch.linalg.slogdet(x)[0].real, REGULARS + 1j, label="sign"),
        Sample(lambda x: torch.logdet(positive(x)).real, REGULAR, complex=True),
    ],
    "LinalgSolveEx": [
        Sample(torch.linalg.solve, REGULAR, V, complex=True),
        Sample(torch.linalg.solve, REGULAR, B, complex=True),
        Sample(torch.linalg.solve, REGULARS, A[:, :2], complex=True),
        Sample(torch.linalg.solve, REGULAR, numbers(2, 3, 2, seed=16), label="broadcast"),
        Sample(lambda a, b: torch.linalg.solve(a, b, left=False), REGULAR, A, complex=True),
        Sample(lambda a, b: torch.linalg.solve(a, b, left=False), REGULARS, numbers(3, 2, seed=17)),
    ],
    "LinalgCholeskyEx": [
        Sample(lambda x: torch.linalg.cholesky(positive(x)), REGULAR, complex=True),
        Sample(lambda x: torch.linalg.cholesky(positive(x)), REGULARS),
        Sample(lambda x: torch.linalg.cholesky(positive(x), upper=True), REGULAR, complex=True),
    ],
}
