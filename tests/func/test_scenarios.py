"""What the transforms say, of arguments and refusals, random numbers and dual tensors, is what PyTorch says."""

import json
from pathlib import Path

import pytest

import rushlight as torch
from tests.autograd.scenarios import play

from .scenarios import SCENARIOS

GOLDEN = Path(__file__).parent.parent / "golden" / "func.json"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario):
    assert play(scenario, torch) == json.loads(GOLDEN.read_text())[scenario.__name__]
