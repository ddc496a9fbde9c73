"""Indexing, gathering and masks: what the corpus of expressions (test_view_golden.py) cannot say."""

import itertools
import warnings
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight._ops.advanced_indexing import add_rows


def counting(*shape: int) -> Any:
    return torch.arange(float(np.prod(shape))).reshape(shape).clone()


# -- against NumPy ------------------------------------------------------------------------------------------------------

BASIC = [0, -1, slice(None), slice(1, None), slice(None, -1, 2), slice(5, 9), None, Ellipsis]


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    "index", [i for n in (1, 2, 3) for i in itertools.product(BASIC, repeat=n) if i.count(...) < 2], ids=repr
)
def test_basic_indices_are_those_of_numpy(index: tuple[Any, ...], recorded: bool) -> None:
    """Also where several steps are recorded one by one, which is another way through the code."""
    x = counting(2, 3, 4).requires_grad_(recorded)
    expected = x.detach().numpy()[index]
    out = x[index]
    assert out.shape == expected.shape
    np.testing.assert_array_equal(out.detach().numpy(), expected)
    assert np.shares_memory(out.detach().numpy(), x.detach().numpy()) or not expected.size
    if recorded:
        (out * 2).sum().backward()
        marks = np.zeros((2, 3, 4))
        marks[index] = 2
        np.testing.assert_array_equal(x.grad.numpy(), marks)


INDICES = [
    [0, 2], [True, False, True], range(2), (np.array([1, 0]),), np.array([2, -1]), np.array([0.9, 2.0]), np.int32(1),
    np.array(1), np.array([True, True, False]), torch.tensor([0, 1], dtype=torch.int32), torch.tensor(2),
    torch.Size([1, 0]), ([0, 1], [1, 0]), (slice(None), [0, 0, 1]), [[[0, 1]]], [], (0, (0, 1)),
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_other_kinds_of_indices(index: Any) -> None:
    x = counting(3, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        out = x[index]
    plain = index.numpy() if isinstance(index, torch.Tensor) else index
    if isinstance(plain, (list, range)):
        nested = plain == [[[0, 1]]]  # a list of lists stands for a tuple of them
        plain = np.array(plain[0] if nested else plain, dtype=None if len(plain) else int)
    elif isinstance(plain, np.ndarray) and plain.dtype.kind == "f":
        plain = plain.astype(int)
    np.testing.assert_array_equal(out.numpy(), x.numpy()[plain if not isinstance(plain, torch.Size) else tuple(plain)])


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([[0, 1], [1, 0]], "Using a non-tuple sequence for multidimensional indexing is deprecated"),
        (torch.tensor([1, 0, 1], dtype=torch.uint8), "indexing with dtype torch.uint8 is now deprecated"),
    ],
)
def test_deprecated_indices_warn(index: Any, message: str) -> None:
    with pytest.warns(UserWarning, match=message) as caught:
        _ = counting(3, 2)[index]
    assert caught[0].filename == __file__


# -- errors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (3, IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
        (-4, IndexError, "index -4 is out of bounds for dimension 0 with size 3"),
        ((0, 2), IndexError, "index 2 is out of bounds for dimension 1 with size 2"),
        ((0, 0, 0), IndexError, "too many indices for tensor of dimension 2"),
        (slice(None, None, -1), ValueError, "step must be greater than zero"),
        (slice(None, None, 0), ValueError, "slice step cannot be zero"),
        (slice(1.5, None), TypeError, "slice indices must be integers or None or have an __index__ method"),
        (1.5, IndexError, "only integers, slices"),
        (np.float64(1), IndexError, r"only integers, slices .* \(got numpy.float64\)"),
        ([3], IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
        ((slice(None), [2]), IndexError, "index 2 is out of bounds for dimension 0 with size 2"),
        (
            ([0, 1], [0, 1, 0]),
            IndexError,
            r"shape mismatch: indexing tensors could not be broadcast together with shapes \[2\], \[3\]",
        ),
        (
            [True, False],
            IndexError,
            r"The shape of the mask \[2\] at index 0 does not match the shape of the indexed tensor \[3, 2\]",
        ),
        (torch.tensor([1.0]), IndexError, "tensors used as indices must be long, int, byte or bool tensors"),
    ],
    ids=repr,
)
def test_what_does_not_fit(index: Any, error: type[Exception], message: str, recorded: bool) -> None:
    x = counting(3, 2).requires_grad_(recorded)
    with pytest.raises(error, match=f"^{message}"):
        _ = x[index]
    y = x * 1
    with pytest.raises(error, match=f"^{message}"):
        y[index] = 0.0
    assert y._version == 0


def test_indexing_a_number() -> None:
    x = torch.tensor(2.0)
    with pytest.raises(IndexError, match=r"^invalid index of a 0-dim tensor\. Use `tensor\.item\(\)` in Python"):
        _ = x[0]
    with pytest.raises(IndexError, match=r"^slice\(\) cannot be applied to a 0-dim tensor\."):
        _ = x[:]
    assert x[None].shape == x[True].shape == (1,)
    assert x[False].shape == (0,)
    assert x[...]._base is x


