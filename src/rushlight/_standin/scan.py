"""Read Python source and list the names of torch in it, without running anything.

What can be told from the text: imports, their aliases, and chains of attributes on them, with Python's
scopes. What a value is cannot: the attributes of anything else are returned by their bare names.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

ROOTS = ("torch", "rushlight")
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


class Place(NamedTuple):
    """A line of a file."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}"


def shown(path: str) -> str:
    """The path as short as it can be told: relative where it lies below the current folder."""
    here = os.path.join(os.getcwd(), "")
    return os.path.normpath(path).removeprefix(here) if os.path.isabs(path) else path


class Use(NamedTuple):
    """One mention of a name of torch's; `optional` where the program says what to do without it."""

    name: str
    place: Place
    optional: bool


@dataclass
class Findings:
    """What was read in one or more sources."""

    files: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    members: dict[str, Place] = field(default_factory=dict)  # attributes of values, by bare name: where first
    stars: list[Use] = field(default_factory=list)  # from torch.x import *
    unreadable: list[str] = field(default_factory=list)


def scan(source: str | bytes, path: str, findings: Findings) -> ast.Module:
    """Add what `source` says to `findings`; SyntaxError where it is not Python."""
    tree = ast.parse(source, path)
    reader = _Reader(path, findings)
    reader.visit(tree)
    reader.finish()
    findings.files.append(path)
    return tree


class _Scope:
    """The names that a scope binds: to a name of torch's, to an expression that may be one, or to neither."""

    def __init__(self, node: ast.AST) -> None:
        self.is_class = isinstance(node, ast.ClassDef)
        self.names: dict[str, str | ast.expr | None] = {}
        self.elsewhere: set[str] = set()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    self._bind(argument.arg, None)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for statement in body:
                self._collect(statement)
        for generator in getattr(node, "generators", ()):
            self._collect(generator.target)
        for name in self.elsewhere:
            self.names.pop(name, None)

    def _bind(self, name: str, value: str | ast.expr | None) -> None:
        if isinstance(value, str) or name not in self.names:
            self.names[name] = value
        elif not isinstance(self.names[name], str):  # beside an import, `name = None` is what stands in for it
            self.names[name] = None

    def _collect(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind(node.name, None)
            case ast.Import():
                for alias in node.names:
                    name = _canonical(alias.name) or ""
                    self._bind(
                        alias.asname or alias.name.partition(".")[0],
                        (name if alias.asname else name.partition(".")[0]) or None,
                    )
            case ast.ImportFrom():
                module = _canonical(node.module or "") if node.level == 0 else None
                for alias in node.names:
                    self._bind(alias.asname or alias.name, module and f"{module}.{alias.name}")
            case ast.Global() | ast.Nonlocal():
                self.elsewhere.update(node.names)
            case ast.Assign(targets=[ast.Name(id=name)]):
                self._bind(name, node.value)
                self._collect(node.value)
                return
            case ast.Name(ctx=ast.Store() | ast.Del()):
                self._bind(node.id, None)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self._bind(name, None)
        if not isinstance(node, _SCOPES):
            for child in ast.iter_child_nodes(node):
                self._collect(child)


def _canonical(module: str) -> str | None:
    """The dotted name with PyTorch's root; None for a module that is not torch's."""
    root, dot, rest = module.partition(".")
    return f"torch{dot}{rest}" if root in ROOTS else None


class _Reader(ast.NodeVisitor):
    def __init__(self, path: str, findings: Findings) -> None:
        self.path = path
        self.findings = findings
        self.uses: list[Use] = []
        self.scopes: list[_Scope] = []
        self.caught: frozenset[str] = frozenset()
        self.probed: set[str] = set()

    def finish(self) -> None:
        """Hand over the uses: those of `torch.x` are optional if the program asks `hasattr(torch, "x")`."""
        below = tuple(f"{name}." for name in self.probed)
        for use in self.uses:
            guarded = use.name in self.probed or use.name.startswith(below)
            self.findings.uses.append(use._replace(optional=True) if guarded else use)

    def use(self, name: str, node: ast.expr | ast.alias, optional: bool = False) -> None:
        self.uses.append(Use(name, Place(self.path, node.lineno), optional))

    def resolve(self, node: ast.expr) -> str | None:
        """The dotted name of torch's that an expression is, if the text tells."""
        if isinstance(node, ast.Attribute):
            value = self.resolve(node.value)
            return value and f"{value}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        for scope in reversed(self.scopes):
            if node.id in scope.names and (not scope.is_class or scope is self.scopes[-1]):
                found = scope.names[node.id]
                return found if isinstance(found, str) else None
        return None

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self.resolve(node)
        if name is not None:
            self.use(name, node, bool(self.caught & {"AttributeError", "NotImplementedError"}))
        else:
            if isinstance(node.ctx, ast.Load):
                self.findings.members.setdefault(node.attr, Place(self.path, node.end_lineno or node.lineno))
            self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        name = self.resolve(node) if isinstance(node.ctx, ast.Load) else None
        if name is not None and name != "torch":
            self.use(name, node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = _canonical(alias.name)
            if name is not None and name != "torch":
                self.use(name, alias, self._import_is_optional())

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = _canonical(node.module or "") if node.level == 0 else None
        for alias in node.names if module else ():
            if alias.name == "*":
                self.findings.stars.append(Use(f"{module}", Place(self.path, alias.lineno), False))
            else:
                self.use(f"{module}.{alias.name}", alias, self._import_is_optional())

    def _import_is_optional(self) -> bool:
        return bool(self.caught & {"ImportError", "ModuleNotFoundError", "NotImplementedError", "Exception", ""})

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(
                func=ast.Name(id="hasattr" | "getattr" as asks),
                args=[owner, ast.Constant(value=str(word)), *rest],
            ):
                name = self.resolve(owner)
                if name is not None:
                    self.use(f"{name}.{word}", node)
                    if asks == "hasattr" or rest:
                        self.probed.add(f"{name}.{word}")
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        outer = self.caught
        self.caught |= {name for handler in node.handlers for name in _exception_names(handler.type)}
        for statement in node.body:
            self.visit(statement)
        self.caught = outer
        for part in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(part)

    def _visit_scope(self, node: ast.AST) -> None:
        body = getattr(node, "body", None)  # a comprehension has none: all of it is inside
        inside = body if isinstance(body, list) else [body] if body else [*ast.iter_child_nodes(node)]
        for child in ast.iter_child_nodes(node):  # defaults, decorators, annotations, bases
            if child not in inside:
                self.visit(child)
        outer, self.caught = self.caught, frozenset()
        scope = _Scope(node)
        self.scopes.append(scope)
        for name, value in scope.names.items():
            if isinstance(value, ast.expr):
                scope.names[name] = None  # in `x = x.y` the second x is not torch's
                scope.names[name] = self.resolve(value)
        for child in inside:
            self.visit(child)
        self.scopes.pop()
        self.caught = outer

    visit_Module = visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _visit_scope
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_scope


def _exception_names(node: ast.expr | None) -> Iterator[str]:
    if node is None:
        yield ""
    elif isinstance(node, ast.Tuple):
        for element in node.elts:
            yield from _exception_names(element)
    else:
        yield node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "?")
