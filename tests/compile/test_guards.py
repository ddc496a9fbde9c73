"""A compiled function notices what changes between calls. Each program is run eagerly and compiled, side by side."""

from __future__ import annotations

import array
import collections
import copy
import math
import operator
import os
import random
import threading
import types
import warnings
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight import nn, optim
from tests.compile.running import BACKENDS, assert_close, program_of

SCALE = 2.0
CALLS = 8


def helper(x: Any) -> Any:
    return x * 3


def other_helper(x: Any) -> Any:
    return x * 5


class Both:
    """The same program twice: ``eager`` and ``compiled``, each with its own state."""

    def __init__(self, make: Callable[[], SimpleNamespace], backend: str = "eager", **options: Any):
        torch.manual_seed(1)
        self.eager = make()
        torch.manual_seed(1)
        self.compiled = make()
        self.fast = torch.compile(self.compiled.step, backend=backend, fullgraph=True, **options)
        self.tolerance = 0.0 if backend == "eager" else 1e-5

    def run(self, change: Callable[[SimpleNamespace, int], None], calls: int = CALLS, arguments: Any = None) -> None:
        for i in range(calls):
            results = []
            for p, step in ((self.eager, self.eager.step), (self.compiled, self.fast)):
                change(p, i)
                args, kwargs = arguments(i) if arguments is not None else ((), {})
                torch.manual_seed(100 + i)
                results.append((step(*args, **kwargs), state_of(p), torch.get_rng_state()))
            assert_close(results[1], results[0], self.tolerance)

    @property
    def programs(self) -> int:
        assert self.fast.compiled.given_up is None
        return len(program_of(self.fast))


def state_of(p: SimpleNamespace) -> list[Any]:
    found: list[Any] = []
    model = getattr(p, "model", None)
    if model is not None:
        found += [t.detach().clone() for t in (*model.parameters(), *model.buffers())]
        found += [None if t.grad is None else t.grad.clone() for t in model.parameters()]
    found += [t.detach().clone() for t in getattr(p, "tensors", [])]
    found += [None if t.grad is None else t.grad.clone() for t in getattr(p, "tensors", [])]
    return found


def regression(optimizer: Callable[..., Any] = optim.SGD, **options: Any) -> Callable[[], SimpleNamespace]:
    def make() -> SimpleNamespace:
        p = SimpleNamespace()
        p.model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        p.optimizer = optimizer(p.model.parameters(), **{"lr": 0.05, **options})
        p.x, p.y = torch.randn(10, 3), torch.randn(10, 1)
        model, opt, x, y = p.model, p.optimizer, p.x, p.y

        def step() -> Any:
            opt.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
            return loss.detach()

        p.step = step
        return p

    return make


def nothing(p: SimpleNamespace, i: int) -> None:
    pass


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_changes(backend: str) -> None:
    both = Both(regression(), backend)
    both.run(nothing)
    assert both.programs == 1


# -- optimizers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS)
def test_learning_rate_by_hand(backend: str) -> None:
    both = Both(regression(), backend)
    both.run(lambda p, i: p.optimizer.param_groups[0].update(lr=0.1 / (i + 1)))
    assert both.programs == 1


SCHEDULERS: dict[str, Callable[[Any], Any]] = {
    "StepLR": lambda o: optim.lr_scheduler.StepLR(o, 2, 0.5),
    "ExponentialLR": lambda o: optim.lr_scheduler.ExponentialLR(o, 0.9),
    "CosineAnnealingLR": lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 10),
    "LambdaLR": lambda o: optim.lr_scheduler.LambdaLR(o, lambda epoch: 0.9**epoch),
    "MultiStepLR": lambda o: optim.lr_scheduler.MultiStepLR(o, [2, 5]),
    "LinearLR": lambda o: optim.lr_scheduler.LinearLR(o),
    "OneCycleLR": lambda o: optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=20),
}


@pytest.mark.parametrize("name", SCHEDULERS)
def test_schedulers_step_between_calls(name: str) -> None:
    if not hasattr(optim.lr_scheduler, name):
        pytest.skip("not there")
    both = Both(regression(optim.SGD, momentum=0.9))
    for p in (both.eager, both.compiled):
        p.scheduler = SCHEDULERS[name](p.optimizer)
    both.run(lambda p, i: p.scheduler.step() if i else None, calls=12)
    assert both.programs <= 3


