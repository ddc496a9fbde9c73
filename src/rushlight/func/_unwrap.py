"""A look behind the tensors of active transforms, for debugging."""

from __future__ import annotations

from .._core.levels import belongs
from .._core.tensor import Tensor


def debug_unwrap(tensor: Tensor, *, recurse: bool = True) -> Tensor:
    """The tensor one level below that of a transform (or at the bottom): all examples, or the value without tangent.

    Only to look at: what is computed with it inside the transform is a constant to it.

    >>> import rushlight as torch
    >>> _ = torch.vmap(lambda x: print(torch.func.debug_unwrap(x)))  # doctest: +SKIP
    """
    while belongs(tensor):
        tensor = tensor._data.content[0]
        if not recurse:
            break
    return tensor
