"""The steps of the layout together, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .layers import Layers
from .ordering import reduce_crossings
from .places import Places
from .routes import Route, routes

BESIDE = 22.0  # between two boxes
BESIDE_LINE = 12.0  # between a box and a line, or two lines
LINE = 2.0  # the width that a line has in its layer
GAP = 30.0  # between two layers; more where arrows go far to the side
WIDEST_GAP = 90.0


@dataclass(slots=True)
class Layout:
    """The left upper corner of each box, the arrows' routes, and the size of the whole."""

    corners: list[tuple[float, float]]
    routes: list[Route]
    width: float
    height: float


def layout(sizes: Sequence[tuple[float, float]], arrows: Sequence[tuple[int, int]]) -> Layout:
    """Place boxes of the given (width, height): all arrows, (source, target), lead down.

    Boxes do not overlap, arrows do not run through boxes, and boxes without any arrow stand in rows below the rest.
    ValueError for a circle of arrows.
    """
    joined = {end for arrow in arrows for end in arrow}
    graph = [box for box in range(len(sizes)) if box in joined]
    index = {box: k for k, box in enumerate(graph)}
    placed = _layered([sizes[box] for box in graph], [(index[s], index[t]) for s, t in arrows])
    for route in placed.routes:
        route.source = graph[route.source]
        route.branches = [(graph[target], pieces) for target, pieces in route.branches]
    corners = dict(zip(graph, placed.corners))
    alone = [box for box in range(len(sizes)) if box not in joined]
    width, height = placed.width, placed.height
    room = max([width, 640.0, *(sizes[box][0] for box in alone)])
    x, y, tallest = 0.0, height + (GAP if graph else 0.0), 0.0
    for box in alone:
        w, h = sizes[box]
        if x and x + w > room:
            x, y, tallest = 0.0, y + tallest + BESIDE, 0.0
        corners[box] = (x, y)
        width, height, tallest = max(width, x + w), max(height, y + h), max(tallest, h)
        x += w + BESIDE
    return Layout([corners[box] for box in range(len(sizes))], placed.routes, width, height)


def _layered(sizes: list[tuple[float, float]], arrows: list[tuple[int, int]]) -> Layout:
    if not sizes:
        return Layout([], [], 0.0, 0.0)
    layers = Layers(len(sizes), arrows)
    reduce_crossings(layers)
    n = len(sizes)
    width = [w for w, _ in sizes] + [LINE] * (len(layers.level) - n)
    places = Places(layers, width, lambda a, b: BESIDE if a < n and b < n else BESIDE_LINE)
    x = places.x

    row_top, row_bottom = [], []
    y = 0.0
    for row in layers.rows:
        tallest = max([sizes[item][1] for item in row if item < n], default=0.0)
        row_top.append(y)
        row_bottom.append(y + tallest)
        aside = max([abs(x[item] - x[other]) for item in row for other in layers.down[item]], default=0.0)
        y += tallest + min(GAP + aside / 12, WIDEST_GAP)

    top, bottom = [], []
    for box, (_, h) in enumerate(sizes):
        level = layers.level[box]
        middle = (row_top[level] + row_bottom[level]) / 2
        top.append(middle - h / 2)
        bottom.append(middle + h / 2)

    left = min(x[item] - width[item] / 2 for item in range(len(x)))
    x = [at - left for at in x]
    right = max(x[item] + width[item] / 2 for item in range(len(x)))
    corners = [(x[box] - sizes[box][0] / 2, top[box]) for box in range(n)]
    lines = routes(layers, arrows, x, top, bottom, row_top, row_bottom, width)
    return Layout(corners, lines, right, row_bottom[-1])
