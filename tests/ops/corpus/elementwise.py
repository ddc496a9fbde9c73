"""Elementwise operations: arithmetic, functions, comparisons, bits, selection, complex numbers."""

import numpy as np

from . import Corpus, distinct, lines

nan, inf = float("nan"), float("inf")
_rng = np.random.default_rng(7)
EDGES = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 1e30, -1e-30]

INPUTS = {
    "x": (distinct(3, 4, seed=1), "float64"),
    "y": (distinct(4, seed=2), "float64"),
    "z": (distinct(3, 1, seed=3), "float64"),
    "s": (1.5, "float64"),
    "p": (_rng.uniform(0.05, 0.95, (2, 3)), "float64"),
    "q": (_rng.uniform(1.1, 4.0, (2, 3)), "float64"),
    "e": (np.empty((0, 3)), "float64"),
    "f": (distinct(2, 3, seed=4), "float32"),
    "g": (_rng.uniform(0.1, 0.9, 3), "float32"),
    "s32": (2.5, "float32"),
    "sp": (EDGES, "float64"),
    "sp32": (EDGES, "float32"),
    "sq": ([1.0, inf, 2.0, 0.0, 0.0, nan, -inf, -0.0, 2.0, 0.3, -0.7, 0.1, 3.0, -1e30, 2.0], "float64"),
    "h": ([1.0, -2.5, 0.1, 300.0], "float16"),
    "k": ([0.5, 3.0, 7.0, 0.25], "float16"),
    "bf": ([1.0, -2.5, 0.1, 300.0], "bfloat16"),
    "i": ([[7, -7, 0], [5, -1, 3]], "int64"),
    "j": ([2, -3, 5], "int64"),
    "n": ([3, 0, 200], "int64"),
    "m8": ([-128, 127, 5], "int8"),
    "i32": ([1, -2, 3], "int32"),
    "u": ([200, 100, 0], "uint8"),
    "b": ([True, False, True], "bool"),
    "d": ([[True], [False]], "bool"),
    "c": (distinct(2, 3, seed=5) + 1j * distinct(2, 3, seed=6), "complex128"),
    "w": (distinct(3, seed=8) - 1j * distinct(3, seed=9), "complex128"),
    "c64": ([1 + 2j, -0.5j, 0], "complex64"),
}

# Functions of one element, and where they are smooth.
INSIDE = ["asin", "acos", "atanh", "logit", "erfinv"]
ABOVE_ONE = ["acosh"]
POSITIVE = ["sqrt", "rsqrt", "log", "log2", "log10", "log1p", "lgamma", "digamma"]
ANYWHERE = [
    "exp",
    "exp2",
    "expm1",
    "reciprocal",
    "sin",
    "cos",
    "tan",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "sinc",
    "sigmoid",
    "erf",
    "erfc",
    "square",
    "neg",
    "abs",
    "sign",
    "sgn",
    "floor",
    "ceil",
    "round",
    "trunc",
    "frac",
    "deg2rad",
    "rad2deg",
    "relu",
    "nan_to_num",
    "angle",
    "positive",
    "absolute",
    "negative",
    "fix",
]
UNARY = INSIDE + ABOVE_ONE + POSITIVE + ANYWHERE
QUESTIONS = ["isnan", "isinf", "isfinite", "isposinf", "isneginf", "isreal", "signbit", "logical_not", "bitwise_not"]
ALIASES = ["arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh"]
HOLOMORPHIC = [
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "rsqrt",
    "reciprocal",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "sinc",
    "sigmoid",
    "square",
    "neg",
    "abs",
    "sgn",
    "angle",
    "conj",
    "conj_physical",
]
# Where `angle` is not smooth and float32 is not exact at the edges there is nothing to compare.
EDGE_UNARY = [name for name in UNARY + QUESTIONS if name not in ("bitwise_not", "lgamma", "digamma")]

NUMBERS_TOO = [
    "add",
    "sub",
    "mul",
    "div",
    "true_divide",
    "floor_divide",
    "remainder",
    "fmod",
    "pow",
    "float_power",
    "xlogy",
    "copysign",
]
TENSORS_ONLY = [
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "atan2",
    "hypot",
    "logaddexp",
    "logaddexp2",
    "nextafter",
    "heaviside",
    "ldexp",
]
COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]
LOGICAL = ["logical_and", "logical_or", "logical_xor"]
BITS = ["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^", "<<", ">>"]


