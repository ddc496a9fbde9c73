"""Threads: modes and levels are each thread's own, and work in one is not disturbed by work in another."""

import os
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

import rushlight as torch
import rushlight.autograd.forward_ad as fw
from rushlight import nn
from rushlight.autograd.graph import saved_tensors_hooks
from rushlight.utils.data import DataLoader, TensorDataset


@pytest.fixture
def eager_switches():
    """Threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def elsewhere(function):
    """What ``function()`` gives in a new thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


# -- each thread's own -----------------------------------------------------------------------------------------------


def modes():
    from rushlight._core.modes import state

    values = dict(state.__dict__)
    values.pop("cut")
    return values


CONTEXTS = {
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "set_grad_enabled": lambda: torch.set_grad_enabled(False),
    "saved_tensors_hooks": lambda: saved_tensors_hooks(lambda t: pytest.fail("packed"), lambda t: t),
    "detect_anomaly": lambda: torch.autograd.set_detect_anomaly(True),
    "dual_level": fw.dual_level,
    "disable_saved_tensors_hooks": lambda: torch.autograd.graph.disable_saved_tensors_hooks("not in here"),
}


def recorded_and_derived():
    """Whether the ordinary things happen."""
    x = torch.ones(3, requires_grad=True)
    y = (x * x).exp()
    y.sum().backward()
    made = torch.ones(2)
    with saved_tensors_hooks(lambda t: t, lambda t: t), fw.dual_level():
        tangent = fw.unpack_dual(fw.make_dual(made, made) * 2).tangent
    return (
        y.requires_grad, x.grad.tolist(), made.is_inference(), torch.is_grad_enabled(), torch.is_anomaly_enabled(),
        tangent.tolist(), torch.vmap(torch.func.grad(lambda x: x * x))(made).tolist(), modes(),
    )  # fmt: skip


@pytest.mark.parametrize("name", CONTEXTS)
def test_modes_are_the_threads_own(name):
    outside = elsewhere(recorded_and_derived)
    assert outside == recorded_and_derived()
    with CONTEXTS[name]():
        here = modes()
        assert elsewhere(recorded_and_derived) == outside
        assert modes() == here != outside[-1]


@pytest.mark.parametrize("mode", [True, False])
def test_modes_set_in_another_thread_do_not_reach_this_one(mode):
    def switch():
        torch.set_grad_enabled(False)
        torch.autograd.set_detect_anomaly(mode)
        if mode:
            fw.enter_dual_level()
        return torch.is_grad_enabled()

    assert elsewhere(switch) is False
    assert torch.is_grad_enabled()
    assert not torch.is_anomaly_enabled()
    with fw.dual_level():
        assert (torch.ones(1, requires_grad=True) * 2).requires_grad


def test_levels_are_the_threads_own():
    """Two transforms are half done at the same time, in two threads."""
    inside, done = threading.Barrier(2, timeout=60), threading.Barrier(2, timeout=60)
    x = torch.arange(3.0)

    def pausing(transformed, f):
        def function(x):
            inside.wait()
            y = f(x)
            done.wait()
            return y * x

        return transformed(function)

    jobs = {
        "vmap": (lambda f: torch.vmap(f)(x), lambda x: x.sin()),
        "jvp": (lambda f: torch.func.jvp(f, (x,), (torch.ones(3),))[1], lambda x: x.exp()),
        "grad": (lambda f: torch.func.grad(lambda x: f(x).sum())(x), lambda x: x.tanh()),
    }
    alone = {name: transformed(lambda x, f=f: f(x) * x) for name, (transformed, f) in jobs.items()}
    for (one, first), (other, second) in product(jobs.items(), jobs.items()):
        with ThreadPoolExecutor(2) as pool:
            a, b = pool.submit(pausing, *first), pool.submit(pausing, *second)
            assert torch.equal(a.result(), alone[one])
            assert torch.equal(b.result(), alone[other])


def test_tensor_of_a_level_is_none_of_another_threads():
    with fw.dual_level():
        dual = fw.make_dual(torch.ones(2), torch.ones(2))
        assert elsewhere(lambda: (dual * 2).tolist()) == [2.0, 2.0]
        assert fw.unpack_dual(dual * 2).tangent.tolist() == [2.0, 2.0]


