"""Operations along dimensions: with the examples in front, each dimension is one further on."""

from __future__ import annotations

from math import prod
from typing import Any

from ..primitive import REGISTRY, Primitive
from . import batching_rule, mapped
from .naming import aten_name, raise_dynamic
from .operands import Operand

DIMENSIONS = frozenset({"dim", "dims", "dim0", "dim1", "dim2"})
SHAPES = frozenset({"shape", "size"})


def further(dim: Any) -> Any:
    """A dimension, or several, counted with the examples in front."""
    if isinstance(dim, tuple):
        return tuple([further(d) for d in dim])
    return dim + 1 if dim >= 0 else dim


def shifted(params: dict[str, Any], size: int) -> dict[str, Any]:
    """A primitive's parameters with the examples in front of all it speaks of."""
    return {
        k: further(v) if k in DIMENSIONS else (size, *v) if k in SHAPES and isinstance(v, tuple) else v
        for k, v in params.items()
    }


def all_of(x: Operand) -> tuple[int, ...]:
    """All dimensions of an example."""
    return tuple(range(1, x.ndim + 1))


def as_vectors(x: Operand) -> Any:
    """The examples as rows of a matrix."""
    return x.value.reshape(x.value._data.shape[0], prod(x.shape))


@batching_rule(
    "Shift", "Cumsum", "Flip", "Rot90", "Softmax", "LogSoftmax", "SoftmaxBackwardDataBackward0",
    "LogSoftmaxBackwardDataBackward0", "Glu", "UnsafeView",
    "SelectBackwardBackward0", "SelectScatter", "SliceBackwardBackward0", "SliceScatter", "DiagonalBackwardBackward0",
    "DiagonalScatter", "DiagonalBackward0_copy", "DiagEmbed", "Cat", "Stack",
    "ConstantPadNd", "ReflectionPad1D", "ReflectionPad2D", "ReflectionPad3D", "ReplicationPad1D", "ReplicationPad2D",
    "ReplicationPad3D", "ReflectionPad1DBackwardBackward0", "ReflectionPad2DBackwardBackward0",
    "ReflectionPad3DBackwardBackward0", "ReplicationPad1DBackwardBackward0", "ReplicationPad2DBackwardBackward0",
    "ReplicationPad3DBackwardBackward0", "Tril", "Triu",
)  # fmt: skip
@batching_rule(family="scan")
@batching_rule(family="selecting")
@batching_rule(family="fourier")
def along_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    values = [mapped(o, size) for o in operands]
    if isinstance(params.get("dim"), int) and "shape" not in params and operands[0].ndim == 0:
        if primitive.name == "Stack":
            return primitive.bind(*values, **shifted(params, size))
        # An example without dimensions has one element along dimension 0.
        out = primitive.bind(*[v.unsqueeze(1) for v in values], **{**params, "dim": 1})
        if params.get("keepdim") is False:
            return out
        return tuple([o.squeeze(1) for o in out]) if isinstance(out, tuple) else out.squeeze(1)
    return primitive.bind(*values, **shifted(params, size))


@batching_rule("UnfoldBackwardBackward0")
def fold_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (g,) = operands
    if params["shape"]:
        return primitive.bind(g.value, **{**shifted(params, size), "size": params["size"]})
    return g.value.sum(tuple(range(1, g.ndim + 1)))


@batching_rule("Roll")
def roll_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,) = operands
    if params["dims"]:
        return primitive.bind(x.value, **shifted(params, size))
    out = primitive.bind(as_vectors(x), shifts=params["shifts"], dims=(1,))
    return out.reshape(x.value._data.shape)


@batching_rule("Repeat")
def repeat_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,), repeats = operands, params["repeats"]
    value = x.value.reshape(size, *(1,) * (len(repeats) - x.ndim), *x.shape)
    return primitive.bind(value, repeats=(1, *repeats))


# -- reductions -----------------------------------------------------------------------------------------------


@batching_rule(family="reduction")
def reduction_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,) = operands
    dim = params.get("dim", ())
    if "dim" not in params:
        return NotImplemented
    value = x.value
    if x.ndim == 0:
        # All dimensions of an example without any: one of size one. None must be left of it, whatever keepdim says.
        if dim == ():
            return primitive.bind(value, **params)
        options = {**params, "dim": 1 if isinstance(dim, int) else (1,)}
        return primitive.bind(value.unsqueeze(1), **{k: False if k == "keepdim" else v for k, v in options.items()})
    return primitive.bind(value, **{**params, "dim": all_of(x) if dim is None else further(dim)})


@batching_rule("Prod", "Argmax", "Argmin")
def whole_as_vector(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """These can reduce one dimension or all, but not several."""
    (x,) = operands
    if params["dim"] is not None or (x.ndim == 0 and primitive.name != "Prod"):
        options = {**params, "dim": 0 if params["dim"] is None else params["dim"]}
        return reduction_rule(primitive, operands, options, size)
    one = (1,) if primitive.name == "Prod" else 1
    out = primitive.bind(as_vectors(x), dim=one, keepdim=False)
    return out.reshape(size, *(1,) * x.ndim) if params["keepdim"] else out


@batching_rule("MaxBackward1", "MinBackward1")
def extremum_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    along = REGISTRY["Amax" if primitive.name.startswith("Max") else "Amin"]
    return reduction_rule(along, operands, params, size)


@batching_rule("Dist")
def dist_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    from .elementwise import aligned

    a, b = aligned(operands)
    difference = a - b
    norm = REGISTRY["LinalgVectorNorm"]
    rest = Operand(difference, True, difference._data.ndim - 1)
    return reduction_rule(norm, [rest], {"ord": params["p"], "dim": None, "keepdim": False}, size)


@batching_rule(family="distinct")
def distinct_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    raise_dynamic(aten_name(primitive))
