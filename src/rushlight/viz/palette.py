"""The colours. One set for every background: boxes are filled and lines of middling lightness, so that both can
be read on white and on black; what a notebook's theme is, a picture in it cannot find out."""

from __future__ import annotations

from typing import NamedTuple

from .diagram import CONSTANT, CUT, LEAF, MORE, OPERATION, RESULT


class Colour(NamedTuple):
    fill: str
    line: str
    text: str


# Distinct in lightness too, and none of them told apart by red and green alone.
COLOURS = {
    LEAF: Colour("#d3e5fb", "#3b78c3", "#12305a"),
    OPERATION: Colour("#fbfaf6", "#8b93a1", "#1e2530"),
    RESULT: Colour("#ffe6b3", "#c98a12", "#4a3204"),
    CONSTANT: Colour("#e7eaef", "#8b93a1", "#3f4856"),
    CUT: Colour("#fde0dc", "#d4533f", "#6a1c10"),
    MORE: Colour("#ece6f6", "#8f79bd", "#3d2c66"),
}
GRADIENT = "#5d83b8"
NO_GRADIENT = "#8b93a1"
CUT_LINE = "#d4533f"
LEGEND_TEXT = "#757e8c"
