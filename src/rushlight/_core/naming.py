"""What the user's program calls things: found in its variables and its source, only when an error is raised."""

from __future__ import annotations

import ast
import functools
import linecache
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NamedTuple, TypeVar

from .tensor import Tensor
from .where import Place, is_ours, is_pythons

F = TypeVar("F", bound=Callable[..., Any])

FRAMES = 20  # how far up the program is searched
ITEMS = 100  # and how much of a list or a dict


class Spot(NamedTuple):
    """A running (or failed) call: its frame, and how far it has come."""

    frame: FrameType
    line: int
    offset: int

    @property
    def file(self) -> str:
        return self.frame.f_code.co_filename


def running() -> list[Spot]:
    """All calls that are running now, the innermost first."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        found.append(Spot(frame, frame.f_lineno, frame.f_lasti))
        frame = frame.f_back
    return found


def failed(error: BaseException) -> list[Spot]:
    """The calls that an exception ended, the innermost first."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        found.append(Spot(trace.tb_frame, trace.tb_lineno, trace.tb_lasti))
        trace = trace.tb_next
    return found[::-1]


def of_program(spots: list[Spot]) -> list[Spot]:
    """Those calls that are the user's program."""
    return [spot for spot in spots if not is_ours(spot.file) and not is_pythons(spot.file)][:FRAMES]


def harmless(otherwise: Any) -> Callable[[F], F]:
    """For what only explains an error: whatever goes wrong in it, the error itself must come out."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception:  # noqa: BLE001 - a program's objects can raise anything when looked at
                return otherwise

        return call  # type: ignore[return-value]

    return decorate


def kind(t: Tensor) -> str:
    """``float32 [2, 3]``"""
    return f"{str(t.dtype).removeprefix('torch.')} {list(t._data.shape)}"


def described(t: Tensor) -> str:
    """The tensor by its name, where it has one, with dtype and shape."""
    name = name_of(t)
    return f"a tensor ({kind(t)})" if name is None else f"`{name}` ({kind(t)})"


# -- names of tensors ---------------------------------------------------------------------------------------------


@harmless(None)
def name_of(t: Tensor) -> str | None:
    """A parameter's path (``net.0.weight``), else a variable, else an entry of one that holds the tensor."""
    spots = of_program(running())
    for search, order in ((_parameters, spots[::-1]), (_variables, spots), (_entries, spots)):
        for spot in order:
            for name, value in search(spot.frame):
                if isinstance(value, Tensor) and is_same(value, t):
                    return name
    return None


def is_same(a: Tensor, b: Tensor) -> bool:
    """Whether both are one tensor: itself, or what a node kept of it, over the same memory."""
    return (
        a is b
        or a._data is b._data
        or (a._counter is not None and a._counter is b._counter and a._data.shape == b._data.shape)
    )


def scope(frame: FrameType) -> dict[str, Any]:
    """The variables that a frame sees: its own before those of its module."""
    return {**frame.f_globals, **frame.f_locals}


def _own(frame: FrameType) -> Iterator[tuple[str, Any]]:
    for name, value in list(frame.f_locals.items()):
        if not name.startswith("__"):
            yield name, value


def module_type() -> Any:
    """`torch.nn.Module`, where the program uses it; a class without instances otherwise."""
    nn = sys.modules.get(f"{__package__.partition('.')[0]}.nn")
    return getattr(nn, "Module", None) or type("NoModule", (), {})


def _parameters(frame: FrameType) -> Iterator[tuple[str, Any]]:
    kind_of_modules = module_type()
    for name, value in _own(frame):
        if isinstance(value, kind_of_modules):
            for path, p in (*value.named_parameters(), *value.named_buffers()):
                yield f"{name}.{path}", p


def _variables(frame: FrameType) -> Iterator[tuple[str, Any]]:
    yield from _own(frame)
    for name, value in list(frame.f_globals.items()):
        if not name.startswith("__"):
            yield name, value


