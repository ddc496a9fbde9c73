"""Accumulation, leaves, what is freed, in-place and views."""

from __future__ import annotations

import gc
import weakref
from typing import Any


def roots(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    say.attempt((x * 2).backward)
    say.attempt(torch.ones(()).backward)
    say.attempt(torch.ones((), dtype=torch.int64).backward)
    say.attempt((x * 2j).sum().backward)
    say.attempt((x * 2).backward, 3)
    say.attempt((x * 2).backward, [1, 2])
    say.attempt((x * 2).backward, torch.ones(3))
    say.attempt((x * 2).backward, torch.ones(2, dtype=torch.complex64))
    say.attempt((x * 2).sum().backward, inputs=[])
    say.attempt((x * 2).sum().backward, inputs=[torch.ones(2)])
    say.attempt((x * 2).sum().backward, inputs=[torch.ones(2, requires_grad=True)])
    say(x.grad)
    one = torch.ones((1, 1), requires_grad=True)
    (one * 3).backward()
    say(one.grad)
    x.sum().backward(torch.tensor(5.0))
    say(x.grad)


def root_dtypes(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    (x * 2).backward(torch.ones(2, dtype=torch.float64))
    say(x.grad)
    (x * 2).backward(torch.ones(2, dtype=torch.int64))
    say(x.grad)
    d = torch.ones(2, dtype=torch.float64, requires_grad=True)
    (d * x).sum().backward()
    say(d.grad, x.grad)
    h = torch.ones(2, dtype=torch.bfloat16, requires_grad=True)
    (h * x).sum().backward()
    say(h.grad, x.grad)
    c = torch.ones(2, dtype=torch.complex64, requires_grad=True)
    (c * x).abs().sum().backward()
    say(c.grad, x.grad)


def leaf_roots(torch: Any, say: Any) -> None:
    x = torch.tensor(3.0, requires_grad=True)
    x.backward()
    say(x.grad)
    x.backward()
    say(x.grad)
    say(torch.autograd.grad(x, x))
    v = torch.ones(2)
    y = torch.ones(2, requires_grad=True)
    (g,) = torch.autograd.grad(y, y, v)
    say(g is v, g)
    y.backward(v)
    v.fill_(9)
    say(y.grad)


def accumulation(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(3):
        (x * x).sum().backward()
        say(x.grad, x.grad.requires_grad)
    kept = x.grad
    x.sum().backward()
    say(kept is x.grad, kept)
    x.grad = None
    x.sum().backward()
    say(x.grad, kept)
    x.grad.zero_()
    say(x.grad)
    x.sum().backward(create_graph=True)
    say(x.grad is kept)
    (x**3).sum().backward(create_graph=True)
    say(x.grad, x.grad.requires_grad)


def many_uses(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    y = x * 1
    total = y
    for i in range(20):
        total = total + y * i + x
    total.sum().backward()
    say(x.grad)
    z = torch.tensor(2.0, requires_grad=True)
    (z * z * z * z + z).backward()
    say(z.grad)


def buffers(torch: Any, say: Any) -> None:
    x = torch.ones(3, requires_grad=True)
    y = torch.ones(3, requires_grad=True)
    v = torch.full((3,), 2.0)
    (x + y).backward(v)
    say(x.grad is y.grad, x.grad.data_ptr() == y.grad.data_ptr(), x.grad.data_ptr() == v.data_ptr())
    x.grad.add_(100)
    say(x.grad, y.grad, v)
    x.grad = y.grad = None
    seen = []
    z = x * y
    z.register_hook(seen.append)
    (z + x).backward(v)
    x.grad.mul_(0)
    say(seen, y.grad, v)
    w = torch.ones(2, 3, requires_grad=True)
    w.t().sum(0).sum().backward()
    say(w.grad, w.grad.is_contiguous(), w.grad.stride())
    u = torch.ones(2, 3).t().requires_grad_()
    (u * 2).sum().backward()
    say(u.grad.stride(), u.grad.shape)


def unused_and_frozen(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = torch.ones(2, requires_grad=True)
    loss = (x * y).sum()
    y.requires_grad_(False)
    loss.backward()
    say(x.grad, y.grad)
    z = torch.ones(2, requires_grad=True)
    (z.detach() * x).sum().backward()
    say(x.grad, z.grad)


def properties(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    say(x.is_leaf, y.is_leaf, x.requires_grad, y.requires_grad, x.grad_fn, y.grad_fn)
    say(x.output_nr, y.output_nr, y.retains_grad, x.retains_grad)
    d = y.detach()
    say(d.is_leaf, d.requires_grad, d.grad_fn, d.data_ptr() == y.data_ptr(), d._version)
    y.add_(1)
    say(d._version, y._version, d, y.grad_fn)
    say(y.data.requires_grad, y.data._version)
    n = torch.ones(2)
    n.requires_grad = True
    say(n, (n + 1).requires_grad)
    i = torch.ones(2, dtype=torch.int64)
    say(i.requires_grad, i.is_leaf, (i + i).grad_fn)
    say((x > 0).requires_grad, (x > 0).grad_fn)


def setting_requires_grad(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    say.attempt(torch.tensor, [1, 2], requires_grad=True)
    say.attempt(torch.ones, 2, dtype=torch.int64, requires_grad=True)
    say.attempt(torch.tensor([1, 2]).requires_grad_)
    say.attempt(setattr, torch.tensor([1, 2]), "requires_grad", True)
    say.attempt(setattr, x * 2, "requires_grad", False)
    say.attempt(setattr, x * 2, "requires_grad", True)
    say.attempt((x * 2).requires_grad_, False)
    say.attempt((x * 2).requires_grad_)
    say.attempt(setattr, torch.ones(2), "requires_grad", "yes")
    say.attempt(x.requires_grad_, False)
    say.attempt(torch.tensor([1, 2]).requires_grad_, False)


def setting_grad(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    say.attempt(setattr, x, "grad", 3)
    say.attempt(setattr, x, "grad", torch.ones(3))
    say.attempt(setattr, x, "grad", torch.ones(2, dtype=torch.float64))
    say.attempt(setattr, x, "grad", torch.ones(2, dtype=torch.int64))
    say.attempt(setattr, x, "grad", x)
    g = torch.full((2,), 4.0)
    x.grad = g
    say(x.grad is g)
    x.sum().backward()
    say(x.grad, g, x.grad is g)
    del x.grad
    say(x.grad)
    y = x * 2
    say.warns(lambda: y.grad)
    y.grad = torch.ones(2)
    say(y.grad)
    plain = torch.ones(2)
    plain.grad = torch.zeros(2)
    say(plain.grad)


def freed(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    y.backward()
    say.attempt(y.backward)
    y = (x + x).sum()
    y.backward()
    y.backward()
    say(x.grad)
    y = (x * x).exp().sum()
    y.backward(retain_graph=True)
    y.backward()
    say.attempt(y.backward)
    y = (x * x).sum()
    torch.autograd.grad(y, x)
    say.attempt(torch.autograd.grad, y, x)
    h = x.exp()
    a, b = (h * 2).sum(), (h * h).sum()
    a.backward()
    say.attempt(b.backward)
    say.attempt(lambda: h.grad_fn._saved_result)


def freeing_memory(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    gc.collect()
    gc.disable()
    try:
        y = x * 2
        z = y.exp()
        died = weakref.ref(y)
        del y
        say(died() is None)
        (z * z).sum().backward()
        died = weakref.ref(z)
        del z
        say(died() is None, gc.collect())
    finally:
        gc.enable()


def grad_function(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.tensor([3.0, 4.0], requires_grad=True)
    unused = torch.ones(2, requires_grad=True)
    grad = torch.autograd.grad
    say(grad((x * y).sum(), x), grad((x * y).sum(), [y, x]), x.grad)
    say(grad([(x * y).sum(), (x * x).sum()], [x]))
    say(grad(x * y, [x], grad_outputs=torch.tensor([10.0, 1.0])))
    say(grad([x * y, x.sum()], (x, y), grad_outputs=[torch.ones(2), None]))
    say.attempt(grad, (x * 2).sum(), torch.ones(2))
    say.attempt(grad, (x * 2).sum(), unused)
    say.attempt(grad, (x * 2).sum(), [x, unused], allow_unused=True)
    say.attempt(grad, (x * 2).sum(), [x, unused], materialize_grads=True)
    say.attempt(grad, (x * 2).sum(), [x, unused], allow_unused=False, materialize_grads=True)
    say.warns(grad, (x * 2).sum(), x, only_inputs=False)
    say.attempt(grad, (x * 2).sum(), [])
    say.attempt(grad, [], [x])
    say.attempt(grad, [(x * 2).sum(), (x * 3).sum()], [x], grad_outputs=[torch.ones(())])
    say.attempt(grad, 3, [x])
    say.attempt(grad, (x * 2).sum(), 3)
    say.attempt(grad, (x * 2).sum(), [3])
    say.attempt(grad, x * 2, x, torch.ones(3))
    say.attempt(grad, x * 2, x)
    say.attempt(grad, torch.ones(2), x)
    say.attempt(grad, (x * 2).sum(), [x, x])
    h = x * 2
    say(grad((h * h).sum(), [h, x]))
    say(grad(h, [h], torch.ones(2)))


def grad_batched(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    grad = torch.autograd.grad
    say(grad(x * x, x, torch.eye(2), is_grads_batched=True))
    say(grad([x * x, x.sum()], [x], [torch.eye(2), torch.ones(2)], is_grads_batched=True))
    say.attempt(grad, x * 2, x, torch.ones(3, 4), is_grads_batched=True)
    say.attempt(grad, x * 2, x, is_grads_batched=True)
    (g,) = grad(x**3, x, torch.eye(2), is_grads_batched=True, create_graph=True)
    say(g.detach(), grad(g.sum(), x))
    other = torch.ones(2, requires_grad=True)
    say(grad(x * x, [x, other], torch.eye(2), is_grads_batched=True, allow_unused=True))
    say(grad(x * x, [x, other], torch.eye(2), is_grads_batched=True, materialize_grads=True))


def backward_function(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    backward = torch.autograd.backward
    say.attempt(backward, 3)
    say.attempt(backward, [])
    say.attempt(backward, [(x * 2).sum(), x * 2], [None, torch.ones(2)])
    say.attempt(backward, [(x * 2).sum(), x * 2], [None])
    say.warns(backward, (x * 2).sum(), grad_variables=torch.ones(()))
    say.warns(backward, (x * 2).sum(), torch.ones(()), grad_variables=torch.ones(()))
    say(x.grad)
    y = torch.ones(2, requires_grad=True)
    backward((x * y).sum(), inputs=y)
    say(x.grad, y.grad)
    h = x * 2
    backward((h * y).sum(), inputs=[h])
    say(h.grad, h.retains_grad, x.grad, y.grad)
    y.register_post_accumulate_grad_hook(lambda p: say("post", p.grad))
    backward((x * y).sum(), inputs=[y])


def second_order(torch: Any, say: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    say(g)
    (gg,) = torch.autograd.grad(g.sum(), x, create_graph=True)
    say(gg)
    (ggg,) = torch.autograd.grad(gg.sum(), x, create_graph=True)
    say(ggg.detach())
    y = (x * x).sum()
    y.backward(create_graph=True)
    say(x.grad, x.grad.requires_grad)
    (x.grad * x.grad).sum().backward()
    say(x.grad.detach())
    (g,) = torch.autograd.grad((x * 2).sum(), x, create_graph=True)
    say(g, g.requires_grad)
    (g,) = torch.autograd.grad((x * x).sum(), x)
    say.attempt(g.sum().backward)


def several_outputs(torch: Any, say: Any) -> None:
    x = torch.arange(6.0).reshape(2, 3).requires_grad_()
    a, _, c = x.unbind(1)
    (a * c).sum().backward()
    say(x.grad, a.grad_fn, a.output_nr, c.output_nr)
    values, indices = x.max(1)
    say(values.requires_grad, indices.requires_grad, values.grad_fn)
    x.grad = None
    p, q = x.split([1, 1])
    (p * q).sum().backward()
    say(x.grad)
    x.grad = None
    p, q = (x * x).split([1, 1])
    (g,) = torch.autograd.grad((p * p).sum(), x, create_graph=True)
    say(torch.autograd.grad((g * g).sum(), x))


def in_place(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    say.attempt(x.add_, 1)
    say.attempt(x[0].add_, 1)
    say.attempt(x.__setitem__, 0, 1.0)
    with torch.no_grad():
        x.add_(1)
    say(x, x._version)
    y = x * 1
    y.mul_(3)
    y += x
    say(y, y._version)
    y.sum().backward()
    say(x.grad)
    x.grad = None
    y = x * 1
    y[0] = y[1] * 5
    say(y, y.grad_fn.name())
    y.sum().backward()
    say(x.grad)
    x.grad = None
    y = x * 1
    v = y[:1]
    v.mul_(x[1])
    say(y, v)
    (y * 2 + v).sum().backward()
    say(x.grad)
    z = torch.zeros(2)
    z[0] = x[1]
    say(z, z.is_leaf)
    z = torch.zeros(2)
    view = z.view(2)
    view.add_(x)
    say(z, z.requires_grad, view)


def saved_changed(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    h = (x * 2).exp()
    out = h * 1
    h.add_(1)
    say.attempt(out.sum().backward)
    w = x * 2
    v = w * x
    w.add_(1)
    say.attempt(v.sum().backward)
    q = torch.ones(2, requires_grad=True)
    v = q * (x * 2)
    with torch.no_grad():
        q.add_(1)
        q.add_(1)
    say.attempt(v.sum().backward)
    plain = torch.ones(2)
    v = x * plain
    plain.add_(1)
    say.attempt(v.sum().backward)
    plain = torch.ones(2)
    v = x * plain
    plain[0] = 3
    say.attempt(v.sum().backward)
    plain = torch.ones(2)
    view = plain[:1]
    v = x * plain
    view.zero_()
    say.attempt(v.sum().backward)
    plain = torch.ones(2)
    v = x + plain
    plain.add_(1)
    say.attempt(v.sum().backward)
    m = x * 2
    s = m.sigmoid()
    s2 = s.exp()
    s.zero_()
    say.attempt(s2.sum().backward)


def modes(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        y = x * 2
        say(y.requires_grad, y.is_leaf, torch.is_grad_enabled())
        with torch.enable_grad():
            say((x * 2).requires_grad)
    say(torch.is_grad_enabled())

    @torch.no_grad()
    def f(v):
        return v * 2

    say(f(x).requires_grad, f.__name__)

    @torch.no_grad
    def g(v):
        return v * 2

    say(g(x).requires_grad)
    torch.set_grad_enabled(False)
    say((x * 2).requires_grad)
    torch.set_grad_enabled(True)
    with torch.set_grad_enabled(False):
        say(torch.is_grad_enabled())
    say(torch.is_grad_enabled())

    @torch.no_grad()
    def numbers():
        yield torch.is_grad_enabled()
        yield torch.is_grad_enabled()

    for value in numbers():
        say(value, torch.is_grad_enabled())

    def leave():
        with torch.no_grad():
            raise KeyError("out")

    say.attempt(leave)
    say(torch.is_grad_enabled())
    say(torch.autograd.no_grad is torch.no_grad, torch.autograd.grad_mode.enable_grad is torch.enable_grad)
    with torch.no_grad():
        say((x * 2).requires_grad_().is_leaf, torch.ones(2, requires_grad=True).requires_grad)


def inference(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    with torch.inference_mode():
        y = x * 2
        say(y.requires_grad, y.is_inference(), torch.is_inference_mode_enabled(), torch.is_grad_enabled())
        z = torch.ones(2)
    say(z.is_inference(), x.is_inference())
    say.attempt(lambda: (x + z).requires_grad)
    say.attempt(z.requires_grad_)
    say(z.clone().is_inference())


def no_grad_view(torch: Any, say: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 1
    with torch.no_grad():
        v = y[:1]
    say.attempt(v.add_, x[0])
    a, _ = y.unbind()
    say.attempt(a.add_, 1)
    say.attempt(y.detach_)
    say(y.requires_grad, y.grad_fn)
    q = x * 1
    say.attempt(q[:1].detach_)


def complex_gradients(torch: Any, say: Any) -> None:
    z = torch.tensor([1.0 + 2.0j, -0.5j], requires_grad=True)
    (z * z.conj()).real.sum().backward()
    say(z.grad)
    z.grad = None
    (z * z).abs().sum().backward()
    say(z.grad)
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    (w * z).real.sum().backward()
    say(w.grad)
    say(torch.autograd.grad(z * z, z, torch.tensor([1j, 1.0 + 0j])))
