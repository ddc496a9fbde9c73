"""Views, joining, splitting, rearranging and padding: what the corpus of expressions (test_view_golden.py) cannot say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rushlight as torch

F = torch.nn.functional


def counting(*shape: int) -> Any:
    return torch.arange(float(np.prod(shape))).reshape(shape).clone()


# -- how lists of ints are given ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "arguments", "keyword"),
    [
        ("view", (3, 2), "size"), ("reshape", (3, 2), "shape"), ("permute", (1, 0), "dims"), ("expand", (4, 2, 3), "size"),
        ("flip", (0, 1), "dims"), ("repeat", (2, 1), "repeats"), ("tile", (2,), "dims"),
    ],
)  # fmt: skip
def test_lists_of_ints(method: str, arguments: tuple[int, ...], keyword: str) -> None:
    x = counting(2, 3)
    call = getattr(x, method)
    expected = call(*arguments)
    for given in (arguments, list(arguments), torch.Size(arguments)):
        assert torch.equal(call(given), expected)
    assert torch.equal(call(**{keyword: arguments}), expected)
    assert torch.equal(call(*[np.int64(i) for i in arguments]), expected)
    assert torch.equal(call(*[torch.tensor(i) for i in arguments]), expected)
    with pytest.raises(TypeError):
        call()
    with pytest.raises(TypeError):
        call(1.5)
    with pytest.raises(TypeError):
        call(arguments, unknown=1)


@pytest.mark.parametrize("name", ["reshape", "permute", "flip", "tile", "broadcast_to"])
def test_functions_take_one_list(name: str) -> None:
    function = getattr(torch, name)
    with pytest.raises(TypeError, match=rf"^{name}\(\): argument '\w+' \(position 2\) must be tuple of ints, not int"):
        function(counting(2), 0)
    with pytest.raises(TypeError, match=rf"^{name}\(\) takes 2 positional arguments but 3 were given"):
        function(counting(2), 0, 0)
    with pytest.raises(TypeError, match=rf"^{name}\(\) missing 1 required positional arguments"):
        function(counting(2))


def test_negative_sizes() -> None:
    x = counting(2, 3)
    for call in (x.view, x.reshape, x.t().reshape):
        with pytest.raises(RuntimeError, match=r"^invalid shape dimension -2 at index 0 of shape \[-2, 3\]"):
            call(-2, 3)


# -- views and copies ---------------------------------------------------------------------------------------------------


def test_reshape_copies_only_where_it_must() -> None:
    x = torch.zeros(2, 3, 4)
    assert x.transpose(0, 1).reshape(3, 2, 2, 2)._base is x
    copied = x.transpose(0, 1).reshape(-1)
    assert copied._base is None
    copied.add_(1)
    assert x.sum() == 0


def test_expanded_tensors_are_locked_as_arrays_too() -> None:
    assert not torch.zeros(1, 3).expand(2, 3).numpy().flags.writeable
    assert torch.zeros(2, 3).expand(2, 3).numpy().flags.writeable


def test_bits_as_another_dtype() -> None:
    x = torch.tensor([1.0, -2.0])
    bits = x.view(torch.int32)
    assert [hex(b & 0xFFFFFFFF) for b in bits.tolist()] == ["0x3f800000", "0xc0000000"]
    bits[1] = 0
    assert x.tolist() == [1, 0]
    assert x._version == 1
    assert not torch.ones(2, requires_grad=True).view(torch.int32).requires_grad
    assert torch.ones(2, dtype=torch.bfloat16).view(torch.int16).tolist() == [0x3F80] * 2


def test_flatten_of_a_vector_is_the_vector() -> None:
    x = counting(3)
    assert x.flatten() is x
    assert torch.atleast_1d(x) is x
    assert torch.broadcast_tensors(x, x)[0] is x


@pytest.mark.parametrize(
    ("change", "functional", "node"),
    [
        (lambda x: x.unsqueeze_(1), lambda x: x.unsqueeze(1), "UnsqueezeBackward1"),
        (lambda x: x.squeeze_(), lambda x: x.squeeze(), "SqueezeBackward3"),
        (lambda x: x.squeeze_(1), lambda x: x.squeeze(1), "SqueezeBackward4"),
        (lambda x: x.squeeze_((0, 1)), lambda x: x.squeeze((0, 1)), "SqueezeBackward5"),
        (lambda x: x.transpose_(0, 2), lambda x: x.transpose(0, 2), "TransposeBackward1"),
        (lambda x: x.swapaxes_(0, 2), lambda x: x.swapaxes(0, 2), "TransposeBackward1"),
        (lambda x: x.as_strided_((2, 2), (1, 2)), lambda x: x.as_strided((2, 2), (1, 2)), "AsStridedBackward1"),
    ],
)
def test_another_shape_in_place(change: Callable[[Any], Any], functional: Callable[[Any], Any], node: str) -> None:
    leaf = counting(2, 1, 3).requires_grad_()
    x = leaf * 1
    assert change(x) is x
    assert (x.grad_fn.name(), x._version) == (node, 1)
    expected = functional(leaf)
    assert torch.equal(x, expected)
    (x * x.detach()).sum().backward()
    assert torch.equal(leaf.grad, torch.autograd.grad((expected * expected.detach()).sum(), leaf)[0])
    with pytest.raises(
        RuntimeError, match="^a leaf Variable that requires grad is being used in an in-place operation"
    ):
        change(torch.zeros(2, 1, 3, requires_grad=True))


def test_a_view_given_another_shape_is_still_a_view() -> None:
    x = counting(2, 3)
    v = x[1]
    v.unsqueeze_(0)
    v.mul_(10)
    assert v._base is x
    assert x.tolist() == [[0, 1, 2], [30, 40, 50]]


def test_resize() -> None:
    x = counting(2, 3)
    v = x[1]
    assert x.resize_(2).tolist() == [0, 1]
    v.add_(10)
    assert x.resize_(2, 3).tolist() == [[0, 1, 2], [13, 14, 15]]  # the memory had not gone
    assert x.resize_(2, 4)[0].tolist() == [0, 1, 2, 13]
    assert x.resize_as_(torch.zeros(1)).shape == (1,)
    assert counting(6).view(2, 3)[0].resize_(2, 2).tolist() == [[0, 1], [2, 3]]
    with pytest.raises(NotImplementedError, match="beyond the memory of its base"):
        counting(3)[1:].resize_(3)
    with pytest.raises(RuntimeError, match="^cannot resize variables that require grad"):
        torch.zeros(2, requires_grad=True).resize_(1)
    with pytest.raises(NotImplementedError, match="set_ is not supported"):
        x.set_(x)


# -- warnings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((), "Tensor.T is deprecated on 0-D tensors"),
        ((3,), "The use of `x.T` on tensors of dimension other than 2"),
        ((2, 3, 4), "The use of `x.T` on tensors of dimension other than 2"),
    ],
)
def test_transposing_what_is_no_matrix_warns(shape: tuple[int, ...], message: str) -> None:
    x = torch.zeros(shape)
    with pytest.warns(UserWarning, match=message) as caught:
        assert x.T.shape == shape[::-1]
    assert caught[0].filename == __file__


def test_number_like_matrices_warn() -> None:
    x = torch.tensor(1.0)
    for name in ("mT", "mH", "H"):
        with pytest.warns(UserWarning, match=rf"^Tensor\.{name} is deprecated on 0-D tensors"):
            assert getattr(x, name) is x


def test_meshgrid_without_indexing_warns() -> None:
    with pytest.warns(UserWarning, match="it will be required to pass the indexing argument"):
        first, _ = torch.meshgrid(counting(2), counting(3))
    assert first.tolist() == [[0, 0, 0], [1, 1, 1]]


# -- sequences ----------------------------------------------------------------------------------------------------------


def test_tensors_are_sequences() -> None:
    x = counting(3, 2)
    assert len(x) == 3
    assert [row.tolist() for row in x] == [[0, 1], [2, 3], [4, 5]]
    assert [row.tolist() for row in reversed(x)] == [[4, 5], [2, 3], [0, 1]]
    first, *rest = x
    assert first._base is x
    assert len(rest) == 2
    assert 3 in x
    assert torch.tensor(3.5) not in x
    with pytest.raises(TypeError, match="^iteration over a 0-d tensor"):
        list(torch.tensor(1.0))
    with pytest.raises(
        RuntimeError, match="^Tensor.__contains__ only supports Tensor or scalar, but you passed in a <class 'str'>"
    ):
        _ = "a" in x


# -- joining ------------------------------------------------------------------------------------------------------------


def test_cat_promotes_and_its_gradients_come_back_in_each_dtype() -> None:
    a = torch.ones(2, dtype=torch.float64, requires_grad=True)
    b = torch.ones(2, dtype=torch.float16, requires_grad=True)
    c = torch.arange(2)
    joined = torch.cat([a, b, c])
    assert joined.dtype == torch.float64
    (joined * torch.arange(6.0)).sum().backward()
    assert (a.grad.dtype, a.grad.tolist()) == (torch.float64, [0, 1])
    assert (b.grad.dtype, b.grad.tolist()) == (torch.float16, [2, 3])


def test_cat_into_a_given_tensor() -> None:
    out = torch.empty(0)
    assert torch.cat([counting(2), counting(1)], out=out) is out
    assert out.tolist() == [0, 1, 0]


def test_cat_leaves_empty_vectors_out() -> None:
    x = torch.zeros(2, 3, requires_grad=True)
    start = torch.tensor([], requires_grad=True)
    joined = torch.cat([start, x, x], 1)
    assert joined.shape == (2, 6)
    joined.sum().backward()
    assert x.grad.tolist() == [[2] * 3] * 2


def test_splits_share_memory_and_unwanted_parts_get_zeros() -> None:
    x = counting(5).requires_grad_()
    a, b, c = x.split(2)
    assert [p.tolist() for p in (a, b, c)] == [[0, 1], [2, 3], [4]]
    assert all(p._base is x for p in (a, b, c))
    (b * 3).sum().backward()
    assert x.grad.tolist() == [0, 0, 3, 3, 0]


# -- padding ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "numpy_mode"),
    [("constant", "constant"), ("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")],
)
@pytest.mark.parametrize("pad", [(1, 2), (0, 3), (2, 1, 1, 0), (1, 1, 1, 1, 1, 1)])
def test_padding_is_that_of_numpy(mode: str, numpy_mode: str, pad: tuple[int, ...]) -> None:
    shape = (2, 4, 4)[: len(pad) // 2 + 1] if len(pad) < 6 else (1, 2, 4, 4)
    x = counting(*shape)
    widths = [(0, 0)] * (len(shape) - len(pad) // 2) + list(zip(pad[::2], pad[1::2]))[::-1]
    expected = np.pad(x.numpy(), widths, mode=numpy_mode)
    np.testing.assert_array_equal(F.pad(x, pad, mode).numpy(), expected)


@pytest.mark.parametrize(
    "dtype", [torch.bool, torch.uint8, torch.int64, torch.float16, torch.bfloat16, torch.complex64]
)
def test_any_dtype(dtype: Any) -> None:
    x = torch.tensor([[1, 0, 1], [0, 1, 1]]).to(dtype)
    for result in (x.t(), x[:, 1:], x.flip(1), x.roll(1, 0), x.repeat(2, 1), torch.cat([x, x]), x.tril(), x.unfold(1, 2, 1),
                   x.as_strided((2, 2), (3, 1)), F.pad(x, (1, 1)), x.diagonal(), x.rot90(), x.expand(2, 2, 3), x[[0, 0]]):  # fmt: skip
        assert result.dtype == dtype
    assert torch.equal(x.unfold(1, 2, 1)[:, 1], x[:, 1:])
