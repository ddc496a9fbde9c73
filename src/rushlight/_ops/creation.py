"""Tensors from data, and tensors filled with constants and ranges."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.autograd_methods import marked
from .._core.device import check_device
from .._core.dtypes import dtype as dtype_type
from .._core.dtypes import from_numpy_dtype
from .._core.fused import fused_multiply_add
from .._core.inplace import write_out
from .._core.levels import spread
from .._core.modes import state
from .._core.operands import as_number, exact, rounded
from .._core.out_checks import any_dtype, dtype_of_out
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .memory_formats import formatted, laid_out_like


def finished(
    array: np.ndarray, requires_grad: bool = False, device: Any = None, layout: Any = None, pin_memory: bool = False
) -> Tensor:
    """``array`` as a new tensor, with what every creation function's keywords ask for."""
    if device is not None:
        check_device(device)
    if layout is not None and str(layout) != "torch.strided":
        raise NotImplementedError(f"layout {layout} is not supported: Rushlight's tensors are dense (torch.strided)")
    if pin_memory:
        raise RuntimeError("Cannot access accelerator device when none is available.")
    out = wrap(array)
    if state.inference:
        out.__dict__["_inference"] = True
    if requires_grad:
        if array.dtype.kind not in "fcV":
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        out._requires_grad = True
    return out


def array_from(data: Any, dtype: dtype_type | None) -> np.ndarray:
    """A new array with the content of ``data``: a number, nested sequences, arrays, tensors."""
    if state.interpreter is not None and isinstance(data, (Tensor, np.ndarray, np.generic)):
        how = "tensor.detach().clone()" if isinstance(data, Tensor) else "it outside"
        state.interpreter.enter(data, f"the values of a {type(data).__name__} (make {how})")
    if isinstance(data, Tensor):
        return np.array(data._data, dtype=None if dtype is None else dtype.np)
    if isinstance(data, (np.ndarray, np.generic)):
        from_numpy_dtype(data.dtype)  # refuse what no tensor holds
        return np.array(data, dtype=None if dtype is None else dtype.np)
    if isinstance(data, (bool, int, float, complex)):
        return _number_array(data, dtype)
    if hasattr(data, "__array__") and not isinstance(data, (list, tuple)):
        return array_from(np.asarray(data), dtype)
    return _sequence_array(data, dtype)


def _number_array(data: Any, dtype: dtype_type | None) -> np.ndarray:
    return _elements([data], dtype or dtypes.of_number(data)).reshape(()).copy()  # its own memory, not a view


def _constant(number: Any, dtype: dtype_type | None, argument: str) -> np.ndarray:
    """What a tensor is filled with; where it does not fit, refused in other words than an element of a list."""
    value = as_number(number.item() if isinstance(number, Tensor) else number)
    if value is NotImplemented:
        raise TypeError(f"{argument} must be Number, not {type(number).__name__}")
    return exact(value, dtype or dtypes.of_number(value))


def _saturated(number: Any, d: dtype_type) -> Any:
    """``number``, infinite where it is too large for 16 bits: `full` refuses that, other functions do not."""
    narrow = d.is_floating_point and d.itemsize == 2 and isinstance(number, (int, float))
    return rounded(as_number(number), d) if narrow else number


def _elements(values: list[Any], d: dtype_type) -> np.ndarray:
    """Numbers as an array of ``d``. NumPy converts them where it does so as PyTorch does."""
    kinds = {type(v) for v in values}
    whole = kinds <= {int, bool} or (d is dtypes.int64 and all(issubclass(k, (int, np.integer)) for k in kinds))
    if whole or d.category != dtypes.INTEGER:
        try:
            return np.array(values, d.np)
        except (OverflowError, TypeError):
            pass
    return np.array([_element(v, d) for v in values], d.np)


