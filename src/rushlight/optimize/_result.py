"""What `minimize` returns, and what it tells on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(repr=False)
class Shown:
    """Fields one below the other, as far as there is something to say."""

    def __repr__(self) -> str:
        shown = [(f.name, getattr(self, f.name)) for f in fields(self) if f.repr]
        shown = [(name, value) for name, value in shown if value is not None]
        width = 2 + max(len(name) for name, _ in shown)
        indent = "\n" + " " * (width + 2)
        lines = [f"{name:>{width}}: {described(value).replace(chr(10), indent)}" for name, value in shown]
        return f"{type(self).__name__}:\n" + "\n".join(lines)


def described(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else value if isinstance(value, str) else repr(value)


@dataclass(repr=False)
class IntermediateResult(Shown):
    """Where a search is after an iteration: what a callback is given.

    x: in the form of x0. A module holds the values of this iteration while the callback runs, and no longer. fun: the
    function there. nit: how many iterations it took.
    """

    x: Any
    fun: float
    nit: int


@dataclass(repr=False)
class OptimizeResult(Shown):
    """Where a search ended.

    success: whether the method says that it has found what it looked for; message and status: how it ended, in SciPy's
    words and number. x: in the form of x0, in its dtypes; a module is the very one, with its parameters written.
    fun: the function there. grad: its gradient, in the structure of x0 (a dict by name for a module), None for frozen
    tensors, and altogether None for methods without gradients. constraint_violation: by how much the worst constraint
    or bound is violated; None where there are none. nit: iterations. nfev: how often the function was called, for
    whatever purpose. njev: how many gradients were computed. nhev: how many Hessians, or products with it. method: its
    name. scipy: SciPy's own result, over vectors, with what else the method knows (``hess_inv``, multipliers, ...).
    """

    success: bool
    message: str
    status: int
    method: str
    fun: float
    x: Any
    grad: Any
    constraint_violation: float | None
    nit: int | None
    nfev: int
    njev: int
    nhev: int
    scipy: Any = field(repr=False)
