"""Sums, means, products, truth and counting. What PyTorch gives for each call stands in the golden file."""

import itertools
import math

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops import reduction


def tensor(data, **options) -> torch.Tensor:
    return torch.tensor(data, dtype=torch.float64, **options)


# -- the short path of sum() and mean() ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sum", "mean"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (70, 80)])
def test_the_short_path_and_the_general_one_agree(name: str, shape: tuple[int, ...]) -> None:
    data = np.random.default_rng(0).normal(size=shape)
    short, general = (torch.tensor(data, requires_grad=True) for _ in range(2))
    a, b = getattr(short, name)(), getattr(general, name)(dtype=torch.float64)

    (2 * a).backward()
    (2 * b).backward()

    np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())
    np.testing.assert_array_equal(short.grad.numpy(), general.grad.numpy())
    assert a.grad_fn.name() == b.grad_fn.name()
    assert short.grad.is_contiguous() and short.grad.numpy().flags.writeable


def test_the_short_path_records_nothing_where_it_shall_not() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    with torch.no_grad():
        assert not x.sum().requires_grad
    assert not x.detach().sum().requires_grad
    assert not torch.tensor([1, 2]).sum().requires_grad


def test_a_sum_keeps_nothing_that_could_be_freed_or_overwritten() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    total = y.sum()
    y.mul_(3)
    total.backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_sum_of_a_view_follows_its_base() -> None:
    base = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True) * 1
    view = base.t()
    base.mul_(2)
    assert view.sum().grad_fn.next_functions[0][0] is view.grad_fn


@pytest.mark.parametrize("name", ["sum", "mean"])
def test_the_cotangent_can_be_differentiated(name: str) -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad(getattr(x, name)() ** 3, x, create_graph=True)
    (again,) = torch.autograd.grad(g.sum(), x)
    expected = 6 * 3 * 2 if name == "sum" else 6 * 1.5 / 2
    assert again.tolist() == [expected, expected]


def test_the_function_and_the_method_take_what_pytorch_takes() -> None:
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    assert torch.sum(input=x, dim=0).tolist() == torch.sum(x, axis=0).tolist() == [4.0, 6.0]
    assert torch.mean(x, 0, True).shape == x.mean(axis=0, keepdims=True).shape == (1, 2)


# -- precision and dtypes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "dims"), [((300_000, 3), 0), ((70, 3, 40, 41), (0, 2, 3)), ((3, 90_001), 1)])
def test_long_float32_sums_lose_few_digits(shape: tuple[int, ...], dims) -> None:
    x = np.random.default_rng(1).uniform(size=shape).astype(np.float32)
    for array in (x, np.asfortranarray(x)):
        ours = torch.from_numpy(array).sum(dims).numpy()
        np.testing.assert_allclose(ours, x.sum(dims, dtype=np.float64), rtol=4 * np.finfo(np.float32).eps)


@pytest.mark.parametrize("keepdim", [True, False])
def test_sums_by_blocks_add_every_element_once(monkeypatch: pytest.MonkeyPatch, keepdim: bool) -> None:
    monkeypatch.setattr(reduction, "BLOCK", 4)
    x = np.arange(2 * 11 * 3 * 5, dtype=np.float32).reshape(2, 11, 3, 5)
    axes = range(4)
    for array in (x, x.transpose(2, 0, 3, 1), x[:, ::2], x[:, :, ::-1]):
        for n in (1, 2, 3, 4):
            for dims in itertools.combinations(axes, n):
                result = torch.from_numpy(array.copy(order="K")).sum(dims, keepdim)
                np.testing.assert_array_equal(result.numpy(), array.sum(dims, keepdims=keepdim))
                assert result.is_contiguous()


def test_16_bit_floats_are_summed_in_float32() -> None:
    x = torch.full((4096,), 0.1, dtype=torch.float16)
    assert x.sum().item() == pytest.approx(4096 * x[0].item(), rel=1e-3)
    assert torch.full((1000,), 100.0, dtype=torch.float16).mean().item() == 100.0
    assert torch.full((300,), 1.0, dtype=torch.bfloat16).sum().item() == 300.0


def test_integers_are_summed_as_int64() -> None:
    assert torch.tensor([200, 100], dtype=torch.uint8).sum().dtype is torch.int64
    assert torch.tensor([200, 100], dtype=torch.uint8).sum().item() == 300
    assert torch.tensor([True, True]).sum(0).item() == 2
    assert torch.tensor([200, 100], dtype=torch.uint8).prod().item() == 20000


