"""Tensors from Python numbers that do not fit. That all others become what they are in PyTorch is tested there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rushlight as torch

OVERFLOW = "value cannot be converted to type {} without overflow"
UNPACKING = "Overflow when unpacking long long"


@pytest.mark.parametrize(
    ("value", "dtype", "kind", "words"),
    [
        (300, "uint8", RuntimeError, OVERFLOW.format("uint8")),
        (-256, "uint8", RuntimeError, OVERFLOW.format("uint8")),
        (-1.0, "uint8", RuntimeError, OVERFLOW.format("uint8")),
        (255.5, "uint8", RuntimeError, OVERFLOW.format("uint8")),
        (float("nan"), "int32", RuntimeError, OVERFLOW.format("int32")),
        (1e20, "int64", RuntimeError, OVERFLOW.format("int64")),
        (2**63, "int64", ValueError, UNPACKING),
        (2**63, "int8", ValueError, UNPACKING),
        (-1, "uint64", OverflowError, "can't convert negative int to unsigned"),
        (2**64, "uint64", OverflowError, "int too big to convert"),
        (1.0, "uint64", TypeError, "an integer is required"),
        (1j, "int64", TypeError, "'complex' object cannot be interpreted as an integer"),
        (np.float32(1), "int64", TypeError, "'numpy.float32' object cannot be interpreted as an integer"),
        (1j, "float32", TypeError, "must be real number, not complex"),
        (10**400, "float32", OverflowError, "int too large to convert to float"),
    ],
)
def test_refused_elements(value, dtype, kind, words):
    with pytest.raises(kind) as caught:
        torch.tensor([0, value], dtype=getattr(torch, dtype))
    assert str(caught.value).partition("\n")[0] == words


def test_refused_without_a_dtype():
    with pytest.raises(ValueError, match=f"^{UNPACKING}"):
        torch.tensor(2**63)


def test_the_range_is_told():
    with pytest.raises(RuntimeError, match=r"\nIt is 128; int8 goes from -128 to 127\."):
        torch.tensor(128, dtype=torch.int8)


def test_negative_integers_wrap_around_in_unsigned_types():
    assert torch.tensor([-1, -255], dtype=torch.uint8).tolist() == [255, 1]
    assert torch.tensor(-40000, dtype=torch.uint16).item() == 25536


def test_what_fits():
    assert torch.tensor([3.7, -0.5], dtype=torch.int8).tolist() == [3, 0]
    assert torch.tensor([1j, 0], dtype=torch.bool).tolist() == [True, False]
    assert torch.tensor(2**63, dtype=torch.bfloat16).item() == 2.0**63
    assert torch.tensor([np.int64(5), 6], dtype=torch.int32).tolist() == [5, 6]


@pytest.mark.parametrize(
    "make", [lambda v, d: torch.full((2,), v, dtype=d), lambda v, d: torch.scalar_tensor(v, dtype=d)]
)
def test_refused_fillings(make):
    with pytest.raises(RuntimeError, match=r"^value cannot be converted to type uint8_t without overflow"):
        make(-1.0, torch.uint8)
    with pytest.raises(OverflowError, match="int too big to convert"):
        make(2**64, torch.float32)
    with pytest.raises(TypeError, match="must be Number, not str"):
        make("1", None)


def test_half_precision_is_filled_with_infinity_by_new_full_alone():
    assert torch.zeros(1, dtype=torch.float16).new_full((1,), 70000.0).item() == float("inf")
    with pytest.raises(RuntimeError, match=r"c10::Half"):
        torch.full((1,), 70000.0, dtype=torch.float16)


# -- what stands for a dtype, a size, a number ------------------------------------------------------------------------

DTYPES = {bool: torch.bool, int: torch.int64, float: torch.float64, complex: torch.complex128}
OF_DTYPE: dict[str, Callable[[Any], Any]] = {
    "zeros": lambda d: torch.zeros(2, dtype=d),
    "tensor": lambda d: torch.tensor([1, 0], dtype=d),
    "like": lambda d: torch.ones_like(torch.ones(2), dtype=d),
    "new": lambda d: torch.ones(2).new_full((2,), 1, dtype=d),
    "to": lambda d: torch.ones(2).to(d),
    "to by name": lambda d: torch.ones(2).to(dtype=d),
    "sum": lambda d: torch.ones(2).sum(0, dtype=d),
    "cumsum": lambda d: torch.cumsum(torch.ones(2), 0, dtype=d),
    "empty": lambda d: torch.empty(1, dtype=d),
}


@pytest.mark.parametrize("make", OF_DTYPE.values(), ids=OF_DTYPE)
def test_types_of_python_stand_for_dtypes(make: Callable[[Any], Any]) -> None:
    assert {d: make(d).dtype for d in DTYPES} == DTYPES
    with pytest.raises(TypeError, match=r"\(\): argument 'dtype' must be torch.dtype, not str\n"):
        make("float32") if make is not OF_DTYPE["to"] else torch.ones(2).to(dtype="float32")


def test_modules_take_types_of_python_too() -> None:
    assert torch.nn.Linear(1, 1, dtype=float).weight.dtype is torch.float64
    assert torch.nn.Linear(1, 1).to(float).weight.dtype is torch.float64


def test_a_size_may_be_named() -> None:
    assert torch.randn(size=(2, 3)).shape == torch.rand(size=[2, 3]).shape == (2, 3)
    assert torch.zeros(size=(2,)).tolist() == torch.ones(1).new_zeros(size=(2,)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: torch.zeros(2.0), TypeError, "zeros(): argument 'size' (position 1) must be tuple of ints, not float"),
        (lambda: torch.ones(True), TypeError, "ones(): argument 'size' (position 1) must be tuple of ints, not bool"),
        (
            lambda: torch.randn((2.0, 3)),
            TypeError,
            "randn(): argument 'size' (position 1) must be tuple of ints, but found element of type float at pos 0",
        ),
        (
            lambda: torch.empty(2, "a"),
            TypeError,
            "empty(): argument 'size' failed to unpack the object at pos 2 with error "
            '"type must be tuple of ints,but got str"',
        ),
        (lambda: torch.zeros(), TypeError, 'zeros() missing 1 required positional arguments: "size"'),
        (lambda: torch.full(2, 1.0), TypeError, "full(): argument 'size' (position 1) must be tuple of ints, not int"),
        (lambda: torch.zeros(2, -1), RuntimeError, "zeros: Dimension size must be non-negative."),
        (lambda: torch.ones(2, -1), RuntimeError, "Trying to create tensor with negative dimension -1: [2, -1]"),
        (lambda: torch.tensor("a"), TypeError, "new(): invalid data type 'str'"),
        (lambda: torch.tensor([1, "a"]), TypeError, "new(): invalid data type 'str'"),
        (lambda: torch.tensor(["a"]), ValueError, "too many dimensions 'str'"),
        (lambda: torch.tensor([[1], 2]), TypeError, "not a sequence"),
        (lambda: torch.tensor([1, [2]]), TypeError, "'list' object cannot be interpreted as an integer"),
        (lambda: torch.tensor([1.0, [2]]), TypeError, "must be real number, not list"),
        (
            lambda: torch.tensor([torch.ones(2), torch.ones(2)]),
            ValueError,
            "only one element tensors can be converted to Python scalars",
        ),
    ],
)
def test_what_makes_no_tensor(call: Callable[[], Any], kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).splitlines()[0] == text


def test_numbers_of_numpy_in_a_list_keep_their_dtype() -> None:
    numbers = [np.mean([1, 2]), np.std([1.0, 2.0])]
    assert torch.tensor(numbers).dtype is torch.float64
    assert torch.tensor([1.0, np.float64(1)]).dtype is torch.float64
    assert torch.tensor([[np.float32(1), 2], [3, 4.5]]).dtype is torch.float32
    assert torch.tensor([np.ones(2), np.ones(2)]).dtype is torch.float64
    assert torch.tensor([np.complex128(1)]).dtype is torch.complex128
    assert torch.tensor([1, np.array(1.0)]).dtype is torch.float64
    assert torch.tensor(numbers, dtype=torch.float32).dtype is torch.float32


def test_tensors_in_a_list_stand_for_numbers() -> None:
    assert torch.tensor([torch.ones(1), torch.tensor(2), torch.ones(1, 1)]).tolist() == [1, 2, 1]
    assert torch.tensor([[1, 2], torch.ones(2)]).tolist() == [[1, 2], [1, 1]]


# -- to Python, and elsewhere -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("convert", [float, int, complex])
def test_several_elements_are_no_number(convert: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="^only one element tensors can be converted to Python scalars"):
        convert(torch.ones(2))


def test_arrays_without_recording() -> None:
    p = torch.nn.Parameter(torch.ones(2))
    with torch.no_grad():
        assert p.numpy().tolist() == np.asarray(p).tolist() == [1, 1]
    with pytest.raises(RuntimeError, match=r"^Can't call numpy\(\) on Tensor that requires grad"):
        p.numpy()


GPU: dict[str, Callable[[], Any]] = {
    "cuda()": lambda: torch.ones(1).cuda(),
    "to": lambda: torch.ones(1).to("cuda:0"),
    "device=": lambda: torch.zeros(1, device="cuda"),
    "module": lambda: torch.nn.Linear(1, 1).to("cuda"),
    "synchronize": lambda: torch.cuda.synchronize(),
    "context": lambda: torch.device("cuda").__enter__(),
}


@pytest.mark.parametrize("call", GPU.values(), ids=GPU)
def test_there_is_no_gpu(call: Callable[[], Any]) -> None:
    with pytest.raises(AssertionError, match="^Torch not compiled with CUDA enabled\n.*Rushlight"):
        call()


def test_other_devices_are_not_implemented() -> None:
    with pytest.raises(NotImplementedError, match="Rushlight has no device 'meta'"):
        torch.zeros(1, device="meta")
    with torch.device("cpu") as cpu:
        assert torch.ones(1).device == cpu


def test_layout_and_items() -> None:
    x = torch.ones(2)
    assert x.layout is torch.strided
    with pytest.raises(TypeError, match="^Tensor does not support deleting items"):
        del x[0]


def test_diagonals_filled() -> None:
    assert torch.zeros(5, 2).fill_diagonal_(1, wrap=True).tolist() == [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]
    assert torch.zeros(5, 2).fill_diagonal_(1).sum() == 2
    assert torch.zeros(2, 2, 2).fill_diagonal_(5).flatten().tolist() == [5, 0, 0, 0, 0, 0, 0, 5]
    with pytest.raises(RuntimeError, match="^all dimensions of input must be of equal length"):
        torch.zeros(2, 3, 2).fill_diagonal_(1)
    with pytest.raises(RuntimeError, match="^dimensions must larger than 1"):
        torch.zeros(2).fill_diagonal_(1)


def test_falling_powers() -> None:
    x = torch.tensor([1, 2, 3], dtype=torch.int32)
    assert torch.vander(x, 2).tolist() == [[1, 1], [2, 1], [3, 1]]
    assert torch.vander(x, 3, increasing=True)[2].tolist() == [1, 3, 9]
    assert torch.vander(x, 0).shape == (3, 0)
    assert torch.vander(x).dtype is torch.int64


# -- the last bit of numbers at equal distances -----------------------------------------------------------------------


def test_distances_are_multiplied_and_added_with_one_rounding() -> None:
    """PyTorch's numbers: that near zero is seen in what is printed."""
    assert torch.linspace(-1, 1, 7)[3].item() == -2.9802322387695312e-08
    assert torch.linspace(-1, 1, 7, dtype=torch.float64)[3].item() == 5.551115123125783e-17
    assert torch.linspace(0, 10, 7, dtype=torch.int64).tolist() == [0, 1, 3, 5, 6, 8, 10]
    assert torch.nn.functional.affine_grid(torch.eye(2, 3)[None], (1, 1, 1, 7), False)[0, 0, 3, 0].item() == (
        -2.554484801464696e-08
    )


