"""Small programs whose every printed line must be PyTorch's: see tests/autograd/scenarios."""

from __future__ import annotations

import importlib
from typing import Any

# Each speaks of the transforms' arguments, of what they refuse, of random numbers, of modules, of forward_ad.


def arguments_of_grad(torch: Any, say: Any) -> None:
    func = torch.func
    x = torch.ones(3)
    for f, args, options in (
        (lambda x: x.sum(), (torch.ones(3, dtype=torch.int64),), {}),
        (lambda x: x.sum(), (3.0,), {}),
        (lambda x: x * 2, (x,), {}),
        (lambda x: 3, (x,), {}),
        (lambda x: x.sum(), (x,), {"argnums": 1}),
        (lambda x: x.sum(), (x,), {"argnums": (0, 0)}),
        (lambda x: x.sum(), (x,), {"argnums": ()}),
        (lambda x: x.sum(), (x,), {"argnums": 1.5}),
        (lambda x, y: (x * y).sum(), (x, x * 2), {"argnums": -1}),
        (lambda x, y: (x * y).sum(), (x, x * 2), {"argnums": (1, 0)}),
        (lambda x: x.sum(), (x,), {"has_aux": True}),
        (lambda x: (x.sum(), 5), (x,), {"has_aux": True}),
        (lambda x: (x.sum(), (x * 2, {"a": x})), (x,), {"has_aux": True}),
    ):
        say.attempt(lambda f=f, args=args, options=options: func.grad(f, **options)(*args))
        say.attempt(lambda f=f, args=args, options=options: func.grad_and_value(f, **options)(*args))


def arguments_of_vjp(torch: Any, say: Any) -> None:
    vjp = torch.func.vjp
    x = torch.ones(3)
    for f in (
        lambda x: [],
        lambda x: None,
        lambda x: (x, 3),
        lambda x: x.long(),
    ):
        say.attempt(lambda f=f: vjp(f, x))
    say.attempt(lambda: vjp(lambda x: x + 1, x, has_aux=True))
    for f, cotangent in (
        (lambda x: x, (x, x)),
        (lambda x: x, torch.ones(2)),
        (lambda x: {"a": x}, {"a": x * 3}),
        (lambda x: (x, [x * 2]), (x, [x])),
        (lambda x: (x, [x * 2]), (x, (x,))),
    ):
        say.attempt(lambda f=f, cotangent=cotangent: vjp(f, x)[1](cotangent))
    say.attempt(lambda: vjp(lambda x, y: x, x, x)[1](x))


def arguments_of_jvp(torch: Any, say: Any) -> None:
    jvp = torch.func.jvp
    x = torch.ones(3)
    for f, primals, tangents, options in (
        (torch.sin, x, x, {}),
        (torch.sin, (x,), (x, x), {}),
        (torch.sin, (x,), (torch.ones(2),), {}),
        (torch.sin, (3.0,), (x,), {}),
        (torch.sin, (), (), {}),
        (torch.sin, (torch.ones(3, dtype=torch.int64),), (x,), {}),
        (lambda x: 3, (x,), (x,), {}),
        (lambda x: torch.ones(2), (x,), (x,), {}),
        (lambda x: torch.ones(2), (x,), (x,), {"strict": True}),
        (lambda x: (x, {"a": x * 2}), (x,), (x,), {}),
        (lambda x: (x, {"a": x * 2}), (x,), (x,), {"has_aux": True}),
        (lambda x: x.long(), (x,), (x,), {}),
    ):
        say.attempt(lambda f=f, p=primals, t=tangents, options=options: jvp(f, p, t, **options))


def arguments_of_jacobians(torch: Any, say: Any) -> None:
    func = torch.func
    x = torch.tensor([1.0, 2.0])
    for jacobian in (func.jacrev, func.jacfwd):
        say.attempt(lambda: jacobian(lambda x: x * 2)(torch.ones(2, dtype=torch.complex64)))
        say.attempt(lambda: jacobian(lambda x: (x**2, x.sum()))(x))
        say.attempt(lambda: jacobian(lambda x: (x**2, x.sum()), has_aux=True)(x))
        say.attempt(lambda: jacobian(lambda x, y: {"o": x * y["k"]}, argnums=(0, 1))(x, {"k": x}))
        say.attempt(lambda: jacobian(lambda x, y: x * y, argnums=(0,))(x, x))
        say.attempt(lambda: jacobian(lambda x, y: x * y, argnums=2)(x, x))
    say.attempt(lambda: func.jacrev(torch.sin, chunk_size=0))
    say.attempt(lambda: func.hessian(lambda x, y: (x * y**2).sum(), argnums=(0, 1))(x, x))


