"""Run what an emitter writes on arrays: one loop over vectors, compiled for a level of processor."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Callable
from typing import Any

import numpy as np

from rushlight._compile import llvm
from rushlight._compile.host import Host
from rushlight._compile.vectors import ELEMENTS, I1, Element, Emitter, Module, Vec

# Less than the machine has, so that the code for other processors is tested as well. Those that it lacks are skipped.
X86_LEVELS = ("avx512", "avx2", "sse", "scalar")
LEVELS = X86_LEVELS if platform.machine().lower() in ("x86_64", "amd64") else ("native", "scalar")


def element_of(dtype: Any) -> Element:
    """The element type of an array."""
    dtype = np.dtype(dtype)
    return I1 if dtype.kind == "b" else ELEMENTS[f"{dtype.kind}{dtype.itemsize * 8}"]


def compiled(source: Callable[[Emitter], None], arguments: str, host: Host, width: int, unroll: int) -> Any:
    """Compile a function body; return what calls it with arrays (their memory) and integers."""
    module = Module(host)
    emitter = Emitter(module, width, unroll)
    source(emitter)
    emitter.line("ret void")
    module.define("kernel", arguments, emitter)
    library = llvm.load(module.text(), host, ["kernel"])
    count = arguments.count(",") + 1
    entry = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * count)(library.address("kernel"))

    def call(*arguments: Any) -> None:
        entry(*(a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments))

    call.library = library  # type: ignore[attr-defined]  # the code lives as long as this function
    return call


def elementwise(
    function: Callable[..., Vec], dtypes: list[Any], result: Any, host: Host, unroll: int = 2
) -> Callable[..., np.ndarray]:
    """Compile a function of `Vec`s; return it as a function of arrays of these types, of any length."""
    elements = [element_of(d) for d in dtypes]
    width = host.lanes(max(e.bits for e in [*elements, element_of(result)]))
    names = [f"%a{i}" for i in range(len(dtypes))]

    def source(e: Emitter) -> None:
        with e.loop("0", "%n", width * unroll) as loop:
            values = [e.load(name, element, loop.index) for name, element in zip(names, elements)]
            e.store(function(*values), "%out", loop.index)

    arguments = ", ".join(f"ptr {name}" for name in [*names, "%out"])
    call = compiled(source, f"{arguments}, i64 %n", host, width, unroll)

    def run(*arrays: np.ndarray) -> np.ndarray:
        count = len(arrays[0])
        padding = -count % (width * unroll)
        padded = [np.concatenate([a, np.ones(padding, a.dtype)]) for a in arrays]
        out = np.empty(count + padding, result)
        call(*padded, out, count + padding)
        return out[:count]

    return run
