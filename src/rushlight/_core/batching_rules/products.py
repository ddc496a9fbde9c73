"""Products of matrices and vectors: batches of them, or one product where a factor is the same for all examples."""

from __future__ import annotations

from math import prod
from typing import Any

from ..primitive import Primitive
from . import batching_rule, with_ndim
from .operands import Operand


def matmul(a: Operand, b: Operand) -> Any:
    """``a @ b`` for each example; vectors count as one row, or one column."""
    row, column = a.ndim == 1, b.ndim == 1
    if row and column:
        return dot(a.value, b.value)
    if column and not a.mapped:
        # The same matrices for all vectors: one product with the vectors as rows.
        if a.ndim == 2:
            return b.value.matmul(a.value.mT)
        ndim = a.ndim
        return a.value.matmul(with_ndim(b, ndim - 1).unsqueeze(-1)).squeeze(-1)
    if row:
        a = Operand(a.value.unsqueeze(-2), a.mapped, 2)
    if column:
        b = Operand(b.value.unsqueeze(-1), b.mapped, 2)
    # A single matrix that is the same for all needs no dimensions: what it multiplies is then folded to one.
    ndim = max(a.ndim, b.ndim)
    out = with_ndim(a, ndim).matmul(with_ndim(b, ndim))
    if row:
        out = out.squeeze(-2)
    return out.squeeze(-1) if column else out


def dot(a: Any, b: Any) -> Any:
    if a._data.ndim == 2 and b._data.ndim == 1:
        return a.matmul(b)
    if a._data.ndim == 1:
        return b.matmul(a)
    return a.unsqueeze(-2).matmul(b.unsqueeze(-1)).squeeze(-1).squeeze(-1)


@batching_rule("Mm", "Mv", "Dot", "Bmm", "Matmul")
def matmul_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    return matmul(*operands)


@batching_rule("Vdot")
def vdot_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    return dot(operands[0].value.conj(), operands[1].value)


def outer(a: Operand, b: Operand) -> Any:
    return a.value.unsqueeze(-1) * b.value.unsqueeze(-2)


@batching_rule("Addmm", "Addmv", "Addr", "Baddbmm", "Addbmm")
def plus_product_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    added, a, b = operands
    beta, alpha = params["beta"], params["alpha"]
    product = outer(a, b) if primitive.name == "Addr" else matmul(a, b)
    many = a.mapped or b.mapped
    if primitive.name == "Addbmm":
        product = product.sum(1 if many else 0)
    if alpha != 1:
        product = product * alpha
    if beta == 0:  # hides even nan
        return product if many else product.unsqueeze(0).expand(size, *product._data.shape)
    scaled = added.value if beta == 1 else added.value * beta
    ndim = product._data.ndim - many
    return with_ndim(Operand(scaled, added.mapped, added.ndim), ndim) + product


@batching_rule("Linear")
def linear_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, weight, bias = operands
    if not weight.mapped and not bias.mapped:
        return primitive.bind(x.value, weight.value, bias.value)
    ndim = x.ndim
    if weight.mapped:
        shape = x.value._data.shape
        # One matrix of rows for each weight.
        rows = x.value.reshape(*shape[: x.mapped], prod(x.shape[:-1]), shape[-1])
        out = rows.matmul(weight.value.mT)
        out = out.reshape(size, *x.shape[:-1], out._data.shape[-1])
    else:
        out = primitive.bind(x.value, weight.value, None)
    if bias.value is None:
        return out
    return out + with_ndim(bias, ndim)
