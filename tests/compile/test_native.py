"""Machine code: what it computes, what it touches, and that its bits do not depend on the number of threads."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="the code generator needs llvmlite")

import rushlight as torch
from rushlight._compile import cache, nests
from rushlight._compile.host import host
from rushlight._compile.lowerings import NotNative
from rushlight._compile.native import NativePlan
from rushlight._compile.plan import NumPyPlan
from tests.compile.graphs import graph_of, run
from tests.compile.native import LEVELS
from tests.compile.running import first_samples
from tests.ops.test_derivatives import Case

F = torch.nn.functional


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "objects"
    monkeypatch.setenv("RUSHLIGHT_CACHE", str(folder))
    return folder


def close(found: list[np.ndarray], expected: list[np.ndarray], tolerance: float) -> None:
    assert len(found) == len(expected)
    for a, b in zip(found, expected):
        assert a.dtype == b.dtype
        scale = 1.0
        if b.dtype.kind in "fc" and b.size:
            scale = max(1.0, float(np.abs(b[np.isfinite(b)]).max(initial=0)))
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * scale)


def both(function: Any, *args: Any, held: tuple[Any, ...] = (), tolerance: float = 1e-12) -> NativePlan:
    graph, inputs, over = graph_of(function, *args, held=held)
    plan = NativePlan(graph, over)
    close(run(plan, graph, inputs, over), run(NumPyPlan(graph, over), graph, inputs, over), tolerance)
    return plan


def with_gradient(case: Case) -> Any:
    def function(*inputs: Any) -> Any:
        outs = list(case.function(*inputs))
        live, wanted = [o for o in outs if o.requires_grad], [x for x in inputs if x.requires_grad]
        if not live or not wanted:
            return outs
        grads = torch.autograd.grad(live, wanted, [torch.ones_like(o) for o in live], allow_unused=True)
        return [*outs, *[g for g in grads if g is not None]]

    return function


@pytest.mark.parametrize("case", first_samples(1))
def test_every_primitive_touches_only_its_memory(case: Case) -> None:
    inputs = case.inputs()
    try:
        graph, arrays, over = graph_of(with_gradient(case), *inputs)
    except AssertionError as stopped:
        pytest.skip(str(stopped))
    try:
        plan = NativePlan(graph, over)
    except NotNative as why:
        pytest.skip(str(why))
    torch.manual_seed(0)
    found = run(plan, graph, arrays, over)
    torch.manual_seed(0)
    close(found, run(NumPyPlan(graph, over), graph, arrays, over), 1e-10)


SIZES = [1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 129, 1000, 4099]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_length_of_a_vector(n: int, dtype: Any) -> None:
    x, y = torch.randn(n, dtype=dtype), torch.randn(n, dtype=dtype)
    both(lambda x, y: ((x * y).tanh(), x.sum(), (x - y).amax(), x[1:] - x[:-1]), x, y, tolerance=1e-5)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (17, 33), (64, 10), (1, 40), (40, 1), (4, 5, 6), (2, 3, 4, 5)])
def test_reductions_over_every_choice_of_dimensions(shape: tuple[int, ...]) -> None:
    x = torch.randn(shape, dtype=torch.float64)
    dims = range(len(shape))
    choices = [c for k in range(1, 2 ** len(shape)) if (c := tuple(d for d in dims if k >> d & 1))]
    both(lambda x: [r for c in choices for r in (x.sum(c), x.mean(c, True), x.amax(c), (x * x).amin(c))], x)
    both(lambda x: [(x.transpose(0, -1) * 2).sum(c) for c in choices], x)


def test_places() -> None:
    x = torch.arange(24.0).reshape(2, 3, 4)
    both(lambda x: (x.transpose(0, 2) + 1, x[:, 1] * 2, x[..., ::2] - 1, x.flip(1) * 1, x.reshape(6, 4).t() + 0), x)
    both(lambda x: (x.unfold(2, 2, 1) * 1, x.diagonal(0, 0, 1) + 0, x[:, None].expand(2, 5, 3, 4) * 1), x)
    both(lambda x: (F.pad(x, (1, 2, 0, 1)), torch.cat([x, x * 2], 1), torch.stack([x, -x], 1), x.roll(1, 0)), x)
    both(lambda x: (x.tril(), x.triu(1), x.permute(2, 0, 1).reshape(8, 3) + 1), x)


def test_writes_through_views() -> None:
    w, v = torch.randn(5, 4), torch.randn(4)

    def function(x: Any) -> Any:
        w[1:3] += x
        w[:, 0] = 7
        v.mul_(2).add_(w[0])
        w.t()[2] *= v[0]
        return w.sum() + v.sum()

    both(function, torch.randn(4), held=(w, v), tolerance=1e-5)


def test_tensors_that_exchange_their_contents() -> None:
    a, b = torch.randn(40), torch.randn(40)

    def function() -> Any:
        kept = a.clone()
        a.copy_(b)
        b.copy_(kept + 0)
        return a.sum()

    both(function, held=(a, b), tolerance=1e-5)


def test_a_parameter_is_read_before_it_is_written() -> None:
    w = torch.randn(6, 6, dtype=torch.float64)

    def function(x: Any) -> Any:
        y = w @ x
        w.sub_(0.1 * y @ x.t())
        return (w @ y).sum(), w.t() + 1

    both(function, torch.randn(6, 6, dtype=torch.float64), held=(w,))


@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 4, 5), (20, 3, 1), (1, 7, 20), (33, 40, 17), (64, 100, 10)])
def test_products(m: int, k: int, n: int) -> None:
    a, b = torch.randn(m, k, dtype=torch.float64), torch.randn(k, n, dtype=torch.float64)
    at, bt = torch.randn(k, m, dtype=torch.float64), torch.randn(n, k, dtype=torch.float64)
    both(lambda a, b, at, bt: (a @ b, at.t() @ b, a @ bt.t(), at.t() @ bt.t(), (a * 2) @ (b + 1)), a, b, at, bt)


def large_function(x: Any, y: Any) -> Any:
    return ((x * 1.5 + 0.5).tanh() * y).exp().sum(), (x * y).sin(), x.reshape(-1, 1000).sum(1).exp()


def products_function(x: Any, y: Any) -> Any:
    x, y = x.reshape(1000, 1000), y.reshape(1000, 1000)
    return x @ y, x[:333] @ y, x.t() @ y[:, :77], (x @ y.t()).tanh() @ y[:, :5]


def loops_beside_a_product(x: Any, y: Any) -> Any:
    x, y = x[:20_000].reshape(100, 200), y[:20_000].reshape(200, 100)
    scores = x @ y
    return scores.tanh() + y[:100], scores.exp().sum(1), (scores * 2).sin().sum(0), x.cos().max(1).values, y.sum()


@pytest.mark.parametrize(
    ("function", "shared"), [(large_function, 1), (products_function, 3), (loops_beside_a_product, 4)]
)
def test_bits_do_not_depend_on_the_number_of_threads(function: Any, shared: int) -> None:
    torch.manual_seed(0)
    graph, inputs, over = graph_of(function, torch.randn(1_000_000), torch.randn(1_000_000))
    plan = NativePlan(graph, over)
    assert plan.parts >= shared, "too little is shared between threads"
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.append([a.copy() for a in run(plan, graph, inputs, over)])
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        for a, b in zip(found[0], other):
            np.testing.assert_array_equal(a, b)
    close(found[0], run(NumPyPlan(graph, over), graph, inputs, over), 1e-4)


def test_what_is_ahead_is_asked_for_where_much_is_read() -> None:
    """Beyond the last element there is no memory to ask for, and nothing happens."""
    for n, asked in ((10_000, False), (3_000_000, True)):
        x = torch.randn(n)
        graph, inputs, over = graph_of(lambda x: (x.sin(), (x * 2).sum()), x)
        plan = NativePlan(graph, over)
        assert ("llvm.prefetch" in plan.ir) is asked
        close(run(plan, graph, inputs, over), run(NumPyPlan(graph, over), graph, inputs, over), 1e-4)


def test_small_loops_are_not_shared_where_nothing_else_is() -> None:
    graph, _, over = graph_of(lambda x: (x.tanh() + 1, x.exp().sum(1)), torch.randn(100, 200))
    assert NativePlan(graph, over).parts == 0


def test_jobs_that_follow_each_other_at_once_do_not_take_parts_of_each_other() -> None:
    def function(x: Any, y: Any) -> Any:
        a = x.reshape(200, 200) @ y.reshape(200, 200)
        return a, (x * 3).exp().sum(), (a @ a.t()).sum(0), (y.reshape(2, -1) - x.reshape(-1, 2).t()).sin().cos().sum(1)

    torch.manual_seed(0)
    graph, inputs, over = graph_of(function, torch.randn(40_000) / 10, torch.randn(40_000))
    plan = NativePlan(graph, over)
    assert plan.parts >= 2
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(4)
        expected = [a.copy() for a in run(plan, graph, inputs, over)]
        for _ in range(500):
            for a, b in zip(expected, run(plan, graph, inputs, over), strict=True):
                np.testing.assert_array_equal(a, b)
    finally:
        torch.set_num_threads(before)


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Vectors of each width that this machine has."""
    monkeypatch.setenv("RUSHLIGHT_CPU", request.param)
    try:
        host()
    except ValueError:
        pytest.skip("this processor lacks it")
    return request.param


