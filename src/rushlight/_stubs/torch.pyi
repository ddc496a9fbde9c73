"""The names of `rushlight` that are made when it is loaded, and its modules, which load when first used.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from collections.abc import Sequence
from numpy import ndarray as _ndarray
from typing import Any
import builtins
from .. import accelerator as accelerator
from .. import amp as amp
from .. import autograd as autograd
from .. import backends as backends
from .. import compiler as compiler
from .. import cuda as cuda
from .. import distributed as distributed
from .. import distributions as distributions
from .. import fft as fft
from .. import func as func
from .. import linalg as linalg
from .. import masked as masked
from .. import nn as nn
from .. import onnx as onnx
from .. import ops as ops
from .. import optim as optim
from .. import optimize as optimize
from .. import random as random
from .. import return_types as return_types
from .. import serialization as serialization
from .. import signal as signal
from .. import special as special
from .. import testing as testing
from .. import types as types
from .. import utils as utils
from .. import version as version
from .. import viz as viz
from .._core.dtypes import dtype as _dtype
from .._core.random.generator import Generator
from .._core.tensor import Size
from .._core.tensor import Tensor

bfloat16: _dtype
bool: _dtype
cdouble: _dtype
cfloat: _dtype
complex128: _dtype
complex64: _dtype
double: _dtype
float: _dtype
float16: _dtype
float32: _dtype
float64: _dtype
half: _dtype
int: _dtype
int16: _dtype
int32: _dtype
int64: _dtype
int8: _dtype
long: _dtype
short: _dtype
uint16: _dtype
uint32: _dtype
uint64: _dtype
uint8: _dtype
class BFloat16Tensor(Tensor): ...
class BoolTensor(Tensor): ...
class ByteTensor(Tensor): ...
class CharTensor(Tensor): ...
class DoubleTensor(Tensor): ...
class FloatTensor(Tensor): ...
class HalfTensor(Tensor): ...
class IntTensor(Tensor): ...
class LongTensor(Tensor): ...
class ShortTensor(Tensor): ...
def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value of each element: of a complex one, its modulus, which is real."""
def abs_(self: Tensor) -> Tensor:
    """In-place form of `abs`. Raises RuntimeError for complex tensors, whose absolute values are real."""
def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value of each element: of a complex one, its modulus, which is real."""
def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arccosine of each element, in radians: nan outside -1 to 1."""
def acos_(input: Tensor) -> Tensor:
    """In-place form of `acos`: the result replaces this tensor's content."""
def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine, of each element: nan below 1."""
def acosh_(input: Tensor) -> Tensor:
    """In-place form of `acosh`: the result replaces this tensor's content."""
def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """The means of parts of the last 1 dimensions, cut so that ``output_size`` parts result."""
def adaptive_max_pool1d(input: Tensor, output_size: Any) -> builtins.tuple[Tensor, Tensor]:
    """`adaptive_max_pool1d` and where each element was, in the flat plane."""
