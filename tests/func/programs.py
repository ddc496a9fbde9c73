"""Programs with derivatives inside, written for any library that speaks PyTorch: ``program(torch)`` returns tensors.

What they compute is compared with real PyTorch in tests/conformance, and among each other here.
"""

from __future__ import annotations

from typing import Any

import numpy as np


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


def rosenbrock(x: Any) -> Any:
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


# -- the programs -------------------------------------------------------------------------------------------------------


def per_sample_gradients(torch: Any) -> list[Any]:
    func = torch.func
    params = mlp(torch, 5, 7, 3)
    x, target = values(torch, 6, 5, seed=10), values(torch, 6, 3, seed=11)

    def loss(params: Any, x: Any, target: Any) -> Any:
        return ((apply(torch, params, x) - target) ** 2).mean()

    grads, losses = func.vmap(func.grad_and_value(loss), in_dims=(None, 0, 0))(params, x, target)
    return [*grads.values(), losses]


def per_sample_cross_entropy(torch: Any) -> list[Any]:
    func = torch.func
    params = mlp(torch, 4, 6, 3)
    x, labels = values(torch, 5, 4, seed=12), torch.tensor([0, 2, 1, 1, 0])

    def loss(params: Any, x: Any, label: Any) -> Any:
        scores = apply(torch, params, x.unsqueeze(0))
        return torch.nn.functional.cross_entropy(scores, label.unsqueeze(0))

    return list(func.vmap(func.grad(loss), in_dims=(None, 0, 0))(params, x, labels).values())


def hessians_of_rosenbrock(torch: Any) -> list[Any]:
    func = torch.func
    x = values(torch, 50)
    return [
        outer(inner(rosenbrock))(x) for outer in (func.jacfwd, func.jacrev) for inner in (func.jacfwd, func.jacrev)
    ] + [func.hessian(rosenbrock)(x)]


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


def gradient_penalty(torch: Any) -> list[Any]:
    """WGAN-GP: the norm of the critic's gradient between real and generated examples is to be 1."""
    params = {k: p.requires_grad_() for k, p in mlp(torch, 3, 8, 1).items()}
    real, fake = values(torch, 7, 3, seed=1), values(torch, 7, 3, seed=2)
    mix = torch.linspace(0, 1, 7, dtype=torch.float64).unsqueeze(1)
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    scores = apply(torch, params, between)
    (slope,) = torch.autograd.grad(scores.sum(), between, create_graph=True)
    penalty = ((slope.norm(2, dim=1) - 1) ** 2).mean()
    loss = apply(torch, params, fake).mean() - apply(torch, params, real).mean() + 10 * penalty
    loss.backward()
    per_example = torch.func.vmap(torch.func.grad(lambda x: apply(torch, params, x).squeeze(-1)))(between.detach())
    return [loss.detach(), per_example.detach(), *[p.grad for p in params.values()]]


def learning_to_learn(torch: Any) -> list[Any]:
    """MAML: the gradient of the loss after an inner step, for several tasks at once."""
    func = torch.func
    params = mlp(torch, 1, 6, 1)
    phases = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)

    def loss(params: Any, x: Any, y: Any) -> Any:
        return ((apply(torch, params, x) - y) ** 2).mean()

    def after_inner_step(params: Any, phase: Any) -> Any:
        x, x_new = values(torch, 5, 1, seed=7), values(torch, 5, 1, seed=8)
        grads = func.grad(loss)(params, x, torch.sin(x + phase))
        adapted = {name: p - 0.1 * grads[name] for name, p in params.items()}
        return loss(adapted, x_new, torch.sin(x_new + phase))

    def outer(params: Any) -> Any:
        return func.vmap(after_inner_step, in_dims=(None, 0))(params, phases).mean()

    grads, value = func.grad_and_value(outer)(params)
    return [value, *grads.values()]


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


PROGRAMS = [
    per_sample_gradients,
    per_sample_cross_entropy,
    hessians_of_rosenbrock,
    jacobians_of_a_network,
    physics_informed,
    gradient_penalty,
    learning_to_learn,
    energy_and_forces,
    differential_equation,
    third_derivatives,
    hessian_vector_products,
    ensemble,
]
