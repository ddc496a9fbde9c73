"""Normalizations: to mean 0 and variance 1 over some dimensions, then scaled and shifted.

Layer, batch, instance and group normalization differ in what they average over and in whose weights are whose.
All have one derivative. With ``y = (x - mean) / sqrt(var + eps)`` over n elements,

    dx = (dy - mean(dy) - y * mean(dy * y)) / sqrt(var + eps)

(Ioffe & Szegedy 2015, arXiv:1502.03167.) Mean and variance are results too, with derivatives of their own, so that
rules may name them and remain differentiable.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .._core.inplace import write
from .._core.memory_order import channels_as_given, in_c_order
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .arguments import ints
from .dims import check_tensor, raise_unsupported
from .loss import check_constant
from .quick import on_arrays
from .reduction import add_reduce
from .titles import shown_as

Shape = tuple[int, ...]


class Layout(NamedTuple):
    """What is averaged over, and how weights and biases lie along the input."""

    folded: Shape  # the shape to see the input in
    axes: tuple[int, ...]  # the dimensions of it to average over
    affine: Shape  # the shape to see weight and bias in, broadcast against the folded input
    own: Shape  # the shape that they have

    @property
    def count(self) -> int:  # type: ignore[override]
        return math.prod(self.folded[a] for a in self.axes)


# Up to this many elements a sum of products is added up as it goes along, without losing digits that matter.
SHORT = 4096


def _sum_of_products(a: Any, b: Any, axes: tuple[int, ...]) -> Any:
    """The sum of ``a * b`` over ``axes``, which stay; over one last axis without writing the products out."""
    if axes == (a.ndim - 1,) and a.shape[-1] <= SHORT:
        return np.einsum("...i,...i->...", a, b)[..., None]
    return add_reduce(a * b, axes, True)


def _in_rows(x: Any, layout: Layout) -> tuple[Any, tuple[int, ...], Any]:
    """``x`` as it is averaged: folded, the last axes that go together as one; and the axes, and their shape kept."""
    folded, axes = layout.folded, layout.axes
    kept = tuple(1 if a in axes else n for a, n in enumerate(folded))
    if len(axes) > 1 and axes == tuple(range(len(folded) - len(axes), len(folded))):
        lead = folded[: -len(axes)]
        return x.reshape(*lead, layout.count), (len(lead),), kept
    return x.reshape(folded), axes, kept


def _standardize(x: Any, weight: Any, bias: Any, *, layout: Layout, eps: float) -> Any:
    shape, t = x.shape, x.dtype.type
    x, axes, kept = _in_rows(x, layout)
    n = t(layout.count)
    mean = add_reduce(x, axes, True) / n
    y = x - mean
    var = _sum_of_products(y, y, axes) / n
    y *= t(1) / np.sqrt(var + t(eps))
    y = y.reshape(layout.folded)
    if weight is not None:
        y *= weight.reshape(layout.affine)
    if bias is not None:
        y += bias.reshape(layout.affine)
    return y.reshape(shape), mean.reshape(kept), var.reshape(kept)


def _onto(x: Any, affine: Shape) -> Any:
    """``x`` summed over the dimensions along which a parameter of this shape is broadcast."""
    lead = x.ndim - len(affine)
    axes = tuple([a for a in range(x.ndim) if a < lead or (affine[a - lead] == 1 and x.shape[a] != 1)])
    return add_reduce(x, axes, False) if axes else x


def _cotangents_on_arrays(node: Any, g: Any, x: Any, weight: Any, mean: Any, var: Any, wanted: Any) -> Any:
    layout: Layout = node.params["layout"]
    shape, t, folded = x.shape, x.dtype.type, layout.folded
    x, axes, _ = _in_rows(x, layout)
    small = tuple([1 if a in axes else n for a, n in enumerate(x.shape)])
    mean, var = mean.reshape(small), var.reshape(small)
    rstd = t(1) / np.sqrt(var + t(node.params["eps"]))
    y = x - mean
    y *= rstd
    g = g.reshape(folded)
    of_x = of_weight = of_bias = None
    if wanted[1]:
        of_weight = _onto(g * y.reshape(folded), layout.affine).reshape(layout.own)
    if wanted[2]:
        of_bias = _onto(g, layout.affine).reshape(layout.own)
    if wanted[0]:
        n = t(layout.count)
        g = g * (t(1) if weight is None else weight.reshape(layout.affine))
        g = g.reshape(y.shape)
        y *= _sum_of_products(g, y, axes) / n
        y += add_reduce(g, axes, True) / n
        g -= y
        g *= rstd
        of_x = g.reshape(shape)
    return of_x, of_weight, of_bias


def _cotangents(
    gs: Any, x: Any, weight: Any, result_1: Any, result_2: Any, wanted: Any, layout: Layout, eps: float
) -> Any:
    """What x, weight and bias get, for the cotangents of the result, mean and variance (None: nothing arrived).

    The result itself is not named, since activations overwrite it.
    """
    g, g_mean, g_var = gs
    mean, var = result_1, result_2
    folded, axes, affine, own = layout
    shape, x = x._data.shape, x.reshape(folded)
    rstd = (var + eps).rsqrt()
    centred = x - mean
    of_x = of_weight = of_bias = None
    if g is not None:
        g = g.reshape(folded)
        y = centred * rstd
        if wanted[1]:
            of_weight = (g * y).sum_to_size(affine).reshape(own)
        if wanted[2]:
            of_bias = g.sum_to_size(affine).reshape(own)
        if wanted[0]:
            if weight is not None:
                g = g * weight.reshape(affine)
            of_x = (g - g.mean(axes, True) - y * (g * y).mean(axes, True)) * rstd
    if g_mean is not None:
        of_x = _plus(of_x, (g_mean / layout.count).expand(folded))
    if g_var is not None:
        of_x = _plus(of_x, centred * (g_var * (2 / max(layout.count, 1))))
    return None if of_x is None else of_x.reshape(shape), of_weight, of_bias


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a + b


def _tangents(
    x: Any, weight: Any, result: Any, x_t: Any, weight_t: Any, bias_t: Any, layout: Layout, eps: float
) -> tuple[Any, Any, Any]:
    _, mean, var = result
    folded, axes, affine, _ = layout
    shape = x._data.shape
    centred = x.reshape(folded) - mean
    rstd = (var + eps).rsqrt()
    y = centred * rstd
    total = mean_t = var_t = None
    if x_t is not None:
        x_t = x_t.reshape(folded)
        mean_t = x_t.mean(axes, True)
        var_t = (x_t * centred).mean(axes, True) * 2
        total = (x_t - mean_t - y * (x_t * y).mean(axes, True)) * rstd
        if weight is not None:
            total = total * weight.reshape(affine)
    if weight_t is not None:
        total = _plus(total, y * weight_t.reshape(affine))
    if bias_t is not None:
        total = _plus(total, bias_t.reshape(affine))
    return total.expand(folded).reshape(shape), mean_t, var_t


layer_norm_p = Primitive(
    "NativeLayerNorm",
    _standardize,
    inputs="x weight bias",
    vjp=_cotangents,
    jvp=_tangents,
    outputs=3,
    order=in_c_order,
    widen=True,
)
on_arrays(layer_norm_p)(_cotangents_on_arrays)
_batch_norm = shown_as(layer_norm_p, "NativeBatchNormBackward0", order=channels_as_given)
_group_norm = shown_as(layer_norm_p, "NativeGroupNormBackward0", order=channels_as_given)
_instance_norm = shown_as(layer_norm_p, "ViewBackward0")


def _with_statistics(x: Any, mean: Any, var: Any, weight: Any, bias: Any, *, affine: Shape, eps: float) -> Any:
    """Mean and variance known beforehand: each channel is multiplied by a number, and one is added."""
    scale, shift = _scale_and_shift(x, mean, var, weight, bias, eps)
    return x * scale.reshape(affine) + shift.reshape(affine)


def _scale_and_shift(x: Any, mean: Any, var: Any, weight: Any, bias: Any, eps: float) -> Any:
    scale = x.dtype.type(1) / np.sqrt(var + x.dtype.type(eps))
    if weight is not None:
        scale = scale * weight
    shift = -mean * scale
    return scale, shift if bias is None else shift + bias


def _fixed_scale(var: Any, weight: Any, affine: Shape, eps: float) -> Any:
    scale = (var + eps).rsqrt()
    return (scale if weight is None else scale * weight).reshape(affine)


def _fixed_y(x: Any, mean: Any, var: Any, affine: Shape, eps: float) -> Any:
    return (x - mean.reshape(affine)) * (var + eps).rsqrt().reshape(affine)


def _fixed_tangent(
    x: Any, mean: Any, var: Any, weight: Any, x_t: Any, weight_t: Any, bias_t: Any, affine: Shape, eps: float
) -> Any:
    total = None
    if x_t is not None:
        total = x_t * _fixed_scale(var, weight, affine, eps)
    if weight_t is not None:
        total = _plus(total, _fixed_y(x, mean, var, affine, eps) * weight_t.reshape(affine))
    if bias_t is not None:
        total = _plus(total, bias_t.reshape(affine))
    return total


fixed_norm_p = Primitive(
    "NativeBatchNorm",
    _with_statistics,
    inputs="x mean var weight bias",
    vjp=(
        lambda g, var, weight, affine, eps: g * _fixed_scale(var, weight, affine, eps),
        None,
        None,
        lambda g, x, mean, var, affine, eps: (
            (g * _fixed_y(x, mean, var, affine, eps)).sum_to_size(affine).reshape(mean._data.shape)
        ),
        lambda g, mean_shape, affine: g.sum_to_size(affine).reshape(mean_shape),
    ),
    jvp=_fixed_tangent,
    order=channels_as_given,
    widen=True,
)
_fixed_instance_norm = shown_as(fixed_norm_p, "ViewBackward0", order=in_c_order)


# -- checks ---------------------------------------------------------------------------------------------------


def _check_floats(input: Tensor, kernel: str, *parameters: Tensor | None) -> None:
    """The input must be of a floating-point type; parameters of the same, or float32 for 16-bit inputs."""
    x = input._data
    if x.dtype.kind not in "fV":
        raise_unsupported(input, kernel)
    present = [p._data.dtype for p in parameters if p is not None]
    if all(d == x.dtype for d in present):
        return
    if any(d != np.float32 for d in present):
        raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
    if x.dtype.itemsize != 2:
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


def _normalized_shape(input: Tensor, shape: Any, operation: str, gap: str, **parameters: Tensor | None) -> Shape:
    if not isinstance(shape, (tuple, list)):
        kind = type(shape).__name__
        raise TypeError(f"{operation}(): argument 'normalized_shape' (position 2) must be tuple of ints, not {kind}")
    shape = ints((shape,), operation, "normalized_shape", 2)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    for name, p in parameters.items():
        if p is not None and p._data.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(p._data.shape)} and normalized_shape = {list(shape)}"
            )
    have = input._data.shape
    if have[-len(shape) :] != shape or len(have) < len(shape):
        sizes = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*{gap}{sizes}], but got input of "
            f"size{list(have)}"
        )
    return shape


def _check_several_values(size: Any) -> None:
    if math.prod((size[0], *size[2:])) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")


# -- public ---------------------------------------------------------------------------------------------------


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each item brought to mean 0 and variance 1 over its last dimensions, which ``normalized_shape`` names.

    weight and bias of that shape scale and shift it. (Ba et al. 2016, arXiv:1607.06450.)

    >>> import rushlight as torch
    >>> torch.nn.functional.layer_norm(torch.tensor([[1.0, 3.0]]), (2,))
    tensor([[-1.0000,  1.0000]])
    """
    return layer_norm_with_statistics(input, normalized_shape, weight, bias, eps)[0]


