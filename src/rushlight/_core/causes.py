"""Why a tensor has no history: the user's program is read, backwards from the line that failed.

Most of what cuts a history leaves no trace in the tensors (``.item()`` returns a number), so the source is searched
for it: from the tensor's expression through the assignments of the names in it, into functions and modules of the
program. What the variables hold at that moment decides what is worth following.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Any, NamedTuple

from . import naming
from .tensor import Tensor
from .where import Place, is_ours

DEPTH = 4  # calls that are followed
MOST = 2  # cuts that are told of

TO_NUMBERS = "makes Python numbers of it, which have no history"
TO_ARRAYS = "makes a NumPy array of it, which has no history"
TO_POSITIONS = "returns positions: integers, which have no derivative"
TO_INTEGERS = "makes integers of it, which have no derivative"
DETACHES = "takes the content without the history"
COPIES = "copies the numbers without their history"

# What cuts, by the name of the method or function: what it does.
CUTS = {
    **dict.fromkeys(("item", "tolist"), TO_NUMBERS),
    "numpy": TO_ARRAYS,
    **dict.fromkeys(("argmax", "argmin", "argsort", "nonzero", "argwhere", "searchsorted"), TO_POSITIONS),
    **dict.fromkeys(("long", "int", "short", "char", "byte", "bool"), TO_INTEGERS),
    **dict.fromkeys(("detach", "detach_"), DETACHES),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), "is a comparison: True and False have no derivative"),
}
COPYING = ("tensor", "as_tensor", "from_numpy", "Tensor", "FloatTensor")
SWITCHES = ("no_grad", "inference_mode")


class Cut(NamedTuple):
    """A place in the program where a history ends."""

    file: str
    line: int
    how: str

    def __str__(self) -> str:
        text = naming.source_line(self.file, self.line)
        return f'{self.file}:{self.line}, "{text}": {self.how}.'


@naming.harmless([])
def cuts_of(spots: Sequence[naming.Spot], expression: ast.AST) -> list[Cut]:
    """Where the value of ``expression``, as the first of these calls sees it, lost its history; the nearest first."""
    found = Search.at(spots).through(expression)
    return list(dict.fromkeys(itertools.islice(found, MOST)))


@naming.harmless([])
def cuts_behind(spots: Sequence[naming.Spot], expression: ast.AST) -> list[Cut]:
    """Where the history of what a leaf was made from ends."""
    return list(itertools.islice(Search.at(spots).behind(expression), MOST))


class Search:
    """A walk from an expression to what it was computed from, within one function of the program."""

    def __init__(self, file: str, body: Any, variables: dict[str, Any], line: int, depth: int, outer: Any = ()):
        self.file, self.body, self.variables, self.line, self.depth = file, body, variables, line, depth
        self.outer = outer  # the calls around this one, whose variables an inner function may see
        self.seen: set[str] = set()
        self.decorated = _switch_among(getattr(body, "decorator_list", ()))

    @classmethod
    def at(cls, spots: Sequence[naming.Spot]) -> Search:
        """A search through the first of these running calls."""
        spot, *outer = spots
        code = spot.frame.f_code
        body = body_of(code.co_filename, code.co_firstlineno, code.co_name)
        return cls(code.co_filename, body, naming.scope(spot.frame), spot.line, DEPTH, outer)

    @classmethod
    def inside(cls, function: FunctionType, depth: int, owner: Any) -> Search | None:
        """A search through a function that is not running now, whose variables are unknown."""
        code = function.__code__
        body = body_of(code.co_filename, code.co_firstlineno, code.co_name)
        if body is None or is_ours(code.co_filename):
            return None
        known = {**function.__globals__, **({} if owner is None else {"self": owner})}
        return cls(code.co_filename, body, known, 10**9, depth)

    def through(self, node: ast.AST) -> Iterator[Cut]:
        """The cuts on the way to an expression's value, the nearest first."""
        value = naming.value_of(node, self.variables)
        if isinstance(value, Tensor):
            if value.requires_grad:
                return
            place = getattr(value, "_origin", None)
            if place is not None:
                yield from self.of_place(place, node)
                return
        if isinstance(node, ast.Name):
            yield from self.assignments(node.id)
            return
        if isinstance(node, ast.Call):
            yield from self.call(node)
            return
        if isinstance(node, ast.Attribute) and node.attr == "data" and not self.is_constant(node.value):
            yield self.cut(node, f"`.data` {DETACHES}")
            return
        if isinstance(node, ast.Attribute) and node.attr == "grad":
            yield self.cut(node, "gradients have no history of their own without backward(create_graph=True)")
            return
        if isinstance(node, ast.Compare) and not self.is_constant(node):
            yield self.cut(node, "a comparison gives True and False, which have no derivative")
            return
        for child in ast.iter_child_nodes(node):
            yield from self.through(child)

    def behind(self, node: ast.AST) -> Iterator[Cut]:
        """The cuts behind a tensor that requires grad, but is itself the beginning of its history."""
        value = naming.value_of(node, self.variables)
        place = getattr(value, "_origin", None)
        if place is not None:
            yield from self.of_place(place, node)
        elif isinstance(node, ast.Name):
            yield from self.assignments(node.id)

    def of_place(self, place: Place, node: ast.AST) -> Iterator[Cut]:
        """The cut that a tensor remembers. Of a decorated function it remembers the call: better is the decorator."""
        text = naming.source_line(place.file, place.line)
        is_call = place.what.startswith("torch.") and not any(switch in text for switch in SWITCHES)
        if is_call and isinstance(node, ast.Name):
            yield from self.assignments(node.id)
        yield at_place(place)

    def call(self, node: ast.Call) -> Iterator[Cut]:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        operands = [*node.args, *(k.value for k in node.keywords)]
        if isinstance(function, ast.Attribute):
            operands.insert(0, function.value)
        if name in CUTS and any(not self.is_constant(o) for o in operands):
            yield self.cut(node, f"`{name}` {CUTS[name]}")
            return
        if name in COPYING and any(self.holds_names(a) for a in node.args):
            yield self.cut(node, f"`torch.{name}` {COPIES}")
            for argument in node.args:
                yield from self.through(argument)
            return
        is_builtin = name in ("float", "int", "bool") and isinstance(function, ast.Name)
        if is_builtin and any(self.holds_names(a) for a in node.args):
            yield self.cut(node, f"`{name}` {TO_NUMBERS}")
            return
        if name == "grad" and not any(k.arg == "create_graph" for k in node.keywords):
            yield self.cut(node, "the gradient itself has no history without create_graph=True")
            return
        called = naming.value_of(function, self.variables)
        owner = None
        if called is None and isinstance(function, ast.Attribute):
            owner = naming.value_of(function.value, self.variables)
            called = getattr(type(owner), function.attr, None)
        if isinstance(called, naming.module_type()):
            owner, called = called, type(called).forward
        called = inspect.unwrap(called) if callable(called) else called
        if isinstance(called, FunctionType) and self.depth:
            search = Search.inside(called, self.depth - 1, owner)
            if search is not None:
                yield from search.returned()
        for operand in operands:
            yield from self.through(operand)

    def returned(self) -> Iterator[Cut]:
        """The cuts on the way to what the function returns."""
        if self.decorated is not None:
            yield self.cut(self.decorated, "switches recording off for the whole function")
            return
        for statement, switch in statements(self.body):
            if isinstance(statement, ast.Return) and statement.value is not None:
                if switch is not None:
                    yield self.cut(switch, "nothing is recorded inside this block")
                yield from self.through(statement.value)

    def assignments(self, name: str) -> Iterator[Cut]:
        """The cuts on the way to a variable's value, through what was assigned to it."""
        if name in self.seen:
            return
        self.seen.add(name)
        anywhere = False
        for statement, switch in reversed(list(statements(self.body))):
            targets, value = assigned(statement)
            if value is None or statement.lineno > self.line:
                continue
            if not any(isinstance(t, ast.Name) and t.id == name for t in targets):
                continue
            found = False
            anywhere = True
            for cut in self.through(value):
                found = True
                yield cut
            if not found and switch is not None and self.holds_names(value):
                yield self.cut(switch, "nothing is recorded inside this block")
        if not anywhere:
            yield from self.assignments_around(name)

    def assignments_around(self, name: str) -> Iterator[Cut]:
        """`assignments` of a variable that belongs to a function around this one."""
        value = self.variables.get(name)
        for i, spot in enumerate(self.outer):
            if value is not None and spot.frame.f_locals.get(name) is value:
                yield from Search.at(self.outer[i:]).assignments(name)
                return

    def cut(self, node: Any, how: str) -> Cut:
        return Cut(self.file, node.lineno, how)

    def is_constant(self, node: ast.AST) -> bool:
        """Whether an operand is known to have had no history anyway."""
        value = naming.value_of(node, self.variables)
        if isinstance(value, Tensor):
            return not value.requires_grad and getattr(value, "_origin", None) is None
        if isinstance(value, (int, float, str, type(naming))):
            return True
        return not self.holds_names(node)

    def holds_names(self, node: ast.AST) -> bool:
        """Whether an expression contains a variable that may be a tensor."""
        modules = type(naming)
        for child in ast.walk(node):
            if isinstance(child, ast.Name):
                value = self.variables.get(child.id)
                if (not isinstance(value, (modules, type, str)) and not callable(value)) or isinstance(
                    value, naming.module_type()
                ):
                    return True
        return False


