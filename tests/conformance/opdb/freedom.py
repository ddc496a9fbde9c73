"""Results that an operation's definition leaves open, and what is compared in their place.

A singular vector may be turned, one of several equal numbers may be found first: what holds for every correct result
is the same for PyTorch's and Rushlight's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from .compare import array

Determined = list[Any]


def _svd(result: Any, adjoint: bool) -> Determined:
    """The singular values, the product, and that the vectors are orthonormal; U, S and V or, ``adjoint``, its adjoint."""
    u, s, v = map(array, result)
    if not u.size or not v.size:
        return [s]
    vh = v if adjoint else np.conj(np.swapaxes(v, -1, -2))
    k = s.shape[-1]
    return [s, (u[..., :k] * s[..., None, :]) @ vh[..., :k, :], _gram(u), _gram(np.swapaxes(vh, -1, -2))]


def _gram(vectors: np.ndarray) -> np.ndarray:
    return np.conj(np.swapaxes(vectors, -1, -2)) @ vectors


def _eigh(result: Any, arguments: Any) -> Determined:
    values, vectors = map(array, result)
    product = (vectors * values[..., None, :]) @ np.conj(np.swapaxes(vectors, -1, -2))
    return [values, product, _gram(vectors)]


def _eig(result: Any, arguments: Any) -> Determined:
    """Up to order: the sums of powers, and that each pair is one of the matrix, with a vector of length one."""
    values, vectors = map(array, result)
    found = [np.sort_complex(values), np.linalg.norm(vectors, axis=-2)]
    if arguments is None:
        return found
    return [*found, array(arguments[0][0]) @ vectors - vectors * values[..., None, :]]


def _found_at(dim_at: int) -> Callable[[Any, Any], Determined]:
    """Of numbers and where they were found along ``dim``, argument number ``dim_at``: the numbers, and those there."""

    def found(result: Any, arguments: Any) -> Determined:
        numbers, where = result
        if arguments is None:
            return [array(numbers), array(where)]
        args, keywords = arguments
        x, dim = args[0], args[dim_at] if len(args) > dim_at else keywords.get("dim", -1)
        if not x.ndim:
            return [array(numbers), array(where)]
        kept = where if where.ndim == x.ndim else where.unsqueeze(dim)
        return [array(numbers), np.take_along_axis(array(x), array(kept), dim)]

    return found


FREEDOM: dict[str, Callable[[Any, Any], Determined]] = {
    "svd": lambda result, arguments: _svd(result, adjoint=False),
    "svd_lowrank": lambda result, arguments: _svd(result, adjoint=False),
    "pca_lowrank": lambda result, arguments: _svd(result, adjoint=False),
    "linalg.svd": lambda result, arguments: _svd(result, adjoint=True),
    "linalg.eigh": _eigh,
    "linalg.eig": _eig,
    "kthvalue": _found_at(2),
    "mode": _found_at(1),
    "topk": _found_at(2),
}


def determined(name: str, result: Any, arguments: Any) -> Any:
    """The result, or what of it is determined; ``arguments`` are those of the call, or None if they are batched."""
    if name not in FREEDOM:
        return result
    return [torch.from_numpy(np.ascontiguousarray(a)) for a in FREEDOM[name](result, arguments)]
