"""`jvp` and `linearize`."""

import gc

import numpy as np
import pytest

import rushlight as torch
from rushlight.func import grad, jacfwd, jvp, linearize, vjp, vmap

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
V = torch.tensor([1.0, 10.0, 100.0], dtype=torch.float64)


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy() if isinstance(b, torch.Tensor) else b, rtol=1e-12)


def test_value_and_derivative():
    y, t = jvp(torch.sin, (X,), (V,))
    close(y, X.sin())
    close(t, X.cos() * V)


def test_containers_and_several_results():
    (y, _), (t, more_t) = jvp(
        lambda p, c: (p["w"] * c[0], {"sum": p["w"].sum() + c[1]}), ({"w": X}, (V, V)), ({"w": V}, (X, X))
    )
    close(y, X * V)
    close(t, V * V + X * X)
    close(more_t["sum"], V.sum() + X)


def test_aux_has_no_tangent():
    _, t, aux = jvp(lambda x: (x * x, {"x": 3 * x}), (X,), (V,), has_aux=True)
    close(aux["x"], 3 * X)
    close(t, 2 * X * V)


def test_results_that_do_not_vary_have_zeros():
    _, t = jvp(lambda x: (torch.ones(2), x.long()), (X,), (V,))
    close(t[0], np.zeros(2))
    assert t[1].dtype is torch.int64 and not t[1].any()
    with pytest.raises(RuntimeError, match="independent of the inputs"):
        jvp(lambda x: torch.ones(2), (X,), (V,), strict=True)


def test_the_same_tensor_twice_may_have_two_tangents():
    close(jvp(lambda a, b: a * b, (X, X), (V, 2 * V))[1], 3 * X * V)


def test_nested():
    def along(f):
        return lambda x: jvp(f, (x,), (torch.ones_like(x),))[1]

    f = torch.sin
    for wanted in (X.cos(), -X.sin(), -X.cos(), X.sin()):
        f = along(f)
        close(f(X), wanted)


def test_tangents_can_be_differentiated_backward():
    close(grad(lambda v: (jvp(torch.sin, (X,), (v,))[1] * X).sum())(V), X.cos() * X)
    close(grad(lambda x: jvp(torch.sin, (x,), (V,))[1].sum())(X), -X.sin() * V)
    # The direction's gradient through an inner gradient, which depends on the point alone.
    close(grad(lambda v: jvp(grad(lambda x: (x**3).sum()), (X,), (v,))[1].sum())(V), 6 * X)


def test_a_saved_result_keeps_its_tangent():
    # The rule of exp keeps the result, not the input.
    close(jvp(grad(lambda x: x.exp().sum()), (X,), (V,))[1], X.exp() * V)


def test_detach_cuts_tangents_too():
    close(jvp(lambda x: x.detach() * x, (X,), (V,))[1], X * V)
    close(jvp(lambda x: x.data * x, (X,), (V,))[1], X * V)


def test_no_grad_does_not_stop_forward_mode():
    with torch.no_grad():
        close(jvp(lambda x: x * x, (X,), (V,))[1], 2 * X * V)


def test_values_can_be_looked_at():
    def f(x):
        return x * 2 if x.sum() > 5 and x[0].item() == 1.0 else x * 3

    close(jvp(f, (X,), (V,))[1], 2 * V)


def test_history_of_outer_tensors():
    w = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
    y, t = jvp(lambda x: x * x * w, (X,), (V,))
    assert y.requires_grad and t.requires_grad
    t.sum().backward()
    close(w.grad, 2 * X * V)
    assert not jvp(lambda x: x * x, (X,), (V,))[1].requires_grad


def test_views():
    def f(x):
        y = x.reshape(3, 1).expand(3, 2).t()[1]
        return torch.stack([y.flip(0), x.view(1, 3)[0]])

    close(jvp(f, (X,), (V,))[1], np.stack([V.numpy()[::-1], V.numpy()]))


