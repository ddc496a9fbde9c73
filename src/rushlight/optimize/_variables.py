"""What is optimised, as the user has it (tensors, containers, a module) and as SciPy has it: a vector of float64."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._core.levels import belongs
from .._core.modes import no_grad
from .._core.tensor import Tensor, wrap
from ..func._modules import exchange, places_of
from ..nn import Module
from ..nn.parameter import Parameter
from ..utils._pytree import TreeSpec, tree_flatten, tree_structure, tree_unflatten


def variables_of(x0: Any) -> Variables:
    """The variables that start at ``x0``: a tensor, containers of tensors, or a module."""
    return ModuleVariables(x0) if isinstance(x0, Module) else Variables(x0)


class Variables:
    """The tensors in a tree. A `Parameter` that does not require grad is frozen: it stays as it is."""

    def __init__(self, x0: Any):
        self.set_leaves(*tree_flatten(x0), "x0")

    def set_leaves(self, leaves: list[Any], spec: TreeSpec, name: str) -> None:
        self.name = name
        self.leaves = leaves
        self.spec = spec
        self.paths = paths(spec, name)
        for leaf, path in zip(leaves, self.paths):
            check(leaf, path)
        self.is_free = [not isinstance(leaf, Parameter) or leaf.requires_grad for leaf in leaves]
        self.free = [leaf for leaf, is_free in zip(leaves, self.is_free) if is_free]
        self.cuts = np.cumsum([0, *(leaf._data.size for leaf in self.free)])
        self.size = int(self.cuts[-1])
        if not self.size:
            frozen = " All parameters are frozen: requires_grad is False." if leaves and not self.free else ""
            raise ValueError(f"There is nothing to optimise: {name} has no elements.{frozen}")
        self.start = self.join(self.free)
        if not np.isfinite(self.start).all():
            bad = next(path for path, leaf in self.free_with_paths() if not np.isfinite(as_float64(leaf)).all())
            raise ValueError(f"{bad} is not finite, and there the search would begin")

    def free_with_paths(self) -> list[tuple[str, Tensor]]:
        return [(path, leaf) for path, leaf, free in zip(self.paths, self.leaves, self.is_free) if free]

    def join(self, tensors: Sequence[Tensor]) -> np.ndarray:
        """The elements of what stands in the place of the free tensors, one after the other."""
        return np.concatenate([as_float64(t).ravel() for t in tensors])

    def cut(self, vector: np.ndarray) -> list[np.ndarray]:
        """The columns of a vector or matrix that belong to each free tensor."""
        return [vector[..., i:j] for i, j in zip(self.cuts, self.cuts[1:])]

    def split(self, vector: np.ndarray) -> list[Tensor]:
        """New tensors in the shapes and dtypes of the free ones. SciPy goes on to write into its vectors: copies."""
        parts = zip(self.free, self.cut(vector))
        return [wrap(part.reshape(t._data.shape).astype(t._data.dtype)) for t, part in parts]

    def all_leaves(self, tensors: Sequence[Any], frozen: Callable[[Tensor], Any] = lambda leaf: leaf) -> list[Any]:
        rest = iter(tensors)
        return [next(rest) if is_free else frozen(leaf) for leaf, is_free in zip(self.leaves, self.is_free)]

    def tree(self, tensors: Sequence[Tensor]) -> Any:
        """``tensors`` in the structure of ``x0``; None in the place of a frozen one."""
        return tree_unflatten(self.all_leaves(tensors, lambda leaf: None), self.spec)

    def call(self, function: Callable[..., Any], tensors: Sequence[Tensor], args: tuple[Any, ...]) -> Any:
        """``function(x, *args)``, where x has ``tensors`` in the place of the free ones."""
        return function(tree_unflatten(self.all_leaves(tensors), self.spec), *args)

    def result(self, vector: np.ndarray) -> Any:
        """What was found, as the user had it."""
        return tree_unflatten(self.all_leaves(self.split(vector)), self.spec)


class ModuleVariables(Variables):
    """The parameters of a module. Tied ones are one; frozen ones stay.

    While a function is called the module holds the values that SciPy tries, and afterwards again its own, so that
    nothing is left behind where the function raises or the user interrupts it. `result` alone writes into it.
    """

    def __init__(self, module: Any):
        self.module = module
        named = dict(module.named_parameters())
        self.set_leaves(list(named.values()), tree_structure(named), type(module).__name__)
        self.places = {name: p for name, p in module.named_parameters(remove_duplicate=False) if p.requires_grad}
        self.position = {id(parameter): i for i, parameter in enumerate(self.free)}

    def call(self, function: Callable[..., Any], tensors: Sequence[Tensor], args: tuple[Any, ...]) -> Any:
        # Buffers count batches and keep running statistics. What trials write there is dropped.
        buffers = dict(self.module.named_buffers(remove_duplicate=False))
        copies = {id(buffer): buffer.clone() for buffer in buffers.values()}
        places = places_of(self.module)
        try:
            for name, parameter in self.places.items():
                exchange(self.module, places, name, tensors[self.position[id(parameter)]])
            for name, buffer in buffers.items():
                exchange(self.module, places, name, copies[id(buffer)])
            return function(self.module, *args)
        finally:
            # All of them, exchanged or not: an interrupt may come at any moment.
            for name, value in (*self.places.items(), *buffers.items()):
                exchange(self.module, places, name, value)

    def result(self, vector: np.ndarray) -> Any:
        values = self.split(vector)
        with no_grad():
            for parameter, value in zip(self.free, values):
                parameter.copy_(value)
        return self.module


def as_float64(t: Tensor) -> np.ndarray:
    return t._data.astype(np.float64, copy=False)


def check(leaf: Any, path: str) -> None:
    """Refuse what cannot be optimised."""
    if not isinstance(leaf, Tensor):
        raise TypeError(
            f"{path} is of type {type(leaf).__name__}; minimize takes tensors, containers of tensors, or a module\n"
            "Make a tensor of it: torch.tensor(..., dtype=torch.float64)."
        )
    if belongs(leaf):
        raise NotImplementedError(
            "minimize inside vmap, grad or another transform is not supported: SciPy works on numbers, and derivatives "
            "of what it finds are not computed"
        )
    kind = leaf._data.dtype.kind
    if kind == "c":
        raise TypeError(
            f"{path} is complex, and SciPy minimises over real numbers\n"
            "Optimise torch.view_as_real(x), and use torch.view_as_complex of it in the function."
        )
    if kind not in "fV":
        raise TypeError(
            f"{path} holds {leaf.dtype}: only floating-point tensors can be optimised\n"
            "Write numbers with a point, 1.0 for 1, or pass dtype=torch.float64."
        )


def paths(spec: TreeSpec, name: str) -> list[str]:
    """What one would write to get at each leaf: ``x0['a'][1]``."""
    if spec.is_leaf():
        return [name]
    return [path for key, child in zip(keys(spec), spec.children) for path in paths(child, f"{name}[{key!r}]")]


def keys(spec: TreeSpec) -> list[Any]:
    """The keys of a dict, or the positions in another container."""
    if not is_dict(spec):
        return list(range(len(spec.children)))
    return spec.context[1] if spec.type is defaultdict else spec.context


def is_dict(spec: TreeSpec) -> bool:
    # What stands for named tuples is no class.
    return isinstance(spec.type, type) and issubclass(spec.type, dict)
