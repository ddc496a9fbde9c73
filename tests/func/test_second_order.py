"""`hvp`, `hessian_diagonal` and `laplacian`."""

import numpy as np
import pytest

import rushlight as torch
from rushlight.func import grad, hessian, hessian_diagonal, hvp, jacrev, jvp, laplacian, vmap

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
V = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy() if isinstance(b, torch.Tensor) else b, rtol=1e-12)


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def mixed(x):
    """Elements mix, so that no single product with the Hessian has its diagonal."""
    return (x[0] * x[1] ** 2 * x[2] ** 3).sin() + (x**4).sum()


# -- products with the Hessian ------------------------------------------------------------------------------------------


def test_product_is_that_of_the_hessian():
    for f in (mixed, rosenbrock, lambda x: (x**3).sum(), lambda x: x.sum(), lambda x: x.new_ones(())):
        (product,) = hvp(f, (X,), (V,))
        close(product, hessian(f)(X) @ V)
        assert not product.requires_grad


def test_product_over_several_arguments_and_trees():
    def f(a, tree):
        return (a * tree["b"][0]).sum() ** 2 + (tree["b"][1] ** 3).sum() * a[0]

    a, tree = X, {"b": [2 * X, torch.tensor(1.5).double()]}
    va, vt = V, {"b": [-V, torch.tensor(2.0).double()]}
    pa, pt = hvp(f, (a, tree), (va, vt))
    blocks = hessian(f, argnums=(0, 1))(a, tree)
    expected = blocks[0][0] @ va + blocks[0][1]["b"][0] @ vt["b"][0] + blocks[0][1]["b"][1] * vt["b"][1]
    close(pa, expected)
    row = blocks[1]["b"][1]
    close(pt["b"][1], row[0] @ va + row[1]["b"][0] @ vt["b"][0] + row[1]["b"][1] * vt["b"][1])
    assert isinstance(pt["b"], list) and pt["b"][0].shape == (3,)


def test_argnums_name_what_is_differentiated():
    labels = torch.tensor([0, 2, 1])

    def f(w, labels):
        return torch.nn.functional.cross_entropy(torch.outer(w, w), labels)

    product = hvp(f, (X, labels), V, argnums=0)
    close(product, hessian(f)(X, labels) @ V)
    (last,) = hvp(lambda a, b: f(b, a), (labels, X), (V,), argnums=(-1,))
    close(last, product)


def test_aux_of_a_product():
    (product,), aux = hvp(lambda x: ((x**3).sum(), {"twice": 2 * x}), (X,), (V,), has_aux=True)
    close(product, 6 * X * V)
    close(aux["twice"], 2 * X)


def test_products_nest_and_have_a_history():
    v = torch.stack([V, 2 * V, X])
    rows = vmap(lambda v: hvp(mixed, (X,), (v,))[0])(v)
    close(rows, v @ hessian(mixed)(X))
    third = jvp(lambda x: hvp(lambda x: (x**4).sum(), (x,), (V,))[0], (X,), (V,))[1]
    close(third, 24 * X * V * V)
    close(grad(lambda x: hvp(lambda x: (x**4).sum(), (x,), (V,))[0].sum())(X), 24 * X * V)
    x = X.clone().requires_grad_()
    hvp(lambda x: (x**3).sum(), (x,), (V,))[0].sum().backward()
    close(x.grad, 6 * V)


def test_wrong_arguments_of_a_product():
    f = rosenbrock
    for call, error, message in [
        (lambda: hvp(f, X, V), RuntimeError, "hvp.*Expected primals to be a tuple"),
        (lambda: hvp(f, (X,), V), RuntimeError, r"same python structure, got \(\*,\) and \*"),
        (lambda: hvp(f, (X,), (V[:2],)), RuntimeError, "different size"),
        (lambda: hvp(f, (X,), (1.0,)), RuntimeError, "hvp.*Expected tangents to only contain Tensors"),
        (lambda: hvp(f, (X,), (V,), argnums=1), RuntimeError, "argnum=1, but only 1"),
        (lambda: hvp(f, (X.long(),), (V,)), RuntimeError, "floating point"),
        (lambda: hvp(torch.sin, (X,), (V,)), RuntimeError, "scalar"),
        (
            lambda: hvp(lambda x: x.abs().sum(), (X * 1j,), (V * 1j,)),
            RuntimeError,
            "hvp: Expected all primals to be real",
        ),
    ]:
        with pytest.raises((error, ValueError), match=message):
            call()


# -- the diagonal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk_size", [None, 1, 2, 3, 7])
def test_diagonal_is_exact_where_elements_mix(chunk_size):
    for f in (mixed, rosenbrock, lambda x: x.sum(), lambda x: x.new_ones(())):
        close(hessian_diagonal(f, chunk_size=chunk_size)(X), hessian(f)(X).diagonal())


