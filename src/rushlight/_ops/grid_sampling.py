"""Images read at positions that a grid names (Jaderberg et al. 2015, arXiv:1506.02025)."""

from __future__ import annotations

import functools
import itertools
import math
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from .dims import check_tensor, raise_unsupported
from .joining import stack
from .matmul import bmm, check_scalar_type
from .padding import pad
from .ranges import spaced
from .selection import where

# -- sums of weighted pixels --------------------------------------------------------------------------------------
#
# image (n, channels, pixels), weights and index (n, terms, points): each point of the result (n, channels, points) is
# the sum of its terms. The three records are derivatives of each other: all second and higher ones are among them.
# Channels stay in planes, as they lie in memory: to bring them together first was no faster.

# Below this many numbers in an image of the result, all images are done at once: NumPy's calls would take longer.
_SMALL = 2048


def _sample(image: Any, weights: Any, index: Any) -> Any:
    n, channels, points = image.shape[0], image.shape[1], index.shape[2]
    if channels * points < _SMALL:
        out = np.zeros((n, channels, points), image.dtype)
        for k in range(index.shape[1]):
            out += np.take_along_axis(image, index[:, k, None], 2) * weights[:, k, None]
        return out
    out = np.empty((n, channels, points), image.dtype)
    for i in range(n):
        np.multiply(np.take(image[i], index[i, 0], 1), weights[i, 0], out[i])
        for k in range(1, index.shape[1]):
            term = np.take(image[i], index[i, k], 1)
            term *= weights[i, k]
            out[i] += term
    return out


def _spread(g: Any, weights: Any, index: Any, *, pixels: int) -> Any:
    n, channels = g.shape[:2]
    if channels * g.shape[2] < _SMALL:
        planes = np.arange(n * channels).reshape(n, channels, 1, 1) * pixels
        terms = g[:, :, None] * weights[:, None]
        out = np.bincount((planes + index[:, None]).reshape(-1), terms.reshape(-1), n * channels * pixels)
        return out.reshape(n, channels, pixels).astype(g.dtype, copy=False)
    out = np.empty((n, channels, pixels), g.dtype)
    for i in range(n):
        flat = index[i].reshape(-1)
        for c in range(channels):
            out[i, c] = np.bincount(flat, (g[i, c] * weights[i]).reshape(-1), pixels)
    return out


def _inner(image: Any, g: Any, index: Any) -> Any:
    out = np.empty(index.shape, image.dtype)
    if g.shape[1] * g.shape[2] < _SMALL:
        for k in range(index.shape[1]):
            np.add.reduce(np.take_along_axis(image, index[:, k, None], 2) * g, 1, out=out[:, k])
        return out
    for i, k in np.ndindex(*index.shape[:2]):
        term = np.take(image[i], index[i, k], 1)
        term *= g[i]
        np.add.reduce(term, 0, out=out[i, k])
    return out


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


def _tangent(primitive: Any, a: Any, b: Any, a_t: Any, b_t: Any, index: Any, **params: Any) -> Any:
    """The tangent of what is linear in each of its first two inputs."""
    return _plus(
        None if a_t is None else primitive.bind(a_t, b, index, **params),
        None if b_t is None else primitive.bind(a, b_t, index, **params),
    )


sample_p = Primitive(
    "GridSampler2D",
    _sample,
    inputs="image weights index",
    vjp=(
        lambda g, image_shape, weights, index: spread_p.bind(g, weights, index, pixels=image_shape[-1]),
        lambda g, image, index: inner_p.bind(image, g, index),
        None,
    ),
    jvp=lambda image, weights, index, image_t, weights_t: _tangent(sample_p, image, weights, image_t, weights_t, index),
)
spread_p = Primitive(
    "GridSampler2DSpread",
    _spread,
    inputs="g weights index",
    vjp=(
        lambda c, weights, index, pixels: sample_p.bind(c, weights, index),
        lambda c, g, index, pixels: inner_p.bind(c, g, index),
        None,
    ),
    jvp=lambda g, weights, index, g_t, weights_t, pixels: _tangent(
        spread_p, g, weights, g_t, weights_t, index, pixels=pixels
    ),
)
inner_p = Primitive(
    "GridSampler2DInner",
    _inner,
    inputs="image g index",
    vjp=(
        lambda c, image_shape, g, index: spread_p.bind(g, c, index, pixels=image_shape[-1]),
        lambda c, image, index: sample_p.bind(image, c, index),
        None,
    ),
    jvp=lambda image, g, index, image_t, g_t: _tangent(inner_p, image, g, image_t, g_t, index),
    widen=True,
)


