"""Largest and smallest elements, and where they are.

Where several elements are equal to the extremum, ``max()`` and ``amax`` share the gradient out evenly, and
``max(dim)``, ``argmax`` choose the first. A nan is larger than every number to ``max`` and smaller to
``min``.

"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .._core.memory_order import dense
from .._core.out_checks import OutCheck, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .dims import (
    Dims,
    check_int,
    check_not_complex,
    check_size,
    check_tensor,
    normalize_dim,
    normalize_dims,
)
from .reduction import unreduced
from .selecting import Selecting, comparable

max_type = return_type("max", "values", "indices")
min_type = return_type("min", "values", "indices")
aminmax_type = return_type("aminmax", "min", "max")


# -- what is refused ----------------------------------------------------------------------------------------


def _raise_empty(operation: str, error: type[Exception] = RuntimeError) -> NoReturn:
    hint = " Specify the reduction dim with the 'dim' argument." if error is RuntimeError else ""
    raise error(f"{operation}(): Expected reduction dim to be specified for input.numel() == 0.{hint}")


def _extremum_dims(input: Tensor, dim: Any, operation: str) -> Dims:
    x = input._data
    dims = normalize_dims(dim, x.ndim, operation)
    if not x.size:
        if dims is None:
            _raise_empty(operation)
        for d in dims:
            check_size(x.shape, d, operation)
    return dims


# -- values: amax, amin, and max and min of everything ------------------------------------------------------


def _extremum(ufunc: Any) -> Callable[..., Any]:
    def forward(x: Any, dim: Dims, keepdim: bool) -> Any:
        return dense(ufunc.reduce(x, dim, keepdims=keepdim))

    return forward


def shared_evenly(g: Tensor, x: Tensor, result: Tensor) -> Tensor:
    """A cotangent of the extremum of all elements, shared by those that are equal to it, or nan as it is."""
    found = x.eq(result).logical_or(x.isnan().logical_and(result.isnan()))
    return g / found.sum() * found


def _shared_along(g: Tensor, x: Tensor, result: Tensor, dim: Dims, keepdim: bool) -> Tensor:
    found = x.eq(unreduced(result, x.ndim, dim, keepdim))
    return unreduced(g, x.ndim, dim, keepdim) / found.sum(dim, True) * found


def mean_where_found(x: Tensor, x_t: Tensor, result: Tensor) -> Tensor:
    """The tangent of the extremum of all elements: the mean of those of the elements equal to it."""
    found = x.eq(result).logical_or(x.isnan().logical_and(result.isnan()))
    return (x_t * found).sum() / found.sum()


def _mean_along(x: Tensor, x_t: Tensor, result: Tensor, dim: Dims, keepdim: bool) -> Tensor:
    found = x.eq(unreduced(result, x.ndim, dim, keepdim))
    return (x_t * found).sum(dim, keepdim) / found.sum(dim, keepdim)


def _whole_p(name: str, ufunc: Any) -> Primitive:
    return Primitive(name, _extremum(ufunc), vjp=shared_evenly, jvp=mean_where_found, family="reduction", widen=True)


def _along_p(name: str, ufunc: Any) -> Primitive:
    return Primitive(name, _extremum(ufunc), vjp=_shared_along, jvp=_mean_along, family="reduction", widen=True)


max_all, min_all = _whole_p("MaxBackward1", np.maximum), _whole_p("MinBackward1", np.minimum)
amax_p, amin_p = _along_p("Amax", np.maximum), _along_p("Amin", np.minimum)


_as_input = OutCheck(
    "Expected the dtype for input and out to match, but got {Result} for input's dtype and {Out} for out's dtype."
)


@operation(out=_as_input)
def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The largest element, of all or along ``dim`` (an int or several). Equal ones share the gradient evenly.

    >>> import rushlight as torch
    >>> torch.amax(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), dim=0)
    tensor([3., 2.])
    """
    check_tensor(input, "amax")
    dims = _extremum_dims(input, dim, "amax")
    check_not_complex(input, "max_values_cpu")
    return amax_p.bind(input, dim=dims, keepdim=keepdim)


@operation(out=_as_input)
def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The smallest element, of all or along ``dim`` (an int or several). Equal ones share the gradient
    evenly.

    >>> import rushlight as torch
    >>> torch.amin(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), dim=0)
    tensor([1., 0.])

    """
    check_tensor(input, "amin")
    dims = _extremum_dims(input, dim, "amin")
    check_not_complex(input, "min_values_cpu")
    return amin_p.bind(input, dim=dims, keepdim=keepdim)


def _aminmax(x: Any, dim: Dims, keepdim: bool) -> Any:
    low = np.minimum.reduce(x, dim, keepdims=keepdim)
    high = np.maximum.reduce(x, dim, keepdims=keepdim)
    return dense(low), dense(high)


def _aminmax_vjp(g: Any, x: Tensor, result: Any, dim: Dims, keepdim: bool) -> Tensor:
    terms = [_shared_along(gi, x, r, dim, keepdim) for gi, r in zip(g, result) if gi is not None]
    return terms[0] if len(terms) == 1 else terms[0] + terms[1]


aminmax_p = Primitive(
    "Aminmax",
    _aminmax,
    vjp=_aminmax_vjp,
    jvp=lambda x, x_t, result, dim, keepdim: tuple(_mean_along(x, x_t, r, dim, keepdim) for r in result),
    outputs=2,
    family="reduction",
    widen=True,
)


@operation(out=exact_dtype)
def aminmax(input: Tensor, *, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest and the largest element, of all or along the dimension ``dim``.

    >>> import rushlight as torch
    >>> low, high = torch.aminmax(torch.tensor([3.0, 1.0, 2.0]))
    >>> low, high
    (tensor(1.), tensor(3.))
    """
    check_tensor(input, "aminmax")
    x = input._data
    dims: Dims = None
    if dim is not None:
        d = normalize_dim(check_int(dim, "aminmax", "dim"), x.ndim)
        if x.ndim and not x.shape[d]:
            raise IndexError(f"aminmax: Expected reduction dim {d} to have non-zero size.")
        dims = (d,) if x.ndim else None
    elif not x.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    check_not_complex(input, "aminmax_cpu")
    return aminmax_type(aminmax_p.bind(input, dim=dims, keepdim=keepdim))


