"""Snippets do what they do in PyTorch (golden/behaviour.json)."""

import json
import pathlib

import pytest

import rushlight as torch
from tests import behaviour
from tests.optim import snippets

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "behaviour.json").read_text())


@pytest.mark.parametrize("code", snippets.SNIPPETS)
def test_snippet(code):
    assert behaviour.outcome(torch, code) == GOLDEN[code]
