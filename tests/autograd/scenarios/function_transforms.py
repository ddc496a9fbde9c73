"""Custom functions inside transforms: what their rules are asked, and what is refused."""

from __future__ import annotations

from typing import Any


def _square(torch: Any, **changes: Any) -> Any:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            if all(isinstance(t, torch.Tensor) for t in (*inputs, output)):
                ctx.save_for_backward(*inputs)
                ctx.save_for_forward(*inputs, output)

        @staticmethod
        def backward(ctx, g):
            return 2 * g * ctx.saved_tensors[0]

    body = {name: staticmethod(value) if callable(value) else value for name, value in changes.items()}
    return type("Changed", (Square,), body) if changes else Square


def missing(torch: Any, say: Any) -> None:
    class Combined(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * x

        @staticmethod
        def backward(ctx, g):
            return g

    class Forward(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

    x, many = torch.tensor(2.0), torch.tensor([1.0, 2.0])
    func, fw = torch.func, torch.autograd.forward_ad
    say.attempt(torch.vmap(Combined.apply), many)
    say.attempt(func.jvp, Combined.apply, (x,), (x,))
    say.attempt(torch.vmap(func.grad(Combined.apply)), many)
    say.attempt(torch.vmap(_square(torch).apply), many)
    say.attempt(torch.vmap(_square(torch, generate_vmap_rule=True, vmap=lambda info, in_dims, x: (x, 0)).apply), many)
    say.attempt(torch.autograd.Function.vmap, 1, 2)
    say.attempt(func.jvp, _square(torch).apply, (x,), (x,))
    say.attempt(func.grad(Forward.apply), x)
    with fw.dual_level():
        dual = fw.make_dual(x, x)
        say.attempt(Combined.apply, dual)
        say.attempt(Forward.apply, dual)
        say(Combined.apply(x), Forward.apply(x))


def rules_of_many(torch: Any, say: Any) -> None:
    def noting(info, in_dims, *args):
        say(type(info).__name__, info, in_dims, *[a.shape if isinstance(a, torch.Tensor) else a for a in args])
        return args[0] * 1, 0

    many = torch.tensor([1.0, 2.0])
    say.attempt(torch.vmap(_square(torch, vmap=noting).apply, randomness="same"), many)
    weighted = _square(torch, forward=lambda x, w, n: x * w * n, vmap=noting)
    say.attempt(torch.vmap(lambda x: weighted.apply(x, torch.ones(3), 5)), many)
    say.attempt(torch.vmap(lambda x: weighted.apply(torch.ones(3), torch.ones(3), 5).sum() * x), many)
    for returned in (
        lambda info, in_dims, x: x,
        lambda info, in_dims, x: (x, 0, 1),
        lambda info, in_dims, x: (x, (0, 1)),
        lambda info, in_dims, x: (x[0], None),
        lambda info, in_dims, x: ((x, 3), (0, None)),
        lambda info, in_dims, x: ([x, (x,)], 0),
    ):
        f = _square(torch, vmap=returned)
        say.attempt(torch.vmap(lambda x, f=f: torch.utils._pytree.tree_leaves(f.apply(x))[0]), many)


def rules_of_tangents(torch: Any, say: Any) -> None:
    x = torch.tensor(2.0)
    fw = torch.autograd.forward_ad

    def unpacked(f):
        with fw.dual_level():
            return tuple(fw.unpack_dual(f.apply(fw.make_dual(x, x))))

    for rule in (
        lambda ctx, t: t * 2,
        lambda ctx, t: (t, t),
        lambda ctx, t: 3,
        lambda ctx, t: torch.ones(3),
        lambda ctx, t: (t * 5,),
        lambda ctx, t: sum(ctx.saved_tensors) * t,
    ):
        f = _square(torch, jvp=rule)
        say.attempt(torch.func.jvp, f.apply, (x,), (x,))
        say.attempt(unpacked, f)

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(x, y, n):
            return x * y, n, x.argmax()

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_forward(*inputs[:2])
            ctx.mark_non_differentiable(output[2])
            ctx.set_materialize_grads(inputs[2] == 3)

        @staticmethod
        def jvp(ctx, x_t, y_t, n_t):
            _, y = ctx.saved_tensors
            say(x_t is None, y_t is None, n_t is None)
            return x_t * y, None, None

    v = torch.tensor([1.0, 2.0])
    for n in (3, 4):
        say.attempt(lambda n=n: torch.func.jvp(lambda x: Product.apply(x, v, n)[0], (v,), (v,)))
        with fw.dual_level():
            product, *rest = Product.apply(fw.make_dual(v, v * 3), v, n)
            say(fw.unpack_dual(product).tangent, rest)


def wanted_and_names(torch: Any, say: Any) -> None:
    def noting(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        say(ctx.needs_input_grad, len(inputs), inputs[0].shape, output.shape)

    f = _square(
        torch,
        forward=lambda x, w: x * w,
        setup_context=noting,
        backward=lambda ctx, g: (g * ctx.saved_tensors[1], g * ctx.saved_tensors[0]),
        generate_vmap_rule=True,
    )
    x, w = torch.ones(4, 3, requires_grad=True), torch.ones(3)
    y = torch.vmap(f.apply, in_dims=(0, None))(x, w)
    say(y.grad_fn.name(), y)
    say(torch.autograd.grad(y.sum(), x))
    w.requires_grad_()
    (g,) = torch.autograd.grad(torch.vmap(f.apply, in_dims=(0, None))(x, w).sum(), w)
    say(g)
    twice = torch.vmap(torch.vmap(f.apply, in_dims=(0, None)), in_dims=(None, 0))(x, torch.ones(2, 3))
    say(twice.grad_fn.name(), twice.shape)
    say(torch.autograd.grad(twice.sum(), x))
