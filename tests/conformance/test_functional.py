"""Functional forms against PyTorch: what tests/ops/corpus/functional.py cannot say."""

from typing import Any

import numpy as np
import pytest
import torch

import rushlight
from tests.ops.samples import numbers

NORMS = {
    "batch norm": lambda F, x, w, b, rm, rv: F.batch_norm(x, None, None, w, b, True, eps=0.1),
    "batch norm, evaluated": lambda F, x, w, b, rm, rv: F.batch_norm(x, rm, rv, w, b),
    "instance norm": lambda F, x, w, b, rm, rv: F.instance_norm(x, weight=w, bias=b),
    "instance norm, evaluated": lambda F, x, w, b, rm, rv: F.instance_norm(x, rm, rv, w, b, use_input_stats=False),
    "group norm": lambda F, x, w, b, rm, rv: F.group_norm(x, 2, w, b),
}


def second_derivatives(library: Any, norm: Any) -> list[np.ndarray]:
    """Those of the sum of squares of the first ones: of numbers, so that no cotangent of zero is left out."""
    arrays = numbers(3, 4, 2, 3), *[numbers(4, seed=i, low=0.3, high=2.0) for i in range(1, 5)]
    x, w, b, rm, rv = [library.tensor(a.tolist(), dtype=library.float64) for a in arrays]
    leaves = [t.requires_grad_() for t in (x, w, b)]
    loss = (norm(library.nn.functional, x, w, b, rm, rv) ** 3).sum()
    first = library.autograd.grad(loss, leaves, create_graph=True)
    second = library.autograd.grad(sum((g**2).sum() for g in first), leaves)
    return [np.array(g.tolist()) for g in (*first, *second)]


@pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)
def test_second_derivatives_of_normalizations(norm: Any) -> None:
    for ours, theirs in zip(second_derivatives(rushlight, norm), second_derivatives(torch, norm)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["batch_norm", "instance_norm"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_running_statistics(name: str, dtype: str) -> None:
    def moved(library: Any) -> list[np.ndarray]:
        x, mean, var = (
            library.tensor(a.tolist(), dtype=getattr(library, dtype))
            for a in (numbers(3, 4, 5), numbers(4), numbers(4, low=0.5))
        )
        function = getattr(library.nn.functional, name)
        for momentum in (0.1, 0.7, 0.0, 1.0):
            function(x, mean, var, None, None, True, momentum)
        return [np.array(mean.tolist()), np.array(var.tolist())]

    for ours, theirs in zip(moved(rushlight), moved(torch)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, float("inf")])
def test_distances_of_zero(p: float) -> None:
    """`torch.cdist` has a derivative where points coincide, by convention."""

    def first(library: Any) -> list[Any]:
        a = library.tensor([[0.0, 0.0], [1.0, 2.0]], dtype=library.float64, requires_grad=True)
        b = library.tensor([[0.0, 0.0], [3.0, 3.0]], dtype=library.float64, requires_grad=True)
        library.cdist(a, b, p=p).sum().backward()
        return [a.grad.tolist(), b.grad.tolist()]

    np.testing.assert_allclose(first(rushlight), first(torch), rtol=1e-12)


LOSSES = {
    "mse_loss": lambda F, x, y, t: F.mse_loss(x, y),
    "cross_entropy": lambda F, x, y, t: F.cross_entropy(x, t),
    "binary_cross_entropy_with_logits": lambda F, x, y, t: F.binary_cross_entropy_with_logits(x, y.sigmoid()),
    "huber_loss": lambda F, x, y, t: F.huber_loss(x, y),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("rows", [1, 7, 64, 1000])
def test_single_precision_losses(loss: Any, rows: int) -> None:
    """To a unit or two in the last place of what PyTorch computes, gradients too."""

    def computed(library: Any) -> tuple[float, np.ndarray]:
        x = library.tensor(numbers(rows, 10).tolist(), requires_grad=True)
        y = library.tensor(numbers(rows, 10, seed=1).tolist())
        t = library.tensor([i * 7 % 10 for i in range(rows)])
        out = loss(library.nn.functional, x, y, t)
        out.backward()
        return out.item(), np.array(x.grad.tolist())

    (ours, gradient), (theirs, expected) = computed(rushlight), computed(torch)
    assert ours == pytest.approx(theirs, rel=2.5e-7)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=5e-7 * np.abs(expected).max())
