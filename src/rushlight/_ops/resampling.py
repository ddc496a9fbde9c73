"""Other sizes for the last dimensions: adaptive pooling and interpolation.

All of it but the adaptive maximum is linear and works on one dimension after the other: each is a matrix, (new
size, old size), whose rows say what a new element is made of. The transpose of the whole is the product with the
transposed matrices.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from .._core.memory_order import channels_as_given, channels_of_images, in_c_order
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .antialiasing import of_bytes, smoothing
from .dims import check_tensor, raise_unsupported
from .pooling import _picked, _to_picked
from .titles import shown_as

Ints = tuple[int, ...]


# -- matrices -------------------------------------------------------------------------------------------------


@functools.lru_cache(64)
def matrix(kind: str, old: int, new: int, scale: float | None) -> np.ndarray:
    """What each of ``new`` elements is made of: rows of weights for ``old`` elements, in double precision.

    scale: how many old elements a new one stands for, where that is not ``old / new``.
    """
    return _MAKERS[kind](old, new, old / new if scale is None else scale)


def _rows(old: int, new: int, entries: Any) -> np.ndarray:
    out = np.zeros((new, old))
    for row, column, weight in entries:
        out[row, column] += weight
    return out


def _means(old: int, new: int, scale: float) -> np.ndarray:
    """The mean from ``floor(i * old / new)`` up to ``ceil((i + 1) * old / new)``."""
    out = np.zeros((new, old))
    for i, (start, end) in enumerate(bounds(old, new)):
        out[i, start:end] = 1 / (end - start)
    return out


def bounds(old: int, new: int) -> list[tuple[int, int]]:
    """Where the part of each of ``new`` elements begins and ends, when ``old`` elements are shared among them."""
    return [(i * old // new, -(-(i + 1) * old // new)) for i in range(new)]


def _nearest(old: int, new: int, scale: float) -> np.ndarray:
    return _rows(old, new, ((i, min(int(_single(i * _single(scale))), old - 1), 1) for i in range(new)))


def _nearest_exact(old: int, new: int, scale: float) -> np.ndarray:
    return _rows(old, new, ((i, min(int(_single((i + 0.5) * _single(scale))), old - 1), 1) for i in range(new)))


def _single(x: float) -> float:
    """PyTorch finds the nearest neighbour in single precision."""
    return float(np.float32(x))


def _between(old: int, positions: Any) -> np.ndarray:
    """Linear interpolation at ``positions``."""
    positions = np.asarray(positions)
    first = np.minimum(positions.astype(np.int64), old - 1)
    second = np.minimum(first + 1, old - 1)
    part = np.clip(positions - first, 0, 1)
    out = np.zeros((len(positions), old))
    rows = np.arange(len(positions))
    out[rows, first] += 1 - part
    out[rows, second] += part
    return out


def _linear(old: int, new: int, scale: float) -> np.ndarray:
    return _between(old, np.maximum((np.arange(new) + 0.5) * scale - 0.5, 0))


def _linear_corners(old: int, new: int, scale: float) -> np.ndarray:
    return _between(old, np.arange(new) * ((old - 1) / (new - 1) if new > 1 else 0))


def _cubic_at(old: int, positions: Any) -> np.ndarray:
    """Cubic convolution with a = -3/4 at ``positions``, the edges repeated. (Keys 1981.)"""
    a = -0.75
    first = np.floor(positions).astype(np.int64)
    part = positions - first
    out = np.zeros((len(positions), old))
    rows = np.arange(len(positions))
    for step in range(-1, 3):
        d = np.abs(part - step)
        near = ((a + 2) * d - (a + 3)) * d * d + 1
        far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
        np.add.at(out, (rows, np.clip(first + step, 0, old - 1)), np.where(d <= 1, near, far))
    return out


def _cubic(old: int, new: int, scale: float) -> np.ndarray:
    return _cubic_at(old, (np.arange(new) + 0.5) * scale - 0.5)


def _cubic_corners(old: int, new: int, scale: float) -> np.ndarray:
    return _cubic_at(old, np.arange(new) * ((old - 1) / (new - 1) if new > 1 else 0.0))


_MAKERS = {
    "mean": _means,
    "nearest": _nearest,
    "nearest-exact": _nearest_exact,
    "linear": _linear,
    "linear corners": _linear_corners,
    "cubic": _cubic,
    "cubic corners": _cubic_corners,
    **{f"smooth {name}": smoothing(name) for name in ("linear", "cubic", "lanczos")},
}


# -- the record -----------------------------------------------------------------------------------------------


def _resample(x: Any, *, kind: str, size: Ints, scales: Any, old: Ints | None) -> Any:
    """The matrices' products with the last dimensions; ``old``: with the transposed ones, back to that size."""
    lead = x.ndim - len(size)
    if x.dtype == np.uint8 and "nearest" not in kind:
        return of_bytes(
            x, [matrix(kind, x.shape[lead + i], n, scale) for i, (n, scale) in enumerate(zip(size, scales))]
        )
    for i in range(len(size)):
        axis = lead + i
        if old is None:
            weights = matrix(kind, x.shape[axis], size[i], scales[i])
        else:
            weights = matrix(kind, old[i], size[i], scales[i]).T
        if weights.shape[0] == weights.shape[1] and (weights == np.eye(len(weights))).all():
            continue
        x = np.moveaxis(np.matmul(np.moveaxis(x, axis, -1), weights.T.astype(x.dtype)), -1, axis)
    return np.ascontiguousarray(x)


