"""`assert_close`: two values are the same but for rounding, or an AssertionError says how they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.autograd_methods import marked
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .._ops.creation import shape_of, tensor

# PyTorch's (rtol, atol) by dtype; for two dtypes the larger; integers and bools must be equal.
_TOLERANCES = {
    dtypes.float16: (1e-3, 1e-5), dtypes.bfloat16: (1.6e-2, 1e-5), dtypes.float32: (1.3e-6, 1e-5),
    dtypes.float64: (1e-7, 1e-7), dtypes.complex64: (1.3e-6, 1e-5), dtypes.complex128: (1e-7, 1e-7),
}  # fmt: skip
_NUMBER_TOLERANCES = {int: (0.0, 0.0), bool: (0.0, 0.0), float: (1e-7, 1e-7), complex: (1e-7, 1e-7)}


class _Comparison:
    """The options of one `assert_close`."""

    def __init__(self, options: dict[str, Any]):
        self.__dict__.update(options)

    allow_subclasses: bool
    rtol: float | None
    atol: float | None
    equal_nan: bool
    check_device: bool
    check_dtype: bool
    check_layout: bool
    check_stride: bool

    def compare(self, actual: Any, expected: Any, path: tuple[Any, ...]) -> None:
        both = (actual, expected)
        if all(isinstance(v, Sequence) and not isinstance(v, str) for v in both):
            if len(actual) != len(expected):
                self.fail(f"The length of the sequences mismatch: {len(actual)} != {len(expected)}", path)
            for i, (a, e) in enumerate(zip(actual, expected)):
                self.compare(a, e, (*path, i))
        elif all(isinstance(v, Mapping) for v in both):
            self.compare_mappings(actual, expected, path)
        elif actual is None and expected is None:
            return
        elif all(isinstance(v, (bool, int, float, complex)) for v in both):
            self.compare_numbers(actual, expected, path)
        elif all(isinstance(v, (Tensor, np.ndarray, np.generic)) for v in both) and self.related(actual, expected):
            a, e = (v if isinstance(v, Tensor) else wrap(np.asarray(v)) for v in both)
            self.compare_tensors(a, e, path)
        else:
            where = _suffix(path).strip()
            raise TypeError(
                f"No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}."
                + (f" {where}" if where else "")
            )

    def related(self, actual: Any, expected: Any) -> bool:
        if self.allow_subclasses:
            return isinstance(actual, type(expected)) or isinstance(expected, type(actual))
        return type(actual) is type(expected)

    def compare_mappings(self, actual: Any, expected: Any, path: tuple[Any, ...]) -> None:
        if set(actual) != set(expected):
            missing, extra = sorted(set(expected) - set(actual), key=str), sorted(set(actual) - set(expected), key=str)
            self.fail(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {missing}\nAdditional keys in the actual mapping: {extra}",
                path,
            )
        for key in sorted(expected, key=str):
            self.compare(actual[key], expected[key], (*path, key))

    def compare_numbers(self, actual: Any, expected: Any, path: tuple[Any, ...]) -> None:
        if self.check_dtype and type(actual) is not type(expected):
            self.fail(f"The (d)types do not match: {type(actual)} != {type(expected)}.", path)
        known = [_NUMBER_TOLERANCES.get(type(v), (1e-7, 1e-7)) for v in (actual, expected)]
        self.compare_scalars(actual, expected, *self.tolerances(known), path)

    def compare_scalars(self, actual: Any, expected: Any, rtol: float, atol: float, path: tuple[Any, ...]) -> None:
        if actual == expected or (self.equal_nan and actual != actual and expected != expected):
            return
        difference = abs(actual - expected)
        if math.isfinite(difference) and difference <= atol + rtol * abs(expected):
            return
        relative = math.inf if expected == 0 else difference / abs(expected)
        exact = rtol == atol == 0
        self.fail(
            f"Scalars are not {'equal' if exact else 'close'}!\n\n"
            f"Expected {expected} but got {actual}.\n"
            f"Absolute difference: {difference}{'' if exact else f' (up to {atol} allowed)'}\n"
            f"Relative difference: {relative}{'' if exact else f' (up to {rtol} allowed)'}",
            path,
        )

    def compare_tensors(self, actual: Tensor, expected: Tensor, path: tuple[Any, ...]) -> None:
        for name, wanted in (("shape", True), ("dtype", self.check_dtype)):
            a, e = getattr(actual, name), getattr(expected, name)
            if wanted and a != e:
                self.fail(f"The values for attribute '{name}' do not match: {a} != {e}.", path)
        if self.check_stride and actual.stride() != expected.stride():
            self.fail(
                f"The values for attribute 'stride()' do not match: {actual.stride()} != {expected.stride()}.", path
            )
        rtol, atol = self.tolerances([_TOLERANCES.get(t.dtype, (0.0, 0.0)) for t in (actual, expected)])
        common = dtypes.promote_types(actual.dtype, expected.dtype)
        wide = np.dtype(np.complex128 if common.is_complex else np.float64)
        exact = common.category < dtypes.FLOAT and rtol == atol == 0
        a, e = (t._data.astype(t._data.dtype if exact else wide) for t in (actual, expected))
        with np.errstate(all="ignore"):
            difference = np.abs(a.astype(wide) - e.astype(wide))
            close = (a == e) | (np.isfinite(difference) & (difference <= atol + rtol * np.abs(e.astype(wide))))
            if self.equal_nan:
                close |= (a != a) & (e != e)
            if close.all():
                return
            if not a.ndim:
                self.compare_scalars(actual.item(), expected.item(), rtol, atol, path)
                return
            difference[close] = 0
            relative = difference / np.abs(e.astype(wide))
            relative[close] = 0
        # Shown with the precision that the tensors have.
        shown = np.float64 if common in (dtypes.float64, dtypes.complex128) else np.float32
        difference, relative = difference.astype(shown), relative.astype(shown)
        exactly = rtol == atol == 0
        self.fail(
            f"Tensor-likes are not {'equal' if exactly else 'close'}!\n\n"
            f"Mismatched elements: {(~close).sum()} / {close.size} ({100 * (~close).mean():.1f}%)\n"
            + _greatest("absolute", difference, atol, exactly, whole=exact)
            + "\n"
            + _greatest("relative", relative, rtol, exactly, whole=False),
            path,
        )

    def tolerances(self, known: list[tuple[float, float]]) -> tuple[float, float]:
        if self.rtol is not None and self.atol is not None:
            return self.rtol, self.atol
        return max(r for r, _ in known), max(a for _, a in known)

    def fail(self, message: str, path: tuple[Any, ...]) -> None:
        raise AssertionError(message + _suffix(path))


def _suffix(path: tuple[Any, ...]) -> str:
    where = "".join(f"[{p!r}]" for p in path)
    return f"\n\nThe failure occurred for item {where}" if where else ""


def _greatest(kind: str, values: np.ndarray, allowed: float, exactly: bool, whole: bool) -> str:
    index = np.unravel_index(int(values.argmax()), values.shape)
    value = int(values[index]) if whole else float(values[index])
    at = tuple(int(i) for i in index)
    return f"Greatest {kind} difference: {value} at index {at}" + ("" if exactly else f" (up to {allowed} allowed)")


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Raise an AssertionError unless ``|actual - expected| <= atol + rtol * |expected|`` everywhere.

    Tensors, arrays, numbers, and sequences and mappings of them. Without tolerances those of the dtype are used
    (float32: rtol 1.3e-6, atol 1e-5). Shapes and, unless turned off, dtypes must be equal. ``msg`` replaces the
    message, or makes one from it. All tensors are dense and on the CPU, so that ``check_device`` and
    ``check_layout`` find nothing to refuse.

    >>> import rushlight as torch
    >>> torch.testing.assert_close(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.000001]))
    >>> torch.testing.assert_close(1.0, 1.1)
    Traceback (most recent call last):
    ...
    AssertionError: Scalars are not close!
    <BLANKLINE>
    Expected 1.1 but got 1.0.
    Absolute difference: 0.10000000000000009 (up to 1e-07 allowed)
    Relative difference: 0.09090909090909098 (up to 1e-07 allowed)
    """
    if (rtol is None) != (atol is None):
        raise ValueError(
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{'atol' if atol is None else 'rtol'}."
        )
    options = {
        "allow_subclasses": allow_subclasses, "rtol": rtol, "atol": atol, "equal_nan": equal_nan,
        "check_device": check_device, "check_dtype": check_dtype, "check_layout": check_layout,
        "check_stride": check_stride,
    }  # fmt: skip
    try:
        _Comparison(options).compare(actual, expected, ())
    except AssertionError as error:
        if msg is None:
            raise
        raise AssertionError(msg(str(error)) if callable(msg) else msg) from None