def _element(v: Any, d: dtype_type) -> Any:
    """One number as an element of ``d``, or PyTorch's refusal, whose kind and words depend on both."""
    if d.category != dtypes.INTEGER:
        if d.category == dtypes.FLOAT and isinstance(v, complex):
            raise TypeError("must be real number, not complex\nTake its .real, or its abs().")
        return float(v) if d.category == dtypes.FLOAT else v
    limits = np.iinfo(d.np)
    low, high = int(limits.min), int(limits.max)
    if d is dtypes.uint64:
        if not isinstance(v, int):
            raise TypeError("an integer is required")
        if not 0 <= v <= high:
            raise OverflowError("int too big to convert" if v > 0 else "can't convert negative int to unsigned")
        return v
    if isinstance(v, float):
        if low <= v <= high:
            return int(v)
    elif isinstance(v, (int, np.integer, np.bool_)):
        v = int(v)
        if not -(2**63) <= v < 2**63:
            raise ValueError("Overflow when unpacking long long\nThe largest integer type, int64, ends at 2**63 - 1.")
        if low <= v <= high:
            return v
        if not low and -high <= v < 0:
            return v + high + 1  # as C does
    else:
        raise TypeError(f"'{_qualified(type(v))}' object cannot be interpreted as an integer")
    raise RuntimeError(
        f"value cannot be converted to type {d.name} without overflow\nIt is {v}; {d.name} goes from {low} to {high}."
    )


def _qualified(kind: type) -> str:
    """The name of a type as PyTorch's errors have it."""
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _sequence_array(data: Any, dtype: dtype_type | None) -> np.ndarray:
    shape = _shape_of(data)
    if 0 in shape:
        return np.empty(shape, dtype=(dtype or dtypes.get_default_dtype()).np)
    leaves: list[Any] = []
    _flatten(data, shape, 0, leaves)
    if dtype is None:
        kinds = {v.dtype if isinstance(v, (Tensor, np.generic)) else type(v): v for v in leaves}
        for v in kinds.values():
            dtype = _leaf_dtype(v) if dtype is None else dtypes.promote_types(dtype, _leaf_dtype(v))
    assert dtype is not None
    values = [v._data.item() if isinstance(v, Tensor) else v for v in leaves]
    flat = _elements(values, dtype)
    return flat if len(shape) == 1 else flat.reshape(shape).copy()  # its own memory, not a view


def _leaf_dtype(v: Any) -> dtype_type:
    if isinstance(v, Tensor):
        return v.dtype
    return from_numpy_dtype(v.dtype) if isinstance(v, np.generic) else dtypes.of_number(v)


def _is_sequence(data: Any) -> bool:
    return isinstance(data, (list, tuple, range)) or (
        hasattr(data, "__len__")
        and hasattr(data, "__getitem__")
        and not isinstance(data, (str, bytes, dict))
        and not (isinstance(data, Tensor) and data._data.ndim == 0)
        and not (isinstance(data, np.ndarray) and data.ndim == 0)
    )


def _shape_of(data: Any) -> tuple[int, ...]:
    shape: list[int] = []
    while _is_sequence(data):
        if isinstance(data, np.ndarray):
            shape.extend(data.shape)
            break
        if isinstance(data, Tensor):
            break  # in a list it stands for a number
        shape.append(len(data))
        if not len(data):
            break
        data = data[0]
    return tuple(shape)


