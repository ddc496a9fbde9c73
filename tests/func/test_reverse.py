"""`grad`, `grad_and_value` and `vjp`."""

from collections import namedtuple

import numpy as np
import pytest

import rushlight as torch
from rushlight.func import grad, grad_and_value, jvp, vjp, vmap

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
ONE = torch.tensor(1.0)


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy() if isinstance(b, torch.Tensor) else b, rtol=1e-12)


# -- gradients ----------------------------------------------------------------------------------------------------------


def test_grad():
    close(grad(lambda x: (x**3).sum())(X), 3 * X**2)


def test_grad_and_value():
    g, value = grad_and_value(lambda x: (x**2).sum())(X)
    close(g, 2 * X)
    assert value.item() == 14.0


def test_higher_derivatives():
    f = torch.sin
    x = torch.tensor(0.3, dtype=torch.float64)
    for wanted in (torch.cos(x), -torch.sin(x), -torch.cos(x), torch.sin(x)):
        f = grad(f)
        close(f(x), wanted)


def test_argnums():
    def f(a, b, c):
        return (a * b * b * c).sum()

    two, three, four = (torch.tensor(float(n)) for n in (2, 3, 4))
    assert grad(f, argnums=1)(two, three, four).item() == 2 * 2 * 3 * 4
    assert grad(f, argnums=-1)(two, three, four).item() == 18
    a, c = grad(f, argnums=(0, 2))(two, three, four)
    assert (a.item(), c.item()) == (36.0, 18.0)
    (only,) = grad(f, argnums=(1,))(two, three, four)
    assert only.item() == 48.0


def test_has_aux():
    g, (value, aux) = grad_and_value(lambda x: ((x * x).sum(), {"double": 2 * x}), has_aux=True)(X)
    close(g, 2 * X)
    assert value.item() == 14.0 and not aux["double"].requires_grad
    close(aux["double"], 2 * X)
    g, aux = grad(lambda x: (x.sum(), x), has_aux=True)(X)
    close(aux, X)
    assert not aux.requires_grad


def test_containers():
    Pair = namedtuple("Pair", "left right")
    tree = {"a": [X, (ONE, X * 2)], "b": Pair(X, ONE)}
    g = grad(lambda t: (t["a"][0] * t["a"][1][1]).sum() + t["a"][1][0] ** 2 + t["b"].left.sum() * t["b"].right)(tree)
    close(g["a"][0], 2 * X)
    close(g["a"][1][1], X)
    assert g["a"][1][0].item() == 2.0 and type(g["b"]) is Pair
    close(g["b"].left, np.ones(3))
    assert g["b"].right.item() == 6.0


def test_keyword_arguments_are_passed_on():
    close(grad(lambda x, *, power: (x**power).sum())(X, power=2), 2 * X)


def test_unused_arguments_have_zeros():
    _, b = grad(lambda a, b: a.sum(), argnums=(0, 1))(X, X)
    close(b, np.zeros(3))
    close(grad(lambda x: ONE * 3)(X), np.zeros(3))


def test_the_same_tensor_as_two_arguments():
    a, b = grad(lambda a, b: (a * b * b).sum(), argnums=(0, 1))(X, X)
    close(a, X**2)
    close(b, 2 * X**2)


def test_complex_numbers():
    z = torch.tensor(1.0 + 2.0j, dtype=torch.complex128)
    close(grad(lambda z: (z * z.conj()).real)(z), 2 * z)


# -- what is outside ------------------------------------------------------------------------------------------------------


def test_nothing_outside_is_touched():
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    grad(lambda x: (x * w).sum())(X)
    grad(lambda x: (x * x).sum())(w)
    assert w.grad is None and not X.requires_grad


def test_gradients_can_be_differentiated_outside():
    w = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
    g = grad(lambda x: (x * x * w).sum())(X)
    assert g.requires_grad
    g.sum().backward()
    close(w.grad, 2 * X)
    w.grad = None
    g = grad(lambda x: (x**3).sum())(w)
    g.sum().backward()
    close(w.grad, 6 * w)


