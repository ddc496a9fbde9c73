"""The functions of `rushlight.signal.windows`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from typing import Any
import builtins
from .._core.tensor import Tensor

def bartlett(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """A straight line from 0 up to 1, and one down again. ``sym`` as in `general_cosine`."""
def blackman(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi t) + 0.08 * cos(4 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`."""
def cosine(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """Half a sine's period, at the middles of ``M`` equal parts of it. ``sym`` as in `general_cosine`."""
def exponential(M: builtins.int, *, center: builtins.float | None = None, tau: builtins.float = 1.0, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``exp(-|k - center| / tau)`` for k = 0 ... M - 1, around the window's middle unless ``center`` is given."""
def gaussian(M: builtins.int, *, std: builtins.float = 1.0, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``exp(-(k - middle)**2 / (2 std**2))`` for k = 0 ... M - 1. ValueError where ``std`` is not positive."""
def general_cosine(M: builtins.int, *, a: Any, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """The sum of ``(-1)**k * a[k] * cos(2 pi k t)`` for t from 0 to 1, ``M`` elements."""
def general_hamming(M: builtins.int, *, alpha: builtins.float = 0.54, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``alpha - (1 - alpha) * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`."""
def hamming(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``0.54 - 0.46 * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`."""
def hann(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``0.5 - 0.5 * cos(2 pi t)`` for t from 0 to 1. ``sym`` as in `general_cosine`."""
def kaiser(M: builtins.int, *, beta: builtins.float = 12.0, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """``i0(beta * sqrt(1 - (2 t - 1)**2)) / i0(beta)`` for t from 0 to 1. ValueError where ``beta`` is negative."""
def nuttall(M: builtins.int, *, sym: builtins.bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """The minimum 4-term cosine window of A. H. Nuttall (IEEE ASSP 29, 1981). ``sym`` as in `general_cosine`."""
