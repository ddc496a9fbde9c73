"""Write src/rushlight/_stubs: what the records make public at run time, for type checkers and editors.

With ``--check`` nothing is written; the exit status says whether all stubs are up to date.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import EllipsisType, GenericAlias, NoneType, UnionType
from typing import Any, get_args, get_origin

import rushlight as torch
from rushlight._core import dtypes, return_types
from rushlight._core import tensor as tensor_module
from rushlight._core.registry import METHODS, NAMESPACES
from rushlight._ops.tensor_types import TENSOR_TYPES

PACKAGE = Path(torch.__file__).parent
STUBS = PACKAGE / "_stubs"
# Each holds the functions of one namespace of the records; they load when first used.
MODULES = ("nn.functional", "linalg", "special", "fft", "masked", "signal.windows")
HEADER = '''"""{what}

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""
'''
# The variables by which a function that takes any arguments holds the one that it hands them to.
HANDED_TO = ("function", "view")
# What annotations name that is imported for type checkers alone.
FOR_CHECKERS = {"Iterator": Iterator, "Callable": Callable, "Tensor": torch.Tensor, "Generator": torch.Generator}


class Stub:
    """One file: its definitions, and the imports that their annotations turn out to need."""

    def __init__(self, what: str):
        self.what = what
        self.imports: set[str] = set()
        self.body: list[str] = []

    def text(self) -> str:
        imports = sorted(self.imports, key=lambda line: (line.startswith("from ."), line))
        return "\n".join([HEADER.format(what=self.what), *imports, "", *self.body, ""])

    # -- types ----------------------------------------------------------------------------------------------------

    def spelled(self, annotation: Any) -> str:
        """A type as it is written in the stub. Builtins with their module: `torch.int` and `Tensor.float` hide them."""
        if annotation in (None, NoneType):
            return "None"
        if annotation is Ellipsis or isinstance(annotation, EllipsisType):
            return "..."
        if annotation is Any:
            return self.imported("typing", "Any")
        if isinstance(annotation, UnionType):
            return " | ".join([self.spelled(part) for part in get_args(annotation)])
        if isinstance(annotation, list):  # the arguments of a callable
            return f"[{', '.join([self.spelled(part) for part in annotation])}]"
        if isinstance(annotation, GenericAlias) or get_args(annotation):
            parts = ", ".join([self.spelled(part) for part in get_args(annotation)])
            return f"{self.spelled(get_origin(annotation))}[{parts}]"
        if annotation.__module__ == "builtins":
            self.imports.add("import builtins")
            return f"builtins.{annotation.__name__}"
        return self.imported(home_of(annotation), annotation.__name__)

    def imported(self, module: str, name: str) -> str:
        if module.startswith(f"{PACKAGE.name}."):
            module = ".." + module.partition(".")[2]
        known = f"_{name}" if name.islower() else name  # Tensor.dtype would hide the class `dtype`
        self.imports.add(f"from {module} import {name}" + (f" as {known}" if known != name else ""))
        return known

    # -- definitions ----------------------------------------------------------------------------------------------

    def function(self, name: str, function: Callable[..., Any], *, method: bool = False) -> None:
        """The public form ``name`` of an operation."""
        indent = "    " if method else ""
        signature = signature_of(function, name)
        listed = [p.name for p in signature.parameters.values() if p.annotation == "Ints"]
        if method and listed:  # x.expand(2, 3) and x.expand((2, 3))
            self.imports.add("from typing import overload")
            for star in (True, False):
                self.body += [f"{indent}@overload", self.definition(indent, name, function, signature, method, star)]
        else:
            self.body.append(self.definition(indent, name, function, signature, method))

    def definition(
        self, indent: str, name: str, function: Any, signature: inspect.Signature, method: bool, star: bool = False
    ) -> str:
        scope = scope_of(function)
        parts: list[str] = []
        previous = None
        for i, p in enumerate(signature.parameters.values()):
            if p.kind is p.KEYWORD_ONLY and previous not in (p.KEYWORD_ONLY, p.VAR_POSITIONAL):
                parts.append("*")
            previous = p.kind
            if method and i == 0:
                parts.append("self")
                continue
            if p.annotation == "Ints":
                parts.append(f"*{p.name}: {self.spelled(int)}" if star else f"{p.name}: {self.spelled(Sequence[int])}")
                continue
            stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
            default = "" if p.default is p.empty else f" = {literal(p.default)}"
            parts.append(f"{stars}{p.name}: {self.spelled(evaluated(p.annotation, scope))}{default}")
        result = self.spelled(evaluated(signature.return_annotation, scope))
        overrides = "  # type: ignore[override]" if method and name in ("__eq__", "__ne__") else ""
        head = f"{indent}def {name}({', '.join(parts)}) -> {result}:"
        return f"{head} ...{overrides}" if star else f"{head}{overrides}\n{summary(function, indent + '    ')}"

    def attribute(self, name: str, value: Any) -> None:
        """A property, method or constant of tensors."""
        if not isinstance(value, property):
            if callable(value):
                self.function(name, value, method=True)
            else:
                self.body.append(f"    {name}: {self.spelled(Any if value is None else type(value))}")
            return
        result = self.spelled(evaluated(inspect.signature(value.fget).return_annotation, scope_of(value.fget)))  # type: ignore[arg-type]
        self.body += ["    @property", f"    def {name}(self) -> {result}:\n{summary(value.fget, ' ' * 8)}"]
        if value.fset is not None:
            self.body += [f"    @{name}.setter", f"    def {name}(self, value: {self.spelled(Any)}) -> None: ..."]
        if value.fdel is not None:
            self.body += [f"    @{name}.deleter", f"    def {name}(self) -> None: ..."]


# -- what functions say of themselves -----------------------------------------------------------------------------


def plain(function: Any) -> Any:
    """The function that a public form stands for, as far as its arguments go."""
    if isinstance(function, (classmethod, staticmethod)):
        return plain(function.__func__)
    function = inspect.unwrap(function)
    if any(p.kind is p.VAR_KEYWORD for p in inspect.signature(function).parameters.values()):
        inside = inspect.getclosurevars(function).nonlocals
        if "order" not in inside:  # it hands them on in another order
            for name in HANDED_TO:
                if name in inside:
                    return plain(inside[name])
    return function


def scope_of(function: Any) -> dict[str, Any]:
    return FOR_CHECKERS | plain(function).__globals__


def signature_of(function: Any, name: str) -> inspect.Signature:
    """What ``name`` may be called with: the signature of the function that it stands for, and ``out``."""
    signature = inspect.signature(plain(function))
    parameters = [p for p in signature.parameters.values() if not (p.name == "inplace" and dropped(function, name))]
    own = getattr(function, "__code__", None)
    if own is not None and "out" in own.co_varnames[own.co_argcount : own.co_argcount + own.co_kwonlyargcount]:
        if "out" not in signature.parameters:
            kind = "Tensor | None" if signature.return_annotation == "Tensor" else "Any"
            out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            at = len(parameters) - any(p.kind is p.VAR_KEYWORD for p in parameters)
            parameters.insert(at, out)
    result = inspect.signature(function, follow_wrapped=False).return_annotation if own else "Any"
    if result in ("Any", inspect.Signature.empty):
        result = signature.return_annotation
    return signature.replace(parameters=parameters, return_annotation=result)


def dropped(function: Any, name: str) -> bool:
    """Whether the public form decides on ``inplace`` itself: ``celu_``, and ``torch.celu`` as opposed to ``F.celu``."""
    return plain(function) is not inspect.unwrap(function)


def evaluated(annotation: Any, scope: dict[str, Any]) -> Any:
    if annotation is inspect.Parameter.empty:
        return Any
    return eval(annotation, scope) if isinstance(annotation, str) else annotation


def literal(value: Any) -> str:
    """A default as an editor shall show it, or dots."""
    simple = (bool, int, str, NoneType)
    fit = isinstance(value, simple) or (isinstance(value, float) and value - value == 0)
    return repr(value) if fit or (isinstance(value, tuple) and all(isinstance(v, simple) for v in value)) else "..."


def summary(function: Any, indent: str) -> str:
    """The first paragraph of what is said of a function, as the body of its definition."""
    first = (inspect.getdoc(function) or "").partition("\n\n")[0]
    if not first:
        return f"{indent}..."
    raw = "r" if "\\" in first else ""
    return textwrap.indent(f'{raw}"""{first}"""', indent)


@functools.cache
def home_of(kind: type) -> str:
    """The module that defines a class, whatever it says itself: those that PyTorch has too say ``torch``."""
    if kind.__module__.partition(".")[0] != "torch":
        return kind.__module__
    code = next(v.__code__ for base in kind.__mro__ for v in vars(base).values() if inspect.isfunction(v))
    path = Path(code.co_filename).relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(path.parts)


# -- the files ----------------------------------------------------------------------------------------------------


def public(members: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted([(name, value) for name, value in members.items() if not name.startswith("_")])


def torch_stub() -> Stub:
    stub = Stub(
        "The names of `rushlight` that are made when it is loaded, and its modules, which load when first used."
    )
    modules = sorted([m.name for m in pkgutil.iter_modules(torch.__path__) if not m.name.startswith("_")])
    for name in modules:
        stub.imports.add(f"from .. import {name} as {name}")
    names = {d.name for d in dtypes.ALL} | set(dtypes.ALIASES)
    stub.body += [f"{name}: {stub.spelled(torch.dtype)}" for name in sorted(names)]
    tensor = stub.imported(home_of(torch.Tensor), "Tensor")
    stub.body += [f"class {name}({tensor}): ..." for name in sorted(TENSOR_TYPES)]
    for name, function in public(NAMESPACES["torch"]):
        stub.function(name, function)
    return stub


def namespace_stub(module: str) -> Stub:
    stub = Stub(f"The functions of `rushlight.{module}`.")
    importlib.import_module(f"{PACKAGE.name}.{module}")
    for name, function in public(NAMESPACES[f"torch.{module}"]):
        stub.function(name, function)
    return stub


def methods_stub() -> Stub:
    """What tensors have beside what their class says where it is defined."""
    stub = Stub("The methods and properties that operations give to tensors.")
    own = next(
        node
        for node in ast.parse(Path(tensor_module.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "Tensor"
    )
    written = {node.name for node in own.body if isinstance(node, ast.FunctionDef)}
    written |= {
        t.id for node in own.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
    }
    written.update(torch.Tensor.__slots__)
    attached = {k: v for k, v in vars(torch.Tensor).items() if not k.startswith("__")} | METHODS
    stub.body.append("class Methods:")
    for name in sorted(set(attached) - written):
        stub.attribute(name, attached[name])
    return stub


def results_stub() -> Stub:
    stub = Stub("The types of results that have several named parts.")
    stub.imports.add("from .._core.return_types import ReturnType")
    for name, kind in sorted(return_types.TYPES.items()):
        stub.body.append(f"class {name}(ReturnType):")
        stub.body += [
            f"    @property\n    def {field}(self) -> {stub.imported(home_of(torch.Tensor), 'Tensor')}: ..."
            for field in kind.__match_args__
        ]
    return stub


def stubs() -> dict[Path, str]:
    made = {"torch": torch_stub(), "methods": methods_stub()}
    made |= {module.rpartition(".")[2]: namespace_stub(module) for module in MODULES}
    made["return_types"] = results_stub()
    return {STUBS / f"{name}.pyi": stub.text() for name, stub in made.items()}


def main(arguments: list[str]) -> int:
    """Write the stubs, or look whether they are as they should be."""
    wanted = stubs()
    wrong = [p for p, text in wanted.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    left = [p for p in STUBS.glob("*.pyi") if p not in wanted]
    if arguments == ["--check"]:
        for path in [*wrong, *left]:
            print(f"{path.relative_to(PACKAGE.parents[1])} is out of date: make stubs writes it anew")
        return bool(wrong or left)
    STUBS.mkdir(exist_ok=True)
    for path in wrong:
        path.write_text(wanted[path], encoding="utf-8")
        print(f"{path.relative_to(PACKAGE.parents[1])} written")
    for path in left:
        path.unlink()
        print(f"{path.relative_to(PACKAGE.parents[1])} removed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
