"""`torch.onnx`: networks as files of another format. Not supported; programs that only may export run all the same."""

from __future__ import annotations

from typing import Any, NoReturn

from ._standin.missing import refuse_other_names as _refuse_other_names


def export(*args: Any, **kwargs: Any) -> NoReturn:
    """Write a network as an ONNX file: not supported, and raises NotImplementedError."""
    raise NotImplementedError("torch.onnx.export: Rushlight writes no ONNX files")


def is_in_onnx_export() -> bool:
    """Always False: nothing is exported.

    >>> import rushlight as torch
    >>> torch.onnx.is_in_onnx_export()
    False
    """
    return False


_refuse_other_names(globals())
