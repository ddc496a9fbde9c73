"""Operands of arithmetic: NumPy's numbers and arrays, foreign objects, writing in place whatever NumPy says."""

import itertools
import operator
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

import rushlight as torch

INF, NAN = float("inf"), float("nan")


class Foreign:
    """Knows how to be the right operand of everything."""

    def answer(self, other: Any) -> str:
        return "foreign"

    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = answer
    __rand__ = __ror__ = __rxor__ = __rlshift__ = __rrshift__ = __gt__ = __lt__ = __ge__ = __le__ = __eq__ = answer
    __hash__ = None  # type: ignore[assignment]


OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow,
    operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift, operator.lt, operator.le,
    operator.gt, operator.ge, operator.eq, operator.iadd, operator.isub, operator.imul, operator.itruediv,
    operator.ifloordiv, operator.imod, operator.ipow, operator.iand, operator.ior, operator.ixor, operator.ilshift,
    operator.irshift,
]  # fmt: skip


@pytest.mark.parametrize("op", OPERATORS)
def test_an_unknown_operand_gets_its_turn(op: Callable[[Any, Any], Any]) -> None:
    assert op(torch.tensor([1, 2]), Foreign()) == "foreign"


@pytest.mark.parametrize(
    ("op", "sign"),
    [
        (operator.add, "+"),
        (operator.iadd, "+="),
        (operator.isub, "-="),
        (operator.itruediv, "/="),
        (operator.imod, "%="),
        (operator.ipow, "** or pow()"),
        (operator.and_, "&"),
        (operator.ilshift, "<<="),
    ],
)
def test_an_operand_that_nobody_knows_is_python_s_error(op: Callable[[Any, Any], Any], sign: str) -> None:
    sign = "**=" if op is operator.ipow else sign
    with pytest.raises(TypeError) as error:
        op(torch.tensor([1, 2]), object())
    assert str(error.value) == f"unsupported operand type(s) for {sign}: 'Tensor' and 'object'"


def test_comparing_with_something_else_is_false_or_an_error() -> None:
    x = torch.tensor([1.0])
    assert (x == "a") is False
    assert (x != None) is True  # noqa: E711
    with pytest.raises(TypeError, match="'<' not supported between instances of 'Tensor' and 'str'"):
        x < "a"  # noqa: B015


@pytest.mark.parametrize(
    ("number", "dtype"),
    [
        (np.float64(2), torch.float32),
        (np.float32(2), torch.float32),
        (np.int64(2), torch.int64),
        (np.uint8(2), torch.int64),
        (np.bool_(True), torch.float32),  # PyTorch takes it for a float
        (np.complex128(2), torch.complex64),
    ],
)
def test_numpy_numbers_count_as_python_s(number: Any, dtype: torch.dtype) -> None:
    i, f = torch.tensor([1, 2]), torch.tensor([1.0, 2.0])
    for result in (i + number, number + i, torch.add(i, number)):
        assert result.dtype is dtype
        assert result.tolist() == [1 + number, 2 + number]
    wide = torch.complex64 if isinstance(number, np.complex128) else torch.float32
    for result in (f * number, number * f, number - f, f / number, number / f, f**number):
        assert result.dtype is wide
    assert (number == f).tolist() == [number == 1, number == 2]


def test_numpy_arrays_are_operands_on_the_right_side() -> None:
    x, n = torch.tensor([1.0, 2.0]), np.array([3.0, 4.0])
    for result in (x + n, x * n, x == n):
        assert isinstance(result, torch.Tensor)
    assert (x + n).dtype is torch.float64
    assert (x * n).tolist() == [3.0, 8.0]
    with pytest.raises(TypeError, match=r"must be Tensor, not numpy.ndarray|must be Tensor, not ndarray"):
        torch.add(x, n)


def test_subclasses_of_python_s_numbers_are_numbers() -> None:
    import enum

    class Choice(enum.IntEnum):
        TWO = 2

    x = torch.tensor([1.0], requires_grad=True)
    (x * Choice.TWO).backward()
    assert x.grad is not None and x.grad.tolist() == [2.0]


def test_a_complex_number_is_kept_for_the_backward_pass() -> None:
    x = torch.tensor([1 + 1j], requires_grad=True)
    (x * (2 + 1j)).abs().sum().backward()
    y = torch.tensor([1 + 1j], requires_grad=True)
    (y * torch.tensor([2 + 1j])).abs().sum().backward()
    assert torch.equal(x.grad, y.grad)
    z = torch.tensor([1.0, 2.0], requires_grad=True)
    (z * True).sum().backward()
    assert z.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, 10**400])
