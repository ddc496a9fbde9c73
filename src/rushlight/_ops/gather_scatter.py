"""Elements taken and put by an index each: ``gather``, ``scatter``, ``take``. Negative indices do not count from the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.memory_order import in_c_order
from .._core.modes import state
from .._core.out_checks import OutCheck, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .arguments import Ints
from .dims import check_tensor, normalize_dim
from .joining import cat
from .publish import entitled, no_derivative
from .writing import scalar

# -- on arrays ----------------------------------------------------------------------------------------------------


def check_bounds(index: Any, n: int, error: type[Exception] = RuntimeError, prefix: str = "", dim: int = 0) -> None:
    """``error`` where an index does not lie in 0 ... n-1: these operations do not count from the end."""
    if index.size and (index.astype(np.uint64, copy=False) >= n).any():
        wrong = index[(index < 0) | (index >= n)]
        raise error(f"{prefix}index {wrong.flat[0]} is out of bounds for dimension {dim} with size {n}")


def along(index: Any, dim: int) -> tuple[Any, ...]:
    """The key of the elements ``x[i, index[i, j, k], k]`` (for ``dim`` 1): one for each element of ``index``."""
    ndim = index.ndim
    key = [
        index if d == dim else np.arange(n).reshape((1,) * d + (n,) + (1,) * (ndim - d - 1))
        for d, n in enumerate(index.shape)
    ]
    return tuple(key)


def places(index: Any, dim: int, shape: Ints) -> Any:
    """`along` for flattened arrays of ``shape``."""
    out = np.zeros((1,) * index.ndim, np.intp)
    for i, n in zip(along(index, dim), shape):
        out = out * n + i
    return out.ravel()


def at_least_vectors(*arrays: Any) -> tuple[Any, ...]:
    return tuple([a if a.ndim else a.reshape(1) for a in arrays])


def _gather(x: Any, index: Any, dim: int) -> Any:
    shape = index.shape
    if not index.size:
        return np.empty(shape, x.dtype)
    x, index = at_least_vectors(x, index)
    check_bounds(index, x.shape[dim], dim=dim)
    return x[along(index, dim)].reshape(shape)


def _corner(src: Any, index: Any) -> Any:
    """The part of ``src`` that the index, which may be smaller, speaks of."""
    return src[tuple([slice(n) for n in index.shape])]


def _scatter(x: Any, index: Any, src: Any, dim: int) -> Any:
    out = x.copy(order="C")
    if index.size:
        flat, index = at_least_vectors(out, index)
        check_bounds(index, flat.shape[dim], dim=dim)
        flat[along(index, dim)] = _corner(src if src.ndim else src.reshape(1), index)
    return out


def _scatter_number(x: Any, index: Any, dim: int, value: Any) -> Any:
    out = x.copy(order="C")
    if index.size:
        flat, index = at_least_vectors(out, index)
        check_bounds(index, flat.shape[dim], dim=dim)
        flat[along(index, dim)] = value
    return out


def accumulate(out: Any, index: Any, src: Any, dim: int, ufunc: np.ufunc) -> None:
    """``out[index] = ufunc(out[index], src)`` along ``dim``, for every occurrence of an index in turn."""
    if index.size:
        vector, index, src = at_least_vectors(out, index, src)
        check_bounds(index, vector.shape[dim], dim=dim)
        ufunc.at(out.reshape(-1), places(index, dim, vector.shape), _corner(src, index).ravel())


def _scatter_add(x: Any, index: Any, src: Any, dim: int) -> Any:
    out = x.copy(order="C")
    accumulate(out, index, src, dim, np.add)
    return out


# -- the records --------------------------------------------------------------------------------------------------


def or_zeros(x: Tensor, x_t: Any) -> Tensor:
    """A tangent, zeros where it is absent."""
    return x.new_zeros(x._data.shape) if x_t is None else x_t


def _same(primitive: str) -> Any:
    """The tangent of an operation linear in ``x`` (and ``src``), with the index held."""

    def jvp(x: Tensor, index: Tensor, src: Tensor, x_t: Any, src_t: Any, dim: int) -> Tensor:
        return _RECORDS[primitive].bind(or_zeros(x, x_t), index, or_zeros(src, src_t), dim=dim)

    return jvp


def _zero_at(g: Tensor, index: Tensor, dim: int) -> Tensor:
    return scatter_number.bind(g, index, dim=dim, value=0)


def _gathered_corner(g: Tensor, index: Tensor, src_shape: Ints, dim: int) -> Tensor:
    """What `gather` finds, with zeros where ``src`` is larger than ``index``."""
    part = gather_p.bind(g, index, dim=dim)
    if part._data.shape == src_shape:
        return part
    out = g.new_zeros(src_shape)
    for d, n in enumerate(part._data.shape):
        shape = (*part._data.shape[:d], src_shape[d] - n, *part._data.shape[d + 1 :])
        if src_shape[d] != n:
            part = cat([part, out.new_zeros(shape)], d)
    return part


gather_p = Primitive(
    "Gather",
    _gather,
    inputs="x index",
    vjp=(lambda g, x_shape, index, dim: scatter_add_p.bind(g.new_zeros(x_shape), index, g, dim=dim), None),
    jvp=lambda x_t, index, dim: gather_p.bind(x_t, index, dim=dim),
    order=in_c_order,
    family="indexing",
)
scatter_p = Primitive(
    "Scatter",
    _scatter,
    inputs="x index src",
    vjp=(
        lambda g, index, dim: _zero_at(g, index, dim),
        None,
        lambda g, index, src_shape, dim: _gathered_corner(g, index, src_shape, dim),
    ),
    jvp=_same("scatter"),
    family="indexing",
)
scatter_number = Primitive(
    "ScatterBackward1",
    _scatter_number,
    inputs="x index",
    vjp=(lambda g, index, dim: _zero_at(g, index, dim), None),
    jvp=lambda x_t, index, dim: _zero_at(x_t, index, dim),
    family="indexing",
)
scatter_add_p = Primitive(
    "ScatterAdd",
    _scatter_add,
    inputs="x index src",
    vjp=(lambda g: g, None, lambda g, index, src_shape, dim: _gathered_corner(g, index, src_shape, dim)),
    jvp=_same("scatter_add"),
    family="indexing",
)
_RECORDS = {"scatter": scatter_p, "scatter_add": scatter_add_p}
# -- gather and scatter -------------------------------------------------------------------------------------------


def _check_index(index: Any, name: str, position: int = 2, title: str | None = None) -> None:
    check_tensor(index, name, "index", position)
    if index._data.size and (index._data.dtype.kind != "i" or index._data.itemsize < 4):
        raise RuntimeError(f"{title or name}(): Expected dtype int32/int64 for index")


@operation(out=exact_dtype, apart=("input",))
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """The elements at ``index`` along ``dim``: ``out[i, j] = input[index[i, j], j]`` for ``dim`` 0.

    index: int64 or int32, with as many dimensions as ``input`` and no larger than it but along ``dim``. Raises
    RuntimeError for an index out of range; negative ones are. sparse_grad=True is not supported.

    >>> import rushlight as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    if sparse_grad:
        raise NotImplementedError("gather(sparse_grad=True) is not supported: there are no sparse tensors")
    _check_index(index, "gather")
    have, want = index._data.shape, input._data.shape
    dim = normalize_dim(dim, len(want))
    if index._data.size:
        if (len(have) or 1) != (len(want) or 1):
            raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
        for d, (n, limit) in enumerate(zip(have, want)):
            if d != dim and n > limit:
                raise RuntimeError(
                    f"Size does not match at dimension {d} expected index {list(have)} to be no larger than self "
                    f"{list(want)} apart from dimension {dim}"
                )
    return gather_p.bind(input, index, dim=dim)