@pytest.mark.parametrize(
    ("optimizer", "key", "values"),
    [
        (optim.SGD, "momentum", [0.9, 0.9, 0.9, 0.5, 0.0, 0.7, 0.9, 0.1]),
        (optim.SGD, "weight_decay", [0.0, 0.0, 0.0, 0.1, 0.2, 0.3, 0.0, 0.1]),
        (optim.SGD, "nesterov", [False] * 4 + [True] * 4),
        (optim.SGD, "maximize", [False] * 4 + [True] * 4),
        (optim.Adam, "betas", [(0.9, 0.999)] * 4 + [(0.8, 0.99)] * 4),
        (optim.Adam, "eps", [1e-8] * 4 + [1e-3] * 4),
        (optim.Adam, "weight_decay", [0.0, 0.0, 0.0, 0.1, 0.2, 0.3, 0.0, 0.1]),
    ],
)
def test_options_of_optimizers(optimizer: Any, key: str, values: list[Any]) -> None:
    options = {"momentum": 0.9} if optimizer is optim.SGD else {}
    both = Both(regression(optimizer, **options))
    both.run(lambda p, i: p.optimizer.param_groups[0].__setitem__(key, values[i]))
    assert both.programs <= 4


def test_options_that_vary_compile_a_few_times_at_most() -> None:
    both = Both(regression(optim.SGD, momentum=0.9))
    both.run(lambda p, i: p.optimizer.param_groups[0].update(momentum=0.5 + i / 100, weight_decay=i / 100), calls=40)
    assert both.programs <= 4


def test_load_state_dict_of_an_optimizer() -> None:
    both = Both(regression(optim.Adam))
    saved: dict[int, Any] = {}

    def change(p: SimpleNamespace, i: int) -> None:
        if i == 2:
            saved[id(p)] = copy.deepcopy(p.optimizer.state_dict())
        if i == 5:
            p.optimizer.load_state_dict(saved[id(p)])

    both.run(change)


def test_a_parameter_that_is_added() -> None:
    def make() -> SimpleNamespace:
        p = SimpleNamespace()
        p.tensors = [torch.randn(3, requires_grad=True), torch.randn(3, requires_grad=True)]
        p.optimizer = optim.Adam([p.tensors[0]], lr=0.1)
        tensors, opt = p.tensors, p.optimizer

        def step() -> Any:
            opt.zero_grad()
            loss = sum((t**2).sum() for t in tensors)
            loss.backward()
            opt.step()
            return loss.detach()

        p.step = step
        return p

    both = Both(make)
    both.run(lambda p, i: p.optimizer.add_param_group({"params": [p.tensors[1]], "lr": 0.2}) if i == 4 else None)


# -- parameters and modules -----------------------------------------------------------------------------------------------


def swapped_data(p: SimpleNamespace, i: int) -> None:
    if i % 3 == 2:
        p.model[0].weight.data = p.model[0].weight.data * 0.5


def replaced_parameter(p: SimpleNamespace, i: int) -> None:
    if i == 4:
        p.model[0].bias = nn.Parameter(torch.full((4,), 0.25))


def loaded_module(p: SimpleNamespace, i: int) -> None:
    if i == 4:
        p.model.load_state_dict({k: v * 0.5 for k, v in p.model.state_dict().items()})


def assigned_module(p: SimpleNamespace, i: int) -> None:
    if i == 4:
        p.model.load_state_dict({k: v * 0.5 for k, v in p.model.state_dict().items()}, assign=True)


def frozen(p: SimpleNamespace, i: int) -> None:
    p.model[0].requires_grad_(i not in (3, 4))


def replaced_layer(p: SimpleNamespace, i: int) -> None:
    if i == 4:
        p.model[1] = nn.Sigmoid()


def hooked(p: SimpleNamespace, i: int) -> None:
    if i == 3:
        p.handle = p.model[0].weight.register_hook(lambda g: g * 10)
    if i == 6:
        p.handle.remove()


def module_hooked(p: SimpleNamespace, i: int) -> None:
    if i == 3:
        p.handle = p.model[1].register_forward_hook(lambda module, args, out: out * 2)
    if i == 6:
        p.handle.remove()


def gradients_set_by_hand(p: SimpleNamespace, i: int) -> None:
    for t in p.model.parameters():
        t.grad = None if i % 2 else torch.ones_like(t)


def gradients_held(p: SimpleNamespace, i: int) -> None:
    p.held = [
        *getattr(p, "held", []),
        *[(t.grad, None if t.grad is None else t.grad.clone()) for t in p.model.parameters()],
    ]
    assert all(g is None or torch.equal(g, copied) for g, copied in p.held)


def written_by_hand(p: SimpleNamespace, i: int) -> None:
    with torch.no_grad():
        p.model[0].weight.add_(0.01 * i)
    p.x.mul_(1.1)


@pytest.mark.parametrize(
    "change",
    [swapped_data, replaced_parameter, loaded_module, assigned_module, frozen, replaced_layer, hooked, module_hooked,
     gradients_set_by_hand, gradients_held, written_by_hand],
)  # fmt: skip
@pytest.mark.parametrize("optimizer", [optim.SGD, optim.Adam])
def test_changes_of_a_model(change: Any, optimizer: Any) -> None:
    both = Both(regression(optimizer))
    both.run(change)
    assert both.programs <= 4


