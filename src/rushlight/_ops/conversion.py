"""From one dtype to another, to Python numbers and NumPy arrays, and copies."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from .._core import dtypes, formatting
from .._core.device import CPU, check_device, device
from .._core.dtypes import dtype as dtype_type
from .._core.dtypes import from_numpy_dtype
from .._core.layout import strided
from .._core.levels import all_values, belongs
from .._core.modes import state
from .._core.overlap import is_expanded
from .._core.primitive import Primitive, quietly
from .._core.registry import METHODS, operation
from .._core.tensor import Size, Tensor, wrap
from . import memory_formats
from .memory_formats import copied, in_format, preserves


def _convert(x: Any, to: np.dtype) -> Any:
    if x.dtype.kind == "c" and to.kind not in "cb":
        x = x.real
    if x.dtype.kind in "fV" and to.kind in "iu":
        # Through int64, as PyTorch's narrowing goes: 300.0 as uint8 is 44, not what the processor makes of it.
        return quietly(lambda: x.astype(np.int64).astype(to))
    return x.astype(to)


to_copy = Primitive(
    "ToCopy",
    _convert,
    vjp=lambda g, x_dtype: g.to(from_numpy_dtype(x_dtype)),
    jvp=lambda x_t, to: to_copy.bind(x_t, to=to),
    family="linear",
)
clone_p = Primitive(
    "Clone",
    lambda x: x.copy(order="K" if x.flags.writeable or not is_expanded(x) else "C"),
    vjp=lambda g: g,
    jvp=lambda x_t: x_t.clone(),
    family="linear",
)


def to(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """This tensor with another dtype: ``to(dtype)``, ``to(device)``, ``to(device, dtype)``, ``to(other)``.

    The tensor itself where nothing changes, unless ``copy=True``. The only device is the CPU.

    >>> import rushlight as torch
    >>> torch.ones(2).to(torch.int64)
    tensor([1, 1])
    """
    target, copy, memory_format = parse_to(args, kwargs)
    return _converted(self, target, memory_format, copy)


def _converted(self: Tensor, target: dtype_type | None, memory_format: Any, copy: bool = False) -> Tensor:
    if target is not None and target.np != self._data.dtype:
        out = to_copy.bind(self, to=target.np)
        return out if preserves(memory_format) else in_format(out, memory_format)
    if not copy and (preserves(memory_format) or memory_formats.suggested_by(self, memory_format)):
        return self
    return clone(self, memory_format=memory_format)


def parse_to(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[dtype_type | None, bool, Any]:
    """The dtype (None: as it is) that the arguments of ``.to(...)`` ask for, whether a copy is wanted, and the format."""
    target: dtype_type | None = None
    options: dict[str, Any] = {
        "dtype": None,
        "device": None,
        "other": None,
        "non_blocking": False,
        "copy": False,
        "memory_format": None,
    }
    unknown = set(kwargs) - set(options)
    if unknown:
        raise TypeError(f"to() got an unexpected keyword argument '{unknown.pop()}'")
    options.update(kwargs)
    flags = []
    for arg in args:
        if isinstance(arg, (dtype_type, type)):
            options["dtype"] = arg
        elif isinstance(arg, Tensor):
            options["other"] = arg
        elif isinstance(arg, bool):
            flags.append(arg)
        elif isinstance(arg, (str, device, int)):
            options["device"] = arg
        elif arg is not None:
            raise TypeError(f"to() received an invalid combination of arguments - got ({type(arg).__name__})")
    if len(flags) > 1:
        options["copy"] = flags[1]  # the first is non_blocking, which has no meaning on one device
    if options["device"] is not None:
        check_device(options["device"])
    target = options["dtype"]
    if target is not None:
        target = dtypes.as_dtype(target, "to")
    if options["other"] is not None:
        target = options["other"].dtype
    return target, bool(options["copy"]), options["memory_format"]


@operation(out=False)
def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy with memory of its own; gradients flow back through it.

    >>> import rushlight as torch
    >>> x = torch.zeros(2)
    >>> torch.clone(x).fill_(1), x
    (tensor([1., 1.]), tensor([0., 0.]))
    """
    return clone_p.bind(input) if preserves(memory_format) else copied(input, memory_format)


