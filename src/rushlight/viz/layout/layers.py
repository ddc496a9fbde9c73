"""Which layer each box is in, and what stands in for long arrows in the layers that they pass."""

from __future__ import annotations

from collections.abc import Iterable


class Layers:
    """The items of each layer, and their links to the next.

    An item is a box, or the place where the arrows of a box pass a layer on their way down. Such a `passage` is shared
    by all arrows of that box: they leave as one trunk and branch off where they arrive. So a weight that is used in
    a hundred steps is one line, and the number of items stays below boxes × layers.

    rows       for each layer its items, in order from left to right
    level      for each item its layer
    source     for each item the box whose value is there: itself or, of a passage, where it comes from
    up, down   for each item those it is linked to in the layers before and after
    light      for each item whether it only adds something to what others carry on: see `_main_inputs`
    """

    def __init__(self, n: int, arrows: Iterable[tuple[int, int]]):
        self.boxes = n
        self.into: list[list[int]] = [[] for _ in range(n)]  # of each box: the boxes it has arrows from
        self.out: list[list[int]] = [[] for _ in range(n)]
        for source, target in arrows:
            if source not in self.into[target]:
                self.into[target].append(source)
                self.out[source].append(target)
        self.level, depth = _levels(self.into, self.out)
        self.main = [_main_inputs(into, depth) for into in self.into]
        self.light = [True] * n
        for box in sorted(range(n), key=depth.__getitem__, reverse=True):
            uses = self.out[box]
            self.light[box] = bool(uses) and all(self.light[use] or box not in self.main[use] for use in uses)
        self.source = list(range(n))
        self.up: list[list[int]] = [[] for _ in range(n)]
        self.down: list[list[int]] = [[] for _ in range(n)]
        for box in range(n):
            self._trunk(box)
        self.rows = self._rows()

    def is_passage(self, item: int) -> bool:
        return item >= self.boxes

    def is_main(self, above: int, below: int) -> bool:
        """Whether a link is one that should be straight."""
        if self.is_passage(below):
            return not self.light[below]
        return self.source[above] in self.main[below]

    def _trunk(self, box: int) -> None:
        """Link a box to its targets, through passages where these are further down."""
        here = box
        level = self.level[box]
        targets = sorted(self.out[box], key=lambda t: self.level[t])
        for target in targets:
            while level < self.level[target] - 1:
                level += 1
                passage = len(self.level)
                self.level.append(level)
                self.source.append(box)
                self.light.append(self.light[box])
                self.up.append([])
                self.down.append([])
                self._link(here, passage)
                here = passage
            self._link(here, target)

    def _link(self, a: int, b: int) -> None:
        self.down[a].append(b)
        self.up[b].append(a)

    def _rows(self) -> list[list[int]]:
        """A first order: as a walk up from the ends meets the items, the inputs of each from left to right."""
        rows: list[list[int]] = [[] for _ in range(max(self.level, default=-1) + 1)]
        arguments = {box: {s: k for k, s in enumerate(into)} for box, into in enumerate(self.into)}
        met = [False] * len(self.level)
        todo = [box for box in reversed(range(self.boxes)) if not self.out[box]]
        while todo:
            item = todo.pop()
            if met[item]:
                continue
            met[item] = True
            rows[self.level[item]].append(item)
            if item < self.boxes:
                rank = arguments[item]
                self.up[item].sort(key=lambda u, rank=rank: rank[self.source[u]])  # type: ignore[misc]
            todo.extend(reversed(self.up[item]))
        return rows


def _main_inputs(into: list[int], depth: list[int]) -> set[int]:
    """Those of a box's inputs that it should stand below: what was long in the making, not a weight that joins in."""
    deepest = max([depth[source] for source in into], default=0)
    return {source for source in into if 2 * depth[source] >= deepest}


def _levels(into: list[list[int]], out: list[list[int]]) -> tuple[list[int], list[int]]:
    """The layer of each box, and its depth: the length of the longest path that leads to it.

    The two are the same but for what was made of leaves alone and is used late (a weight, the transpose of a weight):
    it stands just above its use, since one line from a leaf, however long, is less than one from each thing made of it.
    """
    n = len(into)
    waiting = [len(sources) for sources in into]
    order = [box for box in range(n) if not waiting[box]]
    depth = [0] * n
    movable = [True] * n
    for box in order:  # grows while it is walked
        movable[box] = all(movable[s] and (len(out[s]) == 1 or not into[s]) for s in into[box])
        for target in out[box]:
            depth[target] = max(depth[target], depth[box] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    if len(order) < n:
        raise ValueError("the arrows go round in a circle: there is no layered layout")
    level = list(depth)
    for box in reversed(order):
        if out[box] and movable[box]:
            level[box] = min(level[target] for target in out[box]) - 1
    lowest = min(level, default=0)
    return [k - lowest for k in level], depth