def test_hooks_on_the_calls_of_all_modules() -> None:
    from rushlight.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

    model, x = nn.Sequential(nn.Linear(3, 4), nn.Tanh()), torch.randn(6, 3)
    step = torch.compile(lambda: model(x).detach())
    plain = [step() for _ in range(3)][-1]
    for register, hook in (
        (register_module_forward_hook, lambda module, args, out: out * 2),
        (register_module_forward_pre_hook, lambda module, args: (args[0] + 1,)),
    ):
        handle = register(hook)
        try:
            wanted = model(x).detach()
            assert not torch.equal(wanted, plain)
            for _ in range(3):
                torch.testing.assert_close(step(), wanted)
        finally:
            handle.remove()
        torch.testing.assert_close(step(), plain)


def test_training_mode() -> None:
    def make() -> SimpleNamespace:
        p = SimpleNamespace()
        p.model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
        p.x = torch.randn(6, 3)
        p.step = lambda: p.model(p.x).detach()
        return p

    both = Both(make)
    both.run(lambda p, i: p.model.train(i % 4 < 2))
    assert both.programs == 2


def test_gradients_accumulate_where_they_are_not_cleared() -> None:
    def make() -> SimpleNamespace:
        p = regression()()
        model, x, y, opt = p.model, p.x, p.y, p.optimizer

        def step() -> Any:
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
            return loss.detach()

        p.step = step
        return p

    Both(make).run(nothing)


def test_zero_grad_outside() -> None:
    def make() -> SimpleNamespace:
        p = regression()()
        model, x, y = p.model, p.x, p.y

        def step() -> Any:
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            return loss.detach()

        p.step = step
        return p

    both = Both(make)
    both.run(lambda p, i: p.optimizer.step() or p.optimizer.zero_grad(set_to_none=i % 2 == 0) if i else None)


# -- Python values ----------------------------------------------------------------------------------------------------------


class Holder:
    attribute = 1.5

    def __init__(self) -> None:
        self.factor = 2.0
        self.nested = {"a": [1.0, {"b": 3.0}]}
        self.flag = False


def steered() -> SimpleNamespace:
    p = SimpleNamespace()
    p.holder = Holder()
    p.options = SimpleNamespace(power=2, rate=0.5)
    constant = 1.0
    holder, options = p.holder, p.options
    x = torch.arange(4.0)

    def step(n: int = 2, *, extra: float = 0.5) -> Any:
        y = helper(x) * constant * holder.factor * holder.attribute + holder.nested["a"][0]
        y = y * holder.nested["a"][1]["b"] * SCALE + n + extra
        y = y**options.power * options.rate
        return -y if holder.flag else y

    def set_constant(value: float) -> None:
        nonlocal constant
        constant = value

    p.step, p.set_constant = step, set_constant
    return p


def set_global(p: SimpleNamespace, i: int) -> None:
    globals()["SCALE"] = 2.0 + (i > 3)


def set_helper(p: SimpleNamespace, i: int) -> None:
    globals()["helper"] = other_helper if i > 3 else HELPER


HELPER = helper


@pytest.mark.parametrize(
    "change",
    [
        lambda p, i: p.set_constant(1.0 + (i > 3)),
        lambda p, i: setattr(p.holder, "factor", 2.0 + (i > 3)),
        lambda p, i: setattr(Holder, "attribute", 1.5 + (i > 3)),
        lambda p, i: setattr(p.holder, "attribute", 7.0) if i > 3 else None,
        lambda p, i: p.holder.nested["a"].__setitem__(0, 1.0 + (i > 3)),
        lambda p, i: p.holder.nested["a"][1].__setitem__("b", 3.0 + (i > 3)),
        lambda p, i: setattr(p.holder, "flag", i > 3),
        lambda p, i: setattr(p.options, "power", 2 + (i > 3)),
        lambda p, i: setattr(p.options, "rate", 0.5 + (i > 3)),
        lambda p, i: setattr(p.step, "__defaults__", (2 + (i > 3),)),
        lambda p, i: p.step.__kwdefaults__.update(extra=0.5 + (i > 3)),
        set_global,
        set_helper,
    ],
)
def test_python_values(change: Any) -> None:
    before = Holder.attribute
    try:
        both = Both(steered)
        both.run(change)
        assert both.programs == 2
    finally:
        Holder.attribute = before
        set_global(SimpleNamespace(), 0)
        set_helper(SimpleNamespace(), 0)


def test_equal_values_do_not_compile_again() -> None:
    both = Both(steered)
    both.run(lambda p, i: p.holder.nested["a"].__setitem__(0, float("1.0")))
    assert both.programs == 1


def test_grad_mode_and_default_dtype() -> None:
    w = torch.ones(2, requires_grad=True)

    def function(x: Any) -> Any:
        return x * w + torch.ones(2)

    fast = torch.compile(function, backend="eager", fullgraph=True)
    x = torch.tensor([1.0, 2.0])
    for i in range(12):
        with torch.set_grad_enabled(i % 3 != 0):
            try:
                torch.set_default_dtype(torch.float64 if i % 4 == 3 else torch.float32)
                assert_close(fast(x), function(x), 0.0)
            finally:
                torch.set_default_dtype(torch.float32)


