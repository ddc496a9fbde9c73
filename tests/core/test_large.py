"""Elementwise functions on arrays that are too large for a cache give what they give on small ones."""

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.large import BLOCK_BYTES, in_blocks

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
