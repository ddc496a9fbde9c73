"""Derivatives of derivatives, and many at once: what programs beyond training use them for.

Each workload is ``make(torch, dtype="float32", **sizes)``: it returns a function that does one step and returns the
tensors that it computed. The tests run the same ones, in double precision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import Step, workload


def values(torch: Any, dtype: str, *shape: int, seed: int = 0, scale: float = 1.0) -> Any:
    """Numbers that are the same for all libraries."""
    return torch.tensor((np.random.default_rng(seed).standard_normal(shape) * scale).astype(dtype))


def network(torch: Any, dtype: str, *widths: int, activation: Callable[[], Any] | None = None) -> Any:
    """A fully connected network, with the same parameters for all libraries."""
    torch.manual_seed(0)
    layers: list[Any] = []
    for m, n in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(m, n, dtype=getattr(torch, dtype)), (activation or torch.nn.Tanh)()]
    return torch.nn.Sequential(*layers[:-1])


def outcome(loss: Any, net: Any) -> list[Any]:
    """What a step of training computed."""
    return [loss.detach(), *[p.detach() for p in net.parameters()]]


def parameters_of(net: Any) -> dict[str, Any]:
    return {name: p.detach() for name, p in net.named_parameters()}


def rosenbrock(x: Any) -> Any:
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


# -- many gradients at once ---------------------------------------------------------------------------------------------


@workload("per_sample", "per-sample gradients of an MLP 784-128-10, batch 64: vmap(grad)")
def per_sample_gradients(
    torch: Any, dtype: str = "float32", batch: int = 64, widths: tuple[int, ...] = (784, 128, 10)
) -> Step:
    net = network(torch, dtype, *widths)
    params = parameters_of(net)
    x = values(torch, dtype, batch, widths[0])
    y = torch.tensor(np.random.default_rng(1).integers(0, widths[-1], batch))

    def loss(params: Any, x: Any, y: Any) -> Any:
        scores = torch.func.functional_call(net, params, (x.unsqueeze(0),))
        return torch.nn.functional.cross_entropy(scores, y.unsqueeze(0))

    def step() -> Any:
        return list(torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, x, y).values())

    return step


# -- Hessians and Jacobians -----------------------------------------------------------------------------------------------


def hessian_by(outer: str, inner: str) -> Callable[..., Step]:
    def make(torch: Any, dtype: str = "float32", n: int = 50) -> Step:
        x = values(torch, dtype, n)
        by_outer, by_inner = getattr(torch.func, outer), getattr(torch.func, inner)
        return lambda: [by_outer(by_inner(rosenbrock))(x)]

    return make


NESTINGS = {
    f"hessian_{outer}_{inner}": workload(
        f"hessian_{outer}_{inner}", f"Hessian of Rosenbrock in 50 variables: {outer}({inner}(f))"
    )(hessian_by(outer, inner))
    for outer in ("jacfwd", "jacrev")
    for inner in ("jacfwd", "jacrev")
}


@workload("hessian_functional", "the same: autograd.functional.hessian")
def hessian_functional(torch: Any, dtype: str = "float32", n: int = 50) -> Step:
    x = values(torch, dtype, n)
    return lambda: [torch.autograd.functional.hessian(rosenbrock, x)]


@workload("hvp", "Hessian-vector product of Rosenbrock in 50 variables: jvp(grad(f))")
def hessian_vector_product(torch: Any, dtype: str = "float32", n: int = 50) -> Step:
    x, v = values(torch, dtype, n), values(torch, dtype, n, seed=1)
    return lambda: [torch.func.jvp(torch.func.grad(rosenbrock), (x,), (v,))[1]]


def landscape(torch: Any, dtype: str, n: int) -> tuple[Callable[[Any], Any], Any]:
    """A function of ``n`` variables of which each has to do with all others, and where to look at it."""
    weights = values(torch, dtype, n, n, seed=1, scale=n**-0.5)

    def f(x: Any) -> Any:
        return torch.tanh(weights @ x).square().sum() + torch.logsumexp(x, 0) + rosenbrock(x)

    return f, values(torch, dtype, n)


@workload("hessian_200", "Hessian of a function of 200 variables: func.hessian")
def hessian_of_many(torch: Any, dtype: str = "float32", n: int = 200) -> Step:
    f, x = landscape(torch, dtype, n)
    return lambda: [torch.func.hessian(f)(x)]


@workload("hessian_200_rows", "the same, row by row: autograd.grad in a loop")
def hessian_by_rows(torch: Any, dtype: str = "float32", n: int = 200) -> Step:
    f, start = landscape(torch, dtype, n)

    def step() -> Any:
        x = start.clone().requires_grad_()
        (slope,) = torch.autograd.grad(f(x), x, create_graph=True)
        return [torch.stack([torch.autograd.grad(slope[i], x, retain_graph=True)[0] for i in range(n)])]

    return step


def jacobian_by(transform: str) -> Callable[..., Step]:
    def make(torch: Any, dtype: str = "float32", widths: tuple[int, ...] = (100, 100, 100)) -> Step:
        net, x = network(torch, dtype, *widths), values(torch, dtype, widths[0])
        params = parameters_of(net)
        jacobian = getattr(torch.func, transform)(lambda x: torch.func.functional_call(net, params, (x,)))
        return lambda: [jacobian(x)]

    return make


JACOBIANS = {
    f"jacobian_{transform}": workload(f"jacobian_{transform}", f"Jacobian of an MLP 100-100-100: func.{transform}")(
        jacobian_by(transform)
    )
    for transform in ("jacrev", "jacfwd")
}


@workload("jacobian_functional", "the same: autograd.functional.jacobian")
def jacobian_functional(torch: Any, dtype: str = "float32", widths: tuple[int, ...] = (100, 100, 100)) -> Step:
    net, x = network(torch, dtype, *widths), values(torch, dtype, widths[0])
    return lambda: [torch.autograd.functional.jacobian(net, x)]


# -- losses with derivatives inside -----------------------------------------------------------------------------------------


def points_in_square(torch: Any, dtype: str, n: int) -> tuple[Any, Any]:
    """Where Poisson's equation is to hold, and its right side."""
    points = torch.sigmoid(values(torch, dtype, n, 2))
    return points, torch.sin(3 * points[:, 0]) * torch.cos(2 * points[:, 1])


