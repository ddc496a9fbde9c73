"""Matrix products: of matrices, of vectors, of batches of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import blas, errors, large
from .._core.dtypes import from_numpy_dtype, scalar_type_name
from .._core.families import binary
from .._core.large import SPLIT_BYTES
from .._core.memory import reusable
from .._core.out_checks import OutCheck, exact_dtype, same_result_type
from .._core.primitive import Primitive, quietly
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .titles import shown_as

# -- the rules that all products share ------------------------------------------------------------------------
#
# For y = a @ b in any number of dimensions; a vector counts as one row (a) or one column (b).


def cotangent_of_left(g: Any, b: Any, a_shape: tuple[int, ...]) -> Any:
    """What ``a`` gets of the cotangent ``g`` of ``a @ b``."""
    if len(a_shape) == 1:
        if b._data.ndim == 1:
            return g * conj(b)
        return matmul(conj(b), g.unsqueeze(-1)).squeeze(-1).sum_to_size(a_shape)
    if b._data.ndim == 1:
        return g.unsqueeze(-1) * conj(b)
    if b._data.ndim == 2 and g._data.ndim == 2:
        return mm_p(g, b.mH)
    return matmul(g, b.mH).sum_to_size(a_shape)


def cotangent_of_right(g: Any, a: Any, b_shape: tuple[int, ...]) -> Any:
    """What ``b`` gets of the cotangent ``g`` of ``a @ b``."""
    ndim = a._data.ndim
    if ndim == 1:
        if len(b_shape) == 1:
            return g * conj(a)
        return (conj(a).unsqueeze(-1) * g.unsqueeze(-2)).sum_to_size(b_shape)
    if len(b_shape) == 1:
        return mv_p(rows(a).mH, g.reshape(-1))
    if len(b_shape) == 2:
        # One product over all rows of all batches, instead of one for each batch and their sum.
        return mm_p(rows(a).mH, rows(g)) if ndim > 2 else mm_p(a.mH, g)
    return matmul(a.mH, g).sum_to_size(b_shape)


def rows(t: Any) -> Any:
    """The rows of all matrices of a batch as one matrix."""
    shape = t._data.shape
    return t if len(shape) == 2 else t.reshape(math.prod(shape[:-1]), shape[-1])


def conj(t: Any) -> Any:
    """The conjugate where there is something to conjugate: asked first, since most tensors are real."""
    return t.conj() if t._data.dtype.kind == "c" else t


def bilinear_tangent(product: Any) -> Any:
    """The jvp of a product of ``a`` and ``b``."""

    def jvp(a: Any, b: Any, a_t: Any, b_t: Any) -> Any:
        if a_t is None:
            return product(a, b_t)
        return product(a_t, b) if b_t is None else product(a_t, b) + product(a, b_t)

    return jvp


def _matmul(a: Any, b: Any) -> Any:
    """NumPy's matmul in C order; a batch times a matrix as one product, columns times rows elementwise."""
    if b.ndim == 2 and a.ndim > 2:
        shape = (*a.shape[:-1], b.shape[1])
        return blas.dot(a.reshape(math.prod(a.shape[:-1]), a.shape[-1]), b).reshape(shape)
    if a.ndim == 2 and b.ndim > 2 and b.shape[-1] == 1 and b.size:
        # A matrix times a batch of columns: as rows, one product instead of one for each.
        return blas.dot(b.reshape(-1, b.shape[-2]), a.T).reshape((*b.shape[:-2], a.shape[0], 1))
    if a.shape[-1] == 1 and a.ndim > 1 and b.ndim > 2 and a.dtype.kind != "b":
        return _outer(a, b)
    return np.matmul(a, b, order="C")


def _outer(a: Any, b: Any) -> Any:
    """A batch of columns by one of rows: the gradients of a layer's weight for each example. BLAS takes twice as long."""
    shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1])
    if math.prod(shape) * a.itemsize < SPLIT_BYTES or a.shape[0] != shape[0] or b.shape[0] != shape[0]:
        return np.multiply(a, b, order="C")
    out = reusable(shape, a.dtype)

    def piece(part: slice) -> None:
        with large.unbuffered():
            quietly(np.multiply, a[part], b[part], out[part])

    large.shared(piece, large.parts(len(out), out.nbytes))
    return out


def _bilinear(name: str, product: Any, left: Any, right: Any) -> Any:
    """A product of two operands of fixed dimensions; ``left`` and ``right`` are its cotangents' rules."""
    function = binary(
        name,
        product,
        broadcasts=False,
        vjp=(left, right),
        jvp=bilinear_tangent(lambda a, b: function(a, b)),
    )
    return function