def _unary() -> list[str]:
    found = []
    for name in UNARY + QUESTIONS:
        domain = "p" if name in INSIDE else "q" if name in ABOVE_ONE + POSITIVE else "x"
        found += [f"t.{name}({domain})", f"{domain}.{name}()", f"t.{name}(f)", f"t.{name}(s32)"]
        found += [f"t.{name}({each})" for each in ("e", "i", "u", "b", "h", "bf", "c")]
        if name not in QUESTIONS and name not in ("positive", "angle", "isreal"):
            found += [f"{domain}.detach().clone().{name}_()", f"i.clone().{name}_()", f"b.clone().{name}_()"]
    found += [f"t.{name}({each})" for name in EDGE_UNARY for each in ("sp", "sp32")]
    found += [f"t.{name}(p)" for name in ALIASES if name != "arccosh"] + ["t.arccosh(q)"]
    found += [f"t.{name}(c)" for name in HOLOMORPHIC] + [f"t.{name}(c64)" for name in HOLOMORPHIC]
    return found


def _binary() -> list[str]:
    found = []
    for name in NUMBERS_TOO + TENSORS_ONLY + COMPARISONS + LOGICAL + BITS + ["gcd", "lcm"]:
        pairs = ["x, y", "z, x", "x, s", "f, g", "f, s", "f, s32", "i, j", "u, i", "u, n", "b, b", "b, i", "i, f"]
        pairs += [
            "h, k",
            "h, s32",
            "bf, bf",
            "h, bf",
            "c, w",
            "f, c",
            "c64, w",
            "sp, sq",
            "e, y[:3]",
            "x, x[:2]",
            "m8, j",
        ]
        pairs += ["x, 2", "x, 1.5", "i, 2", "i, 2.5", "2, x", "1.5, i", "b, 2", "b, True", "u, 300", "f, 1j", "h, 0.1"]
        # Shapes that do not fit, and a dtype that is refused: which error comes first is not compared.
        refused = name in [*BITS, "gcd", "lcm"]
        # There is no complex32; 2 to the power of a 16-bit float is rounded before the promotion.
        left_out = {"x, x[:2]"} if refused else {"h, bf"} if name == "ldexp" else set()
        # A power of 0 with a negative real part.
        left_out |= {"c64, w"} if name in ("pow", "float_power") else set()
        found += [f"t.{name}({pair})" for pair in pairs if pair not in left_out]
    return found


def _operators() -> list[str]:
    pairs = [("x", "y"), ("x", "2"), ("2", "x"), ("i", "j"), ("i", "2"), ("7", "j"), ("x", "1.5"), ("1.5", "x")]
    pairs += [("i", "1.5"), ("1.5", "j"), ("b", "b"), ("b", "1"), ("1", "b"), ("c", "w"), ("c", "1j"), ("1j", "c")]
    pairs += [
        ("h", "k"),
        ("h", "0.3"),
        ("0.3", "h"),
        ("bf", "0.3"),
        ("u", "300"),
        ("u", "-1"),
        ("m8", "200"),
        ("j", "0"),
    ]
    pairs += [("x", "'a'"), ("'a'", "x"), ("x", "None"), ("x", "[1]"), ("i", "2**63"), ("i", "2**64"), ("f", "2**64")]
    pairs += [("f", "1e300"), ("i", "j[:2]"), ("x", "i[0, 0]"), ("f", "s"), ("i32", "j"), ("i", "True"), ("i", "n")]
    return [f"{a} {operator} {b}" for operator in OPERATORS for a, b in pairs if (a, operator) != ("'a'", "%")]


