"""Sorting, order statistics, distinct elements, searching. What PyTorch gives stands in the golden file."""

import math

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops import ordering


@pytest.mark.parametrize("descending", [False, True])
def test_sorting_is_stable_in_both_directions(descending: bool) -> None:
    x = np.random.default_rng(0).integers(0, 4, 100)
    expected = sorted(range(100), key=lambda i: (-x[i] if descending else x[i], i))
    assert torch.from_numpy(x).sort(descending=descending).indices.tolist() == expected


@pytest.mark.parametrize("largest", [True, False])
def test_topk_of_many_elements_selects_without_sorting_them_all(monkeypatch: pytest.MonkeyPatch, largest: bool) -> None:
    monkeypatch.setattr(ordering, "SHORT", 8)
    x = torch.from_numpy(np.random.default_rng(1).permutation(200).reshape(4, 50).astype(np.float32))
    for k in (0, 1, 7, 49, 50):
        for dim in (0, 1):
            if k > x.shape[dim]:
                continue
            values, indices = x.topk(k, dim, largest)
            expected = x.sort(dim, descending=largest).values.narrow(dim, 0, k)
            assert values.tolist() == expected.tolist()
            assert x.gather(dim, indices).tolist() == values.tolist()


def test_topk_chooses_the_first_of_equals() -> None:
    assert torch.tensor([1.0, 2.0, 2.0, 2.0]).topk(2).indices.tolist() == [1, 2]
    assert torch.tensor([1.0, 1.0, 1.0]).topk(2, largest=False).indices.tolist() == [0, 1]


def test_bfloat16_is_ordered_by_value() -> None:
    x = torch.tensor([2.0, -1.0, math.nan, 0.5], dtype=torch.bfloat16)
    assert x.sort().indices.tolist() == [1, 3, 0, 2]
    assert x.sort().values.dtype is torch.bfloat16
    assert x.argmax().item() == 2


def test_the_median_of_an_even_number_is_the_lower_one() -> None:
    x = torch.tensor([4.0, 1.0, 3.0, 2.0], requires_grad=True)
    assert x.median().item() == 2.0
    x.median().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0, 1.0]


def test_the_mode_is_the_smallest_of_the_most_frequent_where_it_occurs_last() -> None:
    values, indices = torch.tensor([[3, 1, 3, 1, 2], [5, 5, 4, 5, 4]]).mode()
    assert (values.tolist(), indices.tolist()) == ([1, 5], [3, 3])


@pytest.mark.parametrize("interpolation", ["linear", "lower", "higher", "midpoint", "nearest"])
def test_quantiles_against_numpy(interpolation: str) -> None:
    x = np.random.default_rng(2).normal(size=(4, 7))
    q = np.array([0.0, 0.13, 0.5, 0.77, 1.0])
    ours = torch.quantile(torch.from_numpy(x), torch.from_numpy(q), 1, interpolation=interpolation)
    np.testing.assert_allclose(ours.numpy(), np.quantile(x, q, 1, method=interpolation), rtol=1e-12)


def test_distinct_elements_cannot_be_differentiated() -> None:
    x = torch.tensor([1.0, 2.0, 1.0], requires_grad=True)
    distinct = x.unique()
    assert distinct.requires_grad
    with pytest.raises(NotImplementedError, match=r"the derivative for '_unique2' is not implemented\."):
        distinct.sum().backward()


@pytest.mark.parametrize("dim", [None, 0, 1])
def test_distinct_elements_can_be_put_back(dim: int | None) -> None:
    x = torch.from_numpy(np.random.default_rng(3).integers(0, 2, (6, 3)))
    values, inverse, counts = x.unique(return_inverse=True, return_counts=True, dim=dim)
    again = values[inverse] if dim is None else values.index_select(dim, inverse)
    assert again.tolist() == x.tolist()
    assert counts.sum().item() == (x.numel() if dim is None else x.shape[dim])


@pytest.mark.parametrize("right", [True, False])
def test_each_row_is_searched_in_its_own_sequence(right: bool) -> None:
    rng = np.random.default_rng(4)
    sequences = np.sort(rng.integers(0, 9, (3, 2, 13)), -1)
    values = rng.integers(-1, 11, (3, 2, 20))
    ours = torch.searchsorted(torch.from_numpy(sequences), torch.from_numpy(values), right=right)
    side = "right" if right else "left"
    for i in np.ndindex(3, 2):
        np.testing.assert_array_equal(ours.numpy()[i], np.searchsorted(sequences[i], values[i], side))


def test_nan_lies_behind_every_sequence() -> None:
    for sequence in ([1.0, 2.0], [1.0, math.nan]):
        assert torch.searchsorted(torch.tensor(sequence), torch.tensor([math.nan])).tolist() == [2]
