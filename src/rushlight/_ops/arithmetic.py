"""Arithmetic on pairs of elements: sums, differences, products, quotients and remainders; negation.

The operators (`add`, `sub`, ...) are what rules use; what is public is made from them by `publish`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import BOOL, COMPLEX, FLOAT, dtype
from .._core.families import WIDE, binary, promote, unary
from .._core.inplace import inplace, inplace_binary
from .._core.modes import state
from .._core.operands import Refusal, as_number, fitted, function_form, no_kernel, wrapped
from .._core.out_checks import same_dtype
from .._core.primitive import Primitive
from .._core.registry import METHODS, operation, register
from .._core.tensor import Tensor
from .old_forms import later_number
from .publish import entitled, no_derivative, publish, reflected, zero_cotangent
from .titles import shown_as

BOTH_WAYS = ("TT", "TN", "NT", "NN")


def _conj(x: Any) -> Any:
    return x.conj() if isinstance(x, Tensor) else x.conjugate()


# -- sums and differences -------------------------------------------------------------------------------------


def _is_bool(t: Any) -> bool:
    return t._data.dtype.kind == "b" if isinstance(t, Tensor) else isinstance(t, bool)


def _check_subtraction(a: Any, b: Any) -> None:
    if _is_bool(a) and _is_bool(b):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    if _is_bool(a) or _is_bool(b):
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )


def _subtract_from(a: Any, b: Any) -> Any:
    return np.subtract(b, a)


add = binary("Add", np.add, (1, 1))
sub = binary("Sub", np.subtract, (1, -1), check=_check_subtraction)
rsub = binary("Rsub", _subtract_from, (-1, 1), check=_check_subtraction)
rsub_number = binary("RsubBackward1", _subtract_from, (-1, 1), operation="rsub", check=_check_subtraction, numbers=(1,))


def _scaled(name: str, title: str, forward: Any, by_a: Any, by_b: Any) -> Primitive:
    """With ``alpha``: PyTorch has one node for the sum and the scaling."""
    record = Primitive(
        name, forward, inputs="a b", derivative=(by_a, by_b), broadcasts=True, widen=True, family="binary"
    )
    return entitled(record, title)


add_scaled = _scaled("AddScaled", "AddBackward0", lambda a, b, alpha: a + alpha * b, 1, lambda alpha: alpha)
sub_scaled = _scaled("SubScaled", "SubBackward0", lambda a, b, alpha: a - alpha * b, 1, lambda alpha: -alpha)
rsub_scaled = _scaled("RsubScaled", "RsubBackward0", lambda a, b, alpha: b - alpha * a, lambda alpha: -alpha, 1)
_rsub_number_scaled = shown_as(rsub_scaled, "RsubBackward1")


def _scaled_operands(name: str, input: Any, other: Any, alpha: Any) -> tuple[Any, Any, Any] | None:
    """The operands of ``input + alpha * other`` in their common dtype; None where one is neither tensor nor number."""
    factor = as_number(alpha)
    if factor is NotImplemented:
        raise TypeError(f"{name}(): argument 'alpha' must be Number, not {type(alpha).__name__}")
    a, b = [t if isinstance(t, Tensor) else as_number(t) for t in (input, other)]
    if a is NotImplemented or b is NotImplemented:
        return None
    if name != "add":
        _check_subtraction(a, b)
    (a, b), common = promote((a, b))
    _check_alpha(factor, common)
    a, b = [t if isinstance(t, Tensor) else wrapped(t, common) for t in (a, b)]
    return a, b, fitted(factor, common)


def _is_plain(input: Any, other: Any, alpha: Any) -> bool:
    """Whether these are tensors of one floating-point dtype and a real factor, so that nothing need be converted."""
    return (
        type(alpha) in (float, int)
        and isinstance(input, Tensor)
        and isinstance(other, Tensor)
        and input._data.dtype is other._data.dtype
        and input._data.dtype in WIDE
    )


def _check_alpha(alpha: Any, common: dtype) -> None:
    if isinstance(alpha, bool) and common.category != BOOL:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if common.category < FLOAT and not isinstance(alpha, int):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if common.category < COMPLEX and isinstance(alpha, complex):
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")


def _with_alpha(
    operator: Any, name: str, doc: str | None = None, method: bool = False, overloaded: bool = False
) -> Any:
    """``name(input, other, *, alpha=1)`` from the operator without alpha."""
    plain = function_form(operator, name, method=method, takes=BOTH_WAYS, overloaded=overloaded)
    scaled, words = (add_scaled, "add") if operator is add else (sub_scaled, "sub")

    def call(input: Any, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        if old:
            other, alpha = later_number(name, other, old)
        if type(alpha) in (int, float) and alpha == 1:
            return plain(input, other)
        if _is_plain(input, other, alpha):
            return scaled.bind(input, other, alpha=alpha)
        operands = _scaled_operands(words, input, other, alpha)
        if operands is None:
            return plain(input, other)
        a, b, factor = operands
        return scaled.bind(a, b, alpha=factor)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = doc
    return call


def _with_alpha_inplace(operator_: Any, name: str, scaled: Any, overloaded: bool) -> Any:
    plain = function_form(operator_, f"{name}_", method=True, overloaded=overloaded)
    general = inplace(scaled)

    def call(self: Tensor, other: Any, *old: Any, alpha: Any = 1) -> Tensor:
        if old:
            other, alpha = later_number(f"{name}_", other, old)
        if type(alpha) in (int, float) and alpha == 1:
            return plain(self, other)
        recorded = state.grad and (self._requires_grad or (isinstance(other, Tensor) and other._requires_grad))
        if not recorded and _is_plain(self, other, alpha):
            return operator_(self, mul(other, alpha))  # the same sum, written where it belongs at once
        return general(self, other, alpha=alpha)

    call.__name__ = call.__qualname__ = f"{name}_"
    return call


_ADD_DOC = """``input + alpha * other``, broadcast; ``other`` may be a number.

