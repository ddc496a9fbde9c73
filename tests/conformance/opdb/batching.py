"""`vmap`, against PyTorch's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.opinfo.core import OpInfo, SampleInput
from torch.utils._pytree import tree_flatten, tree_unflatten

from tests.conformance.translate import fresh

from .checks import Case, Check, Subject, judged
from .forward import first_dtype
from .library import TORCH, Library
from .samples import SEED, samples, whole

COUNT = 10


def vmapped(library: Library, entry: OpInfo, flat: list[Any], spec: Any, in_dims: dict[int, int]) -> Any:
    """The entry under `vmap`, over the dimensions ``in_dims`` of the arguments with these numbers."""
    op = library.counterpart(entry.op)
    values = library.translate(flat)
    library.root.manual_seed(SEED)

    def function(*examples: Any) -> Any:
        filled = list(values)
        for i, example in zip(in_dims, examples):
            filled[i] = example
        first, rest, keywords = tree_unflatten(filled, spec)
        return op(first, *rest, **keywords)

    return library.get("func.vmap")(function, in_dims=tuple(in_dims.values()))(*[values[i] for i in in_dims])


def looped(entry: OpInfo, flat: list[Any], spec: Any, in_dims: dict[int, int]) -> Any:
    """What PyTorch gives for one example after the other: where its `vmap` mixes them, this is right."""
    found = []
    for number in range(3):
        filled = fresh([v.select(in_dims[i], number) if i in in_dims else v for i, v in enumerate(flat)])
        first, rest, keywords = tree_unflatten(filled, spec)
        torch.manual_seed(SEED)
        found.append(entry.op(first, *rest, **keywords))
    if isinstance(found[0], torch.Tensor):
        return torch.stack(found)
    return [torch.stack(parts) for parts in zip(*found, strict=True)]


def pairs(subject: Subject) -> Iterator[tuple[SampleInput, list[Any], list[Any], Any]]:
    """Samples as flat lists of arguments, each with a second one that has other numbers where there is one."""
    dtype = first_dtype(subject)
    one, two = (samples(subject.name, dtype, COUNT, False, seed) for seed in (SEED, SEED + 1))
    for i, sample in enumerate(one):
        flat, spec = tree_flatten(whole(sample))
        other, _ = tree_flatten(whole(two[i])) if len(two) == len(one) else (flat, spec)
        yield sample, flat, other if _alike(flat, other) else flat, spec


def _alike(flat: list[Any], other: list[Any]) -> bool:
    if len(flat) != len(other):
        return False
    for a, b in zip(flat, other):
        if type(a) is not type(b):
            return False
        if isinstance(a, torch.Tensor):
            if a.shape != b.shape or a.dtype != b.dtype:
                return False
        elif a != b:
            return False
    return True


def vmap(subject: Subject) -> Iterator[Case]:
    """All tensors along their first dimension, and one tensor alone along its last."""
    for sample, flat, other, spec in pairs(subject):
        tensors = [i for i, value in enumerate(flat) if isinstance(value, torch.Tensor)]
        ways = [dict.fromkeys(tensors, 0), dict.fromkeys(tensors[:1], -1)] if tensors else []
        for in_dims in ways:
            batch = list(flat)
            for i, dim in in_dims.items():
                batch[i] = torch.stack([flat[i], other[i], flat[i]], dim)

            def compare(batch: list[Any] = batch, in_dims: dict[int, int] = in_dims, spec: Any = spec) -> None:
                theirs = judged(lambda: vmapped(TORCH, subject.entry, batch, spec, in_dims))
                ours = vmapped(subject.library, subject.entry, batch, spec, in_dims)
                one_by_one = partial(looped, subject.entry, batch, spec, in_dims)
                subject.assert_same_result(ours, theirs, None, one_by_one)

            yield Case(sample.summary, compare)


CHECKS = [Check("vmap", vmap)]
