"""Each operation of the emitter against NumPy, on every level of processor that this machine can play."""

import operator
import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="vector code is compiled by llvmlite (the extra `jit`)")

from rushlight._compile import llvm
from rushlight._compile.host import Host, host
from rushlight._compile.vectors import ELEMENTS, F32, F64, I1, I32, I64, Emitter, Module

from .native import LEVELS, compiled, element_of, elementwise
from .reference import random_bits

FLOATS = [np.float32, np.float64]
SIGNED = [np.int8, np.int16, np.int32, np.int64]
UNSIGNED = [np.uint8, np.uint16, np.uint32, np.uint64]
INTEGERS = SIGNED + UNSIGNED


@pytest.fixture(params=LEVELS)
def level(request, monkeypatch) -> Host:
    """A processor, or less of one."""
    monkeypatch.setenv("RUSHLIGHT_CPU", request.param)
    try:
        return host()
    except ValueError as lacking:
        pytest.skip(str(lacking))


def samples(dtype, count=203, seed=0) -> np.ndarray:
    """Numbers of all magnitudes and, of floats, every special value against every other one."""
    rng, dtype = np.random.default_rng(seed), np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, count).astype(bool)
    if dtype.kind == "f":
        special = np.array([0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 0.5, -0.5, 2.5, -2.5, 1.5], dtype)
        special = special.repeat(len(special)) if seed else np.tile(special, len(special))
        return np.concatenate([special, random_bits(count, dtype.type, rng), rng.normal(size=count).astype(dtype)])
    limits = np.iinfo(dtype)
    special = np.array([0, 1, limits.max, limits.min, 7, limits.max - 1], dtype)
    special = special.repeat(len(special)) if seed else np.tile(special, len(special))
    whole = rng.integers(limits.min, limits.max, count, dtype=dtype, endpoint=True)
    return np.concatenate([special, whole, rng.integers(max(limits.min, -20), 20, count).astype(dtype)])


def check(level, function, reference, dtypes, result=None, inputs=None, unroll=2):
    inputs = inputs or [samples(d, seed=i) for i, d in enumerate(dtypes)]
    with np.errstate(all="ignore"):
        wanted = np.asarray(reference(*inputs))
    result = np.dtype(result or dtypes[0])
    got = elementwise(function, dtypes, result, level, unroll)(*inputs)
    np.testing.assert_array_equal(got, wanted.astype(result))
    if result.kind == "f":
        numbers = ~np.isnan(wanted)
        np.testing.assert_array_equal(np.signbit(got)[numbers], np.signbit(wanted)[numbers])


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
@pytest.mark.parametrize("name", ["add", "sub", "mul"])
def test_arithmetic(name, dtype, level):
    check(level, getattr(operator, name), getattr(operator, name), [dtype, dtype])


@pytest.mark.parametrize("dtype", FLOATS)
def test_division(dtype, level):
    check(level, operator.truediv, operator.truediv, [dtype, dtype])


@pytest.mark.parametrize("dtype", INTEGERS)
def test_division_of_integers_never_traps(dtype, level):
    def truncated(a, b):
        limits = np.iinfo(dtype)
        quotients = [abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1) if y else 0 for x, y in zip(a, b)]
        return np.array([limits.min if q > limits.max else q for q in quotients], dtype)

    a, b = samples(dtype), samples(dtype, seed=1)
    ints = [[int(v) for v in x] for x in (a, b)]
    quotient = truncated(*ints)
    check(level, operator.truediv, lambda a, b: quotient, [dtype] * 2, inputs=[a, b])
    with np.errstate(all="ignore"):
        remainder = np.where(b == 0, 0, a - quotient * b)
    check(level, lambda x, y: x.emitter.rem(x, y), lambda a, b: remainder, [dtype] * 2, inputs=[a, b])


@pytest.mark.parametrize("dtype", FLOATS)
def test_functions_of_one_float(dtype, level):
    for name, reference in {
        "neg": np.negative, "abs": np.abs, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc,
        "round": np.rint,
    }.items():  # fmt: skip
        check(level, lambda x: getattr(x.emitter, name)(x), reference, [dtype])


