"""The inputs of a primitive as batching rules see them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Operand(NamedTuple):
    """An input, or the content of a batched tensor."""

    value: Any  # a tensor of the level below, a number or None
    mapped: bool  # whether its first dimension is the examples; else it is the same for all of them
    ndim: int  # of one example

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        shape = self.value._data.shape
        return shape[1:] if self.mapped else shape


def mapped(operand: Operand, size: int) -> Any:
    """The value with the examples along its first dimension, expanded to that where it is the same for all."""
    value = operand.value
    return value if operand.mapped else value.unsqueeze(0).expand(size, *value._data.shape)


def with_ndim(operand: Operand, ndim: int) -> Any:
    """The value such that one example has ``ndim`` dimensions: of size one, put in front of its own.

    Aligned so, examples broadcast as they would on their own. What is not mapped broadcasts as it is.
    """
    value = operand.value
    if not operand.mapped or operand.ndim == ndim:
        return value
    shape = value._data.shape
    return value.reshape(shape[0], *(1,) * (ndim - operand.ndim), *shape[1:])
