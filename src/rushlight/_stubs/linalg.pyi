"""The functions of `rushlight.linalg`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from typing import Any
import builtins
from .._core.tensor import Tensor

def cholesky(A: Tensor, *, upper: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The lower triangular L with ``A = L @ L.mH`` for each positive-definite matrix of a batch."""
def cholesky_ex(A: Tensor, *, upper: builtins.bool = False, check_errors: builtins.bool = False, out: Any = None) -> Any:
    """`cholesky` that in place of an error gives ``info``: the order of the first minor that is not positive-definite."""
def cond(A: Tensor, p: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of each matrix: ``norm(A) * norm(inverse of A)`` in the matrix norm ``p``."""
def cross(input: Tensor, other: Tensor, *, dim: builtins.int = -1, out: Tensor | None = None) -> Tensor:
    """The vector product of 3-vectors along ``dim``, of tensors of as many dimensions, which are broadcast."""
def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinant of each matrix of a batch: (..., n, n) to (...)."""
def diagonal(A: Tensor, *, offset: builtins.int = 0, dim1: builtins.int = -2, dim2: builtins.int = -1) -> Tensor:
    """`torch.diagonal` of the last two dimensions: a view of each matrix's diagonal."""
def eig(A: Tensor, *, out: Any = None) -> Any:
    """The eigenvalues and eigenvectors (as columns, of length 1) of each matrix of a batch (..., n, n): complex numbers."""
def eigh(A: Tensor, UPLO: builtins.str = 'L', *, out: Any = None) -> Any:
    """The eigenvalues, in ascending order, and eigenvectors (as columns) of each Hermitian matrix of a batch (..., n, n)."""
def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues that `eig` gives."""
def eigvalsh(A: Tensor, UPLO: builtins.str = 'L', *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues that `eigh` gives. They have a derivative where some are equal, too."""
def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of the product of the reflections I - tau_i v_i v_i^H, of which the columns of A hold v_i."""
def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of each matrix of a batch (..., n, n); `torch.linalg.LinAlgError` for a singular one."""
def inv_ex(A: Tensor, *, check_errors: builtins.bool = False, out: Any = None) -> Any:
    """The inverse of each matrix and, in place of an error, ``info``: which pivot is zero, 0 for a regular matrix."""
def ldl_factor(A: Tensor, *, hermitian: builtins.bool = False, out: Any = None) -> Any:
    """The factors of each symmetric matrix (..., n, n), both in one matrix, and LAPACK's pivots; for `ldl_solve`."""
def ldl_factor_ex(A: Tensor, *, hermitian: builtins.bool = False, check_errors: builtins.bool = False, out: Any = None) -> Any:
    """`ldl_factor` that in place of an error gives ``info``: which diagonal element of D is zero, 0 for none."""
def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The solution X of ``A @ X = B`` for A (..., n, n), of which `ldl_factor` gave LD and pivots; B is (..., n, k)."""
def lstsq(A: Tensor, B: Tensor, rcond: builtins.float | None = None, *, driver: builtins.str | None = None, out: Any = None) -> Any:
    """The X that makes ``A @ X - B`` smallest, in the 2-norm of each column; of several the smallest."""
def lu(A: Tensor, *, pivot: builtins.bool = True, out: Any = None) -> Any:
    """P, L and U with ``A = P @ L @ U`` for each matrix (..., m, n)."""
def lu_factor(A: Tensor, *, pivot: builtins.bool = True, out: Any = None) -> Any:
    """The factors of each matrix (..., m, n), both in one matrix, and the rows that were exchanged; for `lu_solve`."""
def lu_factor_ex(A: Tensor, *, pivot: builtins.bool = True, check_errors: builtins.bool = False, out: Any = None) -> Any:
    """`lu_factor` that in place of an error gives ``info``: which diagonal element of U is zero, 0 for none."""
def lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: builtins.bool = True, adjoint: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The solution X of ``A @ X = B`` for A (..., n, n), of which `lu_factor` gave LU and pivots; B is (..., n, k)."""
def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product ``input @ other``."""
def matrix_exp(A: Tensor) -> Tensor:
    """The exponential 1 + A + A^2/2 + ... of each square matrix (..., n, n). Needs SciPy."""
def matrix_norm(A: Tensor, ord: Any = 'fro', dim: Any = (-2, -1), keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The norm of the matrices in two dimensions of a tensor: 'fro' (Frobenius), 'nuc' (sum of the singular
    values), inf, -inf (largest, smallest sum of a row), 1, -1 (of a column), 2, -2 (largest, smallest
    singular value)."""
def matrix_power(input: Tensor, n: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """The product of ``n`` copies of each matrix of a batch; of its inverse for a negative ``n``."""
def matrix_rank(A: Tensor, tol: Any = None, hermitian: builtins.bool = False, *, atol: Any = None, rtol: Any = None, out: Tensor | None = None) -> Tensor:
    """How many singular values of each matrix (..., m, n) exceed ``max(atol, rtol * the largest)``: int64."""
def multi_dot(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """The product of two or more matrices, multiplied in the order that takes the fewest operations."""
def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The vector norm of all elements, or the norm of order ``ord`` of a vector or matrix."""
def pinv(A: Tensor, rcond: Any = None, hermitian: builtins.bool = False, *, atol: Any = None, rtol: Any = None, out: Tensor | None = None) -> Tensor:
    """The Moore-Penrose pseudoinverse (..., n, m) of each matrix (..., m, n)."""
def qr(A: Tensor, mode: builtins.str = 'reduced', *, out: Any = None) -> Any:
    """Q with orthonormal columns and the upper triangular R, with ``A = Q @ R`` for each matrix (..., m, n)."""
def slogdet(A: Tensor, *, out: Any = None) -> Any:
    """The sign of each determinant and the logarithm of its absolute value, which neither over- nor underflow."""
def solve(A: Tensor, B: Tensor, *, left: builtins.bool = True, out: Tensor | None = None) -> Tensor:
    """The solution X of ``A @ X = B`` (``left=False``: of ``X @ A = B``) for each regular matrix of a batch."""
def solve_ex(A: Tensor, B: Tensor, *, left: builtins.bool = True, check_errors: builtins.bool = False, out: Any = None) -> Any:
    """`solve` that in place of an error gives ``info``: which pivot is zero, 0 for a regular matrix."""
def solve_triangular(A: Tensor, B: Tensor, *, upper: builtins.bool, left: builtins.bool = True, unitriangular: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The solution X of ``A @ X = B`` (``left=False``: of ``X @ A = B``) for triangular matrices (..., n, n)."""
def svd(A: Tensor, full_matrices: builtins.bool = True, *, driver: builtins.str | None = None, out: Any = None) -> Any:
    """U, S and Vh with ``A = U @ diag(S) @ Vh`` for each matrix (..., m, n); S is in descending order."""
def svdvals(A: Tensor, *, driver: builtins.str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of each matrix (..., m, n) in descending order; they have a derivative where some are equal."""
def tensorinv(A: Tensor, ind: builtins.int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of what `torch.tensordot` with A does: A of its first ``ind`` dimensions by the others, as a matrix."""
def tensorsolve(A: Tensor, B: Tensor, dims: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The X with ``tensordot(A, X, X.ndim) == B``: B has the first dimensions of A, X the others."""
def vander(x: Tensor, *, N: builtins.int | None = None) -> Tensor:
    """The powers x^0, x^1, ... x^(N-1) of each element: (..., n) to (..., n, N). N: n if not given."""
def vecdot(x: Tensor, y: Tensor, *, dim: builtins.int = -1, out: Tensor | None = None) -> Tensor:
    """The sum of ``conj(x) * y`` along ``dim``, of tensors that are broadcast."""
def vector_norm(x: Tensor, ord: Any = 2, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The norm (Σ |x|^ord)^(1/ord) of all elements as one vector, or of the vectors along ``dim``."""
