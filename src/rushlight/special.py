"""`torch.special`: the error function's and the gamma function's relatives, and other functions of mathematics."""

from ._core.registry import NAMESPACES as _NAMESPACES

# Listed where they are defined, and only there.
globals().update(_NAMESPACES["torch.special"])


def __dir__() -> list[str]:
    return sorted(_NAMESPACES["torch.special"])