def contiguous(self: Tensor, memory_format: Any = None) -> Tensor:
    """This tensor where its elements lie in C order already, or in the given format, else a copy that does.

    Raises RuntimeError for a format with the channels last that this number of dimensions has not got.

    >>> import rushlight as torch
    >>> torch.zeros(2, 3, 4, 5).contiguous(memory_format=torch.channels_last).stride()
    (60, 1, 15, 3)
    """
    if memory_format is not None and preserves(memory_format) and not self._data.flags.c_contiguous:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return in_format(self, memory_format)


def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The type's name (``'torch.FloatTensor'``), or this tensor converted to ``dtype``."""
    if dtype is None:
        return f"torch.{dtypes.scalar_type_name(self.dtype)}Tensor"
    if isinstance(dtype, str):
        names = {f"torch.{dtypes.scalar_type_name(d)}Tensor": d for d in dtypes.ALL}
        if dtype not in names:
            raise ValueError(f"invalid type: '{dtype}'")
        dtype = names[dtype]
    return self.to(getattr(dtype, "dtype", dtype))


def type_as(self: Tensor, other: Tensor) -> Tensor:
    """This tensor with the dtype of ``other``."""
    return self.to(other.dtype)


def _shorthand(name: str, d: dtype_type) -> Any:
    def convert(self: Tensor, *, memory_format: Any = None) -> Tensor:
        return _converted(self, d, memory_format)

    convert.__name__ = convert.__qualname__ = name
    convert.__doc__ = f"This tensor converted to ``{d}``."
    return convert


_SHORTHANDS = {
    "float": dtypes.float32, "double": dtypes.float64, "half": dtypes.float16, "bfloat16": dtypes.bfloat16,
    "byte": dtypes.uint8, "char": dtypes.int8, "short": dtypes.int16, "int": dtypes.int32, "long": dtypes.int64,
    "bool": dtypes.bool_, "cfloat": dtypes.complex64, "cdouble": dtypes.complex128,
}  # fmt: skip
METHODS.update({name: _shorthand(name, d) for name, d in _SHORTHANDS.items()})


def cpu(self: Tensor, memory_format: Any = None) -> Tensor:
    """This tensor, which is on the CPU, or a copy in another memory format."""
    return _converted(self, None, memory_format)


# -- to Python and NumPy ------------------------------------------------------------------------------------


def item(self: Tensor) -> Any:
    """The value of a tensor of one element as a Python number.

    >>> import rushlight as torch
    >>> torch.tensor([2.5]).item()
    2.5
    """
    data = self._data
    if data.size != 1:
        raise RuntimeError(f"a Tensor with {data.size} elements cannot be converted to Scalar")
    if state.interpreter is not None:
        number = state.interpreter.item(self)
        if number is not NotImplemented:
            return number
    return float(data.reshape(())) if data.dtype.kind == "V" else data.item()


def tolist(self: Tensor) -> Any:
    """The values as nested lists of Python numbers.

    >>> import rushlight as torch
    >>> torch.tensor([[1, 2], [3, 4]]).tolist()
    [[1, 2], [3, 4]]
    """
    data = self._data
    return (data.astype(np.float32) if data.dtype.kind == "V" else data).tolist()


def numpy(self: Tensor, *, force: bool = False) -> np.ndarray:
    """The NumPy array behind this tensor: shared, not copied.

    Raises RuntimeError where the tensor requires grad, unless recording is off; ``force=True`` detaches first.
    """
    if self._requires_grad and state.grad and not force and self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    if self._data.dtype.kind == "V":
        raise TypeError("Got unsupported ScalarType BFloat16")
    if belongs(self):
        self._data.level.check_handed_out()
    if state.interpreter is not None:
        state.interpreter.reveal(self)
    return self._data if type(self._data) is np.ndarray else self._data.view(np.ndarray)