# Named with a p, these are the bare products: their operands have been checked. They are made by NumPy's dot, not its
# matmul: that is a ufunc, which `binary` takes for elementwise (and cuts into pieces), and slower to call.
mm_p = _bilinear("Mm", blas.dot, lambda g, b: mm_p(g, b.mH), lambda g, a: mm_p(a.mH, g))
mv_p = _bilinear("Mv", np.dot, lambda g, b: g.unsqueeze(-1) * conj(b), lambda g, a: mv_p(a.mH, g))
dot_p = _bilinear("Dot", np.dot, lambda g, b: g * conj(b), lambda g, a: g * conj(a))
vdot_p = _bilinear("Vdot", np.vdot, lambda g, b: conj(g) * b, lambda g, a: g * a)
bmm_p = _bilinear("Bmm", _matmul, lambda g, b: bmm_p(g, b.mH), lambda g, a: bmm_p(a.mH, g))
# Everything else: PyTorch folds it to one of the above and unfolds the result, and shows the unfolding.
matmul_p = Primitive(
    "Matmul",
    _matmul,
    inputs="a b",
    vjp=(
        lambda g, b, a_shape: cotangent_of_left(g, b, a_shape),
        lambda g, a, b_shape: cotangent_of_right(g, a, b_shape),
    ),
    jvp=bilinear_tangent(lambda a, b: matmul(a, b)),
    widen=True,
    family="bilinear",
)
_unfolded = shown_as(matmul_p, "UnsafeViewBackward0")
_unfolded_left = shown_as(matmul_p, "CloneBackward0")
_unfolded_row = shown_as(matmul_p, "SqueezeBackward4")


# -- errors ---------------------------------------------------------------------------------------------------

_CPP_NAMES = {
    "Bool": "bool",
    "Byte": "unsigned char",
    "Char": "signed char",
    "Short": "short int",
    "Int": "int",
    "Long": "long int",
    "Half": "c10::Half",
    "BFloat16": "c10::BFloat16",
    "Float": "float",
    "Double": "double",
    "ComplexFloat": "c10::complex<float>",
    "ComplexDouble": "c10::complex<double>",
}


def kind_of(t: Tensor) -> str:
    """``Float``, ``Long``: what PyTorch's messages call a dtype."""
    return scalar_type_name(from_numpy_dtype(t._data.dtype))


def cpp_name(t: Tensor) -> str:
    """``float``, ``long int``: what some of them call it."""
    return _CPP_NAMES[kind_of(t)]


def same_dtype(*tensors: Tensor) -> bool:
    """Whether all have one dtype."""
    d = tensors[0]._data.dtype
    return all(t._data.dtype == d for t in tensors)


_CONVERT = "\nConvert one of them: x.to(y.dtype)."


def check_mm(mat1: Tensor, mat2: Tensor, shape1: Any = None, shape2: Any = None) -> None:
    """Refuse what ``mm`` refuses. shape1, shape2: how the operands look after folding to matrices."""
    n, k = shape1 or mat1._data.shape
    k2, m = shape2 or mat2._data.shape
    if k != k2:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({n}x{k} and {k2}x{m})\nThe operands' shapes are "
            f"{list(mat1._data.shape)} and {list(mat2._data.shape)}: the columns of the first ({k}) must be as many "
            f"as the rows of the second ({k2})."
        )
    if not same_dtype(mat1, mat2):
        names = f"{cpp_name(mat1)} != {cpp_name(mat2)}"
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {names}{_CONVERT}")
    if mat1._data.dtype.kind == "b":
        raise_unsupported(mat1, "addmm_impl_cpu_")


def check_mv(mat: Tensor, vec: Tensor, shape: Any = None) -> None:
    """Refuse what ``mv`` refuses. shape: how the matrix looks after folding a batch."""
    n, k = shape or mat._data.shape
    (have,) = vec._data.shape
    if k != have:
        raise RuntimeError(
            f"size mismatch, got input ({n}), mat ({n}x{k}), vec ({have})\nThe matrix has {k} columns, so the vector "
            f"must have {k} elements."
        )
    if not same_dtype(mat, vec):
        kinds = f"{kind_of(vec)}, {kind_of(mat)}, and {kind_of(vec)}"
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {kinds}{_CONVERT}")
    if mat._data.dtype.kind == "b":
        raise_unsupported(mat, "addmv_impl_cpu")


