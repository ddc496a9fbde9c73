"""Memory that holds the conjugate of another tensor's.

PyTorch's ``conj()`` is a view with a mark, and a write through it changes the tensor that it was taken of. Here it is a
copy, since NumPy has no such views. So that a write is not lost without a word, the copy is locked, and refused.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np


class Conjugate(np.ndarray):
    """Owns the memory of a conjugate: that tells it from other locked arrays."""


def conjugated(x: np.ndarray) -> np.ndarray:
    """The conjugate of ``x``, locked."""
    owner = np.empty_like(x.view(Conjugate))
    np.conjugate(x, owner)
    owner.flags.writeable = False
    return owner.view(np.ndarray)


def is_conjugate(array: Any) -> bool:
    """Whether an array is what `conjugated` gave, or a part of it."""
    while array is not None:
        if type(array) is Conjugate:
            return True
        array = getattr(array, "base", None)
    return False


def raise_conjugate_write() -> NoReturn:
    raise NotImplementedError(
        "writing through conj(), .H, .mH or adjoint() is not supported: the conjugate has memory of its own, and the "
        "tensor that it was taken of would not change\n"
        "Write into that tensor instead; or, to write into the conjugate alone, begin with conj_physical(), "
        "resolve_conj() or clone()."
    )