def arguments_of_vmap(torch: Any, say: Any) -> None:
    vmap = torch.func.vmap
    x = torch.ones(3)

    def named(x: Any, y: Any = None) -> Any:
        return x

    for args, options in (
        ((3,), {}),
        ((), {}),
        ((torch.ones(2), torch.ones(3)), {}),
        ((x,), {"in_dims": 1}),
        ((x,), {"in_dims": None}),
        ((x,), {"in_dims": (None,)}),
        ((x,), {"in_dims": (0, 0)}),
        ((x,), {"in_dims": "a"}),
        ((x,), {"in_dims": (1.5,)}),
        ((x,), {"out_dims": None}),
        ((x,), {"out_dims": (0, 0)}),
        ((x,), {"out_dims": (0,)}),
        ((x,), {"out_dims": "a"}),
        ((x,), {"out_dims": 2}),
        ((x,), {"randomness": "z"}),
        ((x,), {"chunk_size": 0}),
        ((x,), {"chunk_size": 2}),
        (({"a": x, "b": [x, 3]},), {"in_dims": ({"a": 0, "b": [0, None]},), "out_dims": {"a": 0, "b": [0, None]}}),
    ):
        say.attempt(lambda args=args, options=options: vmap(named, **options)(*args))
    say.attempt(lambda: vmap(lambda x: 3)(x))
    say.attempt(lambda: vmap(lambda x: torch.ones(2))(x))


def values_inside_vmap(torch: Any, say: Any) -> None:
    vmap = torch.func.vmap
    x, rows = torch.ones(3), torch.ones(3, 2)
    for f in (
        lambda x: x.item(),
        lambda x: x if x > 0 else -x,
        lambda x: float(x),
        lambda x: int(x),
        lambda x: x.tolist(),
        lambda x: x.numpy(),
        lambda x: torch.randn(2) + x,
    ):
        say.attempt(lambda f=f: vmap(f)(x))
    for f in (torch.nonzero, torch.unique, lambda x: x.masked_select(x > 0), lambda x: x[x > 0]):
        say.attempt(lambda f=f: vmap(f)(rows))

    def into_zeros(x: Any) -> Any:
        y = torch.zeros(2)
        y[0] = x
        return y

    def into_new_zeros(x: Any) -> Any:
        y = x.new_zeros(2)
        y[0] = x
        return y

    say.attempt(lambda: vmap(into_zeros)(x))
    say.attempt(lambda: vmap(into_new_zeros)(x))
    kept: list[Any] = []
    vmap(lambda x: kept.append(x) or x * 2)(x)
    say.attempt(lambda: kept[0] + 1)


def looking_inside(torch: Any, say: Any) -> None:
    func = torch.func

    def look(x: Any) -> Any:
        say(x)
        return x * 2

    func.vmap(look)(torch.ones(2))
    func.jvp(look, (torch.ones(2),), (torch.ones(2),))
    func.vmap(lambda x: say(func.debug_unwrap(x)) or x)(torch.ones(2))


def recording(torch: Any, say: Any) -> None:
    func = torch.func
    x, w = torch.ones(3), torch.ones(3, requires_grad=True)
    say(func.grad(lambda x: (x * x * w).sum())(x).requires_grad)
    say(func.grad(lambda x: (x * x).sum())(w).requires_grad)
    with torch.no_grad():
        say(func.grad(lambda x: (x * x * w).sum())(x))
    say.attempt(lambda: func.vmap(lambda x: torch.autograd.grad((x * w).sum(), w)[0])(x))

    def partly(x: Any) -> Any:
        with torch.no_grad():
            c = x**2
        return (x - c).sum()

    say(func.grad(partly)(x), func.grad(lambda x: func.grad(partly)(x).sum())(x))
    say(func.grad(lambda x: func.vmap(lambda x: partly(x) * x)(x).sum())(x))
    say(func.jvp(partly, (x,), (x,)))
    say(func.jvp(lambda x: (x.detach() * x).sum(), (x,), (x,)))
    say(func.grad(lambda x: func.vmap(lambda x: x.detach() * x)(x).sum())(x))


