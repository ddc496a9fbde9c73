"""Views: tensors that look at another tensor's memory, and what happens when memory is written through one.

A view remembers its base (a tensor that is no view itself) and the chain of view operations that leads from it.
When the memory is written to, through the base or through another view, the base gets a new history; the view's
own, which told of the old content, is made again from the chain when somebody asks for it. Nothing is locked and
no history is rewritten. (An offset and strides instead of the chain would do for NumPy's arrays, but not for values
that are traced or batched, nor for views with another dtype.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .dtypes import from_numpy_dtype
from .graph import RETAINS, Output, Version, next_sequence
from .modes import PLAIN, state
from .primitive import Primitive, errors, mark_cut
from .tensor import DEPENDS, Tensor, edge_of, ndarray, new, wrap

Chain = tuple[tuple[Any, dict[str, Any]], ...]  # view primitives with their parameters

# What may keep a view from being written through: how it was made. A view of such a view inherits it.
FREE = 0
NO_GRAD = 1  # while recording was off: whether the write was meant to be recorded is anybody's guess
INFERENCE = 2
SEVERAL = 3  # as one of several results: the node that they share cannot take a write to one of them
CUSTOM = 4  # in the forward of a custom `autograd.Function`, whose backward a write would bypass
ARGUMENT = 5  # as the leaf that a function differentiates by, of what was computed outside of it


class View:
    """How a view follows from its base: by ``primitive`` from the view ``parent``, or from the base itself."""

    __slots__ = ("base", "function", "made", "memory", "params", "parent", "primitive", "version")

    base: Tensor
    parent: View | None
    primitive: ViewPrimitive
    params: dict[str, Any]
    made: int
    memory: ndarray  # the base's array when the view was made
    version: int  # the writes that the view's history knows of
    function: str  # the name of the custom function that made it, where one did

    @property
    def chain(self) -> Chain:
        """The view operations from the base to the view."""
        steps = []
        step: View | None = self
        while step is not None:
            steps.append((step.primitive, step.params))
            step = step.parent
        return tuple(steps[::-1])

    @property
    def is_argument(self) -> bool:
        """Whether the view is what `argument_of` makes, not a view of that."""
        return (
            self.made == ARGUMENT
            and self.primitive is alias_p
            and (self.parent is None or self.parent.made != ARGUMENT)
        )

    def made_by(self, function: str) -> None:
        """Note that a custom function returned the view."""
        self.made, self.function = CUSTOM, function

    def edge(self, view: Tensor) -> Any:
        """The view's place in the history, made anew where the memory has been written to since."""
        fn = view._fn
        if fn is None and not self.base._requires_grad:
            return view if view._requires_grad is True else None
        counter = view._counter
        if counter is not None and counter.value != self.version:
            if self.made and self.made != ARGUMENT:
                raise_refused(view, indirect=True)
            self.renew(view, counter.value)
            return view._fn
        # Without a node it is a view of a leaf from before that wanted gradients, or made without recording.
        return view if fn is None else fn

    def renew(self, view: Tensor, version: int, path: dict[str, Any] | None = None) -> None:
        """Give the view the history of its base as that is now. path: what `path` says, if it was asked already."""
        node = replay.node_type()
        node.edges = (edge_of(self.base),)
        node.hooks = None
        node._sequence = next_sequence()
        node.saved = (self.base._data.shape, self.base._data.dtype)
        node.versions = None
        node.params = path or self.path(view)
        if view._hooks is RETAINS:
            move_retained(view._fn, node)
        view._fn = node
        self.version = version

    def path(self, view: Tensor) -> dict[str, Any]:
        """How the view lies in its base: the chain, and where it depends on them (as ``view(6)`` does) the base's
        strides, counted in elements."""
        chain, base = self.chain, self.base._data
        if base is not self.memory:
            # The base has been given another shape, or other memory, in place.
            if base.dtype != view._data.dtype or (view._data.size and not np.may_share_memory(base, view._data)):
                raise NotImplementedError(
                    "gradients through a view whose base has been given other memory (by resize_() or .data = ...) are "
                    "not supported\nMake the view after that."
                )
            from .strides import as_strided_p, strides_between

            chain = ((as_strided_p, strides_between(base, view._data)),)
        for primitive, _ in chain:
            if primitive.by_layout:
                return {"chain": chain, "layout": elementwise_strides(base)}
        return {"chain": chain, "layout": None}


