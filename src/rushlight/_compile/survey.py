"""What a function can reach: the tensors that it works on, and the Python values that steer it.

A trace holds for the values that steered it. Which those are cannot be seen from the operations, so everything that
the function could look at is surveyed: its closure, the globals that its code names, the attributes that its code
names of the objects it finds there, the contents of lists and dicts, and so on for the functions that it calls.
(To watch the bytecode as it runs was rejected: it ties the compiler to each version of Python.)

A survey is a list of `Edge`: in this container, under this key, was this object. The edges are the guards.
"""

from __future__ import annotations

import array
import dis
import enum
import functools
import gc
import operator
import random
import sys
import threading
import types
import weakref
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._core.device import device
from .._core.dtypes import dtype
from .._core.graph import Hooks
from .._core.tensor import Tensor
from .._core.where import is_ours, is_pythons

PLAIN = (type(None), bool, int, float, complex, str, bytes, dtype, device, np.dtype, enum.Enum, range, slice)
MANY = 4096  # elements of one container
# Code that names one of these may look at attributes that it does not name.
REFLECTING = {"getattr", "__dict__", "asdict", "astuple", "attrgetter", "methodcaller", "deepcopy", "__getattribute__"}
# Objects made anew are made by these; of objects that are there already they say nothing.
MAKING = ("__init__", "__new__", "__post_init__")


class Edge:
    """In ``container`` under ``key`` was ``value``.

    ``kind``: "item" of a dict or list, "cell" of a closure, "attribute", "length"; "order" has the keys of a dict as
    its value, "set", "bytes" and "content" (of an array) a copy of it all.
    """

    __slots__ = ("container", "key", "kind", "value")

    def __init__(self, kind: str, container: Any, key: Any, value: Any):
        self.kind, self.container, self.key, self.value = kind, container, key, value

    def now(self) -> Any:
        """What is there now; `MISSING` where nothing is."""
        try:
            if self.kind == "item":
                return self.container[self.key]
            if self.kind == "cell":
                return self.container.cell_contents
            if self.kind == "length":
                return len(self.container)
            if self.kind == "order":
                return list(self.container)
            if self.kind == "bytes":
                return bytes(self.container)
            if self.kind in ("set", "content"):
                return self.container
            return getattr(self.container, self.key)
        except (LookupError, ValueError, AttributeError):
            return MISSING

    def holds(self) -> bool:
        """Whether there is still what was there: the same object, or a plain value equal to it."""
        return self.equals(self.now())

    def equals(self, now: Any) -> bool:
        if self.kind in ("set", "order", "bytes"):
            return bool(now == self.value)
        if self.kind == "content":
            kept = self.value
            return bool(now.dtype == kept.dtype and now.shape == kept.shape and now.tobytes() == kept.tobytes())
        return now is self.value or is_same(now, self.value)

    def __str__(self) -> str:
        if self.kind == "cell":
            return str(self.key)
        if self.kind == "item":
            return f"[{self.key!r}]"
        if self.kind == "attribute":
            return f"{getattr(self.container, '__name__', type(self.container).__name__)}.{self.key}"
        if self.kind in ("length", "order"):
            return f"the {'length' if self.kind == 'length' else 'keys'} of a container"
        return f"the content of a {self.kind}"


MISSING = object()


def is_same(a: Any, b: Any) -> bool:
    """Whether two plain values are equal, to the last bit and in type."""
    if type(a) is not type(b) or not (isinstance(a, PLAIN) or type(a) is tuple):
        return False
    if type(a) is tuple:
        return len(a) == len(b) and all(x is y or is_same(x, y) for x, y in zip(a, b))
    # That -0.0 equals 0.0 does not make them the same.
    return (bool(a == b) and (not isinstance(a, (float, complex)) or repr(a) == repr(b))) or (a != a and b != b)