def test_steps_are_counted_from_the_first_number_of_a_vector() -> None:
    single = torch.arange(-1, 1, 0.1).tolist()
    assert [single[i].hex() for i in (1, 3, 10, 11, 19)] == [
        "-0x1.cccccc0000000p-1", "-0x1.6666660000000p-1", "-0x1.99999a0000000p-29", "0x1.9999980000000p-4",
        "0x1.cccccc0000000p-1",
    ]  # fmt: skip
    double = torch.arange(-1, 1, 0.1, dtype=torch.float64).tolist()
    assert [double[i].hex() for i in (6, 9, 10, 14, 19)] == [
        "-0x1.9999999999999p-2", "-0x1.9999999999996p-4", "0x1.0000000000000p-54", "0x1.999999999999bp-2",
        "0x1.ccccccccccccep-1",
    ]  # fmt: skip


# -- settings and questions -------------------------------------------------------------------------------------------


def test_questions_asked_of_the_module() -> None:
    assert torch.is_floating_point(torch.ones(1)) and not torch.is_floating_point(torch.tensor(1))
    assert torch.is_signed(torch.ones(1)) and not torch.tensor(1).byte().is_signed()
    assert torch.is_nonzero(torch.tensor([2.0])) and not torch.tensor(0).is_nonzero()
    with pytest.raises(RuntimeError, match="^Boolean value of Tensor with more than one value is ambiguous"):
        torch.is_nonzero(torch.ones(2))
    for function in (torch.is_floating_point, torch.is_signed, torch.is_complex):
        with pytest.raises(TypeError, match=r"\(\): argument 'input' \(position 1\) must be Tensor, not int"):
            function(1)


