"""``gradient``: derivatives of a function that is known at points, by finite differences of second order.

Formulas: B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Math. Comp. 51 (1988).
"""

from __future__ import annotations

from typing import Any

from .._core.registry import operation
from .._core.tensor import Tensor
from .dims import check_tensor, normalize_dim, normalize_dims
from .joining import cat


def _scaled(parts: list[Tensor], weights: list[Any]) -> Tensor:
    first, *rest = [part * weight for part, weight in zip(parts, weights)]
    for term in rest:
        first = first + term
    return first


def _even(x: Tensor, h: Any, dim: int, edge_order: int) -> Tensor:
    """The derivative along ``dim`` from points at the distance ``h``."""
    n = x._data.shape[dim]
    at = lambda i: x.narrow(dim, i % n, 1)
    inner = (x.narrow(dim, 2, n - 2) - x.narrow(dim, 0, n - 2)) / h / 2
    if edge_order == 1:
        first, last = (at(1) - at(0)) / h, (at(-1) - at(-2)) / h
    else:
        first = _scaled([at(0), at(1), at(2)], [-1.5, 2, -0.5]) / h
        last = _scaled([at(-3), at(-2), at(-1)], [0.5, -2, 1.5]) / h
    return cat([first, inner, last], dim)


def _uneven(x: Tensor, points: Tensor, dim: int, edge_order: int) -> Tensor:
    """The derivative along ``dim`` from values at ``points``."""
    n = x._data.shape[dim]
    at = lambda i: x.narrow(dim, i % n, 1)
    h = points.diff()
    a, b = [part.reshape(-1, *(1,) * (x._data.ndim - dim - 1)) for part in (h[:-1], h[1:])]  # before and after a point
    parts = [x.narrow(dim, i, n - 2) for i in range(3)]
    inner = _scaled(parts, [-b / (a * (a + b)), (b - a) / (a * b), a / (b * (a + b))])
    if edge_order == 1:
        first, last = (at(1) - at(0)) / h[0], (at(-1) - at(-2)) / h[-1]
    else:
        a, b = h[0], h[1]
        weights = [-(2 * a + b) / (a * (a + b)), (a + b) / (a * b), -a / (b * (a + b))]
        first = _scaled([at(0), at(1), at(2)], weights)
        a, b = h[-2], h[-1]
        weights = [b / (a * (a + b)), -(a + b) / (a * b), (a + 2 * b) / (b * (a + b))]
        last = _scaled([at(-3), at(-2), at(-1)], weights)
    return cat([first, inner, last], dim)


@operation(method=False, out=False)
def gradient(input: Tensor, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> tuple[Tensor, ...]:
    """The derivatives of a function along each dimension (or those in ``dim``) from its values at points.

    spacing: the points' distance (1), one number or one for each dimension; or a vector of coordinates for each. Differences
    are central inside; at the ends one-sided, of order ``edge_order`` (1 or 2). Raises RuntimeError where a dimension has
    fewer than ``edge_order + 1`` points.

    >>> import rushlight as torch
    >>> torch.gradient(torch.tensor([1.0, 4.0, 9.0, 16.0]), edge_order=2)
    (tensor([2., 4., 6., 8.]),)
    """
    check_tensor(input, "gradient")
    ndim = input._data.ndim
    several = isinstance(spacing, (list, tuple))
    if not several and isinstance(spacing, Tensor) and spacing._data.ndim:
        raise TypeError(
            "gradient() received an invalid combination of arguments - got (Tensor, spacing=Tensor), but expected one of:\n"
            " * (Tensor input, *, Number spacing, int dim, int edge_order)\n"
            " * (Tensor input, *, tuple of Tensors or Numbers spacing, tuple of ints dim, int edge_order)"
        )
    if str(input.dtype) == "torch.uint8":
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if dim is None:
        dims: tuple[int, ...] = tuple(range(ndim))
    elif isinstance(dim, (list, tuple)):
        dims = normalize_dims(dim, ndim) or () if dim else ()
    else:
        dims = (normalize_dim(dim, ndim),)
    if several and len(spacing) != len(dims):
        if dim is None:
            raise RuntimeError(
                "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
                f"'self.dim() = {ndim}', since dim argument was not given, but got a list of length {len(spacing)}"
            )
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the same "
            f"length, but got a spacing argument of length {len(spacing)} and a dim argument of length {len(dims)}."
        )
    spacings = list(spacing) if several else [1 if spacing is None else spacing] * len(dims)
    uneven = several and any(isinstance(s, Tensor) for s in spacings)
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    for d, s in zip(dims, spacings):
        if uneven and s._data.ndim != 1:
            raise RuntimeError(
                "torch.gradient expected each element of spacing to have one dimension, but got an element with "
                f"{s._data.ndim} dimensions!"
            )
        if input._data.shape[d] < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    along: Any = _uneven if uneven else _even
    return tuple([along(input, s, d, edge_order) for d, s in zip(dims, spacings)])
