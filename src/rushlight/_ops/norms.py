"""Norms of vectors and matrices, and the distance between two tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.families import cast, promote
from .._core.inplace import write_out
from .._core.memory_order import dense
from .._core.out_checks import exact_dtype, expected_by
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .dims import Dims, check_tensor, normalize_dim, normalize_dims
from .reduction import add_reduce, unreduced
from .singular_values import svdvals

SINGULAR = ("nuc", 2, -2)  # the orders of a matrix norm that need singular values


# -- the vector norm ----------------------------------------------------------------------------------------


def _norm(x: Any, ord: float, dim: Dims, keepdim: bool) -> Any:
    if ord == 2:
        squares = x.real**2 + x.imag**2 if x.dtype.kind == "c" else x * x
        return np.sqrt(add_reduce(squares, dim, keepdim))
    size = np.abs(x)
    if ord == 1:
        return add_reduce(size, dim, keepdim)
    if ord == 0:
        return add_reduce((x != 0).astype(size.dtype), dim, keepdim)
    if math.isinf(ord):
        return dense((np.maximum if ord > 0 else np.minimum).reduce(size, dim, keepdims=keepdim))
    return np.power(add_reduce(np.power(size, ord), dim, keepdim), size.dtype.type(1 / ord))


def _cotangent(g: Tensor, x: Tensor, ord: float, norm: Tensor, dim: Dims) -> Any:
    """The cotangent of ``x`` for that of its norm; None where there is none.

    ``g`` and ``norm`` have the dimensions that were reduced. For p-norms g sgn(x) |x|^(p-1) / norm^(p-1),
    with zero where a factor is not defined; for the largest element, shared evenly by all that are of its
    size.

    """
    if ord == 0:
        return None
    if ord == 1:
        return g * x.sgn()
    if ord == 2:
        return g * (x / norm).masked_fill(norm.eq(0), 0)
    if math.isinf(ord):
        found = x.abs().eq(norm)
        return x.sgn() * (g / found.sum(dim, True).clamp(min=1) * found)
    if ord < 2:
        powers = x.sgn() * x.abs().pow(ord - 1).masked_fill(x.eq(0), 0)
    else:
        powers = x * x.abs().pow(ord - 2)
    scale = g * norm.pow(1 - ord) if ord < 1 else (g / norm.pow(ord - 1)).masked_fill(norm.eq(0), 0)
    return powers * scale


def _norm_vjp(g: Tensor, x: Tensor, result: Tensor, ord: float, dim: Dims, keepdim: bool) -> Any:
    g, norm = (unreduced(t, x.ndim, dim, keepdim) for t in (g, result))
    return _cotangent(g, x, ord, norm, dim)


def _norm_jvp(x: Tensor, x_t: Tensor, result: Tensor, ord: float, dim: Dims, keepdim: bool) -> Any:
    # The derivative is real and linear: what the transpose makes of a cotangent of one.
    direction = _norm_vjp(result.new_ones(result.shape), x, result, ord, dim, keepdim)
    if direction is None:
        return result.new_zeros(result.shape)
    product = x_t * direction.conj()
    return (product.real if product._data.dtype.kind == "c" else product).sum(dim, keepdim)


vector_norm_p = Primitive("LinalgVectorNorm", _norm, vjp=_norm_vjp, jvp=_norm_jvp, family="reduction", widen=True)


def _norm_input(x: Tensor, dtype: Any, title: str) -> Tensor:
    """``x`` in the type that the norm is computed in, or PyTorch's refusal."""
    have = x.dtype
    if have.category < dtypes.FLOAT:
        raise RuntimeError(
            f"{title}: Expected a floating point or complex tensor as input. Got {dtypes.scalar_type_name(have)}"
        )
    if dtype is None:
        return x
    name = dtypes.scalar_type_name(dtype)
    if dtype.category < dtypes.FLOAT:
        raise RuntimeError(f"{title}: dtype should be floating point or complex, but got {name}")
    if dtype.is_complex != have.is_complex:
        kind = "complex" if have.is_complex else "real"
        raise RuntimeError(f"{title}: dtype should be {kind} for {kind} inputs, but got {name}")
    if dtypes.promote_types(have, dtype) is not dtype:
        raise RuntimeError(
            f"{title}: the dtype of the input ({dtypes.scalar_type_name(have)}) should be convertible "
            f"without narrowing to the specified dtype ({name})"
        )
    return cast(x, dtype)


def _check_identity(x: Any, ord: float, dims: Dims) -> None:
    """Norms that have no value for no elements refuse empty dimensions."""
    if x.size or 0 <= ord < math.inf:
        return
    order = f"{ord:g}"
    if dims is None:
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {order} norm on an empty tensor because the operation "
            "does not have an identity"
        )
    for d in dims:
        if not x.shape[d]:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {order} norm on the dimension {d}because this "
                "dimension is empty and the operation does not have an identity"
            )


