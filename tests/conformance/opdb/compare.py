"""Whether two results are the same: structure, shapes, dtypes, values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


class Different(AssertionError):
    """What a check found; its text is one line."""


# Relative and absolute. What is exact in PyTorch is not here.
TOLERANCE = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-9, 1e-9),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-9, 1e-9),
}


# Of derivatives in double precision, which amplify what their inputs lost; a wrong rule is off by more.
DERIVATIVES = {"float64": (1e-6, 1e-6), "complex128": (1e-6, 1e-6)}

# What a sum of terms loses is in proportion to the terms and not to the sum: so many units in the last place of the
# largest number of a result are allowed on top, where entries are no elementwise functions.
UNITS = 2


def is_tensor(value: Any) -> bool:
    return hasattr(value, "requires_grad_") and hasattr(value, "dtype")


def dtype_name(value: Any) -> str:
    return str(value.dtype).removeprefix("torch.")


def array(t: Any) -> np.ndarray:
    t = t.detach()
    t = t.float() if dtype_name(t) == "bfloat16" else t
    return t.numpy(force=True) if isinstance(t, torch.Tensor) else t.numpy()


def assert_same(
    ours: Any,
    theirs: Any,
    what: str = "result",
    *,
    values: bool = True,
    elementwise: bool = False,
    tolerance: Callable[[str], tuple[float, float] | None] = lambda dtype: None,
    precise: Any = None,
) -> None:
    """Raise `Different` unless ``ours`` is to a user what ``theirs`` is.

    ``tolerance``, relative and absolute, is by dtype, and the usual one where it is None. What a number may agree with
    besides is ``precise``, which has the structure of ``theirs``.
    """
    again = {"values": values, "elementwise": elementwise, "tolerance": tolerance}
    if is_tensor(theirs):
        if not is_tensor(ours):
            raise Different(f"{what}: {type(ours).__name__} for a tensor")
        _assert_same_tensor(ours, theirs, what)
        if values:
            dtype = dtype_name(theirs)
            allowed = _allowed(theirs, tolerance(dtype) or TOLERANCE.get(dtype), elementwise)
            precise = None if precise is None else array(precise.to(theirs.dtype))
            _assert_close(array(ours), array(theirs), what, allowed, precise)
    elif isinstance(theirs, (list, tuple)):
        if not isinstance(ours, (list, tuple)):
            raise Different(f"{what}: {type(ours).__name__} for {type(theirs).__name__}")
        if len(ours) != len(theirs):
            raise Different(f"{what}: {len(ours)} items for {len(theirs)}")
        for i, (a, b) in enumerate(zip(ours, theirs)):
            assert_same(a, b, f"{what}[{i}]", **again, precise=None if precise is None else precise[i])
    elif isinstance(theirs, dict):
        if not isinstance(ours, dict) or ours.keys() != theirs.keys():
            raise Different(f"{what}: {ours!r} for a dict of {list(theirs)}")
        for k in theirs:
            assert_same(ours[k], theirs[k], f"{what}[{k!r}]", **again)
    elif isinstance(theirs, (float, complex)):
        if type(ours) is not type(theirs):
            raise Different(f"{what}: {ours!r} for {theirs!r}")
        _assert_close(np.asarray(ours), np.asarray(theirs), what, TOLERANCE["float64"])
    elif isinstance(theirs, (torch.dtype, torch.device, torch.layout, torch.memory_format)):
        if str(ours) != str(theirs):
            raise Different(f"{what}: {ours} for {theirs}")
    elif theirs is None or isinstance(theirs, (bool, int, str)):
        if type(ours) is not type(theirs) or ours != theirs:
            raise Different(f"{what}: {ours!r} for {theirs!r}")


def _assert_same_tensor(ours: Any, theirs: Any, what: str) -> None:
    if tuple(ours.shape) != tuple(theirs.shape):
        raise Different(f"{what}: shape {tuple(ours.shape)} for {tuple(theirs.shape)}")
    if dtype_name(ours) != dtype_name(theirs):
        raise Different(f"{what}: dtype {dtype_name(ours)} for {dtype_name(theirs)}")
    if ours.requires_grad != theirs.requires_grad:
        raise Different(f"{what}: requires_grad is {ours.requires_grad} for {theirs.requires_grad}")


def _allowed(
    theirs: torch.Tensor, tolerance: tuple[float, float] | None, elementwise: bool
) -> tuple[float, float] | None:
    if tolerance is None or elementwise:
        return tolerance
    values = array(theirs)
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0))
    return tolerance[0], tolerance[1] + UNITS * torch.finfo(theirs.dtype).eps * largest


def _assert_close(
    ours: np.ndarray,
    theirs: np.ndarray,
    what: str,
    tolerance: tuple[float, float] | None,
    precise: np.ndarray | None = None,
) -> None:
    with np.errstate(all="ignore"):
        same = _close(ours, theirs, tolerance)
        if precise is not None and precise.shape == ours.shape:
            same = same | _close(ours, precise, tolerance)
        if np.all(same):
            return
        where = np.unravel_index(np.argmin(same), same.shape) if same.ndim else ()
        at = f" at {tuple(int(i) for i in where)}" if where else ""
        wrong = same.size - int(np.count_nonzero(same))
        difference = _worst(ours, theirs, same)
        raise Different(f"{what}{at}: {ours[where]} for {theirs[where]} ({wrong} of {same.size} differ{difference})")


def _close(a: np.ndarray, b: np.ndarray, tolerance: tuple[float, float] | None) -> np.ndarray:
    """nan equals nan; inf equals itself."""
    same = a == b
    if tolerance is None:
        return same
    if a.dtype.itemsize == 2:
        a, b = a.astype(np.float64), b.astype(np.float64)
    rtol, atol = tolerance
    # Of two sides that are not finite the difference is not a number, and the bound may be inf.
    finite = np.isfinite(a) & np.isfinite(b)
    return same | (np.isnan(a) & np.isnan(b)) | (finite & (np.abs(a - b) <= atol + rtol * np.abs(b)))


def _worst(ours: np.ndarray, theirs: np.ndarray, same: np.ndarray) -> str:
    if ours.dtype.kind not in "fc":
        return ""
    distance = np.abs(ours - theirs)[~same]
    worst = float(np.max(distance, initial=0.0))
    return f", by up to {worst:.1e}" if math.isfinite(worst) else ""


def assert_same_derivatives(ours: list[Any], theirs: list[Any], what: str) -> None:
    """As `assert_same`, of values alone; None is a derivative of zero."""
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        a, b = (None if x is None else x.detach() for x in (a, b))
        if a is None and b is None:
            continue
        if a is None or b is None:
            there = b if a is None else a
            if np.any(array(there) != 0):
                raise Different(
                    f"{what}[{i}]: {'None' if a is None else 'a tensor'} for {'None' if b is None else 'a tensor'}"
                )
            continue
        assert_same(a, b, f"{what}[{i}]", tolerance=DERIVATIVES.get)
