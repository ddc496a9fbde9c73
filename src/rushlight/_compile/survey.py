"""What a function can reach: the tensors that it works on, and the Python values that steer it.

A trace holds for the values that steered it. Which those are cannot be seen from the operations, so everything that
the function could look at is surveyed: its closure, the globals that its code names, the attributes that its code
names of the objects it finds there, the contents of lists and dicts, and so on for the functions that it calls.
(To watch the bytecode as it runs was rejected: it ties the compiler to each version of Python.)

A survey is a list of `Edge`: in this container, under this key, was this object. The edges are the guards.
"""

from __future__ import annotations

import dis
import enum
import functools
import sys
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from .._core.device import device
from .._core.dtypes import dtype
from .._core.graph import Hooks
from .._core.tensor import Tensor
from .._core.where import is_ours, is_pythons

PLAIN = (type(None), bool, int, float, complex, str, bytes, dtype, device, np.dtype, enum.Enum, range, slice)
MANY = 4096  # elements of one container


class Edge:
    """In ``container`` under ``key`` was ``value``.

    ``kind``: "item" of a dict or list, "cell" of a closure, "attribute", "length"; "set" and "content" (of an array)
    have a copy of it all as their value.
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
            if self.kind in ("set", "content"):
                return self.container
            return getattr(self.container, self.key)
        except (LookupError, ValueError, AttributeError):
            return MISSING

    def holds(self) -> bool:
        """Whether there is still what was there: the same object, or a plain value equal to it."""
        return self.equals(self.now())

    def equals(self, now: Any) -> bool:
        if self.kind == "set":
            return bool(now == self.value)
        if self.kind == "content":
            return now.dtype == self.value.dtype and np.array_equal(now, self.value, equal_nan=now.dtype.kind in "fc")
        return now is self.value or is_same(now, self.value)

    def __str__(self) -> str:
        if self.kind == "cell":
            return str(self.key)
        if self.kind == "item":
            return f"[{self.key!r}]"
        if self.kind == "attribute":
            return f"{getattr(self.container, '__name__', type(self.container).__name__)}.{self.key}"
        return "the length of a container" if self.kind == "length" else f"the content of a {self.kind}"


MISSING = object()


def is_same(a: Any, b: Any) -> bool:
    """Whether two plain values are equal, to the last bit and in type."""
    if type(a) is not type(b) or not (isinstance(a, PLAIN) or type(a) is tuple):
        return False
    if type(a) is tuple:
        return len(a) == len(b) and all(x is y or is_same(x, y) for x, y in zip(a, b))
    return (bool(a == b) and (type(a) is not float or str(a) == str(b))) or (a != a and b != b)


class Survey:
    """All that is reached from ``roots``."""

    def __init__(self, *roots: Any):
        self.roots = roots
        self.edges: list[Edge] = []
        self.tensors: dict[int, Tensor] = {}
        self.optimizers: list[Any] = []
        self.names: set[str] = set()
        self.refusal: str | None = None
        known = -1
        while len(self.names) != known:  # code found late may name attributes of objects found early
            known = len(self.names)
            self.edges = []
            self.seen: set[int] = set()
            self.kept: list[Any] = []
            self.tensors, self.optimizers = {}, []
            self.stack: list[Any] = list(roots)
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
        elif isinstance(x, types.FunctionType):
            self.visit_function(x)
        elif isinstance(x, types.MethodType):
            self.stack += [x.__func__, x.__self__]
        elif isinstance(x, functools.partial):
            self.stack += [x.func, x.args, x.keywords]
        elif isinstance(x, (dict, list, tuple, deque)):
            self.visit_container(x)
        elif isinstance(x, (set, frozenset)):
            self.edges.append(Edge("set", x, None, x.copy()))
            self.stack += [v for v in x if not isinstance(v, PLAIN)]
        elif isinstance(x, np.ndarray):
            if x.size > MANY or x.dtype.hasobject:
                self.refusal = "a NumPy array from outside, which is too large to be compared at each call"
            self.edges.append(Edge("content", x, None, x.copy()))
        elif isinstance(x, Iterator):
            self.refusal = f"an iterator from outside ({type(x).__name__})"
        elif isinstance(x, types.ModuleType):
            self.visit_module(x)
        elif isinstance(x, type):
            if not is_foreign(x.__module__):
                self.visit_attributes(x, vars(x))
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
        if f.__defaults__:
            self.add("attribute", f, "__defaults__", f.__defaults__)
        if f.__kwdefaults__:
            self.add("attribute", f, "__kwdefaults__", f.__kwdefaults__)
        for each in codes(code):
            self.names.update(each.co_names)
            self.names.update([c for c in each.co_consts if type(c) is str and c.isidentifier()])
            for name in each.co_names:
                if name in f.__globals__:
                    self.add("item", f.__globals__, name, f.__globals__[name])

    def visit_container(self, x: Any) -> None:
        if len(x) > MANY:
            self.edges.append(Edge("length", x, None, len(x)))
            return
        if not isinstance(x, tuple):
            self.edges.append(Edge("length", x, None, len(x)))
        for key, value in x.items() if isinstance(x, dict) else enumerate(x):
            if isinstance(x, tuple):
                self.stack.append(value)
            else:
                self.add("item", x, key, value)
            if isinstance(key, Tensor):
                self.stack.append(key)

    def visit_module(self, m: types.ModuleType) -> None:
        file = getattr(m, "__file__", None) or ""
        if file and not is_library(file):
            self.visit_attributes(m, vars(m))

    def visit_attributes(self, x: Any, found: Any) -> None:
        for name in self.names.intersection(found):
            value = found[name]
            if not isinstance(value, (staticmethod, classmethod, property)):
                self.add("attribute", x, name, value)
            else:
                self.stack.append(getattr(value, "__func__", None) or getattr(value, "fget", None))

    def visit_object(self, x: Any) -> None:
        from ..nn import Module
        from ..nn.modules._calling import everywhere_after, everywhere_before
        from ..optim import Optimizer

        kind = type(x)
        if isinstance(x, Optimizer):
            self.optimizers.append(x)
            self.add("attribute", x, "param_groups", x.param_groups)
            self.add("attribute", x, "state", x.state)
        found = getattr(x, "__dict__", None)
        if isinstance(x, Module):
            assert found is not None
            self.names.add("forward")
            self.stack += [everywhere_before, everywhere_after]  # hooks on the calls of all modules
            for name, value in found.items():
                if name in ("_parameters", "_buffers", "_modules"):
                    self.stack.append(value)
                elif isinstance(value, PLAIN) or "hooks" in name or name in self.names:
                    self.add("item", found, name, value)
        elif found is not None and not isinstance(x, Optimizer):
            self.edges.append(Edge("length", found, None, len(found)))
            for name in self.names.intersection(found):
                self.add("item", found, name, found[name])
        for each in kind.__mro__:
            if each is object or is_foreign(each.__module__):
                continue
            for name in (*self.names.intersection(vars(each)), "__call__"):
                value = vars(each).get(name)
                if isinstance(value, types.FunctionType):
                    self.stack.append(value)
                elif isinstance(value, types.MemberDescriptorType):
                    if hasattr(x, name):
                        self.add("attribute", x, name, getattr(x, name))
                elif isinstance(value, (property, staticmethod, classmethod)):
                    self.stack.append(getattr(value, "__func__", None) or getattr(value, "fget", None))
                elif value is not None:
                    self.add("attribute", x, name, getattr(x, name))


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


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those of the functions that are defined in it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from codes(each)


def is_library(file: str) -> bool:
    """Whether a source file belongs to a library, whose globals do not change."""
    return is_ours(file) or is_pythons(file) or "-packages" in file


def is_foreign(module: str | None) -> bool:
    """Whether a class is a library's own."""
    if module is None or module == "builtins":
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return (file is None and module != "__main__") or (file is not None and is_library(file))
