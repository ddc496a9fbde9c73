"""Fisher and Yates' shuffle for exchanges that are drawn beforehand."""

from __future__ import annotations

import numpy as np

_LOOP_BELOW = 2000  # where the loop is as fast


def shuffled(n: int, partners: np.ndarray) -> np.ndarray:
    """0 to n - 1 (int64) after place i exchanged contents with place `partners[i]` >= i, for i = 0 to n - 2.

    >>> shuffled(4, np.array([2, 2, 3]))
    array([2, 0, 3, 1])
    """
    return by_steps(n, partners) if n < _LOOP_BELOW else by_chains(n, partners)


def by_steps(n: int, partners: np.ndarray) -> np.ndarray:
    """One exchange after the other."""
    order = list(range(n))
    for i, partner in enumerate(partners.tolist()):
        order[i], order[partner] = order[partner], order[i]
    return np.array(order, np.int64)


def by_chains(n: int, partners: np.ndarray) -> np.ndarray:
    """The same without a loop over the steps, several times faster for large n.

    Let v(i) be what stands at place i just before step i. Step i puts v(i) at its partner's place, so v(i)
    is v(j) for the last earlier step j with partner i, or i itself if there is none: following j leads to
    the root of a chain. The result at i is what stood at its partner's place: v(j) for the last earlier
    step j with the *same* partner, or the partner's number if there is none.
    """
    steps = np.arange(n - 1)
    # Step n - 1 is added, its own partner: it puts what is left at the end.
    partners = np.append(partners, n - 1)
    # Sorted by partner, then by step: who had the same partner before stands next to the left.
    ordered = np.sort((partners << 32) | np.arange(n))
    partner, step = ordered >> 32, ordered & 0xFFFFFFFF
    same = np.flatnonzero(partner[1:] == partner[:-1])

    source = np.arange(n)
    moved = steps[partners[:-1] != steps]
    source[partners[moved]] = moved  # of several steps with one partner the last remains
    while True:
        further = source[source]
        if np.array_equal(further, source):
            break
        source = further
    result = partners.copy()
    earlier = np.full(n, -1)
    earlier[step[same + 1]] = step[same]
    own = partners == np.arange(n)
    result[own] = source[own]
    again = (earlier >= 0) & ~own
    result[again] = source[earlier[again]]
    return result
