"""What the user's program calls things: found in its variables and its source, only when an error is raised."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from .tensor import Tensor
from .where import Place, is_ours

FRAMES = 20  # how far up the program is searched
ITEMS = 100  # and how much of a list or a dict


def frames() -> list[FrameType]:
    """The frames of the user's program that are running now, the innermost first."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(found) < FRAMES:
        if not is_ours(frame.f_code.co_filename):
            found.append(frame)
        frame = frame.f_back
    return found


def kind(t: Tensor) -> str:
    """``float32 [2, 3]``"""
    return f"{str(t.dtype).removeprefix('torch.')} {list(t._data.shape)}"


def described(t: Tensor) -> str:
    """The tensor by its name, where it has one, with dtype and shape."""
    name = name_of(t)
    return f"a tensor ({kind(t)})" if name is None else f"`{name}` ({kind(t)})"


# -- names of tensors ---------------------------------------------------------------------------------------------


def name_of(t: Tensor) -> str | None:
    """A parameter's path (``net.0.weight``), else a variable, else an entry of one that holds the tensor."""
    running = frames()
    for search, order in ((_parameters, running[::-1]), (_variables, running), (_entries, running)):
        for frame in order:
            for name, value in search(frame):
                if isinstance(value, Tensor) and is_same(value, t):
                    return name
    return None


def is_same(a: Tensor, b: Tensor) -> bool:
    """Whether both are one tensor: itself, or what a node kept of it, over the same memory."""
    return a is b or a._data is b._data or (
        a._counter is not None and a._counter is b._counter and a._data.shape == b._data.shape
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
    return linecache.getline(file, line).strip()


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


def current_expression(frame: FrameType) -> ast.expr | None:
    """The expression that a frame is evaluating: the call that led here."""
    tree = tree_of(frame.f_code.co_filename)
    position = list(frame.f_code.co_positions())[frame.f_lasti // 2] if frame.f_lasti >= 0 else None
    if tree is None or position is None or position[2] is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == position:
            return node
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


def situation() -> str:
    """Where the program is, and what the tensors are that the failing expression names. Begins a new line."""
    running = frames()
    if not running:
        return ""
    frame = running[0]
    expression = current_expression(frame)
    what = f" in `{_shortened(ast.unparse(expression))}`" if expression is not None else ""
    lines = [f"At {frame.f_code.co_filename}:{frame.f_lineno}{what}{layer()}"]
    if expression is not None:
        variables, operands = scope(frame), {}
        for node in ast.walk(expression):
            value = value_of(node, variables)
            if isinstance(value, Tensor):
                operands[ast.unparse(node)] = value
        if operands:
            lines[0] += ": " + ", ".join(f"`{name}` is {kind(t)}" for name, t in operands.items())
    return f"\n{lines[0]}."


def _shortened(text: str, width: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 3]}..."


def layer() -> str:
    """Which layer of which network is running: ``, in layer `net.2` (Linear(in_features=3, ...))``."""
    kind_of_modules = module_type()
    running: list[Any] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        self = frame.f_locals.get("self")
        if isinstance(self, kind_of_modules) and (not running or running[-1] is not self):
            running.append(self)
        frame = frame.f_back
    if not running:
        return ""
    innermost, outermost = running[0], running[-1]
    path = next((path for path, module in outermost.named_modules() if module is innermost), None)
    root = next((name for f in frames()[::-1] for name, value in _own(f) if value is outermost), None)
    name = ".".join(part for part in (root, path) if part)
    text = repr(innermost)
    text = text if "\n" not in text else type(innermost).__name__
    return f", in layer `{name}` ({text})" if name else f", in {text}"
