"""Samples of an entry: which, and as arguments for a library."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from torch.testing._internal.common_utils import set_rng_seed
from torch.testing._internal.opinfo.core import ErrorInput, SampleInput

from tests.conformance.translate import Untranslatable, translated

from .entries import ENTRIES
from .library import Library

SEED = 0


@lru_cache(32)
def samples(
    name: str, dtype: torch.dtype, count: int, requires_grad: bool = False, seed: int = SEED
) -> list[SampleInput]:
    """At most ``count`` samples, drawn from the whole list, the same ones at every call.

    Another ``seed`` gives samples of the same shapes with other values. What Rushlight cannot hold is left out.
    """
    set_rng_seed(seed)
    found = list(ENTRIES[name].sample_inputs("cpu", dtype, requires_grad, set_seed=False))
    if len(found) > count:
        chosen = random.Random(f"{name} {dtype}").sample(range(len(found)), count)
        found = [found[i] for i in sorted(chosen)]
    return [s for s in found if translatable(s)]


def error_inputs(name: str) -> list[ErrorInput]:
    """All inputs that an entry is to refuse."""
    if ENTRIES[name].error_inputs_func is None:
        return []
    set_rng_seed(SEED)
    return [e for e in ENTRIES[name].error_inputs("cpu", set_seed=False) if translatable(e.sample_input)]


DOUBLE = {
    torch.float16: torch.float64,
    torch.bfloat16: torch.float64,
    torch.float32: torch.float64,
    torch.complex64: torch.complex128,
}


def doubled(name: str, sample: SampleInput) -> SampleInput:
    """The same in double precision, integers too where the entry would make them single ones."""

    def double(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return DOUBLE.get(value, value)
        promoted = ENTRIES[name].promotes_int_to_float and not (value.is_floating_point() or value.is_complex())
        return value.to(torch.float64 if promoted else DOUBLE.get(value.dtype, value.dtype))

    return sample.transform(double)


def whole(sample: SampleInput) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    return sample.input, sample.args, sample.kwargs


def translatable(sample: SampleInput) -> bool:
    try:
        translated(whole(sample))
    except Untranslatable:
        return False
    return True


def arguments(library: Library, sample: SampleInput) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments, copied, so that a call may write to them; and the random stream set back."""
    library.root.manual_seed(SEED)
    first, rest, keywords = library.translate(whole(sample))
    return [first, *rest], keywords


def called(library: Library, function: Callable[..., Any], sample: SampleInput) -> Any:
    """What ``function`` returns, and its arguments as it left them."""
    args, kwargs = arguments(library, sample)
    return function(*args, **kwargs), (args, kwargs)
