"""`torch.utils.checkpoint`: the same gradients, with less kept for the backward pass."""

import contextlib
import gc
import weakref

import numpy as np
import pytest

import rushlight as torch
from rushlight import nn
from rushlight.utils.checkpoint import (
    CheckpointError,
    checkpoint,
    checkpoint_sequential,
    noop_context_fn,
    set_checkpoint_debug_enabled,
    set_checkpoint_early_stop,
)

BOTH = pytest.mark.parametrize("use_reentrant", [True, False])


def leaf(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def model():
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.4), nn.Linear(8, 8), nn.LayerNorm(8), nn.GELU(), nn.Dropout(0.2),
        nn.Linear(8, 2),
    ).double()  # fmt: skip


def gradients(run):
    """Of the model's parameters and of the input; and the next random number."""
    net = model()
    torch.manual_seed(2)
    x = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    y = run(net, x)
    y.square().sum().backward()
    return [t.detach().numpy() for t in (y, x.grad, *[p.grad for p in net.parameters()], torch.rand(3))]


RUNS = {
    "whole": lambda net, x, **kw: checkpoint(net, x, **kw),
    "in parts": lambda net, x, **kw: checkpoint(net[4:], checkpoint(net[:4], x, **kw), **kw),
    "segments": lambda net, x, **kw: checkpoint_sequential(net, 3, x, **kw),
    "list": lambda net, x, **kw: checkpoint_sequential(list(net), 2, x, **kw),
    "nested": lambda net, x, **kw: checkpoint(lambda x: net[4:](checkpoint(net[:4], x, **kw)), x, **kw),
    "nested twice": lambda net, x, **kw: checkpoint(
        lambda x: checkpoint(lambda x: net[3:](checkpoint(net[1:3], net[0](x), **kw)), x, **kw), x, **kw
    ),
}


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad=True")  # inside of another, in the first run
@BOTH
@pytest.mark.parametrize("run", RUNS)
def test_bitwise_the_same(run, use_reentrant):
    want = gradients(lambda net, x: net(x))
    got = gradients(lambda net, x: RUNS[run](net, x, use_reentrant=use_reentrant))
    for a, b in zip(want, got, strict=True):
        np.testing.assert_array_equal(a, b)


@BOTH
def test_random_numbers_are_drawn_anew_where_not_preserved(use_reentrant):
    x = leaf(*[1.0] * 64)
    seen = []

    def drop(x):
        seen.append(torch.nn.functional.dropout(x, 0.5))
        return seen[-1]

    checkpoint(drop, x, use_reentrant=use_reentrant, preserve_rng_state=False).sum().backward()
    if use_reentrant:
        assert not torch.equal(seen[0], seen[1])
        assert torch.equal(x.grad, seen[1])  # of the second mask
    seen.clear()
    x.grad = None
    checkpoint(drop, x, use_reentrant=use_reentrant).sum().backward()
    assert torch.equal(x.grad, seen[0])


def test_keywords_and_containers():
    x, w, b = leaf(1.0, 2.0), leaf(3.0, 4.0), leaf(5.0, 6.0)

    def function(x, pair, *, scale, options):
        w, n = pair
        return {"y": (x * w) ** n * scale * options["b"]}

    kept = checkpoint(function, x, (w, 2), scale=w, options={"b": b}, use_reentrant=False)["y"]
    got = torch.autograd.grad(kept.sum(), (x, w, b))
    want = torch.autograd.grad(function(x, (w, 2), scale=w, options={"b": b})["y"].sum(), (x, w, b))
    assert all(torch.equal(a, c) for a, c in zip(got, want))


