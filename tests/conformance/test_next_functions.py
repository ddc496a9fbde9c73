"""Which inputs a node lists in ``next_functions``: those that a gradient might go to."""

import pytest
import torch

import rushlight

CASES = {
    "x + 2": lambda t, x, y, c: x + 2,
    "2 - x": lambda t, x, y, c: 2 - x,
    "x * 2": lambda t, x, y, c: x * 2,
    "x * c": lambda t, x, y, c: x * c,
    "x / 2": lambda t, x, y, c: x / 2,
    "2 / x": lambda t, x, y, c: 2 / x,
    "x ** 2": lambda t, x, y, c: x**2,
    "2 ** x": lambda t, x, y, c: 2**x,
    "c ** x": lambda t, x, y, c: c**x,
    "x % 2": lambda t, x, y, c: x % 2,
    "x % c": lambda t, x, y, c: x % c,
    "rsub": lambda t, x, y, c: t.rsub(x, 2),
    "fmod": lambda t, x, y, c: t.fmod(x, 2),
    "xlogy to": lambda t, x, y, c: t.xlogy(x, 2.0),
    "xlogy of": lambda t, x, y, c: t.xlogy(2.0, x),
    "copysign": lambda t, x, y, c: t.copysign(x, 2.0),
    "atan2": lambda t, x, y, c: t.atan2(x, c),
    "matmul": lambda t, x, y, c: c @ x,
    "addmm": lambda t, x, y, c: t.addmm(x, c, y),
    "addcmul": lambda t, x, y, c: t.addcmul(x, c, y),
    "lerp": lambda t, x, y, c: t.lerp(x, c, 0.5),
    "cat": lambda t, x, y, c: t.cat([x, c]),
    "stack": lambda t, x, y, c: t.stack([c, x]),
    "maximum": lambda t, x, y, c: t.maximum(x, c),
    "clamp": lambda t, x, y, c: x.clamp(c, y),
    "where": lambda t, x, y, c: t.where(c > 0.5, x, y),
    "where number": lambda t, x, y, c: t.where(c > 0.5, 0.0, x),
    "masked_fill": lambda t, x, y, c: x.masked_fill(c > 0.5, 1.0),
    "masked_fill tensor": lambda t, x, y, c: x.masked_fill(c > 0.5, y[0, 0]),
    "masked_select": lambda t, x, y, c: x.masked_select(c > 0.5),
    "masked_scatter": lambda t, x, y, c: x.masked_scatter(c > 0.5, y),
    "index_select": lambda t, x, y, c: x.index_select(0, t.tensor([1, 0])),
    "gather": lambda t, x, y, c: x.gather(1, t.tensor([[0], [1]])),
    "take": lambda t, x, y, c: x.take(t.tensor([3])),
    "scatter": lambda t, x, y, c: x.scatter(1, t.tensor([[0], [1]]), y),
    "scatter number": lambda t, x, y, c: x.scatter(1, t.tensor([[0], [1]]), 2.0),
    "scatter_add": lambda t, x, y, c: x.scatter_add(1, t.tensor([[0], [1]]), y),
    "index_add": lambda t, x, y, c: x.index_add(0, t.tensor([1, 0]), y),
    "index_copy": lambda t, x, y, c: x.index_copy(0, t.tensor([1, 0]), y),
    "index_fill": lambda t, x, y, c: x.index_fill(0, t.tensor([1]), 1.0),
    "x[i]": lambda t, x, y, c: x[t.tensor([1])],
    "x[i, i]": lambda t, x, y, c: x[t.tensor([1]), t.tensor([1])],
    "x[mask]": lambda t, x, y, c: x[c > 0.5],
    "index_put": lambda t, x, y, c: x.index_put((t.tensor([1]), t.tensor([1])), y[0, :1]),
    "embedding": lambda t, x, y, c: t.nn.functional.embedding(t.tensor([1]), x),
    "nll_loss": lambda t, x, y, c: t.nn.functional.nll_loss(x, t.tensor([0, 1]), weight=c[0]),
    "binary_cross_entropy": lambda t, x, y, c: t.nn.functional.binary_cross_entropy(x, c),
    "binary_cross_entropy_with_logits": lambda t, x, y, c: t.nn.functional.binary_cross_entropy_with_logits(x, c),
    "layer_norm": lambda t, x, y, c: t.nn.functional.layer_norm(x, (2,), y[0], c[0]),
    "repeat_interleave": lambda t, x, y, c: x.repeat_interleave(t.tensor([1, 2]), 0),
}


def listed(t, case):
    x = t.tensor([[0.3, 0.5], [0.7, 0.9]], requires_grad=True)
    y = t.tensor([[0.2, 0.4], [0.6, 0.8]], requires_grad=True)
    node = CASES[case](t, x, y, t.tensor([[0.2, 0.4], [0.6, 0.8]])).grad_fn
    return node.name(), [(f and f.name(), i) for f, i in node.next_functions]


@pytest.mark.parametrize("case", CASES)
def test_next_functions(case):
    assert listed(rushlight, case) == listed(torch, case)
