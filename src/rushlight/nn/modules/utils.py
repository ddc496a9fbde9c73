"""Small things that layers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def ntuple(n: int) -> Callable[[Any], tuple[Any, ...]]:
    """A function that makes a tuple of n of one value, and leaves several as they are."""
    return lambda value: tuple(value) if isinstance(value, Iterable) else (value,) * n


_single, _pair, _triple, _quadruple = map(ntuple, (1, 2, 3, 4))


def consume_prefix_in_state_dict_if_present(state_dict: dict[str, Any], prefix: str) -> None:
    """Take ``prefix`` off the keys that begin with it, in place."""
    for key in list(state_dict):
        if key.startswith(prefix):
            state_dict[key[len(prefix) :]] = state_dict.pop(key)
    metadata = getattr(state_dict, "_metadata", {})
    for key in list(metadata):
        if key and (key == prefix.replace(".", "") or key.startswith(prefix)):
            metadata[key[len(prefix) :]] = metadata.pop(key)
