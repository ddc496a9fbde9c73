"""What writes into tensors: in-place forms and `out=`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.opinfo.core import SampleInput

from tests.conformance.translate import leaves

from .checks import Case, Check, Inapplicable, Subject, assert_same_error, dtype_of, judged, raised
from .compare import Different, assert_same_derivatives, is_tensor
from .derivatives import _random_like
from .forward import first_dtype
from .left_out import CORRUPTING
from .library import TORCH, Library
from .samples import arguments, called, samples

IN_PLACE = {"float64": 10, "complex128": 4, "int64": 6, "bool": 4}
OUT = 6


def in_place(subject: Subject) -> Iterator[Case]:
    """The written tensor comes back; what PyTorch refuses is refused; and the write has a derivative."""
    entry = subject.entry
    for variant in entry.inplace_variant, entry.inplace_operator_variant:
        if variant is None:
            continue
        for dtype, count in IN_PLACE.items():
            if dtype_of(dtype) in entry.dtypes:
                for sample in samples(subject.name, dtype_of(dtype), count):
                    yield Case(sample.summary, partial(_compare_write, subject, variant, sample))
        backward = torch.float64 in entry.supported_backward_dtypes("cpu")
        if entry.supports_inplace_autograd and backward and variant is entry.inplace_variant:
            for sample in samples(subject.name, torch.float64, IN_PLACE["float64"], True):
                yield Case(sample.summary, partial(_compare_recorded_write, subject, variant, sample))


def _write(library: Library, variant: Any, sample: SampleInput) -> tuple[Any, Any, bool]:
    result, (args, kwargs) = called(library, variant, sample)
    written = args[0]
    same = (
        len(result) == len(written) and all(map(_is, result, written))
        if isinstance(result, (list, tuple))
        else result is written
    )
    return result, (args, kwargs), same


def _is(a: Any, b: Any) -> bool:
    return a is b


def _compare_write(subject: Subject, variant: Any, sample: SampleInput) -> None:
    theirs, error = raised(lambda: _write(TORCH, variant, sample))
    ours, our_error = raised(lambda: _write(subject.library, subject.ours(variant), sample))
    if error is not None:
        assert_same_error(our_error, error)
        return
    if our_error is not None:
        raise our_error
    subject.assert_same(ours[0], theirs[0], "returned")
    subject.assert_same(ours[1], theirs[1], "argument afterwards")
    if ours[2] != theirs[2]:
        raise Different(f"the argument {'comes' if ours[2] else 'does not come'} back")


def _recorded_write(library: Library, variant: Any, sample: SampleInput) -> list[Any]:
    """The derivatives by the inputs of a write into a copy of the first argument."""
    args, kwargs = arguments(library, sample)
    inputs = [t for t in leaves((args, kwargs)) if is_tensor(t) and t.requires_grad]
    copy = args[0].clone()
    variant(copy, *args[1:], **kwargs)
    cotangent = _random_like(library, copy, 0)
    return list(library.get("autograd.grad")(copy, inputs, cotangent, allow_unused=True))


def _compare_recorded_write(subject: Subject, variant: Any, sample: SampleInput) -> None:
    theirs = judged(lambda: _recorded_write(TORCH, variant, sample))
    ours = _recorded_write(subject.library, subject.ours(variant), sample)
    assert_same_derivatives(ours, theirs, "derivative")


# What `out=` may be handed, made from a result: it fits, is empty, is written across memory, has another dtype, has
# another shape (which is deprecated, but resized), or is a part of a recorded computation.
WAYS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "that fits": lambda t: torch.full_like(t, 7).contiguous(),
    "that is empty": lambda t: torch.empty(0, dtype=t.dtype),
    "with strides": lambda t: torch.full((*t.shape[::-1], 2), 7, dtype=t.dtype)[..., 0].permute(*range(t.ndim)[::-1]),
    "of integers": lambda t: torch.full_like(t, 7, dtype=torch.int64).contiguous(),
    "of single precision": lambda t: torch.full_like(t, 7, dtype=torch.float32).contiguous(),
    "of complex numbers": lambda t: torch.full_like(t, 7, dtype=torch.complex128).contiguous(),
    "of another shape": lambda t: torch.full((3, *t.shape), 7, dtype=t.dtype),
    "that requires grad": lambda t: torch.full_like(t, 7).contiguous().requires_grad_(),
}


def out(subject: Subject) -> Iterator[Case]:
    """Each way to be written to, at the first samples that PyTorch takes an `out=` for."""
    if not subject.entry.supports_out:
        return
    for sample in samples(subject.name, first_dtype(subject), OUT):
        for way in [w for w in WAYS if w not in CORRUPTING.get(subject.name, ())]:
            compare = partial(_compare_out, subject, sample, way)
            yield Case(partial("out= {} of {}".format, way, sample.summary()), compare)


def _filled(library: Library, function: Any, sample: SampleInput, given: Any) -> tuple[Any, Any, list[bool], Any]:
    args, kwargs = arguments(library, sample)
    out = library.translate(given)
    result = function(*args, **kwargs, out=out)
    return result, out, [a is b for a, b in zip(leaves(result), leaves(out), strict=True)], (args, kwargs)


def _compare_out(subject: Subject, sample: SampleInput, way: str) -> None:
    op = subject.entry.op
    expected = judged(lambda: called(TORCH, op, sample)[0])
    if not all(map(is_tensor, leaves(expected))):
        raise Inapplicable("the result is no tensor")
    judged(lambda: _filled(TORCH, op, sample, _given("that fits", expected)))
    given = judged(lambda: _given(way, expected))
    theirs, error = raised(lambda: _filled(TORCH, op, sample, given))
    ours, our_error = raised(lambda: _filled(subject.library, subject.ours(op), sample, given))
    if error is not None:
        # Which functions convert, or write across memory, follows from how PyTorch came to write each, and one that does
        # more does no harm. To be refused is what cannot be converted, and what is recorded.
        if our_error is None and way != "that requires grad" and _convertible(expected, given):
            raise Inapplicable("PyTorch does less")
        assert_same_error(our_error, error, f"out= {way}: ")
        return
    converted = any(a.dtype != b.dtype for a, b in zip(leaves(expected), leaves(given)))
    if not converted and _differs(subject, theirs[1], expected, theirs[3]):
        raise Inapplicable("PyTorch gives something else than without out=")
    if our_error is not None:
        raise our_error
    subject.assert_same_result(ours[1], theirs[1], ours[3], lambda: theirs[1], f"out= {way}")
    if ours[2] != theirs[2]:
        raise Different(f"out= {way} is not what comes back")


def _convertible(found: Any, given: Any) -> bool:
    return all(torch.can_cast(a.dtype, b.dtype) for a, b in zip(leaves(found), leaves(given)))


def _differs(subject: Subject, one: Any, other: Any, arguments: Any) -> bool:
    judge = subject._replace(library=TORCH)
    return raised(lambda: judge.assert_same_result(one, other, arguments, lambda: other))[1] is not None


def _given(way: str, expected: Any) -> Any:
    if is_tensor(expected):
        return WAYS[way](expected.detach())
    parts = [WAYS[way](t.detach()) for t in expected]
    return parts if type(expected) is list else tuple(parts)


CHECKS = [Check("in-place", in_place), Check("out=", out)]
