"""The order within the layers: each item is brought to the middle of those it is linked to, layer by layer,
and neighbours are exchanged where that helps."""

from __future__ import annotations

from bisect import bisect_right, insort

from .layers import Layers

SWEEPS = 12
# So many sweeps without fewer crossings, and there will be none.
PATIENCE = 3
EXCHANGES = 4


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
    for row in layers.rows:
        _number(row, place)
    for _ in range(EXCHANGES):
        if not sum([_exchange(row, layers, place) for row in layers.rows]):
            break


def _number(row: list[int], place: list[float]) -> None:
    for k, item in enumerate(row):
        place[item] = k


def _sort(row: list[int], links: list[list[int]], place: list[float]) -> None:
    """Order a layer by the mean places of what its items are linked to; items without links stay where they are."""
    mean = {item: sum([place[other] for other in links[item]]) / len(links[item]) for item in row if links[item]}
    ordered = iter(sorted(mean, key=mean.__getitem__))
    row[:] = [next(ordered) if item in mean else item for item in row]
    _number(row, place)


def _exchange(row: list[int], layers: Layers, place: list[float]) -> int:
    """Exchange neighbours where fewer links cross then; how many were."""
    done = 0
    for k in range(len(row) - 1):
        a, b = row[k], row[k + 1]
        gain = 0
        for links in (layers.up, layers.down):
            for end in [place[other] for other in links[a]]:
                for other in links[b]:
                    gain += (place[other] < end) - (place[other] > end)
        if gain > 0:
            row[k], row[k + 1] = b, a
            place[a], place[b] = place[b], place[a]
            done += 1
    return done


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