@workload("pinn", "physics-informed: Laplacian of an MLP 2-32-32-1 at 256 points, one step of SGD: autograd.grad")
def physics_informed(torch: Any, dtype: str = "float32", points: int = 256, width: int = 32) -> Step:
    net = network(torch, dtype, 2, width, width, 1)
    opt = torch.optim.SGD(net.parameters(), lr=1e-3)
    inside, source = points_in_square(torch, dtype, points)

    def step() -> Any:
        opt.zero_grad()
        x = inside.clone().requires_grad_()
        (slope,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
        laplacian = sum(torch.autograd.grad(slope[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(2))
        loss = (laplacian - source).square().mean()
        loss.backward()
        opt.step()
        return outcome(loss, net)

    return step


@workload("pinn_func", "the same: vmap of the trace of func.hessian, under func.grad")
def physics_informed_func(torch: Any, dtype: str = "float32", points: int = 256, width: int = 32) -> Step:
    net = network(torch, dtype, 2, width, width, 1)
    inside, source = points_in_square(torch, dtype, points)
    func, start = torch.func, parameters_of(net)

    def u(point: Any, params: Any) -> Any:
        return func.functional_call(net, params, (point,)).squeeze(-1)

    def laplacian(point: Any, params: Any) -> Any:
        return func.hessian(u)(point, params).diagonal().sum()

    def loss(params: Any) -> Any:
        return (func.vmap(laplacian, in_dims=(0, None))(inside, params) - source).square().mean()

    def step() -> Any:
        grads, value = func.grad_and_value(loss)(start)
        return [value, *[p - 1e-3 * grads[name] for name, p in start.items()]]

    return step


@workload("gradient_penalty", "WGAN-GP: a critic 128-128-128-1, batch 64, one step of Adam")
def gradient_penalty(torch: Any, dtype: str = "float32", batch: int = 64, width: int = 128) -> Step:
    critic = network(torch, dtype, width, width, width, 1, activation=lambda: torch.nn.LeakyReLU(0.2))
    opt = torch.optim.Adam(critic.parameters(), lr=1e-4, betas=(0.0, 0.9))
    real, fake = values(torch, dtype, batch, width, seed=1), values(torch, dtype, batch, width, seed=2)

    def step() -> Any:
        opt.zero_grad()
        mix = torch.rand(batch, 1, dtype=real.dtype)
        between = (mix * real + (1 - mix) * fake).requires_grad_()
        scores = critic(between)
        (slope,) = torch.autograd.grad(scores, between, torch.ones_like(scores), create_graph=True)
        penalty = ((slope.norm(2, dim=1) - 1) ** 2).mean()
        loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
        loss.backward()
        opt.step()
        return outcome(loss, critic)

    return step


def tasks_of(torch: Any, dtype: str, tasks: int, shots: int) -> tuple[Any, ...]:
    """Sine waves to learn: inputs and targets, to adapt to and to judge by."""
    rng = np.random.default_rng(3)
    height, phase = rng.uniform(0.1, 5, (tasks, 1, 1)), rng.uniform(0, np.pi, (tasks, 1, 1))
    x = rng.uniform(-5, 5, (2, tasks, shots, 1))
    y = height * np.sin(x - phase)
    return tuple(torch.tensor(a.astype(dtype)) for a in (x[0], y[0], x[1], y[1]))


@workload("maml", "MAML: 4 tasks in a loop, MLP 1-40-40-1, a differentiable step of SGD inside, Adam outside")
def learning_to_learn(
    torch: Any, dtype: str = "float32", tasks: int = 4, shots: int = 10, width: int = 40, inner_steps: int = 1
) -> Step:
    net = network(torch, dtype, 1, width, width, 1)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    data = list(zip(*tasks_of(torch, dtype, tasks, shots)))

    def loss_of(params: Any, x: Any, y: Any) -> Any:
        return torch.nn.functional.mse_loss(torch.func.functional_call(net, params, (x,)), y)

    def step() -> Any:
        opt.zero_grad()
        total = 0
        for x, y, x_new, y_new in data:
            params = dict(net.named_parameters())
            for _ in range(inner_steps):
                grads = torch.autograd.grad(loss_of(params, x, y), list(params.values()), create_graph=True)
                params = {name: p - 0.01 * g for (name, p), g in zip(params.items(), grads)}
            total = total + loss_of(params, x_new, y_new)
        loss = total / tasks
        loss.backward()
        opt.step()
        return outcome(loss, net)

    return step


@workload("maml_func", "the same: vmap over the tasks, under func.grad")
def learning_to_learn_func(
    torch: Any, dtype: str = "float32", tasks: int = 4, shots: int = 10, width: int = 40
) -> Step:
    net = network(torch, dtype, 1, width, width, 1)
    func, start, data = torch.func, parameters_of(net), tasks_of(torch, dtype, tasks, shots)

    def loss_of(params: Any, x: Any, y: Any) -> Any:
        return torch.nn.functional.mse_loss(func.functional_call(net, params, (x,)), y)

    def adapted_loss(params: Any, x: Any, y: Any, x_new: Any, y_new: Any) -> Any:
        grads = func.grad(loss_of)(params, x, y)
        return loss_of({name: p - 0.01 * grads[name] for name, p in params.items()}, x_new, y_new)

    def loss(params: Any) -> Any:
        return func.vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))(params, *data).mean()

    def step() -> Any:
        grads, value = func.grad_and_value(loss)(start)
        return [value, *[p - 1e-3 * grads[name] for name, p in start.items()]]

    return step


@workload("forces", "energy of 16 particles by an MLP of distances, its forces, a loss on both, one step of Adam")
def forces(torch: Any, dtype: str = "float32", particles: int = 16, width: int = 64) -> Step:
    net = network(torch, dtype, 1, width, width, 1)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    start = values(torch, dtype, particles, 3, scale=2.0)
    wanted = values(torch, dtype, particles, 3, seed=1)
    i, j = torch.triu_indices(particles, particles, 1)

    def step() -> Any:
        opt.zero_grad()
        positions = start.clone().requires_grad_()
        distances = (positions[i] - positions[j]).square().sum(-1, keepdim=True).sqrt()
        energy = net(torch.exp(-distances)).sum()
        (slope,) = torch.autograd.grad(energy, positions, create_graph=True)
        loss = (slope + wanted).square().mean() + 0.01 * (energy - 1).square()
        loss.backward()
        opt.step()
        return outcome(loss, net)

    return step


@workload("neural_ode", "Neural ODE: 10 steps of Runge-Kutta of an MLP 2-128-2, batch 256, each checkpointed, SGD")
def neural_ode(torch: Any, dtype: str = "float32", batch: int = 256, width: int = 128, steps: int = 10) -> Step:
    from importlib import import_module

    checkpoint = import_module(f"{torch.__name__}.utils.checkpoint").checkpoint
    field = network(torch, dtype, 2, width, 2)
    opt = torch.optim.SGD(field.parameters(), lr=1e-3)
    start, goal = values(torch, dtype, batch, 2), values(torch, dtype, batch, 2, seed=1)
    h = 1 / steps

    def advance(x: Any) -> Any:
        k1 = field(x)
        k2 = field(x + h / 2 * k1)
        k3 = field(x + h / 2 * k2)
        k4 = field(x + h * k3)
        return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    def step() -> Any:
        opt.zero_grad()
        x = start
        for _ in range(steps):
            x = checkpoint(advance, x, use_reentrant=False)
        loss = (x - goal).square().mean()
        loss.backward()
        opt.step()
        return outcome(loss, field)

    return step