# -- positions ------------------------------------------------------------------------------------------------------


class _Axis(NamedTuple):
    """One dimension of the image, and what becomes of positions outside of it."""

    size: int
    padding: str
    align_corners: bool
    volume: bool

    def position(self, x: Tensor) -> Tensor:
        """-1 to 1, edge to edge (or from the middle of the first pixel to that of the last), as pixels."""
        if self.align_corners:
            return (x + 1) * ((self.size - 1) / 2)
        # PyTorch rounds differently in images and in volumes, which 16-bit positions show.
        return ((x + 1) * self.size - 1) * 0.5 if self.volume else (x + 1) * (self.size / 2) - 0.5

    def padded(self, x: Tensor) -> Tensor:
        """Positions outside moved to where they are read."""
        if self.padding == "zeros":
            return x
        if self.padding == "reflection":
            x = self._reflected(x)
        inside = (x > 0).logical_and(x < self.size - 1)
        # At the edges themselves PyTorch's derivative is zero, unlike that of clamp.
        return where(inside, x, x.detach().clamp(0, self.size - 1))

    def _reflected(self, x: Tensor) -> Tensor:
        low, span = (0.0, self.size - 1) if self.align_corners else (-0.5, self.size)
        if not span:
            return x * 0
        moved = x - low
        moved = where(moved < 0, -moved, moved)
        flips = (moved.detach() / span).floor()
        part = moved - flips * span
        return where(flips.remainder(2) == 0, part + low, (span + low) - part)

    def pixels(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """The pixels at whole positions, and which of them are inside, where that is asked."""
        last = self.size - 1
        index = x.detach().nan_to_num(0, last, 0).clamp(0, last).long()
        return index, (x >= 0).logical_and(x <= last) if self.padding == "zeros" else None


# For each mode a function: the position in pixels -> whole positions, each with its weight.
Terms = list[tuple[Tensor, Tensor]]


def _nearest(axis: _Axis, x: Tensor) -> Terms:
    at = axis.padded(x).round()  # whose derivative is zero, and so is the grid's
    return [(at, 1 + (at - at.detach()) if at.requires_grad else at.new_ones(at._data.shape))]


def _linear(axis: _Axis, x: Tensor) -> Terms:
    x = axis.padded(x)
    first = x.detach().floor()
    part = x - first
    return [(first, 1 - part), (first + 1, part)]


def _cubic(axis: _Axis, x: Tensor) -> Terms:
    """Cubic convolution with a = -3/4 (Keys 1981); each of the four pixels is moved inside by itself."""
    a = -0.75
    first = x.detach().floor()
    part = x - first
    terms = []
    for step in range(-1, 3):
        d = part - step if step < 1 else step - part
        near = ((a + 2) * d - (a + 3)) * d * d + 1
        far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
        terms.append((axis.padded(first + step), near if step in (0, 1) else far))
    return terms


_MODES = {"bilinear": _linear, "nearest": _nearest, "bicubic": _cubic}
_PADDINGS = ("zeros", "border", "reflection")


def _sampled(input: Tensor, grid: Tensor, mode: str, padding: str, align_corners: bool) -> Tensor:
    n, channels, *sizes = input._data.shape
    points = grid._data.shape[1:-1]
    along = []
    for d, size in enumerate(reversed(sizes)):  # the grid names the last dimension first
        axis = _Axis(size, padding, align_corners, len(sizes) == 3)
        x = axis.position(grid.select(-1, d).reshape(n, math.prod(points)))
        along.append([_Term(*axis.pixels(at), weight) for at, weight in _MODES[mode](axis, x)])
    image = input.reshape(n, channels, math.prod(sizes))
    indices, weights = [], []
    for terms in itertools.product(*reversed(along)):
        index = terms[0].pixel
        for size, term in zip(sizes[1:], terms[1:]):
            index = index * size + term.pixel
        if padding == "zeros":
            # What lies outside is one more pixel. A weight of zero would not do, where a pixel is inf or nan.
            inside = functools.reduce(mul, [term.inside for term in terms])
            index = where(inside, index, image._data.shape[-1])
        indices.append(index)
        # The last dimension first, as PyTorch multiplies: 16-bit products round differently in another order.
        weights.append(functools.reduce(mul, [term.weight for term in reversed(terms)]))
    if padding == "zeros":
        image = pad(image, (0, 1))
    out = sample_p.bind(image, stack(weights, 1), stack(indices, 1))
    return out.reshape(n, channels, *points)


class _Term(NamedTuple):
    """A part of a position along one dimension: a pixel, whether it is inside the image, and its weight."""

    pixel: Tensor
    inside: Any
    weight: Tensor


# -- public ---------------------------------------------------------------------------------------------------------


def _check(input: Tensor, grid: Tensor, mode: str, spatial: int | None = None) -> None:
    what = "grid_sampler()"
    check_tensor(input, "grid_sampler")
    check_tensor(grid, "grid_sampler", "grid", 2)
    x, y = input._data, grid._data
    told = f"but got input with sizes {list(x.shape)} and grid with sizes {list(y.shape)}"
    if x.shape[:1] != y.shape[:1]:
        raise RuntimeError(f"{what}: expected grid and input to have same batch size, {told}")
    if not y.ndim or y.shape[-1] != x.ndim - 2:
        raise RuntimeError(
            f"{what}: expected grid to have size {x.ndim - 2} in last dimension, but got grid with sizes {list(y.shape)}"
        )
    for d, size in enumerate(x.shape[2:], 2):
        if not size:
            raise RuntimeError(
                f"{what}: expected input to have non-empty spatial dimensions, but input has sizes {list(x.shape)} with "
                f"dimension {d} being empty"
            )
    wanted = (4, 5) if spatial is None else (spatial + 2,)
    if x.ndim not in wanted or x.ndim != y.ndim:
        raise RuntimeError(
            f"{what}: expected {'D or '.join(map(str, wanted))}D input and grid with same number of dimensions, {told}"
        )
    if mode == "bicubic" and x.ndim != 4:
        raise RuntimeError(f"{what}: bicubic interpolation only supports 4D input")
    if x.dtype.kind not in "fV":
        raise_unsupported(input, f"grid_sampler_{x.ndim - 2}d_cpu{'_kernel_impl' if x.ndim == 4 else ''}")
    check_scalar_type(input, grid)


def grid_sample(
    input: Tensor, grid: Tensor, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Tensor:
    """``input`` (N, C, H, W) read at the positions in ``grid`` (N, h, w, 2): (N, C, h, w). Volumes have one more each.

    Positions (x, y) go from -1 to 1, over the whole image, or with align_corners from the middle of its first pixel to
    that of the last. mode: ``"bilinear"`` (in volumes trilinear), ``"nearest"``, ``"bicubic"`` (images only).
    padding_mode: what lies outside is ``"zeros"``, the nearest pixel of the ``"border"``, or the image by
    ``"reflection"`` at its edges. ValueError for other modes, RuntimeError for shapes that do not fit.

    >>> import rushlight as torch
    >>> image = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> middle = torch.zeros(1, 1, 1, 2)
    >>> torch.nn.functional.grid_sample(image, middle, align_corners=False)
    tensor([[[[2.5000]]]])
    """
    for value, known, name in ((mode, _MODES, "mode"), (padding_mode, _PADDINGS, "padding_mode")):
        if value not in known:
            *most, last = known
            listed = ", ".join(map(repr, most)) + ("," if name == "padding_mode" else "")
            raise ValueError(
                f"nn.functional.grid_sample(): expected {name} to be {listed} or {last!r}, but got: '{value}'"
            )
    aligned = _aligned(align_corners)
    _check(input, grid, mode)
    return _sampled(input, grid, mode, padding_mode, aligned)


def _aligned(align_corners: bool | None) -> bool:
    if align_corners is None:
        warn_user(
            "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify "
            "align_corners=True if the old behavior is desired. See the documentation of grid_sample for details."
        )
    return bool(align_corners)


def _publish_numbered(name: str, spatial: int | None) -> None:
    def function(
        input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
    ) -> Tensor:
        mode = dict(enumerate(_MODES)).get(interpolation_mode, "bicubic")
        padding = dict(enumerate(_PADDINGS)).get(padding_mode, "zeros")
        _check(input, grid, mode, spatial)
        return _sampled(input, grid, mode, padding, bool(align_corners))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        """`torch.nn.functional.grid_sample` with its modes as numbers, in the order in which they are named there."""
    )
    register(function, method=False, out=False)


def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """The positions that affine maps ``theta`` (N, 2, 3) give the pixels of images of ``size`` (N, C, H, W): (N, H, W, 2).

    Volumes (N, C, D, H, W) take ``theta`` (N, 3, 4) and give (N, D, H, W, 3). What `grid_sample` reads there are the
    images moved. align_corners as there. ValueError for shapes that do not fit.

    >>> import rushlight as torch
    >>> torch.nn.functional.affine_grid(torch.eye(2, 3).unsqueeze(0), (1, 1, 1, 2), align_corners=False)
    tensor([[[[-0.5000,  0.0000],
              [ 0.5000,  0.0000]]]])
    """
    aligned = _aligned(align_corners)
    if not theta.is_floating_point():
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    spatial = len(size) - 2
    if spatial not in (2, 3):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size "
            f"{size}."
        )
    if theta.dim() != 3 or tuple(theta.shape[1:]) != (spatial, spatial + 1):
        raise ValueError(
            f"Expected a batch of {spatial}D affine matrices of shape Nx{spatial}x{spatial + 1} for size {size}. Got "
            f"{theta.shape}."
        )
    if aligned and min(size[2:]) == 1:
        warn_user(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is "
            "not an intended use case of affine_grid. See the documentation of affine_grid for details."
        )
    elif min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    return affine_grid_generator(theta, size, aligned)


def affine_grid_generator(theta: Tensor, size: Any, align_corners: bool) -> Tensor:
    """`torch.nn.functional.affine_grid`, which has no default for ``align_corners`` here."""
    if len(size) not in (4, 5):
        raise RuntimeError("AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.")
    n, _, *sizes = size
    axes = []
    t = theta._data.dtype.type
    for m in sizes:
        middles = spaced(-1, 1, m, theta.dtype) if m > 1 else np.zeros(m, t)
        axes.append(middles if align_corners else middles * t(m - 1) / t(max(m, 1)))
    points = np.stack([*np.meshgrid(*axes, indexing="ij")[::-1], np.ones(sizes)], -1).reshape(1, -1, len(sizes) + 1)
    base = wrap(points.astype(theta._data.dtype))
    out = bmm(base.expand(n, *base._data.shape[1:]), theta.transpose(1, 2))
    return out.reshape(n, *sizes, len(sizes))


for _function in (grid_sample, affine_grid):
    register(_function, namespace="torch.nn.functional", method=False, out=False)
register(affine_grid_generator, method=False, out=False)
for _name, _spatial in (("grid_sampler", None), ("grid_sampler_2d", 2), ("grid_sampler_3d", 3)):
    _publish_numbered(_name, _spatial)
