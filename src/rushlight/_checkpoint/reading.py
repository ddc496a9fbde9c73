"""`torch.load`: the archive opened, its storages read or mapped, and its pickle built up of known things only."""

from __future__ import annotations

import os
import struct
import sys
import zipfile
from collections import Counter, OrderedDict
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.device import device
from .._core.layout import strided
from .._core.tensor import Size, Tensor, wrap
from ..nn.parameter import Parameter, parameter_over
from .storages import BYTES_NAME, STORAGE_NAMES, Storage
from .unpickling import Builder, of_type, refused, unpickled

_ZIP = b"PK\x03\x04"
_BEFORE_ZIP = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # PyTorch's format until 1.5 begins with this number
# What Python's zipfile raises for archives that are none, or encrypted, or of a kind it does not know.
_ZIP_ERRORS = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error)
_DAMAGED = "PytorchStreamReader failed reading zip archive: "
_NO_CUDA = (
    "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are running on "
    "a CPU-only machine, please use torch.load with map_location=torch.device('cpu') to map your storages to the CPU."
)


def read(f: Any, map_location: Any, mmap: bool) -> Any:
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            return _read(file, map_location, os.fspath(f) if mmap else None)
    if mmap:
        raise ValueError("f must be a file path in order to use the mmap argument")
    for method in ("read", "seek", "tell"):
        if not hasattr(f, method):
            raise AttributeError(
                f"'{type(f).__name__}' object has no attribute '{method}'. You can only torch.load from a file that is "
                "seekable. Please pre-load the data into a buffer like io.BytesIO and try to load from it instead."
            )
    return _read(f, map_location, None)


def _read(file: Any, map_location: Any, mapped: Any) -> Any:
    begin = file.tell()
    start = file.read(len(_BEFORE_ZIP))
    file.seek(begin)
    if not start:
        raise EOFError("torch.load: there is nothing left to read\nWas the file written and not rewound (f.seek(0))?")
    if start.startswith(_BEFORE_ZIP):
        raise NotImplementedError("torch.load of a file in PyTorch's format before 1.6: save it anew with PyTorch")
    if not start.startswith(_ZIP):
        raise RuntimeError("Invalid magic number; corrupt file?\nThis is no file that torch.save wrote.")
    try:
        archive = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        raise RuntimeError(
            f"{_DAMAGED}failed finding central directory. The file is damaged, or was not written to its end."
        ) from error
    with archive:
        return _Checkpoint(archive, map_location, mapped).load()


