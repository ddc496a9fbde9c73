"""Following one call of a function: it runs as always, and every operation is written down.

`Tracing` is the outermost level: whatever a program does with tensors — forward, backward, hooks, optimizers, other
transforms — reaches it as primitives on arrays. It computes them as ever, so the call that is traced is an ordinary
call, with its results and its side effects, and nothing has to be undone where it turns out that the function cannot
be compiled. (To trace without computing was rejected for that: a program that prints, counts or appends would do so
twice, or with values that are none.)

What must not happen unnoticed is a value that leaves the graph: a number read from a tensor, a branch on one, an array
that NumPy computed. So the arrays of tensors are `Traced` while the trace lasts: an array that reports whoever
looks at its content. The first report ends the trace; the call goes on as an ordinary one.
"""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._core import errors
from .._core.dtypes import float64, int64
from .._core.inplace import changed, take_history
from .._core.levels import Level
from .._core.modes import state
from .._core.overlap import unlock
from .._core.primitive import Primitive, mark_cut
from .._core.tensor import Tensor, ndarray, wrap
from .._core.traced_number import TracedNumber
from .._core.views import SeveralViews, ViewPrimitive, replay, scatter, view_of
from .._core.where import user_frame, user_place
from .graph import Check, Constant, Draw, Graph, Input, Operation, Value
from .survey import is_library

Chain = tuple[tuple[Any, dict[str, Any]], ...]


class NotTraceable(Exception):
    """Why a function cannot be compiled; raised for ``fullgraph=True`` alone."""


# Functions that look at how an array lies, not at its content.
OF_LAYOUT = {
    np.zeros_like, np.ones_like, np.empty_like, np.shape, np.ndim, np.size, np.may_share_memory, np.shares_memory,
    np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj,
}  # fmt: skip


