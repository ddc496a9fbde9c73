"""Autograd beside PyTorch: the scenarios live, and random graphs."""

import numpy as np
import pytest
import torch

import rushlight
from tests.autograd import scenarios

SCENARIOS = scenarios.collect()


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_scenarios(name):
    assert scenarios.play(SCENARIOS[name], rushlight) == scenarios.play(SCENARIOS[name], torch)


# Operations on 2 x 3 tensors, whose results are again 2 x 3: of one operand, of two.
UNARY = [
    lambda lib, a: a.exp() * 0.1,
    lambda lib, a: a.sin(),
    lambda lib, a: a * 3 - 1,
    lambda lib, a: a.tanh(),
    lambda lib, a: a.t().reshape(2, 3),
    lambda lib, a: a.sum(0, keepdim=True).expand(2, 3),
    lambda lib, a: a.mean() + a,
    lambda lib, a: lib.cat([a[1:], a[:1]]),
    lambda lib, a: a.max(1, keepdim=True)[0] + a,
    lambda lib, a: lib.stack(a.unbind(1), 1) * 0.5,
    lambda lib, a: a.clone().mul_(a.detach()),
    lambda lib, a: (a * 1).index_fill_(1, lib.tensor([1]), 2.0),
    lambda lib, a: a / (1 + a * a),
]
BINARY = [
    lambda lib, a, b: a * b,
    lambda lib, a, b: a + b * 0.5,
    lambda lib, a, b: a - b,
    lambda lib, a, b: (a @ b.t()) @ a * 0.1,
    lambda lib, a, b: a * b[:1],
    lambda lib, a, b: lib.where(a > b, a, b * 2),
    lambda lib, a, b: _written(a, b),
]


def _written(a, b):
    c = a * 1
    c[0] = b[1]
    c[:, 1] *= b[:, 2]
    return c


def program(lib, seed):
    """A random program on three leaves; its gradients, and second derivatives, in float64."""
    rng = np.random.default_rng(seed)
    leaves = [lib.tensor(rng.uniform(-1, 1, (2, 3)), dtype=lib.float64).requires_grad_() for _ in range(3)]
    values = list(leaves)
    for _ in range(rng.integers(3, 12)):
        if rng.random() < 0.5:
            value = UNARY[rng.integers(len(UNARY))](lib, values[rng.integers(len(values))])
        else:
            a, b = (values[rng.integers(len(values))] for _ in range(2))
            value = BINARY[rng.integers(len(BINARY))](lib, a, b)
        values.append(value.tanh())
    loss = sum((v * lib.tensor(rng.uniform(-1, 1, (2, 3)))).sum() for v in values[3:])
    first = lib.autograd.grad(loss, leaves, create_graph=True, materialize_grads=True)
    penalty = sum((g * g * lib.tensor(rng.uniform(-1, 1, (2, 3)))).sum() for g in first)
    second = lib.autograd.grad(penalty, leaves, materialize_grads=True)
    return [t.detach().numpy() for t in (loss, *first, *second)]


@pytest.mark.parametrize("seed", range(150))
def test_random_programs(seed):
    for ours, theirs in zip(program(rushlight, seed), program(torch, seed)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
