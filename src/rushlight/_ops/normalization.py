"""Normalizations: to mean 0 and variance 1 over some dimensions, then scaled and shifted.

Layer, batch, instance and group normalization differ in what they average over and in whose weights are whose.
All have one derivative. With ``y = (x - mean) / sqrt(var + eps)`` over n elements,

    dx = (dy - mean(dy) - y * mean(dy * y)) / sqrt(var + eps)

(Ioffe & Szegedy 2015, arXiv:1502.03167.) Mean and variance are results too, with derivatives of their own, so that
rules may name them and remain differentiable.
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

from .._core.inplace import write
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .arguments import ints
from .dims import check_tensor, raise_unsupported
from .titles import shown_as

Axes = tuple[int, ...]
Shape = tuple[int, ...]

# -- the record -----------------------------------------------------------------------------------------------
#
# folded   the shape to see x in
# axes     the dimensions of it to average over
# affine   the shape to see weight and bias in, broadcast against the folded x


def _standardize(x: Any, weight: Any, bias: Any, *, folded: Shape, axes: Axes, affine: Shape, eps: float) -> Any:
    shape = x.shape
    x = x.reshape(folded)
    n = x.dtype.type(math.prod(folded[a] for a in axes))
    mean = np.add.reduce(x, axes, keepdims=True) / n
    y = x - mean
    var = np.add.reduce(y * y, axes, keepdims=True) / n
    y *= x.dtype.type(1) / np.sqrt(var + x.dtype.type(eps))
    if weight is not None:
        y *= weight.reshape(affine)
    if bias is not None:
        y += bias.reshape(affine)
    return y.reshape(shape), mean, var


def _cotangents(
    gs: Any, x: Any, weight: Any, result: Any, wanted: Any, folded: Shape, axes: Axes, affine: Shape, eps: float
) -> tuple[Any, Any, Any]:
    """What x, weight and bias get, for the cotangents of the result, mean and variance (None: nothing arrived)."""
    g, g_mean, g_var = gs
    _, mean, var = result
    shape, x = x._data.shape, x.reshape(folded)
    n = math.prod(folded[a] for a in axes)
    rstd = (var + eps).rsqrt()
    centred = x - mean
    of_x = of_weight = of_bias = None
    if g is not None:
        g = g.reshape(folded)
        y = centred * rstd
        if wanted[1]:
            of_weight = (g * y).sum_to_size(affine).reshape(weight._data.shape)
        if wanted[2]:
            # Nothing but the number of its elements is needed of the bias.
            of_bias = g.sum_to_size(affine).reshape(_unfolded(affine, shape, folded, axes))
        if wanted[0]:
            if weight is not None:
                g = g * weight.reshape(affine)
            of_x = (g - g.mean(axes, True) - y * (g * y).mean(axes, True)) * rstd
    if g_mean is not None:
        of_x = _plus(of_x, (g_mean / n).expand(folded))
    if g_var is not None:
        of_x = _plus(of_x, centred * (g_var * (2 / n)))
    return None if of_x is None else of_x.reshape(shape), of_weight, of_bias


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a + b
