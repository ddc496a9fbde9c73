"""So many numbers at equal distances, and powers of such. (By their distance: `creation.arange`.)"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import dtype as dtype_type
from .._core.fused import fused_multiply_add
from .._core.operands import cpp_name, fitted, rounded
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .creation import delivered, in_shape_of


def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """``steps`` numbers evenly spaced from ``start`` to ``end``, both included.

    >>> import rushlight as torch
    >>> torch.linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    start, end, d = _ends("linspace", start, end, steps, dtype, out)
    array = spaced(start, end, steps, d)
    return delivered(in_shape_of(array, out), dtype, out, requires_grad, device, layout, pin_memory, "linspace")


def _ends(
    name: str, start: Any, end: Any, steps: Any, dtype: dtype_type | None, out: Any
) -> tuple[Any, Any, dtype_type]:
    """The ends of what `linspace` and `logspace` make, and its dtype, checked."""
    for which, value in (("start", start), ("end", end)):
        if isinstance(value, Tensor) and value._data.ndim:
            raise RuntimeError(
                f"{name} only supports 0-dimensional start and end tensors, but got {which} with {value._data.ndim} "
                "dimension(s)."
            )
    if isinstance(steps, bool) or not hasattr(steps, "__index__"):
        kinds = ", ".join(type(v).__name__ for v in (start, end, steps))
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({kinds}), but expected one of:\n"
            " * (Number or Tensor start, Number or Tensor end, int steps)"
        )
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    start, end = (v.item() if isinstance(v, (Tensor, np.generic)) else v for v in (start, end))
    d = dtype or (None if out is None else out.dtype)
    if isinstance(start, complex) or isinstance(end, complex):
        inferred = dtypes.default_complex()
        if d is not None and d.category < dtypes.COMPLEX:
            raise RuntimeError(
                f"torch.{name}(): inferred dtype {cpp_name(inferred)} can't be safely cast to passed dtype "
                f"{dtypes.scalar_type_name(d)}"
            )
        d = d or inferred
    d = d or dtypes.get_default_dtype()
    if d.category == dtypes.BOOL:
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for 'Bool'")
    if d.category == dtypes.INTEGER:  # counted from what is left of the ends in integers
        start, end = fitted(start, d), fitted(end, d)
    return start, end, d


def spaced(start: Any, end: Any, steps: int, d: dtype_type, *, fused: bool = True) -> np.ndarray:
    """PyTorch's formula: counted from the nearer end, in the dtype itself. fused: multiplied and added with one rounding."""
    if steps == 0:
        return np.empty(0, d.np)
    if steps == 1:
        return np.array([start]).astype(d.np)
    narrow = d.category == dtypes.FLOAT and d.itemsize == 2
    work = np.dtype(np.float64) if d.category < dtypes.FLOAT else np.dtype(np.float32) if narrow else d.np
    # Each operation is done in the dtype, of 16 bits too.
    cut = (lambda x: np.asarray(x).astype(d.np).astype(work)) if narrow else work.type
    a, b = cut(start), cut(end)
    step: Any = cut(cut(b - a) / cut(steps - 1))
    i = np.arange(steps)
    forth, back = i.astype(work), (steps - 1 - i).astype(work)
    if narrow:
        lower, upper = a + cut(step * forth), b - cut(step * back)
    elif work.kind == "c" or not fused:
        lower, upper = a + step * forth, b - step * back
    else:
        lower, upper = fused_multiply_add(forth, step, a), fused_multiply_add(back, -step, b)
    return np.where(i < steps // 2, lower, upper).astype(d.np)


def logspace(
    start: Any,
    end: Any,
    steps: int,
    base: float = 10.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """``base`` to the powers `torch.linspace(start, end, steps)`.

    >>> import rushlight as torch
    >>> torch.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    start, end, d = _ends("logspace", start, end, steps, dtype, out)
    if d.category == dtypes.FLOAT:
        start, end = rounded(start, d), rounded(end, d)
    exponents = spaced(start, end, steps, dtypes.float64 if d.category < dtypes.COMPLEX else d, fused=False)
    with np.errstate(all="ignore"):
        array = np.power(base, exponents).astype(d.np)
    return delivered(in_shape_of(array, out), dtype, out, requires_grad, device, layout, pin_memory, "logspace")


def range_(
    start: Any,
    end: Any,
    step: Any = 1,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """Numbers from ``start`` up to, and with, ``end``: the old form of `arange`, which warns.

    RuntimeError where steps from one bound never reach the other.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     torch.range(1, 2, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """
    warn_user(
        "torch.range is deprecated and will be removed in a future release because its behavior is inconsistent with "
        "Python's range builtin. Instead, use torch.arange, which produces values in [start, end)."
    )
    start, end, step = (v.item() if isinstance(v, (Tensor, np.generic)) else v for v in (start, end, step))
    d = dtype or (dtypes.get_default_dtype() if out is None else out.dtype)
    if d.category not in (dtypes.INTEGER, dtypes.FLOAT):
        raise NotImplementedError(f"\"range_cpu\" not implemented for '{dtypes.scalar_type_name(d)}'")
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if d is dtypes.int64:
        start, end, step = int(start), int(end), int(step)
    n = math.floor((end - start) / step) + 1
    if d.category == dtypes.INTEGER:
        start, step = int(start), int(step)
    numbers = (start + np.arange(n) * step).astype(d.np)
    return delivered(in_shape_of(numbers, out), dtype, out, requires_grad, device, layout, pin_memory, "range")


register(range_, "range", method=False, out=False)
for _function in (linspace, logspace):
    register(_function, method=False, out=False)
