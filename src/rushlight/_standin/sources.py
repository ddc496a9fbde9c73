"""Find the source files that a program consists of: its own, not Python's or those of installed libraries."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterator

from .scan import ROOTS, Findings, scan, shown

_NOT_USERS = (
    os.path.dirname(os.path.dirname(__file__)) + os.sep,
    *(os.path.join(sysconfig.get_path(kind), "") for kind in ("stdlib", "platstdlib")),
)


def loaded(main: tuple[bytes, str] | None = None) -> Findings:
    """Read the program's modules that are loaded now; `main` is the text and the name of what is no file."""
    findings = Findings()
    texts = {main[1]: main[0]} if main else {}
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and (path.endswith(".py") or name == "__main__") and is_users(path):
            try:
                texts.setdefault(path, read(path))
            except OSError as error:
                findings.unreadable.append(str(error))
    for path, text in texts.items():
        if any(root.encode() in text for root in ROOTS):
            try:
                scan(text, path, findings)
            except (SyntaxError, ValueError) as error:
                findings.unreadable.append(f"{shown(path)}: {error}")
    return findings


def with_imports(source: bytes, path: str, package: str, search: list[str]) -> Findings:
    """Read a source and the program's own modules that it imports, found in the folders `search`, and so on.

    `package` is the package that the source is part of, or an empty string. SyntaxError or ValueError is
    raised where the source itself is not Python; a module that is not is noted in the findings.
    """
    findings = Findings()
    names = [package, *_imported_modules(scan(source, path, findings), package)]
    seen = {path}
    while names:
        found = find_source(names.pop(), search)
        if found is None or found[0] in seen:
            continue
        module, inside = found
        seen.add(module)
        try:
            names += _imported_modules(scan(read(module), module, findings), inside)
        except (OSError, SyntaxError, ValueError) as error:
            findings.unreadable.append(f"{shown(module)}: {error}")
    return findings


def read(path: str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as stream:
        return stream.read()


def find_source(name: str, search: list[str]) -> tuple[str, str] | None:
    """The file of a module of the program's own and the package it is part of; None for other modules.

    By hand, because `importlib` runs the packages that a module is part of.
    """
    package, _, last = name.rpartition(".")
    for folder in search:
        stem = os.path.join(folder, *package.split("."), last)
        for path, inside in ((os.path.join(stem, "__init__.py"), name), (f"{stem}.py", package)):
            if last and os.path.isfile(path):
                return (path, inside) if is_users(path) else None
    return None


def is_users(path: str) -> bool:
    """Whether the file is part of a program, not of Python, of Rushlight or of an installed library."""
    return not path.startswith(_NOT_USERS) and not {"site-packages", "dist-packages"} & {*path.split(os.sep)}


def _imported_modules(tree: ast.Module, package: str) -> Iterator[str]:
    """Dotted names that may be modules which the source imports, each after the packages it is part of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            try:
                base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            except ImportError:  # beyond the outermost package: python will say so
                continue
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] not in ROOTS and parts[0] not in sys.stdlib_module_names:
                yield from (".".join(parts[:depth]) for depth in range(1, len(parts) + 1))
