"""Discrete Fourier transforms: three linear maps in NumPy's arithmetic, and what `torch.fft` makes of them.

The maps are complex to complex, real to complex (of whose symmetric result one half may be left out) and back to real
numbers. Each one's adjoint is another of them. This module loads with `rushlight.fft`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from .._core import dtypes
from .._core.dtypes import from_numpy_dtype, scalar_type_name
from .._core.families import cast
from .._core.operands import raise_must_be_tensor
from .._core.primitive import Primitive
from .._core.tensor import Tensor, wrap
from .dims import check_int, normalize_dim
from .padding import constant_pad_nd

Ints = tuple[int, ...]
Mode = Literal["backward", "ortho", "forward"]
# A transform by ``exp(-2 pi i)`` is divided by n in mode "forward", its inverse in mode "backward". The adjoint goes the
# other way with the same factor, which there is the other mode's.
OTHER_WAY: dict[str, Mode] = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


# -- the three maps ---------------------------------------------------------------------------------------------------


def _in_order(out: Any) -> Any:
    return out if out.flags.c_contiguous else np.ascontiguousarray(out)


def _c2c(x: Any, dim: Ints, norm: Mode, inverse: bool) -> Any:
    transform = np.fft.ifftn if inverse else np.fft.fftn
    return _in_order(transform(x, None, dim, norm))


def _r2c(x: Any, dim: Ints, norm: Mode, onesided: bool) -> Any:
    transform = np.fft.rfftn if onesided else np.fft.fftn
    return _in_order(transform(x, None, dim, norm))


def _c2r(x: Any, dim: Ints, norm: Mode, n: int) -> Any:
    """``n``: the size of the last dimension of the result; of ``x`` it has the ``n // 2 + 1`` that are not redundant."""
    return _in_order(np.fft.irfftn(x, [*[x.shape[d] for d in dim[:-1]], n], dim, norm))


def _times_inner(g: Tensor, factor: float, dim: int, n: int) -> Tensor:
    """``g``, half a spectrum of ``n`` numbers, with ``factor`` at the frequencies that stand for two of them."""
    weights = np.full(g._data.shape[dim], factor, g._data.dtype.char.lower())
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return g * wrap(weights.reshape(-1, *(1,) * (g._data.ndim - dim - 1)))


def _r2c_cotangent(g: Tensor, x_shape: Ints, dim: Ints, norm: str, onesided: bool) -> Tensor:
    if not onesided:
        return c2c.bind(g, dim=dim, norm=OTHER_WAY[norm], inverse=True).real
    n = x_shape[dim[-1]]
    return c2r.bind(_times_inner(g, 0.5, dim[-1], n), dim=dim, norm=OTHER_WAY[norm], n=n)


def _c2r_cotangent(g: Tensor, dim: Ints, norm: str, n: int) -> Tensor:
    return _times_inner(r2c.bind(g, dim=dim, norm=OTHER_WAY[norm], onesided=True), 2, dim[-1], n)


c2c = Primitive(
    "FftC2C",
    _c2c,
    vjp=lambda g, dim, norm, inverse: c2c.bind(g, dim=dim, norm=OTHER_WAY[norm], inverse=not inverse),
    jvp=lambda x_t, dim, norm, inverse: c2c.bind(x_t, dim=dim, norm=norm, inverse=inverse),
    family="fourier",
)
r2c = Primitive(
    "FftR2C",
    _r2c,
    vjp=_r2c_cotangent,
    jvp=lambda x_t, dim, norm, onesided: r2c.bind(x_t, dim=dim, norm=norm, onesided=onesided),
    family="fourier",
)
c2r = Primitive(
    "FftC2R",
    _c2r,
    vjp=_c2r_cotangent,
    jvp=lambda x_t, dim, norm, n: c2r.bind(x_t, dim=dim, norm=norm, n=n),
    family="fourier",
)


# -- arguments --------------------------------------------------------------------------------------------------------


def _raise_size(n: int) -> None:
    raise RuntimeError(f"Invalid number of data points ({n}) specified\nThere must be at least one.")


def _int(value: Any, name: str, argument: str) -> int:
    if type(value) is bool:
        raise TypeError(f"{name}(): argument '{argument}' must be int, not bool")
    return check_int(value, name, argument)


def _mode(norm: Any, name: str) -> str:
    if norm is None:
        return "backward"
    if not isinstance(norm, str):
        raise TypeError(f"{name}(): argument 'norm' must be str, not {type(norm).__name__}")
    if norm not in OTHER_WAY:
        raise RuntimeError(f'Invalid normalization mode: "{norm}"\nThere are "backward", "ortho" and "forward".')
    return norm


def _checked(input: Any, name: str) -> Tensor:
    """``input`` as floating-point or complex numbers that there are transforms of."""
    if not isinstance(input, Tensor):
        raise_must_be_tensor(name, "input", 1, input)
    d = from_numpy_dtype(input._data.dtype)
    if d.is_floating_point and d.itemsize == 2:
        raise RuntimeError(f"Unsupported dtype {scalar_type_name(d)}\nTransform input.float() instead.")
    return cast(input, dtypes.get_default_dtype()) if d.category < dtypes.FLOAT else input


