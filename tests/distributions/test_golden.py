"""Distributions against what PyTorch says, as it was recorded (tests/golden/make_distributions.py)."""

import gzip
import json
import pathlib

import pytest

import rushlight

from . import cases
from .agreement import difference, differences

pytest.importorskip("scipy", reason="lgamma, erfinv and their like need SciPy")
FILE = pathlib.Path(__file__).resolve().parent.parent / "golden" / "distributions.json.gz"
GOLDEN = json.loads(gzip.decompress(FILE.read_bytes()))


def test_nothing_is_left_out():
    assert set(GOLDEN["answers"]) == set(cases.CASES)
    assert set(GOLDEN["mistakes"]) == set(cases.MISTAKES)
    assert set(GOLDEN["constraints"]) == set(cases.CONSTRAINTS)
    assert set(GOLDEN["transforms"]) == set(cases.TRANSFORMS)
    assert set(GOLDEN["reached"]) == set(cases.REACHED)


@pytest.mark.parametrize("name", cases.CASES)
def test_answers(name):
    ours = cases.answers(rushlight, cases.CASES[name])
    assert not differences(cases.CASES[name], ours, GOLDEN["answers"][name])


@pytest.mark.parametrize("p", cases.CASES)
def test_divergences(p):
    for q in cases.CASES:
        theirs = GOLDEN["divergences"].get(f"{p} | {q}")
        if theirs != cases.NO_DIVERGENCE:  # PyTorch writes inf in places that have not been broadcast
            assert difference(f"{p} | {q}", cases.divergence(rushlight, p, q), theirs) is None


@pytest.mark.parametrize("name", cases.MISTAKES)
def test_mistakes(name):
    assert cases.mistake(rushlight, name) == GOLDEN["mistakes"][name]


@pytest.mark.parametrize("name", cases.CONSTRAINTS)
def test_constraints(name):
    assert difference(name, cases.constraint(rushlight, name), GOLDEN["constraints"][name]) is None


@pytest.mark.parametrize("name", cases.TRANSFORMS)
def test_transforms(name):
    assert difference(name, cases.transform(rushlight, name), GOLDEN["transforms"][name]) is None


@pytest.mark.parametrize("name", cases.REACHED)
def test_transforms_onto_constraints(name):
    assert cases.reached(rushlight, name) == GOLDEN["reached"][name]
