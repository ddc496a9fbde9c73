"""Samples of decompositions, factorizations, inverses and systems of equations."""

from __future__ import annotations

import warnings

import numpy as np

import rushlight as torch

from . import Sample, numbers

L = torch.linalg
TALL, WIDE = numbers(4, 3, seed=1), numbers(3, 4, seed=2)
REGULAR = numbers(3, 3, seed=3) + np.diag([3.0, 4.5, 6.0])
REGULARS = numbers(2, 2, 2, seed=4) + np.diag([3.0, 5.0])
RIGHT, RIGHTS, VECTOR = numbers(3, 2, seed=5), numbers(2, 2, 3, seed=6), numbers(3, seed=7)
LOW_RANK = np.outer(numbers(4, seed=8), numbers(3, seed=9))
NONE = np.empty((0, 2, 2))
PIVOTS = np.array([2, 3, 3], np.int32)
TENSOR = numbers(2, 3, 6, seed=10) + 4 * np.eye(6).reshape(2, 3, 6)
TAU = numbers(3, seed=11, low=0.3, high=0.9)
KNOWN_PIVOTS = np.array([1, 2, 3], np.int32)


def hermitian(x):
    """A Hermitian matrix of distinct eigenvalues that depends on every element of ``x``."""
    return x + x.mH


def positive(x):
    return x @ x.mH + torch.eye(x.shape[-1], dtype=x.dtype)


def without_phase(values, *vectors):
    """What of a decomposition does not depend on the signs or phases of its vectors."""
    return values, *[v.abs() for v in vectors]


def quiet(function):
    def call(*args, **kwargs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)

    return call


def svd_parts(x, full_matrices=False):
    """Both matrices of vectors, turned by a phase that they share."""
    U, S, Vh = L.svd(x, full_matrices)
    k = S.shape[-1]
    return U[..., :k] @ Vh[..., :k, :], S, Vh[..., :k, :].abs()


