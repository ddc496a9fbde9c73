"""Inverses of square matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .lapack import check_matrices, no_info, one_by_one, raise_failed, zero_pivot
from .matmul import matmul


def _inv(x: Any, *, checked: str) -> tuple[Any, Any]:
    """The inverses, and ``info``. checked: what messages call the operation that raises where there is none."""
    try:
        return np.linalg.inv(x), no_info(x)
    except np.linalg.LinAlgError:
        inverses, info = one_by_one(np.linalg.inv, zero_pivot, x)
    if checked:
        raise_failed(
            info,
            f"{checked}: {{element}}The diagonal element {{info}} is zero, the inversion could not be completed because "
            "the input matrix is singular.",
        )
    return inverses, info


inv_p = Primitive(
    "LinalgInvEx",
    _inv,
    vjp=lambda g, result: -matmul(matmul(result[0].mH, g), result[0].mH),
    jvp=lambda x_t, result: (-matmul(matmul(result[0], x_t), result[0]), None),
    outputs=2,
    constant=(1,),
    family="matrices",
)
inv_ex_result = return_type("linalg_inv_ex", "inverse", "info")


def inv(A: Tensor) -> Tensor:
    """The inverse of each matrix of a batch (..., n, n); `torch.linalg.LinAlgError` for a singular one.

    >>> import rushlight as torch
    >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check_matrices(A, "linalg.inv")
    return inv_p.bind(A, checked="linalg.inv")[0]


def inv_ex(A: Tensor, *, check_errors: bool = False) -> Any:
    """The inverse of each matrix and, in place of an error, ``info``: which pivot is zero, 0 for a regular matrix.

    The inverse of a singular matrix is nan. check_errors: raise all the same.

    >>> import rushlight as torch
    >>> torch.linalg.inv_ex(torch.tensor([[1.0, 2.0], [2.0, 4.0]])).info
    tensor(2, dtype=torch.int32)
    """
    check_matrices(A, "linalg.inv")
    return inv_ex_result(inv_p.bind(A, checked="linalg.inv_ex" if check_errors else ""))


@operation(out=exact_dtype)
def inverse(input: Tensor) -> Tensor:
    """`torch.linalg.inv` by its old name."""
    return inv(input)


register(inv, namespace="torch.linalg", method=False, out=exact_dtype)
register(inv_ex, namespace="torch.linalg", method=False, out=exact_dtype)