def random_numbers(torch: Any, say: Any) -> None:
    func, functional = torch.func, torch.nn.functional
    x, p = torch.ones(3, 2), torch.full((3, 4), 0.5)
    for randomness in ("error", "different", "same"):

        def vmap(f: Any, randomness: str = randomness, **options: Any) -> Any:
            return func.vmap(f, randomness=randomness, **options)

        for f in (
            lambda: vmap(lambda x: x + torch.rand(2))(x),
            lambda: vmap(lambda x: x + torch.randn(2))(x),
            lambda: vmap(lambda x: (x.sum() + torch.randn(20))[:2])(x),
            lambda: vmap(lambda x: x + torch.randint(0, 10, (2,)))(x),
            lambda: vmap(lambda x: x + torch.randperm(2))(x),
            lambda: vmap(torch.rand_like)(x),
            lambda: vmap(torch.bernoulli)(p),
            lambda: vmap(lambda x: x.sum() * torch.bernoulli(p[0]))(p),
            lambda: vmap(lambda x: torch.multinomial(x, 2))(p),
            lambda: vmap(lambda x: functional.dropout(x, 0.5))(p),
            lambda: vmap(lambda x: x.sum() * functional.dropout(p[0], 0.5))(p),
            lambda: vmap(lambda x: x.clone().normal_())(x),
            lambda: vmap(lambda x: x + torch.zeros(2).normal_())(x),
            lambda: vmap(lambda x: torch.normal(x, 1.0))(x),
            lambda: vmap(lambda x: x + torch.normal(0.0, 1.0, (2,)))(x),
            lambda: vmap(lambda x: x + torch.rand(2), chunk_size=2)(x),
            lambda: vmap(vmap(lambda x: x + torch.rand(1)))(x).squeeze(),
            lambda: vmap(func.grad(lambda x: (x * torch.rand(2)).sum()))(x),
            lambda: func.jvp(lambda x: vmap(lambda x: x * torch.rand(2))(x), (x,), (x,)),
        ):
            torch.manual_seed(0)
            say.attempt(f)


def calling_modules(torch: Any, say: Any) -> None:
    nn, call = torch.nn, torch.func.functional_call
    torch.manual_seed(0)
    m = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    ones = {k: torch.ones_like(v) for k, v in m.named_parameters()}
    for state, options in (
        (ones, {}),
        ({"0.weight": torch.zeros(2, 2)}, {}),
        ({"0.weight": torch.zeros(2, 2)}, {"strict": True}),
        ({"0.foo": torch.zeros(2, 2)}, {}),
        ({"5.foo": torch.zeros(2, 2)}, {}),
        ([ones, ones], {}),
        (3, {}),
        ([3], {}),
    ):
        say.attempt(lambda state=state, options=options: call(m, state, torch.ones(1, 2), **options))
    say(hasattr(m[0], "foo"))
    say.attempt(lambda: torch.func.stack_module_state([]))
    say.attempt(lambda: torch.func.stack_module_state([nn.Linear(1, 1), nn.Linear(1, 1).eval()]))
    say.attempt(lambda: torch.func.stack_module_state([nn.Linear(1, 1), nn.ReLU()]))
    params, buffers = torch.func.stack_module_state([nn.BatchNorm1d(2) for _ in range(3)])
    say({k: v.shape for k, v in {**params, **buffers}.items()})


def forward_ad(torch: Any, say: Any) -> None:
    ad = importlib.import_module(f"{torch.autograd.__name__}.forward_ad")
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    v = torch.tensor([1.0, 10.0, 100.0], dtype=torch.float64)
    say.attempt(lambda: ad.make_dual(x, v))
    say.attempt(lambda: ad.unpack_dual(x))
    with ad.dual_level() as level:
        d = ad.make_dual(x, v)
        y = d.sin() * x
        say(level, type(d).__name__, d, y, ad.unpack_dual(y))
        for f in (
            lambda: ad.unpack_dual(d.detach()),
            lambda: ad.make_dual(d, v),
            lambda: ad.make_dual(x.long(), v),
            lambda: ad.make_dual(x, v.long()),
            lambda: ad.make_dual(x, v[:2]),
            lambda: ad.make_dual(x, v.float()),
            lambda: ad.enter_dual_level(),
            lambda: ad.unpack_dual(d, level=3),
            lambda: ad.unpack_dual(d[1:]),
            lambda: ad.unpack_dual(d.view(3, 1)).tangent,
            lambda: d.tolist(),
        ):
            say.attempt(f)
    say(ad.unpack_dual(y), y)
    say.attempt(lambda: ad.exit_dual_level())
    say.attempt(lambda: ad.exit_dual_level(level=3))
    leaf = x.clone().requires_grad_()
    with ad.dual_level():
        d = ad.make_dual(leaf, v)
        say(d.requires_grad, d.is_leaf)
        y = (d**3).sum()
        (g,) = torch.autograd.grad(y, leaf, create_graph=True)
        say(g.detach(), ad.unpack_dual(g).tangent.detach())
        (g,) = torch.autograd.grad(y, d, create_graph=True)
        say(ad.unpack_dual(g).tangent.detach())
        ad.unpack_dual(y).tangent.backward()
        say(leaf.grad)
    with ad.dual_level():
        d = ad.make_dual(x, v)
        b = torch.zeros(2, 3, dtype=torch.float64)
        b[1] = d * 2
        b[0].copy_(d * 3)
        w = b[:, 1]
        w.mul_(2)
        say(ad.unpack_dual(b).tangent, ad.unpack_dual(w).tangent)
        q = d.clone()
        r = q.view(3, 1)
        q.mul_(2)
        say(ad.unpack_dual(r).tangent)
    with torch.no_grad(), ad.dual_level():
        say(ad.unpack_dual(ad.make_dual(x, v) * 2).tangent)