class ViewPrimitive(Primitive):
    """A primitive whose result looks at its input's memory.

    ``transposed`` is the rule of the cotangent; the tangent is the view of the tangent. by_layout: whether it
    depends on how the input lies in memory, not on its shape alone. repeats: whether several of its elements may
    be one of the input's.
    """

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        transposed: Callable[..., Any],
        *,
        by_layout: bool = False,
        repeats: bool = False,
    ):
        super().__init__(name, forward, vjp=transposed, family="view")
        self.by_layout = by_layout
        self.repeats = repeats

    def bind(self, x: Any, **params: Any) -> Any:
        mode = state.mode
        if not mode and state.interpreter is not None:
            return state.interpreter.bind(self, (x,), params)
        out = view_of(x, self.forward(x._data, **params), self, params)
        if x._requires_grad and mode != PLAIN:
            if state.grad:
                self.continue_history(x, params, out)
            else:
                mark_cut((x,), out)
        return out

    def continue_history(self, x: Tensor, params: dict[str, Any], out: Tensor) -> None:
        """`Primitive.record` for the little that a view needs."""
        edge = (x._fn or x) if x._view is None else edge_of(x)
        if edge is None or out._requires_grad is False:
            return
        node = self.node_type()
        node.edges = (edge,)
        node.hooks = None
        node._sequence = next_sequence()
        node.params = params
        if self.needs:
            self.save(node, (x,), out)
        else:
            node.saved = ()
            node.versions = None
        out._fn = node
        out._requires_grad = True
        if state.watch is not None:
            state.watch.recorded(node, (x,))


class SeveralViews(ViewPrimitive):
    """A primitive with several results, each a view: ``parts(x_shape, **params)`` lists the view operations that
    lead to them, ``transposed`` takes the tuple of their cotangents, None where nothing arrived (or the only one)."""

    def __init__(self, name: str, parts: Callable[..., Chain], transposed: Callable[..., Any]):
        Primitive.__init__(self, name, self.all_parts, vjp=transposed, outputs=0, family="view")
        self.by_layout = self.repeats = False
        self.parts = parts

    def attach(self, node: Any, results: tuple[Any, ...]) -> None:
        if len(results) > 1:
            super().attach(node, results)
            return
        # The only result of a node is the node's own: its cotangent arrives without a tuple around it.
        node.outputs = 1
        results[0]._fn, results[0]._requires_grad = node, True

    def all_parts(self, x: ndarray, **params: Any) -> tuple[ndarray, ...]:
        return tuple([p.forward(x, **q) for p, q in self.parts(x.shape, **params)])

    def bind(self, x: Any, **params: Any) -> Any:
        if state.interpreter is not None:
            return state.interpreter.bind(self, (x,), params)
        data = x._data
        steps = self.parts(data.shape, **params)
        out = tuple([view_of(x, p.forward(data, **q), p, q, several=True) for p, q in steps])
        if x._requires_grad and out and state.mode != PLAIN:
            if state.grad:
                if out[0]._requires_grad:
                    self.record((x,), params, out)
            else:
                mark_cut((x,), out)
        return out


def view_of(x: Tensor, array: Any, primitive: Primitive, params: dict[str, Any], several: bool = False) -> Tensor:
    """``array``, which looks at the memory of ``x``, as a view of it; its history is left to the caller."""
    out = new(Tensor)
    out._data = array
    out._fn = None
    out._requires_grad = False
    out._view = None
    out._grad = None
    out._hooks = None
    counter = x._counter
    if counter is None:
        counter = x._counter = Version()
    out._counter = counter
    if state.mode == PLAIN:
        # Inside a backward pass: what a rule makes is not written to with a history.
        return out
    view = out._view = new(View)
    view.primitive = primitive  # type: ignore[assignment]
    view.params = params
    view.version = counter.value
    made = (SEVERAL if several else FREE) if state.grad else INFERENCE if state.inference else NO_GRAD
    parent = x._view
    if parent is None:
        view.base = x
        view.memory = x._data
    else:
        view.base = parent.base
        view.memory = parent.memory
        made = made or parent.made
    view.parent = parent
    view.made = made
    if array.dtype.kind in "fcV":
        out._requires_grad = DEPENDS
    return out