def test_precision_of_products_is_remembered() -> None:
    torch.set_float32_matmul_precision("high")
    assert torch.get_float32_matmul_precision() == "high"
    with pytest.warns(UserWarning, match="^low is not one of 'highest', 'high', or 'medium'"):
        torch.set_float32_matmul_precision("low")
    torch.set_float32_matmul_precision("highest")
    with pytest.raises(RuntimeError, match="^set_float32_matmul_precision expects a str, but got int"):
        torch.set_float32_matmul_precision(1)


def test_the_bound_of_whole_numbers_may_be_named() -> None:
    torch.manual_seed(0)
    expected = torch.randint(10, (4,)).tolist()
    for draw in (
        lambda: torch.randint(10, size=(4,)),
        lambda: torch.randint(high=10, size=(4,)),
        lambda: torch.randint(low=0, high=10, size=(4,)),
    ):
        torch.manual_seed(0)
        assert draw().tolist() == expected
    with pytest.raises(TypeError, match="^randint"):
        torch.randint(size=(4,))


@pytest.mark.filterwarnings("ignore:torch.set_default_tensor_type")
def test_default_by_a_type_of_tensors():
    before = torch.get_default_dtype()
    try:
        torch.set_default_tensor_type("torch.DoubleTensor")
        assert torch.ones(1).dtype is torch.float64
        torch.set_default_tensor_type(torch.HalfTensor)
        assert torch.ones(1).dtype is torch.float16
    finally:
        torch.set_default_dtype(before)
    for refused, words in [
        (torch.LongTensor, "only floating-point types are supported as the default type"),
        ("torch.cuda.FloatTensor", "type torch.cuda.FloatTensor not available. Torch not compiled with CUDA enabled."),
        (3, "invalid type object: only floating-point types are supported as the default type"),
    ]:
        with pytest.raises(TypeError) as caught:
            torch.set_default_tensor_type(refused)
        assert str(caught.value) == words