def layer_norm_with_statistics(
    input: Tensor, normalized_shape: Any, weight: Tensor | None, bias: Tensor | None, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`layer_norm`, and each item's mean and variance."""
    check_tensor(input, "layer_norm")
    shape = _normalized_shape(input, normalized_shape, "layer_norm", ", ", weight=weight, bias=bias)
    _check_floats(input, "LayerNormKernelImpl", weight, bias)
    have = input._data.shape
    layout = Layout(have, tuple(range(len(have) - len(shape), len(have))), shape, shape)
    return layer_norm_p.bind(input, weight, bias, layout=layout, eps=float(eps))


def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None) -> Tensor:
    """Each item divided by the root of its mean square over the last dimensions, which ``normalized_shape`` names.

    eps: added to the mean square; by default the dtype's machine epsilon. (Zhang & Sennrich 2019,
    arXiv:1910.07467.)

    >>> import rushlight as torch
    >>> torch.nn.functional.rms_norm(torch.tensor([3.0, 4.0]), (2,))
    tensor([0.8485, 1.1314])
    """
    check_tensor(input, "rms_norm")
    shape = _normalized_shape(input, normalized_shape, "rms_norm", "", weight=weight)
    if input._data.dtype.kind not in "fVc":
        raise_unsupported(input, "rms_norm")
    narrow = input.dtype if input._data.dtype.itemsize == 2 else None
    x = (input.float() if narrow is not None else input).contiguous()
    if eps is None:
        eps = float(np.finfo(x._data.dtype).eps)
    dims = tuple(range(-len(shape), 0))
    out = x * ((x * x).mean(dims, True) + eps).rsqrt()
    if weight is not None:
        out = out * weight
    return out if narrow is None else out.to(narrow)


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel (dimension 1) brought to mean 0 and variance 1 over all other dimensions.

    training: by the batch's own mean and variance, which move the running ones by ``momentum``; otherwise by the
    running ones. weight and bias (C,) scale and shift. (Ioffe & Szegedy 2015, arXiv:1502.03167.)

    >>> import rushlight as torch
    >>> torch.nn.functional.batch_norm(torch.tensor([[1.0], [3.0]]), None, None, training=True)
    tensor([[-1.0000],
            [ 1.0000]])
    """
    check_tensor(input, "batch_norm")
    shape = input.shape
    if training:
        _check_several_values(shape)
        if eps <= 0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    elif eps < 0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    if not training:
        for name, t in (("running_mean", running_mean), ("running_var", running_var)):
            if t is None:
                raise RuntimeError(f"{name} must be defined in evaluation mode")
    channels = shape[1] if len(shape) > 1 else 0
    check_channels(input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    affine = (channels, *[1] * (len(shape) - 2))
    if input._data.size == 0:
        return input.clone()
    if not training:
        return fixed_norm_p.bind(input, running_mean, running_var, weight, bias, affine=affine, eps=float(eps))
    return by_own_statistics(input, running_mean, running_var, weight, bias, momentum, eps)[0]


def check_channels(input: Tensor, **each: Tensor | None) -> None:
    """Batch normalization's statistics, weight and bias must have an element for each channel, of a fitting dtype."""
    channels = input._data.shape[1] if input._data.ndim > 1 else 0
    for name, t in each.items():
        if t is not None and t._data.size != channels:
            raise RuntimeError(f"{name} should contain {channels} elements not {t._data.size}")
    check_constant("native_batch_norm", running_mean=each["running_mean"], running_var=each["running_var"])
    _check_floats(input, "batch_norm", *each.values())


