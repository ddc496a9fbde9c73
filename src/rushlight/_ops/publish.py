"""How elementwise operators become public: function, method and in-place form, each under every name they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from .._core.inplace import inplace as inplace_form
from .._core.operands import function_form
from .._core.registry import METHODS, register
from .._core.tensor import Tensor, wrap


def publish(
    operator: Callable[..., Any],
    name: str,
    *,
    aliases: tuple[str, ...] = (),
    takes: tuple[str, ...] = ("TT", "TN"),
    overloaded: bool = True,
    inplace: Callable[..., Any] | bool = True,
    dunders: tuple[str, ...] = (),
) -> None:
    """Make a binary operator public. ``takes``, ``overloaded``: see `function_form`.

    inplace: the operator's in-place form, True to derive it, False where PyTorch has none. dunders: names under
    which the operator itself, which answers NotImplemented for unknown operands, becomes a method.
    """
    if inplace is True:
        inplace = inplace_form(operator)
    for each in (name, *aliases):
        listed = overloaded or (each != name and takes != ("TT",))
        options: dict[str, Any] = {"takes": takes, "overloaded": listed}
        written = inplace and function_form(inplace, f"{each}_", method=True, **options)
        register(function_form(operator, each, **options), method=False, inplace=written)
        METHODS[each] = function_form(operator, each, method=True, **options)
        if written:
            METHODS[f"{each}_"] = written
    METHODS.update(dict.fromkeys(dunders, operator))


def reflected(operator: Callable[..., Any]) -> Callable[..., Any]:
    """The operator with its operands exchanged: ``__rsub__`` from ``__sub__``."""

    def function(self: Tensor, other: Any) -> Tensor:
        return operator(other, self)

    function.__name__ = function.__qualname__ = f"r{operator.__name__}"
    return function


def _array_wrap(self: Tensor, array: Any, context: Any = None, return_scalar: bool = False) -> Tensor:
    """What NumPy makes of its result where a tensor was an operand: ``x + array``, ``np.sin(x)``."""
    return wrap(np.asarray(array))


METHODS["__array_wrap__"] = _array_wrap


def zero_cotangent(g: Tensor) -> Tensor:
    """The cotangent of what an operation is constant in, almost everywhere."""
    return g.new_zeros(g._data.shape)


CONSTANT = "Its result is constant almost everywhere; detach() the input where no gradient is meant to flow."


def no_derivative(operation: str, advice: str = CONSTANT) -> Callable[[Any], Any]:
    """The rule of an operation that PyTorch records but cannot differentiate."""

    def rule(g: Any) -> NoReturn:
        raise RuntimeError(f"derivative for aten::{operation} is not implemented\n{advice}")

    return rule


def entitled(operator: Any, title: str) -> Any:
    """Let the nodes of an operation (or record) print as ``title``, which another record has for its name."""
    node = getattr(operator, "primitive", operator).node_type
    node.title = node.__name__ = node.__qualname__ = title
    return operator
