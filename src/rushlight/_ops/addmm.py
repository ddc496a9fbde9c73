"""A product added to a tensor, in one operation: ``beta * input + alpha * (a @ b)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.families import promote
from .._core.out_checks import OutCheck, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .matmul import (
    check_batch,
    check_mm,
    check_mv,
    check_scalar_type,
    cpp_name,
    kind_of,
    matmul,
    matmul_p,
    same_dtype,
)


def scaled(t: Any, factor: Any) -> Any:
    return t if factor == 1 else t * factor


def _sum_of(product: Callable[..., Any]) -> Callable[..., Any]:
    """The forward: the product is written first, what is added goes into it in place."""

    def forward(input: Any, a: Any, b: Any, *, beta: Any, alpha: Any) -> Any:
        out = product(a, b)
        if alpha != 1:
            out = out * out.dtype.type(alpha)
        if beta != 0:  # a beta of zero hides even nan
            out += input if beta == 1 else input * input.dtype.type(beta)
        return out

    return forward


def plus_product(
    name: str, product: Callable[..., Any], left: Callable[..., Any], right: Callable[..., Any], function: Any
) -> Primitive:
    """The record of ``beta * input + alpha * product(a, b)``.

    ``product`` works on arrays, ``function`` is the same on tensors; ``left(g, b)`` and ``right(g, a)`` are the
    cotangents of its operands.
    """

    def tangent(a: Any, b: Any, input_t: Any, a_t: Any, b_t: Any, beta: Any, alpha: Any) -> Any:
        terms = []
        if a_t is not None:
            terms.append(scaled(function(a_t, b), alpha))
        if b_t is not None:
            terms.append(scaled(function(a, b_t), alpha))
        if input_t is not None:
            terms.append(scaled(input_t, beta))
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    return Primitive(
        name,
        _sum_of(product),
        inputs="input a b",
        vjp=(
            lambda g, beta, input_shape: scaled(g, beta.conjugate()).sum_to_size(input_shape),
            lambda g, b, alpha: scaled(left(g, b), alpha.conjugate()),
            lambda g, a, alpha: scaled(right(g, a), alpha.conjugate()),
        ),
        jvp=tangent,
        widen=True,
        family="bilinear",
    )


def _summed_product(a: Any, b: Any) -> Any:
    """The sum of a batch of products, which is a product too: (n, b * k) by (b * k, m)."""
    batch, n, k = a.shape
    return np.matmul(a.transpose(1, 0, 2).reshape(n, batch * k), b.reshape(batch * k, b.shape[2]))


addmm_p = plus_product(
    "Addmm", np.matmul, lambda g, b: matmul(g, b.mH), lambda g, a: matmul(a.mH, g), lambda a, b: matmul(a, b)
)
addmv_p = plus_product(
    "Addmv",
    np.matmul,
    lambda g, b: g.unsqueeze(-1) * b.conj(),
    lambda g, a: matmul(a.mH, g),
    lambda a, b: matmul(a, b),
)
addr_p = plus_product(
    "Addr",
    np.multiply.outer,
    lambda g, b: matmul(g, b.conj()),
    lambda g, a: matmul(g.mT, a.conj()),
    lambda a, b: a.unsqueeze(-1) * b,
)
baddbmm_p = plus_product(
    "Baddbmm", np.matmul, lambda g, b: matmul(g, b.mH), lambda g, a: matmul(a.mH, g), lambda a, b: matmul(a, b)
)
addbmm_p = plus_product(
    "Addbmm",
    lambda a, b: _summed_product(a, b),
    lambda g, b: matmul_p.bind(g, b.mH),
    lambda g, a: matmul_p.bind(a.mH, g),
    lambda a, b: matmul_p.bind(a, b).sum(0),
)


def check_expandable(t: Tensor, size: tuple[int, ...]) -> None:
    """RuntimeError where ``t`` cannot be broadcast to ``size``."""
    shape = t._data.shape
    lead = len(size) - len(shape)
    if lead < 0:
        raise RuntimeError(
            f"expand(torch.{kind_of(t)}Tensor{{{list(shape)}}}, size={list(size)}): the number of sizes provided "
            f"({len(size)}) must be greater or equal to the number of dimensions in the tensor ({len(shape)})"
        )
    for d in reversed(range(len(shape))):
        if shape[d] not in (1, size[lead + d]):
            raise RuntimeError(
                f"The expanded size of the tensor ({size[lead + d]}) must match the existing size ({shape[d]}) at "
                f"non-singleton dimension {lead + d}.  Target sizes: {list(size)}.  Tensor sizes: {list(shape)}"
            )


def check_addmm(input: Tensor, mat1: Tensor, mat2: Tensor) -> None:
    """Refuse what ``addmm`` refuses."""
    for name, mat in (("mat1", mat1), ("mat2", mat2)):
        if mat._data.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {mat._data.ndim}-D tensor")
    if mat1._data.shape[1] == mat2._data.shape[0]:
        if input._data.dtype != mat2._data.dtype:
            kinds = f"{kind_of(input)} and {kind_of(mat2)}"
            raise RuntimeError(f"self and mat2 must have the same dtype, but got {kinds}")
        if mat1._data.dtype != mat2._data.dtype:
            kinds = f"{kind_of(mat1)} and {kind_of(mat2)}"
            raise RuntimeError(f"mat1 and mat2 must have the same dtype, but got {kinds}")
    check_mm(mat1, mat2)
    check_expandable(input, (mat1._data.shape[0], mat2._data.shape[1]))


def _factors(input: Tensor, beta: Any, alpha: Any) -> dict[str, Any]:
    """alpha and beta as the dtype of ``input`` takes them."""
    kind = input._data.dtype.kind
    factors = {}
    for name, value in (("beta", beta), ("alpha", alpha)):
        value = value.item() if isinstance(value, (Tensor, np.generic)) else value
        if isinstance(value, complex) and kind != "c":
            raise RuntimeError(f"value cannot be converted to type {cpp_name(input)} without overflow")
        factors[name] = int(value) if kind in "iu" else value
    return factors


def _check_tensors(operation: str, *named: tuple[str, Any]) -> None:
    for position, (name, value) in enumerate(named, 1):
        check_tensor(value, operation, name, position)


@operation(inplace=True, out=exact_dtype)
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)`` for matrices (n, k), (k, m); ``input`` is broadcast to (n, m).

    All must have one dtype. Where ``beta`` is 0, ``input`` is not looked at.

    >>> import rushlight as torch
    >>> torch.addmm(torch.ones(2), torch.eye(2), torch.eye(2), alpha=3)
    tensor([[4., 1.],
            [1., 4.]])
    """
    _check_tensors("addmm", ("input", input), ("mat1", mat1), ("mat2", mat2))
    check_addmm(input, mat1, mat2)
    return addmm_p.bind(input, mat1, mat2, **_factors(input, beta, alpha))