def add(input: Any, other: Any, *old: Any, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """``input + alpha * other``, broadcast; ``other`` may be a number."""
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * sum(batch1[i] @ batch2[i])`` for (b, n, k) and (b, k, m) to (n, m)."""
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``, broadcast. Raises RuntimeError for a quotient of integers."""
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``, broadcast."""
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)`` for matrices (n, k), (k, m); ``input`` is broadcast to (n, m)."""
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (mat @ vec)`` for (n, k) and (k,); ``input`` is broadcast to (n,)."""
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; ``input`` is broadcast to (n, m), dtypes are promoted."""
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of a matrix, or of each matrix in a batch."""
def affine_grid_generator(theta: Tensor, size: Any, align_corners: builtins.bool) -> Tensor:
    """`torch.nn.functional.affine_grid`, which has no default for ``align_corners`` here."""
def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`alias` with memory of its own, which no write to the input reaches."""
def all(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether all elements, or all along ``dim``, are true (not zero): bool, or uint8 for a uint8 tensor."""
def allclose(input: Tensor, other: Tensor, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> builtins.bool:
    """Whether all elements are `isclose`."""
def alpha_dropout(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.alpha_dropout` without defaults."""
def alpha_dropout_(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.alpha_dropout` without defaults."""
def amax(input: Tensor, dim: Any = (), keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The largest element, of all or along ``dim`` (an int or several). Equal ones share the gradient evenly."""
def amin(input: Tensor, dim: Any = (), keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The smallest element, of all or along ``dim`` (an int or several). Equal ones share the gradient
    evenly."""
def aminmax(input: Tensor, *, dim: Any = None, keepdim: builtins.bool = False, out: Any = None) -> Any:
    """The smallest and the largest element, of all or along the dimension ``dim``."""
def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of each complex number, from minus pi to pi; of real numbers 0, or pi where negative."""
def any(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether any element, or any along ``dim``, is true (not zero): bool, or uint8 for a uint8 tensor."""
def arange(start: Any = None, end: Any = None, step: Any = None, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """Numbers from ``start`` (0 where only one bound is given) up to, without, ``end`` in steps of ``step``."""
def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arccosine of each element, in radians: nan outside -1 to 1."""
def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine, of each element: nan below 1."""
def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arcsine of each element, in radians: nan outside -1 to 1."""
def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine, of each element."""
def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arctangent of each element, in radians."""
def arctan2(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The angle, from minus pi to pi, of the points with these ``input`` (up) and ``other`` (to the right)."""
def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent, of each element: nan outside -1 to 1."""
def argmax(input: Tensor, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """Where the largest element is: its index along ``dim``, or in the flattened tensor. The first of equals."""
def argmin(input: Tensor, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """Where the smallest element is: its index along ``dim``, or in the flattened tensor. The first of
    equals."""
def argsort(input: Tensor, dim: builtins.int = -1, descending: builtins.bool = False, *, stable: builtins.bool | None = None, out: Tensor | None = None) -> Tensor:
    """Where the elements of the sorted tensor are: the indices that `sort` returns."""
def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not zero, a row for each."""
def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: builtins.int | None = None) -> Tensor:
    """The memory behind ``input`` seen with any size and strides, counted in elements."""
def as_strided_copy(input: Tensor, size: Any, stride: Any, storage_offset: builtins.int | None = None, *, out: Tensor | None = None) -> Tensor:
    """`as_strided` with memory of its own, which no write to the input reaches."""
def as_strided_scatter(input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: builtins.int | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.as_strided(size, stride, storage_offset)``."""
def as_tensor(data: Any, dtype: _dtype | None = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without copying where it is a tensor or an array of the right dtype already."""
def asarray(data: Any, dtype: _dtype | None = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without copying where it is a tensor or an array of the right dtype already."""
def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arcsine of each element, in radians: nan outside -1 to 1."""
def asin_(input: Tensor) -> Tensor:
    """In-place form of `asin`: the result replaces this tensor's content."""
def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine, of each element."""
def asinh_(input: Tensor) -> Tensor:
    """In-place form of `asinh`: the result replaces this tensor's content."""
def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The arctangent of each element, in radians."""
def atan2(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The angle, from minus pi to pi, of the points with these ``input`` (up) and ``other`` (to the right)."""
def atan_(input: Tensor) -> Tensor:
    """In-place form of `atan`: the result replaces this tensor's content."""
def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent, of each element: nan outside -1 to 1."""
def atanh_(input: Tensor) -> Tensor:
    """In-place form of `atanh`: the result replaces this tensor's content."""
def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least 1 dimension; a tuple where several are given."""
def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least 2 dimensions; a tuple where several are given."""
def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least 3 dimensions; a tuple where several are given."""
def avg_pool1d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: builtins.bool = False, count_include_pad: builtins.bool = True) -> Tensor:
    """The mean of each window that slides over the last 1 dimensions."""
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """``beta * input + alpha * (batch1 @ batch2)`` for (b, n, k) and (b, k, m); ``input`` is broadcast."""
def bartlett_window(window_length: builtins.int, periodic: builtins.bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: builtins.bool = False, requires_grad: builtins.bool = False) -> Tensor:
    """A straight line from 0 up to 1, and one down again. ``periodic`` as in `hann_window`."""
def batch_norm(*args: Any, **kwargs: Any) -> Tensor:
    """`torch.nn.functional.batch_norm` with the order of arguments ``input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled``."""
def bernoulli(input: Tensor, p: Any = None, *, generator: Generator | None = None, out: Any = None) -> Tensor:
    """Ones with the probabilities in ``input`` (or with probability ``p``), else zeros, in the dtype of ``input``."""
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output feature k."""
def bincount(input: Tensor, weights: Tensor | None = None, minlength: builtins.int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a vector of integers; with ``weights``, the sum of their
    weights."""
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``."""
def bitwise_and(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The bits set in both of two integers (``&``); of bools, whether both are true."""
def bitwise_left_shift(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The bits of ``input`` moved up by ``other`` places (``<<``); 0 where that is all of them."""
def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All bits inverted (``~``); of bools, whether they are false."""
def bitwise_or(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The bits set in either of two integers (``|``); of bools, whether one is true."""
def bitwise_right_shift(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The bits of ``input`` moved down by ``other`` places (``>>``), the sign kept."""
def bitwise_xor(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The bits set in one of two integers but not in both (``^``); of bools, whether they differ."""
def blackman_window(window_length: builtins.int, periodic: builtins.bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: builtins.bool = False, requires_grad: builtins.bool = False) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi t) + 0.08 * cos(4 pi t)`` for t from 0 to 1. ``periodic`` as in `hann_window`."""
def block_diag(*tensors: Any) -> Tensor:
    """The matrix with the given matrices along its diagonal and zeros elsewhere; vectors count as rows."""
def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of two batches of matrices, (b, n, k) and (b, k, m) to (b, n, m), of one dtype."""
def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes have in common when they are broadcast. Nothing is computed."""
def broadcast_tensors(*tensors: Any) -> builtins.tuple[Tensor, ...]:
    """All tensors expanded to their common shape."""
def broadcast_to(input: Tensor, size: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """`Tensor.expand` as a function."""
def bucketize(input: Any, boundaries: Tensor, *, out_int32: builtins.bool = False, right: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """Into which bucket each value of ``input`` falls, where the vector ``boundaries`` (sorted) divides them."""
def cartesian_prod(*tensors: Any) -> Tensor:
    """All combinations of one element of each vector, as rows."""
def cat(tensors: Any, dim: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along ``dim``. They must agree in all other dimensions; empty vectors are left out."""
def cdist(x1: Tensor, x2: Tensor, p: builtins.float = 2.0, compute_mode: builtins.str = 'use_mm_for_euclid_dist_if_necessary') -> Tensor:
    """The p-norm distance of each row of ``x1`` (..., n, k) from each row of ``x2`` (..., m, k): (..., n, m)."""
def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest whole number that is not below each element."""
def ceil_(input: Tensor) -> Tensor:
    """In-place form of `ceil`: the result replaces this tensor's content."""
def celu(input: Tensor, alpha: builtins.float = 1.0) -> Tensor:
    """Each element, ``alpha * (exp(x / alpha) - 1)`` for negative ones. (Barron 2017, arXiv:1704.07483.)"""
def celu_(input: Tensor, alpha: builtins.float = 1.0) -> Tensor:
    """In-place form of `celu`."""
def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.multi_dot` of matrices, which has taken its place."""
def channel_shuffle(input: Tensor, groups: builtins.int) -> Tensor:
    """(N, C, ...) with the channels of ``groups`` groups interleaved: the first of each, then the second of each."""
def cholesky(input: Tensor, upper: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.cholesky` by its old name, with PyTorch's warning."""
def cholesky_inverse(L: Tensor, upper: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverse of ``L @ L.mH`` from its factor L (..., n, n); upper: of ``L.mH @ L`` from its upper factor."""
def cholesky_solve(B: Tensor, L: Tensor, upper: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The solution X of ``A @ X = B`` for ``A = L @ L.mH``, whose factor L (..., n, n) is known; B is (..., n, k)."""
def chunk(input: Tensor, chunks: builtins.int, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """``input`` taken apart along ``dim`` into ``chunks`` pieces of one size, or fewer where that does not come out."""
def clamp(input: Tensor, min: Any = None, max: Any = None, *, out: Tensor | None = None) -> Tensor:
    """Each element, or the bound that it exceeds; bounds are numbers or tensors, and one may be left out."""
def clamp_(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """In-place form of `clamp`: the result replaces this tensor's content."""
def clamp_max(input: Tensor, max: Any, *, out: Tensor | None = None) -> Tensor:
    """Each element, but at most ``max``, a number or a tensor."""
def clamp_min(input: Tensor, min: Any, *, out: Tensor | None = None) -> Tensor:
    """Each element, but at least ``min``, a number or a tensor."""
def clip(input: Tensor, min: Any = None, max: Any = None, *, out: Tensor | None = None) -> Tensor:
    """Each element, or the bound that it exceeds; bounds are numbers or tensors, and one may be left out."""
def clip_(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """In-place form of `clamp`: the result replaces this tensor's content."""
def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy with memory of its own; gradients flow back through it."""
def column_stack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along the second dimension, vectors as columns."""
def combinations(input: Tensor, r: builtins.int = 2, with_replacement: builtins.bool = False) -> Tensor:
    """All ways to take ``r`` elements of a vector, in the order in which they stand there, as rows."""
def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from their real and imaginary parts, two tensors of one floating-point dtype."""
def concat(tensors: Any, dim: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along ``dim``. They must agree in all other dimensions; empty vectors are left out."""
def concatenate(tensors: Any, dim: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along ``dim``. They must agree in all other dimensions; empty vectors are left out."""
def conj(input: Tensor) -> Tensor:
    """The complex conjugate of each element; a real tensor itself."""
def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate of each element, with memory of its own; a real tensor itself."""
def constant_pad_nd(input: Tensor, pad: Any, value: Any = 0) -> Tensor:
    """``input`` with ``value`` around it; see `torch.nn.functional.pad`."""
def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv_transpose1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv1d`: each element spread over a window, all added up."""
def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv2d`: each element spread over a window, all added up."""
def conv_transpose3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv3d`: each element spread over a window, all added up."""
def copysign(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The size of ``input`` with the sign of ``other``, which may be a number (-0.0 is negative)."""
def corrcoef(input: Tensor) -> Tensor:
    """The matrix of Pearson's correlation coefficients of variables (rows) over observations (columns)."""
def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The cosine of each element, an angle in radians."""
def cos_(input: Tensor) -> Tensor:
    """In-place form of `cos`: the result replaces this tensor's content."""
def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic cosine of each element."""
def cosh_(input: Tensor) -> Tensor:
    """In-place form of `cosh`: the result replaces this tensor's content."""
def cosine_similarity(x1: Tensor, x2: Tensor, dim: builtins.int = 1, eps: builtins.float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along ``dim``; norms below ``eps`` count as ``eps``."""
def count_nonzero(input: Tensor, dim: Any = None, *, out: Tensor | None = None) -> Tensor:
    """How many elements, or how many along ``dim`` (an int or several), are not zero: int64."""
def cov(input: Tensor, *, correction: builtins.int = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
    """The covariance matrix of variables (rows) over observations (columns)."""
def cross(input: Tensor, other: Tensor, dim: builtins.int | None = None, *, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.cross`; without ``dim`` a warning, and the first dimension of size 3."""
def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: builtins.int = 0, reduction: builtins.int = 1, zero_infinity: builtins.bool = False) -> Tensor:
    """`torch.nn.functional.ctc_loss` with its reduction as a number: 0 for none, 1 for the mean, 2 for the sum."""
def cummax(input: Tensor, dim: builtins.int, *, out: Any = None) -> Any:
    """The running maximum along ``dim``, and where it was last reached. A nan is larger than every number."""
def cummin(input: Tensor, dim: builtins.int, *, out: Any = None) -> Any:
    """The running minimum along ``dim``, and where it was last reached. A nan is smaller than every number."""
def cumprod(input: Tensor, dim: builtins.int, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The running product along ``dim``. Bools and integers give int64; ``dtype`` converts first."""
def cumsum(input: Tensor, dim: builtins.int, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The running sum along ``dim``. Bools and integers give int64; ``dtype`` converts first."""
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: builtins.int = -1) -> Tensor:
    """The integrals along ``dim`` from the first sample up to each other one; see `trapezoid`."""
def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Angles in degrees as radians."""
def deg2rad_(input: Tensor) -> Tensor:
    """In-place form of `deg2rad`: the result replaces this tensor's content."""
def det(A: Tensor) -> Tensor:
    """The determinant of each matrix of a batch: (..., n, n) to (...)."""
def detach(input: Tensor) -> Tensor:
    """This tensor's content, shared, without its history: nothing flows back through the result."""
def detach_(self: Tensor) -> Tensor:
    """Cut this tensor from its history in place."""
def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`detach` with memory of its own, which no write to the input reaches."""
def diag(input: Tensor, diagonal: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """A copy of a matrix's diagonal, or for a vector the matrix with it on its diagonal and zeros elsewhere."""
def diag_embed(input: Tensor, offset: builtins.int = 0, dim1: builtins.int = -2, dim2: builtins.int = -1, *, out: Tensor | None = None) -> Tensor:
    """Matrices, along new dimensions ``dim1`` and ``dim2``, with the last dimension of ``input`` on a diagonal."""
def diagflat(input: Tensor, offset: builtins.int = 0) -> Tensor:
    """The matrix with all elements of ``input`` on a diagonal."""
def diagonal(input: Tensor, offset: builtins.int = 0, dim1: builtins.int = 0, dim2: builtins.int = 1) -> Tensor:
    """The diagonals of the matrices that dimensions ``dim1`` and ``dim2`` span, as the last dimension."""
def diagonal_copy(input: Tensor, offset: builtins.int = 0, dim1: builtins.int = 0, dim2: builtins.int = 1, *, out: Tensor | None = None) -> Tensor:
    """`diagonal` with memory of its own, which no write to the input reaches."""
def diagonal_scatter(input: Tensor, src: Tensor, offset: builtins.int = 0, dim1: builtins.int = 0, dim2: builtins.int = 1, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.diagonal(offset, dim1, dim2)``."""
def diff(input: Tensor, n: builtins.int = 1, dim: builtins.int = -1, prepend: Any = None, append: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The differences of neighbours along ``dim``, ``n`` times over. Of bools: whether they differ."""
def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function, of each element. Needs SciPy."""
def dist(input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    """The ``p``-norm of ``input - other``, which are broadcast."""
def div(input: Any, other: Any, *, rounding_mode: builtins.str | None = None, out: Tensor | None = None) -> Tensor:
    """``input / other``, element by element, broadcast; integers are divided as floats."""
def divide(input: Any, other: Any, *, rounding_mode: builtins.str | None = None, out: Tensor | None = None) -> Tensor:
    """``input / other``, element by element, broadcast; integers are divided as floats."""
def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of the products of the elements of two vectors of one dtype. Nothing is conjugated."""
def dropout(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.dropout` without defaults."""
def dropout_(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.dropout` without defaults."""
def dsmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, k) and (k, m) to (n, m), of one dtype; no batches, no vectors."""
def dsplit(input: Tensor, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
    """`torch.tensor_split` along the third dimension; the number of pieces must divide its size."""
def dstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined in depth, along the third dimension."""
def einsum(*args: Any) -> Tensor:
    """Sums of products, by an equation: ``einsum("ij,jk->ik", a, b)`` is a matrix product."""
def embedding(weight: Tensor, indices: Tensor, padding_idx: builtins.int = -1, scale_grad_by_freq: builtins.bool = False, sparse: builtins.bool = False) -> Tensor:
    """`torch.nn.functional.embedding`, the table first; a ``padding_idx`` of -1 means none."""
def embedding_bag(weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: builtins.bool = False, mode: builtins.int = 0, sparse: builtins.bool = False, per_sample_weights: Tensor | None = None, include_last_offset: builtins.bool = False, padding_idx: builtins.int | None = None) -> builtins.tuple[Tensor, Tensor, Tensor, Tensor]:
    """`torch.nn.functional.embedding_bag`, the table first and the mode by its number: sum, mean, max."""
def empty(*args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None, memory_format: Any = None) -> Tensor:
    """A tensor of the given size whose content is not specified."""
def empty_like(input: Tensor, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.empty` with the shape of ``input``, and its dtype unless one is given."""
def empty_permuted(size: Any, physical_layout: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
    """A tensor of the given size, whose content is not specified, with its dimensions in memory in the order
    ``physical_layout``: the last one's elements are next to each other."""
def empty_strided(size: Any, stride: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
    """A tensor of the given size and strides (in elements), whose content is not specified."""
def eq(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where elements are equal: a bool tensor. ``other`` may be a number."""
def equal(input: Tensor, other: Tensor) -> builtins.bool:
    """Whether two tensors have the same shape and equal elements; nans are never equal."""
def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function of each element: the integral of ``2 / sqrt(pi) * exp(-t**2)`` from 0."""
def erf_(input: Tensor) -> Tensor:
    """In-place form of `erf`: the result replaces this tensor's content."""
def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(x)`` of each element, precise where that is small."""
def erfc_(input: Tensor) -> Tensor:
    """In-place form of `erfc`: the result replaces this tensor's content."""
def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function, of each element: nan outside -1 to 1, infinite at both ends."""
def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """e to the power of each element."""
def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 to the power of each element."""
def exp2_(input: Tensor) -> Tensor:
    """In-place form of `exp2`: the result replaces this tensor's content."""
def exp_(input: Tensor) -> Tensor:
    """In-place form of `exp`: the result replaces this tensor's content."""
def expand_copy(input: Tensor, size: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """`expand` with memory of its own, which no write to the input reaches."""
def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) - 1`` of each element, precise for small ones."""
def expm1_(input: Tensor) -> Tensor:
    """In-place form of `expm1`: the result replaces this tensor's content."""
def eye(n: builtins.int, m: builtins.int | None = None, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """A matrix with ones on the diagonal and zeros elsewhere."""
def feature_alpha_dropout(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.feature_alpha_dropout` without defaults."""
def feature_alpha_dropout_(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """`torch.nn.functional.feature_alpha_dropout` without defaults."""
def feature_dropout(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """Dropout of whole channels, (N, C, ...)."""
def feature_dropout_(input: Tensor, p: builtins.float, train: builtins.bool) -> Tensor:
    """Dropout of whole channels, (N, C, ...)."""
def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like ``input``, filled with one value."""
def fill_(self: Tensor, value: Any) -> Tensor:
    """Overwrite all elements with one value: a number, or a tensor without dimensions."""
def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element without its fraction, rounded towards zero."""
def fix_(input: Tensor) -> Tensor:
    """In-place form of `trunc`: the result replaces this tensor's content."""
def flatten(input: Tensor, start_dim: builtins.int = 0, end_dim: builtins.int = -1) -> Tensor:
    """The dimensions from ``start_dim`` to ``end_dim``, both included, made into one."""
def flip(input: Tensor, dims: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """``input`` with the order of elements reversed along ``dims``, as a copy."""
def fliplr(input: Tensor) -> Tensor:
    """`torch.flip` along the second dimension: left and right exchanged."""
def flipud(input: Tensor) -> Tensor:
    """`torch.flip` along the first dimension: up and down exchanged."""
def float_power(input: Any, exponent: Any, *, out: Tensor | None = None) -> Tensor:
    """`pow` in double precision: the result is float64 or complex128."""
def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest whole number that is not above each element."""
def floor_(input: Tensor) -> Tensor:
    """In-place form of `floor`: the result replaces this tensor's content."""
def floor_divide(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The quotient rounded down: ``input // other``. Use ``div(rounding_mode="floor")`` to differentiate."""
def fmax(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The larger of two elements, broadcast; of a nan and a number, the number. Not for complex tensors."""
def fmin(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two elements, broadcast; of a nan and a number, the number. Not for complex tensors."""
def fmod(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The remainder of a division rounded towards zero, which has the sign of ``input``."""
def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The fraction of each element, with its sign."""
def frac_(input: Tensor) -> Tensor:
    """In-place form of `frac`: the result replaces this tensor's content."""
def frexp(input: Tensor, *, out: Any = None) -> Any:
    """Each element as ``mantissa * 2**exponent`` with the mantissa's size in [0.5, 1): a named tuple of the two."""
def from_numpy(array: _ndarray) -> Tensor:
    """A tensor over the memory of a NumPy array: changes to one are seen in the other."""
def frombuffer(buffer: Any, *, dtype: Any, count: builtins.int = -1, offset: builtins.int = 0, requires_grad: builtins.bool = False) -> Tensor:
    """A 1-d tensor over the memory of ``buffer``: ``count`` elements of ``dtype`` from byte ``offset`` on, all with -1."""
def full(size: Any, fill_value: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """A tensor of ``size`` filled with one value, whose type decides the dtype where none is given."""
def full_like(input: Tensor, fill_value: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.full` with the shape of ``input``, and its dtype unless one is given."""
def gather(input: Tensor, dim: builtins.int, index: Tensor, *, sparse_grad: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """The elements at ``index`` along ``dim``: ``out[i, j] = input[index[i, j], j]`` for ``dim`` 0."""
def gcd(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisor of two integers, not negative; that of 0 and 0 is 0."""
def ge(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def geqrf(input: Tensor, *, out: Any = None) -> Any:
    """R above, and below the vectors of the reflections whose product is Q, with their factors tau: LAPACK's ``geqrf``."""
def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of each element of one vector (n,) with each of another (m,): (n, m)."""
def get_device(input: Tensor) -> builtins.int:
    """The number of the device that ``input`` lies on: -1, which stands for the CPU."""
def get_rng_state() -> Tensor:
    """The default generator's state as a tensor of bytes."""
def gradient(input: Tensor, *, spacing: Any = None, dim: Any = None, edge_order: builtins.int = 1) -> builtins.tuple[Tensor, ...]:
    """The derivatives of a function along each dimension (or those in ``dim``) from its values at points."""
def greater(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def greater_equal(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: builtins.int, padding_mode: builtins.int, align_corners: builtins.bool) -> Tensor:
    """`torch.nn.functional.grid_sample` with its modes as numbers, in the order in which they are named there."""
def grid_sampler_2d(input: Tensor, grid: Tensor, interpolation_mode: builtins.int, padding_mode: builtins.int, align_corners: builtins.bool) -> Tensor:
    """`torch.nn.functional.grid_sample` with its modes as numbers, in the order in which they are named there."""
def grid_sampler_3d(input: Tensor, grid: Tensor, interpolation_mode: builtins.int, padding_mode: builtins.int, align_corners: builtins.bool) -> Tensor:
    """`torch.nn.functional.grid_sample` with its modes as numbers, in the order in which they are named there."""
def group_norm(*args: Any, **kwargs: Any) -> Tensor:
    """`torch.nn.functional.group_norm` with the order of arguments ``input, num_groups, weight, bias, eps, cudnn_enabled``."""
def gru_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """One step of gated recurrent units; the rows of the weights are those of the reset, update and new gate."""
def gt(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def hamming_window(window_length: builtins.int, periodic: builtins.bool = True, alpha: builtins.float = 0.54, beta: builtins.float = 0.46, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: builtins.bool = False, requires_grad: builtins.bool = False) -> Tensor:
    """``alpha - beta * cos(2 pi t)`` for t from 0 to 1. ``periodic`` as in `hann_window`."""
def hann_window(window_length: builtins.int, periodic: builtins.bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: builtins.bool = False, requires_grad: builtins.bool = False) -> Tensor:
    """Half a cosine's period from 0 up to 1, and half a one down again."""
def hardshrink(input: Tensor, lambd: builtins.float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """Each element, 0 in the place of those between ``-lambd`` and ``lambd``."""
def hash_tensor(input: Tensor, dim: Any = (), *, keepdim: builtins.bool = False, mode: builtins.int = 0, out: Tensor | None = None) -> Tensor:
    """The exclusive or of the elements' bits as uint64, floats as float64: of all, or along ``dim``."""
def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 for negative elements, 1 for positive ones, ``values`` at 0."""
def histc(input: Tensor, bins: builtins.int = 100, min: Any = 0, max: Any = 0, *, out: Tensor | None = None) -> Tensor:
    """How many elements fall into each of ``bins`` bins of equal width between ``min`` and ``max``."""
def histogram(input: Tensor, bins: Any = 100, *, range: Any = None, weight: Tensor | None = None, density: builtins.bool = False, out: Any = None) -> Any:
    """How many elements fall into each bin, and the bins' edges. Only the last bin has its right edge to itself."""
def histogramdd(input: Tensor, bins: Any, range: Any = None, weight: Tensor | None = None, density: builtins.bool = False) -> Any:
    """`histogram` of points, whose coordinates are the last dimension: counts for each combination of bins."""
def hsplit(input: Tensor, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
    """`torch.tensor_split` along the second (of a vector: the only) dimension; the number of pieces must divide its size."""
def hstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined side by side: vectors end to end, others along the second dimension."""
def hypot(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``sqrt(input**2 + other**2)`` without overflow on the way. For floating-point tensors."""
def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, of each element."""
def i0_(input: Tensor) -> Tensor:
    """In-place form of `i0`: the result replaces this tensor's content."""
def igamma(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The regularized lower incomplete gamma function: the chance that a gamma variable is below ``other``."""
def igammac(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function: what `igamma` leaves to 1. Needs SciPy."""
def imag(input: Tensor) -> Tensor:
    """The imaginary part of a complex tensor, a view. Raises RuntimeError for a real one."""
def index_add(input: Tensor, dim: builtins.int, index: Tensor, source: Tensor, *, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``alpha * source`` added at the indices along ``dim``, as often as they occur."""
def index_copy(input: Tensor, dim: builtins.int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with the parts of ``source`` at the indices along ``dim``."""
def index_fill(input: Tensor, dim: builtins.int, index: Tensor, value: Any, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with one value at the indices along ``dim``."""
def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: builtins.bool = False) -> Tensor:
    """A copy of ``input`` with ``values`` at the places that the index tensors name, or added to them."""
def index_put_(self: Tensor, indices: Any, values: Tensor, accumulate: builtins.bool = False) -> Tensor:
    """In-place form of `torch.index_put`."""
def index_reduce(input: Tensor, dim: builtins.int, index: Tensor, source: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with the parts of ``source`` combined into it at the indices along ``dim``."""
def index_select(input: Tensor, dim: builtins.int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The parts of ``input`` at the indices along ``dim``, as a copy."""
def initial_seed() -> builtins.int:
    """The seed that the default generator's stream began with."""
def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sums of products along the last dimensions of both: (..., k) and (***, k) to (..., ***)."""
def instance_norm(*args: Any, **kwargs: Any) -> Tensor:
    """`torch.nn.functional.instance_norm` with the order of arguments ``input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled``."""
def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.inv` by its old name."""
def is_anomaly_check_nan_enabled() -> builtins.bool:
    """Whether anomaly detection refuses nan where it is on."""
def is_anomaly_enabled() -> builtins.bool:
    """Whether anomaly detection is on in this thread."""
def is_complex(input: Tensor) -> builtins.bool:
    """Whether the dtype is complex. Raises TypeError for what is no tensor."""
def is_conj(input: Tensor) -> builtins.bool:
    """Whether the elements are conjugates that `conj`, ``.mH``, ``.H`` or `adjoint` gave, and so cannot be written to."""
def is_floating_point(input: Tensor) -> builtins.bool:
    """Whether the dtype is one of the real floating-point dtypes, of whatever precision."""
def is_inference(input: Tensor) -> builtins.bool:
    """Whether ``input`` was made inside of `inference_mode`. Raises TypeError for what is no tensor."""
def is_neg(input: Tensor) -> builtins.bool:
    """False: negations are never put off here."""
def is_nonzero(input: Tensor) -> builtins.bool:
    """Whether the one number of ``input``, of whatever shape, is not zero: ``bool(input)``."""
def is_same_size(input: Tensor, other: Tensor) -> builtins.bool:
    """Whether two tensors have the same shape."""
def is_signed(input: Tensor) -> builtins.bool:
    """Whether the dtype has negative numbers. Raises TypeError for what is no tensor."""
def is_tensor(obj: Any) -> builtins.bool:
    """Whether ``obj`` is a tensor."""
def isclose(input: Tensor, other: Tensor, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Tensor:
    """Where ``|input - other| <= atol + rtol * |other|``, or both are the same infinity: a bool tensor."""
def isfinite(input: Tensor) -> Tensor:
    """Where elements are neither infinite nor nan: a bool tensor."""
def isin(elements: Any, test_elements: Any, *, assume_unique: builtins.bool = False, invert: builtins.bool = False, out: Tensor | None = None) -> Tensor:
    """For each of ``elements`` whether it is among ``test_elements``; either may be a number."""
def isinf(input: Tensor) -> Tensor:
    """Where elements are infinite, of either sign: a bool tensor."""
def isnan(input: Tensor) -> Tensor:
    """Where elements are not a number: a bool tensor."""
def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where elements are minus infinity: a bool tensor. Not for complex tensors."""
def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where elements are plus infinity: a bool tensor. Not for complex tensors."""
def isreal(input: Tensor) -> Tensor:
    """Where the imaginary part is zero: a bool tensor, all true for real dtypes."""
def istft(input: Tensor, n_fft: builtins.int, hop_length: builtins.int | None = None, win_length: builtins.int | None = None, window: Tensor | None = None, center: builtins.bool = True, normalized: builtins.bool = False, onesided: builtins.bool | None = None, length: builtins.int | None = None, return_complex: builtins.bool = False) -> Tensor:
    """The signal whose `stft` is ``input``, by least squares: frames are added up and divided by the windows' squares."""
def kaiser_window(window_length: builtins.int, periodic: builtins.bool = True, beta: builtins.float = 12.0, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: builtins.bool = False, requires_grad: builtins.bool = False) -> Tensor:
    """``i0(beta * sqrt(1 - (2 t - 1)**2)) / i0(beta)`` for t from 0 to 1. ``periodic`` as in `hann_window`."""
def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Kronecker product: each element of ``input`` times all of ``other``, as blocks."""
def kthvalue(input: Tensor, k: builtins.int, dim: builtins.int = -1, keepdim: builtins.bool = False, *, out: Any = None) -> Any:
    """The ``k``-th smallest element along ``dim``, counted from 1, and where it is."""
def layer_norm(*args: Any, **kwargs: Any) -> Tensor:
    """`torch.nn.functional.layer_norm` with the order of arguments ``input, normalized_shape, weight, bias, eps, cudnn_enable``."""
def lcm(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The least common multiple of two integers, not negative."""
def ldexp(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * 2**other``."""
def ldexp_(input: Any, other: Any) -> Tensor:
    """In-place form of `ldexp`: the result replaces this tensor's content."""
def le(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def lerp(input: Tensor, end: Tensor, weight: Any, *, out: Tensor | None = None) -> Tensor:
    """``input + weight * (end - input)``: on the way from ``input`` to ``end``; ``weight`` may be a number."""
def less(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def less_equal(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function of each element. Needs SciPy."""
def linspace(start: Any, end: Any, steps: builtins.int, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """``steps`` numbers evenly spaced from ``start`` to ``end``, both included."""
def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm of each element: nan for negative ones, minus infinity for 0."""
def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10 of each element."""
def log10_(input: Tensor) -> Tensor:
    """In-place form of `log10`: the result replaces this tensor's content."""
def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + x)`` of each element, precise for small ones."""
def log1p_(input: Tensor) -> Tensor:
    """In-place form of `log1p`: the result replaces this tensor's content."""
def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2 of each element."""
def log2_(input: Tensor) -> Tensor:
    """In-place form of `log2`: the result replaces this tensor's content."""
def log_(input: Tensor) -> Tensor:
    """In-place form of `log`: the result replaces this tensor's content."""
def log_softmax(input: Tensor, dim: builtins.int, dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of `softmax`, computed without leaving the logarithmic scale."""
def logaddexp(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``log(exp(input) + exp(other))`` without overflow on the way. Not for integers."""
def logaddexp2(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``log2(2**input + 2**other)`` without overflow on the way. For floating-point tensors."""
def logcumsumexp(input: Tensor, dim: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the running sum of exponentials along ``dim``, computed without overflow."""
def logdet(input: Tensor) -> Tensor:
    """The logarithm of each determinant: nan for a negative one, minus infinity for 0."""
def logical_and(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where both elements are non-zero: a bool tensor."""
def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where elements are zero: a bool tensor."""
def logical_or(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where at least one of two elements is non-zero: a bool tensor."""
def logical_xor(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where exactly one of two elements is non-zero: a bool tensor."""
def logit(input: Tensor, eps: builtins.float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``log(x / (1 - x))`` of each element, which with ``eps`` is first clamped to ``eps`` and ``1 - eps``."""
def logit_(input: Tensor, eps: builtins.float | None = None) -> Tensor:
    """In-place form of `logit`: the result replaces this tensor's content."""
def logspace(start: Any, end: Any, steps: builtins.int, base: builtins.float = 10.0, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """``base`` to the powers `torch.linspace(start, end, steps)`."""
def logsumexp(input: Tensor, dim: Any, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the sum of exponentials along ``dim`` (an int or several), computed without overflow."""
def lstm_cell(input: Tensor, hx: Any, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> builtins.tuple[Tensor, Tensor]:
    """One step of long short-term memory: (N, input) and the pair of states (N, hidden) to the next pair."""
def lt(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
def lu(A: Tensor, pivot: builtins.bool = True, get_infos: builtins.bool = False, *, out: Any = None) -> Any:
    """`torch.linalg.lu_factor` by its old name: factors and pivots, with ``get_infos`` also info; with PyTorch's warning."""
def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.lu_solve` by its old name, with PyTorch's warning."""
def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: builtins.bool = True, unpack_pivots: builtins.bool = True, *, out: Any = None) -> Any:
    """P, L and U from what `torch.linalg.lu_factor` gives; what is not to be unpacked is empty."""
def manual_seed(seed: Any) -> Generator:
    """Begin the default generator's stream of ``seed``: the same numbers as PyTorch's on the CPU."""
def masked_fill(input: Tensor, mask: Tensor, value: Any, *, out: Tensor | None = None) -> Tensor:
    """``input`` with ``value`` (a number or a 0-d tensor) where ``mask`` is true."""
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with the elements of ``source``, one after the other, where ``mask`` is True."""
def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where ``mask``, which is broadcast, is True, as a vector."""
def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product ``input @ other``."""
def matrix_exp(A: Tensor) -> Tensor:
    """The exponential 1 + A + A^2/2 + ... of each square matrix (..., n, n). Needs SciPy."""
def matrix_power(input: Tensor, n: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """The product of ``n`` copies of each matrix of a batch; of its inverse for a negative ``n``."""
def max(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, other: Any = None, out: Any = None) -> Any:
    """The largest element; with ``dim`` the largest along it and where it is; with a tensor the larger of
    each pair."""
def max_pool1d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False) -> Tensor:
    """`torch.nn.functional.max_pool1d` without indices."""
def max_pool2d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False) -> Tensor:
    """`torch.nn.functional.max_pool2d` without indices."""
def max_pool3d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False) -> Tensor:
    """`torch.nn.functional.max_pool3d` without indices."""
def maximum(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The larger of two elements, broadcast; a nan where either is one. Not for complex tensors."""
def mean(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all elements, or of those along ``dim``. Needs a floating-point or complex tensor."""
def median(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, out: Any = None) -> Any:
    """The median of all elements; with ``dim`` the medians along it and where they are. Nan where there is a
    nan."""
def meshgrid(*tensors: Any, indexing: builtins.str | None = None) -> builtins.tuple[Tensor, ...]:
    """The coordinates of a grid's points: for each vector a tensor of all of the grid, without copying."""
def min(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, other: Any = None, out: Any = None) -> Any:
    """The smallest element; with ``dim`` the smallest along it and where it is; with a tensor the smaller of
    each pair."""
def minimum(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two elements, broadcast; a nan where either is one. Not for complex tensors."""
def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices, (n, k) and (k, m) to (n, m), of one dtype; no batches, no vectors."""
def mode(input: Tensor, dim: builtins.int = -1, keepdim: builtins.bool = False, *, out: Any = None) -> Any:
    """The most frequent element along ``dim``, the smallest of several, and where it occurs last."""
def moveaxis(input: Tensor, source: Any, destination: Any) -> Tensor:
    """The dimensions ``source`` (an int or several) moved to ``destination``; the others keep their order."""
def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """The dimensions ``source`` (an int or several) moved to ``destination``; the others keep their order."""
def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in ascending order along the first dimension."""
def mul(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * other``, element by element, broadcast; ``other`` may be a number."""
def multinomial(input: Tensor, num_samples: builtins.int, replacement: builtins.bool = False, *, generator: Generator | None = None, out: Tensor | None = None) -> Tensor:
    """Indices drawn with the (unnormalised) probabilities in ``input``: a vector, or one row for each draw."""
def multiply(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * other``, element by element, broadcast; ``other`` may be a number."""
def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of a matrix (n, k) and a vector (k,), of one dtype."""
def mvlgamma(input: Tensor, p: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension ``p`` at each element. Needs SciPy."""
def nan_to_num(input: Tensor, nan: builtins.float | None = None, posinf: builtins.float | None = None, neginf: builtins.float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``input`` with nans replaced by ``nan`` (0), infinities by ``posinf`` and ``neginf`` (the type's limits)."""
def nan_to_num_(input: Tensor, nan: builtins.float | None = None, posinf: builtins.float | None = None, neginf: builtins.float | None = None) -> Tensor:
    """In-place form of `nan_to_num`: the result replaces this tensor's content."""
def nanmean(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The mean of all elements, or of those along ``dim``, that are not nan; nan where there are none."""
def nanmedian(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, out: Any = None) -> Any:
    """`median` of the elements that are not nan; nan where all are."""
def nanquantile(input: Tensor, q: Any, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, interpolation: builtins.str = 'linear', out: Tensor | None = None) -> Tensor:
    """`quantile` of the elements that are not nan; nan where all are."""
def nansum(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The sum of all elements, or of those along ``dim``, counting nan as zero."""
def narrow(input: Tensor, dim: builtins.int, start: Any, length: builtins.int) -> Tensor:
    """The ``length`` elements from ``start`` on along ``dim``."""
def narrow_copy(input: Tensor, dim: builtins.int, start: Any, length: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """`narrow` with memory of its own, which no write to the input reaches."""
def native_batch_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None, training: builtins.bool, momentum: builtins.float, eps: builtins.float, *, out: Any = None) -> builtins.tuple[Tensor, Tensor, Tensor]:
    """`batch_norm`, the batch's means and reciprocal deviations, which have no derivative; empty ones when not training."""
def native_group_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, N: builtins.int, C: builtins.int, HxW: builtins.int, group: builtins.int, eps: builtins.float) -> builtins.tuple[Tensor, Tensor, Tensor]:
    """`group_norm` of ``N`` items with ``C`` channels of ``HxW`` elements; means and reciprocal deviations, (N, group)."""
def native_layer_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None, bias: Tensor | None, eps: builtins.float) -> builtins.tuple[Tensor, Tensor, Tensor]:
    """`layer_norm`, the items' means and their reciprocal deviations, which have no derivative."""
def ne(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where elements differ: a bool tensor. ``other`` may be a number."""
def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input``, element by element; unsigned integers wrap around."""
def neg_(input: Tensor) -> Tensor:
    """In-place form of `neg`: the result replaces this tensor's content."""
def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input``, element by element; unsigned integers wrap around."""
def negative_(input: Tensor) -> Tensor:
    """In-place form of `neg`: the result replaces this tensor's content."""
def nextafter(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The next floating-point number after each element, towards ``other``."""
def nonzero(input: Tensor, *, as_tuple: builtins.bool = False, out: Any = None) -> Any:
    """The indices of the elements that are not zero: a row for each, or with ``as_tuple`` a vector for each dimension."""
def nonzero_static(input: Tensor, *, size: builtins.int, fill_value: builtins.int = -1, out: Tensor | None = None) -> Tensor:
    """`nonzero` with ``size`` rows, whatever the content: what is too much is left out, what is missing ``fill_value``."""
def norm(input: Tensor, p: Any = 'fro', dim: Any = None, keepdim: builtins.bool = False, out: Any = None, dtype: Any = None) -> Tensor:
    """The norm of order ``p`` of all elements as one vector, or of the vectors along ``dim``; see
    `vector_norm`."""
def norm_except_dim(v: Tensor, pow: builtins.int = 2, dim: builtins.int = 0) -> Tensor:
    """The ``pow``-norm of each slice of ``v`` along ``dim``, as a tensor to broadcast with it; of all for dim=-1."""
def normal(mean: Any, std: Any = 1.0, size: Any = None, *, generator: Generator | None = None, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
    """Normal numbers: with tensors for ``mean`` or ``std`` (one draw for each element), or with numbers and ``size``."""
def not_equal(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """Where elements differ: a bool tensor. ``other`` may be a number."""
def numel(input: Tensor) -> builtins.int:
    """The number of elements of ``input``."""
def ones(*args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None, memory_format: Any = None) -> Tensor:
    """A tensor of the given size filled with ones."""
def ones_like(input: Tensor, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.ones` with the shape of ``input``, and its dtype unless one is given."""
def orgqr(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`torch.linalg.householder_product` by LAPACK's name."""
def ormqr(input: Tensor, tau: Tensor, other: Tensor, left: builtins.bool = True, transpose: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
    """``Q @ other`` (``left=False``: ``other @ Q``) for the product Q of all reflections in ``input`` and ``tau``."""
def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of each element of one vector (n,) with each of another (m,): (n, m)."""
def pairwise_distance(x1: Tensor, x2: Tensor, p: builtins.float = 2.0, eps: builtins.float = 1e-06, keepdim: builtins.bool = False) -> Tensor:
    """The p-norm of ``x1 - x2 + eps`` along the last dimension."""
def pca_lowrank(A: Tensor, q: builtins.int | None = None, center: builtins.bool = True, niter: builtins.int = 2) -> Any:
    """`svd_lowrank` of a matrix (..., m, n) of m samples: the principal components of the n columns."""
def pdist(input: Tensor, p: builtins.float = 2.0) -> Tensor:
    """The p-norm distances of the rows of ``input`` (n, k) from each other: (n (n - 1) / 2,), those of the first row first."""
def permute(input: Tensor, dims: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """``input`` with its dimensions in another order."""
def permute_copy(input: Tensor, dims: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """`permute` with memory of its own, which no write to the input reaches."""
def pinverse(input: Tensor, rcond: builtins.float = 1e-15) -> Tensor:
    """`torch.linalg.pinv` by its old name, with singular values up to ``rcond`` times the largest for zero."""
def pixel_shuffle(input: Tensor, upscale_factor: builtins.int) -> Tensor:
    """(..., C · r², H, W) as (..., C, H · r, W · r): each pixel's channels become r × r pixels (Shi et al., 2016)."""
def pixel_unshuffle(input: Tensor, downscale_factor: builtins.int) -> Tensor:
    """(..., C, H · r, W · r) as (..., C · r², H, W): `pixel_shuffle` undone."""
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Poisson numbers with the rates in ``input``."""
def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from their sizes and angles, two tensors of one floating-point dtype."""
def polygamma(n: builtins.int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The ``n``-th derivative of `digamma` at each element. Needs SciPy; RuntimeError for a negative ``n``."""
def positive(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``+input``: the tensor itself. Raises RuntimeError for bools."""
def pow(input: Any, exponent: Any, *, out: Tensor | None = None) -> Tensor:
    """``input ** exponent``, element by element, broadcast; one of the two may be a number."""
def prelu(input: Tensor, weight: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`leaky_relu` with slopes that can be learned: one for all, or one for each channel (dimension 1)."""
def prod(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None, out: Tensor | None = None) -> Tensor:
    """The product of all elements, or of those along the dimension ``dim``. Bools and integers give int64."""
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: builtins.bool = False) -> Tensor:
    """A copy of ``input`` with the elements of ``source`` at places counted in C order, or added to what is there."""
def qr(input: Tensor, some: builtins.bool = True, *, out: Any = None) -> Any:
    """`torch.linalg.qr` by its old name, with PyTorch's warning; ``some=False`` is its mode "complete"."""
def quantile(input: Tensor, q: Any, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, interpolation: builtins.str = 'linear', out: Tensor | None = None) -> Tensor:
    """The ``q``-quantiles of all elements, or of those along ``dim``; nan where there is a nan."""
def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Angles in radians as degrees."""
def rad2deg_(input: Tensor) -> Tensor:
    """In-place form of `rad2deg`: the result replaces this tensor's content."""
def rand(*args: Any, size: Any = None, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """Numbers uniform in [0, 1)."""
def rand_like(input: Tensor, *, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.rand` with the shape of ``input``, and its dtype unless one is given."""
def randint(low: Any = None, high: Any = None, size: Any = None, *, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """Whole numbers from ``low`` (0 where only one bound is given) up to, without, ``high``, in the shape of ``size``."""
def randint_like(input: Tensor, low: Any, high: Any = None, *, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.randint` with the shape of ``input``, and its dtype unless one is given."""
def randn(*args: Any, size: Any = None, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """Normal numbers of mean 0 and variance 1."""
def randn_like(input: Tensor, *, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.randn` with the shape of ``input``, and its dtype unless one is given."""
def randperm(n: builtins.int, *, generator: Generator | None = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """The numbers from 0 to ``n - 1`` in random order."""
def range(start: Any, end: Any, step: Any = 1, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None) -> Tensor:
    """Numbers from ``start`` up to, and with, ``end``: the old form of `arange`, which warns."""
def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension: a view where possible, else a copy."""
def real(input: Tensor) -> Tensor:
    """The real part of a complex tensor, a view; a real tensor itself."""
def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """One over each element; integers become floats."""
def reciprocal_(input: Tensor) -> Tensor:
    """In-place form of `reciprocal`: the result replaces this tensor's content."""
def relu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element, or 0 where it is negative. The derivative at 0 is 0."""
def relu_(input: Tensor) -> Tensor:
    """In-place form of `relu`: the result replaces this tensor's content."""
def remainder(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The remainder of a division rounded down: ``input % other``, which has the sign of ``other``."""
def renorm(input: Tensor, p: Any, dim: builtins.int, maxnorm: Any, *, out: Tensor | None = None) -> Tensor:
    """``input`` with each part along ``dim`` whose p-norm exceeds ``maxnorm`` scaled down to that."""
def repeat_interleave(input: Tensor, repeats: Any = None, dim: builtins.int | None = None, *, output_size: builtins.int | None = None) -> Tensor:
    """Each part of ``input`` along ``dim`` (by default each element) repeated so often, one after the other."""
def reshape(input: Tensor, shape: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """``input`` with another shape: a view where its elements lie so that it can be one, else a copy."""
def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``input.resize_(the_template.shape)``."""
def resolve_conj(input: Tensor) -> Tensor:
    """The same elements in memory that can be written to: a copy where `is_conj`, else the tensor itself."""
def resolve_neg(input: Tensor) -> Tensor:
    """The tensor itself: negations are never put off here."""
def result_type(tensor1: Any, tensor2: Any) -> _dtype:
    """The dtype that an operation on two tensors or numbers computes in."""
def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: builtins.float | None = None) -> Tensor:
    """Each item divided by the root of its mean square over the last dimensions, which ``normalized_shape`` names."""
def rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """``relu(w_ih input + b_ih + w_hh hx + b_hh)``; see `rnn_tanh_cell`."""
def rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """``tanh(w_ih input + b_ih + w_hh hx + b_hh)``: (N, input) and the state (N, hidden) to the next state."""
def roll(input: Tensor, shifts: Any, dims: Any = ()) -> Tensor:
    """``input`` shifted along ``dims``; what leaves at one end comes in at the other. Without ``dims``, as a vector."""
def rot90(input: Tensor, k: builtins.int = 1, dims: Any = (0, 1)) -> Tensor:
    """``input`` turned by ``k`` right angles in the plane of two dimensions, from the first towards the second."""
def round(input: Tensor, *, decimals: builtins.int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest whole number to each element, the even one where two are equally near."""
def round_(input: Tensor, *, decimals: builtins.int = 0) -> Tensor:
    """In-place form of `round`: the result replaces this tensor's content."""
def row_stack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined as rows, along the first dimension."""
def rrelu(input: Tensor, lower: builtins.float = 0.125, upper: builtins.float = 0.3333333333333333, training: builtins.bool = False) -> Tensor:
    """`leaky_relu` with slopes drawn anew for each negative element, uniform between the bounds."""
def rrelu_(input: Tensor, lower: builtins.float = 0.125, upper: builtins.float = 0.3333333333333333, training: builtins.bool = False) -> Tensor:
    """In-place form of `rrelu`."""
def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """One over the square root of each element."""
def rsqrt_(input: Tensor) -> Tensor:
    """In-place form of `rsqrt`: the result replaces this tensor's content."""
def rsub(input: Tensor, other: Any, *, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """``other - alpha * input``: subtraction with the operands exchanged."""
def scalar_tensor(s: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """A 0-d tensor of the default dtype (or ``dtype``) with the value ``s``."""
def scatter(input: Tensor, dim: builtins.int, index: Tensor, src: Any = ..., *, value: Any = ..., reduce: builtins.str | None = None, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` (a tensor, or one number) at ``index`` along ``dim``."""
def scatter_add(input: Tensor, dim: builtins.int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` added at ``index`` along ``dim``, as often as a place is named."""
def scatter_reduce(input: Tensor, dim: builtins.int, index: Tensor, src: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` combined into it at ``index`` along ``dim``."""
def searchsorted(sorted_sequence: Tensor, input: Any, *, out_int32: builtins.bool = False, right: builtins.bool = False, side: builtins.str | None = None, sorter: Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """Where each value of ``input`` would be inserted into the sorted last dimension of ``sorted_sequence``."""
def seed() -> builtins.int:
    """Begin a stream that nobody can foresee; returns its seed."""
def segment_reduce(data: Tensor, reduce: builtins.str, *, lengths: Tensor | None = None, indices: Tensor | None = None, offsets: Tensor | None = None, axis: builtins.int = 0, unsafe: builtins.bool = False, initial: Any = None) -> Tensor:
    """Each segment of ``data`` along ``axis`` reduced to one element: "sum", "mean", "max", "min" or "prod"."""
def select(input: Tensor, dim: builtins.int, index: builtins.int) -> Tensor:
    """The part of ``input`` at ``index`` along ``dim``, which goes."""
def select_copy(input: Tensor, dim: builtins.int, index: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """`select` with memory of its own, which no write to the input reaches."""
def select_scatter(input: Tensor, src: Tensor, dim: builtins.int, index: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of ``input.select(dim, index)``."""
def selu(input: Tensor) -> Tensor:
    """`elu` scaled so that normal inputs keep mean 0 and variance 1. (Klambauer et al. 2017, arXiv:1706.02515.)"""
def selu_(input: Tensor) -> Tensor:
    """In-place form of `selu`."""
def set_anomaly_enabled(mode: builtins.bool, check_nan: builtins.bool = True) -> None:
    """Switch anomaly detection on or off in this thread; see `torch.autograd.set_detect_anomaly`."""
def set_default_tensor_type(t: Any) -> None:
    """Make the dtype of ``t``, a type of tensors or its name, the default: the old form of
    `set_default_dtype`. Warns so, once."""
def set_rng_state(new_state: Tensor) -> None:
    """Put the default generator into a state that `get_rng_state` gave."""
def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The direction of each element: ``x / |x|``, and 0 for 0. For real numbers their `sign`."""
def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logistic function ``1 / (1 + exp(-x))`` of each element."""
def sigmoid_(input: Tensor) -> Tensor:
    """In-place form of `sigmoid`: the result replaces this tensor's content."""
def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1 for each element. Not for complex tensors, which have `sgn`."""
def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where the sign bit is set, also that of minus zero: a bool tensor. Not for complex tensors."""
def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sine of each element, an angle in radians."""
def sin_(input: Tensor) -> Tensor:
    """In-place form of `sin`: the result replaces this tensor's content."""
def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(pi x) / (pi x)`` of each element, 1 at 0."""
def sinc_(input: Tensor) -> Tensor:
    """In-place form of `sinc`: the result replaces this tensor's content."""
def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic sine of each element."""
def sinh_(input: Tensor) -> Tensor:
    """In-place form of `sinh`: the result replaces this tensor's content."""
def slice_copy(input: Tensor, dim: builtins.int = 0, start: builtins.int | None = None, end: builtins.int | None = None, step: builtins.int = 1, *, out: Tensor | None = None) -> Tensor:
    """`slice` with memory of its own, which no write to the input reaches."""
def slice_scatter(input: Tensor, src: Tensor, dim: builtins.int = 0, start: builtins.int | None = None, end: builtins.int | None = None, step: builtins.int = 1, *, out: Tensor | None = None) -> Tensor:
    """A copy of ``input`` with ``src`` in the place of the slice ``start:end:step`` along ``dim``."""
def slogdet(input: Tensor, *, out: Any = None) -> Any:
    """`torch.linalg.slogdet` by its old name."""
def softmax(input: Tensor, dim: builtins.int, dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """``exp(x)`` divided by its sum along ``dim``: positive numbers that sum to one."""
def sort(input: Tensor, dim: builtins.int = -1, descending: builtins.bool = False, *, stable: builtins.bool | None = None, out: Any = None) -> Any:
    """The elements in ascending order along ``dim``, and where each of them was. A nan is larger than every
    number."""
def split(tensor: Tensor, split_size_or_sections: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """``tensor`` taken apart along ``dim``: into pieces of one size (the last may be smaller), or of the sizes listed."""
def split_copy(tensor: Tensor, split_size_or_sections: Any, dim: builtins.int = 0, *, out: Any = None) -> builtins.tuple[Tensor, ...]:
    """`split` with memory of its own, which no write to the input reaches."""
def split_with_sizes(input: Tensor, split_sizes: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """``input`` taken apart into pieces of the given sizes along ``dim``."""
def split_with_sizes_copy(input: Tensor, split_sizes: Any, dim: builtins.int = 0, *, out: Any = None) -> builtins.tuple[Tensor, ...]:
    """`split_with_sizes` with memory of its own, which no write to the input reaches."""
def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, k) and (k, m) to (n, m), of one dtype; no batches, no vectors."""
def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square root of each element: nan for negative ones. Its derivative at 0 is infinite."""
def sqrt_(input: Tensor) -> Tensor:
    """In-place form of `sqrt`: the result replaces this tensor's content."""
def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element times itself."""
def square_(input: Tensor) -> Tensor:
    """In-place form of `square`: the result replaces this tensor's content."""
def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """``input`` without its dimensions of size one: all of them, or those in ``dim`` (an int or several)."""
def squeeze_copy(input: Tensor, dim: Any = None, *, out: Tensor | None = None) -> Tensor:
    """`squeeze` with memory of its own, which no write to the input reaches."""
def stack(tensors: Any, dim: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape joined along a new dimension ``dim``."""
def std(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None, out: Tensor | None = None) -> Tensor:
    """The standard deviation of all elements, or of those along ``dim``: the square root of `var`."""
def std_mean(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None) -> builtins.tuple[Tensor, Tensor]:
    """The standard deviation and the mean of all elements, or of those along ``dim``; see `std`."""
def stft(input: Tensor, n_fft: builtins.int, hop_length: builtins.int | None = None, win_length: builtins.int | None = None, window: Tensor | None = None, center: builtins.bool = True, pad_mode: builtins.str = 'reflect', normalized: builtins.bool = False, onesided: builtins.bool | None = None, return_complex: builtins.bool | None = None, align_to_window: builtins.bool | None = None) -> Tensor:
    """The spectra of frames of ``n_fft`` elements that start ``hop_length`` (a quarter of that) apart: (..., frequency, frame)."""
def sub(input: Any, other: Any, *old: Any, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """``input - alpha * other``, broadcast; ``other`` may be a number."""
def subtract(input: Any, other: Any, *old: Any, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """``input - alpha * other``, broadcast; ``other`` may be a number."""
def sum(input: Tensor, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all elements, or of those along ``dim`` (an int or several)."""
def svd(input: Tensor, some: builtins.bool = True, compute_uv: builtins.bool = True, *, out: Any = None) -> Any:
    """U, S and V with ``input = U @ diag(S) @ V.mH``; `torch.linalg.svd` has taken its place, which gives ``V.mH``."""
def svd_lowrank(A: Tensor, q: builtins.int | None = 6, niter: builtins.int | None = 2, M: Tensor | None = None) -> Any:
    """U, S and V with ``A`` nearly ``U @ diag(S) @ V.mH``, of ``q`` singular values: for A (..., m, n) of about that rank."""
def swapaxes(input: Tensor, axis0: builtins.int, axis1: builtins.int) -> Tensor:
    """`torch.transpose` by its NumPy name."""
def swapdims(input: Tensor, dim0: builtins.int, dim1: builtins.int) -> Tensor:
    """`torch.transpose` by another name."""
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; a vector or a number as it is."""
def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`t` with memory of its own, which no write to the input reaches."""
def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements of ``input``, seen as a vector, at the indices; with the shape of ``index``."""
def take_along_dim(input: Tensor, indices: Tensor, dim: builtins.int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements at ``indices`` along ``dim``, where both are broadcast in the other dimensions; what ``argsort`` and
    ``argmax(keepdim=True)`` return fits. Without ``dim``, from all elements."""
def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tangent of each element, an angle in radians."""
def tan_(input: Tensor) -> Tensor:
    """In-place form of `tan`: the result replaces this tensor's content."""
def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent of each element."""
def tanh_(input: Tensor) -> Tensor:
    """In-place form of `tanh`: the result replaces this tensor's content."""
def tensor(data: Any, *, dtype: _dtype | None = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
    """A new tensor with a copy of ``data``: a number, nested lists, an array, a tensor."""
def tensor_split(input: Tensor, indices_or_sections: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """``input`` taken apart along ``dim``: into so many pieces whose sizes differ by one at most, or at the indices."""
def tensordot(a: Tensor, b: Tensor, dims: Any = 2, *, out: Tensor | None = None) -> Tensor:
    """The sum of products over some dimensions of ``a`` and as many of ``b``."""
def threshold(input: Tensor, threshold: builtins.float, value: builtins.float, *, out: Tensor | None = None) -> Tensor:
    """Each element that is larger than ``threshold``, ``value`` in the place of the others."""
def threshold_(input: Tensor, threshold: builtins.float, value: builtins.float) -> Tensor:
    """In-place form of `threshold`."""
def tile(input: Tensor, dims: Sequence[builtins.int], *, out: Tensor | None = None) -> Tensor:
    """`Tensor.repeat` that takes fewer numbers than dimensions: they are for the last ones."""
def topk(input: Tensor, k: builtins.int, dim: builtins.int = -1, largest: builtins.bool = True, sorted: builtins.bool = True, *, out: Any = None) -> Any:
    """The ``k`` largest elements along ``dim`` (smallest with ``largest=False``) and where they are, in
    order."""
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""
def transpose(input: Tensor, dim0: builtins.int, dim1: builtins.int) -> Tensor:
    """``input`` with two dimensions exchanged."""
def transpose_copy(input: Tensor, dim0: builtins.int, dim1: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """`transpose` with memory of its own, which no write to the input reaches."""
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: builtins.int = -1) -> Tensor:
    """The integral along ``dim`` of samples ``y`` at the places ``x``, or ``dx`` (1) apart, by the
    trapezoidal rule."""
def trapz(y: Tensor, x: Tensor | None = None, *, dx: Any = None, dim: builtins.int = -1) -> Tensor:
    """The integral along ``dim`` of samples ``y`` at the places ``x``, or ``dx`` (1) apart, by the
    trapezoidal rule."""
def triangular_solve(b: Tensor, A: Tensor, upper: builtins.bool = True, transpose: builtins.bool = False, unitriangular: builtins.bool = False, *, out: Any = None) -> Any:
    """`torch.linalg.solve_triangular` by its old name: the solution, and a copy of A; with PyTorch's warning."""
def tril(input: Tensor, diagonal: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """The part of a matrix, or of each in a batch, on and below a diagonal; zeros elsewhere."""
def tril_indices(row: builtins.int, col: builtins.int, offset: builtins.int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None) -> Tensor:
    """The indices of the elements of a ``row`` by ``col`` matrix on and below a diagonal: rows, then columns."""
def triu(input: Tensor, diagonal: builtins.int = 0, *, out: Tensor | None = None) -> Tensor:
    """The part of a matrix, or of each in a batch, on and above a diagonal; zeros elsewhere."""
def triu_indices(row: builtins.int, col: builtins.int, offset: builtins.int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None) -> Tensor:
    """The indices of the elements of a ``row`` by ``col`` matrix on and above a diagonal: rows, then columns."""
def true_divide(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    ...
def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element without its fraction, rounded towards zero."""
def trunc_(input: Tensor) -> Tensor:
    """In-place form of `trunc`: the result replaces this tensor's content."""
def unbind(input: Tensor, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """The parts of ``input`` at each index along ``dim``."""
def unbind_copy(input: Tensor, dim: builtins.int = 0, *, out: Any = None) -> builtins.tuple[Tensor, ...]:
    """`unbind` with memory of its own, which no write to the input reaches."""
def unflatten(input: Tensor, dim: builtins.int, sizes: Any) -> Tensor:
    """Dimension ``dim`` split into several, one of whose sizes may be -1."""
def unfold_copy(self: Tensor, dimension: builtins.int, size: builtins.int, step: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """`unfold` with memory of its own, which no write to the input reaches."""
def unique(input: Tensor, sorted: builtins.bool = True, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: builtins.int | None = None) -> Any:
    """The distinct elements in ascending order, or the distinct slices along ``dim`` in lexicographic order."""
def unique_consecutive(input: Tensor, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: builtins.int | None = None) -> Any:
    """The first element of every run of equal neighbours, of the flattened tensor or of slices along ``dim``."""
def unravel_index(indices: Tensor, shape: Any) -> builtins.tuple[Tensor, ...]:
    """The coordinates, one tensor for each dimension, of elements of a tensor of ``shape`` that are counted in C order."""
def unsafe_chunk(input: Tensor, chunks: builtins.int, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """`chunk` with memory of its own, which no write to the input reaches."""
def unsafe_split(tensor: Tensor, split_size_or_sections: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """`split` with memory of its own, which no write to the input reaches."""
def unsafe_split_with_sizes(input: Tensor, split_sizes: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
    """`split_with_sizes` with memory of its own, which no write to the input reaches."""
def unsqueeze(input: Tensor, dim: builtins.int) -> Tensor:
    """A dimension of size one put in before dimension ``dim``."""
def unsqueeze_copy(input: Tensor, dim: builtins.int, *, out: Tensor | None = None) -> Tensor:
    """`unsqueeze` with memory of its own, which no write to the input reaches."""
def vander(x: Tensor, N: builtins.int | None = None, increasing: builtins.bool = False) -> Tensor:
    """The powers x^(N-1), ... x, 1 of each element, or increasing: (n,) to (n, N). N: n if not given."""
def var(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None, out: Tensor | None = None) -> Tensor:
    """The variance of all elements, or of those along ``dim``: Σ |x − mean|² / max(0, n − correction)."""
def var_mean(input: Tensor, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None) -> builtins.tuple[Tensor, Tensor]:
    """The variance and the mean of all elements, or of those along ``dim``; see `var`."""
def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors of one dtype, the first conjugated."""
def view_as_complex(input: Tensor) -> Tensor:
    """A real tensor whose last dimension is two as a complex one: real and imaginary parts. A view."""
def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_complex` with memory of its own, which no write to the input reaches."""
def view_as_real(input: Tensor) -> Tensor:
    """A complex tensor as a real one with a last dimension of two: real and imaginary parts. A view."""
def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_real` with memory of its own, which no write to the input reaches."""
def view_copy(self: Tensor, *size: Any, out: Tensor | None = None, **kwargs: Any) -> Tensor:
    """`view` with memory of its own, which no write to the input reaches."""
def vsplit(input: Tensor, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
    """`torch.tensor_split` along the first dimension; the number of pieces must divide its size."""
def vstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined as rows, along the first dimension."""
def where(condition: Any, input: Any = ..., other: Any = ..., *, out: Any = None) -> Any:
    """``input`` where ``condition`` is true, else ``other``; all broadcast. Without them: `nonzero` as a tuple."""
def xlogy(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """``input * log(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number."""
def xlogy_(input: Any, other: Any) -> Tensor:
    """In-place form of `xlogy`: the result replaces this tensor's content."""
def zero_(self: Tensor) -> Tensor:
    """Overwrite all elements with zero."""
def zeros(*args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, out: Any = None, memory_format: Any = None) -> Tensor:
    """A tensor of the given size filled with zeros."""
def zeros_like(input: Tensor, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, memory_format: Any = None, pin_memory: builtins.bool = False) -> Tensor:
    """`torch.zeros` with the shape of ``input``, and its dtype unless one is given."""
