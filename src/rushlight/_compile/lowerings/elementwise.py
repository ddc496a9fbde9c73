"""Operations on each element."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..._core.primitive import REGISTRY
from .. import vector_math
from ..graph import Operation
from ..loops import (
    Node,
    broadcast,
)  # fmt: skip
from ..vector_math.base import format_of, two_product
from ..vectors import F32, I1, Emitter, Vec
from .base import (
    BOOL,
    LOWERINGS,
    TRANSCENDENTAL,
    Unsupported,
    add,
    converted,
    div,
    less,
    lowers,
    mathematics,
    mul,
    number,
    of_one_type,
    point,
    sub,
    where,
)  # fmt: skip


def _elementwise(name: str, write: Callable[..., Vec], cost: int, kinds: str, dtype: np.dtype | None) -> None:
    @lowers(name)
    def lower(operation: Operation, *args: Any, **params: Any) -> Node:
        args = tuple(of_one_type(*args))
        if args[0].dtype.kind not in kinds or params:
            raise Unsupported(name)
        return point(write, *args, dtype=dtype, cost=cost)


def logical(write: Callable[..., Vec]) -> Callable[..., Vec]:
    return lambda e, *xs: write(e, *[e.convert(x, I1) for x in xs])


def sign(e: Emitter, x: Vec) -> Vec:
    zero = e.constant(0, x.element)
    one, minus = e.constant(1, x.element), e.constant(-1, x.element)
    return e.select(e.gt(x, 0), one, e.select(e.lt(x, 0), minus, x if x.element.kind == "f" else zero))


def relu(e: Emitter, x: Vec) -> Vec:
    return e.select(e.lt(x, 0), 0, x)


for _name, _write, _kinds in (
    ("Add", Emitter.add, "fiu"), ("Sub", Emitter.sub, "fiu"), ("Mul", Emitter.mul, "fiu"), ("Div", Emitter.div, "f"),
    ("Neg", Emitter.neg, "fi"), ("Abs", Emitter.abs, "fiu"), ("Sqrt", Emitter.sqrt, "f"), ("Relu", relu, "fi"),
    ("Rsub", lambda e, a, b: e.sub(b, a), "fiu"), ("RsubBackward1", lambda e, a, b: e.sub(b, a), "fiu"), ("Reciprocal", lambda e, x: e.div(1, x), "f"),
    ("Floor", Emitter.floor, "f"), ("Ceil", Emitter.ceil, "f"), ("Trunc", Emitter.trunc, "f"), ("Round", Emitter.round, "f"),
    ("Maximum", Emitter.maximum, "fiu"), ("Minimum", Emitter.minimum, "fiu"), ("Sgn", sign, "fi"), ("Sign", sign, "fi"),
    ("BitwiseAnd", Emitter.and_, "iub"), ("BitwiseOr", Emitter.or_, "iub"), ("BitwiseXor", Emitter.xor, "iub"),
    ("BitwiseNot", Emitter.not_, "iub"), ("Rsqrt", lambda e, x: e.div(1, e.sqrt(x)), "f"),
    ("TanhBackwardBackward0", lambda e, g, y: e.mul(g, e.sub(1, e.mul(y, y))), "f"),
    ("SigmoidBackwardBackward0", lambda e, g, y: e.mul(g, e.mul(e.sub(1, y), y)), "f"),
):  # fmt: skip
    _elementwise(_name, _write, 4 if _name in ("Div", "Sqrt", "Reciprocal", "Rsqrt") else 1, _kinds, None)
for _name, _write in (
    ("Eq", Emitter.eq), ("Ne", Emitter.ne), ("Lt", Emitter.lt), ("Le", Emitter.le), ("Gt", Emitter.gt), ("Ge", Emitter.ge),
):  # fmt: skip
    _elementwise(_name, _write, 1, "fiu", BOOL)
for _name, _write in (
    ("LogicalAnd", Emitter.and_),
    ("LogicalOr", Emitter.or_),
    ("LogicalXor", Emitter.xor),
    ("LogicalNot", Emitter.not_),
):
    _elementwise(_name, logical(_write), 1, "fiub", BOOL)
_elementwise("Isnan", Emitter.isnan, 1, "f", BOOL)
_elementwise("Isfinite", lambda e, x: e.lt(e.abs(x), math.inf), 1, "f", BOOL)
_elementwise("Isinf", lambda e, x: e.eq(e.abs(x), math.inf), 1, "f", BOOL)
# What the mathematics library has under the operation's own name.
for _primitive in list(REGISTRY.values()):
    if _primitive.family in ("unary", "binary") and hasattr(vector_math, _primitive.name.lower()):
        if _primitive.name not in LOWERINGS:
            _elementwise(_primitive.name, mathematics(_primitive.name.lower()), TRANSCENDENTAL, "f", None)


@lowers("AddScaled", "SubScaled", "RsubScaled")
def lower_scaled(operation: Operation, a: Any, b: Any, *, alpha: Any) -> Node:
    a, b = of_one_type(a, b)
    if a.dtype == BOOL:
        raise Unsupported("bools")
    if isinstance(alpha, Node):
        alpha = converted(alpha, a.dtype)
    name = operation.primitive.name
    if name == "RsubScaled":
        return sub(b, mul(a, alpha))
    return (add if name == "AddScaled" else sub)(a, mul(b, alpha))


@lowers("PowBackward0")
def lower_power(operation: Operation, x: Node, *, exponent: Any) -> Node:
    if x.dtype.kind != "f" or isinstance(exponent, (Node, complex)):
        raise Unsupported("PowBackward0")
    exponent = float(exponent)
    if exponent == 2:
        return mul(x, x)
    if exponent == 3:
        return mul(mul(x, x), x)
    if exponent == 0.5:
        # pow(-inf, 0.5) is inf, and pow(-0.0, 0.5) is 0.
        return point(lambda e, v: e.select(e.eq(v, -math.inf), math.inf, e.add(e.sqrt(v), 0.0)), x, cost=4)
    if exponent == -1:
        return div(1.0, x)
    if exponent == -2:
        return div(1.0, mul(x, x))
    if exponent == 1:
        return x
    if exponent == 0:
        return number(1.0, x.shape, x.dtype)
    return point(lambda e, v: vector_math.pow_constant(v, exponent), x, cost=2 * TRANSCENDENTAL)


@lowers("PowBackward1")
def lower_power_of_two(operation: Operation, a: Any, b: Any) -> Node:
    a, b = of_one_type(a, b)
    if a.dtype.kind != "f":
        raise Unsupported("integers")
    return point(mathematics("pow"), a, b, cost=2 * TRANSCENDENTAL)


@lowers("PowBackward2")
def lower_power_of_number(operation: Operation, x: Node, *, base: Any) -> Node:
    if x.dtype.kind != "f" or isinstance(base, (Node, complex)):
        raise Unsupported("PowBackward2")
    base = np.asarray(float(base)).astype(x.dtype).item()
    if 0 < base < math.inf and base != 1:
        return point(lambda e, y: exponential(base, y), x, cost=TRANSCENDENTAL)
    return point(lambda e, y: vector_math.pow(e.constant(base, y.element), y), x, cost=2 * TRANSCENDENTAL)


def exponential(base: float, y: Vec) -> Vec:
    """``base`` to the power of ``y``, as 2^(y log2 base): the logarithm is known, in two parts."""
    e = y.emitter
    with decimal.localcontext(prec=60):
        logarithm = decimal.Decimal(base).ln() / decimal.Decimal(2).ln()
        high = float(np.float32(logarithm)) if y.element is F32 else float(logarithm)
        low = float(logarithm - decimal.Decimal(high))
    product = two_product(y, e.constant(high, y.element))
    rest = e.mul_add(y, low, product.low)
    # Of infinity the rest is nan, and beyond that bound the result is infinity or zero.
    rest = e.select(e.abs(product.high) < 2.0 * format_of(y).bias, rest, 0.0)
    return vector_math.exp2(product.high) * (1.0 + rest * math.log(2))


@lowers("Addcmul", "Addcdiv")
def lower_addc(operation: Operation, x: Node, a: Node, b: Node, *, value: Any) -> Node:
    x, a, b = of_one_type(x, a, b)
    if x.dtype.kind != "f":
        raise Unsupported("integers")
    if isinstance(value, Node):
        value = converted(value, x.dtype)
    term = mul(a, value)
    return add(x, (mul if operation.primitive.name == "Addcmul" else div)(term, b))


@lowers("Lerp", "LerpBackward1")
def lower_lerp(operation: Operation, x: Node, end: Node, weight: Any) -> Node:
    if x.dtype.kind != "f":
        raise Unsupported("integers")
    if isinstance(weight, Node):
        weight = converted(weight, x.dtype)
        near = add(x, mul(weight, sub(end, x)))
        far = sub(end, mul(sub(end, x), sub(1.0, weight)))
        return where(less(point(Emitter.abs, weight), 0.5), near, far)
    if abs(weight) < 0.5:
        return add(x, mul(sub(end, x), weight))
    return sub(end, mul(sub(end, x), 1 - weight))


@lowers("Where")
def lower_where(operation: Operation, condition: Node, a: Any, b: Any) -> Node:
    a, b = of_one_type(a, b)
    return point(Emitter.select, condition, a, b, dtype=a.dtype)


@lowers("MaskedFill", "MaskedFillBackward1")
def lower_masked_fill(operation: Operation, mask: Node, x: Node, value: Any = None, **params: Any) -> Node:
    value = params.get("value", value)
    if isinstance(value, Node):
        value = converted(value, x.dtype)
    return where(mask, value, x)


@lowers("ToCopy")
def lower_conversion(operation: Operation, x: Node, *, to: Any) -> Node:
    return converted(x, operation.outputs[0].dtype)


@lowers("Clone", "Alias")
def lower_clone(operation: Operation, x: Node, **params: Any) -> Node:
    return x


@lowers("CopyBackwards")
def lower_copy(operation: Operation, into: Node, x: Node) -> Node:
    return broadcast(converted(x, into.dtype), into.shape)


@lowers("FillBackward0", "FillBackward1", "FillBackward2", "FillBackward3")
def lower_fill(operation: Operation, x: Node, value: Any = None, **params: Any) -> Node:
    value = params.get("value", value)
    if isinstance(value, Node):
        return broadcast(converted(value, x.dtype), x.shape)
    return number(value, x.shape, x.dtype)


@lowers("Zero")
def lower_zero(operation: Operation, x: Node) -> Node:
    return number(0, x.shape, x.dtype)
