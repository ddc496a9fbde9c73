"""Views of all of a tensor: other shapes and other orders of the same memory."""

from __future__ import annotations

from math import prod
from typing import Any

from .._core import dtypes
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor, alias
from .._core.views import ViewPrimitive
from .arguments import Ints, ints, register_listed, tensors_of
from .dims import check_tensor, normalize_dim, normalize_dims

# -- another shape ----------------------------------------------------------------------------------------------


def _view(x: Any, size: Ints) -> Any:
    return x.reshape(size) if x.flags.c_contiguous else x.reshape(size, copy=False)


def _as_before(g: Tensor, x_shape: Ints) -> Tensor:
    return reshape(g, x_shape)


view_p = ViewPrimitive("View", _view, _as_before, by_layout=True)
reshape_alias_p = ViewPrimitive("ReshapeAlias", _view, _as_before, by_layout=True)
# What `reshape` makes of a copy: nobody else can see that memory, so it is not followed as a view.
unsafe_view_p = Primitive(
    "UnsafeView",
    lambda x, size: x.reshape(size),
    vjp=_as_before,
    jvp=lambda x_t, size: reshape(x_t, size),
)


def check_size(size: Ints, numel: int) -> None:
    """RuntimeError where ``numel`` elements cannot take the shape ``size``."""
    known, unknown = 1, 0
    for i, s in enumerate(size):
        if s < -1:
            raise RuntimeError(f"invalid shape dimension {s} at index {i} of shape {list(size)}")
        if s == -1:
            unknown += 1
        else:
            known *= s
    if unknown > 1:
        raise RuntimeError("only one dimension can be inferred")
    if unknown and not known and not numel:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(size)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
    if (not known or numel % known) if unknown else known != numel:
        raise RuntimeError(f"shape '{list(size)}' is invalid for input of size {numel}")


def view_shape(x: Tensor, size: Ints) -> Tensor:
    """``x.view(size)``; RuntimeError where the elements do not lie so that this is possible."""
    try:
        out = view_p.bind(x, size=size)
        if out._data.shape != size and min(size) < -1:  # NumPy takes any negative number for -1
            check_size(size, x._data.size)
        return out
    except ValueError:
        check_size(size, x._data.size)
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across "
            "two contiguous subspaces). Use .reshape(...) instead."
        ) from None


def view(self: Tensor, *size: Any, **kwargs: Any) -> Tensor:
    """The same memory with another shape, or with its bytes read as another dtype (which cuts the history).

    One size may be -1. Raises RuntimeError where the elements do not lie so that a view can have the shape;
    `reshape` copies then.

    >>> import rushlight as torch
    >>> torch.arange(6).view(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    if not kwargs:
        for i in size:
            if type(i) is not int:
                break
        else:
            if size:
                return view_shape(self, size)
    else:
        size = (*size, *[kwargs.pop(k) for k in ("size", "dtype") if k in kwargs])
    if len(size) == 1 and isinstance(size[0], dtypes.dtype):
        return view_dtype(self, size[0])
    try:
        if kwargs or not size:
            raise TypeError
        shape = ints(size, "view", "size")
    except TypeError:
        kinds = ", ".join([type(s).__name__ for s in size] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()])
        raise TypeError(
            f"view() received an invalid combination of arguments - got ({kinds}), but expected one of:\n"
            " * (torch.dtype dtype)\n * (tuple of ints size)"
        ) from None
    return view_shape(self, shape)


def view_dtype(x: Tensor, dtype: dtypes.dtype) -> Tensor:
    """The bytes of ``x`` read as another dtype: memory and its count of writes are shared, gradients are not."""
    have, want, data = x.dtype, dtype, x._data
    if have.itemsize != want.itemsize:
        words = f"to view {dtypes.scalar_type_name(have)} as {dtypes.scalar_type_name(want)} (different element sizes)"
        if not data.ndim:
            raise RuntimeError(f"self.dim() cannot be 0 {words}")
        if data.strides[-1] != data.itemsize and data.shape[-1] != 1:
            raise RuntimeError(f"self.stride(-1) must be 1 {words}, but got {data.strides[-1] // data.itemsize}")
        times = want.itemsize // have.itemsize
        if times > 1 and data.shape[-1] % times:
            raise RuntimeError(f"self.size(-1) must be divisible by {times} {words}, but got {data.shape[-1]}")
    out = alias(x)
    out._data = data.view(want.np)
    return out


METHODS["view"] = view


@operation(namespace=None)
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.view(other.shape)``."""
    check_tensor(other, "view_as", "other")
    return view_shape(input, other._data.shape)


def reshape(input: Tensor, shape: Ints) -> Tensor:
    """``input`` with another shape: a view where its elements lie so that it can be one, else a copy.

    One size may be -1. Raises RuntimeError where the number of elements differs.

    >>> import rushlight as torch
    >>> torch.arange(4).reshape(2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    if input._data.flags.c_contiguous or (shape and min(shape) < -1):
        return view_shape(input, shape)
    try:
        return reshape_alias_p.bind(input, size=shape)
    except ValueError:
        check_size(shape, input._data.size)
        return unsafe_view_p.bind(input.contiguous(), size=shape)


register_listed(reshape, "shape")


@operation(namespace=None)
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.reshape(other.shape)``."""
    check_tensor(other, "reshape_as", "other")
    return reshape(input, other._data.shape)


