"""Products: of matrices, vectors and batches, contractions, distances, linear algebra."""

import numpy as np

from . import Corpus, distinct, lines

_spd = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])

INPUTS = {
    "v": (distinct(3, seed=1), "float64"),
    "v3": (distinct(3, seed=22) / 2, "float64"),
    "v4": (distinct(4, seed=2), "float64"),
    "a": (distinct(2, 3, seed=3), "float64"),
    "b": (distinct(3, 4, seed=4), "float64"),
    "o": (distinct(2, 4, seed=21), "float64"),
    "p": (distinct(5, 2, 3, seed=5), "float64"),
    "q": (distinct(5, 3, 4, seed=6), "float64"),
    "one": (distinct(1, 3, 4, seed=7), "float64"),
    "r": (distinct(2, 5, 2, 3, seed=8), "float64"),
    "m": (distinct(3, 3, seed=9) + 3 * np.eye(3), "float64"),
    "mm": (distinct(2, 3, 3, seed=10) + 4 * np.eye(3), "float64"),
    "sing": ([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]], "float64"),
    "zero2": (np.zeros((2, 2, 2)), "float64"),
    "spd": (_spd, "float64"),
    "spds": (np.stack([_spd, _spd * 2 + np.eye(3)]), "float64"),
    "s": (1.5, "float64"),
    "e": (np.empty((0, 3)), "float64"),
    "k0": (np.empty((2, 0)), "float64"),
    "p1": (distinct(4, 3, seed=11) / 3, "float64"),
    "p2": (distinct(2, 3, seed=12) / 3, "float64"),
    "f": (distinct(2, 3, seed=13), "float32"),
    "fb": (distinct(3, 4, seed=14), "float32"),
    "fv": (distinct(3, seed=15), "float32"),
    "fp": (distinct(5, 2, 3, seed=5), "float32"),
    "h": ([[1.0, 2.0, 0.5], [0.1, 0.2, 0.3]], "float16"),
    "bf": ([[1.0, 2.0, 0.5], [0.1, 0.2, 0.3]], "bfloat16"),
    "i": ([[1, -2, 3], [0, 5, 7]], "int64"),
    "iv": ([1, 2, 3], "int64"),
    "n": ([[1, 1], [1, 0]], "int64"),
    "t1": ([[True, False, True]], "bool"),
    "tv": ([True, False, True], "bool"),
    "c": (distinct(2, 3, seed=16) + 1j * distinct(2, 3, seed=17), "complex128"),
    "d": (distinct(3, 2, seed=18) - 1j * distinct(3, 2, seed=19), "complex128"),
    "cv": (distinct(3, seed=18) - 1j * distinct(3, seed=19), "complex128"),
    "cm": (distinct(2, 2, seed=18) - 1j * distinct(2, 2, seed=19), "complex128"),
}

