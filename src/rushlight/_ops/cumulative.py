"""Running sums, products and extrema, and finite differences and integrals.

The operations here transpose into each other: a running sum into one that runs backwards, a running product
into a first-order linear recurrence. So derivatives of every order stay in this file, cost O(n log n) at
most, and are right where there are zeros.

"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.families import cast
from .._core.memory_order import dense
from .._core.out_checks import computed_in_out, same_scalar_type
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .dims import check_int, check_not_complex, check_tensor, normalize_dim, raise_unsupported
from .selecting import Selecting, comparable

cummax_type = return_type("cummax", "values", "indices")
cummin_type = return_type("cummin", "values", "indices")


def _directed(x: Any, dim: int, reverse: bool) -> Any:
    return np.flip(x, dim) if reverse else x


def _part(ndim: int, dim: int, part: slice) -> tuple[slice, ...]:
    return (slice(None),) * dim + (part,) + (slice(None),) * (ndim - dim - 1)


# -- the recurrence that all running products come down to --------------------------------------------------


def _shift(x: Any, dim: int, by: int, fill: int) -> Any:
    out = np.full_like(x, fill)
    if x.ndim and abs(by) < x.shape[dim]:
        to, source = (slice(by, None), slice(None, -by)) if by > 0 else (slice(None, by), slice(-by, None))
        out[_part(x.ndim, dim, to)] = x[_part(x.ndim, dim, source)]
    return out


# Elements moved by ``by`` places along a dimension; ``fill`` comes in from the end.
shift_p = Primitive(
    "Shift",
    _shift,
    vjp=lambda g, dim, by: shift_p.bind(g, dim=dim, by=-by, fill=0),
    jvp=lambda x_t, dim, by: shift_p.bind(x_t, dim=dim, by=by, fill=0),
    family="linear",
)


def _recurrence(a: Any, b: Any, dim: int, reverse: bool) -> Any:
    # By doubling: after each step an element holds the sum over twice as many predecessors. The first
    # coefficient multiplies nothing, whatever it is.
    if not b.ndim:
        return b.copy()
    a, s = np.array(_directed(a, dim, reverse)), np.array(_directed(b, dim, reverse))
    a, s = np.moveaxis(a, dim, 0), np.moveaxis(s, dim, 0)
    step = 1
    while step < len(s):
        s[step:] += a[step:] * s[:-step]
        a[step:] *= a[:-step].copy()
        step *= 2
    return dense(_directed(np.moveaxis(s, 0, dim), dim, reverse))


def _previous(x: Tensor, dim: int, reverse: bool, fill: int = 0) -> Tensor:
    return shift_p.bind(x, dim=dim, by=-1 if reverse else 1, fill=fill)


def _adjoint(g: Tensor, a: Tensor, dim: int, reverse: bool) -> Tensor:
    """The recurrence backwards: t_i = g_i + conj(a_{i+1}) t_{i+1}."""
    return recurrence.bind(_previous(a, dim, not reverse).conj(), g, dim=dim, reverse=not reverse)


def _recurrence_vjp(g: Tensor, a: Tensor, result: Tensor, wanted: Any, dim: int, reverse: bool) -> Any:
    t = _adjoint(g, a, dim, reverse)
    return (t * _previous(result, dim, reverse).conj() if wanted[0] else None), t


def _recurrence_jvp(a: Any, a_t: Any, b_t: Any, result: Any, dim: int, reverse: bool) -> Tensor:
    if a_t is not None:
        driven = a_t * _previous(result, dim, reverse)
        b_t = driven if b_t is None else b_t + driven
    return recurrence.bind(a, b_t, dim=dim, reverse=reverse)


# s_i = b_i + a_i s_{i-1}, from the last element to the first where `reverse`.
recurrence = Primitive(
    "Recurrence",
    _recurrence,
    inputs="a b",
    vjp=_recurrence_vjp,
    jvp=_recurrence_jvp,
    family="scan",
    widen=True,
)


# -- running sums and products ------------------------------------------------------------------------------


def _accumulate(ufunc: Any) -> Any:
    def forward(x: Any, dim: int, reverse: bool) -> Any:
        d = np.int64 if x.dtype.kind in "biu" else None
        if not x.ndim:
            return x.astype(d or x.dtype)
        return dense(_directed(ufunc.accumulate(_directed(x, dim, reverse), dim, d), dim, reverse))

    return forward


cumsum_p = Primitive(
    "Cumsum",
    _accumulate(np.add),
    vjp=lambda g, dim, reverse: cumsum_p.bind(g, dim=dim, reverse=not reverse),
    family="linear",
    widen=True,
)


def _cumprod_vjp(g: Tensor, x: Tensor, result: Tensor, dim: int, reverse: bool) -> Tensor:
    before = _previous(result, dim, reverse, fill=1)
    return before.conj() * _adjoint(g, x, dim, reverse)


cumprod_p = Primitive(
    "Cumprod",
    _accumulate(np.multiply),
    vjp=_cumprod_vjp,
    jvp=lambda x, x_t, result, dim, reverse: recurrence.bind(
        x, x_t * _previous(result, dim, reverse, fill=1), dim=dim, reverse=reverse
    ),
    family="scan",
    widen=True,
)


def _running(primitive: Primitive, input: Tensor, dim: Any, dtype: Any, operation: str) -> Tensor:
    check_tensor(input, operation)
    if dtype is not None:
        input = cast(input, dtype)
    d = normalize_dim(check_int(dim, operation, "dim"), input._data.ndim)
    out = primitive.bind(input, dim=d, reverse=False)
    return out if dtype is None else cast(out, dtype)


@operation(inplace=True, out=computed_in_out)
def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The running sum along ``dim``. Bools and integers give int64; ``dtype`` converts first.

    >>> import rushlight as torch
    >>> torch.cumsum(torch.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    return _running(cumsum_p, input, dim, dtype, "cumsum")


@operation(inplace=True, out=computed_in_out)
def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The running product along ``dim``. Bools and integers give int64; ``dtype`` converts first.

    Its gradient is right also where there are zeros.

    >>> import rushlight as torch
    >>> torch.cumprod(torch.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    return _running(cumprod_p, input, dim, dtype, "cumprod")


# -- running logarithm of a sum of exponentials -------------------------------------------------------------


def _logcumsumexp(x: Any, dim: int) -> Any:
    if not x.ndim:
        return x.copy()
    if x.dtype.kind != "c":
        return dense(np.logaddexp.accumulate(x, dim))
    # NumPy's logaddexp is real.
    x = np.moveaxis(x, dim, 0)
    out = x.copy()
    for i in range(1, len(x)):
        swap = out[i - 1].real < x[i].real
        high, low = np.where(swap, x[i], out[i - 1]), np.where(swap, out[i - 1], x[i])
        out[i] = np.where(np.isinf(high.real), high, high + np.log1p(np.exp(low - high)))
    return dense(np.moveaxis(out, 0, dim))


def _logcumsumexp_vjp(g: Tensor, x: Tensor, result: Tensor, dim: int) -> Tensor:
    # dL/dx_k = Σ_{i>=k} g_i exp(x_k - y_i) = exp(x_k - y_k) w_k with w_k = g_k + exp(y_k - y_{k+1}) w_{k+1}:
    # no exponent is positive, so nothing overflows.
    a = (_previous(result, dim, reverse=False) - result).exp()
    return (x - result).exp().conj() * _adjoint(g, a, dim, reverse=False)


def _logcumsumexp_jvp(x: Tensor, x_t: Tensor, result: Tensor, dim: int) -> Tensor:
    a = (_previous(result, dim, reverse=False) - result).exp()
    return recurrence.bind(a, x_t * (x - result).exp(), dim=dim, reverse=False)


logcumsumexp_p = Primitive(
    "Logcumsumexp", _logcumsumexp, vjp=_logcumsumexp_vjp, jvp=_logcumsumexp_jvp, family="scan", widen=True
)


@operation(out=same_scalar_type)
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """The logarithm of the running sum of exponentials along ``dim``, computed without overflow.

    >>> import rushlight as torch
    >>> torch.logcumsumexp(torch.tensor([1000.0, 1000.0]), dim=0)
    tensor([1000.0000, 1000.6932])
    """
    check_tensor(input, "logcumsumexp")
    d = normalize_dim(check_int(dim, "logcumsumexp", "dim"), input._data.ndim)
    if input._data.dtype.kind in "biu":
        raise_unsupported(input, "logcumsumexp_out_cpu")
    return logcumsumexp_p.bind(input, dim=d)


# -- running extrema ----------------------------------------------------------------------------------------


def _running_extremum(ufunc: Any, reaches: Any) -> Any:
    """Where the running extremum was last reached; from the first nan on, where the last nan was."""

    def find(x: Any, dim: int) -> Any:
        x = comparable(x)
        best = ufunc.accumulate(x, dim) if x.size else x
        places = np.arange(x.shape[dim]).reshape((-1,) + (1,) * (x.ndim - dim - 1))
        return np.maximum.accumulate(np.where(reaches(x, best) | np.isnan(x), places, 0), dim)

    return find


cummax_p = Selecting("Cummax", _running_extremum(np.maximum, np.greater_equal), repeats=True)
cummin_p = Selecting("Cummin", _running_extremum(np.minimum, np.less_equal), repeats=True)


def _running_selection(primitive: Primitive, input: Tensor, dim: Any, operation: str) -> Any:
    check_tensor(input, operation)
    d = normalize_dim(check_int(dim, operation, "dim"), input._data.ndim)
    check_not_complex(input, f"{operation}_cpu")
    return primitive.bind(input, dim=d, keepdim=True)


@operation(out=same_scalar_type)
def cummax(input: Tensor, dim: int) -> Any:
    """The running maximum along ``dim``, and where it was last reached. A nan is larger than every number.

    >>> import rushlight as torch
    >>> torch.cummax(torch.tensor([1.0, 3.0, 2.0]), dim=0).indices
    tensor([0, 1, 1])
    """
    return cummax_type(_running_selection(cummax_p, input, dim, "cummax"))


@operation(out=same_scalar_type)
def cummin(input: Tensor, dim: int) -> Any:
    """The running minimum along ``dim``, and where it was last reached. A nan is smaller than every number.

    >>> import rushlight as torch
    >>> torch.cummin(torch.tensor([3.0, 1.0, 2.0]), dim=0).indices
    tensor([0, 1, 1])
    """
    return cummin_type(_running_selection(cummin_p, input, dim, "cummin"))


# -- finite differences -------------------------------------------------------------------------------------


def _check_same_slices(extra: Tensor, input: Tensor, dim: int) -> None:
    """Refuse what cannot be put before or behind ``input`` along ``dim``."""
    have, want = extra._data.shape, input._data.shape
    if len(have) != len(want):
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    for d, (h, w) in enumerate(zip(have, want)):
        if d != dim and h != w:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to match that of input except along "
                f"the differencing dimension; input.size({d}) = {w}, but got tensor.size({d}) = {h}"
            )


@operation()
def diff(input: Tensor, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Tensor:
    """The differences of neighbours along ``dim``, ``n`` times over. Of bools: whether they differ.

    prepend, append: put before and behind ``input`` first.

    >>> import rushlight as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    check_tensor(input, "diff")
    if not input._data.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    d = normalize_dim(check_int(dim, "diff", "dim", 2), input._data.ndim)
    n = check_int(n, "diff", "n")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if n == 0:
        return input.clone()  # as it is: PyTorch puts nothing before and behind it
    parts = [input]
    if prepend is not None:
        parts.insert(0, prepend)
    if append is not None:
        parts.append(append)
    if len(parts) > 1:
        from .joining import cat

        for extra in parts:
            _check_same_slices(extra, input, d)
        input = cat(parts, d)
    if not input._data.shape[d]:
        return input.new_zeros(input.shape)
    for _ in range(n):
        last = max(input._data.shape[d] - 1, 0)
        after, before = input.narrow(d, min(1, last), last), input.narrow(d, 0, last)
        input = after.logical_xor(before) if input._data.dtype.kind == "b" else after - before
    return input


