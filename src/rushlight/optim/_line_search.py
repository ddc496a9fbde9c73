"""Line search for the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .._core.tensor import Tensor


class Trial(NamedTuple):
    """A point on the line: its distance, loss, gradient, and the loss's slope along the line."""

    t: Any
    loss: float
    grad: Tensor
    slope: Any


SUFFICIENT_DECREASE, CURVATURE, TOLERANCE = 1e-4, 0.9, 1e-9


def strong_wolfe(trial: Callable[[Any], Trial], start: Trial, t: Any, d: Tensor, max_trials: int) -> tuple[Trial, int]:
    """A point where the loss has decreased enough and its slope has flattened, and how many trials it took.

    trial: the point at a distance. start: the point at distance 0. t: the first distance to try. d: the
    direction. The best point so far where ``max_trials`` more do not find one.
    """
    size = d.abs().max()
    new, previous = trial(t), start
    tried = 1

    def too_high(point: Trial) -> bool:
        return bool(point.loss > start.loss + SUFFICIENT_DECREASE * point.t * start.slope)

    def flat(point: Trial) -> bool:
        return bool(abs(point.slope) <= -CURVATURE * start.slope)

    # Go on until two points have such a point between them.
    more = 0
    while more < max_trials:
        if too_high(new) or (more > 1 and new.loss >= previous.loss):
            ends = [previous, new]
            break
        if flat(new):
            return new, tried
        if new.slope >= 0:
            ends = [previous, new]
            break
        t = minimum_of_cubic(previous, new, new.t + 0.01 * (new.t - previous.t), new.t * 10)
        previous, new = new, trial(t)
        tried += 1
        more += 1
    else:
        ends = [start, new]

    # Narrow the two down: `low` is the one with the lower loss.
    low, high = (0, 1) if ends[0].loss <= ends[1].loss else (1, 0)
    stalled = False
    while more < max_trials and abs(ends[1].t - ends[0].t) * size >= TOLERANCE:
        left, right = min(ends[0].t, ends[1].t), max(ends[0].t, ends[1].t)
        t = minimum_of_cubic(ends[0], ends[1], left, right)
        margin = 0.1 * (right - left)
        near = min(right - t, t - left) < margin
        if near and (stalled or t >= right or t <= left):
            # Twice near the same end, or beyond it: step inside.
            t = right - margin if abs(t - right) < abs(t - left) else left + margin
            near = False
        stalled = near
        new = trial(t)
        tried += 1
        more += 1
        if too_high(new) or new.loss >= ends[low].loss:
            ends[high] = new
            low, high = (0, 1) if ends[0].loss <= ends[1].loss else (1, 0)
            continue
        done = flat(new)
        if not done and new.slope * (ends[high].t - ends[low].t) >= 0:
            ends[high] = ends[low]
        ends[low] = new
        if done:
            break
    return ends[low], tried


def minimum_of_cubic(a: Trial, b: Trial, low: Any, high: Any) -> Any:
    """Where the cubic through two points with their slopes is least, within bounds; their middle if nowhere."""
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1**2 - a.slope * b.slope
    if square < 0:
        return (low + high) / 2.0
    d2 = square.sqrt()
    if a.t <= b.t:
        t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    else:
        t = a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
    return min(max(t, low), high)
