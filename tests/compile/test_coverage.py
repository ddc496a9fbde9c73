"""Which operations machine code is made of: what the table in the docs says, and what it lists as left to NumPy."""

from __future__ import annotations

from typing import Any

import pytest

import rushlight as torch
from rushlight._compile.graph import Check
from rushlight._compile.lowerings import LOWERINGS
from rushlight._core.families import unary
from rushlight._core.primitive import MADE, REGISTRY
from tests.ops.compiling import left_to_numpy, not_lowered
from tests.ops.samples import Sample, numbers
from tests.ops.test_derivatives import Case


def told(function: Any, *inputs: Any) -> str:
    return left_to_numpy(Case("planted", 0, Sample(function, *inputs), as_complex=False))


def test_rules_are_of_records() -> None:
    """A rule for what is no longer there would be dead code."""
    names = {record.name for record in MADE} | {Check.family}
    assert set(LOWERINGS) <= names


def test_what_has_a_rule_is_not_listed() -> None:
    listed = {name for names in not_lowered().values() for name in names}
    assert not listed & set(LOWERINGS)
    assert {"Sin", "Mul", "Sum", "View"}.isdisjoint(listed)
    assert {"LinalgSvd", "Sort"} <= listed


@pytest.mark.parametrize(
    ("function", "cell"),
    [
        (lambda x: x.sin() * 2, "✓"),
        (lambda x: x > 0, "✓"),
        (lambda x: x.sin().sort()[0], "NumPy"),
        (lambda x: (x.sin(), torch.linalg.svdvals(x)), "NumPy"),
        (lambda x: torch.rand_like(x) + x, "NumPy"),
        (lambda x: x + torch.get_rng_state().numel(), "eager: the state of a random generator"),
        (lambda x: x[x > 0], "eager: a shape that comes from values"),
    ],
    ids=["native", "no gradient", "NumPy", "in part", "drawn", "stream", "dynamic"],
)
def test_cells(function: Any, cell: str) -> None:
    assert told(function, numbers(2, 3)) == cell


def test_a_record_without_a_rule_is_listed() -> None:
    twice = unary("PlantedTwice", lambda x: x + x, 2)
    try:
        assert "PlantedTwice" in not_lowered()["unary"]
        assert told(lambda x: twice(x.sin()), numbers(3)) == "NumPy"
    finally:
        MADE.remove(REGISTRY.pop("PlantedTwice"))
