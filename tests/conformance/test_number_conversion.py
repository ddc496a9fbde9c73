"""Which Python numbers fit into which dtype, and in what words the others are refused."""

import math
import warnings

import pytest
import torch

import rushlight

NUMBERS = [
    300, -1, -129, 255, 256, -255, -256, 40000, -40000, 10**10, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**400,
    3.7, -1.0, 70000.0, 1e20, 1e300, math.inf, math.nan, True, 1j, 1 + 1j,
]  # fmt: skip
DTYPES = [
    "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16", "bfloat16", "float32", "float64",
    "bool", "complex64", "complex128",
]  # fmt: skip
FORMS = {
    "tensor": lambda m, v, d: m.tensor(v, dtype=d),
    "list": lambda m, v, d: m.tensor([[1, v]], dtype=d),
    "full": lambda m, v, d: m.full((2,), v, dtype=d),
    "new_tensor": lambda m, v, d: m.zeros(2, dtype=d).new_tensor(v),
    "new_full": lambda m, v, d: m.zeros(2, dtype=d).new_full((1,), v),
    "scalar_tensor": lambda m, v, d: m.scalar_tensor(v, dtype=d),
    "fill_": lambda m, v, d: m.zeros(2, dtype=d).fill_(v),
}


def outcome(module, form, number, name):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = FORMS[form](module, number, getattr(module, name))
    except Exception as error:  # noqa: BLE001 - which one is the question
        return type(error).__name__, str(error).partition("\n")[0]
    return str(result.dtype), str(result.tolist())


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("form", FORMS)
def test_numbers(form, name):
    for number in NUMBERS:
        if (
            isinstance(number, complex)
            and name in ("float16", "bfloat16")
            and form not in ("tensor", "list", "new_tensor")
        ):
            continue  # PyTorch's words there tell of its own way by way of float64
        assert outcome(rushlight, form, number, name) == outcome(torch, form, number, name), number


@pytest.mark.parametrize("form", ["tensor", "list"])
def test_without_a_dtype(form):
    for number in NUMBERS:
        ours, theirs = [outcome(Untyped(module), form, number, "none") for module in (rushlight, torch)]
        assert ours == theirs, number


class Untyped:
    """A module with a dtype ``none`` that is None."""

    none = None

    def __init__(self, module):
        self.tensor = module.tensor
