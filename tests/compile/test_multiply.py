"""Matrix products of the code generator's own, at every level of processor: small integers, whose products are exact."""

import ctypes
import itertools
import mmap
import sys

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="vector code is compiled by llvmlite (the extra `jit`)")

from rushlight._compile import llvm
from rushlight._compile.host import host
from rushlight._compile.multiply import DEPTH, FAR, Multiplication
from rushlight._compile.nests import Kernel
from rushlight._compile.vectors import Module

from .native import LEVELS, element_of

SIZES = [
    (1, 1, 1), (2, 3, 5), (16, 16, 16), (13, 33, 17), (31, 7, 40), (64, 10, 128), (5, 100, DEPTH + 1), (600, 3, 9),
    (29, 64, 2 * DEPTH + 16),
]  # fmt: skip
LAYOUTS = ("rows", "columns", "rows with gaps", "columns with gaps")


@pytest.fixture(params=LEVELS)
def level(request, monkeypatch):
    monkeypatch.setenv("RUSHLIGHT_CPU", request.param)
    try:
        return host()
    except ValueError as lacking:
        pytest.skip(str(lacking))


def before_a_wall(count, dtype):
    """Memory whose last element lies before a page that nobody may read or write."""
    size = -(-count * np.dtype(dtype).itemsize // mmap.PAGESIZE) * mmap.PAGESIZE
    memory = mmap.mmap(-1, size + mmap.PAGESIZE)
    start = np.frombuffer(memory, np.uint8)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        wall = ctypes.c_void_p(start.ctypes.data + size)
        assert libc.mprotect(wall, ctypes.c_size_t(mmap.PAGESIZE), 0) == 0
    return start[size - count * np.dtype(dtype).itemsize : size].view(dtype)


def laid_out(matrix, layout):
    """The matrix, in another layout, up to a wall."""
    columns = layout.startswith("columns")
    rows = matrix.T if columns else matrix
    gap = (FAR if columns else 24) // matrix.itemsize if layout.endswith("gaps") else 0
    memory = before_a_wall(len(rows) * (rows.shape[1] + gap) - gap, matrix.dtype)
    step = matrix.itemsize
    out = np.lib.stride_tricks.as_strided(memory, rows.shape, ((rows.shape[1] + gap) * step, step))
    out[...] = rows
    return out.T if columns else out


def multiplier(level, a, b):
    """How it is cut, and a function of the range of parts and c."""
    module = Module(level)
    strides = [tuple(s // x.itemsize for s in x.strides) for x in (a, b)]
    (*batch, m, k), n = a.shape, b.shape[-1]
    product = Multiplication(module, element_of(a.dtype), tuple(batch), (m, n, k), *strides)
    kernel = Kernel(module)
    product.write(kernel, "%begin", "%end", "%a", "%b", "%c")
    kernel.line("ret void")
    module.define("kernel", "i64 %begin, i64 %end, ptr %a, ptr %b, ptr %c", kernel)
    library = llvm.load(module.text(), level, ["kernel"])
    entry = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 2, *[ctypes.c_void_p] * 3)(library.address("kernel"))

    def call(begin, end, c):
        assert library
        entry(begin, end, a.ctypes.data, b.ctypes.data, c.ctypes.data)

    return product, call


def matrices(m, n, k, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(-8, 9, (m, k)).astype(dtype), rng.integers(-8, 9, (k, n)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_layout_gives_the_product_and_touches_nothing_else(level, sizes, dtype) -> None:
    m, n, k = sizes
    whole_a, whole_b = matrices(m, n, k, dtype)
    for of_a, of_b in itertools.product(LAYOUTS, LAYOUTS):
        a, b = laid_out(whole_a, of_a), laid_out(whole_b, of_b)
        product, call = multiplier(level, a, b)
        c = before_a_wall(m * n + 64, dtype)
        c[:64], c[64:] = 77, np.nan
        call(0, product.parts, c[64:])
        np.testing.assert_array_equal(c[64:].reshape(m, n), whole_a @ whole_b, err_msg=f"{of_a} times {of_b}")
        np.testing.assert_array_equal(c[:64], 77)


@pytest.mark.parametrize("sizes", [(13, 33, 17), (2, 5, 300)], ids=str)
def test_batches(level, sizes) -> None:
    m, n, k = sizes
    rng = np.random.default_rng(3)
    a = rng.integers(-8, 9, (2, 1, k, 3, m)).astype(np.float32).transpose(0, 3, 1, 4, 2)
    b = rng.integers(-8, 9, (4, k, n)).astype(np.float32)
    a, b = np.broadcast_to(a, (2, 3, 4, m, k)), np.broadcast_to(b, (2, 3, 4, k, n))
    product, call = multiplier(level, a, b)
    c = before_a_wall(2 * 3 * 4 * m * n, np.float32)
    c[:] = np.nan
    for part in range(product.parts):
        call(part, part + 1, c)
    np.testing.assert_array_equal(c.reshape(2, 3, 4, m, n), a @ b)


@pytest.mark.parametrize("layout", ["rows", "columns with gaps"])
def test_parts_in_any_order_give_the_same_bits(level, layout) -> None:
    rng = np.random.default_rng(1)
    a = laid_out(rng.standard_normal((700, 300)).astype(np.float32), layout)
    b = rng.standard_normal((300, 90)).astype(np.float32)
    product, call = multiplier(level, a, b)
    assert product.parts > 2
    at_once, one_by_one = np.full((700, 90), np.nan, np.float32), np.full((700, 90), np.nan, np.float32)
    call(0, product.parts, at_once)
    for part in reversed(range(product.parts)):
        call(part, part + 1, one_by_one)
    np.testing.assert_array_equal(at_once, one_by_one)
    np.testing.assert_allclose(at_once, a.astype(float) @ b.astype(float), rtol=1e-4, atol=1e-4)


def test_the_bits_are_those_of_narrower_vectors(monkeypatch) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((50, 700)).astype(np.float32), rng.standard_normal((700, 45)).astype(np.float32)
    found = []
    for name in LEVELS:
        monkeypatch.setenv("RUSHLIGHT_CPU", name)
        try:
            level = host()
        except ValueError:
            continue
        if level.fma:
            product, call = multiplier(level, a, b)
            found.append(np.empty((50, 45), np.float32))
            call(0, product.parts, found[-1])
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_nan_and_inf_stay_where_they_belong(level) -> None:
    a, b = matrices(40, 37, 20, np.float32)
    a[3, 4], b[5, 6], b[7, 36] = np.nan, np.inf, -np.inf
    product, call = multiplier(level, a, b)
    c = np.empty((40, 37), np.float32)
    call(0, product.parts, c)
    with np.errstate(invalid="ignore"):
        # In float64, by NumPy's own loops: not every BLAS keeps nan and inf apart.
        wanted = np.einsum("ij,jk->ik", a.astype(float), b.astype(float), optimize=False)
    np.testing.assert_array_equal(c, wanted)
