"""The backward pass: long chains, flat memory, threads, buffers that belong to nobody else, modes after errors."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.graph import Node
from rushlight._core.modes import state


@pytest.fixture
def without_collector():
    """Nothing may lie in a reference cycle: what is dropped must be gone at once."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


# -- size -------------------------------------------------------------------------------------------------------------


def test_a_million_operations(without_collector):
    x = torch.ones(1, requires_grad=True)
    y = x
    for _ in range(1_000_000):
        y = -y
    y.backward()
    assert x.grad.item() == 1
    died = weakref.ref(y.grad_fn)
    del y
    assert died() is None


def test_a_long_chain_that_saves_its_operands(without_collector):
    x = torch.full((1,), 1.00001, dtype=torch.float64, requires_grad=True)
    y = x
    n = 50_000
    for _ in range(n - 1):
        y = y * x
    y.backward(retain_graph=True)
    assert x.grad.item() == pytest.approx(n * 1.00001 ** (n - 1))
    del y
    assert gc.collect() == 0


def test_a_long_chain_dropped_without_backward(without_collector):
    y = torch.ones(1, requires_grad=True)
    for _ in range(200_000):
        y = (y * 2).view(1)
    first = y.grad_fn
    del y
    died = weakref.ref(first)
    del first
    assert died() is None


def test_second_derivative_of_a_long_chain():
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    n = 5_000
    for _ in range(n - 1):
        y = y * x
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (h,) = torch.autograd.grad(g, x)
    assert (g.item(), h.item()) == (n, n * (n - 1))


def test_a_wide_graph():
    x = torch.ones(2, requires_grad=True)
    sum(x * i for i in range(3_000)).sum().backward()
    assert x.grad.tolist() == [sum(range(3_000))] * 2


# -- memory -----------------------------------------------------------------------------------------------------------


class Doubling(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x * 2
        ctx.save_for_backward(x, y)
        ctx.note = "kept"
        return y

    @staticmethod
    def backward(ctx, g):
        assert len(ctx.saved_tensors) == 2
        return g * 2


def steps():
    """Training steps that use a little of everything: what one leaves behind, ten thousand multiply."""
    w = torch.ones(3, requires_grad=True)
    b = torch.zeros(3, requires_grad=True)
    seen = []
    w.register_hook(lambda g: seen.append(g.sum().item()))
    b.register_post_accumulate_grad_hook(lambda p: seen.clear())
    x = torch.tensor([0.1, 0.2, 0.3])
    while True:
        h = w * x + b
        h.retain_grad()
        handle = h.register_hook(lambda g: g * 1.0)
        doubled = Doubling.apply(h)
        several = torch.autograd.graph.register_multi_grad_hook((h, doubled), lambda grads: None)
        part = (doubled * 1)[:2]
        part.mul_(0.5)
        a, c = part.unbind()
        c.grad_fn.register_prehook(lambda gs: None)
        loss = (a * c).exp() + part.sum() + doubled.norm()
        loss.backward()
        (g,) = torch.autograd.grad((w * w * x).sum(), w, create_graph=True)
        g.sum().backward()
        handle.remove()
        several.remove()
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t.detach().clone(), lambda kept: kept):
            (doubled.detach() * w).exp().sum().backward()
        with torch.no_grad():
            w -= 1e-4 * w.grad
            b -= 1e-4 * b.grad
        w.grad = None
        b.grad.zero_()
        yield


def test_memory_stays_flat(without_collector):
    """Ten thousand steps leave nothing: no block of memory, no object, no garbage."""
    running = steps()
    for _ in range(2_000):  # until pools and caches are full
        next(running)
    objects, blocks = len(gc.get_objects()), sys.getallocatedblocks()
    for _ in range(10_000):
        next(running)
    assert sys.getallocatedblocks() - blocks < 100
    assert len(gc.get_objects()) - objects < 10
    assert gc.collect() == 0


def test_nothing_is_garbage_after_an_error(without_collector):
    def fail(g):
        raise KeyError("in a hook")

    x = torch.ones(2, requires_grad=True)
    x.register_hook(lambda g: None)
    h = x * 2
    h.register_hook(fail)
    with pytest.raises(KeyError):
        (h * x).sum().backward()
    gone = weakref.ref(h.grad_fn)
    del h
    # The traceback held the frames of the pass, and is gone.
    assert gone() is None