# -- arguments ----------------------------------------------------------------------------------------------------------------


def test_shapes_dtypes_and_strides() -> None:
    def function(x: Any) -> Any:
        return (x * 2 + 1).reshape(-1)

    fast = torch.compile(function, fullgraph=True, backend="eager")
    given = [
        torch.arange(6.0).reshape(2, 3), torch.arange(6.0).reshape(3, 2), torch.arange(6.0).reshape(2, 3).t(),
        torch.arange(6).reshape(2, 3), torch.arange(6.0, dtype=torch.float64), torch.tensor(2.0), torch.empty(0, 3),
        torch.arange(12.0)[::2],
    ]  # fmt: skip
    for x in given * 3:
        assert_close(fast(x), function(x), 0.0)
    assert len(program_of(fast)) == len(given)


@pytest.mark.parametrize("backend", BACKENDS)
def test_batch_sizes_compile_once_each(backend: str) -> None:
    both = Both(with_batches, backend)
    sizes = [4, 4, 7, 4, 7, 5, 4, 7, 5, 5, 7, 4]
    both.run(nothing, len(sizes), lambda i: ((torch.linspace(0, 1, sizes[i] * 3).reshape(-1, 3),), {}))
    assert both.programs == 3


def with_batches() -> SimpleNamespace:
    p = SimpleNamespace()
    p.model = nn.Linear(3, 2)
    p.optimizer = optim.Adam(p.model.parameters())
    model, opt = p.model, p.optimizer

    def step(x: Any) -> Any:
        opt.zero_grad()
        loss = (model(x) ** 2).mean()
        loss.backward()
        opt.step()
        return loss.detach()

    p.step = step
    return p


def test_numbers_compile_once() -> None:
    def function(x: Any, a: float, n: int) -> Any:
        return x * a + n, a * 2 + n

    fast = torch.compile(function, fullgraph=True, backend="eager")
    x = torch.arange(3.0)
    for i in range(100):
        assert_close(fast(x, i / 7, i), function(x, i / 7, i), 0.0)
    assert len(program_of(fast)) == 1
    assert_close(fast(x, 1, 2.0), function(x, 1, 2.0), 0.0)
    assert_close(fast(x, True, 2), function(x, True, 2), 0.0)
    with pytest.raises((OverflowError, RuntimeError)):
        function(torch.arange(3), 1.0, 2**70)
    with pytest.raises((OverflowError, RuntimeError)):
        fast(torch.arange(3), 1.0, 2**70)


def test_numbers_that_steer() -> None:
    def function(x: Any, a: float, n: int) -> Any:
        if a > 0.5:
            x = x * a
        return x.sum() if n == 3 else x + n

    fast = torch.compile(function, fullgraph=True, backend="eager")
    x = torch.arange(3.0)
    for i in range(40):
        a, n = (i % 10) / 10, i % 5
        assert_close(fast(x, a, n), function(x, a, n), 0.0)
    assert len(program_of(fast)) <= 4


def test_numbers_that_are_shapes() -> None:
    def function(x: Any, n: int) -> Any:
        return x.repeat(n) + torch.zeros(3 * n)

    fast = torch.compile(function, fullgraph=True, backend="eager")
    for n in [1, 2, 3, 2, 1, 3, 2]:
        assert_close(fast(torch.arange(3.0), n), function(torch.arange(3.0), n), 0.0)
    assert len(program_of(fast)) == 3


def test_none_keywords_and_containers() -> None:
    def function(x: Any, y: Any = None, *rest: Any, options: Any = None) -> Any:
        out = x * 2 if y is None else x * y
        for r in rest:
            out = out + r
        if options:
            out = out * options["scale"] + options["parts"][0]
        return {"out": out, "parts": [out + 1, (out - 1, None, "text")]}

    fast = torch.compile(function, fullgraph=True, backend="eager")
    a, b = torch.arange(3.0), torch.ones(3)
    for _ in range(3):
        for args, kwargs in (
            ((a,), {}), ((a, b), {}), ((a,), {"y": b}), ((a, b, b, a), {}), ((), {"x": a, "y": None}),
            ((a,), {"options": {"scale": 2.0, "parts": [b, a]}}), ((a,), {"options": {}}),
            ((a,), {"options": {"parts": [b, a], "scale": 2.0}}), ((b, 2.5), {}), ((b, None), {}),
        ):  # fmt: skip
            assert_close(fast(*args, **kwargs), function(*args, **kwargs), 0.0)
    assert fast.compiled.given_up is None


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_the_same_tensor_twice_and_overlapping_views() -> None:
    def function(x: Any, y: Any) -> Any:
        x.add_(1)
        return x * y

    fast = torch.compile(function, fullgraph=False, backend="eager")
    for i in range(9):
        results = []
        for f in (function, fast):
            base = torch.arange(6.0)
            pair = [(base[:3], base[3:]), (base, base), (base[:3], base[:3]), (base[:4], base[2:])][
                i % 4 if i > 3 else 0
            ]
            results.append((f(*pair), base))
        assert_close(results[1], results[0], 0.0)


