"""`Pushforward`: the level of forward mode, and the rules that it takes from the records."""

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.forward import Dual, Pushforward, arrange, jvp, pushforward
from rushlight._core.levels import Lifted
from rushlight._core.modes import state
from rushlight._core.primitive import REGISTRY, Primitive
from rushlight._core.tensor import alias

X = torch.tensor([1.0, 2.0], dtype=torch.float64)
V = torch.tensor([1.0, 10.0], dtype=torch.float64)


@pytest.fixture
def planted():
    before = dict(REGISTRY)
    yield lambda forward, **rules: Primitive("Planted", forward, **rules)
    REGISTRY.clear()
    REGISTRY.update(before)


def same(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy())


def test_jvp_of_several_results():
    (_, b), (a_t, b_t) = jvp(lambda x: (x * x, X), (X,), (V,))
    same(a_t, 2 * X * V)
    assert b is X and not b_t.any()
    with pytest.raises(RuntimeError, match="primal and tangent must have the same shape"):
        jvp(torch.sin, (X,), (V[:1],))


def test_tensors_of_a_level_hold_their_content():
    with Pushforward() as level:
        dual = level.lift(X, V)
        assert level.content(dual) == Dual(X, V)
        assert level.content(X) is None and level.unpack(X) == Dual(X, None)
        # Whatever shares the data shares the content.
        assert level.content(alias(dual)) == Dual(X, V)
        assert type((dual * 2)._data) is Lifted
        # What is constant belongs to the level below.
        assert level.content(X * 2) is None and level.content(dual > 1) is None


def test_levels_are_left_as_they_were_entered():
    with Pushforward() as outer, Pushforward() as inner:
        assert state.interpreter is inner and inner.outer is outer and (outer.depth, inner.depth) == (1, 2)
        assert inner.below(lambda: state.interpreter) is outer
    assert state.interpreter is None and not inner.active and not outer.active


def test_levels_below_record_as_outside():
    with torch.no_grad(), Pushforward() as level:
        with torch.enable_grad():
            assert not level.below(torch.is_grad_enabled)
    with Pushforward() as level:
        assert level.below(torch.is_grad_enabled)
        with torch.no_grad():  # by the user's wish, for all
            assert not level.below(torch.is_grad_enabled)
        state.set_grad(False, None)  # by a backward pass, for its own level
        assert level.below(torch.is_grad_enabled)
        state.set_grad(True, None)


def test_history_stays_on_its_level():
    leaf = X.clone().requires_grad_()
    with Pushforward() as level:
        dual = level.lift(leaf, V)
        y = dual * leaf
        assert not y.requires_grad  # foreign tensors are constants at this level
        assert level.content(y).primal.requires_grad
        mine = level.lift(X, V)
        mine._requires_grad = True
        z = mine * leaf
        assert z.requires_grad and z.grad_fn.next_functions[1][0] is None


def test_rules_that_records_have_or_families_give(planted):
    own = planted(lambda x: x**2, vjp=lambda g, x: g * 2 * x, jvp=lambda x, x_t: 2 * x * x_t)
    factor = planted(lambda x: x**2, derivative=lambda x: 2 * x)
    of_result = planted(np.exp, derivative=lambda result: result)
    constant = planted(np.negative, derivative=(-1,))
    linear = planted(lambda x, y: x[::-1] + y, inputs="x y", vjp=(lambda g: g.flip(0), lambda g: g), family="linear")
    same(jvp(own.bind, (X,), (V,))[1], 2 * X * V)
    same(jvp(factor.bind, (X,), (V,))[1], 2 * X * V)
    same(jvp(of_result.bind, (X,), (V,))[1], X.exp() * V)
    same(jvp(constant.bind, (X,), (V,))[1], -V)
    same(jvp(lambda x: linear.bind(x, X), (X,), (V,))[1], V.flip(0))
    same(jvp(lambda x: linear.bind(X, x), (X,), (V,))[1], V)


def test_rules_name_shapes_dtypes_parameters_and_results(planted):
    seen = []

    def rule(x, x_t, x_shape, x_dtype, result, power):
        seen.append((x_shape, x_dtype, power, result))
        return x_t

    p = planted(lambda x, power: x**power, vjp=lambda g: g, jvp=rule)
    y, _ = jvp(lambda x: p.bind(x, power=3), (X,), (V,))
    assert seen == [((2,), np.float64, 3, y)]


def test_operations_without_a_derivative_have_no_tangent(planted):
    none = planted(np.sign)
    _, t = jvp(none.bind, (X,), (V,))
    assert not t.any()
    with pytest.raises(NotImplementedError, match="^Trying to use forward AD with planted that does not support it"):
        jvp(planted(lambda x: x**2, vjp=lambda g, x: g * 2 * x).bind, (X,), (V,))


def test_a_tangent_is_expanded_to_what_was_broadcast():
    (y, t) = jvp(lambda x: x + torch.ones(3, 2).double(), (X,), (V,))
    assert t.shape == y.shape
    same(pushforward(REGISTRY["Add"], (X, y), (V, None), {}, y), V.expand(3, 2))


def test_arrange():
    x = torch.arange(6.0).reshape(2, 3)
    out = arrange.bind(x, layout=(1, 2))
    same(out, x)
    assert out.stride() == (1, 2)


def test_other_threads_are_not_inside():
    from threading import Thread

    seen = []
    with Pushforward():
        thread = Thread(target=lambda: seen.append(state.interpreter))
        thread.start()
        thread.join()
    assert seen == [None]
