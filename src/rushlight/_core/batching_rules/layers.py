"""Operations of layers: normalizations, tables that are looked up."""

from __future__ import annotations

from typing import Any

from ..primitive import REGISTRY, Primitive
from . import batching_rule, mapped
from .operands import Operand

# -- normalizations -----------------------------------------------------------------------------------------------


def _parameters(operands: list[Operand], size: int) -> tuple[list[Any], bool]:
    """Weights and the like; for each example, where they differ for one of them. None stays None."""
    differ = any(o.mapped for o in operands)
    return [o.value if o.value is None or not differ else mapped(o, size) for o in operands], differ


@batching_rule("NativeLayerNorm")
def standardize_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, *parameters = operands
    values, differ = _parameters(parameters, size)
    layout = params["layout"]
    folded = (size, *layout.folded)
    affine, own = layout.affine, layout.own
    if differ:
        affine = (size, *(1,) * (len(layout.folded) - len(affine)), *affine)
        own = (size, *own)
    layout = layout._replace(folded=folded, axes=tuple([a + 1 for a in layout.axes]), affine=affine, own=own)
    return primitive.bind(mapped(x, size), *values, **{**params, "layout": layout})


@batching_rule("NativeBatchNorm")
def fixed_norm_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, *parameters = operands
    values, differ = _parameters(parameters, size)
    affine = params["affine"]
    if differ:
        affine = (size, *(1,) * (x.ndim - len(affine)), *affine)
    return primitive.bind(mapped(x, size), *values, **{**params, "affine": affine})


# -- tables -------------------------------------------------------------------------------------------------------


def _apart(indices: Operand, rows: int, size: int) -> Any:
    """Indices of rows of one table after the other."""
    value = mapped(indices, size)
    first = value.new_tensor([i * rows for i in range(size)])
    return value + first.reshape(size, *(1,) * indices.ndim)


@batching_rule("Embedding")
def embedding_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    weight, indices = operands
    if not weight.mapped:
        return primitive.bind(weight.value, indices.value, **params)
    if params["scale_grad_by_freq"]:
        return NotImplemented
    rows, width = weight.shape
    table = weight.value.reshape(size * rows, width)
    out = primitive.bind(table, _apart(indices, rows, size), padding_idx=-1, scale_grad_by_freq=False)
    padding = params["padding_idx"]
    if padding < 0:
        return out
    # Nothing flows back to the padding, which is another row in each table.
    return out.detach().where((mapped(indices, size) == padding).unsqueeze(-1), out)


@batching_rule("EmbeddingDenseBackward")
def embedding_added_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    g, indices = operands
    rows, padding = params["rows"], params["padding_idx"]
    options = {**params, "rows": size * rows, "padding_idx": -1}
    out = primitive.bind(mapped(g, size), _apart(indices, rows, size), **options)
    out = out.reshape(size, rows, -1)
    if padding < 0:
        return out
    return REGISTRY["IndexFill"].bind(out, indices.value.new_tensor([padding]), dim=1, value=0)


# -- searching ------------------------------------------------------------------------------------------------------


@batching_rule("Searchsorted")
def searchsorted_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    sequence, values, sorter = operands
    if sequence.ndim == 1:
        if not sequence.mapped and not sorter.mapped:
            return primitive.bind(sequence.value, values.value, sorter.value, **params)
        # One search for each example.
        flat = mapped(values, size).reshape(size, -1)
        order = None if sorter.value is None else mapped(sorter, size)
        return primitive.bind(mapped(sequence, size), flat, order, **params).reshape(size, *values.shape)
    order = None if sorter.value is None else mapped(sorter, size)
    return primitive.bind(mapped(sequence, size), mapped(values, size), order, **params)
