"""Whole programs with derivatives inside compute what PyTorch computes, to the last few bits of float64."""

from pathlib import Path

import numpy as np
import pytest

import rushlight as torch

from .programs import PROGRAMS

GOLDEN = Path(__file__).parent.parent / "golden" / "func.npz"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_program(program):
    results = program(torch)
    with np.load(GOLDEN) as golden:
        names = [name for name in golden.files if name.rpartition(".")[0] == program.__name__]
        assert len(results) == len(names)
        for i, result in enumerate(results):
            assert not result.requires_grad  # nothing outside asked for a history
            wanted = golden[f"{program.__name__}.{i}"]
            assert result.shape == wanted.shape
            np.testing.assert_allclose(result.numpy(), wanted, rtol=1e-10, atol=1e-10)