# Going back is the same record with the old size given.
resample_p = Primitive(
    "AdaptiveAvgPool2D",
    _resample,
    vjp=lambda g, x_shape, kind, size, scales, old: resample_p.bind(
        g, kind=kind, size=size, scales=scales, old=tuple(x_shape[-len(size) :]) if old is None else None
    ),
    order=channels_as_given,
    widen=True,
    family="linear",
)
_SHOWN = {
    ("mean", 2): resample_p,
    ("mean", 3): shown_as(resample_p, "AdaptiveAvgPool3DBackward0", order=in_c_order),
    **{
        (kind, spatial): shown_as(resample_p, f"Upsample{name}{spatial}DBackward0")
        for kind, name in (("nearest", "Nearest"), ("nearest-exact", "NearestExact"))
        for spatial in (1, 2, 3)
    },
    ("linear", 1): shown_as(resample_p, "UpsampleLinear1DBackward0"),
    ("linear", 2): shown_as(resample_p, "UpsampleBilinear2DBackward0"),
    ("linear", 3): shown_as(resample_p, "UpsampleTrilinear3DBackward0"),
    ("cubic", 2): shown_as(resample_p, "UpsampleBicubic2DBackward0"),
    **{
        (f"smooth {kind}", 2): shown_as(resample_p, f"Upsample{name}2DAaBackward0")
        for kind, name in (("linear", "Bilinear"), ("cubic", "Bicubic"), ("lanczos", "Lanczos"))
    },
}


def _sizes(output_size: Any, input: Tensor, spatial: int, what: str) -> Ints:
    """The size asked for; None keeps a dimension's. The errors are those of PyTorch's kernels, each with its own words."""
    sizes = (output_size,) * spatial if output_size is None or isinstance(output_size, int) else tuple(output_size)
    mean = "avg" in what
    if len(sizes) != spatial:
        if spatial == 1:
            raise RuntimeError(f"{what}() argument 'output_size' should contain one int (got {len(sizes)})")
        raise RuntimeError(
            f"{what}{'' if mean else '(): internal error'}: output_size{'' if mean else '.size()'} must be {spatial}"
        )
    have = input._data.shape[-spatial:]
    found = tuple(n if s is None else int(s) for s, n in zip(sizes, have))
    if min(found) < 0:
        if not mean:
            shape = [*input._data.shape[:-spatial], *((1,) if spatial == 1 else ()), *found]
            raise RuntimeError(f"Trying to create tensor with negative dimension {min(found)}: {shape}")
        two = (1, *found) if spatial == 1 else found
        told = f"{two[0]}, {','.join(map(str, two[1:]))}"
        raise RuntimeError(
            f"adaptive_avg_pool{max(spatial, 2)}d: elements of output_size must be greater than or equal to 0 but received "
            f"{{{told}}}"
        )
    return found


