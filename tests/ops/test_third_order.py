"""Third derivatives of every record and composite: by the rules, in several nestings, and by differences of the second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rushlight._core.primitive import REGISTRY, Primitive
from tests.ops import samples
from tests.ops.samples import Sample
from tests.ops.test_derivatives import Case, cases, check_second_order
from tests.ops.test_transforms import Derivative, check_nestings

# A central difference over 6e-5 of numbers that are good to 1e-15 of their size; wider ones are wrong by more than the
# tolerance where functions bend as sharply as the logarithm near zero.
STEP = 3e-5
DIFFERENCES = {"rtol": 1e-5, "atol": 1e-6}


def check_third_order(f: Derivative) -> None:
    """Along one random direction: reverse and forward mode, and mixed, agree with each other and with differences."""
    check_nestings(f, ("rrr", "fff", "frr", "rff"), rtol=1e-7, atol=1e-7)
    second = f.by_reverse(f.by_reverse(f.weighted))
    ahead, behind = [second(*[p + sign * STEP * t for p, t in zip(f.primals, f.tangents)]).item() for sign in (1, -1)]
    size = max(abs(ahead), abs(behind), 1)
    np.testing.assert_allclose((ahead - behind) / (2 * STEP) / size, f.nested("rrr") / size, **DIFFERENCES)


@pytest.mark.parametrize("case", cases(order=2))
def test_third_order(case):
    f = Derivative(case)
    if not f.is_one:
        pytest.skip("nothing to differentiate")
    check_third_order(f)


# -- the check catches wrong rules ------------------------------------------------------------------------------------


@pytest.fixture
def planted():
    """Make records that are gone after the test."""
    before = dict(REGISTRY)
    yield lambda forward, **rules: Primitive(f"Planted{len(REGISTRY)}", forward, **rules)
    REGISTRY.clear()
    REGISTRY.update(before)


def derivative_of(primitive: Any, *, as_complex: bool = False) -> Derivative:
    return Derivative(Case("Planted", 0, Sample(primitive.bind, samples.numbers(2, 3)), as_complex=as_complex))


@pytest.mark.parametrize("as_complex", [False, True])
def test_right_rules_pass(planted, as_complex):
    check_third_order(derivative_of(planted(np.sin, derivative=(lambda x: x.cos(),)), as_complex=as_complex))


def test_a_rule_that_is_wrong_in_its_second_derivative_is_caught(planted):
    """Value, first and second derivative are right, and both modes agree on the third."""
    square = planted(lambda x: x**2, derivative=(lambda x: 3 * x,))
    cube = planted(lambda x: x**3 / 3, derivative=(lambda x: square.bind(x),))
    f = derivative_of(planted(lambda x: x**4 / 12, derivative=(lambda x: cube.bind(x),)))
    check_second_order(f, f.case.inputs())
    check_nestings(f, ("rr", "ff", "fr", "rf"), rtol=1e-8, atol=1e-8)
    with pytest.raises(AssertionError):
        check_third_order(f)


def test_modes_that_disagree_in_third_order_are_caught(planted):
    wrong = planted(
        lambda x: x**3,
        vjp=lambda g, x: g * 3 * x * x,
        jvp=lambda x, x_t: x_t * 3 * x.detach() * (2 * x - x.detach()),
    )
    with pytest.raises(AssertionError):
        check_third_order(derivative_of(wrong))
