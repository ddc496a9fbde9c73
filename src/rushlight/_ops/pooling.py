"""Pooling: the largest element, or the mean, of each window that slides over the last dimensions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.memory_order import channels_as_given, channels_of_images
from .._core.out_checks import exact_dtype
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .quick import on_arrays
from .titles import shown_as
from .windows import Ints, Windows, spread

# -- the largest ----------------------------------------------------------------------------------------------


def _lowest(d: np.dtype) -> Any:
    return -np.inf if d.kind in "fV" else np.iinfo(d).min


def _max_pool(x: Any, *, windows: Windows, out: Ints) -> tuple[Any, Any]:
    """The largest of each window and its position in the flat plane: of equal ones the first, of nan the last."""
    spatial = len(windows.kernel)
    size = x.shape[-spatial:]
    padded = windows.padded(x, out, _lowest(x.dtype))
    places = math.prod(windows.kernel)
    which = np.int8 if places < 128 else np.int64
    best, found = None, np.zeros((*x.shape[:-spatial], *out), which)
    for number, place in enumerate(windows.offsets(out)):
        here = padded[place]
        if best is None:
            best = here.copy()
            continue
        # Later places have larger numbers, so where one wins its number is the largest so far.
        wins = (here > best) | (here != here)
        np.maximum(found, wins.astype(which) * which(number), out=found)
        np.maximum(best, here, out=best)
    indices = _lookup(windows, out, size, found)
    if any(windows.padding):
        # A window of nothing but the lowest number: its first element that is no padding.
        lowest = best == _lowest(x.dtype)
        if lowest.any():
            first = np.broadcast_to(_starts(windows, out, size, inside=True), indices.shape)
            indices = np.where(lowest, first, indices)
    return best, indices


def _starts(windows: Windows, out: Ints, size: Ints, *, inside: bool = False) -> Any:
    """Where each window begins, as a position in the flat plane; or, inside, its first place that is no padding."""
    starts = np.zeros((), np.int64)
    for d, n in enumerate(size):
        first = np.arange(out[d]) * windows.stride[d] - windows.padding[d]
        if inside:
            step = windows.dilation[d]
            first = np.where(first < 0, first % step, first)
        starts = starts[..., None] * n + first
    return starts


def _lookup(windows: Windows, out: Ints, size: Ints, found: Any) -> Any:
    """From the number of a place in a window to its position in the flat plane."""
    steps = np.zeros((), np.int64)
    for k, dilation, n in zip(windows.kernel, windows.dilation, size):
        steps = steps[..., None] * n + np.arange(k) * dilation
    return steps.reshape(-1).take(found) + _starts(windows, out, size)


def _flat(t: Any, spatial: int) -> Any:
    """Each plane's elements in a row."""
    shape = t._data.shape
    return t.reshape(*shape[: len(shape) - spatial], math.prod(shape[len(shape) - spatial :]))


def _to_picked(g: Any, indices: Any, shape: Ints, spatial: int) -> Any:
    """A cotangent brought back to where its elements were picked."""
    zeros = g.new_zeros((*shape[:-spatial], math.prod(shape[-spatial:])))
    return zeros.scatter_add(-1, _flat(indices, spatial), _flat(g, spatial)).reshape(shape)


def _picked(t: Any, indices: Any, spatial: int) -> Any:
    return _flat(t, spatial).gather(-1, _flat(indices, spatial)).reshape(indices._data.shape)


max_pool_p = Primitive(
    "MaxPool2DWithIndices",
    _max_pool,
    vjp=lambda g, x_shape, result_1, windows: _to_picked(g, result_1, x_shape, len(windows.kernel)),
    jvp=lambda x_t, result, windows: (_picked(x_t, result[1], len(windows.kernel)), None),
    outputs=2,
    constant=(1,),
    order=channels_as_given,
    widen=True,
)
_max_pool_3d = shown_as(max_pool_p, "MaxPool3DWithIndicesBackward0")