def test_results_have_no_history_where_none_is_wanted():
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    with torch.no_grad():
        g, value = grad_and_value(lambda x: (x * x * w).sum())(X)
    assert not g.requires_grad and not value.requires_grad
    close(g, 2 * X)


def test_no_grad_inside_is_respected():
    def f(x):
        with torch.no_grad():
            c = x**2
        return (x - c).sum()

    close(grad(f)(X), np.ones(3))
    close(grad(lambda x: grad(f)(x).sum())(X), np.zeros(3))
    with torch.no_grad():
        close(grad(f)(X), np.ones(3))


def test_no_grad_around_an_inner_gradient_hides_it_from_outer_ones():
    def f(x):
        with torch.no_grad():
            c = grad(lambda y: y**3)(x)
        return c * x

    assert grad(f)(torch.tensor(2.0)).item() == 12.0
    # Also where there is a transform between the two.
    assert grad(lambda x: vmap(f)(x).sum())(torch.tensor([2.0])).item() == 12.0


def test_inplace_operations_inside():
    def f(x):
        y = x.clone()
        y[0] = y[1].clone() * 3
        y.mul_(x)
        return y.sum()

    close(grad(f)(X), np.array([6.0, 3 + 4, 6.0]))


def test_custom_functions_inside():
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            return 2 * g * ctx.saved_tensors[0]

    close(grad(lambda x: Square.apply(x).sum())(X), 2 * X)
    close(grad(lambda x: grad(lambda y: Square.apply(y).sum())(x).sum())(X), np.full(3, 2.0))


# -- levels are not confused -----------------------------------------------------------------------------------------------


def test_perturbation_confusion():
    # d/dx (x * d/dy (x + y)) is 1 everywhere; who takes the one derivative for the other says 2.
    def inner_reverse(x):
        return grad(lambda y: x + y)(ONE)

    def inner_forward(x):
        return jvp(lambda y: x + y, (ONE,), (ONE,))[1]

    for inner in (inner_reverse, inner_forward):

        def f(x, inner=inner):
            return x * inner(x)

        assert grad(f)(ONE).item() == 1.0
        assert jvp(f, (ONE,), (ONE,))[1].item() == 1.0
        assert vmap(grad(f))(ONE.reshape(1)).item() == 1.0


def test_inner_function_closes_over_outer_variable():
    # d/dx x * (d/dy x * y * y at y = x) = d/dx 2 x^3
    def f(x):
        return x * grad(lambda y: x * y * y)(x)

    x = torch.tensor(2.0)
    assert f(x).item() == 16.0
    assert grad(f)(x).item() == 24.0
    assert grad(grad(f))(x).item() == 24.0
    assert jvp(grad(f), (x,), (ONE,))[1].item() == 24.0


def test_an_inner_derivative_does_not_see_the_outer_one():
    w = torch.tensor(3.0)

    def outer(w):
        return grad(lambda x: w * x**2)(torch.tensor(2.0)) * w

    assert outer(w).item() == 36.0
    assert grad(outer)(w).item() == 24.0


# -- vector-Jacobian products ---------------------------------------------------------------------------------------------


def test_vjp_of_several_outputs():
    y, pull_back = vjp(lambda a, b: {"sum": a + b, "product": (a * b,)}, X, 2 * X)
    close(y["product"][0], 2 * X**2)
    a, b = pull_back({"sum": torch.ones(3).double(), "product": (torch.ones(3).double(),)})
    close(a, 1 + 2 * X)
    close(b, 1 + X)


def test_pull_back_again_and_again():
    _, pull_back = vjp(torch.exp, X)
    for factor in (1.0, 2.0):
        close(pull_back(torch.full((3,), factor).double())[0], factor * X.exp())


def test_pull_back_is_linear_and_can_be_differentiated():
    _, pull_back = vjp(lambda x: x**2, X)
    close(grad(lambda g: (pull_back(g)[0] ** 2).sum())(X), 8 * X**3)
    close(jvp(lambda g: pull_back(g)[0], (X,), (X,))[1], 2 * X**2)
    close(vmap(lambda g: pull_back(g)[0])(torch.eye(3).double()), np.diag(2 * X.numpy()))