def one_dim(input: Tensor, n: Any, dim: Any, name: str) -> tuple[Ints, Ints, bool]:
    """The dimension and the size of a transform along one, and whether that size was given."""
    dim = _int(dim, name, "dim")
    if not input._data.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = normalize_dim(dim, input._data.ndim)
    if n is None:
        return (dim,), (input._data.shape[dim],), False
    return (dim,), (_int(n, name, "n"),), True


def several_dims(input: Tensor, s: Any, dim: Any, name: str) -> tuple[Ints, Ints, bool]:
    """The dimensions and sizes of a transform along several, and whether the last one's size was given."""
    ndim = input._data.ndim
    if s is not None:
        s = tuple([_int(n, name, "s") for n in (s if isinstance(s, (tuple, list)) else (s,))])
    if dim is not None:
        dim = tuple([_int(d, name, "dim") for d in (dim if isinstance(dim, (tuple, list)) else (dim,))])
        if ndim == 0 and dim:
            raise IndexError(f"Dimension specified as {dim[0]} but tensor has no dimensions")
        dim = tuple([normalize_dim(d, ndim) for d in dim])
        if len(set(dim)) < len(dim):
            raise RuntimeError("FFT dims must be unique")
        if s is not None and len(s) != len(dim):
            raise RuntimeError("When given, dim and shape arguments must have the same length")
    elif s is None:
        dim = tuple(range(ndim))
    else:
        if len(s) > ndim:
            raise RuntimeError(f"Got shape with {len(s)} values but input tensor only has {ndim} dimensions.")
        dim = tuple(range(ndim - len(s), ndim))
    shape = input._data.shape
    sizes = tuple([shape[d] if s is None or s[i] == -1 else s[i] for i, d in enumerate(dim)])
    return dim, sizes, s is not None and bool(s) and s[-1] != -1


def two_dims(dim: Any, name: str) -> Any:
    """``dim`` of the functions that have two for a default, and no None."""
    if dim is None:
        raise TypeError(f"{name}(): argument 'dim' must be tuple of ints, not NoneType")
    return dim


def _resized(x: Tensor, dim: Ints, sizes: Ints) -> Tensor:
    """``x`` cut off, or continued with zeros, to these sizes."""
    pad = [0] * (2 * x._data.ndim)
    for d, n in zip(dim, sizes):
        if n < 1:
            _raise_size(n)
        pad[2 * (x._data.ndim - d) - 1] = n - x._data.shape[d]
    return constant_pad_nd(x, pad) if any(pad) else x


def _complex(x: Tensor) -> Tensor:
    return cast(x, from_numpy_dtype(x._data.dtype).to_complex())


# -- what the public functions share ----------------------------------------------------------------------------------

Arguments = Callable[[Tensor, Any, Any, str], tuple[Ints, Ints, bool]]


def full_spectrum(input: Any, s: Any, dim: Any, norm: Any, name: str, arguments: Arguments, *, inverse: bool) -> Tensor:
    """The whole spectrum, or the inverse."""
    input = _checked(input, name)
    dim, sizes, _ = arguments(input, s, dim, name)
    norm = _mode(norm, name)
    x = _resized(input, dim, sizes)
    if arguments is several_dims:
        x = _complex(x)
    if not dim:
        return x.clone()
    if x._data.dtype.kind == "c":
        return c2c.bind(x, dim=dim, norm=norm, inverse=inverse)
    if inverse:
        return r2c.bind(x, dim=dim, norm=OTHER_WAY[norm], onesided=False).conj_physical()
    return r2c.bind(x, dim=dim, norm=norm, onesided=False)


def half_spectrum(input: Any, s: Any, dim: Any, norm: Any, name: str, arguments: Arguments, *, inverse: bool) -> Tensor:
    """The half of the spectrum of real numbers that is not redundant, or its inverse."""
    input, title = _checked(input, name), name.removeprefix("fft_")
    if input._data.dtype.kind == "c":
        real = "real" if arguments is one_dim else "real-valued"
        kind = scalar_type_name(from_numpy_dtype(input._data.dtype))
        raise RuntimeError(
            f"{title} expects a {real} input tensor, but got {kind}\nTake its .real, or a full transform."
        )
    dim, sizes, _ = arguments(input, s, dim, name)
    if not dim:
        raise RuntimeError(f"{title} must transform at least one axis")
    norm = _mode(norm, name)
    x = _resized(input, dim, sizes)
    if inverse:
        return r2c.bind(x, dim=dim, norm=OTHER_WAY[norm], onesided=True).conj_physical()
    return r2c.bind(x, dim=dim, norm=norm, onesided=True)


def real_numbers(input: Any, s: Any, dim: Any, norm: Any, name: str, arguments: Arguments, *, inverse: bool) -> Tensor:
    """Real numbers from the half of their spectrum that is not redundant, or its inverse."""
    input = _checked(input, name)
    dim, sizes, given = arguments(input, s, dim, name)
    if not dim:
        raise RuntimeError(f"{name.removeprefix('fft_')} must transform at least one axis")
    norm = _mode(norm, name)
    n = sizes[-1] if given else 2 * (input._data.shape[dim[-1]] - 1)
    if n < 1:
        _raise_size(n)
    x = _resized(_complex(input), dim, (*sizes[:-1], n // 2 + 1))
    if inverse:
        return c2r.bind(x, dim=dim, norm=norm, n=n)
    return c2r.bind(x.conj_physical(), dim=dim, norm=OTHER_WAY[norm], n=n)