def test_an_argument_that_is_also_outside() -> None:
    x = torch.arange(3.0)

    def function(y: Any) -> Any:
        return x * 2 + y

    fast = torch.compile(function, fullgraph=True, backend="eager")
    for y in (x, x, x, torch.ones(3), torch.zeros(3), x, torch.ones(3)):
        assert_close(fast(y), function(y), 0.0)


def test_arguments_that_are_written() -> None:
    def function(x: Any, y: Any) -> Any:
        x.mul_(y)
        x[0] = 7
        y.t_() if y.dim() == 2 else y.neg_()
        return x.sum()

    fast = torch.compile(function, backend="eager")
    pairs = []
    for f in (function, fast):
        x, y = torch.arange(3.0), torch.full((3,), 2.0)
        pairs.append([(f(x, y), x.clone(), y.clone(), x._version > 0) for _ in range(5)])
    assert_close(pairs[1], pairs[0], 0.0)


def test_versions_are_counted() -> None:
    both = Both(regression())
    both.run(nothing, 4)
    w = both.compiled.model[0].weight
    y = (w * w).sum()
    both.fast()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


# -- calls within calls -------------------------------------------------------------------------------------------------------


def test_two_functions_share_parameters() -> None:
    p = regression(optim.Adam)()
    q = regression(optim.Adam)()
    q.model.load_state_dict(p.model.state_dict())
    q.x.copy_(p.x), q.y.copy_(p.y)

    def evaluate(p: SimpleNamespace) -> Callable[[], Any]:
        return lambda: p.model(p.x).detach().sum()

    step, score = torch.compile(p.step, fullgraph=True, backend="eager"), torch.compile(evaluate(p), backend="eager")
    for _ in range(6):
        assert_close((step(), score()), (q.step(), evaluate(q)()), 0.0)


def test_compiled_inside_compiled() -> None:
    inner = torch.compile(lambda x: x.sin() * 2, backend="eager")
    outer = torch.compile(lambda x: inner(x) + inner(x * 2), backend="eager", fullgraph=True)
    for i in range(5):
        x = torch.arange(3.0) + i
        assert_close(outer(x), x.sin() * 2 + (x * 2).sin() * 2, 0.0)


def test_an_exception_inside() -> None:
    def function(x: Any, fail: bool) -> Any:
        y = x * 2
        if fail:
            raise KeyError("inside")
        return y

    fast = torch.compile(function, fullgraph=True, backend="eager")
    x = torch.arange(3.0)
    for i in range(8):
        if i % 3 == 1:
            with pytest.raises(KeyError, match="inside"):
                fast(x, True)
        else:
            assert_close(fast(x, False), function(x, False), 0.0)
    assert type(x._data).__name__ == "ndarray"


