"""Views: tensors that look at another tensor's memory, and what happens when memory is written through one.

A view remembers its base and the chain of view operations that leads to it. When the base is written to (itself
or through another view), the base gets a new history, and the view's own history, which told of the old content,
is made again from the chain when somebody asks for it. Nothing is locked and no history is rewritten.
"""

from __future__ import annotations

from typing import Any

from .graph import next_sequence
from .modes import PLAIN, state
from .primitive import Primitive
from .tensor import DEPENDS, Tensor, new, version_of, wrap

Chain = tuple[tuple[Primitive, dict[str, Any]], ...]


class View:
    """How a view follows from its base."""

    __slots__ = ("base", "base_edge", "chain", "no_grad", "several")

    def __init__(self, base: Tensor, chain: Chain, no_grad: bool, several: bool = False):
        self.base = base
        self.chain = chain
        self.base_edge = base._fn  # the base's history when the view's was made
        self.no_grad = no_grad  # made while recording was off
        self.several = several  # one of the results of split, unbind, ...

    def edge(self, view: Tensor) -> Any:
        """The view's place in the history, made anew if the base has been written to since."""
        base = self.base
        if base._fn is not self.base_edge:
            view._fn = None
            if base._fn is not None:
                node = new(replay.node_type)
                node.edges = (base._fn,)
                node.hooks = None
                node._sequence = next_sequence()
                node.saved = (base._data.shape,)
                node.params = {"chain": self.chain}
                view._fn = node
            self.base_edge = base._fn
        if view._fn is not None:
            return view._fn
        return view if view._requires_grad is True else None


def view_of(x: Tensor, array: Any, primitive: Primitive, params: dict[str, Any], several: bool = False) -> Tensor:
    """``array``, which looks at the memory of ``x``, as a view of it; its history is left to the caller."""
    out = wrap(array)
    out._counter = x._counter or version_of(x)
    if state.mode == PLAIN:
        # Inside a backward pass: what a rule makes is not written to with a history.
        return out
    of = x._view
    if of is None:
        out._view = View(x, ((primitive, params),), not state.grad, several)
    else:
        out._view = View(of.base, (*of.chain, (primitive, params)), of.no_grad or not state.grad, several or of.several)
    if array.dtype.kind in "fcV":
        out._requires_grad = DEPENDS
    return out


def follow(t: Tensor, chain: Chain) -> Tensor:
    """The view that ``chain`` makes of ``t``."""
    for primitive, params in chain:
        t = primitive.bind(t, **params)
    return t


def _follow_arrays(x: Any, *, chain: Chain) -> Any:
    for primitive, params in chain:
        x = primitive.forward(x, **params)
    return x


def _spread(g: Tensor, chain: Chain, shape: tuple[int, ...]) -> Tensor:
    """Zeros of ``shape`` with ``g`` where the chain looks."""
    return scatter.bind(g.new_zeros(shape), g, chain=chain)


def _scattered(base: Any, source: Any, *, chain: Chain) -> Any:
    out = base.copy()
    _follow_arrays(out, chain=chain)[...] = source
    return out


# A view's history after its base changed: the whole chain as one node, with the name that PyTorch gives it.
replay = Primitive(
    "AsStrided",
    _follow_arrays,
    vjp=lambda g, chain, x_shape: _spread(g, chain, x_shape),
    jvp=lambda x_t, chain: follow(x_t, chain),
    family="view",
)

# `base` with `source` written where the chain looks: what an in-place operation on a view does to the base.
scatter = Primitive(
    "CopySlices",
    _scattered,
    inputs="base source",
    vjp=(
        lambda g, chain, source_shape: scatter.bind(g, g.new_zeros(source_shape), chain=chain),
        lambda g, chain: follow(g, chain).clone(),
    ),
    family="linear",
)


def rebase(view: Tensor, result: Tensor) -> None:
    """Give a view's base the history that ``result`` was written through the view."""
    info = view._view
    base = info.base
    before = wrap(base._data)
    before._fn, before._requires_grad = base._fn, base._requires_grad
    out = wrap(base._data)
    scatter.record((before if base._fn is not None else base, result), {"chain": info.chain}, out)
    base._fn, base._requires_grad = out._fn, True
    view._fn = None
    info.edge(view)

