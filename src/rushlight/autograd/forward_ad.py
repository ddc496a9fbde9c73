"""Forward mode by hand: tensors with a tangent, inside a `dual_level`.

`torch.func.jvp` does the same for a function as a whole, and nests.

>>> import rushlight as torch
>>> import rushlight.autograd.forward_ad as fwAD
>>> with fwAD.dual_level():
...     x = fwAD.make_dual(torch.tensor(0.0), torch.tensor(2.0))
...     fwAD.unpack_dual(torch.sin(x))
UnpackedDualTensor(primal=tensor(0.), tangent=tensor(2.))
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .._core.forward import Pushforward
from .._core.modes import ContextDecorator, state
from .._core.tensor import Tensor, edge_of
from .._core.views import alias_p
from .._ops.conversion import plain_repr
from ..func._forward import make_dual as _lifted


class DualLevel(Pushforward):
    """The level of `dual_level`: inside, gradients may be asked for too, of any leaf."""

    closed = False

    def describe(self, t: Tensor) -> str:
        primal, tangent = self.content(t)
        return plain_repr(primal) if tangent is None else plain_repr(primal, f"tangent={tangent!r}")


def _current() -> DualLevel | None:
    level = state.interpreter
    while level is not None and not isinstance(level, DualLevel):
        level = level.outer
    return level


def enter_dual_level() -> int:
    """Enter a level, in which tensors may have tangents; returns its number, 0. There is one at a time."""
    if _current() is not None:
        raise RuntimeError(
            "Nested forward mode AD is not supported at the moment\nUse torch.func.jvp for higher derivatives."
        )
    DualLevel().__enter__()
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Leave the level; all tangents are gone then."""
    current = _current()
    if current is None and level is None:
        raise RuntimeError("Dual level must be a positive number.\nThere is none: enter_dual_level() comes first.")
    if current is None or level not in (None, 0) or state.interpreter is not current:
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is not supported."
        )
    current.__exit__()


def _level_of_call(number: int | None, name: str) -> DualLevel | None:
    """The level that a call is about; None where there is none."""
    current = _current()
    if number is not None and number != 0:
        raise RuntimeError(
            f"Invalid level given to {'_make_dual' if name == 'make_dual' else '_fw_primal'}\nThe only level is 0."
        )
    if current is not None and state.interpreter is not current:
        raise NotImplementedError(
            f"{name} inside a function transform, for a dual_level from outside, is not supported\n"
            "Use torch.func.jvp, which nests with the other transforms."
        )
    return current


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """A tensor with the values of ``tensor``, whose memory it shares, and a tangent.

    Both must be floating-point or complex and of one shape: ValueError, RuntimeError. RuntimeError outside of a level,
    and for a tensor that has a tangent already. Differentiable backward too.

    >>> import rushlight as torch
    >>> import rushlight.autograd.forward_ad as fwAD
    >>> with fwAD.dual_level():
    ...     fwAD.make_dual(torch.ones(2), torch.zeros(2))
    tensor([1., 1.], tangent=tensor([0., 0.]))
    """
    current = _level_of_call(level, "make_dual")
    if current is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    primal, known = current.unpack(tensor)
    if known is not None:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 is not "
            "supported."
        )
    dual = _lifted(current, primal, current.unpack(tangent).primal)
    if state.grad and edge_of(tensor) is not None:
        alias_p.record((tensor,), {}, dual)
    return dual


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` returns: the value, and the tangent or None."""

    primal: Tensor
    tangent: Tensor | None


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """The value of a tensor, and its tangent: None where it has none, and outside of a level."""
    current = _level_of_call(level, "unpack_dual")
    if current is None:
        return UnpackedDualTensor(tensor, None)
    return UnpackedDualTensor(*current.unpack(tensor))


class dual_level(ContextDecorator):
    """A block in which tensors may have tangents; see `make_dual`. Also a decorator.

    >>> import rushlight as torch
    >>> import rushlight.autograd.forward_ad as fwAD
    >>> with fwAD.dual_level():
    ...     dual = fwAD.make_dual(torch.ones(1), torch.ones(1))
    >>> fwAD.unpack_dual(dual).tangent is None
    True
    """

    def __enter__(self) -> Any:
        return enter_dual_level()

    def __exit__(self, *exc: Any) -> None:
        exit_dual_level()
