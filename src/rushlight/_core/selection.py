"""The largest k of some numbers, equal ones in the order in which PyTorch's CPU kernel leaves them.

The kernel hands (number, index) pairs to the C++ library's selection and sorting, which are not stable: among
equal numbers the order is a by-product of the exchanges made. GNU's library follows Musser's introspective
sorting (1997); its exchanges are made again here, but only where equal numbers let them show.
"""

from __future__ import annotations

import numpy as np

Pair = tuple[float, int]

_FEW = 16  # GNU's library leaves ranges up to this length to insertion sort


def largest_indices(numbers: np.ndarray, k: int) -> np.ndarray:
    """Indices (int64) of the `k` largest of a 1-d array, largest first; NaN counts as larger than any number.

    >>> largest_indices(np.array([2.0, 1.0, 2.0, 0.0, 2.0]), 3)
    array([2, 4, 0])
    """
    numbers = np.asarray(numbers)
    order = np.argsort(-numbers, kind="stable")
    missing = int(np.isnan(numbers).sum())
    order = np.concatenate((order[len(order) - missing :], order[: len(order) - missing]))
    leading = numbers[order[: k + 1]]
    if missing < 2 and not (leading[1:] == leading[:-1]).any():
        return order[:k]
    # A NaN stands as an infinity above infinity: ranks compare as the numbers do.
    ranks = np.unique(numbers, return_inverse=True)[1]
    pairs = list(zip(ranks.tolist(), range(len(numbers))))
    if k * 64 <= len(pairs):
        _sort_first(pairs, 0, k, len(pairs))
    else:
        _select(pairs, k - 1)
        _sort(pairs, 0, k - 1)
    return np.array([index for _, index in pairs[:k]], np.int64)


def _before(a: Pair, b: Pair) -> bool:
    return a[0] > b[0]


def _depth(length: int) -> int:
    return 2 * (length.bit_length() - 1)


def _select(pairs: list[Pair], nth: int) -> None:
    """Put the pair that belongs at `nth` there, those before it before and those after it after."""
    first, last = 0, len(pairs)
    depth = _depth(last)
    while last - first > 3:
        if depth == 0:
            _gather_heap(pairs, first, nth + 1, last)
            pairs[first], pairs[nth] = pairs[nth], pairs[first]
            return
        depth -= 1
        cut = _partition(pairs, first, last)
        if cut <= nth:
            first = cut
        else:
            last = cut
    _insertion_sort(pairs, first, last)


def _sort(pairs: list[Pair], first: int, last: int) -> None:
    pending = [(first, last, _depth(last - first))] if last > first else []
    while pending:
        start, stop, depth = pending.pop()
        while stop - start > _FEW:
            if depth == 0:
                _sort_first(pairs, start, stop, stop)
                break
            depth -= 1
            cut = _partition(pairs, start, stop)
            pending.append((cut, stop, depth))  # the parts do not touch: their order does not matter
            stop = cut
    _insertion_sort(pairs, first, last)


def _partition(pairs: list[Pair], first: int, last: int) -> int:
    """Hoare's partition about a median of three, which is first brought to the front."""
    a, b, c = first + 1, first + (last - first) // 2, last - 1
    if _before(pairs[a], pairs[b]):
        median = b if _before(pairs[b], pairs[c]) else c if _before(pairs[a], pairs[c]) else a
    else:
        median = a if _before(pairs[a], pairs[c]) else c if _before(pairs[b], pairs[c]) else b
    pairs[first], pairs[median] = pairs[median], pairs[first]
    pivot = pairs[first]
    left, right = first + 1, last
    while True:
        while _before(pairs[left], pivot):
            left += 1
        right -= 1
        while _before(pivot, pairs[right]):
            right -= 1
        if left >= right:
            return left
        pairs[left], pairs[right] = pairs[right], pairs[left]
        left += 1


def _insertion_sort(pairs: list[Pair], first: int, last: int) -> None:
    for position in range(first + 1, last):
        pair, hole = pairs[position], position
        while hole > first and _before(pair, pairs[hole - 1]):
            pairs[hole] = pairs[hole - 1]
            hole -= 1
        pairs[hole] = pair


def _sort_first(pairs: list[Pair], first: int, middle: int, last: int) -> None:
    """Partial sort: a heap of the leading pairs, then taken apart from its worst."""
    _gather_heap(pairs, first, middle, last)
    for end in range(middle - 1, first, -1):
        pair, pairs[end] = pairs[end], pairs[first]
        _sift(pairs, first, 0, end - first, pair)


def _gather_heap(pairs: list[Pair], first: int, middle: int, last: int) -> None:
    """Make [first, middle) a heap, its worst pair in front, of the leading pairs of [first, last)."""
    size = middle - first
    for root in range(size // 2 - 1, -1, -1):
        _sift(pairs, first, root, size, pairs[first + root])
    for position in range(middle, last):
        if _before(pairs[position], pairs[first]):
            pair, pairs[position] = pairs[position], pairs[first]
            _sift(pairs, first, 0, size, pair)


def _sift(pairs: list[Pair], first: int, root: int, size: int, pair: Pair) -> None:
    """Floyd's sift: the hole at `root` goes down along worse children to a leaf, `pair` up from there."""
    hole = root
    while (child := 2 * hole + 1) < size:
        if child + 1 < size and not _before(pairs[first + child + 1], pairs[first + child]):
            child += 1
        pairs[first + hole] = pairs[first + child]
        hole = child
    while hole > root and _before(pairs[first + (parent := (hole - 1) // 2)], pair):
        pairs[first + hole] = pairs[first + parent]
        hole = parent
    pairs[first + hole] = pair
