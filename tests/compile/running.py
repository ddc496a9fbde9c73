"""What the tests of the compiler share: the plans there are, comparing, and looking inside."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

import rushlight as torch
from tests.ops.test_derivatives import cases

# NumPy's plan gives the very bits of the eager call; the code generator rounds in another order.
BACKENDS = ["eager", "inductor"] if find_spec("llvmlite") is not None else ["eager"]


def program_of(compiled: Any) -> list[Any]:
    """The programs of a compiled function."""
    return compiled.compiled.programs


def assert_close(found: Any, expected: Any, tolerance: float) -> None:
    """Trees of tensors and numbers agree, as far as ``tolerance`` relative to the largest element says."""
    assert type(found) is type(expected) or isinstance(expected, torch.Tensor)
    if isinstance(expected, torch.Tensor):
        assert found.dtype is expected.dtype
        assert found.shape == expected.shape
        assert found.requires_grad is expected.requires_grad
        a, b = found.detach(), expected.detach()
        if a.dtype is torch.bfloat16:
            a, b = a.float(), b.float()
        x, y = a.numpy(), b.numpy()
        if x.dtype.kind in "fc":
            finite = y[np.isfinite(y)]
            scale = max(1.0, float(np.abs(finite).max(initial=0)))
            np.testing.assert_allclose(x, y, rtol=tolerance, atol=tolerance * scale)
        else:
            np.testing.assert_array_equal(x, y)
    elif isinstance(expected, (list, tuple)):
        assert len(found) == len(expected)
        for a, b in zip(found, expected):
            assert_close(a, b, tolerance)
    elif isinstance(expected, dict):
        assert list(found) == list(expected)
        for key in expected:
            assert_close(found[key], expected[key], tolerance)
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    else:
        assert found == expected


def first_samples(n: int) -> list[Any]:
    """The first samples of each primitive: to generate code for all of them, twice differentiated, takes minutes."""
    return [parameter for parameter in cases() if parameter.values[0].number < n]