@pytest.mark.parametrize("dtype", INTEGERS)
def test_functions_of_one_integer(dtype, level):
    check(level, lambda x: -x, np.negative, [dtype])
    check(level, lambda x: ~x, np.invert, [dtype])
    check(level, lambda x: x.emitter.abs(x), np.abs, [dtype])


@pytest.mark.parametrize("dtype", FLOATS)
def test_fused_multiply_add(dtype, level):
    rng = np.random.default_rng(0)
    a = rng.uniform(1, 2, 203).astype(dtype)
    # The rounding error of a square: nothing is left of it where the product is rounded first.
    inputs = [a, a, -(a * a)]
    exact = [int(v * 2**60) ** 2 - int(-c * 2**120) if dtype == np.float64 else float(v) ** 2 + float(c)
             for v, c in zip(a.tolist(), inputs[2].tolist())]  # fmt: skip
    wanted = np.array([e / 2**120 if dtype == np.float64 else e for e in exact], dtype)
    check(level, lambda x, y, z: x.emitter.fma(x, y, z), lambda *_: wanted, [dtype] * 3, inputs=inputs)
    either = elementwise(lambda x, y, z: x.emitter.mul_add(x, y, z), [dtype] * 3, dtype, level)(*inputs)
    np.testing.assert_array_equal(either, wanted if level.fma else 0)


@pytest.mark.parametrize("dtype", [*FLOATS, np.int8, np.int64, np.uint8, np.uint64])
def test_extrema_keep_nan(dtype, level):
    inputs = [samples(dtype, seed=i) for i in range(2)]
    if np.dtype(dtype).kind == "f":
        inputs[1][(inputs[0] == 0) & (inputs[1] == 0)] = 1  # which zero it is, is nobody's promise
    for name in "minimum", "maximum":
        check(level, lambda x, y: getattr(x.emitter, name)(x, y), getattr(np, name), [dtype] * 2, inputs=inputs)


@pytest.mark.parametrize("dtype", FLOATS)
def test_clamp_and_copysign(dtype, level):
    check(level, lambda x: x.emitter.clamp(x, -1.5, 2.0), lambda x: np.clip(x, dtype(-1.5), dtype(2.0)), [dtype])
    x, y = samples(dtype), samples(dtype, seed=1)
    check(level, lambda x, y: x.emitter.copysign(x, y), np.copysign, [dtype] * 2, inputs=[x, y])


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_comparisons(dtype, level):
    for name, reference in {
        "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
        "ne": np.not_equal,
    }.items():  # fmt: skip
        check(level, lambda x, y: getattr(x.emitter, name)(x, y), reference, [dtype] * 2, bool)


@pytest.mark.parametrize("dtype", FLOATS + SIGNED)
def test_select_and_operators(dtype, level):
    check(level, lambda x, y: x.emitter.select(x < y, x, y), lambda x, y: np.where(x < y, x, y), [dtype] * 2)
    check(level, lambda x: x.emitter.select(x >= 1, 2, x), lambda x: np.where(x >= 1, dtype(2), x), [dtype])
    check(level, lambda x: 1 - x, lambda x: dtype(1) - x, [dtype])


@pytest.mark.parametrize("dtype", [*INTEGERS, bool])
def test_logic(dtype, level):
    for name in "and_", "or_", "xor":
        check(level, getattr(operator, name), getattr(operator, name), [dtype] * 2)
    check(level, lambda x: ~x, np.invert, [dtype])


