"""Custom functions with rules for every transform, each beside the same in ordinary operations; and programs that
transform them.

Everything takes the library as its first argument, so that PyTorch can be asked too.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def functions(torch: Any) -> Any:
    """The functions, of this library."""
    Function = torch.autograd.Function

    class Cube(Function):
        """The generated rule; ``backward`` is another custom function, so that second derivatives go through it."""

        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x * x * x, 3 * x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0], output[1])
            ctx.save_for_forward(inputs[0], output[1])

        @staticmethod
        def backward(ctx, g, g_slope):
            x, slope = ctx.saved_tensors
            return Mul.apply(g, slope) + 6 * g_slope * x

        @staticmethod
        def jvp(ctx, x_t):
            x, slope = ctx.saved_tensors
            return slope * x_t, 6 * x * x_t

    class Mul(Function):
        """A rule written by hand, which broadcasts what is the same for all examples."""

        @staticmethod
        def forward(a, b):
            return a * b

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx, g):
            a, b = ctx.saved_tensors
            return (
                Mul.apply(g, b).sum_to_size(a.shape) if ctx.needs_input_grad[0] else None,
                Mul.apply(g, a).sum_to_size(b.shape) if ctx.needs_input_grad[1] else None,
            )

        @staticmethod
        def jvp(ctx, a_t, b_t):
            a, b = ctx.saved_tensors
            return a_t * b + a * b_t

        @staticmethod
        def vmap(info, in_dims, a, b):
            ndim = max(t.ndim - (d is not None) for t, d in zip((a, b), in_dims))
            a, b = (
                t if d is None else t.movedim(d, -1)[(None,) * (ndim + 1 - t.ndim)].movedim(-1, 0)
                for t, d in zip((a, b), in_dims)
            )
            return Mul.apply(a, b), 0

    class Scale(Function):
        """Tensors that are the same for all examples, arguments that are no tensors, keywords."""

        generate_vmap_rule = True

        @staticmethod
        def forward(x, weight, power=2):
            return (x**power) @ weight

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, weight, ctx.power = inputs
            ctx.save_for_backward(x, weight)
            ctx.save_for_forward(x, weight)

        @staticmethod
        def backward(ctx, g):
            x, weight = ctx.saved_tensors
            return ctx.power * x ** (ctx.power - 1) * (weight @ g), torch.outer(x**ctx.power, g), None

        @staticmethod
        def jvp(ctx, x_t, weight_t, _):
            x, weight = ctx.saved_tensors
            return (ctx.power * x ** (ctx.power - 1) * x_t) @ weight + (x**ctx.power) @ weight_t

    class Sort(Function):
        """Computed in NumPy, with results that have no derivative."""

        @staticmethod
        def forward(x, dim):
            order = torch.tensor(x.detach().numpy().argsort(dim))
            return torch.take_along_dim(x, order, dim), order

        @staticmethod
        def setup_context(ctx, inputs, output):
            _, ctx.dim = inputs
            ctx.mark_non_differentiable(output[1])
            ctx.save_for_backward(output[1])
            ctx.save_for_forward(output[1])

        @staticmethod
        def backward(ctx, g, _):
            (order,) = ctx.saved_tensors
            return torch.take_along_dim(g, order.argsort(ctx.dim), ctx.dim), None

        @staticmethod
        def jvp(ctx, x_t, _):
            (order,) = ctx.saved_tensors
            return torch.take_along_dim(x_t, order, ctx.dim), None

        @staticmethod
        def vmap(info, in_dims, x, dim):
            x = x.movedim(in_dims[0], 0)
            return Sort.apply(x, dim if dim < 0 else dim + 1), (0, 0)

    class Exp(Function):
        """Saves its result."""

        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x.exp()

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output)
            ctx.save_for_forward(output)

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0]

        @staticmethod
        def jvp(ctx, x_t):
            return x_t * ctx.saved_tensors[0]

    return SimpleNamespace(**{k: v for k, v in locals().items() if k not in ("torch", "Function")})


def custom(torch: Any) -> dict[str, Any]:
    """Functions of a vector of three, by custom functions."""
    f = functions(torch)
    weight = torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(3, 2)
    return {
        "cube": lambda x: f.Cube.apply(x)[0],
        "slope": lambda x: f.Cube.apply(x)[1] * x,
        "mul": lambda x: f.Mul.apply(x, f.Mul.apply(x, x[:1]) + 1),
        "scale": lambda x: f.Scale.apply(x, weight) * f.Scale.apply(x, weight + x[0], power=3),
        "sort": lambda x: f.Sort.apply(x * x, -1)[0] * torch.arange(1.0, 4.0, dtype=torch.float64),
        "exp": lambda x: f.Exp.apply(f.Exp.apply(x).sum() * 0.1) * x,
        "vmap": lambda x: torch.vmap(lambda a, b: f.Cube.apply(a)[0] * f.Exp.apply(b), in_dims=(0, None))(x, x).sum(0),
    }


def ordinary(torch: Any) -> dict[str, Any]:
    """The same in ordinary operations."""
    weight = torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(3, 2)
    return {
        "cube": lambda x: x * x * x,
        "slope": lambda x: 3 * x * x * x,
        "mul": lambda x: x * (x * x[:1] + 1),
        "scale": lambda x: ((x**2) @ weight) * ((x**3) @ (weight + x[0])),
        "sort": lambda x: (x * x).sort().values * torch.arange(1.0, 4.0, dtype=torch.float64),
        "exp": lambda x: (x.exp().sum() * 0.1).exp() * x,
        "vmap": lambda x: (x * x * x).sum() * x.exp(),
    }


def transformations(torch: Any) -> dict[str, Any]:
    """What is done with a function of a vector: each gives a tensor."""
    grad, vjp, jvp, vmap = torch.func.grad, torch.func.vjp, torch.func.jvp, torch.vmap
    jacrev, jacfwd, hessian = torch.func.jacrev, torch.func.jacfwd, torch.func.hessian
    x = torch.tensor([0.7, -1.3, 0.4], dtype=torch.float64)
    v = torch.tensor([0.3, 0.9, -0.5], dtype=torch.float64)
    many = torch.stack([x, v, x * v, x - v])

    def scalar(f):
        return lambda x: (f(x) * f(x)).sum()

    def leaf(f):
        t = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(scalar(f)(t), t, create_graph=True)
        return torch.stack([g, torch.autograd.grad((g * v).sum(), t)[0]])

    def leaf_of_vmap(f):
        t = many.clone().requires_grad_()
        (g,) = torch.autograd.grad(vmap(f)(t).sin().sum(), t, create_graph=True)
        return torch.stack([g, torch.autograd.grad((g * many).sum(), t)[0]])

    def forward_ad(f):
        fw = torch.autograd.forward_ad
        t = x.clone().requires_grad_()
        with fw.dual_level():
            dual = fw.make_dual(t, v)
            y = f(dual)
            tangent = fw.unpack_dual(y).tangent
            (g,) = torch.autograd.grad((y * y).sum(), t, create_graph=True)
            g_t = fw.unpack_dual(g).tangent
        return torch.stack([g, g_t, torch.autograd.grad((tangent * tangent).sum(), t)[0]])

    return {
        "value": lambda f: f(x),
        "grad": lambda f: grad(scalar(f))(x),
        "vjp": lambda f: vjp(f, x)[1](f(v))[0],
        "jvp": lambda f: jvp(f, (x,), (v,))[1],
        "vmap": lambda f: vmap(f)(many),
        "vmap along 1": lambda f: vmap(f, in_dims=1, out_dims=1)(many.t()),
        "vmap vmap": lambda f: vmap(vmap(f))(torch.stack([many, many * 0.5])),
        "vmap grad": lambda f: vmap(grad(scalar(f)))(many),
        "grad vmap": lambda f: grad(lambda m: vmap(f)(m).sin().sum())(many),
        "vmap jvp": lambda f: vmap(lambda a, b: jvp(f, (a,), (b,))[1])(many, many.flip(0)),
        "jvp vmap": lambda f: jvp(vmap(f), (many,), (many.flip(0),))[1],
        "jacrev": lambda f: jacrev(f)(x),
        "jacfwd": lambda f: jacfwd(f)(x),
        "jacrev jacrev": lambda f: jacrev(jacrev(f))(x),
        "jacfwd jacrev": lambda f: jacfwd(jacrev(f))(x),
        "jacrev jacfwd": lambda f: jacrev(jacfwd(f))(x),
        "jacfwd jacfwd": lambda f: jacfwd(jacfwd(f))(x),
        "vmap hessian": lambda f: vmap(hessian(scalar(f)))(many),
        "jvp grad": lambda f: jvp(grad(scalar(f)), (x,), (v,))[1],
        "grad jvp": lambda f: grad(lambda a: jvp(f, (a,), (v,))[1].square().sum())(x),
        "vmap grad vmap": lambda f: vmap(grad(lambda m: vmap(f)(m).sin().sum()))(torch.stack([many, many * 0.5])),
        "vmap jvp grad": lambda f: vmap(lambda a: jvp(grad(scalar(f)), (a,), (v,))[1])(many),
        "grad vmap grad": lambda f: grad(lambda m: vmap(grad(scalar(f)))(m).sin().sum())(many),
        "third order": lambda f: grad(lambda a: jvp(grad(scalar(f)), (a,), (v,))[1].sum())(x),
        "linearize": lambda f: torch.func.linearize(f, x)[1](v),
        "leaf": leaf,
        "leaf of vmap": leaf_of_vmap,
        "forward_ad": forward_ad,
    }
