"""The errors for a name of PyTorch's that Rushlight does not have, and a record of those that were met.

One exception cannot serve all callers: a missing *attribute* must be an AttributeError, or `hasattr(torch,
"x")` and `getattr(torch, "x", None)` would raise; a missing *module* must be an ImportError, or `try: import
torch.x` with `except ImportError` would. Python's layouts forbid a class that is both, and no caller needs
one. So each is its own class under `NotSupported`, and all are NotImplementedErrors.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, NoReturn

_PACKAGE = __name__.partition(".")[0]
_NOT_THE_PROGRAM = (
    os.path.dirname(os.path.dirname(__file__)) + os.sep,
    os.path.dirname(importlib.__file__) + os.sep,
    "<frozen importlib",
)

spoken_root = _PACKAGE
"""How a program of this process names the package: `torch` once the stand-in is installed."""

met: dict[str, str] = {}
"""Missing names that this process asked for: dotted name -> `file:line` of the first time."""


class NotSupported(NotImplementedError):
    """A part of PyTorch's interface that Rushlight does not have.

    >>> import rushlight as torch
    >>> try:
    ...     torch.no_such_name
    ... except NotImplementedError as error:
    ...     print(isinstance(error, AttributeError))
    True
    """


class MissingAttribute(AttributeError, NotSupported):
    """`torch.name` where there is no such name; `hasattr` and `getattr` with a default act as they should."""


class MissingModule(ModuleNotFoundError, NotSupported):
    """`import torch.name` or `from torch import name` where there is no such name: an ImportError."""


def missing_attribute(module_name: str, name: str) -> Exception:
    """The exception for a public module's `__getattr__` to raise when `module_name` has no `name`.

    Call it directly in `__getattr__`: it looks at who asked. A dunder name, or one that notebooks probe every
    object for, gives a plain AttributeError; `from torch import name` gives a `MissingModule`; the rest a
    `MissingAttribute`.
    """
    module = spoken(module_name)
    first_line = f"module {module!r} has no attribute {name!r}"
    asker = sys._getframe(2)
    # `from package import name` looks for an attribute, then for a submodule, then asks for the attribute.
    first_look = asker.f_code.co_name == "_handle_fromlist"
    if first_look or name.startswith(("__", "_ipython_", "_repr_")):
        return AttributeError(first_line)
    explanation = _explain(module_name, name)
    if _is_import_from(asker):
        file = getattr(sys.modules.get(module_name), "__file__", None) or "unknown location"
        text = f"cannot import name {name!r} from {module!r} ({file})\n{explanation}"
        return MissingModule(text, name=module, path=file)
    # A given `name` keeps Python from adding its own "Did you mean" below ours.
    return MissingAttribute(f"{first_line}\n{explanation}", name=name)


def refuse_other_names(namespace: dict[str, Any]) -> None:
    """Let the public module of this ``namespace``, its ``globals()``, explain itself where it is asked for other names.

    Written out as a `def` in the module, `__getattr__` would tell type checkers and editors that it has every name.
    """
    module_name = namespace["__name__"]

    def __getattr__(name: str) -> NoReturn:
        raise missing_attribute(module_name, name)

    namespace["__getattr__"] = __getattr__


def missing_module(fullname: str) -> MissingModule:
    """The exception for `import fullname`, a dotted name that starts with `torch`."""
    parent, _, name = fullname.rpartition(".")
    explanation = _explain(_PACKAGE + parent.removeprefix("torch"), name)
    return MissingModule(f"No module named {fullname!r}\n{explanation}", name=fullname)


def spoken(module_name: str) -> str:
    """The module's name as the program writes it: `torch...` where `torch` means Rushlight."""
    return spoken_root + module_name.removeprefix(_PACKAGE)


def is_private(name: str) -> bool:
    """Whether a part of the dotted name begins with an underscore."""
    return any(part.startswith("_") for part in name.split("."))


def _explain(module_name: str, name: str) -> str:
    dotted = f"{spoken(module_name)}.{name}"
    place = _place(sys._getframe(2))
    met.setdefault(dotted, place)
    near = nearest(module_name, name)
    if near == dotted:
        return f"{place}: {dotted} is not a module in Rushlight"
    return f"{place}: Rushlight has no {dotted}" + (f"; the nearest name it has is {near}" if near else "")


def _place(frame: FrameType | None) -> str:
    """`file:line` of the innermost frame that is neither Rushlight's nor the import system's."""
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith(_NOT_THE_PROGRAM):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return "unknown place"


def _is_import_from(frame: FrameType) -> bool:
    # `from torch import x` swallows an AttributeError and raises "cannot import name" without our
    # explanation. The instruction under execution is the only thing that tells it from `torch.x`.
    import opcode

    return frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_FROM"]


@functools.lru_cache  # a program may probe the same name at every step
def nearest(module_name: str, name: str) -> str | None:
    """The public dotted name nearest to `name`: the same word in another module, else by spelling."""
    import difflib

    public = [(n, m) for n, m in list(sys.modules.items()) if n.partition(".")[0] == _PACKAGE and not is_private(n)]
    public.sort(key=lambda item: (item[0] != module_name, item[0].count("."), item[0]))
    words: dict[str, str] = {}
    own: list[str] = []
    for module, value in public:
        for word in public_names(value):
            words.setdefault(word, f"{spoken(module)}.{word}")
            if module == module_name:
                own.append(word)
    if name in words:
        return words[name]
    close = difflib.get_close_matches(name, own, 1) or difflib.get_close_matches(name, words, 1)
    return words[close[0]] if close else None


def public_names(module: ModuleType) -> Iterator[str]:
    """The names that a module offers: its `__all__`, else all but what it imports; and its submodules."""
    import pkgutil

    inside = vars(module)
    for name in inside.get("__all__", inside):
        value = inside.get(name)
        foreign = isinstance(value, ModuleType) and value.__name__.partition(".")[0] != _PACKAGE
        if not (name.startswith("_") or foreign or type(value).__module__ == "__future__"):
            yield name
    for submodule in pkgutil.iter_modules(inside.get("__path__", ())):
        if not submodule.name.startswith("_") and submodule.name not in inside:
            yield submodule.name