def test_integers_beyond_64_bits_are_refused(value: int) -> None:
    message = "int too big to convert" if value > 0 else "can't convert negative int to unsigned"
    for x in (torch.tensor([1.0]), torch.tensor([1])):
        for op in (operator.add, operator.mul, operator.imul, operator.eq, operator.lt):
            with pytest.raises(OverflowError, match=message):
                op(x, value)


def test_small_integers_wrap_around() -> None:
    u = torch.tensor([200, 100], dtype=torch.uint8)
    assert (u + 100).tolist() == [44, 200]
    assert (u * u).tolist() == [64, 16]
    assert (u - 201).tolist() == [255, 155]
    assert (u == 456).tolist() == [True, False]
    assert (-u).tolist() == [56, 156]
    assert torch.tensor([127], dtype=torch.int8).add_(1).tolist() == [-128]


def test_sixteen_bit_floats_are_rounded_once_and_numbers_only_for_sums() -> None:
    h = (np.arange(1, 400) / 7).astype(np.float16)
    x, wide, s = torch.tensor(h), h.astype(np.float32), 0.1234567
    assert np.array_equal((x * s).numpy(), (wide * np.float32(s)).astype(np.float16))
    assert np.array_equal((x / s).numpy(), (wide / np.float32(s)).astype(np.float16))
    assert np.array_equal((x + s).numpy(), (wide + np.float32(np.float16(s))).astype(np.float16))
    assert np.array_equal(torch.sigmoid(x).numpy(), (1 / (1 + np.exp(-wide))).astype(np.float16))


def test_zeros_keep_pytorch_s_signs() -> None:
    def signs(t: Any) -> list[bool]:
        return torch.signbit(t).tolist()

    x = torch.tensor([-4.0, 4.0, -0.0])
    assert signs(x % 2) == [True, False, True]
    assert signs(torch.tensor([-0.0, 0.0]).relu()) == [True, False]
    assert signs(torch.tensor([-0.0, 0.0]).clamp(min=0)) == [True, False]
    assert signs(torch.tensor([-0.0, 0.0]).clamp(0, 1)) == [True, False]
    assert signs(x * 0) == [True, False, True]