# Wider than those of `assert_close`.
_OLD_TOLERANCES = {dtypes.float16: (1e-3, 1e-3), dtypes.float32: (1e-4, 1e-5), dtypes.float64: (1e-5, 1e-8)}


def assert_allclose(
    actual: Any,
    expected: Any,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = True,
    msg: str = "",
) -> None:
    """The older `assert_close`, deprecated: makes tensors of what is none, and compares no dtypes.

    Its tolerances are wider (float32: rtol 1e-4, atol 1e-5), nan equals nan, and ``msg`` replaces the message.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore", category=FutureWarning):
    ...     torch.testing.assert_allclose(torch.tensor([1.0, 2.0]), [1.0, 2.00001])
    """
    warn_user(
        "`torch.testing.assert_allclose()` is deprecated since 1.12 and will be removed in a future release. "
        "Please use `torch.testing.assert_close()` instead. "
        "You can find detailed upgrade instructions in https://github.com/pytorch/pytorch/issues/61844.",
        FutureWarning,
    )
    a = actual if isinstance(actual, Tensor) else tensor(actual)
    e = expected if isinstance(expected, Tensor) else tensor(expected, dtype=a.dtype)
    if rtol is None and atol is None:
        pairs = [_OLD_TOLERANCES.get(t.dtype, (0.0, 0.0)) for t in (a, e)]
        rtol, atol = (max(each) for each in zip(*pairs))
    assert_close(a, e, rtol=rtol, atol=atol, equal_nan=equal_nan, check_dtype=False, msg=msg or None)