def test_a_long_sum_keeps_its_digits(level: str) -> None:
    x = torch.full((3_000_001,), 0.1)
    graph, inputs, over = graph_of(lambda x: (x * 1.0).sum(), x)
    (total,) = run(NativePlan(graph, over), graph, inputs, over)
    exact = float(np.float32(0.1)) * 3_000_001
    assert abs(float(total) - exact) / exact < 1e-6  # one after the other they would be off by 1e-3


def test_a_chain_too_deep_for_the_emitter_runs_by_numpy() -> None:
    def function(x: Any) -> Any:
        for _ in range(2000):
            x = x * 1.001
        return x

    compiled = torch.compile(function)
    x = torch.ones(3)
    for _ in range(4):
        found = compiled(x)
    torch.testing.assert_close(found, function(x))
    assert type(compiled.compiled.programs[0].plan) is NumPyPlan


def test_references_to_none_are_balanced() -> None:
    graph, inputs, over = graph_of(lambda x: x * 2, torch.randn(3))
    plan = NativePlan(graph, over)
    outs = [np.empty(3, np.float32)]
    before = sys.getrefcount(None)
    for _ in range(1000):
        plan(inputs, outs)
    assert abs(sys.getrefcount(None) - before) < 100


# -- the cache ------------------------------------------------------------------------------------------------------


