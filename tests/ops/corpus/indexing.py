"""Indexing, reading and writing; gather, scatter and their relatives; masks."""

import math

import numpy as np

from . import Corpus, distinct, lines


def counting(*shape: int) -> tuple[np.ndarray, str]:
    return np.arange(1.0, 1 + math.prod(shape)).reshape(shape), "float64"


INPUTS = {
    "x": (distinct(3, 4, seed=1), "float64"),
    "y": (distinct(2, 3, 4, seed=2), "float64"),
    "v": (distinct(4, seed=3), "float64"),
    "s": (1.5, "float64"),
    "zeros": ([[0.0, 2.0, 3.0], [0.0, 0.0, 4.0]], "float64"),
    "c": (distinct(2, 2, seed=5) + 1j * distinct(2, 2, seed=6), "complex128"),
    "f": (distinct(3, 4, seed=7), "float32"),
    "h": ([1.0, 2.0, 0.5], "float16"),
    "bf": ([1.0, 2.0, 0.5], "bfloat16"),
    "i": ([[1, 0, 2], [2, 2, 0]], "int64"),
    "i32": ([2, 0], "int32"),
    "i2": ([[0, 2, 1, 0], [1, 1, 0, 0], [2, 0, 0, 1]], "int64"),
    "u": ([3, 200, 0], "uint8"),
    "b": ([[True, False], [True, True]], "bool"),
    "a0": counting(0),
    "a02": counting(0, 2),
    "a03": counting(0, 3),
    "a1": counting(1),
    "a12": counting(1, 2),
    "a13": counting(1, 3),
    "a2": counting(2),
    "a20": counting(2, 0),
    "a22": counting(2, 2),
    "a3": counting(3),
    "a30": counting(3, 0),
    "a31": counting(3, 1),
    "a32": counting(3, 2),
    "a322": counting(3, 2, 2),
    "a33": counting(3, 3),
    "a333": counting(3, 3, 3),
    "a34": counting(3, 4),
    "a345": counting(3, 4, 5),
    "a4": counting(4),
    "a45": counting(4, 5),
    "a5": counting(5),
    "a6": counting(6),
}

