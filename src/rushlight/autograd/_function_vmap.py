"""The batching rule of a custom function, made from its own methods.

Where a `Function` consists of tensor operations, ``generate_vmap_rule`` makes of it another one, which takes all examples
at once and stands one level lower: each of its methods enters the level of the examples and calls the user's there. So
the derivatives of what is batched are the user's too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .._core.batching import Batching
from .._core.batching_rules.operands import Operand
from .._core.tensor import Tensor
from ..utils._pytree import tree_flatten, tree_unflatten
from .function import Function, one_for_each, rule_of


class Kept(NamedTuple):
    """Stands in the place of a node where a context is asked for its saved tensors."""

    saved_tensors: tuple[Any, ...]


def generated(function: type[Function], level: Batching, spec: Any, operands: list[Operand]) -> Any:
    """What ``function`` returns for all examples, as tensors of ``level``. operands: the arguments' leaves."""
    how = How(function, level, spec, operands)
    leaves = [
        v if not isinstance(v, Tensor) else level.batch(v) if mapped else level.lift(v)
        for v, mapped in zip(vmapped(function).apply(how, *[o.value for o in operands]), how.results)
    ]
    return tree_unflatten(leaves, how.returned)


class How:
    """How a function is applied to many examples, and what it returned."""

    def __init__(self, function: type[Function], level: Batching, spec: Any, operands: list[Operand]):
        self.function = function
        # Entered by each of the methods, the last of them long after the level of `torch.vmap` was left.
        self.level = Batching(level.size, level.randomness)
        self.spec = spec  # of the arguments
        self.inputs = [o.mapped for o in operands]  # which leaves of the arguments differ between examples ...
        self.results: list[bool] = []  # ... and which of what was returned
        self.shapes = [o.shape if isinstance(o.value, Tensor) else None for o in operands]  # of one example
        self.returned: Any = None  # the structure of what was returned

    def batch(self, values: Any, mapped: list[bool]) -> list[Any]:
        """Tensors for all examples as those of the level."""
        return [self.level.batch(v) if m and v is not None else v for v, m in zip(values, mapped)]

    def arguments(self, leaves: Any) -> tuple[Any, ...]:
        return tree_unflatten(self.batch(leaves, self.inputs), self.spec)

    def fitted(self, g: Any, mapped: bool) -> Any:
        """What a rule returned for something that is of all examples, or the same for them, as a tensor below."""
        if g is None:
            return None
        value, each, _ = self.level.unbatch(g)
        if mapped and not each:
            return value.expand(self.level.size, *value._data.shape)
        return value.sum(0) if each and not mapped else value


def leaves_of(values: tuple[Any, ...], spec: Any) -> list[Any]:
    """Values for the parts of a tuple as such for all leaves: None for those in further containers."""
    found: list[Any] = []
    for value, part in zip(values, parts_of(spec)):
        found += [value] if part.is_leaf() else [None] * part.num_leaves
    return found


def of_parts(leaves: Any, spec: Any) -> list[Any]:
    """Values for leaves as such for the parts of a tuple: None for further containers."""
    found, start = [], 0
    for part in parts_of(spec):
        found.append(leaves[start] if part.is_leaf() else None)
        start += part.num_leaves
    return found


def parts_of(spec: Any) -> list[Any]:
    """The parts of what a function takes or returns: those of a tuple, or the one thing that is none."""
    return spec.children if spec.type is tuple else [spec]


def vmapped(function: Any) -> type[Vmapped]:
    """The function that applies ``function`` to many examples; of a class of its own, for the name of its nodes."""
    known = function.__dict__.get("_vmapped")
    if known is None:
        known = function._vmapped = type(f"Vmapped{function.__name__}", (Vmapped,), {"__module__": function.__module__})
    return known


class Vmapped(Function):
    """Takes `How`, and the leaves of a function's arguments for all examples; returns those of what that returned."""

    generate_vmap_rule = True

    @staticmethod
    def forward(how: How, *leaves: Any) -> tuple[Any, ...]:
        with how.level as level:
            returned, how.returned = tree_flatten(how.function.forward(*how.arguments(leaves)))
            contents = [level.unbatch(t) for t in returned]
        how.results = [c.mapped for c in contents]
        return tuple([c.value for c in contents])

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Any, ...]) -> None:
        how, *leaves = inputs
        inner = ctx.inner = how.function._context_type()
        ctx.how = how
        inner.needs_input_grad = tuple([w is True for w in of_parts(ctx.needs_input_grad[1:], how.spec)])
        with how.level as level:
            outs = how.batch(output, how.results)
            how.function.setup_context(inner, how.arguments(leaves), tree_unflatten(outs, how.returned))
            backward = [level.unbatch(t) for t in inner.to_save]
            forward = [level.unbatch(t) for t in inner.saved_for_forward]
        if inner.dirty_tensors:
            raise NotImplementedError(
                f"{how.function.__name__}: mark_dirty with generate_vmap_rule is not supported\n"
                "Let forward return a new tensor."
            )
        ctx.save_for_backward(*[o.value for o in backward])
        ctx.save_for_forward(*[o.value for o in forward])
        ctx.saved_mapped, ctx.forward_mapped = [o.mapped for o in backward], [o.mapped for o in forward]
        constant = [any(b is t for t in inner.non_differentiable) for b in outs]
        ctx.mark_non_differentiable(*[o for o, c in zip(output, constant) if c])
        ctx.set_materialize_grads(inner.materialize_grads)
        inner.to_save = inner.saved_for_forward = inner.non_differentiable = ()

    @staticmethod
    def ask(ctx: Any, rule: Any, mapped: list[bool], values: Any, of: list[bool], spec: Any) -> Any:
        """What a rule of the user's returns. mapped: of the saved tensors; values: its arguments, ``of`` which some
        are mapped, for the leaves of ``spec``."""
        how, inner = ctx.how, ctx.inner
        kept = Kept(tuple(how.batch(ctx.saved_tensors, mapped)))
        inner._node = lambda: kept
        try:
            with how.level:
                return rule(inner, *of_parts(how.batch(values, of), spec))
        finally:
            inner._node = None

    @staticmethod
    def backward(ctx: Any, *gs: Any) -> Any:
        how = ctx.how
        grads = Vmapped.ask(ctx, rule_of(how.function), ctx.saved_mapped, gs, how.results, how.returned)
        grads = leaves_of(one_for_each(ctx._node(), grads, len(how.spec.children)), how.spec)
        with how.level:
            grads = [g if g is None or g._data.shape == s else g.sum_to_size(s) for g, s in zip(grads, how.shapes)]
        return None, *[how.fitted(g, m) for g, m in zip(grads, how.inputs)]

    @staticmethod
    def jvp(ctx: Any, _: None, *tangents: Any) -> Any:
        how = ctx.how
        found = Vmapped.ask(ctx, how.function.jvp, ctx.forward_mapped, tangents, how.inputs, how.spec)
        found = leaves_of(found if isinstance(found, tuple) else (found,), how.returned)
        if any(t is not None and how.level.unbatch(t).mapped and not m for t, m in zip(found, how.results)):
            raise NotImplementedError(
                f"{how.function.__name__}: a result that is the same for all examples has a tangent that differs\n"
                "Let forward return what differs, too: result + 0 * x."
            )
        return tuple([how.fitted(t, m) for t, m in zip(found, how.results)])
