"""Short ways through the operations that training loops wait for.

Forward: `remember` records with the steps of `Primitive.record` that the operation needs, and no others. Backward:
`on_arrays` gives a record's cotangents a second form for the ordinary backward pass, which nothing looks into: on
arrays, with fewer passes over memory. The rules of the record stay what defines them; tests/ops/test_quick.py holds
one against the other for every sample.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.graph import next_sequence
from .._core.modes import PLAIN, state
from .._core.primitive import Complaints, Primitive, quietly
from .._core.primitive import _version as version_or_none
from .._core.tensor import Tensor, edge_of, wrap

# Records whose cotangents have a form on arrays.
ON_ARRAYS: list[Primitive] = []


def remember(primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any], saved: Any, out: Tensor) -> None:
    """Give ``out`` its history. Only in mode RECORD.

    inputs: tensors, and None for absent ones. ``saved(edges)`` makes what the record's rules need, in their order.
    """
    edges = tuple(
        [None if t is None or not t._requires_grad else (t._fn or t) if t._view is None else edge_of(t) for t in inputs]
    )
    for edge in edges:
        if edge is not None:
            break
    else:
        return
    node = primitive.node_type()
    node.edges = edges
    node.hooks = None
    node._sequence = next_sequence()
    node.params = params
    node.saved = kept = saved(edges)
    node.versions = None
    for t in kept:
        if isinstance(t, Tensor) and t._counter is not None:
            node.versions = tuple([version_or_none(s) for s in kept])
            break
    out._fn = node
    out._requires_grad = True


def on_arrays(primitive: Primitive) -> Callable[[Any], Any]:
    """Decorator: ``function(node, g, *saved)`` gives the cotangents of ``primitive`` as arrays, None for unwanted ones.

    ``g`` is an array of float32 or float64, of several results the first one's; what was saved comes as arrays, tuples
    of them, or None. It may answer NotImplemented where it is not made for the case.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def pullback(node: Any, g: Any) -> tuple[Any, ...]:
            if state.mode != PLAIN:
                return primitive.pullback(node, g)
            if type(g) is tuple:
                # Of several results, only the first one's cotangent is provided for.
                if g[0] is None or any([other is not None for other in g[1:]]):
                    return primitive.pullback(node, g)
                g, gs = g[0], g
            else:
                gs = g
            data = g._data
            if data.dtype.kind != "f" or data.dtype.itemsize == 2:
                return primitive.pullback(node, gs)
            saved = primitive.unpack(node)
            arrays = [_array(s) for s in saved]
            try:
                grads = function(node, data, *arrays)
            except Complaints:
                grads = quietly(function, node, data, *arrays)
            if grads is NotImplemented:
                return primitive.pullback(node, gs, saved=saved)
            return tuple([None if a is None else wrap(a) for a in grads])

        primitive.node_type.pullback = pullback  # type: ignore[assignment]
        ON_ARRAYS.append(primitive)
        return function

    return decorate


def _array(saved: Any) -> Any:
    if type(saved) is tuple:
        return tuple([_array(s) for s in saved])
    return saved._data if isinstance(saved, Tensor) else saved


def kept(g: Any, mask: Any) -> Any:
    """``g`` where ``mask`` is true, zero elsewhere: by its bits, which takes a fifth of the time of `np.where`."""
    bits = np.int32 if g.dtype.itemsize == 4 else np.int64
    return np.bitwise_and(g.view(bits), np.negative(mask.astype(bits))).view(g.dtype)
