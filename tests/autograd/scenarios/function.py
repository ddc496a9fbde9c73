"""Custom functions: `torch.autograd.Function`."""

from __future__ import annotations

from typing import Any


def _made(torch: Any, forward: Any, backward: Any, name: str = "MyFn") -> Any:
    body = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    return type(name, (torch.autograd.Function,), body)


def basic(torch: Any, say: Any) -> None:
    class Scale(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            ctx.k = k
            ctx.save_for_backward(x)
            say(torch.is_grad_enabled(), ctx.needs_input_grad, x.requires_grad, type(ctx).__name__)
            return x * k

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            say(torch.is_grad_enabled(), ctx.needs_input_grad, x, g)
            return g * ctx.k, None

    x = torch.ones(2, requires_grad=True)
    y = Scale.apply(x, 3)
    node = y.grad_fn
    say(y, node, node.name(), type(node).__name__, node.k, node.saved_tensors, node.needs_input_grad)
    say(node.next_functions[0][0].name(), len(node.next_functions), node.next_functions[-1])
    y.sum().backward()
    say(x.grad)
    say.attempt(lambda: node.saved_tensors)
    say.attempt(y.sum().backward)
    with torch.no_grad():
        say(Scale.apply(x, 2).requires_grad)
    say(Scale.apply(torch.ones(2), 2))
    say.warns(Scale)
    say.attempt(Scale.apply, x, k=3)
    out = Scale.apply(x, 5.0)
    out.grad_fn.note = 4
    say(out.grad_fn.note)


def wrong_gradients(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    def returning(result):
        return _made(torch, lambda ctx, x, k=None: x * 2, lambda ctx, g: result(g))

    say.attempt(returning(lambda g: g).apply(x, 3).sum().backward)
    say.attempt(returning(lambda g: (g, g)).apply(x).sum().backward)
    say.attempt(returning(lambda g: (g, None, None)).apply(x).sum().backward)
    say.attempt(returning(lambda g: (g, g)).apply(x, 3).sum().backward)
    say.attempt(returning(lambda g: torch.ones(3)).apply(x).sum().backward)
    say.attempt(returning(lambda g: torch.ones(())).apply(x).sum().backward)
    say.attempt(returning(lambda g: g * 1j).apply(x).sum().backward)
    say.attempt(returning(lambda g: 3).apply(x).sum().backward)
    say.attempt(returning(lambda g: [g]).apply(x).sum().backward)
    for result in (
        lambda g: torch.ones(3, 2),
        lambda g: g.double(),
        lambda g: g.long(),
        lambda g: None,
    ):
        x.grad = None
        say.attempt(returning(result).apply(x).sum().backward)
        say(x.grad)


def missing_parts(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    class NoBackward(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

    say.attempt(NoBackward.apply(x).sum().backward)

    class NoForward(torch.autograd.Function):
        pass

    say.attempt(NoForward.apply, x)

    class Both(NoBackward):
        @staticmethod
        def backward(ctx, g):
            return g

        @staticmethod
        def vjp(ctx, g):
            return g

    say.attempt(Both.apply(x).sum().backward)

    class Vjp(NoBackward):
        @staticmethod
        def vjp(ctx, g):
            return g * 5

    Vjp.apply(x).sum().backward()
    say(x.grad)

    class Failing(NoBackward):
        @staticmethod
        def backward(ctx, g):
            raise KeyError("boo")

    say.attempt(Failing.apply(x).sum().backward)


def outputs(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    def noted(ctx, *g):
        say("got", g)
        return g[0]

    say.attempt(_made(torch, lambda ctx, x: 3, noted).apply, x)
    mixed = _made(torch, lambda ctx, x: (x * 2, 3, "a"), noted)
    say(mixed.apply(x))
    mixed.apply(x)[0].sum().backward()
    say(_made(torch, lambda ctx, x: [x * 2, x], noted).apply(x))
    two = _made(torch, lambda ctx, x: (x * 2, x * 3, x.long()), noted)
    a, b, c = two.apply(x)
    say(a, b, c, a.grad_fn is b.grad_fn, b.output_nr)
    a.sum().backward()
    one = _made(torch, lambda ctx, x: (x * 2,), noted)
    say(one.apply(x))
    say(_made(torch, lambda ctx, x: None, noted).apply(x))


def returned_inputs_and_views(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    same = _made(torch, lambda ctx, x: x, lambda ctx, g: g * 5)
    out = same.apply(x)
    say(out, out is x, out.data_ptr() == x.data_ptr(), out.is_leaf, x.grad_fn)
    out.sum().backward()
    say(x.grad)
    say.attempt(same.apply(x * 1).add_, 1)
    view = _made(torch, lambda ctx, x: x.view(-1), lambda ctx, g: g * 5)
    say.attempt(view.apply(x * 1).add_, 1)
    part = _made(torch, lambda ctx, x: x[:1], lambda ctx, g: torch.cat([g * 5, g * 0]))
    say(torch.autograd.grad(part.apply(x).sum(), x))
    plain = torch.ones(2)
    out = same.apply(plain)
    say(out.requires_grad, out.data_ptr() == plain.data_ptr())
    cloned = same.apply(x * 1).clone()
    cloned.add_(1)
    say(cloned)


def dirty(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        return x

    add = _made(torch, forward, lambda ctx, g: g * 7)
    say.attempt(add.apply, x)
    h = x * 1
    out = add.apply(h)
    say(out is h, h.grad_fn, h._version >= 1, torch.autograd.grad(out.sum(), x))
    h = x * 1
    v = h[:1]
    out = add.apply(v)
    say(out is v, v.grad_fn.name(), h, torch.autograd.grad(h.sum(), x))

    def elsewhere(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        return x * 2

    say.attempt(_made(torch, elsewhere, lambda ctx, g: g).apply, x * 1)
    plain = torch.ones(2)
    out = add.apply(plain)
    say(out is plain, out)
    q = x * 1
    used = q * x
    add.apply(q)
    say.attempt(used.sum().backward)

    def saved(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        ctx.save_for_backward(x)
        return x

    def of_saved(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x

    h = x * 3
    say(torch.autograd.grad(_made(torch, saved, of_saved).apply(h).sum(), x))


def non_differentiable(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    def forward(ctx, x):
        a, b = x * 2, x * 3
        ctx.mark_non_differentiable(b)
        return a, b

    def backward(ctx, *g):
        say(g)
        return g[0]

    a, b = _made(torch, forward, backward).apply(x)
    say(a, b, b.requires_grad)
    a.sum().backward()
    say(x.grad)

    def unmaterialized(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    a, b = _made(torch, unmaterialized, backward).apply(x)
    a.sum().backward()

    def none(ctx, *g):
        say(g)
        return g[1]

    a, b = _made(torch, lambda ctx, x: (x * 2, x * 3), none).apply(x)
    a.sum().backward()
    say(x.grad)


def saving(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)

    def saves(*what):
        def forward(ctx, x):
            ctx.save_for_backward(*what)
            say(ctx.saved_tensors)
            return x * 2

        def backward(ctx, g):
            say(ctx.saved_tensors)
            return g

        return _made(torch, forward, backward)

    say.attempt(saves(3, x).apply, x)
    saves(None, x).apply(x).sum().backward()
    saves().apply(x).sum().backward()

    def twice(ctx, x):
        ctx.save_for_backward(x)
        ctx.save_for_backward(x * 2, x * 3)
        return x * 2

    def backward(ctx, g):
        say(ctx.saved_tensors)
        return g

    _made(torch, twice, backward).apply(x).sum().backward()

    def result(ctx, x):
        y = x * 2
        ctx.save_for_backward(y)
        return y

    y = _made(torch, result, backward).apply(x)
    say(y.grad_fn.saved_tensors[0].grad_fn is y.grad_fn)
    y.add_(1)
    say.attempt(y.sum().backward)
    t = x * 1

    def given(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    out = _made(torch, given, lambda ctx, g: g * ctx.saved_tensors[0]).apply(t)
    t.add_(1)
    say.attempt(out.sum().backward)


def context_names(torch: Any, say: Any) -> None:
    """A context's attributes are the user's: no name may get in the way of the machinery."""
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def forward(ctx, x):
        ctx.edges = ctx.saved = ctx.params = ctx.hooks = ctx.outputs = ctx.title = ctx.node = 1
        ctx.versions = ctx.shapes = ctx.inputs = ctx.primitive = 2
        ctx.save_for_backward(x)
        return x * x

    def backward(ctx, g):
        say(ctx.edges, ctx.saved, ctx.params, ctx.hooks, ctx.outputs, ctx.title, ctx.node, ctx.versions)
        return 2 * g * ctx.saved_tensors[0]

    y = _made(torch, forward, backward).apply(x)
    y.sum().backward()
    say(x.grad, y.grad_fn.outputs, y)


def setup_context(torch: Any, say: Any) -> None:
    class Scale(torch.autograd.Function):
        @staticmethod
        def forward(x, k=2):
            return x * k, x + 1

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, k = inputs
            say(x.requires_grad, k, output, torch.is_grad_enabled())
            ctx.k = k
            ctx.save_for_backward(x, output[0])

        @staticmethod
        def backward(ctx, g, h):
            say(ctx.saved_tensors, ctx.needs_input_grad)
            return g * ctx.k + h, None

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    a, b = Scale.apply(x, 4)
    say(a, b)
    (a.sum() + b.sum()).backward()
    say(x.grad)
    a, b = Scale.apply(x, k=3)
    say(a)
    a, b = Scale.apply(x)
    say(b)


def double_backward(torch: Any, say: Any) -> None:
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 3 * g * x**2

    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            result = x.exp()
            ctx.save_for_backward(result)
            return result

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0]

    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    grad = torch.autograd.grad
    (g,) = grad(Cube.apply(x).sum(), x, create_graph=True)
    (gg,) = grad(g.sum(), x, create_graph=True)
    say(g.detach(), gg.detach(), grad(gg.sum(), x)[0])
    (g,) = grad(Exp.apply(x * 2).sum(), x, create_graph=True)
    (gg,) = grad(g.sum(), x, create_graph=True)
    say(g.detach(), gg.detach(), grad(gg.sum(), x)[0])
    (g,) = grad(Cube.apply(Exp.apply(x)).sum(), x)
    say(g, g.requires_grad)


def once(torch: Any, say: Any) -> None:
    from_module = torch.autograd.function.once_differentiable

    class Once(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @from_module
        def backward(ctx, g):
            say(torch.is_grad_enabled(), g.requires_grad)
            return g * ctx.saved_tensors[0] * 2

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    grad = torch.autograd.grad
    say(grad(Once.apply(x).sum(), x))
    (g,) = grad(Once.apply(x).sum(), x, create_graph=True)
    say(g, g.requires_grad)
    (g,) = grad((Once.apply(x) * x).sum(), x, create_graph=True)
    say(g.requires_grad)
    say.attempt(g.sum().backward)


def non_leaf_inputs(torch: Any, say: Any) -> None:
    """The same tensor twice, tensors that want no gradient, and needs_input_grad."""

    class Weighted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b, c, flag):
            ctx.save_for_backward(a, b, c)
            return a * b + c

        @staticmethod
        def backward(ctx, g):
            a, b, _ = ctx.saved_tensors
            say(ctx.needs_input_grad)
            return g * b, g * a, g, None

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.tensor([3.0, 4.0])
    Weighted.apply(x, x, y, True).sum().backward()
    say(x.grad)
    say(torch.autograd.grad(Weighted.apply(x * 2, y, x, None).sum(), x))
    say(Weighted.apply(y, y, y, 0).requires_grad)
    h = x * 2
    say(torch.autograd.grad(Weighted.apply(h, y, x, None).sum(), [h]))
