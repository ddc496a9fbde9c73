"""The database of operators by hand: run some entries and print what differs, or run all for the table.

NAME is the name of an entry, a glob, or a part of names; without one, all are run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Iterator

from . import expected
from .entries import ENTRIES, matching
from .left_out import left_out, lists
from .library import RUSHLIGHT, TORCH
from .running import CHECKS, Outcome, run
from .table import table

Results = dict[str, dict[str, Outcome]]


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.opdb", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="append", default=[], metavar="PART", help="checks whose name contains PART")
    parser.add_argument("--all", action="store_true", help="every failed case of a check, not the first alone")
    parser.add_argument("--traceback", action="store_true", help="failed cases with their sample and traceback")
    parser.add_argument("--torch", action="store_true", help="PyTorch itself in the place of Rushlight")
    parser.add_argument("--table", action="store_true", help="the table of percentages, and each first difference")
    parser.add_argument("--write", action="store_true", help="write what fails to expected.txt; more must not fail")
    parser.add_argument("--accept", action="store_true", help="with --write: more may fail than before")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="processes (default: 1)")
    options = parser.parse_args()
    checks = [c for c in CHECKS if not options.check or any(part in c for part in options.check)]
    if options.write and (options.names or options.check or options.torch):
        parser.error("--write wants all entries and checks")
    names = matching(options.names)
    if not names:
        parser.error(f"no entry is called {' or '.join(options.names)}")

    results: Results = {}
    for name, outcomes in outcomes_of(names, checks, options.torch, options.j):
        results[name] = outcomes
        if not options.table and not options.write:
            show(name, outcomes, options.all, options.traceback)
    passed = {name: {c: o.passed for c, o in outcomes.items()} for name, outcomes in results.items()}
    if options.table:
        for name in names:
            for check, outcome in results.get(name, {}).items():
                if not outcome.passed:
                    say(f"{name}: {check}: {outcome.failures[0]}")
        say("\n".join(["", table(passed), "", *lists()]))
    if options.write:
        return 0 if write(passed, options.accept) else 1
    return 0 if all(all(checks.values()) for checks in passed.values()) else 1


def outcomes_of(
    names: list[str], checks: list[str], torch: bool, processes: int
) -> Iterator[tuple[str, dict[str, Outcome]]]:
    """In the order of the names with one process, otherwise as they come."""
    tasks = [(name, checks, torch) for name in names if left_out(name) is None]
    if processes <= 1:
        yield from map(outcome_of, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(outcome_of, tasks)


def outcome_of(task: tuple[str, list[str], bool]) -> tuple[str, dict[str, Outcome]]:
    name, checks, torch = task
    return name, run(name, checks, TORCH if torch else RUSHLIGHT, thorough=True)


def show(name: str, outcomes: dict[str, Outcome], every: bool, with_traceback: bool) -> None:
    bad = {check: outcome for check, outcome in outcomes.items() if not outcome.passed}
    say(f"{name}: {len(outcomes) - len(bad)} of {len(outcomes)} checks pass")
    for check, outcome in bad.items():
        say(f"  {check}: {len(outcome.failures)} of {outcome.cases} cases fail")
        shown = outcome.failures if every else outcome.failures[:1]
        for text, detail in zip(shown, outcome.details):
            say(f"    {text}")
            if with_traceback:
                say("      " + detail.replace("\n", "\n      "))


def write(passed: dict[str, dict[str, bool]], accept: bool) -> bool:
    """Write the file, unless more fails than it says."""
    failing = {(name, check) for name, checks in passed.items() for check, ok in checks.items() if not ok}
    known = expected.read()
    worse = sorted(failing - known)
    if worse and not accept and expected.FILE.exists():
        say("These did not fail before (--accept writes them all the same):")
        say("\n".join(f"  {name}: {check}" for name, check in worse))
        return False
    expected.write(failing)
    say(f"{len(failing)} failures, {len(known - failing)} fewer and {len(worse)} more, of {len(ENTRIES)} entries")
    return True
