"""Samples of copies of views, of new tensors, of what stands under the names of PyTorch's kernels, and of what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch

from . import Sample, numbers

A, CUBE, PAIRS, SQUARE = numbers(3, 4), numbers(2, 3, 4, seed=1), numbers(3, 2, seed=2), numbers(3, 3, seed=3)
ROW, FOUR, EIGHT = numbers(4, seed=4), numbers(2, 4, seed=5), numbers(8, seed=6)
POSITIVE = numbers(4, seed=7, low=0.3, high=2.0)
PARTS = np.array([2, 0])
aten = torch.ops.aten


def _copy(name: str, *args: Any, x: np.ndarray = A, **kwargs: Any) -> dict[str, list[Sample]]:
    function = getattr(torch, name)
    call = lambda x: function(x, *args, **kwargs)
    return {
        f"torch.{name}": [
            Sample(call, x, complex=True),
            Sample(lambda x: call(x.transpose(0, 1)), x.swapaxes(0, 1), complex=True, label="view"),
        ]
    }


def _first(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*args)[0]


def _running(function: Callable[..., Any], *training: bool) -> Sample:
    def call(x: Any, w: Any, b: Any) -> Any:
        own = all(training)  # the running statistics of one example are not those of all: here there are none
        statistics = (None, None) if own else (torch.zeros(3, dtype=x.dtype), torch.ones(3, dtype=x.dtype))
        return function(x, w, b, *statistics, *training, 0.1, 0.2)[0]

    return Sample(call, CUBE, numbers(3, seed=8), numbers(3, seed=9), label="training" if all(training) else "fixed")


def _segments(reduce: str, **kwargs: Any) -> list[Sample]:
    x = numbers(5, seed=10, low=0.3, high=2.0)
    call = lambda x, lengths: torch.segment_reduce(x, reduce, lengths=lengths, **kwargs)
    return [
        Sample(call, x, np.array([3, 2]), label=reduce),
        Sample(lambda x, o: torch.segment_reduce(x, reduce, offsets=o, **kwargs), x, np.array([0, 1, 5]), label=reduce),
        Sample(
            lambda x, lengths: torch.segment_reduce(x.t(), reduce, lengths=lengths, axis=1, **kwargs),
            numbers(3, 2, seed=11, low=0.3, high=2.0),
            np.array([[1, 2], [2, 1]]),
            label=f"{reduce}, view",
        ),
    ]


SAMPLES: dict[str, list[Sample]] = {
    **_copy("alias_copy"),
    **_copy("slice_copy", 1, 0, 3, 2),
    **_copy("expand_copy", (2, 3, 4)),
    "torch.view_copy": [Sample(lambda x: torch.view_copy(x, (2, -1)), A, complex=True)],
    **_copy("unfold_copy", 1, 2, 1),
    "torch.as_strided_copy": [Sample(lambda x: torch.as_strided_copy(x, (2, 2), (1, 2)), A, complex=True)],
    **_copy("diagonal_copy", 1),
    **_copy("permute_copy", (1, 0)),
    **_copy("select_copy", 1, -1),
    **_copy("squeeze_copy", 0, x=numbers(1, 3)),
    **_copy("t_copy"),
    **_copy("transpose_copy", 0, 1),
    **_copy("unsqueeze_copy", 1),
    **_copy("narrow_copy", 1, 1, 2),
    "torch.detach_copy": [Sample(lambda x: torch.detach_copy(x), A, order=0)],
    "torch.view_as_complex_copy": [Sample(torch.view_as_complex_copy, PAIRS)],
    "torch.view_as_real_copy": [Sample(lambda x: torch.view_as_real_copy(x * 1j), A)],
    "torch.split_copy": [Sample(lambda x: torch.split_copy(x, 2)[0], A, complex=True)],
    "torch.split_with_sizes_copy": [Sample(lambda x: torch.split_with_sizes_copy(x, [1, 3], 1)[1], A, complex=True)],
    "torch.unbind_copy": [Sample(_first(torch.unbind_copy), A, complex=True)],
    "torch.unsafe_chunk": [Sample(lambda x: torch.unsafe_chunk(x, 2, 1)[1].mul_(2), A, complex=True)],
    "torch.unsafe_split": [Sample(lambda x: torch.unsafe_split(x, 2)[1], A), Sample(lambda x: x.unsafe_split(2)[0], A)],
    "torch.unsafe_split_with_sizes": [Sample(lambda x: torch.unsafe_split_with_sizes(x, [1, 2])[1], A)],
    "torch.as_strided_scatter": [
        Sample(lambda x, s: torch.as_strided_scatter(x, s, (2, 2), (1, 2)), A, numbers(2, 2, seed=12), complex=True)
    ],
    # matrices, norms, places
    "torch.trace": [Sample(torch.trace, A, complex=True), Sample(lambda x: torch.trace(x.t()), A, label="view")],
    "torch.renorm": [
        Sample(lambda x, p=p: torch.renorm(x, p, 0, 1.7), A, complex=True, label=f"order {p}") for p in (1, 2, 3.5)
    ],
    "Tensor.__rmatmul__": [Sample(lambda a, b: b.__rmatmul__(a), A, ROW, complex=True)],
    "torch.put": [
        Sample(lambda x, i, s: torch.put(x, i, s), A, np.array([1, -1]), numbers(2, seed=13), complex=True),
        Sample(lambda x, i, s: torch.put(x.t(), i, s, True), A, np.array([1, 1, -3]), numbers(3, seed=14), label="add"),
        Sample(lambda x, i, s: (x * 1).put_(i, s), A, np.array([5]), numbers(1, seed=15), label="in place"),
    ],
    "torch.index_reduce": [
        Sample(lambda x, i, s, r=r: torch.index_reduce(x, 1, i, s, r), A, PARTS, PAIRS + 0.017, label=r)
        for r in ("mean", "prod", "amax", "amin")
    ]
    + [
        Sample(
            lambda x, i, s: torch.index_reduce(x, 0, i, s, "mean", include_self=False),
            A, np.array([1, 1]), FOUR, complex=True, label="without what was there",
        )
    ],
    "torch.gradient": [
        Sample(lambda x, i=i, e=e: torch.gradient(x, spacing=0.5, edge_order=e)[i], A, complex=True, label=f"even, order {e}")
        for i, e in ((0, 1), (1, 2))
    ]
    + [
        Sample(
            lambda x, e=e: torch.gradient(x, spacing=(torch.tensor([0.0, 1, 3, 3.5], dtype=x.dtype),), dim=1, edge_order=e)[0],
            A, label=f"uneven, order {e}",
        )
        for e in (1, 2)
    ],
    "torch.unravel_index": [Sample(lambda i: torch.unravel_index(i, (2, 3))[0], np.array([5, 1, 0]), order=0)],
    "torch.segment_reduce": [s for r in ("sum", "mean", "prod", "max", "min") for s in _segments(r)]
    + _segments("mean", initial=1.0)
    + _segments("max", initial=-4.0),
    # records without derivatives
    "NonzeroStatic": [Sample(lambda x: torch.nonzero_static(x, size=3), np.array([[1.0, 0.0], [0.0, 2.0]]), order=0)],
    "HashTensor": [Sample(lambda x: torch.hash_tensor(x, 1).long(), A, order=0)],
    "Histogram": [
        Sample(lambda x: tuple(torch.histogram(x, 3, range=(-2.0, 2.0))), A, order=0),
        Sample(lambda x: torch.histogramdd(x, [2, 3]).hist, PAIRS, order=0, label="points"),
    ],
    # PyTorch's kernels
    "torch.native_layer_norm": [
        Sample(lambda x, w, b: torch.native_layer_norm(x, (4,), w, b, 0.2)[0], A, ROW, ROW + 1, label="weights"),
        Sample(lambda x: torch.native_layer_norm(x, (3, 4), None, None, 0.2)[0], CUBE),
    ],
    "torch.native_group_norm": [
        Sample(lambda x, w, i=i: torch.native_group_norm(x, w, None, 2, 4, 3, 2, 0.2)[i], numbers(2, 4, 3), ROW, label=f"{i}")
        for i in range(3)
    ],
    "torch.native_batch_norm": [_running(torch.native_batch_norm, True), _running(torch.native_batch_norm, False)],
    "torch._native_batch_norm_legit": [
        _running(torch._native_batch_norm_legit, True),
        Sample(lambda x: torch._native_batch_norm_legit(x, None, None, True, 0.1, 0.2)[0], CUBE),
    ],
    "torch.ops.aten._batch_norm_with_update": [_running(aten._batch_norm_with_update.default)],
    "torch._softmax_backward_data": [
        Sample(lambda g, y: torch._softmax_backward_data(g, y, 1, g.dtype), A, numbers(3, 4, seed=16))
    ],
    "torch._safe_softmax": [Sample(lambda x: torch._safe_softmax(x, -1), A)],
    "torch.ops.aten.native_dropout_backward": [
        Sample(lambda g, m: aten.native_dropout_backward.default(g, m, 2.0), A, A > 0, complex=True)
    ],
    "torch.ops.aten.max_pool2d_with_indices_backward": [
        Sample(
            lambda g, x, i: aten.max_pool2d_with_indices_backward.default(g, x, 2, 2, 0, 1, False, i),
            numbers(1, 1, 2), numbers(1, 2, 4, seed=17), np.array([[[0, 7]]]),
        )
    ],
    "torch.ops.aten.alias": [Sample(lambda x: aten.alias.default(x), A, complex=True)],
    "torch.ops.aten.slice": [Sample(lambda x: aten.slice.Tensor(x, 1, 0, 3, 2), A, complex=True)],
    "torch._unsafe_masked_index": [
        Sample(
            lambda x, m, i: torch._unsafe_masked_index(x, m, (i,), 0.5), ROW, np.array([True, False, True]),
            np.array([3, 9, 0]), complex=True,
        )
    ],
    "torch._unsafe_masked_index_put_accumulate": [
        Sample(
            lambda x, m, i, v: torch._unsafe_masked_index_put_accumulate(x, m, (i,), v), ROW,
            np.array([True, False, True]), np.array([3, 9, 3]), numbers(3, seed=18), complex=True,
        )
    ],
    "torch._chunk_cat": [Sample(lambda a, b: torch._chunk_cat([a, b], 0, 2), A, numbers(2, 3, seed=19), complex=True)],
    "Tensor.new_empty_strided": [Sample(lambda x: x.new_empty_strided((2, 3), (1, 2)).zero_() + x[:2, :3], A)],
}  # fmt: skip
