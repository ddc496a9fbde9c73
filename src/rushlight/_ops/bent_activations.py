"""Activations with a bend: linear on either side of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.inplace import inplace as inplace_form
from .._core.levels import Shadow
from .._core.out_checks import same_dtype
from .._core.primitive import Primitive
from .._core.random.generator import default_generator
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .activation import activation, apply, bind, publish_functional, publish_in_torch
from .dims import check_tensor, raise_unsupported
from .matmul import kind_of
from .publish import zero_cotangent
from .quick import kept
from .selection import by_bits
from .titles import shown_as


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The larger one of each element and 0.

    >>> import rushlight as torch
    >>> torch.nn.functional.relu(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return input.relu_() if inplace else input.relu()


def _leaky_relu(x: Any, negative_slope: float) -> Any:
    bent = x * x.dtype.type(negative_slope)
    return np.maximum(x, bent) if 0 <= negative_slope <= 1 else by_bits(x > 0, x, bent)


def _leaky_relu_arrays(g: Any, x: Any, negative_slope: float) -> Any:
    slope = g.dtype.type(negative_slope)
    if 0 <= negative_slope <= 1 and g.ndim and g.shape == x.shape:
        factor = (x > 0).astype(g.dtype)
        np.maximum(factor, slope, out=factor)
        return np.multiply(factor, g, out=factor)
    return by_bits(x > 0, g, g * slope)


# One operation, also where the backward pass is differentiated again: the penalty on a critic's gradient.
leaky_relu_backward = Primitive(
    "LeakyReluBackwardBackward0",
    _leaky_relu_arrays,
    inputs="y x",
    vjp=(lambda g, x, negative_slope: leaky_relu_backward.bind(g, x, negative_slope=negative_slope), None),
    jvp=lambda y_t, x, negative_slope: (
        zero_cotangent(x) if y_t is None else leaky_relu_backward.bind(y_t, x, negative_slope=negative_slope)
    ),
    widen=True,
    family="elementwise",
)
leaky_relu_p = activation(
    "LeakyRelu",
    _leaky_relu,
    lambda g, x, negative_slope: leaky_relu_backward.bind(g, x, negative_slope=negative_slope),
    _leaky_relu_arrays,
)
_leaky_relu_inplace = shown_as(leaky_relu_p, "LeakyReluBackward1")


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """Each element, negative ones multiplied by ``negative_slope``.

    >>> import rushlight as torch
    >>> torch.nn.functional.leaky_relu(torch.tensor([-1.0, 2.0]))
    tensor([-0.0100,  2.0000])
    """
    p = _leaky_relu_inplace if inplace else leaky_relu_p
    return apply(p, "leaky_relu_cpu", input, inplace, negative_slope=float(negative_slope))


prelu_p = Primitive(
    "PreluKernel",
    lambda x, weight: by_bits(x > 0, x, x * weight),
    inputs="x weight",
    vjp=(
        lambda g, x, weight: g.where(x > 0, g * weight),
        lambda g, x: (g * x).masked_fill(x > 0, 0),
    ),
    jvp=lambda x, weight, x_t, weight_t: _prelu_tangent(x, weight, x_t, weight_t),
    broadcasts=True,
    widen=True,
)


def _prelu_tangent(x: Any, weight: Any, x_t: Any, weight_t: Any) -> Any:
    if x_t is None:
        return (weight_t * x).masked_fill(x > 0, 0)
    tangent = x_t.where(x > 0, x_t * weight)
    return tangent if weight_t is None else tangent + (weight_t * x).masked_fill(x > 0, 0)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`leaky_relu` with slopes that can be learned: one for all, or one for each channel (dimension 1).

    >>> import rushlight as torch
    >>> torch.prelu(torch.tensor([-1.0, 2.0]), torch.tensor([0.25]))
    tensor([-0.2500,  2.0000])
    """
    x, w = input._data, weight._data
    if x.dtype != w.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {kind_of(input)} and {kind_of(weight)}")
    if w.ndim > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {w.ndim}")
    if w.size != 1:
        if x.ndim == 0:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = x.shape[1] if x.ndim > 1 else 1
        if w.size != channels:
            raise RuntimeError(
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {w.size} and channel "
                f"size = {channels}."
            )
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "prelu_cpu")
    if w.ndim and x.ndim != 1:
        weight = weight.view(-1, *[1] * (x.ndim - 2)) if x.ndim > 1 else weight.view(())
    return prelu_p.bind(input, weight)


rrelu_p = Primitive(
    "RreluWithNoise",
    lambda x, noise: x * noise,
    inputs="x noise",
    vjp=(lambda g, noise: g * noise, None),
    jvp=lambda noise, x_t: x_t * noise,
    widen=True,
)
_rrelu_inplace = shown_as(rrelu_p, "RreluWithNoiseBackward1")
_rrelu_evaluated = shown_as(leaky_relu_p, "RreluWithNoiseBackward0")
_rrelu_evaluated_inplace = shown_as(leaky_relu_p, "RreluWithNoiseBackward1")


def rrelu(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """`leaky_relu` with slopes drawn anew for each negative element, uniform between the bounds.

    Outside of training the slope is the bounds' mean.

    >>> import rushlight as torch
    >>> torch.rrelu(torch.tensor([-12.0, 2.0]), 0.25, 0.75)
    tensor([-6.,  2.])
    """
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    x = input._data
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "leaky_relu_cpu" if not training else "rrelu_with_noise_out_cpu")
    if not training:
        params = {"negative_slope": (lower + upper) / 2}
        return bind(_rrelu_evaluated_inplace if inplace else _rrelu_evaluated, input, inplace, params)
    if isinstance(x, Shadow):
        raise NotImplementedError("rrelu inside vmap is not supported: how many numbers it draws depends on values")
    noise = np.ones(x.shape, x.dtype)
    bent = x <= 0
    drawn = default_generator.stream.uniform((int(bent.sum()),), np.dtype(np.float64))
    noise[bent] = drawn * (upper - lower) + lower
    if inplace:
        return inplace_form(_rrelu_inplace.bind)(input, wrap(noise))
    return rrelu_p.bind(input, wrap(noise))