def _inplace() -> list[str]:
    found = []
    for name in [
        "add",
        "sub",
        "mul",
        "div",
        "floor_divide",
        "remainder",
        "fmod",
        "pow",
        "eq",
        "lt",
        "logical_and",
        "atan2",
    ]:
        for target in ("f", "i", "u", "h"):
            others = ("2", "1.5", "'a'") if target == "h" else ("2", "1.5", "f[0]", "i[0]", "'a'")
            found += [f"{target}.clone().{name}_({other})" for other in others]
    found += [f"{target}.clone().{name}_(1j)" for name in ("add", "mul", "pow") for target in ("f", "i")]
    dunders = [
        "iadd",
        "isub",
        "imul",
        "itruediv",
        "ifloordiv",
        "imod",
        "ipow",
        "iand",
        "ior",
        "ixor",
        "ilshift",
        "irshift",
    ]
    return found + [f"{t}.clone().__{d}__({o})" for d in dunders for t in ("f", "j") for o in ("2", "j", "'a'")]


REST = lines("""
    t.add(x, y, alpha=2)
    x.add(y, alpha=-0.5)
    t.sub(x, z, alpha=3)
    t.subtract(x, 2, alpha=3)
    t.rsub(x, y)
    t.rsub(x, 2)
    t.rsub(x, y, alpha=2)
    t.add(2, 3)
    t.mul(2, 1.5)
    t.add(i, i, alpha=1.5)
    t.add(i, 1.5, alpha=2)
    t.add(x, x, alpha=True)
    t.add(b, b, alpha=True)
    t.add(x, x, alpha=1j)
    t.add(u, u, alpha=300)
    t.add(x, x, alpha='a')
    t.add(h, k, alpha=0.1)
    x.detach().clone().add_(y, alpha=2)
    i.clone().sub_(j, alpha=2)
    t.add(x, 'a')
    t.mul(x, None)
    x.mul('a')
    t.sub('a', x)
    t.maximum(x, 2)
    t.pow(x, 'a')
    t.pow(2, 3)
    t.eq(x, None)
    t.exp(2.0)
    t.sin('a')
    b - b
    b - True
    True - b
    x - b
    i - True
    -b
    +b
    1 - b
    ~x
    ~b
    ~i
    t.div(x, y, rounding_mode='floor')
    t.div(x, y, rounding_mode='trunc')
    t.div(x, 1.5, rounding_mode='floor')
    t.div(i, j, rounding_mode='floor')
    t.div(i, j, rounding_mode='trunc')
    t.div(-i, 3, rounding_mode='trunc')
    t.div(i, 0, rounding_mode='trunc')
    t.div(i, j, rounding_mode='up')
    t.div(sp, sq, rounding_mode='floor')
    t.div(sp, sq, rounding_mode='trunc')
    t.div(h, k, rounding_mode='floor')
    t.div(b, b, rounding_mode='floor')
    x.detach().clone().div_(y, rounding_mode='trunc')
    i.clone().div_(2)
    i.clone().div_(2, rounding_mode='floor')
    t.divide(x, y)
    t.multiply(x, y)
    u.floor_divide(0)
    x ** 0
    x ** 1
    x ** 2
    x ** 3
    x ** -1
    x ** -2
    q ** 0.5
    q ** -0.5
    q ** 1.7
    sp ** 0
    sp ** 2
    sp ** 3
    sp ** -1
    sp ** -2
    sp ** 0.5
    sp ** -0.5
    sp ** 0.3
    sp32 ** 1.5
    sp ** sq
    c ** 2
    c ** 0.5
    c ** -1
    c ** 1.7
    c ** 1j
    c ** w
    2 ** x
    0 ** q
    0 ** i
    1j ** x
    2 ** c
    i ** 2
    i ** -1
    i ** j
    i ** 0.5
    u ** 2
    u ** 300
    b ** 2
    b ** True
    b ** b
    2 ** b
    h ** 3
    h ** 2
    k ** 0.3
    k ** k
    bf ** 2
    t.float_power(i, 2)
    t.float_power(2, i)
    t.float_power(f, j)
    f.clone().float_power_(2)
    t.square(i)
    t.round(x, decimals=1)
    t.round(f * 100, decimals=-1)
    t.round(sp, decimals=2)
    t.round(i, decimals=1)
    t.logit(p, 0.3)
    t.logit(sp, eps=0.1)
    t.clamp(x, -1, 1)
    t.clamp(x, min=-1)
    t.clamp(x, max=1.5)
    t.clamp(x, 2, -1)
    t.clip(x, -1)
    t.clamp(i, -1, 2.5)
    t.clamp(i, min=1)
    t.clamp(u, -5)
    t.clamp(u, max=300)
    t.clamp(f, max=1e300)
    t.clamp(f, nan)
    t.clamp(b, 0, 1)
    t.clamp(c, 0)
    t.clamp(x)
    t.clamp(x, 'a')
    t.clamp(x, 0, x)
    t.clamp(x, y, z)
    t.clamp(x, min=y)
    t.clamp(x, max=z)
    t.clamp(f, min=s)
    t.clamp(f, min=p)
    t.clamp(sp, -1, 2)
    t.clamp(sp, sq)
    t.clamp(x, x[:2])
    t.clamp_min(x, 0)
    t.clamp_min(x, y)
    t.clamp_max(x, 0)
    t.clamp_max(x, y)
    x.detach().clone().clamp_(0, 1)
    x.detach().clone().clamp_min_(0)
    t.where(x > 0, x, y)
    t.where(x > 0, x, 0)
    t.where(x > 0, 0.0, x)
    t.where(d, f, p)
    t.where(b, i, 1.5)
    t.where(b, 1, 2)
    t.where(b, 1.0, 2)
    t.where(b, True, False)
    t.where(b, 1j, f)
    t.where(b, h[0], f)
    t.where(b, u, 300)
    t.where(b, u, -1)
    t.where(b, f, 1e300)
    t.where(f, f, 0)
    t.where(b, f, None)
    t.where(b, f)
    t.where(True, x, x)
    t.where(b, x, x)
    f.where(b, 0)
    x.where(x > 0, y)
    t.maximum(sp, sq)
    t.minimum(sp, sq)
    t.fmax(sp, sq)
    t.fmin(sp, sq)
    x.masked_fill(x > 0, 1)
    x.masked_fill(d[:1], 5)
    y.masked_fill(x > 0, 2)
    f.masked_fill(b, p[0, 0])
    i.masked_fill(b, 1.5)
    f.masked_fill(b, 1j)
    u.masked_fill(b, 300)
    u.masked_fill(b, -1)
    f.masked_fill(i, 1)
    f.masked_fill(b, g)
    f.masked_fill(b, 'a')
    x.masked_fill(b, 1)
    f.clone().masked_fill_(b, 7)
    g.clone().masked_fill_(f > 0, 7)
    t.lerp(x, y, 0.3)
    t.lerp(x, y, 0.8)
    t.lerp(x, y, z)
    t.lerp(f, g, 0.3)
    t.lerp(f, x, 0.3)
    t.lerp(f, f, x)
    t.lerp(i, i, 0.5)
    t.lerp(c, w, 0.3)
    t.lerp(c, w, 0.3j)
    t.lerp(f, f, 0.3j)
    t.lerp(f, 1, 0.3)
    t.lerp(h, k, 0.3)
    f.clone().lerp_(g, 0.5)
    t.addcmul(x, y, z)
    t.addcmul(x, y, z, value=-2)
    t.addcmul(f, i, p)
    t.addcmul(i, i, i, value=2.5)
    t.addcmul(i, i, i, value=2**70)
    t.addcmul(b, b, b)
    t.addcmul(h, k, k, value=0.1)
    t.addcmul(f, f, 2)
    t.addcmul(f, f, f, value='a')
    t.addcmul(c, w, w, value=1j)
    t.addcdiv(x, y, z)
    t.addcdiv(x, y, z, value=-2)
    t.addcdiv(f, i, g)
    t.addcdiv(f, i, i)
    t.addcdiv(c, w, w, value=1j)
    f.clone().addcdiv_(g, g, value=2)
    t.nan_to_num(sp, 1.0, 2.0, -3.0)
    t.nan_to_num(sp, nan=7.0)
    t.nan_to_num(h / 0)
    t.nan_to_num(bf / 0)
    t.nan_to_num(x, nan='a')
    t.xlogy(sp, sq)
    t.xlogy(0, sp)
    t.xlogy(p, 2)
    t.xlogy(2, p)
    t.copysign(x, -1)
    t.copysign(sp, -0.0)
    t.frexp(x)
    t.frexp(sp)
    t.frexp(h)
    t.frexp(i)
    t.heaviside(x, y)
    t.heaviside(f, x)
    t.heaviside(sp, sq)
    t.heaviside(c, c)
    t.isclose(x, x + 1e-6)
    t.isclose(sp, sq, equal_nan=True)
    t.isclose(sp, sp)
    t.isclose(i, i + 1, rtol=0.5)
    t.isclose(x, f)
    t.isclose(x, x, rtol=-1)
    t.isclose(x, x, atol=-0.5)
    t.isclose(x, x[:2])
    t.isclose(b, b)
    t.isclose(c, c * (1 + 1e-7))
    t.allclose(x, x)
    t.allclose(sp, sp, equal_nan=True)
    t.allclose(x, f)
    t.equal(x, x)
    t.equal(f, i)
    t.equal(i, i32)
    t.equal(sp, sp)
    t.equal(x, 1)
    t.is_same_size(x, y)
    t.result_type(f, 1)
    t.result_type(i, 1.5)
    t.result_type(f, s)
    t.result_type(f, p)
    t.result_type(1, 2.5)
    t.result_type('a', f)
    s in x
    2.5 in f
    'a' in f
    t.not_equal(x, y)
    t.greater(x, y)
    t.less_equal(x, 1)
    t.eq(x, y, out=t.empty(0, dtype=t.bool))
    t.mul(f, 2, out=t.empty(2, 3))
    t.add(f, 2, out=t.empty(2, 3, dtype=t.int64))
    t.mul(f, 2, out=t.empty(2, 3, dtype=t.float64))
    t.real(c)
    t.imag(c)
    t.real(x)
    t.imag(x)
    c.real
    c.imag
    c.conj()
    c.conj().imag
    x.conj()
    t.view_as_real(c)
    t.view_as_real(c.t())
    t.view_as_real(x)
    t.view_as_complex(t.view_as_real(c))
    t.view_as_complex(x[:, :2])
    t.view_as_complex(x)
    t.view_as_complex(x[:, ::2])
    t.view_as_complex(i)
    t.view_as_complex(s)
    t.complex(x, y)
    t.complex(f, f)
    t.complex(f, x)
    t.complex(i, i)
    t.complex(f, 1)
    t.polar(q, p)
    t.polar(f, x)
    t.angle(sp)
    t.resolve_conj(c)
    t.is_complex(c)
    t.special.expit(x)
    t.special.erfcx(x)
    t.special.erfcx(sp)
    t.special.ndtr(f)
    t.special.log_ndtr(x * 5)
    t.special.gammaln(q)
    t.special.psi(q)
    t.special.polygamma(2, q)
    t.polygamma(0, q)
    t.polygamma(-1, q)
    q.polygamma(3)
    t.special.xlogy(p, q)
    t.lgamma(t.tensor([-0.5, -1.0, 0.0, 171.0, 1e10]))
    t.digamma(t.tensor([-0.5, -1.0, 0.0, -0.0, 1e10, inf, -inf]))
    t.erfinv(t.tensor([-1.0, 1.0, 0.999999, 1e-30, 1.5, nan], dtype=t.float64))
    t.erfc(t.tensor([0.3, 5.0, 26.0, -3.0], dtype=t.float64))
    t.sign(c)
    c.clone().abs_()
    c.clone().real.fill_(3)
    t.mul(x1=x, x2=y)
    t.exp(x=x)
    t.exp()
    t.exp(x, x)
    t.mul(x, y, foo=1)
    x.mul(y, out=x)
""")


