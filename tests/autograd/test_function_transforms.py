"""Custom functions inside transforms: what they give is what ordinary operations give."""

import gc
import weakref

import numpy as np
import pytest

import rushlight as torch
import rushlight.autograd.forward_ad as fw
from rushlight.autograd import Function
from tests.autograd.custom_functions import custom, functions, ordinary, transformations

CUSTOM, ORDINARY, TRANSFORMATIONS = custom(torch), ordinary(torch), transformations(torch)


@pytest.mark.parametrize("name", CUSTOM)
@pytest.mark.parametrize("transformation", TRANSFORMATIONS)
def test_as_ordinary_operations(transformation, name):
    transform = TRANSFORMATIONS[transformation]
    ours, theirs = transform(CUSTOM[name]).detach().numpy(), transform(ORDINARY[name]).detach().numpy()
    assert np.abs(theirs).max() > 0 or (name, "jac" in transformation) == ("sort", True)
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-11)


class Square(Function):
    """As in the classic form: ``forward`` fills the context."""

    @staticmethod
    def forward(ctx, x):
        result = x * x
        ctx.twice = 2 * x
        ctx.save_for_backward(x, result)
        ctx.save_for_forward(x, result)
        return result

    @staticmethod
    def backward(ctx, g):
        x, _ = ctx.saved_tensors
        return 2 * x * g

    @staticmethod
    def jvp(ctx, x_t):
        twice = ctx.twice
        del ctx.twice  # as PyTorch's documentation does
        x, result = ctx.saved_tensors
        assert torch.equal(result, x * x)
        return twice * x_t if twice is None else 2 * x * x_t


def test_context_filled_by_forward_serves_forward_mode_by_hand():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    v = torch.tensor([3.0, 5.0], dtype=torch.float64)
    with fw.dual_level():
        y = Square.apply(fw.make_dual(x, v))
        primal, tangent = fw.unpack_dual(y)
        (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        g, g_t = fw.unpack_dual(g)
    assert torch.equal(primal, x * x)
    assert torch.equal(tangent, 2 * x * v)
    assert torch.equal(g, 2 * x)
    assert torch.equal(g_t, 2 * v)  # forward over reverse: what was saved has a tangent
    (over,) = torch.autograd.grad(tangent.sum(), x)
    assert torch.equal(over, 2 * v)  # reverse over forward: the rule was recorded


def test_forward_runs_once():
    calls = []

    class Noted(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            calls.append(tuple(x.shape))
            return x * 2

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def backward(ctx, g):
            return g * 2

        @staticmethod
        def jvp(ctx, x_t):
            return x_t * 2

    x = torch.ones(3)
    torch.vmap(lambda r: torch.func.jvp(torch.func.grad(lambda a: Noted.apply(a).sum()), (r,), (r,)))(torch.ones(4, 3))
    assert calls == [(3,)]  # one example's shape, once for all
    calls.clear()
    torch.func.jvp(lambda a: torch.func.jvp(Noted.apply, (a,), (a,))[1], (x,), (x,))
    assert calls == [(3,)]


def test_combined_form_works_in_reverse_mode():
    class Double(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    assert torch.func.grad(lambda x: Double.apply(x).sum())(torch.ones(2)).tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="it must override the setup_context staticmethod"):
        torch.vmap(Double.apply)(torch.ones(2))


def test_other_name_of_backward():
    class Exp(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x.exp()

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output)

        @staticmethod
        def vjp(ctx, g):
            return g * ctx.saved_tensors[0]

    x = torch.linspace(0, 1, 4)
    assert torch.equal(torch.vmap(torch.func.grad(Exp.apply))(x), x.exp())
    assert torch.equal(torch.func.grad(lambda x: torch.vmap(Exp.apply)(x).sum())(x), x.exp())


def test_nested_containers_pass_through():
    class Sum(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x, parts, scale):
            return (x + parts["a"]) * scale, [x * 2, "text"]

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.scale = inputs[2]

        @staticmethod
        def backward(ctx, g, _):
            return g * ctx.scale, None, None

        @staticmethod
        def jvp(ctx, x_t, *_):
            return x_t * ctx.scale, None

    x, a = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])
    total, (twice, text) = torch.vmap(lambda x, a: Sum.apply(x, {"a": a}, 3), out_dims=(0, [0, None]))(x, a)
    assert (total.tolist(), twice.tolist(), text) == ([33.0, 66.0], [2.0, 4.0], "text")
    assert torch.vmap(torch.func.grad(lambda x, a: Sum.apply(x, {"a": a}, 3)[0]))(x, a).tolist() == [3.0, 3.0]
    value, tangent = torch.func.jvp(lambda x: Sum.apply(x, {"a": a}, 3)[0], (x,), (x,))
    assert (value.tolist(), tangent.tolist()) == ([33.0, 66.0], [3.0, 6.0])


