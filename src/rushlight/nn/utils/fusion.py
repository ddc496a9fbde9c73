"""Batch normalisation in evaluation is an affine map, and can be made part of the layer before it."""

from __future__ import annotations

import copy
from typing import Any

from ..._ops.creation import ones_like, zeros_like
from ..._standin.missing import refuse_other_names as _refuse_other_names
from ..parameter import Parameter


def _refuse_training(layer: Any, bn: Any) -> None:
    if layer.training or bn.training:
        raise AssertionError("Fusion only for eval!")


def _refuse_no_statistics(bn: Any) -> None:
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError("bn.running_mean and bn.running_var must not be None")


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """A copy of a convolution that does what it and the batch normalisation after it do in evaluation.

    transpose: for transposed convolutions. AssertionError for layers in training, or without running statistics.

    >>> from rushlight import nn
    >>> nn.utils.fuse_conv_bn_eval(nn.Conv2d(1, 2, 3).eval(), nn.BatchNorm2d(2).eval())
    Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))
    """
    _refuse_training(conv, bn)
    fused = copy.deepcopy(conv)
    _refuse_no_statistics(bn)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias, transpose
    )
    return fused


def fuse_conv_bn_weights(
    conv_w: Any, conv_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any, transpose: bool = False
) -> tuple[Parameter, Parameter]:
    """Weight and bias of a convolution followed by a batch normalisation of these statistics, weight and bias.

    conv_b, bn_w and bn_b may be None. transpose: the weight is that of a transposed convolution.
    """
    bias = zeros_like(bn_rm) if conv_b is None else conv_b
    scale = ones_like(bn_rm) if bn_w is None else bn_w
    shift = zeros_like(bn_rm) if bn_b is None else bn_b
    shrink = (bn_rv + bn_eps).rsqrt()
    outputs = [-1 if d == int(transpose) else 1 for d in range(conv_w.dim())]
    weight = conv_w * (scale * shrink).reshape(outputs)
    bias_dtype = conv_w.dtype if conv_b is None else conv_b.dtype
    moved = (bias - bn_rm) * shrink * scale + shift
    return Parameter(weight.to(conv_w.dtype), conv_w.requires_grad), Parameter(moved.to(bias_dtype), bias.requires_grad)


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A copy of a linear layer that does what it and the batch normalisation after it do in evaluation.

    AssertionError for layers in training, without running statistics, or with another number of features (unless one).

    >>> from rushlight import nn
    >>> nn.utils.fuse_linear_bn_eval(nn.Linear(3, 2).eval(), nn.BatchNorm1d(2).eval())
    Linear(in_features=3, out_features=2, bias=True)
    """
    _refuse_training(linear, bn)
    fused = copy.deepcopy(linear)
    if bn.num_features not in (linear.out_features, 1):
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got "
            f"linear.out_features={linear.out_features} and bn.num_features={bn.num_features}"
        )
    _refuse_no_statistics(bn)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    return fused


def fuse_linear_bn_weights(
    linear_w: Any, linear_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any
) -> tuple[Parameter, Parameter]:
    """Weight and bias of a linear layer followed by a batch normalisation; linear_b may be None."""
    bias = zeros_like(bn_rm) if linear_b is None else linear_b
    scale = bn_w * (bn_rv + bn_eps).rsqrt()
    weight = linear_w * scale.unsqueeze(-1).to(linear_w.dtype)
    bias_dtype = linear_w.dtype if linear_b is None else linear_b.dtype
    moved = (bias - bn_rm) * scale + bn_b
    return Parameter(weight, linear_w.requires_grad), Parameter(moved.to(bias_dtype), bias.requires_grad)


_refuse_other_names(globals())
