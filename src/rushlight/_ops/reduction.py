"""Sums, means and what else turns many elements into fewer."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import NO_PARAMS, WIDE, cast
from .._core.graph import next_sequence
from .._core.modes import CUT, PLAIN, RECORD, state
from .._core.primitive import Complaints, Primitive, mark_cut, quietly
from .._core.registry import operation, out_form, register
from .._core.tensor import Tensor, new, wrap
from .dims import Dims, check_int, check_tensor, count, normalize_dim, normalize_dims
from .view import expand_p

WHOLE: dict[str, Any] = {"dim": None, "keepdim": False}
# Up to this many elements it is quicker to write a cotangent out than to go on with a broadcast array.
SMALL = 4096
# Longer sums than this along one axis are done in blocks.
BLOCK = 512


# -- what reductions share ----------------------------------------------------------------------------------


def unreduced(g: Tensor, ndim: int, dim: Dims, keepdim: bool) -> Tensor:
    """A reduction's cotangent (or result) with the dimensions that it reduced back, of size one."""
    if dim is not None and not keepdim:
        for d in sorted(dim):
            g = g.unsqueeze(d)
    return g


def spread(g: Tensor, shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Tensor:
    """A reduction's cotangent over the shape that was reduced."""
    if state.mode == PLAIN:
        return wrap(_spread_array(g._data, shape, dim, keepdim))
    return unreduced(g, len(shape), dim, keepdim).expand(shape)


def _spread_array(g: Any, shape: tuple[int, ...], dim: Dims, keepdim: bool) -> Any:
    if dim is not None and not keepdim:
        g = g.reshape([1 if d in dim else n for d, n in enumerate(shape)])
    if math.prod(shape) > SMALL:
        return expand_p.forward(g, shape)
    out = np.empty(shape, g.dtype)
    out[...] = g
    return out


def whole(
    primitive: Primitive, forward: Callable[[Any], Any], cotangent: Callable[[Any, int], Any]
) -> Callable[..., Callable[..., Any]]:
    """Decorator that registers a reduction whose call without arguments, ``x.sum()``, takes a short path.

    ``forward`` reduces a whole array of one of the WIDE types to a number; ``cotangent(g, n)`` is the array that
    each of its ``n`` elements gets. The decorated function sees every call that has arguments.
    """
    node_type = primitive.node_type

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        general = out_form(function, function.__name__)

        @functools.wraps(function)
        def apply(input: Any, *args: Any, **kwargs: Any) -> Any:
            if args or kwargs:
                return general(input, *args, **kwargs)
            mode = state.mode
            try:
                x = input._data
            except AttributeError:
                return general(input)
            if not mode or x.dtype not in WIDE:
                return general(input)
            try:
                result = forward(x)
            except Complaints:
                result = quietly(forward, x)
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
                    node = new(node_type)
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
        n = math.prod(shape)
        g = cotangent(g._data, n)
        if n > SMALL:
            return (wrap(expand_p.forward(np.asarray(g), shape)),)
        out = np.empty(shape, g.dtype)
        out.fill(g)
        return (wrap(out),)

    node_type.pullback = pullback  # type: ignore[method-assign]
    return decorate


# -- sums and means -----------------------------------------------------------------------------------------


def add_reduce(x: Any, dim: Dims, keepdim: bool) -> Any:
    """The sum along ``dim``; integers and bools as int64.

    NumPy adds the elements of an axis in pairs only where they lie next to each other in memory, and one after
    the other elsewhere; there, long sums in single precision are split, to lose no more digits than PyTorch does.
    """
    kind = x.dtype.kind
    if kind in "biu":
        return np.add.reduce(x, dim, np.int64, keepdims=keepdim)
    if x.size > BLOCK and x.dtype.itemsize == (8 if kind == "c" else 4) and (dim is not None or not x.flags.forc):
        axes = range(x.ndim) if dim is None else dim
        if count(x.shape, dim) > BLOCK:
            for axis in sorted(axes, reverse=True):
                x = _add_blocks(x, axis)
            return x if keepdim else x.reshape([n for d, n in enumerate(x.shape) if d not in axes])
    return np.add.reduce(x, dim, keepdims=keepdim)


def _add_blocks(x: Any, axis: int) -> Any:
    """The sum along one axis, which stays, of size one."""
    n = x.shape[axis]
    if n > BLOCK and x.strides[axis] != x.itemsize:
        cut = n // BLOCK * BLOCK
        x = np.moveaxis(x, axis, 0)
        blocks = np.add.reduce(x[:cut].reshape(cut // BLOCK, BLOCK, *x.shape[1:]), 1)
        rest = np.add.reduce(x[cut:], 0, keepdims=True)
        x = np.moveaxis(np.concatenate([blocks, rest]), 0, axis)
        return _add_blocks(x, axis)
    return np.add.reduce(x, axis, keepdims=True)


def _mean(x: Any, dim: Dims, keepdim: bool) -> Any:
    total = add_reduce(x, dim, keepdim)
    return total / total.dtype.type(count(x.shape, dim))


_sum_options: dict[str, Any] = {
    "vjp": lambda g, x_shape, dim, keepdim: spread(g, x_shape, dim, keepdim),
    "jvp": lambda x_t, dim, keepdim: _sum_p(dim).bind(x_t, dim=dim, keepdim=keepdim),
    "widen": True,
    "family": "reduction",
}
_mean_options: dict[str, Any] = {
    "vjp": lambda g, x_shape, dim, keepdim: spread(g / count(x_shape, dim), x_shape, dim, keepdim),
    "jvp": lambda x_t, dim, keepdim: _mean_p(dim).bind(x_t, dim=dim, keepdim=keepdim),
    "widen": True,
    "family": "reduction",
}
sum_all = Primitive("Sum", add_reduce, **_sum_options)
sum_dims = Primitive("SumBackward1", add_reduce, **_sum_options)
mean_all = Primitive("Mean", _mean, **_mean_options)
mean_dims = Primitive("MeanBackward1", _mean, **_mean_options)


def _sum_p(dim: Dims) -> Primitive:
    return sum_all if dim is None else sum_dims


def _mean_p(dim: Dims) -> Primitive:
    return mean_all if dim is None else mean_dims


@whole(sum_all, np.add.reduce, lambda g, n: g)
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
            f"{operation}(): could not infer output dtype. Optional dtype must be either a floating point or complex "
            f"dtype. Got: {dtypes.scalar_type_name(dtype)}"
        )
    if dtype is not None:
        return cast(input, dtype)
    if input._data.dtype.kind in "biu":
        raise RuntimeError(
            f"{operation}(): could not infer output dtype. Input dtype must be either a floating point or complex "
            f"dtype. Got: {dtypes.scalar_type_name(input.dtype)}\nConvert it first: input.float().{operation}()."
        )
    return input


@whole(mean_all, lambda x: np.add.reduce(x, None) / x.size, lambda g, n: g / n)
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
