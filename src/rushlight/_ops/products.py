"""Products that are composed of matrix products: outer and inner ones, contractions, chains; and the cross product.

Where PyTorch warns once in a process, so does this: functions that only warn, and are cached.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .._core import errors
from .._core.memory_order import in_c_order
from .._core.out_checks import OutCheck, exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import check_tensor, normalize_dim
from .matmul import bilinear_tangent, check_scalar_type, conj, cpp_name, kind_of, mm, vdot

# -- outer, inner ---------------------------------------------------------------------------------------------


@operation(aliases=("ger",))
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """The products of each element of one vector (n,) with each of another (m,): (n, m).

    >>> import rushlight as torch
    >>> torch.outer(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    for position, (name, vec) in enumerate((("input", input), ("vec2", vec2)), 1):
        check_tensor(vec, "outer", name, position)
        if vec._data.ndim != 1:
            name = "self" if position == 1 else name
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {vec._data.ndim}-D")
    return input.view(-1, 1) * vec2


@operation()
def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of products along the last dimensions of both: (..., k) and (***, k) to (..., ***).

    A tensor without dimensions is multiplied with the other.

    >>> import rushlight as torch
    >>> torch.inner(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    check_tensor(input, "inner")
    check_tensor(other, "inner", "other", 2)
    a, b = input._data.shape, other._data.shape
    if not a or not b:
        return input * other
    if a[-1] != b[-1]:
        raise RuntimeError(
            f"inner() the last dimension must match on both input tensors but got shapes {list(a)} and {list(b)}"
        )
    return tensordot(input, other, ([-1], [-1]))


# -- tensordot ------------------------------------------------------------------------------------------------


_of_tensordot = OutCheck(
    "tensordot: Expected the output tensor to have dtype {Result}, but got an output tensor with dtype {Out}"
)


@operation(method=False, out=_of_tensordot)
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The sum of products over some dimensions of ``a`` and as many of ``b``.

    dims: how many (the last ones of ``a``, the first ones of ``b``), or two lists of dimensions.

    >>> import rushlight as torch
    >>> torch.tensordot(torch.ones(2, 3), torch.ones(3, 2), dims=([0, 1], [1, 0]))
    tensor(6.)
    """
    of_a, of_b = _contracted(a, b, dims)
    x, y = a._data.shape, b._data.shape
    if len(of_a) != len(of_b):
        raise RuntimeError("both dimension lists should have same length")
    if a._data.dtype != b._data.dtype:
        raise RuntimeError("both inputs should have same dtype")
    for i, j in zip(of_a, of_b):
        d, e = normalize_dim(i, len(x)), normalize_dim(j, len(y))
        if x[d] != y[e] and 1 not in (x[d], y[e]):
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {x[d]} in dim {i} and second has size {y[e]} "
                f"in dim {j}"
            )
        # A size of one stands for any: the other's sum will do.
        if x[d] != y[e]:
            a, b = (
                (a, b.sum(e, keepdim=True, dtype=b.dtype)) if x[d] == 1 else (a.sum(d, keepdim=True, dtype=a.dtype), b)
            )
            x, y = a._data.shape, b._data.shape
    of_a, of_b = _checked_dims(of_a, len(x)), _checked_dims(of_b, len(y))
    free_a = [d for d in range(len(x)) if d not in of_a]
    free_b = [d for d in range(len(y)) if d not in of_b]
    k = int(np.prod([x[d] for d in of_a], dtype=np.int64))
    left = a.permute(*free_a, *of_a).reshape(-1 if a._data.size else int(np.prod([x[d] for d in free_a])), k)
    right = b.permute(*of_b, *free_b).reshape(k, -1 if b._data.size else int(np.prod([y[d] for d in free_b])))
    return mm(left, right).view([x[d] for d in free_a] + [y[d] for d in free_b])


def _checked_dims(dims: Any, ndim: int) -> list[int]:
    out = [normalize_dim(d, ndim) for d in dims]
    for i, d in enumerate(out):
        if d in out[:i]:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return out


def _contracted(a: Tensor, b: Tensor, dims: Any) -> tuple[list[int], list[int]]:
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, (tuple, list)) and len(dims) == 2:
        of_a, of_b = dims
        if isinstance(of_a, (tuple, list)) and isinstance(of_b, (tuple, list)):
            return list(of_a), list(of_b)
        kind = type(of_a).__name__
        raise TypeError(f"tensordot(): argument 'dims_self' (position 3) must be tuple of ints, not {kind}")
    if isinstance(dims, bool) or not isinstance(dims, int):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] containing two lists, "
            f"but got dims={dims}"
        )
    if dims < 0:
        raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
    if dims > min(a._data.ndim, b._data.ndim):
        raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
    return list(range(-dims, 0)), list(range(dims))


# -- chains ---------------------------------------------------------------------------------------------------


def multi_dot(tensors: Any) -> Tensor:
    """The product of two or more matrices, multiplied in the order that takes the fewest operations.

    The first and the last may be vectors, a row and a column. (Cormen et al., Introduction to Algorithms, 15.2.)

    >>> import rushlight as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 3), torch.ones(3, 4), torch.ones(4)])
    tensor([12., 12.])
    """
    tensors = list(tensors)
    n = len(tensors)
    if n < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {n}")
    for i, t in enumerate(tensors):
        ndim = t._data.ndim
        if i in (0, n - 1):
            if ndim not in (1, 2):
                which = "first" if i == 0 else "last"
                raise RuntimeError(f"multi_dot(): the {which} tensor must be 1D or 2D but got {ndim}D")
        elif ndim != 2:
            raise RuntimeError(f"multi_dot(): tensor {i} must be 2D but got {ndim}D")
        if t._data.dtype != tensors[0]._data.dtype:
            raise RuntimeError(
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                f"{cpp_name(tensors[0])} and tensor {i} {cpp_name(t)}"
            )
    shape: list[int] = []
    matrices = list(tensors)
    if tensors[0]._data.ndim == 1:
        matrices[0] = tensors[0].unsqueeze(0)
    else:
        shape.append(tensors[0]._data.shape[0])
    if tensors[-1]._data.ndim == 1:
        matrices[-1] = tensors[-1].unsqueeze(-1)
    else:
        shape.append(tensors[-1]._data.shape[1])
    for i in range(n - 1):
        if matrices[i]._data.shape[1] != matrices[i + 1]._data.shape[0]:
            sizes = f"{list(tensors[i]._data.shape)} and {list(tensors[i + 1]._data.shape)}"
            raise RuntimeError(f"multi_dot(): tensors {i} and {i + 1} with shapes {sizes} cannot be multiplied")
    if n == 2:
        return mm(matrices[0], matrices[1]).view(shape)
    sizes = [matrices[0]._data.shape[0], *[m._data.shape[1] for m in matrices]]  # type: ignore[assignment]
    return _multiply(matrices, _cheapest_splits(sizes), 0, n - 1).view(shape)  # type: ignore[arg-type]


def _cheapest_splits(sizes: list[int]) -> dict[tuple[int, int], int]:
    """For each stretch (i, j) of the chain: after which matrix to cut it."""
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    split = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            cost[i, j], split[i, j] = min(
                (cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )
    return split


def _multiply(matrices: list[Tensor], split: dict[tuple[int, int], int], i: int, j: int) -> Tensor:
    if i == j:
        return matrices[i]
    k = split[i, j]
    return mm(_multiply(matrices, split, i, k), _multiply(matrices, split, k + 1, j))


def chain_matmul(*matrices: Tensor) -> Tensor:
    """`torch.linalg.multi_dot` of matrices, which has taken its place.

    >>> import rushlight as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 3), torch.ones(3, 1)]).shape  # rather than chain_matmul
    torch.Size([2, 1])
    """
    _warn_of_chain_matmul()
    if not matrices:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    for m in matrices:
        if m._data.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {m._data.ndim}, expected 2 instead.")
    return matrices[0].clone() if len(matrices) == 1 else multi_dot(matrices)


@functools.cache
def _warn_of_chain_matmul() -> None:
    warn_user(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use torch.linalg.multi_dot "
        "instead, which accepts a list of two or more tensors rather than multiple parameters."
    )


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The sum of ``conj(x) * y`` along ``dim``, of tensors that are broadcast.

    >>> import rushlight as torch
    >>> torch.linalg.vecdot(torch.ones(2, 3), torch.ones(3))
    tensor([3., 3.])
    """
    if x._data.dtype.kind not in "fVc":
        raise RuntimeError(f"linalg.vecdot: Expected a floating point or complex tensor as input. Got {kind_of(x)}")
    if x._data.dtype != y._data.dtype:
        raise RuntimeError(
            f"linalg.vecdot: Expected x and y to have the same dtype, but found x of type {kind_of(x)} and y of type "
            f"{kind_of(y)} instead"
        )
    if x._data.ndim == 1 == y._data.ndim and x._data.shape == y._data.shape:
        normalize_dim(dim, 1)
        return vdot(x, y)
    return (conj(x) * y).sum(dim)