# Each gives a value that is differentiated, too.
SMOOTH = lines("""
    v @ v3
    a @ v
    v @ b
    a @ b
    v @ q
    p @ v
    p @ b
    a @ q
    p @ q
    p @ one
    a @ q.mT.contiguous().mT
    a.detach() @ q.mT.contiguous().mT
    a.detach() @ q
    v.detach() @ q
    v @ q.mT.contiguous().mT
    one.mT @ v.expand(2, 3)[0]
    p[:1] @ q
    r @ v
    r @ b
    r @ q
    r @ one
    v @ r.mT
    a @ r.mT
    r.transpose(0, 2) @ b
    a.T @ a
    e @ b
    b.T @ e.T
    k0 @ k0.T
    p[:0] @ b
    c @ d
    c @ cv
    cv @ d
    cv @ cv
    t.mm(a, b)
    t.bmm(p, q)
    t.mv(a, v)
    t.dot(v, v3)
    t.dot(cv, cv)
    t.vdot(v, v3)
    t.vdot(cv, cv * 2j)
    t.matmul(a, b)
    t.linalg.matmul(p, b)
    t.inner(v, v3)
    t.inner(a, v)
    t.inner(v, a)
    t.inner(a, b.T)
    t.inner(p, b.T)
    t.inner(s, v)
    t.inner(s, s)
    t.inner(c, d.T)
    t.outer(v, v4)
    t.ger(v, v4)
    t.outer(cv, cv)
    t.addmm(o, a, b)
    t.addmm(v4, a, b, beta=0.5, alpha=2)
    t.addmm(s, a, b, beta=0)
    t.addmm(o[:, :1], a, b, alpha=0)
    o.addmm(a, b)
    t.addmm(cv[0], c, d, alpha=2j, beta=1j)
    t.addmv(v4[:2], a, v)
    t.addmv(s, a, v, beta=2, alpha=-1)
    t.addr(o, v[:2], v4)
    t.addr(s, v, v4, alpha=3, beta=0.5)
    t.addbmm(o, p, q)
    t.addbmm(s, p, q, alpha=2, beta=0.5)
    t.baddbmm(q[:, :2], p, q)
    t.baddbmm(v4, p, q, alpha=0.5, beta=2)
    t.einsum('ij,jk->ik', a, b)
    t.einsum('ij,jk', a, b)
    t.einsum('ij,jk->ki', a, b)
    t.einsum('bij,bjk->bik', p, q)
    t.einsum('bij,bjk->kib', p, q)
    t.einsum('bij,jk->bik', p, b)
    t.einsum('bij,bjk->', p, q)
    t.einsum('i,i->', v, v3)
    t.einsum('i,j->ij', v, v4)
    t.einsum('i,j->', v, v4)
    t.einsum('i,j', v, v4)
    t.einsum('ii', m)
    t.einsum('ii->i', m)
    t.einsum('ii,i->i', m, v)
    t.einsum('ij->', a)
    t.einsum('ij->j', a)
    t.einsum('ij->ji', a)
    t.einsum('ij', b)
    t.einsum('ba', a)
    t.einsum('...ij,...jk->...ik', r, q)
    t.einsum('...ij->...ji', r)
    t.einsum('i...->...', a)
    t.einsum('ij->i...', a)
    t.einsum('...,...', a[:, :1], v)
    t.einsum('b...i,ij', p, b)
    t.einsum('ij,jk,kl->il', a, b, q[0].T)
    t.einsum('ij,ij,ij->i', a, a, a)
    t.einsum('bi,bj,bk->bijk', a, a, a)
    t.einsum('ij,ij->', a[:, :1], a)
    t.einsum('bn,anm,bm->ba', a, b.view(1, 3, 4), o)
    t.einsum('iij->ij', mm.permute(1, 2, 0))
    t.einsum('iij,ijk->k', mm.permute(1, 2, 0), mm.permute(1, 0, 2))
    t.einsum(' i j , j k -> i k ', a, b)
    t.einsum('Ab,bC', a, b)
    t.einsum('', s)
    t.einsum(',', s, s)
    t.einsum('i,', v, s)
    t.einsum('ij,jk->ik', [a, b])
    t.einsum(a, [0, 1], b, [1, 2], [0, 2])
    t.einsum(a, [0, 1], b, [1, 2])
    t.einsum(p, [..., 0, 1], b, [1, 2], [..., 2])
    t.einsum('ij,jk->ik', c, d)
    t.einsum('ij,jk->ik', k0, k0.T)
    t.tensordot(v, v4, 0)
    t.tensordot(p, b, 1)
    t.tensordot(a, a)
    t.tensordot(p, q, ([0, 2], [0, 1]))
    t.tensordot(p, q, dims=([-1], [1]))
    t.tensordot(a, b[:1], dims=1)
    t.tensordot(c, d, 1)
    t.tensordot(v, v3, dims=1)
    t.linalg.multi_dot([a, b])
    t.linalg.multi_dot([v, b])
    t.linalg.multi_dot([a, v])
    t.linalg.multi_dot([v, v3])
    t.linalg.multi_dot([a, b, b.T, m])
    t.linalg.multi_dot([v, b, v4])
    t.linalg.multi_dot([a, m, v])
    t.linalg.vecdot(a, a * a)
    t.linalg.vecdot(a, p, dim=0)
    t.linalg.vecdot(c, c * 1j)
    t.linalg.vecdot(v, v3)
    t.linalg.cross(a, a * a)
    t.linalg.cross(a, a[:1] * a)
    t.linalg.cross(b, b * b, dim=0)
    t.cross(b, b * b, dim=0)
    t.linalg.cross(c, c * c * 1j)
    t.cdist(p1, p2)
    t.cdist(p1, p2, p=1)
    t.cdist(p1, p2, p=3)
    t.cdist(p1, p2, p=1.5)
    t.cdist(p1, p2, p=inf)
    t.cdist(p1, p2, compute_mode='use_mm_for_euclid_dist')
    t.cdist(p1, p2, compute_mode='donot_use_mm_for_euclid_dist')
    t.linalg.inv(m)
    t.linalg.inv(mm)
    t.linalg.inv(cm)
    t.inverse(m)
    m.inverse()
    t.linalg.det(m)
    t.linalg.det(mm)
    t.linalg.det(cm)
    t.det(m)
    mm.det()
    t.linalg.slogdet(m)[1]
    t.linalg.slogdet(mm).logabsdet
    t.linalg.slogdet(cm)
    t.slogdet(m)[1]
    t.logdet(spd)
    t.logdet(spds)
    t.linalg.solve(m, v)
    t.linalg.solve(m, b)
    t.linalg.solve(mm, b)
    t.linalg.solve(mm, a)
    t.linalg.solve(m, q)
    t.linalg.solve(m, p, left=False)
    t.linalg.solve(m, a, left=False)
    t.linalg.solve(cm, c)
    t.linalg.solve(cm, d, left=False)
    t.linalg.cholesky(spd)
    t.linalg.cholesky(spds)
    t.linalg.cholesky(spd, upper=True)
    t.linalg.cholesky(cm @ cm.mH + t.eye(2, dtype=t.complex128))
    t.linalg.matrix_power(m, 2)
    t.linalg.matrix_power(m, 3)
    t.linalg.matrix_power(mm, 5)
    t.linalg.matrix_power(m, 6)
    t.linalg.matrix_power(m, 1)
    t.linalg.matrix_power(m, -2)
    t.linalg.matrix_power(m, -1)
    m.matrix_power(4)
    t.nn.functional.bilinear(a, o, q.view(5, 3, 4), v.new_ones(5))
    t.nn.functional.bilinear(a, o, q)
    t.nn.functional.bilinear(v, v4, q)
    t.nn.functional.bilinear(p, p, m.view(1, 3, 3))
    t.nn.functional.linear(v, b.T)
    t.nn.functional.linear(v, b.T, v4)
    t.nn.functional.linear(a, b.T)
    t.nn.functional.linear(a, b.T, v4)
    t.nn.functional.linear(p, b.T)
    t.nn.functional.linear(p, b.T, v4)
    t.nn.functional.linear(r, b.T, v4)
    t.nn.functional.linear(a, v)
    t.nn.functional.linear(v, v3)
    t.nn.functional.linear(a, b.T, s)
    t.nn.functional.linear(a, b.T, o)
    t.nn.functional.linear(p, b.T, s)
    t.nn.functional.linear(c, d.T, cv[:2])
    t.nn.functional.linear(e, b.T, v4)
    t.nn.functional.linear(k0, a.new_zeros(3, 0), v)
    t.nn.functional.cosine_similarity(a, a * a)
    t.nn.functional.cosine_similarity(v, v3, dim=0)
    t.nn.functional.cosine_similarity(a, v, dim=-1)
    t.cosine_similarity(p, q[:, :2, :3], dim=2)
    t.nn.functional.cosine_similarity(a[:, :1], a, 1)
    t.nn.functional.pairwise_distance(a, a * a)
    t.nn.functional.pairwise_distance(a, v, p=1, keepdim=True)
    t.pairwise_distance(v, v3, p=3)
    t.nn.functional.normalize(a)
    t.nn.functional.normalize(p, p=1, dim=0)
    t.nn.functional.normalize(v, dim=0, p=3)
""")

