"""The compiler's vector functions: largest error, throughput beside NumPy, and time to compile one.

    python benchmarks/vector_math.py              # all; some minutes, most of them for the exact values
    python benchmarks/vector_math.py exp tanh     # some
    RUSHLIGHT_CPU=avx2 python benchmarks/vector_math.py

Errors are in units of the last place against 120 bits (mpmath), over the arguments of tests/compile/reference.py, of
which it takes more. Throughput is that of one thread on 2^17 numbers, 4 vectors at a time; compiled code and NumPy are
timed in turn, and the best of the rounds is printed, in 10^9 elements a second; denormal results, which processors make
ten times as slowly, do not occur. Compile times are of the code for one
vector, without passes, in ms of the processor.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rushlight._compile import llvm, vector_math
from rushlight._compile.host import host
from rushlight._compile.vectors import ELEMENTS, Emitter, Module
from tests.compile.native import compiled, elementwise
from tests.compile.reference import DTYPES, FUNCTIONS, arguments, error, exact_value

NUMPY: dict[str, Callable[..., Any]] = {
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh, "acosh": np.arccosh,
    "atanh": np.arctanh, "atan2": np.arctan2, "pow": np.power,
}  # fmt: skip
COUNT, UNROLL, ROUNDS = 1 << 17, 4, 40


def largest_error(name: str, type: str, count: int) -> float:
    """Over all kinds of arguments."""
    x = arguments(name, type, count, seed=1)
    dtypes = [DTYPES[type]] * len(x)
    got = elementwise(getattr(vector_math, name), dtypes, DTYPES[type], host())(*x)
    return max(error(float(g), exact_value(name, *map(float, point)), type) for g, point in zip(got, zip(*x)))


def body(name: str, type: str, unroll: int) -> Callable[[Emitter], None]:
    """A loop over arrays."""

    def source(e: Emitter) -> None:
        with e.loop("0", "%n", e.width * unroll) as loop:
            x = [e.load(f"%x{i}", ELEMENTS[type], loop.index) for i in range(FUNCTIONS[name].arguments)]
            e.store(getattr(vector_math, name)(*x), "%out", loop.index)

    return source


def seconds(function: Callable[[], object], best: float) -> float:
    """The time of a call, if it is the best so far."""
    start = time.perf_counter()
    function()
    return min(best, time.perf_counter() - start)


def throughput(name: str, type: str) -> tuple[float, float | None]:
    """Of compiled code and of NumPy, where it has the function."""
    function = FUNCTIONS[name]
    rng, (low, high) = np.random.default_rng(0), function.ranges[type == "f64"]
    x = [rng.uniform(max(low, -8), min(high, 8), COUNT).astype(DTYPES[type]) for _ in range(function.arguments)]
    out = np.empty_like(x[0])
    parameters = "".join(f"ptr noalias %x{i}, " for i in range(len(x))) + "ptr noalias %out, i64 %n"
    width = host().lanes(ELEMENTS[type].bits)
    call = compiled(body(name, type, UNROLL), parameters, host(), width, UNROLL)
    numpy = NUMPY.get(name) or getattr(np, name, None)
    ours = theirs = float("inf")
    for _ in range(ROUNDS):
        ours = seconds(lambda: call(*x, out, COUNT), ours)
        if numpy:
            theirs = seconds(lambda: numpy(*x, out=out), theirs)
    return COUNT / ours / 1e9, COUNT / theirs / 1e9 if numpy else None


def compile_time(name: str, type: str) -> float:
    """Milliseconds from nothing to object code."""
    parameters = "".join(f"ptr %x{i}, " for i in range(FUNCTIONS[name].arguments)) + "ptr %out, i64 %n"

    def make() -> None:
        module = Module(host())
        emitter = Emitter(module, host().lanes(ELEMENTS[type].bits), 1)
        body(name, type, 1)(emitter)
        emitter.line("ret void")
        module.define("kernel", parameters, emitter)
        llvm.compile_object(module.text(), host())

    best = float("inf")
    for _ in range(5):
        start = time.thread_time()
        make()
        best = min(best, time.thread_time() - start)
    return best * 1e3


def main() -> None:
    """Print a line for each function and type."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*FUNCTIONS, []], metavar="function")
    parser.add_argument("--count", type=int, default=2000, help="of each kind of argument for the error (2000)")
    options = parser.parse_args()
    np.seterr(all="ignore")
    print(f"{host().cpu}, vectors of {host().vector_bits} bits, {llvm.version()}")
    print(f"{'':10} {'ulp':>11} {'bound':>5}  {'Gelem/s':>13} {'NumPy':>13}  {'compile, ms':>11}")
    for name in options.names or FUNCTIONS:
        errors = [largest_error(name, t, options.count // 10 if name == "erfinv" else options.count) for t in DTYPES]
        speeds = [throughput(name, t) for t in DTYPES]
        compiling = [compile_time(name, t) for t in DTYPES]
        numpy = "/".join(f"{s:.2f}" if s else "-" for _, s in speeds)
        print(
            f"{name:10} {errors[0]:5.2f}/{errors[1]:5.2f} {FUNCTIONS[name].bound:5.1f}"
            f"  {speeds[0][0]:6.2f}/{speeds[1][0]:6.2f} {numpy:>13}  {compiling[0]:5.1f}/{compiling[1]:5.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
