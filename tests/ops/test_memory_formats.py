"""The order of the elements in memory that is asked for, and what lies around a part of it."""

from __future__ import annotations

import pytest

import rushlight as torch

LAST = torch.channels_last


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.to(memory_format=LAST),
        lambda x: x.to(torch.float64, memory_format=LAST),
        lambda x: x.contiguous(memory_format=LAST),
        lambda x: x.clone(memory_format=LAST),
        lambda x: x.int(memory_format=LAST),
        lambda x: x.float(memory_format=LAST),
        lambda x: x.cpu(memory_format=LAST),
        lambda x: torch.full_like(x, 0, memory_format=LAST).copy_(x),
    ],
)
def test_channels_come_last(convert):
    x = torch.arange(120.0).reshape(2, 3, 4, 5)
    out = convert(x)
    assert out.stride() == (60, 1, 15, 3)
    assert out.tolist() == x.tolist()
    assert out.is_contiguous(memory_format=LAST) and not out.is_contiguous()
    assert out.contiguous(memory_format=LAST) is out
    assert out.contiguous().stride() == (60, 20, 5, 1)


def test_formats_of_new_tensors():
    assert torch.empty(2, 3, 4, 5, memory_format=LAST).stride() == (60, 1, 15, 3)
    x = torch.zeros(2, 3, 4, 5, 6)
    assert torch.zeros_like(x, memory_format=torch.channels_last_3d).stride() == (360, 1, 90, 18, 3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'memory_format'"):
        torch.zeros(2, memory_format=LAST)
    with pytest.raises(RuntimeError, match="unsupported memory format Preserve"):
        torch.empty(2, memory_format=torch.preserve_format)


def test_a_format_needs_its_number_of_dimensions():
    for call in (torch.zeros(3).to, torch.zeros(3).contiguous, torch.zeros(3).clone, torch.zeros(3).double):
        with pytest.raises(RuntimeError, match="required rank 4 tensor to use channels_last format"):
            call(memory_format=LAST)
    assert not torch.zeros(3).is_contiguous(memory_format=LAST)
    with pytest.raises(RuntimeError, match="preserve memory format is unsupported by the contiguous operator"):
        torch.zeros(2, 3).t().contiguous(memory_format=torch.preserve_format)


def test_only_layers_with_four_dimensions_change():
    layer = torch.nn.Conv2d(3, 4, 2).to(memory_format=LAST)
    assert layer.weight.stride() == (12, 1, 6, 3)
    assert layer.bias.stride() == (1,)


def test_formats_under_transforms():
    x = torch.arange(720.0).reshape(6, 2, 3, 4, 5)
    out = torch.func.vmap(lambda a: a.contiguous(memory_format=LAST))(x)
    assert out[0].stride() == (60, 1, 15, 3)
    assert torch.equal(out, x)
    g = torch.func.grad(lambda a: (a.to(memory_format=LAST) ** 2).sum())(x[0])
    assert torch.equal(g, 2 * x[0])


def test_what_lies_around_a_part():
    """Through `as_strided` a part shows its base's memory; a copy of the part has zeros around it."""

    def shown(x):
        return (x * 2)[5:15].as_strided((2, 2), (1, 2), 0)

    def put(x):
        return torch.as_strided_scatter((x * 2)[5:15], torch.zeros(2, 2), (2, 2), (1, 2), 2)

    x = torch.arange(20.0)
    _, tangent = torch.func.jvp(shown, (x,), (x + 1,))
    assert tangent.tolist() == [[2.0, 6.0], [4.0, 8.0]]
    assert put(x).tolist() == [0.0] + [2.0 * i for i in range(6, 15)]
    both = torch.stack([x, x + 1])
    assert torch.equal(torch.func.vmap(put)(both), torch.stack([put(row) for row in both]))


def test_a_number_that_does_not_fit_is_no_filling():
    mask = torch.tensor([True, False])
    for dtype, value in ((torch.int64, 1j), (torch.int8, 300), (torch.float16, 1e30), (torch.int64, float("nan"))):
        with pytest.raises(RuntimeError, match="value cannot be converted to type .* without overflow"):
            torch.zeros(2, dtype=dtype).masked_fill(mask, torch.tensor(value))


def test_a_contracted_size_of_one_keeps_the_dtype():
    a, b = torch.ones(1, 2, dtype=torch.int8), torch.ones(3, 2, dtype=torch.int8)
    out = torch.tensordot(a, b, ([0, 1], [0, 1]))
    assert out.dtype is torch.int8
    assert out.item() == 6


def test_sums_to_no_dimensions_are_int64():
    assert torch.tensor(True).sum_to_size(()).dtype is torch.int64
    assert torch.tensor([[True]]).sum_to_size(1).dtype is torch.int64


def test_examples_may_bring_their_sorters():
    x = torch.tensor([[3.0, 1.0], [1.0, 3.0]])
    found = torch.func.vmap(lambda a, s: torch.searchsorted(a, torch.tensor([2.0]), sorter=s))(x, x.argsort())
    assert found.tolist() == [[1], [1]]