def make_tensor(
    *shape: Any,
    dtype: Any,
    device: Any = "cpu",
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
) -> Tensor:
    """A random tensor for a test: uniform between ``low`` and ``high`` (by default -9 and 9; bools: 0 and 2).

    >>> import rushlight as torch
    >>> torch.testing.make_tensor((2, 3), dtype=torch.float64).shape
    torch.Size([2, 3])
    """
    from .._core.device import check_device
    from .._core.random.generator import default_generator

    check_device(device)
    size = shape_of(shape, "make_tensor")
    stream = default_generator.stream
    low, high = (-9 if low is None else low), (9 if high is None else high)
    doubled = (*size[:-1], size[-1] * 2) if noncontiguous and size else size
    if dtype is dtypes.bool_:
        array = stream.integers(0, 2, doubled, np.dtype(np.int64)).astype(bool)
    elif dtype.category == dtypes.INTEGER:
        smallest = 0 if not dtype.is_signed else math.floor(low)
        array = stream.integers(max(smallest, math.floor(low)), math.ceil(high), doubled, np.dtype(np.int64)).astype(
            dtype.np
        )
    else:
        array = stream.uniform(doubled, dtype.np, low, high)
    if exclude_zero:
        array[array == 0] = np.asarray(np.finfo(dtype.np).tiny if dtype.category >= dtypes.FLOAT else 1, array.dtype)
    if noncontiguous and size:
        array = array[..., ::2]
    out = wrap(array)
    return marked(out) if requires_grad else out