def _array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
    array = numpy(self)
    return np.array(array, dtype=dtype, copy=copy) if dtype is not None or copy else array


def _number(convert: Any, name: str) -> Any:
    def function(self: Tensor) -> Any:
        if self._data.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return convert(item(self))

    function.__name__ = function.__qualname__ = name
    return function


def _index(self: Tensor) -> int:
    if self._data.size != 1 or self._data.dtype.kind not in "biu":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return int(self._data.item())


def _bool(self: Tensor) -> bool:
    data = self._data
    if data.size == 1:
        return bool(data) if data.dtype.kind != "V" else bool(float(data.reshape(())))
    if data.size == 0:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")


def _len(self: Tensor) -> int:
    if not self._data.ndim:
        raise TypeError("len() of a 0-d tensor")
    return self._data.shape[0]


def _repr(self: Tensor, *, tensor_contents: Any = None) -> str:
    if tensor_contents is not None:
        raise NotImplementedError("repr with contents given is not supported")
    if belongs(self):
        return self._data.level.describe(self)
    return plain_repr(self)


def plain_repr(self: Tensor, *more: str) -> str:
    """The ``repr`` of a tensor that no transform has made, with ``more`` said at its end."""
    if state.interpreter is not None:
        state.interpreter.reveal(self)
    node = self.grad_fn
    return formatting.tensor_repr(
        self._data,
        head="tensor(" if type(self) is Tensor or self._is_parameter else f"{type(self).__name__}(",
        default_float=dtypes.get_default_dtype().name,
        requires_grad=self.requires_grad,
        grad_fn=None if node is None else node.name().rsplit("::", 1)[-1],
        is_parameter=self._is_parameter,
        more=more,
    )


def _format(self: Tensor, spec: str) -> str:
    if self._data.ndim == 0 and type(self) is Tensor:
        if state.interpreter is not None:
            state.interpreter.reveal(self)
        return formatting.scalar_format(self._data, spec)
    return object.__format__(self, spec)


# -- copying and pickling -----------------------------------------------------------------------------------


def _deepcopy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  "
            "If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    known = memo.get(id(self))
    if known is not None:
        return known
    out = _same_class(self, self._data.copy())
    memo[id(self)] = out
    out._requires_grad = self.requires_grad
    if self._grad is not None:
        out._grad = copy.deepcopy(self._grad, memo)
    out.__dict__.update({k: copy.deepcopy(v, memo) for k, v in self.__dict__.items() if not k.startswith("_")})
    return out


def _same_class(self: Tensor, array: np.ndarray) -> Tensor:
    out = wrap(array)
    return out if type(self) is Tensor else out.as_subclass(type(self))


def as_subclass(self: Tensor, cls: type) -> Any:
    """This tensor's content as an instance of ``cls``, a subclass of Tensor."""
    out: Any = object.__new__(cls)
    for slot in ("_data", "_fn", "_requires_grad", "_counter", "_view", "_grad", "_hooks"):
        setattr(out, slot, getattr(self, slot))
    return out


def _reduce_ex(self: Tensor, protocol: Any) -> Any:
    extra = {k: v for k, v in self.__dict__.items() if not k.startswith("_")}
    # `torch.Tensor` is what the class calls itself, and pickle could not find it where `torch` is not Rushlight.
    cls = None if type(self) is Tensor else type(self)
    return (rebuild, (cls, self._data, self.requires_grad, extra))


def rebuild(cls: type | None, array: np.ndarray, requires_grad: bool, extra: dict[str, Any]) -> Any:
    """A tensor from what `pickle` stored of it."""
    out = wrap(array) if cls is None else wrap(array).as_subclass(cls)
    out._requires_grad = requires_grad
    out.__dict__.update(extra)
    return out


# -- what it is -----------------------------------------------------------------------------------------------


def size(self: Tensor, dim: int | None = None) -> Any:
    """The shape, or the size of one dimension."""
    if dim is None:
        return Size(self._data.shape)
    ndim = self._data.ndim
    if not -ndim <= dim < ndim:
        if ndim == 0:
            raise IndexError("Dimension specified as " + str(dim) + " but tensor has no dimensions")
        raise IndexError(f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {dim})")
    return self._data.shape[dim]


