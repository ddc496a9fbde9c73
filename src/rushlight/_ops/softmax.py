"""Softmax and its logarithm."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.families import cast
from .._core.modes import CUT, RECORD, state
from .._core.out_checks import exact_dtype
from .._core.primitive import Complaints, Primitive, mark_cut, quietly
from .._core.registry import register
from .._core.tensor import Tensor, alias, wrap
from .._core.where import warn_user
from .dims import check_int, check_tensor, normalize_dim, raise_unsupported
from .quick import on_arrays, remember

# Rows shorter than this are reduced as columns of the transpose: NumPy takes longer to begin a row than to go
# through one.
NARROW = 32


def _shifted_exp(x: Any, dim: int) -> tuple[Any, Any, bool]:
    """``x`` less its maximum along ``dim``, so that no exponential overflows, and the exponential.

    The flag says that both lie the other way round: transposed, with ``dim`` first.
    """
    narrow = x.ndim == 2 and dim == 1 and x.shape[1] <= NARROW and x.shape[0] > 4
    if narrow:
        x, dim = np.ascontiguousarray(x.T), 0
    elif not x.flags.c_contiguous:
        x = np.ascontiguousarray(x)  # the result is in C order whatever this is in, as in PyTorch
    shifted = x - np.maximum.reduce(x, dim, keepdims=True)
    return shifted, np.exp(shifted), narrow


def _softmax(x: Any, *, dim: int) -> Any:
    if x.ndim == 0:
        return np.exp(x - x)
    if x.size == 0:
        return x.copy()
    _, out, narrow = _shifted_exp(x, dim)
    out /= np.add.reduce(out, 0 if narrow else dim, keepdims=True)
    return np.ascontiguousarray(out.T) if narrow else out


def _log_softmax(x: Any, *, dim: int) -> Any:
    if x.ndim == 0:
        return x - x
    if x.size == 0:
        return x.copy()
    out, exp, narrow = _shifted_exp(x, dim)
    out -= np.log(np.add.reduce(exp, 0 if narrow else dim, keepdims=True))
    return np.ascontiguousarray(out.T) if narrow else out


# -- derivatives ----------------------------------------------------------------------------------------------
#
# As operations of their own they are one step for whatever differentiates, batches or compiles them.


def _sum_along(x: Any, dim: int) -> Any:
    """The sum along ``dim``, which stays; short rows as columns of the transpose."""
    if x.ndim == 2 and dim == 1 and x.shape[1] <= NARROW:
        return np.add.reduce(np.ascontiguousarray(x.T), 0)[:, None]
    return np.add.reduce(x, dim, keepdims=True)


def _softmax_backward(g: Any, y: Any, *, dim: int) -> Any:
    if g.ndim == 0:
        return (g - g * y) * y
    out = g * y
    out = np.subtract(g, _sum_along(out, dim), out)
    out *= y
    return out


def _log_softmax_backward(g: Any, y: Any, *, dim: int) -> Any:
    if g.ndim == 0:
        return g - np.exp(y) * g
    out = np.exp(y)
    out *= _sum_along(g, dim)
    return np.subtract(g, out, out)


def _tangent_of_both(of_g: Any, of_y: Any) -> Any:
    """What the tangents of ``g`` and ``y`` give together; either may be None."""
    return of_y if of_g is None else of_g if of_y is None else of_g + of_y


def _by_softmax(c: Any, g: Any, y: Any, dim: int) -> Any:
    """The cotangent of ``y`` in the cotangent of a softmax ``y``, ``(g - sum(g y)) y``."""
    return c * (g - (g * y).sum(dim, keepdim=True)) - g * (c * y).sum(dim, keepdim=True)


softmax_backward_p = Primitive(
    "SoftmaxBackwardDataBackward0",
    _softmax_backward,
    inputs="g y",
    vjp=(
        lambda c, y, dim: softmax_backward_p.bind(c, y, dim=dim),
        lambda c, g, y, dim: _by_softmax(c, g, y, dim),
    ),
    jvp=lambda g, y, g_t, y_t, dim: _tangent_of_both(
        None if g_t is None else softmax_backward_p.bind(g_t, y, dim=dim),
        None if y_t is None else (g - (g * y).sum(dim, keepdim=True)) * y_t - y * (g * y_t).sum(dim, keepdim=True),
    ),
    widen=True,
)
log_softmax_backward_p = Primitive(
    "LogSoftmaxBackwardDataBackward0",
    _log_softmax_backward,
    inputs="g y",
    vjp=(
        lambda c, y, dim: c - (c * y.exp()).sum(dim, keepdim=True),
        lambda c, g, y, dim: -(c * y.exp() * g.sum(dim, keepdim=True)),
    ),
    jvp=lambda g, y, g_t, y_t, dim: _tangent_of_both(
        None if g_t is None else log_softmax_backward_p.bind(g_t, y, dim=dim),
        None if y_t is None else -(y.exp() * y_t * g.sum(dim, keepdim=True)),
    ),
    widen=True,
)
softmax_p = Primitive(
    "Softmax",
    _softmax,
    vjp=lambda g, result, dim: softmax_backward_p.bind(g, result, dim=dim),
    jvp=lambda x_t, result, dim: softmax_backward_p.bind(x_t, result, dim=dim),
    widen=True,
)
log_softmax_p = Primitive(
    "LogSoftmax",
    _log_softmax,
    vjp=lambda g, result, dim: log_softmax_backward_p.bind(g, result, dim=dim),
    jvp=lambda x_t, result, dim: x_t - (result.exp() * x_t).sum(dim, keepdim=True),
    widen=True,
)


@on_arrays(softmax_p)
def _softmax_cotangent(node: Any, g: Any, result: Any) -> Any:
    return (_softmax_backward(g, result, **node.params),)


@on_arrays(log_softmax_p)
def _log_softmax_cotangent(node: Any, g: Any, result: Any) -> Any:
    return (_log_softmax_backward(g, result, **node.params),)


def quick_log_softmax(input: Tensor, dim: int) -> Tensor:
    """`log_softmax` of a tensor of float32 or float64, for `cross_entropy`."""
    mode = state.mode
    if not mode:
        return log_softmax_p.bind(input, dim=dim)
    x = input._data
    try:
        result = _log_softmax(x, dim=dim)
    except Complaints:
        result = quietly(_log_softmax, x, dim=dim)
    out = wrap(result if type(result) is np.ndarray else np.asarray(result))
    if input._requires_grad:
        if mode == RECORD:
            remember(log_softmax_p, (input,), {"dim": dim}, lambda edges: (alias(out),), out)
        elif mode == CUT:
            mark_cut((input,), out)
    return out


def _along(primitive: Primitive, kernel: str, input: Tensor, dim: Any, dtype: Any, title: str) -> Tensor:
    check_tensor(input, title)
    if dtype is not None:
        input = cast(input, dtype)
    ndim = input._data.ndim
    dim = normalize_dim(check_int(dim, title, "dim", 2), ndim)
    if input._data.dtype.kind not in "fV":
        raise_unsupported(
            input, f"{kernel}_lastdim_kernel_impl" if dim == max(ndim - 1, 0) else f"{kernel}_kernel_impl"
        )
    return primitive.bind(input, dim=dim)


def softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """``exp(x)`` divided by its sum along ``dim``: positive numbers that sum to one.

    ``dtype`` converts before computing; integers and complex numbers are refused with NotImplementedError.

    >>> import rushlight as torch
    >>> torch.softmax(torch.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _along(softmax_p, "softmax", input, dim, dtype, "softmax")


def log_softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """The logarithm of `softmax`, computed without leaving the logarithmic scale.

    >>> import rushlight as torch
    >>> torch.log_softmax(torch.tensor([0.0, 1000.0]), dim=0)
    tensor([-1000.,     0.])
    """
    return _along(log_softmax_p, "log_softmax", input, dim, dtype, "log_softmax")


for _function in (softmax, log_softmax):
    register(_function, out=exact_dtype)
    register(_function, namespace="torch.special", method=False)


# -- torch.nn.functional --------------------------------------------------------------------------------------


def _dim_for(name: str, input: Tensor, dim: int | None) -> int:
    """The dimension that old programs do not name."""
    if dim is not None:
        return dim
    warn_user(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument."
    )
    return 0 if input._data.ndim in (0, 1, 3) else 1


# _stacklevel is PyTorch's way of finding the line to warn about; `warn_user` finds it for any depth.
def _functional_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`torch.softmax`; without ``dim`` a warning, and the first or second dimension."""
    return softmax(input, _dim_for("softmax", input, dim), dtype)


def _functional_log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`torch.log_softmax`; without ``dim`` a warning, and the first or second dimension."""
    return log_softmax(input, _dim_for("log_softmax", input, dim), dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`torch.softmax` of ``-input``.

    >>> import rushlight as torch
    >>> torch.nn.functional.softmin(torch.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return softmax(-input, _dim_for("softmin", input, dim), dtype)


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A random, differentiable choice: the softmax of ``(logits + noise) / tau``, the noise Gumbel's.

    hard: ones at the largest and zeros elsewhere, with the gradient of the soft choice. (Jang, Gu & Poole 2017,
    arXiv:1611.01144.)

    >>> import rushlight as torch
    >>> torch.nn.functional.gumbel_softmax(torch.zeros(2, 3), hard=True).sum()
    tensor(2.)
    """
    if eps != 1e-10:
        warn_user("`eps` parameter is deprecated and has no effect.")
    gumbels = -logits.new_empty(logits.shape).exponential_().log()
    soft = softmax((logits + gumbels) / tau, dim)
    if not hard:
        return soft
    index = soft.detach().max(dim, keepdim=True)[1]
    return logits.new_zeros(logits.shape).scatter_(dim, index, 1.0) - soft.detach() + soft


for _function, _name in (  # type: ignore[assignment]
    (_functional_softmax, "softmax"),
    (_functional_log_softmax, "log_softmax"),
    (softmin, "softmin"),
    (gumbel_softmax, "gumbel_softmax"),
):
    register(_function, _name, namespace="torch.nn.functional", method=False, out=False)
