"""Standard problems with known minima.

MGH: J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained optimization software", ACM Transactions on
Mathematical Software 7(1), 1981. HS: W. Hock, K. Schittkowski, "Test examples for nonlinear programming codes", Lecture
Notes in Economics and Mathematical Systems 187, Springer, 1981; numbers are theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import rushlight as torch


class Problem(NamedTuple):
    """A function of a vector, where the search begins, the least value, and where it is taken (None: in many places)."""

    f: Callable[[Any], Any]
    start: list[float]
    least: float
    where: list[float] | None = None
    equal: tuple[Callable[[Any], Any], ...] = ()  # zero
    positive: tuple[Callable[[Any], Any], ...] = ()  # not negative
    bounds: Any = None

    @property
    def x0(self) -> Any:
        return torch.tensor(self.start, dtype=torch.float64)

    @property
    def constraints(self) -> list[dict[str, Any]]:
        return [
            *({"type": "eq", "fun": c} for c in self.equal),
            *({"type": "ineq", "fun": c} for c in self.positive),
        ]


def rosenbrock(x):
    """MGH 1, in more variables the chained one."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def beale(x):
    """MGH 5."""
    return sum((y - x[0] * (1 - x[1] ** i)) ** 2 for i, y in ((1, 1.5), (2, 2.25), (3, 2.625)))


