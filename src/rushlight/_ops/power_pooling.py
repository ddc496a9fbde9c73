"""Pooling by the p-norm of each window."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .._core.registry import NAMESPACES, register
from .._core.tensor import Tensor
from .dims import check_tensor


def _publish(spatial: int) -> None:
    mean: Callable[..., Tensor] = NAMESPACES["torch.nn.functional"][f"avg_pool{spatial}d"]

    def lp_pool(
        input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> Tensor:
        check_tensor(input, f"lp_pool{spatial}d")
        places = kernel_size**spatial if isinstance(kernel_size, int) else math.prod(kernel_size)
        sums = mean(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
        # Of odd powers, a negative sum has no root; PyTorch's form of it takes the relu for the derivative at 0.
        return (sums.sign() * sums.abs().relu()).mul(places).pow(1.0 / norm_type)

    ones = ", ".join(["2"] * spatial)
    lp_pool.__doc__ = f"""The root of the sum of the elements' powers, of each window over the last {spatial} dimensions.

    norm_type: the power. stride: the kernel's size by default. ceil_mode: windows that hang over count too.

    >>> import rushlight as torch
    >>> torch.nn.functional.lp_pool{spatial}d(torch.ones(1, 1, {ones}), 1, 2).item()
    {float(2**spatial)}
    """
    lp_pool.__name__ = lp_pool.__qualname__ = f"lp_pool{spatial}d"
    register(lp_pool, namespace="torch.nn.functional", method=False, out=False)


for _spatial in (1, 2, 3):
    _publish(_spatial)
