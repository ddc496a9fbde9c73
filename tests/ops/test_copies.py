"""Copies of views share no memory with their input, and what is made with strides has them."""

from __future__ import annotations

import pytest

import rushlight as torch
from rushlight._core.registry import NAMESPACES

COPIES = sorted(n for n in NAMESPACES["torch"] if n.endswith("_copy") and n != "index_copy")
ARGUMENTS = {
    "as_strided": ((2,), (1,)), "expand": ((4, 2, 2),), "narrow": (0, 0, 1), "permute": ((1, 0),), "select": (0, 0),
    "split": (1,), "split_with_sizes": ([1, 1],), "transpose": (0, 1), "unfold": (0, 1, 1), "unsqueeze": (0,),
    "view": ((4,),),
}  # fmt: skip


@pytest.mark.parametrize("name", [*COPIES, "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes"])
def test_a_copy_is_a_copy(name):
    stem = name.removesuffix("_copy").removeprefix("unsafe_")
    x = torch.arange(4.0).reshape(2, 2)
    if stem == "view_as_real":
        x = x * 1j
    arguments = (2,) if stem == "chunk" else ARGUMENTS.get(stem, ())
    made = getattr(torch, name)(x, *arguments)
    before = x.clone()
    for part in made if isinstance(made, tuple) else (made,):
        assert part.is_contiguous() and not part._is_view()
        part.fill_(9)
    assert torch.equal(x, before)


def test_a_copy_goes_into_out():
    out = torch.empty(0)
    assert torch.transpose_copy(torch.tensor([[1.0, 2.0]]), 0, 1, out=out) is out
    assert out.tolist() == [[1.0], [2.0]]


def test_parts_that_unsafe_functions_return_can_be_written_to():
    x = torch.ones(4, requires_grad=True)
    first, _ = torch.unsafe_chunk(x * 1, 2)
    first.mul_(3).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0, 0.0, 0.0]
    with pytest.raises(RuntimeError, match="multiple views"):
        torch.chunk(x * 1, 2)[0].mul_(3)


def test_strided_memory():
    x = torch.empty_strided((2, 3), (1, 2))
    assert x.stride() == (1, 2)
    x.copy_(torch.arange(6).reshape(2, 3))
    assert x.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    spread = torch.empty_strided((2, 3), (0, 1)).fill_(2)
    assert spread.tolist() == [[2.0] * 3] * 2
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        spread.add_(1)
    assert torch.empty_strided((0, 3), (3, 1)).shape == (0, 3)


def test_the_second_derivative_of_a_product_with_two_zeros():
    """Its own derivative would need products of pairs: refused, as in PyTorch."""
    x, source = torch.ones(1, requires_grad=True), torch.zeros(2, requires_grad=True)
    index = torch.tensor([0, 0])
    out = torch.index_reduce(x, 0, index, source, "prod")
    assert [g.tolist() for g in torch.autograd.grad(out.sum(), (x, source), retain_graph=True)] == [[0.0], [0.0, 0.0]]
    (g,) = torch.autograd.grad(out.sum(), source, create_graph=True)
    with pytest.raises(NotImplementedError, match="Double backward is unsupported"):
        g.sum().backward()
