"""Padding: more elements around an image or a sequence."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module
from .utils import ntuple


class _Pad(Module):
    _spatial: int

    def __init__(self, padding: Any):
        super().__init__()
        self.padding = ntuple(2 * self._spatial)(padding)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPad(_Pad):
    value: float

    def __init__(self, padding: Any, value: float):
        super().__init__(padding)
        self.value = value

    def forward(self, input: Any) -> Any:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPad):
    """A value on both sides of (..., L): ``padding`` is (left, right), or one number for both.

    >>> import rushlight as torch
    >>> torch.nn.ConstantPad1d((1, 2), 3.5)
    ConstantPad1d(padding=(1, 2), value=3.5)
    """

    _spatial = 1


class ConstantPad2d(_ConstantPad):
    """A value around (..., H, W): ``padding`` is (left, right, top, bottom), or one number for all."""

    _spatial = 2


class ConstantPad3d(_ConstantPad):
    """A value around (..., D, H, W): ``padding`` is (left, right, top, bottom, front, back), or one number for all."""

    _spatial = 3


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Any):
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad, ConstantPad1d):
    """Zeros on both sides of (..., L); see `ConstantPad1d`."""


class ZeroPad2d(_ZeroPad, ConstantPad2d):
    """Zeros around (..., H, W); see `ConstantPad2d`."""


class ZeroPad3d(_ZeroPad, ConstantPad3d):
    """Zeros around (..., D, H, W); see `ConstantPad3d`."""


class _ReflectionPad(_Pad):
    def forward(self, input: Any) -> Any:
        return F.pad(input, self.padding, "reflect")


class ReflectionPad1d(_ReflectionPad):
    """The elements mirrored at the borders of (N, C, L) or (C, L)."""

    _spatial = 1


class ReflectionPad2d(_ReflectionPad):
    """The elements mirrored at the borders of (N, C, H, W) or (C, H, W)."""

    _spatial = 2


class ReflectionPad3d(_ReflectionPad):
    """The elements mirrored at the borders of (N, C, D, H, W) or (C, D, H, W)."""

    _spatial = 3


class _ReplicationPad(_Pad):
    def forward(self, input: Any) -> Any:
        return F.pad(input, self.padding, "replicate")


class ReplicationPad1d(_ReplicationPad):
    """The elements at the borders of (N, C, L) or (C, L) repeated."""

    _spatial = 1


class ReplicationPad2d(_ReplicationPad):
    """The elements at the borders of (N, C, H, W) or (C, H, W) repeated."""

    _spatial = 2


class ReplicationPad3d(_ReplicationPad):
    """The elements at the borders of (N, C, D, H, W) or (C, D, H, W) repeated."""

    _spatial = 3


class _CircularPad(_Pad):
    def forward(self, input: Any) -> Any:
        if input.dim() not in (self._spatial + 1, self._spatial + 2):
            raise ValueError(f"expected {self._spatial + 1}D or {self._spatial + 2}D input (got {input.dim()}D input)")
        return F.pad(input, self.padding, "circular")


class CircularPad1d(_CircularPad):
    """The elements of (N, C, L) or (C, L) go on from the other end."""

    _spatial = 1


class CircularPad2d(_CircularPad):
    """The elements of (N, C, H, W) or (C, H, W) go on from the other end."""

    _spatial = 2


class CircularPad3d(_CircularPad):
    """The elements of (N, C, D, H, W) or (C, D, H, W) go on from the other end."""

    _spatial = 3