def at_place(place: Place) -> Cut:
    """The cut that a tensor remembers, in words."""
    return Cut(place.file, place.line, _explained(place.what))


def _explained(what: str) -> str:
    if what.startswith("torch."):
        return f"recording was switched off here, by {what}"
    return f"`{what}` {DETACHES}" if what.startswith(".") else f"{what} ran here, which is not recorded inside"


def body_of(file: str, first_line: int, name: str) -> Any:
    """The part of a source file that a code object was made from: a function, or the whole."""
    tree = naming.tree_of(file)
    if tree is None or name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if start <= first_line <= node.lineno:
                return node
    return None


def statements(body: Any, switch: Any = None) -> Iterator[tuple[ast.stmt, Any]]:
    """All statements of a function in order, with the ``no_grad`` block around each; not those of inner functions."""
    for statement in getattr(body, "body", ()):
        yield from _statement(statement, switch)


def _statement(statement: ast.stmt, switch: Any) -> Iterator[tuple[ast.stmt, Any]]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    yield statement, switch
    inner = switch
    if isinstance(statement, ast.With):
        found = _switch_among([item.context_expr for item in statement.items])
        inner = statement if found is not None else switch
    for field in ("body", "orelse", "finalbody"):
        for child in getattr(statement, field, ()):
            yield from _statement(child, inner)
    for handler in getattr(statement, "handlers", ()):
        for child in handler.body:
            yield from _statement(child, inner)


def assigned(statement: ast.stmt) -> tuple[list[ast.AST], Any]:
    """What a statement assigns to, and the expression; no targets where it assigns nothing."""
    if isinstance(statement, ast.Assign):
        targets = [t for target in statement.targets for t in getattr(target, "elts", [target])]
        return targets, statement.value
    if isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        return [statement.target], statement.value
    if isinstance(statement, ast.For):
        return list(getattr(statement.target, "elts", [statement.target])), statement.iter
    return [], None


def _switch_among(expressions: Any) -> Any:
    """The expression, if any, that switches recording off."""
    for expression in expressions:
        function = expression.func if isinstance(expression, ast.Call) else expression
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in SWITCHES:
            return expression
        if name == "set_grad_enabled" and expression.args and getattr(expression.args[0], "value", True) is False:
            return expression
    return None