def by_own_statistics(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Batch normalization in training: the result, and the channels' mean and variance, which the running ones follow."""
    shape = tuple(input.shape)
    layout = Layout(shape, (0, *range(2, len(shape))), (shape[1], *[1] * (len(shape) - 2)), (shape[1],))
    out, mean, var = _batch_norm.bind(input, weight, bias, layout=layout, eps=float(eps))
    _move(running_mean, mean, momentum)
    _move(running_var, var, momentum, layout.count / max(layout.count - 1, 1))
    return out, mean, var


def _move(running: Tensor | None, batch: Tensor, momentum: float, unbiased: float = 1) -> None:
    """Move a running statistic towards the batch's, (1, C, 1, ...) or (N, C, 1), which is averaged over N."""
    if running is None:
        return
    batch = batch.detach().to(running.dtype)
    batch = batch.reshape(batch._data.shape[0], -1)
    batch = batch.mean(0) if batch._data.shape[0] > 1 else batch.reshape(-1)
    write(running, running.detach() * (1 - momentum) + batch * (momentum * unbiased))


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each item brought to mean 0 and variance 1 over its own elements (dimensions 2 on).

    use_input_stats: False takes the running mean and variance instead, which are moved otherwise. weight and bias
    (C,) scale and shift. (Ulyanov et al. 2016, arXiv:1607.08022.)

    >>> import rushlight as torch
    >>> torch.nn.functional.instance_norm(torch.tensor([[[1.0, 3.0]]]))
    tensor([[[-1.0000,  1.0000]]])
    """
    check_tensor(input, "instance_norm")
    shape = input.shape
    if (use_input_stats and math.prod(shape[2:]) == 1) or len(shape) < 3:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {shape}")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    n, channels = shape[:2]
    for name, t in (("weight", weight), ("bias", bias), ("running_mean", running_mean), ("running_var", running_var)):
        if t is not None and t._data.size != channels:
            # PyTorch's count: it repeats the parameters for each item.
            raise RuntimeError(f"{name} should contain {n * channels} elements not {n * t._data.size}")
    check_constant("native_batch_norm", running_mean=running_mean, running_var=running_var)
    _check_floats(input, "batch_norm", running_mean, running_var, weight, bias)
    if not use_input_stats:
        affine = (channels, *[1] * (len(shape) - 2))
        return _fixed_instance_norm.bind(input, running_mean, running_var, weight, bias, affine=affine, eps=float(eps))
    layout = Layout((n, channels, math.prod(shape[2:])), (2,), (channels, 1), (channels,))
    out, mean, var = _instance_norm.bind(input, weight, bias, layout=layout, eps=float(eps))
    _move(running_mean, mean, momentum)
    _move(running_var, var, momentum, layout.count / max(layout.count - 1, 1))
    return out


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Each group of channels of each item brought to mean 0 and variance 1.

    The channels (dimension 1) are cut into ``num_groups`` groups; weight and bias (C,) scale and shift.
    (Wu & He 2018, arXiv:1803.08494.)

    >>> import rushlight as torch
    >>> torch.nn.functional.group_norm(torch.tensor([[1.0, 3.0, 10.0, 10.0]]), 2)
    tensor([[-1.0000,  1.0000,  0.0000,  0.0000]])
    """
    check_tensor(input, "group_norm")
    shape = input._data.shape
    if len(shape) < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {len(shape)}")
    n, channels, *spatial = shape
    _check_several_values([n * channels // num_groups, num_groups, *spatial])
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={num_groups}"
        )
    for name, t in (("weight", weight), ("bias", bias)):
        if t is not None and t._data.shape != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape {list(t._data.shape)} and input of shape {list(shape)}"
            )
    return group_norm_with_statistics(input, num_groups, weight, bias, eps)[0]


def group_norm_with_statistics(
    input: Tensor, num_groups: int, weight: Tensor | None, bias: Tensor | None, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`group_norm` of a tensor whose shape was checked, and each group's mean and variance."""
    _check_floats(input, "GroupNormKernelImpl", weight, bias)
    n, channels, *spatial = input._data.shape
    size = channels // num_groups
    layout = Layout((n, num_groups, size, math.prod(spatial)), (2, 3), (num_groups, size, 1), (channels,))
    return _group_norm.bind(input, weight, bias, layout=layout, eps=float(eps))


for _function in (layer_norm, rms_norm, batch_norm, instance_norm, group_norm):
    register(_function, namespace="torch.nn.functional", method=False, out=False)


def _with_cudnn(function: Any, order: tuple[str, ...]) -> Any:
    """``torch.batch_norm``: the same with its arguments in another order and a last one for NVIDIA's library."""

    def call(*args: Any, **kwargs: Any) -> Tensor:
        if len(args) > len(order):
            raise TypeError(f"{function.__name__}() takes {len(order)} positional arguments but {len(args)} were given")
        kwargs.update(zip(order, args))
        # What it asks for is another way to the same numbers.
        kwargs.pop("cudnn_enabled", None)
        kwargs.pop("cudnn_enable", None)
        return function(**kwargs)

    call.__name__ = call.__qualname__ = function.__name__
    call.__doc__ = f"`torch.nn.functional.{function.__name__}` with the order of arguments ``{', '.join(order)}``."
    return call


_PARAMETERS = ("input", "weight", "bias", "running_mean", "running_var")
for _function, _order in (
    (layer_norm, ("input", "normalized_shape", "weight", "bias", "eps", "cudnn_enable")),
    (batch_norm, (*_PARAMETERS, "training", "momentum", "eps", "cudnn_enabled")),
    (instance_norm, (*_PARAMETERS, "use_input_stats", "momentum", "eps", "cudnn_enabled")),
    (group_norm, ("input", "num_groups", "weight", "bias", "eps", "cudnn_enabled")),
):
    register(_with_cudnn(_function, _order), method=False, out=False)
register(rms_norm, method=False, out=False)