def test_threads() -> None:
    p = SimpleNamespace(w=torch.randn(50, 50))

    def function(x: Any, a: float) -> Any:
        return (x @ p.w).tanh() * a

    fast = torch.compile(function, fullgraph=True, backend="eager")
    given = [(torch.randn(50, 50), float(i)) for i in range(4)]
    for args in given:
        fast(*args)
    wrong: list[Any] = []

    def work(args: Any) -> None:
        expected = function(*args)
        for _ in range(30):
            if not torch.equal(fast(*args), expected):
                wrong.append(args)

    threads = [threading.Thread(target=work, args=(args,)) for args in given]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_methods_and_decorators() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.arange(3.0))
            self.scale = 2.0

        @torch.compile(backend="eager", fullgraph=True)
        def score(self, x: Any) -> Any:
            return (x * self.w * self.scale).sum().detach()

    a, b = Model(), Model()
    b.scale = 3.0
    for i in range(5):
        x = torch.full((3,), float(i))
        assert_close(a.score(x), (x * a.w * 2.0).sum().detach(), 0.0)
        assert_close(b.score(x), (x * b.w * 3.0).sum().detach(), 0.0)
        a.scale = 2.0
    bound = torch.compile(a.score.__wrapped__.__get__(a), backend="eager")
    for _ in range(4):
        assert_close(bound(x), (x * a.w * 2.0).sum().detach(), 0.0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_gradient_that_is_read_before_it_is_replaced(backend: str) -> None:
    def make() -> SimpleNamespace:
        p = regression()()
        model, x, y, opt = p.model, p.x, p.y, p.optimizer

        def step() -> Any:
            before = [t.grad * 2 for t in model.parameters()] if model[0].weight.grad is not None else []
            opt.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
            return loss.detach(), before

        p.step = step
        return p

    Both(make, backend).run(nothing)


def test_a_compiled_function_may_be_a_global_that_its_own_code_names() -> None:
    w = torch.zeros(3, requires_grad=True)
    names: dict[str, Any] = {"torch": torch, "w": w, "optimizer": torch.optim.SGD([w], lr=0.1)}
    source = (
        "def step(x):\n optimizer.zero_grad()\n loss = ((w * x - 1) ** 2).sum()\n loss.backward()\n optimizer.step()\n"
    )
    exec(source + " return loss", names)
    names["step"] = torch.compile(names["step"], fullgraph=True)
    other = torch.compile(lambda x: names["step"](x) + 1)
    for _ in range(5):
        names["step"](torch.ones(3))
    assert len(program_of(names["step"])) == 1
    for _ in range(4):
        other(torch.ones(3))
    assert len(program_of(names["step"])) == 1


def test_results_and_what_is_guarded_have_names_of_their_own() -> None:
    def function(x):
        return [x[i] * n for i in range(100)]

    n = 2
    compiled = torch.compile(function)
    for _ in range(4):
        assert torch.equal(torch.stack(compiled(torch.ones(100, 3))), torch.full((100, 3), 2.0))


@pytest.mark.parametrize("backend", BACKENDS)
def test_memory_of_which_somebody_has_a_view_is_not_used_again(backend: str) -> None:
    compiled = torch.compile(lambda x: x * 2, backend=backend)
    for view in (lambda a: a[3:], np.ravel, np.transpose, memoryview, lambda a: a.view(np.int64)[:, :5]):
        for _ in range(4):
            kept = view(compiled(torch.ones(128, 128)).numpy())
        before = np.array(kept)
        for _ in range(3):
            compiled(torch.zeros(128, 128))
        np.testing.assert_array_equal(kept, before)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_of_which_somebody_has_a_view_are_not_used_again(backend: str, transposed: bool) -> None:
    w = torch.zeros(200, 200)
    w = (w.t() if transposed else w).requires_grad_()

    def step(x: torch.Tensor) -> None:
        w.grad = None
        (w.tanh() * x).sum().backward()

    compiled = torch.compile(step, backend=backend)
    for _ in range(4):
        compiled(torch.ones(200, 200))
    kept = w.grad.numpy()[3:]
    for _ in range(3):
        compiled(torch.zeros(200, 200))
    assert (kept == 1).all()


# -- what is found in roundabout ways ---------------------------------------------------------------------------------


def side_by_side(make: Callable[[], SimpleNamespace], calls: int = CALLS) -> None:
    """Like `Both.run`, for programs that may run eagerly, for which they warn."""
    eager, compiled = make(), make()
    fast = torch.compile(compiled.step)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is not compiled and runs eagerly")
        for i in range(calls):
            results = []
            for p, step in ((eager, eager.step), (compiled, fast)):
                p.change(p, i)
                try:
                    results.append((p.call(step, i), state_of(p)))
                except (ArithmeticError, TypeError) as error:
                    results.append((type(error), []))
            assert_close(results[1], results[0], 1e-5)


class Base:
    scale = 2.0

    def __init__(self) -> None:
        self.k = 2.0
        self.s0 = 3.0
        self.store = {"deep": 2.0}

    def method(self, x: Any) -> Any:
        return x * self.scale

    @property
    def value(self) -> float:
        return 2.0

    @staticmethod
    def static(x: Any) -> Any:
        return x * 2

    @classmethod
    def of_class(cls, x: Any) -> Any:
        return x * cls.scale

    def __getitem__(self, i: int) -> float:
        return self.k * i

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base) and self.k == other.k

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self.k < 3

    def __float__(self) -> float:
        return self.k


def classes() -> SimpleNamespace:
    """A class of its own for each program, with an object of it and one of a class that inherits."""
    p = SimpleNamespace()
    p.kind = type("Kind", (Base,), dict(vars(Base)))
    p.derived = type("Derived", (p.kind,), {"__module__": __name__})
    p.o, p.other = p.derived(), p.derived()
    p.call = lambda step, i: step()
    return p


X = torch.arange(1.0, 4.0)


