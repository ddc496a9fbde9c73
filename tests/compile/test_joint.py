"""Results whose history goes on outside the compiled function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rushlight as torch
from rushlight import nn, optim
from tests.compile.running import BACKENDS, assert_close, program_of


def close(backend: str) -> float:
    return 1e-12 if backend == "eager" else 1e-10


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("training", [True, False])
def test_a_compiled_model_in_an_eager_loop(backend: str, training: bool) -> None:
    results = []
    for compiled in (False, True):
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Linear(5, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 3)
        ).double()  # fmt: skip
        model.train(training)
        call = torch.compile(model, backend=backend, fullgraph=True) if compiled else model
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        losses = []
        for i in range(10):
            x, y = torch.randn(6 + i % 2, 5, dtype=torch.float64), torch.randint(0, 3, (6 + i % 2,))
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(call(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        results.append((losses, [p.detach() for p in model.parameters()], list(model.buffers()), torch.get_rng_state()))
    assert_close(results[1], results[0], close(backend))
    assert len(program_of(call.forward)) == 2


W = torch.tensor([0.5, -0.25, 2.0], dtype=torch.float64, requires_grad=True)


def several(x: Any) -> Any:
    y = (x * W).sin()
    return (y * x).sum(), {"power": (x * W) ** 3, "plain": x.detach() * 2}, [y.exp()]


def infinite(x: Any) -> Any:
    return x.sqrt().sum(), (x * W).sum(), (x**2).sum()


def overwrites(x: Any) -> Any:
    y = x * W
    z = y + 1
    y.mul_(2)
    z[0] = 3
    return (z * y).sum()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", [several, infinite, overwrites])
def test_gradients_by_each_of_several_results(function: Callable[..., Any], backend: str) -> None:
    fast = torch.compile(function, backend=backend, fullgraph=True)
    for i in range(6):
        found = []
        for f in (function, fast):
            x = (torch.arange(3.0, dtype=torch.float64) + (i % 3) * 0.1).requires_grad_()
            outs = [o for o in torch.utils._pytree.tree_flatten(f(x))[0] if o.requires_grad]
            gs = []
            for pick in range(1, 2 ** len(outs)):
                chosen = [o for j, o in enumerate(outs) if pick >> j & 1]
                total = sum(o.sum() * (j + 1) for j, o in enumerate(chosen))
                gs.append(torch.autograd.grad(total, (x, W), retain_graph=True, allow_unused=True))
            found.append((outs, gs))
        assert_close(found[1], found[0], close(backend))
    assert len(program_of(fast)) == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_derivatives_of_derivatives(backend: str) -> None:
    def function(x: Any) -> Any:
        return nn.functional.dropout((x * W).tanh() * x.exp(), 0.3).sum()

    fast = torch.compile(function, backend=backend, fullgraph=True)
    for i in range(5):
        found = []
        for f in (function, fast):
            torch.manual_seed(i)
            x = torch.linspace(0, 1, 3, dtype=torch.float64).requires_grad_()
            (g,) = torch.autograd.grad(f(x), x, create_graph=True)
            (h, hw) = torch.autograd.grad((g**2).sum(), (x, W), create_graph=True)
            found.append((g, h, hw, *torch.autograd.grad(h.sum() + hw.sum(), (x, W))))
        assert_close(found[1], found[0], close(backend))


@pytest.mark.parametrize("backend", BACKENDS)
def test_transforms_over_a_compiled_function(backend: str) -> None:
    def function(x: Any) -> Any:
        return (x * W).sin().sum()

    fast = torch.compile(function, backend=backend, fullgraph=True)
    x = torch.linspace(0, 1, 3, dtype=torch.float64)
    for _ in range(4):
        fast(x)
        assert_close(torch.func.hessian(fast)(x), torch.func.hessian(function)(x), 1e-12)
        assert_close(torch.vmap(fast)(x.expand(4, 3)), torch.vmap(function)(x.expand(4, 3)), 1e-12)
        assert_close(torch.compile(torch.func.grad(function), backend=backend)(x), torch.func.grad(function)(x), 1e-12)


def test_arguments_with_a_history() -> None:
    def function(x: Any) -> Any:
        return x.sin() * 2

    fast = torch.compile(function, backend="eager", fullgraph=True)
    for _ in range(5):
        found = []
        for f in (function, fast):
            a = torch.linspace(0, 1, 4, dtype=torch.float64).requires_grad_()
            b = a * 3
            y = f(f(b[1:]) + f(b[:3]))
            y.sum().backward()
            found.append((y, a.grad))
        assert_close(found[1], found[0], 1e-12)


def test_hooks_of_leaves_and_of_results() -> None:
    def function(x: Any) -> Any:
        return x * W

    fast = torch.compile(function, backend="eager", fullgraph=True)
    seen: list[Any] = []
    for _ in range(4):
        x = torch.ones(3, dtype=torch.float64, requires_grad=True)
        x.register_hook(lambda g: g * 10)
        y = fast(x)
        y.retain_grad()
        y.register_hook(lambda g: seen.append(g))
        y.sum().backward()
        assert_close(x.grad, W.detach() * 10, 0.0)
        assert_close(y.grad, torch.ones(3, dtype=torch.float64), 0.0)
    assert len(seen) == 4


def test_what_was_saved_and_changed_is_noticed() -> None:
    fast = torch.compile(lambda x: (x * x).sum(), backend="eager", fullgraph=True)
    for _ in range(3):
        a = torch.ones(3, requires_grad=True)
        x = a * 2
        y = fast(x)
        with torch.no_grad():
            x.add_(1)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.backward()


def test_a_second_backward_needs_the_graph() -> None:
    fast = torch.compile(lambda x: (x * x).sum(), backend="eager", fullgraph=True)
    x = torch.ones(3, requires_grad=True)
    for _ in range(3):
        y = fast(x)
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(RuntimeError, match="a second time"):
        y.backward()
    assert y.grad_fn.name() == "torch::autograd::CompiledFunctionBackward"


def test_a_model_that_takes_its_last_result() -> None:
    cell = nn.GRUCell(3, 4).double()
    fast = torch.compile(cell, backend="eager", fullgraph=True)
    for _ in range(4):
        found = []
        for f in (cell, fast):
            torch.manual_seed(0)
            cell.zero_grad()
            h = torch.zeros(2, 4, dtype=torch.float64)
            for _ in range(5):
                h = f(torch.randn(2, 3, dtype=torch.float64), h)
            h.sum().backward()
            found.append((h, [p.grad for p in cell.parameters()]))
        assert_close(found[1], found[0], 1e-12)


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_a_backward_pass_that_cannot_be() -> None:
    def function(x: Any) -> Any:
        y = x * W
        z = y.sin()
        y.mul_(2)
        return (z + y).sum()

    fast = torch.compile(function, backend="eager")
    for _ in range(4):
        y = fast(torch.ones(3, dtype=torch.float64))
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.backward()
