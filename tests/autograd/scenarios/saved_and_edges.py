"""`torch.autograd.graph`: where saved tensors are kept, places in the graph, hooks on several gradients; threads."""

from __future__ import annotations

from typing import Any


def kept_in_memory(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for options in ({}, {"pin_memory": False}, {"pin_memory": True}, {"device_type": "cuda"}):
        with torch.autograd.graph.save_on_cpu(**options):
            a = x * 1
            b = a * a
        say(b.grad_fn._saved_self.data_ptr() == a.data_ptr())
        say(torch.autograd.grad(b.sum(), x))
    with torch.autograd.graph.save_on_cpu(pin_memory=True):
        a = x * 1
        b = a * a
        a.mul_(10)
    say(torch.autograd.grad(b.sum(), x))


def mutation(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    allow = torch.autograd.graph.allow_mutation_on_saved_tensors
    with allow():
        a = x * 1
        b = a * a
        v = a[:1]
        c = v.exp()
        v.zero_()
        a.mul_(10)
        say(torch.autograd.grad(b.sum() + c.sum(), x))
        say.attempt(allow().__enter__)
    increment = torch.autograd.graph.increment_version
    say.attempt(increment, 3)
    t = torch.ones(2)
    increment(iter([t, t]))
    say(t._version)


def places(torch: Any, say: Any) -> None:
    graph = torch.autograd.graph
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    e = graph.get_gradient_edge(y)
    say(e[0] is y.grad_fn, len(e), e.ownership_token, graph.get_gradient_edge(x).node.name())
    by_hand = graph.GradientEdge(y.grad_fn, 0)
    say(torch.autograd.grad([z], [by_hand, e, x], retain_graph=True))
    say(torch.autograd.grad(by_hand, x, torch.ones(2), retain_graph=True))
    say.attempt(torch.autograd.grad, by_hand, x)
    say.attempt(torch.autograd.backward, by_hand)
    torch.autograd.backward([z, e], [None, torch.ones(2)], retain_graph=True)
    say(x.grad)
    say.attempt(torch.autograd.grad, (x * x).sum(), by_hand)
    say(torch.autograd.grad((x * x).sum(), by_hand, allow_unused=True))
    say.attempt(graph.get_gradient_edge, 3)
    say.attempt(graph.get_gradient_edge, torch.ones(1))
    del y, z
    (g,) = torch.autograd.grad(e, x, torch.ones(2), create_graph=True)
    say(g)


def several_gradients(torch: Any, say: Any) -> None:
    register = torch.autograd.graph.register_multi_grad_hook
    a, b, c = (torch.ones(2, requires_grad=True) for _ in range(3))
    constant = torch.ones(2)
    say.attempt(register, (a, constant), say)
    say.attempt(register, (3,), say)
    say.attempt(register, (a,), say, mode="some")
    d = b * 1
    handle = register((a, d, c, constant), lambda g: say("any", g), mode="any")
    for _ in range(2):
        (a * 2 + d * 3).sum().backward(retain_graph=True)
        (c * 5).sum().backward()
    with register((a, d), lambda gs: say("all", gs)):
        (a * 2 + d * 3).sum().backward(retain_graph=True)
        (a * 2).sum().backward()
    handle.remove()
    (a * 2 + d).sum().backward()
    register((), lambda gs: say("none", gs))
    register((a,), lambda g: say("returned") or g * 100, mode="any")
    (a * 2).sum().backward()
    say(a.grad)


def threads(torch: Any, say: Any) -> None:
    setting, enabled = torch.autograd.set_multithreading_enabled, torch.autograd.is_multithreading_enabled
    say(enabled())
    with setting(False):
        say(enabled())
        with torch.autograd.grad_mode.set_multithreading_enabled(True):
            say(enabled())
        say(enabled())
        x = torch.ones(2, requires_grad=True)
        say(torch.autograd.grad((x * x).sum(), x))
    say(enabled())
    setting(False)
    say(enabled())
    setting(True)
    say(enabled())
