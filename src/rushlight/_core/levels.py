"""Levels: what the active transforms have in common.

Each active transform is a `Level`, the innermost one ``state.interpreter``. While it is active every primitive comes
to its `bind`, which unpacks those operands that belong to the level, does one level lower what the transform is
about, and makes of the result a tensor of this level again.

A tensor of a level is an ordinary `Tensor` whose ``_data`` says so: a `Lifted` array, or a `Shadow`, holds the level
and the *content* one level lower (value and tangent, or all examples at once). So whatever shares ``_data`` shares the
content too: aliases, saved results, parameters. A table from tensors to contents would lose those, and keep all
intermediate results alive. Tensors of other levels are foreign: constants to this level.

A level's tensors are new objects with a history of their own, which leads to this level's leaves alone; the contents
have theirs. That keeps nested derivatives apart: an inner leaf can not be reached from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .inplace import check_writable, write
from .memory_order import lies_densely
from .modes import GENERAL, state
from .primitive import Primitive
from .tensor import Tensor, alias, edge_of, ndarray, wrap
from .views import SeveralViews, view_of


class Lifted(np.ndarray):
    """The array of a level's tensor whose values may be looked at."""

    __slots__ = ("content", "level", "version")


class Shadow:
    """Stands in the place of the array of a level's tensor that has no values of its own, only a shape and a dtype.

    Whoever looks for values, or computes without `Primitive.bind`, finds an error instead of a wrong number.
    """

    __slots__ = ("content", "dtype", "level", "shape", "strides", "version")
    __array_priority__ = 2000

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype):
        self.shape = shape
        self.strides = strides
        self.dtype = dtype

    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: int(np.prod(self.shape, dtype=np.int64)))
    itemsize = property(lambda self: self.dtype.itemsize)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    flags = property(lambda self: ShadowFlags(self))

    def swapaxes(self, a: int, b: int) -> Shadow:
        order = list(range(self.ndim))
        order[a], order[b] = order[b], order[a]
        out = Shadow(tuple([self.shape[d] for d in order]), tuple([self.strides[d] for d in order]), self.dtype)
        out.level = self.level  # type: ignore[attr-defined]
        return out

    def __getattr__(self, name: str) -> Any:
        if name == "level":
            raise AttributeError(name)
        self.level.raise_revealed(f".{name}")

    def _reveal(self, *args: Any, **kwargs: Any) -> NoReturn:  # type: ignore[misc]
        self.level.raise_revealed("")

    def __array_function__(self, function: Any, *args: Any) -> NoReturn:  # type: ignore[misc]
        self.level.raise_revealed(function.__name__)

    __array__ = __array_ufunc__ = _reveal
    __getitem__ = __setitem__ = __iter__ = __len__ = __index__ = __float__ = __int__ = __complex__ = _reveal
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __truediv__ = __neg__ = _reveal
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _reveal
    __hash__ = object.__hash__

    def __bool__(self) -> bool:  # type: ignore[return]
        self.level.raise_branch()


class ShadowFlags:
    """How a `Shadow` would lie in memory."""

    __slots__ = ("c_contiguous", "f_contiguous", "forc", "owndata", "writeable")

    def __init__(self, shadow: Shadow):
        shape, strides, itemsize = shadow.shape, shadow.strides, shadow.dtype.itemsize
        self.c_contiguous = lies_densely(shape[::-1], strides[::-1], itemsize)
        self.f_contiguous = lies_densely(shape, strides, itemsize)
        self.forc = self.c_contiguous or self.f_contiguous
        self.owndata = False
        self.writeable = True


def same_memory(array: Any) -> Any:
    """A new `Lifted` array or `Shadow` that looks as ``array`` does."""
    if isinstance(array, ndarray):
        return array.view(Lifted)
    return Shadow(array.shape, array.strides, array.dtype)