Raises RuntimeError where the shapes do not fit, and for a fractional ``alpha`` of integers.

>>> import rushlight as torch
>>> torch.add(torch.tensor([1.0, 2.0]), 10, alpha=2)
tensor([21., 22.])
"""
_SUB_DOC = """``input - alpha * other``, broadcast; ``other`` may be a number.

Raises RuntimeError where the shapes do not fit, and for bools, whose difference is ``^``.

>>> import rushlight as torch
>>> torch.sub(torch.tensor([1, 2]), torch.tensor([[1], [0]]))
tensor([[0, 1],
        [1, 2]])
"""
add_, sub_ = inplace_binary(add), inplace_binary(sub)
for _operator, _operator_, _names, _doc in (
    (add, add_, ("add",), _ADD_DOC),
    (sub, sub_, ("sub", "subtract"), _SUB_DOC),
):
    for _i, _name in enumerate(_names):
        _method = _with_alpha(_operator, _name, _doc, method=True, overloaded=_i > 0)
        register(_with_alpha(_operator, _name, _doc, overloaded=_i > 0), method=False)
        METHODS[_name] = _method
        METHODS[f"{_name}_"] = _with_alpha_inplace(_operator_, _name, _method, overloaded=_i > 0)


def _rsub(input: Any, other: Any) -> Tensor:
    return (rsub if isinstance(other, Tensor) else rsub_number)(input, other)


_plain_rsub = function_form(_rsub, "rsub")


@operation(name="rsub")
def _public_rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """``other - alpha * input``: subtraction with the operands exchanged.

    >>> import rushlight as torch
    >>> torch.rsub(torch.tensor([1.0, 2.0]), 10)
    tensor([9., 8.])
    """
    if alpha == 1 and type(alpha) is not bool:
        return _plain_rsub(input, other)
    operands = _scaled_operands("rsub", input, other, alpha)
    if operands is None:
        return _plain_rsub(input, other)
    a, b, factor = operands
    return (rsub_scaled if isinstance(other, Tensor) else _rsub_number_scaled).bind(a, b, alpha=factor)


METHODS.update(__add__=add, __radd__=add, __iadd__=add_, __sub__=sub, __isub__=sub_, __rsub__=_rsub)


# -- products, negation ---------------------------------------------------------------------------------------

mul = binary(
    "Mul",
    np.multiply,
    (lambda b: b, lambda a: a),
    keeps_numbers=True,
    doc="""``input * other``, element by element, broadcast; ``other`` may be a number.

    >>> import rushlight as torch
    >>> torch.mul(torch.tensor([1.0, 2.0]), torch.tensor([[3.0], [5.0]]))
    tensor([[ 3.,  6.],
            [ 5., 10.]])
    """,
)
mul_ = inplace_binary(mul)
publish(mul, "mul", aliases=("multiply",), takes=BOTH_WAYS, overloaded=False, inplace=mul_)
METHODS.update(__mul__=mul, __rmul__=mul, __imul__=mul_)

_INVERT = "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
neg = unary(
    "Neg",
    np.negative,
    -1,
    refuses=(Refusal("b", f"Negation, the `-` operator, on a bool tensor is not supported. {_INVERT}", RuntimeError),),
    doc="""``-input``, element by element; unsigned integers wrap around.

    >>> import rushlight as torch
    >>> torch.neg(torch.tensor([1.0, -2.0]))
    tensor([-1.,  2.])
    """,
)
register(neg, aliases=("negative",), inplace=True, out=same_dtype)


@operation()
def positive(input: Tensor) -> Tensor:
    """``+input``: the tensor itself. Raises RuntimeError for bools.

    >>> import rushlight as torch
    >>> torch.positive(torch.tensor([1.0, -2.0]))
    tensor([ 1., -2.])
    """
    if input._data.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


METHODS.update(__neg__=neg, __pos__=positive)


# -- quotients --------------------------------------------------------------------------------------------------


def _quotient_tangent(a_t: Any, b_t: Any, b: Any, result: Any) -> Any:
    if b_t is None:
        return a_t / b
    if a_t is None:
        return -b_t * result / b
    return (a_t - b_t * result) / b


div = binary(
    "Div",
    np.true_divide,
    to_float=True,
    keeps_numbers=True,
    operation="div",
    vjp=(lambda g, b: g / _conj(b), lambda g, a, b: -g * _conj(a / b / b)),
    jvp=_quotient_tangent,
)


def _refuse_zero(x: Any, y: Any) -> None:
    if y.dtype.kind in "iu" and not y.all() and np.broadcast(x, y).size:
        raise RuntimeError("ZeroDivisionError")


def _floor_quotient(x: Any, y: Any) -> Any:
    _refuse_zero(x, y)
    return np.floor_divide(x, y)


def _trunc_quotient(x: Any, y: Any) -> Any:
    _refuse_zero(x, y)
    if y.dtype.kind not in "iu":
        return np.trunc(np.true_divide(x, y))
    down = np.floor_divide(x, y)
    return down + ((np.remainder(x, y) != 0) & ((x < 0) != (y < 0)))


# The kernels' names in PyTorch; a rounded quotient has the derivative zero, as an operator (//) it has none.
_rounded: dict[str, Any] = {
    "keeps_numbers": True,
    "vjp": (zero_cotangent, zero_cotangent),
    "jvp": lambda result: result.new_zeros(result._data.shape),
}
floor_div = entitled(
    binary("DivFloor", _floor_quotient, refuses=no_kernel("div_floor_cpu", "bc"), **_rounded), "DivBackward2"
)
trunc_div = entitled(
    binary("DivTrunc", _trunc_quotient, refuses=no_kernel("div_trunc_cpu", "bc"), **_rounded), "DivBackward2"
)
_undefined = no_derivative("floor_divide")
floor_divide = entitled(
    binary(
        "FloorDivide",
        _floor_quotient,
        keeps_numbers=True,
        refuses=no_kernel("div_floor_cpu", "bc"),
        vjp=(lambda g: _undefined(g), lambda g: _undefined(g)),
        jvp=lambda result: _undefined(result),
        doc="""The quotient rounded down: ``input // other``. Use ``div(rounding_mode="floor")`` to differentiate.

        Raises RuntimeError for a division of integers by zero.

        >>> import rushlight as torch
        >>> torch.floor_divide(torch.tensor([7, -7]), 2)
        tensor([ 3, -4])
        """,
    ),
    "NotImplemented",
)


def _rounding(mode: Any) -> Any:
    known = {None: div, "floor": floor_div, "trunc": trunc_div}
    if mode not in known:
        raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{mode}'")
    return known[mode]


_DIV_DOC = """``input / other``, element by element, broadcast; integers are divided as floats.

