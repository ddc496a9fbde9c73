"""Variance, covariance, correlation, and counts: how numbers are spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.levels import checked
from .._core.memory_order import dense
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import Dims, check_int, check_tensor, count, normalize_dims, raise_unsupported
from .publish import entitled, no_derivative
from .reduction import spread, unreduced

# -- variance and standard deviation ------------------------------------------------------------------------


def _moments(x: Any, dim: Dims, correction: float, keepdim: bool) -> tuple[Any, Any]:
    """Variance and mean, in double precision whatever the input's, as PyTorch computes them."""
    x = x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)
    n = count(x.shape, dim)
    with np.errstate(all="ignore"):  # of too few elements the user is warned already
        mean = np.add.reduce(x, dim, keepdims=True) / np.float64(n)
        x -= mean
        squares = x.real**2 + x.imag**2 if x.dtype.kind == "c" else np.multiply(x, x, out=x)
        squares = np.add.reduce(squares, dim, keepdims=keepdim)
        variance = np.asarray(squares / np.float64(max(n - correction, 0)))
    return dense(variance), dense(mean.reshape(variance.shape))


def _real(x: Any) -> np.dtype:
    return np.zeros((), x.dtype).real.dtype if x.dtype.kind == "c" else x.dtype


def _var(x: Any, dim: Dims, correction: float, keepdim: bool) -> Any:
    return _moments(x, dim, correction, keepdim)[0].astype(_real(x))


def _std(x: Any, dim: Dims, correction: float, keepdim: bool) -> Any:
    return np.sqrt(_moments(x, dim, correction, keepdim)[0]).astype(_real(x))


def _var_mean(x: Any, dim: Dims, correction: float, keepdim: bool) -> Any:
    variance, mean = _moments(x, dim, correction, keepdim)
    return variance.astype(_real(x)), mean.astype(x.dtype)


def _std_mean(x: Any, dim: Dims, correction: float, keepdim: bool) -> Any:
    variance, mean = _moments(x, dim, correction, keepdim)
    return np.sqrt(variance).astype(_real(x)), mean.astype(x.dtype)


def _weight(x: Tensor, dim: Dims, correction: float) -> float:
    """2 / (n - correction): what a deviation from the mean weighs in the derivative of the variance."""
    freedom = count(x._data.shape, dim) - correction
    return 2 / freedom if freedom else math.inf


