"""`torch.autograd.functional`: products with Jacobians and Hessians, and the whole of them."""

from __future__ import annotations

from typing import Any


def vjp(torch: Any, say: Any) -> None:
    f = torch.autograd.functional.vjp
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    one = torch.ones(2)
    say.attempt(f, lambda a: a * a, x, one)
    say.attempt(f, lambda a: a * a, x)
    say.attempt(f, lambda a: (a * a).sum(), x)
    say.attempt(f, lambda a, b: (a * b, a + b), (x, y), (one, one))
    say.attempt(f, lambda a: a * a, (x,), one)
    say.attempt(f, lambda a: (a * a,), x, one)
    say.attempt(f, lambda a: a * a, x, torch.ones(3))
    say.attempt(f, lambda a: a * a, x, (one, one))
    say.attempt(f, lambda a, b: (a, b), (x, y), (one,))
    say.attempt(f, lambda a, b: (a * 1, b * 1), (x, y), (one, torch.ones(3)))
    say.attempt(f, lambda a: a * a, x, 3)
    say.attempt(f, lambda a: a * a, 3, one)
    say.attempt(f, lambda a: a * a, (x, 3), one)
    say.attempt(f, lambda a, b: a * b, [x, y], one)
    say.attempt(f, lambda a: 3, x, one)
    say.attempt(f, lambda a: (a * a, 3), x, one)
    say.attempt(f, lambda a: [a * a], x, one)
    xr = x.clone().requires_grad_()
    out, product = f(lambda a: a * a, xr, one, create_graph=True)
    say(out.requires_grad, product.detach(), torch.autograd.grad(product.sum(), xr))
    say(f(lambda a: a * a, xr, one), xr.grad)
    say(f(lambda a: a, x, one))


def jvp(torch: Any, say: Any) -> None:
    f = torch.autograd.functional.jvp
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    v, w = torch.tensor([1.0, -1.0]), torch.tensor([0.5, 2.0])
    say.attempt(f, lambda a: a * a, x, v)
    say.attempt(f, lambda a, b: (a * b, (a + b).sum()), (x, y), (v, w))
    say.attempt(f, lambda a: a.sum(), x)
    say.attempt(f, lambda a: a.sum(), x[:1])
    say.attempt(f, lambda a: a * 3, x, v)
    xr = x.clone().requires_grad_()
    _, product = f(lambda a: a * a * a, xr, v, create_graph=True)
    say(product.detach(), torch.autograd.grad(product.sum(), xr))
    with torch.no_grad():
        say(f(lambda a: a * a, x, v))


def strict(torch: Any, say: Any) -> None:
    f = torch.autograd.functional
    x, v = torch.tensor([1.0, 2.0]), torch.ones(2)

    def constant(a):
        return torch.ones(2)

    def other(a):
        return torch.ones(2, requires_grad=True) * 1

    def linear(a):
        return a * 3

    def square(a):
        return a * a

    def values(result):
        return [r.detach() if torch.is_tensor(r) else r for r in result]

    def ask(function, **options):
        def total(a):
            return function(a).sum()

        say(function.__name__, options)
        say.attempt(lambda: values(f.vjp(function, x, v, **options)))
        say.attempt(lambda: values(f.jvp(function, x, v, **options)))
        say.attempt(lambda: f.jacobian(function, x, **options).detach())
        say.attempt(lambda: f.hessian(total, x, **options).detach())
        say.attempt(lambda: values(f.hvp(total, x, v, **options)))
        say.attempt(lambda: values(f.vhp(total, x, v, **options)))

    for function in (constant, other, linear, square):
        for strictly in (False, True):
            for create_graph in (False, True):
                ask(function, strict=strictly, create_graph=create_graph)