# -- integrals by the trapezoidal rule ----------------------------------------------------------------------


def _checked_samples(y: Tensor, x: Any, dx: Any, dim: Any, operation: str) -> int:
    """The dimension along which the samples lie, or PyTorch's refusal."""
    check_tensor(y, operation, "y")
    bools = [t for t in (y, x) if isinstance(t, Tensor) and t._data.dtype.kind == "b"]
    if bools:
        of = "`y`" if x is None else "`x` or `y`"
        raise RuntimeError(f"{operation}: received a bool input for {of}, but bool is not supported")
    if not y._data.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    d = normalize_dim(check_int(dim, operation, "dim"), y._data.ndim)
    if x is None:
        if isinstance(dx, (bool, complex)):
            raise RuntimeError(f"{operation}: Currently, we only support dx as a real number.")
        return d
    check_tensor(x, operation, "x", 2)
    if dx is not None:
        raise TypeError(f"{operation}() received both x and dx, which say the same thing")
    if x._data.ndim == 1 and x._data.shape[0] != y._data.shape[d]:
        raise RuntimeError(f"{operation}: There must be one `x` value for each sample point")
    return d


def _pairs(y: Tensor, d: int) -> Tensor:
    """The sums of neighbouring samples."""
    last = max(y._data.shape[d] - 1, 0)
    return y.narrow(d, min(1, last), last) + y.narrow(d, 0, last)


