"""Jacobians and Hessians: all rows, or all columns, at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .._core.tensor import Tensor, wrap
from ..utils._pytree import tree_flatten, tree_leaves, tree_unflatten
from ._arguments import Argnums, check_real, chosen
from ._forward import jvp_of
from ._reverse import vjp_of
from ._vmap import vmap


def basis(tensors: list[Tensor], chunk_size: int | None = None) -> Iterator[list[Tensor]]:
    """The standard basis of the space of all elements of ``tensors``: for each tensor its part of every vector.

    In chunks of ``chunk_size`` vectors, along a new first dimension; all in one by default.
    """
    counts = [t._data.size for t in tensors]
    total = sum(counts)
    step = chunk_size or max(total, 1)
    for start in range(0, max(total, 1), step):
        n = min(step, total - start)
        parts = []
        first = 0  # where the tensor's elements begin among all
        for t, count in zip(tensors, counts):
            part = np.eye(n, count, start - first, t._data.dtype)
            parts.append(wrap(part.reshape((n, *t._data.shape))))
            first += count
        yield parts


def jacrev(
    func: Callable[..., Any],
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable[..., Any]:
    """A function that returns the Jacobian of ``func``, by reverse mode: a backward pass for all outputs at once.

    The Jacobian of an output of shape ``s`` by an argument of shape ``t`` has shape ``s + t``; where outputs or
    arguments are containers, so is it: the output's structure, and in the place of each leaf the arguments'.
    argnums, has_aux: see `grad`. chunk_size: how many elements of the output at once (1: one after the other).

    >>> import rushlight as torch
    >>> torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        check_real(args, "jacrev", "inputs")
        output, pull_back, *aux = vjp_of(func, args, argnums, has_aux)
        outputs, output_spec = tree_flatten(output)
        check_real(outputs, "jacrev", "outputs")
        primals, primals_spec = tree_flatten(chosen(args, argnums))
        rows: list[list[Tensor]] = []
        for part in basis(outputs, chunk_size):
            if chunk_size == 1:
                one = pull_back(tree_unflatten([p.squeeze(0) for p in part], output_spec))
                rows.append([t.unsqueeze(0) for t in tree_leaves(one)])
            else:
                rows.append(tree_leaves(vmap(pull_back)(tree_unflatten(part, output_spec))))
        from .. import cat

        columns = rows[0] if len(rows) == 1 else [cat(c) for c in zip(*rows)]
        counts = [o._data.size for o in outputs]
        # By argument, then by output; wanted is the other way round.
        blocks = [
            [b.reshape((*o._data.shape, *p._data.shape)) for b, o in zip(column.split(counts), outputs)]
            for column, p in zip(columns, primals)
        ]
        jacobian = tree_unflatten([tree_unflatten(of_output, primals_spec) for of_output in zip(*blocks)], output_spec)
        return (jacobian, aux[0]) if has_aux else jacobian

    return wrapper


def jacfwd(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """A function that returns the Jacobian of ``func``, by forward mode: in all directions at once.

    What it returns is as for `jacrev`; this is the faster one where arguments have fewer elements than outputs.
    randomness: see `vmap`.

    >>> import rushlight as torch
    >>> torch.func.jacfwd(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        check_real(args, "jacfwd", "inputs")
        return pushed(func, args, argnums, has_aux, randomness, lambda output: check_real(output, "jacfwd", "outputs"))

    return wrapper


def pushed(
    func: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums, has_aux: bool, randomness: str,
    check: Callable[[Any], None],
) -> Any:  # fmt: skip
    """The Jacobian at ``args`` by forward mode; ``check`` sees what ``func`` returned. Of a complex argument: along
    its real axis."""
    several = isinstance(argnums, tuple)
    given = chosen(args, argnums)
    primals, spec = tree_flatten(given if several else (given,))
    (parts,) = basis(primals)
    outside: list[Any] = []

    def push(directions: Any) -> Any:
        output, tangents, *aux = jvp_of(func, args, directions, argnums, False, has_aux)
        check(output)
        outside[:] = aux
        return tangents

    results = vmap(push, randomness=randomness)(tree_unflatten(parts, spec))
    outputs, output_spec = tree_flatten(results)
    counts = [p._data.size for p in primals]
    jacobians = []
    for out in outputs:
        shape = out._data.shape[1:]
        blocks = [b.reshape((*shape, *p._data.shape)) for b, p in zip(out.movedim(0, -1).split(counts, -1), primals)]
        block = tree_unflatten(blocks, spec)
        jacobians.append(block if several else block[0])
    jacobian = tree_unflatten(jacobians, output_spec)
    return (jacobian, outside[0]) if has_aux else jacobian


def hessian(func: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that returns the matrix of second derivatives of ``func``, forward over reverse.

    For arguments that are containers, or several ``argnums``, it is nested: by the one, then by the other.

    >>> import rushlight as torch
    >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
