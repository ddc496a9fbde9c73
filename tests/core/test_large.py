"""Elementwise functions on arrays that are too large for a cache give what they give on small ones."""

import os
import threading
import weakref

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.large import BLOCK_BYTES, SPLIT_BYTES, in_blocks, parts, shared
from rushlight._core.memory import aligned_array, has_its_own

N = BLOCK_BYTES // 4 * 2 + 7  # of float32: two blocks and a rest


def arrays_of_each_kind():
    x = np.linspace(-3, 3, N, dtype=np.float32)
    yield "in one piece", x
    yield "of two dimensions", x[:-7].reshape(-1, 8)
    yield "one number", np.broadcast_to(np.float32(0.5), N)
    yield "every other element", np.linspace(-3, 3, 2 * N, dtype=np.float32)[::2]
    yield "columns first", np.asfortranarray(x[:-7].reshape(-1, 8))


@pytest.mark.parametrize(("kind", "x"), list(arrays_of_each_kind()))
def test_blocks_put_together_are_the_whole(kind, x):
    def function(x, y, *, factor):
        return np.exp(x) * factor > y

    y = np.linspace(0, 1, x.size, dtype=np.float32).reshape(x.shape)
    seen = []

    def counted(x, y, **params):
        seen.append(x.size)
        return function(x, y, **params)

    result = in_blocks(counted)(x, y, factor=2.0)
    np.testing.assert_array_equal(result, function(x, y, factor=2.0))
    assert result.dtype == bool
    assert (len(seen) > 1) == (kind not in ("every other element", "columns first"))


def test_operands_of_several_shapes_are_done_whole():
    x, y = np.ones((N, 2), np.float32), np.ones(2, np.float32)
    np.testing.assert_array_equal(in_blocks(np.add)(x, y), x + y)


@pytest.mark.parametrize("name", ["gelu", "silu", "elu", "mish", "softplus", "hardswish", "leaky_relu"])
def test_activations_of_large_tensors(name):
    function = getattr(torch.nn.functional, name)
    torch.manual_seed(0)
    x, g = torch.randn(N, dtype=torch.float64), torch.randn(N, dtype=torch.float64)

    def both(x, g):
        x = x.clone().requires_grad_()
        y = function(x)
        return y.detach(), *torch.autograd.grad(y, x, g)

    parts = [both(a, b) for a, b in zip(x.split(1000), g.split(1000))]
    for whole, pieces in zip(both(x, g), zip(*parts)):
        torch.testing.assert_close(whole, torch.cat(pieces), rtol=1e-15, atol=1e-15)


def test_outer_products_in_pieces():
    torch.manual_seed(0)
    g, x = torch.randn(64, 32, 1), torch.randn(64, 1, 784)
    assert torch.equal(torch.bmm(g, x), g * x)
    size = np.getbufsize()
    torch.bmm(g, x)
    assert np.getbufsize() == size


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "bool", "complex64", "complex128"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])  # of the elements that the condition chooses
def test_where_by_many_elements(dtype, share):
    rng = np.random.default_rng(0)
    condition = rng.random((70, 1000)) < share
    a, b = [rng.integers(0, 2, (70, 1000)).astype(dtype) for _ in range(2)]
    if np.dtype(dtype).kind in "fc":
        a[0, :4] = b[1, :4] = [np.nan, np.inf, -np.inf, -0.0]
    for x, y in ((a, b), (a, b[:1]), (a[:, :1], b), (np.asfortranarray(a), b), (a, b[0, 0])):
        got = torch.where(torch.tensor(condition), torch.tensor(x), torch.tensor(y)).numpy()
        wanted = np.where(condition, x, y)
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got, wanted)
        if wanted.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(got), np.signbit(wanted))


# -- several threads ----------------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 2, 3, 8])
def number_of_threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("nbytes", [1, SPLIT_BYTES, 2 * SPLIT_BYTES, 5 * SPLIT_BYTES, 100 * SPLIT_BYTES])
@pytest.mark.parametrize(("n", "multiple"), [(1, 1), (64, 1), (100_001, 64)])
def test_parts_have_everything_once(number_of_threads, nbytes, n, multiple):
    found = parts(n, nbytes, multiple)
    done = np.concatenate([np.arange(n)[part] for part in found])
    np.testing.assert_array_equal(done, np.arange(n))
    assert 1 <= len(found) <= number_of_threads
    assert len(found) == 1 or n == 1 or found[0].stop >= found[1].stop - found[1].start
    assert all((part.stop - part.start) % multiple == 0 for part in found[1:])


def test_shared_work_is_done_once_and_let_go(number_of_threads):
    # Helpers that come late must not hold what the caller has finished with.
    for _ in range(100):
        counts = np.zeros(1000, np.int64)

        def piece(part, counts=counts):
            counts[part] += 1

        shared(piece, [slice(i, i + 10) for i in range(0, 1000, 10)])
        assert (counts == 1).all()
        memory = weakref.ref(counts)
        del counts, piece
        assert memory() is None


@pytest.mark.parametrize("bad", [0, 30, 90])
def test_an_error_in_any_part_is_raised(number_of_threads, bad):
    def piece(part):
        if part.start == bad:
            raise ValueError(f"part {bad}")

    with pytest.raises(ValueError, match=f"part {bad}"):
        shared(piece, [slice(i, i + 10) for i in range(0, 100, 10)])
    shared(lambda part: None, [slice(0, 1), slice(1, 2)])  # the helpers go on


def test_threads_share_work_at_the_same_time_as_others():
    x = torch.arange(2 * SPLIT_BYTES // 4, dtype=torch.float32)
    wrong = []

    def work(k):
        for i in range(5):
            if k == 0:
                torch.set_num_threads(2 + i % 2)  # old helpers leave, new ones come
            if not torch.equal(x * float(k), torch.from_numpy(x.numpy() * np.float32(k))):
                wrong.append(k)

    before = torch.get_num_threads()
    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    torch.set_num_threads(before)
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_has_helpers_of_its_own(number_of_threads):
    x = torch.ones(3 * SPLIT_BYTES // 4)
    assert (x + x).sum() == 2 * x.numel()
    child = os.fork()
    if not child:
        os._exit(0 if (x + x).sum() == 2 * x.numel() else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_what_is_aligned_has_memory_of_its_own():
    x = aligned_array((3, 5), np.dtype(np.float64))
    assert x.ctypes.data % 64 == 0
    assert has_its_own(x)
    assert not has_its_own(x[1:])
    assert not has_its_own(x.reshape(-1))
    assert has_its_own(np.ones(3))


def test_a_large_gradient_is_kept_without_a_copy():
    x = torch.ones(SPLIT_BYTES // 4 + 5, requires_grad=True)
    (x * 3.0).backward(torch.ones_like(x))
    assert x.grad.data_ptr() % 64 == 0  # the memory of the product; that of a copy begins 16 bytes later
    assert has_its_own(x.grad.numpy())
