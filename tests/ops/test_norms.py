"""Norms and distances. What PyTorch gives for each call stands in the golden file."""

import math

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.registry import NAMESPACES

vector_norm, matrix_norm = (
    NAMESPACES["torch.linalg"]["vector_norm"],
    NAMESPACES["torch.linalg"]["matrix_norm"],
)


@pytest.mark.parametrize("ord", [0, 0.5, 1, 1.5, 2, 3, -1, -2, math.inf, -math.inf])
def test_vector_norms_against_numpy(ord: float) -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_allclose(
        vector_norm(torch.from_numpy(x), ord, 1).numpy(), np.linalg.norm(x, ord, axis=1), rtol=1e-12
    )
    assert vector_norm(torch.from_numpy(x), ord).item() == pytest.approx(np.linalg.norm(x.ravel(), ord), rel=1e-12)


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf])
@pytest.mark.parametrize("axes", [(0, 1), (2, 0), (-1, -2)])
def test_matrix_norms_against_numpy(ord, axes: tuple[int, int]) -> None:
    x = np.random.default_rng(1).normal(size=(3, 4, 2))
    for keepdim in (True, False):
        ours = matrix_norm(torch.from_numpy(x), ord, axes, keepdim)
        np.testing.assert_allclose(ours.numpy(), np.linalg.norm(x, ord, axes, keepdim), rtol=1e-12)


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, math.inf])
def test_the_gradient_of_the_norm_of_zero_is_zero(p: float) -> None:
    x = torch.zeros(3, requires_grad=True)
    x.norm(p).backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]


def test_the_largest_elements_share_the_gradient_whatever_their_sign() -> None:
    x = torch.tensor([3.0, -3.0, 1.0], requires_grad=True)
    x.norm(math.inf).backward()
    assert x.grad.tolist() == [0.5, -0.5, 0.0]


def test_16_bit_norms_are_computed_in_float32() -> None:
    assert torch.full((4,), 200.0, dtype=torch.float16).norm().item() == 400.0  # the squares would overflow


def test_distance_broadcasts_and_sums_the_gradient_back() -> None:
    a, b = torch.zeros(2, 2, requires_grad=True), torch.tensor([3.0, 4.0], requires_grad=True)
    distance = a.dist(b)
    distance.backward()
    assert distance.item() == pytest.approx(math.sqrt(50))
    np.testing.assert_allclose(b.grad.numpy(), -a.grad.sum(0).numpy(), rtol=1e-6)
