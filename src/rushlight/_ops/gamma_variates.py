"""Gamma and Dirichlet numbers, and how they move with their parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .._core.primitive import Primitive
from .._core.random.generator import Generator, stream_of
from .._core.tensor import Tensor
from .special import scipy_special

# Of the length over which a distribution changes with its parameter. The error of the difference quotient below, of
# fourth order, is then of the size of what rounding leaves of it: 1e-11.
STEP = 1e-3


def _slope(cdf: Callable[..., Any], complement: Callable[..., Any], a: Any) -> Any:
    """The derivative of a cumulative distribution by its parameter ``a``, from the smaller of its two tails."""
    h = STEP * np.minimum(a, np.sqrt(a))

    def quotient(f: Callable[..., Any]) -> Any:
        return (8 * (f(a + h) - f(a - h)) - (f(a + 2 * h) - f(a - 2 * h))) / (12 * h)

    return np.where(cdf(a) < 0.5, quotient(cdf), -quotient(complement))


def _implicit(slope: Any, log_density: Any) -> Any:
    """dz/da where F(z; a) stays as it is: -(dF/da) / (dF/dz) (Figurnov, Mohamed and Mnih, 2018)."""
    return -slope * np.exp(-log_density)


def _gamma_slope(a: np.ndarray, z: np.ndarray) -> np.ndarray:
    special = scipy_special("_standard_gamma_grad")
    a64, z64 = np.broadcast_arrays(a.astype(np.float64), z.astype(np.float64))
    slope = _slope(lambda a: special.gammainc(a, z64), lambda a: special.gammaincc(a, z64), a64)
    log_density = special.xlogy(a64 - 1, z64) - z64 - special.gammaln(a64)
    return np.asarray(_implicit(slope, log_density)).astype(z.dtype)


def _dirichlet_slope(x: np.ndarray, a: np.ndarray, total: np.ndarray) -> np.ndarray:
    """How each element moves with its own parameter, over 1 minus the element: what the others lose in proportion.

    By itself an element is a beta variable, of parameters ``a`` and ``total - a``. An only element is always 1.
    """
    special = scipy_special("_dirichlet_grad")
    x64, a64, total64 = np.broadcast_arrays(*(each.astype(np.float64) for each in (x, a, total)))
    b = total64 - a64
    only = b <= 0
    b = np.where(only, 1.0, b)
    slope = _slope(lambda a: special.betainc(a, b, x64), lambda a: special.betaincc(a, b, x64), a64)
    log_density = special.xlogy(a64 - 1, x64) + special.xlog1py(b - 1, -x64) - special.betaln(a64, b)
    return np.where(only, 0.0, _implicit(slope, log_density) / (1 - x64)).astype(x.dtype)


def _undifferentiated(name: str) -> Callable[[Any], Any]:
    def rule(g: Any) -> NoReturn:
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.\nSamples are differentiated once.")

    return rule


_once_gamma, _once_dirichlet = _undifferentiated("_standard_gamma_grad"), _undifferentiated("_dirichlet_grad")
gamma_slope_p = Primitive(
    "StandardGammaGrad", _gamma_slope, inputs="a z", vjp=(_once_gamma, _once_gamma), family="elementwise"
)
dirichlet_slope_p = Primitive(
    "DirichletGrad",
    _dirichlet_slope,
    inputs="x a total",
    vjp=(_once_dirichlet, _once_dirichlet, _once_dirichlet),
    family="elementwise",  # by examples too: all three broadcast
)
standard_gamma_p = Primitive(
    "StandardGamma",
    lambda a, stream: stream.standard_gamma(a),
    inputs="a",
    vjp=lambda g, a, result: g * gamma_slope_p.bind(a, result),
    jvp=lambda a_t, a, result: a_t * gamma_slope_p.bind(a, result),
    family="random",
)


def _of_elements(a: Tensor, result: Tensor) -> Tensor:
    return dirichlet_slope_p.bind(result, a, a.sum(-1, keepdim=True))


def _dirichlet_jvp(a_t: Tensor, a: Tensor, result: Tensor) -> Tensor:
    moved = a_t * _of_elements(a, result)
    return moved - result * moved.sum(-1, keepdim=True)


sample_dirichlet_p = Primitive(
    "_DirichletBackward",
    lambda a, stream: stream.dirichlet(a),
    inputs="a",
    vjp=lambda g, a, result: _of_elements(a, result) * (g - (result * g).sum(-1, keepdim=True)),
    jvp=_dirichlet_jvp,
    family="random",
)


def _standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Gamma numbers of unit rate, of the shapes in ``input`` (float32 or float64), by which they are differentiated.

    Drawn by Marsaglia and Tsang (2000). The derivative is that of the quantile on which a number lies, exact to ten
    digits, and needs SciPy.

    >>> import rushlight as torch
    >>> torch._standard_gamma(torch.ones(3)).shape
    torch.Size([3])
    """
    return standard_gamma_p.bind(input, stream=stream_of(generator))


def _sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Points of the simplex along the last dimension, of the concentrations in ``input`` (float32 or float64).

    They are gamma numbers over their sum, and differentiated by the concentrations as these are.

    >>> import rushlight as torch
    >>> torch._sample_dirichlet(torch.ones(2, 3)).sum(-1)
    tensor([1., 1.])
    """
    return sample_dirichlet_p.bind(input, stream=stream_of(generator))
