"""``torch.nn.functional.pad``: constants, mirror images, the nearest element or the other end around a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.memory_order import channels_as_given
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor
from .advanced_indexing import add_rows
from .arguments import Ints, ints
from .dims import check_tensor
from .writing import scalar

Pairs = tuple[tuple[int, int], ...]


def _pairs(pad: Ints) -> Pairs:
    """(before, after) for each padded dimension, from the last one backwards as ``pad`` has them."""
    return tuple(zip(pad[::2], pad[1::2]))


# -- constant -----------------------------------------------------------------------------------------------------


def _inner(shape: Ints, pairs: Pairs, sign: int) -> tuple[slice, ...]:
    """Where the content lies in what is padded (sign 1), or what of the input stays in sight (sign -1)."""
    key = [slice(None)] * len(shape)
    for i, (before, after) in enumerate(pairs):
        d = len(shape) - 1 - i
        key[d] = slice(max(sign * before, 0), shape[d] - max(sign * after, 0))
    return tuple(key)


def _padded_shape(shape: Ints, pairs: Pairs) -> Ints:
    out = list(shape)
    for i, (before, after) in enumerate(pairs):
        out[len(shape) - 1 - i] += before + after
    return tuple(out)


def _constant_pad(x: Any, pad: Pairs, value: Any) -> Any:
    out = np.full(_padded_shape(x.shape, pad), value, x.dtype)
    out[_inner(out.shape, pad, 1)] = x[_inner(x.shape, pad, -1)]
    return out


def _opposite(pad: Pairs) -> Pairs:
    return tuple([(-before, -after) for before, after in pad])


constant_pad_p = Primitive(
    "ConstantPadNd",
    _constant_pad,
    vjp=lambda g, pad: constant_pad_p.bind(g, pad=_opposite(pad), value=0),
    jvp=lambda x_t, pad: constant_pad_p.bind(x_t, pad=pad, value=0),
    order=channels_as_given,
)


@operation(method=False, out=False)
def constant_pad_nd(input: Tensor, pad: Any, value: Any = 0) -> Tensor:
    """``input`` with ``value`` around it; see `torch.nn.functional.pad`.

    >>> import rushlight as torch
    >>> torch.constant_pad_nd(torch.tensor([1, 2]), (1, 0))
    tensor([0, 1, 2])
    """
    pairs = _pairs(ints((pad,), "constant_pad_nd", "pad", 2))
    if any(n < 0 for n in _padded_shape(input._data.shape, pairs)):
        raise RuntimeError("narrow(): length must be non-negative.")
    return constant_pad_p.bind(input, pad=pairs, value=scalar(value, input._data.dtype))


# -- from the input itself ----------------------------------------------------------------------------------------


def _sources(n: int, before: int, after: int, mode: str) -> np.ndarray:
    """For each place along a padded dimension the place that it is filled from."""
    at = np.arange(-before, n + after)
    if mode == "replicate":
        return at.clip(0, n - 1)
    return n - 1 - abs(n - 1 - abs(at))


def _pad_from_input(x: Any, pad: Pairs, mode: str) -> Any:
    for i, (before, after) in enumerate(pad):
        d = x.ndim - 1 - i
        x = x.take(_sources(x.shape[d], before, after, mode), d)
    return x


def _unpad(g: Any, shape: Ints, pad: Pairs, mode: str) -> Any:
    """The transpose: what was taken from a place more than once is added up there."""
    for i, (before, after) in enumerate(pad):
        d = g.ndim - 1 - i
        n = shape[d]
        front = np.ascontiguousarray(np.moveaxis(g, d, 0))
        out = np.zeros((n, *front.shape[1:]), g.dtype)
        add_rows(out.reshape(n, -1), _sources(n, before, after, mode), front.reshape(len(front), -1))
        g = np.moveaxis(out, 0, d)
    return np.ascontiguousarray(g)


def _pads(name: str) -> dict[int, Primitive]:
    """The primitives of one mode, by the number of padded dimensions, each followed by its transpose."""
    out = {}
    for n in (1, 2, 3):
        unpad = f"{name}{n}DBackwardBackward0"
        out[n] = Primitive(
            f"{name}{n}D", _pad_from_input, vjp=_unpad_rule(unpad), order=channels_as_given, family="linear"
        )
        _UNPADS[unpad] = Primitive(unpad, _unpad, vjp=_pad_rule(out[n]), family="linear")
    return out


def _unpad_rule(name: str) -> Any:
    return lambda g, x_shape, pad, mode: _UNPADS[name].bind(g, shape=x_shape, pad=pad, mode=mode)


def _pad_rule(primitive: Primitive) -> Any:
    return lambda g, pad, mode: primitive.bind(g, pad=pad, mode=mode)


_UNPADS: dict[str, Primitive] = {}
reflection_pads, replication_pads = _pads("ReflectionPad"), _pads("ReplicationPad")


def _check(x: Tensor, pairs: Pairs, mode: str) -> None:
    shape, count = x._data.shape, len(pairs)
    if not 1 <= count <= 3 or len(shape) not in (count + 1, count + 2):
        raise NotImplementedError(
            f"Padding size {2 * count} is not supported for {len(shape)}D input tensor.\n"
            "Supported combinations for non-constant padding:\n"
            "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
            "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
            "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    batched = len(shape) == count + 2
    if 0 in shape[1 if batched else 0 :]:
        raise RuntimeError(
            f"Expected {count + 1}D or {count + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )
    for i, (before, after) in enumerate(pairs):
        d = len(shape) - 1 - i
        if mode == "reflect" and (before >= shape[d] or after >= shape[d]):
            raise RuntimeError(
                f"Argument #{4 + 2 * i}: Padding size should be less than the corresponding input dimension, but got: "
                f"padding ({before}, {after}) at dimension {d} of input {list(shape)}"
            )
    out = _padded_shape(shape, pairs)
    if any(n < 1 for n in out[-count:]):
        names = "DHW"[-count:]
        have = ", ".join(f"{k}: {n}" for k, n in zip(names, shape[-count:]))
        want = " ".join(f"{k}: {n}" for k, n in zip(names, out[-count:]))
        raise RuntimeError(f"input ({have}) is too small. Calculated output {want}")
    if x._data.dtype.kind == "b":
        kernel = "reflection" if mode == "reflect" else "replication"
        raise NotImplementedError(f"\"{kernel}_pad{count}d\" not implemented for '{scalar_type_name(x.dtype)}'")


def _circular(x: Tensor, pairs: Pairs) -> Tensor:
    """By writing into a new tensor: first the content, then each end from the other, dimension by dimension."""
    for i, (before, after) in enumerate(pairs):
        n = x._data.shape[x._data.ndim - 1 - i]
        if before > n or after > n:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if n + before + after < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
    shape = _padded_shape(x._data.shape, pairs)
    out = x.new_zeros(shape)
    inner = out
    for i, (before, after) in enumerate(pairs):
        d = len(shape) - 1 - i
        inner = inner.narrow(d, max(before, 0), shape[d] - max(before, 0) - max(after, 0))
        x = x.narrow(d, max(-before, 0), x._data.shape[d] - max(-before, 0) - max(-after, 0))
    inner.copy_(x)
    for i, (before, after) in enumerate(pairs):
        d = len(shape) - 1 - i
        start, end = max(before, 0), shape[d] - max(after, 0)  # what of this dimension is filled already
        if before > 0:
            out.narrow(d, 0, before).copy_(out.narrow(d, end - before, before))
        if after > 0:
            out.narrow(d, end, after).copy_(out.narrow(d, start, after))
    return out


@operation(namespace="torch.nn.functional", method=False, out=False)
def pad(input: Tensor, pad: Any, mode: str = "constant", value: Any = None) -> Tensor:
    """``input`` made larger at its ends; negative numbers cut off.

    pad: (before, after) for the last dimension, then for the one before it, and so on. mode: ``"constant"`` fills with
    ``value`` (default 0), ``"reflect"`` with the mirror image, ``"replicate"`` with the nearest element, ``"circular"``
    from the other end; all but the first are for the last one to three dimensions of inputs with one or two more.

    >>> import rushlight as torch
    >>> torch.nn.functional.pad(torch.tensor([1.0, 2.0]), (1, 2))
    tensor([0., 1., 2., 0., 0.])
    """
    check_tensor(input, "pad")
    if isinstance(pad, (tuple, list)):
        for i, p in enumerate(pad):
            if not hasattr(p, "__index__"):
                raise TypeError(
                    f"pad(): argument 'pad' (position 2) must be tuple of ints, but found element of type "
                    f"{type(p).__name__} at pos {i}"
                )
    elif not isinstance(pad, (tuple, list)):
        raise TypeError(f"pad(): argument 'pad' (position 2) must be tuple of ints, not {type(pad).__name__}")
    numbers = ints((pad,), "pad", "pad", 2)
    if len(numbers) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(numbers) > 2 * input._data.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(numbers)} and input of dimension {input._data.ndim}"
        )
    if mode == "constant":
        return constant_pad_nd(input, numbers, 0 if value is None else value)
    if mode not in ("reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    pairs = _pairs(numbers)
    if mode == "circular":
        if not 1 <= len(pairs) <= 3 or input._data.ndim not in (len(pairs) + 1, len(pairs) + 2):
            _check(input, pairs, mode)
        return _circular(input, pairs)
    _check(input, pairs, mode)
    primitives = reflection_pads if mode == "reflect" else replication_pads
    return primitives[len(pairs)].bind(input, pad=pairs, mode=mode)
