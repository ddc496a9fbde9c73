"""Every line that the scenarios print is PyTorch's, as the golden file has it."""

import json
from pathlib import Path

import pytest

import rushlight
from tests.autograd import scenarios

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "autograd.json").read_text())
SCENARIOS = scenarios.collect()


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_says_what_pytorch_says(name):
    assert scenarios.play(SCENARIOS[name], rushlight) == GOLDEN[name]


def test_golden_file_is_of_these_scenarios():
    assert sorted(GOLDEN) == sorted(SCENARIOS)
