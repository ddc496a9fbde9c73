"""Custom functions inside transforms beside PyTorch."""

import warnings

import numpy as np
import pytest
import torch

import rushlight
from tests.autograd.custom_functions import custom, transformations

# What PyTorch does not do: a rule for tangents is not differentiated in forward mode again.
DIFFERENT = {"jacfwd jacfwd"}

OURS, THEIRS = ((custom(lib), transformations(lib)) for lib in (rushlight, torch))


@pytest.mark.parametrize("function", OURS[0])
@pytest.mark.parametrize("transformation", sorted(OURS[1].keys() - DIFFERENT))
def test_same_numbers(transformation, function):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's first use of forward mode warns of its own doings
        theirs = THEIRS[1][transformation](THEIRS[0][function]).detach().numpy()
    ours = OURS[1][transformation](OURS[0][function]).detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
