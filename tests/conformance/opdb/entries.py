"""The entries of the database that run on a CPU, by name."""

from __future__ import annotations

import fnmatch

import torch
from torch.testing._internal.common_device_type import onlyCUDA, precisionOverride, toleranceOverride
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import BinaryUfuncInfo, DecorateInfo, OpInfo, UnaryUfuncInfo

# More threads cost more than they bring at the size of a sample.
torch.set_num_threads(1)

FLOAT8 = {dtype for dtype in vars(torch).values() if isinstance(dtype, torch.dtype) and "float8" in str(dtype)}


def _runs_on_cpu(entry: OpInfo) -> bool:
    """float8 does not count: PyTorch multiplies it on a GPU alone."""
    return onlyCUDA not in entry.decorators and bool(set(entry.dtypes) - FLOAT8)


ENTRIES: dict[str, OpInfo] = {entry.full_name: entry for entry in op_db if _runs_on_cpu(entry)}


def elementwise(name: str) -> bool:
    """Whether each number of a result comes from one number of each argument."""
    return isinstance(ENTRIES[name], (UnaryUfuncInfo, BinaryUfuncInfo))


def own_tolerance(name: str, dtype: str) -> tuple[float, float] | None:
    """Relative and absolute, where PyTorch grants the entry another than usual for all of its tests on a CPU.

    Elementwise functions need none, but in double precision, for which PyTorch has some in single precision only.
    """
    if elementwise(name):
        if dtype not in ("float64", "complex128"):
            return None
        dtype = "float64"  # complex numbers are what `out=` may have made of real ones
    for rule in ENTRIES[name].decorators:
        if not isinstance(rule, DecorateInfo):
            decorators = [rule]
        elif rule.cls_name in (None, "TestCommon") and rule.test_name is None and rule.device_type in (None, "cpu"):
            decorators = rule.decorators
        else:
            continue
        for decorator in decorators:
            for theirs, granted in getattr(decorator, "d", {}).items():
                if str(theirs) == f"torch.{dtype}" and isinstance(decorator, toleranceOverride):
                    return granted.rtol, granted.atol
                if str(theirs) == f"torch.{dtype}" and isinstance(decorator, precisionOverride):
                    return granted, granted
    return None


def matching(patterns: list[str]) -> list[str]:
    """The names that a pattern is, has as a glob, or, where there is neither, is part of; all without patterns."""
    found: dict[str, None] = {}
    for pattern in patterns:
        names = [n for n in ENTRIES if n == pattern or ENTRIES[n].name == pattern or fnmatch.fnmatchcase(n, pattern)]
        found |= dict.fromkeys(names or [n for n in ENTRIES if pattern in n])
    return list(found) if patterns else list(ENTRIES)
