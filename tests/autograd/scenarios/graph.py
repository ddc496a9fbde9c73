"""`torch.autograd.graph`: saved tensor hooks, edges, nodes; anomaly detection; Variable."""

from __future__ import annotations

from typing import Any


def saved_hooks(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.tensor([3.0, 4.0], requires_grad=True)

    def pack(t):
        say("pack", t.detach(), t.requires_grad, torch.is_grad_enabled())
        return [t.detach().clone()]

    def unpack(packed):
        say("unpack", packed[0])
        return packed[0]

    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        z = x * y
        s = z.sum()
    s.backward()
    say(x.grad, y.grad)
    say.attempt(s.backward)
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        e = x.exp()
    say(torch.autograd.grad(e.sum(), x))
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        e = (x * 2).exp()
        (g,) = torch.autograd.grad(e.sum(), x, create_graph=True)
    say(g)
    say(torch.autograd.grad(g.sum(), x))
    with torch.autograd.graph.saved_tensors_hooks(lambda t: say("outer"), lambda p: p):
        with torch.autograd.graph.saved_tensors_hooks(lambda t: say("inner") or t * 1, lambda p: p):
            q = x * x
        r = x + x
    say(torch.autograd.grad(q.sum(), x), torch.autograd.grad(r.sum(), x))


def saved_hooks_wrong(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    hooks = torch.autograd.graph.saved_tensors_hooks
    with hooks(lambda t: t, lambda p: 3):
        y = x * x
    say.attempt(y.sum().backward)
    with hooks(lambda t: t.add_(1), lambda p: p):
        say.attempt(lambda: (x * 1).exp())
    with torch.autograd.graph.disable_saved_tensors_hooks("not here"):
        say.attempt(hooks(lambda t: t, lambda p: p).__enter__)
        say((x * 2).sum().grad_fn is not None)
    with hooks(lambda t: t, lambda p: p):
        say.attempt(torch.autograd.graph.disable_saved_tensors_hooks("nor here").__enter__)

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

    with hooks(lambda t: say("pack", t.detach()) or t.detach() * 1, lambda p: say("unpack", p) or p):
        y = Square.apply(x)
    say(torch.autograd.grad(y.sum(), x))
    with torch.autograd.graph.save_on_cpu():
        y = (x * x).exp()
    say(torch.autograd.grad(y.sum(), x))


def edges(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    edge = torch.autograd.graph.get_gradient_edge
    e = edge(y)
    say(type(e).__name__, e.node is y.grad_fn, e.output_nr, edge(x).node)
    say(torch.autograd.grad(z, [e, edge(x)], retain_graph=True))
    say(torch.autograd.grad(edge(z), x, torch.ones(()), retain_graph=True))
    say.attempt(torch.autograd.grad, edge(z), x, retain_graph=True)
    say.attempt(torch.autograd.grad, edge(y), x, torch.ones(3), retain_graph=True)
    say.attempt(torch.autograd.grad, edge(y), x, retain_graph=True)
    say.attempt(edge, torch.ones(2))
    torch.autograd.backward(edge(y), torch.ones(2), retain_graph=True)
    say(x.grad)
    say.attempt(z.backward, inputs=[edge(x)])
    say(x.grad)
    a, b = (x * 1).unbind()
    say(edge(b).output_nr, torch.autograd.grad(a * b, [edge(b)]))


def nodes(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    node = torch.autograd.graph.Node
    leaf = y.grad_fn.next_functions[0][0]
    say(isinstance(y.grad_fn, node), isinstance(leaf, node), isinstance(x, node), isinstance(3, node))
    say(issubclass(type(y.grad_fn), node))

    class F(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            say(isinstance(ctx, torch.autograd.function.FunctionCtx))
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return g

    f = F.apply(x).grad_fn
    say(isinstance(f, node), f.name(), f.next_functions[0][0] is leaf)
    f.register_hook(lambda gi, go: say(gi, go))
    f.register_prehook(lambda go: say(go))
    out = F.apply(x)
    out.grad_fn.metadata["k"] = 1
    say(out.grad_fn.metadata)


def multi_grad_hook(torch: Any, say: Any) -> None:
    a, b, c, d = (torch.ones(2, requires_grad=True) for _ in range(4))
    e = a * b
    f = c * d
    register = torch.autograd.graph.register_multi_grad_hook
    handle = register((a, e, c), lambda gs: say("all", gs))
    (e + a).sum().backward(retain_graph=True)
    (f + e + c).sum().backward(retain_graph=True)
    handle.remove()
    e.sum().backward(retain_graph=True)
    register((a, f), lambda g: say("any", g), mode="any")
    (e + f).sum().backward(retain_graph=True)
    say.attempt(register, (a,), print, mode="some")


def version(torch: Any, say: Any) -> None:
    x = torch.ones(2)
    torch.autograd.graph.increment_version(x)
    say(x._version)
    torch.autograd.graph.increment_version([x, x[:1]])
    say(x._version)
    w = torch.ones(2, requires_grad=True)
    y = w * x
    torch.autograd.graph.increment_version(x)
    say.attempt(y.sum().backward)


def allow_mutation(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.autograd.graph.allow_mutation_on_saved_tensors():
        a = x * 1
        b = a * a
        a.mul_(10)
        (g,) = torch.autograd.grad(b.sum(), x)
        say(g, a)
        c = x.exp()
        d = c * 2
        c.zero_()
        say(torch.autograd.grad(d.sum(), x))


def anomaly(torch: Any, say: Any) -> None:
    say(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
    x = torch.tensor([0.0, 1.0], requires_grad=True)

    def program():
        with torch.autograd.detect_anomaly():
            y = x.sqrt() * 0
            y.sum().backward()

    say.attempt(_quiet, program)
    with _ignoring():
        with torch.autograd.detect_anomaly(check_nan=False):
            say(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
            (x.sqrt() * 0).sum().backward()
    say(x.grad, torch.is_anomaly_enabled())
    with torch.autograd.set_detect_anomaly(True):
        say(torch.is_anomaly_enabled())
    say(torch.is_anomaly_enabled())
    torch.autograd.set_detect_anomaly(True)
    y = (x * 2).exp()
    z = y * 2
    y.add_(1)
    say.attempt(_quiet, z.sum().backward)
    torch.autograd.set_detect_anomaly(False)
    say(torch.is_anomaly_enabled())


def _ignoring() -> Any:
    import warnings

    context = warnings.catch_warnings()
    context.__enter__()
    warnings.simplefilter("ignore")

    class Leave:
        def __enter__(self):
            return self

        def __exit__(self, *exc):
            context.__exit__(*exc)

    return Leave()


def _quiet(function: Any) -> Any:
    with _ignoring():
        return function()


def variable(torch: Any, say: Any) -> None:
    t = torch.ones(2)
    v = torch.autograd.Variable(t, requires_grad=True)
    say(v, type(v), isinstance(t, torch.autograd.Variable), isinstance(3, torch.autograd.Variable))
    say(v.data_ptr() == t.data_ptr(), t.requires_grad, torch.autograd.Variable(t))
    say.attempt(torch.autograd.Variable, 3)
    (v * 2).sum().backward()
    say(v.grad)
