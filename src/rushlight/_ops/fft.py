"""`torch.fft`: Fourier transforms along one, two or several dimensions, and what goes with their frequencies.

Loads with `rushlight.fft`; the transforms themselves are in `fourier`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .._core import dtypes
from .._core.autograd_methods import marked
from .._core.operands import raise_must_be_tensor
from .._core.out_checks import OutCheck, same_dtype
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .arguments import ints
from .creation import arange, empty
from .dims import check_int, normalize_dim
from .fourier import full_spectrum, half_spectrum, one_dim, real_numbers, several_dims, two_dims
from .rearranging import roll

_frequencies = operation(namespace="torch.fft", method=False)


def _public(function: Callable[..., Any]) -> Callable[..., Any]:
    """A transform made public, which is written into tensors of its result's kind only."""
    name = function.__name__.replace("2", "n")
    kind = "a floating point" if name.startswith(("irfft", "hfft")) else "a complex"
    # PyTorch's errors know no transform from frequencies in several dimensions.
    said = "fftn" if name == "ifftn" else name
    check = OutCheck(f"{said} expects {kind} output tensor, but got {{Out}}", lambda x, out: x.category == out.category)
    register(function, namespace="torch.fft", method=False, out=same_dtype if name == "ihfft" else check)
    return function


# -- along one dimension ----------------------------------------------------------------------------------------------


@_public
def fft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The discrete Fourier transform along ``dim``: element k is the sum of ``x[j] * exp(-2j * pi * j * k / n)``.

    n: the size to which ``input`` is cut off, or continued with zeros, first. norm: "backward" (None, the default) scales
    nothing here, "forward" divides by n, "ortho" by its square root. Complex64 for float32, complex128 for float64.

    >>> import rushlight as torch
    >>> torch.fft.fft(torch.tensor([1.0, 2.0, 3.0]))
    tensor([ 6.0000+0.0000j, -1.5000+0.8660j, -1.5000-0.8660j])
    """
    return full_spectrum(input, n, dim, norm, "fft_fft", one_dim, inverse=False)


@_public
def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `fft`: with ``norm`` "backward" (None, the default) divided by n, with "ortho" by its square root.

    >>> import rushlight as torch
    >>> torch.fft.ifft(torch.tensor([6.0, 0.0, 0.0]))
    tensor([2.-0.j, 2.-0.j, 2.-0.j])
    """
    return full_spectrum(input, n, dim, norm, "fft_ifft", one_dim, inverse=True)