class Survey:
    """All that is reached from ``roots``."""

    def __init__(self, *roots: Any):
        self.roots = roots
        self.contents: dict[type, Any] = {}
        self.edges: list[Edge] = []
        self.tensors: dict[int, Tensor] = {}
        self.optimizers: list[Any] = []
        self.names: set[str] = set()
        self.codes: set[types.CodeType] = set()
        self.asks_types = False  # whether code calls type(), which sees through what stands for a number
        self.generators: list[Any] = []  # of random numbers that are not ours
        self.refusal: str | None = None
        known = -1
        while len(self.names) != known:  # code found late may name attributes of objects found early
            known = len(self.names)
            self.edges = []
            self.seen: set[int] = set()
            self.kept: list[Any] = []
            self.tensors, self.optimizers, self.generators = {}, [], []
            self.reflects = not REFLECTING.isdisjoint(self.names)
            self.stack: list[Any] = list(roots)
            self.unordered: set[int] = set()  # dicts, of which the order of the keys does not matter
            while self.stack:
                self.visit(self.stack.pop())

    def changed(self) -> Edge | None:
        """The first thing that is not as it was."""
        return next((e for e in self.edges if not e.holds()), None)

    def numbers(self, varying: set[tuple[int, Any]]) -> Iterator[tuple[dict[Any, Any], Any]]:
        """The options of optimizers that are read anew at every call: learning rates, and what is known to vary."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                for key, value in group.items():
                    if type(value) in (float, int) and (key == "lr" or (id(group), key) in varying):
                        yield group, key

    def add(self, kind: str, container: Any, key: Any, value: Any) -> None:
        self.edges.append(Edge(kind, container, key, value))
        self.stack.append(value)

    def visit(self, x: Any) -> None:
        if isinstance(x, PLAIN) or id(x) in self.seen:
            return
        self.seen.add(id(x))
        self.kept.append(x)
        if isinstance(x, Tensor):
            self.tensors[id(x)] = x
            if isinstance(x._hooks, Hooks):
                self.stack += [x._hooks.tensor, x._hooks.pre, x._hooks.post, x._hooks.accumulated]
            if x.__dict__ or self.reflects:
                self.visit_object(x)
        elif isinstance(x, types.FunctionType):
            self.visit_function(x)
        elif isinstance(x, types.MethodType):
            self.stack += [x.__func__, x.__self__]
        elif isinstance(x, functools.partial):
            self.stack += [x.func, x.args, x.keywords]
        elif isinstance(x, (dict, list, tuple, deque)):
            self.visit_container(x)
            if not is_foreign(type(x).__module__):
                self.visit_object(x)
        elif isinstance(x, (set, frozenset)):
            self.edges.append(Edge("set", x, None, x.copy()))
            self.stack += [v for v in x if not isinstance(v, PLAIN)]
        elif isinstance(x, np.ndarray):
            if x.size > MANY or x.dtype.hasobject:
                self.refusal = "a NumPy array from outside, which is too large to be compared at each call"
            self.edges.append(Edge("content", x, None, x.copy()))
        elif isinstance(x, (bytearray, array.array, memoryview)):
            self.edges.append(Edge("bytes", x, None, bytes(x)))
        elif isinstance(x, types.MappingProxyType):
            self.stack += gc.get_referents(x)
        elif isinstance(x, weakref.ref):
            self.stack.append(x())
        elif isinstance(x, threading.local):
            self.refusal = "values that each thread has its own of (threading.local)"
        elif isinstance(x, (random.Random, np.random.Generator, np.random.RandomState)):
            self.generators.append(x)
        elif isinstance(x, Iterator):
            self.refusal = f"an iterator from outside ({type(x).__name__})"
        elif isinstance(x, types.ModuleType):
            self.visit_module(x)
        elif isinstance(x, type):
            self.visit_classes(x, MAKING)
            self.visit_classes(type(x))
        else:
            self.visit_object(x)

    def visit_function(self, f: types.FunctionType) -> None:
        if "stands_for" in f.__dict__:
            # A compiled function. What it has compiled is its own business; inside a trace it is what it stands for.
            self.stack.append(f.__dict__["stands_for"])
            return
        code = f.__code__
        wrapped = getattr(f, "__wrapped__", None)
        if wrapped is not None:
            self.stack.append(wrapped)
        for name, cell in zip(code.co_freevars, f.__closure__ or ()):
            try:
                self.add("cell", cell, name, cell.cell_contents)
            except ValueError:
                continue  # not bound yet
        if is_library(code.co_filename):
            return
        self.add("attribute", f, "__code__", code)
        if f.__dict__ or self.reflects:
            self.visit_attributes(f.__dict__)
        if f.__defaults__:
            self.add("attribute", f, "__defaults__", f.__defaults__)
        if f.__kwdefaults__:
            self.add("attribute", f, "__kwdefaults__", f.__kwdefaults__)
        for each in codes(code):
            self.codes.add(each)
            self.asks_types |= "type" in each.co_names and asks_types(each)
            self.names.update(each.co_names)
            self.names.update([c for c in each.co_consts if type(c) is str and c.isidentifier()])
            for name in each.co_names:
                if name in f.__globals__:
                    self.add("item", f.__globals__, name, f.__globals__[name])

    def visit_container(self, x: Any) -> None:
        if len(x) > MANY:
            self.refusal = f"a {type(x).__name__} from outside, which is too large to be compared at each call"
            return
        if (
            isinstance(x, dict)
            and len(x) > 1
            and id(x) not in self.unordered
            and all(isinstance(key, (str, int)) for key in x)
        ):
            self.edges.append(Edge("order", x, None, list(x)))
        elif not isinstance(x, tuple):
            self.edges.append(Edge("length", x, None, len(x)))
        for key, value in x.items() if isinstance(x, dict) else enumerate(x):
            if isinstance(x, tuple):
                self.stack.append(value)
            else:
                self.add("item", x, key, value)
            self.stack.append(key)

    def visit_module(self, m: types.ModuleType) -> None:
        file = getattr(m, "__file__", None) or ""
        if not is_library(file) and m.__name__ not in sys.builtin_module_names:
            for name in self.names.intersection(vars(m)):
                self.add("attribute", m, name, vars(m)[name])

    def visit_attributes(self, found: dict[str, Any], every: bool = False) -> None:
        """What is in the ``__dict__`` of an object; its length tells of what comes later."""
        self.edges.append(Edge("length", found, None, len(found)))
        for name in list(found) if every or self.reflects else self.names.intersection(found):
            self.add("item", found, name, found[name])

    def visit_classes(self, kind: type, further: tuple[str, ...] = ()) -> None:
        """What a class and those that it inherits from have under the names that are used."""
        for each in kind.__mro__:
            if each is object or is_foreign(each.__module__):
                continue
            found = self.contents.setdefault(each, vars(each))  # a new object at each look, but of the same dict
            self.edges.append(Edge("length", found, None, len(found)))
            for name in (*self.names.intersection(found), "__call__", *further):
                if name in found:
                    self.add("item", found, name, found[name])

    def visit_object(self, x: Any) -> None:
        from ..nn import Module
        from ..nn.modules._calling import everywhere_after, everywhere_before
        from ..optim import Optimizer

        kind = type(x)
        if isinstance(x, Optimizer):
            self.optimizers.append(x)
            if is_foreign(kind.__module__):  # which finds its options, and what it keeps of a parameter, by name
                self.unordered.update(map(id, (*x.param_groups, *x.state.values())))
            self.add("attribute", x, "param_groups", x.param_groups)
            self.add("attribute", x, "state", x.state)
        found = getattr(x, "__dict__", None)
        if isinstance(x, Module):
            assert found is not None
            self.names.add("forward")
            self.stack += [everywhere_before, everywhere_after]  # hooks on the calls of all modules
            self.edges.append(Edge("length", found, None, len(found)))
            for name, value in found.items():
                of_module = name in ("_parameters", "_buffers", "_modules") or "hooks" in name
                if of_module or isinstance(value, PLAIN) or name in self.names or self.reflects:
                    self.add("item", found, name, value)
            if is_foreign(kind.__module__):
                owner = next(each for each in kind.__mro__ if "forward" in vars(each))
                methods = self.contents.setdefault(owner, vars(owner))
                self.add("item", methods, "forward", methods["forward"])
        elif found is not None:
            # Of what a library calls a mapping or a sequence, its methods look at all. What our own classes remember
            # (a scheduler's epoch) steers code that is not read.
            listing = isinstance(x, (Mapping, Sequence)) and is_foreign(kind.__module__)
            self.visit_attributes(found, listing or (not isinstance(x, Optimizer) and remembers(kind)))
            if isinstance(x, Optimizer):
                self.stack += [value for name, value in found.items() if "step" in name and "hooks" in name]
        if isinstance(x, (operator.attrgetter, operator.methodcaller)):
            self.names.update(name for part in x.__reduce__()[1] if type(part) is str for name in part.split("."))
        if not is_foreign(kind.__module__):
            self.edges.append(Edge("attribute", x, "__class__", kind))
        for each in kind.__mro__:
            for name in self.names.intersection(vars(each)):
                if isinstance(vars(each)[name], types.MemberDescriptorType) and not is_foreign(each.__module__):
                    self.edges.append(Edge("attribute", x, name, getattr(x, name, MISSING)))
                    self.stack.append(self.edges[-1].value)
        if isinstance(x, (staticmethod, classmethod, property, functools.cached_property, functools.partialmethod)):
            of_these = ("__func__", "fget", "fset", "fdel", "func", "args", "keywords")
            self.stack += [getattr(x, name, None) for name in of_these]
        self.stack.append(getattr(x, "__wrapped__", None) if type(x) is functools._lru_cache_wrapper else None)
        self.visit_classes(kind)


def store_of(name: str, survey: Survey) -> tuple[str, int] | None:
    """File and line where the surveyed code assigns to a name or attribute."""
    for x in survey.kept:
        if isinstance(x, types.FunctionType) and not is_library(x.__code__.co_filename):
            for code in codes(x.__code__):
                line = 0
                for instruction in dis.get_instructions(code):
                    line = instruction.positions.lineno or line if instruction.positions else line
                    if instruction.opname.startswith("STORE_") and instruction.argval == name:
                        return code.co_filename, line
    return None


def asks_types(code: types.CodeType) -> bool:
    return any(i.opname in ("LOAD_GLOBAL", "LOAD_NAME") and i.argval == "type" for i in dis.get_instructions(code))


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those of the functions that are defined in it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from codes(each)


def is_library(file: str) -> bool:
    """Whether a source file belongs to a library, whose globals do not change."""
    return is_ours(file) or is_pythons(file) or "-packages" in file


def remembers(kind: type) -> bool:
    """Whether methods of a class, or of one that it inherits from, are this library's."""
    return any(is_ours(getattr(sys.modules.get(each.__module__), "__file__", None) or "") for each in kind.__mro__)


def is_foreign(module: str | None) -> bool:
    """Whether a class is a library's own."""
    if module is None or module == "builtins":
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return (file is None and module != "__main__") or (file is not None and is_library(file))