def compiled_once(n: int = 3) -> NativePlan:
    graph, inputs, over = graph_of(lambda x: x.exp() * 2, torch.ones(n))
    plan = NativePlan(graph, over)
    close(run(plan, graph, inputs, over), [np.exp(np.ones(n, np.float32)) * 2], 1e-6)
    return plan


def test_the_second_time_comes_from_the_cache(own_cache: Path) -> None:
    assert not compiled_once().from_cache
    assert compiled_once().from_cache
    assert len(list(own_cache.iterdir())) == 1
    assert not compiled_once(4).from_cache


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:10], lambda b: b"", lambda b: b[:-1] + b"x"])
def test_a_damaged_entry_is_made_anew(own_cache: Path, damage: Any) -> None:
    compiled_once()
    (file,) = own_cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert not compiled_once().from_cache
    assert file.read_bytes()[:40] == whole[:40]
    assert compiled_once().from_cache


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions are POSIX's")
def test_a_folder_that_others_may_write_to_is_not_used(own_cache: Path) -> None:
    own_cache.mkdir()
    own_cache.chmod(0o777)
    assert not compiled_once().from_cache
    assert not compiled_once().from_cache
    assert not list(own_cache.iterdir())


def test_nothing_is_kept_where_that_is_the_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHLIGHT_CACHE", "")
    assert cache.folder() is None
    assert not compiled_once().from_cache
    assert not compiled_once().from_cache


def test_what_was_not_used_for_longest_goes(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "AT_MOST", 3000)
    for i in range(5):
        cache.store(f"{i:064}", bytes(900))
        os.utime(own_cache / f"{i:064}", (i, i)) if (own_cache / f"{i:064}").exists() else None
    left = sorted(f.name[-1] for f in own_cache.iterdir())
    assert left == ["2", "3", "4"]


CHILD = "from tests.compile.test_native import compiled_once; compiled_once(); print('right')"


