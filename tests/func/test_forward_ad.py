"""`torch.autograd.forward_ad`."""

import numpy as np
import pytest

import rushlight as torch
import rushlight.autograd.forward_ad as fwAD

X = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
V = torch.tensor([1.0, 10.0, 100.0], dtype=torch.float64)


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy() if isinstance(b, torch.Tensor) else b)


def test_tangents_go_with_values():
    with fwAD.dual_level():
        x = fwAD.make_dual(X, V)
        y = fwAD.unpack_dual(x.sin() * X)
        close(y.primal, X.sin() * X)
        close(y.tangent, X.cos() * V * X)
        assert fwAD.unpack_dual(X).tangent is None
        assert fwAD.unpack_dual(x.detach()).tangent is None


def test_tangents_are_gone_after_the_level():
    with fwAD.dual_level():
        y = fwAD.make_dual(X, V) * 2
    assert fwAD.unpack_dual(y) == (y, None)
    assert repr(y) == "tensor([2., 4., 6.], dtype=torch.float64)"


def test_repr():
    with fwAD.dual_level():
        assert repr(fwAD.make_dual(torch.ones(1), torch.zeros(1))) == "tensor([1.], tangent=tensor([0.]))"


def test_forward_over_reverse_and_reverse_over_forward():
    x = X.clone().requires_grad_()
    with fwAD.dual_level():
        dual = fwAD.make_dual(x, V)
        assert dual.requires_grad and not dual.is_leaf
        y = (dual**3).sum()
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        close(g, 3 * X**2)
        close(fwAD.unpack_dual(g).tangent, 6 * X * V)
        tangent = fwAD.unpack_dual(y).tangent
        tangent.backward()
        close(x.grad, 6 * X * V)
        assert not x.grad.requires_grad
        x.grad = None
        (dual**3).sum().backward()
        close(x.grad, 3 * X**2)


def test_writing_in_place():
    with fwAD.dual_level():
        dual = fwAD.make_dual(X, V)
        out = torch.zeros(2, 3, dtype=torch.float64)
        out[1] = dual * 2
        close(fwAD.unpack_dual(out).tangent, np.stack([np.zeros(3), 2 * V.numpy()]))
        out[0].copy_(dual * 3)
        column = out[:, 1]
        column.mul_(2)
        close(fwAD.unpack_dual(out).tangent, np.array([[3, 60, 300], [2, 40, 200]]))
        close(fwAD.unpack_dual(column).tangent, np.array([60, 40]))


def test_a_module_with_dual_parameters():
    layer = torch.nn.Linear(3, 2, dtype=torch.float64)
    with fwAD.dual_level(), torch.no_grad():
        duals = {n: fwAD.make_dual(p, torch.ones_like(p)) for n, p in layer.named_parameters()}
        y = torch.func.functional_call(layer, duals, X)
        close(fwAD.unpack_dual(y).tangent, np.full(2, X.sum().item() + 1))


def test_enter_and_exit():
    assert fwAD.enter_dual_level() == 0
    with pytest.raises(RuntimeError, match="Nested forward mode AD is not supported at the moment"):
        fwAD.enter_dual_level()
    fwAD.exit_dual_level()

    @fwAD.dual_level()
    def f():
        return fwAD.unpack_dual(fwAD.make_dual(X, V)).tangent

    close(f(), V)


def test_transforms_inside_a_level():
    with fwAD.dual_level():
        x = fwAD.make_dual(X, V)
        close(fwAD.unpack_dual(torch.func.vmap(lambda x: x * x)(x)).tangent, 2 * X * V)
        g = torch.func.grad(lambda x: (x**3).sum())(x)
        close(fwAD.unpack_dual(g).tangent, 6 * X * V)
        with pytest.raises(NotImplementedError, match="inside a function transform"):
            torch.func.vmap(lambda x: fwAD.unpack_dual(x).primal)(x)


def dual_of(*args):
    with fwAD.dual_level():
        return fwAD.make_dual(*args)


def twice():
    with fwAD.dual_level():
        return fwAD.make_dual(fwAD.make_dual(X, V), V)


ERRORS = [
    (lambda: fwAD.make_dual(X, V), RuntimeError, "Trying to create a dual Tensor for forward AD but no level exists"),
    (lambda: dual_of(X.long(), V), ValueError, "Expected primal to be floating point or complex, but got: torch.int64"),
    (
        lambda: dual_of(X, V.long()),
        ValueError,
        "Expected tangent to be floating point or complex, but got: torch.int64",
    ),
    (lambda: dual_of(X, V[:2]), RuntimeError, "Trying to set a forward gradient that has a different size"),
    (twice, RuntimeError, "that already has a forward gradient at the same level 0"),
    (lambda: fwAD.exit_dual_level(), RuntimeError, "Dual level must be a positive number"),
    (lambda: fwAD.exit_dual_level(level=3), RuntimeError, "not the last one that was created"),
    (lambda: fwAD.unpack_dual(X, level=3), RuntimeError, "Invalid level given"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS, ids=lambda p: p if isinstance(p, str) else "")
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
