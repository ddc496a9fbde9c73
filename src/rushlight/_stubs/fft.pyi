"""The functions of `rushlight.fft`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from typing import Any
import builtins
from .._core.tensor import Tensor

def fft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The discrete Fourier transform along ``dim``: element k is the sum of ``x[j] * exp(-2j * pi * j * k / n)``."""
def fft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """`fft` along two dimensions, the last ones by default. s: the sizes to cut off or fill up to, -1 to leave one."""
def fftfreq(n: builtins.int, d: builtins.float = 1.0, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The frequencies of the elements of an `fft` of ``n`` samples that are ``d`` apart: first 0 and up, then negative."""
def fftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """`fft` along several dimensions: ``dim``, by default as many of the last ones as ``s`` has sizes, or all."""
def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """Spectra with frequency 0 in the middle and not in front, along the dimensions ``dim`` (None for all)."""
def hfft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The `fft`, which is real, of numbers whose second half is the conjugate of the first, of which that is given."""
def hfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """`hfft` along the last of two dimensions, and `fft` along the other: real numbers."""
def hfftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """`hfft` along the last of several dimensions, and `fft` along the others: real numbers."""
def ifft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `fft`: with ``norm`` "backward" (None, the default) divided by n, with "ortho" by its square root."""
def ifft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `fft2`."""
def ifftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `fftn`."""
def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The inverse of `fftshift`: frequency 0 in front again."""
def ihfft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `hfft`: the first ``n // 2 + 1`` elements of the `ifft` of real numbers."""
def ihfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `hfft2`, of real numbers."""
def ihfftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `hfftn`, of real numbers."""
def irfft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `rfft`: ``n`` real numbers, by default twice as many as there are steps between frequencies."""
def irfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `rfft2`; ``s`` is the size of the result, whose last element `rfft2` does not tell whether it was odd."""
def irfftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `rfftn`; ``s`` is the size of the result."""
def rfft(input: Tensor, n: builtins.int | None = None, dim: builtins.int = -1, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The first ``n // 2 + 1`` elements of the `fft` of real numbers: the others are their conjugates. ``norm`` as there."""
def rfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The part of the `fft2` of real numbers that is not redundant: half of the last of the dimensions."""
def rfftfreq(n: builtins.int, d: builtins.float = 1.0, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The frequencies of the elements of an `rfft` of ``n`` samples that are ``d`` apart."""
def rfftn(input: Tensor, s: Any = None, dim: Any = None, norm: builtins.str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The part of the `fftn` of real numbers that is not redundant: half of the last of the dimensions."""
