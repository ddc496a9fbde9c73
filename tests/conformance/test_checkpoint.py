"""Checkpointed programs beside PyTorch."""

import warnings

import numpy as np
import pytest
import torch

import rushlight


def network(lib):
    lib.manual_seed(0)
    nn = lib.nn
    return nn.Sequential(
        nn.Linear(6, 16), nn.GELU(), nn.Dropout(0.5), nn.LayerNorm(16), nn.Linear(16, 16), nn.Tanh(), nn.Dropout(0.3),
        nn.Linear(16, 3),
    )  # fmt: skip


def trained(lib, use_reentrant):
    """Adam on a network in three segments, with dropout; its parameters, the losses and the next random number."""
    net = network(lib)
    optimizer = lib.optim.Adam(net.parameters(), 0.01)
    lib.manual_seed(1)
    losses = []
    for _ in range(5):
        x, y = lib.randn(8, 6), lib.randint(0, 3, (8,))
        out = lib.utils.checkpoint.checkpoint_sequential(net, 3, x, use_reentrant=use_reentrant)
        loss = lib.nn.functional.cross_entropy(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return [*losses, *net.parameters(), lib.rand(2)]


def nested(lib):
    """A network within a network, with arguments by keyword, twice differentiated."""
    checkpoint = lib.utils.checkpoint.checkpoint
    net = network(lib).double()
    x = lib.linspace(-1, 1, 12, dtype=lib.float64).reshape(2, 6).requires_grad_()

    def inner(x, *, scale):
        return net[3:](x) * scale

    def outer(x, scale):
        return checkpoint(inner, checkpoint(net[:3], x, use_reentrant=False), scale=scale, use_reentrant=False)

    scale = lib.tensor(1.5, dtype=lib.float64, requires_grad=True)
    y = checkpoint(outer, x, scale, use_reentrant=False)
    grads = lib.autograd.grad(y.square().sum(), [x, scale, *net.parameters()], create_graph=True)
    penalty = sum(g.square().sum() for g in grads)
    return [y, *grads, *lib.autograd.grad(penalty, [x, scale, *net.parameters()], allow_unused=True)]


def neural_ode(lib):
    """Runge-Kutta steps, each checkpointed."""
    lib.manual_seed(2)
    field = lib.nn.Sequential(lib.nn.Linear(2, 8), lib.nn.Tanh(), lib.nn.Linear(8, 2)).double()

    def step(y, h):
        a = field(y)
        b = field(y + h / 2 * a)
        c = field(y + h / 2 * b)
        d = field(y + h * c)
        return y + h / 6 * (a + 2 * b + 2 * c + d)

    y = start = lib.tensor([[1.0, 0.0], [0.0, 2.0]], dtype=lib.float64, requires_grad=True)
    for _ in range(10):
        y = lib.utils.checkpoint.checkpoint(step, y, 0.1, use_reentrant=False)
    y.square().sum().backward()
    return [y, start.grad, *[p.grad for p in field.parameters()]]


PROGRAMS = {
    "trained": lambda lib: trained(lib, False),
    "trained, reentrant": lambda lib: trained(lib, True),
    "nested": nested,
    "neural ode": neural_ode,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_numbers(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the first segment's input requires no grad, which the reentrant form says
        ours, theirs = PROGRAMS[name](rushlight), PROGRAMS[name](torch)
    for a, b in zip(ours, theirs, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            tolerance = 1e-10 if a.dtype == rushlight.float64 else 2e-5
            np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=tolerance, atol=tolerance)
