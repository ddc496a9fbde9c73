"""`torch.autograd.functional`: what the scenarios do not say."""

from __future__ import annotations

import pytest

import rushlight as torch
from rushlight.autograd import functional


def network(x, w, b):
    return torch.tanh(w @ x + b) * x.sum()


def inputs():
    return (
        torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64),
        torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3),
        torch.tensor([0.1, 0.2], dtype=torch.float64),
    )


def slopes(f, points, i):
    """The Jacobian with respect to one input by central differences."""
    t, columns = points[i], []
    for k in range(t.numel()):
        step = torch.zeros(t.numel(), dtype=torch.float64)
        step[k] = 1e-6
        step = step.reshape(t.shape)
        up, down = (f(*points[:i], t + s, *points[i + 1 :]) for s in (step, -step))
        columns.append((up - down) / 2e-6)
    return torch.stack(columns, -1).reshape(*columns[0].shape, *t.shape)


STRATEGIES = [
    {},
    {"vectorize": True},
    {"vectorize": True, "strategy": "forward-mode"},
    {"create_graph": True},
]


@pytest.mark.parametrize("options", STRATEGIES)
def test_jacobian(options):
    points = inputs()
    found = functional.jacobian(network, points, **options)
    assert isinstance(found, tuple)
    for i, j in enumerate(found):
        assert j.shape == (2, *points[i].shape)
        assert torch.allclose(j, slopes(network, points, i), atol=1e-8)


@pytest.mark.parametrize("options", STRATEGIES)
def test_nesting(options):
    x = inputs()[0]
    assert functional.jacobian(lambda a: a * 2, x, **options).shape == (3, 3)
    (one,) = functional.jacobian(lambda a: a * 2, (x,), **options)
    assert one.shape == (3, 3)
    (one,) = functional.jacobian(lambda a: (a * 2,), x, **options)
    assert one.shape == (3, 3)
    rows = functional.jacobian(lambda a, b: (a * b, a.sum()), (x, x), **options)
    assert [[j.shape for j in row] for row in rows] == [[(3, 3), (3, 3)], [(3,), (3,)]]


@pytest.mark.parametrize(
    "options", [{}, {"vectorize": True}, {"vectorize": True, "outer_jacobian_strategy": "forward-mode"}]
)
def test_hessian(options):
    points = inputs()

    def value(*p):
        return network(*p).pow(2).sum()

    def gradient(i):
        return lambda *p: functional.jacobian(value, p)[i]

    found = functional.hessian(value, points, **options)
    for i, row in enumerate(found):
        for j, block in enumerate(row):
            assert block.shape == (*points[i].shape, *points[j].shape)
            assert torch.allclose(block, slopes(gradient(i), points, j), atol=1e-6)
    x = points[0]
    single = functional.hessian(lambda a: (a**3).sum(), x, **options)
    assert torch.allclose(single, torch.diag(6 * x))


def test_products_agree_with_the_whole():
    points = inputs()
    directions = tuple(torch.rand_like(p) for p in points)
    v = torch.tensor([1.0, -2.0], dtype=torch.float64)
    jacobians = functional.jacobian(network, points)
    _, across = functional.vjp(network, points, v)
    for got, j in zip(across, jacobians):
        assert torch.allclose(got, (v.reshape(2, *[1] * (j.ndim - 1)) * j).sum(0))
    _, along = functional.jvp(network, points, directions)
    total = sum((j * d).reshape(2, -1).sum(1) for j, d in zip(jacobians, directions))
    assert torch.allclose(along, total)

    def value(*p):
        return network(*p).pow(2).sum()

    blocks = functional.hessian(value, points)
    for product in (functional.hvp, functional.vhp):
        _, got = product(value, points, directions)
        for i, part in enumerate(got):
            expected = sum((b * d).reshape(*points[i].shape, -1).sum(-1) for b, d in zip(blocks[i], directions))
            assert torch.allclose(part, expected)


def test_the_inputs_are_left_alone():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for call in (
        lambda: functional.jacobian(lambda a: a * a, x),
        lambda: functional.hessian(lambda a: (a * a).sum(), x),
        lambda: functional.vjp(lambda a: a * a, x, torch.ones(2)),
        lambda: functional.jvp(lambda a: a * a, x, torch.ones(2)),
        lambda: functional.hvp(lambda a: (a * a).sum(), x, torch.ones(2)),
        lambda: functional.vhp(lambda a: (a * a).sum(), x, torch.ones(2)),
    ):
        call()
        assert x.grad is None
        assert x.requires_grad


def test_empty():
    empty = torch.ones(0)
    assert functional.jacobian(lambda a: a * 2, empty).shape == (0, 0)
    assert functional.jacobian(lambda a: a.sum(), empty).shape == (0,)
    assert functional.jacobian(lambda a: a[:0], torch.ones(3)).shape == (0, 3)
