"""The functions of `rushlight.masked`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from typing import Any
import builtins
from .._core.tensor import Tensor

def amax(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The largest of the elements that ``mask`` leaves, of all or along ``dim``; the dtype's lowest where it leaves none."""
def amin(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The smallest of the elements that ``mask`` leaves, of all or along ``dim``; the dtype's highest where it leaves none."""
def argmax(input: Tensor, dim: builtins.int | None = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The index of the largest of the elements that ``mask`` leaves. Its dtype is that of ``input``, as in PyTorch."""
def argmin(input: Tensor, dim: builtins.int | None = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The index of the smallest of the elements that ``mask`` leaves. Its dtype is that of ``input``, as in PyTorch."""
def cumprod(input: Tensor, dim: builtins.int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Products of the elements up to each, those that ``mask`` leaves out counted as 1."""
def cumsum(input: Tensor, dim: builtins.int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Sums of the elements up to each, those that ``mask`` leaves out counted as 0."""
def log_softmax(input: Tensor, dim: builtins.int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """The logarithm of `softmax`."""
def logaddexp(input: Tensor, other: Tensor, *, dtype: Any = None, input_mask: Any = None, other_mask: Any = None) -> Tensor:
    """log(exp(input) + exp(other)), where what the masks leave out counts as -inf."""
def logsumexp(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """log Σ exp of the elements that ``mask`` leaves, of all or along ``dim``; -inf where it leaves none."""
def mean(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The mean of the elements that ``mask`` leaves, of all or along ``dim``; nan where it leaves none."""
def median(input: Tensor, dim: builtins.int = -1, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The median along ``dim`` of the elements that ``mask`` leaves; nan where it leaves none."""
def norm(input: Tensor, ord: Any = 2.0, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The norm of order ``ord`` of the elements that ``mask`` leaves, as one vector or along ``dim``."""
def normalize(input: Tensor, ord: builtins.float, dim: builtins.int, *, eps: builtins.float = 1e-12, dtype: Any = None, mask: Any = None) -> Tensor:
    """The elements that ``mask`` leaves, 0 for the others, divided by their norm along ``dim`` or by ``eps`` where that is
    larger."""
def prod(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The product of the elements that ``mask`` leaves, of all or along ``dim``; 1 where it leaves none."""
def softmax(input: Tensor, dim: builtins.int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """Softmax along ``dim`` over the elements that ``mask`` leaves; 0 for the others, nan where it leaves none."""
def softmin(input: Tensor, dim: builtins.int, *, dtype: Any = None, mask: Any = None) -> Tensor:
    """`softmax` of the negated elements."""
def std(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, *, correction: Any = None, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The square root of `var`."""
def sum(input: Tensor, dim: Any = None, *, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The sum of the elements that ``mask`` leaves, of all or along ``dim``; 0 where it leaves none."""
def var(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, *, correction: Any = None, keepdim: builtins.bool = False, dtype: Any = None, mask: Any = None) -> Tensor:
    """The variance of the elements that ``mask`` leaves, of all or along ``dim``, with divisor n - correction (1)."""