def check_bmm(batch1: Tensor, batch2: Tensor, shape1: Any = None, shape2: Any = None) -> None:
    """Refuse what ``bmm`` refuses. shape1, shape2: the batches broadcast to three dimensions."""
    shape1, shape2 = shape1 or batch1._data.shape, shape2 or batch2._data.shape
    want = [shape1[0], shape1[2]]
    if [shape2[0], shape2[1]] != want:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: {want} but got: "
            f"[{shape2[0]}, {shape2[1]}].\nThe operands' shapes are {list(batch1._data.shape)} and "
            f"{list(batch2._data.shape)}."
        )
    check_scalar_type(batch1, batch2)
    if batch1._data.dtype.kind == "b":
        raise_unsupported(batch1, "bmm")


def check_scalar_type(expected: Tensor, *others: Tensor) -> None:
    """RuntimeError where a tensor's dtype is not that of ``expected``."""
    for t in others:
        if t._data.dtype != expected._data.dtype:
            raise RuntimeError(f"expected scalar type {kind_of(expected)} but found {kind_of(t)}{_CONVERT}")


def check_vectors(a: Tensor, b: Tensor) -> None:
    x, y = a._data, b._data
    if x.ndim != 1 or y.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors")
    if not same_dtype(a, b):
        raise RuntimeError(
            f"dot : expected both vectors to have same dtype, but found {kind_of(a)} and {kind_of(b)}{_CONVERT}"
        )
    if x.size != y.size:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{x.size}] and src [{y.size}] to have the same number of "
            f"elements, but got {x.size} and {y.size} elements respectively"
        )
    if x.dtype.kind == "b":
        raise_unsupported(a, "dot")


# -- public ---------------------------------------------------------------------------------------------------


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product ``input @ other``.

    Two vectors give their dot product, a matrix and a vector a vector, two matrices (n, k) and (k, m) a matrix
    (n, m). More dimensions are batches, broadcast against each other. Both must have one dtype; RuntimeError where
    sizes do not fit.

    >>> import rushlight as torch
    >>> torch.matmul(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    try:
        x, y = input._data, other._data
    except AttributeError:
        check_tensor(input, "matmul")
        check_tensor(other, "matmul", "other", 2)
        raise
    m, n = x.ndim, y.ndim
    if m == 2 and n == 2:
        if x.shape[1] != y.shape[0] or x.dtype is not y.dtype or x.dtype.kind == "b":
            check_mm(input, other)
        return mm_p(input, other)
    return _matmul_of[min(m, 3), min(n, 3)](input, other)


def _scalar(input: Tensor, other: Tensor) -> Tensor:
    m, n = input._data.ndim, other._data.ndim
    raise RuntimeError(
        f"both arguments to matmul need to be at least 1D, but they are {m}D and {n}D\nTo multiply by a number, use *."
    )


def _row_by_matrix(input: Tensor, other: Tensor) -> Tensor:
    check_mm(input, other, (1, input._data.size))
    return _unfolded_row.bind(input, other)


def _row_by_batch(input: Tensor, other: Tensor) -> Tensor:
    *batch, k, m = other._data.shape
    if _folds(input, other):
        check_mv(other, input, (math.prod(batch) * m, k))
    else:
        check_bmm(input, other, (math.prod(batch), 1, input._data.size), (math.prod(batch), k, m))
    return _unfolded.bind(input, other)


def _batch_by_vector(input: Tensor, other: Tensor) -> Tensor:
    *batch, k = input._data.shape
    check_mv(input, other, (math.prod(batch), k))
    return _unfolded.bind(input, other)


def _matrix_by_batch(input: Tensor, other: Tensor) -> Tensor:
    *batch, k, m = other._data.shape
    if _folds(input, other):
        check_mm(other, input, (math.prod(batch) * m, k), input._data.shape[::-1])
        return _unfolded_left.bind(input, other)
    check_bmm(input, other, (math.prod(batch), *input._data.shape), (math.prod(batch), k, m))
    return _unfolded.bind(input, other)


def _folds(left: Tensor, batch: Tensor) -> bool:
    """Whether PyTorch would multiply the transposes, the batch folded, which its errors and nodes tell of."""
    return left.requires_grad or (left._data.ndim == 1 and batch._data.swapaxes(-1, -2).flags.c_contiguous)


def _batch_by_matrix(input: Tensor, other: Tensor) -> Tensor:
    *batch, k = input._data.shape
    check_mm(input, other, (math.prod(batch), k))
    return _unfolded.bind(input, other)


def _batch_by_batch(input: Tensor, other: Tensor) -> Tensor:
    a, b = input._data.shape, other._data.shape
    try:
        batch = np.broadcast_shapes(a[:-2], b[:-2])
    except ValueError as error:
        errors.raise_broadcast([a[:-2], b[:-2]], error)
    check_bmm(input, other, (math.prod(batch), *a[-2:]), (math.prod(batch), *b[-2:]))
    left = len(a) == 3 == len(b) and a[0] == 1 != b[0]
    return (_unfolded_left if left else _unfolded).bind(input, other)


@operation(out=exact_dtype)
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, k) and (k, m) to (n, m), of one dtype; no batches, no vectors.

    >>> import rushlight as torch
    >>> torch.mm(torch.ones(1, 2), torch.ones(2, 3))
    tensor([[2., 2., 2.]])
    """
    check_tensor(input, "mm")
    check_tensor(mat2, "mm", "mat2", 2)
    if input._data.ndim != 2:
        raise RuntimeError("self must be a matrix")
    if mat2._data.ndim != 2:
        raise RuntimeError("mat2 must be a matrix")
    check_mm(input, mat2)
    return mm_p(input, mat2)


for _name in ("spmm", "dsmm"):  # of sparse matrices, which are not there, and of dense ones
    register(mm, _name, method=False, out=False)


@operation(out=OutCheck("addmv input tensors must have the same dtype, but got {Out}, {Result}, and {Result}"))
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix (n, k) and a vector (k,), of one dtype.

    >>> import rushlight as torch
    >>> torch.mv(torch.eye(2) * 3, torch.tensor([1.0, 2.0]))
    tensor([3., 6.])
    """
    check_tensor(input, "mv")
    check_tensor(vec, "mv", "vec", 2)
    m, n = input._data.ndim, vec._data.ndim
    if m != 2 or n != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {m}, {n}")
    check_mv(input, vec)
    return mv_p(input, vec)