def test_saved_tensors_are_freed_as_the_pass_goes(without_collector):
    x = torch.ones(1000, requires_grad=True)
    alive = []
    y = x
    for _ in range(5):
        y = y.exp() * 1e-3
        alive.append(weakref.ref(y.grad_fn.next_functions[0][0]._saved_result))
    kept = []

    def count(g):
        kept.append(sum(isinstance(n.saved, tuple) and bool(n.saved) for n in nodes))

    nodes, node = [], y.grad_fn
    while isinstance(node, Node) and node.edges:
        nodes.append(node)
        node = node.next_functions[0][0]
    x.register_hook(count)
    y.sum().backward()
    # When the leaf is reached, nothing that holds tensors is left.
    assert [n.saved for n in nodes if n.frees and isinstance(n.saved, tuple)] == []
    assert kept


# -- buffers ----------------------------------------------------------------------------------------------------------


def shares(*tensors):
    arrays = [t.detach().numpy() for t in tensors]
    return any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.filterwarnings("ignore:Using backward")
@pytest.mark.parametrize(
    "combine",
    [
        lambda x, y: x + y,
        lambda x, y: x - y,
        lambda x, y: (x + y).view(3, 2).t(),
        lambda x, y: x + y + x,
        lambda x, y: torch.cat([x, y]),
        lambda x, y: (x * 1 + y * 1).clone(),
        lambda x, y: torch.stack([x, y]).sum(0),
        lambda x, y: torch.where(x > y, x, y) + y,
    ],
)
def test_gradients_never_share_memory(combine, create_graph):
    x, y = torch.rand(2, 3, requires_grad=True), torch.rand(2, 3, requires_grad=True)
    out = combine(x, y)
    g = torch.rand(out.shape)
    before = g.clone()
    seen = []
    out.register_hook(seen.append)
    out.backward(g, create_graph=create_graph)
    assert not shares(x.grad, y.grad, g, x, y)
    assert not any(shares(x.grad, s) or shares(y.grad, s) for s in seen)
    x.grad.detach().fill_(7)
    assert torch.equal(g, before)


def test_a_gradient_that_nobody_else_holds_is_not_copied():
    x = torch.ones(1000, requires_grad=True)
    kept = []
    y = x * 2
    y.grad_fn.register_hook(lambda grads, _: kept.append(grads[0].data_ptr()))
    y.sum().backward()
    assert x.grad.data_ptr() == kept[0]


def test_accumulating_keeps_the_buffer():
    x = torch.ones(3, requires_grad=True)
    (x * 2).sum().backward()
    grad, place = x.grad, x.grad.data_ptr()
    (x * 3).sum().backward()
    assert x.grad is grad
    assert grad.data_ptr() == place
    assert grad.tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    "make", [lambda: torch.ones(3, 4).t(), lambda: torch.ones(3, 8)[:, ::2], lambda: torch.ones(4, 3)]
)
def test_a_gradient_is_laid_out_like_its_leaf(make):
    x = make().requires_grad_()
    (x * 2).sum().backward()
    dense = x.is_contiguous() or x.t().is_contiguous()
    assert x.grad.stride() == (x.stride() if dense else torch.empty(x.shape).stride())


def test_a_cotangent_that_is_no_memory_of_its_own():
    x = torch.ones(3, requires_grad=True)
    g = torch.tensor([2.0]).expand(3)
    (x * 1).backward(g)
    x.grad[0] = 9
    assert x.grad.tolist() == [9, 2, 2]
    (x * 1).backward(torch.arange(6.0)[::2])
    assert x.grad.tolist() == [9, 4, 6]


def test_the_same_cotangent_for_two_outputs():
    x = torch.ones(2, requires_grad=True)
    g = torch.ones(2)
    torch.autograd.backward([x * 1, x * 2, x * 3], [g, g, g])
    assert x.grad.tolist() == [6, 6]
    assert g.tolist() == [1, 1]


# -- threads and modes ------------------------------------------------------------------------------------------------


