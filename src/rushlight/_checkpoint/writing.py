"""`torch.save`: a pickle in which PyTorch's names stand for Rushlight's types, and the storages that it refers to."""

from __future__ import annotations

import codecs
import functools
import io
import os
import pickle
import struct
import sys
import zipfile
from collections import Counter, OrderedDict
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from .._core import dtypes
from .._core.device import device
from .._core.layout import layout
from .._core.tensor import Size, Tensor
from .._core.where import warn_user
from ..nn.parameter import Parameter
from .storages import BYTES_NAME, STORAGE_NAMES, Block

ALIGNMENT = 64
# What pickle writes by itself in a way that PyTorch's loader of weights reads.
PLAIN = frozenset(
    (type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, OrderedDict, Counter)
)
# The classes and functions that it writes them with.
HELPERS = (complex, bytearray, set, OrderedDict, Counter, codecs.encode)


class _Name(NamedTuple):
    """A name of PyTorch's, to be written as such: there need not be such a thing here."""

    module: str
    name: str

    def __call__(self) -> None:
        """Never called: pickle asks that what it writes for a function can be."""


_name = functools.cache(_Name)  # one object for each name, so that pickle writes it once


class _Stored(NamedTuple):
    """What the pickle refers to by a persistent id."""

    reference: tuple[Any, ...]


# The one written in Python: the other writes no name without importing it first.
_PythonPickler: Any = pickle._Pickler


class _Pickler(_PythonPickler):
    def __init__(self, file: BinaryIO):
        super().__init__(file, 2)  # the only protocol that PyTorch's loader of weights reads
        self.blocks: list[Block] = []
        self.keys: dict[Any, tuple[str, dtypes.dtype]] = {}

    def persistent_id(self, obj: Any) -> Any:
        return obj.reference if type(obj) is _Stored else None

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if obj == b"" and kind is bytes:
            return codecs.encode, ("", "latin1")  # pickle would name the class, which PyTorch's loader does not know
        if kind in PLAIN or any(obj is helper for helper in HELPERS):
            return NotImplemented
        if kind is _Name or kind is dtypes.dtype:
            return "a name"
        if isinstance(obj, Tensor):
            return self._tensor(obj)
        if kind is Size:
            return _name("torch", "Size"), (tuple(obj),)
        if kind is device:
            return _name("torch", "device"), (obj.type,) if obj.index is None else (obj.type, obj.index)
        if kind is layout:
            return _name("torch.serialization", "_get_layout"), (repr(obj),)
        what = f"{kind.__module__}.{kind.__qualname__}"
        hint = "\nSave model.state_dict() instead." if hasattr(obj, "state_dict") else ""
        if isinstance(obj, (np.generic, np.ndarray)):
            hint = "\nConvert it first: float(x), x.item() or torch.from_numpy(x)."
        raise NotImplementedError(
            f"torch.save: an object of type {what} cannot be saved\nA file holds tensors, dtypes, sizes, numbers, "
            f"strings and plain containers of them: what can be loaded without running anything from the file.{hint}"
        )

    def save_global(self, obj: Any, name: Any = None) -> None:
        if type(obj) is dtypes.dtype:
            obj_name = _name("torch", obj.name)
        elif type(obj) is _Name:
            obj_name = obj
        else:
            super().save_global(obj, name)
            return
        self.write(pickle.GLOBAL + f"{obj_name.module}\n{obj_name.name}\n".encode())
        self.memoize(obj)

    def _tensor(self, t: Tensor) -> tuple[Any, ...]:
        hooks: OrderedDict[Any, Any] = OrderedDict()  # which PyTorch's function expects, and which nothing is kept in
        if t.is_leaf and t._hooks:
            warn_user("torch.save: the tensor's hooks are not saved")
        notes = {k: v for k, v in t.__dict__.items() if not k.startswith("_") and k != "persistent"}
        function, arguments = self._rebuilding(t, hooks)
        if type(t) is Tensor:
            if not notes:
                return function, arguments
            of_type = (function, _name("torch", "Tensor"), arguments, notes)
            return _name("torch._tensor", "_rebuild_from_type_v2"), of_type
        if type(t) is not Parameter:
            raise NotImplementedError(f"torch.save: the class {type(t).__name__} of a tensor cannot be saved")
        content = (t.detach(), t.requires_grad, hooks)
        if notes:
            return _name("torch._utils", "_rebuild_parameter_with_state"), (*content, notes)
        return _name("torch._utils", "_rebuild_parameter"), content

    def _rebuilding(self, t: Tensor, hooks: Any) -> tuple[_Name, tuple[Any, ...]]:
        array = t._data
        if type(array) is not np.ndarray:
            raise NotImplementedError("torch.save: a tensor inside a transform stands for many, and cannot be saved")
        block, d = Block(array), t.dtype
        if block.identity not in self.keys:
            self.keys[block.identity] = (str(len(self.blocks)), d)
            self.blocks.append(block)
        key, known = self.keys[block.identity]
        if known is not d:
            raise RuntimeError("Cannot save multiple tensors or storages that view the same data as different types")
        offset = (array.__array_interface__["data"][0] - block.address) // array.itemsize if array.size else 0
        place = (offset, tuple(t.shape), t.stride(), t.requires_grad, hooks)
        name = STORAGE_NAMES.get(d)
        if name is None:
            stored = _Stored(("storage", _name("torch.storage", BYTES_NAME), key, "cpu", block.nbytes))
            return _name("torch._utils", "_rebuild_tensor_v3"), (stored, *place, d)
        stored = _Stored(("storage", _name("torch", name), key, "cpu", block.nbytes // array.itemsize))
        return _name("torch._utils", "_rebuild_tensor_v2"), (stored, *place)


def write(obj: Any, f: Any) -> None:
    """Everything is pickled before the file is opened: what cannot be saved leaves it as it was."""
    pickled = io.BytesIO()
    pickler = _Pickler(pickled)
    pickler.dump(obj)
    if isinstance(f, (str, os.PathLike)):
        folder = os.path.dirname(os.fspath(f))
        if folder and not os.path.isdir(folder):
            raise RuntimeError(f"Parent directory {folder} does not exist.")
        with open(f, "wb") as file:
            _archive(file, pickled.getbuffer(), pickler.blocks)
    elif not hasattr(f, "write"):
        raise AttributeError("expected 'f' to be string, path, or a file-like object with a 'write' attribute")
    elif hasattr(f, "tell") and f.tell():
        # The archive's own positions count from its beginning, which is not the file's.
        apart = io.BytesIO()
        _archive(apart, pickled.getbuffer(), pickler.blocks)
        f.write(apart.getbuffer())
    else:
        _archive(f, pickled.getbuffer(), pickler.blocks)


def _archive(file: Any, pickled: Any, blocks: list[Block]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        _record(archive, "data.pkl", pickled)
        _record(archive, "byteorder", sys.byteorder.encode())
        for i, block in enumerate(blocks):
            _record(archive, f"data/{i}", block.bytes().data)
        _record(archive, "version", b"3\n")


def _record(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    info = zipfile.ZipInfo(f"archive/{name}")
    assert archive.fp is not None
    # The content is to begin at a multiple of 64: a field that nobody reads fills the header up.
    large = 20 if len(content) * 1.05 > zipfile.ZIP64_LIMIT else 0
    begin = archive.fp.tell() + 30 + len(info.filename) + large + 4
    fill = -begin % ALIGNMENT
    info.extra = struct.pack("<HH", 0x4246, fill) + b"Z" * fill
    archive.writestr(info, content)