def _check_rank(input: Tensor, output_size: Any, spatial: int) -> None:
    """What PyTorch's functions look at before their kernels do."""
    if spatial > 1 and isinstance(output_size, (tuple, list)) and input.dim() <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")


def _check_dims(what: str, input: Tensor, spatial: int, colon: str) -> None:
    check_tensor(input, what)
    ndim = input._data.ndim
    if ndim not in (spatial + 1, spatial + 2):
        if spatial == 1:
            raise RuntimeError(
                f"Expected 2 to 3 dimensions, but got {ndim}-dimensional tensor for argument #1 'self' (while checking "
                f"arguments for {what})"
            )
        raise RuntimeError(
            f"{what}(): Expected {spatial + 1}D or {spatial + 2}D tensor, but got{colon} {list(input._data.shape)}"
        )


def _adaptive_mean(input: Tensor, output_size: Any, spatial: int) -> Tensor:
    what = f"adaptive_avg_pool{spatial}d"
    _check_rank(input, output_size, spatial)
    _check_dims(what, input, spatial, "")
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, what)
    size = _sizes(output_size, input, spatial, what)
    if spatial == 1:
        return _adaptive_mean(input.unsqueeze(-2), (1, *size), 2).squeeze(-2)
    if set(size) == {1}:
        return input.mean(tuple(range(-spatial, 0)), True)
    shown = _SHOWN["mean", spatial]
    return shown.bind(input, kind="mean", size=size, scales=(None,) * spatial, old=None)


# -- the adaptive maximum -------------------------------------------------------------------------------------


def _adaptive_max(x: Any, *, size: Ints) -> tuple[Any, Any]:
    spatial = len(size)
    have = x.shape[-spatial:]
    lead = x.shape[:-spatial]
    values = np.empty((*lead, *size), x.dtype)
    indices = np.empty((*lead, *size), np.int64)
    positions = np.arange(math.prod(have)).reshape(have)
    parts = [bounds(n, m) for n, m in zip(have, size)]
    for place in np.ndindex(*size):
        part = tuple(slice(*parts[d][i]) for d, i in enumerate(place))
        here = x[(..., *part)].reshape(*lead, -1)
        found = here.argmax(-1)  # nan counts as the largest
        values[(..., *place)] = np.take_along_axis(here, found[..., None], -1)[..., 0]
        indices[(..., *place)] = positions[part].reshape(-1)[found]
    return values, indices


adaptive_max_p = Primitive(
    "AdaptiveMaxPool2D",
    _adaptive_max,
    vjp=lambda g, x_shape, result_1, size: _to_picked(g, result_1, x_shape, len(size)),
    jvp=lambda x_t, result, size: (_picked(x_t, result[1], len(size)), None),
    outputs=2,
    constant=(1,),
    order=channels_of_images,
)
_adaptive_max_3d = shown_as(adaptive_max_p, "AdaptiveMaxPool3DBackward0", order=in_c_order)


def _adaptive_maximum(input: Tensor, output_size: Any, spatial: int) -> tuple[Tensor, Tensor]:
    what = f"adaptive_max_pool{spatial}d"
    _check_rank(input, output_size, spatial)
    _check_dims(what, input, spatial, ":")
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, what)
    size = _sizes(output_size, input, spatial, what)
    if spatial == 1:
        values, indices = _adaptive_maximum(input.unsqueeze(-2), (1, *size), 2)
        return values.squeeze(-2), indices.squeeze(-2)
    return (adaptive_max_p if spatial == 2 else _adaptive_max_3d).bind(input, size=size)


