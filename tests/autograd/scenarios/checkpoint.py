"""`torch.utils.checkpoint`: how often functions run, what is warned of, what is refused."""

from __future__ import annotations

import contextlib
from typing import Any


def _wave(x: Any) -> Any:
    return (x.sin() * x.exp()).sum()


def arguments(torch: Any, say: Any) -> None:
    checkpoint = torch.utils.checkpoint.checkpoint
    sequential = torch.utils.checkpoint.checkpoint_sequential
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for options in (
        {},
        {"use_reentrant": True},
        {"use_reentrant": False},
        {"use_reentrant": True, "foo": 1, "bar": 2},
        {"use_reentrant": True, "context_fn": lambda: None},
        {"use_reentrant": True, "debug": True},
        {"use_reentrant": True, "determinism_check": "some"},
        {"use_reentrant": False, "determinism_check": "some"},
        {"use_reentrant": False, "debug": True, "context_fn": lambda: None},
        {"use_reentrant": False, "debug": True, "preserve_rng_state": False, "early_stop": False},
    ):
        say.warns(checkpoint, _wave, x, **options)
        say.warns(checkpoint, _wave, x.detach(), **options)
    for options in ({}, {"use_reentrant": False}, {"use_reentrant": False, "foo": 1}, {"preserve_rng_state": False}):
        say.warns(sequential, [torch.sin, torch.exp, torch.cos], 2, x, **options)
    say.attempt(sequential, [torch.sin, torch.exp], 3, x, use_reentrant=False)
    say.attempt(sequential, torch.nn.Sequential(torch.nn.Tanh(), torch.nn.ReLU()), 1, x, use_reentrant=False)
    say(checkpoint(lambda x: (x * 2, 3, [x * 1]), x, use_reentrant=True))
    say(checkpoint(lambda x: (x * 2, 3, [x * 1]), x, use_reentrant=False))
    say.attempt(torch.utils.checkpoint.detach_variable, [x])
    say(torch.utils.checkpoint.detach_variable((x * 2, 3)))
    say.warns(torch.utils.checkpoint.check_backward_validity, (x.detach(), 3))
    say(issubclass(torch.utils.checkpoint.CheckpointError, RuntimeError))


def passes(torch: Any, say: Any) -> None:
    checkpoint = torch.utils.checkpoint.checkpoint
    for use_reentrant in (True, False):

        def noted(x, use_reentrant=use_reentrant):
            say("run", use_reentrant, torch.is_grad_enabled(), x.requires_grad)
            return _wave(x)

        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = checkpoint(noted, x, use_reentrant=use_reentrant)
        say.attempt(torch.autograd.grad, y, x, retain_graph=True)
        say.attempt(y.backward, inputs=[x], retain_graph=True)
        y.backward(retain_graph=True)
        say(x.grad)
        y.backward()
        say(x.grad)
        say.attempt(y.backward)
        say.attempt(lambda: checkpoint(lambda x: x.detach() * 2, x, use_reentrant=use_reentrant).sum().backward())
        with torch.no_grad():
            say(checkpoint(noted, x, use_reentrant=use_reentrant))
        y = x * 1
        z = checkpoint(lambda y: (y * y).sum(), y, use_reentrant=use_reentrant)
        y.mul_(2)
        say.attempt(z.backward)


def runs(torch: Any, say: Any) -> None:
    checkpoint, early = torch.utils.checkpoint.checkpoint, torch.utils.checkpoint.set_checkpoint_early_stop
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def steps(x):
        say("a")
        y = x.sin()
        y = y * y
        say("b")
        return (y + 1).sum()

    for option in (True, False):
        checkpoint(steps, x, use_reentrant=False, early_stop=option).backward()
        with early(option):
            y = checkpoint(steps, x, use_reentrant=False)
        y.backward()

    @contextlib.contextmanager
    def context(name):
        say("enter", name)
        yield
        say("leave", name)

    checkpoint(steps, x, use_reentrant=False, context_fn=lambda: (context("first"), context("second"))).backward()
    checkpoint(
        steps, x, use_reentrant=False, early_stop=False, context_fn=lambda: (context("first"), context("second"))
    ).backward()
    say.attempt(
        checkpoint, lambda x: 1 / 0, x, use_reentrant=False, context_fn=lambda: (contextlib.suppress(Exception), context("")),
    )  # fmt: skip
    say.attempt(checkpoint, lambda x: 1 / 0, x, use_reentrant=False)

    def outer(x):
        say("outer")
        y = checkpoint(lambda x: say("inner") or x.sin().exp(), x * 2, use_reentrant=False)
        say("between")
        return (y * y).sum()

    x.grad = None
    checkpoint(outer, x, use_reentrant=False).backward()
    say(x.grad)
    x.grad = None
    checkpoint(lambda x: checkpoint(outer, x * 1, use_reentrant=False) * 2, x, use_reentrant=False).backward()
    say(x.grad)
    y, z = checkpoint(lambda x: say("both") or (x.sin(), x.exp()), x, use_reentrant=False)
    say(torch.autograd.grad(y.sum(), x), torch.autograd.grad(z.sum(), x))


def differences(torch: Any, say: Any) -> None:
    checkpoint = torch.utils.checkpoint.checkpoint
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def alternating(*functions):
        calls = []

        def function(x):
            calls.append(1)
            return functions[(len(calls) - 1) % 2](x).sum()

        return function

    for functions, options in (
        ((_wave, torch.sin), {}),
        ((_wave, torch.sin), {"determinism_check": "none"}),
        ((torch.sin, _wave), {}),
        ((torch.sin, _wave), {"early_stop": False}),
        ((lambda x: x[:1].sin(), torch.sin), {}),
        ((torch.sin, lambda x: x.double().sin()), {}),
    ):
        y = checkpoint(alternating(*functions), x, use_reentrant=False, **options)
        say.attempt(y.backward)

    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0] + g * ctx.saved_tensors[0]

    say.attempt(checkpoint(lambda x: Twice.apply(x).sum(), x, use_reentrant=False).backward)
    with torch.autograd.graph.disable_saved_tensors_hooks("not in here"):
        say.attempt(checkpoint, torch.sin, x, use_reentrant=False)
    sine = lambda x: checkpoint(torch.sin, x, use_reentrant=False).sum()
    say.attempt(torch.func.grad(sine), x.detach())
    say.attempt(torch.vmap(torch.func.grad(sine)), x.detach())
    say.attempt(torch.vmap(sine), x.detach())
