"""Hooks on tensors, leaves and nodes: their order, what they replace, and how they are removed."""

from __future__ import annotations

from typing import Any


def order(torch: Any, say: Any) -> None:
    a = torch.ones(2, requires_grad=True)
    b = torch.ones(2, requires_grad=True)
    c = torch.ones(2, requires_grad=True)
    y = a * b
    z = y * c
    for name, t in (("a", a), ("b", b), ("c", c), ("y", y), ("z", z)):
        t.register_hook(lambda g, name=name: say(name, g))
    for name, t in (("a", a), ("b", b), ("c", c)):
        t.register_post_accumulate_grad_hook(lambda p, name=name: say("post", name, p.grad))
    z.sum().backward()
    say(torch.autograd.grad((a * b * c).sum(), [b, a]))


def order_of_shared_leaf(torch: Any, say: Any) -> None:
    w = torch.tensor(2.0, requires_grad=True)
    v = torch.tensor(5.0, requires_grad=True)
    x = torch.tensor(3.0, requires_grad=True)
    h = x
    for i in range(3):
        h = h * w
        h.register_hook(lambda g, i=i: say("h", i, g))
    h = h * v
    w.register_hook(lambda g: say("w", g))
    v.register_post_accumulate_grad_hook(lambda p: say("v", p.grad))
    x.register_hook(lambda g: say("x", g))
    h.backward()
    say(w.grad, x.grad, v.grad)


def order_on_one_tensor(torch: Any, say: Any) -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x * 2
    y.register_hook(lambda g: say("first", g) or g * 2)
    y.retain_grad()
    y.register_hook(lambda g: say("second", g) or g * 3)
    y.grad_fn.register_prehook(lambda gs: say("pre", gs) or (gs[0] * 5,))
    y.grad_fn.register_hook(lambda gi, go: say("post", gi, go))
    y.register_hook(lambda g: say("third", g) or g * 7)
    y.backward()
    say(y.grad, x.grad)
    leaf = torch.tensor(1.0, requires_grad=True)
    leaf.register_hook(lambda g: say("leaf", g) or g * 2)
    leaf.register_post_accumulate_grad_hook(lambda p: say("accumulated", p.grad))
    node = (leaf * 1).grad_fn.next_functions[0][0]
    node.register_prehook(lambda gs: say("node pre", gs) or (gs[0] * 3,))
    node.register_hook(lambda gi, go: say("node post", gi, go))
    leaf.register_hook(lambda g: say("leaf again", g))
    (leaf * 10).backward()
    say(leaf.grad)
    (leaf * 10).backward()
    say(leaf.grad)


def capture(torch: Any, say: Any) -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x * 2
    y.register_hook(lambda g: say("y", g) or g * 10)
    y.grad_fn.register_prehook(lambda gs: say("pre", gs) or (gs[0] * 100,))
    z = y * 3
    grad = torch.autograd.grad
    say(grad(z, y, retain_graph=True))
    say(grad(z, x, retain_graph=True))
    say(grad(z, [x, y], retain_graph=True))
    x.register_hook(lambda g: say("x", g) or g * 1000)
    x.register_post_accumulate_grad_hook(lambda p: say("post", p.grad))
    say(grad(z, x, retain_graph=True), x.grad)
    y.retain_grad()
    say(grad(z, y, retain_graph=True), y.grad)
    z.backward()
    say(x.grad, y.grad)