@on_arrays(max_pool_p)
def _max_pool_cotangent(node: Any, g: Any, shape: Any, indices: Any) -> Any:
    windows = node.params["windows"]
    spatial = len(windows.kernel)
    plane = math.prod(shape[-spatial:])
    planes = math.prod(shape[:-spatial])
    flat = np.zeros(planes * plane, g.dtype)
    if not g.size:
        return (flat.reshape(shape),)
    index = indices.reshape(planes, -1) + np.arange(0, planes * plane, plane)[:, None]
    if windows.overlap():
        np.add.at(flat, index.reshape(-1), g.reshape(-1))
    else:
        flat[index.reshape(-1)] = g.reshape(-1)
    return (flat.reshape(shape),)


# -- the mean -------------------------------------------------------------------------------------------------


def _divisors(windows: Windows, size: Ints, out: Ints, include_pad: bool, divisor: int | None, d: np.dtype) -> Any:
    """What each window's sum is divided by: a number, or an array for the windows."""
    if divisor is not None:
        return d.type(divisor)
    counts = np.ones((), np.int64)
    for axis, (n, k, s, p) in enumerate(zip(size, windows.kernel, windows.stride, windows.padding)):
        start = np.arange(out[axis]) * s - p
        end = np.minimum(start + k, n + p)
        if not include_pad:
            start, end = np.maximum(start, 0), np.minimum(end, n)
        counts = counts[..., None] * (end - start)  # type: ignore[assignment]
    if (counts == counts.reshape(-1)[0]).all():
        return d.type(counts.reshape(-1)[0])
    return counts.astype(d)


def _divided(x: Any, by: Any) -> Any:
    if x.dtype.kind not in "iu":
        return x / by
    return np.sign(x) * np.sign(by) * (np.abs(x) // np.abs(by))  # towards zero, as C divides


def _avg_pool(x: Any, *, windows: Windows, out: Ints, include_pad: bool, divisor: int | None) -> Any:
    spatial = len(windows.kernel)
    padded = windows.padded(x, out)
    total = None
    for place in windows.offsets(out):
        if total is None:
            total = padded[place].copy()
        else:
            total += padded[place]
    return _divided(total, _divisors(windows, x.shape[-spatial:], out, include_pad, divisor, x.dtype))


def _avg_spread(g: Any, *, windows: Windows, out: Ints, include_pad: bool, divisor: int | None, shape: Ints) -> Any:
    spatial = len(windows.kernel)
    share = g / _divisors(windows, shape[-spatial:], out, include_pad, divisor, g.dtype)
    return spread(windows, iter([share] * math.prod(windows.kernel)), g, shape, out)


# Linear, and each the other's transpose.
avg_pool_p = Primitive(
    "AvgPool2D",
    _avg_pool,
    vjp=lambda g, x_shape, windows, out, include_pad, divisor: avg_spread_p.bind(
        g, windows=windows, out=out, include_pad=include_pad, divisor=divisor, shape=tuple(x_shape)
    ),
    order=channels_of_images,
    widen=True,
    family="linear",
)
avg_spread_p = Primitive(
    "AvgPool2DBackward",
    _avg_spread,
    vjp=lambda c, windows, out, include_pad, divisor: avg_pool_p.bind(
        c, windows=windows, out=out, include_pad=include_pad, divisor=divisor
    ),
    widen=True,
    family="linear",
)
_avg_pool_3d = shown_as(avg_pool_p, "AvgPool3DBackward0")


# -- arguments ------------------------------------------------------------------------------------------------


def _each(value: Any, spatial: int, name: str, what: str) -> Ints:
    if isinstance(value, int):
        return (value,) * spatial
    value = tuple(int(v) for v in value)
    if len(value) == 1:
        return value * spatial
    if len(value) != spatial:
        if spatial == 1:
            raise RuntimeError(f"{what}() argument '{name}' should contain one int (got {len(value)})")
        raise RuntimeError(f"{what}: {name} must either be a single int, or a tuple of {spatial} ints")
    return value


def _windows(what: str, kernel: Any, stride: Any, padding: Any, dilation: Any, spatial: int) -> Windows:
    """The windows, checked."""
    kernels = _each(kernel, spatial, "kernel_size", what)
    strides = kernels if stride is None or stride == [] or stride == () else _each(stride, spatial, "stride", what)
    windows = Windows(
        kernels, strides, _each(padding, spatial, "padding", what), _each(dilation, spatial, "dilation", what)
    )
    if what == "max_pool1d":  # the only one with words of its own
        for name, values in (
            ("kernel_size", windows.kernel),
            ("stride", windows.stride),
            ("dilation", windows.dilation),
        ):
            if values[0] <= 0:
                raise RuntimeError(f"{what}() {name} must be greater than zero, but got {values[0]}")
    if 0 in windows.stride:
        raise RuntimeError("stride should not be zero")
    for k, p, d in zip(windows.kernel, windows.padding, windows.dilation):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > ((k - 1) * d + 1) // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got "
                f"pad={p}, kernel_size={k} and dilation={d}"
            )
    for name, stem, values in (
        ("kernel size", "k", windows.kernel),
        ("stride", "d", windows.stride),
        ("dilation", "dilation", windows.dilation),
    ):
        if min(values) <= 0:
            values, letters = ((1, *values), "HW") if spatial == 1 else (values, "THW"[-spatial:])
            told = " ".join(f"{stem}{letter}: {v}" for letter, v in zip(letters, values))
            raise RuntimeError(f"{name} should be greater than zero, but got {told}")
    return windows


