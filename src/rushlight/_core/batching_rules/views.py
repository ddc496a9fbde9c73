"""Views of an example as views of all examples, and chains of them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..batching import Operand
from ..primitive import REGISTRY, Primitive
from . import batching_rule, mapped
from .dimensions import shifted

Shape = tuple[int, ...]
Chain = tuple[tuple[Primitive, dict[str, Any]], ...]


def steps(primitive: Any, params: dict[str, Any], shape: Shape, size: int) -> Chain | None:
    """The view operations on all examples that do to each, of ``shape``, what the primitive does; None: unknown."""
    name = primitive.name
    if name in ("View", "ReshapeAlias"):
        return ((primitive, {"size": (size, *inferred(params["size"], shape))}),)
    if name == "Expand":
        new = len(params["size"]) - len(shape)
        unsqueeze = ((REGISTRY["Unsqueeze"], {"dim": 1}),) * new
        return (*unsqueeze, (primitive, {"size": (size, *params["size"])}))
    if name == "Subscript":
        key = params["key"]
        return ((primitive, {"key": (slice(None), *(key if isinstance(key, tuple) else (key,)))}),)
    if name.startswith(("T", "Transpose")) and len(shape) < 2:
        return ((REGISTRY["Alias"], {}),)
    if name in ("T", "TBackward1"):
        return ((REGISTRY["Transpose"], {"dim0": 1, "dim1": 2}),)
    if name == "Permute":
        return ((primitive, {"dims": (0, *[d + 1 for d in params["dims"]])}),)
    if name.startswith("AsStrided"):
        return None
    if name == "Unfold":
        step = (primitive, {**params, "dim": params["dim"] + 1})
        if not shape:  # counts as a vector of one element
            part = {"dim": 1, "start": 0, "end": params["size"], "step": 1}
            return ((REGISTRY["Unsqueeze"], {"dim": 1}), (REGISTRY["Slice"], part))
        return (step,)
    return ((primitive, shifted(params, size)),)


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
    chain = steps(primitive, params, x.shape, size)
    if chain is None:
        return NotImplemented
    value = x.value
    for step, options in chain:
        value = step.bind(value, **options)
    return value


# -- chains -----------------------------------------------------------------------------------------------------


def batched_chain(chain: Chain, layout: Any, shape: Shape, size: int) -> dict[str, Any] | None:
    """The parameters of the two operations on chains, for all examples."""
    out: list[Any] = []
    example: Any = np.empty(shape)
    for primitive, params in chain:
        more = steps(primitive, params, example.shape, size)
        if more is None:
            return None
        out += more
        example = primitive.forward(example, **params)
    if layout is not None:
        extent = 1 + sum([(n - 1) * s for n, s in zip(shape, layout)])
        layout = (max(extent, 1), *layout)
    return {"chain": tuple(out), "layout": layout}


@batching_rule("AsStridedBackward0", "CopySlices")
def chain_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    options = batched_chain(params["chain"], params["layout"], operands[0].shape, size)
    if options is None:
        return NotImplemented
    return primitive.bind(*[mapped(o, size) for o in operands], **options)
