"""Running operations, differences and integrals. What PyTorch gives stands in the golden file."""

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops.cumulative import recurrence, shift_p


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 33])
def test_the_recurrence_against_a_loop(n: int, reverse: bool) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(2, n, 3)), rng.normal(size=(2, n, 3))
    if n:
        a[:, -1 if reverse else 0] = np.nan  # the first coefficient multiplies nothing
    expected, s = np.empty_like(b), np.zeros((2, 3))
    for k, i in enumerate(reversed(range(n)) if reverse else range(n)):
        s = b[:, i] + (a[:, i] * s if k else 0)
        expected[:, i] = s
    ours = recurrence.bind(torch.from_numpy(a), torch.from_numpy(b), dim=1, reverse=reverse)
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("by", [-4, -3, -1, 1, 2, 3, 9])
def test_shift(by: int) -> None:
    x = torch.tensor([[1, 2, 3], [4, 5, 6]])
    shifted = shift_p.bind(x, dim=1, by=by, fill=7).tolist()
    assert shifted == [[row[i - by] if 0 <= i - by < 3 else 7 for i in range(3)] for row in x.tolist()]


def test_the_gradient_of_a_running_product_is_right_where_there_are_zeros() -> None:
    x = torch.tensor([1.0, 0.0, 3.0, 0.0, 2.0], requires_grad=True)
    x.cumprod(0).backward(torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert x.grad.tolist() == [1.0, 11.0, 0.0, 0.0, 0.0]


def test_the_gradient_of_a_running_product_does_not_overflow_on_the_way() -> None:
    # Dividing the running product by each element would: it is 0 or infinite from the 400th on.
    x = torch.full((1000,), 0.1, dtype=torch.float64, requires_grad=True)
    x.cumprod(0).sum().backward()
    assert x.grad[0].item() == pytest.approx(1 / 0.9)
    assert torch.isfinite(x.grad).all()


def test_far_apart_exponents_keep_the_gradient_of_logcumsumexp() -> None:
    x = torch.tensor([-1000.0, 0.0, 1000.0], dtype=torch.float64, requires_grad=True)
    x.logcumsumexp(0).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


def test_running_extrema_give_the_last_place_and_the_gradient_goes_there() -> None:
    x = torch.tensor([1.0, 3.0, 3.0, 2.0], requires_grad=True)
    values, indices = x.cummax(0)
    values.sum().backward()
    assert indices.tolist() == [0, 1, 2, 2]
    assert x.grad.tolist() == [1.0, 1.0, 2.0, 0.0]


def test_in_place_forms() -> None:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    assert y.cumsum_(0) is y
    y.sum().backward()
    assert x.grad.tolist() == [3.0, 2.0, 1.0]
    z = torch.tensor([2, 3], dtype=torch.int8)
    assert z.cumprod_(0).dtype is torch.int8 and z.tolist() == [2, 6]


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "logcumsumexp", "cummax"])
def test_results_lie_in_c_order(name: str) -> None:
    result = getattr(torch.ones(2, 3).t(), name)(0)
    assert (result[0] if isinstance(result, tuple) else result).is_contiguous()


def test_trapezoid_takes_places_or_a_distance() -> None:
    y = torch.tensor([1.0, 2.0, 4.0])
    assert torch.trapezoid(y, torch.tensor([0.0, 2.0, 4.0])).item() == torch.trapezoid(y, dx=2).item() == 9.0
    with pytest.raises(TypeError, match=r"trapezoid\(\)"):
        torch.trapezoid(y, y, dx=2)
