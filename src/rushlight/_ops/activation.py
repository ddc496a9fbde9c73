"""Activations: functions of one element that networks put between their products."""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.inplace import inplace as inplace_form
from .._core.levels import Shadow
from .._core.primitive import Primitive
from .._core.random.generator import default_generator
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .dims import check_tensor, normalize_dim, raise_unsupported
from .joining import cat
from .matmul import kind_of
from .quick import kept, on_arrays
from .special import erf
from .titles import shown_as


def activation(
    name: str, forward: Callable[..., Any], rule: Callable[..., Any], arrays: Callable[..., Any] | None = None
) -> Primitive:
    """The record of a function of each element of ``x``; ``rule(g, x, ...)`` is its cotangent.

    A rule rather than a factor: where the derivative is zero the cotangent is zero even if ``g`` is infinite.
    arrays: the same on arrays, see `quick`.
    """
    primitive = Primitive(name, forward, vjp=rule, jvp=_of_tangent(rule), widen=True, family="unary")
    if arrays is not None:
        on_arrays(primitive)(lambda node, g, x: (arrays(g, x, **node.params),))
    return primitive


def _of_tangent(rule: Any) -> Any:
    """``rule`` with its first argument called ``x_t``: what acts on each element alone is its own transpose."""
    code = rule.__code__
    code = code.replace(co_varnames=("x_t", *code.co_varnames[1:]))
    return types.FunctionType(code, rule.__globals__, rule.__name__, rule.__defaults__, rule.__closure__)


def _apply(primitive: Primitive, kernel: str, input: Tensor, inplace: bool = False, **params: Any) -> Tensor:
    """Check the dtype and bind, into the input's memory where that is asked for."""
    check_tensor(input, kernel)
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, kernel)
    return _bind(primitive, input, inplace, params)


def _bind(primitive: Primitive, input: Tensor, inplace: bool, params: dict[str, Any]) -> Tensor:
    if inplace:
        return inplace_form(primitive.bind)(input, **params)
    return primitive.bind(input, **params)


def _inplace_of(function: Callable[..., Tensor], name: str) -> Callable[..., Tensor]:
    """``torch.celu_``: an activation that writes into its input's memory."""

    def apply_(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, **kwargs, inplace=True)

    apply_.__name__ = apply_.__qualname__ = name
    apply_.__doc__ = f"In-place form of `{function.__name__}`."
    return apply_


