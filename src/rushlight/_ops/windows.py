"""Windows that slide over the last dimensions of an array: what convolutions and poolings have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

Ints = tuple[int, ...]


class Windows(NamedTuple):
    """The geometry of a sliding window; one number for each spatial dimension."""

    kernel: Ints
    stride: Ints
    padding: Ints
    dilation: Ints

    def extent(self, d: int) -> int:
        """How far a window reaches."""
        return self.dilation[d] * (self.kernel[d] - 1) + 1

    def out(self, size: Ints) -> Ints:
        """How many windows fit."""
        return tuple([(n + 2 * self.padding[d] - self.extent(d)) // self.stride[d] + 1 for d, n in enumerate(size)])

    def padded_size(self, size: Ints, out: Ints) -> Ints:
        """The size that all windows reach over: more than the padding where the last ones hang over."""
        return tuple(
            [max(n + 2 * self.padding[d], (out[d] - 1) * self.stride[d] + self.extent(d)) for d, n in enumerate(size)]
        )

    def padded(self, x: Any, out: Ints, fill: Any = 0) -> Any:
        """``x`` with its spatial dimensions padded; itself where there is nothing to pad."""
        lead = x.ndim - len(self.kernel)
        size = x.shape[lead:]
        wanted = self.padded_size(size, out)
        if wanted == size:
            return x
        result = np.full((*x.shape[:lead], *wanted), fill, x.dtype)
        result[self.inner(size)] = x
        return result

    def inner(self, size: Ints) -> Any:
        """Where in the padded array the array itself lies."""
        return (..., *[slice(p, p + n) for p, n in zip(self.padding, size)])

    def offsets(self, out: Ints) -> Iterator[Any]:
        """For each place in the window: where in the padded array all windows have it."""
        for place in product(*[range(k) for k in self.kernel]):
            yield (
                ...,
                *[
                    slice(i * d, i * d + (n - 1) * s + 1, s)
                    for i, d, n, s in zip(place, self.dilation, out, self.stride)
                ],
            )

    def columns(self, x: Any, out: Ints, groups: int) -> Any:
        """The windows of a padded (N, C, ...) array as columns: (N, groups, C / groups * places, windows)."""
        n, channels = x.shape[:2]
        strides = x.strides[2:]
        view = as_strided(
            x,
            (n, channels, *self.kernel, *out),
            (
                *x.strides[:2],
                *[s * d for s, d in zip(strides, self.dilation)],
                *[s * t for s, t in zip(strides, self.stride)],
            ),
            writeable=False,
        )
        places = channels // groups * math.prod(self.kernel)
        return np.ascontiguousarray(view).reshape(n, groups, places, math.prod(out))

    def overlap(self) -> bool:
        return any(self.extent(d) > s for d, s in enumerate(self.stride))


def spread(windows: Windows, parts: Iterator[Any], like: Any, shape: Ints, out: Ints) -> Any:
    """An array of ``shape`` with each part added at its place of all windows: the transpose of looking at them."""
    spatial = len(windows.kernel)
    size = shape[-spatial:]
    total = np.zeros((*shape[:-spatial], *windows.padded_size(size, out)), like.dtype)
    for place, part in zip(windows.offsets(out), parts):
        total[place] += part
    return np.ascontiguousarray(total[windows.inner(size)])
