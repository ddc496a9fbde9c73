"""The largest elements of windows whose steps are drawn at random (Graham, 2014)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .loss import check_constant
from .pooling import _picked, _to_picked
from .random import rand
from .titles import shown_as
from .windows import Ints


def _starts(sample: Any, size: int, out: int, kernel: int) -> Any:
    """Where the windows begin, for each plane's number: steps of a whole number below or above the ratio of sizes."""
    starts = np.empty((*sample.shape, out), np.int64)
    if out > 1:
        step = sample.dtype.type((size - kernel) / (out - 1))
        at = np.arange(out, dtype=sample.dtype) + sample[..., None]
        starts[...] = (at * step).astype(np.int64) - (sample * step).astype(np.int64)[..., None]
    starts[..., -1] = size - kernel
    return starts


def _forward(x: Any, samples: Any, *, kernel: Ints, size: Ints) -> tuple[Any, Any]:
    spatial = len(kernel)
    have, lead = x.shape[-spatial:], x.shape[:-spatial]
    planes = math.prod(lead)
    positions = np.zeros((planes, *[1] * (2 * spatial)), np.int64)
    # PyTorch takes the first number for the width of images, but for the depth of volumes.
    order = (1, 0) if spatial == 2 else (0, 1, 2)
    for d in range(spatial):
        starts = _starts(samples[..., order[d]].reshape(-1)[:planes], have[d], size[d], kernel[d])
        shape = [planes, *[1] * (2 * spatial)]
        shape[1 + d], shape[1 + spatial + d] = size[d], kernel[d]
        places = (starts[:, :, None] + np.arange(kernel[d])).reshape(shape)
        positions = positions * have[d] + places
    positions = positions.reshape(planes, math.prod(size), math.prod(kernel))
    rows = np.arange(planes)[:, None, None]
    windows = x.reshape(planes, math.prod(have))[rows, positions]
    # Of nan the last counts, of equal numbers the first.
    odd = windows != windows
    last_nan = odd.shape[-1] - 1 - odd[..., ::-1].argmax(-1)
    found = np.where(odd.any(-1), last_nan, windows.argmax(-1))[..., None]
    values, places = [np.take_along_axis(a, found, -1).reshape(*lead, *size) for a in (windows, positions)]
    return values, places


fractional_p = Primitive(
    "FractionalMaxPool2D",
    _forward,
    inputs="x samples",
    vjp=(lambda g, x_shape, result_1, size: _to_picked(g, result_1, x_shape, len(size)), None),
    jvp=lambda x_t, result, size: (_picked(x_t, result[1], len(size)), None),
    outputs=2,
    constant=(1,),
)
_fractional_3d = shown_as(fractional_p, "FractionalMaxPool3DBackward0")


def _each(value: Any, spatial: int, refusal: str) -> Ints:
    value = (value,) * spatial if isinstance(value, int) else tuple(int(v) for v in value)
    if len(value) != spatial:
        raise RuntimeError(refusal)
    return value


def _check_samples(samples: Tensor, input: Tensor, wanted: Ints) -> None:
    given = samples._data
    if given.dtype != input._data.dtype:
        raise RuntimeError("Expect _random_samples to have the same dtype as input")
    if given.ndim != 3:
        raise RuntimeError(f"Expect _random_samples to have 3 dimensions, got {given.ndim}")
    if given.shape[0] < wanted[0]:
        raise RuntimeError("Expect _random_samples.size(0) no less then input batch size.")
    if given.shape[1] != wanted[1]:
        raise RuntimeError("Expect _random_samples.size(1) equals to input channel size.")
    if given.shape[2] != wanted[2]:
        raise RuntimeError(f"Expect _random_samples.size(2) equals to {wanted[2]}; got {given.shape[2]}.")


def _pooled(
    input: Tensor, kernel_size: Any, output_size: Any, output_ratio: Any, samples: Any, spatial: int
) -> tuple[Tensor, Tensor]:
    what = f"fractional_max_pool{spatial}d"
    check_tensor(input, what)
    x = input._data
    if output_size is None and output_ratio is None:
        raise ValueError(f"{what} requires specifying either an output_size or an output_ratio")
    if output_size is None:
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * spatial
        if len(ratios) > spatial:
            raise ValueError(f"{what} requires output_ratio to either be a single Int or tuple of Ints.")
        output_size = [int(n * r) for n, r in zip(x.shape[-spatial:], ratios)]
    lead = x.ndim - spatial
    if lead not in (1, 2):
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-x.ndim}, {x.ndim - 1}], but got {-spatial - 1})"
        )
    batch, planes = (1, *x.shape[:lead])[-2:]
    if samples is None:
        samples = rand(batch, planes, spatial, dtype=input.dtype)
    number = "three Ints" if spatial == 3 else "Ints"
    kernel = _each(kernel_size, spatial, f"{what}: kernel_size must either be a single Int or tuple of {number}")
    size = _each(output_size, spatial, f"{what}: output_size must either be a single Int or tuple of {number}")
    called = f"{what}_out()" if spatial == 3 else f"{what}()"
    for d in range(lead - 1, x.ndim):
        if not x.shape[d]:
            raise RuntimeError(
                f"{called}: Expected input to have non-zero size for non-batch dimensions, but got{list(x.shape)} with "
                f"dimension {d} being empty."
            )
    for name, n, k, out in zip(("time", "height", "width")[-spatial:], x.shape[-spatial:], kernel, size):
        if out + k - 1 > n - (spatial == 3):  # PyTorch is stricter with volumes
            raise RuntimeError(f"{called}: pool {name} {k} too large relative to input {name} {n}")
    if x.dtype.kind not in "fV":
        raise_unsupported(input, f"{what}_out_frame")
    check_constant(what, random_samples=samples)
    _check_samples(samples, input, (batch, planes, spatial))
    return (fractional_p if spatial == 2 else _fractional_3d).bind(input, samples, kernel=kernel, size=size)


def _publish(spatial: int) -> None:
    def with_indices(
        input: Tensor,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = True,
        _random_samples: Any = None,
    ) -> Any:
        values, indices = _pooled(input, kernel_size, output_size, output_ratio, _random_samples, spatial)
        return (values, indices) if return_indices else values

    def pool(
        input: Tensor,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = False,
        _random_samples: Any = None,
    ) -> Any:
        return with_indices(input, kernel_size, output_size, output_ratio, return_indices, _random_samples)

    ones, twos = ", ".join(["5"] * spatial), ", ".join(["3"] * spatial)
    pool.__doc__ = f"""The largest elements of windows whose steps are drawn so that ``output_size`` of them fit.

    output_ratio: instead, the size as a part of the input's. return_indices: also where each was, in the flat plane.
    The numbers drawn are those of ``torch.rand(N, C, {spatial})``.

    >>> import rushlight as torch
    >>> torch.nn.functional.fractional_max_pool{spatial}d(torch.ones(1, 1, {ones}), 2, 3).shape
    torch.Size([1, 1, {twos}])
    """
    with_indices.__doc__ = f"`fractional_max_pool{spatial}d` and where each element was, in the flat plane."
    for function, name in ((pool, ""), (with_indices, "_with_indices")):
        function.__name__ = function.__qualname__ = f"fractional_max_pool{spatial}d{name}"
        register(function, namespace="torch.nn.functional", method=False, out=False)


for _spatial in (2, 3):
    _publish(_spatial)