def _entries(frame: FrameType) -> Iterator[tuple[str, Any]]:
    for name, value in _own(frame):
        if isinstance(value, (list, tuple)):
            yield from ((f"{name}[{i}]", v) for i, v in enumerate(value[:ITEMS]))
        elif isinstance(value, dict):
            yield from ((f"{name}[{k!r}]", v) for k, v in list(value.items())[:ITEMS])
        elif not isinstance(value, (type, Tensor)) and hasattr(value, "__dict__"):
            yield from ((f"{name}.{k}", v) for k, v in list(vars(value).items())[:ITEMS])


# -- lines and expressions ----------------------------------------------------------------------------------------


def source_line(file: str, line: int) -> str:
    """A line of the program, without the comment at its end."""
    return linecache.getline(file, line).partition("  #")[0].strip()


def quoted(place: Place) -> str:
    """``script.py:12, "y = x.detach()"``"""
    text = source_line(place.file, place.line)
    return f'{place}, "{text}"' if text else str(place)


def tree_of(file: str) -> ast.Module | None:
    """The program's text, parsed; None where there is none to be had."""
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return None


@harmless(0)
def assignment_line(spot: Spot, name: str) -> int:
    """The last line up to the current one on which a variable is assigned to; 0 where there is none."""
    from . import causes

    code = spot.frame.f_code
    found = 0
    for statement, _ in causes.statements(causes.body_of(spot.file, code.co_firstlineno, code.co_name)):
        targets, _value = causes.assigned(statement)
        if statement.lineno <= spot.line and any(isinstance(t, ast.Name) and t.id == name for t in targets):
            found = statement.lineno
    return found


@harmless(None)
def current_expression(spot: Spot) -> ast.AST | None:
    """The expression, or the assignment, that a call is evaluating: the operation that led on from here."""
    code = spot.frame.f_code
    tree = tree_of(spot.file)
    position = list(code.co_positions())[spot.offset // 2] if spot.offset >= 0 else None
    if tree is None or position is None or position[2] is None:
        return None
    for node in ast.walk(tree):
        for inner in ast.iter_child_nodes(node):
            here = [getattr(inner, field, None) for field in ("lineno", "end_lineno", "col_offset", "end_col_offset")]
            if tuple(here) == position and isinstance(inner, (ast.expr, ast.AugAssign)):
                # What is assigned to says little without what is assigned.
                return node if isinstance(getattr(inner, "ctx", None), ast.Store) else inner
    return None


def value_of(node: ast.AST, variables: dict[str, Any]) -> Any:
    """What a name, or an attribute of one, stands for, without running any code; None where that takes some."""
    if isinstance(node, ast.Name):
        return variables.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, variables)
        if isinstance(owner, module_type()):
            return {**owner.__dict__, **owner._buffers, **owner._modules, **owner._parameters}.get(node.attr)
        return getattr(owner, "__dict__", {}).get(node.attr)
    return None


@harmless("")
def situation(spots: list[Spot] | None = None) -> str:
    """Where the program is, and what the tensors are that the failing expression names.

    spots: of a failed call, from `failed`; without, that of the moment.
    """
    spots = spots or running()
    of_users = of_program(spots)
    if not of_users:
        return ""
    spot = of_users[0]
    expression = current_expression(spot)
    what = f" in `{_shortened(ast.unparse(expression))}`" if expression is not None else ""
    text = f"At {spot.file}:{spot.line}{what}"
    if expression is not None:
        variables, operands = scope(spot.frame), {}
        for node in ast.walk(expression):
            value = value_of(node, variables)
            if isinstance(value, Tensor):
                operands[ast.unparse(node)] = value
        if operands:
            text += ": " + ", ".join(f"`{name}` is {kind(t)}" for name, t in operands.items())
    return f"{text}."


def _shortened(text: str, width: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 3]}..."