@pytest.mark.parametrize("chunk_size", [None, 1, 2, 4, 5, 100])
def test_diagonal_over_trees(chunk_size):
    def f(x, tree):
        return (x.sum() * tree["a"].prod() + tree["b"][0] ** 3 * x[0, 1] ** 2).sin() + (tree["b"][1] ** 2).sum()

    x = torch.arange(6.0).double().reshape(2, 3) / 5
    tree = {"a": V, "b": (torch.tensor(0.7).double(), torch.zeros(0).double())}
    dx, dt = hessian_diagonal(f, argnums=(0, 1), chunk_size=chunk_size)(x, tree)
    full = hessian(f, argnums=(0, 1))(x, tree)
    close(dx, full[0][0].reshape(6, 6).diagonal().reshape(2, 3))
    close(dt["a"], full[1]["a"][1]["a"].diagonal())
    close(dt["b"][0], full[1]["b"][0][1]["b"][0])
    assert dt["b"][1].shape == (0,)
    close(hessian_diagonal(f, 1, chunk_size=chunk_size)(x, tree)["a"], dt["a"])


def test_diagonal_keeps_dtypes_and_an_infinite_element_to_itself():
    d = hessian_diagonal(lambda t: (t[0] ** 2).sum() + (t[1] ** 2).sum())((torch.ones(2), X))
    assert [t.dtype for t in d] == [torch.float32, torch.float64]
    d = hessian_diagonal(lambda x: (x**1.5).sum())(torch.tensor([0.0, 1.0]))
    assert d.tolist() == [float("inf"), 0.75]


def test_diagonal_with_aux_under_transforms_and_with_a_history():
    d, aux = hessian_diagonal(lambda x: ((x**3).sum(), x + 1), has_aux=True)(X)
    close(d, 6 * X)
    close(aux, X + 1)
    rows = torch.stack([X, 2 * X])
    close(vmap(hessian_diagonal(mixed))(rows), torch.stack([hessian(mixed)(row).diagonal() for row in rows]))
    close(jacrev(hessian_diagonal(lambda x: (x**4).sum()))(X), torch.diag(24 * X))
    close(jvp(hessian_diagonal(lambda x: (x**4).sum()), (X,), (V,))[1], 24 * X * V)
    w = X.clone().requires_grad_()
    hessian_diagonal(lambda x: (x**3 * w).sum())(X).sum().backward()
    close(w.grad, 6 * X)


def test_the_function_is_called_once():
    calls = []
    hessian_diagonal(lambda x: (calls.append(1), mixed(x))[1], chunk_size=1)(X)
    assert len(calls) == 1


def test_wrong_arguments_of_the_diagonal():
    with pytest.raises(ValueError, match="hessian_diagonal: `chunk_size` should be greater than 0"):
        hessian_diagonal(mixed, chunk_size=0)
    with pytest.raises(RuntimeError, match="hessian_diagonal: Expected all inputs to be real"):
        hessian_diagonal(lambda x: x.abs().sum())(X * 1j)
    with pytest.raises(RuntimeError, match="scalar"):
        hessian_diagonal(torch.sin)(X)


# -- the Laplacian ------------------------------------------------------------------------------------------------------


def test_laplacian():
    close(laplacian(mixed)(X), hessian(mixed)(X).diagonal().sum())
    value, aux = laplacian(lambda a, b: ((a * b).sum() ** 2, a), argnums=(0, 1), has_aux=True, chunk_size=2)(X, V)
    close(value, 2 * (V**2).sum() + 2 * (X**2).sum())
    close(aux, X)


def test_harmonic_functions_at_many_points():
    points = torch.linspace(-1, 1, 10).double().reshape(5, 2) + 0.05
    found = vmap(laplacian(lambda p: p[0].exp() * p[1].sin() + (p**2).sum().log()))(points)
    np.testing.assert_allclose(found.numpy(), 0, atol=1e-10)  # log|p| is harmonic in two dimensions


def test_a_loss_with_a_laplacian_inside_can_be_trained_on():
    w = torch.tensor([0.3, -0.2], dtype=torch.float64, requires_grad=True)
    points = torch.linspace(-1, 1, 6).double().reshape(3, 2)
    residual = vmap(laplacian(lambda p: (w @ p).exp()))(points)
    residual.sum().backward()
    close(residual, (w**2).sum() * (points @ w).exp())
    e = (points @ w.detach()).exp()
    close(w.grad, 2 * w.detach() * e.sum() + (w.detach() ** 2).sum() * (e[:, None] * points).sum(0))
