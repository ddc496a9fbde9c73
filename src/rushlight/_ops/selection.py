"""Choosing between elements: where, masked_fill, clamp, the larger and the smaller of two.

At ties `maximum` and `minimum` share the cotangent out evenly; at its bounds `clamp` still passes it on.
"""

from __future__ import annotations

import builtins
import functools
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import binary, promote, unary_function
from .._core.large import in_blocks
from .._core.levels import checked
from .._core.memory_order import in_c_order
from .._core.operands import Refusal, as_number, cpp_name, exact, fitted, raise_combination, raise_must_be_tensor
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .publish import publish

# -- where ------------------------------------------------------------------------------------------------------

# Integers of the size of an element: np.where mispredicts half of a random mask's branches, a product with bits none.
_BITS = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}


def masked(x: Any, mask: Any) -> Any:
    """The elements of an array where ``mask`` is true and 0 elsewhere, whatever is there (nan, infinity)."""
    bits = _BITS.get(x.dtype.itemsize)
    if bits is None or not x.ndim:
        return np.where(mask, x, x.dtype.type(0))
    return np.multiply(x.view(bits), mask).view(x.dtype)


def either(mask: Any, a: Any, b: Any) -> Any:
    """``np.where(mask, a, b)``, of many elements by a random mask in less than half of the time."""
    if mask.size >= 4096:
        seen = (mask.reshape(-1) if mask.flags.c_contiguous else mask.flat)[:1024]
        if np.count_nonzero(seen[1:] != seen[:-1]) >= 64:  # branches that are not easily predicted
            return by_bits(mask, a, b)
    return np.where(mask, a, b)


@in_blocks
def by_bits(mask: Any, a: Any, b: Any) -> Any:
    """``np.where(mask, a, b)`` without branches: for masks that are random, such as the signs of numbers."""
    bits = _BITS.get(a.dtype.itemsize)
    if mask.size < 512 or bits is None or a.dtype != b.dtype:
        return np.where(mask, a, b)
    b = b.view(bits)
    return (np.multiply(a.view(bits) ^ b, mask) ^ b).view(a.dtype)


def _is_zero(x: Any) -> bool:
    """Whether this is a number, and 0 (not -0)."""
    return not x.ndim and not x.tobytes().strip(b"\0")


def _where_forward(condition: Any, a: Any, b: Any) -> Any:
    if condition.size > 256:
        if _is_zero(b) and a.ndim:
            return masked(a, condition)
        if _is_zero(a) and b.ndim:
            return masked(b, ~condition)
    return either(condition, a, b)


where_p = Primitive(
    "Where",
    _where_forward,
    inputs="condition a b",
    vjp=(None, lambda g, condition: where(condition, g, 0), lambda g, condition: where(condition, 0, g)),
    jvp=lambda condition, a_t, b_t: where(condition, 0 if a_t is None else a_t, 0 if b_t is None else b_t),
    broadcasts=True,
    family="elementwise",
)
_WHERE_FORMS = ("T", "TTT", "TNT", "TTN", "TNN")
_MISSING: Any = object()


def where(condition: Any, input: Any = _MISSING, other: Any = _MISSING) -> Any:
    """``input`` where ``condition`` is true, else ``other``; all broadcast. Without them: `nonzero` as a tuple.

    input, other: tensors or numbers, brought to their common dtype. condition: a bool tensor; RuntimeError
    for other dtypes. No gradient comes from an element that was not chosen, except through nans of its own making.

    >>> import rushlight as torch
    >>> x = torch.tensor([-1.0, 2.0])
    >>> torch.where(x > 0, x, 0.0)
    tensor([0., 2.])
    """
    if isinstance(condition, Tensor) and input is _MISSING and other is _MISSING:
        return condition.nonzero(as_tuple=True)
    a = input if isinstance(input, Tensor) else as_number(input)
    b = other if isinstance(other, Tensor) else as_number(other)
    if not isinstance(condition, Tensor) or a is NotImplemented or b is NotImplemented:
        given = tuple([t for t in (condition, input, other) if t is not _MISSING])
        raise_combination("where", given, _WHERE_FORMS)
    return _where(condition, a, b)


