"""Equal numbers come out of a selection in the order in which PyTorch's `topk` leaves them (golden file)."""

import pathlib

import numpy as np
import pytest

from rushlight._core.selection import largest_indices

GOLDEN = np.load(pathlib.Path(__file__).parents[1] / "golden" / "random_streams.npz")
TIES = {key[4:]: GOLDEN[key] for key in GOLDEN.files if key.startswith("top/")}
RAMP = np.arange(500.0)
NUMBERS = {
    "cycle": np.arange(200.0) % 7,
    "organ_pipe": np.floor(np.concatenate([RAMP, RAMP[::-1]]) / 2),
    "nan": np.where(np.arange(60) % 11 == 3, np.nan, np.arange(60.0) % 5),
}


@pytest.mark.parametrize("name", TIES)
def test_order_of_equal_numbers(name):
    case, k = name.split("/")
    np.testing.assert_array_equal(largest_indices(NUMBERS[case], int(k)), TIES[name])


def test_different_numbers_are_sorted():
    numbers = np.array([3.0, -1.0, np.nan, 2.0, np.inf])
    assert largest_indices(numbers, 5).tolist() == [2, 4, 0, 3, 1]
    assert largest_indices(numbers, 2).tolist() == [2, 4]
