"""The processor that code is made for: its name and features for LLVM, and the width of its vectors."""

from __future__ import annotations

import os
import platform
from functools import cache
from typing import NamedTuple

# Chosen together: without DQ and VL half of the mask and conversion operations would be split up again.
AVX512 = ("avx512f", "avx512bw", "avx512dq", "avx512vl")
AVX2 = ("avx2", "fma")


class Host(NamedTuple):
    """A processor as the emitter sees it.

    `cpu` and `features` are LLVM's words. `vector_bits` is the width of a register, 0 for plain scalars. `fma` says
    whether a fused multiply-add is one instruction; `scalef` whether there is one that multiplies by a power of two.
    """

    cpu: str
    features: str
    vector_bits: int
    fma: bool
    scalef: bool

    def lanes(self, bits: int) -> int:
        """How many elements of so many bits fill a vector; 1 means plain scalars."""
        return max(1, self.vector_bits // bits)

    @property
    def registers(self) -> int:
        """How many vector registers there are."""
        return 32 if self.vector_bits == 512 or is_arm() else 16


def is_arm() -> bool:
    return platform.machine().lower() in ("arm64", "aarch64")


def is_x86() -> bool:
    return platform.machine().lower() in ("x86_64", "amd64")


# Levels that tests and doubtful users can ask for: LLVM's name and features, the width, fma, scalef.
_X86_LEVELS = {
    "avx512": (Host("x86-64-v4", "", 512, True, True), AVX512),
    "avx2": (Host("x86-64-v3", "", 256, True, False), AVX2),
    "sse": (Host("x86-64", "", 128, False, False), ()),
    "scalar": (Host("x86-64", "", 0, False, False), ()),
}


def host() -> Host:
    """Describe the processor of this machine.

    The environment variable RUSHLIGHT_CPU asks for less than there is: `avx512`, `avx2`, `sse` or `scalar` on x86-64,
    `scalar` elsewhere; `native`, which is also what an unset variable means, takes everything. ValueError for another
    word or a level that this machine lacks.
    """
    return _describe(os.environ.get("RUSHLIGHT_CPU") or "native")


@cache
def _describe(level: str) -> Host:
    import llvmlite.binding as llvm

    name, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features()

    def has(wanted: tuple[str, ...]) -> bool:
        return all(features.get(f, False) for f in wanted)

    x86 = is_x86()
    levels = _X86_LEVELS if x86 else {}
    if level == "native":
        if x86:
            bits = 512 if has(AVX512) else 256 if has(AVX2) else 128
            return Host(name, features.flatten(), bits, has(("fma",)), has(("avx512f",)))
        neon = is_arm()
        return Host(name, features.flatten(), 128 if neon else 0, neon, False)
    if level == "scalar" and not x86:
        return _describe("native")._replace(vector_bits=0)
    if level not in levels:
        raise ValueError(f"RUSHLIGHT_CPU={level}: known here are native, {', '.join(levels) or 'scalar'}")
    description, wanted = levels[level]
    if not has(wanted):
        raise ValueError(f"RUSHLIGHT_CPU={level}: this processor ({name}) lacks {', '.join(wanted)}")
    return description
