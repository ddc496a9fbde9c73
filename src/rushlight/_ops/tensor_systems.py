"""Tensors as matrices: their inverses and systems of equations, their diagonals, and the powers of a vector."""

from __future__ import annotations

import math
from typing import Any

from .._core.operands import raise_must_be_tensor
from .._core.out_checks import safely_castable
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_int, check_tensor
from .inverse import inv_p
from .joining import cat
from .matmul import kind_of
from .solve import solve


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of what `torch.tensordot` with A does: A of its first ``ind`` dimensions by the others, as a matrix.

    The dimensions trade places. RuntimeError where the matrix is not square, `torch.linalg.LinAlgError` where it is
    singular.

    >>> import rushlight as torch
    >>> torch.linalg.tensorinv(torch.eye(6).reshape(2, 3, 6)).shape
    torch.Size([6, 2, 3])
    """
    check_tensor(A, "linalg_tensorinv", "A")
    ind = check_int(ind, "linalg_tensorinv", "ind", 2)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    shape = tuple(A._data.shape)
    if ind > len(shape):
        raise RuntimeError(f"ArrayRef: invalid slice, N = {ind}; size = {len(shape)}")
    rows, columns = math.prod(shape[:ind]), math.prod(shape[ind:])
    if rows != columns:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{columns} != {rows}"
        )
    inverse, _ = inv_p.bind(A.reshape(rows, columns), checked="inv")
    return inverse.reshape(*shape[ind:], *shape[:ind])


def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The X with ``tensordot(A, X, X.ndim) == B``: B has the first dimensions of A, X the others.

    dims: dimensions of A that are moved to its end first.

    >>> import rushlight as torch
    >>> torch.linalg.tensorsolve(2 * torch.eye(6).reshape(2, 3, 6), torch.ones(2, 3))
    tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000])
    """
    for each, argument, position in ((A, "A", 1), (B, "B", 2)):
        if not isinstance(each, Tensor):
            raise_must_be_tensor("linalg_tensorsolve", argument, position, each)
    if dims is not None:
        dims = tuple(dims)
        A = A.movedim(dims, tuple(range(A._data.ndim - len(dims), A._data.ndim)))
    rest = tuple(A._data.shape[B._data.ndim :])
    n = math.prod(rest)
    return solve(A.reshape(n, n), B.flatten()).reshape(rest)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers x^0, x^1, ... x^(N-1) of each element: (..., n) to (..., n, N). N: n if not given.

    >>> import rushlight as torch
    >>> torch.linalg.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])
    """
    check_tensor(x, "linalg_vander", "x")
    if x._data.dtype.kind == "b":
        raise RuntimeError(f"linalg.vander supports floating point, complex, and integer tensors, but got {kind_of(x)}")
    if not x._data.ndim:
        x = x.unsqueeze(0)
    if N is None:
        N = x._data.shape[-1]
    if N <= 1:
        raise RuntimeError("N must be greater than 1.")
    powers = x.unsqueeze(-1).expand(*x._data.shape, N - 1).cumprod(-1)
    return cat([powers.new_ones((*x._data.shape, 1)), powers], -1)


def _falling_powers(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers x^(N-1), ... x, 1 of each element, or increasing: (n,) to (n, N). N: n if not given.

    Raises RuntimeError where x has not one dimension.

    >>> import rushlight as torch
    >>> torch.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [4, 2, 1],
            [9, 3, 1]])
    """
    check_tensor(x, "vander", "x")
    if x._data.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    n = x._data.shape[0]
    N = n if N is None else N
    if N < 0:
        raise RuntimeError("N must be non-negative.")
    if x._data.dtype.kind in "biu":
        x = x.long()
    powers = x.unsqueeze(-1).expand(n, max(N - 1, 0)).cumprod(-1)
    powers = cat([powers.new_ones((n, min(N, 1))), powers], -1)
    return powers if increasing else powers.flip(-1)


def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """`torch.diagonal` of the last two dimensions: a view of each matrix's diagonal.

    >>> import rushlight as torch
    >>> torch.linalg.diagonal(torch.ones(4, 2, 3)).shape
    torch.Size([4, 2])
    """
    check_tensor(A, "linalg_diagonal", "A")
    return A.diagonal(offset, dim1, dim2)


register(tensorinv, namespace="torch.linalg", method=False, out=safely_castable("tensorinv"))
register(tensorsolve, namespace="torch.linalg", method=False, out=safely_castable("tensorsolve"))
register(vander, namespace="torch.linalg", method=False, out=False)
register(_falling_powers, "vander", method=False, out=False)
register(linalg_diagonal, "diagonal", namespace="torch.linalg", method=False, out=False)