def run_in_threads(work, n=8):
    errors = []
    start = threading.Barrier(n)

    def body(i):
        try:
            start.wait()
            work(i)
        except BaseException as error:  # noqa: BLE001 - shown in the main thread
            errors.append(error)

    threads = [threading.Thread(target=body, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_modes_belong_to_a_thread():
    def work(i):
        for _ in range(200):
            assert torch.is_grad_enabled()
            assert not torch.is_inference_mode_enabled()
            with torch.set_grad_enabled(i % 2 == 0):
                y = torch.ones(2, requires_grad=True) * i
                assert y.requires_grad == (i % 2 == 0)
                with torch.enable_grad():
                    assert torch.is_grad_enabled()
                assert torch.is_grad_enabled() == (i % 2 == 0)
            if i == 3:
                with torch.inference_mode():
                    assert torch.is_inference_mode_enabled()

    with torch.no_grad():
        run_in_threads(work)
        assert not torch.is_grad_enabled()


def test_backward_passes_in_threads():
    shared = torch.arange(4.0)

    def work(i):
        w = torch.full((4,), float(i), requires_grad=True)
        for n in range(1, 100):
            (w * shared * shared).sum().backward()
            assert w.grad.tolist() == [n * k * k for k in range(4)]

    run_in_threads(work)


def packed(hook, x):
    with torch.autograd.graph.saved_tensors_hooks(hook, hook):
        return x.exp()


@pytest.mark.parametrize("where", ["hook", "function", "pack"])
def test_modes_after_an_error_in_a_pass(where):
    def fail(*args):
        raise KeyError(where)

    class Failing(torch.autograd.Function):
        forward = staticmethod(lambda ctx, x: x * 2)
        backward = staticmethod(fail)

    x = torch.ones(2, requires_grad=True)
    hooked = x * 2
    hooked.register_hook(fail)
    programs = {
        "hook": lambda: hooked.sum().backward(),
        "function": lambda: Failing.apply(x).sum().backward(),
        "pack": lambda: packed(fail, x),
    }
    before = dict(vars(state))
    with pytest.raises(KeyError):
        programs[where]()
    after = dict(vars(state))
    assert {k: v for k, v in after.items() if k != "cut"} == {k: v for k, v in before.items() if k != "cut"}
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_a_pass_inside_a_pass():
    def nested(g):
        with torch.enable_grad():
            v = torch.ones(2, requires_grad=True)
            (v * v).sum().backward()
        return g * v.grad

    x = torch.ones(2, requires_grad=True)
    y = x * 3
    y.register_hook(nested)
    y.sum().backward()
    assert x.grad.tolist() == [6, 6]


# -- the order of things ----------------------------------------------------------------------------------------------


def test_gradients_are_summed_in_pytorchs_order():
    """Newest operation first: the bits of a float32 sum depend on it."""
    x = torch.tensor([1e8, 1.0], requires_grad=True)
    factors = [1e8, 1.0, -1e8, 3.0, 1e-3]
    total = sum((x * f).sum() for f in factors)
    total.backward()
    expected = np.float32(0)
    parts = [np.float32(f) for f in factors[::-1]]
    expected = parts[0]
    for part in parts[1:]:
        expected = np.float32(expected + part)
    assert x.grad.tolist() == [float(expected)] * 2


def test_a_leaf_with_a_hook_is_filled_before_what_comes_later():
    w, v = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    said = []
    h = w * 2
    h.register_hook(lambda g: said.append("h"))
    v.register_hook(lambda g: said.append("v"))
    w.register_hook(lambda g: said.append("w"))
    (h * v).backward()
    assert said == ["v", "h", "w"]


def test_a_hook_that_returns_nothing_for_a_leaf_of_many_users():
    w = torch.tensor(1.0, requires_grad=True)
    calls = []
    w.register_hook(lambda g: calls.append(g.item()))
    y = w
    for _ in range(10):
        y = y * w
    y.backward()
    assert calls == [11.0]


def test_results_of_a_node_with_several_in_a_second_derivative():
    """A saved result, unpacked for the second derivative, brings a second edge to the same place."""
    x = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64, requires_grad=True)
    sign, logabs = torch.linalg.slogdet(x)
    assert sign.item() == 1
    (g,) = torch.autograd.grad(logabs, x, create_graph=True)
    assert torch.autograd.gradgradcheck(lambda a: torch.linalg.slogdet(a)[1], (x,))
    assert torch.allclose(g, torch.linalg.inv(x).mT)


def test_what_nobody_waits_for_is_not_computed():
    x, w = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0], requires_grad=True)
    y = x * w
    seen = []
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append([g if g is None else g.tolist() for g in inputs]))
    for wanted in (x, w, (x, w)):
        torch.autograd.grad(y.sum(), wanted, retain_graph=True)
    assert seen == [[[3.0, 4.0], None], [None, [1.0, 2.0]], [[3.0, 4.0], [1.0, 2.0]]]


def test_what_nobody_waits_for_has_its_second_derivative_all_the_same():
    """The first pass leaves out the cotangent of ``w``; what it records still leads there."""
    x, w = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    (g,) = torch.autograd.grad(torch.exp(x * w), x, create_graph=True)
    by_w = torch.autograd.grad(g, w)[0]
    assert by_w.item() == pytest.approx(np.exp(6) * (1 + 6))
