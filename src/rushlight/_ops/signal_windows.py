"""`torch.signal.windows`: window functions, symmetric unless asked otherwise. The formulas are in `window_functions`.

This module loads with `rushlight.signal`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.registry import operation
from .._core.tensor import Tensor
from .creation import finished
from .dims import check_int
from .window_functions import BLACKMAN, cosine_sum, triangle
from .window_functions import kaiser as kaiser_array

_public = operation(namespace="torch.signal.windows", method=False, out=False)
NUTTALL = (0.3635819, 0.4891775, 0.1365995, 0.0106411)


def _middle(n: int, sym: bool) -> float:
    return (n if not sym and n > 1 else n - 1) / 2


def _checked(name: str, M: Any, dtype: Any, layout: Any) -> tuple[int, dtypes.dtype]:
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    if layout is not None and str(layout) != "torch.strided":
        raise ValueError(f"{name} is implemented for strided tensors only, got: {layout}")
    dtype = dtype or dtypes.get_default_dtype()
    if dtype not in (dtypes.float32, dtypes.float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
    return check_int(M, name, "M"), dtype


@_public
def general_cosine(
    M: int,
    *,
    a: Any,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The sum of ``(-1)**k * a[k] * cos(2 pi k t)`` for t from 0 to 1, ``M`` elements.

    sym: False leaves the last element of a window of ``M + 1`` out, because the next window begins with it.
    TypeError where ``a`` is no list or tuple, ValueError where it is empty, ``M`` negative or the dtype not float32 or
    float64.

    >>> import rushlight as torch
    >>> torch.signal.windows.general_cosine(4, a=[0.5, 0.5])
    tensor([0.0000, 0.7500, 0.7500, 0.0000])
    """
    n, dtype = _checked("general_cosine", M, dtype, layout)
    if not isinstance(a, (list, tuple)):
        raise TypeError("Coefficients must be a list/tuple")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    return finished(cosine_sum(n, not sym, a).astype(dtype.np), requires_grad, device)


@_public
def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``alpha - (1 - alpha) * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.general_hamming(4, alpha=0.6)
    tensor([0.2000, 0.8000, 0.8000, 0.2000])
    """
    return general_cosine(
        M, a=[alpha, 1 - alpha], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


@_public
def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``0.54 - 0.46 * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.hamming(5)
    tensor([0.0800, 0.5400, 1.0000, 0.5400, 0.0800])
    """
    return general_cosine(
        M, a=[0.54, 0.46], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


@_public
def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``0.5 - 0.5 * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.hann(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return general_cosine(
        M, a=[0.5, 0.5], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


@_public
def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi t) + 0.08 * cos(4 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.blackman(5)[1:4]
    tensor([0.3400, 1.0000, 0.3400])
    """
    _checked("blackman", M, dtype, layout)
    return general_cosine(
        M, a=BLACKMAN, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


@_public
def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The minimum 4-term cosine window of A. H. Nuttall (IEEE ASSP 29, 1981). ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.nuttall(5)
    tensor([3.6280e-04, 2.2698e-01, 1.0000e+00, 2.2698e-01, 3.6280e-04])
    """
    return general_cosine(M, a=NUTTALL, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad)


@_public
def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A straight line from 0 up to 1, and one down again. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.bartlett(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    n, dtype = _checked("bartlett", M, dtype, layout)
    return finished(triangle(n, not sym).astype(dtype.np), requires_grad, device)


@_public
def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Half a sine's period, at the middles of ``M`` equal parts of it. ``sym`` as in `general_cosine`.

    >>> import rushlight as torch
    >>> torch.signal.windows.cosine(4)
    tensor([0.3827, 0.9239, 0.9239, 0.3827])
    """
    n, dtype = _checked("cosine", M, dtype, layout)
    t = (np.arange(n) + 0.5) / (n + (not sym and n > 1)) if n else np.empty(0)
    return finished(np.sin(np.pi * t).astype(dtype.np), requires_grad, device)


@_public
def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``exp(-|k - center| / tau)`` for k = 0 ... M - 1, around the window's middle unless ``center`` is given.

    ValueError where ``tau`` is not positive, or ``center`` is given for a symmetric window.

    >>> import rushlight as torch
    >>> torch.signal.windows.exponential(3)
    tensor([0.3679, 1.0000, 0.3679])
    """
    n, dtype = _checked("exponential", M, dtype, layout)
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    distance = np.abs(np.arange(n) - (_middle(n, sym) if center is None else center))
    return finished(np.exp(-distance / tau).astype(dtype.np), requires_grad, device)


@_public
def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``exp(-(k - middle)**2 / (2 std**2))`` for k = 0 ... M - 1. ValueError where ``std`` is not positive.

    >>> import rushlight as torch
    >>> torch.signal.windows.gaussian(3)
    tensor([0.6065, 1.0000, 0.6065])
    """
    n, dtype = _checked("gaussian", M, dtype, layout)
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    distance = (np.arange(n) - _middle(n, sym)) / (std * math.sqrt(2))
    return finished(np.exp(-distance * distance).astype(dtype.np), requires_grad, device)


@_public
def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``i0(beta * sqrt(1 - (2 t - 1)**2)) / i0(beta)`` for t from 0 to 1. ValueError where ``beta`` is negative.

    >>> import rushlight as torch
    >>> torch.signal.windows.kaiser(3, beta=3.0)
    tensor([0.2049, 1.0000, 0.2049])
    """
    n, dtype = _checked("kaiser", M, dtype, layout)
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    return finished(kaiser_array(n, not sym, beta).astype(dtype.np), requires_grad, device)
