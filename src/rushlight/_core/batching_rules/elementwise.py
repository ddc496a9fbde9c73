"""Operations on each element: the examples are aligned, and broadcast as one would."""

from __future__ import annotations

from typing import Any

from ..primitive import Primitive
from ..views import extent
from . import batching_rule, mapped, with_ndim
from .operands import Operand


def aligned(operands: list[Operand]) -> list[Any]:
    """The values such that broadcasting them broadcasts the examples."""
    ndim = operands[0].ndim
    for o in operands:
        if o.ndim != ndim:
            ndim = max([o.ndim for o in operands])
            return [with_ndim(o, ndim) for o in operands]
    return [o.value for o in operands]


@batching_rule("PreluKernel", "Cdist", family="elementwise")
@batching_rule(family="unary")
@batching_rule(family="random")
@batching_rule(family="binary")
def aligned_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    if params or primitive.function is None:
        return primitive.bind(*aligned(operands), **params)
    return primitive.function(*aligned(operands))


@batching_rule("ThresholdBackwardBackward0", "LeakyReluBackwardBackward0", "RreluWithNoise")
def same_shapes_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """These do not broadcast."""
    return primitive.bind(*[mapped(o, size) for o in operands], **params)


@batching_rule("ToCopy", "Clone", "Zero")
def as_it_is(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    return primitive.bind(operands[0].value, **params)


@batching_rule("CopyBackwards")
def copy_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, source = operands
    return primitive.bind(mapped(x, size), with_ndim(source, x.ndim), **params)


@batching_rule("FillBackward0", "FillBackward1", "FillBackward2", "FillBackward3")
def fill_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, value = operands
    if not value.mapped:
        return primitive.bind(x.value, value.value, **params)
    return mapped(x, size).new_zeros(()) + with_ndim(value, x.ndim).expand(size, *x.shape)


@batching_rule("Arrange")
def arrange_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,), layout, room = operands, params["layout"], params.get("room", (0, 0))
    return primitive.bind(x.value, layout=(max(extent(x.shape, layout) + sum(room), 1), *layout), room=room)


@batching_rule("Isin")
def isin_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    elements, tests = operands
    return NotImplemented if tests.mapped else primitive.bind(elements.value, tests.value, **params)


@batching_rule("MaskedFill", "MaskedFillBackward1")
def masked_fill_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    mask, x, *value = operands
    ndim = max(mask.ndim, x.ndim)
    values = [with_ndim(o, ndim) for o in value]
    full = Operand(mapped(x, size), True, x.ndim)
    return primitive.bind(with_ndim(mask, ndim), with_ndim(full, ndim), *values, **params)


@batching_rule("Multinomial")
def multinomial_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,) = operands
    if x.ndim == 1:
        return primitive.bind(x.value, **params)
    rows, n = x.shape
    return primitive.bind(x.value.reshape(size * rows, n), **params).reshape(size, rows, -1)
