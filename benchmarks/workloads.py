"""What is timed of training and of single operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import Step, workload


def data(*shape: int, seed: int = 0, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@workload("multiply", "ten multiplications of 3 float32, recorded")
def multiply(torch: Any, dtype: str = "float32") -> Step:
    x = torch.tensor([1.0, 2.0, 3.0], dtype=getattr(torch, dtype), requires_grad=True)
    w = torch.tensor([1.1, 0.9, 1.05], dtype=x.dtype)

    def step() -> Any:
        y = x
        for _ in range(10):
            y = y * w
        return y

    return step


@workload("multiply_backward", "the same, sum and backward")
def multiply_backward(torch: Any, dtype: str = "float32") -> Step:
    x = torch.tensor([1.0, 2.0, 3.0], dtype=getattr(torch, dtype), requires_grad=True)
    w = torch.tensor([1.1, 0.9, 1.05], dtype=x.dtype)

    def step() -> Any:
        x.grad = None
        y = x
        for _ in range(10):
            y = y * w
        y.sum().backward()
        return x.grad

    return step


def _regression(optimizer: str) -> Callable[..., Step]:
    def make(torch: Any, dtype: str = "float32") -> Step:
        x = torch.tensor(data(20, 3, dtype=dtype))
        y = torch.tensor(data(20, 1, seed=1, dtype=dtype))
        w = torch.tensor(data(3, 1, seed=2, dtype=dtype), requires_grad=True)
        opt = getattr(torch.optim, optimizer)([w], lr=0.01)

        def step() -> Any:
            opt.zero_grad()
            loss = torch.mean(torch.square(y - x @ w))
            loss.backward()
            opt.step()
            return loss

        return step

    return make


for _name in ("SGD", "Adam", "NAdam"):
    workload(f"regression_{_name.lower()}", f"regression (20,3)@(3,1), one step of {_name}")(_regression(_name))


PUZZLE_START = (0.13, 0.85, 0.76, 0.26)


def unknowns(torch: Any, dtype: str) -> list[Any]:
    return [torch.tensor(v, dtype=getattr(torch, dtype), requires_grad=True) for v in PUZZLE_START]


def solving(torch: Any, unknowns: list[Any]) -> tuple[Step, Any]:
    """A step, and the optimizer that takes it."""
    a, b, c, d = unknowns
    opt = torch.optim.NAdam([a, b, c, d], lr=0.01)

    def step() -> Any:
        y1 = a + b - 9
        y2 = c - d - 1
        y3 = a + c - 8
        y4 = b - d - 2
        loss = y1 * y1 + y2 * y2 + y3 * y3 + y4 * y4
        opt.zero_grad()
        loss.backward()
        opt.step()
        return loss

    return step, opt


@workload("puzzle", "A+B=9, C-D=1, A+C=8, B-D=2: four scalars, one step of NAdam")
def puzzle(torch: Any, dtype: str = "float32") -> Step:
    return solving(torch, unknowns(torch, dtype))[0]


class Repeated:
    """A step taken ``times`` over, from where ``restart`` puts it; its result is the last one's.

    repeat: takes the steps, in another way than one by one.
    """

    def __init__(self, step: Step, times: int, restart: Callable[[int], None]):
        self.step, self.times, self.restart = step, times, restart
        self.repeat = self.one_by_one
        self.calls = 0

    def one_by_one(self, times: int) -> Any:
        for _ in range(times - 1):
            self.step()
        return self.step()

    def __call__(self) -> Any:
        self.restart(self.calls)
        self.calls += 1
        return self.repeat(self.times)


@workload("puzzle_1000", "the same, 1000 steps from the beginning")
def puzzle_1000(torch: Any, dtype: str = "float32", times: int = 1000) -> Repeated:
    found = unknowns(torch, dtype)
    step, opt = solving(torch, found)

    def restart(calls: int) -> None:
        with torch.no_grad():
            for x, start in zip(found, PUZZLE_START):
                x.fill_(start)
            if calls % 100 == 0:
                # After a million steps the powers of NAdam's factors are too small a number to be quick with, which no
                # training ever sees.
                for state in opt.state.values():
                    for name, t in state.items():
                        t.fill_(name == "mu_product")

    return Repeated(step, times, restart)


def classifier(torch: Any, dtype: str, widths: tuple[int, int, int]) -> Any:
    """An MLP for classes."""
    torch.manual_seed(0)
    inputs, hidden, classes = widths
    of = {"dtype": getattr(torch, dtype)}
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, hidden, **of), torch.nn.ReLU(), torch.nn.Linear(hidden, classes, **of)
    )


def _mlp(optimizer: str, lr: float, batch: int) -> Callable[..., Step]:
    def make(
        torch: Any, dtype: str = "float32", batch: int = batch, widths: tuple[int, int, int] = (784, 128, 10)
    ) -> Step:
        net = classifier(torch, dtype, widths)
        opt = getattr(torch.optim, optimizer)(net.parameters(), lr=lr)
        x, y = images(torch, dtype, batch, widths)

        def step() -> Any:
            opt.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            return loss

        return step

    return make


def images(torch: Any, dtype: str, batch: int, widths: tuple[int, int, int]) -> tuple[Any, Any]:
    """What there is to classify, and its classes."""
    classes = np.random.default_rng(1).integers(0, widths[-1], batch)
    return torch.tensor(data(batch, widths[0], dtype=dtype)), torch.tensor(classes)


workload("mlp", "MLP 784-128-10, batch 64, one step of SGD")(_mlp("SGD", 0.01, 64))
workload("mlp_adam", "MLP 784-128-10, batch 1024, one step of Adam")(_mlp("Adam", 1e-3, 1024))


@workload("elementwise", "(x*w+b).tanh()*y, exp, sum over 1e7 float32, forward")
def elementwise(torch: Any, dtype: str = "float32", n: int = 10**7) -> Step:
    x, y = torch.tensor(data(n, dtype=dtype)), torch.tensor(data(n, seed=1, dtype=dtype))

    def step() -> Any:
        with torch.no_grad():
            return ((x * 1.5 + 0.5).tanh() * y).exp().sum()

    return step


@workload("elementwise_backward", "the same, forward and backward to w and b")
def elementwise_backward(torch: Any, dtype: str = "float32", n: int = 10**7) -> Step:
    x, y = torch.tensor(data(n, dtype=dtype)), torch.tensor(data(n, seed=1, dtype=dtype))
    w, b = (torch.tensor(v, dtype=x.dtype, requires_grad=True) for v in (1.5, 0.5))

    def step() -> Any:
        w.grad = b.grad = None
        total = ((x * w + b).tanh() * y).exp().sum()
        total.backward()
        return [total.detach(), w.grad, b.grad]

    return step


@workload("matmul", "1024 x 1024 product and its sum, forward and backward")
def matmul(torch: Any, dtype: str = "float32", n: int = 1024) -> Step:
    a = torch.tensor(data(n, n, dtype=dtype), requires_grad=True)
    b = torch.tensor(data(n, n, seed=1, dtype=dtype), requires_grad=True)

    def step() -> Any:
        a.grad = b.grad = None
        (a @ b).sum().backward()
        return a.grad[0, 0]

    return step


def _chain(n: int) -> Callable[..., Step]:
    def make(torch: Any, dtype: str = "float32", n: int = n) -> Step:
        x = torch.tensor(1.0, dtype=getattr(torch, dtype), requires_grad=True)

        def step() -> Any:
            x.grad = None
            y = x
            for _ in range(n // 2):
                y = y * 1.00001 + 1e-6
            y.backward()
            return x.grad

        return step

    return make


for _exponent in (3, 4, 5, 6):
    workload(f"chain_1e{_exponent}", f"forward and backward through 1e{_exponent} scalar operations")(
        _chain(10**_exponent)
    )