def test_dtype_converts_first_and_the_gradient_comes_back_in_the_input_s() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    total = x.sum(dtype=torch.float64)
    total.backward()
    assert total.dtype is torch.float64
    assert x.grad.dtype is torch.float32


def test_floating_point_events_that_a_user_turned_into_errors_stay_out() -> None:
    with np.errstate(all="raise"):
        assert math.isnan(torch.empty(0).mean().item())
        assert torch.full((2,), 3e38).sum().item() == math.inf
        assert torch.tensor([-math.inf, -math.inf]).logsumexp(0).item() == -math.inf


# -- results ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sum", "mean", "amax", "prod", "all", "logsumexp", "std", "norm", "argmax", "max"])
def test_results_lie_in_c_order(name: str) -> None:
    x = torch.from_numpy(np.random.default_rng(2).normal(size=(2, 3, 4)).transpose(2, 0, 1))
    result = getattr(x, name)(dim=1)
    assert (result[0] if isinstance(result, tuple) else result).is_contiguous()


def test_out_is_written_and_resized() -> None:
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    out = torch.empty(0, dtype=torch.float64)
    assert torch.sum(x, 0, out=out) is out
    assert out.tolist() == [4.0, 6.0]
    with pytest.raises(RuntimeError, match="can't be cast to the desired output type Long"):
        torch.mean(x, 0, out=torch.empty(2, dtype=torch.int64))
    values, indices = torch.empty(0, dtype=torch.float64), torch.empty(0, dtype=torch.int64)
    torch.max(x, 0, out=(values, indices))
    assert (values.tolist(), indices.tolist()) == ([3.0, 4.0], [1, 1])


@pytest.mark.parametrize("name", ["sum", "mean", "nansum", "prod", "logsumexp", "all", "any", "count_nonzero"])
def test_what_is_no_tensor_is_refused(name: str) -> None:
    arguments = ([1, 2], 0) if name == "logsumexp" else ([1, 2],)
    with pytest.raises(TypeError, match=rf"^{name}\(\): argument 'input' \(position 1\) must be Tensor, not list"):
        getattr(torch, name)(*arguments)


# -- products -----------------------------------------------------------------------------------------------


def test_the_gradient_of_a_product_is_right_where_there_are_zeros() -> None:
    for data, expected in [
        ([2.0, 3.0, 4.0], [12.0, 8.0, 6.0]),
        ([0.0, 3.0, 4.0], [12.0, 0.0, 0.0]),
        ([0.0, 3.0, 0.0], [0.0, 0.0, 0.0]),
    ]:
        x = tensor(data, requires_grad=True)
        x.prod().backward()
        assert x.grad.tolist() == expected


def test_the_hessian_of_a_product_is_right_where_there_are_zeros() -> None:
    x = tensor([0.0, 3.0, 0.0, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad(x.prod(), x, create_graph=True)
    rows = [torch.autograd.grad(each, x, retain_graph=True)[0].tolist() for each in g.unbind()]
    assert rows == [[0, 0, 6, 0], [0, 0, 0, 0], [6, 0, 0, 0], [0, 0, 0, 0]]


# -- undoing a broadcast ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [torch.no_grad, torch.enable_grad])
@pytest.mark.parametrize(
    ("have", "want"), [((2, 3), (3,)), ((2, 3), (2, 1)), ((4, 2, 3), (1, 3)), ((2, 3), ()), ((2, 3), (2, 3))]
)
def test_sum_to_size(mode, have: tuple[int, ...], want: tuple[int, ...]) -> None:
    x = np.random.default_rng(3).normal(size=have)
    with mode():
        result = torch.from_numpy(x).sum_to_size(want)
    lead = len(have) - len(want)
    dims = (*range(lead), *(lead + i for i, n in enumerate(want) if n == 1 != have[lead + i]))
    np.testing.assert_allclose(result.numpy(), x.sum(dims, keepdims=True).reshape(want))


def test_sum_to_size_refuses_what_was_not_broadcast() -> None:
    with pytest.raises(RuntimeError, match="is not expandable to size"):
        torch.ones(2, 3).sum_to_size(2, 2)