def test_a_tangent_that_lies_otherwise_in_memory():
    x = torch.arange(6.0).double().reshape(2, 3)
    v = torch.arange(6.0).double().reshape(3, 2).t()
    close(jvp(lambda x: x.view(6), (x,), (v,))[1], v.reshape(6))
    close(jvp(lambda x: x.as_strided((2, 2), (1, 2)), (x,), (v,))[1], v.contiguous().as_strided((2, 2), (1, 2)))


# -- writing in place -----------------------------------------------------------------------------------------------------


def check_inplace(f, x=X):
    """Forward mode of a function that writes, against reverse mode, which has its tests elsewhere."""
    forward = jacfwd(f)(x)
    rows = [vjp(f, x)[1](row.reshape(f(x).shape))[0] for row in torch.eye(f(x).numel()).double()]
    close(forward.reshape(-1, x.numel()), torch.stack(rows))
    assert (x == X).all()


def test_writing_over_a_computed_tensor():
    def f(x):
        y = x * 2
        y.mul_(x).add_(1)
        y += x
        return y

    check_inplace(f)


def test_writing_into_a_new_tensor():
    def f(x):
        out = torch.zeros(2, 3, dtype=torch.float64)
        out[0] = x * x
        out[1, 1:].copy_(x[:2] * 3)
        out[1, 0] = 7.0
        return out * out

    check_inplace(f)


def test_writing_through_views_and_through_the_base():
    def f(x):
        y = x.clone()
        view, other = y[1:], y.view(3, 1)
        view.mul_(3)  # seen by `other`
        y[0] = view[1].clone() * x[2]  # seen by `other` too
        other.add_(x.reshape(3, 1))  # seen by `view` and `y`
        return torch.cat([view * view, y, other.reshape(-1)])

    check_inplace(f)


def test_overwriting_with_a_constant():
    def f(x):
        y = x * x
        y[1] = 5.0
        z = y.clone()
        z.zero_()
        return torch.cat([y, z])

    check_inplace(f)


def test_second_derivatives_through_writes():
    def f(x):
        out = torch.zeros(3, dtype=torch.float64)
        out[0] = x[1] * x[2]
        out[1:] = x[:2] ** 3
        out.mul_(x)
        return out.sum()

    hessian = jacfwd(jacfwd(f))(X)
    close(hessian, jacfwd(grad(f))(X))
    close(hessian, np.array([[0, 1 + 3, 1], [4, 0 + 0, 1], [1, 1, 0]]) + _second_of_powers())


def _second_of_powers():
    # x1 * x0**3 + x2 * x1**3, less what the bilinear terms above have already counted.
    x0, x1, x2 = X.tolist()
    own = np.array([[6 * x0 * x1, 3 * x0**2, 0], [3 * x0**2, 6 * x1 * x2, 3 * x1**2], [0, 3 * x1**2, 0]])
    product = np.array([[0, x2, x1], [x2, 0, x0], [x1, x0, 0]])
    return own + product - np.array([[0, 4, 1], [4, 0, 1], [1, 1, 0]])


def test_a_leaf_outside_is_not_written_to():
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        jvp(lambda x: w.mul_(x), (X,), (V,))


# -- what escapes -----------------------------------------------------------------------------------------------------------


def test_what_escapes_is_an_ordinary_tensor_of_the_level_below():
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    kept = []
    jvp(lambda x: kept.append(x * w) or x, (X,), (V,))
    (leaked,) = kept
    assert leaked.requires_grad
    leaked.sum().backward()
    close(w.grad, X)


def test_nothing_is_kept_alive():
    gc.disable()
    try:
        import weakref

        seen = []
        jvp(lambda x: seen.append(weakref.ref(x * 2)) or x * 3, (X,), (V,))
        assert seen[0]() is None
    finally:
        gc.enable()


# -- linearize --------------------------------------------------------------------------------------------------------------


def test_linearize():
    calls = []

    def f(a, b):
        calls.append(1)
        return {"y": torch.sin(a) * b["b"], "constant": torch.ones(2)}

    y, push = linearize(f, X, {"b": V})
    for factor in (1.0, 2.0):
        t = push(factor * V, {"b": factor * X})
        close(t["y"], jvp(f, (X, {"b": V}), (factor * V, {"b": factor * X}))[1]["y"])
        close(t["constant"], np.zeros(2))
    assert len(calls) == 3  # once by linearize, twice by jvp
    close(y["y"], X.sin() * V)


