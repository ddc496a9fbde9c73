"""Inputs that are to be refused, with the same type of exception."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from torch.testing._internal.opinfo.core import SampleInput

from .checks import Case, Check, Inapplicable, Subject, assert_same_error, raised
from .library import TORCH
from .samples import called, error_inputs


def refused(subject: Subject) -> Iterator[Case]:
    for error_input in error_inputs(subject.name):
        sample = error_input.sample_input
        yield Case(sample.summary, partial(_compare, subject, sample))


def _compare(subject: Subject, sample: SampleInput) -> None:
    op = subject.entry.op
    _, error = raised(lambda: called(TORCH, op, sample))
    if error is None:
        raise Inapplicable("PyTorch takes it")
    _, ours = raised(lambda: called(subject.library, subject.ours(op), sample))
    assert_same_error(ours, error)


CHECKS = [Check("error inputs", refused)]