# -- reading with tensors -----------------------------------------------------------------------------------------------


def test_what_was_indexed_may_be_changed_afterwards_but_not_the_index() -> None:
    w = torch.ones(3, requires_grad=True)
    x, i = w * 1, torch.tensor([0, 2])
    y = x[i]
    x.mul_(2)
    y.sum().backward()
    assert w.grad.tolist() == [1, 0, 1]
    z = (w * 1)[i]
    i[0] = 1
    with pytest.raises(RuntimeError, match="^one of the variables needed for gradient computation has been modified"):
        z.sum().backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64])
@pytest.mark.parametrize("width", [None, 1, 3, 100])
@pytest.mark.parametrize("count", [3, 50])
def test_gradients_of_repeated_indices_are_added_up(dtype: Any, width: int | None, count: int) -> None:
    """In the order of occurrence, in the dtype itself, whichever way the adding takes."""
    rng = np.random.default_rng(count)
    shape = (7,) if width is None else (7, width)
    rows = rng.integers(-7, 7, count)
    values = torch.from_numpy(rng.standard_normal((count, *shape[1:]))).to(dtype)
    x = torch.zeros(shape, dtype=dtype, requires_grad=True)
    x[torch.from_numpy(rows)].backward(values)
    expected = torch.zeros(shape, dtype=dtype)
    for row, value in zip(rows.tolist(), values):
        expected[row] += value
    assert torch.equal(x.grad, expected)


def test_add_rows() -> None:
    out = np.zeros((3, 2), np.int64)
    add_rows(out, np.array([2, 0, 2, 2]), np.arange(8).reshape(4, 2))
    assert out.tolist() == [[2, 3], [0, 0], [0 + 4 + 6, 1 + 5 + 7]]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_gradients_of_indices_at_any_place(place: int) -> None:
    x = counting(3, 4, 5).requires_grad_()
    key = [slice(None)] * 3
    key[place] = torch.tensor([[2, 0], [2, -1]])
    out = x[tuple(key)]
    weights = torch.arange(float(out.numel())).reshape(out.shape)
    (out * weights).sum().backward()
    expected = np.zeros((3, 4, 5))
    plain = tuple(k.numpy() if isinstance(k, torch.Tensor) else k for k in key)
    np.add.at(expected, plain, weights.numpy())
    np.testing.assert_array_equal(x.grad.numpy(), expected)


# -- writing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "value", "stored"),
    [
        (torch.int64, 1.7, 1), (torch.uint8, -1, 255), (torch.bool, 0.5, True), (torch.float16, 1e6, float("inf")),
        (torch.bfloat16, 1e39, float("inf")), (torch.float32, True, 1), (torch.complex64, 1 + 2j, 1 + 2j),
        (torch.float32, np.int64(3), 3), (torch.float32, np.float64(3), 3),
    ],
)  # fmt: skip
def test_numbers_of_another_kind(dtype: Any, value: Any, stored: Any) -> None:
    x = torch.zeros(2, dtype=dtype)
    x[0] = value
    assert x[0].item() == stored


@pytest.mark.parametrize(
    ("dtype", "value", "error", "message"),
    [
        (torch.uint8, 300, RuntimeError, "value cannot be converted to type uint8_t without overflow"),
        (torch.float32, 1e40, RuntimeError, "value cannot be converted to type float without overflow"),
        (torch.float32, 5j, RuntimeError, "value cannot be converted to type float without overflow"),
        (torch.int64, float("nan"), RuntimeError, "value cannot be converted to type int64_t without overflow"),
        (torch.int64, 2**63, ValueError, "Overflow when unpacking long long"),
        (torch.float32, [5], TypeError, "can't assign a list to a torch.FloatTensor"),
        (torch.float32, "a", TypeError, "can't assign a str to a torch.FloatTensor"),
        (torch.float32, np.float32(3), TypeError, "can't assign a numpy.float32 to a torch.FloatTensor"),
        (torch.float32, np.zeros(2), TypeError, "can't assign a numpy.ndarray to a torch.FloatTensor"),
    ],
)
def test_what_cannot_be_written(dtype: Any, value: Any, error: type[Exception], message: str) -> None:
    x = torch.zeros(2, dtype=dtype)
    for index in (0, slice(None), torch.tensor([0])):
        with pytest.raises(error, match=f"^{message}"):
            x[index] = value
    assert x._version == 0


def test_writes_count() -> None:
    x = counting(3, 2)
    v = x[0]
    for index, value in (
        (0, 1.0),
        ((0, 1), 2.0),
        (slice(1), torch.ones(2)),
        (torch.tensor([1]), 3.0),
        (x > 2, torch.tensor([0.0])),
    ):
        before = v._version
        x[index] = value
        assert v._version == x._version == before + 1
    assert v.tolist() == [1, 1]