def _publish(spatial: int) -> None:
    ones = ", ".join(["4"] * spatial)
    twos = ", ".join(["2"] * spatial)

    def adaptive_avg_pool(input: Tensor, output_size: Any) -> Tensor:
        return _adaptive_mean(input, output_size, spatial)

    def adaptive_max_pool(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
        values, indices = _adaptive_maximum(input, output_size, spatial)
        return (values, indices) if return_indices else values

    def with_indices(input: Tensor, output_size: Any, return_indices: bool = True) -> Any:
        return adaptive_max_pool(input, output_size, return_indices)

    adaptive_avg_pool.__doc__ = f"""The means of parts of the last {spatial} dimensions, cut so that ``output_size`` parts result.

    output_size: a number or one for each dimension, None to keep one as it is.

    >>> import rushlight as torch
    >>> torch.nn.functional.adaptive_avg_pool{spatial}d(torch.ones(1, 1, {ones}), 2).shape
    torch.Size([1, 1, {twos}])
    """
    adaptive_max_pool.__doc__ = f"""The largest elements of parts of the last {spatial} dimensions, cut so that ``output_size`` parts result.

    output_size: a number or one for each dimension, None to keep one as it is. return_indices: also where each was,
    in the flat plane.

    >>> import rushlight as torch
    >>> torch.nn.functional.adaptive_max_pool{spatial}d(torch.ones(1, 1, {ones}), 2).shape
    torch.Size([1, 1, {twos}])
    """
    with_indices.__doc__ = f"`adaptive_max_pool{spatial}d` and where each element was, in the flat plane."
    for function, name in (
        (adaptive_avg_pool, f"adaptive_avg_pool{spatial}d"),
        (adaptive_max_pool, f"adaptive_max_pool{spatial}d"),
        (with_indices, f"adaptive_max_pool{spatial}d_with_indices"),
    ):
        function.__name__ = function.__qualname__ = name
        register(function, namespace="torch.nn.functional", method=False, out=False)
    if spatial == 1:
        register(adaptive_avg_pool, method=False, out=False)

        def in_torch(input: Tensor, output_size: Any) -> tuple[Tensor, Tensor]:
            return _adaptive_maximum(input, output_size, 1)

        in_torch.__name__ = in_torch.__qualname__ = "adaptive_max_pool1d"
        in_torch.__doc__ = with_indices.__doc__
        register(in_torch, method=False, out=False)


for _spatial in (1, 2, 3):
    _publish(_spatial)


# -- interpolation --------------------------------------------------------------------------------------------

# What each mode is for: the numbers of spatial dimensions.
_MODES = {
    "nearest": (1, 2, 3),
    "nearest-exact": (1, 2, 3),
    "area": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "bicubic": (2,),
    "trilinear": (3,),
    "lanczos": (2,),
}

_KINDS = {"linear": "linear", "bilinear": "linear", "trilinear": "linear", "bicubic": "cubic"}
_OF_BYTES = ("nearest", "nearest-exact", "bilinear", "bicubic", "lanczos")


def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """``input`` (N, C, ...) with its last dimensions resized, to ``size`` or by ``scale_factor``.

    mode: ``"nearest"``, ``"nearest-exact"``, ``"area"``, and by the number of dimensions ``"linear"``,
    ``"bilinear"``, ``"bicubic"``, ``"trilinear"``. align_corners: the corners' centres stay where they are.
    recompute_scale_factor: take the ratio of the sizes, which are whole, for the factor. antialias: where images become
    smaller, average over all that a new pixel stands for (``"bilinear"``, ``"bicubic"``, and only so ``"lanczos"``).

    >>> import rushlight as torch
    >>> torch.nn.functional.interpolate(torch.tensor([[[1.0, 2.0]]]), scale_factor=2, mode="linear")
    tensor([[[1.0000, 1.2500, 1.7500, 2.0000]]])
    """
    check_tensor(input, "interpolate")
    if align_corners is not None and mode in ("nearest", "area", "nearest-exact"):
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    spatial = input._data.ndim - 2
    have = input._data.shape[2:]
    new, scales = _asked(have, size, scale_factor, recompute_scale_factor)
    if antialias:
        if mode not in ("bilinear", "bicubic", "lanczos") or spatial != 2:
            raise ValueError(
                "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
            )
    return _interpolated(input, new, scales, mode, align_corners, antialias)


def _interpolated(
    input: Tensor, new: Ints, scales: tuple[float | None, ...], mode: str, align_corners: bool | None, antialias: bool
) -> Tensor:
    """`interpolate` to the size ``new``, where an element stands for ``scales`` old ones."""
    have = input._data.shape[2:]
    spatial = len(have)
    if spatial not in (1, 2, 3) or mode not in _MODES:
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {input._data.ndim}D) for the modes: nearest | "
            f"linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got {mode})"
        )
    if spatial not in _MODES[mode]:
        raise NotImplementedError(f"Got {spatial + 2}D input, but {mode} mode needs {_MODES[mode][0] + 2}D input")
    if min((*have, *new)) < 1:
        names = "DHW"[-spatial:]
        told = [", ".join(f"{n}: {v}" for n, v in zip(names, sizes)) for sizes in (have, new)]
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input ({told[0]}) output ({told[1]})"
        )
    if mode == "area":
        return _adaptive_mean(input, new, spatial)
    if mode == "lanczos" and (align_corners or not antialias):
        what = "does not support align_corners=True" if align_corners else "requires antialias=True"
        raise ValueError(f"Lanczos mode {what}")
    if input._data.dtype.kind not in "fV" and not (input._data.dtype == np.uint8 and mode in _OF_BYTES):
        raise_unsupported(input, "compute_indices_weights_" + ("nearest" if "nearest" in mode else "linear"))
    kind = _KINDS.get(mode, mode)
    if antialias:
        kind = f"smooth {kind}"
    shown = _SHOWN[kind, spatial]
    if align_corners:
        scales = (None,) * spatial
        if antialias:
            scales = tuple((m - 1) / (n - 1) if n > 1 else 0.0 for m, n in zip(have, new))
        else:
            kind = f"{kind} corners"
    return shown.bind(input, kind=kind, size=new, scales=scales, old=None)


