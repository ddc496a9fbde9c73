"""What a trace cannot follow runs eagerly, with one warning that says why and where; nothing is lost or done twice."""

from __future__ import annotations

import inspect
import random
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight import nn, optim

COUNTER = 0
LIST: list[Any] = []
ARRAY = np.arange(3.0)
LARGE = np.zeros(10_000)
ITERATOR = iter(range(1000))


class Counting:
    def __init__(self) -> None:
        self.n = 0
        self.last = 0.0


COUNTING = Counting()


def prints(x: Any) -> Any:
    sys.stdout.write("seen\n")  # here
    return x * 2


def appends(x: Any) -> Any:
    LIST.append(x.shape)
    return x * 2


def counts(x: Any) -> Any:
    COUNTING.n += 1  # here
    return x * 2


def counts_globally(x: Any) -> Any:
    global COUNTER
    COUNTER += 1  # here
    return x * 2


def clock(x: Any) -> Any:
    return x * time.time()  # here


def dice(x: Any) -> Any:
    return x * random.random()  # here


def shuffles(x: Any) -> Any:
    order = [0, 1, 2]
    random.shuffle(order)  # here
    return x[order]


def numpy_dice(x: Any) -> Any:
    return x * float(np.random.rand())


def numpy_generator(x: Any) -> Any:
    return x * float(np.random.default_rng(0).random())


def file(x: Any) -> Any:
    with open(__file__) as f:  # here
        return x * len(f.readline())


def branches(x: Any) -> Any:
    if x.sum() > 1:  # here
        return x * 2
    return x


def item_branches(x: Any) -> Any:
    total = x.sum().item()
    return x * 2 if total > 1 else x  # here


def loops(x: Any) -> Any:
    return sum(v * 2 for v in x.tolist()) + x  # here


def nonzero(x: Any) -> Any:
    return x.nonzero()  # here


def masked(x: Any) -> Any:
    return x[x > 1]  # here


def masked_select(x: Any) -> Any:
    return x.masked_select(x > 1)  # here


def unique(x: Any) -> Any:
    return torch.unique(x)  # here


def bincount(x: Any) -> Any:
    return torch.bincount(x.long())  # here


def repeats(x: Any) -> Any:
    return x.repeat_interleave(x.long())  # here


def to_numpy(x: Any) -> Any:
    return x * float(x.numpy().sum())  # here


def through_numpy(x: Any) -> Any:
    return torch.from_numpy(np.sin(x.numpy()))  # here


def as_array(x: Any) -> Any:
    return x * float(np.asarray(x)[0])  # here


def copies(x: Any) -> Any:
    return torch.tensor(x.detach(), dtype=torch.float64) * 2  # here


def address(x: Any) -> Any:
    return x * (x.data_ptr() % 2)  # here


def seeds(x: Any) -> Any:
    torch.manual_seed(3)  # here
    return x + torch.rand(3)


def looks_at_generator(x: Any) -> Any:
    return x + torch.get_rng_state()[:3]  # here


def formats(x: Any) -> Any:
    return x * len(f"{x}")  # here


def indexes(x: Any) -> Any:
    return [10, 20, 30, 40][x[0].long()] * x  # here


def contains(x: Any) -> Any:
    return x * 2 if 1.0 in x else x  # here


def large_array(x: Any) -> Any:
    return x + float(LARGE[0])


def iterator(x: Any) -> Any:
    return x + next(ITERATOR)


def sorts_values(x: Any) -> Any:
    return sorted(x)[-2] * x  # here


def grows(x: Any) -> Any:
    held = x.detach().clone()
    held.data = torch.cat([x, x])
    OUTSIDE.data = OUTSIDE.data + 1
    return held + 1


OUTSIDE = torch.zeros(3)


def sets_requires_grad(x: Any) -> Any:
    OUTSIDE.requires_grad_(not OUTSIDE.requires_grad)
    return x * 1


def hooks(x: Any) -> Any:
    y = x.clone().requires_grad_() * 2
    y.register_hook(lambda g: g)
    return y


STOPS = [
    prints, appends, counts, counts_globally, clock, dice, shuffles, numpy_dice, file, branches, item_branches, loops,
    nonzero, masked, masked_select, unique, bincount, repeats, to_numpy, through_numpy, as_array, copies, address, seeds,
    looks_at_generator, formats, indexes, contains, large_array, iterator, sorts_values, grows, sets_requires_grad, hooks,
]  # fmt: skip


def marked_line(function: Callable[..., Any]) -> int | None:
    """The line with the comment, where the warning is to point."""
    lines, first = inspect.getsourcelines(function)
    return next((first + i for i, line in enumerate(lines) if line.rstrip().endswith("# here")), None)


@pytest.mark.parametrize("function", STOPS, ids=lambda f: f.__name__)
def test_one_warning_names_the_line(function: Any) -> None:
    fast = torch.compile(function)
    x = torch.tensor([0.0, 1.0, 2.0])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(6):
            fast(x)
    about = [str(w.message) for w in told if "is not compiled" in str(w.message)]
    assert len(about) == 1, about
    line = marked_line(function)
    if line is not None:
        assert f"{Path(__file__).name}:{line})" in about[0]
    assert not fast.compiled.programs


