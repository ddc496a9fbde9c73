"""Programs drawn at random: views, in-place writes, indexing, dtypes, reductions, derivatives and transforms, mixed.

Compiled they return and leave behind what they do eagerly, for the data that they were traced with and for others.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import rushlight as torch
from tests.compile.running import BACKENDS, assert_close, program_of

PROGRAMS = 200
SHAPES = [(4, 3), (3,), (4, 1), (1, 3), (4,), (2, 4, 3)]

UNARY: list[Callable[[Any], Any]] = [
    torch.sin, torch.tanh, torch.exp, torch.neg, torch.abs, torch.relu, torch.sigmoid, torch.square,
    lambda x: x * 0.5, lambda x: x + 1, lambda x: 2 - x, lambda x: x.clamp(-1, 1), lambda x: x.softmax(-1),
    lambda x: torch.where(x > 0, x, x * 0.1), lambda x: x.cumsum(0), lambda x: x.flip(0), lambda x: x.float().double(),
    lambda x: (x * 3).round().long().double(), lambda x: x.log1p() if x is None else x.abs().log1p(),
]  # fmt: skip
VIEWS: list[Callable[[Any], Any]] = [
    lambda x: x.reshape(-1), lambda x: x.transpose(0, -1), lambda x: x[..., 1:], lambda x: x[0], lambda x: x[::2],
    lambda x: x.unsqueeze(0), lambda x: x.squeeze(), lambda x: x.flatten(), lambda x: x.movedim(0, -1),
    lambda x: x.narrow(0, 0, 1), lambda x: x.unbind(0)[-1], lambda x: x.chunk(2, -1)[0], lambda x: x.diagonal()
    if x.dim() > 1 else x, lambda x: x.expand(2, *x.shape)[0], lambda x: x.select(-1, 0),
]  # fmt: skip
BINARY: list[Callable[[Any, Any], Any]] = [
    torch.add, torch.sub, torch.mul, torch.maximum, lambda a, b: a / (b.abs() + 1), torch.atan2,
    lambda a, b: torch.where(a > b, a, b * 2), lambda a, b: a @ b.transpose(-1, -2) if min(a.dim(), b.dim()) > 1 else a * b,
]  # fmt: skip
REDUCTIONS: list[Callable[[Any], Any]] = [
    lambda x: x.sum(), lambda x: x.mean(0), lambda x: x.sum(-1, keepdim=True), lambda x: x.amax(-1), lambda x: x.prod(0),
    lambda x: x.logsumexp(-1), lambda x: x.var(0), lambda x: x.max(0).values, lambda x: x.norm(), lambda x: x.std(),
    lambda x: x.argmax(-1).double(), lambda x: x.sort(-1).values, lambda x: (x > 0).sum(0).double(),
]  # fmt: skip
WRITES: list[Callable[[Any], Any]] = [
    lambda x: x.mul_(0.5), lambda x: x.add_(1), lambda x: x.sin_(), lambda x: x[0].zero_() if x.dim() else x.zero_(),
    lambda x: x[..., :1].mul_(3) if x.dim() else x, lambda x: x.fill_(0.25), lambda x: x.clamp_(-1, 1),
    lambda x: x.t_() if x.dim() == 2 else x.neg_(), lambda x: x.reshape(-1)[:2].add_(1) if x.is_contiguous() else x,
    lambda x: x.masked_fill_(x > 0.5, 0.5), lambda x: x.copy_(x.flip(0)) if x.dim() else x,
]  # fmt: skip
INDEXING: list[Callable[[Any], Any]] = [
    lambda x: x[torch.tensor([0, 0])], lambda x: x.index_select(0, torch.tensor([0])), lambda x: x[None, ..., -1],
    lambda x: torch.cat([x, x[:1]]), lambda x: torch.stack([x, x * 2]), lambda x: x.roll(1, 0),
    lambda x: x.index_add(0, torch.tensor([0]), x[:1]), lambda x: x.gather(0, torch.zeros(1, *x.shape[1:], dtype=torch.long)),
]  # fmt: skip


class Program:
    """One drawn program: a function of two tensors that may write to them, and to one from outside."""

    def __init__(self, seed: int):
        draw = random.Random(seed)
        self.steps = [self.step(draw) for _ in range(draw.randint(4, 14))]
        self.kind = draw.choice(["plain", "grad", "backward", "second", "func.grad", "vmap", "jvp", "hessian", "live"])
        self.shape = draw.choice(SHAPES)
        self.writes_outside = draw.random() < 0.3
        self.outside = torch.linspace(-1, 1, 3, dtype=torch.float64)
        self.weight = torch.linspace(0.5, 1.5, 3, dtype=torch.float64).requires_grad_()

    @staticmethod
    def step(draw: random.Random) -> tuple[Any, ...]:
        kind = draw.choice(
            ["unary"] * 3 + ["binary"] * 3 + ["view", "view", "reduction", "write", "write", "index", "no_grad"]
        )
        operations = {
            "unary": UNARY, "binary": BINARY, "view": VIEWS, "reduction": REDUCTIONS, "write": WRITES, "index": INDEXING,
            "no_grad": UNARY,
        }[kind]  # fmt: skip
        return kind, draw.choice(operations), draw.random(), draw.random()

    def body(self, x: Any, y: Any) -> Any:
        """The steps, on a list of values; those that do not fit a shape are left out."""
        values = [x * 1, y * 1, x * self.weight.sum()]
        for kind, operation, first, second in self.steps:
            a, b = values[int(first * len(values))], values[int(second * len(values))]
            try:
                if kind == "binary":
                    values.append(operation(a, b))
                elif kind == "no_grad":
                    with torch.no_grad():
                        values.append(operation(a))
                else:
                    values.append(operation(a))
            except (RuntimeError, IndexError, ValueError):
                continue
        if self.writes_outside:
            with torch.no_grad():
                self.outside.mul_(0.5).add_(values[-1].detach().sum() * 0.01)
        return values

    def total(self, x: Any, y: Any) -> Any:
        return sum(v.sum() for v in self.body(x, y)[3:] if v.dtype is torch.float64)

    def __call__(self, x: Any, y: Any) -> Any:
        kind = self.kind
        if kind == "plain":
            return [v.detach().clone() for v in self.body(x, y)]
        if kind == "live":
            return self.total(x, y)
        if kind in ("grad", "second"):
            x.requires_grad_()
            found = torch.autograd.grad(
                self.total(x, y), [x, self.weight], allow_unused=True, create_graph=kind == "second"
            )
            if kind == "second":
                again = sum((g * g).sum() for g in found if g is not None and g.requires_grad)
                if isinstance(again, torch.Tensor):
                    found = (*found, *torch.autograd.grad(again, [x, self.weight], allow_unused=True))
            return [None if g is None else g.detach().clone() for g in found]
        if kind == "backward":
            self.weight.grad = None
            loss = self.total(x, y)
            if isinstance(loss, torch.Tensor) and loss.requires_grad:
                loss.backward()
            return None if not isinstance(loss, torch.Tensor) else loss.detach()
        function = lambda t: self.total(t, y).reshape(()) * 1.0
        if kind == "func.grad":
            return torch.func.grad(function)(x).detach().clone()
        if kind == "jvp":
            return [o.detach().clone() for o in torch.func.jvp(function, (x,), (torch.ones_like(x),))]
        if kind == "hessian":
            return torch.func.hessian(lambda t: function(t[:1]))(x[:2]).detach().clone()
        return torch.vmap(lambda t: (t * 2).sin().sum() + t.prod())(x).detach().clone()


def result_of(function: Any, program: Program, seed: int) -> Any:
    torch.manual_seed(seed)
    x = torch.randn(program.shape, dtype=torch.float64)
    y = torch.randn(program.shape, dtype=torch.float64)
    if program.kind in ("grad", "second"):
        x.requires_grad_()
    try:
        out = function(x, y)
        if program.kind == "live" and isinstance(out, torch.Tensor) and out.requires_grad:
            out = (out.detach(), torch.autograd.grad(out, [program.weight], allow_unused=True))
    except Exception as error:  # noqa: BLE001 - a program may be wrong; compiled it must be as wrong
        out = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return out, x.detach().clone(), program.outside.clone(), program.weight.grad


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("seed", range(PROGRAMS))
@pytest.mark.filterwarnings("ignore")
def test_random_program(seed: int, backend: str) -> None:
    eager, other = Program(seed), Program(seed)
    fast = torch.compile(other, backend=backend)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for call in range(5):
            expected = result_of(eager, eager, call)
            found = result_of(fast, other, call)
            assert_close(found, expected, 1e-9 if backend != "eager" else 1e-12)
    about = [str(w.message) for w in told if "is not compiled" in str(w.message)]
    if not about and not isinstance(expected[0], str):
        assert program_of(fast)


def test_most_random_programs_are_compiled() -> None:
    compiled = 0
    for seed in range(40):
        program = Program(seed)
        fast = torch.compile(program, backend="eager")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for call in range(3):
                result_of(fast, program, call)
        compiled += bool(program_of(fast))
    assert compiled >= 25
