"""Tensors put together: along a dimension, along a new one, as blocks and grids."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import from_numpy_dtype
from .._core.families import cast, promote
from .._core.memory_order import channels_of_all
from .._core.out_checks import OutCheck, castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .arguments import Ints, tensors_of
from .broadcasting import expand
from .dims import normalize_dim
from .view import reshape, to_1d, to_2d, to_3d


def _cat(*arrays: Any, dim: int, dtype: np.dtype, dtypes_: Any) -> Any:
    if dtypes_ is not None:
        arrays = tuple([a.astype(dtype) for a in arrays])
    out = np.concatenate(arrays, dim)
    return out if out.flags.c_contiguous else out.copy()


def _pieces(g: Tensor, shapes: tuple[Ints, ...], wanted: tuple[bool, ...], dim: int, dtypes_: Any) -> tuple[Any, ...]:
    """The cotangent cut into those of the tensors that were joined."""
    out: list[Any] = []
    start = 0
    for i, (shape, wants) in enumerate(zip(shapes, wanted)):
        n = shape[dim]
        piece = None
        if wants:
            piece = g.narrow(dim, start, n)
            if dtypes_ is not None:
                piece = cast(piece, from_numpy_dtype(dtypes_[i]))
        out.append(piece)
        start += n
    return tuple(out)


def _tangents(inputs: Any, tangents: Any) -> list[Tensor]:
    return [x.new_zeros(x._data.shape) if t is None else t for x, t in zip(inputs, tangents)]


def _stacked_order(result: Any, arrays: Any, params: Any) -> Any:
    """As of the images put together along a dimension that they have, which is then split; else C order."""
    shape, dim = result.shape, params["dim"]
    if dim == result.ndim - 1:
        return result
    together = result.reshape(*shape[:dim], shape[dim] * shape[dim + 1], *shape[dim + 2 :])
    return channels_of_all(together, arrays, params).reshape(shape)


# dtypes_: of the tensors, where they differ.
cat_p = Primitive(
    "Cat",
    _cat,
    inputs="*tensors",
    vjp=_pieces,
    jvp=lambda inputs, tangents, dim, dtype, dtypes_: cat_p.bind(
        *_tangents(inputs, tangents), dim=dim, dtype=dtype, dtypes_=dtypes_
    ),
    order=channels_of_all,
    family="joining",
)
stack_p = Primitive(
    "Stack",
    lambda *arrays, dim, **options: _cat(*[a[(slice(None),) * dim + (None,)] for a in arrays], dim=dim, **options),
    inputs="*tensors",
    vjp=lambda g, wanted, dim, dtypes_: tuple(
        [
            None if not wants else cast(gi, from_numpy_dtype(dtypes_[i])) if dtypes_ is not None else gi
            for i, (gi, wants) in enumerate(zip(g.unbind(dim), wanted))
        ]
    ),
    jvp=lambda inputs, tangents, dim, dtype, dtypes_: stack_p.bind(
        *_tangents(inputs, tangents), dim=dim, dtype=dtype, dtypes_=dtypes_
    ),
    order=_stacked_order,
    family="joining",
)


def _list_of(tensors: Any, name: str) -> list[Tensor]:
    """The tensors of a list; TypeError where it is none, or holds something else."""
    if not isinstance(tensors, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not {type(tensors).__name__}"
        )
    for i, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(x).__name__}")
    return list(tensors)


def _dtypes(tensors: list[Tensor]) -> dict[str, Any]:
    """The common dtype, and all of them where they differ."""
    first = tensors[0]._data.dtype
    for x in tensors:
        if x._data.dtype is not first:
            break
    else:
        return {"dtype": first, "dtypes_": None}
    _, common = promote(tuple(tensors))
    return {"dtype": common.np, "dtypes_": tuple([x._data.dtype for x in tensors])}


# What is joined is converted; PyTorch calls all of these cat when it cannot be.
joined = OutCheck("torch.cat(): input types can't be cast to the desired output type {Out}", castable, TypeError)


@operation(aliases=("concat", "concatenate"), method=False, out=joined, apart=("tensors",))
def cat(tensors: Any, dim: int = 0) -> Tensor:
    """Tensors joined along ``dim``. They must agree in all other dimensions; empty vectors are left out.

    Raises RuntimeError where sizes do not match. Dtypes are promoted.

    >>> import rushlight as torch
    >>> torch.cat([torch.zeros(1, 2), torch.ones(1, 2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    tensors = _list_of(tensors, "cat")
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    shapes = [x._data.shape for x in tensors]
    if () in shapes:
        raise RuntimeError(f"zero-dimensional tensor (at position {shapes.index(())}) cannot be concatenated")
    kinds = _dtypes(tensors)
    if (0,) in shapes:
        # What older programs start a sum of concatenations from; it fits tensors of any shape.
        tensors = [x for x in tensors if x._data.shape != (0,)] or tensors[:1]
        shapes = [x._data.shape for x in tensors]
        if kinds["dtypes_"] is not None:
            kinds["dtypes_"] = tuple([x._data.dtype for x in tensors])
    dim = normalize_dim(dim, len(shapes[0]))
    try:
        return cat_p.bind(*tensors, dim=dim, **kinds)
    except ValueError:
        _explain(shapes, dim)
        raise


def _explain(shapes: list[Ints], dim: int) -> None:
    first = shapes[0]
    for i, shape in enumerate(shapes):
        if len(shape) != len(first):
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}"
            ) from None
        for d, (want, have) in enumerate(zip(first, shape)):
            if d != dim and want != have:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size {want} but got size {have} "
                    f"for tensor number {i} in the list."
                ) from None


