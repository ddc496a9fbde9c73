"""Linear algebra, which takes batches of matrices by itself."""

from __future__ import annotations

from typing import Any

from ..primitive import REGISTRY, Primitive
from . import batching_rule, mapped, with_ndim
from .dimensions import further
from .operands import Operand


@batching_rule(family="matrices")
def one_matrix_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    return primitive.bind(operands[0].value, **params)


@batching_rule("LinalgSolveEx")
def solve_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    a, b = operands
    own = 1 if params["vector"] else 2  # dimensions of a right-hand side
    batch = max(a.ndim - 2, b.ndim - own)
    # A right-hand side that is the same for all would be taken for a batch of vectors, or the other way round.
    full = [with_ndim(Operand(mapped(o, size), True, o.ndim), batch + n) for o, n in ((a, 2), (b, own))]
    shape = (size, *_common(full[0]._data.shape[1:-2], full[1]._data.shape[1 : batch + 1]))
    full = [t.expand(*shape, *t._data.shape[len(shape) :]) for t in full]
    return primitive.bind(*full, **params)


OWN_DIMENSIONS = {
    "LinalgSolveTriangular": (2, 2),
    "LinalgLstsq": (2, 2),
    "LinalgPinv": (2, 0, 0),
    "LinalgLdlSolve": (2, 1, 2),
}


@batching_rule(*OWN_DIMENSIONS)
def several_matrices_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """All operands with as many dimensions in front of their own."""
    own = OWN_DIMENSIONS[primitive.name]
    batch = max(o.ndim - n for o, n in zip(operands, own))
    if primitive.outputs != 1:  # one of which may come from an operand that is the same for all examples
        operands = [Operand(mapped(o, size), True, o.ndim) for o in operands]
    return primitive.bind(*[with_ndim(o, batch + n) for o, n in zip(operands, own)], **params)


def _common(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple([m if n == 1 else n for m, n in zip(a, b)])


@batching_rule("LinalgCross")
def cross_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    # Both must have as many dimensions.
    return primitive.bind(*[mapped(o, size) for o in operands], **{**params, "dim": further(params["dim"])})


@batching_rule("BlockDiag")
def block_diag_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    pad = REGISTRY["ConstantPadNd"]
    blocks = [with_ndim(Operand(mapped(o, size), True, o.ndim), 2) for o in operands]
    heights, widths = zip(*[b._data.shape[1:] for b in blocks])
    total = None
    for i, block in enumerate(blocks):
        columns, rows = (sum(widths[:i]), sum(widths[i + 1 :])), (sum(heights[:i]), sum(heights[i + 1 :]))
        padded = pad.bind(block, pad=(columns, rows), value=0)
        total = padded if total is None else total + padded
    return total
