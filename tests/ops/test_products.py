"""Products and linear algebra: what the golden expressions cannot say."""

import warnings

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops import cholesky, products
from tests.ops.samples import numbers


def tensor(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.from_numpy(numbers(*shape, seed=seed)).to(dtype)


# -- values -----------------------------------------------------------------------------------------------------------


def test_large_products_are_not_cut_into_pieces() -> None:
    """Elementwise operations on arrays this large are shared among threads; a product must not be."""
    a = torch.from_numpy(np.random.default_rng(0).standard_normal((1100, 1100)).astype(np.float32))
    np.testing.assert_array_equal((a @ a).numpy(), a.numpy() @ a.numpy())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_narrow_floats_are_added_up_in_single_precision(dtype: torch.dtype) -> None:
    """Ten thousand ones: in 16 bits the sum would stop growing on its way."""
    ones = torch.ones(10000, dtype=dtype)
    expected = torch.tensor(10000.0, dtype=dtype)
    assert (ones @ ones).equal(expected)
    assert (ones.view(1, -1) @ ones.view(-1, 1)).view(()).equal(expected)
    assert (ones.view(1, -1) @ ones).view(()).equal(expected)
    assert torch.nn.functional.linear(ones.view(1, -1), ones.view(1, -1)).view(()).equal(expected)
    assert torch.addmm(torch.zeros(1, dtype=dtype), ones.view(1, -1), ones.view(-1, 1)).view(()).equal(expected)


def test_products_of_integers_wrap_around() -> None:
    a = torch.tensor([[200, 100]], dtype=torch.uint8)
    assert (a @ a.T).tolist() == [[(200 * 200 + 100 * 100) % 256]]


@pytest.mark.parametrize(
    ("a", "b"),
    [((4, 3), (3, 5)), ((2, 4, 3), (3, 5)), ((4, 3), (2, 3, 5)), ((2, 4, 3), (2, 3, 5)), ((2, 1, 4, 3), (5, 3, 2))],
)
def test_results_are_contiguous(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Whatever the operands' layout."""
    x = tensor(*a[::-1]).permute(*reversed(range(len(a))))
    y = tensor(*b[::-1]).permute(*reversed(range(len(b))))
    out = x @ y
    assert out.is_contiguous()
    np.testing.assert_allclose(out.numpy(), np.matmul(x.numpy(), y.numpy()), rtol=1e-6)


def test_the_gradient_of_a_weight_lies_as_the_weight_does() -> None:
    x, w, b = tensor(5, 3), tensor(4, 3, seed=1).requires_grad_(), tensor(4, seed=2).requires_grad_()
    torch.nn.functional.linear(x, w, b).sum().backward()
    assert w.grad.is_contiguous() and w.grad._data.base is None
    assert w.grad.stride() == w.stride()


def test_only_wanted_cotangents_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first layer's input wants none, and the product that would give it is the largest of all."""
    x, w = tensor(5, 3), tensor(4, 3, seed=1).requires_grad_()
    out = torch.nn.functional.linear(x, w, tensor(4))
    assert out.grad_fn.edges[0] is None and out.grad_fn.edges[2] is None
    calls = []
    plain = np.dot
    monkeypatch.setattr(np, "dot", lambda *a, **k: calls.append(a) or plain(*a, **k))
    out.sum().backward()
    assert len(calls) == 1


def test_in_place_forms_write_into_their_operand() -> None:
    out = torch.zeros(2, 2)
    view = out[0]
    assert out.addmm_(torch.eye(2), torch.ones(2, 2), alpha=2) is out
    assert view.tolist() == [2.0, 2.0]


def test_a_result_can_be_delivered() -> None:
    out = torch.empty(2, 2)
    assert torch.mm(torch.eye(2), torch.ones(2, 2), out=out) is out
    assert out.tolist() == [[1.0, 1.0], [1.0, 1.0]]


# -- errors -----------------------------------------------------------------------------------------------------------


def test_errors_say_what_to_look_at() -> None:
    with pytest.raises(
        RuntimeError, match=r"^mat1 and mat2 shapes cannot be multiplied \(4x3 and 4x2\)\n.*\[2, 2, 3\]"
    ):
        tensor(2, 2, 3) @ tensor(4, 2)
    with pytest.raises(RuntimeError, match="float != double\nConvert one of them"):
        tensor(2, 3) @ tensor(3, 2, dtype=torch.float64)


def test_operators_leave_unknown_operands_to_python() -> None:
    with pytest.raises(TypeError, match="unsupported operand type"):
        tensor(2, 2) @ 2
    with pytest.raises(TypeError, match="unsupported operand type"):
        "a" @ tensor(2, 2)


@pytest.mark.parametrize(
    ("function", "call"),
    [
        (products._warn_of_chain_matmul, lambda: torch.chain_matmul(torch.eye(2), torch.eye(2))),
        (products._warn_of_cross, lambda: torch.cross(torch.eye(3), torch.eye(3))),
        (cholesky._warn_of_cholesky, lambda: torch.cholesky(torch.eye(2))),
    ],
    ids=["chain_matmul", "cross", "cholesky"],
)
def test_deprecations_are_told_once(function, call) -> None:
    function.cache_clear()
    with pytest.warns(UserWarning, match="deprecated") as caught:
        call()
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call()


# -- contractions -----------------------------------------------------------------------------------------------------

EQUATIONS = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("bij,bjk->bki", (2, 3, 4), (2, 4, 2)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (5, 3, 2)),
    ("iij,jk,kl->l", (3, 3, 2), (2, 4), (4, 3)),
    ("abc,bd,ce->ade", (2, 3, 4), (3, 2), (4, 2)),
    ("i,j,k->kji", (2,), (3,), (4,)),
    ("ab,ab,ab->b", (2, 3), (2, 3), (2, 3)),
    ("a...,a...->...", (3, 2, 4), (3, 4)),
    ("ijk->kij", (2, 3, 4)),
    ("ijj->i", (2, 3, 3)),
    ("ij,kj,lj->ikl", (2, 3), (4, 3), (2, 3)),
    ("a,ab,abc,abcd->d", (2,), (2, 3), (2, 3, 2), (2, 3, 2, 4)),
    ("ab,ba", (2, 3), (3, 2)),
]


@pytest.mark.parametrize(("equation", "shapes"), [(e, s) for e, *s in EQUATIONS], ids=[e for e, *_ in EQUATIONS])
def test_einsum_is_numpys(equation: str, shapes: list[tuple[int, ...]]) -> None:
    arrays = [numbers(*shape, seed=i) for i, shape in enumerate(shapes)]
    ours = torch.einsum(equation, *[torch.from_numpy(a) for a in arrays])
    expected = np.einsum(equation, *arrays)
    assert ours.shape == expected.shape
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-12, atol=1e-12)


