"""Distributions against PyTorch itself: the project's cases with other parameters than those of the golden file."""

import pytest
import torch

import rushlight
from tests.distributions import cases
from tests.distributions.agreement import difference, differences

pytestmark = pytest.mark.filterwarnings("ignore")
SEEDS = (1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", cases.CASES)
def test_answers(name, seed):
    ours, theirs = (cases.answers(library, cases.CASES[name], seed) for library in (rushlight, torch))
    assert not differences(cases.CASES[name], ours, theirs)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("p", cases.CASES)
def test_divergences(p, seed):
    for q in cases.CASES:
        ours, theirs = (cases.divergence(library, p, q, seed) for library in (rushlight, torch))
        if theirs != cases.NO_DIVERGENCE:  # PyTorch writes inf in places that have not been broadcast
            assert difference(f"{p} | {q}", ours, theirs) is None


@pytest.mark.parametrize("name", cases.MISTAKES)
def test_mistakes(name):
    assert cases.mistake(rushlight, name) == cases.mistake(torch, name)


@pytest.mark.parametrize("name", cases.CONSTRAINTS)
def test_constraints(name):
    assert difference(name, cases.constraint(rushlight, name), cases.constraint(torch, name)) is None


@pytest.mark.parametrize("name", cases.TRANSFORMS)
def test_transforms(name):
    assert difference(name, cases.transform(rushlight, name), cases.transform(torch, name)) is None


@pytest.mark.parametrize("name", cases.REACHED)
def test_transforms_onto_constraints(name):
    assert cases.reached(rushlight, name) == cases.reached(torch, name)
