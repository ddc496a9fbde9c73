"""Views of an example as views of all examples, and chains of them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..primitive import REGISTRY, Primitive
from ..views import around, arranged, elementwise_strides, extent, follow
from . import batching_rule, mapped
from .dimensions import shifted
from .operands import Operand

Shape = tuple[int, ...]
Chain = tuple[tuple[Primitive, dict[str, Any]], ...]


def steps(primitive: Any, params: dict[str, Any], every: Any) -> Chain:
    """The view operations on an array ``every`` of all examples that do to each what the primitive does."""
    name = primitive.name
    size, *rest = every.shape
    shape = tuple(rest)
    if name in ("View", "ReshapeAlias"):
        return ((primitive, {"size": (size, *inferred(params["size"], shape))}),)
    if name == "Expand":
        new = len(params["size"]) - len(shape)
        unsqueeze = ((REGISTRY["Unsqueeze"], {"dim": 1}),) * new
        return (*unsqueeze, (primitive, {"size": (size, *params["size"])}))
    if name == "Subscript":
        key = params["key"]
        return ((primitive, {"key": (slice(None), *(key if isinstance(key, tuple) else (key,)))}),)
    if name.startswith("T") and len(shape) < 2:  # T, Transpose and their in-place forms
        return ((REGISTRY["Alias"], {}),)
    if name in ("T", "TBackward1"):
        return ((REGISTRY["Transpose"], {"dim0": 1, "dim1": 2}),)
    if name == "Permute":
        return ((primitive, {"dims": (0, *[d + 1 for d in params["dims"]])}),)
    if name.startswith("AsStrided"):
        return ((primitive, strided(params, every)),)
    if name == "Unfold":
        if not shape:  # counts as a vector of one element
            part = {"dim": 1, "start": 0, "end": params["size"], "step": 1}
            return ((REGISTRY["Unsqueeze"], {"dim": 1}), (REGISTRY["Slice"], part))
        return ((primitive, {**params, "dim": params["dim"] + 1}),)
    return ((primitive, shifted(params, size)),)


def strided(params: dict[str, Any], every: Any) -> dict[str, Any]:
    """The parameters of ``as_strided`` for all examples."""
    strides = elementwise_strides(every)
    extent = 1 + sum([(n - 1) * s for n, s in zip(every.shape[1:], strides[1:])])
    if every.shape[0] > 1 and strides[0] < extent and strides[0]:
        raise RuntimeError(
            "vmap: Calling Tensor.as_strided is not supported unless the batch dims being vmapped over are at the front "
            "of the tensor (in memory layout). When they are not at the front of the tensor this operation can be error "
            "prone so we actively discourage it; please file us a bug report and/or try to express the as_strided "
            "operation in terms of PyTorch view operations"
        )
    return {
        "size": (every.shape[0], *params["size"]),
        "stride": (strides[0], *params["stride"]),
        "offset": params["offset"],
        "geometry": (every.shape, strides),
    }


def inferred(size: Shape, shape: Shape) -> Shape:
    """A shape that may have a -1 in it, for elements that have ``shape`` now."""
    if -1 not in size:
        return size
    rest = -prod(size)
    return tuple([prod(shape) // rest if s == -1 else s for s in size])


@batching_rule(family="view")
def view_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    (x,) = operands
    if hasattr(primitive, "parts"):
        parts = primitive.parts(x.shape, **params)
        return tuple([view_rule(p, operands, q, size) for p, q in parts])
    value = x.value
    for step, options in steps(primitive, params, value._data):
        value = step.bind(value, **options)
    return value


# -- chains -----------------------------------------------------------------------------------------------------


def batched_chain(chain: Chain, layout: Any, base: Operand, size: int) -> dict[str, Any]:
    """The parameters of the two operations on chains, for all examples."""
    shape = base.shape
    every: Any = np.empty((size, *shape), base.value._data.dtype)
    if layout is not None:
        layout = (max(extent(shape, layout) + sum(around(chain)), 1), *layout)
        every = arranged(every, layout)
    out: list[Any] = []
    for primitive, params in chain:
        more = steps(primitive, params, every)
        out += more
        every = follow(every, more)
    return {"chain": tuple(out), "layout": layout}


@batching_rule("AsStridedBackward0", "CopySlices")
def chain_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    options = batched_chain(params["chain"], params["layout"], operands[0], size)
    return primitive.bind(*[mapped(o, size) for o in operands], **options)
