"""Sums, means and what else turns many elements into fewer."""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import WIDE, cast
from .._core.graph import next_sequence
from .._core.memory_order import dense
from .._core.modes import CUT, PLAIN, RECORD, state
from .._core.out_checks import OutCheck, computed_in_out, converted
from .._core.primitive import Complaints, Primitive, mark_cut, quietly
from .._core.registry import operation, out_form, register
from .._core.tensor import Tensor, new, wrap
from .dims import Dims, check_int, check_tensor, count, normalize_dims
from .titles import shown_as

WHOLE: dict[str, Any] = {"dim": None, "keepdim": False}
# Up to this many elements it is quicker to write a cotangent out than to go on with a broadcast array.
SMALL = 4096
# Longer sums than this along one axis are done in blocks.
BLOCK = 256


# -- what reductions share ----------------------------------------------------------------------------------


def unreduced(g: Tensor, ndim: int, dim: Dims, keepdim: bool) -> Tensor:
    """A reduction's cotangent (or result) with the dimensions that it reduced back, of size one."""
    if dim is not None and not keepdim:
        for d in sorted(dim):
            g = g.unsqueeze(d)
    return g


def spread(g: Tensor, x_shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Tensor:
    """A reduction's cotangent over the shape that was reduced."""
    if state.mode == PLAIN:
        return wrap(_spread_array(g._data, x_shape, dim, keepdim))
    return unreduced(g, len(x_shape), dim, keepdim).expand(x_shape)


def _spread_array(g: Any, shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Any:
    if dim is not None and not keepdim:
        g = g.reshape([1 if d in dim else n for d, n in enumerate(shape)])
    if math.prod(shape) > SMALL:
        return np.broadcast_to(g, shape)
    out = np.empty(shape, g.dtype)
    out[...] = g
    return out


def whole(
    primitive: Primitive,
    forward: Callable[[Any, None], Any],
    cotangent: Callable[[Any, int], Any],
    out: OutCheck = converted,
) -> Callable[..., Callable[..., Any]]:
    """Decorator that registers a reduction whose call without arguments, ``x.sum()``, takes a short path.

    ``forward(x, None)`` reduces a whole array of one of the WIDE types to a number; ``cotangent(g, n)`` is
    what each of its ``n`` elements gets. The decorated function sees every call that has arguments.

    """
    node_type = primitive.node_type

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        general = out_form(function, function.__name__, check=out)

        @functools.wraps(function)
        def apply(input: Any, *args: Any, **kwargs: Any) -> Any:
            if args or kwargs:
                return general(input, *args, **kwargs) if kwargs else function(input, *args)
            mode = state.mode
            try:
                x = input._data
            except AttributeError:
                return general(input)
            if not mode or x.dtype not in WIDE:
                return general(input)
            try:
                result = forward(x, None)
            except Complaints:
                result = quietly(forward, x, None)
            out = new(Tensor)
            out._data = np.array(result)
            out._fn = None
            out._requires_grad = False
            out._counter = None
            out._view = None
            out._grad = None
            out._hooks = None
            if input._requires_grad:
                if mode == RECORD:
                    if input._view is not None:
                        primitive.record((input,), WHOLE, out)
                        return out
                    node = node_type()
                    node.edges = (input._fn or input,)
                    node.hooks = None
                    node._sequence = next_sequence()
                    node.params = WHOLE
                    node.saved = ()
                    node.versions = None
                    node._shapes = x.shape
                    out._fn = node
                    out._requires_grad = True
                elif mode == CUT:
                    mark_cut((input,), out)
            return out

        return register(apply, out=False)

    def pullback(node: Any, g: Any) -> tuple[Any]:
        if node.saved != ():
            return primitive.pullback(node, g)
        shape = node._shapes
        if state.mode != PLAIN:
            return (primitive.rules[0].function(g, shape, **WHOLE),)
        n = math.prod(shape) or 1
        g = cotangent(g._data, n)
        if n > SMALL:
            return (wrap(np.broadcast_to(g, shape)),)
        out = np.empty(shape, g.dtype)
        out.fill(g)
        return (wrap(out),)

    node_type.pullback = pullback  # type: ignore[assignment]
    return decorate


# -- sums and means -----------------------------------------------------------------------------------------


def add_reduce(x: Any, dim: Dims, keepdim: bool) -> Any:
    """The sum along ``dim``; integers and bools as int64.

    NumPy adds the elements of an axis in pairs only where they lie next to each other in memory, and one
    after the other elsewhere; there, long sums in single precision are split, to lose no more digits than
    PyTorch does.

    """
    kind = x.dtype.kind
    if kind in "biu":
        return dense(np.add.reduce(x, dim, np.int64, keepdims=keepdim))
    if x.size > BLOCK and x.dtype.itemsize == (8 if kind == "c" else 4) and (dim is not None or not x.flags.forc):
        axes = tuple(range(x.ndim)) if dim is None else dim
        if count(x.shape, axes) > BLOCK:
            shape = [1 if d in axes else n for d, n in enumerate(x.shape) if keepdim or d not in axes]
            return dense(_add_by_axis(x, axes)).reshape(shape)
    return dense(np.add.reduce(x, dim, keepdims=keepdim))


def _add_by_axis(x: Any, axes: Any) -> Any:
    """The sum along ``axes``, which stay, of size one; last axis first, those next to each other as one."""
    if x.flags.c_contiguous:
        shape: list[int] = []
        merged: list[int] = []
        for d, n in enumerate(x.shape):
            if d in axes and d - 1 in axes:
                shape[-1] *= n
                continue
            if d in axes:
                merged.append(len(shape))
            shape.append(n)
        x, axes = x.reshape(shape), merged
    for axis in sorted(axes, reverse=True):
        x = _add_blocks(x, axis)
    return x


def _add_blocks(x: Any, axis: int) -> Any:
    """The sum along one axis, which stays, of size one."""
    n = x.shape[axis]
    if n <= BLOCK or x.strides[axis] == x.itemsize:
        return np.add.reduce(x, axis, keepdims=True)
    cut = n // BLOCK * BLOCK
    x = np.moveaxis(x, axis, 0)
    blocks = np.add.reduce(x[:cut].reshape(cut // BLOCK, BLOCK, *x.shape[1:]), 1)
    rest = np.add.reduce(x[cut:], 0, keepdims=True)
    return _add_blocks(np.moveaxis(np.concatenate([blocks, rest]), 0, axis), axis)


def _mean(x: Any, dim: Dims, keepdim: bool) -> Any:
    total = add_reduce(x, dim, keepdim)
    return total / total.dtype.type(count(x.shape, dim))


sum_all = Primitive(
    "Sum",
    add_reduce,
    vjp=spread,
    jvp=lambda x_t, dim, keepdim: sum_all.bind(x_t, dim=dim, keepdim=keepdim),
    widen=True,
    family="reduction",
)
mean_all = Primitive(
    "Mean",
    _mean,
    vjp=lambda g, x_shape, dim, keepdim: spread(g / count(x_shape, dim), x_shape, dim, keepdim),
    jvp=lambda x_t, dim, keepdim: mean_all.bind(x_t, dim=dim, keepdim=keepdim),
    widen=True,
    family="reduction",
)
sum_dims, mean_dims = shown_as(sum_all, "SumBackward1"), shown_as(mean_all, "MeanBackward1")


@whole(sum_all, np.add.reduce, lambda g, n: g, computed_in_out)
def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all elements, or of those along ``dim`` (an int or several).

    Bools and integers are summed as int64; ``dtype`` converts before summing.

    >>> import rushlight as torch
    >>> torch.sum(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    check_tensor(input, "sum")
    if dtype is not None:
        input = cast(input, dtype)
    if dim is None and not keepdim:
        out = sum_all.bind(input, dim=None, keepdim=False)
    else:
        out = sum_dims.bind(input, dim=normalize_dims(dim, input._data.ndim, "sum"), keepdim=keepdim)
    # A sum that was asked for in another integer type; sums are made in int64.
    return out if dtype is None else cast(out, dtype)


def _mean_input(input: Tensor, dtype: Any, operation: str) -> Tensor:
    """``input`` as a mean can be taken of it, or PyTorch's refusal."""
    if dtype is not None and dtype.category < dtypes.FLOAT:
        raise RuntimeError(
            f"{operation}(): could not infer output dtype. Optional dtype must be either a floating point or "
            f"complex dtype. Got: {dtypes.scalar_type_name(dtype)}"
        )
    if dtype is not None:
        return cast(input, dtype)
    if input._data.dtype.kind in "biu":
        raise RuntimeError(
            f"{operation}(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {dtypes.scalar_type_name(input.dtype)}\nConvert it first: "
            f"input.float().{operation}()."
        )
    return input


@whole(mean_all, lambda x, dim: np.add.reduce(x, dim) / x.size, lambda g, n: g / n)
def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all elements, or of those along ``dim``. Needs a floating-point or complex tensor.

    >>> import rushlight as torch
    >>> torch.mean(torch.tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    check_tensor(input, "mean")
    input = _mean_input(input, dtype, "mean")
    if dim is None and not keepdim:
        return mean_all.bind(input, dim=None, keepdim=False)
    return mean_dims.bind(input, dim=normalize_dims(dim, input._data.ndim, "mean"), keepdim=keepdim)


def _nan_add_reduce(x: Any, dim: Dims, keepdim: bool) -> Any:
    return add_reduce(np.where(np.isnan(x), x.dtype.type(0), x), dim, keepdim)


nansum_p = Primitive(
    "Nansum",
    _nan_add_reduce,
    vjp=lambda g, x, x_shape, dim, keepdim: spread(g, x_shape, dim, keepdim) * x.isnan().logical_not(),
    jvp=lambda x, x_t, dim, keepdim: (x_t * x.isnan().logical_not()).sum(dim, keepdim),
    widen=True,
    family="reduction",
)


_of_nansum = OutCheck(
    "\"nansum_cpu\" not implemented for '{Out}'",
    lambda result, out: result.category == out.category or result.category <= min(out.category, dtypes.INTEGER),
    NotImplementedError,
)


@operation(out=_of_nansum)
def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all elements, or of those along ``dim``, counting nan as zero.

    >>> import rushlight as torch
    >>> torch.nansum(torch.tensor([1.0, float("nan"), 2.0]))
    tensor(3.)
    """
    check_tensor(input, "nansum")
    if input._data.dtype.kind == "c":
        raise RuntimeError("nansum on CPU does not support complex inputs")
    if dtype is not None:
        input = cast(input, dtype)
    dims = normalize_dims(dim, input._data.ndim, "nansum")
    if input._data.dtype.kind in "biu":
        return sum(input, dims, keepdim, dtype=dtype)
    return nansum_p.bind(input, dim=dims, keepdim=keepdim)


@operation(out=_of_nansum)
def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all elements, or of those along ``dim``, that are not nan; nan where there are none.

    >>> import rushlight as torch
    >>> torch.nanmean(torch.tensor([1.0, float("nan"), 2.0]))
    tensor(1.5000)
    """
    check_tensor(input, "nanmean")
    if input._data.dtype.kind in "biu":
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{dtypes.scalar_type_name(input.dtype)}\nConvert it first: input.float().nanmean()."
        )
    numbers = input.detach().isnan().logical_not().sum(dim, keepdim)
    return nansum(input, dim, keepdim, dtype=dtype) / numbers


# -- products -----------------------------------------------------------------------------------------------


def _multiply_reduce(x: Any, dim: Dims, keepdim: bool) -> Any:
    return dense(np.multiply.reduce(x, dim, np.int64 if x.dtype.kind in "biu" else None, keepdims=keepdim))


def product_of_others(x: Tensor, dim: int) -> Tensor:
    """For each element the product of all the others along ``dim``: of those before it and of those after it.

    Dividing the whole product by each element would be wrong where there are zeros, and choosing a formula by
    looking for them could be neither batched nor compiled.
    """
    from .cumulative import cumprod_p, shift_p

    before = cumprod_p.bind(shift_p.bind(x, dim=dim, by=1, fill=1), dim=dim, reverse=False)
    after = cumprod_p.bind(shift_p.bind(x, dim=dim, by=-1, fill=1), dim=dim, reverse=True)
    return before * after


def _others(x: Tensor, dim: Dims) -> Tensor:
    return product_of_others(x, dim[0]) if dim else product_of_others(x.reshape(-1), 0).reshape(x.shape)


prod_all = Primitive(
    "Prod",
    _multiply_reduce,
    vjp=lambda g, x, dim, keepdim: unreduced(g, x.ndim, dim, keepdim) * _others(x, dim).conj(),
    jvp=lambda x, x_t, dim, keepdim: (x_t * _others(x, dim)).sum(dim, keepdim),
    widen=True,
    family="reduction",
)
prod_dim = shown_as(prod_all, "ProdBackward1")


@operation(out=computed_in_out)
def prod(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The product of all elements, or of those along the dimension ``dim``. Bools and integers give int64.

    Its gradient is right also where there are zeros.

    >>> import rushlight as torch
    >>> x = torch.tensor([0.0, 2.0, 3.0], requires_grad=True)
    >>> x.prod().backward()
    >>> x.grad
    tensor([6., 0., 0.])
    """
    check_tensor(input, "prod")
    if dtype is not None:
        input = cast(input, dtype)
    if dim is None:
        if keepdim:
            raise TypeError("prod() received an invalid combination of arguments: keepdim needs a dim")
        out = prod_all.bind(input, dim=None, keepdim=False)
    else:
        dims = normalize_dims(check_int(dim, "prod", "dim"), input._data.ndim, "prod")
        out = prod_dim.bind(input, dim=dims, keepdim=keepdim)
    return out if dtype is None else cast(out, dtype)


# -- logarithm of a sum of exponentials ---------------------------------------------------------------------


def _logsumexp(x: Any, dim: Dims, keepdim: bool) -> Any:
    if not count(x.shape, dim):
        return np.log(np.add.reduce(x, dim, keepdims=keepdim))
    top = np.maximum.reduce(x.real, dim, keepdims=True)
    top = np.where(np.isinf(top), top.dtype.type(0), top)
    shifted = np.log(add_reduce(np.exp(x - top), dim, keepdim))
    return shifted + (top if keepdim else top.reshape(shifted.shape))


logsumexp_p = Primitive(
    "Logsumexp",
    _logsumexp,
    vjp=lambda g, x, result, x_shape, dim, keepdim: (
        unreduced(g, len(x_shape), dim, keepdim) * (x - unreduced(result, len(x_shape), dim, keepdim)).exp().conj()
    ),
    jvp=lambda x, x_t, result, dim, keepdim: (x_t * (x - unreduced(result, x.ndim, dim, keepdim)).exp()).sum(
        dim, keepdim
    ),
    widen=True,
    family="reduction",
)


_of_logsumexp = OutCheck(
    "logsumexp(): Expected floating point type for result tensor, but got: {Out}",
    lambda result, out: out.category >= dtypes.FLOAT,
)


@operation(out=_of_logsumexp)
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of exponentials along ``dim`` (an int or several), computed without overflow.

    log Σ exp xᵢ = m + log Σ exp(xᵢ − m), where m is the largest xᵢ. Integers become the default float type.

    >>> import rushlight as torch
    >>> torch.logsumexp(torch.tensor([1000.0, 1000.0]), dim=0)
    tensor(1000.6932)
    """
    check_tensor(input, "logsumexp")
    if input._data.dtype.kind in "biu":
        input = cast(input, dtypes.get_default_dtype())
    return logsumexp_p.bind(input, dim=normalize_dims(dim, input._data.ndim, "logsumexp"), keepdim=keepdim)


register(logsumexp, namespace="torch.special", method=False, out=_of_logsumexp)


# -- truth and counting -------------------------------------------------------------------------------------


def _truth(ufunc: Any) -> Callable[..., Any]:
    def forward(x: Any, dim: Dims, keepdim: bool) -> Any:
        truth = x != 0 if x.dtype.kind != "b" else x
        out = truth.copy() if dim == () else dense(ufunc.reduce(truth, dim, keepdims=keepdim))
        return out.astype(np.uint8) if x.dtype == np.uint8 else out

    return forward


all_p = Primitive("All", _truth(np.logical_and), family="reduction")
any_p = Primitive("Any", _truth(np.logical_or), family="reduction")


def _truth_dims(dim: Any, ndim: int, operation: str) -> Any:
    # No dimensions at all: the truth of each element. Only here does () not mean all of them.
    return () if type(dim) in (tuple, list) and not dim else normalize_dims(dim, ndim, operation)


def _truth_only(name: str) -> OutCheck:
    message = f"{name} only supports bool tensor for result, got: {{Out}}"
    return OutCheck(message, lambda result, out: out in (dtypes.bool_, dtypes.uint8))


@operation(out=_truth_only("all"))
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements, or all along ``dim``, are true (not zero): bool, or uint8 for a uint8 tensor.

    >>> import rushlight as torch
    >>> torch.all(torch.tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    check_tensor(input, "all")
    return all_p.bind(input, dim=_truth_dims(dim, input._data.ndim, "all"), keepdim=keepdim)


@operation(out=_truth_only("any"))
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element, or any along ``dim``, is true (not zero): bool, or uint8 for a uint8 tensor.

    >>> import rushlight as torch
    >>> torch.any(torch.tensor([[0.0, 0.0], [0.0, 2.0]]), dim=1)
    tensor([False,  True])
    """
    check_tensor(input, "any")
    return any_p.bind(input, dim=_truth_dims(dim, input._data.ndim, "any"), keepdim=keepdim)


def _count_nonzero(x: Any, dim: Dims) -> Any:
    return dense(np.add.reduce(x != 0, dim, np.int64))


count_nonzero_p = Primitive("CountNonzero", _count_nonzero, family="reduction")


@operation()
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements, or how many along ``dim`` (an int or several), are not zero: int64.

    >>> import rushlight as torch
    >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), dim=0)
    tensor([1, 2])
    """
    check_tensor(input, "count_nonzero")
    return count_nonzero_p.bind(input, dim=normalize_dims(dim, input._data.ndim, "count_nonzero"))


# -- undoing a broadcast ------------------------------------------------------------------------------------


@operation(namespace=None)
def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """Sum the dimensions along which ``input`` was broadcast from a tensor of ``size``.

    >>> import rushlight as torch
    >>> torch.ones(3, 2).sum_to_size(1, 2)
    tensor([[3., 3.]])
    """
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    have = input._data.shape
    if have == shape:
        # To no dimensions PyTorch sums, which makes int64 of bools and integers, even where there are none to sum.
        return input if have or input._data.dtype.kind in "fcV" else input.to(dtypes.int64)
    lead = len(have) - len(shape)
    if lead < 0 or builtins.any(s not in (1, h) for s, h in zip(shape, have[lead:])):
        raise RuntimeError(f"size {{{list(shape)}}} is not expandable to size {{{list(have)}}}.")
    # In one reduction: a sum of sums would round twice, and cost twice.
    dims = tuple(i for i, n in enumerate(have) if i < lead or shape[i - lead] != n)
    if state.mode == PLAIN and input._data.dtype in WIDE:  # almost always: in the backward pass
        return wrap(np.asarray(add_reduce(input._data, dims, True)).reshape(shape))
    out = sum_dims.bind(input, dim=dims, keepdim=not lead)
    return out if not lead or out._data.shape == shape else out.reshape(shape)