def vector_norm(x: Tensor, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm (Σ |x|^ord)^(1/ord) of all elements as one vector, or of the vectors along ``dim``.

    ``inf`` and ``-inf`` give the largest and smallest absolute value, 0 the number of elements that are not
    zero. ``dtype`` converts first, and must not be narrower. Its gradient is zero where the norm is.

    >>> import rushlight as torch
    >>> torch.linalg.vector_norm(torch.tensor([3.0, 4.0]))
    tensor(5.)

    """
    check_tensor(x, "linalg_vector_norm", "x")
    ord = ord.item() if isinstance(ord, Tensor) else ord
    if isinstance(ord, complex):
        raise RuntimeError("linalg.vector_norm: Expected a non-complex scalar as the order of norm.")
    if not isinstance(ord, (int, float)):
        raise TypeError(f"linalg_vector_norm(): argument 'ord' (position 2) must be Number, not {type(ord).__name__}")
    x = _norm_input(x, dtype, "linalg.vector_norm")
    dims = normalize_dims(dim, x._data.ndim, "linalg_vector_norm")
    _check_identity(x._data, ord, dims)
    return vector_norm_p.bind(x, ord=float(ord), dim=dims, keepdim=keepdim)


# -- matrix norms -------------------------------------------------------------------------------------------


def matrix_norm(
    A: Tensor,
    ord: Any = "fro",
    dim: Any = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Tensor:
    """The norm of the matrices in two dimensions of a tensor: 'fro' (Frobenius), 'nuc' (sum of the singular
    values), inf, -inf (largest, smallest sum of a row), 1, -1 (of a column), 2, -2 (largest, smallest
    singular value).

    >>> import rushlight as torch
    >>> torch.linalg.matrix_norm(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), ord=1)
    tensor(6.)

    """
    check_tensor(A, "linalg_matrix_norm", "A")
    ndim = A._data.ndim
    if ndim < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    if isinstance(ord, str) and ord not in ("fro", "nuc"):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    if not isinstance(ord, str) and abs(ord) not in (1, 2, math.inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord:g} not supported.")
    if isinstance(dim, int):
        raise TypeError("linalg_matrix_norm(): argument 'dim' must be tuple of ints, not int")
    if len(dim) != 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dim))}")
    A = _norm_input(A, dtype, "linalg.matrix_norm")
    rows, columns = (normalize_dim(d, ndim) for d in dim)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({rows}, {columns})")
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord in SINGULAR:
        if A._data.dtype.itemsize == 2:
            name = dtypes.scalar_type_name(A.dtype)
            raise RuntimeError(f"linalg.matrix_norm: Low precision dtypes not supported. Got {name}")
        values = svdvals(A.movedim((rows, columns), (-2, -1)))
        if ord == "nuc":
            out = values.sum(-1)
        elif ord == 2 and not values._data.shape[-1]:
            out = values.detach().sum(-1)
        else:
            out = values.amax(-1) if ord > 0 else values.amin(-1)
        return unreduced(out, ndim, (rows, columns), False) if keepdim else out
    # Sums along the rows for inf, along the columns for 1; then the largest or smallest of them.
    along, across = (columns, rows) if math.isinf(ord) else (rows, columns)
    sums = vector_norm(A, 1, along, True)
    if not A._data.shape[across]:
        return sums.detach().sum((along, across), keepdim)
    if ord > 0:
        return sums.amax((along, across), keepdim)
    return sums.amin((along, across), keepdim)


def linalg_norm(
    A: Tensor,
    ord: Any = None,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Tensor:
    """The vector norm of all elements, or the norm of order ``ord`` of a vector or matrix.

    With ``dim`` an int, or with a vector, see `vector_norm`; with two dims, or a matrix, see `matrix_norm`.

    >>> import rushlight as torch
    >>> torch.linalg.norm(torch.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor(5.)
    """
    check_tensor(A, "linalg_norm", "A")
    dims = (dim,) if isinstance(dim, int) else None if dim is None else tuple(dim)
    if dims is not None and len(dims) not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dims)}")
    ndim = A._data.ndim
    if dims is None and ord is not None and ndim not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {ndim}D.")
    as_matrix = ord is not None and (len(dims) == 2 if dims is not None else ndim == 2)
    if as_matrix or isinstance(ord, str):
        return matrix_norm(A, ord, (-2, -1) if dims is None else dims, keepdim, dtype=dtype)
    return vector_norm(A, 2 if ord is None else ord, dims, keepdim, dtype=dtype)


register(vector_norm, namespace="torch.linalg", method=False, out=exact_dtype)
register(matrix_norm, namespace="torch.linalg", method=False, out=expected_by("matrix_norm"))
register(linalg_norm, "norm", namespace="torch.linalg", method=False, out=expected_by("norm"))


def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None, dtype: Any = None
) -> Tensor:
    """The norm of order ``p`` of all elements as one vector, or of the vectors along ``dim``; see
    `vector_norm`.

    'fro' is the 2-norm, of one or two dimensions; 'nuc' the sum of the singular values of a matrix.

    >>> import rushlight as torch
    >>> torch.norm(torch.tensor([3.0, 4.0]))
    tensor(5.)

    """
    check_tensor(input, "norm")
    dims = (dim,) if isinstance(dim, int) else dim
    if p is None or (p == "fro" and (dims is None or len(dims) <= 2)):
        p = 2
    if isinstance(p, str):
        matrix = tuple(range(input._data.ndim)) if dims is None else dims
        result, check = matrix_norm(input, p, matrix, keepdim, dtype=dtype), expected_by("matrix_norm")
    else:
        result, check = vector_norm(input, p, dims, keepdim, dtype=dtype), exact_dtype
    return result if out is None else write_out(result, out, "norm", check=check, operands=(input,))


def _norm_method(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Tensor:
    """The norm of order ``p``; see `torch.norm`."""
    return norm(input, p, dim, keepdim, dtype=dtype)


register(norm, method=False, out=False)
register(_norm_method, "norm", namespace=None)


# -- distance -----------------------------------------------------------------------------------------------


def _distance_vjp(sign: int) -> Any:
    def vjp(g: Tensor, a: Tensor, b: Tensor, result: Tensor, p: float) -> Any:
        towards_a = _cotangent(g, a - b, p, result, None)
        return -towards_a if towards_a is not None and sign < 0 else towards_a

    return vjp


def _distance_jvp(a: Tensor, b: Tensor, a_t: Any, b_t: Any, result: Tensor, p: float) -> Tensor:
    d_t = -b_t if a_t is None else a_t if b_t is None else a_t - b_t
    return _norm_jvp(a - b, d_t, result, p, None, False)


dist_p = Primitive(
    "Dist",
    lambda a, b, p: _norm(a - b, p, None, False),
    inputs="a b",
    vjp=(_distance_vjp(1), _distance_vjp(-1)),
    jvp=_distance_jvp,
    broadcasts=True,
    widen=True,
    family="reduction",
)


@operation(out=False)
def dist(input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    """The ``p``-norm of ``input - other``, which are broadcast.

    >>> import rushlight as torch
    >>> torch.dist(torch.tensor([1.0, 2.0]), torch.tensor([4.0, 6.0]))
    tensor(5.)
    """
    check_tensor(input, "dist")
    check_tensor(other, "dist", "other", 2)
    if isinstance(p, bool) or not isinstance(p, (int, float)):
        raise TypeError(f"dist(): argument 'p' must be Number, not {type(p).__name__}")
    (a, b), common = promote((input, other))
    if common.category < dtypes.FLOAT:
        raise RuntimeError(
            "norm(): input dtype should be either floating point or complex. Got "
            f"{dtypes.scalar_type_name(common)} instead."
        )
    return dist_p.bind(a, b, p=float(p))


# -- parts brought down to a norm -----------------------------------------------------------------------------------


@operation(inplace=True, out=exact_dtype)
def renorm(input: Tensor, p: Any, dim: int, maxnorm: Any) -> Tensor:
    """``input`` with each part along ``dim`` whose p-norm exceeds ``maxnorm`` scaled down to that.

    Raises RuntimeError for a norm p ≤ 0, and for fewer than two dimensions.

    >>> import rushlight as torch
    >>> torch.renorm(torch.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    check_tensor(input, "renorm")
    ndim = input._data.ndim
    dim = normalize_dim(dim, ndim)
    if isinstance(p, complex):
        raise RuntimeError("renorm: p must be real-valued")
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if isinstance(maxnorm, complex):
        raise RuntimeError("renorm: maxnorm must be real-valued")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if ndim < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {ndim} dimensions")
    narrow = input.dtype.is_floating_point and input.dtype.itemsize == 2
    others = tuple([d for d in range(ndim) if d != dim])
    size = vector_norm(input, p, others, True, dtype=dtypes.float32 if narrow else None)
    # PyTorch's small number keeps the quotient finite where maxnorm and the norm are 0.
    factor = (maxnorm / (size + 1e-7)).where(size > maxnorm, 1)
    return (input * factor).to(input.dtype).contiguous()