def test_chains_are_multiplied_in_the_cheapest_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """(10, 100) (100, 5) (5, 50): 7500 multiplications from the left, 75000 from the right."""
    done = []
    plain = products.mm
    monkeypatch.setattr(products, "mm", lambda a, b: done.append((*a.shape, b.shape[1])) or plain(a, b))
    torch.linalg.multi_dot([torch.ones(10, 100), torch.ones(100, 5), torch.ones(5, 50)])
    assert done == [(10, 100, 5), (10, 5, 50)]


# -- linear algebra ---------------------------------------------------------------------------------------------------


def test_what_lapack_cannot_do_is_a_linalgerror() -> None:
    assert issubclass(torch.linalg.LinAlgError, RuntimeError)
    with pytest.raises(torch.linalg.LinAlgError, match=r"\(Batch element 2\): The diagonal element 2 is zero"):
        torch.linalg.inv(torch.stack([torch.eye(2), torch.eye(2), torch.ones(2, 2)]))
    with pytest.raises(torch.linalg.LinAlgError, match="leading minor of order 2"):
        torch.linalg.cholesky(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))
    with pytest.raises(torch.linalg.LinAlgError, match="the input matrix is singular"):
        torch.linalg.solve(torch.ones(2, 2), torch.ones(2))


def test_the_determinant_of_a_singular_matrix_has_a_gradient() -> None:
    x = torch.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    torch.linalg.det(x).backward()
    np.testing.assert_allclose(x.grad.numpy(), [[4.0, -2.0], [-2.0, 1.0]], rtol=1e-6)
    zero = torch.zeros(3, 3, requires_grad=True)
    torch.linalg.det(zero).backward()
    assert zero.grad.tolist() == [[0.0] * 3] * 3


@pytest.mark.parametrize("n", range(-3, 9))
def test_powers_of_matrices(n: int) -> None:
    a = numbers(3, 3) + 2 * np.eye(3)
    np.testing.assert_allclose(
        torch.matrix_power(torch.from_numpy(a), n).numpy(), np.linalg.matrix_power(a, n), rtol=1e-9, atol=1e-12
    )
