"""What operations along dimensions share: checked arguments, and results in C order."""

from __future__ import annotations

from operator import index
from typing import Any

from .._core import dtypes
from .._core.tensor import Tensor

Dims = tuple[int, ...] | None


def check_tensor(value: Any, operation: str, name: str = "input", position: int = 1) -> None:
    """TypeError where an argument that must be a tensor is something else."""
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        raise TypeError(
            f"{operation}(): argument '{name}' (position {position}) must be Tensor, not {kind}\n"
            f"Make a tensor of it first: torch.tensor(...)."
        )


def check_int(value: Any, operation: str, name: str, position: int = 1) -> int:
    """``value`` as an int; TypeError where it is none (a bool is none, a tensor of one integer is)."""
    if not isinstance(value, bool):
        try:
            return index(value)
        except TypeError:
            pass
    raise TypeError(f"{operation}(): argument '{name}' (position {position}) must be int, not {type(value).__name__}")


def normalize_dim(dim: int, ndim: int) -> int:
    """``dim`` counted from the front; IndexError as PyTorch's where it is out of range."""
    extent = ndim or 1
    if not -extent <= dim < extent:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-extent}, {extent - 1}], but got {dim})"
        )
    return dim % extent


def normalize_dims(dim: Any, ndim: int, operation: str = "sum") -> Dims:
    """The dimensions to reduce, counted from the front: a tuple, or None for all of them.

    No dimensions at all, ``()``, also means all of them, as it does to PyTorch.
    """
    if dim is None:
        return None
    if type(dim) is int and -ndim <= dim < ndim:
        return (dim % ndim,)
    if not isinstance(dim, (tuple, list)):
        dim = (dim,)
    try:
        dims = tuple([normalize_dim(index(d), ndim) for d in dim])
    except TypeError:
        kinds = ", ".join(type(d).__name__ for d in dim)
        raise TypeError(f"{operation}(): argument 'dim' (position 1) must be tuple of ints, not {kinds}") from None
    if len(set(dims)) != len(dims):
        again = next(d for i, d in enumerate(dims) if d in dims[:i])
        raise RuntimeError(f"dim {again} appears multiple times in the list of dims")
    return dims if dims and ndim else None


def check_size(shape: tuple[int, ...], dim: int, operation: str) -> None:
    """IndexError where there is nothing along ``dim`` to choose from."""
    if shape and not shape[dim]:
        raise IndexError(f"{operation}(): Expected reduction dim {dim} to have non-zero size.")


def count(shape: tuple[int, ...], dim: Dims) -> int:
    """How many elements each element of a reduction's result came from."""
    n = 1
    for d in range(len(shape)) if dim is None else dim:
        n *= shape[d]
    return n


def check_not_complex(x: Tensor, kernel: str) -> None:
    """NotImplementedError, as PyTorch words it, for an operation that orders its elements."""
    if x._data.dtype.kind == "c":
        raise_unsupported(x, kernel)


def raise_unsupported(x: Tensor, kernel: str) -> None:
    d = dtypes.from_numpy_dtype(x._data.dtype)
    raise NotImplementedError(f"\"{kernel}\" not implemented for '{dtypes.scalar_type_name(d)}'")
