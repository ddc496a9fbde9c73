"""Activations and their derivatives."""

from __future__ import annotations

import math
from typing import Any

from ..graph import Operation
from ..loops import Node
from ..vectors import Emitter
from .base import BOOL, Unsupported, add, div, function, lowers, mul, neg, of_one_type, point, sub, where

ROOT_HALF = math.sqrt(0.5)
ROOT_2_OVER_PI = math.sqrt(2 / math.pi)
CUBIC = 0.044715  # Hendrycks & Gimpel 2016, arXiv:1606.08415


def floats(*args: Any) -> None:
    """Refuse what is not of floating point."""
    if any(isinstance(x, Node) and x.dtype.kind != "f" for x in args):
        raise Unsupported("integers")


def greater(a: Any, b: Any) -> Node:
    return point(Emitter.gt, a, b, dtype=BOOL)


def at_most(a: Any, b: Any) -> Node:
    return point(Emitter.le, a, b, dtype=BOOL)


def clamped(x: Node, low: float | None, high: float | None) -> Node:
    """``x`` limited by numbers; nan stays."""
    if low is not None:
        x = point(lambda e, v: e.select(e.lt(v, low), low, v), x)
    if high is not None:
        x = point(lambda e, v: e.select(e.gt(v, high), high, v), x)
    return x


@lowers("ClampBackward1", "ClampMin", "ClampMax")
def lower_clamp(operation: Operation, x: Node, *, min: Any, max: Any) -> Node:
    if x.dtype.kind not in "fi" or isinstance(min, Node) or isinstance(max, Node):
        raise Unsupported("clamp")
    return clamped(x, min, max)


@lowers("Hardtanh")
def lower_hardtanh(operation: Operation, x: Node, *, low: Any, high: Any) -> Node:
    return clamped(x, low, high)


@lowers("Threshold")
def lower_threshold(operation: Operation, x: Node, *, threshold: Any, value: Any) -> Node:
    return where(at_most(x, threshold), value, x)


@lowers("ThresholdBackwardBackward0")
def lower_threshold_backward(operation: Operation, g: Node, x: Node, *, threshold: Any) -> Node:
    g, x = of_one_type(g, x)
    return where(at_most(x, threshold), 0.0, g)


@lowers("LeakyRelu")
def lower_leaky_relu(operation: Operation, x: Node, *, negative_slope: float) -> Node:
    return where(greater(x, 0.0), x, mul(x, float(negative_slope)))


@lowers("LeakyReluBackwardBackward0")
def lower_leaky_relu_backward(operation: Operation, g: Node, x: Node, *, negative_slope: float) -> Node:
    g, x = of_one_type(g, x)
    return where(greater(x, 0.0), g, mul(g, float(negative_slope)))


@lowers("Elu")
def lower_elu(operation: Operation, x: Node, *, negative: float, positive: float, inner: float) -> Node:
    floats(x)
    below = mul(function("expm1", mul(x, float(inner))), float(negative))
    return where(greater(x, 0.0), mul(x, float(positive)), below)


@lowers("Silu")
def lower_silu(operation: Operation, x: Node) -> Node:
    floats(x)
    return mul(x, function("sigmoid", x))


@lowers("Softplus")
def lower_softplus(operation: Operation, x: Node, *, beta: float, threshold: float) -> Node:
    floats(x)
    scaled = mul(x, float(beta))
    return where(greater(scaled, float(threshold)), x, div(function("log1p_exp", scaled), float(beta)))


@lowers("LogSigmoid")
def lower_log_sigmoid(operation: Operation, x: Node) -> Node:
    floats(x)
    return neg(function("log1p_exp", neg(x)))


@lowers("Mish")
def lower_mish(operation: Operation, x: Node) -> Node:
    floats(x)
    return mul(x, function("tanh", function("log1p_exp", x)))


@lowers("Gelu")
def lower_gelu(operation: Operation, x: Node, *, approximate: str) -> Node:
    floats(x)
    if approximate == "none":
        return mul(mul(x, 0.5), add(1.0, function("erf", mul(x, ROOT_HALF))))
    inner = mul(add(x, mul(mul(mul(x, x), x), CUBIC)), ROOT_2_OVER_PI)
    return mul(mul(x, 0.5), add(1.0, function("tanh", inner)))


@lowers("Hardsigmoid")
def lower_hardsigmoid(operation: Operation, x: Node) -> Node:
    floats(x)
    return div(clamped(add(x, 3.0), 0.0, 6.0), 6.0)


@lowers("Hardswish")
def lower_hardswish(operation: Operation, x: Node) -> Node:
    floats(x)
    return div(mul(x, clamped(add(x, 3.0), 0.0, 6.0)), 6.0)


@lowers("Hardshrink")
def lower_hardshrink(operation: Operation, x: Node, *, lambd: float) -> Node:
    floats(x)
    return where(at_most(point(Emitter.abs, x), float(lambd)), 0.0, x)


@lowers("PreluKernel")
def lower_prelu(operation: Operation, x: Node, weight: Node) -> Node:
    x, weight = of_one_type(x, weight)
    floats(x)
    return where(greater(x, 0.0), x, mul(x, weight))


@lowers("Frac")
def lower_frac(operation: Operation, x: Node) -> Node:
    floats(x)
    return sub(x, point(Emitter.trunc, x))
