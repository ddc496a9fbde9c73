"""Bounds as the user gives them, for tensors, and as SciPy takes them, for a vector."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .._core.tensor import Tensor
from ..utils._pytree import TreeSpec
from ._methods import scipy_optimize, suggestion
from ._variables import Variables, is_dict, keys


def bounds_for(bounds: Any, variables: Variables) -> Any:
    """SciPy's `Bounds` for the vector; None where there are none.

    bounds: a pair ``(low, high)`` of numbers, tensors or None, for everything; or the structure of x0 with a pair, or
    None, for each tensor (a dict may leave some out); or SciPy's `Bounds`; or, as SciPy has it, a pair for each
    element of a vector.
    """
    if bounds is None:
        return None
    Bounds = scipy_optimize().Bounds
    if isinstance(bounds, Bounds):
        low, high = (broadcast(b, (variables.size,), "bounds") for b in (bounds.lb, bounds.ub))
        keep_feasible = bounds.keep_feasible
    else:
        lows, highs = [], []
        pairs = assign(bounds, variables.spec, variables.name)
        for (pair, own), leaf, path, is_free in zip(pairs, variables.leaves, variables.paths, variables.is_free):
            if not is_free:
                if own and pair is not None:
                    raise ValueError(f"{path} has bounds and is frozen: its requires_grad is False")
                continue
            low, high = ends(pair, leaf._data.shape, path)
            lows.append(low)
            highs.append(high)
        low, high = np.concatenate(lows), np.concatenate(highs)
        keep_feasible = False
    # As the tensors see them: 0.1 is another number in float32, and x is rounded.
    low, high = (variables.join(variables.split(bound)) for bound in (low, high))
    if np.isnan(low).any() or np.isnan(high).any():
        raise ValueError("bounds hold nan; write None for no bound")
    if (low > high).any():
        path = path_of(int(np.argmax(low > high)), variables)
        raise ValueError(f"The lower bound of {path} is above the upper one")
    return Bounds(low, high, keep_feasible)


def is_pair(bounds: Any) -> bool:
    """Whether it is ``(low, high)`` itself, and no container of such."""
    return (
        isinstance(bounds, (tuple, list))
        and len(bounds) == 2
        and all(b is None or isinstance(b, (numbers.Real, Tensor, np.ndarray)) for b in bounds)
    )


def assign(bounds: Any, spec: TreeSpec, name: str) -> list[tuple[Any, bool]]:
    """What is given for each leaf, and whether for it alone or for a container around it."""
    if bounds is None or spec.is_leaf() or is_pair(bounds):
        return [(bounds, spec.is_leaf())] * spec.num_leaves
    names = keys(spec)
    if isinstance(bounds, Mapping) and is_dict(spec):
        for key in bounds:
            if key not in names:
                raise ValueError(f"bounds for {key!r}, which is not in {name}. {suggestion(str(key), map(str, names))}")
        given = [bounds.get(key) for key in names]
    elif isinstance(bounds, Sequence) and not is_dict(spec) and len(bounds) == len(names):
        given = list(bounds)
    else:
        raise ValueError(
            f"bounds do not fit {name}: a pair (low, high) for all of it, or a {spec.type.__name__} with a pair or None "
            f"for each of its {len(names)} parts"
        )
    return [pair for b, s, key in zip(given, spec.children, names) for pair in assign(b, s, f"{name}[{key!r}]")]


def ends(pair: Any, shape: tuple[int, ...], path: str) -> tuple[np.ndarray, np.ndarray]:
    """The lower and the upper bounds of all elements of a tensor."""
    if pair is None:
        pair = (None, None)
    elif not is_pair(pair):
        if len(shape) == 1 and isinstance(pair, Sequence) and len(pair) == shape[0] and all(map(is_pair, pair)):
            # SciPy's older form.
            pair = [np.array([infinite if p[i] is None else p[i] for p in pair], float) for i, infinite in INFINITE]
        else:
            raise ValueError(
                f"bounds of {path} must be a pair (low, high) of numbers, tensors of shape {list(shape)}, or None"
            )
    low, high = (broadcast(infinite if pair[i] is None else pair[i], shape, path) for i, infinite in INFINITE)
    return low, high


INFINITE = ((0, -np.inf), (1, np.inf))


def broadcast(bound: Any, shape: tuple[int, ...], path: str) -> np.ndarray:
    values = np.asarray(bound.detach() if isinstance(bound, Tensor) else bound).astype(np.float64)
    try:
        return np.broadcast_to(values, shape).ravel()
    except ValueError:
        raise ValueError(f"bounds of shape {list(values.shape)} do not fit {path} of shape {list(shape)}") from None


def path_of(element: int, variables: Variables) -> str:
    """The tensor that an element of the vector belongs to."""
    which = int(np.searchsorted(variables.cuts, element, side="right")) - 1
    return variables.free_with_paths()[which][0]
