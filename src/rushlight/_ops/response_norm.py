"""Normalisation by the neighbouring channels."""

from __future__ import annotations

from .._core.registry import NAMESPACES, operation
from .._core.tensor import Tensor
from .dims import check_tensor
from .padding import pad


@operation(namespace="torch.nn.functional", method=False, out=False)
def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """x / (k + alpha · mean of the squares of ``size`` neighbouring channels)^beta (Krizhevsky et al., 2012).

    input (N, C, ...) with at least one more dimension; ValueError for fewer.

    >>> import rushlight as torch
    >>> torch.nn.functional.local_response_norm(torch.ones(1, 2, 1), 2, alpha=2.0, beta=1.0).flatten()
    tensor([0.5000, 0.3333])
    """
    check_tensor(input, "local_response_norm")
    shape = input._data.shape
    if len(shape) < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality                          input (got {len(shape)} dimensions)"
        )
    if not input._data.size:
        return input
    pool = NAMESPACES["torch.nn.functional"]
    squares, around = input * input, [size // 2, (size - 1) // 2]
    if len(shape) == 3:
        means = pool["avg_pool2d"](pad(squares.unsqueeze(1), [0, 0, *around]), (size, 1), stride=1).squeeze(1)
    else:
        rows = squares.view(shape[0], 1, shape[1], shape[2], -1)
        means = pool["avg_pool3d"](pad(rows, [0, 0, 0, 0, *around]), (size, 1, 1), stride=1).squeeze(1).view(shape)
    return input / (means * alpha + k).pow(beta)