def himmelblau(x):
    """D. M. Himmelblau, "Applied nonlinear programming", McGraw-Hill, 1972: four minima."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def booth(x):
    """M. Jamil, X.-S. Yang, "A literature survey of benchmark functions for global optimisation problems",
    International Journal of Mathematical Modelling and Numerical Optimisation 4(2), 2013, number 17."""
    return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


def powell_singular(x):
    """MGH 13: the Hessian has rank 2 at the minimum."""
    return (x[0] + 10 * x[1]) ** 2 + 5 * (x[2] - x[3]) ** 2 + (x[1] - 2 * x[2]) ** 4 + 10 * (x[0] - x[3]) ** 4


def wood(x):
    """MGH 14 and HS 38."""
    return (
        100 * (x[1] - x[0] ** 2) ** 2
        + (1 - x[0]) ** 2
        + 90 * (x[3] - x[2] ** 2) ** 2
        + (1 - x[2]) ** 2
        + 10 * (x[1] + x[3] - 2) ** 2
        + (x[1] - x[3]) ** 2 / 10
    )


def brown_badly_scaled(x):
    """MGH 4."""
    return (x[0] - 1e6) ** 2 + (x[1] - 2e-6) ** 2 + (x[0] * x[1] - 2) ** 2


def helical_valley(x):
    """MGH 7."""
    angle = torch.atan2(x[1], x[0]) / (2 * math.pi)
    return 100 * (x[2] - 10 * angle) ** 2 + 100 * ((x[0] ** 2 + x[1] ** 2).sqrt() - 1) ** 2 + x[2] ** 2


UNCONSTRAINED = {
    "Rosenbrock": Problem(rosenbrock, [-1.2, 1.0], 0, [1, 1]),
    "Rosenbrock in 10 variables": Problem(rosenbrock, [-1.2, 1.0] * 5, 0, [1] * 10),
    "Beale": Problem(beale, [1, 1], 0, [3, 0.5]),
    "Himmelblau": Problem(himmelblau, [1, 1], 0, [3, 2]),
    "Booth": Problem(booth, [0, 0], 0, [1, 3]),
    "Powell singular": Problem(powell_singular, [3, -1, 0, 1], 0),
    "Wood": Problem(wood, [-3, -1, -3, -1], 0, [1, 1, 1, 1]),
    "Brown badly scaled": Problem(brown_badly_scaled, [1, 1], 0, [1e6, 2e-6]),
    "helical valley": Problem(helical_valley, [-1, 0, 0], 0, [1, 0, 0]),
}

BOUNDED = {
    "HS 4": Problem(lambda x: (x[0] + 1) ** 3 / 3 + x[1], [1.125, 0.125], 8 / 3, [1, 0], bounds=[(1, None), (0, None)]),
    "HS 38": Problem(wood, [-3, -1, -3, -1], 0, [1, 1, 1, 1], bounds=(-10, 10)),
}

CONSTRAINED = {
    "HS 6": Problem(lambda x: (1 - x[0]) ** 2, [-1.2, 1], 0, [1, 1], equal=(lambda x: 10 * (x[1] - x[0] ** 2),)),
    "HS 7": Problem(
        lambda x: torch.log(1 + x[0] ** 2) - x[1],
        [2, 2],
        -(3**0.5),
        [0, 3**0.5],
        equal=(lambda x: (1 + x[0] ** 2) ** 2 + x[1] ** 2 - 4,),
    ),
    "HS 10": Problem(
        lambda x: x[0] - x[1],
        [-10, 10],
        -1,
        [0, 1],
        positive=(lambda x: -3 * x[0] ** 2 + 2 * x[0] * x[1] - x[1] ** 2 + 1,),
    ),
    "HS 21": Problem(
        lambda x: 0.01 * x[0] ** 2 + x[1] ** 2 - 100,
        [-1, -1],
        -99.96,
        [2, 0],
        positive=(lambda x: 10 * x[0] - x[1] - 10,),
        bounds=[(2, 50), (-50, 50)],
    ),
    "HS 28": Problem(
        lambda x: (x[0] + x[1]) ** 2 + (x[1] + x[2]) ** 2,
        [-4, 1, 1],
        0,
        [0.5, -0.5, 0.5],
        equal=(lambda x: x[0] + 2 * x[1] + 3 * x[2] - 1,),
    ),
    "HS 35": Problem(
        lambda x: (
            9 - 8 * x[0] - 6 * x[1] - 4 * x[2] + 2 * x[0] ** 2 + 2 * x[1] ** 2 + x[2] ** 2 + 2 * x[0] * (x[1] + x[2])
        ),
        [0.5, 0.5, 0.5],
        1 / 9,
        [4 / 3, 7 / 9, 4 / 9],
        positive=(lambda x: 3 - x[0] - x[1] - 2 * x[2],),
        bounds=(0, None),
    ),
    "HS 43": Problem(
        lambda x: x[0] ** 2 + x[1] ** 2 + 2 * x[2] ** 2 + x[3] ** 2 - 5 * x[0] - 5 * x[1] - 21 * x[2] + 7 * x[3],
        [0, 0, 0, 0],
        -44,
        [0, 1, 2, -1],
        positive=(
            lambda x: 8 - (x * x).sum() - x[0] + x[1] - x[2] + x[3],
            lambda x: 10 - x[0] ** 2 - 2 * x[1] ** 2 - x[2] ** 2 - 2 * x[3] ** 2 + x[0] + x[3],
            lambda x: 5 - 2 * x[0] ** 2 - x[1] ** 2 - x[2] ** 2 - 2 * x[0] + x[1] + x[3],
        ),
    ),
    "HS 71": Problem(
        lambda x: x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2],
        [1, 5, 5, 1],
        17.0140173,
        [1, 4.7429994, 3.8211503, 1.3794082],
        equal=(lambda x: (x * x).sum() - 40,),
        positive=(lambda x: x.prod() - 25,),
        bounds=(1, 5),
    ),
    "HS 100": Problem(
        lambda x: (
            (x[0] - 10) ** 2
            + 5 * (x[1] - 12) ** 2
            + x[2] ** 4
            + 3 * (x[3] - 11) ** 2
            + 10 * x[4] ** 6
            + 7 * x[5] ** 2
            + x[6] ** 4
            - 4 * x[5] * x[6]
            - 10 * x[5]
            - 8 * x[6]
        ),
        [1, 2, 0, 4, 0, 1, 1],
        680.6300573,
        [2.330499, 1.951372, -0.4775414, 4.365726, -0.6244870, 1.038131, 1.594227],
        positive=(
            lambda x: 127 - 2 * x[0] ** 2 - 3 * x[1] ** 4 - x[2] - 4 * x[3] ** 2 - 5 * x[4],
            lambda x: 282 - 7 * x[0] - 3 * x[1] - 10 * x[2] ** 2 - x[3] + x[4],
            lambda x: 196 - 23 * x[0] - x[1] ** 2 - 6 * x[5] ** 2 + 8 * x[6],
            lambda x: -4 * x[0] ** 2 - x[1] ** 2 + 3 * x[0] * x[1] - 2 * x[2] ** 2 - 5 * x[5] + 11 * x[6],
        ),
    ),
}

PROBLEMS = {**UNCONSTRAINED, **BOUNDED, **CONSTRAINED}