REFUSED = lines("""
    a @ a
    v @ v4
    a @ v4
    v @ a
    p @ o
    p @ q[:3]
    p @ p
    p @ v4
    v4 @ q
    a @ p
    s @ v
    v @ s
    t.matmul(a, 2)
    t.matmul(2, a)
    a @ fb
    a @ o.float()
    v @ fv
    a @ fv
    v @ fb
    v @ fp.mT
    p @ fv
    p @ fb
    p @ fp.mT
    i @ f.T
    t1 @ t1.T
    tv @ tv
    t1 @ tv
    t1.view(1, 1, 3) @ t1.view(1, 3, 1)
    c @ d.to(t.complex64)
    h @ bf.T
    i.int() @ i.short().T
    i.byte() @ i.char().T
    t.mm(v, b)
    t.mm(a, a)
    t.mm(a, v)
    t.mm(a, fb)
    t.mm(a, 2)
    t.mm(2, a)
    t.mm([1], a)
    t.bmm(a, q)
    t.bmm(p, a)
    t.bmm(p, p)
    t.bmm(p, q[:3])
    t.bmm(fp, q)
    t.mv(a, v4)
    t.mv(v, v)
    t.mv(a, fv)
    t.mv(a, a)
    t.dot(v, v4)
    t.dot(a, v)
    t.dot(v, fv)
    t.dot(v, 2)
    t.vdot(v, v4)
    t.vdot(v, fv)
    t.vdot(a, v)
    t.inner(v, v4)
    t.inner(a, o)
    t.inner(v, fv)
    t.outer(a, v)
    t.outer(v, a)
    t.outer(2, v)
    t.addmm(a, a, b)
    t.addmm(o, a, a)
    t.addmm(o.float(), a, b)
    t.addmm(o, a, fb)
    t.addmm(p, a, b)
    t.addmm(o, v, b)
    t.addmm(o, a, v)
    t.addmm(o, a, b, alpha=1j)
    t.addmv(v, a, v)
    t.addmv(v[:2], a, v4)
    t.addmv(v, v, v)
    t.addmv(a, a, v)
    t.addmv(fv[:2], a, v)
    t.addr(a, v[:2], v4)
    t.addr(a, a, v4)
    t.addbmm(o, p, p)
    t.addbmm(a, p, q)
    t.addbmm(o, p, q[:3])
    t.addbmm(o.float(), p, q)
    t.baddbmm(a, p, q)
    t.baddbmm(o, p, q[:3])
    t.baddbmm(o.float(), p, q)
    t.einsum('ij,jk->ik', a, a)
    t.einsum('ij,jk', a)
    t.einsum('ij', p)
    t.einsum('ij', a, b)
    t.einsum('ij->ijk', a)
    t.einsum('ij->ii', a)
    t.einsum('i1->i', a)
    t.einsum('ii->i', a)
    t.einsum('i.j', a)
    t.einsum('...i...', a)
    t.einsum('ij->i.j', a)
    t.einsum('ij->......', a)
    t.einsum(a, [0, 60])
    t.einsum(a, [0, -1])
    t.einsum(a, [0])
    t.einsum('ij,jk->ik', a, fb)
    t.einsum()
    t.einsum('ij')
    t.einsum('ij->i->j', a)
    t.einsum('ij-i', a)
    t.einsum('...ij,...jk->...ik', p, q[:3])
    t.einsum('...ij', v)
    t.einsum('ij', 3)
    t.tensordot(a, o, 1)
    t.tensordot(a, b, ([0], [0, 1]))
    t.tensordot(a, b, ([0], [0]))
    t.tensordot(a, fb, 1)
    t.tensordot(a, b, -1)
    t.tensordot(a, b, 3)
    t.tensordot(m, m, ([0, 0], [0, 1]))
    t.tensordot(a, b, dims='a')
    t.tensordot(a, b, dims=[1, 2])
    t.linalg.multi_dot([a])
    t.linalg.multi_dot([a, a])
    t.linalg.multi_dot([p, a])
    t.linalg.multi_dot([a, p, v])
    t.linalg.multi_dot([a, b, v4.float()])
    t.linalg.vecdot(a, b)
    t.linalg.vecdot(a, f)
    t.linalg.vecdot(i, i)
    t.linalg.cross(a, v)
    t.linalg.cross(o, o)
    t.linalg.cross(b.T, a)
    t.linalg.cross(a, f)
    t.cross(a, a, dim=0)
    t.cdist(p1, a[:, :2])
    t.cdist(v, a)
    t.cdist(p1, p2, p=-1)
    t.cdist(p1, f)
    t.cdist(i, i)
    t.cdist(p1, p2, compute_mode='x')
    t.cdist(p, r[:, :3])
    t.linalg.inv(a)
    t.linalg.inv(v)
    t.linalg.inv(sing * 0)
    t.linalg.inv(zero2)
    t.linalg.inv(n)
    t.linalg.inv(n.half())
    t.linalg.det(a)
    t.linalg.det(n)
    t.det(v)
    t.linalg.slogdet(a)
    t.linalg.solve(m, v4)
    t.linalg.solve(m, a)
    t.linalg.solve(a, v)
    t.linalg.solve(zero2[0], v[:2])
    t.linalg.solve(zero2, v[:2])
    t.linalg.solve(m, fv)
    t.linalg.solve(m, v, left=False)
    t.linalg.solve(n, n)
    t.linalg.cholesky(a)
    t.linalg.cholesky(-spd)
    t.linalg.cholesky(t.stack([spd, -spd]))
    t.linalg.cholesky(n)
    t.linalg.matrix_power(a, 2)
    t.linalg.matrix_power(m, 2.5)
    t.linalg.matrix_power(zero2, -1)
    t.nn.functional.linear(a, o, v4[:2])
    t.nn.functional.linear(a, o)
    t.nn.functional.linear(v, o)
    t.nn.functional.linear(v, o, v4[:2])
    t.nn.functional.linear(p, o, v4[:2])
    t.nn.functional.linear(p, o)
    t.nn.functional.linear(a, b.T, v)
    t.nn.functional.linear(a, fb.T, v4.float())
    t.nn.functional.linear(a, fb.T)
    t.nn.functional.linear(a, b.T, v4.float())
    t.nn.functional.linear(i, b.T, v4)
    t.nn.functional.linear(a, p)
    t.nn.functional.linear(a, v, s)
    t.nn.functional.linear(s, b.T)
    t.nn.functional.bilinear(a, o, p)
    t.nn.functional.bilinear(a, p1, q)
    t.nn.functional.bilinear(a, p, q)
    t.nn.functional.bilinear(a, o, a)
    t.nn.functional.bilinear(a, o, q, v4)
    t.nn.functional.cosine_similarity(a, v4)
    t.nn.functional.cosine_similarity(v, v3)
    t.nn.functional.cosine_similarity(i, i)
    t.nn.functional.pairwise_distance(a, v4)
""")

