"""Custom functions inside transforms.

To the levels a call of a `Function` is what a primitive is: something to be done one level lower, with a rule for what
the level is about. The rules are the user's: ``backward`` at each level that records, ``jvp`` for tangents, and for
many examples ``vmap``, or where it is to be generated the function's own methods applied to all (`_function_vmap`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from .._core.batching import Batching
from .._core.batching_rules.operands import Operand
from .._core.modes import state
from .._core.tensor import Tensor
from ..utils._pytree import broadcast_prefix, tree_flatten, tree_map, tree_unflatten
from ._function_vmap import Kept, generated
from .forward_ad import DualLevel
from .function import Function, FunctionCtx, finished, has_setup, record, run

_NOTES = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


class VmapInfo(NamedTuple):
    """What the ``vmap`` of a `Function` is told: how many examples there are, and how random numbers are treated."""

    batch_size: int
    randomness: str


def applied(function: type[Function], args: tuple[Any, ...]) -> Any:
    """``function.apply(*args)`` where a transform is active."""
    level = state.interpreter
    outermost = level.outer is None or not level.outer.transforms
    by_hand = isinstance(level, DualLevel) and outermost  # then the one context serves, as `forward` left it
    if not has_setup(function) and not by_hand:
        raise RuntimeError(
            "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must "
            f"override the setup_context staticmethod. {_NOTES}\n"
            f"Let {function.__name__}.forward take no ctx, and define setup_context(ctx, inputs, output)."
        )
    inputs, spec = tree_flatten(args)
    call = Call(function, spec)
    return call.whole(call.bind(*inputs))


class Call:
    """One call of a function, in the place of a primitive.

    Inputs are the leaves of the arguments, which may be containers; results are the tensors in what was returned.
    """

    family = "function"
    differentiable = True
    variadic = True

    def __init__(self, function: type[Function], spec: Any):
        self.function = function
        self.name = function.__name__
        self.spec = spec  # of the arguments
        self.ctx: Any = None  # as `forward` left it, where there is no `setup_context`
        self.leaves: list[Any] = []  # of what was returned; in the place of its tensors come the results
        self.returned: Any = None  # the structure of what was returned

    def bind(self, *inputs: Any, **params: Any) -> tuple[Tensor, ...]:
        level = state.interpreter
        if level is not None and level.transforms:
            return level.bind(self, inputs, params)
        args = self.arguments(inputs)
        computed = run(self.function, args)
        if not has_setup(self.function):
            self.ctx = copy.copy(computed[0])  # before what it saves is moved to the node
        return self.results(finished(self.function, computed, args))

    def arguments(self, inputs: Any) -> tuple[Any, ...]:
        """What belongs to inputs, as it belongs to the arguments."""
        return tree_unflatten(inputs, self.spec)

    def results(self, returned: Any) -> tuple[Tensor, ...]:
        """The tensors in what was returned; the rest is noted."""
        self.leaves, self.returned = tree_flatten(returned)
        return tuple([t for t in self.leaves if isinstance(t, Tensor)])

    def whole(self, results: tuple[Tensor, ...]) -> Any:
        """What is returned, with these results."""
        each = iter(results)
        return tree_unflatten([next(each) if isinstance(t, Tensor) else t for t in self.leaves], self.returned)

    def context(self, inputs: tuple[Any, ...], out: tuple[Tensor, ...], wanted: list[bool]) -> FunctionCtx:
        """The context for rules at this level. wanted: which inputs want a gradient."""
        separate = has_setup(self.function)
        ctx = self.function._context_type() if separate else copy.copy(self.ctx)
        ctx.needs_input_grad = tuple([w is True for w in self.arguments(wanted)])
        if separate:
            before = state.grad, state.cut
            state.set_grad(False, None)
            try:
                self.function.setup_context(ctx, self.arguments(inputs), self.whole(out))
            finally:
                state.set_grad(*before)
        if ctx.dirty_tensors:
            raise NotImplementedError(
                f"{self.name}: mark_dirty inside a transform (vmap, jvp, ...) is not supported\n"
                "Let forward return a new tensor."
            )
        return ctx

    # -- a level that records -------------------------------------------------------------------------------------

    def record(self, inputs: tuple[Any, ...], params: dict[str, Any], out: tuple[Tensor, ...], edges: Any) -> None:
        ctx = self.context(inputs, out, [edge is not None for edge in edges])
        if not has_setup(self.function):
            # It holds what `forward` saw, one level lower.
            level = state.interpreter
            above = {id(level.unpack(t).primal): t for t in (*inputs, *out) if isinstance(t, Tensor)}
            ctx.__dict__.update(tree_map(lambda t: above.get(id(t), t), ctx.__dict__))
        output = self.whole(out)
        results = output if isinstance(output, tuple) else (output,)
        record(self.function, ctx, self.arguments(inputs), results, self.arguments(edges))

    # -- forward mode -----------------------------------------------------------------------------------------------

    @property
    def jvp(self) -> Callable[..., Any]:
        return lambda inputs, tangents, result: self.push(inputs, tangents, result)

    def push(self, inputs: tuple[Any, ...], tangents: tuple[Any, ...], out: tuple[Tensor, ...]) -> tuple[Any, ...]:
        """The tangents of the results, by the user's rule."""
        ctx = self.context(inputs, out, [False] * len(inputs))
        kept = Kept(ctx.saved_for_forward)
        ctx._node = lambda: kept
        given = []
        for arg, tangent in zip(self.arguments(inputs), self.arguments(tangents)):
            if not isinstance(arg, Tensor):
                tangent = None
            elif tangent is None and ctx.materialize_grads:
                tangent = arg.new_zeros(arg._data.shape)
            given.append(tangent)
        found = self.function.jvp(ctx, *given)
        found = found if isinstance(found, tuple) else (found,)
        output = self.whole(out)
        outputs = output if isinstance(output, tuple) else (output,)
        if len(found) != len(outputs):
            raise RuntimeError(
                "Function's jvp returned an invalid number of forward gradients (expected "
                f"{len(outputs)} but got {len(found)})\n{self.name}.jvp must return a tangent, or None, for each result."
            )
        # By identity: results in containers have no tangents.
        of = {id(o): self.tangent(i, o, t, ctx) for i, (o, t) in enumerate(zip(outputs, found))}
        return tuple([of.get(id(o)) for o in out])

    def tangent(self, i: int, result: Any, tangent: Any, ctx: FunctionCtx) -> Tensor | None:
        """What the user's rule returned for one result, where that has a tangent; refused where it does not fit."""
        if tangent is not None and not isinstance(tangent, Tensor):
            raise RuntimeError(
                f"expected Variable or None (got {type(tangent).__name__}) for grad output {i}.\n"
                f"{self.name}.jvp must return a tensor, or None, for each result."
            )
        constant = any(result is t for t in ctx.non_differentiable)
        if not isinstance(result, Tensor) or result._data.dtype.kind not in "fcV" or constant:
            return None
        if tangent is None or tangent._data.dtype.kind not in "fcV":
            got = "None" if tangent is None else f"a tensor of dtype {tangent.dtype}"
            raise RuntimeError(
                "Expected both tensor and its forward grad to be floating point or complex\n"
                f"{self.name}.jvp returned {got} for result {i}; where it has no derivative, say so: "
                "ctx.mark_non_differentiable(result)."
            )
        if tangent._data.shape != result._data.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the original Tensor, this is "
                f"not supported. Tensor is of size {list(result._data.shape)} while the given forward gradient is of "
                f"size {list(tangent._data.shape)}."
            )
        return tangent

    # -- many examples ------------------------------------------------------------------------------------------------

    def batched(self, level: Batching, operands: list[Operand]) -> tuple[Tensor, ...]:
        """The results, as tensors of ``level``; called one level lower."""
        function, name = self.function, self.name
        own = function.vmap is not Function.vmap
        if function.generate_vmap_rule:
            if own:
                raise RuntimeError(
                    f"You tried to vmap over {name}, but it has both generate_vmap_rule=True and an overridden vmap "
                    "staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap staticmethod to "
                    f"avoid ambiguity. {_NOTES}"
                )
            return self.results(generated(function, level, self.spec, operands))
        if not own:
            raise RuntimeError(
                f"You tried to vmap over {name}, but it does not have vmap support. Please override and implement the "
                f"vmap staticmethod or set generate_vmap_rule=True. {_NOTES}"
            )
        info = VmapInfo(level.size, level.randomness)
        in_dims = self.arguments([0 if o.mapped else None for o in operands])
        result: Any = function.vmap(info, in_dims, *self.arguments([o.value for o in operands]))
        expected = (
            "Expected the vmap staticmethod to have two returns, an output and out_dims with pytree structure "
            "compatible with the output. "
        )
        if not isinstance(result, tuple):
            raise RuntimeError(f"{expected}Got a {type(result)} instead")
        if len(result) != 2:
            raise RuntimeError(f"{expected}Got {len(result)} returns instead")
        output, out_dims = result
        leaves, spec = tree_flatten(output)
        dims = broadcast_prefix(out_dims, spec)
        if dims is None:
            raise RuntimeError(
                "The autograd.Function's vmap staticmethod returned an incompatible (output, out_dims) tuple. Expected "
                f"out_dims={out_dims} to be compatible with the structure of `output`. out_dims has structure "
                f"{tree_flatten(out_dims)[1]} but output has structure {spec}. {_NOTES}"
            )
        return self.results(tree_unflatten([self.example(level, t, d) for t, d in zip(leaves, dims)], spec))

    def example(self, level: Batching, t: Any, dim: int | None) -> Any:
        """A result with the examples along ``dim`` (None: the same for all) as a tensor of ``level``."""
        if not isinstance(t, Tensor):
            return t
        if dim is None:
            return level.lift(t)
        if t._data.shape[dim] != level.size:
            raise RuntimeError(
                f"{self.name}.vmap returned a tensor of shape {list(t._data.shape)} with out_dim={dim}, but there are "
                f"{level.size} examples"
            )
        return level.batch(t.movedim(dim, 0) if dim else t)
