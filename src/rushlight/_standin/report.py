"""What `--report` and `--check` print: the names of torch that a program uses, and those that are missing."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from types import ModuleType
from typing import Any, TextIO

from . import missing
from .scan import Findings, shown

_ROOT = sys.modules[__name__.partition(".")[0]]


def write(findings: Findings, out: TextIO, met: dict[str, str] | None = None) -> bool:
    """Print the lists, with the missing names that a run has `met`; True when nothing needed is missing."""
    used: dict[str, str] = {}
    lacking: dict[str, str] = {}
    optional: dict[str, str] = {}
    for use in findings.uses:
        name, exists = resolve(use.name)
        (used if exists else optional if use.optional else lacking).setdefault(name, str(use.place))
    for name, place in (met or {}).items():
        if name not in optional:
            lacking.setdefault(name, f"{shown(place)} (asked for while running)")
    tensors = {
        f"torch.Tensor.{name}": str(place)
        for name, place in findings.members.items()
        if not name.startswith("_") and hasattr(_ROOT.Tensor, name)
    }

    count = f"{len(used)} name{'s' * (len(used) != 1)} of torch used, {len(lacking)} missing"
    print(f"rushlight: {count}", file=out)
    _section("used", used, out)
    _section("used, if the values are tensors (only the name tells)", tensors, out)
    handled = {name: place for name, place in optional.items() if name not in lacking}
    _section("missing, but the program handles that", handled, out)
    _section("missing", {name: place + _nearest(name) for name, place in lacking.items()}, out)
    for star in findings.stars:
        print(f"  {star.place}: from {star.name} import *: which names come from it is not told", file=out)
    for reason in findings.unreadable:
        print(f"  not read: {reason}", file=out)
    sources = ", ".join(map(shown, findings.files)) or "no file"
    print(f"  Read from the text of {sources}{'' if met is None else ', and met in the run'}.", file=out)
    print("  Not seen in a text: which methods values have, and what libraries do with torch.", file=out)
    return not lacking


def resolve(dotted: str) -> tuple[str, bool]:
    """A dotted name of torch's up to the first part that is missing or is no namespace; is it there?"""
    found: Any = _ROOT
    name, *rest = dotted.split(".")
    for word in rest:
        if not isinstance(found, (ModuleType, type)):
            break  # an attribute of a function or of a value: no longer torch's name
        name += f".{word}"
        try:
            found = _member(found, word)
        except AttributeError:
            return name, False
    return name, True


def _member(owner: ModuleType | type, word: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a deprecated name is there
        try:
            value = getattr(owner, word)
        except AttributeError:
            submodule = f"{owner.__name__}.{word}"
            if not hasattr(owner, "__path__") or importlib.util.find_spec(submodule) is None:
                raise
            value = importlib.import_module(submodule)
    if isinstance(value, ModuleType) and missing.is_private(value.__name__):
        # Rushlight's private rooms are attributes of the package, but not PyTorch's modules of those names.
        raise AttributeError(word)
    return value


def _nearest(name: str) -> str:
    module, _, word = name.rpartition(".")
    near = missing.nearest(_ROOT.__name__ + module.removeprefix("torch"), word)
    return f"   nearest: {near}" if near else ""


def _section(title: str, names: dict[str, str], out: TextIO) -> None:
    if names:
        print(f"  {title}:", file=out)
        width = max(map(len, names))
        for name in sorted(names):
            print(f"    {name:{width}}  {names[name]}", file=out)