threshold_p = activation(
    "Threshold",
    lambda x, threshold, value: np.where(x <= threshold, x.dtype.type(value), x),
    lambda g, x, threshold: g.masked_fill(x <= threshold, 0),
)
_threshold_inplace = shown_as(threshold_p, "ThresholdBackward1")


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """Each element that is larger than ``threshold``, ``value`` in the place of the others.

    >>> import rushlight as torch
    >>> torch.threshold(torch.tensor([0.5, 2.0]), 1.0, -1.0)
    tensor([-1.,  2.])
    """
    check_tensor(input, "threshold")
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, "threshold_cpu")
    p = _threshold_inplace if inplace else threshold_p
    return bind(p, input, inplace, {"threshold": threshold, "value": value})


hardtanh_p = activation(
    "Hardtanh",
    lambda x, low, high: np.minimum(np.maximum(x, x.dtype.type(low)), x.dtype.type(high)),
    lambda g, x, low, high: g.masked_fill((x <= low) | (x >= high), 0),
    lambda g, x, low, high: kept(g, ~((x <= low) | (x >= high))),
)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """Each element cut off at ``min_val`` and ``max_val``.

    >>> import rushlight as torch
    >>> torch.nn.functional.hardtanh(torch.tensor([-3.0, 0.5, 3.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """
    check_tensor(input, "hardtanh")
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    kind = input._data.dtype.kind
    if kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if kind == "u" and min_val < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    if kind == "c":
        raise_unsupported(input, "hardtanh_cpu")
    return bind(hardtanh_p, input, inplace, {"low": min_val, "high": max_val})


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Each element cut off at 0 and 6.

    >>> import rushlight as torch
    >>> torch.nn.functional.relu6(torch.tensor([-1.0, 8.0]))
    tensor([0., 6.])
    """
    return hardtanh(input, 0.0, 6.0, inplace)


_SIXTH = float(np.float32(1 / 6))

hardsigmoid_p = activation(
    "Hardsigmoid",
    lambda x: np.minimum(np.maximum(x + 3, 0), 6) / 6,
    # A sixth in single precision, for double numbers too, as PyTorch has it.
    lambda g, x: (g * _SIXTH).masked_fill((x <= -3) | (x >= 3), 0),
)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """``x / 6 + 1 / 2`` cut off at 0 and 1.

    >>> import rushlight as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4.0, 0.0, 4.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return apply(hardsigmoid_p, "hardsigmoid_cpu", input, inplace)


hardswish_p = activation(
    "Hardswish",
    lambda x: x * np.minimum(np.maximum(x + 3, 0), 6) / 6,
    lambda g, x: g.where(x >= 3, (g * (x / 3 + 0.5)).masked_fill(x <= -3, 0)),
)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """``x`` times its `hardsigmoid`. (Howard et al. 2019, arXiv:1905.02244.)

    >>> import rushlight as torch
    >>> torch.nn.functional.hardswish(torch.tensor([-4.0, 3.0]))
    tensor([-0., 3.])
    """
    return apply(hardswish_p, "hardswish_cpu", input, inplace)


hardshrink_p = activation(
    "Hardshrink",
    lambda x, lambd: np.where((x >= -lambd) & (x <= lambd), x.dtype.type(0), x),
    lambda g, x, lambd: g.masked_fill((x >= -lambd) & (x <= lambd), 0),
)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Each element, 0 in the place of those between ``-lambd`` and ``lambd``.

    >>> import rushlight as torch
    >>> torch.nn.functional.hardshrink(torch.tensor([0.4, -0.6]))
    tensor([ 0.0000, -0.6000])
    """
    return apply(hardshrink_p, "hardshrink_cpu", input, lambd=float(lambd))


def _softshrink(x: Any, lambd: float) -> Any:
    shrunk = x - np.copysign(x.dtype.type(lambd), x)
    return np.where(np.abs(x) > lambd, shrunk, x * x.dtype.type(0) if np.isnan(x).any() else x.dtype.type(0))


softshrink_p = activation(
    "Softshrink",
    _softshrink,
    lambda g, x, lambd: g.masked_fill((x >= -lambd) & (x <= lambd), 0),
)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Each element moved towards 0 by ``lambd``, those nearer than that becoming 0.

    >>> import rushlight as torch
    >>> torch.nn.functional.softshrink(torch.tensor([0.4, -1.5]))
    tensor([ 0., -1.])
    """
    check_tensor(input, "softshrink")
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, "softshrink_check")
    if not lambd >= 0:
        largest = float(np.finfo(input._data.dtype).max) if input._data.dtype.kind == "f" else 3.38953e38
        raise RuntimeError(
            f"lambda must be in range [0, {largest:g}] for input dtype {kind_of(input)}, but found {lambd}"
        )
    return softshrink_p.bind(input, lambd=float(lambd))


publish_functional(
    relu, leaky_relu, prelu, rrelu, threshold, hardtanh, relu6, hardsigmoid, hardswish, hardshrink, softshrink,
    in_place=(relu, leaky_relu, rrelu, threshold, hardtanh),
    out={softshrink: same_dtype},
)  # fmt: skip
publish_in_torch(rrelu)
publish_in_torch(threshold, out=True)
register(prelu)
register(hardshrink, out=same_dtype)