def written_whole(x):
    y = x * 2
    z = y.exp()
    y.mul_(x)
    y += y
    return y * z


def written_through_a_view(x):
    y = x * 2
    every, z = y.view(-1), y.exp()
    y[0].mul_(3)
    w = y.sin()
    z.add_(y)
    y[1:] = z[:2]
    return z * w + y * every


def written_over_its_own_sum(x):
    y = x * x
    total = y.sum()
    return y.zero_().add_(total) * x


def written_into_a_constant(x):
    y = torch.zeros(2, 3, dtype=torch.float64)
    half = y[0]
    y[:, 1] = x.sum()
    y.add_(x)
    return y.exp(), half


def cut_in_place(x):
    y = x * 2
    y *= x
    return y.exp() * y.detach_()


@pytest.mark.parametrize(
    "f", [written_whole, written_through_a_view, written_over_its_own_sum, written_into_a_constant, cut_in_place]
)
def test_linearize_follows_writes_in_place(f):
    """In every direction, again and again, and inside other transforms."""

    def directed(x, v):
        return linearize(f, x)[1](v)

    def expected(x, v):
        return jvp(f, (x,), (v,))[1]

    _, push = linearize(f, X)
    for v in (V, V.cos(), V):
        for a, b in zip(torch.utils._pytree.tree_leaves(push(v)), torch.utils._pytree.tree_leaves(expected(X, v))):
            close(a, b)
    if f is written_into_a_constant:  # which vmap refuses
        return
    rows = torch.stack([X, V.sin()])
    for a, b in zip(*[torch.utils._pytree.tree_leaves(vmap(g)(rows, rows.cos())) for g in (directed, expected)]):
        close(a, b)
    for a, b in zip(*[torch.utils._pytree.tree_leaves(jacfwd(g)(X, V)) for g in (directed, expected)]):
        close(a, b)


def test_linearize_keeps_what_it_computed():
    x = X.clone()
    _, push = linearize(torch.sin, x)
    x.add_(1)
    with pytest.raises(RuntimeError, match="has been modified by an inplace operation"):
        push(V)


def test_linearized_function_is_transformed():
    _, push = linearize(lambda x: x**3, X)
    close(vmap(push)(torch.eye(3).double()), np.diag(3 * X.numpy() ** 2))
    close(grad(lambda v: push(v).sum())(V), 3 * X**2)


ERRORS = [
    (lambda: jvp(torch.sin, X, X), RuntimeError, "Expected primals to be a tuple"),
    (lambda: jvp(torch.sin, (X,), (X, X)), RuntimeError, "Expected primals and tangents to have the same python structure"),
    (lambda: jvp(torch.sin, (X,), (X[:2],)), RuntimeError, r"Tensor is of size \[3\] while the given forward gradient is of size \[2\]"),
    (lambda: jvp(torch.sin, (3.0,), (X,)), RuntimeError, "Expected primals to only contain Tensors, got <class 'float'>"),
    (lambda: jvp(torch.sin, (), ()), RuntimeError, "Expected primals to contain at least one Tensor"),
    (lambda: jvp(lambda x: 3, (X,), (X,)), RuntimeError, r"expected f\(\*primals\) to return only tensors"),
    (lambda: jvp(torch.sin, (X.long(),), (X,)), ValueError, "Expected primal to be floating point or complex, but got: torch.int64"),
    (lambda: jvp(torch.unique, (X,), (X,)), NotImplementedError, "Trying to use forward AD with _unique2"),
    (lambda: linearize(torch.sin, X)[1](X[:2]), RuntimeError, r"tangent:0 with shape torch.Size\(\[2\]\) in flattened pytree"),
    (lambda: linearize(torch.sin, X)[1](X, X), RuntimeError, "to have the same argspec as the primals"),
    (lambda: linearize(torch.sin, X)[1](X.float()), RuntimeError, "tangent:0 with dtype torch.float32"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), ERRORS, ids=lambda p: p if isinstance(p, str) else "")
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