@operation(inplace=True, out=exact_dtype)
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (mat @ vec)`` for (n, k) and (k,); ``input`` is broadcast to (n,).

    >>> import rushlight as torch
    >>> torch.addmv(torch.ones(2), torch.eye(2), torch.tensor([1.0, 2.0]))
    tensor([2., 3.])
    """
    _check_tensors("addmv", ("input", input), ("mat", mat), ("vec", vec))
    dims = [t._data.ndim for t in (input, mat, vec)]
    if dims[0] > 1 or dims[1:] != [2, 1]:
        raise RuntimeError(f"vector + matrix @ vector expected, got {', '.join(map(str, dims))}")
    n, k = mat._data.shape
    if k != vec._data.size or input._data.size not in (1, n):
        raise RuntimeError(f"size mismatch, got input ({input._data.size}), mat ({n}x{k}), vec ({vec._data.size})")
    if not same_dtype(input, mat, vec):
        kinds = f"{kind_of(input)}, {kind_of(mat)}, and {kind_of(vec)}"
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {kinds}")
    check_mv(mat, vec)
    return addmv_p.bind(input, mat, vec, **_factors(input, beta, alpha))


@operation(inplace=True)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; ``input`` is broadcast to (n, m), dtypes are promoted.

    >>> import rushlight as torch
    >>> torch.addr(torch.zeros(2, 2), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    _check_tensors("addr", ("input", input), ("vec1", vec1), ("vec2", vec2))
    for name, vec in (("vec1", vec1), ("vec2", vec2)):
        if vec._data.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {vec._data.ndim}-D")
    check_expandable(input, (vec1._data.size, vec2._data.size))
    (input, vec1, vec2), _ = promote((input, vec1, vec2))
    return addr_p.bind(input, vec1, vec2, **_factors(input, beta, alpha))


@operation(inplace=True, out=OutCheck("self and mat2 must have the same dtype, but got {Out} and {Result}"))
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * sum(batch1[i] @ batch2[i])`` for (b, n, k) and (b, k, m) to (n, m).

    >>> import rushlight as torch
    >>> torch.addbmm(torch.zeros(1, 1), torch.ones(3, 1, 2), torch.ones(3, 2, 1))
    tensor([[6.]])
    """
    _check_tensors("addbmm", ("input", input), ("batch1", batch1), ("batch2", batch2))
    if batch1._data.ndim == 3 == batch2._data.ndim:
        (b, n, k), (b2, k2, m) = batch1._data.shape, batch2._data.shape
        check_expandable(input, (n, m))
        if b != b2:
            raise RuntimeError(f"batch1 and batch2 must have same number of batches, got {b} and {b2}")
        if k != k2:
            raise RuntimeError(f"Incompatible matrix sizes for bmm ({n}x{k} and {k2}x{m})")
    check_batch(batch1, "batch1")
    check_batch(batch2, "batch2")
    for batch in (batch1, batch2):
        if batch._data.dtype != input._data.dtype:
            raise RuntimeError(f"self and mat2 must have the same dtype, but got {kind_of(input)} and {kind_of(batch)}")
    if input._data.dtype.kind == "b":
        raise_unsupported(input, "addmm_impl_cpu_")
    return addbmm_p.bind(input, batch1, batch2, **_factors(input, beta, alpha))


@operation(inplace=True, out=exact_dtype)
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (batch1 @ batch2)`` for (b, n, k) and (b, k, m); ``input`` is broadcast.

    >>> import rushlight as torch
    >>> torch.baddbmm(torch.zeros(1), torch.ones(3, 1, 2), torch.ones(3, 2, 1)).shape
    torch.Size([3, 1, 1])
    """
    _check_tensors("baddbmm", ("input", input), ("batch1", batch1), ("batch2", batch2))
    check_batch(batch1, "batch1")
    check_batch(batch2, "batch2")
    (b, n, k), (b2, k2, m) = batch1._data.shape, batch2._data.shape
    if (b, k) != (b2, k2):
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{b}, {k}] but got: [{b2}, {k2}]."
        )
    check_expandable(input, (b, n, m))
    if input._data.dtype != batch1._data.dtype:
        names = f"input {cpp_name(input)}, batch1: {cpp_name(batch1)}, batch2: {cpp_name(batch2)}"
        raise RuntimeError(f"Input dtypes must be the same, got: {names}")
    check_scalar_type(batch1, batch2)
    if input._data.dtype.kind == "b":
        raise_unsupported(input, "baddbmm")
    return baddbmm_p.bind(input, batch1, batch2, **_factors(input, beta, alpha))
