"""Reads an SVG back, to ask whether its boxes and arrows lie as they should."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

SVG = "{http://www.w3.org/2000/svg}"
# Numbers in the SVG have one digit after the point.
ROUNDING = 0.11


class Rectangle(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle, apart: float = 0.0) -> bool:
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )

    def contains(self, x: float, y: float, margin: float = 2 * ROUNDING) -> bool:
        """Whether a point is inside, not merely on the edge."""
        return self.left + margin < x < self.right - margin and self.top + margin < y < self.bottom - margin


class Text(NamedTuple):
    x: float
    baseline: float
    size: float
    bold: bool
    words: str


class Shown(NamedTuple):
    """What an SVG shows: boxes with their texts and tooltips, points along the lines, the tips of the arrows."""

    boxes: list[Rectangle]
    texts: list[list[Text]]
    titles: list[str]
    points: list[tuple[float, float]]
    tips: list[tuple[float, float]]
    width: float
    height: float


def read(svg: str) -> Shown:
    root = ET.fromstring(svg)
    picture, _legend = root.findall(f"{SVG}g")
    shown = Shown([], [], [], [], [], float(root.get("width")), float(root.get("height")))
    size = float(root.get("font-size"))
    for group in picture:
        rectangle = group.find(f"{SVG}rect")
        if rectangle is None:
            line, heads = group.findall(f"{SVG}path")
            shown.points.extend(_points(line.get("d")))
            shown.tips.extend((float(x), float(y)) for x, y in re.findall(r"M(\S+) (\S+?)l", heads.get("d")))
            continue
        x, y, w, h = (float(rectangle.get(name)) for name in ("x", "y", "width", "height"))
        shown.boxes.append(Rectangle(x, y, x + w, y + h))
        shown.titles.append(group.findtext(f"{SVG}title"))
        shown.texts.append(
            [
                Text(
                    float(t.get("x")),
                    float(t.get("y")),
                    float(t.get("font-size", size)),
                    t.get("font-weight") == "600",
                    "".join(t.itertext()),
                )
                for t in group.findall(f"{SVG}text")
            ]
        )
    return shown


def _points(path: str) -> list[tuple[float, float]]:
    """Points along a path of the commands M, V and C, close to each other."""
    points = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MVC])([^MVC]*)", path):
        values = [float(n) for n in numbers.split()]
        if command == "M":
            x, y = values
            continue
        corners = [(x, y), (x, y), (x, values[0]), (x, values[0])]
        if command == "C":
            corners = [(x, y), *zip(values[0::2], values[1::2])]
        for k in range(33):
            t = k / 32
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            points.append(tuple(sum(w * c[axis] for w, c in zip(weights, corners)) for axis in (0, 1)))
        x, y = corners[-1]
    return points


def check(svg: str, arrows: int) -> Shown:
    """No box over another or outside, no line through a box, each arrow ends at the upper side of a box."""
    shown = read(svg)
    boxes = sorted(shown.boxes)
    for k, box in enumerate(boxes):
        for other in boxes[k + 1 :]:
            assert not box.overlaps(other, apart=8), (box, other)
    for x, y in shown.points:
        assert not any(box.contains(x, y) for box in boxes), (x, y)
    assert len(shown.tips) == arrows
    assert len(set(shown.tips)) == arrows  # none on top of another
    for x, y in shown.tips:
        assert any(abs(y - box.top) < ROUNDING and box.left < x < box.right for box in boxes), (x, y)
    for box in boxes:
        assert box.left >= -14 and box.right <= shown.width - 14
        assert box.top >= 0 and box.bottom <= shown.height
    return shown
