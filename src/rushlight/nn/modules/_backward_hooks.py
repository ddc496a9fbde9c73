"""Full backward hooks: seeing, and replacing, the gradients at a module's outputs and inputs.

All tensors among the inputs pass one node that changes nothing, and so do the outputs. When the outputs' node
has run, the gradients of all outputs are there; when the inputs' has, those of all inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..._core.modes import state
from ..._core.tensor import Tensor, wrap
from ..._core.where import warn_user
from ...autograd.function import Function

_DOCUMENTATION = (
    "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook"
)


class BackwardHookFunction(Function):
    """The identity on several tensors at once."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> Any:
        ctx.mark_non_differentiable(*[arg for arg in args if not arg.requires_grad])
        return args

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        return grads


def _watched(values: tuple[Any, ...], hook: Callable[..., Any]) -> tuple[tuple[Any, ...], list[int] | None]:
    """The values behind a common node with ``hook`` on it, and where among them tensors are; None: no node."""
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not state.grad or not any(values[i].requires_grad for i in places):
        return values, None
    passed = BackwardHookFunction.apply(*[values[i] for i in places])
    node = next(t.grad_fn for t in passed if type(t.grad_fn).__name__ == "BackwardHookFunctionBackward")
    node.register_hook(hook)
    new = list(values)
    for i, t in zip(places, passed):
        new[i] = t
    return (type(values)(*new) if hasattr(values, "_fields") else tuple(new)), places


def _spread(grads: Any, places: list[int], n: int) -> tuple[Any, ...]:
    """Gradients of the tensors among n values, with None for the others."""
    out: list[Any] = [None] * n
    for i, g in zip(places, grads):
        out[i] = g
    return tuple(out)


def _as_tuple(result: Any) -> Any:
    return (result,) if isinstance(result, Tensor) else result


class GradientWatch:
    """The backward hooks of one call of a module."""

    def __init__(self, module: Any):
        self.module = module
        self.hooks = list(module._backward_hooks.values())
        self.pre_hooks = list(module._backward_pre_hooks.values())
        self.grad_outputs: Any = None
        self.input_places: list[int] | None = None
        self.output_places: list[int] = []
        self.n_inputs = self.n_outputs = 0

    def inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments to give to ``forward``."""
        self.n_inputs = len(args)
        self.input_kinds = [(t._data.shape, t._data.dtype) for t in args if isinstance(t, Tensor)]
        self.input_wants = [t.requires_grad for t in args if isinstance(t, Tensor)]
        args, self.input_places = _watched(args, self._after_inputs)
        return args

    def outputs(self, result: Any) -> Any:
        """What to give to the caller."""
        if not isinstance(result, (Tensor, tuple)):
            warn_user(
                "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but "
                f"received {type(result)}"
            )
        values = result if isinstance(result, tuple) else (result,)
        self.n_outputs = len(values)
        values, places = _watched(values, self._after_outputs)
        self.output_places = places or []
        return values if isinstance(result, tuple) else values[0]

    def _after_outputs(self, _: Any, grads: Any) -> Any:
        self.grad_outputs = _spread(grads, self.output_places, self.n_outputs)
        for hook in self.pre_hooks:
            replaced = _as_tuple(hook(self.module, self.grad_outputs))
            if replaced is None:
                continue
            if len(replaced) != len(self.grad_outputs):
                raise RuntimeError(
                    f"Backward pre hook returned an invalid number of grad_output, got {len(replaced)}, but "
                    f"expected {len(self.grad_outputs)}"
                )
            self.grad_outputs = replaced
        seen = self.grad_outputs
        if self.input_places is None:
            self._without_inputs()
        return tuple(seen[i] for i in self.output_places)

    def _without_inputs(self) -> None:
        """No input requires a gradient: there is nothing to wait for."""
        warn_user(
            "Full backward hook is firing when gradients are computed with respect to module outputs since "
            "no inputs require gradients. See "
            f"{_DOCUMENTATION} "
            "for more details."
        )
        for hook in self.hooks:
            result = hook(self.module, (None,) * self.n_inputs, self.grad_outputs)
            if result is not None and not (isinstance(result, tuple) and all(g is None for g in result)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None or "
                    "None for all gradients."
                )
        self.grad_outputs = None

    def _after_inputs(self, grads: Any, _: Any) -> Any:
        if self.grad_outputs is None:  # a gradient that reached the inputs by another way than the outputs
            return None
        assert self.input_places is not None
        # Inputs that nothing came to, or that want nothing, are shown zeros.
        known = [wrap(np.zeros(*kind)) if g is None else g for g, kind in zip(grads, self.input_kinds)]
        grad_inputs = _spread(known, self.input_places, self.n_inputs)
        for hook in self.hooks:
            replaced = _as_tuple(hook(self.module, grad_inputs, self.grad_outputs))
            if replaced is None:
                continue
            if len(replaced) != len(grad_inputs):
                raise RuntimeError(
                    f"Backward hook returned an invalid number of grad_input, got {len(replaced)}, but "
                    f"expected {len(grad_inputs)}"
                )
            grad_inputs = replaced
        self.grad_outputs = None
        # What was only shown goes nowhere: to inputs that want nothing, or zeros that no hook has changed.
        of_inputs = zip(self.input_places, grads, known, self.input_wants)
        return tuple(
            [
                None if g is None and (not wanted or grad_inputs[i] is zeros) else grad_inputs[i]
                for i, g, zeros, wanted in of_inputs
            ]
        )
