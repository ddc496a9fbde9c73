"""The failures that are known: `expected.txt`, which `python -m tests.conformance.opdb --write` makes.

Together with what PyTorch's entries have checks for it determines the percentages: a test fails on every failure that
is not in the file, and on every line that no longer fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).with_name("expected.txt")


def read() -> set[tuple[str, str]]:
    """Pairs of an entry and a check."""
    if not FILE.exists():
        return set()
    return {(name, check) for name, _, check in (line.partition(": ") for line in FILE.read_text().splitlines())}


def write(failing: Iterable[tuple[str, str]]) -> None:
    FILE.write_text("".join(f"{name}: {check}\n" for name, check in sorted(failing)))


def complaint(name: str, outcomes: dict[str, str | None], known: set[tuple[str, str]]) -> str:
    """What is wrong with outcomes (check -> difference, or None) that the file does not say; empty if nothing is."""
    lines = [f"{check}: {text}" for check, text in outcomes.items() if text is not None and (name, check) not in known]
    stale = [check for entry, check in sorted(known) if entry == name and outcomes.get(check) is None]
    if stale:
        lines.append(f"{', '.join(stale)}: no longer fails; run python -m tests.conformance.opdb --write")
    return "\n".join(lines)
