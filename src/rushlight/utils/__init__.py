"""What helps around tensors and networks; see `rushlight.utils.data`."""

from typing import Any as _Any

from .._standin.missing import missing_attribute as _missing_attribute
from . import data as data


def __getattr__(name: str) -> _Any:
    if name == "checkpoint":  # it stands on the networks
        from importlib import import_module

        return import_module(f"{__name__}.checkpoint")
    raise _missing_attribute(__name__, name)
