"""Custom functions: what the scenarios do not say."""

from __future__ import annotations

import gc
import weakref

import rushlight as torch
from rushlight.autograd import Function, gradcheck, gradgradcheck


class Power(Function):
    @staticmethod
    def forward(ctx, x, n):
        result = x**n
        ctx.save_for_backward(x, result)
        ctx.n = n
        return result

    @staticmethod
    def backward(ctx, g):
        x, _ = ctx.saved_tensors
        return g * ctx.n * x ** (ctx.n - 1), None


class Both(Function):
    """Two results, one of them of an input as it was given."""

    @staticmethod
    def forward(x, y):
        return x * y, x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g, h):
        x, y = ctx.saved_tensors
        return g * y + h, g * x


def numbers(n=3):
    return torch.linspace(0.5, 2, n, dtype=torch.float64, requires_grad=True)


def test_derivatives_of_any_order():
    assert gradcheck(lambda x: Power.apply(x, 3), numbers())
    assert gradgradcheck(lambda x: Power.apply(x, 3), numbers())
    assert gradcheck(Both.apply, (numbers(), numbers()))
    assert gradgradcheck(Both.apply, (numbers(), numbers()))
    x = numbers()
    g = Power.apply(x, 4)
    for factor in (4, 12, 24, 24):
        (g,) = torch.autograd.grad(g.sum(), x, create_graph=True)
        power = {4: 3, 12: 2, 24: 1}[factor] if factor != 24 or g.requires_grad else 0
        assert torch.allclose(g, factor * x**power)


def test_saved_results_bring_no_cycle():
    gc.collect()
    gc.disable()
    try:
        y = Power.apply(numbers(), 2)
        node = weakref.ref(y.grad_fn)
        del y
        assert node() is None
        x = numbers()
        (g,) = torch.autograd.grad(Power.apply(x, 2).sum(), x, create_graph=True)
        del g
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_backward_pass_frees_what_was_saved():
    class Big(Function):
        @staticmethod
        def forward(ctx, x):
            t = x * 2
            ctx.save_for_backward(t)
            died.append(weakref.ref(t))
            return x * 3

        @staticmethod
        def backward(ctx, g):
            assert len(ctx.saved_tensors) == 1
            return g

    died = []
    y = Big.apply(numbers())
    y.sum().backward()
    assert died[0]() is None


def test_a_history_inside_forward_is_not_kept():
    class Inner(Function):
        @staticmethod
        def forward(ctx, x):
            inside = x * 2
            assert not inside.requires_grad
            with torch.enable_grad():
                v = x.detach().requires_grad_()
                (g,) = torch.autograd.grad((v * v).sum(), v)
            ctx.save_for_backward(g)
            return inside

        @staticmethod
        def backward(ctx, g):
            (inner,) = ctx.saved_tensors
            return g * inner

    x = numbers()
    Inner.apply(x).sum().backward()
    assert torch.equal(x.grad, 2 * x.detach())


def test_several_threads_share_a_class():
    import threading

    results = {}

    def work(i):
        x = torch.full((4,), float(i), requires_grad=True)
        for _ in range(50):
            x.grad = None
            Power.apply(x, i).sum().backward()
        results[i] = x.grad.tolist()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(1, 6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == {i: [float(i * i ** (i - 1))] * 4 for i in range(1, 6)}


def test_checkpointing():
    """Recomputing in backward: a pass inside a pass, with gradients of leaves elsewhere."""

    class Checkpoint(Function):
        @staticmethod
        def forward(ctx, run, *args):
            ctx.run = run
            ctx.save_for_backward(*args)
            with torch.no_grad():
                return run(*args)

        @staticmethod
        def backward(ctx, g):
            args = [t.detach().requires_grad_(t.requires_grad) for t in ctx.saved_tensors]
            with torch.enable_grad():
                out = ctx.run(*args)
            torch.autograd.backward(out, g)
            return (None, *(a.grad for a in args))

    w = numbers()
    x = numbers()

    def layer(a):
        return torch.tanh(a * w)

    h = Checkpoint.apply(layer, x * 1)
    Checkpoint.apply(layer, h).sum().backward()
    again_w, again_x = w.detach().requires_grad_(), x.detach().requires_grad_()
    torch.tanh(torch.tanh(again_x * again_w) * again_w).sum().backward()
    assert torch.allclose(x.grad, again_x.grad)
    assert torch.allclose(w.grad, again_w.grad)