def jacobian(torch: Any, say: Any) -> None:
    f = torch.autograd.functional.jacobian
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    say.attempt(f, lambda a, b: (a * b, (a + b).sum()), (x, y))
    say.attempt(f, lambda a: (a * a,), x)
    say.attempt(f, lambda a: a.reshape(1, 2) * 2, x)
    say.attempt(f, lambda a, b: a * a, (x, y))
    say.attempt(f, lambda a, b: a * a, (x, y), strict=True)
    say.attempt(f, lambda a: a * a, torch.tensor([1 + 1j]))
    say.attempt(f, lambda a: a * a, x, vectorize=True)
    say.attempt(f, lambda a: a * a, x, vectorize=True, strict=True)
    say.attempt(f, lambda a: a * a, x, strategy="forward-mode")
    say.attempt(f, lambda a: a * a, x, strategy="forward-mode", vectorize=True, create_graph=True)
    say.attempt(f, lambda a: a * a, x, strategy="bad")
    xr = x.clone().requires_grad_()
    j = f(lambda a: a * a * a, xr, create_graph=True)
    say(j.detach(), torch.autograd.grad(j.sum(), xr), xr.grad)
    with torch.no_grad():
        say(f(lambda a: a * a, x))
    say(f(lambda a: a.sum(), x), f(lambda a: a * x.sum(), torch.tensor(2.0)))


def hessian(torch: Any, say: Any) -> None:
    f = torch.autograd.functional.hessian
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])

    def g(a, b):
        return (a * a * b).sum()

    say.attempt(f, g, (x, y))
    say.attempt(f, lambda a: a * a, x)
    say.attempt(f, lambda a: (a.sum(), a.sum()), x)
    say.attempt(f, lambda a: (a * a).sum().reshape(1), x)
    say.attempt(f, lambda a: (a**3).sum(), x, vectorize=True)
    say.attempt(f, lambda a: (a**3).sum(), x, vectorize=True, strict=True)
    say.attempt(f, g, (x, y), outer_jacobian_strategy="bad")
    say.attempt(f, g, (x, y), outer_jacobian_strategy="forward-mode")
    xr = x.clone().requires_grad_()
    h = f(lambda a: (a**4).sum(), xr, create_graph=True)
    say(h.detach(), torch.autograd.grad(h.sum(), xr))
    say(f(lambda a: (a.reshape(2, 1) * a).sum(), x))


def hessian_products(torch: Any, say: Any) -> None:
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    v, w = torch.tensor([1.0, -1.0]), torch.tensor([0.5, 2.0])

    def g(a, b):
        return (a * a * b).sum()

    for f in (torch.autograd.functional.hvp, torch.autograd.functional.vhp):
        say.attempt(f, g, (x, y), (v, w))
        say.attempt(f, g, (x, y), (v, w), strict=True)
        say.attempt(f, lambda a: (a * a).sum(), x)
        say.attempt(f, lambda a: (a * a).sum(), x[:1])
        say.attempt(f, lambda a: a * a, x, v)
        say.attempt(f, lambda a: (a.sum(), a.sum()), x, v)
        say.attempt(f, g, (x, y), (v, torch.ones(3)))
        xr = x.clone().requires_grad_()
        out, product = f(lambda a: (a**3).sum(), xr, v, create_graph=True)
        say(out.detach(), product.detach(), torch.autograd.grad(product.sum(), xr))
        with torch.no_grad():
            say(f(g, (x, y), (v, w)))


def complex_jacobians(torch: Any, say: Any) -> None:
    jacobian = torch.autograd.functional.jacobian
    x, z = torch.tensor([1.0, 2.0]), torch.tensor([1 + 2j, 0.5j])
    for f, point in ((lambda x: x * (1 + 2j), x), (lambda z: z * z, z), (lambda z: z.abs() ** 2, z)):
        say.attempt(jacobian, f, point)
        say.attempt(jacobian, f, point, vectorize=True)
        say.attempt(jacobian, f, point, vectorize=True, strategy="forward-mode")
        say.attempt(torch.autograd.functional.hessian, lambda z: torch.ones((), requires_grad=True) * 2, point)
