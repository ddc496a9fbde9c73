"""Which entries are not run, and of which the content of a result is not compared, each with its reason."""

from __future__ import annotations

import fnmatch

# Entries that mean nothing without a feature that Rushlight does not have. Pattern of the name -> the feature.
LEFT_OUT = {
    "to_sparse": "sparse tensors",
    "sparse.*": "sparse tensors",
    "chalf": "complex numbers of half precision",
}

# Results whose memory is handed out as it is found. Pattern of the name -> what is not said about it.
UNSPECIFIED = {
    "empty": "memory is not initialised",
    "empty_like": "memory is not initialised",
    "empty_permuted": "memory is not initialised",
    "empty_strided": "memory is not initialised",
    "new_empty": "memory is not initialised",
    "new_empty_strided": "memory is not initialised",
    "resize_": "a longer tensor ends in memory that is not initialised",
    "resize_as_": "a longer tensor ends in memory that is not initialised",
}

# Where PyTorch is wrong, so that it cannot judge. Pattern of "name: check" -> what it does.
MISTAKEN = {
    "as_strided_scatter: gradient *": "hands derivatives on to what was overwritten",
    "as_strided_scatter: second order *": "hands derivatives on to what was overwritten",
    "cholesky_inverse: forward mode *": "the tangent is that of another function, but at a diagonal matrix",
    "logcumsumexp: forward mode *": "the tangent is rounded to 1e-6, or nan for complex numbers",
    "*polygamma*: forward int8": "what it gives at a pole depends on how pi was rounded",
    "*polygamma*: forward int16": "what it gives at a pole depends on how pi was rounded",
}

# Ways to pass `out=` that make PyTorch write beyond its memory. Name -> the ways.
CORRUPTING = {
    "linalg.lu": {"with strides"},
    "lu_unpack": {"with strides"},
    "tril": {"with strides"},
    "triu": {"with strides"},
}


def _reason(table: dict[str, str], name: str) -> str | None:
    return next((reason for pattern, reason in table.items() if fnmatch.fnmatchcase(name, pattern)), None)


def left_out(name: str) -> str | None:
    """Why an entry is not run; None where it is."""
    return _reason(LEFT_OUT, name)


def unspecified(name: str) -> str | None:
    """Why only the shape and dtype of an entry's results are compared; None where all is."""
    return _reason(UNSPECIFIED, name)


def mistaken(name: str, check: str) -> str | None:
    """What PyTorch does wrong there; None where it can judge."""
    return _reason(MISTAKEN, f"{name}: {check}")


def lists() -> list[str]:
    """The tables as lines of text."""
    tables = {
        "Left out": LEFT_OUT,
        "Compared by shape and dtype alone": UNSPECIFIED,
        "Not compared, since PyTorch is wrong": MISTAKEN,
    }
    return [line for title, t in tables.items() for line in (f"{title}:", *(f"  {p}: {why}" for p, why in t.items()))]
