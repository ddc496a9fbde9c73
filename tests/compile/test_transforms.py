"""Transforms inside of compiled functions, nested in every order."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import rushlight as torch
from tests.compile.running import BACKENDS, assert_close, program_of

func = torch.func


def scalar(x: Any) -> Any:
    return (torch.sin(x[1:]) * x[:-1] ** 3).sum() + x.prod()


JACOBIANS = {"jacrev": func.jacrev, "jacfwd": func.jacfwd, "grad": func.grad}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("names", [*itertools.product(["jacrev", "jacfwd"], repeat=3)], ids="-".join)
def test_three_derivatives(names: tuple[str, ...], backend: str) -> None:
    function: Any = scalar
    for name in names:
        function = JACOBIANS[name](function)
    x = torch.randn(4, dtype=torch.float64)
    compiled = torch.compile(function, backend=backend, fullgraph=True)
    for scale in (1.0, 1.0, 1.0, 2.0):
        assert_close(compiled(x * scale), function(x * scale), 1e-12)
    assert len(program_of(compiled)) == 1


OUTSIDE = {
    "grad of vmap": lambda x: func.grad(lambda y: func.vmap(scalar)(torch.stack([y, y * 2])).sum())(x),
    "vmap of grad": lambda x: func.vmap(func.grad(scalar))(torch.stack([x, x * 2])),
    "vmap of hessian": lambda x: func.vmap(func.hessian(scalar))(torch.stack([x, x * 2])),
    "jvp of grad": lambda x: func.jvp(func.grad(scalar), (x,), (torch.ones_like(x),)),
    "vjp": lambda x: func.vjp(scalar, x)[1](torch.ones((), dtype=x.dtype)),
    "grad of jvp": lambda x: func.grad(lambda y: func.jvp(scalar, (y,), (y * y,))[1])(x),
    "grad beside backward": lambda x: func.grad(
        lambda y: torch.autograd.grad(scalar(y), y, create_graph=True)[0].sum()
    )(x),
    "linearize": lambda x: func.linearize(func.grad(scalar), x)[1](x),
    "hvp": lambda x: func.hvp(scalar, (x,), (x,)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OUTSIDE)
def test_nestings(name: str, backend: str) -> None:
    function = OUTSIDE[name]
    x = torch.randn(4, dtype=torch.float64)
    compiled = torch.compile(function, backend=backend, fullgraph=True)
    for scale in (1.0, 1.0, 1.0, 2.0):
        assert_close(compiled(x * scale), function(x * scale), 1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_transforms_of_what_wants_gradients_outside(backend: str) -> None:
    w = torch.randn(4, dtype=torch.float64, requires_grad=True)

    def step(x: Any) -> Any:
        penalty = (func.vmap(func.grad(lambda y: scalar(y * w)))(x) ** 2).sum()
        (g,) = torch.autograd.grad(penalty, w)
        return penalty.detach(), g

    x = torch.randn(3, 4, dtype=torch.float64)
    compiled = torch.compile(step, backend=backend, fullgraph=True)
    for scale in (1.0, 1.0, 1.0, 2.0):
        assert_close(compiled(x * scale), step(x * scale), 1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_constant_that_is_written_to_directly_is_found_out(backend: str) -> None:
    def function(x: Any) -> Any:
        c = torch.zeros(3)
        y = x + c
        c.numpy()[0] = 5
        return y + c

    compiled = torch.compile(function, backend=backend)
    x = torch.ones(3)
    assert compiled(x).tolist() == [6, 1, 1]
    with pytest.warns(UserWarning, match="is not compiled and runs eagerly"):
        traced = compiled(x)
    assert traced.tolist() == compiled(x).tolist() == [6, 1, 1]
