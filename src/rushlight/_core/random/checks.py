"""What the draws of `random` refuse, in PyTorch's words, and the ranges of the dtypes that it is about."""

from __future__ import annotations

import math
import warnings
from functools import cache
from typing import NamedTuple

import numpy as np

from ..dtypes import c_type_name, from_numpy_dtype, scalar_type_name

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_BOOL, _UINT64 = np.dtype(np.bool_), np.dtype(np.uint64)
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


class Float(NamedTuple):
    """A real floating-point type: its bits of precision and its largest number."""

    digits: int
    largest: float


_FLOATS = {
    "float16": Float(11, 65504.0),
    "bfloat16": Float(8, (2 - 2**-7) * 2.0**127),
    "float32": Float(24, (2 - 2**-23) * 2.0**127),
    "float64": Float(53, (2 - 2**-52) * 2.0**1023),
}


@cache  # asking a dtype for its name costs more than a small draw
def float_type(dtype: np.dtype) -> Float | None:
    return _FLOATS.get(dtype.name)


def narrowed(numbers: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """`numbers` (float64, float32 or int64) in `dtype`; 16-bit floats by way of float32, as in PyTorch."""
    with np.errstate(over="ignore", invalid="ignore"):
        if dtype.itemsize == 2 and float_type(dtype):
            numbers = numbers.astype(np.float32, copy=False)
        return numbers.astype(dtype, copy=False)


def is_classic_number(dtype: np.dtype) -> bool:
    """Whether PyTorch's older kernels know the type: real, not bool, and no unsigned integer but uint8."""
    return float_type(dtype) is not None or dtype.kind == "i" or dtype == np.uint8


def integer_bounds(dtype: np.dtype) -> tuple[int, int]:
    if dtype == _BOOL:
        return 0, 1
    bounds = np.iinfo(dtype)
    return int(bounds.min), min(int(bounds.max), INT64_MAX)  # PyTorch counts in int64


def integer_range(low: int, high: int | None, dtype: np.dtype, real: Float | None) -> tuple[int, int]:
    """The first and the last number to draw from, after PyTorch's checks."""
    if high is not None and low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    if real is not None:
        low, last = _float_range(low, high, dtype, real)
    elif dtype.kind in "biu":
        last = (2**64 - 1 if dtype == _UINT64 else integer_bounds(dtype)[1]) if high is None else high - 1
    else:
        kernel = "random_from_to_impl" if high is None else "check_random_bounds"
        raise RuntimeError(f"{kernel} handles only integral, floating-point and boolean types")
    smallest, largest = (-real.largest, real.largest) if real else integer_bounds(dtype)
    name = c_type_name(from_numpy_dtype(dtype))
    for bound, value in (("from", low), ("to - 1", last)):
        if not smallest <= value <= largest:
            raise RuntimeError(f"{bound} is out of bounds for {name}")
        if real and abs(value) > 2**real.digits:
            warnings.warn(
                f"{bound} is out of bounds [-(2^{real.digits}), 2^{real.digits}]. Due to precision "
                f"limitations {name} can support discrete uniform distribution only within this range. "
                "This warning will become an error in version 1.7 release, please fix the code in advance"
            )
    return low, last


def _float_range(low: int, high: int | None, dtype: np.dtype, real: Float) -> tuple[int, int]:
    """Bounds moved inwards to where converting to `dtype` cannot carry a number past them."""

    def converted(value: int) -> int:
        number = float(narrowed(np.array(value, np.int64), dtype))
        return int(number) if abs(number) < 2.0**63 else INT64_MIN  # as x86 converts what does not fit

    def spacing(value: int) -> int:
        return 1 << (abs(value).bit_length() - real.digits)

    if low < INT64_MAX and converted(low + 1) < low:
        low = converted(low + 1) + spacing(low + 1)
    if high is None:
        last = 2**real.digits
        if low >= last:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to "
                f"dtype, but got from={low} > to_inc={last}"
            )
        return low, last
    if converted(high - 1) >= high:
        high = converted(high - 1) - spacing(high - 1)
    if low >= high:
        raise RuntimeError(
            "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, "
            f"but got from={low} >= to={high}"
        )
    return low, high - 1


def not_implemented(kernel: str, dtype: np.dtype) -> NotImplementedError:
    name = scalar_type_name(from_numpy_dtype(dtype))
    return NotImplementedError(f"\"{kernel}\" not implemented for '{name}'")


def not_continuous(distribution: str, type_name: str) -> RuntimeError:
    return RuntimeError(
        f"{distribution} distribution is a continuous probability distribution. dtype must be a floating "
        f"point but you specified {type_name}"
    )


def same_dtype(kernel: str, first: np.ndarray, *others: np.ndarray) -> np.dtype:
    if first.dtype not in (_FLOAT32, _FLOAT64):
        raise not_implemented(kernel, first.dtype)
    for other in others:
        if other.dtype != first.dtype:
            found, expected = (scalar_type_name(from_numpy_dtype(a.dtype)) for a in (other, first))
            raise RuntimeError(f"Found dtype {found} but expected {expected}")
    return first.dtype


def check_uniform_bounds(dtype: np.dtype, real: Float, low: float, high: float) -> None:
    for bound, value in (("from", low), ("to", high)):
        if not -real.largest <= value <= real.largest:
            raise RuntimeError(f"{bound} is out of bounds for {c_type_name(from_numpy_dtype(dtype))}")
    if low > high:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}")
    if high - low > real.largest:
        name = scalar_type_name(from_numpy_dtype(dtype))
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{name}>::max(), but found to={high:g} "
            f"and from={low:g} which result in to-from to exceed the limit"
        )


def check_can_count_to(n: int, dtype: np.dtype) -> None:
    real = float_type(dtype)
    if real is not None:
        if n > 2**real.digits + 1 and dtype.name != "bfloat16":  # which PyTorch forgets
            name = scalar_type_name(from_numpy_dtype(dtype))
            raise RuntimeError(f"n cannot be greater than {2**real.digits + 1} for {name} type.")
    elif dtype.kind in "iu" and n - 1 > integer_bounds(dtype)[1]:
        raise RuntimeError(f"value cannot be converted to type {dtype.name}_t without overflow")


def check_multinomial(probabilities: np.ndarray, num_samples: int, replacement: bool) -> None:
    if probabilities.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if float_type(probabilities.dtype) is None:
        name = scalar_type_name(from_numpy_dtype(probabilities.dtype))
        raise RuntimeError(f"multinomial only supports floating-point dtypes for input, got: {name}")
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    categories = probabilities.shape[-1]
    if not replacement and num_samples > categories:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    if categories > 2**24:
        raise RuntimeError("number of categories cannot exceed 2^24")
    if probabilities.ndim == 2 and not len(probabilities):
        return
    if not categories:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    if not (probabilities.max() < math.inf and probabilities.min() >= 0):
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if not probabilities.any(axis=-1).all():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