def replacement(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    handle = x.register_hook(lambda g: g * 2)
    x.sum().backward()
    say(x.grad)
    handle.remove()
    handle.remove()
    x.sum().backward()
    say(x.grad)
    with x.register_hook(lambda g: g * 100):
        x.sum().backward()
    x.sum().backward()
    say(x.grad)

    def shaped(g):
        return torch.ones(3)

    def typed(g):
        return g.double()

    def wrong(g):
        return 3

    for hook in (shaped, typed, wrong):
        y = x * 2
        y.register_hook(hook)
        say.attempt(y.sum().backward)
    say.attempt(torch.ones(2).register_hook, print)
    say.attempt((x * 2).register_post_accumulate_grad_hook, print)
    say.attempt(torch.ones(2).register_post_accumulate_grad_hook, print)
    say.attempt(torch.ones(2).retain_grad)


def during(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2

    def once(g):
        say("once")
        handle.remove()

    handle = y.register_hook(once)
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    modes = []
    x.register_hook(lambda g: modes.append(torch.is_grad_enabled()))
    (x * x).sum().backward()
    torch.autograd.grad((x * x).sum(), x, create_graph=True)
    say(modes)

    def nested(g):
        w = torch.ones(2, requires_grad=True)
        with torch.enable_grad():
            (w * 3).sum().backward()
        return w.grad

    z = x * 5
    z.register_hook(nested)
    say(torch.autograd.grad(z.sum(), x))


def keeping(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    kept = []
    x.register_hook(kept.append)
    (x * 2).backward(torch.ones(2))
    x.grad.add_(100)
    say(kept, x.grad)
    y = torch.ones(2, requires_grad=True)
    y.register_post_accumulate_grad_hook(lambda p: kept.append(p.grad))
    (y * 2).sum().backward()
    say(kept[-1] is y.grad)

    def freeing(p):
        p.grad = None

    z = torch.ones(2, requires_grad=True)
    z.register_post_accumulate_grad_hook(freeing)
    (z * 2).sum().backward()
    say(z.grad)


def retained(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    say(y.retains_grad)
    y.retain_grad()
    y.retain_grad()
    say(y.retains_grad, y.grad)
    (y * y).sum().backward(retain_graph=True)
    say(y.grad)
    (y * 3).sum().backward()
    say(y.grad)
    x.retain_grad()
    say(x.retains_grad)
    p, q = (x * 1).unbind()
    q.retain_grad()
    (p * q).backward()
    say(q.grad)
    z = x * 2
    z.retain_grad()
    z.register_hook(lambda g: say("before", g))
    z.mul_(3)
    z.register_hook(lambda g: say("after", g))
    z.sum().backward()
    say(z.grad)
    say(x.grad)


def node_hooks(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = torch.ones(2, requires_grad=True)
    z = x * y
    node = z.grad_fn
    first = node.register_hook(lambda gi, go: say("one", gi, go))
    node.register_hook(lambda gi, go: (gi[0] * 2, gi[1]))
    node.register_hook(lambda gi, go: say("three", gi, go))
    z.sum().backward(retain_graph=True)
    say(x.grad, y.grad)
    first.remove()
    z.sum().backward()
    say(x.grad, y.grad)
    s = (x * 2).unbind()
    s[0].grad_fn.register_prehook(lambda gs: say("unbind", gs))
    s[0].grad_fn.register_hook(lambda gi, go: say("unbind", gi, go))
    s[1].backward()
    w = torch.ones(2)
    v = x * w
    v.grad_fn.register_hook(lambda gi, go: say("mul", gi))
    v.sum().backward()


def graph_walk(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    z = (x * 2 + x).exp().sum()
    node, depth = z.grad_fn, 0
    while node is not None:
        say(depth, node.name(), node, [(type(n).__name__, i) for n, i in node.next_functions])
        node, depth = (node.next_functions[0][0] if node.next_functions else None), depth + 1
    leaf = (x * 1).grad_fn.next_functions[0][0]
    say(leaf.variable is x, leaf.next_functions, leaf is (x * 3).grad_fn.next_functions[0][0])
    z.grad_fn.metadata["note"] = 1
    say(z.grad_fn.metadata)
    say((x * torch.ones(2)).grad_fn.next_functions[1])
    a, b = x.unbind()
    c = a * b
    say([i for _, i in c.grad_fn.next_functions], c.grad_fn.next_functions[0][0] is a.grad_fn, a.grad_fn is b.grad_fn)
    m = x * x
    say(m.grad_fn._saved_self is x, m.grad_fn._saved_other)
    e = x.exp()
    say(e.grad_fn._saved_result, e.grad_fn._saved_result.requires_grad)


def results_of_hooks_on_nodes(torch: Any, say: Any) -> None:
    ones = torch.ones(3)

    def passed(result: Any, before: bool, f: Any) -> Any:
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = f(x)
        if before:
            y.grad_fn.register_prehook(lambda grads: result)
        else:
            y.grad_fn.register_hook(lambda grads_in, grads_out: result)
        y.sum().backward()
        return x.grad

    def same(t: Any) -> Any:  # to each input, or the result
        return t, t

    constant = torch.tensor([1.0, 2.0, 3.0])
    for result in (3, ones, [ones], (), (ones,), (None,), ("a",), (ones[:1],), (ones.double(),), None):
        say.attempt(passed, result, True, lambda x: x * x)
    for result in (ones, [ones, ones], (ones,), *map(same, (None, ones, ones[:1], ones[:2], ones.double(), "a"))):
        say.attempt(passed, result, False, lambda x: x * x)
    say.attempt(passed, (ones, None), False, lambda x: x * constant)
    say.attempt(passed, (ones, ones), False, lambda x: x * constant)
    say.attempt(passed, (ones[0], None, None), True, lambda x: x.unbind()[0])
    say.attempt(passed, (ones[0], ones[0], None), True, lambda x: x.unbind()[0])


def module_hooks_that_change_all_gradients(torch: Any, say: Any) -> None:
    class Product(torch.nn.Module):
        def forward(self, x: Any, c: Any) -> Any:
            return x * c.detach()

    for wanted in (False, True):
        product = Product()
        product.register_full_backward_hook(lambda module, grads, _: tuple([g + 2 for g in grads]))
        x, c = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=wanted)
        product(x, c).sum().backward()
        say(x.grad, c.grad)