SAMPLES: dict[str, list[Sample]] = {
    "LinalgInvEx": [Sample(lambda x: L.inv_ex(x)[0], REGULAR, complex=True), Sample(L.inv, NONE)],
    "LinalgSolveEx": [Sample(lambda a, b: L.solve_ex(a, b)[0], REGULAR, RIGHT, complex=True)],
    "LinalgCholeskyEx": [
        Sample(lambda x: L.cholesky_ex(positive(x))[0], REGULARS, complex=True),
        Sample(lambda x: L.cholesky_ex(positive(x), upper=True)[0], REGULAR, complex=True),
    ],
    "LinalgSolveTriangular": [
        Sample(lambda a, b: L.solve_triangular(a, b, upper=True), REGULAR, RIGHT, complex=True),
        Sample(lambda a, b: L.solve_triangular(a, b, upper=False), REGULARS, RIGHTS, complex=True),
        Sample(lambda a, b: L.solve_triangular(a, b, upper=False, left=False), REGULAR, TALL, complex=True),
        Sample(lambda a, b: L.solve_triangular(a, b, upper=True, left=False, unitriangular=True), REGULAR, TALL),
        Sample(lambda a, b: L.solve_triangular(a, b, upper=False, unitriangular=True), REGULAR, RIGHT, complex=True),
        Sample(
            lambda a, b: L.solve_triangular(a, b, upper=True), REGULAR, numbers(2, 3, 2, seed=12), label="broadcast"
        ),
        Sample(lambda a, b: L.solve_triangular(a, b, upper=True), NONE, NONE + 1),
    ],
    "LinalgLuFactorEx": [
        Sample(lambda x: L.lu_factor(x)[0], REGULAR, complex=True),
        Sample(lambda x: L.lu_factor_ex(x)[0], REGULARS, complex=True),
        Sample(lambda x: L.lu_factor(x)[0], TALL, complex=True),
        Sample(lambda x: L.lu_factor(x)[0], WIDE, complex=True),
    ],
    "LuPermutation": [Sample(lambda x, p: torch.lu_unpack(x, p)[0] @ x, REGULAR, PIVOTS, complex=True)],
    "LinalgLdlFactorEx": [
        Sample(lambda x: L.ldl_factor(hermitian(x))[0], REGULAR, order=0),
        Sample(lambda x: L.ldl_factor_ex(hermitian(x), hermitian=True)[0], REGULARS, order=0),
    ],
    "LinalgLdlSolve": [Sample(lambda x, p, b: L.ldl_solve(x, p, b), REGULAR, KNOWN_PIVOTS, RIGHT, order=0)],
    "LinalgQr": [
        Sample(lambda x: L.qr(x), REGULAR, complex=True),
        Sample(lambda x: L.qr(x), TALL, complex=True),
        Sample(lambda x: L.qr(x), WIDE, complex=True),
        Sample(lambda x: L.qr(x, "complete")[0], REGULARS, complex=True),
        Sample(lambda x: L.qr(x)[1], REGULARS),
    ],
    "Geqrf": [Sample(lambda x: torch.geqrf(x), TALL, order=0)],
    "LinalgEigh": [
        Sample(lambda x: without_phase(*L.eigh(hermitian(x))), REGULAR, complex=True),
        Sample(lambda x: without_phase(*L.eigh(hermitian(x), "U")), REGULARS, complex=True),
        Sample(lambda x: L.eigh(hermitian(x))[1], REGULAR, label="vectors"),
    ],
    "LinalgEigvalsh": [
        Sample(lambda x: L.eigvalsh(hermitian(x)), REGULAR, complex=True),
        Sample(lambda x: L.eigvalsh(x.detach()), REGULAR, order=0),
    ],
    "LinalgEig": [
        Sample(lambda x: without_phase(*L.eig(x)), REGULAR, complex=True),
        Sample(lambda x: without_phase(*L.eig(x)), REGULARS, complex=True),
        Sample(lambda x: without_phase(*L.eig(x)), np.array([[1.0, -2.0], [3.0, 1.5]]), label="complex pair"),
    ],
    "LinalgEigvals": [
        Sample(lambda x: L.eigvals(x), REGULAR, complex=True),
        Sample(lambda x: L.eigvals(x.detach()), REGULAR, order=0, complex=True),
    ],
    "LinalgSvd": [
        Sample(svd_parts, REGULAR, complex=True),
        Sample(svd_parts, TALL, complex=True),
        Sample(svd_parts, WIDE, complex=True),
        Sample(lambda x: svd_parts(x, True), TALL),
        Sample(lambda x: svd_parts(x, True), WIDE, complex=True),
        Sample(lambda x: L.svd(x, False)[0].abs(), TALL, complex=True, label="U"),
        Sample(lambda x: L.svd(x, False)[2].abs(), WIDE, complex=True, label="Vh"),
        Sample(svd_parts, REGULARS),
    ],
    "LinalgSvdvals": [
        Sample(lambda x: L.svdvals(x), TALL, complex=True),
        Sample(lambda x: L.svdvals(x.detach()), TALL, order=0, complex=True),
    ],
    "LinalgPinv": [
        Sample(lambda x: L.pinv(x), TALL, complex=True),
        Sample(lambda x: L.pinv(x), WIDE, complex=True),
        Sample(lambda x: L.pinv(x, rtol=torch.tensor([0.01, 0.02], dtype=torch.float64)), TALL, label="batch of rtol"),
        Sample(lambda x: L.pinv(hermitian(x), hermitian=True), REGULAR, complex=True),
        Sample(
            lambda x, y: L.pinv(x[:, None] * y), LOW_RANK[:, 0].copy(), LOW_RANK[0].copy(), complex=True, label="rank 1"
        ),
    ],
    "LinalgLstsq": [
        Sample(lambda a, b: L.lstsq(a, b)[0], TALL, numbers(4, 2, seed=13), complex=True),
        Sample(lambda a, b: L.lstsq(a, b)[0], WIDE, RIGHT, complex=True),
        Sample(lambda a, b: L.lstsq(a, b)[0], TALL, numbers(4, seed=14), label="vector"),
        Sample(lambda a, b: L.lstsq(a, b, driver="gels")[:2], TALL, numbers(4, 2, seed=15), label="residuals"),
    ],
    "LinalgMatrixExp": [
        Sample(lambda x: L.matrix_exp(x * 0.3), REGULAR, complex=True),
        Sample(lambda x: torch.matrix_exp(x * 0.3), REGULARS, complex=True),
        Sample(lambda x: L.matrix_exp(x), NONE),
    ],
    "torch.linalg.householder_product": [
        Sample(L.householder_product, TALL, TAU, complex=True),
        Sample(L.householder_product, REGULARS, TAU[:2].reshape(2, 1).copy(), complex=True),
    ],
    "torch.orgqr": [Sample(torch.orgqr, TALL, TAU, complex=True)],
    "torch.ormqr": [
        Sample(torch.ormqr, TALL, TAU, numbers(4, 2, seed=16), complex=True),
        Sample(lambda a, t, c: torch.ormqr(a, t, c, left=False, transpose=True), TALL, TAU, numbers(2, 4, seed=17)),
    ],
    "torch.linalg.lu": [
        Sample(lambda x: L.lu(x)[1:], REGULAR, complex=True),
        Sample(lambda x: L.lu(x)[1:], TALL),
        Sample(lambda x: L.lu(x)[1:], WIDE, complex=True),
    ],
    "torch.lu": [Sample(quiet(lambda x: torch.lu(x)[0]), REGULAR, complex=True)],
    "torch.lu_unpack": [Sample(lambda x, p: torch.lu_unpack(x, p)[1:], REGULAR, PIVOTS, complex=True)],
    "torch.linalg.lu_solve": [
        Sample(lambda x, p, b: L.lu_solve(x, p, b), REGULAR, PIVOTS, RIGHT, complex=True),
        Sample(lambda x, p, b: L.lu_solve(x, p, b, adjoint=True), REGULAR, PIVOTS, RIGHT, complex=True),
        Sample(lambda x, p, b: L.lu_solve(x, p, b, left=False), REGULAR, PIVOTS, TALL, complex=True),
    ],
    "torch.lu_solve": [Sample(quiet(lambda b, x, p: torch.lu_solve(b, x, p)), RIGHT, REGULAR, PIVOTS)],
    "torch.triangular_solve": [
        Sample(quiet(lambda b, a: torch.triangular_solve(b, a)[0]), RIGHT, REGULAR, complex=True),
        Sample(quiet(lambda b, a: torch.triangular_solve(b, a, False, True)), RIGHT, REGULAR),
    ],
    "torch.cholesky_solve": [
        Sample(torch.cholesky_solve, RIGHT, REGULAR, complex=True),
        Sample(lambda b, f: torch.cholesky_solve(b, f, upper=True), RIGHT, REGULAR, complex=True),
    ],
    "torch.cholesky_inverse": [
        Sample(torch.cholesky_inverse, REGULAR, complex=True),
        Sample(lambda x: torch.cholesky_inverse(x, upper=True), REGULARS),
    ],
    "torch.qr": [Sample(quiet(torch.qr), TALL, complex=True)],
    "torch.svd": [
        Sample(lambda x: without_phase(*torch.svd(x)[1:]), TALL, complex=True),
        Sample(lambda x: torch.svd(x, compute_uv=False)[1], TALL),
    ],
    "torch.pinverse": [Sample(torch.pinverse, TALL, complex=True)],
    "torch.linalg.cond": [
        *[
            Sample(lambda x, p=p: L.cond(x, p), REGULAR, complex=True, label=f"{p}")
            for p in (None, -2, "fro", "nuc", 1)
        ],
        Sample(L.cond, TALL),
    ],
    "torch.linalg.matrix_rank": [
        Sample(L.matrix_rank, TALL, order=0),
        Sample(lambda x: L.matrix_rank(x, hermitian=True), REGULAR, order=0),
    ],
    "torch.linalg.matrix_norm": [
        *[Sample(lambda x, p=p: L.matrix_norm(x, p), TALL, complex=True, label=f"{p}") for p in ("nuc", 2, -2)],
        Sample(lambda x: L.matrix_norm(x, "nuc", (0, 2), True), numbers(2, 3, 4, seed=18)),
    ],
    "torch.linalg.tensorinv": [Sample(L.tensorinv, TENSOR, complex=True)],
    "torch.linalg.tensorsolve": [Sample(L.tensorsolve, TENSOR, numbers(2, 3, seed=19), complex=True)],
    "torch.linalg.vander": [Sample(L.vander, VECTOR, complex=True), Sample(lambda x: L.vander(x, N=4), RIGHT)],
    "torch.vander": [
        Sample(torch.vander, VECTOR, complex=True),
        Sample(lambda x: torch.vander(x, 4, increasing=True), VECTOR),
        Sample(lambda x: torch.vander(x, 1), VECTOR),
    ],
    "torch.linalg.diagonal": [Sample(lambda x: L.diagonal(x, offset=1), RIGHTS, complex=True)],
    "torch.svd_lowrank": [Sample(lambda x: _of_all_parts(torch.svd_lowrank, x), TALL, order=1, label="drawn")],
    "torch.pca_lowrank": [Sample(lambda x: _of_all_parts(torch.pca_lowrank, x), TALL, order=1, label="drawn")],
}


def _of_all_parts(function, x):
    """The product of the parts, which for all of the singular values depends on no random number."""
    torch.manual_seed(0)
    U, S, V = function(x, q=3)
    return U * S @ V.mH