def test_two_processes_at_once(own_cache: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(2)
    ]
    for child in children:
        out, _ = child.communicate(timeout=120)
        assert out.strip() == "right"
    assert len(list(own_cache.iterdir())) == 1


# -- threads and processes --------------------------------------------------------------------------------------------


def test_one_plan_from_several_threads() -> None:
    compiled = torch.compile(lambda x: (x * 2).exp().sum())
    x = torch.randn(50)
    expected = [(x * i * 2).exp().sum().item() for i in range(8)]
    for _ in range(3):
        compiled(x)
    found: dict[int, set[float]] = {i: set() for i in range(8)}

    def work(i: int) -> None:
        for _ in range(200):
            found[i].add(compiled(x * i).item())

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(8):
        assert len(found[i]) == 1
        assert next(iter(found[i])) == pytest.approx(expected[i], rel=1e-5)


def in_child(queue: Any, compiled: Any, x: Any) -> None:
    queue.put(compiled(x).item())


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_shares_work_among_threads_of_its_own() -> None:
    compiled = torch.compile(lambda x: (x * 1.5).tanh().exp().sum())
    x = torch.randn(2_000_000)
    for _ in range(3):
        expected = compiled(x).item()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_child, args=(queue, compiled, x))
    child.start()
    assert queue.get(timeout=60) == expected
    child.join(timeout=60)
    assert child.exitcode == 0


def test_helpers_end_with_the_process_and_blas_keeps_its_threads() -> None:
    script = """
import os, threading
import rushlight as torch
from rushlight._core import blas
torch.set_num_threads(3)
step = torch.compile(lambda x: (x @ x).tanh().exp().sum())
x = torch.randn(1000, 1000)
context = blas.one_thread()
before = context.get() if context.known else None
for _ in range(3):
    step(x)
assert (context.get() if context.known else None) == before
print(sorted(t.name for t in threading.enumerate()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "['MainThread', 'rushlight-1', 'rushlight-2']"
    assert done.stderr == ""


def test_helpers_have_room_for_their_work_where_threads_have_little() -> None:
    script = """
