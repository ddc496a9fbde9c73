"""The lines of the arrows: they pass the layers vertically and change sides only in the gaps between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .layers import Layers

HEAD = 7.0  # the length of an arrowhead
PORT = 12.0  # between two arrows that end at the same box

Piece = tuple[float, float, float, float]


@dataclass(slots=True)
class Route:
    """All arrows that leave a box.

    The trunk is what they have in common, a branch leads to one target: (target, pieces). A piece of line is
    (x0, y0, x1, y1), vertical where it starts and ends, so that pieces join smoothly. Branches end in arrowheads.
    """

    source: int
    trunk: list[Piece] = field(default_factory=list)
    branches: list[tuple[int, list[Piece]]] = field(default_factory=list)


def routes(
    layers: Layers,
    arrows: Sequence[tuple[int, int]],
    x: Sequence[float],
    top: Sequence[float],
    bottom: Sequence[float],
    row_top: Sequence[float],
    row_bottom: Sequence[float],
    width: Sequence[float],
) -> list[Route]:
    """The routes of all boxes that have arrows. ``top`` and ``bottom`` are the boxes', the others the layers'."""
    multiplicity = Counter(arrows)
    ports = [_ports(layers, target, x, width[target], multiplicity) for target in range(layers.boxes)]
    out = []
    for source in range(layers.boxes):
        if not layers.down[source]:
            continue
        route = Route(source)
        out.append(route)
        start = row_bottom[layers.level[source]]
        if bottom[source] < start:
            route.trunk.append((x[source], bottom[source], x[source], start))
        here = source
        while True:
            below = layers.level[here] + 1
            onward = None
            for target in layers.down[here]:
                if layers.is_passage(target):
                    onward = target
                    continue
                for port in ports[target][here]:
                    # The end is straight, for the arrowhead; it has room above its layer if the box fills that.
                    bend = min(row_top[below], top[target] - HEAD)
                    last = (port, bend, port, top[target])
                    route.branches.append((target, [(x[here], start, port, bend), last]))
            if onward is None:
                break
            route.trunk.append((x[here], start, x[onward], row_top[below]))
            start = row_bottom[below]
            route.trunk.append((x[onward], row_top[below], x[onward], start))
            here = onward
    return out


def _ports(
    layers: Layers, target: int, x: Sequence[float], width: float, multiplicity: Counter[tuple[int, int]]
) -> dict[int, list[float]]:
    """Where on the upper side of a box the arrows from each item above end.

    An arrow that comes straight from above ends in the middle, the others to its left and right; else all of
    them share the side evenly.
    """
    ends = [
        item
        for item in sorted(layers.up[target], key=lambda item: x[item])
        for _ in range(multiplicity[layers.source[item], target])
    ]
    apart = min(PORT, (width - 2 * PORT) / max(len(ends) - 1, 1))
    straight = [k for k, item in enumerate(ends) if abs(x[item] - x[target]) < 0.5]
    middle = straight[0] if len(straight) == 1 else (len(ends) - 1) / 2
    reach = max(middle, len(ends) - 1 - middle)
    apart = min(apart, (width / 2 - PORT / 2) / max(reach, 1))
    ports: dict[int, list[float]] = {}
    for k, item in enumerate(ends):
        ports.setdefault(item, []).append(x[target] + (k - middle) * apart)
    return ports