def _gradients() -> list[str]:
    found = []
    for name in UNARY:
        domain = "p" if name in INSIDE else "q" if name in ABOVE_ONE + POSITIVE else "x"
        if name not in ("lgamma", "digamma"):  # PyTorch's trigamma function is good to nine digits
            found.append(f"t.{name}({domain} * 1)")
    found += [f"t.{name}(c) * 1" for name in HOLOMORPHIC]
    smooth = [
        n for n in NUMBERS_TOO + TENSORS_ONLY if n not in ("floor_divide", "heaviside", "pow", "float_power", "xlogy")
    ]
    found += [f"t.{name}(x, y)" for name in smooth] + [f"t.{name}(z, x)" for name in smooth]
    found += [f"t.{n}(x, 1.5)" for n in smooth if n in NUMBERS_TOO]
    found += [f"t.{n}(2.5, x)" for n in ("add", "sub", "mul", "div")]
    found += [f"t.{n}(c, w)" for n in ("add", "sub", "mul", "div", "pow", "logaddexp")]
    return found + lines("""
        t.pow(q, y[:3])
        t.pow(q, p)
        t.pow(2.5, x)
        t.pow(q, 1.7)
        2.0 - x
        2.0 / x
        x / 3
        x ** 2
        x ** 3
        x ** 0
        x ** 1
        x ** -1
        x ** -2
        q ** 0.5
        q ** -0.5
        c ** 2
        c ** 1.5
        c ** (1 + 1j)
        (2 + 1j) ** c
        x * (1 + 2j)
        x / (1 + 2j)
        c * y[:3]
        t.float_power(q, p)
        t.xlogy(q, p)
        t.xlogy(q, 2.5)
        t.xlogy(2.5, q)
        t.add(x, y, alpha=2)
        t.sub(x, z, alpha=0.5)
        t.rsub(x, y, alpha=0.5)
        t.add(c, w, alpha=1j)
        t.div(x, y, rounding_mode='floor')
        t.div(x, y, rounding_mode='trunc')
        t.clamp(x, -0.5, 0.7)
        t.clamp(x, min=0.1)
        t.clamp(x, y, z)
        t.clamp(x, min=y)
        t.clamp(x, max=y)
        t.clamp_min(x, 0.3)
        t.clamp_min(x, y)
        t.clamp_max(x, 0.3)
        t.clamp_max(x, y)
        t.maximum(x, x * 1)
        t.minimum(x, x * 1)
        t.fmax(x, x * 1)
        t.where(x > 0, x * x, y)
        t.where(x > 0, x, 0) * x
        t.where(d, p, q) ** 2
        x.masked_fill(x > 0, 1) * x
        x.masked_fill(x > 0, s) * x
        t.lerp(x, y, 0.3) ** 2
        t.lerp(x, y, 0.8) ** 2
        t.lerp(x, y, z)
        t.lerp(c, w, 0.3 + 1j) * c
        t.lerp(c, w, w) * c
        t.addcmul(x, y, z, value=2)
        t.addcdiv(x, y, z, value=2)
        t.addcmul(c, w, w, value=1j)
        t.addcdiv(c, w, w, value=1j)
        t.nan_to_num(x) * x
        t.frexp(x)[0]
        t.round(x, decimals=1)
        t.logit(p, 0.2)
        c.real ** 2
        c.imag ** 2
        c.real * c.imag
        t.view_as_real(c) ** 2
        t.view_as_complex(x[:, :2] * 1) * (1 + 2j)
        t.complex(x, y) ** 2
        t.polar(q, p) * (2 - 1j)
        c.conj() * c
        c.abs() ** 2
        t.angle(c) ** 2
        t.sgn(c) * c
        t.special.erfcx(x)
        t.special.log_ndtr(x)
        t.special.ndtr(x)
        t.polygamma(2, q)
        t.sigmoid(x) * t.tanh(x)
        t.relu(x) * x
        x.abs() * x
        (x * 1).add_(y) * x
        (x * 1).mul_(y) ** 2
        (x * 1).exp_()
        (x * 1).masked_fill_(x > 0, 2.0) * x
        (x * 1).clamp_(-1, 1) * x
        (x * 1).addcmul_(y, z)
        (x * 1).copysign_(-1.0) * x
        sp ** 2
        sp ** 0
        t.relu(sp)
        t.abs(sp)
        t.clamp(sp, 0, 1)
        t.clamp_min(sp, 0)
        t.maximum(sp, sq)
        t.fmin(sp, sq)
        t.nan_to_num(sp)
        t.sqrt(t.where(q > 2, q, 0.0))
    """)


CORPUS = Corpus(
    INPUTS,
    list(dict.fromkeys([*_unary(), *_binary(), *_operators(), *_inplace(), *REST])),
    list(dict.fromkeys(_gradients())),
    other_nodes=(),
)