def _asked(have: Ints, size: Any, scale_factor: Any, recompute: bool | None) -> tuple[Ints, tuple[float | None, ...]]:
    """The new size, and how many old elements a new one stands for where that was given."""
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is not None:
        if isinstance(size, (tuple, list)):
            if len(size) != len(have):
                raise ValueError(
                    "Input and output must have the same number of spatial dimensions, but got input with spatial "
                    f"dimensions of {list(have)} and output size of {size}. Please provide input tensor in (N, C, d1, "
                    "d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
                )
            return tuple(int(n) for n in size), (None,) * len(have)
        return (int(size),) * len(have), (None,) * len(have)
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if isinstance(scale_factor, (tuple, list)):
        if len(scale_factor) != len(have):
            raise ValueError(
                "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial "
                f"dimensions of {list(have)} and scale_factor of shape {scale_factor}. Please provide input tensor in "
                "(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
            )
        factors = tuple(float(f) for f in scale_factor)
    else:
        factors = (float(scale_factor),) * len(have)
    new = tuple(math.floor(n * f) for n, f in zip(have, factors))
    if recompute:
        return new, (None,) * len(have)
    return new, tuple(1 / f if f > 0 else None for f in factors)


def upsample(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None
) -> Tensor:
    """`interpolate` by its old name, with PyTorch's warning."""
    warn_user("`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """`interpolate` by the nearest neighbour, with PyTorch's warning."""
    warn_user("`nn.functional.upsample_nearest` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """Bilinear `interpolate` with aligned corners, with PyTorch's warning."""
    warn_user("`nn.functional.upsample_bilinear` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)


def _upsample_bilinear2d_aa(
    input: Tensor, output_size: Any, align_corners: bool, scales_h: Any = None, scales_w: Any = None,
    *, scale_factors: Any = None,
) -> Tensor:  # fmt: skip
    """Bilinear `interpolate` with ``antialias=True``. Scales beside a size say how much a new pixel stands for."""
    have = input._data.shape[2:]
    if isinstance(scales_h, (list, tuple)):
        scale_factors, scales_h = scales_h, None
    if output_size is None:
        factors = tuple(float(f) for f in scale_factors)
        new = tuple(int(n * f) for n, f in zip(have, factors))
    else:
        new, factors = tuple(output_size), (scales_h, scales_w)
    return _interpolated(input, new, tuple(1 / f if f else None for f in factors), "bilinear", align_corners, True)


for _function in (interpolate, upsample, upsample_nearest, upsample_bilinear):
    register(_function, namespace="torch.nn.functional", method=False, out=False)
register(_upsample_bilinear2d_aa, namespace="torch.ops.aten", method=False, out=False)
