"""Functions of square matrices: powers and the exponential."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.out_checks import safely_castable
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .dims import check_int
from .inverse import inv
from .joining import cat
from .lapack import check_matrices, scipy_linalg
from .matmul import matmul

# -- powers -----------------------------------------------------------------------------------------------


@operation(out=safely_castable("matrix_power"))
def matrix_power(input: Tensor, n: int) -> Tensor:
    """The product of ``n`` copies of each matrix of a batch; of its inverse for a negative ``n``.

    >>> import rushlight as torch
    >>> torch.matrix_power(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    n = check_int(n, "linalg_matrix_power", "n", 2)
    check_matrices(input, "linalg.matrix_power", integers=True)
    if n == 0:
        return input.clone().copy_(input.new_ones(input._data.shape[-1]).diag())
    if n == 1:
        return input.clone()
    if n < 0:
        input, n = inv(input), -n
    if n == 3:
        return matmul(matmul(input, input), input)
    # Squares of squares, and the product of those whose bits n has.
    result: Any = None
    square = input
    while True:
        if n & 1:
            result = square if result is None else matmul(result, square)
        n >>= 1
        if not n:
            return result
        square = matmul(square, square)


register(matrix_power, namespace="torch.linalg", method=False, out=safely_castable("matrix_power"))

# -- the exponential ------------------------------------------------------------------------------------------


def _matrix_exp(x: Any) -> Any:
    if not x.size:
        return x.copy()
    # In double precision: the squarings of a large matrix cost digits.
    wide = x.astype(np.result_type(x, np.float64))
    return np.ascontiguousarray(scipy_linalg("linalg.matrix_exp").expm(wide).astype(x.dtype))


def _along(x: Any, direction: Any) -> Any:
    """The derivative at ``x`` along ``direction``: the corner of the exponential of a matrix of twice the size.

    (R. Mathias, A chain rule for matrix functions, SIAM J. Matrix Anal. Appl. 17, 1996.)
    """
    n = x._data.shape[-1]
    upper, lower = cat([x, direction], -1), cat([x.new_zeros(x._data.shape), x], -1)
    return matrix_exp_p.bind(cat([upper, lower], -2))[..., :n, n:]


matrix_exp_p = Primitive(
    "LinalgMatrixExp",
    _matrix_exp,
    vjp=lambda g, x: _along(x.mH, g),
    jvp=lambda x, x_t: _along(x, x_t),
    widen=True,
    family="matrices",
)


def matrix_exp(A: Tensor) -> Tensor:
    """The exponential 1 + A + A^2/2 + ... of each square matrix (..., n, n). Needs SciPy.

    >>> import rushlight as torch
    >>> torch.linalg.matrix_exp(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    check_matrices(A, "linalg.matrix_exp", integers=True)
    if A._data.dtype.kind in "biu":
        check_matrices(A, "linalg.matrix_exp")
    return matrix_exp_p.bind(A)


register(matrix_exp, out=False)
register(matrix_exp, namespace="torch.linalg", method=False, out=False)
