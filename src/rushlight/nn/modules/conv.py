"""Convolutions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..._ops.creation import empty
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .lazy import LazyModuleMixin
from .module import Module
from .utils import ntuple

_PADDINGS = ("valid", "same")
_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    _spatial: int
    _transposed = False
    _function: Callable[..., Any]  # the functional form
    weight: Any
    bias: Any

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any, padding: Any, dilation: Any,
        output_padding: Any, groups: int, bias: bool, padding_mode: str, device: Any, dtype: Any,
    ):  # fmt: skip
        super().__init__()
        each = ntuple(self._spatial)
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(padding, str):
            if padding not in _PADDINGS:
                raise ValueError(f"Invalid padding string {padding!r}, should be one of {set(_PADDINGS)}")
            if padding == "same" and any(s != 1 for s in each(stride)):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in _PADDING_MODES:
            raise ValueError(
                f"padding_mode must be one of {set(_PADDING_MODES)}, but got padding_mode='{padding_mode}'"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = each(kernel_size)
        self.stride = each(stride)
        self.padding: Any = padding if isinstance(padding, str) else each(padding)
        self.dilation = each(dilation)
        self.transposed = self._transposed
        self.output_padding = each(output_padding)
        self.groups = groups
        self.padding_mode = padding_mode
        self.weight = Parameter(empty(self._weight_shape(), device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def _weight_shape(self) -> tuple[int, ...]:
        first, second = self.out_channels, self.in_channels
        if self.transposed:
            first, second = second, first
        return (first, second // self.groups, *self.kernel_size)

    def reset_parameters(self) -> None:
        """Draw weight and bias anew, uniformly within 1 / sqrt(inputs of each output)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init.fans(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        if self.padding != (0,) * self._spatial:
            parts.append(f"padding={self.padding}")
        if self.dilation != (1,) * self._spatial:
            parts.append(f"dilation={self.dilation}")
        if self.output_padding != (0,) * self._spatial:
            parts.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class _Conv(_ConvNd):
    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0,
        dilation: Any = 1, groups: int = 1, bias: bool = True, padding_mode: str = "zeros",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias, padding_mode,
            device, dtype,
        )  # fmt: skip

    def _around(self) -> list[int]:
        """What ``padding_mode`` is to put around, from the last dimension backwards, as `functional.pad` takes it."""
        around: list[int] = []
        for i in reversed(range(self._spatial)):
            if self.padding == "same":
                total = self.dilation[i] * (self.kernel_size[i] - 1)
                around += [total // 2, total - total // 2]
            else:
                around += [0, 0] if self.padding == "valid" else [self.padding[i]] * 2
        return around

    def _conv_forward(self, input: Any, weight: Any, bias: Any) -> Any:
        # Layers that compute their weight (standardised, quantised ...) call this with it.
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = F.pad(input, self._around(), mode=self.padding_mode), 0
        return self._function(input, weight, bias, self.stride, padding, self.dilation, self.groups)

    def forward(self, input: Any) -> Any:
        return self._conv_forward(input, self.weight, self.bias)


class Conv1d(_Conv):
    """Cross-correlation of (N, C, L) or (C, L) with ``out_channels`` kernels, as `functional.conv1d`.

    padding: a number, "valid" or "same"; padding_mode: what it is filled with. groups: channels are divided
    into as many, each with its own kernels. ValueError for what does not divide.

    >>> import rushlight as torch
    >>> torch.nn.Conv1d(2, 4, kernel_size=3)
    Conv1d(2, 4, kernel_size=(3,), stride=(1,))
    """

    _spatial = 1
    _function = staticmethod(F.conv1d)


class Conv2d(_Conv):
    """Cross-correlation of (N, C, H, W) or (C, H, W) with ``out_channels`` kernels; see `Conv1d`.

    >>> import rushlight as torch
    >>> torch.nn.Conv2d(3, 8, kernel_size=3, padding=1)
    Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """

    _spatial = 2
    _function = staticmethod(F.conv2d)


class Conv3d(_Conv):
    """Cross-correlation of (N, C, D, H, W) or (C, D, H, W) with ``out_channels`` kernels; see `Conv1d`."""

    _spatial = 3
    _function = staticmethod(F.conv3d)


class _ConvTranspose(_ConvNd):
    _transposed = True

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0,
        output_padding: Any = 0, groups: int = 1, bias: bool = True, dilation: Any = 1,
        padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def _padding_for(self, input: Any, output_size: Any) -> tuple[int, ...]:
        """The output padding that gives ``output_size``: a strided convolution makes one size of several."""
        n = self._spatial
        if output_size is None:
            return self.output_padding
        lead = 2 if input.dim() == n + 2 else 1
        wanted = tuple(output_size)
        if len(wanted) == lead + n:
            wanted = wanted[lead:]
        if len(wanted) != n:
            raise ValueError(
                f"ConvTranspose{n}D: for {input.dim()}D input, output_size must have {n} or {lead + n} "
                f"elements (got {len(wanted)})"
            )
        least = [
            (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1
            for size, stride, padding, dilation, kernel in zip(
                input.shape[lead:], self.stride, self.padding, self.dilation, self.kernel_size
            )
        ]
        most = [size + stride - 1 for size, stride in zip(least, self.stride)]
        if any(not low <= size <= high for low, size, high in zip(least, wanted, most)):
            raise ValueError(
                f"requested an output size of {output_size}, but valid sizes range from {least} to {most} (for an "
                f"input of {input.shape[2:]})"
            )
        return tuple(size - low for size, low in zip(wanted, least))

    def forward(self, input: Any, output_size: Any = None) -> Any:
        return self._function(
            input, self.weight, self.bias, self.stride, self.padding, self._padding_for(input, output_size),
            self.groups, self.dilation,
        )  # fmt: skip


class ConvTranspose1d(_ConvTranspose):
    """The transpose of `Conv1d`'s map, as `functional.conv_transpose1d`.

    Called with ``output_size``, it picks among the sizes that `Conv1d` would make the input's size of.

    >>> import rushlight as torch
    >>> torch.nn.ConvTranspose1d(1, 1, 3, stride=2)(torch.ones(1, 1, 4), output_size=[10]).shape
    torch.Size([1, 1, 10])
    """

    _spatial = 1
    _function = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """The transpose of `Conv2d`'s map, as `functional.conv_transpose2d`; see `ConvTranspose1d`."""

    _spatial = 2
    _function = staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_ConvTranspose):
    """The transpose of `Conv3d`'s map, as `functional.conv_transpose3d`; see `ConvTranspose1d`."""

    _spatial = 3
    _function = staticmethod(F.conv_transpose3d)


# -- from the first input -------------------------------------------------------------------------------------------


class _LazyConv(LazyModuleMixin):
    _spatial: int

    def __init__(self: Any, out_channels: int, kernel_size: Any, *args: Any, **kwargs: Any):
        super().__init__(0, 0, kernel_size, *args, **kwargs)
        self._leave_open()
        self.out_channels = out_channels

    def reset_parameters(self: Any) -> None:
        """Draw weight and bias anew, once they have a shape."""
        if not self.has_uninitialized_params() and self.in_channels != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self: Any, input: Any, *_args: Any, **_kwargs: Any) -> None:
        """Take ``in_channels`` from the input."""
        if not self.has_uninitialized_params():
            return
        self.in_channels = self._channels_of(input)
        if self.in_channels % self.groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        self.weight.materialize(self._weight_shape())
        if self.bias is not None:
            self.bias.materialize((self.out_channels,))
        self.reset_parameters()

    def _channels_of(self, input: Any) -> int:
        one = self._spatial + 1
        if input.dim() not in (one, one + 1):
            raise RuntimeError(
                f"Expected {one}D (unbatched) or {one + 1}D (batched) input to {type(self).__name__}, but got input of "
                f"size: {input.shape}"
            )
        return input.shape[-one]


class LazyConv1d(_LazyConv, Conv1d):
    """`Conv1d` that takes ``in_channels`` from its first input; its arguments are those of `Conv1d` without it.

    >>> import rushlight as torch
    >>> layer = torch.nn.LazyConv1d(4, kernel_size=3)
    >>> layer(torch.ones(1, 2, 5)).shape, layer
    (torch.Size([1, 4, 3]), Conv1d(2, 4, kernel_size=(3,), stride=(1,)))
    """

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):
    """`Conv2d` that takes ``in_channels`` from its first input; see `LazyConv1d`."""

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):
    """`Conv3d` that takes ``in_channels`` from its first input; see `LazyConv1d`."""

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    """`ConvTranspose1d` that takes ``in_channels`` from its first input; see `LazyConv1d`."""

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    """`ConvTranspose2d` that takes ``in_channels`` from its first input; see `LazyConv1d`."""

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConv, ConvTranspose3d):
    """`ConvTranspose3d` that takes ``in_channels`` from its first input; see `LazyConv1d`."""

    cls_to_become = ConvTranspose3d
