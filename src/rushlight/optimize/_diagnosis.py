"""What is wrong with a function where the search begins, and on which line. Runs once, and only then costs something."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import autograd
from .._core.autograd_methods import marked
from .._core.errors import at, made_at
from .._core.levels import Level
from .._core.recording import restore_watch, watch_with
from .._core.tensor import Tensor, alias
from .._core.where import caller


class _Found(Exception):
    """The first operation that made what is looked for."""

    def __init__(self, operation: str, where: str):
        self.operation, self.where = operation, where


class FirstBad(Level):
    """While it is active the first operation ends it that makes nan (or inf) of what has none."""

    closed = False

    def __init__(self, is_bad: Any):
        self.is_bad = is_bad

    def bind(self, primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        out = super().bind(primitive, inputs, params)
        if any(map(self.bad, out if isinstance(out, tuple) else (out,))) and not any(map(self.bad, inputs)):
            raise _Found(primitive.name, at(caller("", 1), "at"))
        return out

    def bad(self, t: Any) -> bool:
        return isinstance(t, Tensor) and t._data.dtype.kind in "fcV" and bool(self.is_bad(t._data).any())

    def write(self, t: Tensor, result: Tensor) -> None:
        self.write_below(t, result)


def check_start(function: Any) -> None:
    """ValueError where the function is not finite at the first point."""
    values = function.found
    # Methods that only compare values can go on from inf; nan compares with nothing.
    bad = ~np.isfinite(values) if function.recorded else np.isnan(values)
    if not bad.any():
        return
    what = "nan" if np.isnan(values).any() else "infinite"
    where = ""
    try:
        with FirstBad(np.isnan if what == "nan" else lambda data: ~np.isfinite(data)):
            function(*map(alias, function.leaves))
    except _Found as found:
        where = f"\nIt first becomes so in {found.operation}, {found.where}"
    raise ValueError(f"{function.name()} is {what} where the search begins{where}\nStart elsewhere, or set bounds.")


def check_first_jacobian(function: Any) -> None:
    """ValueError where the first derivative is not finite, with the operation whose rule made it so, or where there is
    none."""
    if function.one and not reaches(function.output, function.leaves):
        raise ValueError(
            f"{function.name()} does not depend on x0 by tensor operations: its gradient would be zero everywhere\n"
            ".item(), .detach(), torch.tensor(...), NumPy and no_grad cut the history; so does using another tensor than "
            "the argument."
        )
    if np.isfinite(function.jacobian_found).all():
        return
    leaves = [marked(alias(leaf)) for leaf in function.leaves]
    before = watch_with(anomaly=True, check_nan=False)  # operations note their lines
    try:
        total = function(*leaves).sum()
    finally:
        restore_watch(before)
    watch_backward(total)
    where = ""
    try:
        autograd.grad(total, leaves, allow_unused=True)
    except _Found as found:
        where = f"\n{found.operation} makes it so. {found.where}"
    parts = function.variables.cut(function.jacobian_found)
    named = zip(function.variables.free_with_paths(), parts)
    path = next(path for (path, _), part in named if not np.isfinite(part).all())
    raise ValueError(
        f"The derivative of {function.name()} by {path} is not finite where the search begins{where}\n"
        "Start elsewhere, or write the function so that its slope stays finite there."
    )


def watch_backward(output: Tensor) -> None:
    """Let the first operation end the backward pass from ``output`` that makes nan or inf of what has none."""
    stack, seen = [output.grad_fn], set()
    while stack:
        node: Any = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        stack += [function for function, _ in node.next_functions]

        def check(grad_inputs: Any, grad_outputs: Any, node: Any = node) -> None:
            if not all(map(is_finite, grad_inputs)) and all(map(is_finite, grad_outputs)):
                raise _Found(node.name(), made_at(node))

        node.register_hook(check)


def is_finite(t: Any) -> bool:
    return not isinstance(t, Tensor) or bool(np.isfinite(t._data).all())


def reaches(output: Tensor, leaves: list[Tensor]) -> bool:
    """Whether the history of ``output`` leads to one of ``leaves``."""
    if not output.requires_grad:
        return False
    found = autograd.grad(output, leaves, output.new_ones(output.shape), retain_graph=True, allow_unused=True)
    return any(g is not None for g in found)
