"""Decompositions, factorizations, inverses and systems of equations.

Signs and phases of vectors, and the order of eigenvalues of general matrices, differ from one build of LAPACK to the
next: expressions leave out what depends on them.
"""

import numpy as np

from . import Corpus, distinct, lines

_spd = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
_hermitian = _spd + 1j * np.array([[0, 0.3, -0.2], [-0.3, 0, 0.4], [0.2, -0.4, 0]])

INPUTS = {
    "v": (distinct(3, seed=1), "float64"),
    "a": (distinct(2, 3, seed=3), "float64"),
    "b": (distinct(3, 4, seed=4), "float64"),
    "u": (distinct(3, 2, seed=23), "float64"),
    "m": (distinct(3, 3, seed=9) + 3 * np.eye(3), "float64"),
    "mm": (distinct(2, 3, 3, seed=10) + 4 * np.eye(3), "float64"),
    "spd": (_spd, "float64"),
    "spds": (np.stack([_spd, _spd * 2 + np.eye(3)]), "float64"),
    "her": (_hermitian, "complex128"),
    "cm": (distinct(2, 2, seed=18) - 1j * distinct(2, 2, seed=19), "complex128"),
    "ct": (distinct(3, 2, seed=16) + 1j * distinct(3, 2, seed=17), "complex128"),
    "tau": ([0.4, 0.7, 1.1], "float64"),
    "t6": (distinct(2, 3, 6, seed=24) + 5 * np.eye(6).reshape(2, 3, 6), "float64"),
    "zero": (np.zeros((3, 3)), "float64"),
    "zeros": (np.stack([np.eye(2), np.zeros((2, 2))]), "float64"),
    "sing": ([[1.0, 2.0], [2.0, 4.0]], "float64"),
    "f": (distinct(3, 3, seed=25) + 3 * np.eye(3), "float32"),
    "h": (np.eye(2), "float16"),
    "n": ([[1, 1], [1, 0]], "int64"),
    "iv": ([1, 2, 3], "int64"),
    "tf": ([True, False], "bool"),
    "piv": ([2, 3, 3], "int32"),
    "piv2": ([1, 2], "int32"),
    "bad": ([1, 2, 9], "int32"),
    "none": (np.empty((0, 3)), "float64"),
    "wide0": (np.empty((2, 0, 3)), "float64"),
}