def test_a_quotient_by_zero_of_integers_is_an_error_unless_nothing_is_divided() -> None:
    with pytest.raises(RuntimeError, match=r"^ZeroDivisionError"):
        torch.tensor([1]) // torch.tensor([0])
    assert (torch.empty(0, dtype=torch.int64) // 0).tolist() == []


@pytest.mark.parametrize("function", [lambda x: x // 2, lambda x: 2 % x, lambda x: torch.heaviside(x, x)])
def test_what_has_no_derivative_says_so_backward(function: Callable[[Any], Any]) -> None:
    y = function(torch.tensor([1.0], requires_grad=True))
    assert "grad_fn=<NotImplemented>" in repr(y)
    with pytest.raises(RuntimeError, match=r"^derivative for aten::\w+ is not implemented"):
        y.sum().backward()


# -- NumPy's complaints -----------------------------------------------------------------------------------------


@pytest.fixture(params=["warnings are errors", "numpy raises"])
def strict(request: pytest.FixtureRequest) -> Iterator[None]:
    """The settings under which NumPy makes an exception of an infinity."""
    with ExitStack() as stack:
        if request.param == "numpy raises":
            stack.enter_context(np.errstate(all="raise"))
        else:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("error")
        yield


EVENTS = {
    "add": (operator.iadd, 3e38, 3e38),
    "sub": (operator.isub, INF, INF),
    "mul": (operator.imul, 1e30, 1e30),
    "div": (operator.itruediv, 1.0, 0.0),
    "tiny": (operator.imul, 1e-30, 1e-30),
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("layout", ["whole", "strided", "transposed", "overlapping", "backwards", "0-d", "number"])
@pytest.mark.usefixtures("strict")
def test_writing_in_place_applies_an_operation_once(event: str, layout: str) -> None:
    op, first, second = EVENTS[event]
    memory = torch.full((40,), 5.0)
    other: Any = torch.full((20,), 7.0)
    if layout == "whole":
        target = memory
        other = torch.full((40,), 7.0)
    elif layout == "strided":
        target = memory[::2]
    elif layout == "transposed":
        target, other = memory.view(8, 5).t(), torch.full((8,), 7.0)
    elif layout == "overlapping":
        target, other = memory[1:21], memory[:20]
    elif layout == "backwards":
        target, other = memory[:20], memory[10:30].flip(0)
    elif layout == "0-d":
        target, other = torch.tensor(first), torch.tensor(second)
    else:
        target, other = memory, second
    target[(0,) * target.ndim] = first
    if isinstance(other, torch.Tensor) and layout != "overlapping":
        other[(0,) * other.ndim] = second
    x, y = target.numpy().copy(), other.numpy().copy() if isinstance(other, torch.Tensor) else np.float32(other)
    with np.errstate(all="ignore"):
        expected = op(x, y)

    if layout == "overlapping":
        before = target.numpy().copy()
        with pytest.raises(
            RuntimeError, match="^unsupported operation: some elements of the input tensor and the written-to"
        ):
            op(target, other)
        np.testing.assert_array_equal(target.numpy(), before)
        return
    assert op(target, other) is target

    np.testing.assert_array_equal(target.numpy(), expected)
    assert target._version > 0


@pytest.mark.usefixtures("strict")
def test_a_number_that_overflows_the_dtype_is_applied_once() -> None:
    x = torch.tensor([1.0, -2.0])
    x *= 1e300
    assert x.tolist() == [INF, -INF]
    x += 1e300
    assert x.tolist() == [INF, pytest.approx(NAN, nan_ok=True)]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64])
@pytest.mark.usefixtures("strict")
def test_infinities_and_nans_come_without_complaint(dtype: torch.dtype) -> None:
    x = torch.tensor([0.0, 1.0, -1.0, INF, -INF, NAN, 300.0], dtype=dtype)
    for a, b in itertools.product((x, 0.0, 1e4), (x, x.flip(0), x[3], 0.0, 1e4)):
        for op in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.eq):
            if isinstance(a, torch.Tensor) or isinstance(b, torch.Tensor):
                op(a, b)
    real = (
        [] if dtype.is_complex else ["floor_divide", "remainder", "fmod", "atan2", "hypot", "maximum", "fmin", "xlogy"]
    )
    for name in real:
        getattr(torch, name)(x, x.flip(0))
    names = (
        "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin tan asin acosh atanh sinh sinc sigmoid square"
    )
    real = (
        []
        if dtype.is_complex
        else ["erf", "erfc", "erfinv", "lgamma", "digamma", "logit", "floor", "round", "frac", "relu", "sign"]
    )
    for name in names.split() + real:
        getattr(torch, name)(x)
        x.clone().__getattribute__(f"{name}_")()


@pytest.mark.usefixtures("strict")
def test_derivatives_come_without_complaint() -> None:
    x = torch.tensor([0.0, INF, NAN, 1e-30], requires_grad=True)
    y = x.sqrt() + x.log() + x**3 + 1 / x + torch.where(x > 0, x, 0.0) + x.clamp(0, 1) + torch.atan2(x, x)
    y.sum().backward()
    assert x.grad is not None and x.grad.shape == (4,)


# -- writing in place and the history -------------------------------------------------------------------------------


def test_in_place_forms_take_over_the_history() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    x = w * 1
    x += w
    x *= 3
    x.add_(w, alpha=2)
    x -= 1
    x /= 2
    x **= 2
    x.sum().backward()
    v = w.detach()
    expected = 2 * ((6 * v + 2 * v - 1) / 2) * 4
    assert torch.allclose(w.grad, expected)
    assert x.grad_fn.name() == "PowBackward0"


def test_in_place_on_a_leaf_is_refused() -> None:
    w = torch.ones(2, requires_grad=True)
    for write in (
        lambda: w.add_(1),
        lambda: w.mul_(w),
        lambda: w.exp_(),
        lambda: w.clamp_(0),
        lambda: w.sub_(w, alpha=2),
    ):
        with pytest.raises(
            RuntimeError, match=r"^a leaf Variable that requires grad is being used in an in-place operation"
        ):
            write()
    with torch.no_grad():
        w.sub_(w, alpha=0.5)
    assert w.tolist() == [0.5, 0.5]


def test_in_place_cannot_grow_the_result() -> None:
    with pytest.raises(RuntimeError, match=r"^output with shape \[2\] doesn't match the broadcast shape \[3, 2\]"):
        torch.ones(2).add_(torch.ones(3, 2))
    with pytest.raises(RuntimeError, match=r"^result type Float can't be cast to the desired output type Long"):
        torch.tensor([1]).add_(1.5)


def test_a_changed_operand_is_noticed_backward() -> None:
    a, b = torch.ones(2, requires_grad=True), torch.ones(2)
    y = (a * b).exp()
    b += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()
    x = torch.ones(2, requires_grad=True) * 1
    z = x**3
    x += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.sum().backward()


def test_out_receives_the_result() -> None:
    out = torch.empty(2)
    assert torch.add(torch.ones(2), 1, out=out) is out
    assert out.tolist() == [2.0, 2.0]
    torch.exp(torch.zeros(2), out=out)
    assert out.tolist() == [1.0, 1.0]
    torch.pow(torch.full((2,), 3.0), 2, out=out)
    assert out.tolist() == [9.0, 9.0]