alias_p = ViewPrimitive("Alias", lambda x: x.view(), lambda g: g)


def view_of_function(t: Tensor, function: str) -> Tensor:
    """An argument that a custom function returned as it is: another tensor over its memory, without history."""
    out = view_of(t, t._data, alias_p, {})
    if out._view is not None:
        out._view.made_by(function)
    return out


def argument_of(t: Tensor) -> Tensor:
    """``t`` as the function that is differentiated by it sees it: a leaf there, connected to its history outside."""
    out = alias_p.bind(t)
    if out._view is not None:
        out._view.made = ARGUMENT
    return out


# -- writing through views --------------------------------------------------------------------------------------


def check_view(view: Tensor) -> None:
    """Refuse a recorded write through a view that cannot take it, or whose base is a leaf."""
    info = view._view
    if info.made == ARGUMENT:
        errors.raise_leaf_write(view, view=not info.is_argument)
    if info.made:
        raise_refused(view, indirect=False)
    base = info.base
    if base._fn is None and (base._requires_grad or view._fn is not None or view._requires_grad is True):
        errors.raise_leaf_write(view, view=True)


def raise_refused(view: Tensor, *, indirect: bool) -> NoReturn:
    """Say why memory could not be written to through ``view``; indirect: it was, and not through this view."""
    made, edge = view._view.made, view._fn  # the edge as it is: `edge_of` may be what came to complain
    what = "its base or another view of its base has been" if indirect else "is being"
    made_in = "A view was created in"
    if edge is not None:
        number, node = (edge.index, edge.node) if type(edge) is Output else (0, edge)
        name = view._view.function if made == CUSTOM else errors.operation_of(node)
        output = f"Output {number} of {name}"
        made_in = f"{output} is a view of a view which was created in"
    if made == INFERENCE:
        first = f"{made_in} inference mode and {what} modified inplace in normal mode."
    elif made == NO_GRAD or edge is None:
        first = f"{made_in} no_grad mode and {what} modified inplace with grad mode enabled."
    else:
        first = f"{output} is a view and {what} modified inplace."
    if made == SEVERAL:
        raise RuntimeError(
            f"{first} This view is the output of a function that returns multiple views. Such functions do not "
            "allow the output views to be modified inplace. You should replace the inplace operation by an "
            "out-of-place one."
        )
    if made == CUSTOM:
        raise RuntimeError(
            f"{first} This view was created inside a custom Function (or because an input was returned as-is) and the "
            "autograd logic to handle view+inplace would override the custom backward associated with the custom "
            "Function, leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the "
            "output of the custom Function."
        )
    block = "inference_mode" if made == INFERENCE else "no_grad"
    raise RuntimeError(
        f"{first} Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
        f"code by moving both the view and the inplace either both inside the {block} block (if you don't want the "
        "inplace to be tracked) or both outside (if you want the inplace to be tracked)."
    )


def rebase(view: Tensor, result: Tensor) -> None:
    """Give a view's base the history that ``result`` was written through the view."""
    info = view._view
    base = info.base
    node = scatter.node_type()
    node.edges = (base._fn, edge_of(result))
    node.hooks = None
    node._sequence = next_sequence()
    node.saved = (result._data.shape, result._data.dtype)
    node.versions = None
    node.params = info.path(view)
    if state.watch is not None:
        state.watch.recorded(node, (base, result))
    if base._hooks is RETAINS:
        move_retained(base._fn, node)
    base._fn, base._requires_grad = node, True
    info.renew(view, view._counter.value, node.params)


def move_retained(old: Any, node: Any) -> None:
    """``retain_grad`` follows a tensor to its new history; users' hooks stay where they were registered."""
    if old is None:
        return
    old, index = (old.node, old.index) if type(old) is Output else (old, 0)
    if old.hooks is None:
        return
    keep = old.hooks.retain.pop(index, None)
    if keep is not None:
        node._hooks().retain[0] = keep


# -- the chain as an operation ----------------------------------------------------------------------------------


def follow(x: ndarray, chain: Chain) -> ndarray:
    """The part of ``x`` that the chain leads to."""
    for primitive, params in chain:
        x = primitive.forward(x, **params)
    return x


