"""Run the checks of an entry and keep what came of them."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterable
from typing import NamedTuple

import torch

from . import batching, derivatives, errors, forward, writes
from .checks import Check, Inapplicable, Subject, first_line
from .compare import Different
from .entries import ENTRIES
from .left_out import mistaken
from .library import RUSHLIGHT, Library

CHECKS: dict[str, Check] = {
    check.name: check for module in (forward, derivatives, batching, writes, errors) for check in module.CHECKS
}


class Outcome(NamedTuple):
    """Of one check of one entry: how many cases there were, and what the failed ones said."""

    cases: int
    failures: tuple[str, ...]
    details: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures


def run_check(check: Check, subject: Subject, *, thorough: bool = False) -> Outcome:
    """``thorough`` goes on after a failure, and keeps tracebacks. No cases: the entry has nothing of the kind."""
    cases, failures, details = 0, [], []
    for case in check.cases(subject):
        try:
            case.compare()
        except Inapplicable:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, the library got it wrong
            failures.append(
                first_line(error) if isinstance(error, Different) else f"{type(error).__name__}: {first_line(error)}"
            )
            if thorough:
                details.append(f"{case.describe()}\n{traceback.format_exc()}")
        cases += 1
        if failures and not thorough:
            break
    return Outcome(cases, tuple(failures), tuple(details))


def run(
    name: str, checks: Iterable[str] = tuple(CHECKS), library: Library = RUSHLIGHT, *, thorough: bool = False
) -> dict[str, Outcome]:
    """The outcome of each check that the entry has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {
            check: run_check(CHECKS[check], Subject(name, library), thorough=thorough)
            for check in checks
            if mistaken(name, check) is None
        }
    return {c: outcome for c, outcome in found.items() if outcome.cases}


def declared(name: str) -> set[str]:
    """The checks that an entry has by what PyTorch says of it: for those that are not run."""
    entry = ENTRIES[name]

    def of_dtypes(title: str, dtypes: Iterable[torch.dtype]) -> set[str]:
        return {f"{title} {str(d).removeprefix('torch.')}" for d in dtypes}

    found = of_dtypes("forward", entry.dtypes) | {"vmap"}
    backward = entry.supported_backward_dtypes("cpu")
    found |= of_dtypes("gradient", backward) if entry.supports_autograd else set()
    found |= of_dtypes("second order", backward) if entry.supports_gradgrad else set()
    found |= of_dtypes("forward mode", entry.dtypes) if entry.supports_forward_ad else set()
    found |= {"in-place"} if entry.inplace_variant is not None else set()
    found |= {"out="} if entry.supports_out else set()
    found |= {"error inputs"} if entry.error_inputs_func is not None else set()
    return found & CHECKS.keys()