def _where(condition: Any, a: Any, b: Any) -> Tensor:
    kind = condition._data.dtype
    if kind.kind != "b":
        if kind != np.uint8:
            name = dtypes.scalar_type_name(condition.dtype)
            raise RuntimeError(
                f"where expected condition to be a boolean tensor, but got a tensor with dtype {name}\n"
                "Compare first, as in torch.where(x != 0, a, b)."
            )
        warn_user(
            "where received a uint8 condition tensor. This behavior is deprecated and will be removed in a future "
            "version of PyTorch. Use a boolean condition instead."
        )
        condition = condition != 0
    (a, b), common = promote((a, b))
    a = a if isinstance(a, Tensor) else wrap(exact(a, common))
    b = b if isinstance(b, Tensor) else wrap(exact(b, common))
    return where_p.bind(condition, a, b)


def _where_method(self: Tensor, condition: Any, other: Any) -> Tensor:
    return where(condition, self, other)


_where_method.__name__ = "where"
_where_method.__doc__ = where.__doc__
register(where, method=False, out=OutCheck("Expected out type to be {Result} but got {Out}"))
METHODS["where"] = _where_method


# -- masked_fill --------------------------------------------------------------------------------------------------


def _filled(mask: Any, x: Any, value: Any) -> Any:
    out = np.array(np.broadcast_to(x, np.broadcast_shapes(x.shape, mask.shape)), order="C")  # as in PyTorch
    np.copyto(out, value, where=mask)
    return out


masked_fill_number = Primitive(
    "MaskedFill",
    _filled,
    inputs="mask x",
    vjp=(None, lambda g, mask: where(mask, 0, g)),
    jvp=lambda x_t, mask: where(mask, 0, x_t),
    broadcasts=True,
    order=in_c_order,
    family="elementwise",
)
masked_fill_tensor = Primitive(
    "MaskedFillBackward1",
    _filled,
    inputs="mask x value",
    vjp=(None, lambda g, mask: where(mask, 0, g), lambda g, mask: where(mask, g, 0)),
    jvp=lambda mask, x_t, value_t: where(mask, 0 if value_t is None else value_t, 0 if x_t is None else x_t),
    broadcasts=True,
    order=in_c_order,
    family="elementwise",
)


@operation(inplace=True)
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """``input`` with ``value`` (a number or a 0-d tensor) where ``mask`` is true.

    The result has the dtype of ``input``. Raises RuntimeError for a mask that is not bool.

    >>> import rushlight as torch
    >>> x = torch.tensor([1.0, 2.0])
    >>> torch.masked_fill(x, torch.tensor([True, False]), -1)
    tensor([-1.,  2.])
    """
    number = value if isinstance(value, Tensor) else as_number(value)
    if number is NotImplemented or not isinstance(mask, Tensor):
        raise_combination("masked_fill", (mask, value), ("TT", "TN"))
    if mask._data.dtype.kind != "b":
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {cpp_name(mask.dtype)}")
    if not isinstance(number, Tensor):
        return masked_fill_number.bind(mask, input, value=exact(number, input.dtype))
    if number._data.ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{number._data.ndim} dimension(s)."
        )
    if number._data.dtype != input._data.dtype:
        checked(_check_exact, number, dtype=input.dtype)
    return masked_fill_tensor.bind(mask, input, number.to(input.dtype))


def _check_exact(values: Any, dtype: Any) -> None:
    for value in (values.astype(np.float32) if values.dtype.kind == "V" else values).ravel().tolist():
        exact(value, dtype)


# -- the larger and the smaller of two ------------------------------------------------------------------------------


def _chosen(g: Tensor, x: Tensor, other: Tensor, worse: Any) -> Tensor:
    """The part of ``g`` that goes to ``x`` where it was not worse than ``other``: half of it at ties."""
    return where(worse(x, other), 0, where(x == other, g / 2, g))


def _less(x: Any, y: Any) -> Any:
    return x < y


def _greater(x: Any, y: Any) -> Any:
    return x > y


def _tangent_of_better(worse: Any) -> Any:
    def jvp(a: Any, b: Any, a_t: Any, b_t: Any) -> Any:
        a_t = a.new_zeros(a._data.shape) if a_t is None else a_t
        b_t = b.new_zeros(b._data.shape) if b_t is None else b_t
        return where(worse(a, b), b_t, where(a == b, (a_t + b_t) / 2, a_t))

    return jvp