def cutting_in_place(torch: Any, say: Any) -> None:
    func, ad = torch.func, importlib.import_module(f"{torch.__name__}.autograd.forward_ad")
    x = torch.ones(2)

    def cut(x: Any) -> Any:
        return (x * 2).detach_()

    say(func.jvp(cut, (x,), (x,)))
    say(func.grad(lambda x: (cut(x) * x).sum())(x))
    say(func.grad(lambda x: func.jvp(cut, (x,), (torch.ones(2),))[0].sum())(x))  # cut at the inner level alone
    say(func.jvp(lambda y: func.jvp(lambda x: cut(x) * x * x, (y,), (x,)), (x,), (x,)))
    say(func.grad(lambda y: func.grad(lambda z: (z.detach_() * 3).sum())(y * 1).sum())(x))
    leaf = torch.ones(2, requires_grad=True)
    with ad.dual_level():
        y = (ad.make_dual(leaf, x) * 2).detach_()
        say(y, ad.unpack_dual(y), y.requires_grad)


def writing_over_arguments(torch: Any, say: Any) -> None:
    func = torch.func
    computed = torch.ones(2, requires_grad=True) * 2
    for f in (
        lambda x: x.mul_(2).sum(),
        lambda x: x.view(-1)[0].mul_(2),
        lambda x: x.detach_().mul_(3).sum() + x.sum(),
    ):
        say.attempt(lambda f=f: func.grad(f)(torch.ones(2)))
        say.attempt(lambda f=f: func.grad(f)(computed))
        say(computed.tolist(), computed._version)
        say.attempt(lambda f=f: func.grad(lambda y: func.grad(f)(y * 1).sum())(torch.ones(2)))


def not_inside_transforms(torch: Any, say: Any) -> None:
    func = torch.func
    x = torch.ones(2)

    def kept(x: Any) -> Any:
        y = x * 2
        y.retain_grad()
        return y

    for f in (
        lambda x: (x * 2).requires_grad_(),
        lambda x: x * torch.ones(2).requires_grad_(False),
        kept,
        lambda x: (x * 2).sum().backward(),
        lambda x: torch.autograd.backward((x * 2).sum()),
        lambda x: torch.autograd.grad((x * 2).sum(), torch.ones(2)),
        lambda x: torch.tensor(x.numpy()),
    ):
        say.attempt(lambda f=f: func.grad(lambda x: f(x).sum())(x))
        say.attempt(lambda f=f: func.jvp(f, (x,), (x,)))
        say.attempt(lambda f=f: func.vmap(f)(x))
    say.attempt(lambda: func.vmap(lambda x: x.data)(x))


def sizes_inside_vmap(torch: Any, say: Any) -> None:
    rows = torch.ones(2, 3)
    say(torch.func.vmap(lambda x: len(x) * x)(rows))
    say(torch.func.vmap(lambda x: sum(list(x)))(rows))
    say(torch.func.vmap(lambda x: sum(t * i for i, t in enumerate(x)))(rows))


def batch_norm_without_statistics(torch: Any, say: Any) -> None:
    nn, func = torch.nn, torch.func
    net = nn.Sequential(
        nn.BatchNorm1d(2), nn.Sequential(nn.BatchNorm2d(2), nn.InstanceNorm1d(2, track_running_stats=True))
    )
    say(func.replace_all_batch_norm_modules_(net) is net, net, list(net.state_dict()))
    alone = func.replace_all_batch_norm_modules_(nn.BatchNorm1d(2, affine=False))
    say(alone.track_running_stats, alone.running_mean, alone.running_var, alone.num_batches_tracked)
    say(func.vmap(alone)(torch.arange(8.0).reshape(2, 2, 2)))


SCENARIOS = [
    arguments_of_grad, arguments_of_vjp, arguments_of_jvp, arguments_of_jacobians, arguments_of_vmap, values_inside_vmap,
    looking_inside, recording, random_numbers, calling_modules, forward_ad, cutting_in_place,
    writing_over_arguments, not_inside_transforms, sizes_inside_vmap, batch_norm_without_statistics,
]  # fmt: skip