# Each gives a value that is differentiated, too.
SMOOTH = lines("""
    t.linalg.inv_ex(m)
    t.linalg.inv_ex(mm)
    t.linalg.solve_ex(m, b)
    t.linalg.solve_ex(m, v)
    t.linalg.solve_ex(m, a, left=False)
    t.linalg.cholesky_ex(spd)
    t.linalg.cholesky_ex(spds, upper=True)
    t.linalg.cholesky(her)
    t.linalg.solve_triangular(m, b, upper=True)
    t.linalg.solve_triangular(m, b, upper=False)
    t.linalg.solve_triangular(mm, b, upper=False, unitriangular=True)
    t.linalg.solve_triangular(m, a, upper=True, left=False)
    t.linalg.solve_triangular(cm, ct.mT, upper=True)
    t.linalg.lu_factor(m)
    t.linalg.lu_factor(mm)
    t.linalg.lu_factor(a)
    t.linalg.lu_factor(u)
    t.linalg.lu_factor_ex(cm)
    t.linalg.lu(m)
    t.linalg.lu(u)
    t.linalg.lu(b)
    t.lu_unpack(m, piv)
    t.lu_unpack(m, piv, unpack_pivots=False)
    t.linalg.lu_solve(m, piv, b)
    t.linalg.lu_solve(m, piv, b, adjoint=True)
    t.linalg.lu_solve(m, piv, a, left=False)
    t.linalg.lu_solve(cm, piv2, ct, left=False, adjoint=True)
    t.linalg.qr(m)
    t.linalg.qr(u)
    t.linalg.qr(b)
    t.linalg.qr(b, 'complete')
    t.linalg.qr(ct)
    t.linalg.eigh(spd)[0]
    t.linalg.eigh(spds)[1].abs()
    t.linalg.eigh(her)[0]
    t.linalg.eigh(her, 'U')[1].abs()
    t.linalg.eigvalsh(spd)
    t.linalg.eigvalsh(her, UPLO='u')
    t.linalg.eig(m)[1].abs()[:, :0]
    t.linalg.eigvals(m).abs().sum()
    t.linalg.eigvals(cm).abs().prod()
    t.linalg.svd(m)[1]
    t.linalg.svd(u, full_matrices=False)[0].abs()
    t.linalg.svd(a, full_matrices=False)[2].abs()
    t.linalg.svd(ct, False)[0].abs()
    t.linalg.svdvals(a)
    t.linalg.svdvals(mm)
    t.linalg.svdvals(ct)
    t.svd(a)[1]
    t.svd(ct)[2].abs()
    t.svd(a, compute_uv=False)[1]
    t.linalg.cond(m)
    t.linalg.cond(a, -2)
    t.linalg.cond(m, 'fro')
    t.linalg.cond(m, 'nuc')
    t.linalg.cond(mm, inf)
    t.linalg.cond(cm, 1)
    t.linalg.matrix_norm(m, 'nuc')
    t.linalg.matrix_norm(mm, 2, keepdim=True)
    t.linalg.matrix_norm(mm, -2, (0, 2))
    t.linalg.norm(ct, 'nuc')
    t.norm(m, 'nuc')
    t.linalg.pinv(a)
    t.linalg.pinv(u)
    t.linalg.pinv(ct)
    t.linalg.pinv(mm, atol=0.1)
    t.linalg.pinv(spd, hermitian=True)
    t.pinverse(a)
    t.linalg.lstsq(u, b[:, :2])[0]
    t.linalg.lstsq(a, v[:2])[0]
    t.linalg.lstsq(u, b, driver='gels')[1]
    t.linalg.lstsq(u, b, driver='gelsd')[0]
    t.linalg.matrix_exp(m * 0.2)
    t.matrix_exp(mm * 0.1)
    t.linalg.matrix_exp(cm * 0.1)
    t.linalg.householder_product(m, tau)
    t.linalg.householder_product(u, tau[:2])
    t.orgqr(m, tau)
    t.ormqr(m, tau, b)
    t.ormqr(m, tau, a, left=False)
    t.ormqr(m, tau, b, transpose=True)
    t.cholesky_inverse(spd).sum()
    t.cholesky_inverse(spds, upper=True).sum()
    t.cholesky_solve(b, spd).sum()
    t.cholesky_solve(b, spds, upper=True).sum()
    t.linalg.tensorinv(t6)
    t.linalg.tensorinv(m, ind=1)
    t.linalg.tensorsolve(t6, a)
    t.linalg.tensorsolve(m, v, dims=(0,))
    t.linalg.vander(v)
    t.linalg.vander(a, N=4)
    t.linalg.diagonal(mm)
    t.linalg.diagonal(m, offset=1)
""")

