"""The memory behind tensors: which tensors share it, and what it is called in a file."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .._core import dtypes
from .._core.memory import Memory

# Names as the file has them. Types that PyTorch has no class for are kept as plain bytes, the dtype beside them.
STORAGE_NAMES = {
    d: f"{dtypes.scalar_type_name(d)}Storage"
    for d in dtypes.ALL
    if d not in (dtypes.uint16, dtypes.uint32, dtypes.uint64)
}
BYTES_NAME = "UntypedStorage"


class Block:
    """The whole memory that an array is a part of."""

    def __init__(self, array: np.ndarray):
        self.owner = _owner(array)
        self.address, end = np.lib.array_utils.byte_bounds(self.owner)
        self.nbytes = end - self.address if self.owner.size else 0

    @property
    def identity(self) -> Any:
        # Empty memory has no address of its own.
        return (self.address, self.nbytes) if self.nbytes else id(self.owner)

    def bytes(self) -> np.ndarray:
        return np.asarray(_Interface(self)) if self.nbytes else np.empty(0, np.uint8)


class _Interface:
    def __init__(self, block: Block):
        self.owner = block.owner
        self.__array_interface__ = {
            "version": 3, "typestr": "|u1", "shape": (block.nbytes,), "data": (block.address, True),
        }  # fmt: skip


def _owner(array: np.ndarray) -> np.ndarray:
    """The array at the end of the chain of bases, also through the objects that lend an array its address."""
    while True:
        base: Any = array.base
        if isinstance(base, Memory):  # a little longer than what lies in it
            return array
        while base is not None and not isinstance(base, np.ndarray):
            base = getattr(base, "owner", None) if hasattr(base, "owner") else getattr(base, "base", None)
        if base is None:
            return array
        array = base


class Storage(NamedTuple):
    """A storage read from a file: its bytes, what they are elements of (None: not said), and where it was."""

    memory: Any
    dtype: dtypes.dtype | None
    location: str

    def elements(self, d: dtypes.dtype, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> np.ndarray:
        """The elements from ``offset`` on, of ``size`` and ``stride``, all counted in elements. ValueError outside."""
        if len(size) != len(stride) or min((offset, *size, *stride)) < 0:
            raise ValueError("sizes, strides and offset of a tensor do not go together")
        if 0 in size:
            return np.empty(size, d.np)
        width = d.np.itemsize
        steps = tuple([s * width for s in stride])
        return np.ndarray(size, d.np, self.memory, offset * width, steps)  # refuses what lies outside
