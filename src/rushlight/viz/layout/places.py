"""Where along their layers the items stand: near what they are linked to, at a distance from their neighbours.

One layer at a time: each item has a wish, the mean place of what it is linked to, and the places closest to the
wishes (least squares) that keep order and distances are found exactly, by isotonic regression (pool adjacent
violators). Nothing can overlap, then or when single items are moved within the room that they have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from .layers import Layers

ROUNDS = 6


class Places:
    """The x of every item's middle.

    width       of each item
    apart       the room between neighbours
    """

    def __init__(self, layers: Layers, width: Sequence[float], apart: Callable[[int, int], float]):
        self.layers = layers
        # A trunk bends only where it must; a weight makes way for an operation.
        self.weight = [
            (2.0 if layers.is_passage(item) else 1.0) * (1.0 if light else 20.0)
            for item, light in enumerate(layers.light)
        ]
        self.up = [self._main(up, [layers.is_main(u, item) for u in up]) for item, up in enumerate(layers.up)]
        self.down = [self._main(down, [layers.is_main(item, d) for d in down]) for item, down in enumerate(layers.down)]
        for item, light in enumerate(layers.light):
            if light and not layers.is_passage(item):
                self.up[item] = self.down[item]  # it stands by its use, wherever it came from
        # The least distance of each item from its left neighbour.
        self.distance = [0.0] * len(layers.level)
        self.x = [0.0] * len(layers.level)
        self.before: dict[int, int] = {}
        self.after: dict[int, int] = {}
        for row in layers.rows:
            for a, b in pairwise(row):
                self.before[b], self.after[a] = a, b
                self.distance[b] = (width[a] + width[b]) / 2 + apart(a, b)
                self.x[b] = self.x[a] + self.distance[b]
            middle = (self.x[row[0]] + self.x[row[-1]]) / 2
            for item in row:
                self.x[item] -= middle
        for _ in range(ROUNDS):
            for row in layers.rows[1:]:
                self._settle(row, self.up)
            for row in reversed(layers.rows[:-1]):
                self._settle(row, self.down)
        for _ in range(2):
            for row in layers.rows:
                self._settle(row, self.up, self.down)
        for _ in range(2):
            self._straighten()
            self._gather()

    @staticmethod
    def _main(linked: list[int], main: list[bool]) -> list[int]:
        """The main links among those of an item, or all of them where none is."""
        return [other for other, is_main in zip(linked, main) if is_main] or linked

    def _wish(self, item: int, *sides: list[list[int]]) -> float:
        """The mean place of what an item should stand above or below."""
        x = self.x
        linked = [x[other] for links in sides for other in links[item]]
        return sum(linked) / len(linked) if linked else x[item]

    def _settle(self, row: list[int], *sides: list[list[int]]) -> None:
        """Place a layer's items as near to their wishes as their distances allow."""
        # In coordinates less the distances so far, keeping apart means not to decrease.
        offset = 0.0
        offsets = []
        pools: list[list[float]] = []  # [weight, weighted sum of wishes, number of items]
        for item in row:
            offset += self.distance[item]
            offsets.append(offset)
            w = self.weight[item]
            pool = [w, w * (self._wish(item, *sides) - offset), 1]
            while pools and pools[-1][1] * pool[0] > pool[1] * pools[-1][0]:
                left = pools.pop()
                pool = [left[0] + pool[0], left[1] + pool[1], left[2] + pool[2]]
            pools.append(pool)
        k = 0
        for w, total, n in pools:
            at = total / w
            for _ in range(int(n)):
                self.x[row[k]] = at + offsets[k]
                k += 1

    def _room(self, item: int) -> tuple[float, float]:
        """Between which places an item can be moved without another."""
        before, after = self.before.get(item), self.after.get(item)
        return (
            float("-inf") if before is None else self.x[before] + self.distance[item],
            float("inf") if after is None else self.x[after] - self.distance[after],
        )

    def _straighten(self) -> None:
        """Make the runs of items that follow each other vertical, as far as there is room beside them."""
        x = self.x
        for run in self._runs():
            k = 0
            while k < len(run):
                # The longest piece of the run that fits into one vertical.
                low, high = float("-inf"), float("inf")
                end = k
                while end < len(run):
                    left, right = self._room(run[end])
                    if max(low, left) > min(high, right):
                        break
                    low, high = max(low, left), min(high, right)
                    end += 1
                if end - k > 1:
                    wish = sorted(x[item] for item in run[k:end])[(end - k) // 2]
                    for item in run[k:end]:
                        x[item] = min(max(wish, low), high)
                k = max(end, k + 1)

    def _gather(self) -> None:
        """Bring the light boxes to their uses, as far as there is room, now that those stand."""
        for row in reversed(self.layers.rows):
            for item in row:
                if self.layers.light[item] and not self.layers.is_passage(item):
                    low, high = self._room(item)
                    self.x[item] = min(max(self._wish(item, self.down), low), high)

    def _runs(self) -> list[list[int]]:
        """Chains of items that should stand below each other, the longest first."""
        follower: dict[int, int] = {}
        for item, down in enumerate(self.down):
            passages = [d for d in down if self.layers.is_passage(d)]
            for target in passages or down[:1]:
                if self.up[target] == [item] and (passages or len(down) == 1):
                    follower[item] = target
        runs = []
        for item in follower.keys() - set(follower.values()):
            run = [item]
            while run[-1] in follower:
                run.append(follower[run[-1]])
            runs.append(run)
        return sorted(runs, key=lambda run: (-len(run), run[0]))
