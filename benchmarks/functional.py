"""The workloads as JAX wants them: pure functions of what they start from, compiled by `jax.jit`, on the same numbers.

Each is ``make(jax)``, under the name of the workload that it is, and returns a function that does one step. What a step
of training starts from is given up to it (donated), so that JAX may write in place too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from . import derivatives, workloads
from .registry import Step

FUNCTIONAL: dict[str, Callable[[Any], Step]] = {}


def functional(name: str) -> Callable[[Callable[[Any], Step]], Callable[[Any], Step]]:
    def add(make: Callable[[Any], Step]) -> Callable[[Any], Step]:
        FUNCTIONAL[name] = make
        return make

    return add


# -- the same numbers ---------------------------------------------------------------------------------------------------


def parameters(jax: Any, net: Any) -> list[Any]:
    """Of a network of Rushlight's: weight, bias, weight, bias ..."""
    return [jax.numpy.asarray(p.detach().numpy().copy()) for p in net.parameters()]


def network(jax: Any, *widths: int) -> list[Any]:
    import rushlight

    return parameters(jax, derivatives.network(rushlight, "float32", *widths))


def values(jax: Any, *shape: int, **options: Any) -> Any:
    return derivatives.values(SimpleNamespace(tensor=jax.numpy.asarray), "float32", *shape, **options)


def data(jax: Any, *shape: int, seed: int = 0) -> Any:
    return jax.numpy.asarray(workloads.data(*shape, seed=seed))


# -- optimizers ---------------------------------------------------------------------------------------------------------


def sgd(jax: Any, lr: float) -> tuple[Any, Any]:
    def update(params: Any, grads: Any, state: Any) -> Any:
        return [p - lr * g for p, g in zip(params, grads)], state

    return lambda params: (), update


