"""The transforms on every record: generated from the records and their samples.

Forward mode agrees with reverse mode, all nestings of the two agree on second derivatives, and `vmap`, alone and
around and inside of derivatives, equals a loop.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight._core import batching
from rushlight._core.batching_rules import BY_NAME, batching_rule, one_by_one, rule_of
from rushlight._core.batching_rules.elementwise import aligned_rule
from rushlight._core.primitive import REGISTRY, Primitive
from rushlight.autograd import _jacobians as jacobians
from rushlight.func import grad, jvp, vjp, vmap
from tests.ops import samples
from tests.ops.samples import Sample
from tests.ops.test_derivatives import Case, cases

SIZE = 3
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def drawn_like(t: Any, seed: int) -> Any:
    rng = np.random.default_rng((seed, *t.shape))
    g = rng.uniform(-1, 1, t.shape)
    return torch.from_numpy(np.asarray(g + 1j * rng.uniform(-1, 1, t.shape) if t.dtype.is_complex else g))


def inner(a: tuple[Any, ...], b: tuple[Any, ...]) -> Any:
    """The real inner product of all."""
    return sum((x.conj() * y).sum().real if x.dtype.is_complex else (x * y).sum() for x, y in zip(a, b))


def is_differentiable(t: Any) -> bool:
    return t.dtype.is_floating_point or t.dtype.is_complex


class Derivative:
    """A case as a function of its differentiable inputs, with directions and cotangents."""

    def __init__(self, case: Case):
        self.inputs = tuple(t.detach() for t in case.inputs())
        self.places = [i for i, t in enumerate(self.inputs) if is_differentiable(t)]
        self.primals = tuple(self.inputs[i] for i in self.places)
        self.tangents = tuple(drawn_like(t, 1) for t in self.primals)
        self.case = case
        self.cotangents = tuple(drawn_like(t, 2) for t in self(*self.primals))

    def __call__(self, *primals: Any) -> tuple[Any, ...]:
        given = list(self.inputs)
        for i, t in zip(self.places, primals):
            given[i] = t
        return self.case.function(*given)

    def weighted(self, *primals: Any) -> Any:
        return inner(self.cotangents, self(*primals))

    @property
    def is_one(self) -> bool:
        """Whether there is anything to differentiate."""
        return bool(self.cotangents and self.primals)

    # The derivative along ``tangents`` of a function that gives a number, as such a function again.

    def by_forward(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *primals: jvp(function, primals, self.tangents)[1]

    def by_reverse(self, function: Callable[..., Any]) -> Callable[..., Any]:
        gradient = grad(function, argnums=tuple(range(len(self.primals))))
        return lambda *primals: inner(self.tangents, gradient(*primals))

    def nested(self, modes: str) -> float:
        """The derivative of the order of the number of ``modes``, each forward or reverse, the outermost first."""
        function = self.weighted
        for mode in reversed(modes):
            function = (self.by_forward if mode == "f" else self.by_reverse)(function)
        return function(*self.primals).item()


@pytest.mark.parametrize("case", cases())
def test_forward_is_the_adjoint_of_reverse(case):
    f = Derivative(case)
    if not f.is_one:
        pytest.skip("nothing to differentiate")
    check_adjoint(f)


def check_adjoint(f: Derivative) -> None:
    _, tangents = jvp(f, f.primals, f.tangents)
    _, pull_back = vjp(f, *f.primals)
    np.testing.assert_allclose(
        inner(f.cotangents, tangents).item(), inner(pull_back(f.cotangents), f.tangents).item(), **CLOSE
    )


@pytest.mark.parametrize("case", cases(order=2))
def test_second_derivatives_by_all_nestings(case):
    f = Derivative(case)
    if not f.is_one:
        pytest.skip("nothing to differentiate")
    check_nestings(f, ("rr", "ff", "fr", "rf"), rtol=1e-8, atol=1e-8)


def check_nestings(f: Derivative, nestings: tuple[str, ...], **tolerance: float) -> None:
    """That all lead to the same number; "fr" is forward over reverse mode."""
    first, *others = nestings
    wanted = f.nested(first)
    for nesting in others:
        np.testing.assert_allclose(f.nested(nesting), wanted, err_msg=nesting, **tolerance)


# -- many examples at once --------------------------------------------------------------------------------------------

# Records that have no derivative have samples too, where somebody wrote them down.
ALL = [pytest.param(*p.values, id=p.id) for p in cases(order=0)]
# The shape of the result depends on values: these must be refused.
DYNAMIC = {"Unique2", "UniqueDim", "UniqueConsecutive", "torch.argwhere", "torch.nonzero"}
# Applied to one example after the other, with a warning. Each costs its users time: no more of them without a reason.
SLOW = {
    "Bincount": "the length of the result depends on values",
    "Histc": "its bins depend on values",
    "Histogram": "its bins depend on values",
    "Isin": "only where the examples have test elements of their own",
    "IndexAdd": "only of tensors without dimensions, or of a source without",
    "IndexCopy": "only of tensors without dimensions, or of a source without",
    "IndexFill": "only of tensors without dimensions",
    "MaskedScatter": "how many elements are taken depends on the mask",
    "MaskedSelect": "only where x is broadcast",
    "Median": "its cotangent is shared between equal elements of all dimensions",
    "NonzeroStatic": "how many rows are filled depends on values",
    "Nanmedian": "its cotangent is shared between equal elements of all dimensions",
    "MultiMarginLoss": "only where the examples have weights of their own",
    "NllLoss": "only where the examples have weights of their own",
}


def example(t: Any, number: int) -> Any:
    """Another example like ``t``: close by, so that it lies in the same smooth part of the domain."""
    if is_differentiable(t):
        return t * (1 - 1e-3 * number)
    return t if t.dtype is torch.bool or not t.ndim else t.roll(number, -1)


def mappings(inputs: tuple[Any, ...]) -> list[tuple[bool, ...]]:
    """Which inputs are mapped: all, and each alone. Masks never are: they decide about shapes."""
    usable = [t.dtype is not torch.bool for t in inputs]
    alone = [tuple(i == j for j in range(len(inputs))) for i, use in enumerate(usable) if use]
    return [m for m in {tuple(usable), *alone} if any(m)]


class Batch:
    """A case with several examples of those inputs that are mapped."""

    def __init__(self, case: Case, mapping: tuple[bool, ...]):
        self.given = tuple(t.detach() for t in case.inputs())
        self.mapping = mapping
        self.in_dims = tuple(0 if m else None for m in mapping)
        self.inputs = tuple(
            torch.stack([example(t, i) for i in range(SIZE)]) if m else t for t, m in zip(self.given, mapping)
        )
        self.case = case

    def row(self, i: int) -> tuple[Any, ...]:
        return tuple(t[i] if m else t for t, m in zip(self.inputs, self.mapping))

    def loop(self, function: Callable[..., Any]) -> tuple[Any, ...]:
        rows = [function(*self.row(i)) for i in range(SIZE)]
        return tuple(torch.stack(list(column)) for column in zip(*rows))


def results(case: Case) -> Callable[..., tuple[Any, ...]]:
    return lambda *inputs: tuple(jacobians.as_results(case.sample.function(*inputs)))


def mapped_well(function: Callable[..., Any], batch: Batch) -> tuple[Any, ...] | None:
    """The results of all examples at once; None where some are to be written into a tensor that is not mapped, which
    must be refused."""
    try:
        return vmap(function, batch.in_dims)(*batch.inputs)
    except RuntimeError as error:
        refusals = ("vmap: inplace arithmetic", "writing what has a gradient inside vmap")
        if all(batch.mapping) or not str(error).startswith(refusals):
            raise
        return None


def check_equal(got: tuple[Any, ...], wanted: tuple[Any, ...]) -> None:
    assert len(got) == len(wanted)
    for a, b in zip(got, wanted):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        if a.dtype is torch.bfloat16:
            a, b = a.float(), b.float()  # NumPy has no such numbers
        np.testing.assert_allclose(a.numpy(), b.numpy(), **CLOSE)


@pytest.fixture(autouse=True)
def _allow_slow_rules(request, monkeypatch):
    """Loops warn; only those that are listed may."""
    monkeypatch.setattr(batching, "_warned", set())
    with warnings.catch_warnings():
        for name in SLOW:
            warnings.filterwarnings(
                "ignore", f"There is a performance drop .*{batching.aten_name(REGISTRY[name])}\\b", UserWarning
            )
        yield


# What is refused inside vmap, by record and sample.
REFUSED = {("UnsqueezeBackward1", "with a view"): "where a view lies after its base has been given another shape"}


def is_random(case: Case) -> bool:
    """Whether the numbers are drawn: `vmap` then asks for ``randomness``, of which other tests tell."""
    return "drawn" in case.sample.label or (case.name in REGISTRY and REGISTRY[case.name].family == "random")


def is_skipped(case: Case) -> bool:
    if (case.name, case.sample.label) in REFUSED:
        return True
    return is_random(case) or not mappings(case.inputs())


@pytest.mark.parametrize(("name", "label"), REFUSED)
def test_refusals(name, label):
    (case,) = (p.values[0] for p in cases() if (p.values[0].name, p.values[0].sample.label) == (name, label))
    batch = Batch(case, mappings(case.inputs())[0])
    with pytest.raises(RuntimeError, match="Cannot access data pointer"):
        vmap(grad(lambda *inputs: case.function(*inputs)[0].sum()), batch.in_dims)(*batch.inputs)


@pytest.mark.parametrize("case", ALL)
def test_vmap_is_a_loop(case):
    if is_skipped(case):
        pytest.skip("random, or without inputs to map")
    check_mapped(case)


def check_mapped(case: Case) -> None:
    for mapping in mappings(case.inputs()):
        batch = Batch(case, mapping)
        function = results(case)
        if case.name in DYNAMIC:
            with pytest.raises(RuntimeError, match="dynamic shape"):
                vmap(function, batch.in_dims)(*batch.inputs)
            continue
        wanted = batch.loop(function)
        got = mapped_well(function, batch)
        if got is None:
            continue
        check_equal(got, wanted)
        # Examples along the last dimension, in and out.
        moved = tuple(t.movedim(0, -1) if m else t for t, m in zip(batch.inputs, mapping))
        last = vmap(function, tuple(-1 if m else None for m in mapping), -1)(*moved)
        check_equal(tuple(t.movedim(-1, 0) for t in last), wanted)


@pytest.mark.parametrize("case", cases())
def test_vmap_of_gradients_and_gradients_of_vmap(case):
    if is_skipped(case) or case.name in DYNAMIC or not Derivative(case).is_one:
        pytest.skip("random, or nothing to differentiate")
    check_mapped_gradients(case)


def check_mapped_gradients(case: Case) -> None:
    inputs = case.inputs()
    places = tuple(i for i, t in enumerate(inputs) if is_differentiable(t))
    cotangents = tuple(drawn_like(t, 3) for t in case.function(*inputs))

    def loss(*inputs: Any) -> Any:
        return inner(cotangents, case.function(*inputs))

    for mapping in mappings(inputs):
        batch = Batch(case, mapping)
        wanted = batch.loop(grad(loss, argnums=places))
        got = mapped_well(grad(loss, argnums=places), batch)
        if got is None:
            continue
        check_equal(got, wanted)
        total = grad(lambda *inputs: vmap(loss, batch.in_dims)(*inputs).sum(), argnums=places)(*batch.inputs)
        check_equal(total, tuple(w if mapping[i] else w.sum(0) for i, w in zip(places, wanted)))


@pytest.mark.parametrize("case", [p for p in ALL if is_random(p.values[0])])  # type: ignore[arg-type]
def test_random_numbers_inside_vmap(case):
    """The same for all examples, as a loop that begins with one seed draws them; refused where they differ."""
    for mapping in mappings(case.inputs()):
        batch = Batch(case, mapping)
        with pytest.raises(RuntimeError, match="randomness error mode"):
            vmap(results(case), batch.in_dims)(*batch.inputs)
        wanted = batch.loop(results(case))
        try:
            got = vmap(results(case), batch.in_dims, randomness="same")(*batch.inputs)
        except RuntimeError as error:
            assert str(error).startswith("Vmap does not currently support same randomness")  # noqa: PT017
            got = vmap(results(case), batch.in_dims, randomness="different")(*batch.inputs)
            assert [(t.shape, t.dtype) for t in got] == [(t.shape, t.dtype) for t in wanted]
        else:
            check_equal(got, wanted)


@pytest.mark.parametrize("case", cases())
def test_vmap_over_directions(case):
    f = Derivative(case)
    if not f.is_one or case.name in DYNAMIC or is_skipped(case):
        pytest.skip("random, or nothing to differentiate")
    directions = tuple(torch.stack([drawn_like(t, i) for i in range(SIZE)]) for t in f.primals)
    cotangents = tuple(torch.stack([drawn_like(t, i) for i in range(SIZE)]) for t in f.cotangents)

    def forward(*tangents: Any) -> Any:
        return jvp(f, f.primals, tangents)[1]

    check_equal(vmap(forward)(*directions), loop_over(forward, directions))
    _, pull_back = vjp(f, *f.primals)
    check_equal(vmap(lambda *gs: pull_back(gs))(*cotangents), loop_over(lambda *gs: pull_back(gs), cotangents))


def loop_over(function: Callable[..., Any], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    rows = [function(*[t[i] for t in inputs]) for i in range(SIZE)]
    return tuple(torch.stack(list(column)) for column in zip(*rows))


def test_every_record_has_a_batching_rule():
    missing = [name for name, record in REGISTRY.items() if rule_of(record) is one_by_one and name not in SLOW]
    assert not missing, f"records without a batching rule: {', '.join(sorted(missing))}"


def test_slow_rules_are_of_records():
    assert set(SLOW) <= set(REGISTRY) and set(REGISTRY) | set(samples.collect()) >= DYNAMIC


# -- the checks themselves catch wrong rules --------------------------------------------------------------------------


@pytest.fixture
def planted():
    """Make a record with a batching rule of its own, gone after the test."""
    before = dict(REGISTRY), dict(BY_NAME)

    def make(forward: Callable[..., Any], rule: Callable[..., Any] | None = None, **rules: Any) -> Case:
        record = Primitive("Planted", forward, **rules)
        if rule is not None:
            batching_rule("Planted")(rule)
        arrays = samples.numbers(2, 3), samples.numbers(3, seed=1)
        return Case("Planted", 0, Sample(record.bind, *arrays[: len(record.inputs)]), as_complex=False)

    yield make
    for table, content in zip((REGISTRY, BY_NAME), before):
        table.clear()  # type: ignore[attr-defined]
        table.update(content)  # type: ignore[attr-defined]


SINE = {"derivative": (lambda x: x.cos(),)}
PRODUCT = {"inputs": "a b", "derivative": (lambda b: b, lambda a: a), "broadcasts": True}


def test_right_rules_pass(planted):
    for case in (planted(np.sin, aligned_rule, **SINE), planted(np.multiply, aligned_rule, **PRODUCT)):
        check_mapped(case)
        check_mapped_gradients(case)


WRONG_RULES = {
    "one example for all": lambda p, operands, params, size: p.bind(operands[0].value[:1].expand(size, 2, 3)),
    "examples in another order": lambda p, operands, params, size: p.bind(operands[0].value.flip(0)),
    "along another dimension": lambda p, operands, params, size: p.bind(operands[0].value).movedim(0, -1),
    "without its history": lambda p, operands, params, size: p.bind(operands[0].value.detach()),
}


@pytest.mark.parametrize("rule", WRONG_RULES.values(), ids=WRONG_RULES)
def test_a_wrong_batching_rule_is_caught(planted, rule):
    case = planted(np.sin, rule, **SINE)
    with pytest.raises((AssertionError, RuntimeError)):
        check_mapped(case)
        check_mapped_gradients(case)


def test_a_batching_rule_that_takes_all_operands_for_mapped_is_caught(planted):
    case = planted(np.multiply, lambda p, operands, params, size: p.bind(*[o.value for o in operands]), **PRODUCT)
    with pytest.raises((AssertionError, RuntimeError)):
        check_mapped(case)


def test_a_loop_that_is_not_listed_is_caught(planted):
    with pytest.raises(UserWarning, match="performance drop"):
        check_mapped(planted(np.sin, vjp=lambda g, x: g * x.cos(), family="nothing of the kind"))


def test_a_missing_batching_rule_is_noticed(planted):
    planted(np.sin, vjp=lambda g, x: g * x.cos(), family="nothing of the kind")
    with pytest.raises(AssertionError, match="Planted"):
        test_every_record_has_a_batching_rule()


def test_a_tangent_that_disagrees_with_the_cotangent_is_caught(planted):
    case = planted(np.sin, vjp=lambda g, x: g * x.cos(), jvp=lambda x, x_t: x_t * x.sin())
    with pytest.raises(AssertionError):
        check_adjoint(Derivative(case))


def test_a_tangent_that_cannot_be_differentiated_is_caught(planted):
    case = planted(np.sin, vjp=lambda g, x: g * x.cos(), jvp=lambda x, x_t: x_t * x.detach().cos())
    check_adjoint(Derivative(case))
    with pytest.raises(AssertionError):
        check_nestings(Derivative(case), ("rr", "ff", "fr", "rf"), rtol=1e-8, atol=1e-8)