@pytest.mark.parametrize("dtype", INTEGERS)
def test_shifts(dtype, level):
    check(level, lambda x: x << 3, lambda x: x << dtype(3), [dtype])
    check(level, lambda x: x >> 3, lambda x: x >> dtype(3), [dtype])
    unsigned = np.dtype(f"u{np.dtype(dtype).itemsize}")
    check(
        level, lambda x: x.emitter.shr(x, 3, logical=True), lambda x: (x.view(unsigned) >> 3).view(dtype), [dtype]
    )  # fmt: skip
    amounts = (samples(dtype, seed=1).astype(np.int64) % (np.dtype(dtype).itemsize * 8)).astype(dtype)
    check(level, lambda x, n: x << n, operator.lshift, [dtype] * 2, inputs=[samples(dtype), amounts])


@pytest.mark.parametrize("target", [*FLOATS, *INTEGERS, bool])
@pytest.mark.parametrize("source", [*FLOATS, *INTEGERS, bool])
def test_conversions(source, target, level):
    x, to = samples(source), element_of(target)
    if np.dtype(source).kind == "f" and np.dtype(target).kind in "iu":
        # What does not fit is nobody's promise; the largest number that fits may be rounded up on the way.
        limits = np.iinfo(target)
        with np.errstate(invalid="ignore"):
            x = x[(x > float(limits.min) - 0.5) & (x < float(limits.max) * 0.999)]
    check(level, lambda v: v.emitter.convert(v, to), lambda x: x.astype(target), [source], target, inputs=[x])


@pytest.mark.parametrize(("source", "target"), [(np.float32, np.int32), (np.int64, np.float64), (np.uint8, np.int8)])
def test_bitcasts(source, target, level):
    x = samples(source)
    got = elementwise(lambda v: v.emitter.bitcast(v, element_of(target)), [source], target, level)(x)
    assert got.tobytes() == x.tobytes()


@pytest.mark.parametrize(
    "value", [0.1, -0.0, float("inf"), float("nan"), 1e300, 1e-320, 16777217.0, 3.4028235677973366e38]
)
def test_constants_are_rounded_once(value, level):
    for dtype in FLOATS:
        got = elementwise(lambda x: x.emitter.constant(value, x.element), [dtype], dtype, level)(np.zeros(5, dtype))
        with np.errstate(over="ignore"):
            assert got.tobytes() == np.full(5, value, dtype).tobytes()


@pytest.mark.parametrize("pattern", [0x7FC00001, 0xFFFFFFFF, 0x80000000, 1, 0x3F800001])
def test_constants_have_exact_bits(pattern, level):
    # Moved, never computed with: an operation would make a signalling nan quiet.
    got = elementwise(lambda x: x.emitter.bits(pattern, F32), [np.float32], np.float32, level)(np.zeros(3, "f"))
    assert got.view(np.uint32).tolist() == [pattern] * 3
    wide = pattern << 32 | 12345
    got = elementwise(lambda x: x.emitter.bits(wide, F64), [np.float64], np.float64, level)(np.zeros(3))
    assert got.view(np.uint64).tolist() == [wide] * 3


def test_constants_that_do_not_fit(level):
    e = Emitter(Module(level), 4)
    with pytest.raises(ValueError, match=r"300 is no u8"):
        e.constant(300, ELEMENTS["u8"])
    with pytest.raises(ValueError, match=r"1.5 is no i32"):
        e.constant(1.5, I32)
    with pytest.raises(TypeError, match="different types: f32 and f64"):
        e.add(e.constant(1, F32), e.constant(1, F64))
    with pytest.raises(TypeError, match="no such operation on f32"):
        e.xor(e.constant(1, F32), 1)
    with pytest.raises(TypeError, match="one operand at least"):
        e.add(1, 2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8, np.int64, bool])
def test_masked_memory(dtype, level):
    """A tail: loads read nothing past the mask, stores leave the rest alone."""
    element, unroll = element_of(dtype), 2
    width = level.lanes(64)

    def source(e: Emitter) -> None:
        mask = e.iota(I64) < e.broadcast("%n", I64)
        e.store(e.load("%x", element, "1", mask), "%out", "1", mask)
        e.store(e.load("%x", element, "0", mask), "%all")

    call = compiled(source, "ptr %x, ptr %out, ptr %all, i64 %n", level, width, unroll)
    count = width * unroll
    x = samples(dtype)[: count + 1]
    for n in range(count + 1):
        out, everything = np.zeros(count + 2, dtype), np.ones(count, dtype)
        call(x, out, everything, n)
        np.testing.assert_array_equal(out, np.concatenate([out[:1], x[1 : n + 1], np.zeros(count + 1 - n, dtype)]))
        np.testing.assert_array_equal(everything, np.where(np.arange(count) < n, x[:count], dtype(0)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, bool])
