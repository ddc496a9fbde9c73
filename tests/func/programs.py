"""Programs with derivatives inside, written for any library that speaks PyTorch: ``program(torch)`` returns tensors.

What they compute is compared with real PyTorch in tests/conformance, and here with what PyTorch has computed. Some are
what is measured in benchmarks/derivatives.py, made small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import derivatives


def values(torch: Any, *shape: int, seed: int = 0, scale: float = 1.0) -> Any:
    """Numbers that are the same for both libraries."""
    return torch.from_numpy(np.random.default_rng((seed, *shape)).standard_normal(shape) * scale)


def mlp(torch: Any, *widths: int, seed: int = 0) -> dict[str, Any]:
    """The parameters of a fully connected network."""
    params = {}
    for i, (m, n) in enumerate(zip(widths, widths[1:])):
        params[f"{i}.weight"] = values(torch, n, m, seed=seed + 2 * i, scale=m**-0.5)
        params[f"{i}.bias"] = values(torch, n, seed=seed + 2 * i + 1, scale=0.1)
    return params


def apply(torch: Any, params: dict[str, Any], x: Any) -> Any:
    last = len(params) // 2 - 1
    for i in range(last + 1):
        x = x @ params[f"{i}.weight"].mT + params[f"{i}.bias"]
        if i < last:
            x = torch.tanh(x)
    return x


# -- the programs -------------------------------------------------------------------------------------------------------


def per_sample_cross_entropy(torch: Any) -> list[Any]:
    func = torch.func
    params = mlp(torch, 4, 6, 3)
    x, labels = values(torch, 5, 4, seed=12), torch.tensor([0, 2, 1, 1, 0])

    def loss(params: Any, x: Any, label: Any) -> Any:
        scores = apply(torch, params, x.unsqueeze(0))
        return torch.nn.functional.cross_entropy(scores, label.unsqueeze(0))

    return list(func.vmap(func.grad(loss), in_dims=(None, 0, 0))(params, x, labels).values())


def jacobians_of_a_network(torch: Any) -> list[Any]:
    func = torch.func
    params = mlp(torch, 4, 8, 3)
    x = values(torch, 4, seed=3)

    def f(x: Any) -> Any:
        return apply(torch, params, x)

    by_parameter = func.jacrev(lambda p: apply(torch, p, x))(params)
    return [func.jacrev(f)(x), func.jacfwd(f)(x), func.jacrev(f, chunk_size=2)(x), *by_parameter.values()]


def physics_informed(torch: Any) -> list[Any]:
    """The residual of Poisson's equation, with a Laplacian inside, and a gradient step on it."""
    func = torch.func
    params = mlp(torch, 2, 8, 1)
    points = values(torch, 9, 2, seed=5)

    def u(params: Any, point: Any) -> Any:
        return apply(torch, params, point).squeeze(-1)

    def laplacian(params: Any, point: Any) -> Any:
        gradient = func.grad(u, argnums=1)
        total = 0
        for i in range(2):
            direction = torch.eye(2, dtype=point.dtype)[i]
            total = total + func.jvp(lambda p: gradient(params, p), (point,), (direction,))[1][i]
        return total

    def loss(params: Any) -> Any:
        source = torch.sin(points[:, 0]) * torch.cos(points[:, 1])
        return ((func.vmap(laplacian, in_dims=(None, 0))(params, points) - source) ** 2).mean()

    grads, before = func.grad_and_value(loss)(params)
    stepped = {name: p - 0.01 * grads[name] for name, p in params.items()}
    traces = func.vmap(lambda p: torch.diagonal(func.hessian(u, argnums=1)(params, p)).sum())(points)
    return [before, loss(stepped), traces, *grads.values()]


def energy_and_forces(torch: Any) -> list[Any]:
    """A loss on forces, which are a gradient of the energy themselves."""
    func = torch.func
    params = mlp(torch, 1, 6, 1)
    positions = values(torch, 4, 3, seed=9)

    def energy(params: Any, positions: Any) -> Any:
        total = 0
        for i in range(4):
            for j in range(i):
                distance = ((positions[i] - positions[j]) ** 2).sum().sqrt()
                total = total + apply(torch, params, distance.reshape(1)).sum()
        return total

    def loss(params: Any) -> Any:
        forces = -func.grad(energy, argnums=1)(params, positions)
        return (forces**2).sum()

    grads, value = func.grad_and_value(loss)(params)
    return [value, *grads.values(), func.jacrev(func.grad(energy, argnums=1), argnums=1)(params, positions)]