# Results and derivatives.
DIFFERENTIATED = lines("""
    a32[..., ...]
    s[...]
    s[None]
    s[()]
    s[t.tensor(True)]
    s[True]
    s[False]
    a3[1:2:None]
    a3[t.tensor(1):t.tensor(2)]
    a3[t.tensor([1]):]
    a3[t.tensor([-1])]
    a3[t.tensor([1], dtype=t.int32)]
    a3[t.tensor(1, dtype=t.uint8)]
    a32[t.tensor([True, False, True])]
    a32[t.tensor([True, False, True]), t.tensor([True, True])]
    a32[t.tensor([True, False, True]), t.tensor([True, False])]
    a32[[0, 1]]
    a32[[0, 1],]
    a32[[0, 1.5]]
    a32[[]]
    a32[()]
    a32[0, [0, 1]]
    a32[[0, 1], [0, 1]]
    a32[[True, False, True]]
    a32[[True, 0, 1]]
    a32[range(2)]
    a32[tuple()]
    a32[(1, 2)[:1]]
    a32[a32.bool()]
    a32[5:10]
    a32[-10:1]
    a32[2:1]
    a32[1:, 1:]
    [(z := a3.clone()).__setitem__(0, 5), z][1]
    [(z := a3.clone()).__setitem__(0, t.tensor([5.0])), z][1]
    [(z := a3.clone()).__setitem__(0, t.tensor([[5.0]])), z][1]
    [(z := a32.clone()).__setitem__(0, t.tensor([[[5.0, 6]]])), z][1]
    [(z := a32.clone()).__setitem__(slice(0, 2), t.tensor([[[5.0, 6]]])), z][1]
    [(z := a3.long().clone()).__setitem__(0, 1.7), z][1]
    [(z := a3.long().clone()).__setitem__(0, t.tensor(1.7)), z][1]
    [(z := a3.to(t.uint8).clone()).__setitem__(0, -1), z][1]
    [(z := a3.to(t.int8).clone()).__setitem__(0, t.tensor(300)), z][1]
    [(z := a3.clone()).__setitem__(0, True), z][1]
    [(z := a3.bool().clone()).__setitem__(0, 2), z][1]
    [(z := a3.bool().clone()).__setitem__(0, 0.5), z][1]
    [(z := a3.to(t.complex64).clone()).__setitem__(0, 1 + 2j), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0, 1]), t.tensor([1, 2]).double()), z][1]
    [(z := a3.long().clone()).__setitem__(t.tensor([0, 1]), 1.5), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([True, False, True]), 5), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([True, False, True]), t.tensor([5.0])), z][1]
    [(z := a3.clone()).__setitem__(True, 5), z][1]
    [(z := a3.clone()).__setitem__(False, 5), z][1]
    [(z := a3.clone()).__setitem__(None, 5), z][1]
    [(z := a3.clone()).__setitem__(None, t.tensor([[1.0, 2, 3]])), z][1]
    [(z := a3.clone()).__setitem__(..., 5), z][1]
    [(z := a3.clone()).__setitem__((), 5), z][1]
    [(z := s.clone()).__setitem__((), 5), z][1]
    [(z := s.clone()).__setitem__(..., 5), z][1]
    [(z := s.clone()).__setitem__(None, 5), z][1]
    [(z := a32.clone()).__setitem__([0, 1], 5), z][1]
    [(z := a3.clone()).__setitem__([], 5), z][1]
    [(z := a33.clone()).__setitem__(t.tensor([0, 1]), a33[:, :2].t()), z][1]
    [(z := a3.clone()).__setitem__(0, t.tensor(5.0)), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0]), 5), z][1]
    [(z := a32.clone()).__setitem__((0, t.tensor([0])), 5), z][1]
    [(z := a32.clone()).__setitem__((0, 0), 5), z][1]
    [(z := a32.clone()).__setitem__((slice(0, 2), 0), t.tensor([1.0, 2])), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__(0, 5), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__((0, 0), 5), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__(slice(0, 1), 5), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__(slice(0, 2), 5), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__(t.tensor([0]), 5), z][1]
    [(z := a13.expand(2, 3).clone()).__setitem__(..., 5), z][1]
    [(z := a4.clone()).__setitem__(slice(1, None), a4[:-1]), z][1]
    a3[t.tensor(-1)]
    a3[t.tensor([[1]])]
    a3[t.tensor([1]).int()]
    a3[t.tensor(1).int()]
    a3[t.tensor(1).short()]
    a32[[1, 2], 0]
    a32[(1, 2), 0]
    a32[(1, 2),]
    a32[0, (0, 1)]
    a32[..., (0, 1)]
    a32[t.Size([1])]
    a32[t.Size([1, 0])]
    a34[t.tensor([[0, 1], [1, 2]]), t.tensor([0, 1])]
    a32.index_select(0, t.tensor([0, 2]).int())
    a32.index_add(0, t.tensor([0, 0]), a22, alpha=2)
    a32.index_add(1, t.tensor([0]), a31)
    a32.long().index_add(0, t.tensor([0]), a12.long(), alpha=1.5)
    a32.index_fill(0, t.tensor(0), 3)
    a32.index_fill(0, t.tensor([0]), t.tensor(3))
    a32.long().index_fill(0, t.tensor([0]), 1.5)
    s.index_fill(0, t.tensor([0]), 3)
    a32.gather(1, t.tensor([[0], [1]]))
    a32.gather(1, t.tensor([[0, 1, 1, 0]]))
    a32.gather(0, t.tensor([]).long())
    a32.gather(0, t.tensor([[]]).long())
    a3.gather(0, t.tensor(1))
    s.gather(0, t.tensor([0]))
    a32.scatter(0, t.tensor([[0, 0]]).int(), a12)
    a32.scatter(0, t.tensor([[0, 0], [0, 0]]), a22)
    a32.scatter(1, t.tensor([[0, 1]]), 5)
    a3.scatter(0, t.tensor(1), 5)
    s.scatter(0, t.tensor(0), 5)
    a32.scatter_add(0, t.tensor([[0, 0], [0, 0]]), a22)
    a32.scatter_add(0, t.tensor([[0, 0]]), a12.double())
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "sum")
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "prod")
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "mean")
    a32.long().scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22.long(), "mean")
    a32.long().sub(5).scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22.long(), "mean")
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "amax")
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "prod", include_self=False)
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "sum", include_self=False)
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), a22, "mean", include_self=False)
    a32.scatter_reduce(0, t.tensor([[0, 0]]), a12.double(), "sum")
    a32.take(t.tensor([[0, -1], [5, 2]]))
    a32.take_along_dim(t.tensor([[0], [1], [0]]), 1)
    a32.take_along_dim(t.tensor([[0, 1]]), -1)
    a32.take_along_dim(t.tensor([[-1, 1]]), -1)
    a32.take_along_dim(t.tensor([0, 5]))
    a32.masked_select(t.tensor([True, False]))
    s.masked_select(t.tensor([True, False]))
    a2.masked_select(t.tensor([[True, False], [True, True]]))
    a32.masked_scatter(t.tensor([True, False]), a6)
    a32.masked_scatter(t.tensor([True, False]), a3 + 7)
    a2.masked_scatter(t.tensor([[True, False], [True, True]]), a6)
    a3.nonzero(as_tuple=False)
    a32.gather(-1, t.tensor([[0, 1]]))
    a32.select(-1, 0)
    x[0, 1:3]
    x[:, None, 1]
    y[1, :, 2]
    y[..., ::2]
    y[:, [2, 0, 0]]
    y[[1, 0, 1], :, [3, 3, 3]]
    y[:, [[0, 1], [2, 2]], [1, 3]]
    y[[0, 1], [1, 2]]
    y[..., [0, 0, 1], None]
    y[0, [0, 2], :]
    y[t.tensor([-1, 0]), 1]
    x[x > 0]
    x[x.sum(1) > 0]
    y[:, x > 0]
    y[0][x > 0]
    y[x[:2, 0] > -99]
    x[:, v > 0]
    x[i32]
    x[i[0]]
    x[i[:, 0], i[:, 1]]
    x[None, i[0], ..., 0]
    v[i]
    v[v > 99]
    x[[]]
    x[:, []]
    x[True, 0]
    x[t.tensor(1), t.tensor([0, 2])]
    [(z := x.clone()).__setitem__(0, v), z][1]
    [(z := x.clone()).__setitem__((slice(None), 1), s), z][1]
    [(z := (x * 1)).__setitem__((slice(0, 2), slice(None, None, 2)), v[:2]), z][1]
    [(z := (x * 1)).__setitem__(x > 0, s), z][1]
    [(z := (x * 1)).__setitem__(x > 0, v[:1]), z][1]
    [(z := (x * 1)).__setitem__(i[0], v), z][1]
    [(z := (x * 1)).__setitem__((i[:, 0], slice(1, 3)), v[:2]), z][1]
    [(z := (x * 1)).__setitem__((i[:, 0], i[:, 1]), v[:2]), z][1]
    [(z := (y * 1)).__setitem__((0, slice(None), [0, 2]), v[:2]), z][1]
    [(z := (y * 1)).__setitem__(..., v), z][1]
    [(z := (y * 1)).__setitem__(None, 2.0), z][1]
    [(z := (y * 1))[0].__setitem__(1, v), z][1]
    [(z := (y * 1)).transpose(0, 2).__setitem__(0, s), z][1]
    [(z := (y * 1)).select(1, 0).mul_(v), z][1]
    [(z := (y * 1)).diagonal(0, 1, 2).add_(s), z][1]
    [(z := (x * 1)).view(-1)[2:5].copy_(v[:3]), z][1]
    [(z := (x * 1)).t()[1:].mul_(2), z * z][1]
    x.index_put((i[:, 0], i[:, 1]), v[:2])
    x.index_put((i[:, 0],), v, accumulate=True)
    x.index_put((i[:, 0], i[:, 1]), s, accumulate=True)
    x.index_put((x > 0,), s)
    x.index_select(1, i[1])
    x.index_select(0, i[1, :2])
    x.index_add(0, i[1, :2], y[0, :2], alpha=2.5)
    x.index_add(1, i[0], y[0, :, :3])
    x.index_copy(1, t.tensor([2, 0]), y[0, :, :2])
    x.index_fill(1, i[0], s)
    x.index_fill(0, t.tensor([-1]), 4)
    x.gather(1, i2)
    x.gather(0, i2)
    y.gather(1, t.tensor([[[0, 2]], [[1, 1]]]))
    x.scatter(1, i2[:2], y[0, :2])
    x.scatter(1, i2, y[0])
    x.scatter(0, i2, 3.0)
    x.scatter_add(1, i2, y[0])
    x.scatter_add(0, i2, y[0])
    x.scatter_reduce(0, i2, y[0], "sum", include_self=False)
    x.scatter_reduce(1, i2, y[0], "prod")
    x.scatter_reduce(1, i2, y[0], "prod", include_self=False)
    x.scatter_reduce(0, i2, y[0], "mean")
    x.scatter_reduce(0, i2, y[0], "mean", include_self=False)
    x.scatter_reduce(0, i2, y[0], "amax")
    x.scatter_reduce(1, i2, y[0], "amin")
    x.take(i2)
    x.take(t.tensor(-1))
    x.take_along_dim(i2[:1], 0)
    x.take_along_dim(x.argsort(1), 1)
    y.masked_select(x > 0)
    x.masked_select(y > 0)
    x.masked_scatter(x > 0, y)
    v.masked_scatter(x > 0, y)
    c[0, 1]
    c[[0, 0, 1]]
    c[c.real > 0]
    c.gather(1, t.tensor([[0, 0], [1, 0]]))
    [(z := (c * 1)).__setitem__((0, 0), 1j), z][1]
    t.copysign(x, x)[0]
""")