class _Checkpoint:
    """An open archive, and the storages that were read from it."""

    def __init__(self, archive: zipfile.ZipFile, map_location: Any, mapped: Any):
        self.archive = archive
        self.map_location = map_location
        # The whole file, copied where it is written to.
        self.mapped = None if mapped is None else np.memmap(mapped, np.uint8, mode="c")
        self.storages: dict[str, Storage] = {}
        first = archive.namelist()[0] if archive.namelist() else ""
        self.folder, slash, _ = first.partition("/")
        if not slash:
            raise RuntimeError(f"{_DAMAGED}file in archive is not in a subdirectory: {first}")

    def load(self) -> Any:
        names = set(self.archive.namelist())
        if f"{self.folder}/constants.pkl" in names:
            raise NotImplementedError("torch.load of a TorchScript archive: TorchScript is not supported")
        if f"{self.folder}/byteorder" in names and self.record("byteorder").decode() != sys.byteorder:
            raise NotImplementedError("torch.load of a file from a machine of the other byte order")
        return unpickled(self.record("data.pkl"), NAMES, self.storage)

    def info(self, name: str) -> zipfile.ZipInfo:
        try:
            info = self.archive.getinfo(f"{self.folder}/{name}")
        except KeyError:
            raise RuntimeError(f"{_DAMAGED}there is no record {name}") from None
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise RuntimeError(f"{_DAMAGED}the record {name} is compressed, which those that torch.save writes are not")
        return info

    def record(self, name: str) -> bytes:
        return self.bytes_of(self.info(name)).tobytes()

    def bytes_of(self, info: zipfile.ZipInfo) -> np.ndarray:
        """A record's content, in memory of its own; its checksum is compared."""
        if info.file_size > self.archive.start_dir:
            raise RuntimeError(f"{_DAMAGED}{info.filename} says it is larger than the file")
        memory = np.empty(info.file_size, np.uint8)
        try:
            with self.archive.open(info) as content:
                view, done = memory.data, 0
                while done < len(view):
                    n = content.readinto(view[done:])  # type: ignore[attr-defined]
                    if not n:
                        raise EOFError("it ends too early")
                    done += n
                content.read(1)  # the checksum is looked at when nothing is left
        except _ZIP_ERRORS as error:
            raise RuntimeError(f"{_DAMAGED}{info.filename} is damaged: {error}") from error
        return memory

    def mapped_bytes(self, info: zipfile.ZipInfo) -> np.ndarray:
        """A record's place in the mapped file; what lies there is not looked at before it is used."""
        assert self.mapped is not None
        header = bytes(self.mapped[info.header_offset : info.header_offset + 30])
        if len(header) < 30 or not header.startswith(_ZIP):
            raise RuntimeError(f"{_DAMAGED}{info.filename} is damaged")
        begin = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
        memory = self.mapped[begin : begin + info.file_size]
        if len(memory) != info.file_size:
            raise RuntimeError(f"{_DAMAGED}{info.filename} is damaged")
        return memory

    def storage(self, reference: Any) -> Storage:
        """What a persistent id stands for."""
        label, kind, key, location, count = of_type(reference, tuple)
        if label != "storage" or type(kind) is not _StorageType or type(key) is not str or type(location) is not str:
            raise refused(f"does not know the reference {label!r}")
        if key not in self.storages:
            width = 1 if kind.dtype is None else kind.dtype.np.itemsize
            info = self.info(f"data/{key}")
            if type(count) is not int or count * width != info.file_size:
                raise ValueError(f"storage {key} has {info.file_size} bytes, not those of {count} elements")
            memory = self.bytes_of(info) if self.mapped is None else self.mapped_bytes(info)
            self.storages[key] = self.placed(Storage(memory, kind.dtype, location))
        known = self.storages[key]
        if known.dtype is not kind.dtype:
            raise ValueError(f"storage {key} has elements of two types")
        return known

    def placed(self, storage: Storage) -> Storage:
        """The storage, if it is to be on the CPU; everything else is refused."""
        where, location = self.map_location, storage.location
        if callable(where):
            answer = where(storage, location)
            if answer is storage:
                return storage
            if answer is not None:
                raise NotImplementedError("torch.load(map_location=function): it must return the storage, or None")
        elif isinstance(where, dict):
            location = where.get(location, location)
        elif where is not None:
            location = str(where)
        if location.partition(":")[0] == "cuda":
            raise RuntimeError(_NO_CUDA)
        if location != "cpu":
            raise RuntimeError(
                f"don't know how to restore data location of torch.storage.UntypedStorage (tagged with {location})\n"
                "Rushlight computes on the CPU: pass map_location='cpu'."
            )
        return storage


# -- what a file may name -------------------------------------------------------------------------------------


class _StorageType:
    """What a file calls the type of a storage."""

    def __init__(self, d: dtypes.dtype | None):
        self.dtype = d


def _tensor(storage: Any, offset: int, size: Any, stride: Any, requires_grad: bool, d: dtypes.dtype) -> Tensor:
    numbers = (offset, *of_type(size, tuple), *of_type(stride, tuple))
    if not all(type(n) is int for n in numbers) or type(requires_grad) is not bool:
        raise TypeError("a tensor is described by something else than whole numbers")
    t = wrap(of_type(storage, Storage).elements(d, offset, tuple(size), tuple(stride)))
    return t.requires_grad_() if requires_grad else t


def _tensor_v1(storage: Any, offset: int, size: Any, stride: Any) -> Tensor:
    return _tensor_v2(storage, offset, size, stride, False)


def _tensor_v2(
    storage: Any, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any = None, flags: Any = None
) -> Tensor:
    # hooks: an empty dict, for PyTorch's sake; those of a tensor are not saved.
    t = _tensor(storage, offset, size, stride, requires_grad, of_type(storage.dtype, dtypes.dtype))
    return _flagged(t, requires_grad, flags)