def _var_vjp(g: Tensor, x: Tensor, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    if dim is None and x._data.size <= correction:
        # PyTorch's own answer where the variance is infinite or undefined.
        return g * x.new_full(x.shape, math.inf).masked_fill(x.eq(x.mean()), math.nan)
    g = unreduced(g, x.ndim, dim, keepdim)
    return _weight(x, dim, correction) * g * (x - x.mean(dim, True))


def _through_root(g: Tensor, std: Tensor) -> Tensor:
    """From a cotangent of the root to one of the variance (or back, of tangents); zero where the root is."""
    return (g / (std * 2)).masked_fill(std.eq(0), 0)


def _std_vjp(g: Tensor, x: Tensor, result: Tensor, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    return _var_vjp(_through_root(g, result), x, dim, correction, keepdim)


def _var_jvp(x: Tensor, x_t: Tensor, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    product = x_t * (x - x.mean(dim, True)).conj()
    if product._data.dtype.kind == "c":
        product = product.real
    return product.sum(dim, keepdim) * _weight(x, dim, correction)


def _std_jvp(x: Tensor, x_t: Tensor, result: Tensor, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    return _through_root(_var_jvp(x, x_t, dim, correction, keepdim), result)


def _with_mean_vjp(g: Any, g_first: Any, x: Tensor, dim: Dims, keepdim: bool) -> Any:
    g_mean = None if g[1] is None else spread(g[1] / count(x._data.shape, dim), x._data.shape, dim, keepdim)
    if g_first is None or g_mean is None:
        return g_mean if g_first is None else g_first
    return g_first + g_mean


def _var_mean_vjp(g: Any, x: Tensor, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    return _with_mean_vjp(g, None if g[0] is None else _var_vjp(g[0], x, dim, correction, keepdim), x, dim, keepdim)


def _std_mean_vjp(g: Any, x: Tensor, result_0: Any, dim: Dims, correction: float, keepdim: bool) -> Tensor:
    first = None if g[0] is None else _std_vjp(g[0], x, result_0, dim, correction, keepdim)
    return _with_mean_vjp(g, first, x, dim, keepdim)


var_p = Primitive("Var", _var, vjp=_var_vjp, jvp=_var_jvp, family="reduction")
std_p = Primitive("Std", _std, vjp=_std_vjp, jvp=_std_jvp, family="reduction")
var_mean_p = Primitive(
    "VarMean",
    _var_mean,
    vjp=_var_mean_vjp,
    jvp=lambda x, x_t, dim, correction, keepdim: (
        _var_jvp(x, x_t, dim, correction, keepdim),
        x_t.mean(dim, keepdim),
    ),
    outputs=2,
    family="reduction",
)
std_mean_p = Primitive(
    "StdMean",
    _std_mean,
    vjp=_std_mean_vjp,
    jvp=lambda x, x_t, result, dim, correction, keepdim: (
        _std_jvp(x, x_t, result[0], dim, correction, keepdim),
        x_t.mean(dim, keepdim),
    ),
    outputs=2,
    family="reduction",
)


def _spread_of(
    primitive: Primitive,
    input: Tensor,
    dim: Any,
    unbiased: Any,
    keepdim: Any,
    correction: Any,
    operation: str,
) -> Any:
    """The overloads of std and var: ``(unbiased)``, ``(dim, unbiased, keepdim)``, ``(dim, *, correction,
    keepdim)``."""
    check_tensor(input, operation)
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None:
        if correction is not None:
            raise TypeError(
                f"{operation}() received an invalid combination of arguments: unbiased and correction say "
                "the same thing, give one of them"
            )
        correction = 1 if unbiased else 0
    elif correction is None:
        correction = 1
    if input._data.dtype.kind in "biu":
        names = "std and var" if operation in ("std", "var") else operation
        raise RuntimeError(f"{names} only support floating point and complex dtypes\nConvert it first: input.float().")
    dims = normalize_dims(dim, input._data.ndim, operation)
    if (count(input._data.shape, dims) if input._data.size else 0) <= correction:
        warn_user(
            f"{operation}(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "reduction factor (input numel divided by output numel)."
        )
    return primitive.bind(input, dim=dims, correction=correction, keepdim=keepdim)


@operation()
def var(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Tensor:
    """The variance of all elements, or of those along ``dim``: Σ |x − mean|² / max(0, n − correction).

    ``correction`` is 1 by default (Bessel's); ``unbiased=False`` means 0. Computed in double precision. Warns
    where ``n <= correction``.

    >>> import rushlight as torch
    >>> torch.var(torch.tensor([1.0, 2.0, 3.0, 4.0]), correction=0)
    tensor(1.2500)

    """
    return _spread_of(var_p, input, dim, unbiased, keepdim, correction, "var")


@operation()
def std(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Tensor:
    """The standard deviation of all elements, or of those along ``dim``: the square root of `var`.

    Where it is zero its gradient is taken as zero.

    >>> import rushlight as torch
    >>> torch.std(torch.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _spread_of(std_p, input, dim, unbiased, keepdim, correction, "std")


@operation(method=False, out=False)
def var_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> tuple[Tensor, Tensor]:
    """The variance and the mean of all elements, or of those along ``dim``; see `var`.

    >>> import rushlight as torch
    >>> torch.var_mean(torch.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    return _spread_of(var_mean_p, input, dim, unbiased, keepdim, correction, "var_mean")


@operation(method=False, out=False)
def std_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean of all elements, or of those along ``dim``; see `std`.

    >>> import rushlight as torch
    >>> torch.std_mean(torch.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    return _spread_of(std_mean_p, input, dim, unbiased, keepdim, correction, "std_mean")


# -- covariance and correlation -----------------------------------------------------------------------------


def _weights(weights: Any, name: str, observations: int) -> Tensor:
    wanted = "integral" if name == "fweights" else "floating point"
    check_tensor(weights, "cov", name, 3)
    w = weights._data
    if w.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with {w.ndim} dimensions"
        )
    if w.dtype.kind not in ("iu" if name == "fweights" else "fV"):
        raise RuntimeError(
            f"cov(): expected {name} to have {wanted} dtype but got {name} with "
            f"{dtypes.scalar_type_name(weights.dtype)} dtype"
        )
    if w.size != observations:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{w.size} != {observations}"
        )
    checked(_check_weights, weights, name=name)
    return weights


def _check_weights(w: Any, name: str) -> None:
    if w.size and bool((w < 0).any()):
        raise RuntimeError(f"cov(): {name} cannot be negative")


@operation(out=False)
def cov(input: Tensor, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
    """The covariance matrix of variables (rows) over observations (columns).

    fweights: how often each observation counts (integers). aweights: how much it counts. The divisor is
    n − correction with n the number of observations, of weighted ones Σw − correction · Σw·a / Σw.

    >>> import rushlight as torch
    >>> torch.cov(torch.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    check_tensor(input, "cov")
    x = input
    if x._data.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {x._data.ndim} dimensions"
        )
    if x._data.dtype.kind == "b":
        raise RuntimeError("cov(): bool dtype is not supported for input")
    check_int(correction, "cov", "correction")
    if x._data.ndim < 2:
        x = x.reshape(1, -1)
    observations = x._data.shape[1]
    w: Any = None
    if fweights is not None:
        w = _weights(fweights, "fweights", observations)
    if aweights is not None:
        a = _weights(aweights, "aweights", observations)
        w = a if w is None else w * a
    total: Any = observations if w is None else w.sum()
    mean = (x if w is None else x * w).sum(1, True) / total
    if w is None or not correction or aweights is None:
        freedom = total - correction
    else:
        freedom = total - correction * (w * aweights).sum() / total
    if (freedom.item() if isinstance(freedom, Tensor) else freedom) <= 0:
        warn_user(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations."
        )
        freedom = 0.0
    x = x - mean
    weighted = x if w is None else x * w
    return ((weighted @ x.mH) / freedom).squeeze()


@operation(out=False)
def corrcoef(input: Tensor) -> Tensor:
    """The matrix of Pearson's correlation coefficients of variables (rows) over observations (columns).

    >>> import rushlight as torch
    >>> torch.corrcoef(torch.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    check_tensor(input, "corrcoef")
    if input._data.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but got an input with "
            f"{input._data.ndim} dimensions"
        )
    c = cov(input)
    if not c._data.ndim:
        return c / c  # one variable: 1, or nan where it does not vary
    diagonal = c.diagonal()
    deviation = (diagonal.real if c._data.dtype.kind == "c" else diagonal).sqrt()
    c = c / deviation.reshape(-1, 1) / deviation
    # Rounding may lead out of [-1, 1].
    if c._data.dtype.kind == "c":
        return (c.real.clamp(-1, 1) + 1j * c.imag.clamp(-1, 1)).to(c.dtype)
    return c.clamp(-1, 1)


# -- counting -----------------------------------------------------------------------------------------------


def _histc(x: Any, bins: int, min: Any, max: Any) -> Any:
    wide = x.astype(np.float32) if x.dtype.itemsize == 2 else x
    low, high = wide.dtype.type(min), wide.dtype.type(max)
    wide = wide.reshape(-1)
    wide = wide[(wide >= low) & (wide <= high)]
    places = ((wide - low) * wide.dtype.type(bins) / (high - low)).astype(np.int64)
    return np.bincount(np.minimum(places, bins - 1), minlength=bins).astype(x.dtype)


histc_p = Primitive("Histc", _histc, family="counting")


@operation(
    out=OutCheck(
        "torch.histogram: input tensor and hist tensor should have the same dtype, but got input {result} and hist {out}"
    ),
    differentiable=False,
)
def histc(input: Tensor, bins: int = 100, min: Any = 0, max: Any = 0) -> Tensor:
    """How many elements fall into each of ``bins`` bins of equal width between ``min`` and ``max``.

    Both 0: between the smallest and the largest element. Others than those are not counted. The counts have
    the dtype of ``input``, which must be floating-point.

    >>> import rushlight as torch
    >>> torch.histc(torch.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])

    """
    check_tensor(input, "histc")
    bins = check_int(bins, "histc", "bins")
    x = input._data
    if x.dtype.kind == "c":
        raise_unsupported(input, "aminmax_cpu")
    if x.dtype.kind in "biu":
        raise_unsupported(input, "linspace_cpu" if x.dtype.kind == "b" else "histogram_cpu")
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    low, high = float(min), float(max)
    if low == high and x.size:
        low, high = float(x.min()), float(x.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return histc_p.bind(input, bins=bins, min=low, max=high)


def _bincount(x: Any, weights: Any, minlength: int) -> Any:
    if weights is None:
        return np.bincount(x, minlength=minlength)
    d = np.float32 if weights.dtype == np.float32 else np.float64
    return np.bincount(x, weights.astype(np.float64), minlength).astype(d)


_undefined = no_derivative(
    "bincount", "torch.zeros(n).index_add(0, input, weights) is the same sum, with a derivative."
)
bincount_p = entitled(
    Primitive(
        "Bincount", _bincount, inputs="x weights", vjp=(None, _undefined), family="counting", sized_by_values=True
    ),
    "NotImplemented",
)


@operation(out=False)
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a vector of integers; with ``weights``, the sum of their
    weights.

    Counts are int64; sums float32 for float32 weights and float64 otherwise. As in PyTorch a gradient with
    respect to the weights is refused: RuntimeError.

    >>> import rushlight as torch
    >>> torch.bincount(torch.tensor([1, 1, 3]))
    tensor([0, 2, 0, 1])

    """
    check_tensor(input, "bincount")
    x = input._data
    if x.dtype.kind not in "iu":
        raise_unsupported(input, "bincount_cpu")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if x.ndim != 1:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    checked(_check_counted, input)
    if weights is not None and weights._data.shape != x.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    return bincount_p.bind(input, weights, minlength=minlength)


def _check_counted(x: Any) -> None:
    if x.size and x.min() < 0:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