class Level:
    """One active transform. Subclasses say what it does: `apply`, `lift`, `detached`."""

    # Whether the level's history leads to its own leaves alone. `autograd.forward_ad` is open: there gradients may
    # be asked for, inside, of any leaf.
    closed = True
    # Whether tensors stand for something else one level lower. A level that only looks on is no transform.
    transforms = True

    outer: Level | None = None
    active = False
    grad: bool  # whether recording was on where the level was entered, and so one level lower
    cut: Any

    def __enter__(self) -> Any:
        self.outer, self.grad, self.cut = state.interpreter, state.grad, state.cut
        self.active = True
        state.interpreter = self
        state.update()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.active = False
        state.interpreter = self.outer
        state.update()

    def content(self, t: Tensor) -> Any:
        """What ``t`` stands for one level lower; None where it does not belong to this level."""
        data: Any = t._data
        return data.content if type(data) is not ndarray and getattr(data, "level", None) is self else None

    def contents(self, inputs: tuple[Any, ...]) -> list[Any]:
        """`content` of each input of an operation."""
        return [self.content(t) if isinstance(t, Tensor) else None for t in inputs]

    def made(self, data: Any, content: Any) -> Tensor:
        """A tensor of this level."""
        data.level = self
        data.content = content
        data.version = 0
        return wrap(data)

    def lift(self, t: Tensor) -> Tensor:
        """A foreign tensor as one of this level."""
        raise NotImplementedError

    def apply(
        self, primitive: Primitive, inputs: tuple[Any, ...], contents: list[Any], params: dict[str, Any], recorded: bool
    ) -> Any:
        """The transformed operation; called, and to be done, one level lower.

        contents: of the inputs, None for foreign ones. recorded: whether the results must be tensors of this level
        even where they are constants to it.
        """
        raise NotImplementedError

    def detached(self, t: Tensor) -> Tensor:
        """``t`` cut from the history of this level and of all those below."""
        raise NotImplementedError

    def detach_(self, t: Tensor) -> None:
        """``t`` itself is a constant from now on, as far as this level can say so."""
        raise NotImplementedError

    def check_handed_out(self) -> None:
        """RuntimeError where the array of one of its tensors would leave behind what this level knows."""

    def spread(self, t: Tensor, made: Tensor) -> Tensor:
        """See `spread`."""
        raise NotImplementedError

    def check(self, check: Callable[..., None], tensors: tuple[Tensor, ...], params: dict[str, Any]) -> None:
        """See `checked`."""
        contents = [self.content(t) for t in tensors]
        lower = [t if c is None else c[0] for t, c in zip(tensors, contents)]
        self.below(checked, check, *lower, **params)

    def draw(self, shape: tuple[int, ...], draw: Callable[..., np.ndarray], separately: bool) -> Tensor:
        """See `drawn`."""
        return self.below(drawn, shape, draw, separately=separately)

    def check_draw_over(self, t: Tensor) -> None:
        """RuntimeError where random numbers cannot be written into ``t``."""
        if self.outer is not None:
            content = self.content(t)
            self.outer.check_draw_over(t if content is None else content[0])

    def contents_history(self, content: Any) -> bool:
        """Whether a content has a history one level lower, or below."""
        raise NotImplementedError

    def describe(self, t: Tensor) -> str:
        """The ``repr`` of a tensor of this level."""
        raise NotImplementedError

    @property
    def depth(self) -> int:
        """1 for the outermost level."""
        return 1 if self.outer is None else self.outer.depth + 1

    def raise_revealed(self, what: str) -> NoReturn:
        raise NotImplementedError

    def raise_branch(self) -> NoReturn:
        raise NotImplementedError

    def item(self, t: Tensor) -> Any:
        """`Tensor.item`, for a level that follows the number on; NotImplemented where it does not."""
        return NotImplemented if self.outer is None or belongs(t) else self.outer.item(t)

    def unrepeatable(self, what: str) -> None:
        """What is being done, ``what``, is done by the program that runs now and by no trace of it."""
        if self.outer is not None:
            self.outer.unrepeatable(what)

    @property
    def plans_memory(self) -> bool:
        """Whether it is decided later, and of the whole program, what is kept for the backward pass."""
        return self.outer is not None and self.outer.plans_memory

    def enter(self, x: Any, what: str) -> None:
        """Values of NumPy's come in: ``x``."""
        if self.outer is not None:
            self.outer.enter(x, what)

    def reveal(self, t: Tensor) -> None:
        """The array of ``t`` is handed out: whoever has it may look at its content."""
        if self.outer is not None:
            self.outer.reveal(t)

    # -- the protocol of `state.interpreter` ------------------------------------------------------------------

    def bind(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        contents = self.contents(inputs)
        known = any(contents)
        edges = self.edges(inputs, contents) if known and primitive.differentiable and state.grad else None
        view = known and primitive.family == "view"
        before = self.leave()
        try:
            if not known:
                return primitive.bind(*inputs, **params)
            out = self.apply(primitive, inputs, contents, params, edges is not None or view)
        finally:
            self.resume(before)
        if view:
            self.look(inputs[0], primitive, params, out)
        if edges is not None:
            primitive.record(inputs, params, out, edges)
        return out

    def edges(self, inputs: tuple[Any, ...], contents: list[Any]) -> tuple[Any, ...] | None:
        """Where at this level the inputs' cotangents are to be sent; None where no input has a history here."""
        edges: list[Any] = []
        found = False
        for t, content in zip(inputs, contents):
            edge = None
            if (content is not None or (not self.closed and isinstance(t, Tensor))) and t._requires_grad:
                edge = edge_of(t)
                found = found or edge is not None
            edges.append(edge)
        return tuple(edges) if found else None

    def look(self, x: Tensor, primitive: Any, params: dict[str, Any], out: Any) -> None:
        """Make the results of a view operation views of ``x`` at this level too."""
        if isinstance(primitive, SeveralViews):
            for part, (step, options) in zip(out, primitive.parts(x._data.shape, **params)):
                self.look_at(x, step, options, part, several=True)
        else:
            self.look_at(x, primitive, params, out, several=False)

    def look_at(self, x: Tensor, primitive: Any, params: dict[str, Any], out: Tensor, *, several: bool) -> None:
        data: Any = out._data
        if type(data) is not ndarray and data.level is self:
            view = view_of(x, data, primitive, params, several)
            out._view, out._counter, out._requires_grad = view._view, view._counter, view._requires_grad
            data.version = view._counter.value

    def write(self, t: Tensor, result: Tensor) -> None:
        """Write ``result``, which is to take over the history of ``t``, into the memory of ``t``."""
        raise NotImplementedError

    def write_below(self, t: Tensor, result: Tensor) -> None:
        """Write into the memory of a tensor of the level below."""
        before = self.leave()
        try:
            check_writable(t, result)
            write(t, result)
        finally:
            self.resume(before)

    def leave(self) -> tuple[bool, Any]:
        """Go one level lower; what is returned must be given to `resume`.

        There, recording is as it was where this level was entered: the backward pass of an inner derivative switches
        it off for itself only. But where the user has switched it off, it is off for all.
        """
        modes = state.__dict__  # this thread's; fetched once, since each look-up costs as much as all the rest
        before = modes["grad"], modes["cut"]
        if self.closed and (before[0] or before[1] is None):
            modes["grad"], modes["cut"] = self.grad, self.cut
        outer = modes["interpreter"] = self.outer
        if outer is None:
            state.update()
        return before

    def resume(self, before: tuple[bool, Any]) -> None:
        modes = state.__dict__
        modes["grad"], modes["cut"] = before
        modes["interpreter"] = self
        modes["mode"] = GENERAL

    def below(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """``function(*args)`` one level lower."""
        before = self.leave()
        try:
            return function(*args, **kwargs)
        finally:
            self.resume(before)


def belongs(t: Tensor) -> bool:
    """Whether ``t`` is a tensor of a level, active or past."""
    return type(t._data) is not ndarray and hasattr(t._data, "level")


def transforming() -> bool:
    """Whether a function is being transformed: differentiated, or applied to many examples."""
    level = state.interpreter
    while level is not None and not (level.closed and level.transforms):
        level = level.outer
    return state.differentiated or level is not None


def all_values(t: Tensor) -> ndarray:
    """The values of ``t``; where it stands for one example of many, those of all: for checks that each must pass."""
    while isinstance(t._data, Shadow):
        t = t._data.content[0]
    return t._data


def checked(check: Callable[..., None], *tensors: Tensor, **params: Any) -> None:
    """``check(*arrays, **params)``, which raises where values are out of order; a compiled program does it each time."""
    level = state.interpreter
    if level is None:
        check(*[t._data for t in tensors], **params)
    else:
        level.check(check, tensors, params)


def spread(t: Tensor, made: Tensor) -> Tensor:
    """What was made in the likeness of ``t``: where that differs between examples, one for each."""
    return t._data.level.spread(t, made) if isinstance(t._data, Shadow) else made


def drawn(shape: tuple[int, ...], draw: Callable[..., np.ndarray], *, separately: bool = False) -> Tensor:
    """The random array ``draw(shape)`` as a tensor; inside vmap of that shape for each example.

    separately: the draws for several examples are made one after the other, and not as one of a larger shape.
    """
    level = state.interpreter
    return wrap(draw(shape)) if level is None else level.draw(shape, draw, separately)


def detached(t: Tensor) -> Tensor:
    """``t``'s content without its history, at all levels."""
    return t._data.level.detached(t) if belongs(t) else alias(t)


def has_history(t: Tensor) -> bool:
    """Whether gradients with respect to ``t`` are recorded, at its own level or at one below."""
    if edge_of(t) is not None:
        return True
    return belongs(t) and t._data.level.contents_history(t._data.content)
