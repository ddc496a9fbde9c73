"""Products of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import Operation
from ..loops import (
    Affine,
    Buffer,
    Node,
    Product,
    Shape,
    View,
    broadcast,
    counters,
    permute,
    reduce,
    reshape,
    view,
)  # fmt: skip
from .base import (
    Unsupported,
    add,
    lowers,
    mul,
)  # fmt: skip

UNROLLED = 4096  # products with at most so many multiplications are loops of their own


def matrix_product(a: Node, b: Node) -> Node:
    """``a @ b`` of two matrices, or of batches of them."""
    (m, k), n = a.shape[-2:], b.shape[-1]
    if a.dtype != b.dtype or a.dtype.kind != "f":
        raise Unsupported("a product of integers")
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    if not math.prod(batch) * m * k * n:
        raise Unsupported("nothing")
    if m * k * n <= UNROLLED or 1 in (m, k, n):
        return in_loops(a, b)  # each element is read once, or once for each row: panels have nothing to gain
    return Product(operand(a, (*batch, m, k)), operand(b, (*batch, k, n)))


def operand(x: Node, shape: Shape) -> Node:
    """What a product takes. The caller's memory may lie as products cannot read it: a view of it is copied then."""
    x = broadcast(x, shape)
    return View(x, counters(len(shape)), shape) if isinstance(x, Buffer) else x


def in_loops(a: Node, b: Node) -> Node:
    """Products of matrices, or of batches of them, as loops."""
    if a.shape[-1] == 1:
        return mul(a, b)  # a column times a row
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    shape = (*batch, *a.shape[-2:], b.shape[-1])
    *outer, i, j, l = counters(len(shape))
    # What is repeated along the batch has one element there, or lacks the dimension.
    of = lambda x: [
        axis if n > 1 else zero(len(shape)) for axis, n in zip(outer[len(batch) + 2 - len(x.shape) :], x.shape)
    ]
    rows, columns = view(a, (*of(a), i, j), shape), view(b, (*of(b), j, l), shape)
    return reduce("sum", mul(rows, columns), (len(batch) + 1,))


def zero(n: int) -> Affine:
    """The first place, whatever the n counters."""
    return Affine(0, (0,) * n)


@lowers("Mm", "Matmul", "Bmm")
def lower_product(operation: Operation, a: Node, b: Node) -> Node:
    shape = operation.outputs[0].shape
    # A vector is one row, or one column.
    a = reshape(a, (1, *a.shape)) if len(a.shape) == 1 else a
    b = reshape(b, (*b.shape, 1)) if len(b.shape) == 1 else b
    if math.prod(b.shape[:-2]) == 1:
        rows = reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))
        return reshape(matrix_product(rows, reshape(b, b.shape[-2:])), shape)
    return reshape(matrix_product(a, b), shape)


@lowers("Mv")
def lower_mv(operation: Operation, a: Node, b: Node) -> Node:
    return reshape(matrix_product(a, reshape(b, (b.shape[0], 1))), (a.shape[0],))


@lowers("Dot", "Vdot")
def lower_dot(operation: Operation, a: Node, b: Node) -> Node:
    if a.dtype != b.dtype or a.dtype.kind != "f" or not a.size:
        raise Unsupported("a product of integers")
    return reduce("sum", mul(a, b), (0,))


@lowers("Linear")
def lower_linear(operation: Operation, x: Node, weight: Node, bias: Any) -> Node:
    if len(weight.shape) != 2 or not x.shape:
        raise Unsupported("Linear")
    rows = reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))
    out = matrix_product(rows, permute(weight, (1, 0)))
    if bias is not None:
        out = add(out, bias)
    return reshape(out, (*x.shape[:-1], weight.shape[0]))


@lowers("Addmm")
def lower_addmm(operation: Operation, input: Node, a: Node, b: Node, *, beta: Any, alpha: Any) -> Node:
    if isinstance(beta, Node) or isinstance(alpha, Node) or beta == 0:
        raise Unsupported("Addmm")
    out = matrix_product(a, b)
    if alpha != 1:
        out = mul(out, float(alpha))
    return add(out, input if beta == 1 else mul(input, float(beta)))
