"""Every rule of every record, against central differences: generated from the records and their samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.engine import target_of
from rushlight._core.graph import Node
from rushlight._core.primitive import REGISTRY, Primitive
from rushlight.autograd import _jacobians as jacobians
from rushlight.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck
from tests.ops import samples
from tests.ops.catalogue import Calls
from tests.ops.samples import Sample

SAMPLES = samples.collect()
# Central differences over 2e-6 in float64 are good to about 1e-9 of a result of size one; the rest is for
# functions that bend sharply.
TOLERANCE = {"atol": 2e-6, "rtol": 1e-5}


class Case:
    """One sample of one record, real or complex."""

    def __init__(self, name: str, number: int, sample: Sample, *, as_complex: bool):
        self.name = name
        self.number = number
        self.sample = sample
        self.as_complex = as_complex
        self.id = f"{name}-{number}-{sample}{'-complex' if as_complex else ''}"

    def inputs(self, dtype: Any = None) -> tuple[Any, ...]:
        """New tensors; the floating-point ones require grad."""
        return tuple([self.input(array, i, dtype) for i, array in enumerate(self.sample.inputs)])

    def input(self, array: np.ndarray, position: int, dtype: Any) -> Any:
        array = np.array(array, order="K")  # of its own memory, laid out as the sample has it
        if array.dtype.kind not in "fc":
            return torch.from_numpy(array)
        if self.as_complex and array.dtype.kind == "f":
            # Off the real axis, where many functions have their branch cuts.
            array = np.asarray(array + 1j * samples.numbers(*array.shape, seed=50 + position, low=0.2, high=0.8))
        t = torch.from_numpy(array)
        if dtype is not None:
            t = t.to(dtype.to_complex() if self.as_complex else dtype)
        return t.requires_grad_()

    def function(self, *inputs: Any) -> tuple[Any, ...]:
        """The results that can be differentiated."""
        return tuple(
            [
                out
                for out in jacobians.as_results(self.sample.function(*inputs))
                if out.dtype.is_floating_point or out.dtype.is_complex
            ]
        )


def cases(order: int = 1) -> list[Any]:
    """The cases of the records whose derivatives of this order exist."""
    found = []
    for name, of_record in sorted(SAMPLES.items()):
        for number, sample in enumerate(of_record):
            if sample.order >= order:
                for as_complex in (False, True)[: 1 + sample.complex]:
                    case = Case(name, number, sample, as_complex=as_complex)
                    found.append(pytest.param(case, id=case.id))
    return found


# -- the checks -------------------------------------------------------------------------------------------------------


def check_first_order(function: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
    """Backward: every entry of the Jacobian, and the product with cotangents of several layouts."""
    gradcheck(function, inputs, **TOLERANCE)  # type: ignore[arg-type]
    wanted = [t for _, t in jacobians.differentiable(inputs)]
    outputs = [out for out in function(*inputs) if out.requires_grad]
    for out in outputs:
        matrices = {part: jacobians.analytical(out, tuple(wanted), part) for part in jacobians.parts_of(out)}
        for g in cotangents(out):
            grads = torch.autograd.grad(out, wanted, g, retain_graph=True, allow_unused=True)
            g = g.numpy()
            for i, (t, grad) in enumerate(zip(wanted, grads)):
                got = np.zeros(t.shape) if grad is None else grad.numpy()
                expected = product({part: found[i] for part, found in matrices.items()}, g).reshape(t.shape)
                np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9 * max(1, np.abs(g).max(initial=0)))


def product(matrices: dict[str, np.ndarray], g: np.ndarray) -> np.ndarray:
    """A cotangent through a Jacobian, of which it takes the real and the imaginary part to two matrices."""
    flat = g.reshape(-1)
    return sum(m @ (flat.real if part == "real" else flat.imag) for part, m in matrices.items())


def cotangents(out: Any) -> Iterator[Any]:
    """Random ones: contiguous, with gaps, transposed, one number for all elements, zeros."""
    rng = np.random.default_rng(7)
    shape = tuple(out.shape)
    dtype = out.detach().numpy().dtype

    def drawn(*shape: int) -> np.ndarray:
        g = rng.uniform(-2, 2, shape)
        return np.asarray(g + 1j * rng.uniform(-2, 2, shape) if dtype.kind == "c" else g, dtype)

    yield torch.from_numpy(drawn(*shape))
    if shape:
        yield torch.from_numpy(drawn(*shape[:-1], 2 * shape[-1])[..., ::2])
        yield torch.from_numpy(drawn(*shape[::-1]).T)
    yield torch.from_numpy(drawn()).expand(shape)
    yield torch.from_numpy(np.zeros(shape, dtype))


def check_second_order(function: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
    """The derivative of the rule itself, with a random cotangent, with respect to inputs and cotangent."""
    if any(out.requires_grad for out in function(*inputs)):
        gradgradcheck(function, inputs, **TOLERANCE)  # type: ignore[arg-type]


def check_forward(function: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
    """Forward mode, column by column."""
    gradcheck(function, inputs, check_forward_ad=True, check_backward_ad=False, **TOLERANCE)  # type: ignore[arg-type]


def check_kept_dtypes(function: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
    """A gradient has the shape and the dtype of its input, before anything makes it fit."""
    wanted = [t for _, t in jacobians.differentiable(inputs)]
    for out in function(*inputs):
        if out.requires_grad:
            g = torch.ones_like(out)
            for t, grad in zip(wanted, torch.autograd.grad(out, wanted, g, retain_graph=True, allow_unused=True)):
                assert grad is None or (grad.shape, grad.dtype) == (t.shape, t.dtype)


def records_in(outputs: tuple[Any, ...]) -> set[str]:
    """The names of the records in a history."""
    stack = [target_of(out._fn) for out in outputs if out.grad_fn is not None]
    seen = set(stack)
    while stack:
        for edge in stack.pop().edges:
            target = target_of(edge)
            if isinstance(target, Node) and target not in seen:
                seen.add(target)
                stack.append(target)
    return {node.primitive.name for node in seen if node.primitive is not None}


# -- all records ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases())
def test_backward(case):
    check_first_order(case.function, case.inputs())


@pytest.mark.parametrize("case", cases(order=2))
def test_backward_twice(case):
    check_second_order(case.function, case.inputs())


@pytest.mark.parametrize("case", cases())
def test_forward(case):
    check_forward(case.function, case.inputs())


@pytest.mark.parametrize("case", cases())
def test_gradients_have_their_inputs_dtype(case):
    check_kept_dtypes(case.function, case.inputs(torch.float32))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_samples_are_of_the_record(name):
    """At least one sample of a record leads through the record; all of a public function call it."""
    if "." in name:
        for number, sample in enumerate(SAMPLES[name]):
            case = Case(name, number, sample, as_complex=False)
            inputs = case.inputs()
            with Calls() as calls:
                case.function(*inputs)
            assert name in {each for op in calls.operations for each in op.names}, case.id
        return
    assert name in REGISTRY, "there is no such record"
    if REGISTRY[name].differentiable:
        # The conjugate of real numbers is no operation: there it takes the complex sample.
        cases_of = [
            Case(name, i, sample, as_complex=as_complex)
            for i, sample in enumerate(SAMPLES[name])
            for as_complex in (False, True)[: 1 + sample.complex]
        ]
        assert any(name in records_in(case.function(*case.inputs())) for case in cases_of)


# -- nothing is missing -----------------------------------------------------------------------------------------------


def test_every_differentiable_record_has_samples():
    missing = [name for name, record in REGISTRY.items() if record.differentiable and not SAMPLES.get(name)]
    assert not missing, f"{len(missing)} records have no samples in tests/ops/samples: {', '.join(sorted(missing))}"


def test_every_differentiable_record_has_a_forward_rule():
    missing = [
        name
        for name, record in REGISTRY.items()
        if record.differentiable
        and not (record.jvp or record.elementwise or record.family in ("view", "linear"))
        and not all(sample.order == 0 for sample in SAMPLES.get(name, [Sample(len)]))
    ]
    assert not missing, f"records without a jvp: {', '.join(sorted(missing))}"


# -- the checks themselves catch wrong rules --------------------------------------------------------------------------


@pytest.fixture
def planted():
    """Make records that are gone after the test."""
    before = dict(REGISTRY)

    def make(forward: Callable[..., Any], **rules: Any) -> Primitive:
        return Primitive("Planted", forward, **rules)

    yield make
    REGISTRY.clear()
    REGISTRY.update(before)


def numbers(*shape: int, seed: int = 0) -> Any:
    return torch.from_numpy(samples.numbers(*shape, seed=seed)).requires_grad_()


def one(function: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    return lambda *inputs: (function(*inputs),)


CUBE = {"vjp": lambda g, x: g * 3 * x * x, "jvp": lambda x, x_t: x_t * 3 * x * x}


def test_a_right_rule_passes(planted):
    cube = planted(lambda x: x**3, **CUBE)
    for check in (check_first_order, check_second_order, check_forward, check_kept_dtypes):
        check(one(cube.bind), (numbers(2, 3),))


WRONG_FIRST = {
    "factor": lambda g, x: g * 2 * x * x,
    "sign": lambda g, x: -g * 3 * x * x,
    "one part in ten thousand": lambda g, x: g * 3.0003 * x * x,
    "an absolute value": lambda g, x: (g * 3 * x * x).abs(),
    "the cotangent forgotten": lambda g, x: 3 * x * x,
    "transposed": lambda g, x: (g * 3 * x * x).flip(0),
    "a mean": lambda g, x: g.mean() * 3 * x * x,
    "cut": lambda g, x: g * 0,
}


@pytest.mark.parametrize("rule", WRONG_FIRST.values(), ids=WRONG_FIRST)
def test_a_wrong_rule_is_caught(planted, rule):
    wrong = planted(lambda x: x**3, vjp=rule)
    with pytest.raises((GradcheckError, AssertionError)):
        check_first_order(one(wrong.bind), (numbers(3, 2),))


WRONG_SECOND = {
    "the input cut": lambda g, x: g * 3 * x.detach() * x.detach(),
    "half of it cut": lambda g, x: g * 3 * x.detach() * x,
    "the cotangent cut": lambda g, x: g.detach() * 3 * x * x,
}


@pytest.mark.parametrize("rule", WRONG_SECOND.values(), ids=WRONG_SECOND)
def test_a_wrong_second_derivative_is_caught(planted, rule):
    wrong = planted(lambda x: x**3, vjp=rule)
    check_first_order(one(wrong.bind), (numbers(2, 2),))
    with pytest.raises((GradcheckError, RuntimeError)):
        check_second_order(one(wrong.bind), (numbers(2, 2),))


def test_a_wrong_derivative_of_the_rule_of_another_record_is_caught(planted):
    """A rule that is right, written in an operation whose own rule is wrong."""
    square = planted(lambda x: x**2, vjp=lambda g, x: g * x)
    cube = planted(lambda x: x**3, vjp=lambda g, x: g * 3 * square.bind(x))
    check_first_order(one(cube.bind), (numbers(2),))
    with pytest.raises(GradcheckError):
        check_second_order(one(cube.bind), (numbers(2),))


def test_a_missing_sum_over_what_was_broadcast_is_caught(planted):
    wrong = planted(np.multiply, inputs="a b", vjp=(lambda g, b: g * b, lambda g, a: g * a))
    with pytest.raises((GradcheckError, ValueError, RuntimeError, AssertionError)):
        check_first_order(one(wrong.bind), (numbers(3, 2), numbers(2, seed=1)))


def test_a_sum_over_the_wrong_dimension_is_caught(planted):
    wrong = planted(np.multiply, inputs="a b", vjp=(lambda g, b: g * b, lambda g, a: (g * a).sum(1)))
    with pytest.raises(GradcheckError):
        check_first_order(one(wrong.bind), (numbers(2, 2), numbers(2, seed=1)))


def test_a_missing_conjugate_is_caught(planted):
    wrong = planted(lambda x: x**2, vjp=lambda g, x: g * 2 * x)
    z = torch.from_numpy(samples.numbers(3) + 1j * samples.numbers(3, seed=1)).requires_grad_()
    check_first_order(one(wrong.bind), (numbers(3),))
    with pytest.raises(GradcheckError, match="conjugate"):
        check_first_order(one(wrong.bind), (z,))


def test_a_wrong_tangent_is_caught(planted):
    wrong = planted(lambda x: x**3, vjp=CUBE["vjp"], jvp=lambda x, x_t: x_t * x * x)
    check_first_order(one(wrong.bind), (numbers(2),))
    with pytest.raises(GradcheckError):
        check_forward(one(wrong.bind), (numbers(2),))


def test_a_rule_that_depends_on_how_memory_lies_is_caught(planted):
    wrong = planted(
        lambda x: x * 2.0, vjp=lambda g: torch.from_numpy(np.ravel(g.detach().numpy(), "K").reshape(g.shape) * 2)
    )
    with pytest.raises(AssertionError):
        check_first_order(one(wrong.bind), (numbers(2, 3),))


def test_a_gradient_of_another_dtype_is_caught(planted):
    wrong = planted(lambda x: x * 2, vjp=lambda g: (g * 2).double())
    x = numbers(2).detach().float().requires_grad_()
    with pytest.raises(AssertionError):
        check_kept_dtypes(one(wrong.bind), (x,))


def test_a_missing_sample_is_noticed(planted):
    planted(lambda x: x**3, **CUBE)
    with pytest.raises(AssertionError, match="Planted"):
        test_every_differentiable_record_has_samples()


def test_a_missing_forward_rule_is_noticed(planted):
    planted(lambda x: x**3, vjp=CUBE["vjp"])
    with pytest.raises(AssertionError, match="Planted"):
        test_every_differentiable_record_has_a_forward_rule()
