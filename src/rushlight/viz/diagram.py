"""What a picture shows, as plain data: boxes and arrows that hold no tensor and keep no history alive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

# The kinds of boxes, with what the legend says of them.
LEAF, CONSTANT, CUT, OPERATION, RESULT, MORE = "leaf", "constant", "cut", "operation", "result", "more"
KINDS = {
    LEAF: "leaf that requires grad",
    OPERATION: "operation",
    RESULT: "result",
    CONSTANT: "wants no gradient",
    CUT: "cut off: no gradient arrives",
    MORE: "left out of the picture",
}

LONGEST_TITLE = 40
LONGEST_LINE = 36


@dataclass(slots=True)
class Box:
    """A value or an operation, in words.

    title      what it is called
    operation  of a computed value that has a name of its own: the operation
    settings   of an operation: its parameters
    shape      of the value, with its dtype where that matters; empty where unknown
    remarks    what else must be seen
    details    what is shown to those who ask
    """

    kind: str
    title: str
    operation: str = ""
    settings: str = ""
    shape: str = ""
    remarks: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return shortened(self.title, LONGEST_TITLE)

    @property
    def lines(self) -> list[str]:
        """What stands below the heading."""
        lines = (self.operation, self.settings, self.shape, *self.remarks)
        return [shortened(line, LONGEST_LINE) for line in lines if line]

    @property
    def tooltip(self) -> list[str]:
        """Everything, unabridged."""
        lines = (self.title, self.operation, self.settings, self.shape, *self.remarks, *self.details)
        return [printable(line) for line in lines if line]


class Arrow(NamedTuple):
    """A value goes from one box into another; a gradient comes back where it ``flows``."""

    source: int
    target: int
    flows: bool


@dataclass(slots=True)
class Diagram:
    """Boxes, the inputs of each before itself, and the arrows between them."""

    boxes: list[Box]
    arrows: list[Arrow]

    def kinds(self) -> list[str]:
        """The kinds of boxes that there are, in the order of the legend."""
        present = {box.kind for box in self.boxes}
        return [kind for kind in KINDS if kind in present]

    def count(self, kind: str) -> int:
        return sum(box.kind == kind for box in self.boxes)


def plural(n: int, noun: str) -> str:
    """``1 leaf``, ``2 leaves``, ``10,000 operations``."""
    if n != 1:
        noun = noun[:-1] + "ves" if noun.endswith("f") else noun + "s"
    return f"{n:,} {noun}"


def shape_text(shape: Iterable[int], dtype: str | None = None) -> str:
    """``[3, 4] float32``; a tensor without dimensions is a ``scalar``."""
    sizes = ", ".join(map(str, shape))
    text = f"[{sizes}]" if sizes else "scalar"
    return f"{text} {dtype}" if dtype else text


def printable(text: str) -> str:
    """``text`` without control characters and halves of surrogate pairs, which no format can hold."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def shortened(text: str, limit: int) -> str:
    """``text`` with its middle left out where it is longer than ``limit``: names differ at both ends."""
    text = printable(text)
    if len(text) <= limit:
        return text
    head = (limit - 1) // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"
