"""What the transforms check of their arguments and of what functions return."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from ..utils._pytree import TreeSpec, tree_leaves, tree_unflatten

Argnums = int | tuple[int, ...]


def positions(argnums: Any, count: int) -> tuple[int, ...]:
    """The positions that ``argnums`` names among ``count`` arguments, counted from the start."""
    if not isinstance(argnums, (int, tuple)):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    found = []
    for i in argnums if isinstance(argnums, tuple) else (argnums,):
        if not isinstance(i, int):
            raise RuntimeError(f"argnum must be int, got: {type(i)}")
        if not -count <= i < count:
            raise RuntimeError(f"Got argnum={i}, but only {count} positional inputs")
        found.append(i % count)
    if not found:
        raise RuntimeError("argnums must be non-empty")
    if len(set(found)) != len(found):
        raise RuntimeError(f"argnums elements must be unique, got {tuple(found)}")
    return tuple(found)


def chosen(args: tuple[Any, ...], argnums: Any) -> Any:
    """The arguments that ``argnums`` names: one, or a tuple where it is a tuple."""
    found = tuple([args[i] for i in positions(argnums, len(args))])
    return found if isinstance(argnums, tuple) else found[0]


def replaced(args: tuple[Any, ...], argnums: Any, new: Any) -> tuple[Any, ...]:
    """``args`` with what `chosen` finds replaced by ``new``."""
    out = list(args)
    for i, value in zip(positions(argnums, len(args)), new if isinstance(argnums, tuple) else (new,)):
        out[i] = value
    return tuple(out)


def split_aux(output: Any, has_aux: bool, api: str) -> tuple[Any, Any]:
    """What a function returned: the output, and with ``has_aux`` what it returned beside."""
    if not has_aux:
        return output, None
    if not (isinstance(output, tuple) and len(output) == 2):
        raise RuntimeError(f"{api}: output of function f should be a tuple: (output, aux) if has_aux is True")
    return output


def check_outputs(outputs: list[Any], api: str) -> None:
    """RuntimeError where a function returned nothing, or something else than tensors."""
    if not outputs or (len(outputs) == 1 and outputs[0] is None):
        raise RuntimeError(f"{api}: Expected f to be a function that has non-empty output (got output = {outputs})")
    for out in outputs:
        if not isinstance(out, Tensor):
            raise RuntimeError(f"{api}: expected f(*primals) to return only tensors, got unsupported type {type(out)}")


def check_tensors(leaves: list[Any], api: str, name: str) -> None:
    """RuntimeError where a tree has no leaves, or others than tensors."""
    if not leaves:
        raise RuntimeError(f"{api}: Expected {name} to contain at least one Tensor.")
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise RuntimeError(f"{api}: Expected {name} to only contain Tensors, got {type(leaf)}")


def check_real(tree: Any, api: str, which: str) -> None:
    """RuntimeError for complex tensors, of which Jacobians are not defined here."""
    for i, leaf in enumerate(tree_leaves(tree)):
        if isinstance(leaf, Tensor) and leaf._data.dtype.kind == "c":
            raise RuntimeError(
                f"{api}: Expected all {which} to be real but received complex tensor at flattened input idx: {i}"
            )


class _Star:
    def __repr__(self) -> str:
        return "*"


def sketch(spec: TreeSpec) -> str:
    """A tree's shape in short: ``(*, {'a': *})``."""
    return repr(tree_unflatten([_Star()] * spec.num_leaves, spec))
