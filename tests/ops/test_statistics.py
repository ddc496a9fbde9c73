"""Variance, covariance and counts. What PyTorch gives for each call stands in the golden file."""

import numpy as np
import pytest

import rushlight as torch


def test_variance_is_computed_in_double_precision() -> None:
    x = np.random.default_rng(0).normal(1e4, 1.0, 1000).astype(np.float32)
    assert torch.from_numpy(x).var().item() == pytest.approx(x.astype(np.float64).var(ddof=1), rel=1e-6)
    assert torch.from_numpy(x).var(0).dtype is torch.float32


def test_unbiased_and_correction_say_the_same_and_exclude_each_other() -> None:
    x = torch.tensor([1.0, 2.0, 4.0])
    assert x.std(unbiased=False).item() == x.std(False).item() == x.std(0, correction=0).item()
    assert x.var(0, True).item() == x.var(correction=1).item() == x.var().item()
    with pytest.raises(TypeError, match=r"std\(\) received an invalid combination"):
        x.std(0, unbiased=True, correction=1)


def test_too_few_elements_warn_at_the_caller() -> None:
    with pytest.warns(UserWarning, match=r"^std\(\): degrees of freedom is <= 0") as caught:
        torch.tensor([1.0]).std()
    with pytest.warns(UserWarning, match=r"^var_mean\(\): degrees of freedom is <= 0") as also:
        torch.var_mean(torch.tensor([1.0]), 0)
    assert caught[0].filename == also[0].filename == __file__


def test_the_deviation_of_equal_numbers_has_the_gradient_zero() -> None:
    x = torch.tensor([2.0, 2.0, 2.0], requires_grad=True)
    x.std().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("first", [0, 1])
def test_deviation_and_mean_can_be_differentiated_alone(first: int) -> None:
    x, y = (torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64, requires_grad=True) for _ in range(2))
    torch.std_mean(x)[first].backward()
    (y.mean() if first else y.std()).backward()
    np.testing.assert_allclose(x.grad.numpy(), y.grad.numpy(), rtol=1e-12)


def test_histogram_counts_the_right_edge_and_nothing_outside() -> None:
    x = torch.tensor([0.0, 0.5, 1.0, 3.0, 3.5, -1.0])
    assert x.histc(3, 0, 3).tolist() == [2.0, 1.0, 1.0]


def test_bincount_weights_decide_the_dtype() -> None:
    i = torch.tensor([1, 1, 3])
    assert torch.bincount(i).dtype is torch.int64
    assert torch.bincount(i, torch.tensor([1.0, 2.0, 0.5])).dtype is torch.float32
    assert torch.bincount(i, torch.tensor([1, 2, 3])).dtype is torch.float64


def test_covariance_against_numpy() -> None:
    rng = np.random.default_rng(1)
    x, often, weight = rng.normal(size=(3, 6)), rng.integers(1, 4, 6), rng.uniform(0.5, 2, 6)
    ours = torch.cov(
        torch.from_numpy(x), correction=2, fweights=torch.from_numpy(often), aweights=torch.from_numpy(weight)
    )
    np.testing.assert_allclose(ours.numpy(), np.cov(x, ddof=2, fweights=often, aweights=weight), rtol=1e-12)
    np.testing.assert_allclose(torch.corrcoef(torch.from_numpy(x)).numpy(), np.corrcoef(x), rtol=1e-12)
