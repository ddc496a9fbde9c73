"""Layouts and memory formats: the names that programs pass. Only dense tensors exist here."""

from __future__ import annotations

from typing import Any


class _Named:
    """A constant that prints as its PyTorch name and is one object for ever."""

    __slots__ = ("name",)

    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> Any:
        return (_by_name, (self.name,))  # by a function: the class may not be found under the name that it has


def _by_name(name: str) -> Any:
    return globals()[name]


class layout(_Named):
    """How a tensor's elements are stored."""

    __slots__ = ()
    __module__ = "torch"


class memory_format(_Named):
    """In which order a tensor's elements lie."""

    __slots__ = ()
    __module__ = "torch"


strided, sparse_coo, sparse_csr = map(layout, ("strided", "sparse_coo", "sparse_csr"))
contiguous_format, preserve_format, channels_last, channels_last_3d = map(
    memory_format, ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
)
