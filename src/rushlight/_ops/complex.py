"""Complex numbers: their parts as views, their conjugates and angles, and making them from real numbers.

PyTorch conjugates lazily: its ``conj()`` is a view with a mark. Here it is a copy with a mark. ``is_conj()`` answers as
PyTorch's does, and a write through the conjugate, which would change the tensor behind it, is refused (see
`_core.conjugates`). A write into that tensor is not seen in a conjugate that was taken before.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.conjugates import conjugated, is_conjugate
from .._core.families import unary
from .._core.levels import all_values
from .._core.operands import raise_must_be_tensor
from .._core.out_checks import OutCheck, same_dtype
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor
from .._core.views import ViewPrimitive
from .selection import where

# -- parts, as views --------------------------------------------------------------------------------------------


def _as_real(x: Any) -> Any:
    if x.flags.c_contiguous:
        return x.reshape(*x.shape, 1).view(x.real.dtype)
    part = x.itemsize // 2
    return np.lib.stride_tricks.as_strided(x.real, (*x.shape, 2), (*x.strides, part))


def _as_complex(x: Any) -> Any:
    return x.view(np.result_type(x.dtype, np.complex64))[..., 0]


view_as_real_p = ViewPrimitive("ViewAsReal", _as_real, lambda g: _complex_of_pairs(g))
view_as_complex_p = ViewPrimitive(
    "ViewAsComplex", _as_complex, lambda g: view_as_real_p.bind(g.contiguous()), by_layout=True
)


def _complex_of_pairs(g: Tensor) -> Tensor:
    return view_as_complex_p.bind(g.contiguous())


@operation(out=False, namespace="torch", method=False)
def view_as_real(input: Tensor) -> Tensor:
    """A complex tensor as a real one with a last dimension of two: real and imaginary parts. A view.

    >>> import rushlight as torch
    >>> torch.view_as_real(torch.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    if input._data.dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return view_as_real_p.bind(input)


@operation(out=False, namespace="torch", method=False)
def view_as_complex(input: Tensor) -> Tensor:
    """A real tensor whose last dimension is two as a complex one: real and imaginary parts. A view.

    Raises RuntimeError where the last dimension is not of size 2, or the pairs do not lie side by side.

    >>> import rushlight as torch
    >>> torch.view_as_complex(torch.tensor([[1.0, 2.0]]))
    tensor([1.+2.j])
    """
    x = input._data
    if x.dtype.kind != "f" or x.dtype.itemsize == 2:
        if x.dtype == np.float16:
            raise NotImplementedError("view_as_complex of float16 is not supported: there is no complex32")
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{dtypes.scalar_type_name(input.dtype)}"
        )
    if not x.ndim:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if x.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    strides = [s // x.itemsize for s in x.strides]
    if strides[-1] != 1:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if builtins.any(s % 2 for s, n in zip(strides[:-1], x.shape[:-1]) if n > 1):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    return view_as_complex_p.bind(input)


def real(input: Tensor) -> Tensor:
    """The real part of a complex tensor, a view; a real tensor itself.

    >>> import rushlight as torch
    >>> torch.real(torch.tensor([1 + 2j]))
    tensor([1.])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("real", "input", 1, input)
    return view_as_real_p.bind(input).select(-1, 0) if input._data.dtype.kind == "c" else input


def imag(input: Tensor) -> Tensor:
    """The imaginary part of a complex tensor, a view. Raises RuntimeError for a real one.

    >>> import rushlight as torch
    >>> torch.imag(torch.tensor([1 + 2j]))
    tensor([2.])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("imag", "input", 1, input)
    if input._data.dtype.kind != "c":
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return view_as_real_p.bind(input).select(-1, 1)


def _set_real(self: Tensor, value: Any) -> None:
    real(self).copy_(value)


def _set_imag(self: Tensor, value: Any) -> None:
    imag(self).copy_(value)


register(real, method=False, out=False)
register(imag, method=False, out=False)
METHODS["real"] = property(real, _set_real, doc=real.__doc__)
METHODS["imag"] = property(imag, _set_imag, doc=imag.__doc__)


# -- conjugates -----------------------------------------------------------------------------------------------------

# The rules conjugate into memory that may be written to: a gradient is somebody's own.
_conj_physical = unary(
    "ConjPhysical",
    np.conjugate,
    operation="conj_physical",
    vjp=lambda g: _conj_physical(g),
    jvp=lambda x_t: _conj_physical(x_t),
)
_conj = unary("Conj", conjugated, vjp=lambda g: _conj_physical(g), jvp=lambda x_t: _conj_physical(x_t))


@operation(out=False)
def conj(input: Tensor) -> Tensor:
    """The complex conjugate of each element; a real tensor itself.

    A copy that cannot be written to (NotImplementedError), where PyTorch's is a view: writes into ``input`` that come
    later are not seen in it. Write into `conj_physical`'s or `resolve_conj`'s result.

    >>> import rushlight as torch
    >>> torch.conj(torch.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("conj", "input", 1, input)
    return _conj(input) if input._data.dtype.kind == "c" else input


@operation(inplace=True, out=same_dtype)
def conj_physical(input: Tensor) -> Tensor:
    """The complex conjugate of each element, with memory of its own; a real tensor itself.

    >>> import rushlight as torch
    >>> torch.conj_physical(torch.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    return _conj_physical(input) if input._data.dtype.kind == "c" else input


@operation(out=False)
def is_conj(input: Tensor) -> bool:
    """Whether the elements are conjugates that `conj`, ``.mH``, ``.H`` or `adjoint` gave, and so cannot be written to.

    >>> import rushlight as torch
    >>> torch.is_conj(torch.tensor([1j]).conj())
    True
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("is_conj", "input", 1, input)
    return input._data.dtype.kind == "c" and is_conjugate(all_values(input))


@operation(out=False)
def resolve_conj(input: Tensor) -> Tensor:
    """The same elements in memory that can be written to: a copy where `is_conj`, else the tensor itself.

    >>> import rushlight as torch
    >>> torch.resolve_conj(torch.tensor([1j]).conj()).is_conj()
    False
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("resolve_conj", "input", 1, input)
    return input.clone() if is_conj(input) else input


@operation(out=False)
def is_neg(input: Tensor) -> bool:
    """False: negations are never put off here.

    >>> import rushlight as torch
    >>> torch.is_neg(-torch.ones(2))
    False
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("is_neg", "input", 1, input)
    return False


@operation(out=False)
def resolve_neg(input: Tensor) -> Tensor:
    """The tensor itself: negations are never put off here.

    >>> import rushlight as torch
    >>> torch.resolve_neg(torch.ones(2))
    tensor([1., 1.])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("resolve_neg", "input", 1, input)
    return input


# -- angles, and numbers from their parts ---------------------------------------------------------------------------


def _angle(x: Any) -> Any:
    if x.dtype.kind == "c":
        return np.arctan2(x.imag, x.real)
    return np.where(np.isnan(x), x, np.where(x < 0, x.dtype.type(np.pi), x.dtype.type(0)))


def _over_square(x: Tensor) -> Tensor:
    """``1j * x / |x|**2``, 0 at 0: the direction in which the angle grows, over the distance."""
    size = (x * x.conj()).real
    return where(size == 0, 0, x / where(size == 0, 1, size) * 1j)


def _angle_cotangent(g: Tensor, x: Tensor) -> Tensor:
    return g * _over_square(x) if x._data.dtype.kind == "c" else g.new_zeros(g._data.shape)


def _angle_tangent(x: Tensor, x_t: Tensor) -> Tensor:
    return (_over_square(x).conj() * x_t).real if x._data.dtype.kind == "c" else x_t.new_zeros(x_t._data.shape)


angle = unary(
    "Angle",
    _angle,
    to_float=True,
    vjp=lambda g, x: _angle_cotangent(g, x),
    jvp=lambda x, x_t: _angle_tangent(x, x_t),
    doc="""The angle of each complex number, from minus pi to pi; of real numbers 0, or pi where negative.

    >>> import rushlight as torch
    >>> torch.angle(torch.tensor([1j, -1, 2]))
    tensor([1.5708, 3.1416, 0.0000])
    """,
)
register(angle)


def _joined(real: Any, imag: Any) -> Any:
    out = np.empty(np.broadcast_shapes(real.shape, imag.shape), np.result_type(real.dtype, np.complex64))
    out.real, out.imag = real, imag
    return out


def _joined_tangent(real_t: Any, imag_t: Any, result: Any) -> Any:
    zero = result.real.new_zeros(result._data.shape)
    return complex_p.bind(zero if real_t is None else real_t, zero if imag_t is None else imag_t)


complex_p = Primitive(
    "Complex",
    _joined,
    inputs="real imag",
    vjp=(lambda g: g.real, lambda g: g.imag),
    jvp=_joined_tangent,
    broadcasts=True,
    family="elementwise",
)


def _polar(abs: Any, angle: Any) -> Any:
    return _joined(abs * np.cos(angle), abs * np.sin(angle))


def _polar_tangent(angle: Any, abs_t: Any, angle_t: Any, result: Any) -> Any:
    out = None if abs_t is None else polar_p.bind(abs_t, angle)
    if angle_t is None:
        return out
    turned = result * 1j * angle_t
    return turned if out is None else out + turned


# PyTorch takes the derivative by `abs` from the result's sign, which is wrong for a negative `abs`, and 0 at 0.
polar_p = Primitive(
    "Polar",
    _polar,
    inputs="abs angle",
    vjp=(
        lambda g, angle: g.real * angle.cos() + g.imag * angle.sin(),
        lambda g, result: (g * (result * 1j).conj()).real,
    ),
    jvp=_polar_tangent,
    broadcasts=True,
    family="elementwise",
)


def _check_parts(operation: str, names: tuple[str, str], parts: tuple[Any, Any]) -> None:
    for position, (name, t) in enumerate(zip(names, parts), 1):
        if not isinstance(t, Tensor):
            raise_must_be_tensor(operation, name, position, t)
    a, b = [t._data.dtype for t in parts]
    first, second = [dtypes.scalar_type_name(t.dtype) for t in parts]
    if a.kind != "f" or b.kind != "f":
        raise RuntimeError(f"Expected both inputs to be Half, Float or Double tensors but got {first} and {second}")
    if a != b:
        raise RuntimeError(f"Expected object of scalar type {first} but got scalar type {second} for second argument")
    if a.itemsize == 2:
        raise NotImplementedError(f"{operation} of float16 is not supported: there is no complex32")


_same_type = OutCheck("Expected object of scalar type {Result} but got scalar type {Out} for argument 'out'")


@operation(method=False, out=_same_type)
def complex(real: Tensor, imag: Tensor) -> Tensor:
    """Complex numbers from their real and imaginary parts, two tensors of one floating-point dtype.

    >>> import rushlight as torch
    >>> torch.complex(torch.tensor([1.0]), torch.tensor([2.0]))
    tensor([1.+2.j])
    """
    _check_parts("complex", ("real", "imag"), (real, imag))
    return complex_p.bind(real, imag)


@operation(method=False, out=_same_type)
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """Complex numbers from their sizes and angles, two tensors of one floating-point dtype.

    >>> import rushlight as torch
    >>> torch.polar(torch.tensor([2.0]), torch.tensor([0.0]))
    tensor([2.+0.j])
    """
    _check_parts("polar", ("abs", "angle"), (abs, angle))
    return polar_p.bind(abs, angle)