def _tensor_v3(
    storage: Any, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, d: Any, flags: Any = None
) -> Tensor:
    return _flagged(
        _tensor(storage, offset, size, stride, requires_grad, of_type(d, dtypes.dtype)), requires_grad, flags
    )


def _flagged(t: Tensor, requires_grad: bool, flags: Any) -> Tensor:
    """Of what memory holds, PyTorch may have saved the conjugate or the negative."""
    for flag, value in (flags or {}).items():
        if flag not in ("conj", "neg") or type(value) is not bool:
            raise refused(f"does not know the property {flag!r} of a tensor")
        if value:
            t = (t.detach().conj_physical() if flag == "conj" else -t.detach()).requires_grad_(requires_grad)
    return t


def _parameter(data: Any, requires_grad: Any, hooks: Any, notes: Any = None) -> Any:
    if not isinstance(data, Tensor):
        raise TypeError("a parameter is made of a tensor")
    return _noted(parameter_over(wrap(data._data), bool(requires_grad)), notes or {})


def _of_type(function: Any, kind: Any, arguments: Any, notes: Any) -> Any:
    t = of_type(function, Builder).function(*of_type(arguments, tuple))
    if kind is not Tensor and not (kind is Parameter and type(t) is Parameter):
        raise refused(f"is asked for a tensor of class {kind!r}")
    return _noted(t, notes)


def _noted(t: Any, notes: Any) -> Any:
    """A tensor with the attributes that the program gave it."""
    for name, value in of_type(notes, dict).items():
        if type(name) is not str or name.startswith("_") or hasattr(Tensor, name):
            raise refused(f"is asked to set the attribute {name!r} of a tensor")
        setattr(t, name, value)
    return t


def _encoded(text: Any, encoding: Any) -> bytes:
    if encoding not in ("latin1", "latin-1"):
        raise refused(f"encodes no text in {encoding!r}")
    return of_type(text, str).encode("latin-1")


def _bytearray(content: Any = b"", encoding: Any = "latin-1") -> bytearray:
    return bytearray(content if type(content) is bytes else _encoded(content, encoding))


def _layout(name: Any) -> Any:
    if name != repr(strided):
        raise NotImplementedError(f"torch.load: the layout {name} is not supported")
    return strided


def _names() -> dict[tuple[str, str], Any]:
    """All that a file may name, by module and name. What is called is a builder."""
    builtin = {
        "set": Builder(lambda items: set(of_type(items, list))),
        "complex": Builder(lambda real, imag: complex(of_type(real, float), of_type(imag, float))),
        "bytes": Builder(lambda: b""),
        "bytearray": Builder(_bytearray),
    }
    found: dict[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): Builder(lambda items=(): OrderedDict(items)),
        ("collections", "Counter"): Builder(lambda counts: Counter(of_type(counts, dict))),
        ("_codecs", "encode"): Builder(_encoded),
        ("torch", "Size"): Builder(lambda extents: Size(of_type(extents, tuple))),
        ("torch", "device"): Builder(lambda kind, index=None: device(of_type(kind, str), index)),
        ("torch", "Tensor"): Tensor,
        ("torch.nn.parameter", "Parameter"): Parameter,
        ("torch.serialization", "_get_layout"): Builder(_layout),
        ("torch._utils", "_rebuild_tensor"): Builder(_tensor_v1),
        ("torch._utils", "_rebuild_tensor_v2"): Builder(_tensor_v2),
        ("torch._utils", "_rebuild_tensor_v3"): Builder(_tensor_v3),
        ("torch._utils", "_rebuild_parameter"): Builder(_parameter),
        ("torch._utils", "_rebuild_parameter_with_state"): Builder(_parameter),
        ("torch._tensor", "_rebuild_from_type_v2"): Builder(_of_type),
        ("torch.storage", BYTES_NAME): _StorageType(None),
        **{("torch", name): _StorageType(d) for d, name in STORAGE_NAMES.items()},
        **{("torch", d.name): d for d in dtypes.ALL},
    }
    for module in ("__builtin__", "builtins"):
        found.update({(module, name): builder for name, builder in builtin.items()})
    return found


NAMES = _names()
