"""Each vector function against 120 bits, on every level of processor that this machine can play."""

import functools

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="the vector functions are compiled by llvmlite (the extra `jit`)")
pytest.importorskip("mpmath", reason="the exact values come from mpmath (the extra `dev`)")

from rushlight._compile import vector_math
from rushlight._compile.host import Host, host
from rushlight._compile.vectors import F32, Emitter, Module

from .native import LEVELS, elementwise
from .reference import DTYPES, FUNCTIONS, arguments, error, exact_value

COUNT = 80  # of each kind of argument; benchmarks/vector_math.py takes more


@pytest.fixture(params=LEVELS)
def level(request, monkeypatch) -> Host:
    """A processor, or less of one."""
    monkeypatch.setenv("RUSHLIGHT_CPU", request.param)
    try:
        return host()
    except ValueError as lacking:
        pytest.skip(str(lacking))


@functools.cache
def expected(name: str, type: str):
    """Arguments and exact values, the same for all levels."""
    x = arguments(name, type, COUNT // 4 if name == "erfinv" else COUNT)
    return x, [exact_value(name, *(float(v) for v in point)) for point in zip(*x)]


def assert_close(name, type, x, got, exact, bound):
    errors = [error(float(g), e, type) for g, e in zip(got, exact, strict=True)]
    worst = int(np.argmax(errors))
    point = [float(v[worst]) for v in x]
    assert errors[worst] <= bound, f"{name} {type} at {point}: {got[worst]}, not {exact[worst]}"


@pytest.mark.parametrize("type", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_error_is_below_the_bound(name, type, level):
    x, exact = expected(name, type)
    function = FUNCTIONS[name]
    dtypes = [DTYPES[type]] * function.arguments
    got = elementwise(getattr(vector_math, name), dtypes, DTYPES[type], level)(*x)
    assert_close(name, type, x, got, exact, function.bound)


def test_every_function_is_tried_and_promised_at_most_four_units():
    public = {n for n, v in vars(vector_math).items() if callable(v)}
    assert public == set(FUNCTIONS) | {"pow_constant"}
    assert max(f.bound for f in FUNCTIONS.values()) <= 4


@pytest.mark.parametrize("type", DTYPES)
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, -1, -2, -3, -4, 0.5, -0.5, 1.5, -7, float("inf"), float("nan")])
def test_power_with_a_known_exponent(exponent, type, level):
    (x,) = arguments("log1p", type, COUNT)
    if abs(exponent) == 0.5:
        x = x[~(np.signbit(x) & ((x == 0) | np.isinf(x)))]  # the test below
    exact = [exact_value("pow", float(v), exponent) for v in x]
    got = elementwise(lambda v: vector_math.pow_constant(v, exponent), [DTYPES[type]], DTYPES[type], level)(x)
    assert_close(f"pow {exponent}", type, [x], got, exact, 4.0)


def test_the_power_of_a_half_is_the_root(level):
    x = np.array([-0.0, -np.inf])
    for exponent, wanted in (0.5, [-0.0, np.nan]), (-0.5, [-np.inf, np.nan]):
        got = elementwise(lambda v: vector_math.pow_constant(v, exponent), [x.dtype], x.dtype, level)(x)
        np.testing.assert_array_equal(got, wanted)
        assert np.signbit(got[0])


@pytest.mark.parametrize("type", DTYPES)
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_large_angles(name, type, level):
    # On both sides of where the reduction changes, and the double that comes closest to a multiple of π/2.
    edges = 2.0 ** np.array([12, 13, 16, 25, 26, 31, 32, 33, 60, 100, 127])
    x = np.concatenate([edges * s for s in (1, -1, 1.25, 1 - 1e-7)] + [[6381956970095103 * 2.0**797 % 3e38]])
    if type == "f64":
        x = np.concatenate([x, [6381956970095103 * 2.0**797, np.finfo(np.float64).max]])
    x = x.astype(DTYPES[type])
    exact = [exact_value(name, float(v)) for v in x]
    got = elementwise(getattr(vector_math, name), [x.dtype], x.dtype, level)(x)
    assert_close(name, type, [x], got, exact, FUNCTIONS[name].bound)


@pytest.mark.parametrize("name", ["sin", "tan", "exp", "pow"])
def test_a_lane_does_not_depend_on_its_neighbours(name, level):
    function = elementwise(
        getattr(vector_math, name), [np.float32] * FUNCTIONS[name].arguments, np.float32, level, unroll=4
    )
    rng = np.random.default_rng(0)
    x = (rng.standard_normal(256) * 10).astype(np.float32)
    disturbed = x.copy()
    disturbed[::3] = np.resize(np.float32([1e30, np.nan, -np.inf, 0]), len(x[::3]))
    others = np.arange(256) % 3 != 0
    alone, together = (function(*[v] * FUNCTIONS[name].arguments) for v in (x, disturbed))
    assert alone[others].tobytes() == together[others].tobytes()


def test_integers_are_refused(level):
    e = Emitter(Module(level), 1)
    with pytest.raises(TypeError, match="no mathematics for i32"):
        vector_math.exp(e.bitcast(e.constant(1.0, F32), F32.integer))
