"""The layout by itself: on random graphs nothing overlaps, arrows lead down and go around boxes."""

import random
from itertools import pairwise

import pytest

from rushlight.viz.diagram import LEAF, OPERATION, RESULT, Arrow, Box, Diagram
from rushlight.viz.layout import layout
from rushlight.viz.layout.layers import Layers
from rushlight.viz.layout.ordering import crossings, reduce_crossings
from rushlight.viz.svg import svg

from .geometry import check, read


def random_arrows(rng, n, density, reach):
    """Arrows from boxes to later ones, some of them twice."""
    arrows = []
    for target in range(1, n):
        count = rng.choice((0, 1, 1, 2, 2, 3)) if density == "sparse" else rng.randrange(6)
        arrows += [(rng.randrange(max(0, target - reach), target), target) for _ in range(count)]
    return arrows


def random_diagram(seed):
    rng = random.Random(seed)
    n = rng.choice((1, 2, 5, 12, 30, 60))
    arrows = random_arrows(rng, n, rng.choice(("sparse", "dense")), rng.choice((3, 10, n)))
    words = ("Mul", "a_rather_long_name.of.a.parameter", "x", "[3, 4] float32", "W")
    boxes = [
        Box(rng.choice((LEAF, OPERATION, RESULT)), rng.choice(words), remarks=rng.choices(words, k=rng.randrange(4)))
        for _ in range(n)
    ]
    return Diagram(boxes, [Arrow(s, t, rng.random() < 0.8) for s, t in arrows])


def test_the_check_sees_what_is_wrong():
    diagram = Diagram([Box(LEAF, "a"), Box(OPERATION, "b"), Box(LEAF, "c")], [Arrow(0, 1, True), Arrow(2, 1, True)])
    good = svg(diagram)
    check(good, 2)
    a, b, c = read(good).boxes
    with pytest.raises(AssertionError):  # one box over another
        check(good.replace(f'x="{c.left:g}"', f'x="{a.left + 20:g}"'), 2)
    through = f'<path d="M{b.left + 20:g} {b.top + 5:g}V{b.bottom - 5:g}M'
    with pytest.raises(AssertionError):  # a line through a box
        check(good.replace('<path d="M', through, 1), 2)
    with pytest.raises(AssertionError):  # an arrow is missing
        check(good, 3)


@pytest.mark.parametrize("seed", range(120))
def test_random_graphs(seed):
    diagram = random_diagram(seed)
    shown = check(svg(diagram), len(diagram.arrows))
    for arrow in diagram.arrows:
        assert shown.boxes[arrow.source].bottom < shown.boxes[arrow.target].top


def point(x, y):
    return (round(x, 6), round(y, 6))


def test_branches_lead_to_their_boxes():
    rng = random.Random(7)
    arrows = random_arrows(rng, 40, "dense", 40)
    sizes = [(rng.uniform(20, 200), rng.uniform(20, 80)) for _ in range(40)]
    placed = layout(sizes, arrows)
    drawn = []
    for route in placed.routes:
        x, y = placed.corners[route.source]
        w, h = sizes[route.source]
        ends = {point(x + w / 2, y + h)}  # where a piece may go on
        for a, b, c, d in route.trunk:
            assert point(a, b) in ends
            ends.add(point(c, d))
        for target, pieces in route.branches:
            assert point(*pieces[0][:2]) in ends
            assert all(one[2:] == other[:2] for one, other in pairwise(pieces))
            end_x, end_y = pieces[-1][2:]
            left, top = placed.corners[target]
            assert end_y == top and left < end_x < left + sizes[target][0]
            drawn.append((route.source, target))
    assert sorted(drawn) == sorted(arrows)


def test_a_chain_is_straight():
    placed = layout([(60, 30), (90, 30), (40, 50), (70, 30)], [(0, 1), (1, 2), (2, 3)])
    middles = {x + w / 2 for (x, _), w in zip(placed.corners, (60, 90, 40, 70))}
    assert len(middles) == 1


def test_weights_stand_beside_a_straight_chain():
    # x -> a -> b -> c -> d, and a weight into each of b, c and d.
    arrows = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 2), (6, 3), (7, 4)]
    placed = layout([(60, 30)] * 8, arrows)
    assert len({placed.corners[box][0] for box in (1, 2, 3, 4)}) == 1
    levels = [placed.corners[box][1] for box in range(8)]
    assert [levels[5], levels[6], levels[7]] == [levels[1], levels[2], levels[3]]


def test_a_weight_used_in_many_steps_has_one_trunk():
    steps = 30
    arrows = [(k, k + 1) for k in range(1, steps)] + [(0, k) for k in range(1, steps + 1)]
    layers = Layers(steps + 1, arrows)
    passages = [item for item in range(len(layers.level)) if layers.is_passage(item)]
    assert len(passages) == steps - 1
    assert {layers.source[item] for item in passages} == {0}


def test_crossings_are_removed_where_that_is_possible():
    # Two ladders whose rungs are given in the wrong order.
    arrows = [(0, 3), (1, 2), (2, 5), (3, 4), (4, 7), (5, 6)]
    layers = Layers(8, arrows)
    reduce_crossings(layers)
    place = [0.0] * 8
    for row in layers.rows:
        for k, item in enumerate(row):
            place[item] = k
    assert crossings(layers, place) == 0


def test_crossings_are_counted():
    layers = Layers(6, [(0, 5), (1, 4), (2, 3)])
    layers.rows = [[0, 1, 2], [3, 4, 5]]
    assert crossings(layers, [0, 1, 2, 0, 1, 2]) == 3
    layers.rows = [[2, 1, 0], [3, 4, 5]]
    assert crossings(layers, [0, 1, 2, 0, 1, 2]) == 0


def test_boxes_without_arrows_stand_below():
    placed = layout([(100, 30)] * 12, [(0, 1)])
    bottom = placed.corners[1][1] + 30
    assert all(y > bottom for _, y in placed.corners[2:])
    assert len({y for _, y in placed.corners[2:]}) > 1  # in several rows
    assert placed.height >= max(y for _, y in placed.corners) + 30


def test_nothing_to_lay_out():
    placed = layout([], [])
    assert (placed.corners, placed.routes, placed.width, placed.height) == ([], [], 0, 0)


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        layout([(10, 10)] * 3, [(0, 1), (1, 2), (2, 1)])
