"""What is timed. Each workload builds its data with the library it is given and returns a function to call.

The function takes no arguments, does one step, and returns something that depends on its result, so that the
contestants can be seen to compute the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[], Any]
WORKLOADS: dict[str, tuple[str, Callable[[Any], Step]]] = {}


def workload(name: str, title: str) -> Callable[[Callable[[Any], Step]], Callable[[Any], Step]]:
    def add(make: Callable[[Any], Step]) -> Callable[[Any], Step]:
        WORKLOADS[name] = (title, make)
        return make

    return add


def _data(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@workload("multiply", "ten multiplications of 3 float32, recorded")
def multiply(torch: Any) -> Step:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    w = torch.tensor([1.1, 0.9, 1.05])

    def step() -> Any:
        y = x
        for _ in range(10):
            y = y * w
        return y

    return step


@workload("multiply_backward", "the same, sum and backward")
def multiply_backward(torch: Any) -> Step:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    w = torch.tensor([1.1, 0.9, 1.05])

    def step() -> Any:
        x.grad = None
        y = x
        for _ in range(10):
            y = y * w
        y.sum().backward()
        return x.grad

    return step


def _regression(optimizer: str) -> Callable[[Any], Step]:
    def make(torch: Any) -> Step:
        x = torch.tensor(_data(20, 3))
        y = torch.tensor(_data(20, 1, seed=1))
        w = torch.tensor(_data(3, 1, seed=2), requires_grad=True)
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


@workload("mlp", "MLP 784-128-10, batch 64, one step of SGD")
def mlp(torch: Any) -> Step:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.01)
    x = torch.tensor(_data(64, 784))
    y = torch.tensor(np.random.default_rng(1).integers(0, 10, 64))

    def step() -> Any:
        opt.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        return loss

    return step


@workload("elementwise", "(x*w+b).tanh()*y, exp, sum over 1e7 float32, forward")
def elementwise(torch: Any) -> Step:
    x, y = torch.tensor(_data(10**7)), torch.tensor(_data(10**7, seed=1))

    def step() -> Any:
        with torch.no_grad():
            return ((x * 1.5 + 0.5).tanh() * y).exp().sum()

    return step


@workload("matmul", "1024 x 1024 product and its sum, forward and backward")
def matmul(torch: Any) -> Step:
    a = torch.tensor(_data(1024, 1024), requires_grad=True)
    b = torch.tensor(_data(1024, 1024, seed=1), requires_grad=True)

    def step() -> Any:
        a.grad = b.grad = None
        (a @ b).sum().backward()
        return a.grad[0, 0]

    return step


def _chain(n: int) -> Callable[[Any], Step]:
    def make(torch: Any) -> Step:
        x = torch.tensor(1.0, requires_grad=True)

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
