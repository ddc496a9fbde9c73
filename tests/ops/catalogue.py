"""The public operations, and which of them the samples call: what the tests cover, and the table in the docs, is
derived from here.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import rushlight as torch
from rushlight import _ops
from rushlight import fft as _fft  # noqa: F401 - this module and the next two load when first used
from rushlight import signal as _signal  # noqa: F401
from rushlight import special as _special  # noqa: F401
from rushlight._core import forward as _forward  # noqa: F401 - it has records of its own
from rushlight._core.primitive import Primitive
from rushlight._core.registry import METHODS, NAMESPACES

# The variables by which one public form of an operation holds another.
SAME = ("function", "operator", "plain", "plain_method", "general")
# Functions before methods.
NAMESPACE_ORDER = (
    "torch", "torch.nn.functional", "torch.linalg", "torch.special", "torch.fft", "torch.signal.windows", "torch.masked",
    "torch.ops.aten", "Tensor",
)  # fmt: skip


class Operation:
    """One operation under all its public names, the first of which is what it is called here."""

    def __init__(self, names: list[str], functions: list[FunctionType]):
        self.names = sorted(names, key=rank)
        self.name = self.names[0]
        self.function = functions[names.index(self.name)]
        self.functions = functions
        self.namespace = self.name.rpartition(".")[0]

    def __repr__(self) -> str:
        return self.name

    @functools.cached_property
    def family(self) -> str:
        """The file of `_ops` that the operation stands in."""
        for f in parts(self.function):
            if f.__module__.startswith(f"{_ops.__name__}."):
                return f.__module__.rpartition(".")[2]
            if f in homes():
                return homes()[f]
        return "core"


def rank(name: str) -> tuple[Any, ...]:
    """Which of several names stands for an operation: that of a function, the plainest."""
    namespace, _, stem = name.rpartition(".")
    return NAMESPACE_ORDER.index(namespace), stem.startswith("__"), stem.endswith("_"), name in ALIASES, len(stem), stem


# Names that PyTorch has for the sake of NumPy and of former versions, where another of the same length or longer stands.
ALIASES = frozenset({"torch.clip", "torch.fix", "torch.ger", "torch.concat"})


def identity(f: FunctionType) -> tuple[Any, ...]:
    """What tells a function from others made by the same `def`: its code and what it closes over."""
    return f.__code__, tuple([id(value) for value in closure(f).values()])


def closure(f: FunctionType) -> dict[str, Any]:
    found = {}
    for name, cell in zip(f.__code__.co_freevars, f.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled yet
            found[name] = None
    return found


def parts(f: FunctionType) -> Iterator[FunctionType]:
    """A public function and those of the same operation that it is made from."""
    yield f
    inside = [value for name, value in closure(f).items() if name in SAME]
    for value in (getattr(f, "__wrapped__", None), *inside):
        if isinstance(value, FunctionType):
            yield from parts(value)


@functools.cache
def homes() -> dict[FunctionType, str]:
    """The functions that a family's constructor made, and the file of `_ops` that made them."""
    found: dict[FunctionType, str] = {}
    for module in pkgutil.iter_modules(_ops.__path__):
        source = importlib.import_module(f"{_ops.__name__}.{module.name}")
        tree = ast.parse(inspect.getsource(source))
        imported = {
            a.asname or a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names
        }
        for name, value in vars(source).items():
            if isinstance(value, FunctionType) and name not in imported:
                found.setdefault(value, module.name)
    return found


def public() -> dict[str, FunctionType]:
    """All public functions and methods, without what Python calls by itself."""
    found = {f"{namespace}.{name}": f for namespace, members in NAMESPACES.items() for name, f in members.items()}
    found |= {f"Tensor.{name}": f.fget if isinstance(f, property) else f for name, f in METHODS.items()}  # type: ignore[misc]
    return found  # type: ignore[return-value]


@functools.cache
def operations() -> list[Operation]:
    """Every operation, once: names that lead to the same function, and a method with the function of its name."""
    functions = public()
    owner: dict[Any, str] = {}
    parent = {name: name for name in functions}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for name, f in functions.items():
        namespace, _, stem = name.rpartition(".")
        keys = [identity(part) for part in parts(f)]
        if namespace in ("torch", "Tensor"):
            keys.append(stem)  # type: ignore[arg-type]
        if stem.endswith("_") and not stem.endswith("__"):
            keys.append(stem[:-1])  # type: ignore[arg-type]
        for key in keys:
            if key in owner:
                parent[root(name)] = root(owner[key])
            else:
                owner[key] = name
    groups: dict[str, list[str]] = {}
    for name in functions:
        groups.setdefault(root(name), []).append(name)
    return [Operation(names, [functions[n] for n in names]) for names in groups.values()]


class Calls:
    """While it is entered: which public operations are called from outside the package, and what comes of it.

    operations: for each, what its results were: "gradient" for tensors that one can be asked of, or what else. What an
    operation calls for its own purposes is not counted: that it works there says little of its other arguments.
    records_of: the records that each applied, but for those that a fast path did not go through `Primitive` for.
    """

    def __init__(self) -> None:
        self.operations: dict[Operation, set[str]] = {}
        self.records_of: dict[Operation, set[str]] = {}
        self.open: dict[Any, Operation] = {}

    def __enter__(self) -> Calls:
        self.before = sys.getprofile()
        sys.setprofile(self.look)
        return self

    def __exit__(self, *exc: Any) -> None:
        sys.setprofile(self.before)

    def look(self, frame: Any, event: str, arg: Any) -> None:
        if event == "return" and frame in self.open:
            if arg is None:  # it wrote into its first argument
                arg = frame.f_locals[frame.f_code.co_varnames[0]]
            self.operations.setdefault(self.open.pop(frame), set()).update(kinds_of(arg))
        elif event == "call" and frame.f_code in codes():
            if frame.f_code in APPLIED:
                for op in self.open.values():
                    self.records_of.setdefault(op, set()).add(frame.f_locals["self"].name)
                return
            found = owner_of(frame)
            caller = frame.f_back
            if found is None or caller is None or owner_of(caller) is found:
                return
            if not caller.f_code.co_filename.startswith(SOURCES):
                self.open[frame] = found
                self.records_of.setdefault(found, set())


def kinds_of(result: Any) -> Iterator[str]:
    """What a result is made of, for someone who asks for gradients."""
    if isinstance(result, Iterator):
        yield "gradient"  # of tensors, not made yet
        return
    for t in result if isinstance(result, (tuple, list)) else (result,):
        if not isinstance(t, torch.Tensor):
            yield "no tensor"
        elif t.requires_grad:
            yield "gradient"
        elif t.dtype.is_floating_point or t.dtype.is_complex:
            yield "constant"
        else:
            yield "bool" if t.dtype is torch.bool else "integers"


SOURCES = str(Path(torch.__file__).parent)
APPLIED = {Primitive.evaluate.__code__, Primitive.record.__code__}


@functools.cache
def by_identity() -> dict[Any, Operation]:
    return {identity(part): op for op in operations() for f in op.functions for part in parts(f)}


@functools.cache
def codes() -> set[Any]:
    return {code for code, _ in by_identity()} | APPLIED


def owner_of(frame: Any) -> Operation | None:
    """The operation that a frame belongs to."""
    if frame.f_code not in codes():
        return None
    local = frame.f_locals
    return by_identity().get((frame.f_code, tuple([id(local.get(name)) for name in frame.f_code.co_freevars])))