def stride(self: Tensor, dim: int | None = None) -> Any:
    """How many elements lie between neighbours along each dimension, or along one."""
    data = self._data
    if data.size:
        apart = [s // data.itemsize for s in data.strides]
        for d in range(data.ndim - 1, -1, -1):
            if data.shape[d] == 1 and apart[d] == 0:  # NumPy's for a new dimension; PyTorch has a true one
                apart[d] = apart[d + 1] * data.shape[d + 1] if d + 1 < data.ndim else 1
        strides = tuple(apart)
    else:  # NumPy has zeros here, PyTorch those of a tensor whose empty dimensions had one element
        strides = stride(wrap(np.empty([max(n, 1) for n in data.shape], bool)))
    return strides if dim is None else strides[dim]


def numel(self: Tensor) -> int:
    """The number of elements."""
    return self._data.size


def storage_offset(self: Tensor) -> int:
    """How many elements this view begins after its base."""
    base = self._view.base if self._view is not None else self
    addresses = [all_values(t).__array_interface__["data"][0] for t in (self, base)]
    return (addresses[0] - addresses[1]) // self._data.itemsize


def is_contiguous(self: Tensor, memory_format: Any = None) -> bool:
    """Whether the elements lie without gaps in C order, or in the given format."""
    return memory_formats.lies_in(self, memory_format)


def _dtype(self: Tensor) -> dtype_type:
    """The type of the elements."""
    return from_numpy_dtype(self._data.dtype)


def _device(self: Tensor) -> device:
    """Where the elements are: in the memory of the CPU."""
    return CPU


def _itemsize(self: Tensor) -> int:
    """The size of an element in bytes."""
    return self._data.itemsize


def _nbytes(self: Tensor) -> int:
    """The size of all elements in bytes."""
    return self._data.nbytes


def _base(self: Tensor) -> Tensor | None:
    return None if self._view is None else self._view.base


def _dim(self: Tensor) -> int:
    """The number of dimensions."""
    return self._data.ndim


def _is_view(self: Tensor) -> bool:
    return self._view is not None


Tensor.dtype = property(_dtype)  # type: ignore[assignment]
Tensor.device = property(_device)  # type: ignore[assignment]
Tensor.itemsize = property(_itemsize)  # type: ignore[assignment]
Tensor.nbytes = property(_nbytes)  # type: ignore[assignment]
Tensor.is_cpu = True
Tensor.layout = strided
Tensor.is_cuda = Tensor.is_sparse = Tensor.is_sparse_csr = Tensor.is_nested = Tensor.is_mps = Tensor.is_xpu = (
    Tensor.is_quantized
) = Tensor.is_meta = Tensor.is_mkldnn = False
Tensor._is_parameter = False
Tensor.name = None
Tensor._base = property(_base)  # type: ignore[assignment]


def _data_ptr(self: Tensor) -> int:
    if state.interpreter is not None:
        state.interpreter.unrepeatable("the address of a tensor")
    return self._data.__array_interface__["data"][0]


METHODS.update(
    to=to, contiguous=contiguous, type=type_, type_as=type_as, cpu=cpu, item=item, tolist=tolist, numpy=numpy, size=size,
    stride=stride, numel=numel, nelement=numel, storage_offset=storage_offset, is_contiguous=is_contiguous,
    as_subclass=as_subclass, dim=_dim, ndimension=_dim,
    element_size=_itemsize, data_ptr=_data_ptr,
    _is_view=_is_view,
    __array__=_array, __float__=_number(float, "__float__"), __int__=_number(int, "__int__"),
    __complex__=_number(complex, "__complex__"), __index__=_index, __bool__=_bool, __len__=_len, __repr__=_repr,
    __format__=_format, __deepcopy__=_deepcopy, __reduce_ex__=_reduce_ex,
)  # fmt: skip
_ = state
