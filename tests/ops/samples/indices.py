"""Samples of what is read and written by index tensors and masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch
from rushlight._ops.advanced_indexing import index_embed
from rushlight._ops.gather_scatter import untake_p
from rushlight._ops.masking import of_source_p
from rushlight._ops.scatter_reduce import constant_beside_zeros

from . import Sample, numbers

A, ROW, NUMBER, FOUR = numbers(3, 4), numbers(4, seed=1), numbers(seed=2), numbers(2, 4, seed=3)
CUBE = numbers(2, 3, 4, seed=4)
NONE = np.empty((0, 4))
TWICE, ONCE, NO_INDEX = np.array([2, 0, 2]), np.array([2, 0]), np.empty(0, np.int64)
ZERO, TABLE = np.array(0), np.array([[0, 1], [1, 1]])
NEGATIVE = np.array([-1, 0, -3])
MASK = np.array([[True, False, True, False], [False, False, True, True], [False, True, False, False]])
ROWS = np.array([True, False, True])
# For `gather`: one index for each element, and some are named twice; for `scatter`, none is.
EACH = np.array([[0, 2, 1, 0], [2, 2, 0, 1]])
DISTINCT = np.array([[0, 2, 1, 0], [2, 0, 0, 1]])
SOME = np.array([[3, 1], [0, 0], [2, 3]])


def _in_place(change: Callable[..., Any]) -> Callable[..., Any]:
    """``change`` done to a computed copy of the first input."""

    def function(x: Any, *inputs: Any) -> Any:
        c = x * 1
        change(c, *inputs)
        return c * c

    return function


def _put(*, accumulate: bool) -> Callable[..., Any]:
    def function(x: Any, v: Any, *indices: Any) -> Any:
        return torch.index_put(x, indices, v, accumulate=accumulate)

    return function


def _reduces() -> list[Sample]:
    out = []
    for reduce in ("sum", "mean", "prod", "amax", "amin"):
        for include_self in (True, False):

            def function(x: Any, i: Any, s: Any, dim: int = 0, reduce=reduce, include_self=include_self) -> Any:
                return torch.scatter_reduce(x, dim, i, s, reduce, include_self=include_self)

            label = f"{reduce}{' of all' if include_self else ''}"
            smooth = reduce not in ("amax", "amin")
            # Numbers apart from those of the input, so that no two are equal.
            source = FOUR + 0.013
            out.append(Sample(function, A, EACH, source, complex=smooth, label=label))
            out.append(
                Sample(
                    lambda x, i, s, f=function: f(x.t(), i, s, -1), A, EACH.T.copy(), source.T, label=f"{label}, views"
                )
            )
            out.append(Sample(function, NUMBER, ZERO, NUMBER + 0.3, label=label))
            out.append(Sample(function, A, EACH[:, :3], source, label=f"{label}, larger source"))
    with_zeros = FOUR * (EACH != 2)
    product = lambda x, i, s: torch.scatter_reduce(x, 0, i, s, "prod")
    out.append(Sample(product, A, EACH, with_zeros, order=1, label="zeros"))
    out.append(Sample(product, A * MASK, EACH, FOUR, order=1, label="zeros in the input"))
    one_each = FOUR * np.array([[0, 1, 1, 1], [1, 1, 0, 1]])
    out.append(Sample(product, A, EACH, one_each, label="one zero at a place"))
    return out


SAMPLES: dict[str, list[Sample]] = {
    "ScatterReduceOthers": [Sample(constant_beside_zeros.bind, FOUR, EACH % 2, label="at most one zero")],
    "Index": [
        Sample(lambda x, i: x[i], A, TWICE, complex=True),
        Sample(lambda x, i: x[:, i], A, TABLE),
        Sample(lambda x, i, j: x[i, j], A, NEGATIVE, TWICE),
        Sample(lambda x, i, j: x[i[:, None], :, j], CUBE, np.array([1, 0]), TWICE, complex=True, label="apart"),
        Sample(lambda x, m: x[m], A, MASK, complex=True),
        Sample(lambda x, m, j: x[m, j], A, ROWS, ONCE, label="mask and index"),
        Sample(lambda x, i: x.t()[i], A, TWICE, label="view"),
        Sample(lambda x, i: x[1:, None, i], A, NEGATIVE),
        Sample(lambda x, i: x[i], A, NO_INDEX),
        Sample(lambda x, m: x[m], A, np.zeros((3, 4), bool)),
    ],
    "IndexBackwardBackward0": [
        Sample(lambda g, i: index_embed.bind(g, i, shape=(3, 4), dims=(0,)), A, TWICE, complex=True),
        Sample(lambda g, i, j: index_embed.bind(g, i, j, shape=(3, 4), dims=(0, 1)), ROW[:3], NEGATIVE, TWICE),
        Sample(
            lambda g, i, j: index_embed.bind(g, i, j, shape=(2, 4, 3), dims=(0, 2)),
            A,
            np.array(1),
            TWICE,
            label="apart",
        ),
        Sample(lambda g, m: index_embed.bind(g, m, shape=(3, 4), dims=(0,)), numbers(5), MASK, complex=True),
        Sample(
            lambda g, i: index_embed.bind(g.t(), i, shape=(5, 3), dims=(0,)), A, np.array([4, 0, 4, 1]), label="view"
        ),
        Sample(lambda g, i: index_embed.bind(g, i, shape=(3, 4), dims=(0,)), NONE, NO_INDEX),
    ],
    "IndexPut": [
        Sample(_put(accumulate=False), A, FOUR, ONCE, complex=True),
        Sample(_put(accumulate=True), A, A + 1, TWICE, complex=True),
        Sample(_put(accumulate=False), A, NUMBER, NEGATIVE, TWICE, label="one number"),
        Sample(_put(accumulate=True), A, ROW, TABLE, label="broadcast"),
        Sample(
            lambda x, v, i, j: torch.index_put(x.t(), (i, j), v, accumulate=True),
            A,
            ROW[:3],
            TWICE,
            NEGATIVE,
            label="view",
        ),
        Sample(_put(accumulate=False), A, numbers(5, seed=7), MASK, complex=True, label="mask"),
        Sample(_in_place(lambda c, v, i: c.__setitem__(i, v)), A, FOUR, ONCE, label="in place"),
        Sample(_in_place(lambda c, v, m: c.__setitem__(m, v)), A, NUMBER, MASK, label="mask in place"),
        Sample(
            _in_place(lambda c, v, i: c.t()[1:].index_put_((i,), v, accumulate=True)),
            A,
            numbers(3, 3),
            TWICE,
            complex=True,
            label="through a view",
        ),
        Sample(_put(accumulate=False), A, NONE, NO_INDEX),
    ],
    "Gather": [
        Sample(lambda x, i: x.gather(0, i), A, EACH, complex=True),
        Sample(lambda x, i: x.gather(-1, i), A, SOME),
        Sample(lambda x, i: x.t().gather(1, i), A, EACH.T.copy(), label="view"),
        Sample(lambda x, i: x.gather(0, i), NUMBER, ZERO),
        Sample(lambda x, i: x.gather(0, i), A, np.empty((0, 4), np.int64)),
        Sample(lambda x, i: torch.take_along_dim(x, i, 1), A, np.array([[3, 0, 3]])),
    ],
    "Scatter": [
        Sample(lambda x, i, s: x.scatter(0, i, s), A, DISTINCT, FOUR, complex=True),
        Sample(lambda x, i, s: x.scatter(-1, i, s), A, SOME[:, :1], numbers(3, 2), label="larger source"),
        Sample(lambda x, i, s: x.t().scatter(1, i, s.t()), A, DISTINCT.T.copy(), FOUR, label="views"),
        Sample(lambda x, i, s: x.scatter(0, i, s), NUMBER, ZERO, NUMBER + 1),
        Sample(_in_place(lambda c, i, s: c[:, 1:].scatter_(0, i, s)), A, DISTINCT[:, 1:], FOUR, label="through a view"),
        Sample(lambda x, i, s: x.scatter(0, i, s), A, np.empty((0, 4), np.int64), FOUR),
    ],
    "ScatterBackward1": [
        Sample(lambda x, i: x.scatter(0, i, 2.5), A, EACH, complex=True),
        Sample(lambda x, i: x.t().scatter(-1, i, 2), A, EACH.T.copy(), label="view"),
        Sample(lambda x, i: x.scatter(0, i, 2.5), NUMBER, ZERO),
        Sample(_in_place(lambda c, i: c.scatter_(1, i, value=3)), A, SOME, label="in place"),
    ],
    "ScatterAdd": [
        Sample(lambda x, i, s: x.scatter_add(0, i, s), A, EACH, FOUR, complex=True),
        Sample(lambda x, i, s: x.scatter_add(-1, i, s), A, SOME, A, label="larger source"),
        Sample(lambda x, i, s: x.t().scatter_add(1, i, s.t()), A, EACH.T.copy(), FOUR, label="views"),
        Sample(lambda x, i, s: x.scatter_add(0, i, s), NUMBER, ZERO, NUMBER + 1),
        Sample(_in_place(lambda c, i, s: c[:, 1:].scatter_add_(0, i, s)), A, EACH[:, 1:], FOUR, label="through a view"),
    ],
    "ScatterReduce": _reduces(),
    # That has no derivative.
    "ScatterCombined": [
        Sample(lambda x, i: x.scatter(0, i, 2.0, reduce="multiply"), A, EACH, order=0),
        Sample(lambda x, i: x.scatter(0, i, 2.0, reduce="add"), A, EACH, order=0),
    ],
    "Take": [
        Sample(torch.take, A, np.array([[0, -1], [5, 5]]), complex=True),
        Sample(lambda x, i: x.t().take(i), A, TWICE, label="view"),
        Sample(torch.take, NUMBER, ZERO),
        Sample(torch.take, A, NO_INDEX),
    ],
    "TakeBackwardBackward0": [
        Sample(
            lambda g, i: untake_p.bind(g, i, shape=(3, 4)), numbers(2, 2), np.array([[0, -1], [5, 5]]), complex=True
        ),
        Sample(lambda g, i: untake_p.bind(g.t(), i, shape=(7,)), numbers(2, 2), TABLE, label="view"),
        Sample(lambda g, i: untake_p.bind(g, i, shape=()), NUMBER, ZERO),
    ],
    "IndexSelect": [
        Sample(lambda x, i: x.index_select(0, i), A, TWICE, complex=True),
        Sample(lambda x, i: x.index_select(-1, i), A, ZERO),
        Sample(lambda x, i: x.t().index_select(0, i), A, TWICE, label="view"),
        Sample(lambda x, i: x.index_select(0, i), NUMBER, ZERO),
        Sample(lambda x, i: x.index_select(1, i), A, NO_INDEX),
    ],
    "IndexAdd": [
        Sample(lambda x, i, s: x.index_add(0, i, s), A, TWICE, A + 1, complex=True),
        Sample(lambda x, i, s: x.index_add(-1, i, s, alpha=-2.5), A, TWICE, numbers(3, 3), complex=True),
        Sample(lambda x, i, s: x.t().index_add(1, i, s.t(), alpha=2), A, ONCE, FOUR, label="views"),
        Sample(lambda x, i, s: x.index_add(0, i, s), NUMBER, ZERO, NUMBER + 1),
        Sample(
            _in_place(lambda c, i, s: c[:, 1:].index_add_(0, i, s)), A, TWICE, numbers(3, 3), label="through a view"
        ),
        Sample(lambda x, i, s: x.index_add(0, i, s), A, NO_INDEX, NONE),
    ],
    "IndexCopy": [
        Sample(lambda x, i, s: x.index_copy(0, i, s), A, ONCE, FOUR, complex=True),
        Sample(lambda x, i, s: x.index_copy(-1, i, s), A, ONCE, numbers(3, 2)),
        Sample(lambda x, i, s: x.t().index_copy(1, i, s.t()), A, ONCE, FOUR, label="views"),
        Sample(lambda x, i, s: x.index_copy(0, i, s), NUMBER, ZERO, NUMBER + 1),
        Sample(lambda x, i, s: x.index_copy(0, i, s), ROW, ZERO, NUMBER),
        Sample(
            _in_place(lambda c, i, s: c[:, 1:].index_copy_(0, i, s)), A, ONCE, numbers(2, 3), label="through a view"
        ),
    ],
    "IndexFill": [
        Sample(lambda x, i: x.index_fill(0, i, 2.5), A, TWICE, complex=True),
        Sample(lambda x, i: x.t().index_fill(-1, i, 2), A, NEGATIVE, label="view"),
        Sample(lambda x, i: x.index_fill(0, i, 2.5), NUMBER, ZERO),
        Sample(_in_place(lambda c, i: c[1].index_fill_(0, i, 3)), A, ONCE, label="through a view"),
    ],
    "IndexFillBackward1": [
        Sample(lambda x, i, v: x.index_fill(0, i, v), A, TWICE, NUMBER, complex=True),
        Sample(lambda x, i, v: x.t().index_fill(-1, i, v), A, np.array([-1, 2, 0]), NUMBER, label="view"),
        Sample(lambda x, i, v: x.index_fill(0, i, v), NUMBER, ZERO, NUMBER + 1),
        Sample(_in_place(lambda c, i, v: c[1].index_fill_(0, i, v)), A, ONCE, NUMBER, label="through a view"),
        Sample(lambda x, i, v: x.index_fill(0, i, v), A, NO_INDEX, NUMBER),
    ],
    "MaskedSelect": [
        Sample(torch.masked_select, A, MASK, complex=True),
        Sample(torch.masked_select, ROW, MASK, complex=True),
        Sample(torch.masked_select, A, ROWS[:, None]),
        Sample(lambda x, m: x.t().masked_select(m), A, MASK.T, label="view"),
        Sample(torch.masked_select, NUMBER, np.array(True)),
        Sample(torch.masked_select, A, np.array(False)),
    ],
    "MaskedScatter": [
        Sample(torch.masked_scatter, A, MASK, numbers(5), complex=True),
        Sample(torch.masked_scatter, ROW, MASK, numbers(2, 4, seed=8), label="larger source"),
        Sample(torch.masked_scatter, A, ROWS[:, None], A + 1),
        Sample(lambda x, m, s: x.t().masked_scatter(m, s.t()), A, MASK.T, A + 1, label="views"),
        Sample(_in_place(lambda c, m, s: c[1:].masked_scatter_(m, s)), A, MASK[1:], FOUR, label="through a view"),
        Sample(torch.masked_scatter, NUMBER, np.array(True), NUMBER + 1),
    ],
    "MaskedScatterBackward": [
        Sample(lambda g, m: of_source_p.bind(g, m, shape=(3, 4)), A, MASK, complex=True),
        Sample(lambda g, m: of_source_p.bind(g, m, shape=(20,)), A, MASK),
    ],
}
