"""What is measured of derivatives computes what PyTorch computes, at the size at which it is measured."""

import numpy as np
import pytest
import torch

import rushlight
from benchmarks import derivatives
from benchmarks.registry import WORKLOADS

NAMES = [name for name, (_, make) in WORKLOADS.items() if make.__module__ == derivatives.__name__]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")  # PyTorch's first use of a transform warns of its own doings
def test_workload(name):
    _, make = WORKLOADS[name]
    # Each has a random stream of its own, and both are seeded where the workload is made.
    ours, theirs = make(rushlight, dtype="float64"), make(torch, dtype="float64")
    for _ in range(2):  # the second step of a training goes on from the first
        for mine, wanted in zip(ours(), theirs(), strict=True):
            mine, wanted = mine.numpy(), wanted.numpy()
            assert mine.dtype == wanted.dtype == np.float64
            assert wanted.any()
            np.testing.assert_allclose(mine, wanted, rtol=1e-10, atol=1e-10 * np.abs(wanted).max())
