"""Linear algebra beside the generated tests: what is refused, what fails in one matrix of a batch, and degenerate cases."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops import cholesky, lu, qr, triangular

RNG = np.random.default_rng(0)


def random(*shape: int, dtype: str = "float64") -> torch.Tensor:
    x = RNG.standard_normal(shape)
    if dtype.startswith("complex"):
        x = x + 1j * RNG.standard_normal(shape)
    return torch.tensor(x.astype(dtype))


# -- one matrix of a batch --------------------------------------------------------------------------------------------


def test_singular_matrices_of_a_batch_are_nan_and_the_others_right() -> None:
    A = torch.stack([torch.eye(3) * 2, torch.zeros(3, 3), torch.eye(3)])
    inverse, info = torch.linalg.inv_ex(A)
    assert info.tolist() == [0, 1, 0]
    assert inverse[1].isnan().all() and torch.equal(inverse[0], torch.eye(3) / 2)
    with pytest.raises(
        torch.linalg.LinAlgError, match=r"linalg.inv: \(Batch element 1\): The diagonal element 1 is zero"
    ):
        torch.linalg.inv(A)
    solution, info = torch.linalg.solve_ex(A, torch.ones(3, 2))
    assert solution.shape == (3, 3, 2) and info.tolist() == [0, 1, 0] and solution[1].isnan().all()
    factor, info = torch.linalg.cholesky_ex(A - 1.5 * torch.eye(3))
    assert info.tolist() == [0, 1, 1] and factor[1:].isnan().all() and not factor[0].isnan().any()


def test_not_converging() -> None:
    x = torch.full((2, 3, 3), float("nan"))
    with pytest.raises(torch.linalg.LinAlgError, match=r"\(Batch element 0\): The algorithm failed to converge"):
        torch.linalg.svdvals(x)


# -- triangular systems -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 5, 32, 33, 100])
@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("unitriangular", [True, False])
def test_triangular_systems(n: int, upper: bool, left: bool, unitriangular: bool) -> None:
    A = random(2, n, n) / n + 2 * torch.eye(n, dtype=torch.float64)
    B = random(2, n, 3) if left else random(2, 3, n)
    X = torch.linalg.solve_triangular(A, B, upper=upper, left=left, unitriangular=unitriangular)
    T = A.triu() if upper else A.tril()
    if unitriangular:
        T = T - T.diagonal(0, -2, -1).diag_embed() + torch.eye(n, dtype=T.dtype)
    assert torch.allclose(T @ X if left else X @ T, B)


@pytest.mark.parametrize("n", [3, 40])
def test_a_zero_on_the_diagonal_divides_by_zero(n: int) -> None:
    A = torch.eye(n)
    A[1, 1] = 0
    X = torch.linalg.solve_triangular(A, torch.ones(n, 1), upper=True)
    assert X[1].item() == float("inf") and X[2:].eq(1).all()


# -- decompositions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (2, 3, 3), (0, 3), (3, 0), (0, 2, 2)])
def test_factors_give_the_matrix_again(shape: tuple[int, ...], dtype: str) -> None:
    A = random(*shape, dtype=dtype)
    k = min(shape[-2:])
    Q, R = torch.linalg.qr(A)
    assert torch.allclose(Q @ R, A) and torch.equal(R, R.triu())
    U, S, Vh = torch.linalg.svd(A)
    assert torch.allclose((U[..., :k] * S.unsqueeze(-2)) @ Vh[..., :k, :], A)
    P, L, U = torch.linalg.lu(A)
    assert torch.allclose(P @ L @ U, A)
    assert torch.allclose(A @ torch.linalg.pinv(A) @ A, A)
    if shape[-2] >= shape[-1]:
        assert torch.allclose(torch.linalg.householder_product(*torch.geqrf(A)), Q)


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_eigenvectors(dtype: str) -> None:
    A = random(2, 4, 4, dtype=dtype)
    values, vectors = torch.linalg.eig(A)
    assert torch.allclose(A.to(vectors.dtype) @ vectors, vectors * values.unsqueeze(-2))
    values, vectors = torch.linalg.eigh(A)
    lower = A.tril()
    hermitian = lower + lower.tril(-1).mH
    diagonal = hermitian.diagonal(0, -2, -1)
    hermitian = hermitian - (diagonal - (diagonal.real if A.is_complex() else diagonal)).diag_embed()
    assert torch.allclose(hermitian @ vectors, vectors * values.unsqueeze(-2))


@pytest.mark.parametrize("rank", [2, 3])
def test_decompositions_of_low_rank(rank: int) -> None:
    torch.manual_seed(0)
    A = random(2, 8, rank) @ random(2, rank, 6)
    for M in (A, A.mT):
        U, S, V = torch.svd_lowrank(M, q=rank)
        assert torch.allclose(U * S.unsqueeze(-2) @ V.mT, M)
        assert torch.allclose(S, torch.linalg.svdvals(M)[..., :rank])
    U, S, V = torch.pca_lowrank(A, q=rank)
    assert torch.allclose(U * S.unsqueeze(-2) @ V.mT, A - A.mean(-2, keepdim=True))
    U, S, V = torch.svd_lowrank(A, q=rank, M=A * 0.5)
    assert torch.allclose(U * S.unsqueeze(-2) @ V.mT, A * 0.5)


def test_equal_values_have_no_derivative_of_vectors_but_one_of_themselves() -> None:
    for values, vectors in (
        (torch.linalg.eigvalsh, lambda x: torch.linalg.eigh(x)[1]),
        (torch.linalg.svdvals, lambda x: torch.linalg.svd(x)[0]),
    ):
        x = torch.eye(3, requires_grad=True)
        vectors(x).sum().backward()
        assert x.grad.isnan().all()
        x = torch.eye(3, requires_grad=True)
        values(x).sum().backward()
        assert torch.equal(x.grad, torch.eye(3))


# -- refused derivatives ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: torch.linalg.eig(x)[1], "linalg_eig_backward: The eigenvectors in the complex case"),
        (lambda x: torch.linalg.eigh(x + x.mH)[1], "linalg_eigh_backward: The eigenvectors in the complex case"),
        (lambda x: torch.linalg.svd(x)[0], "svd_backward: The singular vectors in the complex case"),
        (lambda x: torch.linalg.svd(x)[2], "svd_backward: The singular vectors in the complex case"),
    ],
)
def test_a_loss_may_not_depend_on_the_phase(function, message: str) -> None:
    x = random(3, 3, dtype="complex128").requires_grad_()
    with pytest.raises(RuntimeError, match=message):
        function(x).real.sum().backward()


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda x: torch.linalg.qr(x, "r")[1], RuntimeError, "The derivative of linalg.qr depends on Q"),
        (lambda x: torch.linalg.qr(x, "complete")[1], RuntimeError, "not differentiable when mode='complete'"),
        (lambda x: torch.geqrf(x)[0], NotImplementedError, "the derivative for 'geqrf' is not implemented"),
    ],
)
def test_no_derivative(function, error: type[Exception], message: str) -> None:
    x = random(4, 3).requires_grad_()
    with pytest.raises(error, match=message):
        function(x).sum().backward()
    if function(x).grad_fn.name() != "GeqrfBackward0":
        with pytest.raises(error, match=message):
            torch.func.jvp(function, (x.detach(),), (x.detach(),))


# -- what else is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["lu(A)", "linalg.lu(A)", "linalg.ldl_factor(A)", "matrix_exp(A)"])
def test_without_scipy_the_extra_is_named(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.linalg", None)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ImportError, match=r"needs SciPy, which is not installed: pip install 'rushlight\[scipy\]'"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            eval(f"torch.{call}", {"torch": torch, "A": torch.eye(2)})


def test_a_singular_matrix_has_no_ldl_factor_to_solve_with() -> None:
    with pytest.raises(torch.linalg.LinAlgError, match="torch.linalg.ldl_factor: The diagonal element 1 of D is zero"):
        torch.linalg.ldl_factor(torch.zeros(2, 2))


@pytest.mark.parametrize(
    ("warn", "call"),
    [
        (cholesky._warn_of_cholesky, lambda A: torch.cholesky(A)),
        (lu._warn_of_lu, lambda A: torch.lu(A)),
        (lu._warn_of_lu_solve, lambda A: torch.lu_solve(A, A, torch.tensor([1, 2], dtype=torch.int32))),
        (qr._warn_of_qr, lambda A: torch.qr(A)),
        (triangular._warn_of_triangular_solve, lambda A: torch.triangular_solve(A, A)),
    ],
)
def test_older_names_warn_once(warn, call) -> None:
    warn.cache_clear()
    with pytest.warns(UserWarning, match="is deprecated in favor of torch.linalg"):
        call(torch.eye(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call(torch.eye(2))


@pytest.mark.filterwarnings("ignore:torch.*is deprecated")
def test_older_names_do_what_the_newer_do() -> None:
    A, B = random(2, 3, 3), random(2, 3, 4)
    factors = torch.linalg.lu_factor_ex(A)
    for ours, theirs in (
        (torch.lu(A), factors[:2]),
        (A.lu(get_infos=True), factors),
        ((torch.lu_solve(B, *factors[:2]),), (torch.linalg.solve(A, B),)),
        (torch.qr(B), torch.linalg.qr(B)),
        (torch.qr(B.mT, some=False), torch.linalg.qr(B.mT, "complete")),
        (torch.triangular_solve(B, A), (torch.linalg.solve_triangular(A, B, upper=True), A)),
        (torch.triangular_solve(B, A, upper=False, transpose=True)[:1], (torch.linalg.solve(A.tril().mT, B),)),
        (torch.triangular_solve(B, A[0])[1:], (A[:1].expand(2, 3, 3),)),
    ):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs):
            assert torch.allclose(a, b)


def test_tolerances_are_given_once() -> None:
    with pytest.raises(TypeError, match="invalid combination of arguments"):
        torch.linalg.pinv(torch.eye(2), 0.1, rtol=0.1)
    with pytest.raises(TypeError, match="invalid combination of arguments"):
        torch.linalg.matrix_rank(torch.eye(2), 0.1, atol=0.1)
