"""A library in PyTorch's place: what stands there for a function of PyTorch's, or for a test's wrapper around one."""

from __future__ import annotations

import contextlib
import dis
import types
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import torch
import torch.testing._internal.common_utils
import torch.testing._utils

import rushlight
from tests.conformance.translate import fresh, translated

# Where a function without a name of its own may be found.
NAMESPACES = (
    "Tensor",
    "",
    "nn.functional",
    "linalg",
    "fft",
    "special",
    "signal.windows",
    "masked",
    "_C._nn",
    "nn",
)


class Missing(NotImplementedError):
    """The library has no such name."""


def _get(root: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        root = getattr(root, name)
    return root


# By identity: two functions that share their code in C, as `mm` and `dsmm`, are equal. The values are kept alive.
PATHS: dict[int, tuple[str, Any]] = {}
for _namespace in NAMESPACES:
    _holder = _get(torch, _namespace)
    _found = [(name, value) for name in dir(_holder) if callable(value := getattr(_holder, name))]
    # Of several names for one function the public ones first, and of these its own.
    for _name, _value in sorted(_found, key=lambda f: (f[0].startswith("_"), f[0] != getattr(f[1], "__name__", ""))):
        PATHS.setdefault(id(_value), (f"{_namespace}.{_name}".lstrip("."), _value))


def _path(value: Callable[..., Any]) -> str | None:
    """The name by which a user calls a function of PyTorch's; none where it is nothing of PyTorch's."""
    if isinstance(value, (torch._ops.OpOverload, torch._ops.OpOverloadPacket)):
        return f"ops.{value}"
    if id(value) in PATHS:
        return PATHS[id(value)][0]
    module = getattr(value, "__module__", None) or ""
    return f"{module.removeprefix('torch.')}.{value.__qualname__}" if module.startswith("torch.") else None


class Mirror:
    """A module of PyTorch's whose names are the library's; wrappers that the database is made of find it as `torch`."""

    def __init__(self, library: Library, module: ModuleType, path: str = ""):
        self._library, self._module, self._path = library, module, path

    def __getattr__(self, name: str) -> Any:
        path = f"{self._path}.{name}".lstrip(".")
        return self._library.counterpart(getattr(self._module, name), path)


def _of_tests(value: Any) -> bool:
    return (getattr(value, "__module__", None) or "").startswith("torch.testing.")


def _names(code: CodeType) -> set[str]:
    """The globals that a function or a function within it asks for."""
    own = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return own.union(*(_names(c) for c in code.co_consts if isinstance(c, CodeType)))


class Library:
    """PyTorch's interface under ``root``, which is Rushlight, or PyTorch itself, or PyTorch with planted mistakes."""

    def __init__(self, root: Any, translate: Callable[[Any], Any], tensor: type):
        self.root = root
        self.translate = translate
        self.tensor = tensor
        # The function that keeps the random state around a wrapper goes through PyTorch's dispatcher.
        kept = self.kept_random_state
        self.known: dict[FunctionType, Any] = {
            torch.testing._utils.freeze_rng_state: kept,
            torch.testing._internal.common_utils.freeze_rng_state: kept,
        }

    @contextlib.contextmanager
    def kept_random_state(self) -> Iterator[None]:
        state = self.root.get_rng_state()
        try:
            yield
        finally:
            self.root.set_rng_state(state)

    def get(self, path: str) -> Any:
        """What has this name; raises `Missing`."""
        try:
            return _get(self.root, path)
        except AttributeError:
            raise Missing(f"there is no {path}") from None

    def counterpart(self, value: Any, path: str | None = None) -> Any:
        """What the library has in the place of ``value``, which is a thing of PyTorch's or a test's wrapper.

        A wrapper runs as it is, with the globals that it uses replaced. So no wrapper is written twice.
        """
        if isinstance(value, ModuleType):
            if value.__name__.partition(".")[0] == "torch":
                return Mirror(self, value, value.__name__.partition(".")[2])
            return value
        if isinstance(value, (torch.Tensor, torch.dtype, torch.device, torch.layout, torch.memory_format)):
            return self.translate(value)
        if _of_tests(value):
            return self.rebound(value) if isinstance(value, FunctionType) else value
        if isinstance(value, partial):
            return partial(self.counterpart(value.func), *value.args, **value.keywords)
        if path is None and callable(value):
            path = _path(value)
        return value if path is None else self.get(path)

    def rebound(self, function: FunctionType) -> FunctionType:
        """The function with this library where its globals and what it closes over name PyTorch."""
        if function in self.known:
            return self.known[function]
        cells = tuple(types.CellType() for _ in function.__closure__ or ())
        scope: dict[str, Any] = {"__builtins__": __builtins__}
        new = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, cells)
        new.__kwdefaults__ = function.__kwdefaults__
        self.known[function] = new  # first: it may call itself
        for name in _names(function.__code__) & function.__globals__.keys():
            scope[name] = self.counterpart(function.__globals__[name])
        for cell, theirs in zip(cells, function.__closure__ or ()):
            cell.cell_contents = self.counterpart(theirs.cell_contents)
        return new


TORCH = Library(torch, fresh, torch.Tensor)
RUSHLIGHT = Library(rushlight, translated, rushlight.Tensor)
