"""What activations share: functions of one element that networks put between their products."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .._core.inplace import inplace as inplace_form
from .._core.large import in_blocks
from .._core.out_checks import OutCheck
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .dims import check_tensor, raise_unsupported
from .quick import on_arrays


def activation(
    name: str, forward: Callable[..., Any], rule: Callable[..., Any], arrays: Callable[..., Any] | None = None
) -> Primitive:
    """The record of a function of each element of ``x``; ``rule(g, x, ...)`` is its cotangent.

    A rule rather than a factor: where the derivative is zero the cotangent is zero even if ``g`` is infinite.
    arrays: the same on arrays, see `quick`.
    """
    primitive = Primitive(name, in_blocks(forward), vjp=rule, jvp=_of_tangent(rule), widen=True, family="unary")
    if arrays is not None:
        blockwise = in_blocks(arrays)
        on_arrays(primitive)(lambda node, g, x: (blockwise(g, x, **node.params),))
    return primitive


def _of_tangent(rule: Any) -> Any:
    """``rule`` with its first argument called ``x_t``: what acts on each element alone is its own transpose."""
    code = rule.__code__
    code = code.replace(co_varnames=("x_t", *code.co_varnames[1:]))
    return types.FunctionType(code, rule.__globals__, rule.__name__, rule.__defaults__, rule.__closure__)


def apply(primitive: Primitive, kernel: str, input: Tensor, inplace: bool = False, **params: Any) -> Tensor:
    """Check the dtype and bind, into the input's memory where that is asked for."""
    check_tensor(input, kernel)
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, kernel)
    return bind(primitive, input, inplace, params)


def bind(primitive: Primitive, input: Tensor, inplace: bool, params: dict[str, Any]) -> Tensor:
    if inplace:
        return inplace_form(primitive.bind)(input, **params)
    return primitive.bind(input, **params)


# -- public forms ---------------------------------------------------------------------------------------------


def _inplace_of(function: Callable[..., Tensor], name: str) -> Callable[..., Tensor]:
    """``torch.celu_``: an activation that writes into its input's memory."""

    def apply_(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, **kwargs, inplace=True)

    apply_.__name__ = apply_.__qualname__ = name
    apply_.__doc__ = f"In-place form of `{function.__name__}`."
    return apply_


def publish_functional(
    *functions: Callable[..., Tensor],
    in_place: tuple[Callable[..., Tensor], ...] = (),
    out: Mapping[Callable[..., Tensor], OutCheck] = MappingProxyType({}),
) -> None:
    """Make activations functions of ``torch.nn.functional``, some with an underscore form, some with ``out=``."""
    for function in functions:
        register(function, namespace="torch.nn.functional", method=False, out=out.get(function, False))
    for function in in_place:
        form = _inplace_of(function, f"{function.__name__}_")
        register(form, namespace="torch.nn.functional", method=False, out=False)


def publish_in_torch(function: Callable[..., Tensor], *, out: bool = False) -> None:
    """Make an activation with an ``inplace`` argument a function of ``torch``: there an underscore says it."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]

    def plain(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if len(args) > len(names) - 2 or "inplace" in kwargs:
            raise TypeError(f"{function.__name__}() takes {', '.join(names[:-1])}")
        return function(input, *args, **kwargs)

    plain.__name__ = plain.__qualname__ = function.__name__
    plain.__doc__ = function.__doc__
    register(plain, method=False, out=out)
    register(_inplace_of(function, f"{function.__name__}_"), method=False, out=False)
