"""The weight and bias that normalisations end with."""

from __future__ import annotations

from typing import Any

from ..._ops.creation import ones, zeros
from ..parameter import Parameter
from .module import Module


def register_affine(module: Module, shape: tuple[int, ...], affine: bool, bias: bool, device: Any, dtype: Any) -> None:
    """Give a module a weight of ones and a bias of zeros, or None in their place."""
    made = {"device": device, "dtype": dtype}
    module.register_parameter("weight", Parameter(ones(shape, **made)) if affine else None)
    module.register_parameter("bias", Parameter(zeros(shape, **made)) if affine and bias else None)
