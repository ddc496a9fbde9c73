"""Second derivatives without the Hessian: products with it, its diagonal, and the sum of that.

PyTorch has none of these names in ``torch.func``; they are what one writes there by hand from `grad`, `jvp` and `vmap`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._core.tensor import Tensor
from ..utils._pytree import tree_flatten, tree_leaves, tree_unflatten
from ._arguments import Argnums, check_real, check_tensors, chosen, sketch
from ._forward import jvp_of
from ._jacobian import basis
from ._reverse import grad, vjp_of
from ._vmap import vmap

# How many elements the rows of the Hessian that are computed at once may have, where the user does not say: 32 MiB in
# float64. Larger batches are not faster, and all rows of 10,000 variables would be 800 MB.
BATCH = 2**22


def hvp(
    func: Callable[..., Any], primals: Any, tangents: Any, *, argnums: Argnums | None = None, has_aux: bool = False
) -> Any:
    """The product of the Hessian of ``func`` at ``primals`` with a vector: the derivative of its gradient along it.

    primals: a tuple, the arguments of ``func``, which returns a tensor of one element without dimensions. tangents: the
    vector, a tuple with a part for each primal; with ``argnums`` for those that it names, as `grad` takes it (an int: no
    tuple). The product has the structure and shapes of ``tangents``. has_aux: ``func`` returns ``(value, aux)``, and
    what is returned is ``(product, aux)``. Costs a few evaluations of ``func``, whatever the number of variables.

    Forward over reverse mode. PyTorch's own is ``torch.autograd.functional.hvp(func, inputs, v)``, which also returns
    the value; in ``torch.func`` it has none. Source: B. Pearlmutter, "Fast exact multiplication by the Hessian", 1994.

    >>> import rushlight as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0])
    >>> torch.func.hvp(lambda x: (x**3).sum(), (x,), (v,))
    (tensor([6., 0.]),)
    """
    api = "hvp(f, primals, tangents)"
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{api}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).")
    every = tuple(range(len(primals))) if argnums is None else argnums
    given = chosen(primals, every)
    values, spec = tree_flatten(given)
    parts, tangents_spec = tree_flatten(tangents)
    if spec != tangents_spec:
        raise RuntimeError(
            f"{api}: Expected primals and tangents to have the same python structure, got {sketch(spec)} and "
            f"{sketch(tangents_spec)}"
        )
    check_tensors(values, api, "primals")
    check_tensors(parts, api, "tangents")
    check_real(values, "hvp", "primals")
    several = isinstance(every, tuple)
    directions = tangents if several else (tangents,)
    _, product, *aux = jvp_of(grad(func, every, has_aux), primals, directions, every, False, has_aux)
    return (product, *aux) if has_aux else product


def hessian_diagonal(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, *, chunk_size: int | None = None
) -> Callable[..., Any]:
    """A function that returns the diagonal of the Hessian of ``func``: how it bends along each element of its argument.

    The diagonal has the structure and shapes of the argument (with a tuple of ``argnums``: of that tuple of arguments).
    It is exact, also where elements mix, and so costs a product with the Hessian for each element. chunk_size: how
    many of them at once; by default as many as stay within 32 MiB. argnums, has_aux: see `grad`. PyTorch has no such
    function.

    >>> import rushlight as torch
    >>> torch.func.hessian_diagonal(lambda x: x[0] ** 3 * x[1])(torch.tensor([1.0, 2.0]))
    tensor([12.,  0.])
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("hessian_diagonal: `chunk_size` should be greater than 0.")
    gradient = grad(func, argnums, has_aux)

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        from .. import cat

        primals, spec = tree_flatten(chosen(args, argnums))
        check_real(primals, "hessian_diagonal", "inputs")
        # The gradient is recorded once; jvp(grad(f)), under vmap, would evaluate `func` again for each chunk. By
        # symmetry the product from the left is the one from the right.
        _, pull_back, *aux = vjp_of(gradient, args, argnums, has_aux)
        total = sum([p._data.size for p in primals])
        step = chunk_size or max(1, BATCH // max(total, 1))
        pieces: list[list[Tensor]] = [[] for _ in primals]
        for i, part in enumerate(basis(primals, step)):
            rows = tree_leaves(vmap(pull_back)(tree_unflatten(part, spec)))
            first = -i * step  # the row that belongs to the first element of each tensor
            for p, block, found in zip(primals, rows, pieces):
                count = p._data.size
                low, high = max(first, 0), min(first + count, block._data.shape[0])
                if low < high:
                    found.append(block.reshape(-1, count)[low:high].diagonal(low - first))
                first += count
        diagonal = [
            cat(found).reshape(p._data.shape) if found else p.new_zeros(p._data.shape)
            for p, found in zip(primals, pieces)
        ]
        result = tree_unflatten(diagonal, spec)
        return (result, *aux) if has_aux else result

    return wrapper


def laplacian(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, *, chunk_size: int | None = None
) -> Callable[..., Any]:
    """A function that returns the Laplacian of ``func``, the sum of its unmixed second derivatives: a tensor without
    dimensions.

    Arguments as for `hessian_diagonal`. For a field that a network computes at many points: ``vmap(laplacian(u))``.
    PyTorch has no such function.

    >>> import rushlight as torch
    >>> torch.func.laplacian(lambda x: (x**2).sum())(torch.zeros(3))
    tensor(6.)
    """
    diagonal = hessian_diagonal(func, argnums, has_aux, chunk_size=chunk_size)

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        found = diagonal(*args)
        parts, aux = found if has_aux else (found, None)
        first, *rest = [part.sum() for part in tree_leaves(parts)]
        for part in rest:
            first = first + part
        return (first, aux) if has_aux else first

    return wrapper
