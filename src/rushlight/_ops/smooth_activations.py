"""Smooth activations: with an exponential, gated, or a normal distribution's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.inplace import inplace as inplace_form
from .._core.out_checks import same_dtype, same_kernel_type
from .._core.primitive import Primitive
from .._core.tensor import Tensor
from .activation import activation, apply, publish_functional, publish_in_torch
from .dims import normalize_dim, raise_unsupported
from .joining import cat
from .selection import by_bits
from .special import erf
from .titles import shown_as

# -- with an exponential --------------------------------------------------------------------------------------


def _elu(x: Any, negative: float, positive: float, inner: float) -> Any:
    t = x.dtype.type
    # Only what is negative goes through the exponential, so nothing overflows.
    return by_bits(x <= 0, np.expm1(np.minimum(x, 0) * t(inner)) * t(negative), x * t(positive))


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
    return apply(p, "elu_cpu", input, inplace, negative=float(alpha), positive=1.0, inner=1.0)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu` scaled so that normal inputs keep mean 0 and variance 1. (Klambauer et al. 2017, arXiv:1706.02515.)

    >>> import rushlight as torch
    >>> torch.selu(torch.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    p = _elu_inplace if inplace else elu_p
    negative = SELU_ALPHA * SELU_SCALE
    return apply(p, "elu_cpu", input, inplace, negative=negative, positive=SELU_SCALE, inner=1.0)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Each element, ``alpha * (exp(x / alpha) - 1)`` for negative ones. (Barron 2017, arXiv:1704.07483.)

    >>> import rushlight as torch
    >>> torch.celu(torch.tensor([-1.0, 2.0]), alpha=2.0)
    tensor([-0.7869,  2.0000])
    """
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    p = _celu_inplace if inplace else _celu
    return apply(p, "elu_cpu", input, inplace, negative=float(alpha), positive=1.0, inner=1 / alpha)


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
    if input._data.dtype.kind == "c":
        return inplace_form(_complex_silu)(input) if inplace else _complex_silu(input)
    return apply(silu_p, "silu_cpu", input, inplace)


def _complex_silu(input: Tensor) -> Tensor:
    return input / (1 + (-input).exp())


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
    return apply(mish_p, "mish_cpu", input, inplace)


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
    return apply(softplus_p, "softplus_cpu", input, beta=float(beta), threshold=float(threshold))


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
    return apply(log_sigmoid_p, "log_sigmoid_cpu", input)


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
    return apply(gelu_p, "GeluKernelImpl", input, approximate=approximate)


publish_functional(
    elu, selu, celu, silu, mish, softplus, logsigmoid, softsign, tanhshrink, tanh, sigmoid, glu, gelu,
    in_place=(elu, selu, celu),
    out={softplus: same_dtype, logsigmoid: same_kernel_type, gelu: same_dtype},
)  # fmt: skip
for _function in (selu, celu):
    publish_in_torch(_function)
