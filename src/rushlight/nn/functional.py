"""`torch.nn.functional`: what layers do, as functions."""

from typing import Any

from .._core.registry import NAMESPACES as _NAMESPACES
from .._standin.missing import missing_attribute as _missing_attribute

# Listed where they are defined, and only there.
globals().update(_NAMESPACES["torch.nn.functional"])


def __getattr__(name: str) -> Any:
    raise _missing_attribute(__name__, name)


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.nn.functional"])