def _widths(x: Tensor, ndim: int, d: int) -> Tensor:
    """The distances between neighbouring places, so that they broadcast against the samples."""
    if x._data.ndim == 1:
        return diff(x).reshape(-1, *[1] * (ndim - d - 1))
    return diff(x.reshape(*[1] * (ndim - x._data.ndim), *x._data.shape), dim=d)


@operation(method=False, out=False)
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """The integral along ``dim`` of samples ``y`` at the places ``x``, or ``dx`` (1) apart, by the
    trapezoidal rule.

    >>> import rushlight as torch
    >>> torch.trapezoid(torch.tensor([1.0, 5.0, 10.0]), dx=2)
    tensor(21.)

    """
    d = _checked_samples(y, x, dx, dim, "trapezoid")
    if x is not None:
        return (_pairs(y, d) * _widths(x, y._data.ndim, d)).sum(d) / 2
    if not y._data.shape[d]:
        return y.detach().sum(d)
    return (y.sum(d) - (y.select(d, 0) + y.select(d, -1)) * 0.5) * (1 if dx is None else dx)


register(trapezoid, "trapz", method=False, out=False)


@operation(method=False, out=False)
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """The integrals along ``dim`` from the first sample up to each other one; see `trapezoid`.

    >>> import rushlight as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1.0, 5.0, 10.0]))
    tensor([ 3.0000, 10.5000])
    """
    d = _checked_samples(y, x, dx, dim, "cumulative_trapezoid")
    if x is not None:
        return (_pairs(y, d) * _widths(x, y._data.ndim, d)).cumsum(d) / 2
    return (_pairs(y, d) * ((1 if dx is None else dx) / 2)).cumsum(d)