def _counted(what: str, input: Tensor, windows: Windows, ceil_mode: bool, spatial: int) -> Ints:
    """How many windows there are."""
    size = input._data.shape[-spatial:]
    out = tuple(
        _pooled_size(n, k, s, p, d, ceil_mode)
        for n, k, s, p, d in zip(size, windows.kernel, windows.stride, windows.padding, windows.dilation)
    )
    if min(out) < 1:
        if spatial == 1:
            raise RuntimeError(f"{what}() Invalid computed output size: {out[0]}")
        planes = input._data.shape[-spatial - 1]
        sizes = "x".join(map(str, (planes, *size))), "x".join(map(str, (planes, *out)))
        raise RuntimeError(
            f"Given input size: ({sizes[0]}). Calculated output size: ({sizes[1]}). Output size is too small"
        )
    return out


def _pooled_size(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    reach = n + 2 * p - d * (k - 1) - 1
    out = (reach + (s - 1 if ceil_mode else 0)) // s + 1
    # The last window must begin inside of the input or its left padding.
    if ceil_mode and (out - 1) * s >= n + p:
        out -= 1
    return out


def _check_dims(what: str, input: Tensor, spatial: int) -> None:
    shape = input._data.shape
    if len(shape) in (spatial + 1, spatial + 2) and 0 not in shape[-spatial - 1 :]:
        return
    if spatial == 1:
        if what.startswith("max"):
            raise RuntimeError(
                f"{what}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:"
                f"{list(shape)}"
            )
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 'self' (while "
            f"checking arguments for {what})"
        )
    if len(shape) in (spatial + 1, spatial + 2):
        if spatial == 2:
            raise RuntimeError(
                f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{list(shape)}"
            )
        what = "avg_pool3d()" if what.startswith("avg") else "max_pool3d_with_indices_out_cpu_template()"
        raise RuntimeError(
            f"{what}: Expected input's non-batch dimensions to have positive length, but input has a shape of "
            f"{list(shape)} and non-batch dimension 0 has length zero!"
        )
    raise RuntimeError(f"non-empty {spatial + 1}D or {spatial + 2}D (batch mode) tensor expected for input")


def _checked_windows(
    what: str, input: Tensor, kernel: Any, stride: Any, padding: Any, dilation: Any, spatial: int
) -> Windows:
    """The windows for an input of the right shape; what is wrong with either, in PyTorch's order."""
    check_tensor(input, what)
    if spatial > 1 and 0 in input._data.shape:
        windows = _windows(what, kernel, stride, padding, dilation, spatial)
        _check_dims(what, input, spatial)
        return windows
    _check_dims(what, input, spatial)
    return _windows(what, kernel, stride, padding, dilation, spatial)


# -- public ---------------------------------------------------------------------------------------------------


def _of_rows(windows: Windows) -> Windows:
    """Windows over one dimension as windows over two, the first of size one: PyTorch goes that way, its node tells."""
    return Windows((1, *windows.kernel), (1, *windows.stride), (0, *windows.padding), (1, *windows.dilation))


def _max(
    input: Tensor, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool, spatial: int
) -> tuple[Tensor, Tensor]:
    what = f"max_pool{spatial}d"
    windows = _checked_windows(what, input, kernel, stride, padding, dilation, spatial)
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, f"max_pool{max(spatial, 2)}d")
    out = _counted(what, input, windows, ceil_mode, spatial)
    if spatial == 1:
        windows = _of_rows(windows)
        values, indices = max_pool_p.bind(input.unsqueeze(-2), windows=windows, out=(1, *out))
        return values.squeeze(-2), indices.squeeze(-2)
    return (max_pool_p if spatial == 2 else _max_pool_3d).bind(input, windows=windows, out=out)