def _flatten(data: Any, shape: tuple[int, ...], dim: int, leaves: list[Any]) -> None:
    if dim == len(shape):
        if isinstance(data, Tensor):
            if data._data.size != 1:
                raise ValueError(
                    "only one element tensors can be converted to Python scalars\n"
                    "torch.stack makes one tensor of several."
                )
        elif _is_sequence(data):
            kind = type(data).__name__
            real = leaves and isinstance(leaves[0], float)
            raise TypeError(
                (f"must be real number, not {kind}" if real else f"'{kind}' object cannot be interpreted as an integer")
                + "\nThe lists are not nested alike: here a number was expected."
            )
        if isinstance(data, np.ndarray):
            data = data[()]
        if isinstance(data, (str, bytes)):
            if leaves or not shape:
                raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
            raise ValueError("too many dimensions 'str'")
        if not isinstance(data, (bool, int, float, complex, np.generic, Tensor, np.ndarray)):
            raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
        leaves.append(data)
        return
    if not _is_sequence(data):
        raise TypeError(
            f"not a sequence\nThe lists are not nested alike: a list was expected, not {type(data).__name__}."
        )
    if len(data) != shape[dim]:
        raise ValueError(f"expected sequence of length {shape[dim]} at dim {dim} (got {len(data)})")
    for item in data:
        _flatten(item, shape, dim + 1, leaves)


def tensor(
    data: Any,
    *,
    dtype: dtype_type | None = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A new tensor with a copy of ``data``: a number, nested lists, an array, a tensor.

    Without ``dtype``, Python floats become the default dtype and ints int64. Raises ValueError for ragged
    lists and RuntimeError for gradients of integers.

    >>> import rushlight as torch
    >>> torch.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])
    """
    if isinstance(data, Tensor):
        import warnings

        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    return finished(array_from(data, dtype), requires_grad, device, None, pin_memory)


def as_tensor(data: Any, dtype: dtype_type | None = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without copying where it is a tensor or an array of the right dtype already.

    >>> import rushlight as torch
    >>> x = torch.ones(2)
    >>> torch.as_tensor(x) is x
    True
    """
    if device is not None:
        check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None or data.dtype is dtype else data.to(dtype)
    if isinstance(data, np.ndarray):
        out = from_numpy(data)
        return out if dtype is None or out.dtype is dtype else out.to(dtype)
    return finished(array_from(data, dtype))


def from_numpy(array: np.ndarray) -> Tensor:
    """A tensor over the memory of a NumPy array: changes to one are seen in the other.

    >>> import numpy as np, rushlight as torch
    >>> a = np.zeros(2)
    >>> t = torch.from_numpy(a)
    >>> a[0] = 5
    >>> t
    tensor([5., 0.], dtype=torch.float64)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {_qualified(type(array))})")
    if state.interpreter is not None:
        state.interpreter.enter(array, "a tensor over a NumPy array (make it outside)")
    native = from_numpy_dtype(array.dtype).np
    if not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion between byte orders is "
            "currently not supported."
        )
    if any(s < 0 for s in array.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array  with array.copy().)"
        )
    return _over(array, native, "NumPy array")


def _over(array: np.ndarray, native: np.dtype, source: str) -> Tensor:
    """A tensor over the memory of the array, which is that of what the program calls ``source``."""
    if not array.flags.writeable:
        warnings.warn(
            f"The given {source} is not writable, and PyTorch does not support non-writable tensors. Rushlight refuses "
            "to write to it: copy it first if the tensor is to be changed.",
            UserWarning,
            stacklevel=3,
        )
    view = array.view(np.ndarray) if type(array) is not np.ndarray else array
    return finished(view if view.dtype is native else view.view(native))


def frombuffer(buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A 1-d tensor over the memory of ``buffer``: ``count`` elements of ``dtype`` from byte ``offset`` on, all with -1.

    Nothing is copied: what is written to the one is read in the other. Raises ValueError where ``buffer`` has no
    buffer protocol, or no such elements; warns where it is read-only.

    >>> import rushlight as torch
    >>> torch.frombuffer(bytearray([1, 0, 2, 0]), dtype=torch.int16)
    tensor([1, 2], dtype=torch.int16)
    """
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    size = dtype.itemsize
    if not (length and count):
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) minus 1"
        )
    if count > 0 and offset + count * size > length:
        raise ValueError(
            f"requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must not be greater than "
            f"actual buffer length ({length} bytes)"
        )
    if count < 0 and (length - offset) % size:
        raise ValueError(
            f"buffer length ({length - offset} bytes) after offset ({offset} bytes) must be a multiple of element size "
            f"({size})"
        )
    array = np.frombuffer(buffer, dtype.np, max(count, -1), offset)
    return marked(_over(array, dtype.np, "buffer"), requires_grad)


