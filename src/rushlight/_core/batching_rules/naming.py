"""What messages call operations."""

from __future__ import annotations

from typing import NoReturn

from ..primitive import Primitive


def aten_name(primitive: Primitive) -> str:
    """The operation's name in messages: ``aten::cumsum``."""
    stem = primitive.name.partition("Backward")[0]
    if stem == "Unique2":
        return "aten::_unique2"
    return "aten::" + "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(stem))


def raise_dynamic(operation: str) -> NoReturn:
    raise RuntimeError(
        "vmap: We do not support batching operators that can output dynamic shape. Attempted to vmap over "
        f"{operation}. Please file an issue at https://github.com/pytorch/pytorch/issues if you need this "
        "feature.\nThe result's shape would differ from one example to the next."
    )