REFUSED = lines("""
    t.linalg.inv_ex(sing, check_errors=True)
    t.linalg.solve_ex(sing, sing, check_errors=True)
    t.linalg.cholesky_ex(-spd, check_errors=True)
    t.linalg.cholesky_ex(a)
    t.linalg.cond(v)
    t.linalg.cond(a, 1)
    t.linalg.cond(m, 'x')
    t.linalg.cond(m, 3)
    t.linalg.cond(n)
    t.linalg.cond(h)
    t.linalg.eig(v)
    t.linalg.eig(a)
    t.linalg.eig(n)
    t.linalg.eig(m * nan)
    t.linalg.eigvals(a)
    t.linalg.eigh(a)
    t.linalg.eigh(m, 'X')
    t.linalg.eigh(n)
    t.linalg.eigh(h)
    t.linalg.eigvalsh(a)
    t.linalg.householder_product(v, v)
    t.linalg.householder_product(a, v)
    t.linalg.householder_product(m, v.new_ones(4))
    t.linalg.householder_product(m, a)
    t.linalg.householder_product(m, f[0])
    t.linalg.householder_product(n, n[0])
    t.linalg.householder_product(mm, tau[None])
    t.ormqr(v, v, v)
    t.ormqr(m, v, v)
    t.ormqr(m, v.new_ones(4), m)
    t.ormqr(m, v, m.new_ones(4, 3))
    t.ormqr(m, v, f)
    t.ormqr(m, f[0], m)
    t.ormqr(m, a, m)
    t.ormqr(mm, a, m)
    t.ormqr(n, n[0], n)
    t.linalg.ldl_factor(a)
    t.linalg.ldl_factor(n)
    t.linalg.ldl_solve(m, piv2, m)
    t.linalg.ldl_solve(m, v, m)
    t.linalg.ldl_solve(a, piv, m)
    t.linalg.ldl_solve(m, piv, f)
    t.linalg.ldl_solve(m, piv, m.new_ones(4, 2))
    t.linalg.lstsq(v, v)
    t.linalg.lstsq(m, v[0])
    t.linalg.lstsq(m, v.new_ones(4))
    t.linalg.lstsq(m, v.new_ones(4, 3))
    t.linalg.lstsq(m, f)
    t.linalg.lstsq(n, n)
    t.linalg.lstsq(m, m, driver='x')
    t.linalg.lstsq(u, mm)
    t.linalg.qr(v)
    t.linalg.qr(m, 'x')
    t.linalg.qr(n)
    t.linalg.vander(v[0])
    t.linalg.vander(v, N=1)
    t.linalg.vander(tf)
    t.linalg.lu_factor(v)
    t.linalg.lu_factor(n)
    t.linalg.lu_factor(zero)
    t.linalg.lu_factor(zeros)
    t.linalg.lu_factor_ex(zero, check_errors=True)
    t.linalg.lu_factor(m, pivot=False)
    t.linalg.lu_factor(h)
    t.linalg.lu(v)
    t.linalg.lu(m, pivot=False)
    t.linalg.lu_solve(m, piv, v)
    t.linalg.lu_solve(m, iv, m)
    t.linalg.lu_solve(m, piv2, m)
    t.linalg.lu_solve(a, piv, m)
    t.linalg.lu_solve(m, piv, f)
    t.linalg.lu_solve(m, piv, m.new_ones(4, 2))
    t.linalg.lu_solve(m, piv, m.new_ones(4, 2), left=False)
    t.linalg.lu_solve(m, bad, m)
    t.linalg.lu_solve(v, piv, m)
    t.lu_unpack(m, iv)
    t.lu_unpack(m, bad)
    t.lu_unpack(v, piv)
    t.linalg.solve_triangular(m, v, upper=True)
    t.linalg.solve_triangular(v, m, upper=True)
    t.linalg.solve_triangular(a, m, upper=True)
    t.linalg.solve_triangular(n, n, upper=True)
    t.linalg.solve_triangular(m, m.new_ones(4, 2), upper=True)
    t.linalg.matrix_rank(v)
    t.linalg.matrix_rank(n)
    t.linalg.matrix_rank(m, atol=t.tensor(0.5 + 1j))
    t.linalg.matrix_rank(a, hermitian=True)
    t.linalg.pinv(v)
    t.linalg.pinv(n)
    t.linalg.pinv(h)
    t.linalg.pinv(a, hermitian=True)
    t.pinverse(v)
    t.linalg.svd(v)
    t.linalg.svd(n)
    t.linalg.svd(h)
    t.linalg.svd(m, driver='gesvd')
    t.linalg.svd(m * nan)
    t.linalg.svdvals(v)
    t.linalg.tensorinv(a)
    t.linalg.tensorinv(m, 0)
    t.linalg.tensorinv(m, 3)
    t.linalg.tensorinv(zero, 1)
    t.linalg.tensorsolve(a, v)
    t.linalg.tensorsolve(zero, v)
    t.linalg.tensorsolve(m, v, dims=(5,))
    t.cholesky_inverse(v)
    t.cholesky_inverse(a)
    t.cholesky_inverse(n)
    t.cholesky_inverse(zero)
    t.cholesky_solve(v, m)
    t.cholesky_solve(m, v)
    t.cholesky_solve(m, a)
    t.cholesky_solve(a, m)
    t.cholesky_solve(m, f)
    t.cholesky_solve(n, n)
    t.geqrf(v)
    t.geqrf(n)
    t.matrix_exp(v)
    t.matrix_exp(a)
    t.matrix_exp(n)
    t.pca_lowrank(m, q=9)
    t.pca_lowrank(m, niter=-1)
    t.linalg.diagonal(v)
    t.linalg.diagonal(m, dim1=1, dim2=1)
    t.linalg.matrix_norm(h, 2)
    t.norm(v, 'nuc')
""")

