"""The methods and properties that operations give to tensors.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from numpy import ndarray as _ndarray
from typing import Any
from typing import NoReturn
from typing import overload
import builtins
from .._core.device import device as _device
from .._core.dtypes import dtype as _dtype
from .._core.graph import RemovableHandle
from .._core.layout import layout as _layout
from .._core.random.generator import Generator
from .._core.tensor import Tensor

class Methods:
    @property
    def H(self) -> Tensor:
        """``x.H``: the conjugate transpose of a matrix."""
    @property
    def T(self) -> Tensor:
        """``x.T``: the dimensions in reverse order."""
    def __abs__(self) -> Tensor:
        """The absolute value of each element: of a complex one, its modulus, which is real."""
    def __add__(self, other: Any) -> Tensor:
        ...
    def __and__(self, other: Any) -> Tensor:
        """The bits set in both of two integers (``&``); of bools, whether both are true."""
    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> _ndarray:
        ...
    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: builtins.bool = False) -> Tensor:
        """What NumPy makes of its result where a tensor was an operand: ``x + array``, ``np.sin(x)``."""
    def __bool__(self) -> builtins.bool:
        ...
    def __complex__(self) -> Any:
        ...
    def __contains__(self, element: Any) -> builtins.bool:
        """``element in x``: whether any element equals it."""
    def __deepcopy__(self, memo: builtins.dict[builtins.int, Any]) -> Tensor:
        ...
    def __div__(self, other: Any) -> Tensor:
        ...
    def __eq__(self, other: Any) -> Tensor:  # type: ignore[override]
        ...
    def __float__(self) -> Any:
        ...
    def __floordiv__(self, other: Any) -> Tensor:
        """The quotient rounded down: ``input // other``. Use ``div(rounding_mode="floor")`` to differentiate."""
    def __format__(self, spec: builtins.str) -> builtins.str:
        ...
    def __ge__(self, other: Any) -> Tensor:
        """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def __getitem__(self, index: Any) -> Tensor:
        """``x[index]``: a view for ints, slices, None and ``...``; a copy where tensors, lists or masks are among them."""
    def __gt__(self, other: Any) -> Tensor:
        """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def __iadd__(self, other: Any) -> Tensor:
        """In-place form of `add`: the result replaces this tensor's content."""
    def __iand__(self, other: Any) -> Tensor:
        """In-place form of `bitwise_and`: the result replaces this tensor's content."""
    def __idiv__(self, other: Any) -> Tensor:
        """In-place form of `div`: the result replaces this tensor's content."""
    def __ifloordiv__(self, other: Any) -> Tensor:
        """In-place form of `floordivide`: the result replaces this tensor's content."""
    def __ilshift__(self, other: Any) -> Tensor:
        """In-place form of `bitwise_left_shift`: the result replaces this tensor's content."""
    def __imod__(self, other: Any) -> Tensor:
        """In-place form of `remainder`: the result replaces this tensor's content."""
    def __imul__(self, other: Any) -> Tensor:
        """In-place form of `mul`: the result replaces this tensor's content."""
    def __index__(self) -> builtins.int:
        ...
    def __int__(self) -> Any:
        ...
    def __invert__(self) -> Tensor:
        ...
    def __ior__(self, other: Any) -> Tensor:
        """In-place form of `bitwise_or`: the result replaces this tensor's content."""
    def __ipow__(self, exponent: Any) -> Tensor:
        """In-place form of `pow`: the result replaces this tensor's content."""
    def __irshift__(self, other: Any) -> Tensor:
        """In-place form of `bitwise_right_shift`: the result replaces this tensor's content."""
    def __isub__(self, other: Any) -> Tensor:
        """In-place form of `sub`: the result replaces this tensor's content."""
    def __iter__(self) -> Iterator[Tensor]:
        ...
    def __itruediv__(self, other: Any) -> Tensor:
        """In-place form of `div`: the result replaces this tensor's content."""
    def __ixor__(self, other: Any) -> Tensor:
        """In-place form of `bitwise_xor`: the result replaces this tensor's content."""
    def __le__(self, other: Any) -> Tensor:
        """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def __len__(self) -> builtins.int:
        ...
    def __lshift__(self, other: Any) -> Tensor:
        """The bits of ``input`` moved up by ``other`` places (``<<``); 0 where that is all of them."""
    def __lt__(self, other: Any) -> Tensor:
        """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def __matmul__(self, other: Any) -> Tensor:
        ...
    def __mod__(self, other: Any) -> Tensor:
        """The remainder of a division rounded down: ``input % other``, which has the sign of ``other``."""
    def __mul__(self, other: Any) -> Tensor:
        """``input * other``, element by element, broadcast; ``other`` may be a number."""
    def __ne__(self, other: Any) -> Tensor:  # type: ignore[override]
        ...
    def __neg__(self) -> Tensor:
        """``-input``, element by element; unsigned integers wrap around."""
    def __or__(self, other: Any) -> Tensor:
        """The bits set in either of two integers (``|``); of bools, whether one is true."""
    def __pos__(self) -> Tensor:
        """``+input``: the tensor itself. Raises RuntimeError for bools."""
    def __pow__(self, exponent: Any) -> Tensor:
        """``input ** exponent``, element by element, broadcast; one of the two may be a number."""
    def __radd__(self, other: Any) -> Tensor:
        ...
    def __rand__(self, other: Any) -> Tensor:
        ...
    def __rdiv__(self, other: Any) -> Tensor:
        """``other / self``, computed as PyTorch does: the reciprocal first."""
    def __reduce_ex__(self, protocol: Any) -> Any:
        ...
    def __repr__(self, *, tensor_contents: Any = None) -> builtins.str:
        ...
    def __reversed__(self) -> Tensor:
        ...
    def __rfloordiv__(self, other: Any) -> Tensor:
        ...
    def __rlshift__(self, other: Any) -> Tensor:
        ...
    def __rmatmul__(self, other: Any) -> Tensor:
        ...
    def __rmod__(self, other: Any) -> Tensor:
        ...
    def __rmul__(self, other: Any) -> Tensor:
        """``input * other``, element by element, broadcast; ``other`` may be a number."""
    def __ror__(self, other: Any) -> Tensor:
        ...
    def __rpow__(self, other: Any) -> Tensor:
        ...
    def __rrshift__(self, other: Any) -> Tensor:
        ...
    def __rshift__(self, other: Any) -> Tensor:
        """The bits of ``input`` moved down by ``other`` places (``>>``), the sign kept."""
    def __rsub__(self, other: Any) -> Tensor:
        ...
    def __rtruediv__(self, other: Any) -> Tensor:
        """``other / self``, computed as PyTorch does: the reciprocal first."""
    def __rxor__(self, other: Any) -> Tensor:
        ...
    def __setitem__(self, index: Any, value: Any) -> None:
        """``x[index] = value``: a number, or a tensor that broadcasts to the shape of ``x[index]``."""
    def __sub__(self, other: Any) -> Tensor:
        ...
    def __truediv__(self, other: Any) -> Tensor:
        ...
    def __xor__(self, other: Any) -> Tensor:
        """The bits set in one of two integers but not in both (``^``); of bools, whether they differ."""
    @property
    def _base(self) -> Tensor | None:
        ...
    _is_parameter: builtins.bool
    def _is_view(self) -> builtins.bool:
        ...
    _legacy_new: builtins.classmethod
    def abs(self) -> Tensor:
        """The absolute value of each element: of a complex one, its modulus, which is real."""
    def abs_(self) -> Tensor:
        """In-place form of `abs`. Raises RuntimeError for complex tensors, whose absolute values are real."""
    def absolute(self) -> Tensor:
        """The absolute value of each element: of a complex one, its modulus, which is real."""
    def absolute_(self) -> Tensor:
        """In-place form of `abs`. Raises RuntimeError for complex tensors, whose absolute values are real."""
    def acos(self) -> Tensor:
        """The arccosine of each element, in radians: nan outside -1 to 1."""
    def acos_(self) -> Tensor:
        """In-place form of `acos`: the result replaces this tensor's content."""
    def acosh(self) -> Tensor:
        """The inverse of the hyperbolic cosine, of each element: nan below 1."""
    def acosh_(self) -> Tensor:
        """In-place form of `acosh`: the result replaces this tensor's content."""
    def add(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        """``input + alpha * other``, broadcast; ``other`` may be a number."""
    def add_(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        ...
    def addbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """``beta * input + alpha * sum(batch1[i] @ batch2[i])`` for (b, n, k) and (b, k, m) to (n, m)."""
    def addbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """In-place form of `addbmm`: the result replaces this tensor's content."""
    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
        """``input + value * tensor1 / tensor2``, broadcast. Raises RuntimeError for a quotient of integers."""
    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
        """In-place form of `addcdiv`: the result replaces this tensor's content."""
    def addcmul(self, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
        """``input + value * tensor1 * tensor2``, broadcast."""
    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
        """In-place form of `addcmul`: the result replaces this tensor's content."""
    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """``beta * input + alpha * (mat1 @ mat2)`` for matrices (n, k), (k, m); ``input`` is broadcast to (n, m)."""
    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """In-place form of `addmm`: the result replaces this tensor's content."""
    def addmv(self, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """``beta * input + alpha * (mat @ vec)`` for (n, k) and (k,); ``input`` is broadcast to (n,)."""
    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """In-place form of `addmv`: the result replaces this tensor's content."""
    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """``beta * input + alpha * outer(vec1, vec2)``; ``input`` is broadcast to (n, m), dtypes are promoted."""
    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """In-place form of `addr`: the result replaces this tensor's content."""
    def adjoint(self) -> Tensor:
        """The conjugate transpose of a matrix, or of each matrix in a batch."""
    def all(self, dim: Any = None, keepdim: builtins.bool = False) -> Tensor:
        """Whether all elements, or all along ``dim``, are true (not zero): bool, or uint8 for a uint8 tensor."""
    def allclose(self, other: Tensor, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> builtins.bool:
        """Whether all elements are `isclose`."""
    def amax(self, dim: Any = (), keepdim: builtins.bool = False) -> Tensor:
        """The largest element, of all or along ``dim`` (an int or several). Equal ones share the gradient evenly."""
    def amin(self, dim: Any = (), keepdim: builtins.bool = False) -> Tensor:
        """The smallest element, of all or along ``dim`` (an int or several). Equal ones share the gradient
        evenly."""
    def aminmax(self, *, dim: Any = None, keepdim: builtins.bool = False) -> Any:
        """The smallest and the largest element, of all or along the dimension ``dim``."""
    def angle(self) -> Tensor:
        """The angle of each complex number, from minus pi to pi; of real numbers 0, or pi where negative."""
    def any(self, dim: Any = None, keepdim: builtins.bool = False) -> Tensor:
        """Whether any element, or any along ``dim``, is true (not zero): bool, or uint8 for a uint8 tensor."""
    def arccos(self) -> Tensor:
        """The arccosine of each element, in radians: nan outside -1 to 1."""
    def arccos_(self) -> Tensor:
        """In-place form of `acos`: the result replaces this tensor's content."""
    def arccosh(self) -> Tensor:
        """The inverse of the hyperbolic cosine, of each element: nan below 1."""
    def arccosh_(self) -> Tensor:
        """In-place form of `acosh`: the result replaces this tensor's content."""
    def arcsin(self) -> Tensor:
        """The arcsine of each element, in radians: nan outside -1 to 1."""
    def arcsin_(self) -> Tensor:
        """In-place form of `asin`: the result replaces this tensor's content."""
    def arcsinh(self) -> Tensor:
        """The inverse of the hyperbolic sine, of each element."""
    def arcsinh_(self) -> Tensor:
        """In-place form of `asinh`: the result replaces this tensor's content."""
    def arctan(self) -> Tensor:
        """The arctangent of each element, in radians."""
    def arctan2(self, other: Any) -> Tensor:
        """The angle, from minus pi to pi, of the points with these ``input`` (up) and ``other`` (to the right)."""
    def arctan2_(self, other: Any) -> Tensor:
        """In-place form of `atan2`: the result replaces this tensor's content."""
    def arctan_(self) -> Tensor:
        """In-place form of `atan`: the result replaces this tensor's content."""
    def arctanh(self) -> Tensor:
        """The inverse of the hyperbolic tangent, of each element: nan outside -1 to 1."""
    def arctanh_(self) -> Tensor:
        """In-place form of `atanh`: the result replaces this tensor's content."""
    def argmax(self, dim: builtins.int | None = None, keepdim: builtins.bool = False) -> Tensor:
        """Where the largest element is: its index along ``dim``, or in the flattened tensor. The first of equals."""
    def argmin(self, dim: builtins.int | None = None, keepdim: builtins.bool = False) -> Tensor:
        """Where the smallest element is: its index along ``dim``, or in the flattened tensor. The first of
        equals."""
    def argsort(self, dim: builtins.int = -1, descending: builtins.bool = False, *, stable: builtins.bool | None = None) -> Tensor:
        """Where the elements of the sorted tensor are: the indices that `sort` returns."""
    def argwhere(self) -> Tensor:
        """The indices of the elements that are not zero, a row for each."""
    def as_strided(self, size: Any, stride: Any, storage_offset: builtins.int | None = None) -> Tensor:
        """The memory behind ``input`` seen with any size and strides, counted in elements."""
    def as_strided_(self, size: Any, stride: Any, storage_offset: builtins.int | None = None) -> Tensor:
        """In-place form of `as_strided`: this tensor takes the new shape."""
    def as_strided_scatter(self, src: Tensor, size: Any, stride: Any, storage_offset: builtins.int | None = None) -> Tensor:
        """A copy of ``input`` with ``src`` in the place of ``input.as_strided(size, stride, storage_offset)``."""
    def as_subclass(self, cls: builtins.type) -> Any:
        """This tensor's content as an instance of ``cls``, a subclass of Tensor."""
    def asin(self) -> Tensor:
        """The arcsine of each element, in radians: nan outside -1 to 1."""
    def asin_(self) -> Tensor:
        """In-place form of `asin`: the result replaces this tensor's content."""
    def asinh(self) -> Tensor:
        """The inverse of the hyperbolic sine, of each element."""
    def asinh_(self) -> Tensor:
        """In-place form of `asinh`: the result replaces this tensor's content."""
    def atan(self) -> Tensor:
        """The arctangent of each element, in radians."""
    def atan2(self, other: Any) -> Tensor:
        """The angle, from minus pi to pi, of the points with these ``input`` (up) and ``other`` (to the right)."""
    def atan2_(self, other: Any) -> Tensor:
        """In-place form of `atan2`: the result replaces this tensor's content."""
    def atan_(self) -> Tensor:
        """In-place form of `atan`: the result replaces this tensor's content."""
    def atanh(self) -> Tensor:
        """The inverse of the hyperbolic tangent, of each element: nan outside -1 to 1."""
    def atanh_(self) -> Tensor:
        """In-place form of `atanh`: the result replaces this tensor's content."""
    def backward(self, gradient: Any = None, retain_graph: builtins.bool | None = None, create_graph: builtins.bool = False, inputs: Any = None) -> None:
        """Add the gradient of this tensor to the ``grad`` of every leaf that it was computed from."""
    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """``beta * input + alpha * (batch1 @ batch2)`` for (b, n, k) and (b, k, m); ``input`` is broadcast."""
    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """In-place form of `baddbmm`: the result replaces this tensor's content."""
    def bernoulli(self, p: Any = None, *, generator: Generator | None = None, out: Any = None) -> Tensor:
        """Ones with the probabilities in ``input`` (or with probability ``p``), else zeros, in the dtype of ``input``."""
    def bernoulli_(self, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
        """Fill with ones with probability ``p`` (a number, or a tensor of them), else zeros."""
    def bfloat16(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.bfloat16``."""
    def bincount(self, weights: Tensor | None = None, minlength: builtins.int = 0) -> Tensor:
        """How often each of 0, 1, 2, ... occurs in a vector of integers; with ``weights``, the sum of their
        weights."""
    def bitwise_and(self, other: Any) -> Tensor:
        """The bits set in both of two integers (``&``); of bools, whether both are true."""
    def bitwise_and_(self, other: Any) -> Tensor:
        """In-place form of `bitwise_and`: the result replaces this tensor's content."""
    def bitwise_left_shift(self, other: Any) -> Tensor:
        """The bits of ``input`` moved up by ``other`` places (``<<``); 0 where that is all of them."""
    def bitwise_left_shift_(self, other: Any) -> Tensor:
        """In-place form of `bitwise_left_shift`: the result replaces this tensor's content."""
    def bitwise_not(self) -> Tensor:
        """All bits inverted (``~``); of bools, whether they are false."""
    def bitwise_not_(self) -> Tensor:
        """In-place form of `bitwise_not`: the result replaces this tensor's content."""
    def bitwise_or(self, other: Any) -> Tensor:
        """The bits set in either of two integers (``|``); of bools, whether one is true."""
    def bitwise_or_(self, other: Any) -> Tensor:
        """In-place form of `bitwise_or`: the result replaces this tensor's content."""
    def bitwise_right_shift(self, other: Any) -> Tensor:
        """The bits of ``input`` moved down by ``other`` places (``>>``), the sign kept."""
    def bitwise_right_shift_(self, other: Any) -> Tensor:
        """In-place form of `bitwise_right_shift`: the result replaces this tensor's content."""
    def bitwise_xor(self, other: Any) -> Tensor:
        """The bits set in one of two integers but not in both (``^``); of bools, whether they differ."""
    def bitwise_xor_(self, other: Any) -> Tensor:
        """In-place form of `bitwise_xor`: the result replaces this tensor's content."""
    def bmm(self, mat2: Tensor) -> Tensor:
        """The products of two batches of matrices, (b, n, k) and (b, k, m) to (b, n, m), of one dtype."""
    def bool(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.bool``."""
    @overload
    def broadcast_to(self, *size: builtins.int) -> Tensor: ...
    @overload
    def broadcast_to(self, size: Sequence[builtins.int]) -> Tensor:
        """`Tensor.expand` as a function."""
    def byte(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.uint8``."""
    def cauchy_(self, median: builtins.float = 0.0, sigma: builtins.float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Fill with Cauchy numbers."""
    def cdouble(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.complex128``."""
    def ceil(self) -> Tensor:
        """The smallest whole number that is not below each element."""
    def ceil_(self) -> Tensor:
        """In-place form of `ceil`: the result replaces this tensor's content."""
    def cfloat(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.complex64``."""
    def char(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.int8``."""
    def cholesky(self, upper: builtins.bool = False) -> Tensor:
        """`torch.linalg.cholesky` by its old name, with PyTorch's warning."""
    def cholesky_inverse(self, upper: builtins.bool = False) -> Tensor:
        """The inverse of ``L @ L.mH`` from its factor L (..., n, n); upper: of ``L.mH @ L`` from its upper factor."""
    def cholesky_solve(self, L: Tensor, upper: builtins.bool = False) -> Tensor:
        """The solution X of ``A @ X = B`` for ``A = L @ L.mH``, whose factor L (..., n, n) is known; B is (..., n, k)."""
    def chunk(self, chunks: builtins.int, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """``input`` taken apart along ``dim`` into ``chunks`` pieces of one size, or fewer where that does not come out."""
    def clamp(self, min: Any = None, max: Any = None) -> Tensor:
        """Each element, or the bound that it exceeds; bounds are numbers or tensors, and one may be left out."""
    def clamp_(self, min: Any = None, max: Any = None) -> Tensor:
        """In-place form of `clamp`: the result replaces this tensor's content."""
    def clamp_max(self, max: Any) -> Tensor:
        """Each element, but at most ``max``, a number or a tensor."""
    def clamp_max_(self, max: Any) -> Tensor:
        """In-place form of `clamp_max`: the result replaces this tensor's content."""
    def clamp_min(self, min: Any) -> Tensor:
        """Each element, but at least ``min``, a number or a tensor."""
    def clamp_min_(self, min: Any) -> Tensor:
        """In-place form of `clamp_min`: the result replaces this tensor's content."""
    def clip(self, min: Any = None, max: Any = None) -> Tensor:
        """Each element, or the bound that it exceeds; bounds are numbers or tensors, and one may be left out."""
    def clip_(self, min: Any = None, max: Any = None) -> Tensor:
        """In-place form of `clamp`: the result replaces this tensor's content."""
    def clone(self, *, memory_format: Any = None) -> Tensor:
        """A copy with memory of its own; gradients flow back through it."""
    def conj(self) -> Tensor:
        """The complex conjugate of each element; a real tensor itself."""
    def conj_physical(self) -> Tensor:
        """The complex conjugate of each element, with memory of its own; a real tensor itself."""
    def conj_physical_(self) -> Tensor:
        """In-place form of `conj_physical`: the result replaces this tensor's content."""
    def contiguous(self, memory_format: Any = None) -> Tensor:
        """This tensor where its elements lie in C order already, or in the given format, else a copy that does."""
    def copy_(self, src: Any, non_blocking: builtins.bool = False) -> Tensor:
        """Overwrite this tensor with ``src``, which is converted to its dtype and broadcast to its shape."""
    def copysign(self, other: Any) -> Tensor:
        """The size of ``input`` with the sign of ``other``, which may be a number (-0.0 is negative)."""
    def copysign_(self, other: Any) -> Tensor:
        """In-place form of `copysign`: the result replaces this tensor's content."""
    def corrcoef(self) -> Tensor:
        """The matrix of Pearson's correlation coefficients of variables (rows) over observations (columns)."""
    def cos(self) -> Tensor:
        """The cosine of each element, an angle in radians."""
    def cos_(self) -> Tensor:
        """In-place form of `cos`: the result replaces this tensor's content."""
    def cosh(self) -> Tensor:
        """The hyperbolic cosine of each element."""
    def cosh_(self) -> Tensor:
        """In-place form of `cosh`: the result replaces this tensor's content."""
    def count_nonzero(self, dim: Any = None) -> Tensor:
        """How many elements, or how many along ``dim`` (an int or several), are not zero: int64."""
    def cov(self, *, correction: builtins.int = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
        """The covariance matrix of variables (rows) over observations (columns)."""
    def cpu(self, memory_format: Any = None) -> Tensor:
        """This tensor, which is on the CPU, or a copy in another memory format."""
    def cross(self, other: Tensor, dim: builtins.int | None = None) -> Tensor:
        """`torch.linalg.cross`; without ``dim`` a warning, and the first dimension of size 3."""
    def cuda(self, device: Any = None, non_blocking: builtins.bool = False, memory_format: Any = None) -> NoReturn:
        """This tensor on a GPU. There is none: raises AssertionError, or RuntimeError for a ``device`` by its number."""
    def cummax(self, dim: builtins.int) -> Any:
        """The running maximum along ``dim``, and where it was last reached. A nan is larger than every number."""
    def cummin(self, dim: builtins.int) -> Any:
        """The running minimum along ``dim``, and where it was last reached. A nan is smaller than every number."""
    def cumprod(self, dim: builtins.int, *, dtype: Any = None) -> Tensor:
        """The running product along ``dim``. Bools and integers give int64; ``dtype`` converts first."""
    def cumprod_(self, dim: builtins.int, *, dtype: Any = None) -> Tensor:
        """In-place form of `cumprod`: the result replaces this tensor's content."""
    def cumsum(self, dim: builtins.int, *, dtype: Any = None) -> Tensor:
        """The running sum along ``dim``. Bools and integers give int64; ``dtype`` converts first."""
    def cumsum_(self, dim: builtins.int, *, dtype: Any = None) -> Tensor:
        """In-place form of `cumsum`: the result replaces this tensor's content."""
    @property
    def data(self) -> Tensor:
        """The content as a tensor without history; changes through it are not noticed by autograd."""
    @data.setter
    def data(self, value: Any) -> None: ...
    def data_ptr(self) -> builtins.int:
        ...
    def deg2rad(self) -> Tensor:
        """Angles in degrees as radians."""
    def deg2rad_(self) -> Tensor:
        """In-place form of `deg2rad`: the result replaces this tensor's content."""
    def det(self) -> Tensor:
        """The determinant of each matrix of a batch: (..., n, n) to (...)."""
    def detach(self) -> Tensor:
        """This tensor's content, shared, without its history: nothing flows back through the result."""
    def detach_(self) -> Tensor:
        """Cut this tensor from its history in place."""
    @property
    def device(self) -> _device:
        """Where the elements are: in the memory of the CPU."""
    def diag(self, diagonal: builtins.int = 0) -> Tensor:
        """A copy of a matrix's diagonal, or for a vector the matrix with it on its diagonal and zeros elsewhere."""
    def diag_embed(self, offset: builtins.int = 0, dim1: builtins.int = -2, dim2: builtins.int = -1) -> Tensor:
        """Matrices, along new dimensions ``dim1`` and ``dim2``, with the last dimension of ``input`` on a diagonal."""
    def diagflat(self, offset: builtins.int = 0) -> Tensor:
        """The matrix with all elements of ``input`` on a diagonal."""
    def diagonal(self, offset: builtins.int = 0, dim1: builtins.int = 0, dim2: builtins.int = 1) -> Tensor:
        """The diagonals of the matrices that dimensions ``dim1`` and ``dim2`` span, as the last dimension."""
    def diagonal_scatter(self, src: Tensor, offset: builtins.int = 0, dim1: builtins.int = 0, dim2: builtins.int = 1) -> Tensor:
        """A copy of ``input`` with ``src`` in the place of ``input.diagonal(offset, dim1, dim2)``."""
    def diff(self, n: builtins.int = 1, dim: builtins.int = -1, prepend: Any = None, append: Any = None) -> Tensor:
        """The differences of neighbours along ``dim``, ``n`` times over. Of bools: whether they differ."""
    def digamma(self) -> Tensor:
        """The derivative of the logarithm of the gamma function, of each element. Needs SciPy."""
    def digamma_(self) -> Tensor:
        """In-place form of `digamma`: the result replaces this tensor's content."""
    def dim(self) -> builtins.int:
        """The number of dimensions."""
    def dist(self, other: Tensor, p: Any = 2) -> Tensor:
        """The ``p``-norm of ``input - other``, which are broadcast."""
    def div(self, other: Any, *, rounding_mode: builtins.str | None = None) -> Tensor:
        """``input / other``, element by element, broadcast; integers are divided as floats."""
    def div_(self, other: Any, *, rounding_mode: builtins.str | None = None) -> Tensor:
        ...
    def divide(self, other: Any, *, rounding_mode: builtins.str | None = None) -> Tensor:
        """``input / other``, element by element, broadcast; integers are divided as floats."""
    def divide_(self, other: Any, *, rounding_mode: builtins.str | None = None) -> Tensor:
        ...
    def dot(self, tensor: Tensor) -> Tensor:
        """The sum of the products of the elements of two vectors of one dtype. Nothing is conjugated."""
    def double(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.float64``."""
    def dsplit(self, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
        """`torch.tensor_split` along the third dimension; the number of pieces must divide its size."""
    @property
    def dtype(self) -> _dtype:
        """The type of the elements."""
    def element_size(self) -> builtins.int:
        """The size of an element in bytes."""
    def eq(self, other: Any) -> Tensor:
        """Where elements are equal: a bool tensor. ``other`` may be a number."""
    def eq_(self, other: Any) -> Tensor:
        """In-place form of `eq`: the result replaces this tensor's content."""
    def equal(self, other: Tensor) -> builtins.bool:
        """Whether two tensors have the same shape and equal elements; nans are never equal."""
    def erf(self) -> Tensor:
        """The error function of each element: the integral of ``2 / sqrt(pi) * exp(-t**2)`` from 0."""
    def erf_(self) -> Tensor:
        """In-place form of `erf`: the result replaces this tensor's content."""
    def erfc(self) -> Tensor:
        """``1 - erf(x)`` of each element, precise where that is small."""
    def erfc_(self) -> Tensor:
        """In-place form of `erfc`: the result replaces this tensor's content."""
    def erfinv(self) -> Tensor:
        """The inverse of the error function, of each element: nan outside -1 to 1, infinite at both ends."""
    def erfinv_(self) -> Tensor:
        """In-place form of `erfinv`: the result replaces this tensor's content."""
    def exp(self) -> Tensor:
        """e to the power of each element."""
    def exp2(self) -> Tensor:
        """2 to the power of each element."""
    def exp2_(self) -> Tensor:
        """In-place form of `exp2`: the result replaces this tensor's content."""
    def exp_(self) -> Tensor:
        """In-place form of `exp`: the result replaces this tensor's content."""
    @overload
    def expand(self, *size: builtins.int) -> Tensor: ...
    @overload
    def expand(self, size: Sequence[builtins.int]) -> Tensor:
        """Dimensions of size one repeated, and new ones put in front, without copying; -1 keeps a size."""
    def expand_as(self, other: Tensor) -> Tensor:
        """``input.expand(other.shape)``."""
    def expm1(self) -> Tensor:
        """``exp(x) - 1`` of each element, precise for small ones."""
    def expm1_(self) -> Tensor:
        """In-place form of `expm1`: the result replaces this tensor's content."""
    def exponential_(self, lambd: builtins.float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Fill with exponential numbers of rate ``lambd``."""
    def fill(self, value: Any) -> Tensor:
        """A tensor like ``input``, filled with one value."""
    def fill_(self, value: Any) -> Tensor:
        """Overwrite all elements with one value: a number, or a tensor without dimensions."""
    def fill_diagonal_(self, fill_value: Any, wrap: builtins.bool = False) -> Tensor:
        """Write ``fill_value`` to all elements whose indices are equal, in place: where ``wrap``, of a tall matrix also to
        the diagonals that begin below it, one row apart."""
    def fix(self) -> Tensor:
        """Each element without its fraction, rounded towards zero."""
    def fix_(self) -> Tensor:
        """In-place form of `trunc`: the result replaces this tensor's content."""
    def flatten(self, start_dim: builtins.int = 0, end_dim: builtins.int = -1) -> Tensor:
        """The dimensions from ``start_dim`` to ``end_dim``, both included, made into one."""
    @overload
    def flip(self, *dims: builtins.int) -> Tensor: ...
    @overload
    def flip(self, dims: Sequence[builtins.int]) -> Tensor:
        """``input`` with the order of elements reversed along ``dims``, as a copy."""
    def fliplr(self) -> Tensor:
        """`torch.flip` along the second dimension: left and right exchanged."""
    def flipud(self) -> Tensor:
        """`torch.flip` along the first dimension: up and down exchanged."""
    def float(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.float32``."""
    def float_power(self, exponent: Any) -> Tensor:
        """`pow` in double precision: the result is float64 or complex128."""
    def float_power_(self, exponent: Any) -> Tensor:
        ...
    def floor(self) -> Tensor:
        """The largest whole number that is not above each element."""
    def floor_(self) -> Tensor:
        """In-place form of `floor`: the result replaces this tensor's content."""
    def floor_divide(self, other: Any) -> Tensor:
        """The quotient rounded down: ``input // other``. Use ``div(rounding_mode="floor")`` to differentiate."""
    def floor_divide_(self, other: Any) -> Tensor:
        """In-place form of `floordivide`: the result replaces this tensor's content."""
    def fmax(self, other: Any) -> Tensor:
        """The larger of two elements, broadcast; of a nan and a number, the number. Not for complex tensors."""
    def fmin(self, other: Any) -> Tensor:
        """The smaller of two elements, broadcast; of a nan and a number, the number. Not for complex tensors."""
    def fmod(self, other: Any) -> Tensor:
        """The remainder of a division rounded towards zero, which has the sign of ``input``."""
    def fmod_(self, other: Any) -> Tensor:
        """In-place form of `fmod`: the result replaces this tensor's content."""
    def frac(self) -> Tensor:
        """The fraction of each element, with its sign."""
    def frac_(self) -> Tensor:
        """In-place form of `frac`: the result replaces this tensor's content."""
    def frexp(self) -> Any:
        """Each element as ``mantissa * 2**exponent`` with the mantissa's size in [0.5, 1): a named tuple of the two."""
    def gather(self, dim: builtins.int, index: Tensor, *, sparse_grad: builtins.bool = False) -> Tensor:
        """The elements at ``index`` along ``dim``: ``out[i, j] = input[index[i, j], j]`` for ``dim`` 0."""
    def gcd(self, other: Any) -> Tensor:
        """The greatest common divisor of two integers, not negative; that of 0 and 0 is 0."""
    def gcd_(self, other: Any) -> Tensor:
        """In-place form of `gcd`: the result replaces this tensor's content."""
    def ge(self, other: Any) -> Tensor:
        """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def ge_(self, other: Any) -> Tensor:
        """In-place form of `ge`: the result replaces this tensor's content."""
    def geometric_(self, p: builtins.float, *, generator: Generator | None = None) -> Tensor:
        """Fill with how many trials it takes until the first success, each with probability ``p``."""
    def geqrf(self) -> Any:
        """R above, and below the vectors of the reflections whose product is Q, with their factors tau: LAPACK's ``geqrf``."""
    def ger(self, vec2: Tensor) -> Tensor:
        """The products of each element of one vector (n,) with each of another (m,): (n, m)."""
    def get_device(self) -> builtins.int:
        """The number of the device that ``input`` lies on: -1, which stands for the CPU."""
    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up, or None."""
    @grad.setter
    def grad(self, value: Any) -> None: ...
    @grad.deleter
    def grad(self) -> None: ...
    def greater(self, other: Any) -> Tensor:
        """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def greater_(self, other: Any) -> Tensor:
        """In-place form of `gt`: the result replaces this tensor's content."""
    def greater_equal(self, other: Any) -> Tensor:
        """Where ``input >= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def greater_equal_(self, other: Any) -> Tensor:
        """In-place form of `ge`: the result replaces this tensor's content."""
    def gt(self, other: Any) -> Tensor:
        """Where ``input > other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def gt_(self, other: Any) -> Tensor:
        """In-place form of `gt`: the result replaces this tensor's content."""
    def half(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.float16``."""
    def hardshrink(self, lambd: builtins.float = 0.5) -> Tensor:
        """Each element, 0 in the place of those between ``-lambd`` and ``lambd``."""
    def hash_tensor(self, dim: Any = (), *, keepdim: builtins.bool = False, mode: builtins.int = 0) -> Tensor:
        """The exclusive or of the elements' bits as uint64, floats as float64: of all, or along ``dim``."""
    def heaviside(self, values: Tensor) -> Tensor:
        """0 for negative elements, 1 for positive ones, ``values`` at 0."""
    def heaviside_(self, values: Tensor) -> Tensor:
        """In-place form of `heaviside`: the result replaces this tensor's content."""
    def histc(self, bins: builtins.int = 100, min: Any = 0, max: Any = 0) -> Tensor:
        """How many elements fall into each of ``bins`` bins of equal width between ``min`` and ``max``."""
    def histogram(self, bins: Any = 100, *, range: Any = None, weight: Tensor | None = None, density: builtins.bool = False) -> Any:
        """How many elements fall into each bin, and the bins' edges. Only the last bin has its right edge to itself."""
    def hsplit(self, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
        """`torch.tensor_split` along the second (of a vector: the only) dimension; the number of pieces must divide its size."""
    def hypot(self, other: Any) -> Tensor:
        """``sqrt(input**2 + other**2)`` without overflow on the way. For floating-point tensors."""
    def hypot_(self, other: Any) -> Tensor:
        """In-place form of `hypot`: the result replaces this tensor's content."""
    def i0(self) -> Tensor:
        """The modified Bessel function of the first kind of order 0, of each element."""
    def i0_(self) -> Tensor:
        """In-place form of `i0`: the result replaces this tensor's content."""
    def igamma(self, other: Any) -> Tensor:
        """The regularized lower incomplete gamma function: the chance that a gamma variable is below ``other``."""
    def igamma_(self, other: Any) -> Tensor:
        """In-place form of `igamma`: the result replaces this tensor's content."""
    def igammac(self, other: Any) -> Tensor:
        """The regularized upper incomplete gamma function: what `igamma` leaves to 1. Needs SciPy."""
    def igammac_(self, other: Any) -> Tensor:
        """In-place form of `igammac`: the result replaces this tensor's content."""
    @property
    def imag(self) -> Tensor:
        """The imaginary part of a complex tensor, a view. Raises RuntimeError for a real one."""
    @imag.setter
    def imag(self, value: Any) -> None: ...
    def index_add(self, dim: builtins.int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
        """A copy of ``input`` with ``alpha * source`` added at the indices along ``dim``, as often as they occur."""
    def index_add_(self, dim: builtins.int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
        """In-place form of `index_add`: the result replaces this tensor's content."""
    def index_copy(self, dim: builtins.int, index: Tensor, source: Tensor) -> Tensor:
        """A copy of ``input`` with the parts of ``source`` at the indices along ``dim``."""
    def index_copy_(self, dim: builtins.int, index: Tensor, source: Tensor) -> Tensor:
        """In-place form of `index_copy`: the result replaces this tensor's content."""
    def index_fill(self, dim: builtins.int, index: Tensor, value: Any) -> Tensor:
        """A copy of ``input`` with one value at the indices along ``dim``."""
    def index_fill_(self, dim: builtins.int, index: Tensor, value: Any) -> Tensor:
        """In-place form of `index_fill`: the result replaces this tensor's content."""
    def index_put(self, indices: Any, values: Tensor, accumulate: builtins.bool = False) -> Tensor:
        """A copy of ``input`` with ``values`` at the places that the index tensors name, or added to them."""
    def index_put_(self, indices: Any, values: Tensor, accumulate: builtins.bool = False) -> Tensor:
        """In-place form of `torch.index_put`."""
    def index_reduce(self, dim: builtins.int, index: Tensor, source: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True) -> Tensor:
        """A copy of ``input`` with the parts of ``source`` combined into it at the indices along ``dim``."""
    def index_reduce_(self, dim: builtins.int, index: Tensor, source: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True) -> Tensor:
        """In-place form of `index_reduce`: the result replaces this tensor's content."""
    def index_select(self, dim: builtins.int, index: Tensor) -> Tensor:
        """The parts of ``input`` at the indices along ``dim``, as a copy."""
    def inner(self, other: Tensor) -> Tensor:
        """The sums of products along the last dimensions of both: (..., k) and (***, k) to (..., ***)."""
    def int(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.int32``."""
    def inverse(self) -> Tensor:
        """`torch.linalg.inv` by its old name."""
    def is_complex(self) -> builtins.bool:
        """Whether the dtype is complex. Raises TypeError for what is no tensor."""
    def is_conj(self) -> builtins.bool:
        """Whether the elements are conjugates that `conj`, ``.mH``, ``.H`` or `adjoint` gave, and so cannot be written to."""
    def is_contiguous(self, memory_format: Any = None) -> builtins.bool:
        """Whether the elements lie without gaps in C order, or in the given format."""
    is_cpu: builtins.bool
    is_cuda: builtins.bool
    def is_floating_point(self) -> builtins.bool:
        """Whether the dtype is one of the real floating-point dtypes, of whatever precision."""
    def is_inference(self) -> builtins.bool:
        """Whether ``input`` was made inside of `inference_mode`. Raises TypeError for what is no tensor."""
    is_meta: builtins.bool
    is_mkldnn: builtins.bool
    is_mps: builtins.bool
    def is_neg(self) -> builtins.bool:
        """False: negations are never put off here."""
    is_nested: builtins.bool
    def is_nonzero(self) -> builtins.bool:
        """Whether the one number of ``input``, of whatever shape, is not zero: ``bool(input)``."""
    def is_pinned(self, device: Any = None) -> builtins.bool:
        """Always False: no memory is an accelerator's."""
    is_quantized: builtins.bool
    def is_same_size(self, other: Tensor) -> builtins.bool:
        """Whether two tensors have the same shape."""
    def is_shared(self) -> builtins.bool:
        """Always False: the memory of tensors is that of one process."""
    def is_signed(self) -> builtins.bool:
        """Whether the dtype has negative numbers. Raises TypeError for what is no tensor."""
    is_sparse: builtins.bool
    is_sparse_csr: builtins.bool
    is_xpu: builtins.bool
    def isclose(self, other: Tensor, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Tensor:
        """Where ``|input - other| <= atol + rtol * |other|``, or both are the same infinity: a bool tensor."""
    def isfinite(self) -> Tensor:
        """Where elements are neither infinite nor nan: a bool tensor."""
    def isinf(self) -> Tensor:
        """Where elements are infinite, of either sign: a bool tensor."""
    def isnan(self) -> Tensor:
        """Where elements are not a number: a bool tensor."""
    def isneginf(self) -> Tensor:
        """Where elements are minus infinity: a bool tensor. Not for complex tensors."""
    def isposinf(self) -> Tensor:
        """Where elements are plus infinity: a bool tensor. Not for complex tensors."""
    def isreal(self) -> Tensor:
        """Where the imaginary part is zero: a bool tensor, all true for real dtypes."""
    def istft(self, n_fft: builtins.int, hop_length: builtins.int | None = None, win_length: builtins.int | None = None, window: Tensor | None = None, center: builtins.bool = True, normalized: builtins.bool = False, onesided: builtins.bool | None = None, length: builtins.int | None = None, return_complex: builtins.bool = False) -> Tensor:
        """The signal whose `stft` is ``input``, by least squares: frames are added up and divided by the windows' squares."""
    def item(self) -> Any:
        """The value of a tensor of one element as a Python number."""
    @property
    def itemsize(self) -> builtins.int:
        """The size of an element in bytes."""
    def kron(self, other: Tensor) -> Tensor:
        """The Kronecker product: each element of ``input`` times all of ``other``, as blocks."""
    def kthvalue(self, k: builtins.int, dim: builtins.int = -1, keepdim: builtins.bool = False) -> Any:
        """The ``k``-th smallest element along ``dim``, counted from 1, and where it is."""
    layout: _layout
    def lcm(self, other: Any) -> Tensor:
        """The least common multiple of two integers, not negative."""
    def lcm_(self, other: Any) -> Tensor:
        """In-place form of `lcm`: the result replaces this tensor's content."""
    def ldexp(self, other: Any) -> Tensor:
        """``input * 2**other``."""
    def ldexp_(self, other: Any) -> Tensor:
        """In-place form of `ldexp`: the result replaces this tensor's content."""
    def le(self, other: Any) -> Tensor:
        """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def le_(self, other: Any) -> Tensor:
        """In-place form of `le`: the result replaces this tensor's content."""
    def lerp(self, end: Tensor, weight: Any) -> Tensor:
        """``input + weight * (end - input)``: on the way from ``input`` to ``end``; ``weight`` may be a number."""
    def lerp_(self, end: Tensor, weight: Any) -> Tensor:
        """In-place form of `lerp`: the result replaces this tensor's content."""
    def less(self, other: Any) -> Tensor:
        """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def less_(self, other: Any) -> Tensor:
        """In-place form of `lt`: the result replaces this tensor's content."""
    def less_equal(self, other: Any) -> Tensor:
        """Where ``input <= other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def less_equal_(self, other: Any) -> Tensor:
        """In-place form of `le`: the result replaces this tensor's content."""
    def lgamma(self) -> Tensor:
        """The logarithm of the absolute value of the gamma function of each element. Needs SciPy."""
    def lgamma_(self) -> Tensor:
        """In-place form of `lgamma`: the result replaces this tensor's content."""
    def log(self) -> Tensor:
        """The natural logarithm of each element: nan for negative ones, minus infinity for 0."""
    def log10(self) -> Tensor:
        """The logarithm to base 10 of each element."""
    def log10_(self) -> Tensor:
        """In-place form of `log10`: the result replaces this tensor's content."""
    def log1p(self) -> Tensor:
        """``log(1 + x)`` of each element, precise for small ones."""
    def log1p_(self) -> Tensor:
        """In-place form of `log1p`: the result replaces this tensor's content."""
    def log2(self) -> Tensor:
        """The logarithm to base 2 of each element."""
    def log2_(self) -> Tensor:
        """In-place form of `log2`: the result replaces this tensor's content."""
    def log_(self) -> Tensor:
        """In-place form of `log`: the result replaces this tensor's content."""
    def log_normal_(self, mean: builtins.float = 1.0, std: builtins.float = 2.0, *, generator: Generator | None = None) -> Tensor:
        """Fill with exponentials of normal numbers."""
    def log_softmax(self, dim: builtins.int, dtype: Any = None) -> Tensor:
        """The logarithm of `softmax`, computed without leaving the logarithmic scale."""
    def logaddexp(self, other: Any) -> Tensor:
        """``log(exp(input) + exp(other))`` without overflow on the way. Not for integers."""
    def logaddexp2(self, other: Any) -> Tensor:
        """``log2(2**input + 2**other)`` without overflow on the way. For floating-point tensors."""
    def logcumsumexp(self, dim: builtins.int) -> Tensor:
        """The logarithm of the running sum of exponentials along ``dim``, computed without overflow."""
    def logdet(self) -> Tensor:
        """The logarithm of each determinant: nan for a negative one, minus infinity for 0."""
    def logical_and(self, other: Any) -> Tensor:
        """Where both elements are non-zero: a bool tensor."""
    def logical_and_(self, other: Any) -> Tensor:
        """In-place form of `logical_and`: the result replaces this tensor's content."""
    def logical_not(self) -> Tensor:
        """Where elements are zero: a bool tensor."""
    def logical_not_(self) -> Tensor:
        """In-place form of `logical_not`: the result replaces this tensor's content."""
    def logical_or(self, other: Any) -> Tensor:
        """Where at least one of two elements is non-zero: a bool tensor."""
    def logical_or_(self, other: Any) -> Tensor:
        """In-place form of `logical_or`: the result replaces this tensor's content."""
    def logical_xor(self, other: Any) -> Tensor:
        """Where exactly one of two elements is non-zero: a bool tensor."""
    def logical_xor_(self, other: Any) -> Tensor:
        """In-place form of `logical_xor`: the result replaces this tensor's content."""
    def logit(self, eps: builtins.float | None = None) -> Tensor:
        """``log(x / (1 - x))`` of each element, which with ``eps`` is first clamped to ``eps`` and ``1 - eps``."""
    def logit_(self, eps: builtins.float | None = None) -> Tensor:
        """In-place form of `logit`: the result replaces this tensor's content."""
    def logsumexp(self, dim: Any, keepdim: builtins.bool = False) -> Tensor:
        """The logarithm of the sum of exponentials along ``dim`` (an int or several), computed without overflow."""
    def long(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.int64``."""
    def lt(self, other: Any) -> Tensor:
        """Where ``input < other``: a bool tensor. ``other`` may be a number. Complex numbers have no order."""
    def lt_(self, other: Any) -> Tensor:
        """In-place form of `lt`: the result replaces this tensor's content."""
    def lu(self, pivot: builtins.bool = True, get_infos: builtins.bool = False) -> Any:
        """`torch.linalg.lu_factor` by its old name: factors and pivots, with ``get_infos`` also info; with PyTorch's warning."""
    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """`torch.linalg.lu_solve` by its old name, with PyTorch's warning."""
    @property
    def mH(self) -> Tensor:
        """``x.mH``: the last two dimensions exchanged, of the conjugate."""
    @property
    def mT(self) -> Tensor:
        """``x.mT``: the last two dimensions exchanged."""
    def masked_fill(self, mask: Tensor, value: Any) -> Tensor:
        """``input`` with ``value`` (a number or a 0-d tensor) where ``mask`` is true."""
    def masked_fill_(self, mask: Tensor, value: Any) -> Tensor:
        """In-place form of `masked_fill`: the result replaces this tensor's content."""
    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """A copy of ``input`` with the elements of ``source``, one after the other, where ``mask`` is True."""
    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Tensor:
        """In-place form of `masked_scatter`: the result replaces this tensor's content."""
    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where ``mask``, which is broadcast, is True, as a vector."""
    def matmul(self, other: Tensor) -> Tensor:
        """The matrix product ``input @ other``."""
    def matrix_exp(self) -> Tensor:
        """The exponential 1 + A + A^2/2 + ... of each square matrix (..., n, n). Needs SciPy."""
    def matrix_power(self, n: builtins.int) -> Tensor:
        """The product of ``n`` copies of each matrix of a batch; of its inverse for a negative ``n``."""
    def max(self, dim: Any = None, keepdim: builtins.bool = False, *, other: Any = None) -> Any:
        """The largest element; with ``dim`` the largest along it and where it is; with a tensor the larger of
        each pair."""
    def maximum(self, other: Any) -> Tensor:
        """The larger of two elements, broadcast; a nan where either is one. Not for complex tensors."""
    def mean(self, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
        """The mean of all elements, or of those along ``dim``. Needs a floating-point or complex tensor."""
    def median(self, dim: Any = None, keepdim: builtins.bool = False) -> Any:
        """The median of all elements; with ``dim`` the medians along it and where they are. Nan where there is a
        nan."""
    def min(self, dim: Any = None, keepdim: builtins.bool = False, *, other: Any = None) -> Any:
        """The smallest element; with ``dim`` the smallest along it and where it is; with a tensor the smaller of
        each pair."""
    def minimum(self, other: Any) -> Tensor:
        """The smaller of two elements, broadcast; a nan where either is one. Not for complex tensors."""
    def mm(self, mat2: Tensor) -> Tensor:
        """The product of two matrices, (n, k) and (k, m) to (n, m), of one dtype; no batches, no vectors."""
    def mode(self, dim: builtins.int = -1, keepdim: builtins.bool = False) -> Any:
        """The most frequent element along ``dim``, the smallest of several, and where it occurs last."""
    def moveaxis(self, source: Any, destination: Any) -> Tensor:
        """The dimensions ``source`` (an int or several) moved to ``destination``; the others keep their order."""
    def movedim(self, source: Any, destination: Any) -> Tensor:
        """The dimensions ``source`` (an int or several) moved to ``destination``; the others keep their order."""
    def msort(self) -> Tensor:
        """The elements in ascending order along the first dimension."""
    def mul(self, other: Any) -> Tensor:
        """``input * other``, element by element, broadcast; ``other`` may be a number."""
    def mul_(self, other: Any) -> Tensor:
        """In-place form of `mul`: the result replaces this tensor's content."""
    def multinomial(self, num_samples: builtins.int, replacement: builtins.bool = False, *, generator: Generator | None = None) -> Tensor:
        """Indices drawn with the (unnormalised) probabilities in ``input``: a vector, or one row for each draw."""
    def multiply(self, other: Any) -> Tensor:
        """``input * other``, element by element, broadcast; ``other`` may be a number."""
    def multiply_(self, other: Any) -> Tensor:
        """In-place form of `mul`: the result replaces this tensor's content."""
    def mv(self, vec: Tensor) -> Tensor:
        """The product of a matrix (n, k) and a vector (k,), of one dtype."""
    def mvlgamma(self, p: builtins.int) -> Tensor:
        """The logarithm of the multivariate gamma function of dimension ``p`` at each element. Needs SciPy."""
    def mvlgamma_(self, p: builtins.int) -> Tensor:
        """In-place form of `mvlgamma`: the result replaces this tensor's content."""
    name: Any
    def nan_to_num(self, nan: builtins.float | None = None, posinf: builtins.float | None = None, neginf: builtins.float | None = None) -> Tensor:
        """``input`` with nans replaced by ``nan`` (0), infinities by ``posinf`` and ``neginf`` (the type's limits)."""
    def nan_to_num_(self, nan: builtins.float | None = None, posinf: builtins.float | None = None, neginf: builtins.float | None = None) -> Tensor:
        """In-place form of `nan_to_num`: the result replaces this tensor's content."""
    def nanmean(self, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
        """The mean of all elements, or of those along ``dim``, that are not nan; nan where there are none."""
    def nanmedian(self, dim: Any = None, keepdim: builtins.bool = False) -> Any:
        """`median` of the elements that are not nan; nan where all are."""
    def nanquantile(self, q: Any, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, interpolation: builtins.str = 'linear') -> Tensor:
        """`quantile` of the elements that are not nan; nan where all are."""
    def nansum(self, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
        """The sum of all elements, or of those along ``dim``, counting nan as zero."""
    def narrow(self, dim: builtins.int, start: Any, length: builtins.int) -> Tensor:
        """The ``length`` elements from ``start`` on along ``dim``."""
    def narrow_copy(self, dim: builtins.int, start: Any, length: builtins.int) -> Tensor:
        """`narrow` with memory of its own, which no write to the input reaches."""
    @property
    def nbytes(self) -> builtins.int:
        """The size of all elements in bytes."""
    def ndimension(self) -> builtins.int:
        """The number of dimensions."""
    def ne(self, other: Any) -> Tensor:
        """Where elements differ: a bool tensor. ``other`` may be a number."""
    def ne_(self, other: Any) -> Tensor:
        """In-place form of `ne`: the result replaces this tensor's content."""
    def neg(self) -> Tensor:
        """``-input``, element by element; unsigned integers wrap around."""
    def neg_(self) -> Tensor:
        """In-place form of `neg`: the result replaces this tensor's content."""
    def negative(self) -> Tensor:
        """``-input``, element by element; unsigned integers wrap around."""
    def negative_(self) -> Tensor:
        """In-place form of `neg`: the result replaces this tensor's content."""
    def nelement(self) -> builtins.int:
        """The number of elements."""
    def new(self, *args: Any, size: Any = None, device: Any = None) -> Tensor:
        """A tensor of this one's dtype: of the given size, with content that is not specified, or with the given values."""
    def new_empty(self, *args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.empty` with this tensor's dtype unless one is given."""
    def new_empty_strided(self, size: Any, stride: Any, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.empty_strided` with this tensor's dtype unless one is given."""
    def new_full(self, size: Any, fill_value: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.full` with this tensor's dtype unless one is given."""
    def new_ones(self, *args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.ones` with this tensor's dtype unless one is given."""
    def new_tensor(self, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, layout: Any = None, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.tensor` with this tensor's dtype unless one is given."""
    def new_zeros(self, *args: Any, size: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False) -> Tensor:
        """`torch.zeros` with this tensor's dtype unless one is given."""
    def nextafter(self, other: Any) -> Tensor:
        """The next floating-point number after each element, towards ``other``."""
    def nextafter_(self, other: Any) -> Tensor:
        """In-place form of `nextafter`: the result replaces this tensor's content."""
    def nonzero(self, *, as_tuple: builtins.bool = False) -> Any:
        """The indices of the elements that are not zero: a row for each, or with ``as_tuple`` a vector for each dimension."""
    def nonzero_static(self, *, size: builtins.int, fill_value: builtins.int = -1) -> Tensor:
        """`nonzero` with ``size`` rows, whatever the content: what is too much is left out, what is missing ``fill_value``."""
    def norm(self, p: Any = 'fro', dim: Any = None, keepdim: builtins.bool = False, dtype: Any = None) -> Tensor:
        """The norm of order ``p``; see `torch.norm`."""
    def normal_(self, mean: builtins.float = 0.0, std: builtins.float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Fill with normal numbers."""
    def not_equal(self, other: Any) -> Tensor:
        """Where elements differ: a bool tensor. ``other`` may be a number."""
    def not_equal_(self, other: Any) -> Tensor:
        """In-place form of `ne`: the result replaces this tensor's content."""
    def numel(self) -> builtins.int:
        """The number of elements."""
    def numpy(self, *, force: builtins.bool = False) -> _ndarray:
        """The NumPy array behind this tensor: shared, not copied."""
    def orgqr(self, tau: Tensor) -> Tensor:
        """`torch.linalg.householder_product` by LAPACK's name."""
    def ormqr(self, tau: Tensor, other: Tensor, left: builtins.bool = True, transpose: builtins.bool = False) -> Tensor:
        """``Q @ other`` (``left=False``: ``other @ Q``) for the product Q of all reflections in ``input`` and ``tau``."""
    def outer(self, vec2: Tensor) -> Tensor:
        """The products of each element of one vector (n,) with each of another (m,): (n, m)."""
    @overload
    def permute(self, *dims: builtins.int) -> Tensor: ...
    @overload
    def permute(self, dims: Sequence[builtins.int]) -> Tensor:
        """``input`` with its dimensions in another order."""
    def pin_memory(self, device: Any = None) -> NoReturn:
        """This tensor in memory that an accelerator reads fast. There is none: raises RuntimeError, as in PyTorch."""
    def pinverse(self, rcond: builtins.float = 1e-15) -> Tensor:
        """`torch.linalg.pinv` by its old name, with singular values up to ``rcond`` times the largest for zero."""
    def polygamma(self, n: builtins.int) -> Tensor:
        ...
    def polygamma_(self, n: builtins.int) -> Tensor:
        """In-place form of `_polygamma_method`: the result replaces this tensor's content."""
    def positive(self) -> Tensor:
        """``+input``: the tensor itself. Raises RuntimeError for bools."""
    def pow(self, exponent: Any) -> Tensor:
        """``input ** exponent``, element by element, broadcast; one of the two may be a number."""
    def pow_(self, exponent: Any) -> Tensor:
        """In-place form of `pow`: the result replaces this tensor's content."""
    def prelu(self, weight: Tensor) -> Tensor:
        """`leaky_relu` with slopes that can be learned: one for all, or one for each channel (dimension 1)."""
    def prod(self, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
        """The product of all elements, or of those along the dimension ``dim``. Bools and integers give int64."""
    def put(self, index: Tensor, source: Tensor, accumulate: builtins.bool = False) -> Tensor:
        """A copy of ``input`` with the elements of ``source`` at places counted in C order, or added to what is there."""
    def put_(self, index: Tensor, source: Tensor, accumulate: builtins.bool = False) -> Tensor:
        """In-place form of `put`: the result replaces this tensor's content."""
    def qr(self, some: builtins.bool = True) -> Any:
        """`torch.linalg.qr` by its old name, with PyTorch's warning; ``some=False`` is its mode "complete"."""
    def quantile(self, q: Any, dim: builtins.int | None = None, keepdim: builtins.bool = False, *, interpolation: builtins.str = 'linear') -> Tensor:
        """The ``q``-quantiles of all elements, or of those along ``dim``; nan where there is a nan."""
    def rad2deg(self) -> Tensor:
        """Angles in radians as degrees."""
    def rad2deg_(self) -> Tensor:
        """In-place form of `rad2deg`: the result replaces this tensor's content."""
    def random_(self, from_: builtins.int | None = None, to: Any = ..., *, generator: Generator | None = None, **bounds: Any) -> Tensor:
        """Fill with whole numbers in [from, to), in [0, to), or in all that the dtype holds."""
    def ravel(self) -> Tensor:
        """All elements in one dimension: a view where possible, else a copy."""
    @property
    def real(self) -> Tensor:
        """The real part of a complex tensor, a view; a real tensor itself."""
    @real.setter
    def real(self, value: Any) -> None: ...
    def reciprocal(self) -> Tensor:
        """One over each element; integers become floats."""
    def reciprocal_(self) -> Tensor:
        """In-place form of `reciprocal`: the result replaces this tensor's content."""
    def register_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(grad)`` when this tensor's gradient is computed; a tensor it returns takes its place."""
    def register_post_accumulate_grad_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(tensor)`` after a backward pass has added to this leaf's ``grad``."""
    def relu(self) -> Tensor:
        """Each element, or 0 where it is negative. The derivative at 0 is 0."""
    def relu_(self) -> Tensor:
        """In-place form of `relu`: the result replaces this tensor's content."""
    def remainder(self, other: Any) -> Tensor:
        """The remainder of a division rounded down: ``input % other``, which has the sign of ``other``."""
    def remainder_(self, other: Any) -> Tensor:
        """In-place form of `remainder`: the result replaces this tensor's content."""
    def renorm(self, p: Any, dim: builtins.int, maxnorm: Any) -> Tensor:
        """``input`` with each part along ``dim`` whose p-norm exceeds ``maxnorm`` scaled down to that."""
    def renorm_(self, p: Any, dim: builtins.int, maxnorm: Any) -> Tensor:
        """In-place form of `renorm`: the result replaces this tensor's content."""
    @overload
    def repeat(self, *repeats: builtins.int) -> Tensor: ...
    @overload
    def repeat(self, repeats: Sequence[builtins.int]) -> Tensor:
        """``input`` repeated along each dimension, as a copy; more numbers than dimensions make new ones in front."""
    def repeat_interleave(self, repeats: Any = None, dim: builtins.int | None = None, *, output_size: builtins.int | None = None) -> Tensor:
        """Each part of ``input`` along ``dim`` (by default each element) repeated so often, one after the other."""
    @property
    def requires_grad(self) -> builtins.bool:
        """Whether gradients with respect to this tensor, or to what it was computed from, are recorded."""
    @requires_grad.setter
    def requires_grad(self, value: Any) -> None: ...
    def requires_grad_(self, requires_grad: builtins.bool = True) -> Tensor:
        """Record operations on this tensor from now on (or no longer). Returns the tensor itself."""
    @overload
    def reshape(self, *shape: builtins.int) -> Tensor: ...
    @overload
    def reshape(self, shape: Sequence[builtins.int]) -> Tensor:
        """``input`` with another shape: a view where its elements lie so that it can be one, else a copy."""
    def reshape_as(self, other: Tensor) -> Tensor:
        """``input.reshape(other.shape)``."""
    def resize_(self, *size: Any, memory_format: Any = None) -> Tensor:
        """Give this tensor another size, whatever its number of elements: its memory is kept as far as it goes."""
    def resize_as_(self, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
        """``input.resize_(the_template.shape)``."""
    def resolve_conj(self) -> Tensor:
        """The same elements in memory that can be written to: a copy where `is_conj`, else the tensor itself."""
    def resolve_neg(self) -> Tensor:
        """The tensor itself: negations are never put off here."""
    def retain_grad(self) -> None:
        """Keep the gradient of this computed tensor in its ``grad`` too; on a leaf it changes nothing."""
    @property
    def retains_grad(self) -> builtins.bool:
        ...
    def roll(self, shifts: Any, dims: Any = ()) -> Tensor:
        """``input`` shifted along ``dims``; what leaves at one end comes in at the other. Without ``dims``, as a vector."""
    def rot90(self, k: builtins.int = 1, dims: Any = (0, 1)) -> Tensor:
        """``input`` turned by ``k`` right angles in the plane of two dimensions, from the first towards the second."""
    def round(self, *, decimals: builtins.int = 0) -> Tensor:
        """The nearest whole number to each element, the even one where two are equally near."""
    def round_(self, *, decimals: builtins.int = 0) -> Tensor:
        """In-place form of `round`: the result replaces this tensor's content."""
    def rsqrt(self) -> Tensor:
        """One over the square root of each element."""
    def rsqrt_(self) -> Tensor:
        """In-place form of `rsqrt`: the result replaces this tensor's content."""
    def rsub(self, other: Any, *, alpha: Any = 1) -> Tensor:
        """``other - alpha * input``: subtraction with the operands exchanged."""
    def scatter(self, dim: builtins.int, index: Tensor, src: Any = ..., *, value: Any = ..., reduce: builtins.str | None = None) -> Tensor:
        """A copy of ``input`` with ``src`` (a tensor, or one number) at ``index`` along ``dim``."""
    def scatter_(self, dim: builtins.int, index: Tensor, src: Any = ..., *, value: Any = ..., reduce: builtins.str | None = None) -> Tensor:
        """In-place form of `scatter`: the result replaces this tensor's content."""
    def scatter_add(self, dim: builtins.int, index: Tensor, src: Tensor) -> Tensor:
        """A copy of ``input`` with ``src`` added at ``index`` along ``dim``, as often as a place is named."""
    def scatter_add_(self, dim: builtins.int, index: Tensor, src: Tensor) -> Tensor:
        """In-place form of `scatter_add`: the result replaces this tensor's content."""
    def scatter_reduce(self, dim: builtins.int, index: Tensor, src: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True) -> Tensor:
        """A copy of ``input`` with ``src`` combined into it at ``index`` along ``dim``."""
    def scatter_reduce_(self, dim: builtins.int, index: Tensor, src: Tensor, reduce: builtins.str, *, include_self: builtins.bool = True) -> Tensor:
        """In-place form of `scatter_reduce`: the result replaces this tensor's content."""
    def select(self, dim: builtins.int, index: builtins.int) -> Tensor:
        """The part of ``input`` at ``index`` along ``dim``, which goes."""
    def select_scatter(self, src: Tensor, dim: builtins.int, index: builtins.int) -> Tensor:
        """A copy of ``input`` with ``src`` in the place of ``input.select(dim, index)``."""
    def set_(self, source: Any = None, *args: Any) -> Tensor:
        """Not supported: raises NotImplementedError."""
    def sgn(self) -> Tensor:
        """The direction of each element: ``x / |x|``, and 0 for 0. For real numbers their `sign`."""
    def sgn_(self) -> Tensor:
        """In-place form of `sgn`: the result replaces this tensor's content."""
    def share_memory_(self) -> NoReturn:
        """This tensor in memory that several processes share: raises NotImplementedError."""
    def short(self, *, memory_format: Any = None) -> Tensor:
        """This tensor converted to ``torch.int16``."""
    def sigmoid(self) -> Tensor:
        """The logistic function ``1 / (1 + exp(-x))`` of each element."""
    def sigmoid_(self) -> Tensor:
        """In-place form of `sigmoid`: the result replaces this tensor's content."""
    def sign(self) -> Tensor:
        """-1, 0 or 1 for each element. Not for complex tensors, which have `sgn`."""
    def sign_(self) -> Tensor:
        """In-place form of `sign`: the result replaces this tensor's content."""
    def signbit(self) -> Tensor:
        """Where the sign bit is set, also that of minus zero: a bool tensor. Not for complex tensors."""
    def sin(self) -> Tensor:
        """The sine of each element, an angle in radians."""
    def sin_(self) -> Tensor:
        """In-place form of `sin`: the result replaces this tensor's content."""
    def sinc(self) -> Tensor:
        """``sin(pi x) / (pi x)`` of each element, 1 at 0."""
    def sinc_(self) -> Tensor:
        """In-place form of `sinc`: the result replaces this tensor's content."""
    def sinh(self) -> Tensor:
        """The hyperbolic sine of each element."""
    def sinh_(self) -> Tensor:
        """In-place form of `sinh`: the result replaces this tensor's content."""
    def size(self, dim: builtins.int | None = None) -> Any:
        """The shape, or the size of one dimension."""
    def slice_scatter(self, src: Tensor, dim: builtins.int = 0, start: builtins.int | None = None, end: builtins.int | None = None, step: builtins.int = 1) -> Tensor:
        """A copy of ``input`` with ``src`` in the place of the slice ``start:end:step`` along ``dim``."""
    def slogdet(self) -> Any:
        """`torch.linalg.slogdet` by its old name."""
    def softmax(self, dim: builtins.int, dtype: Any = None) -> Tensor:
        """``exp(x)`` divided by its sum along ``dim``: positive numbers that sum to one."""
    def sort(self, dim: builtins.int = -1, descending: builtins.bool = False, *, stable: builtins.bool | None = None) -> Any:
        """The elements in ascending order along ``dim``, and where each of them was. A nan is larger than every
        number."""
    def split(self, split_size: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """``tensor`` taken apart along ``dim``: into pieces of one size (the last may be smaller), or of the sizes listed."""
    def split_with_sizes(self, split_sizes: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """``input`` taken apart into pieces of the given sizes along ``dim``."""
    def sqrt(self) -> Tensor:
        """The square root of each element: nan for negative ones. Its derivative at 0 is infinite."""
    def sqrt_(self) -> Tensor:
        """In-place form of `sqrt`: the result replaces this tensor's content."""
    def square(self) -> Tensor:
        """Each element times itself."""
    def square_(self) -> Tensor:
        """In-place form of `square`: the result replaces this tensor's content."""
    def squeeze(self, dim: Any = None) -> Tensor:
        """``input`` without its dimensions of size one: all of them, or those in ``dim`` (an int or several)."""
    def squeeze_(self, dim: Any = None) -> Tensor:
        """In-place form of `squeeze`: this tensor takes the new shape."""
    def std(self, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None) -> Tensor:
        """The standard deviation of all elements, or of those along ``dim``: the square root of `var`."""
    def stft(self, n_fft: builtins.int, hop_length: builtins.int | None = None, win_length: builtins.int | None = None, window: Tensor | None = None, center: builtins.bool = True, pad_mode: builtins.str = 'reflect', normalized: builtins.bool = False, onesided: builtins.bool | None = None, return_complex: builtins.bool | None = None, align_to_window: builtins.bool | None = None) -> Tensor:
        """The spectra of frames of ``n_fft`` elements that start ``hop_length`` (a quarter of that) apart: (..., frequency, frame)."""
    def storage_offset(self) -> builtins.int:
        """How many elements this view begins after its base."""
    def stride(self, dim: builtins.int | None = None) -> Any:
        """How many elements lie between neighbours along each dimension, or along one."""
    def sub(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        """``input - alpha * other``, broadcast; ``other`` may be a number."""
    def sub_(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        ...
    def subtract(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        """``input - alpha * other``, broadcast; ``other`` may be a number."""
    def subtract_(self, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        ...
    def sum(self, dim: Any = None, keepdim: builtins.bool = False, *, dtype: Any = None) -> Tensor:
        """The sum of all elements, or of those along ``dim`` (an int or several)."""
    def sum_to_size(self, *size: Any) -> Tensor:
        """Sum the dimensions along which ``input`` was broadcast from a tensor of ``size``."""
    def svd(self, some: builtins.bool = True, compute_uv: builtins.bool = True) -> Any:
        """U, S and V with ``input = U @ diag(S) @ V.mH``; `torch.linalg.svd` has taken its place, which gives ``V.mH``."""
    def swapaxes(self, axis0: builtins.int, axis1: builtins.int) -> Tensor:
        """`torch.transpose` by its NumPy name."""
    def swapaxes_(self, axis0: builtins.int, axis1: builtins.int) -> Tensor:
        """In-place form of `swapaxes`: this tensor takes the new shape."""
    def swapdims(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """`torch.transpose` by another name."""
    def swapdims_(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """In-place form of `swapdims`: this tensor takes the new shape."""
    def t(self) -> Tensor:
        """The transpose of a matrix; a vector or a number as it is."""
    def t_(self) -> Tensor:
        """In-place form of `t`: this tensor takes the new shape."""
    def take(self, index: Tensor) -> Tensor:
        """The elements of ``input``, seen as a vector, at the indices; with the shape of ``index``."""
    def take_along_dim(self, indices: Tensor, dim: builtins.int | None = None) -> Tensor:
        """The elements at ``indices`` along ``dim``, where both are broadcast in the other dimensions; what ``argsort`` and
        ``argmax(keepdim=True)`` return fits. Without ``dim``, from all elements."""
    def tan(self) -> Tensor:
        """The tangent of each element, an angle in radians."""
    def tan_(self) -> Tensor:
        """In-place form of `tan`: the result replaces this tensor's content."""
    def tanh(self) -> Tensor:
        """The hyperbolic tangent of each element."""
    def tanh_(self) -> Tensor:
        """In-place form of `tanh`: the result replaces this tensor's content."""
    def tensor_split(self, indices_or_sections: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """``input`` taken apart along ``dim``: into so many pieces whose sizes differ by one at most, or at the indices."""
    @overload
    def tile(self, *dims: builtins.int) -> Tensor: ...
    @overload
    def tile(self, dims: Sequence[builtins.int]) -> Tensor:
        """`Tensor.repeat` that takes fewer numbers than dimensions: they are for the last ones."""
    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """This tensor with another dtype: ``to(dtype)``, ``to(device)``, ``to(device, dtype)``, ``to(other)``."""
    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
    def topk(self, k: builtins.int, dim: builtins.int = -1, largest: builtins.bool = True, sorted: builtins.bool = True) -> Any:
        """The ``k`` largest elements along ``dim`` (smallest with ``largest=False``) and where they are, in
        order."""
    def trace(self) -> Tensor:
        """The sum of a matrix's diagonal."""
    def transpose(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """``input`` with two dimensions exchanged."""
    def transpose_(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """In-place form of `transpose`: this tensor takes the new shape."""
    def triangular_solve(self, A: Tensor, upper: builtins.bool = True, transpose: builtins.bool = False, unitriangular: builtins.bool = False) -> Any:
        """`torch.linalg.solve_triangular` by its old name: the solution, and a copy of A; with PyTorch's warning."""
    def tril(self, diagonal: builtins.int = 0) -> Tensor:
        """The part of a matrix, or of each in a batch, on and below a diagonal; zeros elsewhere."""
    def tril_(self, diagonal: builtins.int = 0) -> Tensor:
        """In-place form of `tril`: the result replaces this tensor's content."""
    def triu(self, diagonal: builtins.int = 0) -> Tensor:
        """The part of a matrix, or of each in a batch, on and above a diagonal; zeros elsewhere."""
    def triu_(self, diagonal: builtins.int = 0) -> Tensor:
        """In-place form of `triu`: the result replaces this tensor's content."""
    def true_divide(self, other: Any) -> Tensor:
        ...
    def true_divide_(self, other: Any) -> Tensor:
        """In-place form of `div`: the result replaces this tensor's content."""
    def trunc(self) -> Tensor:
        """Each element without its fraction, rounded towards zero."""
    def trunc_(self) -> Tensor:
        """In-place form of `trunc`: the result replaces this tensor's content."""
    def type(self, dtype: Any = None, non_blocking: builtins.bool = False) -> Any:
        """The type's name (``'torch.FloatTensor'``), or this tensor converted to ``dtype``."""
    def type_as(self, other: Tensor) -> Tensor:
        """This tensor with the dtype of ``other``."""
    def unbind(self, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """The parts of ``input`` at each index along ``dim``."""
    def unflatten(self, dim: builtins.int, sizes: Any) -> Tensor:
        """Dimension ``dim`` split into several, one of whose sizes may be -1."""
    def unfold(self, dimension: builtins.int, size: builtins.int, step: builtins.int) -> Tensor:
        """All windows of ``size`` elements along ``dimension``, ``step`` apart; the window is a new last dimension."""
    def uniform_(self, from_: builtins.float = 0.0, to: builtins.float = 1.0, *, generator: Generator | None = None, **bounds: builtins.float) -> Tensor:
        """Fill with numbers uniform in [from, to)."""
    def unique(self, sorted: builtins.bool = True, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: builtins.int | None = None) -> Any:
        """The distinct elements in ascending order, or the distinct slices along ``dim`` in lexicographic order."""
    def unique_consecutive(self, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: builtins.int | None = None) -> Any:
        """The first element of every run of equal neighbours, of the flattened tensor or of slices along ``dim``."""
    def unsafe_chunk(self, chunks: builtins.int, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """`chunk` with memory of its own, which no write to the input reaches."""
    def unsafe_split(self, split_size: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """`split` with memory of its own, which no write to the input reaches."""
    def unsafe_split_with_sizes(self, split_sizes: Any, dim: builtins.int = 0) -> builtins.tuple[Tensor, ...]:
        """`split_with_sizes` with memory of its own, which no write to the input reaches."""
    def unsqueeze(self, dim: builtins.int) -> Tensor:
        """A dimension of size one put in before dimension ``dim``."""
    def unsqueeze_(self, dim: builtins.int) -> Tensor:
        """In-place form of `unsqueeze`: this tensor takes the new shape."""
    def var(self, dim: Any = None, unbiased: builtins.bool | None = None, keepdim: builtins.bool = False, *, correction: Any = None) -> Tensor:
        """The variance of all elements, or of those along ``dim``: Σ |x − mean|² / max(0, n − correction)."""
    def vdot(self, other: Tensor) -> Tensor:
        """The dot product of two vectors of one dtype, the first conjugated."""
    def view(self, *size: Any, **kwargs: Any) -> Tensor:
        """The same memory with another shape, or with its bytes read as another dtype (which cuts the history)."""
    def view_as(self, other: Tensor) -> Tensor:
        """``input.view(other.shape)``."""
    def vsplit(self, indices_or_sections: Any) -> builtins.tuple[Tensor, ...]:
        """`torch.tensor_split` along the first dimension; the number of pieces must divide its size."""
    def where(self, condition: Any, other: Any) -> Tensor:
        """``input`` where ``condition`` is true, else ``other``; all broadcast. Without them: `nonzero` as a tuple."""
    def xlogy(self, other: Any) -> Tensor:
        """``input * log(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number."""
    def xlogy_(self, other: Any) -> Tensor:
        """In-place form of `xlogy`: the result replaces this tensor's content."""
    def zero_(self) -> Tensor:
        """Overwrite all elements with zero."""