_of_chain = OutCheck("multi_dot(): expected out tensor to have dtype {result} but got {out}")
_of_vecdot = OutCheck("linalg.vecdot: Expected out of dtype{Result} but found {Out}")
register(chain_matmul, method=False, out=_of_chain)
register(multi_dot, namespace="torch.linalg", method=False, out=_of_chain)
register(vecdot, namespace="torch.linalg", method=False, out=_of_vecdot)


# -- cross ----------------------------------------------------------------------------------------------------


def _cross(a: Any, b: Any, *, dim: int) -> Any:
    x, y = np.broadcast_arrays(np.moveaxis(a, dim, 0), np.moveaxis(b, dim, 0))
    out = [x[i - 2] * y[i - 1] - x[i - 1] * y[i - 2] for i in range(3)]
    return np.ascontiguousarray(np.moveaxis(np.stack(out), 0, dim))


cross_p = Primitive(
    "LinalgCross",
    _cross,
    inputs="a b",
    vjp=(
        lambda g, b, dim: cross_p.bind(conj(b), g, dim=dim),
        lambda g, a, dim: cross_p.bind(g, conj(a), dim=dim),
    ),
    jvp=lambda a, b, a_t, b_t, dim: bilinear_tangent(lambda u, v: cross_p.bind(u, v, dim=dim))(a, b, a_t, b_t),
    broadcasts=True,
    order=in_c_order,
    family="bilinear",
)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The vector product of 3-vectors along ``dim``, of tensors of as many dimensions, which are broadcast.

    >>> import rushlight as torch
    >>> torch.linalg.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    x, y = input._data, other._data
    if x.ndim != y.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    along = normalize_dim(dim, x.ndim) - x.ndim
    if x.ndim == 0 or x.shape[along] != 3 or y.shape[along] != 3:
        sizes = f"{x.shape[along]} and {y.shape[along]}" if x.ndim else "1 and 1"
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have length 3. Got {sizes}")
    try:
        np.broadcast_shapes(x.shape, y.shape)
    except ValueError as error:
        errors.raise_broadcast([x.shape, y.shape], error)
    check_scalar_type(input, other)
    return cross_p.bind(input, other, dim=along)


@operation(out=exact_dtype, apart=("input", "other"))
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """`torch.linalg.cross`; without ``dim`` a warning, and the first dimension of size 3.

    >>> import rushlight as torch
    >>> torch.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]), dim=0)
    tensor([0., 0., 1.])
    """
    if dim is None:
        _warn_of_cross()
        if 3 not in input._data.shape:
            raise RuntimeError("no dimension of size 3 in input")
        dim = input._data.shape.index(3)
    return linalg_cross(input, other, dim=dim)


@functools.cache
def _warn_of_cross() -> None:
    warn_user(
        "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass the dim explicitly or simply "
        "use torch.linalg.cross.\nThe default value of dim will change to agree with that of linalg.cross in a future "
        "release."
    )


register(linalg_cross, "cross", namespace="torch.linalg", method=False, out=exact_dtype, apart=("input", "other"))