# -- places: argmax, argmin, and max and min along a dimension ----------------------------------------------


def _first(argfind: Any) -> Callable[..., Any]:
    def forward(x: Any, dim: int | None, keepdim: bool) -> Any:
        # NumPy's argmax and argmin choose the first of equals, and the first nan before everything.
        return dense(np.asarray(argfind(comparable(x), axis=dim, keepdims=keepdim)))

    return forward


def _first_along(argfind: Any) -> Callable[..., Any]:
    def find(x: Any, dim: int) -> Any:
        if x.size:
            return argfind(comparable(x), axis=dim, keepdims=True)
        return np.empty([1 if d == dim else n for d, n in enumerate(x.shape)], np.int64)

    return find


argmax_p, argmin_p = (
    Primitive("Argmax", _first(np.argmax), family="reduction"),
    Primitive("Argmin", _first(np.argmin), family="reduction"),
)
max_dim, min_dim = Selecting("Max", _first_along(np.argmax)), Selecting("Min", _first_along(np.argmin))


def _place(primitive: Primitive, input: Tensor, dim: Any, keepdim: bool, operation: str) -> Tensor:
    check_tensor(input, operation)
    x = input._data
    if x.dtype.kind in "bc":
        kind = "bool" if x.dtype.kind == "b" else "complex"
        raise RuntimeError(f"{operation}(): does not support {kind} input")
    if dim is None:
        if not x.size:
            _raise_empty(operation, IndexError)
        return primitive.bind(input, dim=None, keepdim=keepdim)
    d = normalize_dim(check_int(dim, operation, "dim"), x.ndim)
    check_size(x.shape, d, operation)
    return primitive.bind(input, dim=d if x.ndim else None, keepdim=keepdim)


@operation(out=exact_dtype)
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the largest element is: its index along ``dim``, or in the flattened tensor. The first of equals.

    >>> import rushlight as torch
    >>> torch.argmax(torch.tensor([[1.0, 5.0], [7.0, 2.0]]), dim=1)
    tensor([1, 0])
    """
    return _place(argmax_p, input, dim, keepdim, "argmax")


@operation(out=exact_dtype)
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the smallest element is: its index along ``dim``, or in the flattened tensor. The first of
    equals.

    >>> import rushlight as torch
    >>> torch.argmin(torch.tensor([[1.0, 5.0], [7.0, 2.0]]), dim=1)
    tensor([0, 1])

    """
    return _place(argmin_p, input, dim, keepdim, "argmin")


# -- max and min: three operations under one name -----------------------------------------------------------


def _three_in_one(input: Tensor, dim: Any, keepdim: bool, other: Any, operation: str) -> Any:
    """``max(input)``, ``max(input, dim)`` and ``max(input, other)``, told apart by their arguments."""
    check_tensor(input, operation)
    largest = operation == "max"
    if isinstance(dim, Tensor):
        dim, other = None, dim
    if other is not None:
        if dim is not None or keepdim:
            raise TypeError(f"{operation}() got both a tensor to compare with and a dim: give one of them")
        return input.maximum(other) if largest else input.minimum(other)
    x = input._data
    if dim is None:
        if keepdim:
            raise TypeError(f"{operation}() received an invalid combination of arguments: keepdim needs a dim")
        if not x.size:
            _raise_empty(operation)
        check_not_complex(input, f"{operation}_all")
        return (max_all if largest else min_all).bind(input, dim=None, keepdim=False)
    d = normalize_dim(check_int(dim, operation, "dim"), x.ndim)
    check_size(x.shape, d, operation)
    if x.dtype.kind == "c":
        raise RuntimeError(f"{operation}(): does not support complex input")
    if largest:
        return max_type(max_dim.bind(input, dim=d, keepdim=keepdim))
    return min_type(min_dim.bind(input, dim=d, keepdim=keepdim))


@operation(out=(exact_dtype, exact_dtype))
def max(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The largest element; with ``dim`` the largest along it and where it is; with a tensor the larger of
    each pair.

    ``max(input)`` shares the gradient evenly among equals; ``max(input, dim)`` chooses the first of them.
    RuntimeError where there is no element, IndexError where there is none along ``dim``.

    >>> import rushlight as torch
    >>> torch.max(torch.tensor([1.0, 3.0, 2.0]))
    tensor(3.)
    >>> torch.max(torch.tensor([[1.0, 3.0], [4.0, 2.0]]), dim=1).indices
    tensor([1, 0])
    >>> torch.max(torch.tensor([1.0, 5.0]), torch.tensor([4.0, 2.0]))
    tensor([4., 5.])

    """
    return _three_in_one(input, dim, keepdim, other, "max")


@operation(out=(exact_dtype, exact_dtype))
def min(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The smallest element; with ``dim`` the smallest along it and where it is; with a tensor the smaller of
    each pair.

    ``min(input)`` shares the gradient evenly among equals; ``min(input, dim)`` chooses the first of them.
    RuntimeError where there is no element, IndexError where there is none along ``dim``.

    >>> import rushlight as torch
    >>> torch.min(torch.tensor([[1.0, 3.0], [4.0, 2.0]]), dim=1).values
    tensor([1., 2.])

    """
    return _three_in_one(input, dim, keepdim, other, "min")
