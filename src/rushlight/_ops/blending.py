"""Between, plus a product, plus a quotient, and without nans: lerp, addcmul, addcdiv, nan_to_num."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import dtype
from .._core.families import promote
from .._core.modes import state
from .._core.operands import as_number, cpp_name, fitted, no_kernel, raise_combination, raise_must_be_tensor
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .selection import where


def _conj(x: Any) -> Any:
    return x.conj() if isinstance(x, Tensor) else x.conjugate()


def _conj_minus(x: Any) -> Any:
    return 1 - _conj(x)


def _sum(terms: list[Any]) -> Any:
    """The sum of tangents, of which some are absent."""
    present = [t for t in terms if t is not None]
    total = present[0]
    for t in present[1:]:
        total = total + t
    return total


def _computed_in(d: dtype) -> dtype:
    """The type in which an operation on ``d`` is computed: 16-bit floats are widened."""
    return dtypes.float32 if d in (dtypes.float16, dtypes.bfloat16) else d


# -- lerp -----------------------------------------------------------------------------------------------------


def _lerp(start: Any, end: Any, weight: Any) -> Any:
    """From whichever end is nearer, so that both are met exactly."""
    near = np.abs(weight) < 0.5
    span = end - start
    if near.ndim == 0:
        return start + weight * span if near else end - span * (1 - weight)
    return np.where(near, start + weight * span, end - span * (1 - weight))


def _lerp_tangent(start: Any, end: Any, weight: Any, start_t: Any, end_t: Any, weight_t: Any) -> Any:
    return _sum([
        None if start_t is None else start_t * (1 - weight),
        None if end_t is None else end_t * weight,
        None if weight_t is None else weight_t * (end - start),
    ])  # fmt: skip


_lerp_ends = (lambda g, weight: g * _conj_minus(weight), lambda g, weight: g * _conj(weight))
lerp_number = Primitive(
    "Lerp",
    _lerp,
    inputs="start end",
    vjp=_lerp_ends,
    jvp=lambda weight, start_t, end_t: _lerp_tangent(None, None, weight, start_t, end_t, None),
    broadcasts=True,
    widen=True,
    family="elementwise",
)
lerp_tensor = Primitive(
    "LerpBackward1",
    _lerp,
    inputs="start end weight",
    vjp=(*_lerp_ends, lambda g, start, end: g * (end - start).conj()),
    jvp=_lerp_tangent,
    broadcasts=True,
    widen=True,
    family="elementwise",
)


@operation(inplace=True)
def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """``input + weight * (end - input)``: on the way from ``input`` to ``end``; ``weight`` may be a number.

    Raises RuntimeError where the dtypes differ, NotImplementedError for integers.

    >>> import rushlight as torch
    >>> torch.lerp(torch.tensor([0.0, 10.0]), torch.tensor([10.0, 20.0]), 0.25)
    tensor([ 2.5000, 12.5000])
    """
    number = None if isinstance(weight, Tensor) else as_number(weight)
    if not isinstance(input, Tensor) or not isinstance(end, Tensor) or number is NotImplemented:
        raise_combination("lerp", (input, end, weight), ("TTT", "TTN"))
    for name, t in (("end", end), ("weight", weight)):
        if isinstance(t, Tensor) and t._data.dtype != input._data.dtype:
            raise RuntimeError(f"expected dtype {cpp_name(input.dtype)} for `{name}` but got dtype {cpp_name(t.dtype)}")
    for refusal in no_kernel("lerp_kernel_tensor" if number is None else "lerp_kernel_scalar", "biu"):
        refusal.check(input._data.dtype)
    if number is None:
        return lerp_tensor.bind(input, end, weight)
    fitted(number, _computed_in(input.dtype))
    return lerp_number.bind(input, end, weight=number)


# -- addcmul and addcdiv --------------------------------------------------------------------------------------------


def _addcmul_tangent(tensor1: Any, tensor2: Any, value: Any, x_t: Any, tensor1_t: Any, tensor2_t: Any) -> Any:
    return _sum([
        x_t,
        None if tensor1_t is None else tensor1_t * tensor2 * value,
        None if tensor2_t is None else tensor2_t * tensor1 * value,
    ])  # fmt: skip


addcmul_p = Primitive(
    "Addcmul",
    lambda x, tensor1, tensor2, value: x + value * tensor1 * tensor2,
    inputs="x tensor1 tensor2",
    derivative=(1, lambda tensor2, value: tensor2 * value, lambda tensor1, value: tensor1 * value),
    jvp=_addcmul_tangent,
    broadcasts=True,
    widen=True,
    family="elementwise",
)
addcdiv_p = Primitive(
    "Addcdiv",
    lambda x, tensor1, tensor2, value: x + value * tensor1 / tensor2,
    inputs="x tensor1 tensor2",
    derivative=(
        1,
        lambda tensor2, value: value * tensor2.reciprocal(),
        lambda tensor1, tensor2, value: -(tensor1 * value / (tensor2 * tensor2)),
    ),
    broadcasts=True,
    widen=True,
    family="elementwise",
)


def _three(name: str, input: Any, tensor1: Any, tensor2: Any, value: Any) -> tuple[list[Tensor], Any, dtype]:
    """The operands in their common dtype, and the number as that type takes it."""
    for position, (argument, t) in enumerate((("input", input), ("tensor1", tensor1), ("tensor2", tensor2)), 1):
        if not isinstance(t, Tensor):
            raise_must_be_tensor(name, argument, position, t)
    number = as_number(value)
    if number is NotImplemented:
        raise TypeError(f"{name}(): argument 'value' must be Number, not {type(value).__name__}")
    operands, common = promote((input, tensor1, tensor2))
    fits = fitted(number, _computed_in(common))
    return operands, fits if common.category < dtypes.FLOAT else number, common


@operation(inplace=True)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``, broadcast.

    >>> import rushlight as torch
    >>> torch.addcmul(torch.tensor([1.0, 1.0]), torch.tensor([2.0, 3.0]), torch.tensor([4.0]), value=10)
    tensor([ 81., 121.])
    """
    operands, number, common = _three("addcmul", input, tensor1, tensor2, value)
    for refusal in no_kernel("addcmul_cpu_out", "b"):
        refusal.check(common.np)
    return addcmul_p.bind(*operands, value=number)