def test_higher_derivatives():
    def function(x):
        y = (x.sin() * x.exp()).tanh()
        return (y * y).sum()

    def derivatives(f):
        x = leaf(0.3, -0.7, 1.1)
        (first,) = torch.autograd.grad(f(x), x, create_graph=True)
        (second,) = torch.autograd.grad((first * first).sum(), x, create_graph=True)
        (third,) = torch.autograd.grad(second.prod(), x)
        return first, second, third

    want = derivatives(function)
    got = derivatives(lambda x: checkpoint(function, x, use_reentrant=False))
    nested = derivatives(
        lambda x: checkpoint(lambda x: checkpoint(function, x, use_reentrant=False) * 1, x, use_reentrant=False)
    )
    assert all(torch.equal(a, b) for a, b in zip(want, got))
    assert all(torch.equal(a, b) for a, b in zip(want, nested))
    x = leaf(0.3, -0.7, 1.1)
    assert torch.autograd.gradcheck(lambda x: checkpoint(function, x, use_reentrant=False), x)
    assert torch.autograd.gradgradcheck(lambda x: checkpoint(function, x, use_reentrant=False), x)
    hessian = torch.autograd.functional.hessian
    assert torch.equal(hessian(lambda x: checkpoint(function, x, use_reentrant=False), x), hessian(function, x))


@pytest.mark.parametrize("early_stop", [True, False])
def test_backward_inside_of_the_function(early_stop):
    def residual(net, x):
        u = net(x)
        (du,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        (ddu,) = torch.autograd.grad(du.sum(), x, create_graph=True)
        return (ddu + u).square().mean()

    def gradients(run):
        torch.manual_seed(3)
        net = nn.Sequential(nn.Linear(1, 5), nn.Tanh(), nn.Linear(5, 1)).double()
        x = torch.linspace(0, 1, 4, dtype=torch.float64).reshape(4, 1).requires_grad_()
        run(net, x).backward()
        return [x.grad, *[p.grad for p in net.parameters()]]

    want = gradients(residual)
    got = gradients(lambda net, x: checkpoint(residual, net, x, use_reentrant=False, early_stop=early_stop))
    assert all(torch.allclose(a, b, rtol=1e-14, atol=1e-16) for a, b in zip(want, got, strict=True))


@pytest.mark.parametrize("saved_by_rule", [True, False])
def test_custom_functions(saved_by_rule):
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            result = x**3
            ctx.save_for_backward(*((x, result) if saved_by_rule else (x,)))
            return result

        @staticmethod
        def backward(ctx, g):
            return g * 3 * ctx.saved_tensors[0] ** 2

    x = leaf(1.0, 2.0)
    checkpoint(lambda x: Cube.apply(Cube.apply(x)), x, use_reentrant=False).sum().backward()
    assert x.grad.tolist() == [9.0, 9 * 2.0**8]


def test_several_results_in_several_passes():
    calls = []

    def function(x):
        calls.append(1)
        return x.sin(), x.exp()

    x = leaf(1.0, 2.0)
    y, z = checkpoint(function, x, use_reentrant=False)
    assert torch.equal(torch.autograd.grad(y.sum(), x)[0], x.cos())
    assert torch.equal(torch.autograd.grad(z.sum(), x, retain_graph=True)[0], x.exp())
    assert torch.equal(torch.autograd.grad(z.sum(), x)[0], x.exp())
    assert len(calls) == 4
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        torch.autograd.grad(z.sum(), x)


def test_looking_at_what_is_saved():
    x = leaf(1.0, 2.0)
    y = checkpoint(lambda x: x * x, x, use_reentrant=False)
    assert torch.equal(y.grad_fn._saved_self, x)
    assert torch.equal(y.grad_fn._saved_other, x)
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]


def runs_of(**options):
    calls = []

    def function(x):
        calls.append("a")
        y = x.sin() * x
        calls.append("b")
        return y + 1

    checkpoint(function, leaf(1.0), use_reentrant=False, **options).sum().backward()
    return "".join(calls)


def test_early_stop():
    assert runs_of() == "aba"
    assert runs_of(early_stop=False) == "abab"
    with set_checkpoint_early_stop(False):
        assert runs_of() == "abab"
        with set_checkpoint_early_stop(True):
            assert runs_of(early_stop=False) == "aba"
    # The function cannot catch what ends it.
    x = leaf(1.0)

    def careful(x):
        try:
            return x.sin()
        except Exception:  # noqa: BLE001 - as programs do
            raise AssertionError("caught") from None

    checkpoint(careful, x, use_reentrant=False).backward()
    assert torch.equal(x.grad, x.cos())


class Steps:
    """A network with many layers, and what its operations made that is still there."""

    def __init__(self):
        self.alive = []

    def __call__(self, x):
        for _ in range(4):
            x = x * 1.5
            self.alive.append(weakref.ref(x))
            x = x.sin()
        self.alive.append(weakref.ref(x))
        return x

    def count(self):
        return sum(ref() is not None for ref in self.alive)


