"""Compiled calls leave behind what eager ones do: values, dtypes, strides, versions, and the state of the generator.

Each case was found by comparing programs drawn at random; see also `test_random_programs`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

import rushlight as torch
from rushlight.utils._pytree import tree_flatten
from tests.compile.running import BACKENDS, assert_close, program_of

CALLS = 5
F = torch.nn.functional


def outcome(function: Callable[..., Any], make: Callable[[int], tuple[Any, ...]], call: int) -> list[Any]:
    """What a call returned and left behind in its arguments and in the generator."""
    torch.manual_seed(call)
    args = make(call)
    before = [x._version for x in args if isinstance(x, torch.Tensor)]
    out = function(*args)
    after = [x._version for x in args if isinstance(x, torch.Tensor)]
    leaves = [x for x in tree_flatten((out, args))[0] if isinstance(x, torch.Tensor)]
    same = [[i for i, other in enumerate(leaves) if other is x] for x in leaves]
    written = [a != b for a, b in zip(before, after)]
    return [out, args, [x.stride() for x in leaves], same, written, torch.get_rng_state()]


def assert_as_eager(function: Callable[..., Any], make: Callable[[int], tuple[Any, ...]], backend: str) -> None:
    fast = torch.compile(function, backend=backend, fullgraph=True)
    for call in range(CALLS):
        expected = outcome(function, make, call)
        assert_close(outcome(fast, make, call), expected, 1e-12)
    assert program_of(fast)


def doubles(*shape: int) -> Any:
    return torch.linspace(-1, 2, torch.Size(shape).numel(), dtype=torch.float64).reshape(shape)


def two_draws(x: Any) -> Any:
    kept = torch.rand(3)
    return F.dropout(x), kept


def a_draw_that_nobody_reads(x: Any) -> Any:
    F.dropout(x)
    return torch.rand(3)


def three_draws(x: Any) -> Any:
    first = torch.randn(2)
    second = torch.bernoulli(x.sigmoid())
    return torch.randperm(4), second * 2, first + 1


def written_twice(x: Any) -> Any:
    return F.dropout(x).uniform_(), x


def joined(x: Any) -> Any:
    part = x.tanh()
    return part, torch.stack([x, part], 1)[:, -1].clone(), torch.cat([x, part], 1)[:, 3:] * 1


PLAIN: dict[str, tuple[Callable[..., Any], Callable[[int], tuple[Any, ...]]]] = {
    "an argument twice": (lambda x: (x, x), lambda n: (doubles(2),)),
    "an argument, computed before, twice": (lambda x: (x.mul_(2), x + 1, x), lambda n: (doubles(2),)),
    "a part of what was joined, and the part itself": (joined, lambda n: (doubles(4, 3) + n,)),
    "two draws": (two_draws, lambda n: (doubles(4, 3),)),
    "a draw that nobody reads": (a_draw_that_nobody_reads, lambda n: (doubles(4, 3),)),
    "three draws": (three_draws, lambda n: (doubles(4, 3),)),
    "a draw over a draw": (written_twice, lambda n: (doubles(4, 3),)),
    "the greatest of bools": (
        lambda x: (x.max(), x.amax(0), x.amin(-1), x.min()), lambda n: (doubles(4, 3) > 0.2 * n,)
    ),
    "sums of bools": (lambda x: torch.add(x, x, alpha=2), lambda n: (doubles(4, 3) > 0.2 * n,)),
    "memory that is made in another order, and filled": (
        lambda x: (torch.empty_like(x).fill_(1.5), torch.empty_like(x).copy_(x.exp()) * 2),
        lambda n: (doubles(4, 3).t(),),
    ),
    "a number beside bools and complex ones": (
        lambda x, k: (x * (True * k), k + False, 1j * k, k**True), lambda n: (doubles(2), 1.5 + n)
    ),
    "integers to a float": (lambda x, k: (x**k, (x > 1) ** k), lambda n: (torch.arange(4), 0.5 + n)),
    "a float to integers": (lambda x, k: k**x, lambda n: (torch.arange(4), 0.5 + n)),
    "an integer to bools": (lambda x, k: k ** (x > 1), lambda n: (torch.arange(4), 2 + n)),
    "halves to a float": (lambda x, k: (x**k, k**x), lambda n: (torch.arange(1, 4).half(), 0.1 + n)),
    "a sum that keeps its dimension": (
        lambda x: x.sum(1, keepdim=True) * 2, lambda n: (doubles(5, 2, 3, 2).permute(0, 3, 1, 2),)
    ),
    "a column that was a row": (lambda x: x.sum(-1, keepdim=True) + 1, lambda n: (doubles(3, 4).t(),)),
}  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", PLAIN)
def test_small_programs(name: str, backend: str) -> None:
    assert_as_eager(*PLAIN[name], backend)


IN_ORDER: list[Callable[[Any], Any]] = [
    lambda x: x.normal_(), lambda x: x.uniform_(), lambda x: x.random_(0, 9), lambda x: x.exponential_(),
    lambda x: x.bernoulli_(0.5), torch.rand_like, torch.randn_like, lambda x: torch.randint_like(x, 9),
    lambda x: torch.rand_like(x, memory_format=torch.contiguous_format), F.dropout, F.alpha_dropout,
    lambda x: F.dropout(x, inplace=True), lambda x: F.alpha_dropout(x, training=True), torch.zeros_like,
    lambda x: torch.full_like(x, 3), lambda x: torch.bernoulli(x.sigmoid()),
]  # fmt: skip
LAYOUTS: list[Callable[[], Any]] = [
    lambda: doubles(3, 5).t(), lambda: doubles(2, 3, 4, 5).to(memory_format=torch.channels_last),
    lambda: doubles(2, 3, 4).permute(2, 0, 1).clone(), lambda: doubles(4, 5).t()[1:],
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
@pytest.mark.parametrize("function", range(len(IN_ORDER)))
def test_what_is_drawn_or_made_lies_as_the_tensor_does(function: int, layout: int, backend: str) -> None:
    assert_as_eager(IN_ORDER[function], lambda n: (LAYOUTS[layout](),), backend)


def test_a_function_that_is_differentiated_draws_in_the_order_of_memory() -> None:
    x = doubles(3, 5).t()
    torch.manual_seed(0)
    mask = F.dropout(torch.ones_like(x))
    torch.manual_seed(0)
    assert torch.equal(torch.func.grad(lambda t: F.dropout(t).sum())(x), mask)


@pytest.mark.parametrize("backend", BACKENDS)
def test_writes_through_data_are_not_counted(backend: str) -> None:
    def step(x: Any, y: Any) -> Any:
        x.data.mul_(2)
        y.detach().add_(1)
        return x.sum()

    assert_as_eager(step, lambda n: (doubles(3), doubles(3)), backend)


SCHEDULES: dict[str, Callable[[Any], Any]] = {
    "StepLR": lambda o: torch.optim.lr_scheduler.StepLR(o, 2),
    "OneCycleLR": lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=20),
    "CosineAnnealingLR": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 20),
    "LambdaLR": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda epoch: 0.9**epoch),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedulers_that_step_inside_are_not_forgotten(name: str) -> None:
    rates = []
    for compiled in (False, True):
        w = torch.nn.Parameter(doubles(3))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
        scheduler = SCHEDULES[name](optimizer)

        def step() -> None:
            optimizer.zero_grad()
            (w * w).sum().backward()
            optimizer.step()
            scheduler.step()

        run = torch.compile(step) if compiled else step
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            rates.append([(run(), optimizer.param_groups[0]["lr"], w.sum().item())[1:] for _ in range(CALLS)])
    assert "to change Python values" in str(told[-1].message)
    assert rates[0] == rates[1]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("gaps", [False, True])
def test_a_view_that_the_backward_program_reads(gaps: bool, backend: str) -> None:
    # What the forward program delivers for it has no gaps, whatever the traced view had.
    w = torch.nn.Parameter(doubles(3, 3))

    def product(x: Any) -> Any:
        return F.linear(x.view_as(x), w)

    fast = torch.compile(product, backend=backend, fullgraph=True)
    g = doubles(4, 3)
    for call in range(CALLS):
        x = (doubles(8, 3) + call)[::2] if gaps else doubles(4, 3) + call
        (expected,) = torch.autograd.grad(product(x), w, g)
        (found,) = torch.autograd.grad(fast(x), w, g)
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    assert program_of(fast)


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_after_a_trace_has_stopped_the_call_goes_on_as_any_other() -> None:
    def stops(x: Any, y: Any) -> Any:
        if x[0, 0] > 100:
            return x
        return x * 1.0, x.sum(), (y * 2).stride(), y.exp()

    fast = torch.compile(stops)
    for _ in range(3):
        x, y = doubles(4, 3).bfloat16(), doubles(2, 3, 4, 5).permute(0, 3, 1, 2)
        found, expected = fast(x, y), stops(x, y)
        assert_close(found, expected, 0)
        assert found[3].stride() == expected[3].stride()


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_a_view_of_an_argument_that_is_made_a_leaf() -> None:
    fast = torch.compile(lambda x: x[1:].requires_grad_())
    for _ in range(4):
        out = fast(doubles(3))
        assert out.requires_grad
        assert out.is_leaf


@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_lie_as_their_leaves(backend: str) -> None:
    strides = []
    for compiled in (False, True):
        w = torch.nn.Parameter(doubles(4, 2, 3, 3).to(memory_format=torch.channels_last))
        v = torch.nn.Parameter(doubles(3, 2))

        def step(x: Any) -> None:
            w.grad = v.grad = None
            (F.conv2d(x, w).sum() + (v * doubles(2, 3).t()).sum()).backward()

        run = torch.compile(step, backend=backend) if compiled else step
        strides.append([(run(doubles(1, 2, 4, 4)), w.grad.stride(), v.grad.stride())[1:] for _ in range(4)])
    assert strides[0] == strides[1]


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_the_backward_pass_does_not_read_may_change_before_it(backend: str) -> None:
    w = torch.nn.Parameter(doubles(3))
    fast = torch.compile(lambda x: (x * w).sin(), backend=backend, fullgraph=True)
    for _ in range(4):
        x = doubles(3)
        out = fast(x)
        expected = x * (x * w).cos().detach()
        with torch.no_grad():
            w.mul_(0.5)
        (found,) = torch.autograd.grad(out.sum(), w)
        torch.testing.assert_close(found, expected)
    out = fast(x)
    with torch.no_grad():
        w.mul_(0.5)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        torch.autograd.grad(out.sum(), w, create_graph=True)


@pytest.mark.filterwarnings("ignore:.*is not compiled|Use of index_put_")
@pytest.mark.parametrize(
    "write", [lambda x: x.fill_(2), lambda x: x.zero_(), lambda x: x.__setitem__(torch.tensor([0, 1]), 2.0)]
)
def test_writes_to_expanded_tensors_are_left_alone(write: Callable[[Any], Any]) -> None:
    def filled(x: Any) -> Any:
        y = x * 2
        write(y.expand(4, 3))
        return y

    fast = torch.compile(filled)
    for _ in range(4):
        assert_close(fast(doubles(3)), filled(doubles(3)), 0)
