"""Tensors from Python numbers that do not fit. That all others become what they are in PyTorch is tested there."""

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