@pytest.mark.parametrize("function", STOPS, ids=lambda f: f.__name__)
def test_fullgraph_raises(function: Any) -> None:
    fast = torch.compile(function, fullgraph=True)
    x = torch.tensor([0.0, 1.0, 2.0])
    with pytest.raises(Exception, match="is not compiled and runs eagerly: it needs"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(5):
            fast(x)


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_effects_happen_once_each_call(capsys: pytest.CaptureFixture[str]) -> None:
    LIST.clear()
    COUNTING.n = 0
    x = torch.arange(3.0)
    for function in (prints, appends, counts):
        fast = torch.compile(function)
        for _ in range(7):
            fast(x)
    assert capsys.readouterr().out == "seen\n" * 7
    assert len(LIST) == 7
    assert set(LIST) == {torch.Size([3])}
    assert COUNTING.n == 7


@pytest.mark.filterwarnings("ignore:.*is not compiled")
def test_values_that_are_kept_are_plain_numbers() -> None:
    history: list[Any] = []

    def function(x: Any, a: float) -> Any:
        history.append(x.sum().item())
        COUNTING.last = x.sum().item() * 2 + a
        return x * 2

    fast = torch.compile(function)
    for i in range(6):
        fast(torch.full((2,), float(i)), 0.5)
    assert [type(v) for v in history] == [float] * 6
    assert history == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert type(COUNTING.last) is float


def test_items_are_returned_as_numbers() -> None:
    def function(x: Any, a: float) -> Any:
        total = x.sum().item()
        return total, total * a + 1, {"n": x.long().sum().item()}

    fast = torch.compile(function, fullgraph=True)
    for i in range(5):
        x = torch.full((2,), float(i))
        assert fast(x, 0.5) == function(x, 0.5)
        assert type(fast(x, 0.5)[2]["n"]) is int
    assert len(fast.compiled.programs) == 1


@pytest.mark.parametrize("backend", ["eager", "inductor"])
def test_values_out_of_range_raise_as_ever(backend: str) -> None:
    losses = {
        "cross entropy": (nn.functional.cross_entropy, torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, 5, 0])),
        "negative": (nn.functional.cross_entropy, torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, -5, 0])),
        "margin": (nn.functional.multi_margin_loss, torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, 5, 0])),
        "bce": (nn.functional.binary_cross_entropy, torch.rand(4), torch.rand(4), torch.full((4,), 1.5)),
        "gather": (lambda x, i: x.gather(1, i[:, None]), torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, 5, 0])),
        "index": (lambda x, i: x[i], torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, 5, 0])),
        "embedding": (lambda x, i: nn.functional.embedding(i, x), torch.randn(4, 3), torch.tensor([0, 1]), torch.tensor([0, 7])),
        "one hot": (lambda x, i: nn.functional.one_hot(i, 3) * x, torch.randn(4, 3), torch.tensor([0, 1, 2, 0]), torch.tensor([0, 1, 5, 0])),
    }  # fmt: skip
    for name, (function, x, good, bad) in losses.items():
        fast = torch.compile(function, backend=backend, fullgraph=True)
        for _ in range(3):
            assert torch.allclose(fast(x, good), function(x, good)), name
        with pytest.raises((IndexError, RuntimeError)) as expected:
            function(x, bad)
        if bad.shape != good.shape:
            fast(x, bad[:2] * 0)
        with pytest.raises((IndexError, RuntimeError)) as found:
            fast(x, bad)
        assert (type(found.value), str(found.value).split("\n")[0]) == (
            type(expected.value), str(expected.value).split("\n")[0],
        ), name  # fmt: skip
        assert torch.allclose(fast(x, good), function(x, good)), name


def test_what_compile_takes_and_does_not() -> None:
    def f(x: Any) -> Any:
        return x

    assert torch.compile(f, disable=True) is f
    for options in ({"dynamic": True}, {"mode": "max-autotune"}, {"options": {"x": 1}}, {"backend": "onnxrt"},
                    {"backend": lambda g, x: g}, {"isolate_recompiles": True}, {"shapes_spec": 1}):  # fmt: skip
        with pytest.raises(NotImplementedError, match=r"torch\.compile"):
            torch.compile(f, **options)
    with pytest.raises(RuntimeError, match="Either mode or options"):
        torch.compile(f, mode="default", options={})
    assert torch.compile(dynamic=False, mode="default", backend="inductor", name="g")(f).compiled.title == "g"


def test_the_limit_of_programs() -> None:
    fast = torch.compile(lambda x: x * 2, recompile_limit=2, backend="eager")
    for n in range(8):
        with pytest.warns(UserWarning, match="more than 2 programs") if n == 3 else nullcontext():
            assert fast(torch.ones(n)).shape == (n,)
    assert len(fast.compiled.programs) == 2


def test_compiled_modules_are_modules() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    fast = torch.compile(model, backend="eager", fullgraph=True)
    assert isinstance(fast, nn.Module)
    assert [n for n, _ in fast.named_parameters()] == [f"_orig_mod.{n}" for n, _ in model.named_parameters()]
    assert all(a is b for a, b in zip(fast.parameters(), model.parameters()))
    fast.eval()
    assert not model.training and not model[1].training and not fast.training
    fast.note = 3
    assert model.note == 3 and len(fast) == 3
    x = torch.randn(5, 3)
    for _ in range(4):
        assert torch.equal(fast(x), model(x))
    model.compile(backend="eager", fullgraph=True)
    for _ in range(4):
        assert torch.equal(model(x), fast(x))
    optimizer = optim.SGD(fast.parameters(), lr=0.1)
    fast(x).sum().backward()
    optimizer.step()
    assert torch.equal(model(x), fast(x))