def test_intermediate_results_are_not_kept():
    x = leaf(1.0, 2.0)
    plain, part, outer, inner = Steps(), Steps(), Steps(), Steps()
    y = plain(x)
    z = checkpoint(part, x, use_reentrant=False)
    assert (plain.count(), part.count()) == (5, 1)
    # Inside of another one, the arguments of the inner one are not kept either.
    w = checkpoint(lambda x: checkpoint(inner, outer(x), use_reentrant=False) + 1, x, use_reentrant=False)
    assert (outer.count(), inner.count()) == (0, 0)
    (z.sum() + w.sum()).backward()
    assert torch.equal(x.grad, torch.autograd.grad(y.sum() + Steps()(Steps()(x)).sum(), x)[0])
    # The second run of the outer function ended where the inner one's argument was there; its own, with the last sine.
    assert (len(outer.alive), len(inner.alive)) == (10, 9)
    assert (outer.count(), inner.count()) == (0, 0)


@BOTH
def test_nothing_is_left_over(use_reentrant):
    x = leaf(1.0, 2.0)
    how = {"use_reentrant": use_reentrant}
    checkpoint(torch.exp, x, **how).sum().backward()
    gc.collect()
    gc.disable()
    try:
        y = checkpoint(lambda x: checkpoint(torch.exp, x, **how), x, **how)
        node = weakref.ref(y.grad_fn)
        y.sum().backward()
        del y
        assert node() is None
        assert gc.collect() == 0
    finally:
        gc.enable()


# -- what is not the same the second time -------------------------------------------------------------------------------


def alternating(*functions):
    calls = []

    def function(x):
        calls.append(1)
        return functions[(len(calls) - 1) % len(functions)](x).sum()

    return function


LONG, SHORT = (lambda x: x.sin() * x.exp()), (lambda x: x.sin())


def test_less_is_saved_the_second_time():
    function = alternating(LONG, SHORT)
    with pytest.raises(CheckpointError, match="A different number of tensors was saved during the original forward"):
        checkpoint(function, leaf(1.0), use_reentrant=False).backward()
    with pytest.raises(CheckpointError, match="Number of tensors saved during recomputation: 1"):
        checkpoint(function, leaf(1.0), use_reentrant=False, determinism_check="none").backward()


def test_more_is_saved_the_second_time():
    with pytest.raises(CheckpointError, match="trying to save more tensors during recomputation"):
        checkpoint(alternating(SHORT, LONG), leaf(1.0), use_reentrant=False, early_stop=False).backward()


def test_other_shapes_the_second_time():
    function = alternating(lambda x: x[:1].sin(), lambda x: x.sin())
    with pytest.raises(
        CheckpointError, match=r"(?s)have different metadata than .*position 0:.*Size\(\[1\]\).*Size\(\[2\]\)"
    ):
        checkpoint(function, leaf(1.0, 2.0), use_reentrant=False).backward()
    function = alternating(lambda x: x.sin(), lambda x: x.cos())
    x = leaf(1.0)
    checkpoint(function, x, use_reentrant=False).backward()  # that shapes are the same is all that is looked at
    checkpoint(alternating(lambda x: x.float() * 2, lambda x: x * 2), x, use_reentrant=False).backward()


def test_debugging_lists_what_was_saved():
    for options, context in (
        ({"debug": True}, contextlib.nullcontext()),
        ({}, set_checkpoint_debug_enabled(True)),
    ):
        with pytest.raises(CheckpointError) as caught, context:
            checkpoint(alternating(LONG, SHORT), leaf(1.0), use_reentrant=False, **options).backward()
        text = str(caught.value)
        assert text.startswith(" An error happened while unpacking tensors; dumping logs of latest computation\n")
        first, second = text.partition("Saved in the second run:")[::2]
        assert first.count("torch.DoubleTensor [1]") == 4
        assert second.count("torch.DoubleTensor [1]") == 1
        assert "-> 1: " in first
        assert f"{__file__}:" in first
        assert "in <lambda>" in first
    with set_checkpoint_debug_enabled(False), pytest.raises(CheckpointError, match="A different number"):
        checkpoint(alternating(LONG, SHORT), leaf(1.0), use_reentrant=False, debug=True).backward()