def check_scatter(input: Tensor, dim: int, index: Any, src: Any) -> int:
    """The dimension to scatter along, after making sure that the shapes and dtypes fit."""
    _check_index(index, "scatter")
    x, have = input._data.shape, index._data.shape
    dim = normalize_dim(dim, len(x))
    if not isinstance(src, Tensor):
        src = None
    elif src._data.dtype != input._data.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if not index._data.size:
        return dim
    if (len(have) or 1) != (len(x) or 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    limits = None if src is None else src._data.shape
    if limits is not None and (len(limits) or 1) != (len(x) or 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    fits = all(d == dim or n <= limit for d, (n, limit) in enumerate(zip(have, x)))
    if not fits or (limits is not None and any(n > limit for n, limit in zip(have, limits))):
        than_source = "" if limits is None else f" and to be no larger size than src {list(limits)}"
        raise RuntimeError(
            f"Expected index {list(have)} to be no larger than self {list(x)} apart from dimension {dim}{than_source}"
        )
    return dim


_MISSING = object()


def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = _MISSING, *, value: Any = _MISSING, reduce: str | None = None
) -> Tensor:
    """A copy of ``input`` with ``src`` (a tensor, or one number) at ``index`` along ``dim``.

    ``out[index[i, j], j] = src[i, j]`` for ``dim`` 0. Where a place is named more than once, one of its values stays
    there. reduce: ``"add"`` or ``"multiply"`` instead; that has no derivative, `scatter_reduce` has.

    >>> import rushlight as torch
    >>> torch.scatter(torch.zeros(2, 2), 1, torch.tensor([[1], [0]]), 5.0)
    tensor([[0., 5.],
            [5., 0.]])
    """
    if src is _MISSING:
        src = value
    if src is _MISSING or not isinstance(src, (Tensor, int, float, complex)) or not isinstance(index, Tensor):
        kinds = ", ".join(type(a).__name__ for a in (dim, index, src))
        raise TypeError(
            f"scatter() received an invalid combination of arguments - got ({kinds}), but expected one of:\n"
            " * (int dim, Tensor index, Tensor src)\n * (int dim, Tensor index, Number value)"
        )
    if reduce is not None and reduce not in ("add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")
    dim = check_scatter(input, dim, index, src)
    if isinstance(src, Tensor):
        if reduce is None:
            return scatter_p.bind(input, index, src, dim=dim)
        warn_user(
            "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a future PyTorch "
            "release. Use torch.scatter_reduce instead for more reduction options.",
            UserWarning,
        )
        return scatter_combined.bind(input, index, src, dim=dim, reduce=reduce)
    number = scalar(src, input._data.dtype)
    if reduce is None:
        return scatter_number.bind(input, index, dim=dim, value=number)
    filled = input.new_full(index._data.shape, number.item())
    return scatter_combined.bind(input, index, filled, dim=dim, reduce=reduce)


register(scatter, inplace=True, out=exact_dtype, apart=("index", "src"))


def _scatter_combined(x: Any, index: Any, src: Any, dim: int, reduce: str) -> Any:
    out = x.copy(order="C")
    accumulate(out, index, src, dim, np.add if reduce == "add" else np.multiply)
    return out


_undefined = no_derivative("scatter", "scatter_reduce(dim, index, src, 'sum' or 'prod') has a derivative.")
scatter_combined = entitled(
    Primitive(
        "ScatterCombined",
        _scatter_combined,
        inputs="x index src",
        vjp=(_undefined, None, _undefined),
        family="indexing",
    ),
    "NotImplemented",
)


@operation(inplace=True, out=exact_dtype, apart=("index", "src"))
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """A copy of ``input`` with ``src`` added at ``index`` along ``dim``, as often as a place is named.

    >>> import rushlight as torch
    >>> torch.scatter_add(torch.zeros(3), 0, torch.tensor([0, 0, 2]), torch.ones(3))
    tensor([2., 0., 1.])
    """
    check_tensor(src, "scatter_add", "src", 3)
    dim = check_scatter(input, dim, index, src)
    return scatter_add_p.bind(input, index, src, dim=dim)


# -- from all elements --------------------------------------------------------------------------------------------


def _take(x: Any, index: Any) -> Any:
    if index.size and not x.size:
        raise IndexError("take(): tried to take from an empty tensor")
    wrong = index[(index < -x.size) | (index >= x.size)]
    if wrong.size:
        raise IndexError(f"out of range: tried to access index {wrong.flat[0]} on a tensor of {x.size} elements.")
    return x.reshape(-1).take(index)


def _untake(g: Any, index: Any, shape: Ints) -> Any:
    out = np.zeros(shape, g.dtype)
    flat = index.ravel()
    np.add.at(out.reshape(-1), np.where(flat < 0, flat + out.size, flat), g.ravel())
    return out


take_p = Primitive(
    "Take",
    _take,
    inputs="x index",
    vjp=(lambda g, x_shape, index: untake_p.bind(g, index, shape=x_shape), None),
    jvp=lambda x_t, index: take_p.bind(x_t, index),
    family="indexing",
)
untake_p = Primitive(
    "TakeBackwardBackward0",
    _untake,
    inputs="g index",
    vjp=(lambda g, index: take_p.bind(g, index), None),
    jvp=lambda g_t, index, shape: untake_p.bind(g_t, index, shape=shape),
    family="indexing",
)


_as_taken = OutCheck(
    "take(): self and out expected to have the same dtype, but got self.dtype = {Result} and out.dtype = {Out}"
)


@operation(out=_as_taken, apart=("input", "index"))
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of ``input``, seen as a vector, at the indices; with the shape of ``index``.

    >>> import rushlight as torch
    >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, -1]))
    tensor([1, 4])
    """
    check_tensor(index, "take", "index", 1)
    if index._data.dtype != np.int64:
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {scalar_type_name(index.dtype)}")
    return take_p.bind(input, index)


@operation(out=exact_dtype, apart=("input",))
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """The elements at ``indices`` along ``dim``, where both are broadcast in the other dimensions; what ``argsort`` and
    ``argmax(keepdim=True)`` return fits. Without ``dim``, from all elements.

    >>> import rushlight as torch
    >>> x = torch.tensor([[3, 1, 2]])
    >>> torch.take_along_dim(x, x.argsort(1), 1)
    tensor([[1, 2, 3]])
    """
    check_tensor(indices, "take_along_dim", "indices", 1)
    if indices._data.dtype != np.int64:
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {scalar_type_name(indices.dtype)}"
        )
    if dim is None:
        return gather(input.view(-1), 0, indices.view(-1))
    x, i = input._data.shape, indices._data.shape
    if len(x) != len(i):
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{len(x)} dimensions for input, and {len(i)} dimensions for indices"
        )
    dim = normalize_dim(dim, len(x))
    n = x[dim]
    common = np.broadcast_shapes((*x[:dim], 1, *x[dim + 1 :]), (*i[:dim], 1, *i[dim + 1 :]))
    indices = indices.expand(*common[:dim], i[dim], *common[dim + 1 :])
    if n and (state.interpreter is not None or (indices._data.astype(np.uint64) >= n).any()):
        indices = indices % n  # PyTorch counts round and round here, backwards and forwards
    return gather(input.expand(*common[:dim], n, *common[dim + 1 :]), dim, indices)