def _extremum(name: str, ufunc: Any, worse: Any, doc: str) -> Any:
    title = name.lower()
    operator = binary(
        name,
        ufunc,
        vjp=(lambda g, a, b: _chosen(g, a, b, worse), lambda g, a, b: _chosen(g, b, a, worse)),
        jvp=_tangent_of_better(worse),
        refuses=(Refusal("c", f"{title} not implemented for complex tensors.", RuntimeError),),
        doc=doc,
    )
    publish(operator, title, takes=("TT",), inplace=False)
    return operator


def _number_extremum(name: str, ufunc: Any, keeps_first: Any, doc: str) -> Any:
    """``fmax`` and ``fmin``: of a nan and a number, the number."""
    title = name.lower()

    def jvp(a: Any, b: Any, a_t: Any, b_t: Any) -> Any:
        return where(keeps_first(a, b), 0 if a_t is None else a_t, 0 if b_t is None else b_t)

    operator = binary(
        name,
        ufunc,
        vjp=(
            lambda g, a, b: where(keeps_first(a, b), g, 0),
            lambda g, a, b: where(keeps_first(a, b), 0, g),
        ),
        jvp=jvp,
        refuses=(Refusal("c", f"{title} not implemented for complex tensors.", RuntimeError),),
        doc=doc,
    )
    publish(operator, title, takes=("TT",), inplace=False)
    return operator


maximum = _extremum(
    "Maximum",
    np.maximum,
    _less,
    """The larger of two elements, broadcast; a nan where either is one. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.maximum(torch.tensor([1.0, 5.0]), torch.tensor([3.0, 4.0]))
    tensor([3., 5.])
    """,
)
minimum = _extremum(
    "Minimum",
    np.minimum,
    _greater,
    """The smaller of two elements, broadcast; a nan where either is one. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.minimum(torch.tensor([1.0, 5.0]), torch.tensor([3.0, 4.0]))
    tensor([1., 4.])
    """,
)
fmax = _number_extremum(
    "Fmax",
    np.fmax,
    lambda a, b: (a >= b) | b.isnan(),
    """The larger of two elements, broadcast; of a nan and a number, the number. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.fmax(torch.tensor([1.0, float("nan")]), torch.tensor([3.0, 4.0]))
    tensor([3., 4.])
    """,
)
fmin = _number_extremum(
    "Fmin",
    np.fmin,
    lambda a, b: (a <= b) | b.isnan(),
    """The smaller of two elements, broadcast; of a nan and a number, the number. Not for complex tensors.

    >>> import rushlight as torch
    >>> torch.fmin(torch.tensor([1.0, float("nan")]), torch.tensor([3.0, 4.0]))
    tensor([1., 4.])
    """,
)


# -- clamp ----------------------------------------------------------------------------------------------------------


def _clamped(x: Any, min: Any, max: Any) -> Any:
    # Of two zeros NumPy takes the second, PyTorch the element: minus zero stays what it is.
    if min is not None:
        x = np.maximum(min, x)
    return x if max is None else np.minimum(max, x)


def _within(x: Tensor, min: Any, max: Any) -> Tensor:
    if min is None:
        return x <= max
    return x >= min if max is None else (x >= min) & (x <= max)


def _below(x: Tensor, min: Any, max: Any) -> Tensor:
    return x < min if max is None else (x < min) & (min < max)


def _above(x: Tensor, min: Any, max: Any) -> Tensor:
    return x > max if min is None else (x > max) | (max < min)


def _clamped_tangent(x: Any, min: Any, max: Any, x_t: Any, min_t: Any, max_t: Any) -> Any:
    out = where(_within(x, min, max), 0 if x_t is None else x_t, 0)
    if min_t is not None:
        out = where(_below(x, min, max), min_t, out)
    return out if max_t is None else where(_above(x, min, max), max_t, out)


def _number_bound(name: str) -> Primitive:
    """The record of a bound that is a number; ``min`` or ``max`` may be None."""
    return Primitive(
        name,
        _clamped,
        vjp=lambda g, x, min, max: where(_within(x, min, max), g, 0),
        jvp=lambda x_t, x, min, max: where(_within(x, min, max), x_t, 0),
        widen=True,
        family="unary",
    )


