"""What helps around tensors and networks; see `rushlight.utils.data`."""

from typing import Any as _Any

from .._standin.missing import missing_attribute as _missing_attribute
from . import data as data


def __getattr__(name: str) -> _Any:
    raise _missing_attribute(__name__, name)