@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_gather_and_scatter(dtype, index, level):
    element, width, unroll = element_of(dtype), level.lanes(64), 2
    count = width * unroll

    def source(e: Emitter) -> None:
        where = e.load("%index", element_of(index))
        mask = e.iota(I64) < e.broadcast("%n", I64)
        e.store(e.gather("%x", where, element, mask), "%gathered")
        e.scatter(e.load("%x", element), "%scattered", where, mask)
        e.scatter(e.gather("%x", where, element), "%all", e.iota(I32))

    arguments = "ptr %x, ptr %index, ptr %gathered, ptr %scattered, ptr %all, i64 %n"
    call = compiled(source, arguments, level, width, unroll)
    rng = np.random.default_rng(0)
    x = samples(dtype)[-count:]
    for n in (0, 1, count - 1, count):
        where = rng.integers(0, count, count).astype(index)
        gathered, scattered, everything = (np.zeros(count, dtype) for _ in range(3))
        # Out of reach where the mask does not hold: touching it would end the process.
        reach = where.copy()
        reach[n:] = 2**30
        call(x, reach if n == 0 else where, gathered, scattered, everything, n) if n else None
        if not n:
            continue
        np.testing.assert_array_equal(gathered, np.where(np.arange(count) < n, x[where], dtype(0)))
        wanted = np.zeros(count, dtype)
        for i in range(n):
            wanted[where[i]] = x[i]
        np.testing.assert_array_equal(scattered, wanted)
        np.testing.assert_array_equal(everything, x[where])