@operation(out=False)
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dimensions from ``start_dim`` to ``end_dim``, both included, made into one.

    >>> import rushlight as torch
    >>> torch.flatten(torch.zeros(2, 3, 4), start_dim=1).shape
    torch.Size([2, 12])
    """
    check_tensor(input, "flatten")
    shape = input._data.shape
    first, last = normalize_dim(start_dim, len(shape)), normalize_dim(end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if first == last and shape:
        return input
    n = 1
    for extent in shape[first : last + 1]:
        n *= extent
    return reshape(input, (*shape[:first], n, *shape[last + 1 :]))


@operation(out=False)
def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension ``dim`` split into several, one of whose sizes may be -1.

    >>> import rushlight as torch
    >>> torch.unflatten(torch.zeros(2, 6), 1, (3, -1)).shape
    torch.Size([2, 3, 2])
    """
    if not isinstance(sizes, (tuple, list)):
        raise TypeError(f"unflatten(): argument 'sizes' (position 2) must be tuple of ints, not {type(sizes).__name__}")
    sizes = ints((sizes,), "unflatten", "sizes", 2)
    shape = input._data.shape
    dim = normalize_dim(dim, len(shape))
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    try:
        check_size(sizes, shape[dim])
    except RuntimeError as error:
        if "invalid for input" not in str(error):
            raise RuntimeError(f"unflatten got an unexpected error:\n{error}") from None
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} ({shape[dim]}) in the "
            "input tensor"
        ) from None
    others = prod([n for n in sizes if n != -1])
    if others:  # said here, where other dimensions that are empty do not make it ambiguous
        sizes = tuple([shape[dim] // others if n == -1 else n for n in sizes])
    return view_shape(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


@operation(out=False)
def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension: a view where possible, else a copy."""
    return view_shape(input.contiguous(), (-1,))


# -- dimensions of size one ---------------------------------------------------------------------------------------


def _unsqueeze(x: Any, dim: int) -> Any:
    if x.flags.c_contiguous:  # NumPy's own way gives the new dimension the stride 0, PyTorch a true one
        return x.reshape((*x.shape[:dim], 1, *x.shape[dim:]))
    return x[(slice(None),) * dim + (None,)]


def _squeeze(x: Any, dim: Ints) -> Any:
    return x.squeeze(dim) if dim else x.view()


def _unsqueeze_all(g: Tensor, dim: Ints) -> Tensor:
    for d in dim:
        g = unsqueeze_p.bind(g, dim=d)
    return g


unsqueeze_rules: Any = (_unsqueeze, lambda g, dim: squeeze_dim_p.bind(g, dim=(dim,)))
squeeze_rules: Any = (_squeeze, lambda g, dim: _unsqueeze_all(g, dim))
unsqueeze_p = ViewPrimitive("Unsqueeze", *unsqueeze_rules)
squeeze_p = ViewPrimitive("Squeeze", *squeeze_rules)
squeeze_dim_p = ViewPrimitive("SqueezeBackward1", *squeeze_rules)
squeeze_dims_p = ViewPrimitive("SqueezeBackward2", *squeeze_rules)


@operation(out=False)
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A dimension of size one put in before dimension ``dim``.

    >>> import rushlight as torch
    >>> torch.unsqueeze(torch.tensor([1, 2]), 1)
    tensor([[1],
            [2]])
    """
    return unsqueeze_p.bind(input, dim=normalize_dim(dim, input._data.ndim + 1))


def squeezing(shape: Ints, dim: Any) -> tuple[ViewPrimitive, Ints]:
    """How `squeeze` is recorded, and the dimensions that go."""
    if dim is None:
        return squeeze_p, tuple([i for i, s in enumerate(shape) if s == 1])
    if isinstance(dim, (tuple, list)):
        dims = normalize_dims(dim, len(shape)) or ()
        return squeeze_dims_p, tuple(sorted([d for d in dims if shape[d] == 1]))
    dim = normalize_dim(dim, len(shape))
    return squeeze_dim_p, (dim,) if shape and shape[dim] == 1 else ()


@operation(out=False)
def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """``input`` without its dimensions of size one: all of them, or those in ``dim`` (an int or several).

    >>> import rushlight as torch
    >>> torch.squeeze(torch.zeros(1, 2, 1)).shape
    torch.Size([2])
    """
    primitive, dims = squeezing(input._data.shape, dim)
    return primitive.bind(input, dim=dims)


# -- dimensions added, questions asked --------------------------------------------------------------------------


@operation(method=False, out=False)
def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor."""
    return isinstance(obj, Tensor)


@operation(method=False, out=False)
def numel(input: Tensor) -> int:
    """The number of elements of ``input``."""
    check_tensor(input, "numel")
    return input._data.size


def _atleast(name: str, ndim: int, steps: Any) -> None:
    def function(*tensors: Any) -> Any:
        if len(tensors) == 1 and isinstance(tensors[0], Tensor):
            return steps(tensors[0])
        return tuple([steps(x) for x in tensors_of(tensors)])

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Each tensor with at least {ndim} dimension{'s' if ndim > 1 else ''}; a tuple where several are given."
    )
    register(function, method=False, out=False)


def to_1d(x: Tensor) -> Tensor:
    return x if x._data.ndim else reshape(x, (1,))


def to_2d(x: Tensor) -> Tensor:
    return reshape(x, (1, 1)) if x._data.ndim == 0 else unsqueeze(x, 0) if x._data.ndim == 1 else x


def to_3d(x: Tensor) -> Tensor:
    if x._data.ndim == 0:
        return reshape(x, (1, 1, 1))
    return unsqueeze(to_2d(x), -1) if x._data.ndim < 3 else x


_atleast("atleast_1d", 1, to_1d)
_atleast("atleast_2d", 2, to_2d)
_atleast("atleast_3d", 3, to_3d)
