"""The order within the layers: each item is brought to the middle of those it is linked to, layer by layer."""

from __future__ import annotations

from bisect import bisect_right, insort

from .layers import Layers

SWEEPS = 12
# So many sweeps without fewer crossings, and there will be none.
PATIENCE = 3


def reduce_crossings(layers: Layers) -> None:
    """Reorder ``layers.rows`` so that fewer links cross (the barycenter heuristic, down and up in turn)."""
    place = [0.0] * len(layers.level)
    for row in layers.rows:
        _number(row, place)
    best = [list(row) for row in layers.rows]
    fewest = crossings(layers, place)
    idle = 0
    for sweep in range(SWEEPS):
        if not fewest or idle == PATIENCE:
            break
        rows, links = (layers.rows, layers.up) if sweep % 2 else (layers.rows[::-1], layers.down)
        for row in rows[1:]:
            _sort(row, links, place)
        count = crossings(layers, place)
        idle += 1
        if count < fewest:
            fewest, idle = count, 0
            best = [list(row) for row in layers.rows]
    layers.rows = best


def _number(row: list[int], place: list[float]) -> None:
    for k, item in enumerate(row):
        place[item] = k


def _sort(row: list[int], links: list[list[int]], place: list[float]) -> None:
    """Order a layer by the mean places of what its items are linked to; items without links stay where they are."""
    mean = {item: sum([place[other] for other in links[item]]) / len(links[item]) for item in row if links[item]}
    ordered = iter(sorted(mean, key=mean.__getitem__))
    row[:] = [next(ordered) if item in mean else item for item in row]
    _number(row, place)


def crossings(layers: Layers, place: list[float]) -> int:
    """How many pairs of links cross, each counted between two layers."""
    count = 0
    for row in layers.rows:
        seen: list[float] = []
        for item in row:
            ends = [place[other] for other in layers.down[item]]
            for end in ends:
                count += len(seen) - bisect_right(seen, end)
            for end in ends:
                insort(seen, end)
    return count