def test_pull_back_records_nothing_that_nobody_asked_for():
    _, pull_back = vjp(lambda x: x.exp() * x, X)
    assert not pull_back(X)[0].requires_grad
    assert not vmap(lambda g: pull_back(g)[0])(torch.eye(3).double()).requires_grad
    g = X.clone().requires_grad_()
    assert pull_back(g)[0].requires_grad
    assert not pull_back(g, create_graph=False)[0].requires_grad


def test_vjp_with_aux_and_identity():
    _, pull_back, aux = vjp(lambda x: (x, 2 * x), X, has_aux=True)
    close(pull_back(X)[0], X)
    close(aux, 2 * X)


def test_outputs_that_do_not_depend_on_the_inputs():
    _, pull_back = vjp(lambda x: (x * 2, torch.ones(2)), X)
    close(pull_back((X, torch.ones(2)))[0], 2 * X)


# -- errors ---------------------------------------------------------------------------------------------------------------

ERRORS = [
    (lambda: grad(lambda x: x.sum())(torch.ones(3, dtype=torch.int64)), RuntimeError, "only Tensors of floating point"),
    (
        lambda: grad(lambda x: x.sum())(3.0),
        ValueError,
        "Thing passed to transform API must be Tensor, got <class 'float'>",
    ),
    (
        lambda: grad(lambda x: x * 2)(X),
        RuntimeError,
        r"grad_and_value\(f\)\(\*args\): Expected f\(\*args\) to return a scalar Tensor, got tensor with 1 dims",
    ),
    (lambda: grad(lambda x: 3)(X), RuntimeError, r"Expected f\(\*args\) to return a Tensor, got <class 'int'>"),
    (lambda: grad(lambda x: x, argnums=1)(X), RuntimeError, "Got argnum=1, but only 1 positional inputs"),
    (lambda: grad(lambda x: x, argnums=(0, 0))(X), RuntimeError, r"argnums elements must be unique, got \(0, 0\)"),
    (lambda: grad(lambda x: x, argnums=())(X), RuntimeError, "argnums must be non-empty"),
    (
        lambda: grad(lambda x: x, argnums=1.5)(X),
        RuntimeError,
        r"argnums must be int or Tuple\[int, ...\], got: <class 'float'>",
    ),
    (
        lambda: grad(lambda x: x.sum(), has_aux=True)(X),
        RuntimeError,
        r"should be a tuple: \(output, aux\) if has_aux is True",
    ),
    (
        lambda: grad(lambda x: (x.sum(), 5), has_aux=True)(X),
        RuntimeError,
        "Expected tensors, got unsupported type <class 'int'>",
    ),
    (lambda: vjp(lambda x: [], X), RuntimeError, r"non-empty output \(got output = \[\]\)"),
    (lambda: vjp(lambda x: (x, 3), X), RuntimeError, "to return only tensors, got unsupported type <class 'int'>"),
    (lambda: vjp(lambda x: x.long(), X), RuntimeError, "All outputs of f must be floating-point or complex Tensors"),
    (lambda: vjp(lambda x: x, X)[1]((X, X)), RuntimeError, r"cotangents: \(\*, \*\), primal output: \*"),
    (lambda: vjp(lambda x: x, X)[1](torch.ones(2)), RuntimeError, r"Mismatch in shape: grad_output\[0\]"),
    (
        lambda: grad(lambda x: x.add_(1).sum())(X),
        RuntimeError,
        "a leaf Variable that requires grad is being used in an in-place",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS, ids=lambda p: p if isinstance(p, str) else "")
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert (torch.tensor([1.0, 2.0, 3.0]) == X).all()


def test_recording_is_restored_after_an_error():
    def fails(x):
        raise KeyError("inside")

    with torch.no_grad(), pytest.raises(KeyError):
        grad(fails)(X)
    assert torch.is_grad_enabled()
