"""Largest and smallest elements. What PyTorch gives for each call stands in the golden file."""

import math

import pytest

import rushlight as torch


def leaf(data) -> torch.Tensor:
    return torch.tensor(data, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("call", [lambda x: x.max(), lambda x: x.amax(), lambda x: x.aminmax().max])
def test_equal_elements_share_the_gradient_of_the_maximum_evenly(call) -> None:
    x = leaf([3.0, 1.0, 3.0])
    call(x).backward()
    assert x.grad.tolist() == [0.5, 0.0, 0.5]


def test_the_first_of_equal_elements_gets_the_gradient_along_a_dimension() -> None:
    x = leaf([[3.0, 1.0, 3.0], [2.0, 2.0, 2.0]])
    x.max(1).values.sum().backward()
    assert x.grad.tolist() == [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]


def test_only_indices_are_kept_so_values_may_be_overwritten() -> None:
    x = leaf([[3.0, 1.0], [2.0, 4.0]])
    values, _ = (x * 1).max(1)
    values.mul_(2)
    values.sum().backward()
    assert x.grad.tolist() == [[2.0, 0.0], [0.0, 2.0]]


def test_overwritten_indices_are_noticed() -> None:
    x = leaf([[3.0, 1.0], [2.0, 4.0]])
    values, indices = x.max(1)
    indices.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        values.sum().backward()


@pytest.mark.parametrize("name", ["max", "min"])
def test_one_name_three_operations(name: str) -> None:
    x, y = torch.tensor([[1.0, 4.0]]), torch.tensor([[3.0], [2.0]])
    function = getattr(torch, name)
    python = max if name == "max" else min
    assert function(x).item() == python(1.0, 4.0)
    assert function(x, 1).values.tolist() == [python(1.0, 4.0)]
    assert (
        function(x, y).tolist()
        == function(x, other=y).tolist()
        == [[python(a, b) for a in (1.0, 4.0)] for b in (3.0, 2.0)]
    )
    with pytest.raises(TypeError):
        function(x, 0, other=y)
    with pytest.raises(TypeError):
        function(x, keepdim=True)


def test_nan_is_the_extremum_and_the_first_one_is_found() -> None:
    x = torch.tensor([1.0, math.nan, 3.0, math.nan])
    for result in (x.max(0), x.min(0)):
        assert math.isnan(result.values.item()) and result.indices.item() == 1
    assert x.argmax().item() == x.argmin().item() == 1
    assert math.isnan(x.max().item()) and math.isnan(x.amin().item())


def test_empty_tensors() -> None:
    hint = "Specify the reduction dim with the 'dim' argument"
    for call in ("max", "min", "amax", "amin"):
        with pytest.raises(RuntimeError, match=rf"^{call}\(\): Expected reduction dim to be specified.*{hint}"):
            getattr(torch.empty(0), call)()
        with pytest.raises(IndexError, match=rf"^{call}\(\): Expected reduction dim 1 to have non-zero size"):
            getattr(torch.empty(2, 0), call)(1)
    assert torch.empty(2, 0).max(0).values.shape == torch.empty(2, 0).argmax(0).shape == (0,)