def _average(
    input: Tensor,
    kernel: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
    spatial: int,
) -> Tensor:
    what = f"avg_pool{spatial}d"
    windows = _checked_windows(what, input, kernel, stride, padding, 1, spatial)
    if input._data.dtype.kind in "bc":
        raise_unsupported(input, f"{what}_out_frame")
    out = _counted(what, input, windows, ceil_mode, spatial)
    if divisor == 0:
        raise RuntimeError("divisor must be not zero")
    options = {"include_pad": bool(count_include_pad), "divisor": divisor}
    if spatial == 1:
        windows = _of_rows(windows)
        return avg_pool_p.bind(input.unsqueeze(-2), windows=windows, out=(1, *out), **options).squeeze(-2)
    return (avg_pool_p if spatial == 2 else _avg_pool_3d).bind(input, windows=windows, out=out, **options)


def _publish(spatial: int) -> None:
    ones = ", ".join(["4"] * spatial)
    twos = ", ".join(["2"] * spatial)

    def max_pool(
        input: Tensor,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        values, indices = _max(input, kernel_size, stride, padding, dilation, ceil_mode, spatial)
        return (values, indices) if return_indices else values

    def with_indices(
        input: Tensor,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = True,
    ) -> Any:
        return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)

    def plain(
        input: Tensor,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
    ) -> Tensor:
        return _max(input, kernel_size, stride, padding, dilation, ceil_mode, spatial)[0]

    if spatial == 1:

        def avg_pool(
            input: Tensor,
            kernel_size: Any,
            stride: Any = None,
            padding: Any = 0,
            ceil_mode: bool = False,
            count_include_pad: bool = True,
        ) -> Tensor:
            return _average(input, kernel_size, stride, padding, ceil_mode, count_include_pad, None, spatial)

    else:

        def avg_pool(  # type: ignore[misc]
            input: Tensor,
            kernel_size: Any,
            stride: Any = None,
            padding: Any = 0,
            ceil_mode: bool = False,
            count_include_pad: bool = True,
            divisor_override: int | None = None,
        ) -> Tensor:
            return _average(
                input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, spatial
            )

    max_pool.__doc__ = f"""The largest element of each window that slides over the last {spatial} dimensions.

    stride: the kernel's size by default. padding counts for minus infinity. ceil_mode: windows that hang over count
    too. return_indices: also where each was, in the flat plane.

    >>> import rushlight as torch
    >>> torch.nn.functional.max_pool{spatial}d(torch.ones(1, 1, {ones}), 2).shape
    torch.Size([1, 1, {twos}])
    """
    avg_pool.__doc__ = f"""The mean of each window that slides over the last {spatial} dimensions.

    stride: the kernel's size by default. ceil_mode: windows that hang over count too. count_include_pad: whether the
    padding's zeros count as elements. divisor_override: divide by this number instead.

    >>> import rushlight as torch
    >>> torch.nn.functional.avg_pool{spatial}d(torch.ones(1, 1, {ones}), 2).shape
    torch.Size([1, 1, {twos}])
    """
    with_indices.__doc__ = f"`max_pool{spatial}d` and where each element was, in the flat plane."
    plain.__doc__ = f"`torch.nn.functional.max_pool{spatial}d` without indices."
    for function, name in (
        (max_pool, f"max_pool{spatial}d"),
        (with_indices, f"max_pool{spatial}d_with_indices"),
        (avg_pool, f"avg_pool{spatial}d"),
    ):
        function.__name__ = function.__qualname__ = name
        takes_out = spatial > 1 and function is avg_pool
        register(function, namespace="torch.nn.functional", method=False, out=exact_dtype if takes_out else False)
    plain.__name__ = plain.__qualname__ = f"max_pool{spatial}d"
    register(plain, method=False, out=False)
    if spatial == 1:
        register(avg_pool, method=False, out=False)


for _spatial in (1, 2, 3):
    _publish(_spatial)