# Results alone: errors, integers.
OTHERS = lines("""
    a3[3]
    a3[-4]
    a32[:, 2]
    a32[0, 0, 0]
    a3[0, 0]
    a32[0, ..., 0, 0]
    a32[..., ..., 0]
    s[0]
    s[:]
    s[t.tensor(0)]
    s[t.tensor([0])]
    s[[0]]
    s[[]]
    a3[::-1]
    a3[::0]
    a3[1.5]
    a3[1.0:]
    a3[t.tensor([3])]
    a3[t.tensor([-4])]
    a32[:, t.tensor([2])]
    a3[t.tensor([1.0])]
    a3[t.tensor([1], dtype=t.int16)]
    a3[t.tensor([1], dtype=t.int8)]
    a3[t.tensor(1.0)]
    a3[t.tensor([True, False])]
    a32[t.tensor([[True, False, True]])]
    a32[:, t.tensor([True, False, True])]
    a32[t.tensor([0, 1]), t.tensor([0, 1, 0])]
    a32[t.tensor([0]), t.tensor([0]), t.tensor([0])]
    a345[0, :, t.tensor([0, 1])].shape
    a345[t.tensor([0, 1]), :, t.tensor([0, 1])].shape
    a345[:, t.tensor([0, 1]), t.tensor([0, 1])].shape
    a345[t.tensor([0, 1]), :, 0].shape
    a345[t.tensor([0, 1]), None, t.tensor([0, 1])].shape
    a345[t.tensor([0, 1]), ..., t.tensor([0, 1])].shape
    a345[:, t.tensor([[0, 1]]), :].shape
    a345[..., t.tensor([[0, 1]])].shape
    a345[True, :, t.tensor([0])].shape
    a345[False].shape
    a345[None, True, False].shape
    a345[t.tensor([0, 1]), True].shape
    a345[:, None, :, t.tensor([0])].shape
    a345[:, t.tensor([0]), None, t.tensor([0])].shape
    a345[0, t.tensor([0, 1]), 0].shape
    a345[t.tensor(0), t.tensor([0, 1]), :].shape
    a345[t.tensor(0), :, t.tensor([0, 1])].shape
    a345[a34 > 3].shape
    a345[:, a45 > 3].shape
    a345[t.tensor([0, 0]), :, a5 > 3].shape
    a0[0]
    a03[t.tensor([0])]
    a03[t.tensor([], dtype=t.long)].shape
    a30[t.tensor([5])].shape
    a30[:, t.tensor([], dtype=t.long)].shape
    a32[t.tensor([], dtype=t.long)].shape
    a32[t.tensor([])].shape
    a32[{}]
    a32[None, None, ..., None].shape
    a32[None, :, None].shape
    a32[0, None].shape
    [(z := a3.clone()).__setitem__(0, t.tensor([5.0, 6])), z][1]
    [(z := a3.clone()).__setitem__(slice(0, 2), t.tensor([5.0, 6, 7])), z][1]
    [(z := a32.clone()).__setitem__(0, t.tensor([5.0, 6, 7])), z][1]
    [(z := a32.clone()).__setitem__(slice(0, 2), t.tensor([[5.0], [6], [7]])), z][1]
    [(z := a3.clone()).__setitem__(0, [5]), z][1]
    [(z := a3.clone()).__setitem__(0, "a"), z][1]
    [(z := a3.clone()).__setitem__(0, None), z][1]
    [(z := a3.clone()).__setitem__(0, 5j), z][1]
    [(z := a3.to(t.uint8).clone()).__setitem__(0, 300), z][1]
    [(z := a3.long().clone()).__setitem__(0, 2 ** 63), z][1]
    [(z := a3.clone()).__setitem__(3, 1), z][1]
    [(z := a3.clone()).__setitem__(slice(None, None, -1), 1), z][1]
    [(z := a3.clone()).__setitem__((0, 0), 1), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0, 0]), t.tensor([1.0, 2])), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0, 3]), 1), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0, 1]), t.tensor([1.0, 2, 3])), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([0, 1]), t.tensor([1, 2])), z][1]
    [(z := a3.long().clone()).__setitem__(t.tensor([0, 1]), t.tensor([1.5, 2])), z][1]
    [(z := a3.long().clone()).__setitem__(t.tensor([0, 1]), t.tensor(1.5)), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([True, False, True]), t.tensor([5.0, 6])), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([True, False, True]), t.tensor([5.0, 6, 7])), z][1]
    [(z := a3.clone()).__setitem__(t.tensor([True, False]), 5), z][1]
    [(z := a32.clone()).__setitem__(t.tensor([True, False, True]), t.tensor([5.0, 6])), z][1]
    [(z := a32.clone()).__setitem__(t.tensor([True, False, True]), t.tensor([[5.0], [6]])), z][1]
    [(z := a3.clone()).__setitem__(t.tensor(True), t.tensor([1.0, 2, 3])), z][1]
    [(z := a3.clone()).__setitem__(..., t.tensor([1.0, 2])), z][1]
    [(z := s.clone()).__setitem__(0, 5), z][1]
    [(z := a32.clone()).__setitem__((0, [0, 1]), t.tensor([7.0, 8])), z][1]
    [(z := a32.clone()).__setitem__((slice(None), [0]), t.tensor([7.0, 8, 9])), z][1]
    [(z := a32.clone()).__setitem__((slice(None), [0]), t.tensor([[7.0], [8], [9]])), z][1]
    [(z := a32.clone()).__setitem__((slice(None), t.tensor([0, 1])), t.tensor([7.0, 8])), z][1]
    [(z := a32.clone()).__setitem__(([0, 1], [0, 1]), t.tensor([[7.0, 8]])), z][1]
    [(z := a32.clone()).__setitem__(([0, 1], [0, 1]), t.tensor([[[7.0, 8]]])), z][1]
    [(z := a3.double().clone()).__setitem__(t.tensor([0, 1]), t.tensor([1.0, 2])), z][1]
    a345[a34 > 3, 0].shape
    a345[a34 > 3, 0:2].shape
    a345[a34 > 3, t.tensor([0] * 8)].shape
    a345[a34 > 3, ..., 0].shape
    a345[a34 > 3, ...].shape
    a345[a34 > 3, None].shape
    a345[0, a45 > 3].shape
    a345[..., a45 > 3].shape
    a345[..., a45 > 3, None].shape
    a333[a33 > 3, 0].shape
    a333[a33 > 3, 0:2].shape
    a32[0, 5]
    a32[t.tensor([0]), t.tensor([5])]
    a32[0, t.tensor([5])]
    a322[:, t.tensor([0]), t.tensor([5])]
    a32[None, 5]
    a32[..., 5]
    a32[..., 0, 5]
    a32[None, 0, 5]
    a3[True, 5]
    a32[0][5]
    a3[t.tensor(5)]
    a32[[True]]
    a32[False, False].shape
    a32[True, False].shape
    a32[True, True].shape
    a32[True, t.tensor([0, 1])].shape
    a32[True, t.tensor([0, 1]), 0].shape
    a32[True, :, t.tensor([0, 1])].shape
    a32[t.tensor([0, 1]), False].shape
    a32[t.tensor([True, True, False]), False].shape
    a32[t.tensor([0]), t.tensor([True, False, True])].shape
    a02[a02 > 0].shape
    a02[t.tensor([], dtype=t.bool)].shape
    a3[t.tensor([], dtype=t.bool)].shape
    a3[t.tensor([]).bool()].shape
    a20[:, t.tensor([0])].shape
    a20[t.tensor([0]), t.tensor([0])].shape
    a20[t.tensor([2])].shape
    a32.index_select(0, t.tensor([]).long()).shape
    s.index_select(0, t.tensor([1]))
    s.index_select(0, t.tensor([0, 0]))
    a32.index_add(0, t.tensor([-1]), a12)
    a32.index_add(0, t.tensor([[0]]), a12)
    a32.index_add(0, t.tensor(0), a2)
    a3.index_add(0, t.tensor(0), s)
    a3.index_add(0, t.tensor([0]), s)
    a32.index_fill(0, t.tensor([0]).int(), 3)
    a32.index_fill(0, t.tensor([[0]]), 3)
    a32.index_fill(0, t.tensor([0]), 3j)
    s.gather(0, t.tensor([1]))
    a32.scatter(0, t.tensor([[-1, 0]]), a12)
    a32.scatter(0, t.tensor([[0, 0.0]]), a12)
    a32.scatter(0, t.tensor([0, 0]), a12)
    a32.scatter(0, t.tensor([]).long(), a2)
    a32.scatter(1, t.tensor([[0, 1]]), 5j)
    a32.scatter(1, t.tensor([[0, 1]]), t.tensor(5.0))
    a3.scatter(0, t.tensor(1), t.tensor(5.0))
    s.scatter(0, t.tensor([0]), t.tensor([5.0]))
    a32.scatter_add(0, t.tensor([[0, 0], [0, 5]]), a22)
    a32.scatter_add(0, t.tensor([[0, 0.0]]), a12)
    a32.scatter_add(3, t.tensor([[0, 0]]), a12)
    a32.scatter_reduce(0, t.tensor([[0, 0], [0, 1]]), t.tensor([[1.0, float("nan")], [1, 1]]), "amax")
    a32.take(t.tensor([0]).int())
    a32.take(t.tensor([-7]))
    a32.take_along_dim(t.tensor([[0, 1]]).int(), -1)
    a32.masked_scatter_(t.tensor([True, False]), a3 + 7)
    t.tensor([[1, 0], [0, 2]]).nonzero(as_tuple=True)
    t.nonzero(t.tensor([float("nan"), 0.0]))
    t.argwhere(t.tensor([[1, 0], [0, 2]]))
    a32.index_add_(0, t.tensor([0]), a12).shape
    a3.index_add_(0, t.tensor([0]), a1)
    t.ones(2).index_select(0, 5)
    t.ones(2).gather(0, 5)
    t.ones(2).take(5)
    t.ones(2).masked_select(5)
    t.ones(2).scatter(0, 5, 5)
    t.ones(2).index_put(5, 5)
    t.ones(2, 3).index_put((t.tensor([0]),), t.tensor([1.0, 2, 3]))
    t.ones(2, 3).index_put((None, t.tensor([0])), t.tensor(7.0))
    t.ones(2, 3).index_put((t.tensor(0), t.tensor([0])), t.tensor(7.0))
    t.ones(2, 3).index_put([t.tensor([True, False])], t.tensor(7.0))
    t.ones(3).index_put((t.tensor([0, 0, 1]),), t.tensor(7.0), accumulate=True)
    t.ones(3).index_put((t.tensor([0, 0, 1.0]),), t.tensor(7.0), accumulate=True)
    t.ones(3).index_put((t.tensor([0, 0, 1]),), t.tensor([[[7.0]]]), accumulate=True)
    x.scatter(1, i2, y[0, :2])
    zeros.scatter_reduce(1, t.tensor([[0, 0, 1], [1, 1, 1]]), zeros, "prod")
    t.nonzero(x > 0)
    t.nonzero(x > 0, as_tuple=True)
    t.argwhere(y > 1)
    t.nn.functional.one_hot(i, 7)
    f[[0, 0, 1]]
    h[[0, 0]]
    bf[1:]
    bf[[0, 1, 1]]
    b[0]
    b[b]
    u[[0, 1]]
""")

CORPUS = Corpus(INPUTS, [*DIFFERENTIATED, *OTHERS], DIFFERENTIATED, ())
