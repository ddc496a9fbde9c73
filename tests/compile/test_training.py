"""Whole training steps, compiled: the same parameters as eager, step by step."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import rushlight as torch
from rushlight import nn, optim
from tests.compile.running import BACKENDS, assert_close, program_of

STEPS = 30

OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "SGD": lambda p: optim.SGD(p, lr=0.01),
    "SGD momentum": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.01),
    "SGD dampening": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, dampening=0.1, maximize=True),
    "Adam": lambda p: optim.Adam(p, lr=0.01),
    "Adam amsgrad": lambda p: optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=0.1),
    "AdamW": lambda p: optim.AdamW(p, lr=0.01),
    "NAdam": lambda p: optim.NAdam(p, lr=0.01),
    "RAdam": lambda p: optim.RAdam(p, lr=0.01),
    "Adamax": lambda p: optim.Adamax(p, lr=0.01),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.01, lr_decay=0.1),
    "Adadelta": lambda p: optim.Adadelta(p),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    "Rprop": lambda p: optim.Rprop(p),
    "ASGD": lambda p: optim.ASGD(p, lr=0.01),
    "ASGD averaging": lambda p: optim.ASGD(p, lr=0.01, t0=5, lambd=0.01),
    "Adafactor": lambda p: optim.Adafactor(p),
    "Muon": lambda p: optim.Muon([w for w in p if w.ndim == 2]),
}

MODULES: dict[str, Callable[[], Any]] = {
    "linear": lambda: nn.Linear(6, 3),
    "mlp": lambda: nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)),
    "relu": lambda: nn.Sequential(nn.Linear(6, 8), nn.ReLU(inplace=True), nn.Linear(8, 3)),
    "dropout": lambda: nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.3), nn.Linear(8, 3)),
    "batch norm": lambda: nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.SiLU(), nn.Linear(8, 3)),
    "layer norm": lambda: nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)),
    "convolution": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 6)), nn.Conv1d(1, 4, 3), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(8, 3)
    ),
    "attention": lambda: nn.Sequential(nn.Unflatten(1, (3, 2)), Attention(), nn.Flatten(), nn.Linear(6, 3)),
}


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v = nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, x: Any) -> Any:
        return nn.functional.scaled_dot_product_attention(self.q(x), self.k(x), self.v(x))


def training(
    module: Callable[[], Any], optimizer: Callable[[Any], Any], dtype: Any, clip: Any = None
) -> SimpleNamespace:
    torch.manual_seed(1)
    p = SimpleNamespace()
    p.model = module().to(dtype)
    p.optimizer = optimizer(p.model.parameters())
    model, opt = p.model, p.optimizer

    def step(x: Any, y: Any) -> Any:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        if clip is not None:
            clip(model.parameters())
        opt.step()
        return loss

    p.step = step
    return p


def compare(make: Callable[[], SimpleNamespace], backend: str, dtype: Any, steps: int = STEPS) -> Any:
    eager, other = make(), make()
    fast = torch.compile(other.step, backend=backend, fullgraph=True)
    results = []
    for p, step in ((eager, eager.step), (other, fast)):
        torch.manual_seed(2)
        losses = []
        for _ in range(steps):
            x, y = torch.randn(10, 6, dtype=dtype), torch.randint(0, 3, (10,))
            losses.append(step(x, y).item())
        state = [v for group in p.optimizer.state.values() for v in group.values() if isinstance(v, torch.Tensor)]
        results.append(
            (
                [t.detach() for t in (*p.model.parameters(), *p.model.buffers())],
                [t.grad for t in p.model.parameters()],
                state,
                losses,
                torch.get_rng_state(),
            )
        )
    # In float64 NumPy's pow and Python's differ in the last bit, in which corrections of Adam are computed.
    tolerance = 1e-12 if dtype is torch.float64 else 0.0 if backend == "eager" else 1e-5
    assert_close(results[1], results[0], tolerance)
    programs = program_of(fast)
    assert len(programs) == 1
    return fast


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_optimizers(name: str, backend: str, dtype: Any) -> None:
    compare(lambda: training(MODULES["mlp"], OPTIMIZERS[name], dtype), backend, dtype)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_learning_rate_that_bounds_the_step(backend: str) -> None:
    """Adafactor's steps are as long as the smaller of a learning rate that changes and a count that grows."""

    def make() -> SimpleNamespace:
        p = training(MODULES["mlp"], lambda params: optim.Adafactor(params, lr=1.0), torch.float64)
        p.schedule = optim.lr_scheduler.ExponentialLR(p.optimizer, 0.7)
        return p

    results = []
    for compiled in (False, True):
        p = make()
        step = torch.compile(p.step, backend=backend, fullgraph=True) if compiled else p.step
        torch.manual_seed(2)
        for _ in range(12):
            step(torch.randn(10, 6, dtype=torch.float64), torch.randint(0, 3, (10,)))
            p.schedule.step()
        results.append([t.detach() for t in p.model.parameters()])
    assert_close(results[1], results[0], 1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", MODULES)
def test_modules(name: str, backend: str) -> None:
    # Not Adam: it makes steps of size one from gradients that are zero but for rounding.
    compare(lambda: training(MODULES[name], OPTIMIZERS["SGD momentum"], torch.float64), backend, torch.float64)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "clip",
    [
        lambda p: nn.utils.clip_grad_norm_(p, 0.1),
        lambda p: nn.utils.clip_grad_value_(p, 0.01),
        lambda p: nn.utils.clip_grad_norm_(p, 0.1, norm_type=float("inf")),
    ],
)
def test_clipping(clip: Any, backend: str) -> None:
    compare(lambda: training(MODULES["mlp"], OPTIMIZERS["SGD"], torch.float64, clip), backend, torch.float64)


def test_averages_of_a_model() -> None:
    def make() -> SimpleNamespace:
        p = training(MODULES["batch norm"], OPTIMIZERS["SGD"], torch.float64)
        p.average = optim.swa_utils.AveragedModel(p.model)
        inner, average, model = p.step, p.average, p.model

        def step(x: Any, y: Any) -> Any:
            loss = inner(x, y)
            with torch.no_grad():
                for a, b in zip(average.parameters(), model.parameters()):
                    a.lerp_(b, 0.1)
            return loss

        p.step = step
        return p

    if not hasattr(optim, "swa_utils"):
        pytest.skip("not there")
    compare(make, "eager", torch.float64)


def test_lbfgs_says_why_it_is_not_compiled() -> None:
    p = training(MODULES["mlp"], OPTIMIZERS["SGD"], torch.float64)
    opt = optim.LBFGS(p.model.parameters(), lr=0.1)
    model = p.model
    x, y = torch.randn(10, 6, dtype=torch.float64), torch.randint(0, 3, (10,))

    def closure() -> Any:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        return loss

    fast = torch.compile(lambda: opt.step(closure))
    losses = [fast().item()]
    with pytest.warns(UserWarning, match="is not compiled and runs eagerly"):
        losses.append(fast().item())
    losses += [fast().item() for _ in range(3)]
    assert losses == sorted(losses, reverse=True)
