"""Every entry of PyTorch's database does on Rushlight what it does in PyTorch, but for what `expected.txt` names."""

from collections.abc import Callable

import pytest

from . import expected
from .entries import ENTRIES, matching
from .left_out import CORRUPTING, LEFT_OUT, MISTAKEN, UNSPECIFIED, left_out
from .running import CHECKS, run

KNOWN = expected.read()


@pytest.mark.parametrize("name", [n for n in ENTRIES if left_out(n) is None])
def test_entry(name: str, record_property: Callable[[str, object], None]) -> None:
    outcomes = run(name)
    record_property("opdb", [name, {check: outcome.passed for check, outcome in outcomes.items()}])
    complaint = expected.complaint(
        name, {check: outcome.failures[0] if outcome.failures else None for check, outcome in outcomes.items()}, KNOWN
    )
    assert not complaint, f"{name}\n{complaint}"


def test_known_failures_are_of_entries_that_run() -> None:
    assert not [
        f"{name}: {check}" for name, check in KNOWN if name not in ENTRIES or left_out(name) or check not in CHECKS
    ]


@pytest.mark.parametrize("pattern", [*LEFT_OUT, *UNSPECIFIED, *CORRUPTING, *(p.partition(": ")[0] for p in MISTAKEN)])
def test_tables_name_entries(pattern: str) -> None:
    assert matching([pattern])
