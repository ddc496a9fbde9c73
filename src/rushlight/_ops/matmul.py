"""Matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.families import binary
from .._core.registry import METHODS, operation
from .._core.tensor import Tensor


def _bilinear_tangent(product: Any) -> Any:
    def jvp(a: Any, b: Any, a_t: Any, b_t: Any) -> Any:
        if a_t is None:
            return product(a, b_t)
        return product(a_t, b) if b_t is None else product(a_t, b) + product(a, b_t)

    return jvp


mm = binary(
    "Mm",
    np.matmul,
    broadcasts=False,
    vjp=(lambda g, b: mm(g, b.mH), lambda g, a: mm(a.mH, g)),
    jvp=_bilinear_tangent(lambda a, b: mm(a, b)),
)


@operation()
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product ``input @ other``; see `torch.matmul` for vectors and batches."""
    return mm(input, other)


METHODS["__matmul__"] = matmul
