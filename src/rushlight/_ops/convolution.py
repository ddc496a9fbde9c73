"""Convolutions, plain and transposed, in one, two and three dimensions.

Three bilinear operations, each other's derivatives: of input and weight to output, of output and weight to input
(the transposed convolution), of output and input to weight. Each is a matrix product with the columns that the
window sees, for a few images at a time.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .._core.memory_order import channels_of_images
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import check_tensor
from .matmul import bilinear_tangent, conj, cpp_name, kind_of
from .padding import pad
from .publish import entitled
from .windows import Ints, Windows, spread

# How many bytes of columns are made at a time: what a core keeps in its own cache, so that the product finds them there.
CHUNK = 1 << 20


class Geometry(NamedTuple):
    stride: Ints
    padding: Ints
    dilation: Ints
    groups: int

    def windows(self, weight_shape: Ints) -> Windows:
        return Windows(weight_shape[2:], self.stride, self.padding, self.dilation)


def _chunks(n: int, bytes_each: int) -> list[slice]:
    """The images of a batch, as many at a time as there is room for their columns."""
    step = max(1, CHUNK // max(bytes_each, 1))
    return [slice(i, min(i + step, n)) for i in range(0, n, step)]


def _add_bias(out: Any, bias: Any) -> Any:
    if bias is not None:
        out += bias.reshape(-1, *[1] * (out.ndim - 2))
    return out


def _convolution(x: Any, weight: Any, bias: Any, *, geometry: Geometry, size: Ints | None) -> Any:
    """size: how many windows there are, where it is not as many as fit (a transposed one may leave some out)."""
    windows, groups = geometry.windows(weight.shape), geometry.groups
    if size is None:
        size = windows.out(x.shape[2:])
    n, outputs = len(x), weight.shape[0]
    out = np.zeros((n, outputs, *size), x.dtype)
    if not out.size or not weight.size:
        return _add_bias(out, bias)
    matrix = weight.reshape(groups, outputs // groups, -1)
    x = windows.padded(x, size)
    flat = out.reshape(n, groups, outputs // groups, -1)
    for part in _chunks(n, x[:1].nbytes * math.prod(windows.kernel)):
        np.matmul(matrix, windows.columns(x[part], size, groups), out=flat[part])
    return _add_bias(out, bias)


def _to_input(y: Any, weight: Any, bias: Any, *, geometry: Geometry, size: Ints) -> Any:
    """From an output back to an input of spatial ``size``."""
    windows, groups = geometry.windows(weight.shape), geometry.groups
    n, outputs, *seen = y.shape
    channels = weight.shape[1] * groups
    out = np.zeros((n, channels, *size), y.dtype)
    if not y.size or not out.size:
        return _add_bias(out, bias)
    turned = _turned(weight, geometry)
    if turned is not None:
        return _convolution(y, turned[0], bias, geometry=turned[1], size=size)
    matrix = weight.reshape(groups, outputs // groups, -1).swapaxes(1, 2)
    y = y.reshape(n, groups, outputs // groups, -1)
    places = math.prod(windows.kernel)
    for part in _chunks(n, channels * places * math.prod(seen) * y.itemsize):
        columns = np.matmul(matrix, y[part])
        columns = columns.reshape(-1, channels, places, *seen)
        parts = iter(np.moveaxis(columns, 2, 0))
        out[part] = spread(windows, parts, y, out[part].shape, tuple(seen))
    return _add_bias(out, bias)


def _turned(weight: Any, geometry: Geometry) -> tuple[Any, Geometry] | None:
    """The weight and the geometry of the plain convolution that this transposed one is, at strides of one.

    To look at the windows of an output is cheaper than to spread it over those of the input, where the output has not
    more channels. None elsewhere.
    """
    outputs, channels, *kernel = weight.shape
    groups = geometry.groups
    padding = tuple([d * (k - 1) - p for d, k, p in zip(geometry.dilation, kernel, geometry.padding)])
    if max(geometry.stride) > 1 or outputs // groups > channels or min(padding) < 0:
        return None
    turned = weight.reshape(groups, outputs // groups, channels, *kernel).swapaxes(1, 2)
    turned = turned[(..., *[slice(None, None, -1)] * len(kernel))]
    turned = np.ascontiguousarray(turned).reshape(groups * channels, outputs // groups, *kernel)
    return turned, geometry._replace(padding=padding)


def _to_weight(y: Any, x: Any, *, geometry: Geometry, shape: Ints) -> Any:
    """From an output and an input to a weight of ``shape``."""
    windows, groups = geometry.windows(shape), geometry.groups
    n, outputs, *seen = y.shape
    out = np.zeros((groups, outputs // groups, math.prod(shape[1:])), x.dtype)
    if not y.size or not out.size:
        return out.reshape(shape)
    x = windows.padded(x, tuple(seen))
    y = y.reshape(n, groups, outputs // groups, -1)
    for part in _chunks(n, x[:1].nbytes * math.prod(windows.kernel)):
        columns = windows.columns(x[part], tuple(seen), groups)
        out += np.add.reduce(np.matmul(y[part], columns.swapaxes(-1, -2)), 0)
    return out.reshape(shape)


def _of_channels(g: Any) -> Any:
    """The cotangent of a bias: summed over all but the channels."""
    return g.sum((0, *range(2, g._data.ndim)))


def _with_bias(product: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """The tangent of a product and a bias."""
    tangent = bilinear_tangent(product)

    def moved(a: Any, b: Any, a_t: Any, b_t: Any, bias_t: Any, result: Any) -> Any:
        total = None if a_t is None and b_t is None else tangent(a, b, a_t, b_t)
        if bias_t is not None:
            bias_t = bias_t.reshape(-1, *[1] * (len(result.shape) - 2)).expand(result.shape)
            total = bias_t if total is None else total + bias_t
        return total

    return moved


convolution_p = Primitive(
    "Convolution",
    _convolution,
    inputs="x weight bias",
    vjp=(
        lambda g, weight, x_shape, geometry: to_input_p.bind(
            g, conj(weight), None, geometry=geometry, size=tuple(x_shape[2:])
        ),
        lambda g, x, weight_shape, geometry: to_weight_p.bind(g, conj(x), geometry=geometry, shape=tuple(weight_shape)),
        _of_channels,
    ),
    jvp=lambda x, weight, x_t, weight_t, bias_t, result, geometry, size: _with_bias(
        lambda a, b: convolution_p.bind(a, b, None, geometry=geometry, size=size)
    )(x, weight, x_t, weight_t, bias_t, result),
    order=channels_of_images,
    widen=True,
    family="bilinear",
)
to_input_p = Primitive(
    "ConvolutionTransposed",
    _to_input,
    inputs="y weight bias",
    vjp=(
        lambda g, weight, y_shape, geometry: convolution_p.bind(
            g, conj(weight), None, geometry=geometry, size=tuple(y_shape[2:])
        ),
        lambda g, y, weight_shape, geometry: to_weight_p.bind(conj(y), g, geometry=geometry, shape=tuple(weight_shape)),
        _of_channels,
    ),
    jvp=lambda y, weight, y_t, weight_t, bias_t, result, geometry, size: _with_bias(
        lambda a, b: to_input_p.bind(a, b, None, geometry=geometry, size=size)
    )(y, weight, y_t, weight_t, bias_t, result),
    order=channels_of_images,
    widen=True,
    family="bilinear",
)
to_weight_p = Primitive(
    "ConvolutionBackward",
    _to_weight,
    inputs="y x",
    vjp=(
        lambda c, x, y_shape, geometry: convolution_p.bind(
            conj(x), c, None, geometry=geometry, size=tuple(y_shape[2:])
        ),
        lambda c, y, x_shape, geometry: to_input_p.bind(conj(y), c, None, geometry=geometry, size=tuple(x_shape[2:])),
    ),
    jvp=lambda y, x, y_t, x_t, geometry, shape: bilinear_tangent(
        lambda a, b: to_weight_p.bind(a, b, geometry=geometry, shape=shape)
    )(y, x, y_t, x_t),
    widen=True,
    family="bilinear",
)
entitled(to_input_p, "ConvolutionBackward0")


# -- arguments ------------------------------------------------------------------------------------------------


def _each(value: Any, spatial: int, name: str) -> Ints:
    """One number for each spatial dimension."""
    if isinstance(value, int):
        return (value,) * spatial
    value = tuple(int(v) for v in value)
    if len(value) == 1:
        return value * spatial
    if len(value) != spatial:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {spatial} values to match the convolution "
            f"dimensions, but got {name}={list(value)}"
        )
    return value


def _check(
    input: Tensor, weight: Tensor, bias: Tensor | None, geometry: Geometry, spatial: int, transposed: bool
) -> None:
    """Refuse what PyTorch refuses, in its order."""
    x, w, groups = input._data.shape, weight._data.shape, geometry.groups
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if any(p < 0 for p in geometry.padding):
        raise RuntimeError("negative padding is not supported")
    if any(s <= 0 for s in geometry.stride):
        raise RuntimeError("non-positive stride is not supported")
    if any(d < 0 for d in geometry.dilation):
        raise RuntimeError("dilation should be greater than zero")
    if 0 in geometry.dilation:
        raise RuntimeError("non-positive dilation is not supported")
    what = f"transposed={int(transposed)}" if transposed else f"groups={groups}"
    if w[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of size "
            f"{list(w)} instead"
        )
    if w[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of "
            f"size [{list(w)}] instead"
        )
    channels = w[0] if transposed else w[1] * groups
    if x[1] != channels:
        raise RuntimeError(
            f"Given {what}, weight of size {list(w)}, expected input{list(x)} to have {channels} channels, but got "
            f"{x[1]} channels instead"
        )
    outputs = w[1] * groups if transposed else w[0]
    if bias is not None and bias._data.shape != (outputs,):
        what = f"{what}, weight" if transposed else "weight"
        raise RuntimeError(
            f"Given {what} of size {list(w)}, expected bias to be 1-dimensional with {outputs} elements, but got bias "
            f"of size {list(bias._data.shape)} instead"
        )
    if not transposed:
        windows = geometry.windows(w)
        padded = [n + 2 * p for n, p in zip(x[2:], geometry.padding)]
        if any(n < windows.extent(d) for d, n in enumerate(padded)):
            sizes = " x ".join(map(str, padded)), " x ".join(str(windows.extent(d)) for d in range(spatial))
            raise RuntimeError(
                f"Calculated padded input size per channel: ({sizes[0]}). Kernel size: ({sizes[1]}). Kernel size can't "
                "be greater than actual input size"
            )
    _check_dtypes(input, weight, bias, transposed)


def _check_dtypes(input: Tensor, weight: Tensor, bias: Tensor | None, transposed: bool) -> None:
    """PyTorch has several kernels, each with its own words."""
    found = input._data.dtype
    single = found.kind == "V" or (found.kind == "f" and found.itemsize <= 4)
    if bias is not None and bias._data.dtype != found and not transposed:
        raise RuntimeError(f"Input type ({cpp_name(input)}) and bias type ({cpp_name(bias)}) should be the same")
    for name, t in (("weight", weight), ("bias", bias)):
        if t is None or t._data.dtype == found:
            continue
        if not single:
            raise RuntimeError(f"expected scalar type {kind_of(input)} but found {kind_of(t)}")
        types = ["CPUBFloat16Type" if t._data.dtype.kind == "V" else f"torch.{kind_of(t)}Tensor" for t in (input, t)]
        raise RuntimeError(
            f"Input type ({types[0]}) and {name} type ({types[1]}) should be the same or input should be a MKLDNN "
            f"tensor and {name} is a dense tensor"
        )


def _batched(input: Tensor, weight: Tensor, spatial: int, name: str) -> tuple[Tensor, bool]:
    check_tensor(input, name)
    check_tensor(weight, name, "weight", 2)
    ndim = input._data.ndim
    if ndim not in (spatial + 1, spatial + 2):
        raise RuntimeError(
            f"Expected {spatial + 1}D (unbatched) or {spatial + 2}D (batched) input to {name}, but got input of size: "
            f"{list(input._data.shape)}"
        )
    return (input, True) if ndim == spatial + 2 else (input.unsqueeze(0), False)


def _same(input: Tensor, weight: Tensor, stride: Ints, dilation: Ints) -> tuple[Tensor, Ints]:
    """The padding that keeps sizes; where it is uneven, the input already padded with the odd part."""
    if any(s != 1 for s in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for d, k in zip(dilation, weight._data.shape[2:])]
    if any(t % 2 for t in total):
        _warn_of_uneven()
        widths = [w for t in reversed(total) for w in (0, t % 2)]
        input = pad(input, widths)
    return input, tuple(t // 2 for t in total)


@functools.cache
def _warn_of_uneven() -> None:
    warn_user(
        "Using padding='same' with even kernel lengths and odd dilation may require a zero-padded copy of the input be "
        "created"
    )


def _convolve(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    spatial: int,
) -> Tensor:
    input, batched = _batched(input, weight, spatial, f"conv{spatial}d")
    own, given_shape = weight._data.ndim - 2, list(input._data.shape)
    strides, dilations = _each(stride, own, "stride"), _each(dilation, own, "dilation")
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise RuntimeError(f"Invalid padding string: '{padding}'")
        paddings: Ints = (0,) * own
        if padding == "same":
            input, paddings = _same(input, weight, strides, dilations)
    else:
        paddings = _each(padding, own, "padding")
    if own < 1:
        raise RuntimeError("weight should have at least three dimensions")
    if own != spatial:
        if padding == "same":
            raise RuntimeError(
                f"Expected {own + 2}-dimensional input for {own + 2}-dimensional weight{list(weight._data.shape)}, but got "
                f"{spatial + 2}-dimensional input of size {given_shape} instead"
            )
        # PyTorch finds out when it looks at the stride.
        given = list(stride) if isinstance(stride, (tuple, list)) else [stride] * spatial
        raise RuntimeError(
            f"expected stride to be a single integer value or a list of {own} values to match the convolution "
            f"dimensions, but got stride={given}"
        )
    geometry = Geometry(strides, paddings, dilations, int(groups))
    _check(input, weight, bias, geometry, spatial, transposed=False)
    out = convolution_p.bind(input, weight, bias, geometry=geometry, size=None)
    return out if batched else out.squeeze(0)


def _convolve_transposed(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
    spatial: int,
) -> Tensor:
    input, batched = _batched(input, weight, spatial, f"conv_transpose{spatial}d")
    strides, paddings = _each(stride, spatial, "stride"), _each(padding, spatial, "padding")
    extra, dilations = _each(output_padding, spatial, "output_padding"), _each(dilation, spatial, "dilation")
    geometry = Geometry(strides, paddings, dilations, int(groups))
    _check(input, weight, bias, geometry, spatial, transposed=True)
    if any(e >= s and e >= d for e, s, d in zip(extra, strides, dilations)):
        names = ("depth", "height", "width")[-spatial:]
        if spatial == 1:
            names, extra, strides, dilations = ("height", "width"), (0, *extra), (1, *strides), (1, *dilations)
        told = " ".join(
            f"{what}_{name}: {value}"
            for what, values in (("output_padding", extra), ("stride", strides), ("dilation", dilations))
            for name, value in zip(names, values)
        )
        raise RuntimeError(f"output padding must be smaller than either stride or dilation, but got {told}")
    windows = geometry.windows(weight._data.shape)
    size = tuple(
        (n - 1) * s - 2 * p + windows.extent(d) + e
        for d, (n, s, p, e) in enumerate(zip(input._data.shape[2:], strides, paddings, extra))
    )
    out = to_input_p.bind(input, weight, bias, geometry=geometry, size=size)
    return out if batched else out.squeeze(0)


# -- public ---------------------------------------------------------------------------------------------------

_SHAPES = {1: "(N, C, L)", 2: "(N, C, H, W)", 3: "(N, C, D, H, W)"}


def _publish(spatial: int) -> None:
    kernel = ", ".join(["k"] * spatial)
    ones = ", ".join(["1"] * spatial)

    def conv(
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Tensor:
        return _convolve(input, weight, bias, stride, padding, dilation, groups, spatial)

    def conv_transpose(
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Tensor:
        return _convolve_transposed(input, weight, bias, stride, padding, output_padding, groups, dilation, spatial)

    conv.__doc__ = f"""The products of ``weight`` with all windows of ``input``, summed (a cross-correlation).

    input {_SHAPES[spatial]} or without N, weight (O, C / groups, {kernel}), bias (O,). stride, padding (with zeros;
    or ``"same"``, ``"valid"``) and dilation: a number or one for each dimension. groups: inputs and outputs are cut
    into as many, which have nothing to do with each other.

    >>> import rushlight as torch
    >>> torch.nn.functional.conv{spatial}d(torch.ones(1, 1, {ones}), torch.ones(3, 1, {ones})).shape
    torch.Size([1, 3, {ones}])
    """
    conv_transpose.__doc__ = f"""The transpose of `conv{spatial}d`: each element spread over a window, all added up.

    input {_SHAPES[spatial]} or without N, weight (C, O / groups, {kernel}), bias (O,). output_padding: added to one
    side of the result's size, where a stride leaves several possible.

    >>> import rushlight as torch
    >>> torch.nn.functional.conv_transpose{spatial}d(torch.ones(1, 1, {ones}), torch.ones(1, 3, {ones})).shape
    torch.Size([1, 3, {ones}])
    """
    for function, name in ((conv, f"conv{spatial}d"), (conv_transpose, f"conv_transpose{spatial}d")):
        function.__name__ = function.__qualname__ = name
        register(function, method=False, out=False)
        register(function, namespace="torch.nn.functional", method=False, out=False)


for _spatial in (1, 2, 3):
    _publish(_spatial)