@operation(out=same_result_type)
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The sum of the products of the elements of two vectors of one dtype. Nothing is conjugated.

    >>> import rushlight as torch
    >>> torch.dot(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor(11.)
    """
    check_tensor(input, "dot")
    check_tensor(tensor, "dot", "tensor", 2)
    check_vectors(input, tensor)
    return dot_p(input, tensor)


@operation(out=same_result_type)
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The dot product of two vectors of one dtype, the first conjugated.

    >>> import rushlight as torch
    >>> torch.vdot(torch.tensor([1j]), torch.tensor([1j]))
    tensor(1.+0.j)
    """
    check_tensor(input, "vdot")
    check_tensor(other, "vdot", "other", 2)
    check_vectors(input, other)
    return vdot_p(input, other)


@operation(out=exact_dtype)
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices, (b, n, k) and (b, k, m) to (b, n, m), of one dtype.

    >>> import rushlight as torch
    >>> torch.bmm(torch.ones(5, 1, 2), torch.ones(5, 2, 3)).shape
    torch.Size([5, 1, 3])
    """
    check_tensor(input, "bmm")
    check_tensor(mat2, "bmm", "mat2", 2)
    check_batch(input, "batch1")
    check_batch(mat2, "batch2")
    check_bmm(input, mat2)
    return bmm_p(input, mat2)


def check_batch(t: Tensor, name: str) -> None:
    if t._data.ndim != 3:
        raise RuntimeError(f"{name} must be a 3D tensor")


_matmul_of: dict[tuple[int, int], Any] = {
    (1, 1): dot,
    (1, 2): _row_by_matrix,
    (1, 3): _row_by_batch,
    (2, 1): mv,
    (2, 3): _matrix_by_batch,
    (3, 1): _batch_by_vector,
    (3, 2): _batch_by_matrix,
    (3, 3): _batch_by_batch,
    **dict.fromkeys([(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (2, 0), (3, 0)], _scalar),
}


def _operator(self: Tensor, other: Any) -> Tensor:
    return matmul(self, other) if isinstance(other, Tensor) else NotImplemented


def _reflected(self: Tensor, other: Any) -> Tensor:
    return matmul(other, self) if isinstance(other, Tensor) else NotImplemented


register(matmul, out=exact_dtype)
register(matmul, "matmul", namespace="torch.linalg", method=False, out=exact_dtype)
METHODS.update(__matmul__=_operator, __rmatmul__=_reflected)
