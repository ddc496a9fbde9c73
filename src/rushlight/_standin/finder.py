"""`import torch.x.y` finds the module `rushlight.x.y` itself, not a copy.

A second import of the same file under another name would give two `Tensor` classes; so the loader puts the
one module object into `sys.modules` under the second name, as the import system allows a module to do while
it is loaded.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from . import children, debugger, missing

_PACKAGE = __name__.partition(".")[0]

# Modules of Python's that must know of the stand-in. They are slow to load: never before the program asks.
_AFTER_LOADING = {"multiprocessing.spawn": children.follow, "bdb": debugger.hide}


class Finder:
    """An entry of `sys.meta_path` that stands before all others, so that an installed PyTorch is not seen."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module of torch's; a `MissingModule` is raised where Rushlight has none."""
        if fullname in _AFTER_LOADING:
            return _spec_with(_AFTER_LOADING[fullname], PathFinder.find_spec(fullname, path))
        if fullname.partition(".")[0] != "torch":
            return None
        real = _PACKAGE + fullname.removeprefix("torch")
        private = fullname.startswith("torch._")  # Rushlight's own rooms are not PyTorch's of the same name
        found = None if private else importlib.util.find_spec(real)
        if found is not None:
            alias: Any = _Alias(real)
            spec = ModuleSpec(fullname, alias, origin=found.origin)
            spec.submodule_search_locations = found.submodule_search_locations
            return spec
        # An import is told what is missing. `importlib.util.find_spec` asks whether there is one: None is no.
        if sys._getframe(2).f_globals.get("__name__") == "importlib.util" and not private:
            return None
        raise missing.missing_module(fullname)

    def find_distributions(self, context: Any) -> Iterable[Any]:
        """`importlib.metadata.version("torch")` is the version of PyTorch's interface that is spoken."""
        if context.name is not None and context.name.lower() != "torch":
            return []
        from .distribution import Distribution

        return [Distribution()]


class _Alias:
    def __init__(self, real: str) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = importlib.import_module(self.real)


def _spec_with(act: Callable[[ModuleType], None], spec: ModuleSpec | None) -> ModuleSpec | None:
    """The spec, with a loader that acts on the module once it is loaded."""
    loader: Any = spec and spec.loader
    if loader is not None:
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module  # a loader of zipped modules is shared
            execute(module)
            act(module)

        loader.exec_module = exec_module
    return spec


def install() -> None:
    """Make `torch` mean Rushlight from here on in this process; RuntimeError if PyTorch is already loaded."""
    if any(isinstance(finder, Finder) for finder in sys.meta_path):
        return
    torch = sys.modules.get("torch")
    if torch is not None and torch is not sys.modules[_PACKAGE]:
        place = getattr(torch, "__file__", "an unknown place")
        raise RuntimeError(f"torch is already imported in this process, from {place}")
    sys.meta_path.insert(0, Finder())
    missing.spoken_root = "torch"
    for name, act in _AFTER_LOADING.items():
        if name in sys.modules:
            act(sys.modules[name])
