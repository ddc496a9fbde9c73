"""What helps around tensors and networks; see `rushlight.utils.data`."""

import typing as _typing

from .._standin.missing import missing_attribute as _missing_attribute
from . import data as data

if _typing.TYPE_CHECKING:
    from . import checkpoint as checkpoint
else:  # a checker would take it that every name is there

    def __getattr__(name: str) -> _typing.Any:
        if name == "checkpoint":  # it stands on the networks
            from importlib import import_module

            return import_module(f"{__name__}.checkpoint")
        raise _missing_attribute(__name__, name)