# -- with a bend ----------------------------------------------------------------------------------------------


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The larger one of each element and 0.

    >>> import rushlight as torch
    >>> torch.nn.functional.relu(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return input.relu_() if inplace else input.relu()


def _leaky_relu(x: Any, negative_slope: float) -> Any:
    bent = x * x.dtype.type(negative_slope)
    return np.maximum(x, bent) if 0 <= negative_slope <= 1 else np.where(x > 0, x, bent)


def _leaky_relu_arrays(g: Any, x: Any, negative_slope: float) -> Any:
    slope = g.dtype.type(negative_slope)
    if 0 <= negative_slope <= 1:
        return g * np.maximum((x > 0).astype(g.dtype), slope)
    return np.where(x > 0, g, g * slope)


leaky_relu_p = activation(
    "LeakyRelu",
    _leaky_relu,
    lambda g, x, negative_slope: g.where(x > 0, g * negative_slope),
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
    return _apply(p, "leaky_relu_cpu", input, inplace, negative_slope=float(negative_slope))


prelu_p = Primitive(
    "PreluKernel",
    lambda x, weight: np.where(x > 0, x, x * weight),
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
    if isinstance(x, Shadow):
        if training:
            raise NotImplementedError("rrelu inside vmap is not supported: how many numbers it draws depends on values")
        return input.where(input > 0, input * ((lower + upper) / 2))
    noise = np.ones(x.shape, x.dtype)
    bent = x <= 0 if training else ~(x > 0)
    if training:
        drawn = default_generator.stream.uniform((int(bent.sum()),), np.dtype(np.float64))
        noise[bent] = drawn * (upper - lower) + lower
    else:
        noise[bent] = (lower + upper) / 2
    p = _rrelu_inplace if inplace else rrelu_p
    if inplace:
        return inplace_form(p.bind)(input, wrap(noise))
    return p.bind(input, wrap(noise))


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
    return _bind(p, input, inplace, {"threshold": threshold, "value": value})


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
    return _bind(hardtanh_p, input, inplace, {"low": min_val, "high": max_val})


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Each element cut off at 0 and 6.

    >>> import rushlight as torch
    >>> torch.nn.functional.relu6(torch.tensor([-1.0, 8.0]))
    tensor([0., 6.])
    """
    return hardtanh(input, 0.0, 6.0, inplace)


hardsigmoid_p = activation(
    "Hardsigmoid",
    lambda x: np.minimum(np.maximum(x + 3, 0), 6) / 6,
    lambda g, x: (g / 6).masked_fill((x <= -3) | (x >= 3), 0),
)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """``x / 6 + 1 / 2`` cut off at 0 and 1.

    >>> import rushlight as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4.0, 0.0, 4.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return _apply(hardsigmoid_p, "hardsigmoid_cpu", input, inplace)


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
    return _apply(hardswish_p, "hardswish_cpu", input, inplace)


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
    return _apply(hardshrink_p, "hardshrink_cpu", input, lambd=float(lambd))


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


# -- with an exponential --------------------------------------------------------------------------------------


def _elu(x: Any, negative: float, positive: float, inner: float) -> Any:
    t = x.dtype.type
    # Only what is negative goes through the exponential, so nothing overflows.
    return np.where(x <= 0, np.expm1(np.minimum(x, 0) * t(inner)) * t(negative), x * t(positive))


def _elu_rule(g: Any, x: Any, negative: float, positive: float, inner: float) -> Any:
    return (g * ((x.clamp(max=0) * inner).exp() * (negative * inner))).where(x <= 0, scaled(g, positive))


def scaled(t: Any, factor: float) -> Any:
    return t if factor == 1 else t * factor


def _elu_arrays(g: Any, x: Any, negative: float, positive: float, inner: float) -> Any:
    t = g.dtype.type
    bent = x <= 0
    slope = np.exp(np.minimum(x, 0) * t(inner))
    slope *= t(negative * inner)
    slope *= bent
    slope += ~bent * t(positive)
    slope *= g
    return slope


elu_p = activation(
    "Elu",
    _elu,
    lambda g, x, negative, positive, inner: _elu_rule(g, x, negative, positive, inner),
    lambda g, x, negative, positive, inner: _elu_arrays(g, x, negative, positive, inner),
)
_elu_inplace = shown_as(elu_p, "EluBackward1")
_celu = shown_as(elu_p, "CeluBackward0")
_celu_inplace = shown_as(elu_p, "CeluBackward1")

# The fixed point of mean 0 and variance 1; Klambauer et al. 2017, arXiv:1706.02515.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Each element, ``alpha * (exp(x) - 1)`` for negative ones. (Clevert et al. 2015, arXiv:1511.07289.)

    >>> import rushlight as torch
    >>> torch.nn.functional.elu(torch.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    p = _elu_inplace if inplace else elu_p
    return _apply(p, "elu_cpu", input, inplace, negative=float(alpha), positive=1.0, inner=1.0)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu` scaled so that normal inputs keep mean 0 and variance 1. (Klambauer et al. 2017, arXiv:1706.02515.)

    >>> import rushlight as torch
    >>> torch.selu(torch.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    p = _elu_inplace if inplace else elu_p
    negative = SELU_ALPHA * SELU_SCALE
    return _apply(p, "elu_cpu", input, inplace, negative=negative, positive=SELU_SCALE, inner=1.0)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Each element, ``alpha * (exp(x / alpha) - 1)`` for negative ones. (Barron 2017, arXiv:1704.07483.)

    >>> import rushlight as torch
    >>> torch.celu(torch.tensor([-1.0, 2.0]), alpha=2.0)
    tensor([-0.7869,  2.0000])
    """
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    p = _celu_inplace if inplace else _celu
    return _apply(p, "elu_cpu", input, inplace, negative=float(alpha), positive=1.0, inner=1 / alpha)


def sigmoid_array(x: Any) -> Any:
    one = x.dtype.type(1)
    return one / (one + np.exp(-x))


silu_p = activation(
    "Silu",
    lambda x: x / (1 + np.exp(-x)),
    lambda g, x: _silu_rule(g, x),
    lambda g, x: _silu_arrays(g, x),
)


def _silu_arrays(g: Any, x: Any) -> Any:
    s = sigmoid_array(x)
    slope = 1 - s
    slope *= x
    slope += 1
    slope *= s
    slope *= g
    return slope


def _silu_rule(g: Any, x: Any) -> Any:
    s = x.sigmoid()
    return g * (s * (1 + x * (1 - s)))


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """``x * sigmoid(x)``, also called swish.

    >>> import rushlight as torch
    >>> torch.nn.functional.silu(torch.tensor([-1.0, 1.0]))
    tensor([-0.2689,  0.7311])
    """
    return _apply(silu_p, "silu_cpu", input, inplace)


mish_p = activation(
    "Mish",
    lambda x: x * np.tanh(np.log1p(np.exp(x))),
    lambda g, x: _mish_rule(g, x),
)


def _mish_rule(g: Any, x: Any) -> Any:
    t = softplus(x).tanh()
    return g * (t + x * x.sigmoid() * (1 - t * t))


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """``x * tanh(softplus(x))``. (Misra 2019, arXiv:1908.08681.)

    >>> import rushlight as torch
    >>> torch.nn.functional.mish(torch.tensor([-1.0, 1.0]))
    tensor([-0.3034,  0.8651])
    """
    return _apply(mish_p, "mish_cpu", input, inplace)


def _softplus(x: Any, beta: float, threshold: float) -> Any:
    t = x * x.dtype.type(beta)
    return np.where(t > threshold, x, np.log1p(np.exp(t)) / x.dtype.type(beta))


softplus_p = activation(
    "Softplus",
    _softplus,
    lambda g, x, beta, threshold: g.where(x * beta > threshold, g * (x * beta).sigmoid()),
)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """``log(1 + exp(beta * x)) / beta``; ``x`` itself where ``beta * x`` is above ``threshold``.

    >>> import rushlight as torch
    >>> torch.nn.functional.softplus(torch.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    return _apply(softplus_p, "softplus_cpu", input, beta=float(beta), threshold=float(threshold))


log_sigmoid_p = activation(
    "LogSigmoid",
    lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))),
    lambda g, x: g * (-x).sigmoid(),
)


def logsigmoid(input: Tensor) -> Tensor:
    """The logarithm of the sigmoid of each element, precise for large negative ones.

    >>> import rushlight as torch
    >>> torch.nn.functional.logsigmoid(torch.tensor([0.0, -1000.0]))
    tensor([-6.9315e-01, -1.0000e+03])
    """
    return _apply(log_sigmoid_p, "log_sigmoid_cpu", input)


def softsign(input: Tensor) -> Tensor:
    """``x / (1 + abs(x))`` of each element.

    >>> import rushlight as torch
    >>> torch.nn.functional.softsign(torch.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """``x - tanh(x)`` of each element.

    >>> import rushlight as torch
    >>> torch.nn.functional.tanhshrink(torch.tensor([1.0]))
    tensor([0.2384])
    """
    return input - input.tanh()


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent of each element."""
    return input.tanh()


def sigmoid(input: Tensor) -> Tensor:
    """``1 / (1 + exp(-x))`` of each element."""
    return input.sigmoid()


# -- gated ----------------------------------------------------------------------------------------------------


def _halves(x: Any, dim: int) -> Any:
    n = x.shape[dim] // 2
    return x.narrow(dim, 0, n), x.narrow(dim, n, n)


def _glu(x: Any, *, dim: int) -> Any:
    a, b = np.split(x, 2, dim)
    return a * sigmoid_array(b)


def _glu_cotangent(g: Any, x: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    s = b.sigmoid()
    return cat((g * s, g * a * (s * (1 - s))), dim)


def _glu_tangent(x: Any, x_t: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    a_t, b_t = _halves(x_t, dim)
    s = b.sigmoid()
    return a_t * s + b_t * a * (s * (1 - s))


glu_p = Primitive(
    "Glu",
    _glu,
    vjp=lambda g, x, dim: _glu_cotangent(g, x, dim),
    jvp=lambda x, x_t, dim: _glu_tangent(x, x_t, dim),
    widen=True,
)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along ``dim`` times the sigmoid of the second half. (Dauphin et al. 2016, arXiv:1612.08083.)

    >>> import rushlight as torch
    >>> torch.nn.functional.glu(torch.tensor([3.0, 0.0]))
    tensor([1.5000])
    """
    x = input._data
    if x.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    dim = normalize_dim(dim, x.ndim)
    if x.shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {x.shape[dim]}")
    if x.dtype.kind not in "fV":
        raise_unsupported(input, "glu_cpu")
    return glu_p.bind(input, dim=dim)


# -- Gauss ----------------------------------------------------------------------------------------------------

_erf = erf.primitive.forward  # type: ignore[attr-defined]
_ROOT_HALF = math.sqrt(0.5)
_ROOT_2_OVER_PI = math.sqrt(2 / math.pi)
_CUBIC = 0.044715


def _erf_array(x: Any) -> Any:
    """erf, to 1.5e-7 in single precision, which is what PyTorch's has there (Abramowitz & Stegun 7.1.26)."""
    if x.dtype != np.float32:
        return _erf(x)
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    out = np.float32(1.061405429) * t
    for c in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        out += np.float32(c)
        out *= t
    out *= np.exp(-x * x)
    return np.copysign(1 - out, x)


def _gelu(x: Any, approximate: str) -> Any:
    t = x.dtype.type
    if approximate == "none":
        return x * t(0.5) * (1 + _erf_array(x * t(_ROOT_HALF)))
    return x * t(0.5) * (1 + np.tanh((x + x * x * x * t(_CUBIC)) * t(_ROOT_2_OVER_PI)))


def _gelu_rule(g: Any, x: Any, approximate: str) -> Any:
    if approximate == "none":
        density = (x * x * -0.5).exp() * (_ROOT_2_OVER_PI / 2)
        return g * (((x * _ROOT_HALF).erf() + 1) * 0.5 + x * density)
    t = ((x + x * x * x * _CUBIC) * _ROOT_2_OVER_PI).tanh()
    inner = (x * x * (3 * _CUBIC) + 1) * _ROOT_2_OVER_PI
    return g * ((t + 1) * 0.5 + x * (1 - t * t) * inner * 0.5)


def _gelu_arrays(g: Any, x: Any, approximate: str) -> Any:
    t = x.dtype.type
    if approximate == "none":
        slope = np.exp(x * x * t(-0.5))
        slope *= x
        slope *= t(_ROOT_2_OVER_PI / 2)
        slope += (_erf_array(x * t(_ROOT_HALF)) + 1) * t(0.5)
    else:
        tanh = np.tanh((x + x * x * x * t(_CUBIC)) * t(_ROOT_2_OVER_PI))
        slope = (x * x * t(3 * _CUBIC) + 1) * t(_ROOT_2_OVER_PI / 2)
        slope *= x
        slope *= 1 - tanh * tanh
        slope += (tanh + 1) * t(0.5)
    slope *= g
    return slope


gelu_p = activation(
    "Gelu",
    _gelu,
    lambda g, x, approximate: _gelu_rule(g, x, approximate),
    lambda g, x, approximate: _gelu_arrays(g, x, approximate),
)


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """``x`` times the probability that a normal number is below ``x``; ``approximate="tanh"``: nearly that.

    (Hendrycks & Gimpel 2016, arXiv:1606.08415.)

    >>> import rushlight as torch
    >>> torch.nn.functional.gelu(torch.tensor([-1.0, 1.0]))
    tensor([-0.1587,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _apply(gelu_p, "GeluKernelImpl", input, approximate=approximate)


# -- public ---------------------------------------------------------------------------------------------------

_FUNCTIONAL: tuple[Callable[..., Any], ...] = (
    relu, leaky_relu, prelu, rrelu, threshold, hardtanh, relu6, hardsigmoid, hardswish, hardshrink, softshrink, elu,
    selu, celu, silu, mish, softplus, logsigmoid, softsign, tanhshrink, tanh, sigmoid, glu, gelu,
)  # fmt: skip
for _function in _FUNCTIONAL:
    register(_function, namespace="torch.nn.functional", method=False, out=False)
for _function in (relu, leaky_relu, rrelu, threshold, hardtanh, elu, selu, celu):
    _name = f"{_function.__name__}_"
    register(_inplace_of(_function, _name), namespace="torch.nn.functional", method=False, out=False)


def _in_torch(function: Callable[..., Tensor], method: bool = False) -> None:
    """Make an activation a function of ``torch`` too, where it has no ``inplace`` argument but an underscore form."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    if "inplace" not in names:
        register(function, method=method)
        return

    def plain(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if len(args) > len(names) - 2 or "inplace" in kwargs:
            raise TypeError(f"{function.__name__}() takes {', '.join(names[:-1])}")
        return function(input, *args, **kwargs)

    plain.__name__ = plain.__qualname__ = function.__name__
    plain.__doc__ = function.__doc__
    register(plain, method=method, out=function is threshold)
    register(_inplace_of(function, f"{function.__name__}_"), method=False, out=False)


for _function in (selu, celu, rrelu, threshold):
    _in_torch(_function)
for _function in (prelu, hardshrink):
    _in_torch(_function, method=True)
