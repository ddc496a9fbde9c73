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

from ..primitive import Primitive
from .operands import Operand
from .operands import mapped as mapped
from .operands import with_ndim as with_ndim

Rule = Callable[[Primitive, list[Operand], dict[str, Any], int], Any]

BY_NAME: dict[str, Rule] = {}
BY_FAMILY: dict[str, Rule] = {}
_FOUND: dict[Primitive, Rule] = {}  # what `rule_of` has found, since it is asked at every operation


def batching_rule(*names: str, family: str | None = None) -> Callable[[Rule], Rule]:
    """Register a rule for the primitives of these names, or for a family."""

    def decorate(rule: Rule) -> Rule:
        BY_NAME.update(dict.fromkeys(names, rule))
        if family is not None:
            BY_FAMILY[family] = rule
        _FOUND.clear()
        return rule

    return decorate


def rule_of(primitive: Primitive) -> Rule:
    """The batching rule of a primitive."""
    rule = _FOUND.get(primitive)
    if rule is None:
        rule = BY_NAME.get(primitive.name) or BY_FAMILY.get(primitive.family)
        if rule is None:
            rule = elementwise.aligned_rule if primitive.elementwise else one_by_one
        _FOUND[primitive] = rule
    return rule


def one_by_one(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """The rule of primitives that have none."""
    return NotImplemented


elementwise = import_module(".elementwise", __name__)
for _name in ("dimensions", "views", "products", "matrices", "indexing", "losses", "layers", "convolutions"):
    import_module(f".{_name}", __name__)
