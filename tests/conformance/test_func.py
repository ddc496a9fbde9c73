"""The transforms beside PyTorch: programs and scenarios. (Each operation's forward mode is tried in `opdb`.)"""

import warnings

import numpy as np
import pytest
import torch

import rushlight
from tests.autograd.scenarios import play
from tests.func.programs import PROGRAMS
from tests.func.scenarios import SCENARIOS


@pytest.fixture(autouse=True)
def _quiet():
    """PyTorch's first use of forward mode warns of its own doings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.func.jvp(torch.sin, (torch.ones(1),), (torch.ones(1),))
        yield


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs(program):
    for ours, theirs in zip(program(rushlight), program(torch), strict=True):
        np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenarios(scenario):
    assert play(scenario, rushlight) == play(scenario, torch)
