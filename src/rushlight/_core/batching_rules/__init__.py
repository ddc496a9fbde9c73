"""How primitives are applied to many examples at once.

A rule is called one level below the batching, as ``rule(primitive, operands, params, size)``. It returns the result
(or the tuple of results) for all ``size`` examples along a new first dimension, or NotImplemented where it does not
know how; then the primitive is applied to one example after the other. Rules are written in operations on tensors, so
what they compute is differentiated, batched again or traced like everything else.

Families have rules, and primitives whose family cannot know have one by name.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..batching import Operand
from ..primitive import Primitive

Rule = Callable[[Primitive, list[Operand], dict[str, Any], int], Any]

BY_NAME: dict[str, Rule] = {}
BY_FAMILY: dict[str, Rule] = {}


def batching_rule(*names: str, family: str | None = None) -> Callable[[Rule], Rule]:
    """Register a rule for the primitives of these names, or for a family."""

    def decorate(rule: Rule) -> Rule:
        BY_NAME.update(dict.fromkeys(names, rule))
        if family is not None:
            BY_FAMILY[family] = rule
        return rule

    return decorate


def rule_of(primitive: Primitive) -> Rule:
    """The batching rule of a primitive."""
    rule = BY_NAME.get(primitive.name) or BY_FAMILY.get(primitive.family)
    if rule is not None:
        return rule
    return elementwise.aligned_rule if primitive.elementwise else one_by_one


def one_by_one(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """The rule of primitives that have none."""
    return NotImplemented


def mapped(operand: Operand, size: int) -> Any:
    """The value with the examples along its first dimension, expanded to that where it is the same for all."""
    value = operand.value
    return value if operand.mapped else value.unsqueeze(0).expand(size, *value._data.shape)


def with_ndim(operand: Operand, ndim: int) -> Any:
    """The value such that one example has ``ndim`` dimensions: of size one, put in front of its own.

    Aligned so, examples broadcast as they would on their own. What is not mapped broadcasts as it is.
    """
    value = operand.value
    if not operand.mapped or operand.ndim == ndim:
        return value
    shape = value._data.shape
    return value.reshape(shape[0], *(1,) * (ndim - operand.ndim), *shape[1:])


elementwise = import_module(".elementwise", __name__)
for _name in ("dimensions", "views", "products", "matrices", "indexing", "losses", "layers"):
    import_module(f".{_name}", __name__)