OTHERS = lines("""
    t.linalg.inv_ex(zeros)[1]
    t.linalg.solve_ex(sing, sing)[1]
    t.linalg.cholesky_ex(t.stack([spd, -spd]))[1]
    t.linalg.lu_factor_ex(zeros)
    t.linalg.lu(zero)
    t.linalg.lu_factor(none)
    t.lu_unpack(m, piv, unpack_data=False)
    t.linalg.ldl_factor(spd)
    t.linalg.ldl_factor(spds)
    t.linalg.ldl_factor(her, hermitian=True)
    t.linalg.ldl_factor_ex(zero)
    t.linalg.ldl_solve(*t.linalg.ldl_factor(spd), b)
    t.linalg.ldl_solve(*t.linalg.ldl_factor(her, hermitian=True), her, hermitian=True)
    t.linalg.qr(a, 'r')
    t.linalg.qr(none.T, 'complete')
    t.linalg.qr(none)
    t.linalg.qr(wide0)
    t.geqrf(u)
    t.geqrf(b)
    t.linalg.svd(none)
    t.linalg.svd(none.T)
    t.linalg.svd(wide0, False)
    t.linalg.svdvals(wide0)
    t.svd(a, some=False, compute_uv=False)
    t.linalg.eigvalsh(f + f.T)
    t.linalg.matrix_rank(a)
    t.linalg.matrix_rank(sing)
    t.linalg.matrix_rank(mm, atol=3.0)
    t.linalg.matrix_rank(m, 1.0, True)
    t.linalg.matrix_rank(m, tol=2.0)
    t.linalg.matrix_rank(m, rtol=v.new_tensor(0.5), hermitian=True)
    t.linalg.matrix_rank(mm, atol=v.new_tensor([1.0, 5.0]))
    t.linalg.matrix_rank(none)
    t.linalg.matrix_rank(wide0)
    t.linalg.cond(zero, 1)
    t.linalg.cond(zeros, 'fro')
    t.linalg.cond(none[:, :0])
    t.linalg.cond(f)
    t.linalg.pinv(zero)
    t.linalg.pinv(none)
    t.linalg.pinv(m, 0.5)
    t.linalg.pinv(m, rtol=v.new_tensor([0.1, 0.9]))
    t.linalg.pinv(sing)
    t.linalg.pinv(f)
    t.linalg.lstsq(u, b)
    t.linalg.lstsq(u, b, driver='gels')
    t.linalg.lstsq(u, b, driver='gelsd')
    t.linalg.lstsq(u, v, driver='gelss')
    t.linalg.lstsq(a, v[:2])
    t.linalg.lstsq(sing, sing)
    t.linalg.lstsq(none, none)
    t.linalg.lstsq(none.T, b)
    t.linalg.matrix_exp(none[:, :0])
    t.linalg.householder_product(m[:, :0], tau[:0])
    t.linalg.vander(iv)
    t.linalg.vander(iv, N=2)
    t.linalg.matrix_norm(none, 2)
    t.linalg.matrix_norm(none, 'nuc')
    t.linalg.matrix_norm(wide0, 2)
    t.linalg.svdvals(f, out=t.empty(3))
""")

# PyTorch gives what looks at one triangle a gradient by both, and overwrites what its condition numbers need again.
_NOT_COMPARED = ("cholesky_inverse", "cholesky_solve", "cond(m, 'fro')", "cond(mm, inf)", "cond(cm, 1)")
GRADIENTS = [e for e in SMOOTH if not any(part in e for part in _NOT_COMPARED)]

# Composites, where PyTorch has one operation: the last of theirs is shown.
OTHER_NODES = (
    "linalg.lu(", "lu_unpack", "lu_solve", "qr(b", "qr(a", "qr(none", "qr(wide0", "lstsq(", "householder", "orgqr",
    "ormqr", "cholesky_", "linalg.cond", "keepdim=True", "tensorinv", "tensorsolve", "ldl_factor", "ldl_solve", "triangular_solve",
    "pinv(none", "geqrf",
)  # fmt: skip

# PyTorch stumbles over its own derivative before it finds the error, or hangs a node on an empty result.
UNRECORDED = ("lu_unpack(v, piv)", "unpack_data=False", "qr(a, 'r')")

CORPUS = Corpus(INPUTS, [*SMOOTH, *REFUSED, *OTHERS], GRADIENTS, OTHER_NODES, UNRECORDED)
