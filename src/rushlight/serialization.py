"""`torch.save` and `torch.load`: files that PyTorch reads and writes too."""

from __future__ import annotations

from typing import Any

from ._standin.missing import refuse_other_names as _refuse_other_names

_PROTOCOL = 2


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = None,
    pickle_protocol: int = _PROTOCOL,
    _use_new_zipfile_serialization: bool = True,
    _disable_byteorder_record: bool = False,
) -> None:
    """Write tensors, numbers, strings, dtypes, sizes and plain containers of them to a file.

    f: a path, or a file open for writing bytes. PyTorch reads the file, with ``weights_only=True``. Tensors that share
    memory still do when loaded; all of the memory that a view looks at is written. Models are saved by their
    ``state_dict()``: NotImplementedError for objects of other classes, before anything is written. PyTorch reads only
    ``pickle_protocol=2``, and that is the only one written.

    >>> import io
    >>> import rushlight as torch
    >>> file = io.BytesIO()
    >>> torch.save({"weight": torch.ones(2), "epoch": 3}, file)
    >>> _ = file.seek(0)
    >>> torch.load(file)
    {'weight': tensor([1., 1.]), 'epoch': 3}
    """
    import pickle

    if pickle_module not in (None, pickle):
        raise NotImplementedError("torch.save(pickle_module=...): files are written by Python's pickle alone")
    if pickle_protocol != _PROTOCOL:
        raise NotImplementedError(f"torch.save(pickle_protocol={pickle_protocol}): only protocol 2 can be loaded again")
    if not _use_new_zipfile_serialization or _disable_byteorder_record:
        raise NotImplementedError("torch.save: only PyTorch's present format is written")
    from ._checkpoint.writing import write

    write(obj, f)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """What `save`, here or in PyTorch, wrote to a file: a path, or a file open for reading bytes.

    Nothing from a file is ever run: pickle.UnpicklingError where it asks for more than tensors and plain containers,
    and NotImplementedError for ``weights_only=False``. RuntimeError where it is damaged. map_location: "cpu" for
    tensors that were on another device; a dict of devices; or a function of storage and device that returns the
    storage. mmap: the tensors' memory is the file's (which is not written to), read when first used; only for paths.

    >>> import io
    >>> import rushlight as torch
    >>> file = io.BytesIO()
    >>> torch.save(torch.nn.Linear(2, 1).state_dict(), file)
    >>> _ = file.seek(0)
    >>> list(torch.load(file))
    ['weight', 'bias']
    """
    if pickle_module is not None:
        if weights_only:
            raise RuntimeError("Can not safely load weights when explicit pickle_module is specified")
        weights_only = False
    if weights_only is False:
        raise NotImplementedError(
            "torch.load(weights_only=False) would run what the file says; Rushlight reads files without running "
            "anything from them\nLeave it out. For a file of other objects, save their state_dict() with PyTorch first."
        )
    encoding = pickle_load_args.pop("encoding", "utf-8")
    if pickle_load_args:
        name = next(iter(pickle_load_args))
        raise TypeError(f"Unpickler.__init__() got an unexpected keyword argument '{name}'")
    if encoding != "utf-8":
        raise NotImplementedError(f"torch.load(encoding={encoding!r}): strings of Python 2 are not read")
    from ._checkpoint.reading import read

    return read(f, map_location, bool(mmap))


_refuse_other_names(globals())