def differential_equation(torch: Any) -> list[Any]:
    """Runge-Kutta steps of x' = f(x), and how the end depends on start and parameters."""
    func = torch.func
    params = mlp(torch, 2, 6, 2)
    start = values(torch, 2, seed=4)

    def end(params: Any, x: Any) -> Any:
        h = 0.1
        for _ in range(5):
            k1 = apply(torch, params, x)
            k2 = apply(torch, params, x + h / 2 * k1)
            k3 = apply(torch, params, x + h / 2 * k2)
            k4 = apply(torch, params, x + h * k3)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return x

    sensitivities = func.jacfwd(end, argnums=1)(params, start)
    grads = func.grad(lambda p: (end(p, start) ** 2).sum())(params)
    many = func.vmap(end, in_dims=(None, 0))(params, values(torch, 5, 2, seed=6))
    return [sensitivities, many, *grads.values()]


def third_derivatives(torch: Any) -> list[Any]:
    func = torch.func
    x = values(torch, 3)

    def f(x: Any) -> Any:
        return torch.exp(torch.sin(x[0]) * x[1]) + x[2] ** 4 * x[0]

    orders = (func.jacfwd, func.jacrev)
    return [a(b(c(f)))(x) for a in orders for b in orders for c in orders]


def hessian_vector_products(torch: Any) -> list[Any]:
    func = torch.func
    x, v = values(torch, 6), values(torch, 6, seed=1)

    def f(x: Any) -> Any:
        return (torch.cumsum(torch.sin(x) ** 2, 0).log1p() * x).sum()

    forward_over_reverse = func.jvp(func.grad(f), (x,), (v,))[1]
    reverse_over_reverse = func.grad(lambda x: (func.grad(f)(x) * v).sum())(x)
    reverse_over_forward = func.grad(lambda x: func.jvp(f, (x,), (v,))[1])(x)
    _, pull_back = func.vjp(func.grad(f), x)
    _, push = func.linearize(func.grad(f), x)
    return [forward_over_reverse, reverse_over_reverse, reverse_over_forward, pull_back(v)[0], push(v)]


def ensemble(torch: Any) -> list[Any]:
    """Several networks run as one."""
    func = torch.func
    torch.manual_seed(0)
    models = [torch.nn.Linear(3, 2, dtype=torch.float64) for _ in range(4)]
    params, buffers = func.stack_module_state(models)
    x = values(torch, 5, 3)

    def call(params: Any, buffers: Any, x: Any) -> Any:
        return func.functional_call(models[0], (params, buffers), (x,))

    together = func.vmap(call, in_dims=(0, 0, None))(params, buffers, x)
    together.sum().backward()
    apart = torch.stack([model(x) for model in models])
    return [together.detach(), apart.detach(), *[p.grad for p in params.values()]]


def small(name: str, make: Callable[..., Callable[[], list[Any]]], **sizes: Any) -> Callable[[Any], list[Any]]:
    """One step of what is measured, as a program."""

    def program(torch: Any) -> list[Any]:
        return make(torch, dtype="float64", **sizes)()

    program.__name__ = name
    return program


PROGRAMS = [
    per_sample_cross_entropy,
    jacobians_of_a_network,
    physics_informed,
    energy_and_forces,
    differential_equation,
    third_derivatives,
    hessian_vector_products,
    ensemble,
    small("per_sample_gradients", derivatives.per_sample_gradients, batch=5, widths=(4, 6, 3)),
    *[small(name, make, n=7) for name, make in derivatives.NESTINGS.items()],
    *[small(name, make, widths=(4, 6, 3)) for name, make in derivatives.JACOBIANS.items()],
    small("pinn", derivatives.physics_informed, points=6, width=5),
    small("pinn_func", derivatives.physics_informed_func, points=6, width=5),
    small("gradient_penalty", derivatives.gradient_penalty, batch=5, width=6),
    small("maml", derivatives.learning_to_learn, tasks=2, shots=3, width=4, inner_steps=2),
    small("maml_func", derivatives.learning_to_learn_func, tasks=2, shots=3, width=4),
    small("forces", derivatives.forces, particles=4, width=5),
    small("neural_ode", derivatives.neural_ode, batch=3, width=4, steps=2),
]