@_public
def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first ``n // 2 + 1`` elements of the `fft` of real numbers: the others are their conjugates. ``norm`` as there.

    >>> import rushlight as torch
    >>> torch.fft.rfft(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor([10.+0.j, -2.+2.j, -2.+0.j])
    """
    return half_spectrum(input, n, dim, norm, "fft_rfft", one_dim, inverse=False)


@_public
def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `rfft`: ``n`` real numbers, by default twice as many as there are steps between frequencies.

    Of an odd number of elements `rfft` does not tell how many there were: give ``n``.

    >>> import rushlight as torch
    >>> torch.fft.irfft(torch.tensor([6.0, 0.0]), n=3)
    tensor([2., 2., 2.])
    """
    return real_numbers(input, n, dim, norm, "fft_irfft", one_dim, inverse=True)


@_public
def hfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The `fft`, which is real, of numbers whose second half is the conjugate of the first, of which that is given.

    n: the size of the result, by default ``2 * (input.shape[dim] - 1)``.

    >>> import rushlight as torch
    >>> torch.fft.hfft(torch.tensor([1.0, 1j]))
    tensor([1., 1.])
    """
    return real_numbers(input, n, dim, norm, "fft_hfft", one_dim, inverse=False)


@_public
def ihfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `hfft`: the first ``n // 2 + 1`` elements of the `ifft` of real numbers.

    >>> import rushlight as torch
    >>> torch.fft.ihfft(torch.tensor([1.0, 1.0, 1.0, 1.0]))
    tensor([1.-0.j, 0.-0.j, 0.-0.j])
    """
    return half_spectrum(input, n, dim, norm, "fft_ihfft", one_dim, inverse=True)


# -- along two dimensions ---------------------------------------------------------------------------------------------


@_public
def fft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`fft` along two dimensions, the last ones by default. s: the sizes to cut off or fill up to, -1 to leave one.

    >>> import rushlight as torch
    >>> torch.fft.fft2(torch.eye(2))
    tensor([[2.+0.j, 0.+0.j],
            [0.+0.j, 2.+0.j]])
    """
    return full_spectrum(input, s, two_dims(dim, "fft_fft2"), norm, "fft_fft2", several_dims, inverse=False)


@_public
def ifft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of `fft2`.

    >>> import rushlight as torch
    >>> torch.fft.ifft2(torch.eye(2))
    tensor([[0.5000+0.j, 0.0000+0.j],
            [0.0000+0.j, 0.5000+0.j]])
    """
    return full_spectrum(input, s, two_dims(dim, "fft_ifft2"), norm, "fft_ifft2", several_dims, inverse=True)


@_public
def rfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The part of the `fft2` of real numbers that is not redundant: half of the last of the dimensions.

    >>> import rushlight as torch
    >>> torch.fft.rfft2(torch.eye(2))
    tensor([[2.+0.j, 0.+0.j],
            [0.+0.j, 2.+0.j]])
    """
    return half_spectrum(input, s, two_dims(dim, "fft_rfft2"), norm, "fft_rfft2", several_dims, inverse=False)


@_public
def irfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of `rfft2`; ``s`` is the size of the result, whose last element `rfft2` does not tell whether it was odd.

    >>> import rushlight as torch
    >>> torch.fft.irfft2(torch.fft.rfft2(torch.ones(2, 3)), s=(2, 3))
    tensor([[1., 1., 1.],
            [1., 1., 1.]])
    """
    return real_numbers(input, s, two_dims(dim, "fft_irfft2"), norm, "fft_irfft2", several_dims, inverse=True)


@_public
def hfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`hfft` along the last of two dimensions, and `fft` along the other: real numbers.

    >>> import rushlight as torch
    >>> torch.fft.hfft2(torch.ones(2, 2))
    tensor([[4., 0.],
            [0., 0.]])
    """
    return real_numbers(input, s, two_dims(dim, "fft_hfft2"), norm, "fft_hfft2", several_dims, inverse=False)


@_public
def ihfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of `hfft2`, of real numbers.

    >>> import rushlight as torch
    >>> torch.fft.ihfft2(torch.ones(2, 2))
    tensor([[1.-0.j, 0.-0.j],
            [0.-0.j, 0.-0.j]])
    """
    return half_spectrum(input, s, two_dims(dim, "fft_ihfft2"), norm, "fft_ihfft2", several_dims, inverse=True)


# -- along several dimensions -----------------------------------------------------------------------------------------


@_public
def fftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`fft` along several dimensions: ``dim``, by default as many of the last ones as ``s`` has sizes, or all.

    s: the sizes to cut off or fill up to, -1 to leave one.

    >>> import rushlight as torch
    >>> torch.fft.fftn(torch.eye(2))
    tensor([[2.+0.j, 0.+0.j],
            [0.+0.j, 2.+0.j]])
    """
    return full_spectrum(input, s, dim, norm, "fft_fftn", several_dims, inverse=False)


@_public
def ifftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of `fftn`.

    >>> import rushlight as torch
    >>> torch.fft.ifftn(torch.eye(2))
    tensor([[0.5000+0.j, 0.0000+0.j],
            [0.0000+0.j, 0.5000+0.j]])
    """
    return full_spectrum(input, s, dim, norm, "fft_ifftn", several_dims, inverse=True)


@_public
def rfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The part of the `fftn` of real numbers that is not redundant: half of the last of the dimensions.

    >>> import rushlight as torch
    >>> torch.fft.rfftn(torch.ones(2, 2))
    tensor([[4.+0.j, 0.+0.j],
            [0.+0.j, 0.+0.j]])
    """
    return half_spectrum(input, s, dim, norm, "fft_rfftn", several_dims, inverse=False)


@_public
def irfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of `rfftn`; ``s`` is the size of the result.

    >>> import rushlight as torch
    >>> torch.fft.irfftn(torch.fft.rfftn(torch.ones(2, 3)), s=(2, 3))
    tensor([[1., 1., 1.],
            [1., 1., 1.]])
    """
    return real_numbers(input, s, dim, norm, "fft_irfftn", several_dims, inverse=True)


@_public
def hfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`hfft` along the last of several dimensions, and `fft` along the others: real numbers.

    >>> import rushlight as torch
    >>> torch.fft.hfftn(torch.ones(2, 2))
    tensor([[4., 0.],
            [0., 0.]])
    """
    return real_numbers(input, s, dim, norm, "fft_hfftn", several_dims, inverse=False)


@_public
def ihfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of `hfftn`, of real numbers.

    >>> import rushlight as torch
    >>> torch.fft.ihfftn(torch.ones(2, 2))
    tensor([[1.-0.j, 0.-0.j],
            [0.-0.j, 0.-0.j]])
    """
    return half_spectrum(input, s, dim, norm, "fft_ihfftn", several_dims, inverse=True)


# -- frequencies ------------------------------------------------------------------------------------------------------


def _steps(name: str, n: Any, d: float, dtype: Any, **options: Any) -> tuple[Tensor, int, float]:
    """The numbers below ``n``, checked, as ``dtype``; ``n`` itself, and the distance of two frequencies."""
    n = check_int(n, f"fft_{name}", "n")
    if dtype is not None and dtype.category < dtypes.FLOAT:
        raise RuntimeError(f"{name} requires a floating point or complex dtype")
    if n < 0:
        empty((n,))  # which refuses it
    distance = 1 / (n * d) if n * d else math.inf
    return arange(n, dtype=dtype or dtypes.get_default_dtype(), **options), n, distance


@_frequencies
def fftfreq(
    n: int, d: float = 1.0, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """The frequencies of the elements of an `fft` of ``n`` samples that are ``d`` apart: first 0 and up, then negative.

    >>> import rushlight as torch
    >>> torch.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    k, n, distance = _steps("fftfreq", n, d, dtype, layout=layout, device=device)
    k[(n + 1) // 2 :] -= n
    return marked(k * distance, requires_grad)


@_frequencies
def rfftfreq(
    n: int, d: float = 1.0, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """The frequencies of the elements of an `rfft` of ``n`` samples that are ``d`` apart.

    >>> import rushlight as torch
    >>> torch.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    k, n, distance = _steps("rfftfreq", n, d, dtype, layout=layout, device=device)
    return marked(k[: n // 2 + 1] * distance, requires_grad)


# -- zero in the middle -----------------------------------------------------------------------------------------------


def _shifted(input: Any, dim: Any, name: str, by: Any) -> Tensor:
    if not isinstance(input, Tensor):
        raise_must_be_tensor(name, "input", 1, input)
    shape = input._data.shape
    dims = tuple(range(len(shape))) if dim is None else ints((dim,) if isinstance(dim, int) else dim, name, "dim", 2)
    return roll(input, tuple([by(shape[normalize_dim(d, len(shape))]) for d in dims]), dims)


@operation(namespace="torch.fft", method=False, out=False)
def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """Spectra with frequency 0 in the middle and not in front, along the dimensions ``dim`` (None for all).

    >>> import rushlight as torch
    >>> torch.fft.fftshift(torch.fft.fftfreq(4))
    tensor([-0.5000, -0.2500,  0.0000,  0.2500])
    """
    return _shifted(input, dim, "fft_fftshift", lambda n: n // 2)


@operation(namespace="torch.fft", method=False, out=False)
def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The inverse of `fftshift`: frequency 0 in front again.

    >>> import rushlight as torch
    >>> torch.fft.ifftshift(torch.tensor([-2, -1, 0, 1]))
    tensor([ 0,  1, -2, -1])
    """
    return _shifted(input, dim, "fft_ifftshift", lambda n: (n + 1) // 2)
