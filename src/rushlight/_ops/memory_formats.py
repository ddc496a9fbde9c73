"""In which order a tensor's dimensions lie in memory: what `memory_format` asks for.

A format is told by its number of spatial dimensions, ``n``: with ``channels_last`` (2) and ``channels_last_3d`` (3) the
channels, dimension ``-1 - n``, lie next to each other. So it is told alike with and without `vmap`'s examples in front.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.levels import Shadow
from .._core.memory_order import channels_come_last, is_ordered, ordered
from .._core.primitive import Primitive
from .._core.tensor import Tensor

_SPATIAL = {"torch.channels_last": 2, "torch.channels_last_3d": 3}


def spatial(memory_format: Any, ndim: int) -> int:
    """The number of dimensions before which the channels would lie in C order, 0 for formats that move nothing.

    Raises RuntimeError where a tensor of ``ndim`` dimensions has no such format.
    """
    n = _SPATIAL.get(str(memory_format), 0)
    if n and ndim != n + 2:
        raise RuntimeError(f"required rank {n + 2} tensor to use {memory_format.name} format")
    return n


def preserves(memory_format: Any) -> bool:
    return memory_format is None or str(memory_format) == "torch.preserve_format"


def formatted(x: np.ndarray, memory_format: Any) -> np.ndarray:
    """A new array in C order, in the format."""
    n = spatial(memory_format, x.ndim)
    return ordered(x, n) if n else x


def laid_out_like(input: Tensor, d: np.dtype, memory_format: Any) -> np.ndarray:
    """An array of the shape, and with its axes in memory in the order, of ``input``.

    What stands for one example inside of a transform has a shape, but no memory of its own: it gives C order.
    """
    if spatial(memory_format, input._data.ndim):
        return formatted(np.empty(input._data.shape, d), memory_format)
    if isinstance(input._data, Shadow) or str(memory_format) == "torch.contiguous_format":
        return np.empty(input._data.shape, d)
    return np.empty_like(input._data, dtype=d, subok=False)


def lies_in(x: Tensor, memory_format: Any) -> bool:
    """Whether a tensor has no gaps in a format; one of another number of dimensions has not got that format."""
    n = _SPATIAL.get(str(memory_format), 0)
    return (not n or x._data.ndim == n + 2) and is_ordered(x._data, n)


def suggested_by(x: Tensor, memory_format: Any) -> bool:
    """Whether a tensor's strides suggest a format to PyTorch, for which ``to`` leaves it alone."""
    return channels_come_last(x._data) == spatial(memory_format, x._data.ndim)


ordered_p = Primitive(
    "Clone", ordered, inputs="x", vjp=lambda g: g, jvp=lambda x_t, n: ordered_p.bind(x_t, n=n), family="linear"
)


def copied(x: Tensor, memory_format: Any) -> Tensor:
    """A copy in a format, which is not `preserve_format`."""
    return ordered_p.bind(x, n=spatial(memory_format, x._data.ndim))


def in_format(x: Tensor, memory_format: Any) -> Tensor:
    """The tensor itself where it lies in the format already, else a copy that does."""
    n = spatial(memory_format, x._data.ndim)
    return x if is_ordered(x._data, n) else ordered_p.bind(x, n=n)