OTHERS = lines("""
    f @ fb
    f @ fv
    fv @ fv
    fp @ fb
    h @ h.T
    bf @ bf.T
    h @ h[0]
    h[0] @ h[0]
    h.view(2, 1, 3) @ h.view(2, 3, 1)
    i @ i.T
    i @ iv
    iv @ iv
    i.byte() @ (i.byte().T * 100)
    t.mm(a, b, out=t.empty(2, 4, dtype=t.float64))
    t.addmm(i[:, :1], i, i.T, alpha=2.7, beta=1.2)
    t.addmm(h[:, :1], h, h.T)
    t.addmm(o * nan, a, b, beta=0)
    o.detach().clone().addmm_(a.detach(), b.detach())
    v4.detach().clone().addmv_(b.detach().T, v.detach(), alpha=2)
    t.addr(i[:, :2], iv[:2], iv[:2])
    t.addr(f[:, :2], v[:2], v[:2])
    t.einsum('i,i->i', iv, v)
    t.einsum('ij,j->i', i, iv)
    t.outer(iv, fv)
    t.outer(tv, tv)
    t.inner(i, iv)
    t.cdist(p1, p2, p=0)
    t.cdist(p1, p1)
    t.cdist(p1, p1, p=3)
    t.cdist(p1, e)
    t.cdist(k0, k0)
    t.cdist(p, p[:1])
    t.cdist(p1.repeat(8, 1), p2)
    t.cdist(fp[0], f)
    t.linalg.inv(f[:, :2])
    t.linalg.det(sing)
    t.linalg.det(m[:0, :0])
    t.linalg.inv(m[:0, :0])
    t.linalg.slogdet(m)
    t.linalg.slogdet(sing * 0)
    t.slogdet(sing * 0)
    t.logdet(-spd)
    t.linalg.matrix_power(n, 8)
    t.linalg.matrix_power(n, 0)
    t.linalg.matrix_power(m, 0)
    t.linalg.matrix_power(mm, 0)
    t.linalg.cholesky(spd[:0, :0])
    t.linalg.solve(m, b[:, :0])
    t.nn.functional.normalize(a * 0)
    t.nn.functional.normalize(a, out=t.empty(2, 3, dtype=t.float64))
    t.nn.functional.cosine_similarity(a * 0, a)
    t.nn.functional.cosine_similarity(i, v, dim=1)
    t.nn.functional.linear(h, h)
    t.nn.functional.linear(bf, bf, bf[0, :2])
    t.nn.functional.linear(i, i, iv[:2])
    t.nn.functional.linear(f, fb.T, fb[0])
""")

GRADIENTS = [
    # PyTorch has no second derivative of cdist; that of ours is checked against finite differences.
    *(e for e in SMOOTH if "cdist" not in e or ("use_mm_for_euclid_dist" in e and "donot" not in e)),
    *lines("""
        t.linalg.det(m[:0, :0])
        t.nn.functional.normalize(a * 0.5, eps=30.0)
        t.nn.functional.cosine_similarity(a, a * a, eps=30.0)
            t.linalg.matrix_power(m, 0)
    """),
]

# PyTorch contracts step by step what is one operation here, or the other way round.
OTHER_NODES = ()

CORPUS = Corpus(INPUTS, [*SMOOTH, *REFUSED, *OTHERS], GRADIENTS, OTHER_NODES)