import threading
threading.stack_size(32 * 1024)
import rushlight as torch
torch.set_num_threads(3)
step = torch.compile(lambda x: x.T @ x)
x = torch.eye(1024)
assert all(torch.equal(step(x), x) for _ in range(20))
assert threading.stack_size() == 32 * 1024
"""
    subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)


def test_the_call_reads_arrays_where_numpy_keeps_them() -> None:
    a = np.arange(5.0)
    assert ctypes.c_void_p.from_address(id(a) + 16).value == a.ctypes.data


# -- products -----------------------------------------------------------------------------------------------------------


def small_integers(*shapes: tuple[int, ...]) -> list[Any]:
    torch.manual_seed(0)
    return [torch.randint(-4, 5, shape).double() for shape in shapes]


def test_operands_that_lie_as_no_product_reads_them_are_copied() -> None:
    (x,) = small_integers((20, 40, 60))
    for strange in (x[0, :, ::2], x[:, ::2, 1], x[0, :1].expand(20, 60), x[:, :, ::3], x.permute(1, 2, 0)[:, :, 3:19]):
        both(lambda x: (x @ x.mT, x.mT @ (x * 2)), strange, tolerance=0)


def test_a_view_that_is_multiplied_and_put_into_memory_with_gaps() -> None:
    def function(p: Any, x: Any, w: Any) -> Any:
        view = x.relu().t()
        p.copy_(view)
        return view @ w, p @ w

    p, x, w = small_integers((40, 80), (40, 40), (40, 40))
    both(function, p[:, ::2], x, w, tolerance=0)


@pytest.mark.parametrize("shape", [(40,), (40, 40)])
def test_what_is_written_in_place_and_read_for_a_product_on_the_way(shape: tuple[int, ...]) -> None:
    def function(p: Any, q: Any, w: Any) -> Any:
        p.add_(1)
        q.add_(p)
        return q @ w

    both(function, *small_integers(shape, (40, 40), (40, 40)), tolerance=0)


def test_many_products_do_not_fill_the_stack() -> None:
    # 100 columns of 10000: each product copies its left operand, some 200 kB on the stack.
    (x,) = small_integers((256, 10000))
    plan = both(lambda x: [x[:, i : i + 100].T @ x[:, :17] for i in range(0, 10000, 100)], x, tolerance=0)
    assert plan.ir.count("alloca") < 10


# -- scalars side by side ---------------------------------------------------------------------------------------------


def four_scalars(a: Any, b: Any, c: Any, d: Any) -> Any:
    found = [(x * 2 - 1).exp().pow(0.3) / (x + 3) for x in (a, b, c, d)]
    kept = [(x - y).tanh() for x, y in zip(found, (d, c, b, a))]
    more = [x + 1 for x in found]  # cheap, a result, and what the next is computed of
    return (
        *kept,
        *more,
        *[x.exp() for x in more],
        (kept[0] + kept[1]).sin(),
        kept[2] > kept[3],
        torch.where(a > b, c, d).sin(),
        sum(found).sqrt(),
    )


def test_scalars_side_by_side_have_the_bits_of_each_alone(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    graph, inputs, over = graph_of(four_scalars, *torch.randn(4).unbind())
    plan = NativePlan(graph, over)
    monkeypatch.setattr(nests, "pack", lambda *args: None)
    alone = NativePlan(graph, over)
    packed, single = (p.ir.count(" fmul ") for p in (plan, alone))
    assert packed < 0.7 * single or level == "scalar", "little is packed"
    rng = np.random.default_rng(0)
    for _ in range(50):
        inputs = [rng.standard_normal(()).astype(np.float32) for _ in inputs]
        for a, b in zip(run(plan, graph, inputs, over), run(alone, graph, inputs, over), strict=True):
            assert a.dtype == b.dtype
            assert a.tobytes() == b.tobytes()


# -- lookups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 3, 16, 100])
def test_lookups_are_loads_and_their_transposes_sums(level: str, columns: int) -> None:
    torch.manual_seed(0)
    table = torch.randn(13, columns, dtype=torch.float64, requires_grad=True)
    rows = torch.randint(-13, 13, (4, 5))

    def function(table: Any, rows: Any) -> Any:
        found = table.t()[:, rows].sin() * table[rows, 0]
        (grad,) = torch.autograd.grad((found * found).sum(), table)
        around = torch.where(rows < 0, rows + 13, rows)
        spread = torch.gather(table.detach(), 0, around.reshape(-1, 1).expand(-1, columns))
        return found.detach(), grad, spread, torch.zeros(13, dtype=torch.float64).scatter_add(
            0, around.reshape(-1), spread[:, 0]
        ), torch.nn.functional.embedding(around, table.detach(), padding_idx=2)  # fmt: skip

    compiled = torch.compile(function)
    for _ in range(4):
        for a, b in zip(compiled(table, rows), function(table, rows), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)
    (program,) = compiled.compiled.programs
    assert not program.plan.lowered.called


def test_a_place_out_of_bounds_is_refused_and_nothing_is_written() -> None:
    def function(x: Any, rows: Any, kept: Any) -> Any:
        kept.add_(1)
        return x[rows].sum()

    compiled = torch.compile(function)
    x, kept = torch.arange(5.0), torch.zeros(3)
    good = torch.tensor([0, -5, 4])
    for _ in range(4):
        assert compiled(x, good, kept).item() == 4.0
    for wrong in (5, -6, 10**12, -(2**63)):
        before = kept.clone()
        with pytest.raises(IndexError, match="out of bounds"):
            compiled(x, torch.tensor([0, 1, wrong]), kept)
        # The eager call, which raises, has added; the compiled one before it has not.
        assert (kept - before).tolist() == [1.0, 1.0, 1.0]
    assert compiled(x, good, kept).item() == 4.0


def test_what_is_written_in_place_stays_where_a_place_found_from_it_is_refused() -> None:
    def function(x: Any, rows: Any, kept: Any) -> Any:
        kept.add_(1)
        product = kept @ kept
        return product, x[rows + product[0].long() * 0]

    compiled = torch.compile(function)
    x, rows, kept = torch.arange(50.0), torch.arange(40), torch.zeros(40, 40)
    for _ in range(4):
        compiled(x, rows, kept)
    before = kept.clone()
    with pytest.raises(IndexError, match="out of bounds"):
        compiled(x, rows + 30, kept)
    assert torch.equal(kept, before + 1)  # by the eager call, which raises
