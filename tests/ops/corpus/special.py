"""Special functions."""

from . import Corpus, distinct, lines

nan, inf = float("nan"), float("inf")

INPUTS = {
    "x": (distinct(3, 4, seed=1), "float64"),
    "p": ([0.05, 0.3, 0.5, 0.81, 0.999], "float64"),
    "q": ([0.4, 1.3, 2.5, 3.0, 8.0], "float64"),
    "a": ([[0.5], [1.0], [6.0]], "float64"),
    "f": (distinct(3, 4, seed=2), "float32"),
    "g": ([0.4, 1.3, 2.5, 3.0, 8.0], "float32"),
    "n": ([0, 1, 2, 5, 11], "int64"),
    "nf": ([-1.0, 0.7, 2.5, 3.0, nan], "float32"),
    "edges": ([nan, 0.0, -0.0, 1.0, -1.0, -2.5, 1e-30], "float64"),
    "h": ([0.25, 1.0, 2.5], "float16"),
    "bf": ([0.25, 1.0, 2.5], "bfloat16"),
    "i": ([3, 1, 2], "int64"),
    "b": ([True, False], "bool"),
    "c": ([1 + 2j], "complex128"),
}

SMOOTH = lines("""
    t.i0(x)
    x.i0()
    t.special.i0(x)
    t.special.i0e(x)
    t.special.i1(x)
    t.special.i1e(x)
    t.special.entr(p)
    t.special.ndtri(p)
    t.special.ndtr(x)
    t.special.xlog1py(x, q[:4])
    t.special.xlog1py(2.5, q)
    t.special.xlog1py(x, 2)
    t.special.zeta(3.5, q)
    t.special.zeta(a.detach() + 1, q)
    t.igamma(a.detach(), q)
    a.detach().igammac(q)
    t.special.gammainc(a.detach(), q)
    t.special.gammaincc(a.detach(), q)
    t.special.gammaln(q)
    t.special.psi(q)
    t.special.expit(x)
    t.special.logit(p)
""")

UNARY = (
    "i0 i0e i1 i1e entr ndtri airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 modified_bessel_i0 modified_bessel_i1 "
    "modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0"
).split()
POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w "
    "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v "
    "shifted_chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l "
    "legendre_polynomial_p"
).split()

OTHERS = [
    # PyTorch's Bessel functions are good to seven digits.
    *[f"t.special.{name}({x})" for name in UNARY for x in ("f", "g", "i", "b", "c")],
    *[f"t.special.{name}(g, out=t.empty(0))" for name in UNARY],
    *[f"t.special.{name}(edges)" for name in UNARY if not name.startswith(("bessel", "airy"))],
    *[
        f"t.special.{name}({xs})"
        for name in POLYNOMIALS
        for xs in ("g, n", "g, 3", "2, n", "g, nf", "i, i", "1, 2", "c, n")
    ],
    *[f"t.special.{name}(x=g, n=n)" for name in POLYNOMIALS],
    *lines("""
        t.i0(h)
        t.i0(bf)
        t.special.i1e(h)
        t.special.entr(bf)
        f.clone().i0_()
        t.i0_(f.clone())
        i.i0_()
        t.special.xlog1py(f, edges[:4])
        t.special.xlog1py(edges, edges)
        t.special.xlog1py(i, 2)
        t.special.xlog1py(h, h)
        t.special.xlog1py(2, 3)
        t.special.xlog1py(c, c)
        t.special.zeta(g, g)
        t.special.zeta(1, g)
        t.special.zeta(g, -edges)
        t.special.zeta(i, i)
        t.special.zeta(3, 2)
        t.special.zeta(c, c)
        t.igamma(g, g)
        t.igamma(edges, q[0])
        t.igamma(q[0], edges)
        t.igamma(h, h)
        t.igamma(i, i)
        t.igamma(g, i)
        t.igamma(g, 2)
        t.igamma(c, c)
        t.igammac(g, g)
        g.clone().igamma_(g)
        g.clone().igammac_(g)
        g.igamma(2)
        t.special.gammainc(g, 2)
        t.mvlgamma(g + 1, 3)
        t.mvlgamma(q + 1, 1)
        q.mvlgamma(1)
        t.special.multigammaln(q + 1, 3)
        t.mvlgamma(i, 1)
        t.mvlgamma(f, 2)
        t.mvlgamma(b, 1)
        t.mvlgamma(g, 0)
        t.mvlgamma(g, 2.5)
        t.mvlgamma(c, 1)
        (g + 3).mvlgamma_(2)
    """),
]

# Forms with a number, and composites, have nodes of their own in PyTorch.
CORPUS = Corpus(INPUTS, [*SMOOTH, *OTHERS], SMOOTH, ("2.5, q)", ", 2)", "3.5, q", "ndtr(", "mvlgamma(", "multigamma"))