def shape_of(args: tuple[Any, ...], name: str, size: Any = None, *, position: int = 1) -> tuple[int, ...]:
    """A size given as separate ints, as one sequence, or by its name as ``size``; checked.

    ``position`` is where PyTorch says that it stands among the arguments of ``name``.
    """
    if size is not None:
        if args:
            got = ", ".join([*(type(a).__name__ for a in args), f"size={type(size).__name__}"])
            raise TypeError(
                f"{name}() received an invalid combination of arguments - got ({got}), but expected one of:"
            )
        args, where = (size,), f"{name}(): argument 'size'"
        if position > 1:
            where += f" (position {position})"
    else:
        where = f"{name}(): argument 'size' (position {position})"
    if not args:
        raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
    if len(args) == 1 and (isinstance(args[0], bool) or not isinstance(args[0], (int, np.integer, Tensor))):
        if not isinstance(args[0], (tuple, list)):
            raise TypeError(f"{where} must be tuple of ints, not {type(args[0]).__name__}")
        args = tuple(args[0])
    shape = []
    for i, s in enumerate(args):
        number = s.item() if isinstance(s, Tensor) and s._data.size == 1 else s
        if isinstance(number, (bool, float, str, Tensor)) or not hasattr(number, "__index__"):
            kind = type(s).__name__
            if i == 0:
                if isinstance(s, Tensor):
                    raise TypeError(f"{where} must be tuple of ints, not Tensor")
                raise TypeError(f"{where} must be tuple of ints, but found element of type {kind} at pos 0")
            raise TypeError(
                f"{name}(): argument 'size' failed to unpack the object at pos {i + 1} with error "
                f'"type must be tuple of ints,but got {kind}"'
            )
        if number < 0 and name == "zeros":
            raise RuntimeError(f"zeros: Dimension size must be non-negative.\nThe size is {[int(x) for x in args]}.")
        if number < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {number}: {[int(x) for x in args]}")
        shape.append(int(number))
    return tuple(shape)


