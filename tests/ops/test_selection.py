"""where, masked_fill, clamp, maximum and their like: what is not chosen does not count."""

import numpy as np
import pytest

import rushlight as torch

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "int16", "int64", "float16", "bfloat16", "float32", "float64", "complex64", "complex128"]
)
@pytest.mark.parametrize("count", [3, 1000])
def test_where_with_zeros_is_exact_for_every_dtype(dtype: str, count: int) -> None:
    """Large choices between values and zeros are made by multiplying bits."""
    kind = getattr(torch, dtype)
    values = (torch.arange(count) - 1).to(kind)
    mask = torch.tensor(np.arange(count) % 3 == 0)
    zero = dtype != "bool" and 0  # an integer would make integers of bools
    kept = torch.where(mask, values, zero)
    dropped = torch.where(mask, zero, values)
    for i, (k, d, v, m) in enumerate(zip(kept.tolist(), dropped.tolist(), values.tolist(), mask.tolist())):
        assert (k, d) == ((v, 0) if m else (0, v)), i
    assert kept.dtype is dropped.dtype is kind


def test_where_hides_infinities_and_nans_and_leaves_a_positive_zero() -> None:
    x = torch.tensor([INF, NAN, -INF, -1.0] * 200)
    off = torch.zeros(800, dtype=torch.bool)
    out = torch.where(off, x, 0)
    assert out.tolist() == [0.0] * 800
    assert not torch.signbit(out).any()
    assert torch.signbit(torch.where(off, x, -0.0)).all()


def test_where_broadcasts_large_masks() -> None:
    x, mask = torch.rand(1, 40), torch.rand(30, 1) > 0.5
    assert np.array_equal(torch.where(mask, x, 0).numpy(), np.where(mask.numpy(), x.numpy(), np.float32(0)))
    assert np.array_equal(torch.where(mask, 0, x.t().t()).numpy(), np.where(mask.numpy(), np.float32(0), x.numpy()))


def test_the_gradient_of_where_stops_at_what_was_not_chosen() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    safe = torch.where(x > 0, x, 1.0)
    torch.where(x > 0, safe.log(), 0.0).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


def test_where_without_choices_is_nonzero() -> None:
    (index,) = torch.where(torch.tensor([0, 3, 0, 4]))
    assert index.tolist() == [1, 3]


def test_where_with_a_byte_mask_warns() -> None:
    mask = torch.tensor([1, 0], dtype=torch.uint8)
    with pytest.warns(UserWarning, match="where received a uint8 condition tensor"):
        assert torch.where(mask, 1, 2).tolist() == [1, 2]


def test_where_refuses_other_masks() -> None:
    with pytest.raises(
        RuntimeError, match=r"^where expected condition to be a boolean tensor, but got a tensor with dtype Float"
    ):
        torch.where(torch.ones(2), 1, 2)


def test_relu_passes_nans_and_stops_at_zero() -> None:
    x = torch.tensor([NAN, -1.0, 0.0, 2.0] * 100, requires_grad=True)
    y = torch.relu(x)
    y.backward(torch.full((400,), INF))
    assert y[:4].tolist() == [pytest.approx(NAN, nan_ok=True), 0.0, 0.0, 2.0]
    assert x.grad[:4].tolist() == [INF, 0.0, 0.0, INF]
    assert not torch.signbit(y).any()


def test_clamp_with_bounds_of_every_type() -> None:
    x = torch.tensor([-3.0, 0.5, 3.0])
    for low in (-1, -1.0, np.float64(-1), np.int64(-1), torch.tensor(-1.0)):
        high = torch.tensor(1.0) if isinstance(low, torch.Tensor) else 1
        assert torch.clamp(x, low, high).tolist() == [-1.0, 0.5, 1.0]
    assert torch.clamp(x, min=True).tolist() == [1.0, 1.0, 3.0]
    assert torch.clamp(x, min=1).tolist() == [1.0, 1.0, 3.0]
    assert torch.clamp(x, max=-INF).tolist() == [-INF] * 3
    assert torch.clamp(x.double(), max=1e300).tolist() == x.tolist()
    with pytest.raises(RuntimeError, match=r"^value cannot be converted to type float without overflow"):
        torch.clamp(x, max=1e300)
    with pytest.raises(RuntimeError, match=r"^value cannot be converted to type uint8_t without overflow"):
        torch.clamp(torch.tensor([1], dtype=torch.uint8), max=300)


def test_clamp_passes_the_gradient_at_its_bounds() -> None:
    x = torch.tensor([-1.0, 0.0, 0.5, 1.0, 2.0, NAN], requires_grad=True)
    torch.clamp(x, 0, 1).sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]


def test_maximum_shares_the_gradient_at_ties() -> None:
    a, b = torch.tensor([1.0, 2.0, 3.0], requires_grad=True), torch.tensor([1.0, 3.0, 2.0], requires_grad=True)
    torch.maximum(a, b).sum().backward()
    assert a.grad.tolist() == [0.5, 0.0, 1.0]
    assert b.grad.tolist() == [0.5, 1.0, 0.0]


def test_masked_fill_keeps_the_dtype_and_copies() -> None:
    x = torch.tensor([1, 2, 3])
    y = x.masked_fill(torch.tensor([True, False, True]), 7.9)
    assert y.dtype is torch.int64
    assert y.tolist() == [7, 2, 7]
    assert x.tolist() == [1, 2, 3]
    assert x.masked_fill_(x > 1, 0) is x
    assert x.tolist() == [1, 0, 0]


def test_masked_fill_in_place_through_a_view() -> None:
    w = torch.ones(2, 3, requires_grad=True)
    x = w * 2
    x[:, 0].masked_fill_(torch.tensor([True, False]), 5.0)
    x.sum().backward()
    assert x.tolist() == [[5.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    assert w.grad.tolist() == [[0.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
