"""`vmap`: a function of one example applied to many at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._core.batching import Batching
from .._core.tensor import Tensor
from ..utils._pytree import TreeSpec, broadcast_prefix, tree_flatten, tree_leaves, tree_unflatten


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that applies ``func``, written for one example, to many at once.

    in_dims: along which dimension of each argument the examples lie, None for one that is the same for all; an int, or
    a tuple with an entry for each argument, which may be nested as the argument is. out_dims: where the examples are to
    lie in the results. randomness: what random operations inside do: "error", "different" numbers for each example or
    the "same". chunk_size: how many examples at once, all by default. Values of tensors cannot be looked at inside,
    since there are many: RuntimeError.

    >>> import rushlight as torch
    >>> torch.vmap(torch.dot)(torch.ones(2, 3), torch.ones(2, 3))
    tensor([3., 3.])
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")
    name = name_of(func)
    for dim in tree_leaves(out_dims):
        if dim is not None and not isinstance(dim, int):
            raise ValueError(
                f"vmap({name}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python collection of ints "
                "representing where in the outputs the vmapped dimension should appear."
            )

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        values, dims, spec = inputs_of(name, in_dims, args)
        size = size_of(values, dims)
        if chunk_size is None or chunk_size >= size:
            return run(func, name, values, dims, spec, size, out_dims, randomness, kwargs)
        from .. import get_rng_state, set_rng_state

        start = get_rng_state() if randomness == "same" else None
        parts = []
        for i in range(0, size, chunk_size):
            n = min(chunk_size, size - i)
            if start is not None:
                set_rng_state(start)
            part = [v if d is None else v.narrow(d, i, n) for v, d in zip(values, dims)]
            parts.append(run(func, name, part, dims, spec, n, out_dims, randomness, kwargs))
        return joined(parts, out_dims)

    return wrapper


def name_of(func: Any) -> str:
    """What the function is called in messages."""
    if hasattr(func, "__name__"):
        return func.__name__
    if isinstance(func, functools.partial):
        return f"functools.partial({name_of(func.func)}, ...)"
    return repr(func)


def inputs_of(name: str, in_dims: Any, args: tuple[Any, ...]) -> tuple[list[Any], list[Any], TreeSpec]:
    """The leaves of the arguments, the dimension of the examples in each (None: the same for all), the structure."""
    title = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{title}: expected `in_dims` to be int or a (potentially nested) tuple matching the structure of inputs, "
            f"got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a "
            "function with no inputs. The latter is unsupported."
        )
    values, spec = tree_flatten(args)
    dims = broadcast_prefix(in_dims, spec)
    if dims is None:
        raise ValueError(
            f"{title}: in_dims is not compatible with the structure of `inputs`. in_dims has structure "
            f"{tree_flatten(in_dims)[1]} but inputs has structure {spec}."
        )
    for i, (value, dim) in enumerate(zip(values, dims)):
        if dim is None:
            continue
        if not isinstance(dim, int):
            raise ValueError(
                f"{title}: Got in_dim={dim} for an input but in_dim must be either an integer dimension or None."
            )
        if not isinstance(value, Tensor):
            raise ValueError(
                f"{title}: Got in_dim={dim} for an input but the input is of type {type(value)}. We cannot vmap over "
                "non-Tensor arguments, please use None as the respective in_dim"
            )
        ndim = value._data.ndim
        if not -ndim <= dim < ndim:
            raise ValueError(
                f"{title}: Got in_dim={dim} for some input, but that input is a Tensor of dimensionality {ndim} so "
                f"expected in_dim to satisfy -{ndim} <= in_dim < {ndim}."
            )
        dims[i] = dim % ndim
    return values, dims, spec


def size_of(values: list[Any], dims: list[Any]) -> int:
    """How many examples there are."""
    sizes = [v._data.shape[d] for v, d in zip(values, dims) if d is not None]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if any(s != sizes[0] for s in sizes):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0]


def run(
    func: Callable[..., Any], name: str, values: list[Any], dims: list[Any], spec: TreeSpec, size: int, out_dims: Any,
    randomness: str, kwargs: dict[str, Any],
) -> Any:  # fmt: skip
    """``func`` applied to all examples at once."""
    fronts = [v.movedim(d, 0) if d else v for v, d in zip(values, dims)]
    with Batching(size, randomness) as level:
        inputs = [v if d is None else level.batch(v) for v, d in zip(fronts, dims)]
        output = func(*tree_unflatten(inputs, spec), **kwargs)
        outputs, output_spec = tree_flatten(output)
        # PyTorch takes ``out_dims=(0,)`` for a single tensor too.
        single = isinstance(output, Tensor) and isinstance(out_dims, tuple) and len(out_dims) == 1
        positions = broadcast_prefix(out_dims[0] if single else out_dims, output_spec)
        if positions is None:
            raise ValueError(
                f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the structure of "
                f"`outputs`. out_dims has structure {tree_flatten(out_dims)[1]} but outputs has structure {output_spec}."
            )
        contents = [level.unbatch(out) if isinstance(out, Tensor) else None for out in outputs]
    results = [result(name, o, c, d, size) for o, c, d in zip(outputs, contents, positions)]
    return tree_unflatten(results, output_spec)


def result(name: str, output: Any, content: Any, dim: int | None, size: int) -> Any:
    """An output with the examples along ``dim``."""
    if dim is None:
        if content is not None and content.mapped:
            raise ValueError(f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None")
        return output if content is None else content.value
    if content is None:
        raise ValueError(
            f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(output)}. Did you mean to set "
            "out_dims= to None for output?"
        )
    value, mapped, _ = content
    if not mapped:
        value = value.unsqueeze(0).expand(size, *value._data.shape)
    return value if dim == 0 else value.movedim(0, dim)


def joined(parts: list[Any], out_dims: Any) -> Any:
    """The results of all chunks put together."""
    from .. import cat

    spec = tree_flatten(parts[0])[1]
    single = isinstance(parts[0], Tensor) and isinstance(out_dims, tuple)
    dims = broadcast_prefix(out_dims[0] if single else out_dims, spec)
    columns = zip(*[tree_leaves(part) for part in parts])
    return tree_unflatten([c[0] if d is None else cat(c, d) for c, d in zip(columns, dims or ())], spec)
