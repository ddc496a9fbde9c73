"""Python numbers that a trace follows: a learning rate, an argument, the value of a counter.

Arithmetic with one gives another; beside a tensor it counts as the Python number that it is. Whoever needs its value
(a comparison, ``float()``, a shape) gets it, and the trace is told: where the number comes from outside it holds for
that value only, where it was computed from tensors the function cannot be compiled.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .dtypes import dtype, float64
from .tensor import Tensor

SMALL = 1 << 20  # an int from outside; what is computed from a few such fits into 64 bits


class TracedNumber:
    """A number, and the 0-d tensor (float64 or int64) that stands for it in the graph.

    ``roots``: the sources of the numbers from outside that it was computed from; None where a tensor's value is among
    them. ``is_root``: whether it is such a number itself.
    """

    __slots__ = ("__weakref__", "is_root", "roots", "tensor", "tracing", "value")

    def __init__(self, tracing: Any, value: Any, tensor: Tensor, roots: frozenset[Any] | None = frozenset()):
        self.is_root = False
        self.tracing = tracing
        self.value = value
        self.tensor = tensor
        self.roots = roots

    # To the program it is the int or float that it stands for.
    if not TYPE_CHECKING:
        __class__ = property(lambda self: type(self.value))

    def of_type(self, d: dtype) -> Tensor:
        """The number as a 0-d tensor of ``d``."""
        return self.tensor if self.tensor.dtype is d else self.tensor.to(d)

    def at_least(self, low: float | TracedNumber) -> TracedNumber:
        """The larger of this number and ``low``."""
        if type(low) is TracedNumber:
            tensor, value = self.of_type(float64).maximum(low.of_type(float64)), max(low.value, self.value)
            roots = None if self.roots is None or low.roots is None else self.roots | low.roots
        else:
            tensor, value, roots = self.tensor.clamp(min=low), max(low, self.value), self.roots
        return self.tracing.follow(TracedNumber(self.tracing, value, tensor, roots))

    def fixed(self) -> Any:
        """The Python number, which steers what is done from here on."""
        self.tracing.fix(self)
        return self.value

    def _fixed(name: str) -> Callable[..., Any]:  # type: ignore[misc]
        function = getattr(operator, name, None) or getattr(math, name.strip("_"), None)
        builtin: dict[str, Any] = {
            "__float__": float,
            "__int__": int,
            "__bool__": bool,
            "__round__": round,
            "__complex__": complex,
            "__divmod__": divmod,
        }

        def method(self: TracedNumber, *others: Any) -> Any:
            others = tuple([o.fixed() if isinstance(o, TracedNumber) else o for o in others])
            return (builtin.get(name) or function)(self.fixed(), *others)  # type: ignore[misc]

        return method

    def _reflected(name: str) -> Callable[..., Any]:  # type: ignore[misc]
        function = divmod if name == "divmod" else getattr(operator, f"__{name}__")

        def method(self: TracedNumber, other: Any) -> Any:
            return function(other, self.fixed())

        return method

    def _compared(name: str) -> Callable[..., Any]:  # type: ignore[misc]
        function = getattr(operator, name)

        def method(self: TracedNumber, other: Any) -> Any:
            if isinstance(other, TracedNumber):
                return function(self.fixed(), other.fixed())
            outcome = function(self.value, other)
            if outcome is True or outcome is False:
                self.tracing.compare(self, name, other, outcome)
            return outcome

        return method

    for _name in (
        "__float__ __int__ __bool__ __index__ __round__ __floor__ __ceil__ __trunc__ __complex__ __mod__ __floordiv__"
        " __divmod__ __and__ __or__ __xor__ __lshift__ __rshift__ __invert__ __abs__"
    ).split():
        locals()[_name] = _fixed(_name)
    for _name in "mod floordiv divmod and or xor lshift rshift".split():
        locals()[f"__r{_name}__"] = _reflected(_name)
    for _name in "__eq__ __ne__ __lt__ __le__ __gt__ __ge__".split():
        locals()[_name] = _compared(_name)
    del _name

    def __hash__(self) -> int:
        # A dict or set finds what equals the number.
        return hash(self.fixed())

    def __neg__(self) -> Any:
        return self * -1  # type: ignore[operator]

    def __pos__(self) -> TracedNumber:
        return self

    def __format__(self, spec: str) -> str:
        return format(self.fixed(), spec)

    def __repr__(self) -> str:
        return repr(self.fixed())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.fixed(), name)


def _operand(x: Any, as_float: bool) -> Any:
    """What stands for a number in an operation on 0-d tensors."""
    if isinstance(x, TracedNumber):
        return x.of_type(float64) if as_float else x.tensor
    return x


def _is_beyond(name: str, number: TracedNumber, other: Any, values: list[Any]) -> bool:
    """Whether Python computes otherwise than the program would: integers of any size, complex powers."""
    if name == "pow":
        return all(isinstance(v, int) for v in values) or (values[0] < 0 and isinstance(values[1], float))
    if name == "truediv" or not all(isinstance(v, int) for v in values):
        return False
    for x in (number, other):
        if isinstance(x, TracedNumber) and x.is_root and -SMALL <= x.value <= SMALL:
            x.tracing.compare(x, "__le__", SMALL, True)
            x.tracing.compare(x, "__ge__", -SMALL, True)
    return not all(-SMALL <= v <= SMALL for v in values)


def _arithmetic(name: str, function: Callable[..., Any], reflected: bool) -> Callable[..., Any]:
    always_float = name in ("truediv", "pow")

    def method(self: TracedNumber, other: Any) -> Any:
        if type(other) is bool:
            other = int(other)
        if not isinstance(other, (int, float, TracedNumber)):
            if not isinstance(other, complex):
                return NotImplemented
            return function(other, self.fixed()) if reflected else function(self.fixed(), other)
        a, b = (other, self) if reflected else (self, other)
        values = [x.value if isinstance(x, TracedNumber) else x for x in (a, b)]
        as_float = always_float or any(isinstance(v, float) for v in values)
        if not self.tracing.active:
            return function(*values)
        roots = self.roots
        if isinstance(other, TracedNumber):
            roots = None if roots is None or other.roots is None else roots | other.roots
        if roots is not None and _is_beyond(name, self, other, values):
            return function(*[x.fixed() if isinstance(x, TracedNumber) else x for x in (a, b)])
        if name == "truediv" and isinstance(b, TracedNumber) and b.is_root:
            b.tracing.compare(b, "__ne__", 0, b.value != 0)  # Python raises, and the program would go on
        value = function(*values)  # first, since it may raise
        result = function(*[_operand(x, as_float) for x in (a, b)])
        return self.tracing.follow(TracedNumber(self.tracing, value, result, roots))

    return method


for _name, _function in {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv, "pow": operator.pow,
}.items():  # fmt: skip
    setattr(TracedNumber, f"__{_name}__", _arithmetic(_name, _function, False))
    setattr(TracedNumber, f"__r{_name}__", _arithmetic(_name, _function, True))
