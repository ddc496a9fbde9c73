"""`jacrev`, `jacfwd` and `hessian`."""

import numpy as np
import pytest

import rushlight as torch
from rushlight.func import grad, hessian, jacfwd, jacrev, vmap

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
BOTH = pytest.mark.parametrize("jacobian", [jacrev, jacfwd])


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy() if isinstance(b, torch.Tensor) else b, rtol=1e-12)


@BOTH
def test_shapes(jacobian):
    x = torch.arange(6.0).double().reshape(2, 3)
    j = jacobian(lambda x: x.t() * 2)(x)
    assert j.shape == (3, 2, 2, 3)
    close(j, 2 * torch.eye(6).double().reshape(2, 3, 2, 3).permute(1, 0, 2, 3))
    assert jacobian(lambda x: x.sum())(x).shape == (2, 3)
    assert jacobian(lambda x: x * torch.ones(4).double())(torch.tensor(1.0).double()).shape == (4,)


@BOTH
def test_empty_tensors(jacobian):
    assert jacobian(lambda x: x * 2)(torch.zeros(0).double()).shape == (0, 0)
    assert jacobian(lambda x: x[:0])(X).shape == (0, 3)


@BOTH
def test_containers_of_arguments_and_results(jacobian):
    def f(a, b):
        return {"product": a * b["b"], "sums": (a.sum(), b["c"] ** 2)}

    j = jacobian(f, argnums=(0, 1))(X, {"b": 2 * X, "c": torch.tensor(3.0).double()})
    close(j["product"][0], torch.diag(2 * X))
    close(j["product"][1]["b"], torch.diag(X))
    close(j["product"][1]["c"], np.zeros(3))
    close(j["sums"][0][0], np.ones(3))
    close(j["sums"][1][1]["c"], np.array(6.0))
    only = jacobian(f, argnums=(0,))(X, {"b": X, "c": X})
    assert isinstance(only["product"], tuple) and len(only["product"]) == 1
    close(jacobian(f)(X, {"b": X, "c": X})["product"], torch.diag(X))


@BOTH
def test_aux(jacobian):
    j, aux = jacobian(lambda x: (x**2, {"x": 3 * x}), has_aux=True)(X)
    close(j, torch.diag(2 * X))
    close(aux["x"], 3 * X)


@pytest.mark.parametrize("chunk_size", [1, 2, 3, 7])
def test_chunks(chunk_size):
    left, right = jacrev(lambda x: (x**2, x.sum()), chunk_size=chunk_size)(X)
    close(left, torch.diag(2 * X))
    close(right, np.ones(3))


@BOTH
def test_results_have_a_history_where_it_is_wanted(jacobian):
    assert not jacobian(torch.exp)(X).requires_grad
    w = X.clone().requires_grad_()
    jacobian(lambda x: x**2 * w)(X).sum().backward()
    close(w.grad, 2 * X)
    x = X.clone().requires_grad_()
    jacobian(lambda x: x**3)(x).sum().backward()
    close(x.grad, 6 * X)


@BOTH
def test_inside_of_other_transforms(jacobian):
    rows = torch.stack([X, 2 * X])
    close(vmap(jacobian(torch.sin))(rows), torch.stack([torch.diag(row.cos()) for row in rows]))
    close(grad(lambda x: jacobian(lambda x: x**3)(x).sum())(X), 6 * X)


@BOTH
def test_complex_numbers_are_refused(jacobian):
    name = jacobian.__name__
    with pytest.raises(RuntimeError, match=f"{name}: Expected all inputs to be real but received complex tensor"):
        jacobian(torch.exp)(X.to(torch.complex128))
    with pytest.raises(RuntimeError, match=f"{name}: Expected all outputs to be real but received complex tensor"):
        jacobian(lambda x: x * 1j)(X)


def test_hessian():
    def f(x, y):
        return (x**2).sum() * y**3

    y = torch.tensor(2.0).double()
    h = hessian(f, argnums=(0, 1))(X, y)
    close(h[0][0], 16 * torch.eye(3).double())
    close(h[0][1], 2 * X * 12)
    close(h[1][0], 2 * X * 12)
    close(h[1][1], 14 * 12 * np.array(1.0))
    nested = hessian(lambda p: p["a"] * p["b"] ** 2)({"a": y, "b": y})
    assert nested["a"]["b"].item() == 4.0 and nested["b"]["b"].item() == 4.0 and nested["a"]["a"].item() == 0.0


def test_randomness_in_jacfwd():
    torch.manual_seed(0)
    numbers = torch.rand(3).double()
    torch.manual_seed(0)
    close(jacfwd(lambda x: x * torch.rand(3).double(), randomness="same")(X), torch.diag(numbers))
    with pytest.raises(RuntimeError, match="randomness error mode"):
        jacfwd(lambda x: x * torch.rand(3))(X)


def test_errors():
    with pytest.raises(ValueError, match="jacrev: `chunk_size` should be greater than 0."):
        jacrev(torch.sin, chunk_size=0)