def test_decorators_serve_several_threads(eager_switches):
    @torch.no_grad()
    def unrecorded(x):
        return x * 2

    x = torch.ones(3, requires_grad=True)

    def work():
        return [(unrecorded(x).requires_grad, (x * 2).requires_grad) for _ in range(200)]

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(work) for _ in range(4)]:
            assert set(job.result()) == {(False, True)}


# -- bitwise as one after the other ---------------------------------------------------------------------------------------


class Network(nn.Module):
    def __init__(self, seed):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        self.body = nn.Sequential(nn.Linear(6, 16), nn.GELU(), nn.LayerNorm(16), nn.Linear(16, 16), nn.Tanh())
        self.norm = nn.BatchNorm1d(16)
        self.rnn = nn.GRU(4, 5, batch_first=True)
        self.head = nn.Linear(5, 3)
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(torch.randn(p.shape, generator=g) * 0.3)

    def forward(self, x):
        x = self.norm(self.body(x)).reshape(-1, 4, 4)
        return self.head(self.rnn(x)[0][:, -1])


def trained(seed):
    """Parameters, buffers and losses of a network after some epochs, and a derivative of each kind."""
    g = torch.Generator().manual_seed(seed + 100)
    data = TensorDataset(torch.randn(48, 6, generator=g), torch.randint(0, 3, (48,), generator=g))
    net = Network(seed)
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    losses = []
    for _ in range(3):
        for x, y in DataLoader(data, batch_size=16, shuffle=True, generator=g):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.detach())
        schedule.step()
    net.eval()
    x = torch.randn(4, 6, generator=g)
    f = lambda row: net(row[None]).square().sum()
    samples = torch.vmap(torch.func.grad(f))(x)
    products = torch.func.jvp(torch.func.grad(lambda x: net(x).square().sum()), (x,), (x,))[1]
    with torch.no_grad():
        outputs = net(x)
    return [t.detach().numpy() for t in (*losses, *net.state_dict().values(), samples, products, outputs)]


def test_eight_threads_train_eight_models(eager_switches):
    one_after_another = [trained(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(trained, range(8)))
    for alone, beside in zip(one_after_another, together, strict=True):
        for a, b in zip(alone, beside, strict=True):
            np.testing.assert_array_equal(a, b)


def test_large_tensors_in_several_threads(eager_switches):
    """Elementwise work that is shared among threads itself, and memory that is used again."""

    def work(seed):
        x = torch.full((3 << 20,), 1.0 + seed / 8, dtype=torch.float32, requires_grad=True)
        for _ in range(3):
            y = (x * x + 1.0).sqrt()
            y = y * y
        (y.exp() * 0.125).sum().backward()
        return y.detach().numpy()[:: 1 << 18].copy(), x.grad.numpy()[:: 1 << 18].copy()

    alone = [work(seed) for seed in range(3)]
    with ThreadPoolExecutor(3) as pool:
        for a, b in zip(alone, pool.map(work, range(3)), strict=True):
            np.testing.assert_array_equal(a, b)


def test_backward_in_another_thread():
    x = torch.ones(3, requires_grad=True)
    y = (x * 2).exp().sum()
    elsewhere(y.backward)
    assert torch.equal(x.grad, 2 * (x * 2).exp())


# -- forks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("busy", [False, True])
def test_forked_child_goes_on(busy):
    """After large elementwise work, and (busy) while another thread is at it."""
    program = f"""
        import os, threading, time
        import rushlight as torch
        from rushlight._core import blas

        torch.set_num_threads(2)
        x = torch.ones(9 << 20)
        (x * x + 1.0).exp(), torch.rand(1)  # what they import is there: Python cannot fork amid an import
        stop = threading.Event()

        def work():
            while not stop.is_set():
                y = x * x + 1.0

        def draw():
            while not stop.is_set():
                torch.rand(1000)

        square = torch.ones(128, 128)
        square @ square
        count = blas.one_thread().get()

        def multiply():
            while not stop.is_set():
                square @ square

        for function in (work, draw, multiply) if {busy} else ():
            threading.Thread(target=function, daemon=True).start()
        for _ in range(5):
            time.sleep(0.01)
            child = os.fork()
            if not child:
                y = (x * x + 1.0).exp()
                w = torch.ones(3, requires_grad=True)
                (w * torch.rand(3)).sum().backward()
                assert (square @ square)[5, 7] == 128.0 and blas.one_thread().get() == count
                os._exit(0 if float(y[0]) == float(y[-1]) and w.grad is not None else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        stop.set()
        print("done")
    """
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.stdout == "done\n", run.stderr