def elementwise_strides(x: ndarray) -> tuple[int, ...]:
    itemsize = x.itemsize
    return tuple([s // itemsize for s in x.strides])


def extent(shape: tuple[int, ...], layout: tuple[int, ...]) -> int:
    """How much memory elements with these strides take, counted in elements as the strides are."""
    return 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, layout))


def beyond(params: dict[str, Any]) -> tuple[int, int]:
    """How many elements before its input, and after it, a view looks at: `as_strided` of a view may leave that."""
    if "geometry" not in params or 0 in params["size"]:
        return 0, 0
    offset = params["offset"]
    return max(-offset, 0), max(offset + extent(params["size"], params["stride"]) - extent(*params["geometry"]), 0)


def around(chain: Chain) -> tuple[int, int]:
    """`beyond` for the views of a chain: those after the first look at what that shows."""
    return beyond(chain[0][1]) if chain else (0, 0)


def arranged(x: ndarray, layout: tuple[int, ...], room: tuple[int, int] = (0, 0)) -> ndarray:
    """A copy of ``x`` with the given strides, counted in elements. room: how many zeros are to lie around it."""
    if not x.size and not any(room):
        return x.copy()
    memory = np.zeros(room[0] + extent(x.shape, layout) + room[1], x.dtype)
    out = np.ndarray(x.shape, x.dtype, memory, room[0] * x.itemsize, tuple([s * x.itemsize for s in layout]))
    out[...] = x
    return out


def _looked(x: ndarray, *, chain: Chain, layout: tuple[int, ...] | None) -> ndarray:
    room = around(chain)
    if layout is not None and (elementwise_strides(x) != layout or any(room)):
        x = arranged(x, layout, room)
    return follow(x, chain)


def _scattered(base: ndarray, source: ndarray, *, chain: Chain, layout: tuple[int, ...] | None) -> ndarray:
    out = base.copy() if layout is None else arranged(base, layout, around(chain))
    part = follow(out, chain)
    if not part.flags.writeable:  # only `fill_` writes to expanded tensors: it does not matter how often
        part.flags.writeable = True
    part[...] = source
    return out


def _unlooked(g: Tensor, x_shape: tuple[int, ...], x_dtype: np.dtype, chain: Chain, layout: Any) -> Tensor:
    """The cotangent of what a chain looks at: zeros with ``g`` where it looks."""
    if not any(primitive.repeats for primitive, _ in chain):
        return scatter.bind(_zeros(g, x_shape, x_dtype), g, chain=chain, layout=layout)
    # Cotangents of what is one place must be added up, which the steps' own rules do.
    x = np.zeros(x_shape, x_dtype)
    nodes = []  # type: ignore[var-annotated]
    for primitive, params in chain:
        node = primitive.node_type()
        node.params = params
        node.edges = (None,)
        out = primitive.forward(x if layout is None or nodes else arranged(x, layout, around(chain)), **params)
        primitive.save(node, (wrap(x),), wrap(out))
        nodes.append(node)
        x = out
    for node in reversed(nodes):
        (g,) = node.pullback(g)
    return g


def _zeros(g: Tensor, shape: tuple[int, ...], dtype: np.dtype) -> Tensor:
    return g.new_zeros(shape, dtype=from_numpy_dtype(dtype))


# A view's history after its base changed: the whole chain as one node, with the name that PyTorch gives it.
replay = Primitive(
    "AsStridedBackward0",
    _looked,
    vjp=lambda g, x_shape, x_dtype, chain, layout: _unlooked(g, x_shape, x_dtype, chain, layout),
    jvp=lambda x_t, chain, layout: replay.bind(x_t, chain=chain, layout=layout),
    family="linear",
)

# `base` with `source` written where the chain looks: what an in-place operation on a view does to the base.
scatter = Primitive(
    "CopySlices",
    _scattered,
    inputs="base source",
    vjp=(
        lambda g, source_shape, source_dtype, chain, layout: scatter.bind(
            g, _zeros(g, source_shape, source_dtype), chain=chain, layout=layout
        ),
        lambda g, chain, layout: replay.bind(g, chain=chain, layout=layout),
    ),
    family="linear",
)