def _tensor_bound(name: str) -> Primitive:
    """The record of bounds that are tensors; either may be None."""
    return Primitive(
        name,
        _clamped,
        inputs="x min max",
        vjp=(
            lambda g, x, min, max: where(_within(x, min, max), g, 0),
            lambda g, x, min, max: where(_below(x, min, max), g, 0),
            lambda g, x, min, max: where(_above(x, min, max), g, 0),
        ),
        jvp=_clamped_tangent,
        broadcasts=True,
        widen=True,
        family="elementwise",
    )


REALS = frozenset(np.dtype(t) for t in (np.float32, np.float64))
_NO_COMPLEX = (Refusal("c", "clamp is not supported for complex types"),)
_by_numbers = {name: _number_bound(name) for name in ("ClampBackward1", "ClampMin", "ClampMax")}
_by_tensors = {name: _tensor_bound(name) for name in ("Clamp", "ClampMinBackward1", "ClampMaxBackward1")}


@functools.lru_cache(maxsize=128)
def _fixed(record: str, min: Any, max: Any) -> Any:
    """The function of a float32 or float64 tensor that has these bounds built in; None for bounds that may not fit."""
    for bound in (min, max):
        if type(bound) not in (int, float, type(None)) or (bound is not None and not -1e38 < bound < 1e38):
            return None
    arrays = {d: [None if b is None else np.array(b, d) for b in (min, max)] for d in REALS}
    primitive = _by_numbers[record]
    return unary_function(
        primitive, lambda x: _clamped(x, *arrays[x.dtype]), "clamp", {"min": min, "max": max}, refuses=_NO_COMPLEX
    )


def _clamp(input: Any, min: Any, max: Any, name: str, by_number: str, by_tensor: str) -> Tensor:
    if not isinstance(input, Tensor):
        raise_must_be_tensor(name, "input", 1, input)
    if input._data.dtype in REALS and not (isinstance(min, Tensor) or isinstance(max, Tensor)):
        fixed = None if min is max is None else _fixed(by_number, min, max)
        if fixed is not None:
            return fixed(input)
    bounds = [b if b is None or isinstance(b, Tensor) else as_number(b) for b in (min, max)]
    given = [b for b in bounds if b is not None]
    if builtins.any(b is NotImplemented for b in given) or len({isinstance(b, Tensor) for b in given}) > 1:
        raise_combination(name, (input, *[b for b in (min, max) if b is not None]), ("TTT", "TNN"))
    if not given:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    (x, *bounds), common = _promoted(input, bounds)
    for refusal in _NO_COMPLEX:
        refusal.check(common.np)
    if isinstance(given[0], Tensor):
        return _by_tensors[by_tensor].bind(x, *bounds)
    low, high = [None if b is None else fitted(b, common) for b in bounds]
    return _by_numbers[by_number].bind(x, min=low, max=high)


def _promoted(input: Tensor, bounds: list[Any]) -> tuple[list[Any], Any]:
    """`promote` for operands that may be absent."""
    there = [b for b in bounds if b is not None]
    (x, *converted), common = promote((input, *there))
    rest = iter(converted)
    return [x, *[None if b is None else next(rest) for b in bounds]], common


@operation(aliases=("clip",), inplace=True)
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Each element, or the bound that it exceeds; bounds are numbers or tensors, and one may be left out.

    Where ``min`` is above ``max`` the result is ``max``. Raises RuntimeError where both are left out.

    >>> import rushlight as torch
    >>> torch.clamp(torch.tensor([-2.0, 0.5, 3.0]), min=-1, max=1)
    tensor([-1.0000,  0.5000,  1.0000])
    """
    return _clamp(input, min, max, "clamp", "ClampBackward1", "Clamp")


@operation(inplace=True)
def clamp_min(input: Tensor, min: Any) -> Tensor:
    """Each element, but at least ``min``, a number or a tensor.

    >>> import rushlight as torch
    >>> torch.clamp_min(torch.tensor([-2.0, 0.5]), 0)
    tensor([0.0000, 0.5000])
    """
    return _clamp(input, min, None, "clamp_min", "ClampMin", "ClampMinBackward1")


@operation(inplace=True)
def clamp_max(input: Tensor, max: Any) -> Tensor:
    """Each element, but at most ``max``, a number or a tensor.

    >>> import rushlight as torch
    >>> torch.clamp_max(torch.tensor([-2.0, 3.0]), 0)
    tensor([-2.,  0.])
    """
    return _clamp(input, None, max, "clamp_max", "ClampMax", "ClampMaxBackward1")