@operation(inplace=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``, broadcast. Raises RuntimeError for a quotient of integers.

    >>> import rushlight as torch
    >>> torch.addcdiv(torch.tensor([1.0, 1.0]), torch.tensor([2.0, 3.0]), torch.tensor([4.0]), value=10)
    tensor([6.0000, 8.5000])
    """
    if builtins.all(isinstance(t, Tensor) and t._data.dtype.kind in "biu" for t in (tensor1, tensor2)):
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a "
            "true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value "
            "* torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / "
            "tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value "
            "* tensor1 / tensor2), for all dtypes."
        )
    operands, number, _ = _three("addcdiv", input, tensor1, tensor2, value)
    return addcdiv_p.bind(*operands, value=number)


# -- nan_to_num -----------------------------------------------------------------------------------------------------


def _nan_to_num(x: Any, nan: float, posinf: float, neginf: float) -> Any:
    if x.dtype.kind == "c":
        out = np.empty_like(x)
        out.real = _nan_to_num(x.real, nan, posinf, neginf)
        out.imag = _nan_to_num(x.imag, nan, posinf, neginf)
        return out
    out = x.copy()
    if x.dtype.kind == "f":
        np.copyto(out, nan, where=np.isnan(x), casting="unsafe")
        np.copyto(out, posinf, where=x == np.inf, casting="unsafe")
        np.copyto(out, neginf, where=x == -np.inf, casting="unsafe")
    return out


def _finite_part(g: Tensor, x: Tensor) -> Tensor:
    return where(x.isfinite(), g, 0)


nan_to_num_p = Primitive(
    "NanToNum",
    _nan_to_num,
    vjp=lambda g, x: _finite_part(g, x),
    jvp=lambda x, x_t: _finite_part(x_t, x),
    widen=True,
    family="unary",
)


@operation(inplace=True, out=OutCheck("nan_to_num: dtype of out: {Out} should be same as input: {Result}"))
def nan_to_num(
    input: Tensor, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """``input`` with nans replaced by ``nan`` (0), infinities by ``posinf`` and ``neginf`` (the type's limits).

    >>> import rushlight as torch
    >>> torch.nan_to_num(torch.tensor([1.0, float("nan"), float("inf")]), posinf=9.0)
    tensor([1., 0., 9.])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("nan_to_num", "input", 1, input)
    for name, value in (("nan", nan), ("posinf", posinf), ("neginf", neginf)):
        if value is not None and (not isinstance(value, (int, float)) or isinstance(value, bool)):
            raise TypeError(f"nan_to_num(): argument '{name}' must be float, not {type(value).__name__}")
    if input._data.dtype.kind == "c" and input.requires_grad and state.grad:
        raise RuntimeError("nan_to_num does not support automatic differentiation for outputs with complex dtype.")
    limit = _largest(input.dtype)
    return nan_to_num_p.bind(
        input,
        nan=0.0 if nan is None else nan,
        posinf=limit if posinf is None else posinf,
        neginf=-limit if neginf is None else neginf,
    )


def _largest(d: dtype) -> float:
    """The largest finite number of a floating-point type; 0 for types without infinities, where none is needed."""
    if d.category < dtypes.FLOAT:
        return 0.0
    if d is dtypes.bfloat16:
        return float.fromhex("0x1.fep127")
    return float(np.finfo(d.to_real().np).max)
