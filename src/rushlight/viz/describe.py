"""The words for what a history consists of."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from .._core import dtypes
from .._core.graph import Node
from .._core.tensor import Tensor
from .diagram import CONSTANT, CUT, LEAF, OPERATION, Box, shape_text
from .history import History
from .shapes import Key, dtype_name, kept_inputs

NUMBERS = (bool, int, float, complex)
PLAIN = (*NUMBERS, str, dtypes.dtype)


def short_title(node: Node) -> str:
    """``Mul`` of ``MulBackward0``: in a picture the rest is noise."""
    return re.sub(r"Backward\d*$", "", node.title) or node.title


def operation(node: Node, history: History) -> Box:
    """The box of a recorded operation, which also stands for its value."""
    outputs: list[Key] = [(id(node), k) for k in range(node.outputs)]
    names = [history.names.of[key] for key in outputs if key in history.names.of]
    title = short_title(node)
    box = Box(OPERATION, ", ".join(names) or title, operation=title if names else "", details=[node.name()])
    box.settings = ", ".join([*_numbers(node), *_parameters(node)])

    shapes = [history.shapes.shape.get(key) for key in outputs]
    texts = [shape_text(s) for s in shapes if s is not None]
    if not texts or len(texts) < len(outputs):
        box.details.append("the history does not tell the shape of the value")
    elif len(set(texts)) == 1:
        box.shape = texts[0] if len(texts) == 1 else f"{len(texts)} × {texts[0]}"
    else:
        box.shape = ", ".join(texts)
    kinds = {history.shapes.dtype[key] for key in outputs if key in history.shapes.dtype}
    box.details += sorted(kinds)
    if type(getattr(node, "saved", ())) is not tuple:
        box.details.append("what it kept for its backward pass was freed, or packed by hooks")
    return box


def _numbers(node: Node) -> Iterator[str]:
    """The Python numbers among the operands."""
    for position, value in kept_inputs(node):
        if type(value) in NUMBERS:
            binary = node.primitive.family == "binary"
            name = ("input", "other")[position] if binary else node.primitive.inputs[position]
            yield f"{name}={_plain(value)}"


def _parameters(node: Node) -> Iterator[str]:
    for name, value in (getattr(node, "params", None) or {}).items():
        # None and False are how parameters are when nothing was asked for.
        if value is None or value is False:
            continue
        parts = value if isinstance(value, (tuple, list)) else (value,)
        if all(isinstance(part, PLAIN) for part in parts):
            yield f"{name}={_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_plain, value))}]"
    return format(value, ".6g") if type(value) is float else str(value)


def leaf(t: Tensor, history: History) -> Box:
    return Box(LEAF, _title(t, history), shape=_shape(t), details=["requires_grad=True"])


def constant(t: Tensor | None, history: History) -> Box:
    """The box of an input that wants no gradient."""
    if t is None:
        said = "a number, or a tensor that wants no gradient: the history keeps nothing of it"
        return Box(CONSTANT, "no gradient", details=[said])
    return without_gradient(t, _title(t, history))


def without_gradient(t: Tensor, title: str) -> Box:
    """A tensor without history; where it was cut off from one, that is said."""
    origin = getattr(t, "_origin", None)
    box = Box(CONSTANT if origin is None else CUT, title, shape=_shape(t), details=["requires_grad=False"])
    if origin is not None:
        box.remarks = [f"cut by {origin.what}", f"{os.path.basename(origin.file)}:{origin.line}"]
        box.details.append(str(origin))
    return box


def unreached(t: Tensor, title: str) -> Box:
    """A tensor that was named as a parameter and is not part of the history."""
    if t.requires_grad:
        return Box(CUT, title, shape=_shape(t), remarks=["no gradient reaches it"], details=["requires_grad=True"])
    return Box(CONSTANT, title, shape=_shape(t), remarks=["requires_grad=False"])


def _title(t: Tensor, history: History) -> str:
    name = history.names.of.get((id(t), 0))
    return name or ("parameter" if getattr(t, "_is_parameter", False) else "tensor")


def _shape(t: Tensor) -> str:
    return shape_text(t._data.shape, dtype_name(t))