@pytest.mark.parametrize("unroll", [1, 2, 3, 8])
def test_reductions_have_one_order(unroll, level):
    width = level.lanes(32)

    def source(e: Emitter) -> None:
        x = e.load("%x", F32)
        for i, combine in enumerate([e.add, e.maximum, e.mul]):
            total = e.reduce(combine, x)
            e.line(f"store float {total}, ptr {e.value(f'getelementptr float, ptr %out, i64 {i}')}")

    x = np.random.default_rng(0).normal(size=width * unroll).astype(np.float32)
    out = np.zeros(3, np.float32)
    compiled(source, "ptr %x, ptr %out", level, width, unroll)(x, out)

    def in_order(combine):
        parts = list(x.reshape(unroll, width))
        while len(parts) > 1:
            half = len(parts) // 2
            parts = [combine(a, b) for a, b in zip(parts[:half], parts[half : 2 * half])] + parts[2 * half :]
        (lanes,) = parts
        while len(lanes) > 1:
            lanes = combine(lanes[: len(lanes) // 2], lanes[len(lanes) // 2 :])
        return lanes[0]

    assert out.tolist() == [in_order(np.add), in_order(np.maximum), in_order(np.multiply)]


@pytest.mark.parametrize("unroll", [1, 3])
def test_any(unroll, level):
    width = level.lanes(32)

    def source(e: Emitter) -> None:
        found = e.any(e.load("%x", I1))
        e.line(f"store i8 {e.value(f'zext i1 {found} to i8')}, ptr %out")

    call = compiled(source, "ptr %x, ptr %out", level, width, unroll)
    for i in range(-1, width * unroll):
        x, out = np.arange(width * unroll) == i, np.zeros(1, bool)
        call(x, out)
        assert out[0] == (i >= 0)


def test_a_loop_carries_values(level):
    width, unroll = level.lanes(64), 2

    def source(e: Emitter) -> None:
        start = e.constant(0.0, F64)
        with e.loop("0", "%n", width * unroll, [start, start]) as loop:
            x = e.load("%x", F64, loop.index)
            total, largest = loop.carry
            loop.next = total + x, e.maximum(largest, x)
        for i, (combine, v) in enumerate(zip((e.add, e.maximum), loop.carry)):
            place = e.value(f"getelementptr double, ptr %out, i64 {i}")
            e.line(f"store double {e.reduce(combine, v)}, ptr {place}")

    call = compiled(source, "ptr %x, ptr %out, i64 %n", level, width, unroll)
    for rounds in (0, 1, 5):
        x = np.arange(rounds * width * unroll, dtype=float)
        out = np.full(2, np.nan)
        call(x, out, len(x))
        assert out.tolist() == [x.sum(), x.max(initial=0)]


def test_a_patch_runs_only_where_it_is_needed(level):
    width, unroll = level.lanes(64), 2

    def source(e: Emitter) -> None:
        x = e.load("%x", F64)

        def repair():
            e.line("store i8 1, ptr %ran")
            return x * 10.0, x * 100.0

        a, b = e.patch(x > 5.0, (x, -x), repair)
        e.store(a + b, "%out")

    call = compiled(source, "ptr %x, ptr %out, ptr %ran", level, width, unroll)
    for last in (1.0, 6.0):
        x, out, ran = np.ones(width * unroll), np.zeros(width * unroll), np.zeros(1, bool)
        x[-1] = last
        call(x, out, ran)
        np.testing.assert_array_equal(out, np.where(x > 5, x * 110, 0))
        assert ran[0] == (last > 5)


def test_a_broadcast_is_computed_once(level):
    module = Module(level)
    e = Emitter(module, level.lanes(32), 8)
    scalar = e.broadcast("%s", F32)
    before = len(e.lines)
    x = scalar * scalar + 1.0
    assert len(e.lines) - before == 2
    assert len(set((x * e.load("%x", F32)).names)) == 8


def test_levels(monkeypatch):
    monkeypatch.setenv("RUSHLIGHT_CPU", "abacus")
    with pytest.raises(ValueError, match=r"RUSHLIGHT_CPU=abacus: known here are native"):
        host()
    monkeypatch.delenv("RUSHLIGHT_CPU")
    native = host()
    assert native.cpu
    assert native.lanes(32) == 2 * native.lanes(64) or native.lanes(32) == 1
    monkeypatch.setenv("RUSHLIGHT_CPU", "scalar")
    assert host().lanes(8) == 1


SQUARE = "define float @square(float %x) {\n  %y = fmul float %x, %x\n  ret float %y\n}\n"


def test_objects_outlive_their_maker():
    """Object bytes are all that a cache needs to keep; two libraries may define the same symbol."""
    import ctypes

    obj = llvm.compile_object(SQUARE, host())
    assert isinstance(obj, bytes)
    libraries = [llvm.link(obj, ["square"]) for _ in range(2)]
    addresses = [library.address("square") for library in libraries]
    assert addresses[0] != addresses[1]
    assert [ctypes.CFUNCTYPE(ctypes.c_float, ctypes.c_float)(a)(3.0) for a in addresses] == [9.0, 9.0]
    with pytest.raises(KeyError):
        libraries[0].address("cube")


@pytest.mark.parametrize("tier", llvm.TIERS)
def test_tiers(tier):
    assert "square" in llvm.assembly(SQUARE, host(), tier)
    assert llvm.load(SQUARE, host(), ["square"], tier).address("square")


def test_wrong_code_is_refused():
    with pytest.raises(RuntimeError, match="undefined value"):
        llvm.compile_object(SQUARE.replace("%x, %x", "%x, %z"), host())


def test_llvmlite_is_imported_late():
    program = "import sys, rushlight._compile.llvm, rushlight._compile.vector_math; print('llvmlite' in sys.modules)"
    environment = {k: v for k, v in os.environ.items() if k != "RUSHLIGHT_CPU"}
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert run.stdout.strip() == "False"
