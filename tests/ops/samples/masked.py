"""Samples of `torch.masked`: of all elements and along a dimension, with a mask and without, with rows of which none is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch

from . import Sample, numbers

A, POSITIVE, NUMBER = numbers(3, 4), numbers(3, 4, seed=1, low=0.3, high=2.0), numbers(seed=2)
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, True, True]])
COLUMNS = np.array([True, False, True, True])
GAPS = np.array([[True, True, False, True], [False, False, False, False], [True, False, True, True]])
OTHER = numbers(3, 4, seed=3)


def _reduced(
    function: Callable[..., Any], x: np.ndarray = A, *, gaps: bool = True, complex: bool = True
) -> list[Sample]:
    call = lambda *args, **kwargs: function(args[0], mask=args[1] if args[1:] else None, **kwargs)
    found = [
        Sample(call, x, MASK, complex=complex),
        Sample(call, x, complex=complex, label="no mask"),
        Sample(lambda x, m: call(x, m, dim=1), x, MASK, complex=complex, label="rows"),
        Sample(lambda x, m: call(x.t(), m.t(), dim=(0, 1), keepdim=True), x, MASK, complex=complex, label="view"),
        Sample(lambda x, m: call(x, m, dim=-1), x, COLUMNS, complex=complex, label="broadcast"),
        Sample(lambda x, m: call(x, m), np.abs(NUMBER), np.array(True), complex=complex, label="number"),
    ]
    if gaps:
        found.append(Sample(lambda x, m: call(x, m, dim=1), x, GAPS, complex=complex, label="gaps"))
    return found


def _along(function: Callable[..., Any], *args: Any, complex: bool = True) -> list[Sample]:
    return [
        Sample(lambda x, m: function(x, *args, 1, mask=m), A, MASK, complex=complex),
        Sample(lambda x: function(x, *args, 0), A, complex=complex, label="no mask"),
        Sample(lambda x, m: function(x.t(), *args, 0, mask=m.t()), A, MASK, complex=complex, label="view"),
    ]


def _indices(function: Callable[..., Any]) -> list[Sample]:
    return [
        Sample(lambda x, m: function(x, 1, mask=m, dtype=torch.int64), A, MASK, order=0),
        Sample(lambda x: function(x, keepdim=True, dtype=torch.int64), A, order=0, label="no mask"),
    ]


m = torch.masked
SAMPLES: dict[str, list[Sample]] = {
    "torch.masked.sum": _reduced(m.sum),
    "torch.masked.prod": _reduced(m.prod, POSITIVE),
    "torch.masked.amax": _reduced(m.amax, gaps=False, complex=False),
    "torch.masked.amin": _reduced(m.amin, gaps=False, complex=False),
    "torch.masked.argmax": _indices(m.argmax),
    "torch.masked.argmin": _indices(m.argmin),
    "torch.masked.mean": _reduced(m.mean, gaps=False),
    "torch.masked.median": [
        Sample(lambda x, m_: m.median(x, 1, mask=m_), A, MASK),
        Sample(lambda x: m.median(x, 0, keepdim=True), A, label="no mask"),
    ],
    "torch.masked.logsumexp": _reduced(m.logsumexp, gaps=False),
    "torch.masked.norm": [
        Sample(lambda x, m_, p=p: m.norm(x, p, 1, mask=m_), A, MASK, label=f"order {p}")
        for p in (1.0, 2.0, 4.0, np.inf)
    ],
    "torch.masked.var": _reduced(lambda x, **k: m.var(x, correction=0, **k), gaps=False),
    "torch.masked.std": [Sample(lambda x, m_: m.std(x, 1, mask=m_), A, MASK), Sample(lambda x: m.std(x, 0, True), A)],
    "torch.masked.cumsum": _along(m.cumsum),
    "torch.masked.cumprod": _along(m.cumprod),
    "torch.masked.softmax": _along(m.softmax, complex=False),
    "torch.masked.log_softmax": [
        Sample(lambda x, m_: m.log_softmax(x, 1, mask=m_).masked_select(m_), A, MASK),
        Sample(lambda x: m.log_softmax(x, 0), A, label="no mask"),
    ],
    "torch.masked.softmin": _along(m.softmin, complex=False),
    "torch.masked.normalize": _along(m.normalize, 2.0),
    "torch.masked.logaddexp": [
        Sample(lambda x, y: m.logaddexp(x, y), A, OTHER),
        Sample(lambda x, y, m_: m.logaddexp(x, y, input_mask=m_), A, OTHER, MASK, order=1, label="mask"),
    ],
}