def _filled(name: str, make: Any, value: int, doc: str) -> Any:
    """``zeros``, ``ones``, ``empty``: by size; with their ``_like`` and ``new_`` forms."""

    def function(
        *args: Any,
        size: Any = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        requires_grad: bool = False,
        pin_memory: bool = False,
        out: Any = None,
        memory_format: Any = None,
    ) -> Tensor:
        if memory_format is not None and name != "empty":
            raise TypeError(f"{name}() got an unexpected keyword argument 'memory_format'")
        if str(memory_format) == "torch.preserve_format":
            raise RuntimeError("unsupported memory format Preserve")
        array = formatted(make(shape_of(args, name, size), (dtype or dtypes.get_default_dtype()).np), memory_format)
        return delivered(array, dtype, out, requires_grad, device, layout, pin_memory, name)

    def like(
        input: Tensor,
        *,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        requires_grad: bool = False,
        memory_format: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        array = laid_out_like(input, input._data.dtype if dtype is None else dtype.np, memory_format)
        array.fill(value)
        return spread(input, finished(array, requires_grad, device, layout, pin_memory))

    def new(
        self: Tensor,
        *args: Any,
        size: Any = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        requires_grad: bool = False,
        pin_memory: bool = False,
    ) -> Tensor:
        array = make(shape_of(args, f"new_{name}", size), self._data.dtype if dtype is None else dtype.np)
        return spread(self, finished(array, requires_grad, device, layout, pin_memory))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    like.__name__ = like.__qualname__ = f"{name}_like"
    like.__doc__ = f"`torch.{name}` with the shape of ``input``, and its dtype unless one is given."
    new.__name__ = new.__qualname__ = f"new_{name}"
    new.__doc__ = f"`torch.{name}` with this tensor's dtype unless one is given."
    public = register(function, method=False, out=False)
    register(like, method=False, out=False)
    register(new, namespace=None, out=False)
    return public, like


def check_memory_format(memory_format: Any) -> None:
    """Accept the formats that mean what we do anyway."""
    if memory_format is not None and str(memory_format) not in ("torch.preserve_format", "torch.contiguous_format"):
        raise NotImplementedError(f"{memory_format} is not supported: Rushlight's tensors are laid out in C order")


zeros, zeros_like = _filled(
    "zeros",
    np.zeros,
    0,
    "A tensor of the given size filled with zeros.\n\n    >>> import rushlight as torch\n    >>> torch.zeros(2, 2)\n    tensor([[0., 0.],\n            [0., 0.]])\n    ",
)
ones, ones_like = _filled(
    "ones",
    np.ones,
    1,
    "A tensor of the given size filled with ones.\n\n    >>> import rushlight as torch\n    >>> torch.ones(2, dtype=torch.int32)\n    tensor([1, 1], dtype=torch.int32)\n    ",
)
# PyTorch promises nothing of the content of `empty`; zeros make programs that read it repeatable, at no cost.
empty, empty_like = _filled(
    "empty",
    np.zeros,
    0,
    "A tensor of the given size whose content is not specified.\n\n    >>> import rushlight as torch\n    >>> torch.empty(2, 3).shape\n    torch.Size([2, 3])\n    ",
)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """A tensor of ``size`` filled with one value, whose type decides the dtype where none is given.

    >>> import rushlight as torch
    >>> torch.full((2,), 7)
    tensor([7, 7])
    """
    if isinstance(size, int):
        raise TypeError(f"full(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
    value = _constant(fill_value, dtype, "full(): argument 'fill_value' (position 2)")
    array = np.full(shape_of((size,), "full"), value)
    return delivered(array, dtype, out, requires_grad, device, layout, pin_memory, "full")


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.full` with the shape of ``input``, and its dtype unless one is given."""
    d = dtype or input.dtype
    array = laid_out_like(input, d.np, memory_format)
    array[...] = full((), fill_value, dtype=d)._data
    return spread(input, finished(array, requires_grad, device, layout, pin_memory))


def new_full(
    self: Tensor,
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.full` with this tensor's dtype unless one is given."""
    d = dtype or self.dtype
    out = full(
        size,
        _saturated(fill_value, d),
        dtype=d,
        layout=layout,
        device=device,
        requires_grad=requires_grad,
        pin_memory=pin_memory,
    )
    return spread(self, out)


def new_tensor(
    self: Tensor,
    data: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.tensor` with this tensor's dtype unless one is given."""
    return finished(array_from(data, dtype or self.dtype), requires_grad, device, layout, pin_memory)


def delivered(
    array: np.ndarray,
    dtype: dtype_type | None,
    out: Any,
    requires_grad: bool,
    device: Any,
    layout: Any,
    pin_memory: bool,
    name: str,
) -> Tensor:
    """A new tensor, or ``out`` with its content and shape, whose dtype must be the one that was asked for."""
    result = finished(array, requires_grad, device, layout, pin_memory)
    if out is None:
        return result
    return write_out(result, out, name, check=any_dtype if dtype is None else dtype_of_out, warns=False)


def in_shape_of(array: np.ndarray, out: Any) -> np.ndarray:
    """A range in the shape of the ``out`` that it fills."""
    return array.reshape(out._data.shape) if isinstance(out, Tensor) and out._data.size == array.size else array


def arange(
    start: Any = None,
    end: Any = None,
    step: Any = None,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """Numbers from ``start`` (0 where only one bound is given) up to, without, ``end`` in steps of ``step``.

    Raises TypeError where no bound is given, RuntimeError where steps from one bound never reach the other.

    >>> import rushlight as torch
    >>> torch.arange(1, 2.5, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """
    if (end is None or start is None) and (step is not None or start is end):
        raise TypeError("arange() received an invalid combination of arguments, but expected one of:")
    if end is None:
        start, end = None, start
    start, step = 0 if start is None else start, 1 if step is None else step
    start, end, step = (v.item() if isinstance(v, (Tensor, np.generic)) else v for v in (start, end, step))
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if dtype is None:
        whole = all(isinstance(v, int) for v in (start, end, step))
        dtype = (dtypes.int64 if whole else dtypes.get_default_dtype()) if out is None else out.dtype
    if dtype.category not in (dtypes.INTEGER, dtypes.FLOAT):
        raise NotImplementedError(f"\"arange_cpu\" not implemented for '{dtypes.scalar_type_name(dtype)}'")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    cut = tuple([int(v) for v in (start, end, step)])  # what is left of them in integers
    if dtype is dtypes.int64 and not cut[2]:
        raise ValueError("step must be nonzero")
    counted = cut if dtype is dtypes.int64 else (start, end, step)
    n = len(range(*counted)) if all(isinstance(v, int) for v in counted) else math.ceil((end - start) / step)
    if dtype.category == dtypes.INTEGER:
        start, _, step = cut
    array = in_shape_of(_stepped(start, step, n, dtype), out)
    if out is not None and out._data.size not in (0, n):
        warnings.warn(
            f"The number of elements in the out tensor of shape {list(out._data.shape)} is {out._data.size} which does "
            f"not match the computed number of elements {n}. The out tensor is resized to shape ({n},).",
            UserWarning,
            stacklevel=2,
        )
    return delivered(array, dtype, out, requires_grad, device, layout, pin_memory, "arange")


def _stepped(start: Any, step: Any, n: int, d: dtype_type) -> np.ndarray:
    """``start + i * step`` in int64 or double precision, rounded to the dtype.

    As PyTorch's kernel does it, on any processor with fused multiply-add: the numbers that fill vectors of 32 bytes, two
    at a time, are counted from the first one of their vector, which is rounded itself.
    """
    if d.category == dtypes.INTEGER or d.itemsize == 2:
        return (start + np.arange(n) * step).astype(d.np)
    i = np.arange(n, dtype=np.float64)
    numbers = fused_multiply_add(i, step, start).astype(d.np)
    lanes = 32 // d.itemsize
    vectors = n // (2 * lanes) * 2
    if vectors:
        first = numbers[: vectors * lanes : lanes, None].astype(np.float64)
        within = np.broadcast_to(i[:lanes], (vectors, lanes))
        numbers[: vectors * lanes] = fused_multiply_add(within, step, first).reshape(-1)
    return numbers


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """A matrix with ones on the diagonal and zeros elsewhere.

    >>> import rushlight as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    if n < 0:
        raise RuntimeError(f"n must be greater or equal to 0, got {n}")
    if m is not None and m < 0:
        raise RuntimeError(f"m must be greater or equal to 0, got {m}")
    d = dtype or dtypes.get_default_dtype()
    return delivered(np.eye(n, m, dtype=d.np), dtype, out, requires_grad, device, layout, pin_memory, "eye")


def scalar_tensor(
    s: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A 0-d tensor of the default dtype (or ``dtype``) with the value ``s``."""
    d = dtype or dtypes.get_default_dtype()
    value = _constant(_saturated(s, d), d, "scalar_tensor(): argument 's' (position 1)")
    return finished(value, requires_grad, device, layout)


for _function in (tensor, as_tensor, from_numpy, frombuffer, full, full_like, arange, eye, scalar_tensor):
    register(_function, method=False, out=False)
register(as_tensor, "asarray", method=False, out=False)
for _method in (new_full, new_tensor):
    register(_method, namespace=None, out=False)
