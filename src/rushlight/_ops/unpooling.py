"""Pooling undone, as far as its result tells: what was largest put back, zero elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.levels import checked
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .pooling import _picked
from .titles import shown_as
from .windows import Ints


def _unpool(x: Any, indices: Any, *, size: Ints) -> Any:
    spatial = len(size)
    lead = x.shape[: x.ndim - spatial]
    out = np.zeros((math.prod(lead), math.prod(size)), x.dtype)
    inner, rows = math.prod(x.shape[x.ndim - spatial :]), np.arange(len(out))[:, None]
    out[rows, indices.reshape(len(out), inner)] = x.reshape(len(out), inner)
    return out.reshape(*lead, *size)


unpool_p = Primitive(
    "MaxUnpool2D",
    _unpool,
    inputs="x indices",
    vjp=(lambda g, indices, size: _picked(g, indices, len(size)), None),
    jvp=lambda x_t, indices, size: unpool_p.bind(x_t, indices, size=size),
    family="linear",
)
_unpool_3d = shown_as(unpool_p, "MaxUnpool3DBackward0")


def _each(value: Any, spatial: int) -> Ints:
    if isinstance(value, int):
        return (value,) * spatial
    value = tuple(value)
    if len(value) != spatial:
        raise IndexError("tuple index out of range")
    return value


def _size(have: Ints, kernel: Any, stride: Any, padding: Any, wanted: Sequence[int] | None) -> Ints:
    """The size before pooling: ``wanted``, if it can be, else the smallest that it can be."""
    spatial = len(have)
    kernels = _each(kernel, spatial)
    strides = kernels if stride is None else _each(stride, spatial)
    paddings = _each(padding, spatial)
    least = tuple((n - 1) * s + k - 2 * p for n, s, k, p in zip(have, strides, kernels, paddings))
    if wanted is None:
        return least
    if len(wanted) == spatial + 2:
        wanted = wanted[2:]
    if len(wanted) != spatial:
        raise ValueError(
            f"output_size should be a sequence containing {spatial} or {spatial + 2} elements, but it has a length of "
            f"'{len(wanted)}'"
        )
    for d, (n, size, s) in enumerate(zip(least, wanted, strides)):
        if not n - s < size < n + s:
            raise ValueError(f'invalid output_size "{wanted}" (dim {d} must be between {n - s} and {n + s})')
    return tuple(wanted)


def _check(input: Tensor, indices: Tensor, spatial: int) -> None:
    """Refuse what PyTorch refuses, in its order; one dimension it takes for two."""
    check_tensor(input, f"max_unpool{spatial}d")
    check_tensor(indices, f"max_unpool{spatial}d", "indices", 2)
    x, planar = input._data, max(spatial, 2)
    ndim = x.ndim + planar - spatial
    if indices._data.dtype != np.int64:
        found = f" but got: {scalar_type_name(indices.dtype)}" if planar == 2 else ""
        raise RuntimeError(f"elements in indices should be type int64{found}")
    if ndim not in (planar + 1, planar + 2):
        raise RuntimeError(
            f"Input to max_unpooling{planar}d should be a {planar + 1}d or {planar + 2}d Tensor, but got a tensor with "
            f"{ndim} dimensions."
        )
    if x.shape != indices._data.shape:
        flat = [1] * (planar - spatial)
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({list(x.shape) + flat}) but got indices "
            f"tensor with shape: {list(indices._data.shape) + flat}"
        )
    for d in range(1, x.ndim) if ndim == planar + 2 else range(x.ndim):
        if not x.shape[d]:
            raise RuntimeError(
                f"max_unpooling{planar}d_forward_out_cpu(): Expected input to have non-zero size for non-batch "
                f"dimensions, but got {list(x.shape)} with dimension {d} being empty."
            )
    if x.dtype.kind not in "fV":
        raise_unsupported(input, f"max_unpool{planar}d")


def _check_range(values: Any, size: Ints) -> None:
    bad = values[(values < 0) | (values >= math.prod(size))]
    if bad.size:
        told = "x".join(map(str, size if len(size) > 1 else (*size, 1)))
        raise RuntimeError(f"Found an invalid max index: {bad[0]} (output volumes are of size {told})")


def _unpooled(
    input: Tensor, indices: Tensor, kernel: Any, stride: Any, padding: Any, output_size: Any, spatial: int
) -> Tensor:
    check_tensor(input, f"max_unpool{spatial}d")
    if input._data.ndim < spatial:
        raise IndexError("tuple index out of range")
    size = _size(input._data.shape[-spatial:], kernel, stride, padding, output_size)
    _check(input, indices, spatial)
    checked(_check_range, indices, size=size)
    if spatial == 1:
        return unpool_p.bind(input.unsqueeze(-1), indices.unsqueeze(-1), size=(*size, 1)).squeeze(-1)
    return (unpool_p if spatial == 2 else _unpool_3d).bind(input, indices, size=size)


def _publish(spatial: int) -> None:
    def max_unpool(
        input: Tensor,
        indices: Tensor,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        output_size: Any = None,
    ) -> Tensor:
        return _unpooled(input, indices, kernel_size, stride, padding, output_size, spatial)

    ones, twos = ", ".join(["4"] * spatial), ", ".join(["2"] * spatial)
    max_unpool.__doc__ = f"""What `max_pool{spatial}d` found put back where it was, zeros elsewhere.

    indices: what `max_pool{spatial}d` returned with ``return_indices=True``; kernel_size, stride and padding: what it
    was called with. output_size: the size before, where a stride leaves several possible.

    >>> import rushlight as torch
    >>> F = torch.nn.functional
    >>> values, indices = F.max_pool{spatial}d(torch.ones(1, 1, {ones}), 2, return_indices=True)
    >>> values.shape == (1, 1, {twos}), F.max_unpool{spatial}d(values, indices, 2).sum()
    (True, tensor({2**spatial}.))
    """
    max_unpool.__name__ = max_unpool.__qualname__ = f"max_unpool{spatial}d"
    register(max_unpool, namespace="torch.nn.functional", method=False, out=False)


for _spatial in (1, 2, 3):
    _publish(_spatial)
