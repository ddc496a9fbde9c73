"""Samples of reductions, orderings and running operations."""

from __future__ import annotations

import math

import numpy as np

import rushlight
from rushlight._ops.cumulative import recurrence, shift_p

from . import Sample, numbers

A, B, V = numbers(3, 4), numbers(2, 3, 4, seed=1), numbers(5, seed=2)
SCALAR, EMPTY = np.array(1.7), np.empty((2, 0))
POSITIVE = numbers(3, 4, seed=3, low=0.5, high=3.0)
# Not contiguous.
TURNED = numbers(4, 3, seed=4).T
# Zeros, so that no division by an element is a way to the derivative.
ZEROS = np.array([[0.0, 2.0, 3.0], [0.5, 0.0, -1.5], [0.0, 1.1, 0.0]])
NAN_AT_ONE = rushlight.tensor([0.0, math.nan, 0.0, 0.0], dtype=rushlight.float64)
INTEGERS = np.array([[3, 1, 1], [0, 2, 3]])

SAMPLES: dict[str, list[Sample]] = {
    "Sum": [
        Sample(lambda x: x.sum(), A, complex=True),
        Sample(lambda x: x.sum(0), TURNED),
        Sample(lambda x: x.sum((0, -1), keepdim=True), B, complex=True),
        Sample(lambda x: x.sum(0), SCALAR),
        Sample(lambda x: x.sum(1), EMPTY),
    ],
    "Mean": [
        Sample(lambda x: x.mean(), A, complex=True),
        Sample(lambda x: x.mean((0, 2)), B, complex=True),
        Sample(lambda x: x.mean(-1, keepdim=True), TURNED),
        Sample(lambda x: x.mean(), SCALAR),
    ],
    "Nansum": [
        Sample(lambda x: x.nansum(), A),
        Sample(lambda x: x.nansum(-1, keepdim=True), B),
        Sample(lambda x: (x + NAN_AT_ONE).nansum(1), A, label="skipping nan"),
    ],
    "Prod": [
        Sample(lambda x: x.prod(), V, complex=True),
        Sample(lambda x: x.prod(), ZEROS[:2, :2], label="two zeros"),
        Sample(lambda x: x.prod(), np.array([0.0, 1.5, -2.0]), label="one zero", complex=True),
        Sample(lambda x: x.prod(), SCALAR),
        Sample(lambda x: x.prod(), EMPTY),
        Sample(lambda x: x.prod(0), A, complex=True),
        Sample(lambda x: x.prod(-1, keepdim=True), ZEROS, label="zeros"),
        Sample(lambda x: x.prod(1), TURNED),
        Sample(lambda x: x.prod(1), EMPTY),
    ],
    "Logsumexp": [
        Sample(lambda x: x.logsumexp(0), A, complex=True),
        Sample(lambda x: x.logsumexp((0, -1), keepdim=True), B),
        Sample(lambda x: x.logsumexp(0), SCALAR),
        Sample(lambda x: (1000 + x).logsumexp(1), TURNED, label="large"),
    ],
    "All": [Sample(lambda x: x.all(0), INTEGERS, order=0), Sample(lambda x: x.all(), A, order=0)],
    "Any": [Sample(lambda x: x.any(1, keepdim=True), INTEGERS, order=0)],
    "CountNonzero": [Sample(lambda x: x.count_nonzero(0), INTEGERS, order=0)],
    "MaxBackward1": [Sample(lambda x: x.max(), A), Sample(lambda x: x.max(), SCALAR)],
    "MinBackward1": [Sample(lambda x: x.min(), TURNED), Sample(lambda x: x.min(), SCALAR)],
    "Amax": [
        Sample(lambda x: x.amax(), A),
        Sample(lambda x: x.amax((0, -1), keepdim=True), B),
        Sample(lambda x: x.amax(1), TURNED),
    ],
    "Amin": [Sample(lambda x: x.amin(0), A), Sample(lambda x: x.amin((0, 2)), B)],
    "Aminmax": [
        Sample(lambda x: tuple(x.aminmax()), A),
        Sample(lambda x: tuple(x.aminmax(dim=-2, keepdim=True)), B),
    ],
    "Argmax": [Sample(lambda x: x.argmax(1), A, order=0), Sample(lambda x: x.argmax(), INTEGERS, order=0)],
    "Argmin": [Sample(lambda x: x.argmin(0, keepdim=True), A, order=0)],
    "Max": [
        Sample(lambda x: x.max(0)[0], A),
        Sample(lambda x: x.max(-2, keepdim=True)[0], B),
        Sample(lambda x: x.max(1)[0], TURNED),
        Sample(lambda x: x.max(0)[0], SCALAR),
    ],
    "Min": [Sample(lambda x: x.min(1)[0], A), Sample(lambda x: x.min(-1, keepdim=True)[0], B)],
    "Var": [
        Sample(lambda x: x.var(), A, complex=True),
        Sample(lambda x: x.var((0, -1), keepdim=True), B, complex=True),
        Sample(lambda x: x.var(1, correction=0.5), TURNED),
    ],
    "Std": [
        Sample(lambda x: x.std(), A, complex=True),
        Sample(lambda x: x.std((0, 2)), B, complex=True),
        Sample(lambda x: x.std(-1, correction=0, keepdim=True), TURNED),
    ],
    "VarMean": [
        Sample(rushlight.var_mean, A, complex=True),
        Sample(lambda x: rushlight.var_mean(x, (0, 2), keepdim=True), B),
        Sample(lambda x: rushlight.var_mean(x, 0)[1], A, label="mean alone"),
    ],
    "StdMean": [
        Sample(rushlight.std_mean, A, complex=True),
        Sample(lambda x: rushlight.std_mean(x, -1, correction=0), B),
        Sample(lambda x: rushlight.std_mean(x, 0)[0], A, label="deviation alone"),
    ],
    "Histc": [Sample(lambda x: x.histc(4, -1, 2), A, order=0)],
    "Bincount": [
        Sample(lambda i: i.bincount(), INTEGERS[0], order=0),
        Sample(lambda i, w: i.bincount(w), INTEGERS[0], V[:3], order=0),
    ],
    "LinalgVectorNorm": [
        *(Sample(lambda x, p=p: x.norm(p), A, complex=True, label=f"order {p}") for p in (1, 2, 3, 1.5, 0.5, -1)),
        *(Sample(lambda x, p=p: x.norm(p, 1), TURNED, label=f"order {p}") for p in (math.inf, -math.inf)),
        Sample(lambda x: x.norm(2, (0, 2), keepdim=True), B, complex=True),
        Sample(lambda x: x.norm(2.5, -1), A),
        Sample(lambda x: x.norm(), SCALAR),
    ],
    "Dist": [
        Sample(lambda a, b: a.dist(b), A, POSITIVE, complex=True),
        Sample(lambda a, b: a.dist(b, 3), A, V[:4], label="broadcast"),
        Sample(lambda a, b: a.dist(b, 1), A, POSITIVE),
        Sample(lambda a, b: a.dist(b, math.inf), A, POSITIVE),
    ],
    "Shift": [
        Sample(lambda x: shift_p.bind(x, dim=1, by=1, fill=1), A, complex=True),
        Sample(lambda x: shift_p.bind(x, dim=0, by=-2, fill=0), TURNED),
        Sample(lambda x: shift_p.bind(x, dim=0, by=3, fill=1), A, label="all out"),
    ],
    "Recurrence": [
        Sample(lambda a, b: recurrence.bind(a, b, dim=1, reverse=False), A, POSITIVE, complex=True),
        Sample(lambda a, b: recurrence.bind(a, b, dim=0, reverse=True), A, TURNED),
    ],
    "Cumsum": [
        Sample(lambda x: x.cumsum(0), A, complex=True),
        Sample(lambda x: x.cumsum(-1), B),
        Sample(lambda x: x.cumsum(0), SCALAR),
        Sample(lambda x: x.cumsum(1), EMPTY),
    ],
    "Cumprod": [
        Sample(lambda x: x.cumprod(1), A, complex=True),
        Sample(lambda x: x.cumprod(0), ZEROS, label="zeros"),
        Sample(lambda x: x.cumprod(-1), TURNED),
        Sample(lambda x: x.cumprod(0), SCALAR),
    ],
    "Logcumsumexp": [
        Sample(lambda x: x.logcumsumexp(1), A, complex=True),
        Sample(lambda x: (x * 50).logcumsumexp(0), TURNED, label="far apart"),
        Sample(lambda x: x.logcumsumexp(0), SCALAR),
    ],
    "Cummax": [Sample(lambda x: x.cummax(1)[0], A), Sample(lambda x: x.cummax(-2)[0], B)],
    "Cummin": [Sample(lambda x: x.cummin(0)[0], A), Sample(lambda x: x.cummin(0)[0], SCALAR)],
    "Sort": [
        Sample(lambda x: x.sort()[0], A),
        Sample(lambda x: x.sort(0, descending=True)[0], B),
        Sample(lambda x: x.sort(dim=1, stable=True)[0], TURNED),
        Sample(lambda x: x.sort()[0], SCALAR),
    ],
    "Topk": [
        Sample(lambda x: x.topk(2)[0], A),
        Sample(lambda x: x.topk(2, 1, largest=False)[0], B),
        Sample(lambda x: x.topk(0)[0], A, label="none"),
    ],
    "Unique2": [Sample(lambda x: x.unique(), A, order=0)],
    "UniqueDim": [Sample(lambda x: x.unique(dim=0), A, order=0)],
    "UniqueConsecutive": [Sample(lambda x: x.unique_consecutive(), A, order=0)],
    "Searchsorted": [Sample(rushlight.searchsorted, np.sort(V), A, order=0)],
    "Isin": [Sample(rushlight.isin, A, A[:1], order=0)],
    "MedianBackward1": [Sample(lambda x: x.median(0)[0], A), Sample(lambda x: x.median(1, True)[0], B)],
    "NanmedianBackward1": [
        Sample(lambda x: x.nanmedian(-1)[0], A),
        Sample(lambda x: x.nanmedian(0)[0], SCALAR),
    ],
    "Median": [Sample(lambda x: x.median(), A), Sample(lambda x: x.median(), SCALAR)],
    "Nanmedian": [Sample(lambda x: x.nanmedian(), TURNED)],
    "Kthvalue": [
        Sample(lambda x: x.kthvalue(2)[0], A),
        Sample(lambda x: x.kthvalue(3, 1, keepdim=True)[0], B),
    ],
    "Mode": [Sample(lambda x: x.mode()[0], A), Sample(lambda x: x.mode(0, True)[0], B)],
}