def adam(jax: Any, lr: float, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> tuple[Any, Any]:
    np_ = jax.numpy

    def init(params: Any) -> Any:
        return np_.zeros(()), [np_.zeros_like(p) for p in params], [np_.zeros_like(p) for p in params]

    def update(params: Any, grads: Any, state: Any) -> Any:
        t, ms, vs = state
        t = t + 1
        ms = [b1 * m + (1 - b1) * g for m, g in zip(ms, grads)]
        vs = [b2 * v + (1 - b2) * g * g for v, g in zip(vs, grads)]
        step, root = lr / (1 - b1**t), np_.sqrt(1 - b2**t)
        new = [p - step * m / (np_.sqrt(v) / root + eps) for p, m, v in zip(params, ms, vs)]
        return new, (t, ms, vs)

    return init, update


def nadam(
    jax: Any, lr: float, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, decay: float = 0.004
) -> tuple[Any, Any]:
    np_ = jax.numpy

    def init(params: Any) -> Any:
        return np_.zeros(()), np_.ones(()), [np_.zeros_like(p) for p in params], [np_.zeros_like(p) for p in params]

    def update(params: Any, grads: Any, state: Any) -> Any:
        t, product, ms, vs = state
        t = t + 1
        mu, mu_next = b1 * (1 - 0.5 * 0.96 ** (t * decay)), b1 * (1 - 0.5 * 0.96 ** ((t + 1) * decay))
        product = product * mu
        ms = [b1 * m + (1 - b1) * g for m, g in zip(ms, grads)]
        vs = [b2 * v + (1 - b2) * g * g for v, g in zip(vs, grads)]
        now, ahead, corrected = lr * (1 - mu) / (1 - product), lr * mu_next / (1 - product * mu_next), 1 - b2**t
        new = []
        for p, g, m, v in zip(params, grads, ms, vs):
            size = np_.sqrt(v / corrected) + eps
            new.append(p - now * g / size - ahead * m / size)
        return new, (t, product, ms, vs)

    return init, update


def training(
    jax: Any, loss: Callable[..., Any], params: Any, optimizer: tuple[Any, Any], inputs: Any, *, whole: bool = False
) -> Step:
    """Steps of training on ``inputs()``. whole: give back the parameters too."""
    init, update = optimizer
    now = (params, init(params))

    @partial(jax.jit, donate_argnums=0)
    def advance(now: Any, inputs: Any) -> Any:
        params, state = now
        value, grads = jax.value_and_grad(loss)(params, *inputs)
        return update(params, grads, state), value

    def step() -> Any:
        nonlocal now
        now, value = advance(now, inputs())
        value.block_until_ready()
        return [value, *now[0]] if whole else value

    return step


def computing(jax: Any, f: Callable[..., Any], *inputs: Any) -> Step:
    """A pure function of inputs that stay."""
    compiled = jax.jit(f)

    def step() -> Any:
        return [compiled(*inputs).block_until_ready()]

    return step


# -- training -----------------------------------------------------------------------------------------------------------


def regression(optimizer: Callable[..., Any]) -> Callable[[Any], Step]:
    def make(jax: Any) -> Step:
        inputs = data(jax, 20, 3), data(jax, 20, 1, seed=1)
        loss = lambda params, x, y: jax.numpy.mean(jax.numpy.square(y - x @ params[0]))
        return training(jax, loss, [data(jax, 3, 1, seed=2)], optimizer(jax, 0.01), lambda: inputs)

    return make


for _optimizer in (sgd, adam, nadam):
    functional(f"regression_{_optimizer.__name__}")(regression(_optimizer))


def puzzle_loss(params: Any) -> Any:
    a, b, c, d = params
    y1, y2, y3, y4 = a + b - 9, c - d - 1, a + c - 8, b - d - 2
    return y1 * y1 + y2 * y2 + y3 * y3 + y4 * y4


def puzzle_start(jax: Any) -> list[Any]:
    return [jax.numpy.asarray(v, "float32") for v in workloads.PUZZLE_START]


@functional("puzzle")
def puzzle(jax: Any) -> Step:
    return training(jax, puzzle_loss, puzzle_start(jax), nadam(jax, 0.01), tuple)


@functional("puzzle_1000")
def puzzle_1000(jax: Any, times: int = 1000) -> Step:
    """The loop over steps inside of the compiled function."""
    init, update = nadam(jax, 0.01)
    now = init(puzzle_start(jax))

    @partial(jax.jit, donate_argnums=0)
    def advance(state: Any) -> Any:
        def once(_: Any, carry: Any) -> Any:
            (params, state), _ = carry
            value, grads = jax.value_and_grad(puzzle_loss)(params)
            return update(params, grads, state), value

        (_, state), value = jax.lax.fori_loop(0, times, once, ((puzzle_start(jax), state), jax.numpy.zeros(())))
        return state, value

    def step() -> Any:
        nonlocal now
        now, value = advance(now)
        return value.block_until_ready()

    return step


def cross_entropy(jax: Any, scores: Any, classes: Any) -> Any:
    chosen = jax.numpy.take_along_axis(jax.nn.log_softmax(scores), classes[:, None], 1)
    return -chosen.mean()


def mlp(optimizer: Callable[..., Any], lr: float, batch: int) -> Callable[[Any], Step]:
    def make(jax: Any, widths: tuple[int, int, int] = (784, 128, 10)) -> Step:
        import rushlight

        params = parameters(jax, workloads.classifier(rushlight, "float32", widths))
        inputs = workloads.images(SimpleNamespace(tensor=jax.numpy.asarray), "float32", batch, widths)

        def loss(params: Any, x: Any, y: Any) -> Any:
            w1, b1, w2, b2 = params
            return cross_entropy(jax, jax.nn.relu(x @ w1.T + b1) @ w2.T + b2, y)

        return training(jax, loss, params, optimizer(jax, lr), lambda: inputs)

    return make


functional("mlp")(mlp(sgd, 0.01, 64))
functional("mlp_adam")(mlp(adam, 1e-3, 1024))


# -- a chain of elementwise operations ----------------------------------------------------------------------------------


@functional("elementwise")
def elementwise(jax: Any) -> Step:
    np_ = jax.numpy
    f = jax.jit(lambda x, y: np_.exp(np_.tanh(x * 1.5 + 0.5) * y).sum())
    x, y = data(jax, 10**7), data(jax, 10**7, seed=1)
    return lambda: f(x, y).block_until_ready()


@functional("elementwise_backward")
def elementwise_backward(jax: Any) -> Step:
    np_ = jax.numpy
    f = jax.jit(jax.value_and_grad(lambda w, b, x, y: np_.exp(np_.tanh(x * w + b) * y).sum(), argnums=(0, 1)))
    x, y, w, b = data(jax, 10**7), data(jax, 10**7, seed=1), np_.asarray(1.5), np_.asarray(0.5)

    def step() -> Any:
        total, grads = f(w, b, x, y)
        return [total.block_until_ready(), *grads]

    return step


# -- derivatives of derivatives -----------------------------------------------------------------------------------------


@functional("hessian_jacfwd_jacrev")
def hessian(jax: Any) -> Step:
    return computing(jax, jax.hessian(derivatives.rosenbrock), values(jax, 50))


@functional("hvp")
def hessian_vector_product(jax: Any) -> Step:
    product = lambda x, v: jax.jvp(jax.grad(derivatives.rosenbrock), (x,), (v,))[1]
    return computing(jax, product, values(jax, 50), values(jax, 50, seed=1))


def layers(jax: Any, params: Any, x: Any, activation: Any = None) -> Any:
    """A network: ``x`` through layers, with an activation between them."""
    activation = activation or jax.numpy.tanh
    for k in range(0, len(params), 2):
        x = x @ params[k].T + params[k + 1]
        if k + 2 < len(params):
            x = activation(x)
    return x


@functional("per_sample")
def per_sample_gradients(jax: Any) -> Step:
    loss = lambda params, x, y: cross_entropy(jax, layers(jax, params, x[None]), y[None])
    gradients = jax.jit(jax.vmap(jax.grad(loss), in_axes=(None, 0, 0)))
    params, x = network(jax, 784, 128, 10), values(jax, 64, 784)
    y = jax.numpy.asarray(np.random.default_rng(1).integers(0, 10, 64))
    return lambda: [g.block_until_ready() for g in gradients(params, x, y)]


@functional("jacobian_jacrev")
def jacobian(jax: Any) -> Step:
    return computing(
        jax,
        lambda params, x: jax.jacrev(lambda x: layers(jax, params, x))(x),
        network(jax, 100, 100, 100),
        values(jax, 100),
    )


@functional("pinn")
def physics_informed(jax: Any) -> Step:
    def loss(params: Any, x: Any, source: Any) -> Any:
        slope = jax.grad(lambda x: layers(jax, params, x).sum())
        along = lambda i: jax.grad(lambda x: slope(x)[:, i].sum())(x)[:, i]
        return jax.numpy.square(sum(along(i) for i in range(2)) - source).mean()

    shim = SimpleNamespace(tensor=jax.numpy.asarray, sigmoid=jax.nn.sigmoid, sin=jax.numpy.sin, cos=jax.numpy.cos)
    inputs = derivatives.points_in_square(shim, "float32", 256)
    return training(jax, loss, network(jax, 2, 32, 32, 1), sgd(jax, 1e-3), lambda: inputs, whole=True)


@functional("gradient_penalty")
def gradient_penalty(jax: Any) -> Step:
    import rushlight

    np_ = jax.numpy
    width, batch = 128, 64
    params = network(jax, width, width, width, 1)
    real, fake = values(jax, batch, width, seed=1), values(jax, batch, width, seed=2)
    # The numbers that the others draw at each step, drawn before: JAX has other streams, and here gets them for nothing.
    drawn = [np_.asarray(rushlight.rand(batch, 1).numpy()) for _ in range(64)]

    def critic(params: Any, x: Any) -> Any:
        return layers(jax, params, x, lambda x: jax.nn.leaky_relu(x, 0.2))

    def loss(params: Any, mix: Any, real: Any, fake: Any) -> Any:
        between = mix * real + (1 - mix) * fake
        slope = jax.grad(lambda x: critic(params, x).sum())(between)
        penalty = np_.square(np_.linalg.norm(slope, axis=1) - 1).mean()
        return critic(params, fake).mean() - critic(params, real).mean() + 10 * penalty

    steps = 0

    def inputs() -> Any:
        nonlocal steps
        steps += 1
        return drawn[(steps - 1) % len(drawn)], real, fake

    return training(jax, loss, params, adam(jax, 1e-4, 0.0, 0.9), inputs, whole=True)


@functional("maml")
def learning_to_learn(jax: Any, tasks: int = 4) -> Step:
    shim = SimpleNamespace(tensor=jax.numpy.asarray)
    inputs = derivatives.tasks_of(shim, "float32", tasks, 10)

    def loss_of(params: Any, x: Any, y: Any) -> Any:
        return jax.numpy.square(layers(jax, params, x) - y).mean()

    def loss(params: Any, *data: Any) -> Any:
        total = 0
        for x, y, x_new, y_new in zip(*data):
            grads = jax.grad(loss_of)(params, x, y)
            total = total + loss_of([p - 0.01 * g for p, g in zip(params, grads)], x_new, y_new)
        return total / tasks

    return training(jax, loss, network(jax, 1, 40, 40, 1), adam(jax, 1e-3), lambda: inputs, whole=True)


@functional("forces")
def forces(jax: Any, particles: int = 16) -> Step:
    np_ = jax.numpy
    i, j = np.triu_indices(particles, 1)
    inputs = values(jax, particles, 3, scale=2.0), values(jax, particles, 3, seed=1)

    def energy(positions: Any, params: Any) -> Any:
        distances = np_.sqrt(np_.square(positions[i] - positions[j]).sum(-1, keepdims=True))
        return layers(jax, params, np_.exp(-distances)).sum()

    def loss(params: Any, positions: Any, wanted: Any) -> Any:
        value, slope = jax.value_and_grad(energy)(positions, params)
        return np_.square(slope + wanted).mean() + 0.01 * np_.square(value - 1)

    return training(jax, loss, network(jax, 1, 64, 64, 1), adam(jax, 1e-3), lambda: inputs, whole=True)
