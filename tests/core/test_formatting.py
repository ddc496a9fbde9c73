"""Text of tensors: PyTorch's own (golden/formatting.json), and what holds of every text."""

import contextlib
import json
import pathlib
from collections.abc import Iterator

import ml_dtypes
import numpy as np
import pytest

from rushlight._core import formatting

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "formatting.json").read_text())
PARTS = {"complex64": "float32", "complex128": "float64"}
DEFAULTS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}


@pytest.fixture(autouse=True)
def _default_options() -> Iterator[None]:
    assert formatting.get_printoptions() == DEFAULTS
    yield
    formatting.set_printoptions(profile="default")


def array_of(case: dict) -> np.ndarray:
    """The array of a golden case: its values, repeated until they fill its shape."""
    dtype = case["dtype"]
    if dtype in PARTS:
        values = np.array(case["values"], PARTS[dtype]).reshape(-1, 2).view(dtype)[:, 0]
    else:
        values = np.array(case["values"], ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    return np.resize(values, case["shape"])


def arguments_of(case: dict) -> dict:
    return {key: case[key] for key in case if key not in ("dtype", "values", "shape", "options", "text")}


def name_of(case: dict) -> str:
    return f"{case['dtype']}-{'x'.join(map(str, case['shape']))}"


@pytest.mark.parametrize("case", GOLDEN["reprs"], ids=name_of)
def test_text_is_pytorchs(case: dict) -> None:
    with formatting.printoptions(**case.get("options", {})):
        assert formatting.tensor_repr(array_of(case), **arguments_of(case)) == case["text"]


@pytest.mark.parametrize("case", GOLDEN["reprs"][::7], ids=name_of)
def test_text_does_not_depend_on_how_the_array_lies_in_memory(case: dict) -> None:
    array = array_of(case)
    every_second = (..., *[slice(None, None, -2)] * array.ndim)
    spread = np.zeros([2 * size for size in array.shape], array.dtype)[every_second]
    spread[...] = array
    with formatting.printoptions(**case.get("options", {})):
        for same in (spread, np.array(array, order="F")):
            assert formatting.tensor_repr(same, **arguments_of(case)) == case["text"]


@pytest.mark.parametrize("case", GOLDEN["reprs"][::11], ids=name_of)
def test_indent_lays_the_text_out_for_the_column_it_is_placed_at(case: dict) -> None:
    arguments = {"head": "tensor(", **arguments_of(case), "is_parameter": False}
    moved = {**arguments, "head": "." * 9 + arguments["head"]}
    with formatting.printoptions(**case.get("options", {})):
        expected = formatting.tensor_repr(array_of(case), **moved)[9:]
        assert formatting.tensor_repr(array_of(case), **arguments, indent=9) == expected


def test_indent_holds_for_both_lines_of_a_parameter() -> None:
    text = formatting.tensor_repr(np.ones((2, 1), np.float32), is_parameter=True, indent=2)
    assert text == "Parameter containing:\n  tensor([[1.],\n          [1.]])"


@pytest.mark.parametrize("dtype", ["bool", "uint64", "bfloat16", "float64", "complex64"])
def test_a_summary_looks_at_nothing_it_does_not_show(dtype: str) -> None:
    # 10^18 elements, of which there is one in memory: any pass over them all would not end.
    one = np.ones((), ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    small, large = np.broadcast_to(one, (20,) * 3), np.broadcast_to(one, (10**6,) * 3)
    assert formatting.tensor_repr(large) == formatting.tensor_repr(small)


def test_as_many_dimensions_as_numpy_has() -> None:
    # One more than NumPy takes index arrays, and too deep for more than one element on a line.
    array = np.arange(2000).reshape((1,) * 63 + (2000,))
    lines = (",\n" + " " * 71).join(["   0", "   1", "   2", " ...", "1997", "1998", "1999"])
    assert formatting.tensor_repr(array) == f"tensor({'[' * 64}{lines}{']' * 64})"


LONG = [name for name in ("longdouble", "clongdouble") if np.finfo(name).bits > 64]  # elsewhere it is float64


@pytest.mark.parametrize("dtype", ["U3", "V4", "datetime64[s]", "object", ml_dtypes.float8_e4m3fn, *LONG])
def test_elements_no_tensor_has_are_refused(dtype: str) -> None:
    with pytest.raises(NotImplementedError, match="printing elements of dtype"):
        formatting.tensor_repr(np.zeros(2, dtype))


@pytest.mark.parametrize("case", GOLDEN["formats"], ids=lambda case: f"{case['dtype']}-{case['spec']}")
def test_format_of_one_element_is_pytorchs(case: dict) -> None:
    assert formatting.scalar_format(array_of({**case, "shape": []}), case["spec"]) == case["text"]


def test_format_of_several_elements() -> None:
    array = np.array([1.0, 2.0], np.float32)
    text = formatting.scalar_format(array, "", requires_grad=True)
    assert text == "tensor([1., 2.], requires_grad=True)"
    with pytest.raises(TypeError) as raised:
        formatting.scalar_format(array, ".2f")
    assert str(raised.value).startswith("unsupported format string passed to Tensor.__format__\n")
    assert "'.2f'" in str(raised.value)


def test_format_refuses_what_the_number_refuses() -> None:
    with pytest.raises(ValueError, match="Unknown format code 'd'"):
        formatting.scalar_format(np.array(1.5), "d")


def test_options_are_set_one_by_one_and_by_profile() -> None:
    formatting.set_printoptions(precision=2, sci_mode=True)
    assert formatting.get_printoptions() == {**DEFAULTS, "precision": 2, "sci_mode": True}
    formatting.set_printoptions(linewidth=100)  # and sci_mode is automatic again
    assert formatting.get_printoptions() == {**DEFAULTS, "precision": 2, "linewidth": 100}
    formatting.set_printoptions(profile="short", edgeitems=1)
    assert formatting.get_printoptions() == {**DEFAULTS, "precision": 2, "edgeitems": 1}
    formatting.set_printoptions(profile="full")
    assert formatting.get_printoptions() == {**DEFAULTS, "threshold": float("inf")}
    formatting.set_printoptions(profile="no such profile")
    assert formatting.get_printoptions() == {**DEFAULTS, "threshold": float("inf")}


def test_options_of_a_block_end_with_it() -> None:
    formatting.set_printoptions(sci_mode=False)
    before = formatting.get_printoptions()
    with contextlib.suppress(ZeroDivisionError), formatting.printoptions(precision=1):
        assert formatting.get_printoptions() == {**DEFAULTS, "precision": 1}
        raise ZeroDivisionError
    assert formatting.get_printoptions() == before
    with pytest.raises(TypeError, match="unexpected keyword argument 'digits'"):
        formatting.printoptions(digits=1).__enter__()
    assert formatting.get_printoptions() == before


def test_changing_what_get_printoptions_gave_changes_nothing() -> None:
    formatting.get_printoptions()["precision"] = 9
    assert formatting.get_printoptions() == DEFAULTS


def test_negative_edgeitems_are_refused() -> None:
    with pytest.raises(ValueError, match="edgeitems must not be negative, got -1"):
        formatting.set_printoptions(edgeitems=-1)
