"""Snippets do what they do in PyTorch (golden/behaviour.json)."""

import json
import pathlib

import pytest

import rushlight as torch
from tests import behaviour

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "behaviour.json").read_text())["ops"]


@pytest.mark.parametrize("code", behaviour.snippets("ops"))
def test_snippet(code):
    assert behaviour.outcome(torch, code) == GOLDEN[code]