@pytest.mark.parametrize(
    ("step", "change"),
    [
        (lambda p: p.o.method(X), lambda p: setattr(p.kind, "method", lambda self, x: x * 7)),
        (lambda p: p.o.method(X), lambda p: setattr(p.derived, "method", lambda self, x: x * 7)),
        (lambda p: p.o.method(X), lambda p: setattr(p.o, "__class__", type("Else", (Base,), {"scale": 7.0}))),
        (lambda p: X * p.o.value, lambda p: setattr(p.kind, "value", property(lambda self: 7.0))),
        (lambda p: p.o.static(X), lambda p: setattr(p.kind, "static", staticmethod(lambda x: x * 7))),
        (lambda p: p.derived.static(X), lambda p: setattr(p.kind, "static", staticmethod(lambda x: x * 7))),
        (lambda p: p.o.of_class(X), lambda p: setattr(p.derived, "of_class", classmethod(lambda cls, x: x * 7))),
        (lambda p: X * p.derived.scale, lambda p: setattr(p.kind, "scale", 7.0)),
        (lambda p: X * p.derived.scale, lambda p: setattr(p.derived, "scale", 7.0)),
        (lambda p: X * p.o[3], lambda p: setattr(p.o, "k", 7.0)),
        (lambda p: X * (2 if p.o == p.other else 3), lambda p: setattr(p.o, "k", 7.0)),
        (lambda p: X * (2 if p.o else 3), lambda p: setattr(p.o, "k", 7.0)),
        (lambda p: X * float(p.o), lambda p: setattr(p.o, "k", 7.0)),
        (lambda p: X * getattr(p.o, f"s{len(p.other.store) - 1}"), lambda p: setattr(p.o, "s0", 7.0)),
    ],
)
def test_classes_and_what_operators_call(step: Any, change: Any) -> None:
    def make() -> SimpleNamespace:
        p = classes()
        p.step = lambda: step(p)
        p.change = lambda p, i: change(p) if i == 5 else None
        return p

    side_by_side(make)


def test_methods_of_modules_are_replaced() -> None:
    def make() -> SimpleNamespace:
        p = SimpleNamespace(model=nn.Sequential(nn.Linear(3, 3), nn.Tanh()))
        with torch.no_grad():
            p.model[0].weight.fill_(0.1)
            p.model[0].bias.fill_(0.1)

        def change(p: Any, i: int) -> None:
            if i == 4:
                p.model[1].forward = lambda x: x * 7
            if i == 6:
                p.model._modules = dict(reversed(list(p.model._modules.items())))

        p.step, p.change, p.call = lambda: p.model(X).detach(), change, lambda step, i: step()
        return p

    side_by_side(make)


def test_the_forward_of_a_class_of_modules_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    model = nn.Linear(3, 2)
    step = torch.compile(lambda: model(X).detach())
    for _ in range(4):
        step()
    monkeypatch.setattr(nn.Linear, "forward", lambda self, x: x * 7)
    assert torch.equal(step(), X * 7)


class Dict(dict):  # type: ignore[type-arg]
    k = 2.0


def containers() -> SimpleNamespace:
    p = SimpleNamespace(k=2.0)
    p.functions = {"a": lambda x: x + 1, "b": lambda x: x * 3}
    p.user = collections.UserDict(a=2.0)
    p.inner = {"a": 2.0}
    p.proxy = types.MappingProxyType(p.inner)
    p.bytes, p.array = bytearray(b"\x02"), array.array("d", [2.0])
    p.numbers, p.zero = [2.0] * 5000, np.array([0.0])
    p.own = Dict(a=1.0)
    p.scalar = np.float64(0.0)
    p.weak, p.far = weakref.ref(p.user), operator.attrgetter("k")
    p.tensor = X.clone()
    p.tensor.k = 2.0
    p.function = lambda x: x * p.function.k
    p.function.k = 2.0
    p.module = types.ModuleType("made_by_hand")
    p.module.K = 2.0  # type: ignore[attr-defined]
    p.call = lambda step, i: step()
    return p


def through_functions(p: Any) -> Any:
    y = X
    for f in p.functions.values():
        y = f(y)
    return y


@pytest.mark.parametrize(
    ("step", "change"),
    [
        (through_functions, lambda p: p.functions.update(a=p.functions.pop("a"))),
        (lambda p: X * p.user["a"], lambda p: p.user.update(a=7.0)),
        (lambda p: X * p.weak()["a"], lambda p: p.user.update(a=7.0)),
        (lambda p: X * p.proxy["a"], lambda p: p.inner.update(a=7.0)),
        (lambda p: X * p.bytes[0], lambda p: p.bytes.__setitem__(0, 7)),
        (lambda p: X * p.array[0], lambda p: p.array.__setitem__(0, 7.0)),
        (lambda p: X * p.numbers[17], lambda p: p.numbers.__setitem__(17, 7.0)),
        (lambda p: X * math.copysign(1.0, float(p.zero[0])), lambda p: p.zero.__setitem__(0, -0.0)),
        (lambda p: X * math.copysign(1.0, p.scalar), lambda p: setattr(p, "scalar", np.float64(-0.0))),
        (lambda p: X * p.own.k, lambda p: setattr(p.own, "k", 7.0)),
        (lambda p: X * p.far(p), lambda p: setattr(p, "k", 7.0)),
        (lambda p: p.tensor * p.tensor.k, lambda p: setattr(p.tensor, "k", 7.0)),
        (lambda p: p.function(X), lambda p: setattr(p.function, "k", 7.0)),
        (lambda p: p.function(X), lambda p: setattr(p.function, "__code__", (lambda x: p.tensor * 3).__code__)),
        (lambda p: X * p.module.K, lambda p: setattr(p.module, "K", 7.0)),
        (lambda p: X * float(os.environ["OF_A_TEST"]), lambda p: os.environ.update(OF_A_TEST="7")),
    ],
)
def test_containers_and_attributes(step: Any, change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> SimpleNamespace:
        p = containers()
        p.step = lambda: step(p)
        p.change = lambda p, i: monkeypatch.setenv("OF_A_TEST", "2") if i == 0 else change(p) if i == 5 else None
        return p

    side_by_side(make)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState, random.Random])
