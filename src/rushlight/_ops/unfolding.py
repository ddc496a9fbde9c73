"""Sliding blocks of an image as columns, and columns added up to an image."""

from __future__ import annotations

import math
from typing import Any

from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .windows import Ints, Windows, spread


def _unfold(x: Any, *, windows: Windows, blocks: Ints) -> Any:
    images = x.reshape(-1, *x.shape[-3:])
    columns = windows.columns(windows.padded(images, blocks), blocks, 1)
    return columns.reshape(*x.shape[:-3], *columns.shape[2:])


def _fold(x: Any, *, windows: Windows, blocks: Ints, size: Ints) -> Any:
    places = math.prod(windows.kernel)
    lead = (*x.shape[:-2], x.shape[-2] // places)
    parts = x.reshape(*lead, places, *blocks)
    return spread(windows, (parts[..., i, :, :] for i in range(places)), x, (*lead, *size), blocks)


# Linear, and each the other's transpose.
unfold_p = Primitive(
    "Im2Col",
    _unfold,
    vjp=lambda g, x_shape, windows, blocks: fold_p.bind(g, windows=windows, blocks=blocks, size=tuple(x_shape[-2:])),
    family="linear",
)
fold_p = Primitive(
    "Col2Im",
    _fold,
    vjp=lambda g, windows, blocks: unfold_p.bind(g, windows=windows, blocks=blocks),
    widen=True,
    family="linear",
)


def _pair(value: Any, name: str) -> Ints:
    if isinstance(value, int):
        return (value, value)
    value = tuple(int(v) for v in value)
    if len(value) != 2:
        raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
    return value


def _windows(kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Windows:
    windows = Windows(
        _pair(kernel_size, "kernel_size"), _pair(stride, "stride"), _pair(padding, "padding"),
        _pair(dilation, "dilation"),
    )  # fmt: skip
    for name, short, values, least in (
        ("kernel size", "kernel", windows.kernel, 1),
        ("dilation", "dilation", windows.dilation, 1),
        ("padding", "pad", windows.padding, 0),
        ("stride", "stride", windows.stride, 1),
    ):
        if min(values) < least:
            told = "greater than zero" if least else "non-negative"
            raise RuntimeError(
                f"{name} should be {told}, but got {short}_height: {values[0]} {short}_width: {values[1]}"
            )
    return windows


def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The blocks under a window that slides over (N, C, H, W): (N, C · places in the window, blocks); N may be absent.

    >>> import rushlight as torch
    >>> torch.nn.functional.unfold(torch.arange(6.0).reshape(1, 1, 2, 3), 2)
    tensor([[[0., 1.],
             [1., 2.],
             [3., 4.],
             [4., 5.]]])
    """
    check_tensor(input, "im2col")
    shape = input._data.shape
    windows = _windows(kernel_size, dilation, padding, stride)
    if len(shape) not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {list(shape)}"
        )
    blocks = windows.out(shape[-2:])
    if min(blocks) < 1:
        raise RuntimeError(
            f"Given input with spatial size {shape[-2:]}, kernel_size={windows.kernel}, dilation={windows.dilation}, "
            f"padding={windows.padding}, calculated shape of the array of sliding blocks as {blocks}, but its "
            "components must be at least one."
        )
    if input._data.dtype.kind in "iu":
        raise_unsupported(input, "im2col_out_cpu")
    return unfold_p.bind(input, windows=windows, blocks=blocks)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The blocks of (N, C · places, blocks) added up, each at its place: (N, C, *output_size); N may be absent.

    Not the inverse of `unfold` where blocks overlap: what lies in several is added up as often.

    >>> import rushlight as torch
    >>> torch.nn.functional.fold(torch.ones(1, 4, 2), (2, 3), 2)
    tensor([[[[1., 2., 1.],
              [1., 2., 1.]]]])
    """
    check_tensor(input, "col2im")
    size = _pair(output_size, "output_size")
    windows = _windows(kernel_size, dilation, padding, stride)
    shape = input._data.shape
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {list(shape)}"
        )
    d = len(shape) - 2
    if shape[d] % math.prod(windows.kernel):
        raise RuntimeError(
            f"Expected size of input's dimension {d} to be divisible by the product of kernel_size, but got "
            f"input.size({d})={shape[d]} and kernel_size={windows.kernel}."
        )
    blocks = windows.out(size)
    if shape[-1] != math.prod(blocks) or min(blocks) < 1:
        raise RuntimeError(
            f"Given output_size={size}, kernel_size={windows.kernel}, dilation={windows.dilation}, "
            f"padding={windows.padding}, stride={windows.stride}, expected size of input's dimension {d + 1} to match "
            f"the calculated number of sliding blocks {blocks[0]} * {blocks[1]} = {math.prod(blocks)}, but got "
            f"input.size({d + 1})={shape[-1]}."
        )
    if input._data.dtype.kind in "iu":
        raise_unsupported(input, "col2im_out_cpu")
    return fold_p.bind(input, windows=windows, blocks=blocks, size=size)


for _function in (unfold, fold):
    register(_function, namespace="torch.nn.functional", method=False, out=False)
