"""Several calls in one: the same as one after the other."""

from __future__ import annotations

from typing import Any

import pytest

import rushlight as torch
from tests.compile.running import BACKENDS, program_of

nn = torch.nn


def training(optimizer: str, *, dropout: bool = False) -> tuple[Any, Any]:
    """A training step of an argument, and what it trains."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 5, dtype=torch.float64), nn.Tanh(), nn.Linear(5, 1, dtype=torch.float64))
    chosen = getattr(torch.optim, optimizer)(net.parameters(), lr=0.01)

    def step(x: Any, y: Any) -> Any:
        chosen.zero_grad()
        out = nn.functional.dropout(net(x), 0.2) if dropout else net(x)
        loss = nn.functional.mse_loss(out, y)
        loss.backward()
        chosen.step()
        return loss

    return step, net


def data() -> tuple[Any, Any]:
    torch.manual_seed(1)
    return torch.randn(20, 3, dtype=torch.float64), torch.randn(20, 1, dtype=torch.float64)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "NAdam"])
@pytest.mark.parametrize("dropout", [False, True])
def test_many_steps_in_one_call(optimizer: str, backend: str, dropout: bool) -> None:
    x, y = data()
    step, net = training(optimizer, dropout=dropout)
    torch.manual_seed(2)
    for _ in range(50):
        expected = step(x, y)
    other, compiled_net = training(optimizer, dropout=dropout)
    compiled = torch.compile(other, backend=backend)
    torch.manual_seed(2)
    found = compiled.repeat(50, x, y)
    assert len(program_of(compiled)) == 1
    # NAdam keeps a product in float32: where Python's and NumPy's powers differ in the last bit of a float64, its
    # rounding may fall the other way.
    rtol = 1e-7 if optimizer == "NAdam" else 1e-11
    torch.testing.assert_close(found, expected, rtol=rtol, atol=1e-12)
    for p, q in zip(compiled_net.parameters(), net.parameters()):
        torch.testing.assert_close(p, q, rtol=rtol, atol=1e-12)
        torch.testing.assert_close(p.grad, q.grad, rtol=rtol, atol=1e-12)


@pytest.mark.skipif("inductor" not in BACKENDS, reason="the code generator needs llvmlite")
def test_it_is_one_piece_of_code() -> None:
    x, y = data()
    step, _ = training("Adam")
    compiled = torch.compile(step)
    compiled.repeat(10, x, y)
    assert program_of(compiled)[0].repeats


def test_gradients_that_add_up() -> None:
    x, y = data()
    w = torch.zeros(3, 1, dtype=torch.float64, requires_grad=True)
    compiled = torch.compile(lambda x, y: ((x @ w - y) ** 2).mean().backward())
    compiled.repeat(7, x, y)
    found = w.grad.clone()
    w.grad = None
    ((x @ w - y) ** 2).mean().backward()
    torch.testing.assert_close(found, 7 * w.grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("times", [0, -1, 1.5, None])
def test_a_number_of_calls_is_wanted(times: Any) -> None:
    compiled = torch.compile(lambda: torch.zeros(1))
    with pytest.raises(ValueError, match="at least 1"):
        compiled.repeat(times)