def test_complex_into_real_warns() -> None:
    x = torch.zeros(2)
    with pytest.warns(UserWarning, match="^Casting complex values to real discards the imaginary part"):
        x[0] = torch.tensor(1 + 2j)
    assert x.tolist() == [1, 0]


def test_the_last_value_for_a_place_stays() -> None:
    x = torch.zeros(3)
    x[torch.tensor([1, 1, 1])] = torch.tensor([1.0, 2.0, 3.0])
    assert x.tolist() == [0, 3, 0]
    x.index_put_((torch.tensor([1, 1]),), torch.tensor([1.0, 2.0]), accumulate=True)
    assert x.tolist() == [0, 6, 0]


def test_one_value_for_a_mask_is_converted() -> None:
    x = torch.zeros(3, dtype=torch.float64)
    x[torch.tensor([True, False, True])] = torch.tensor(2)
    assert x.tolist() == [2, 0, 2]
    with pytest.raises(
        RuntimeError, match="^Index put requires the source and destination dtypes match, got Double for"
    ):
        x[torch.tensor([True, False, True])] = torch.tensor([2, 3])


def test_a_write_into_an_expanded_tensor_by_index_warns() -> None:
    x = torch.zeros(1, 2)
    with pytest.warns(UserWarning, match="^Use of index_put_ on expanded tensors is deprecated"):
        x.expand(3, 2)[torch.tensor([1])] = 4.0
    assert x.tolist() == [[4, 4]]


# -- gather, scatter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_gather_and_scatter_undo_each_other(dim: int) -> None:
    x = torch.randn(4, 5)
    order = torch.argsort(torch.rand(4, 5), dim)
    there = x.gather(dim, order)
    assert torch.equal(torch.zeros(4, 5).scatter(dim, order, there), x)
    assert torch.equal(torch.zeros(4, 5).scatter_add(dim, order, there), x)
    assert torch.equal(x.take_along_dim(order, dim), there)


def test_scatter_with_the_deprecated_reduction() -> None:
    x, i = torch.ones(3, requires_grad=True), torch.tensor([0, 0, 2])
    with pytest.warns(UserWarning, match=r"^The reduce argument of torch\.scatter with Tensor src is deprecated"):
        y = x.scatter(0, i, torch.full((3,), 2.0), reduce="multiply")
    assert y.tolist() == [4, 1, 2]
    assert x.scatter(0, i, 2.0, reduce="add").tolist() == [5, 1, 3]
    with pytest.raises(RuntimeError, match="^derivative for aten::scatter is not implemented"):
        y.sum().backward()


@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
@pytest.mark.parametrize("include_self", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.int64])
def test_scatter_reduce_is_what_it_says(reduce: str, include_self: bool, dtype: Any) -> None:
    rng = np.random.default_rng(1)
    x, src = (torch.from_numpy(rng.integers(-9, 9, n)).to(dtype) for n in (5, 12))
    places = rng.integers(0, 4, 12)
    result = x.scatter_reduce(0, torch.from_numpy(places), src, reduce, include_self=include_self)
    combine = {"sum": sum, "mean": sum, "prod": np.prod, "amax": max, "amin": min}[reduce]
    for place in range(5):
        values = src.numpy()[places == place].tolist()
        if values and not include_self:
            pass
        else:
            values.append(x[place].item())
        expected = combine(values)
        if reduce == "mean":
            expected = expected / len(values) if dtype == torch.float64 else expected // len(values)
        assert result[place].item() == pytest.approx(expected)


def test_sparse_gradients_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="sparse_grad"):
        torch.gather(counting(2), 0, torch.tensor([0]), sparse_grad=True)


def test_an_index_that_is_no_tensor() -> None:
    x = counting(2)
    for call in (x.index_select, x.gather, x.index_fill, x.index_add):
        with pytest.raises(TypeError, match=r"must be Tensor, not int"):
            call(0, 5, *[x] * (call.__name__ in ("index_fill", "index_add")))
    for call in (x.take, x.masked_select):
        with pytest.raises(TypeError, match=r"must be Tensor, not int"):
            call(5)


# -- masks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype", [torch.bool, torch.uint8, torch.float16, torch.bfloat16, torch.float64, torch.complex128]
)
def test_nonzero_of_any_dtype(dtype: Any) -> None:
    x = torch.tensor([[1, 0, 2], [0, 3, 0]]).to(dtype)
    assert x.nonzero().tolist() == torch.argwhere(x).tolist() == [[0, 0], [0, 2], [1, 1]]
    assert [i.tolist() for i in torch.nonzero(x, as_tuple=True)] == [[0, 0, 1], [0, 2, 1]]


def test_masked_scatter_in_place_keeps_the_shape() -> None:
    x = torch.zeros(3)
    with pytest.raises(RuntimeError, match=r"doesn't match the broadcast shape \[2, 3\]"):
        x.masked_scatter_(torch.ones(2, 3).bool(), torch.ones(6))
    assert x.masked_scatter_(torch.tensor([True, False, True]), torch.tensor([4.0, 5.0])).tolist() == [4, 0, 5]
