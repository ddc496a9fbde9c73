"""`assert_close` accepts rounding, refuses the rest, and says how the values differ in PyTorch's words."""

import re

import numpy as np
import pytest

import rushlight as torch
from rushlight.testing import assert_allclose, assert_close, make_tensor

t = torch.tensor
NAN = float("nan")


@pytest.mark.parametrize(
    ("actual", "expected", "options"),
    [
        (t([1.0, 2.0]), t([1.0, 2.000001]), {}),
        (t([NAN]), t([NAN]), {"equal_nan": True}),
        (t([1.0]), t([1.1]), {"rtol": 0.2, "atol": 0.0}),
        (t([float("inf")]), t([float("inf")]), {}),
        ([t(1.0), {"a": 2}], [t(1.0), {"a": 2}], {}),
        (None, None, {}),
        (t([1.0]), t([1.0], dtype=torch.float64), {"check_dtype": False}),
        (np.ones(2), np.ones(2), {}),
        (t([]), t([]), {}),
    ],
)
def test_close_values_pass(actual, expected, options):
    assert assert_close(actual, expected, **options) is None


# The messages are PyTorch's for the same calls.
@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (
            t([1.0, 2.0, 3.0]),
            t([1.0, 3.0, 3.0]),
            "Tensor-likes are not close!\n\nMismatched elements: 1 / 3 (33.3%)\n"
            "Greatest absolute difference: 1.0 at index (1,) (up to 1e-05 allowed)\n"
            "Greatest relative difference: 0.3333333432674408 at index (1,) (up to 1.3e-06 allowed)",
        ),
        (
            t([1.0]),
            t([1.0], dtype=torch.float64),
            "The values for attribute 'dtype' do not match: torch.float32 != torch.float64.",
        ),
        (t([1.0, 2.0]), t([1.0]), "The values for attribute 'shape' do not match: torch.Size([2]) != torch.Size([1])."),
        (
            [t(1.0), t(2.0)],
            [t(1.0), t(3.0)],
            "Scalars are not close!\n\nExpected 3.0 but got 2.0.\nAbsolute difference: 1.0 (up to 1e-05 allowed)\n"
            "Relative difference: 0.3333333333333333 (up to 1.3e-06 allowed)\n\nThe failure occurred for item [1]",
        ),
        (
            {"a": 1.0},
            {"b": 1.0},
            "The keys of the mappings do not match:\nMissing keys in the actual mapping: ['b']\n"
            "Additional keys in the actual mapping: ['a']",
        ),
        (
            t([1, 2]),
            t([1, 3]),
            "Tensor-likes are not equal!\n\nMismatched elements: 1 / 2 (50.0%)\n"
            "Greatest absolute difference: 1 at index (1,)\n"
            "Greatest relative difference: 0.3333333432674408 at index (1,)",
        ),
        (t([NAN]), t([NAN]), "Tensor-likes are not close!\n\nMismatched elements: 1 / 1 (100.0%)"),
        ([1, 2], [1], "The length of the sequences mismatch: 2 != 1"),
        (1, 1.0, "The (d)types do not match: <class 'int'> != <class 'float'>."),
    ],
)
def test_a_difference_is_described(actual, expected, message):
    with pytest.raises(AssertionError, match="^" + re.escape(message)):
        assert_close(actual, expected)


def test_a_message_of_ones_own():
    with pytest.raises(AssertionError, match=r"^mine$"):
        assert_close(1.0, 2.0, msg="mine")
    with pytest.raises(AssertionError, match=r"^mine: Scalars are not close!"):
        assert_close(1.0, 2.0, msg=lambda text: f"mine: {text}")


def test_one_tolerance_alone_is_refused():
    with pytest.raises(ValueError, match="Both 'rtol' and 'atol' must be either specified or omitted, but got no atol"):
        assert_close(1.0, 1.0, rtol=0.1)


def test_incomparable_types_are_refused():
    with pytest.raises(TypeError, match="No comparison pair was able to handle inputs of type"):
        assert_close(t([1.0]), [1.0])


def test_make_tensor():
    x = make_tensor(2, 3, dtype=torch.float64, low=1, high=2, requires_grad=True, noncontiguous=True)

    assert x.shape == (2, 3)
    assert x.requires_grad
    assert not x.is_contiguous()
    assert ((x._data >= 1) & (x._data < 2)).all()
    assert set(make_tensor((50,), dtype=torch.uint8).tolist()) <= set(range(9))


def test_assert_allclose_is_the_wider_and_deprecated_form():
    with pytest.warns(
        FutureWarning, match=r"^`torch\.testing\.assert_allclose\(\)` is deprecated since 1\.12 and will be"
    ):
        assert_allclose(t([1.0, NAN]), [1.00009, NAN])
    with pytest.warns(FutureWarning):
        assert_allclose(t([1.0]), t([1.0], dtype=torch.float64))
    with pytest.warns(FutureWarning), pytest.raises(AssertionError, match="^Tensor-likes are not close!\n\nMismatched"):
        assert_allclose(t([1.0]), t([1.0003]))
    with pytest.warns(FutureWarning), pytest.raises(AssertionError, match="^so it is$"):
        assert_allclose(t([1, 2]), t([1, 3]), msg="so it is")
    with (
        pytest.warns(FutureWarning),
        pytest.raises(ValueError, match="^Both 'rtol' and 'atol' must be either specified"),
    ):
        assert_allclose(t([1]), t([1]), rtol=0.1)
