"""Derivatives: reverse, second order and forward mode, with random cotangents and tangents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.testing._internal.opinfo.core import OpInfo, SampleInput

from tests.conformance.translate import leaves

from .checks import Case, Check, Inapplicable, Subject, dtype_of, judged
from .compare import Different, assert_same, assert_same_derivatives, is_tensor
from .library import TORCH, Library
from .samples import arguments, samples

COUNT = {"float64": 12, "complex128": 6}


def _differentiable(library: Library, entry: OpInfo, sample: SampleInput) -> Any:
    """The entry as a function of its arguments, on the manifold that it is meant for: Hermitian matrices, say."""
    op = library.counterpart(entry.op)
    process = library.counterpart(sample.output_process_fn_grad)
    # That masked results are made finite serves finite differences, not a comparison.
    if "masked" in entry.gradcheck_wrapper.__name__:
        return lambda *args, **kwargs: process(op(*args, **kwargs))
    wrapper = library.counterpart(entry.gradcheck_wrapper)
    return lambda *args, **kwargs: process(wrapper(op, *args, **kwargs))


def _random_like(library: Library, t: Any, stream: int) -> Any:
    """A tensor of that shape and dtype, the same in every library."""
    rng = np.random.default_rng([stream, *t.shape])
    values = rng.standard_normal(tuple(t.shape))
    if t.dtype.is_complex:
        values = values + 1j * rng.standard_normal(tuple(t.shape))
    dtype = getattr(torch, str(t.dtype).removeprefix("torch."))
    return library.translate(torch.tensor(values).to(dtype))


def _recorded(found: Any) -> list[Any]:
    return [t for t in leaves(found) if is_tensor(t) and t.requires_grad]


def pullback(library: Library, entry: OpInfo, sample: SampleInput, order: int) -> tuple[Any, list[Any]]:
    """The result, and the derivatives of that order by the inputs; of second order by the cotangents too."""
    args, kwargs = arguments(library, sample)
    inputs = _recorded((args, kwargs))
    result = _differentiable(library, entry, sample)(*args, **kwargs)
    outputs = _recorded(result)
    if not inputs or not outputs:
        return result, []
    grad = library.get("autograd.grad")
    cotangents = [_random_like(library, t, i).requires_grad_(order == 2) for i, t in enumerate(outputs)]
    found = grad(outputs, inputs, cotangents, create_graph=order == 2, allow_unused=True)
    if order == 1:
        return result, list(found)
    inputs = inputs + cotangents
    pairs = [(t, _random_like(library, t, 100 + i)) for i, t in enumerate(found) if t is not None and t.requires_grad]
    if not pairs:
        return result, [None] * len(inputs)
    outputs, cotangents = [t for t, _ in pairs], [c for _, c in pairs]
    return result, list(grad(outputs, inputs, cotangents, allow_unused=True))


def reverse(subject: Subject, dtype: str, order: int) -> Iterator[Case]:
    entry = subject.entry
    supported = entry.supports_autograd if order == 1 else entry.supports_gradgrad
    if not supported or dtype_of(dtype) not in entry.supported_backward_dtypes("cpu"):
        return
    for sample in samples(subject.name, dtype_of(dtype), COUNT[dtype], True):

        def compare(sample: SampleInput = sample) -> None:
            expected, theirs = judged(lambda: pullback(TORCH, entry, sample, order))
            if not theirs:
                raise Inapplicable("nothing here has a derivative")
            result, ours = pullback(subject.library, entry, sample, order)
            assert_same(result, expected, values=False)
            assert_same_derivatives(ours, theirs, "derivative")

        yield Case(sample.summary, compare)


def pushforward(library: Library, entry: OpInfo, sample: SampleInput) -> list[Any]:
    """The tangents of the results; None for those that have none."""
    forward_ad = library.get("autograd.forward_ad")
    args, kwargs = arguments(library, sample)
    with forward_ad.dual_level():
        stream = iter(range(1000))

        def dual(value: Any) -> Any:
            if isinstance(value, (list, tuple)):
                return type(value)(dual(v) for v in value)
            if not (is_tensor(value) and value.requires_grad):
                return value
            return forward_ad.make_dual(value.requires_grad_(False), _random_like(library, value, next(stream)))

        duals, keywords = [dual(a) for a in args], {k: dual(v) for k, v in kwargs.items()}
        result = leaves(_differentiable(library, entry, sample)(*duals, **keywords))
        return [forward_ad.unpack_dual(t).tangent if is_tensor(t) else None for t in result]


def forward_mode(subject: Subject, dtype: str) -> Iterator[Case]:
    entry = subject.entry
    if not entry.supports_forward_ad or dtype_of(dtype) not in entry.dtypes:
        return
    for sample in samples(subject.name, dtype_of(dtype), COUNT[dtype], True):

        def compare(sample: SampleInput = sample) -> None:
            theirs = judged(lambda: pushforward(TORCH, entry, sample))
            if all(t is None for t in theirs):
                raise Inapplicable("nothing here has a tangent")
            ours = pushforward(subject.library, entry, sample)
            if len(ours) != len(theirs):
                raise Different(f"{len(ours)} results for {len(theirs)}")
            assert_same_derivatives(ours, theirs, "tangent")

        yield Case(sample.summary, compare)


CHECKS = [
    *(Check(f"gradient {dtype}", partial(reverse, dtype=dtype, order=1)) for dtype in COUNT),
    *(Check(f"second order {dtype}", partial(reverse, dtype=dtype, order=2)) for dtype in COUNT),
    *(Check(f"forward mode {dtype}", partial(forward_mode, dtype=dtype)) for dtype in COUNT),
]
