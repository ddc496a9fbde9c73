"""Calls with a factor before what it multiplies, ``x.add_(alpha, y)``: older programs write them, and PyTorch takes them.

`add` and `sub` look for them themselves, since a wrapper would cost each call its time; the others are wrapped here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from .._core.operands import as_number
from .._core.registry import METHODS, NAMESPACES
from .._core.tensor import Tensor
from .._core.where import warn_user

# What the numbers are called, in the order in which they stand; then the names of the tensors.
FORMS = {
    "addcmul": (("value",), ("tensor1", "tensor2")),
    "addcdiv": (("value",), ("tensor1", "tensor2")),
    "addmm": (("beta", "alpha"), ("mat1", "mat2")),
    "addmv": (("beta", "alpha"), ("mat", "vec")),
    "addr": (("beta", "alpha"), ("vec1", "vec2")),
    "addbmm": (("beta", "alpha"), ("batch1", "batch2")),
    "baddbmm": (("beta", "alpha"), ("batch1", "batch2")),
}


def later_number(name: str, number: Any, tensors: tuple[Any, ...]) -> tuple[Any, Any]:
    """``other`` and ``alpha`` of ``name(alpha, other)``; TypeError where these are none."""
    factor = _factor(number)
    if factor is NotImplemented or len(tensors) != 1:
        _refuse(name, (number, *tensors))
    _warn_once(name, ("alpha",), ("other",))
    return tensors[0], factor


def _factor(x: Any) -> Any:
    """``x`` as a number, which a tensor without dimensions and history stands for too; else NotImplemented."""
    if not isinstance(x, Tensor):
        return as_number(x)
    return NotImplemented if x._data.ndim or x.requires_grad else x.item()


def _refuse(name: str, args: tuple[Any, ...]) -> NoReturn:
    got = ", ".join("Tensor" if isinstance(a, Tensor) else type(a).__name__ for a in args)
    raise TypeError(f"{name}() received an invalid combination of arguments - got ({got}), but expected one of:")


_warned = False


def _warn_once(name: str, numbers: tuple[str, ...], tensors: tuple[str, ...]) -> None:
    global _warned
    if _warned:
        return
    _warned = True
    old = ", ".join([*(f"Number {n}" for n in numbers), *(f"Tensor {t}" for t in tensors)])
    new = ", ".join([*(f"Tensor {t}" for t in tensors), "*", *(f"Number {n} = 1" for n in numbers)])
    warn_user(
        f"This overload of {name} is deprecated:\n\t{name}({old})\nConsider using one of the following signatures instead:"
        f"\n\t{name}({new})"
    )


def _taking_numbers(function: Callable[..., Any], name: str, as_function: bool) -> Callable[..., Any]:
    numbers, tensors = FORMS[name.removesuffix("_")]

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 4:
            return function(*args, **kwargs)
        if not kwargs.keys().isdisjoint(numbers):
            own = 0 if as_function else 1
            raise TypeError(f"{name}() takes {3 - own} positional arguments but {len(args) - own} were given")
        rest = list(args)
        if as_function and len(numbers) == 2:  # torch.addmm(beta, input, alpha, mat1, mat2)
            rest[:2] = rest[1], rest[0]
        given = [_factor(n) for n in rest[1:-2]]
        if (
            len(given) > len(numbers)
            or not all(isinstance(t, Tensor) for t in (rest[0], *rest[-2:]))
            or NotImplemented in given
        ):
            _refuse(name, args)
        names = numbers[: len(given)]
        _warn_once(name, names, tensors)
        return function(rest[0], *rest[-2:], **dict(zip(names, given, strict=True)), **kwargs)

    return call


def install() -> None:
    """Let the operations of `FORMS`, which are all registered by now, take their numbers first."""
    for name in FORMS:
        NAMESPACES["torch"][name] = _taking_numbers(NAMESPACES["torch"][name], name, True)
        METHODS[name] = _taking_numbers(METHODS[name], name, False)
        METHODS[f"{name}_"] = _taking_numbers(METHODS[f"{name}_"], f"{name}_", False)