class Traced(np.ndarray):
    """The array of a tensor while a trace follows it. Whoever looks at its content ends the trace."""

    __slots__ = ("place", "tracing")
    if TYPE_CHECKING:
        place: Where
        tracing: Tracing
    __array_priority__ = 3000

    def _report(self, what: str) -> ndarray:
        tracing = getattr(self, "tracing", None)
        if tracing is not None:
            tracing.stop(what)
        return self.view(ndarray)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        inputs = tuple([plain(x, "a value computed by NumPy") for x in inputs])
        if "out" in kwargs:
            kwargs["out"] = tuple([plain(x, "a value computed by NumPy") for x in kwargs["out"]])
        return getattr(ufunc, method)(*inputs, **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in OF_LAYOUT:
            return function(*[a.view(ndarray) if isinstance(a, Traced) else a for a in args], **kwargs)
        return function(*_all_plain(args), **_all_plain(kwargs))


def _reporting(name: str) -> Any:
    def method(self: Traced, *args: Any, **kwargs: Any) -> Any:
        return getattr(self._report("the value of a tensor"), name)(*args, **kwargs)

    method.__name__ = name
    return method


# What only tells how an array lies, or looks at it otherwise, does not depend on its content.
OF_THE_LAYOUT = {
    np.ndarray.view, np.ndarray.reshape, np.ndarray.transpose, np.ndarray.swapaxes, np.ndarray.squeeze,
    np.ndarray.diagonal, np.ndarray.setflags,
}  # fmt: skip
_PROTOCOL = ("__new__", "__len__", "__sizeof__", "__class_getitem__", "__hash__")
for _name, _method in vars(np.ndarray).items():
    _of_protocol = _name in _PROTOCOL or _name.startswith("__array_")
    if callable(_method) and not _of_protocol and (_name.startswith("__") or _method not in OF_THE_LAYOUT):
        setattr(Traced, _name, _reporting(_name))
setattr(Traced, "__array__", _reporting("__array__"))  # noqa: B010 - as all the others
Traced.__hash__ = None


def plain(x: Any, what: str) -> Any:
    return x._report(what) if isinstance(x, Traced) else x


def _all_plain(x: Any) -> Any:
    if isinstance(x, Traced):
        return x._report("a value computed by NumPy")
    if isinstance(x, dict):
        return {k: _all_plain(v) for k, v in x.items()}
    return type(x)([_all_plain(v) for v in x]) if type(x) in (tuple, list) else x


class Memory:
    """A piece of memory and what stands in it: the value of the whole. Views are places in it."""

    __slots__ = ("array", "first", "source", "value", "version")

    def __init__(self, value: Value, array: ndarray, source: Any):
        self.value = self.first = value
        self.array = array
        self.source = source  # the tensor from before the trace that has it; None where the trace made it
        self.version = 0

    @property
    def written(self) -> bool:
        return self.value is not self.first


class Where:
    """Where an array lies: in which memory, by which views of the whole of it, and its value at some version."""

    __slots__ = ("chain", "layout", "memory", "value", "version")

    def __init__(self, memory: Memory, chain: Chain, layout: Any, value: Value | None):
        self.memory = memory
        self.chain = chain
        self.layout = layout
        self.value = value
        self.version = memory.version


class Tracing(Level):
    """The level that writes down what is computed. ``sources``: the arrays of tensors from before, and how each is
    found again at the next call."""

    closed = False
    transforms = False

    def __init__(self, sources: dict[int, Any]):
        self.graph = Graph()
        self.sources = sources
        self.where: dict[int, Where] = {}
        self.kept: list[Any] = []  # arrays by whose identity they are known
        self.memories: list[Memory] = []
        self.fixed: dict[Any, Any] = {}  # by source: numbers from outside whose values steered the program
        self.compared: list[tuple[Any, str, Any, bool]] = []  # what was asked of them instead
        self.count = 0
        self.stopped: tuple[str, Any] | None = None
        self.guarded: set[int] = set()  # the ids of NumPy's arrays and numbers that are compared at each call
        self.swapped: list[tuple[Tensor, ndarray, Traced]] = []
        self.handed_out: list[weakref.ref[Traced]] = []
        self.numbers: list[weakref.ref[TracedNumber]] = []
        self.thread = threading.get_ident()

    def is_older(self, t: Tensor) -> bool:
        """Whether a tensor, or what it looks at, is from before the trace, when all there was was frozen."""
        parts = [t, t._counter, t._view.base if t._view is not None else None]
        fresh = {id(x) for x in gc.get_objects()}
        return any(x is not None and id(x) not in fresh for x in parts)

    def __exit__(self, *exc: Any) -> None:
        super().__exit__(*exc)
        for t, array, traced in self.swapped:
            if t._data is traced:
                t._data = array
            elif type(t._data) is Traced:
                t._data = t._data.view(ndarray)

    def watch(self, t: Tensor) -> None:
        """Have a tensor from before report who looks at its content."""
        data = t._data
        if type(data) is ndarray:
            traced = self.traced(data, self.look_up(t))
            self.swapped.append((t, data, traced))
            t._data = traced

    def stop(self, what: str) -> None:
        """The function cannot be compiled: ``what`` is needed while it runs. The first reason is kept."""
        if self.stopped is None and self.active and threading.get_ident() == self.thread:
            self.stopped = what, program_place()

    # -- values of arrays ---------------------------------------------------------------------------------------

    def new_value(self, array: ndarray, origin: Any, index: int = 0) -> Value:
        self.count += 1
        return Value(self.count, array, origin, index)

    def array_of(self, t: Tensor) -> ndarray:
        """The array of a tensor, for computing with."""
        data = t._data
        return data if type(data) is ndarray else data.view(ndarray)

    def look_up(self, t: Tensor) -> Where:
        """Where a tensor's array lies; met for the first time, it is an input or a constant."""
        data = t._data
        found = getattr(data, "place", None) if type(data) is Traced else self.where.get(id(data))
        if found is not None:
            return found
        if type(data) is Traced:
            self.stop("a value computed by NumPy")
            return self.constant(data.view(ndarray))
        view = t._view
        source = self.sources.get(id(data))
        # Of a view that is given, the base cannot be found again: it is an input of its own.
        given = source is not None and (view is None or self.sources.get(id(view.memory)) is None)
        if view is not None and id(view.memory) != id(data) and not given:
            base = self.look_up(view.base)
            if self.array_of(view.base) is not view.memory and self.where.get(id(view.memory)) is not base:
                self.stop("a view of a tensor that has been given other memory")
            path = view.path(t)
            where = Where(base.memory, base.chain + path["chain"], path["layout"], None)
            where.version = -1
            return self.know(data, where)
        if source is None:
            if self.is_older(t):
                self.stop("a tensor that was made before, and that it finds in a way that the compiler cannot follow")
            where = self.constant(data)
            t._data = self.traced(data, where)  # from here on, whoever writes into it directly is found out
            return where
        value = self.new_value(data, None)
        value.origin = Input(len(self.graph.inputs), source)
        self.graph.inputs.append(value)
        memory = Memory(value, data, source)
        self.memories.append(memory)
        return self.know(data, Where(memory, (), None, value))

    def constant(self, array: ndarray) -> Where:
        """An array that the function makes, the same each time."""
        # Its content may be written over later in the trace.
        value = self.new_value(array, Constant(array.copy(order="K")))
        self.graph.constants.append(value)
        return self.know(array, Where(Memory(value, array, None), (), None, value))

    def know(self, array: ndarray, where: Where) -> Where:
        self.where[id(array)] = where
        self.kept.append(array)
        return where

    def value_of(self, t: Tensor) -> Value:
        """What stands in a tensor's memory now."""
        where = self.look_up(t)
        memory = where.memory
        if where.value is None or where.version != memory.version:
            if where.chain:
                (where.value,) = self.add(
                    replay, (memory.value,), {"chain": where.chain, "layout": where.layout}, (self.array_of(t),)
                )
            else:
                where.value = memory.value
            where.version = memory.version
        return where.value

    def add(
        self, primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any], arrays: tuple[ndarray, ...]
    ) -> tuple[Value, ...]:
        """Write an operation down; ``arrays`` are its results."""
        operation = Operation(primitive, inputs, params, user_place())
        operation.outputs = tuple([self.new_value(a, operation, i) for i, a in enumerate(arrays)])
        self.graph.operations.append(operation)
        return operation.outputs

    def traced(self, array: ndarray, where: Where) -> Traced:
        """``array`` as tensors have it during the trace."""
        out = array.view(Traced)
        out.tracing = self
        out.place = where
        self.know(array, where)
        self.handed_out.append(weakref.ref(out))
        return out

    def made(self, array: Any, content: Any) -> Tensor:
        """A tensor of a new array that holds the value ``content``."""
        return wrap(self.traced(array, Where(Memory(content, array, None), (), None, content)))

    # -- the protocol of `state.interpreter` --------------------------------------------------------------------

    def content(self, t: Tensor) -> Any:
        return None

    def lift(self, t: Tensor) -> Tensor:
        return t

    def detached(self, t: Tensor) -> Tensor:
        raise AssertionError("a traced tensor is cut from its history like any other")

    def contents_history(self, content: Any) -> bool:
        return False

    def bind(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        if self.stopped is not None:
            inputs = tuple([t.value if isinstance(t, TracedNumber) else t for t in inputs])
            params = {k: v.value if isinstance(v, TracedNumber) else v for k, v in params.items()}
            if isinstance(primitive, ViewPrimitive):
                return self.below(primitive.bind, *inputs, **params)
            # Tensors have `Traced` arrays still, in which forwards do not see 16 bits, nor an order in memory.
            arrays = [self.array_of(t) if isinstance(t, Tensor) else t for t in inputs]
            return self.plain_result(primitive, inputs, params, self.computed(primitive, arrays, params))
        inputs = self.with_numbers(inputs)
        values = tuple([self.value_of(t) if isinstance(t, Tensor) else t for t in inputs])
        if isinstance(primitive, ViewPrimitive):
            return self.bind_view(primitive, inputs[0], values[0], params)
        arrays = [self.array_of(t) if isinstance(t, Tensor) else t for t in inputs]
        result = self.computed(primitive, arrays, params)
        sized = primitive.sized_by_values
        if sized is True or (sized and sized(arrays)):
            self.stop("a shape that comes from values")
            return self.plain_result(primitive, inputs, params, result)
        several = primitive.outputs != 1
        results = tuple([np.asarray(r) for r in (result if several else (result,))])
        found = self.add(primitive, values, self.as_values(params), results)
        outs = tuple([self.made(r, v) for r, v in zip(results, found)])
        self.remember(primitive, inputs, params, outs if several else outs[0])
        return outs if several else outs[0]

    def plain_result(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any], result: Any) -> Any:
        """Results as tensors that nothing follows."""
        several = primitive.outputs != 1
        outs = tuple([wrap(np.asarray(r)) for r in (result if several else (result,))])
        self.remember(primitive, inputs, params, outs if several else outs[0])
        return outs if several else outs[0]

    def computed(self, primitive: Primitive, arrays: list[Any], params: dict[str, Any]) -> Any:
        params = {k: v.value if isinstance(v, TracedNumber) else v for k, v in params.items()}
        before = self.leave()
        try:
            return primitive.evaluate(arrays, params)
        finally:
            self.resume(before)

    def remember(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any], out: Any) -> None:
        """The history of a result, as `Primitive.bind` makes it."""
        if any(isinstance(t, Tensor) and t._requires_grad for t in inputs):
            if state.grad:
                if primitive.differentiable:
                    primitive.record(inputs, params, out)
            elif state.cut is not None:
                mark_cut(inputs, out)

    def bind_view(self, primitive: ViewPrimitive, x: Tensor, value: Value, params: dict[str, Any]) -> Any:
        where = self.look_up(x)
        array = self.array_of(x)
        several = isinstance(primitive, SeveralViews)
        steps = (
            primitive.parts(array.shape, **params) if isinstance(primitive, SeveralViews) else ((primitive, params),)
        )
        outs = []
        for step, options in steps:
            part = step.forward(array, **options)
            layout = where.layout
            if step.by_layout and layout is None:
                layout = tuple([s // array.itemsize for s in where.memory.array.strides])
            (made,) = self.add(step, (value,), options, (part,))
            there = Where(where.memory, (*where.chain, (step, options)), layout, made)
            outs.append(view_of(x, self.traced(part, there), step, options, several))
        if x._requires_grad and outs:
            if not state.grad:
                if state.cut is not None:
                    mark_cut((x,), tuple(outs))
            elif several:
                if outs[0]._requires_grad:
                    primitive.record((x,), params, tuple(outs))
            else:
                primitive.continue_history(x, params, outs[0])
        return tuple(outs) if several else outs[0]

    def write(self, t: Tensor, result: Tensor) -> None:
        """``result``, which has the shape and dtype of ``t``, into the memory of ``t``."""
        to = self.array_of(t)
        if not unlock(to):
            errors.raise_overlapping_write(t)
        if self.stopped is None:
            value, where = self.value_of(result), self.look_up(t)
            memory = where.memory
            if where.chain:
                params = {"chain": where.chain, "layout": where.layout}
                (memory.value,) = self.add(scatter, (memory.value, value), params, (memory.array,))
            else:
                if value.strides != to.strides and memory.source is None:  # it lies as what is written over
                    (value,) = self.add(replay, (value,), {"chain": (), "layout": None}, (to,))
                memory.value = value
            memory.version += 1
            where.value, where.version = value, memory.version
        with np.errstate(all="ignore"):
            np.copyto(to, self.array_of(result), casting="unsafe")
        changed(t)
        if result._fn is not None:
            take_history(t, result)

    # -- random numbers ------------------------------------------------------------------------------------------

    def draw(self, shape: tuple[int, ...], draw: Callable[..., ndarray], separately: bool) -> Tensor:
        array = np.asarray(draw(shape))
        if self.stopped is not None:
            return wrap(array)
        (value,) = self.add(Draw(draw), (), {"shape": shape}, (array,))
        return self.made(array, value)

    def check(self, check: Callable[..., None], tensors: tuple[Tensor, ...], params: dict[str, Any]) -> None:
        check(*[self.array_of(t) for t in tensors], **params)
        if self.stopped is None:
            self.add(Check(check), tuple([self.value_of(t) for t in tensors]), params, ())

    def reveal(self, t: Tensor) -> None:
        self.stop("the values of a tensor as a NumPy array")

    def enter(self, x: Any, what: str) -> None:
        if id(x) not in self.guarded:
            self.stop(what)

    def unrepeatable(self, what: str) -> None:
        self.stop(what)

    @property
    def plans_memory(self) -> bool:
        return True

    def check_draw_over(self, t: Tensor) -> None:
        pass

    # -- numbers -------------------------------------------------------------------------------------------------

    def as_values(self, params: dict[str, Any]) -> dict[str, Any]:
        """Parameters with the values of those that are numbers which the trace follows."""
        if not any(isinstance(v, TracedNumber) for v in params.values()):
            return params
        return {k: self.value_of(v.tensor) if isinstance(v, TracedNumber) else v for k, v in params.items()}

    def item(self, t: Tensor) -> TracedNumber:
        """The value of ``t``, a float or int tensor of one element, as a number that the trace follows."""
        d = float64 if t._data.dtype.kind in "fV" else int64
        t = t.detach().reshape(()).to(d)
        return self.follow(TracedNumber(self, self.array_of(t).item(), t, None))

    def follow(self, number: TracedNumber) -> TracedNumber:
        """Note a number, to be replaced by a plain one where the program kept it."""
        self.numbers.append(weakref.ref(number))
        return number

    def compare(self, number: TracedNumber, how: str, other: Any, outcome: bool) -> None:
        """The outcome of a comparison with a plain number steers the program."""
        if number.is_root and type(other) in (int, float, bool):
            source: Any = next(iter(number.roots or ()))
            self.compared.append((source, how, other, outcome))
        else:
            self.fix(number)

    def fix(self, number: TracedNumber) -> None:
        """The value of ``number`` steers the program."""
        if number.roots is None:
            self.stop("the value of a tensor")
        else:
            self.fixed.update((source, source.value) for source in number.roots)

    def number(self, value: Any, source: Any) -> TracedNumber:
        """A Python number that may be another at the next call. ``source``: how it is found again."""
        t = wrap(np.array(value, np.float64 if type(value) is float else np.int64))
        self.sources[id(t._data)] = source
        out = TracedNumber(self, value, t)
        out.roots, out.is_root = frozenset([source]), True
        source.value = value
        self.follow(out)
        return out

    def with_numbers(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Numbers that the trace follows, as tensors of the dtype of the operands beside them."""
        if not any(isinstance(t, TracedNumber) for t in inputs):
            return inputs
        d = next(t.dtype for t in inputs if isinstance(t, Tensor))
        return tuple([t.of_type(d) if isinstance(t, TracedNumber) else t for t in inputs])


def program_place() -> tuple[str, int] | None:
    """File and line of the nearest frame that belongs to no library."""
    nearest = frame = user_frame(2)
    while frame is not None and is_library(frame.f_code.co_filename):
        frame = frame.f_back
    frame = frame or nearest
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)
