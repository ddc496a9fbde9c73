"""Window functions: the factors that fade a piece of a signal out towards its ends.

Each is an array in double precision, from which `torch.hann_window` and its like, and `torch.signal.windows`, are made.
The formulas are those of F. J. Harris, On the use of windows for harmonic analysis with the discrete Fourier transform
(Proceedings of the IEEE 66, 1978), and J. F. Kaiser's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core import dtypes
from .._core.operands import cpp_name
from .._core.registry import operation
from .._core.tensor import Tensor
from .creation import finished
from .dims import check_int

BLACKMAN = (0.42, 0.5, 0.08)


# -- as arrays --------------------------------------------------------------------------------------------------------


def _phase(n: int, periodic: bool) -> Any:
    """Where in the window its elements are, from 0 to 1; 1 belongs to the next one where windows follow each other."""
    return np.arange(n) / (n if periodic else n - 1)


def cosine_sum(n: int, periodic: bool, coefficients: Any) -> Any:
    """The sum of ``(-1)**k * a[k] * cos(2 pi k t)`` over the coefficients, t going from 0 to 1."""
    if n <= 1:
        return np.ones(n)
    t = 2 * np.pi * _phase(n, periodic)
    return sum([(-1) ** k * a * np.cos(k * t) for k, a in enumerate(coefficients)])


def triangle(n: int, periodic: bool) -> Any:
    return 1 - np.abs(2 * _phase(n, periodic) - 1) if n > 1 else np.ones(n)


def kaiser(n: int, periodic: bool, beta: float) -> Any:
    if n <= 1:
        return np.ones(n)
    side = 2 * _phase(n, periodic) - 1
    return np.i0(beta * np.sqrt(1 - side * side)) / np.i0(beta)


# -- as `torch` has them ----------------------------------------------------------------------------------------------


def _checked(name: str, window_length: Any, periodic: Any, dtype: Any) -> tuple[int, dtypes.dtype]:
    n = check_int(window_length, name, "window_length")
    if not isinstance(periodic, bool):
        raise TypeError(f"{name}(): argument 'periodic' (position 2) must be bool, not {type(periodic).__name__}")
    dtype = dtype or dtypes.get_default_dtype()
    if dtype.category < dtypes.FLOAT:
        raise RuntimeError(
            f"{name} expects floating point dtypes, got: TensorOptions(dtype={cpp_name(dtype)}, device=cpu, "
            "layout=Strided (default), requires_grad=false (default), pinned_memory=false, memory_format=(nullopt))"
        )
    if dtype.is_complex:
        raise NotImplementedError(f"\"arange_cpu\" not implemented for '{dtypes.scalar_type_name(dtype)}'")
    if n < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={n}")
    return n, dtype


@operation(method=False, out=False)
def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Half a cosine's period from 0 up to 1, and half a one down again.

    periodic: whether the last 0 is left out, because the next window begins with it; False gives a symmetric window.
    RuntimeError for a dtype that is not of floating-point numbers.

    >>> import rushlight as torch
    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, dtype = _checked("hann_window", window_length, periodic, dtype)
    return finished(cosine_sum(n, periodic, (0.5, 0.5)).astype(dtype.np), requires_grad, device, layout, pin_memory)


@operation(method=False, out=False)
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``alpha - beta * cos(2 pi t)`` for t from 0 to 1. ``periodic`` as in `hann_window`.

    >>> import rushlight as torch
    >>> torch.hamming_window(4)
    tensor([0.0800, 0.5400, 1.0000, 0.5400])
    """
    n, dtype = _checked("hamming_window", window_length, periodic, dtype)
    return finished(cosine_sum(n, periodic, (alpha, beta)).astype(dtype.np), requires_grad, device, layout, pin_memory)


@operation(method=False, out=False)
def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi t) + 0.08 * cos(4 pi t)`` for t from 0 to 1. ``periodic`` as in `hann_window`.

    >>> import rushlight as torch
    >>> torch.blackman_window(4)[1:]
    tensor([0.3400, 1.0000, 0.3400])
    """
    n, dtype = _checked("blackman_window", window_length, periodic, dtype)
    return finished(cosine_sum(n, periodic, BLACKMAN).astype(dtype.np), requires_grad, device, layout, pin_memory)


@operation(method=False, out=False)
def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A straight line from 0 up to 1, and one down again. ``periodic`` as in `hann_window`.

    >>> import rushlight as torch
    >>> torch.bartlett_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    n, dtype = _checked("bartlett_window", window_length, periodic, dtype)
    return finished(triangle(n, periodic).astype(dtype.np), requires_grad, device, layout, pin_memory)


@operation(method=False, out=False)
def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``i0(beta * sqrt(1 - (2 t - 1)**2)) / i0(beta)`` for t from 0 to 1. ``periodic`` as in `hann_window`.

    >>> import rushlight as torch
    >>> torch.kaiser_window(4, beta=3.0, periodic=True)
    tensor([0.2049, 0.7269, 1.0000, 0.7269])
    """
    n, dtype = _checked("kaiser_window", window_length, periodic, dtype)
    return finished(kaiser(n, periodic, beta).astype(dtype.np), requires_grad, device, layout, pin_memory)
