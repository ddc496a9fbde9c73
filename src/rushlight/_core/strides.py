"""Memory seen with any sizes and strides: `as_strided`, the view that all others are cases of."""

from __future__ import annotations

from typing import Any

import numpy as np

from .tensor import Tensor, wrap
from .views import ViewPrimitive, elementwise_strides

Ints = tuple[int, ...]


class _Memory:
    """An address for NumPy to make an array of; what lies there is kept alive by ``owner``."""

    def __init__(self, owner: Any, offset: int):
        self.owner = owner
        interface = dict(owner.__array_interface__)
        address, locked = interface["data"]
        # Bytes: the structured dtype that stands for bfloat16 does not survive the interface.
        interface.update(data=(address + offset, locked), shape=(1,), strides=None, typestr="|u1", descr=[("", "|u1")])
        self.__array_interface__ = interface


def _as_strided(x: Any, size: Ints, stride: Ints, offset: int, geometry: Any) -> Any:
    if 0 in size:
        return np.empty(size, x.dtype)
    first = np.asarray(_Memory(x, offset * x.itemsize))
    strides = tuple([s * x.itemsize for s in stride])
    as_bytes = np.lib.stride_tricks.as_strided(first, (*size, x.itemsize), (*strides, 1))
    return as_bytes.view(x.dtype)[..., 0]  # `reshape` would forget the strides of dimensions of size 1


def _cotangent(g: Tensor, size: Ints, stride: Ints, offset: int, geometry: Any) -> Tensor:
    """The cotangents of the places that the view looks at, summed for the elements of the input that lie there."""
    shape, strides = geometry
    of_input, of_view = _places(shape, strides, 0), _places(size, stride, offset)
    n = of_input.size
    low = min(of_input.min(initial=0), of_view.min(initial=0))
    table = np.full(max(of_input.max(initial=0), of_view.max(initial=0)) - low + 1, -1)
    table[of_input - low] = np.arange(n)
    elements = table[of_view - low]
    seen = np.flatnonzero(elements >= 0)
    values = g.reshape(-1)
    if seen.size < elements.size:  # the view reaches beyond its input
        values = values.index_select(0, wrap(seen))
    return g.new_zeros((n,)).index_add(0, wrap(elements[seen]), values).reshape(shape)


def _places(shape: Ints, strides: Ints, offset: int) -> np.ndarray:
    """Where the elements lie, counted in elements, in C order."""
    places = np.array(offset)
    for n, s in zip(shape, strides):
        places = np.add.outer(places, np.arange(n) * s)
    return places.ravel()


# offset: from the first element of the input. geometry: the input's shape and strides. All counted in elements.
as_strided_rules: Any = (
    _as_strided,
    lambda g, size, stride, offset, geometry: _cotangent(g, size, stride, offset, geometry),
)
as_strided_p = ViewPrimitive("AsStrided", *as_strided_rules, by_layout=True, repeats=True)


def strides_between(base: np.ndarray, view: np.ndarray) -> dict[str, Any]:
    """The parameters with which `as_strided_p` makes ``view`` of ``base``, which lie in one memory."""
    addresses = [a.__array_interface__["data"][0] for a in (base, view)]
    return {
        "size": view.shape,
        "stride": elementwise_strides(view),
        "offset": (addresses[1] - addresses[0]) // base.itemsize,
        "geometry": (base.shape, elementwise_strides(base)),
    }