def test_generators_of_others(make: Any) -> None:
    def program() -> SimpleNamespace:
        generator = make(3)
        return SimpleNamespace(step=lambda: X * generator.random(), call=lambda step, i: step(), change=nothing)

    side_by_side(program)


# -- what is given and what is returned ---------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [lambda y: SimpleNamespace(y=y), lambda y: {y}, lambda y: lambda: y])
def test_objects_that_are_made_anew(wrap: Any) -> None:
    x = torch.ones(3)
    step = torch.compile(lambda: wrap(x * 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = [step() for _ in range(4)]
    assert len({id(r) for r in results}) == 4


def appended(given: Any) -> Any:
    given.append(given[0] * 2)


def returned(given: Any) -> Any:
    return given


@pytest.mark.parametrize("function", [appended, returned])
@pytest.mark.parametrize("first", [X, 2.5])
def test_containers_that_are_given(function: Any, first: Any) -> None:
    step = torch.compile(function)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(4):
            given = [first]
            out = step(given)
            assert len(given) == 2 if function is appended else out is given
            assert all(type(x) in (torch.Tensor, float) for x in given)


def test_hooks_of_arguments() -> None:
    step = torch.compile(lambda x: (x**2).sum().backward())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(5):
            x = torch.ones(3, requires_grad=True)
            x.register_hook(lambda g, k=i: g * k)
            step(x)
            assert torch.equal(x.grad, torch.full((3,), 2.0 * i))


@pytest.mark.parametrize(
    "function",
    [
        lambda n: X * {1: 2.0, 2: 3.0}.get(n, 9.0),
        lambda n: X * (4 if n in {1, 6} else 1),
        lambda n: X * (2 if type(n) is int else 3),
        lambda n: [X * (n & 3) + (n << 1) + ~n, divmod(n, 2)[1], 7 % (n + 1), abs(n)],
        lambda n: n**2,
        lambda n: X * (1 / n),
        lambda n: [n * n, X],
    ],
)
@pytest.mark.parametrize("numbers", [[1, 2, 3, 0, 4, 1 << 40, (1 << 63) - 1]])
def test_numbers_that_python_computes_with(function: Any, numbers: list[Any]) -> None:
    def make() -> SimpleNamespace:
        return SimpleNamespace(step=function, call=lambda step, i: step(numbers[i]), change=nothing)

    side_by_side(make, len(numbers))


def test_memory_that_a_view_still_shows_is_not_used_again() -> None:
    x, w = torch.ones(200, 300), torch.ones(200, 300, requires_grad=True)

    def backward() -> None:
        w.grad = None
        (w**3).sum().backward()

    step, other = torch.compile(lambda: torch.sin(x) * 2), torch.compile(backward)
    views = []
    for i in range(8):
        with torch.no_grad():
            x.fill_(i)
            w.fill_(i)
        other()
        views.append((step().numpy()[3:5], w.grad.numpy()[3:5]))
    for i, (result, gradient) in enumerate(views):
        assert np.allclose(result, 2 * np.sin(i), atol=1e-5)
        assert np.allclose(gradient, 3 * i**2)


class Counting(optim.Optimizer):
    """An optimizer of the user's own, with what steers it as attributes."""

    def __init__(self, params: Any):
        super().__init__(params, {"lr": 0.1})
        self.k, self.t = 1.0, 0

    def step(self, closure: Any = None) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for t in group["params"]:
                    t.sub_(t.grad * group["lr"] * self.k)


@pytest.mark.parametrize("kind", [Counting, lambda params: optim.SGD(params, 0.1)])
def test_attributes_and_hooks_of_optimizers(kind: Any) -> None:
    def make() -> SimpleNamespace:
        p = SimpleNamespace(tensors=[torch.ones(3, requires_grad=True)], call=lambda step, i: step())
        optimizer = kind(p.tensors)

        def step() -> None:
            optimizer.zero_grad()
            (p.tensors[0] ** 2).sum().backward()
            optimizer.step()

        def change(p: Any, i: int) -> None:
            if i == 3:
                optimizer.k = 2.0
            if i == 5:
                optimizer.register_step_pre_hook(lambda *_: [p.tensors[0].grad.mul_(2)].clear())
            if i == 7:
                optimizer.step = lambda: None

        p.step, p.change = step, change
        return p

    side_by_side(make)