@BOTH
def test_changed_arguments_are_noticed(use_reentrant):
    x = leaf(1.0, 2.0)
    y = x * 1
    z = checkpoint(lambda y: (y * y).sum(), y, use_reentrant=use_reentrant)
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()


def test_writes_over_what_is_saved_are_noticed():
    def function(x):
        a = x.exp()
        b = a * a
        a.zero_()
        return (b * b).sum()

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        checkpoint(function, leaf(1.0), use_reentrant=False).backward()


# -- contexts, modes and arguments ----------------------------------------------------------------------------------------


def test_contexts():
    entered = []

    @contextlib.contextmanager
    def noted(name):
        entered.append(name)
        yield
        entered.append(f"{name} left")

    x = leaf(1.0)
    y = checkpoint(torch.sin, x, use_reentrant=False, context_fn=lambda: (noted("first"), noted("second")))
    assert entered == ["first", "first left"]
    with contextlib.suppress(RuntimeError):
        y.backward()
    assert entered[2] == "second"
    with pytest.raises(RuntimeError, match="the forward context provided by context_fn suppressed an exception"):
        checkpoint(
            lambda x: 1 / 0, x, use_reentrant=False, context_fn=lambda: (contextlib.suppress(ZeroDivisionError), noted("")),
        )  # fmt: skip
    assert all(isinstance(c, contextlib.nullcontext) for c in noop_context_fn())


def test_without_recording_nothing_is_done():
    x = leaf(1.0)
    with torch.no_grad():
        y = checkpoint(torch.sin, x, use_reentrant=False)
    assert not y.requires_grad
    with torch.inference_mode():
        assert checkpoint(torch.sin, x, use_reentrant=False).is_inference()


def test_second_run_under_batched_cotangents():
    x = leaf(0.3, 0.7, 1.1)

    def function(x):
        return torch.nn.functional.dropout(x.sin() * x.flip(0), 0.5)

    torch.manual_seed(5)
    want = torch.autograd.grad(function(x), x, torch.eye(3, dtype=torch.float64), is_grads_batched=True)
    torch.manual_seed(5)
    y = checkpoint(function, x, use_reentrant=False)
    got = torch.autograd.grad(y, x, torch.eye(3, dtype=torch.float64), is_grads_batched=True)
    assert torch.equal(want[0], got[0])


def test_inside_transforms():
    f = lambda x: checkpoint(torch.sin, x, use_reentrant=False)
    x = torch.ones(2)
    assert torch.equal(torch.vmap(f)(x), x.sin())
    assert torch.equal(torch.func.jvp(f, (x,), (x,))[1], x.cos())
    with pytest.raises(RuntimeError, match="don't yet support saved tensor hooks"):
        torch.func.grad(lambda x: f(x).sum())(x)

    def of_a_leaf_inside(x):
        x = x.clone()
        x.requires_grad = True  # which PyTorch allows there, unlike requires_grad_()
        return f(x)

    with pytest.raises(NotImplementedError, match="checkpoint inside a transform"):
        torch.vmap(of_a_leaf_inside)(x)


def test_hooks_may_be_refused():
    with torch.autograd.graph.disable_saved_tensors_hooks("no hooks here"):
        with pytest.raises(RuntimeError, match="no hooks here"):
            checkpoint(torch.sin, leaf(1.0), use_reentrant=False)


def test_reentrant_form_refuses():
    x = leaf(1.0)
    y = checkpoint(torch.sin, x, use_reentrant=True)
    with pytest.raises(RuntimeError, match=r"incompatible with .grad\(\) or passing an `inputs` parameter"):
        torch.autograd.grad(y, x)
    with pytest.raises(RuntimeError, match=r"incompatible with .grad\(\) or passing an `inputs` parameter"):
        y.backward(inputs=[x])
    with pytest.raises(RuntimeError, match="none of output has requires_grad=True"):
        checkpoint(lambda x: x.detach() * 2, x, use_reentrant=True).backward()
    with pytest.warns(UserWarning, match="None of the inputs have requires_grad=True"):
        checkpoint(torch.sin, x.detach(), use_reentrant=True)
