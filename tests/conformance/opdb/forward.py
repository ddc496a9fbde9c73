"""Values: of the function for each dtype, and of its other names and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.opinfo.core import SampleInput

from .checks import Case, Check, Subject, dtype_of, judged
from .library import TORCH
from .samples import called, doubled, samples

# Those by which a library is judged first, with their number of samples; and the others that Rushlight has.
MAIN = {"float32": 25, "float64": 25, "complex128": 15, "int64": 15, "bool": 15}
OTHER = dict.fromkeys(["float16", "bfloat16", "complex64", "int8", "int16", "int32", "uint8"], 5)
FORMS = 6


def values(subject: Subject, dtype: str) -> Iterator[Case]:
    """The same results, and arguments left as PyTorch leaves them."""
    if dtype_of(dtype) in subject.entry.dtypes:
        for sample in samples(subject.name, dtype_of(dtype), {**MAIN, **OTHER}[dtype]):
            yield case(subject, sample, subject.entry.op, lambda: subject.ours(subject.entry.op))


def case(subject: Subject, sample: SampleInput, theirs: Callable[..., Any], find: Callable[[], Any]) -> Case:
    def compare() -> None:
        expected, expected_after = judged(lambda: called(TORCH, theirs, sample))
        result, after = called(subject.library, find(), sample)
        subject.assert_same_result(
            result, expected, after, lambda: called(TORCH, theirs, doubled(subject.name, sample))[0]
        )
        subject.assert_same(after, expected_after, "argument afterwards")

    return Case(sample.summary, compare)


def forms(subject: Subject) -> Iterator[Case]:
    """The method, the operator, and the aliases with theirs."""
    entry, get = subject.entry, subject.library.get
    ways: list[tuple[str, Any, Callable[[], Any]]] = []
    for kind, variant in ("method", entry.method_variant), ("operator", entry.operator_variant):
        if variant is not None:
            ways.append((kind, variant, partial(subject.ours, variant)))
    for alias in entry.aliases:
        name = alias.name.removeprefix("torch.")
        for path in name, f"Tensor.{name}", f"Tensor.{name}_":
            if (theirs := _found(path)) is not None:
                ways.append((path, theirs, partial(get, path)))
    for kind, theirs, find in ways:
        for sample in samples(subject.name, first_dtype(subject), FORMS):
            inner = case(subject, sample, theirs, find)
            yield Case(partial("{} of {}".format, kind, sample.summary()), inner.compare)


def _found(path: str) -> Any:
    value: Any = torch
    for part in path.split("."):
        value = getattr(value, part, None)
    return value


def first_dtype(subject: Subject) -> torch.dtype:
    """The one to try what does not depend on the dtype with: with double precision, if it can be."""
    return next(d for n in ["float64", *MAIN, *OTHER] if (d := dtype_of(n)) in subject.entry.dtypes)


CHECKS = [
    *(Check(f"forward {dtype}", partial(values, dtype=dtype)) for dtype in [*MAIN, *OTHER]),
    Check("forms", forms),
]