@operation(method=False, out=joined, apart=("tensors",))
def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Tensors of one shape joined along a new dimension ``dim``.

    >>> import rushlight as torch
    >>> torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])], dim=1)
    tensor([[1, 3],
            [2, 4]])
    """
    tensors = _list_of(tensors, "stack")
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = tensors[0]._data.shape
    dim = normalize_dim(dim, len(first) + 1)
    for i, x in enumerate(tensors):
        if x._data.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(x._data.shape)} at entry {i}"
            )
    return stack_p.bind(*tensors, dim=dim, **_dtypes(tensors))


def _stacking(name: str, prepare: Any, dim: Any, doc: str, aliases: tuple[str, ...] = ()) -> None:
    def function(tensors: Any) -> Tensor:
        given = _list_of(tensors, name)
        if not given:
            raise RuntimeError(f"{name} expects a non-empty TensorList")
        given = [prepare(x) for x in given]
        return cat(given, dim(given[0]._data.ndim))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    register(function, aliases=aliases, method=False, out=joined, apart=("tensors",))


_stacking(
    "hstack",
    to_1d,
    lambda ndim: 0 if ndim == 1 else 1,
    "Tensors joined side by side: vectors end to end, others along the second dimension.",
)
_stacking("vstack", to_2d, lambda ndim: 0, "Tensors joined as rows, along the first dimension.", aliases=("row_stack",))
_stacking("dstack", to_3d, lambda ndim: 2, "Tensors joined in depth, along the third dimension.")
_stacking(
    "column_stack",
    lambda x: reshape(x, (x._data.size, 1)) if x._data.ndim < 2 else x,
    lambda ndim: 1,
    "Tensors joined along the second dimension, vectors as columns.",
)


# -- blocks and grids ---------------------------------------------------------------------------------------------


def _matrix_shape(shape: Ints) -> tuple[int, int]:
    return (1, *shape)[-2:] if shape else (1, 1)  # type: ignore[return-value]


def _block_diag(*arrays: Any, dtype: np.dtype, dtypes_: Any) -> Any:
    shapes = [_matrix_shape(a.shape) for a in arrays]
    out = np.zeros((sum([s[0] for s in shapes]), sum([s[1] for s in shapes])), dtype)
    row = column = 0
    for a, (rows, columns) in zip(arrays, shapes):
        out[row : row + rows, column : column + columns] = a
        row, column = row + rows, column + columns
    return out


def _blocks(g: Tensor, shapes: tuple[Ints, ...], wanted: tuple[bool, ...], dtypes_: Any) -> tuple[Any, ...]:
    out: list[Any] = []
    row = column = 0
    for i, (shape, wants) in enumerate(zip(shapes, wanted)):
        rows, columns = _matrix_shape(shape)
        block = None
        if wants:
            block = reshape(g.narrow(0, row, rows).narrow(1, column, columns), shape)
            if dtypes_ is not None:
                block = cast(block, from_numpy_dtype(dtypes_[i]))
        out.append(block)
        row, column = row + rows, column + columns
    return tuple(out)


block_diag_p = Primitive(
    "BlockDiag",
    _block_diag,
    inputs="*tensors",
    vjp=_blocks,
    jvp=lambda inputs, tangents, dtype, dtypes_: block_diag_p.bind(
        *_tangents(inputs, tangents), dtype=dtype, dtypes_=dtypes_
    ),
    family="joining",
)


@operation(method=False, out=False)
def block_diag(*tensors: Any) -> Tensor:
    """The matrix with the given matrices along its diagonal and zeros elsewhere; vectors count as rows.

    >>> import rushlight as torch
    >>> torch.block_diag(torch.tensor([1, 2]), torch.tensor([[3], [4]]))
    tensor([[1, 2, 0],
            [0, 0, 3],
            [0, 0, 4]])
    """
    given = _list_of(tensors_of(tensors), "block_diag")
    if not given:
        return wrap(np.empty((1, 0), dtypes.get_default_dtype().np))
    for i, x in enumerate(given):
        if x._data.ndim > 2:
            raise RuntimeError(
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {x._data.ndim} "
                "dimensions"
            )
    return block_diag_p.bind(*given, **_dtypes(given))


@operation(method=False, out=False)
def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of a grid's points: for each vector a tensor of all of the grid, without copying.

    indexing: ``"ij"`` (rows follow the first vector) or ``"xy"`` (columns do). PyTorch's default is ``"ij"``, with a
    warning that it will have to be given.

    >>> import rushlight as torch
    >>> x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4]), indexing="ij")
    >>> x
    tensor([[1, 1],
            [2, 2]])
    """
    if indexing is None:
        warn_user(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing argument.", UserWarning
        )
        indexing = "ij"
    given = _list_of(tensors_of(tensors), "meshgrid")
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for x in given:
        if x._data.ndim > 1:
            raise RuntimeError(f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x!r}")
        if x._data.dtype != given[0]._data.dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    dims = list(range(len(given)))
    if indexing == "xy":
        dims[:2] = dims[1::-1]
    size = tuple([given[d]._data.size for d in dims])
    return tuple(
        [expand(x.view(*[n if dims[d] == i else 1 for d, n in enumerate(size)]), size) for i, x in enumerate(given)]
    )


@operation(method=False, out=False)
def cartesian_prod(*tensors: Any) -> Tensor:
    """All combinations of one element of each vector, as rows.

    >>> import rushlight as torch
    >>> torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    given = _list_of(tensors_of(tensors), "cartesian_prod")
    for x in given:
        if x._data.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(x._data.shape)}")
    if len(given) == 1:
        return given[0]
    return stack([reshape(grid, (-1,)) for grid in meshgrid(*given, indexing="ij")], 1)


@operation(method=False, out=False)
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All ways to take ``r`` elements of a vector, in the order in which they stand there, as rows.

    >>> import rushlight as torch
    >>> torch.combinations(torch.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    if input._data.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input._data.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return wrap(np.empty(0, input._data.dtype))
    n = input._data.size
    grids = np.indices((n,) * r)
    below = np.less_equal if with_replacement else np.less
    mask = np.ones((n,) * r, bool)
    for a, b in zip(grids, grids[1:]):
        mask &= below(a, b)
    chosen = wrap(mask)
    return stack([grid.masked_select(chosen) for grid in meshgrid(*[input] * r, indexing="ij")], 1)