@pytest.mark.parametrize("randomness", ["same", "different"])
def test_random_numbers_of_a_generated_rule(randomness):
    class Noise(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            mask = torch.rand(3) < 0.5
            return x * mask, mask

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output[1])
            ctx.mark_non_differentiable(output[1])

        @staticmethod
        def backward(ctx, g, _):
            return g * ctx.saved_tensors[0]

    x = torch.ones(8, 3, requires_grad=True)
    y, mask = torch.vmap(Noise.apply, randomness=randomness)(x)
    y.sum().backward()
    assert torch.equal(x.grad, mask.to(x.dtype))
    assert bool((mask == mask[0]).all()) == (randomness == "same")
    with pytest.raises(RuntimeError, match="called random operation while in randomness error mode"):
        torch.vmap(Noise.apply)(x)


def test_once_differentiable_inside_transforms():
    from rushlight.autograd.function import once_differentiable

    class Double(Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x * 2

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            return g * 2

    x = torch.ones(2)
    assert torch.vmap(torch.func.grad(lambda x: Double.apply(x)))(x).tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="trying to differentiate twice a function that was marked"):
        torch.vmap(torch.func.grad(lambda x: torch.func.grad(lambda y: Double.apply(y) ** 2)(x)))(x)


def test_wrong_size_from_vmap_is_refused():
    class Wrong(functions(torch).Mul):
        @staticmethod
        def vmap(info, in_dims, a, b):
            return a[:1] * b[:1], 0

    with pytest.raises(RuntimeError, match=r"out_dim=0, but there are 4 examples"):
        torch.vmap(Wrong.apply)(torch.ones(4), torch.ones(4))


def test_dirty_arguments_are_refused():
    class Dirty(Function):
        @staticmethod
        def forward(x):
            return x.mul_(2)

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.mark_dirty(inputs[0])

        @staticmethod
        def backward(ctx, g):
            return g * 2

        @staticmethod
        def jvp(ctx, x_t):
            return x_t * 2

    class Generated(Dirty):
        generate_vmap_rule = True

    x = torch.ones(2)
    assert torch.func.grad(lambda x: Dirty.apply(x.clone()).sum())(x).tolist() == [2.0, 2.0]
    with pytest.raises(NotImplementedError, match="mark_dirty inside a transform"):
        torch.func.jvp(lambda x: Dirty.apply(x.clone()), (x,), (x,))
    with pytest.raises(NotImplementedError, match="mark_dirty with generate_vmap_rule"):
        torch.vmap(lambda x: Generated.apply(x.clone()))(x)


def test_nothing_is_kept_alive():
    f = functions(torch)
    gc.collect()
    gc.disable()
    try:
        x = torch.ones(4, dtype=torch.float64, requires_grad=True)
        y = torch.vmap(lambda x: f.Cube.apply(x)[0])(x)
        node = weakref.ref(y.grad_fn)
        y.sum().backward()
        torch.vmap(torch.func.grad(lambda x: f.Exp.apply(x)))(x.detach())
        torch.func.jvp(f.Exp.apply, (x.detach(),), (x.detach(),))
        del y
        assert node() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