rounding_mode: None, ``"trunc"`` (towards zero) or ``"floor"`` (down), which keep integers integers. Raises
RuntimeError for another mode, and for a rounded division of integers by zero.

>>> import rushlight as torch
>>> torch.div(torch.tensor([7, -7]), 2), torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
(tensor([ 3.5000, -3.5000]), tensor([ 3, -3]))
"""
div_ = inplace_binary(div)
_rounded_ = {mode: inplace(_rounding(mode)) for mode in ("floor", "trunc")}


def _div_forms(name: str, overloaded: bool) -> tuple[Any, Any, Any]:
    """The function, the method and the in-place method ``name``."""
    plain, plain_method = [
        function_form(div, name, method=m, takes=BOTH_WAYS, overloaded=overloaded) for m in (False, True)
    ]
    plain_ = function_form(div_, f"{name}_", method=True, overloaded=overloaded)

    def function(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
        if rounding_mode is None:
            return plain(input, other)
        result = _rounding(rounding_mode)(input, other)
        return plain(input, other) if result is NotImplemented else result

    def method(self: Tensor, other: Any, *, rounding_mode: str | None = None) -> Tensor:
        return (
            plain_method(self, other) if rounding_mode is None else function(self, other, rounding_mode=rounding_mode)
        )

    def method_(self: Tensor, other: Any, *, rounding_mode: str | None = None) -> Tensor:
        if rounding_mode is None:
            return plain_(self, other)
        _rounding(rounding_mode)
        result = _rounded_[rounding_mode](self, other)
        return plain_(self, other) if result is NotImplemented else result

    function.__name__ = method.__name__ = name
    method_.__name__ = f"{name}_"
    function.__doc__ = method.__doc__ = _DIV_DOC
    return function, method, method_


for _name in ("div", "divide"):
    _function, METHODS[_name], METHODS[f"{_name}_"] = _div_forms(_name, overloaded=_name != "div")
    register(_function, _name, method=False)
publish(div, "true_divide", inplace=div_, takes=BOTH_WAYS)
publish(floor_divide, "floor_divide", takes=BOTH_WAYS)

# Writing over the first operand is not differentiated either.
floor_divide_ = inplace(floor_divide)


def _over(self: Tensor, other: Any) -> Tensor:
    """``other / self``, computed as PyTorch does: the reciprocal first."""
    if as_number(other) is NotImplemented and not isinstance(other, (Tensor, np.ndarray)):
        return NotImplemented
    return self.reciprocal() * other


METHODS.update(
    __truediv__=div, __div__=div, __itruediv__=div_, __idiv__=div_, __rtruediv__=_over, __rdiv__=_over,
    __floordiv__=floor_divide, __rfloordiv__=reflected(floor_divide), __ifloordiv__=floor_divide_,
)  # fmt: skip


# -- remainders -------------------------------------------------------------------------------------------------


def _remainder(x: Any, y: Any) -> Any:
    _refuse_zero(x, y)
    if y.dtype.kind != "f":
        return np.remainder(x, y)
    # As NumPy's, but a remainder of 0 has the sign of x, as in PyTorch.
    rest = np.fmod(x, y)
    return rest + np.where((rest != 0) & ((rest < 0) != (y < 0)), y, y.dtype.type(-0.0))


def _fmod(x: Any, y: Any) -> Any:
    _refuse_zero(x, y)
    return np.fmod(x, y)


def _modulo(name: str, forward: Any, kernel: str, quotient: Any, numbers: tuple[int, ...] = ()) -> Any:
    """``a - b * quotient(a, b)``, quotient being a rounded one, whose derivative is zero."""
    return binary(
        name,
        forward,
        (1, lambda a, b: -quotient(a, b)),
        operation=kernel.removesuffix("_cpu"),
        refuses=no_kernel(kernel, "bc"),
        numbers=numbers,
    )


_remainder_number = _modulo("Remainder", _remainder, "remainder_cpu", floor_div, (1,))
_remainder_tensor = _modulo("RemainderBackward1", _remainder, "remainder_cpu", floor_div)
_fmod_number = _modulo("Fmod", _fmod, "fmod_cpu", trunc_div, (1,))
_fmod_tensor = _modulo("FmodBackward1", _fmod, "fmod_cpu", trunc_div)
_undefined_remainder = no_derivative("remainder")
_number_remainder = entitled(
    binary(
        "NumberRemainder",
        _remainder,
        refuses=no_kernel("remainder_cpu", "bc"),
        vjp=(lambda g: _undefined_remainder(g), lambda g: _undefined_remainder(g)),
        jvp=lambda result: _undefined_remainder(result),
    ),
    "NotImplemented",
)


def remainder(input: Any, other: Any) -> Tensor:
    """The remainder of a division rounded down: ``input % other``, which has the sign of ``other``.

    Raises RuntimeError for integers modulo zero.

    >>> import rushlight as torch
    >>> torch.remainder(torch.tensor([-7.0, 7.0]), 3)
    tensor([2., 1.])
    """
    if not isinstance(input, Tensor):
        return _number_remainder(input, other)
    return (_remainder_tensor if isinstance(other, Tensor) else _remainder_number)(input, other)


def fmod(input: Any, other: Any) -> Any:
    """The remainder of a division rounded towards zero, which has the sign of ``input``.

    Raises RuntimeError for integers modulo zero.

    >>> import rushlight as torch
    >>> torch.fmod(torch.tensor([-7.0, 7.0]), 3)
    tensor([-1.,  1.])
    """
    return (_fmod_tensor if isinstance(other, Tensor) else _fmod_number)(input, other)


publish(remainder, "remainder", takes=("TT", "TN", "NT"))
publish(fmod, "fmod")
METHODS.update(__mod__=remainder, __rmod__=reflected(remainder), __imod__=inplace(remainder))
