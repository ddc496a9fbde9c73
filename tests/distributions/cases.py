"""What distributions are asked, written for PyTorch and Rushlight alike: the golden file and the tests ask these.

An answer is made of numbers, strings and lists; a tensor becomes its dtype, shape and values, an exception its type and
first line.
"""

import math
import warnings

import numpy as np


def numbers(kind, shape, rng):
    """Parameters of one kind: an array of ``shape``, at random."""
    if kind == "real":
        return rng.normal(size=shape)
    if kind == "positive":
        return np.exp(0.6 * rng.normal(size=shape))
    if kind == "unit":
        return rng.uniform(0.05, 0.95, shape)
    if kind == "simplex":
        weights = rng.uniform(0.1, 1.0, shape)
        return weights / weights.sum(-1, keepdims=True)
    if kind == "count":
        return rng.integers(1, 9, shape).astype(float)
    factors = np.tril(rng.normal(size=shape), -1) + np.exp(rng.normal(size=shape) / 2) * np.eye(shape[-1])
    return factors if kind == "tril" else factors @ np.swapaxes(factors, -1, -2)


class Case:
    """A distribution to build: ``build(distributions, **parameters)``; each parameter is ``"kind size size ..."``."""

    def __init__(self, build, **parameters):
        self.build = build
        self.parameters = parameters

    def made(self, torch, seed=0, dtype="float64"):
        """The distribution, and its parameters as leaves."""
        rng = np.random.default_rng(seed)
        leaves = {}
        for name, text in self.parameters.items():
            kind, *sizes = text.split()
            array = numbers(kind, tuple(map(int, sizes)), rng)
            leaves[name] = torch.tensor(array.tolist(), dtype=getattr(torch, dtype), requires_grad=True)
        return self.build(torch.distributions, **leaves), leaves


def plain(value):
    if hasattr(value, "detach"):
        value = value.detach()
        return [str(value.dtype).rpartition(".")[2], list(value.shape), value.reshape(-1).tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value if isinstance(value, (bool, int, float)) or value is None else str(value)


def attempt(function):
    """What ``function()`` gives, in words and numbers."""
    try:
        return plain(function())
    except (
        NotImplementedError,
        ValueError,
        TypeError,
        RuntimeError,
        AttributeError,
        IndexError,
        AssertionError,
    ) as error:
        kinds = (NotImplementedError, ValueError, TypeError, RuntimeError, AttributeError, IndexError, AssertionError)
        kind = next(k for k in kinds if isinstance(error, k)).__name__
        return {"raises": kind, "says": str(error).partition("\n")[0].replace("rushlight", "torch")}


def gradients(torch, value, leaves):
    """Of a weighted sum, by each of the leaves; None where there is none."""
    weights = torch.linspace(0.5, 1.5, value.numel(), dtype=value.dtype).reshape(value.shape)
    return torch.autograd.grad((value * weights).sum(), leaves, allow_unused=True)


def drawn(torch, draw):
    """Numbers, and the stream's next one."""
    torch.manual_seed(3)
    return draw(), torch.rand(1)


def answers(torch, case, seed=0):
    """All that a distribution says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _answers(torch, case, seed)


def _answers(torch, case, seed):
    d, leaves = case.made(torch, seed)
    leaves = list(leaves.values())
    said = {
        name: attempt(lambda: getattr(d, name))
        for name in (
            "batch_shape", "event_shape", "has_rsample", "has_enumerate_support", "support", "arg_constraints", "mean",
            "mode", "variance", "stddev", "__repr__",
        )
        if name != "__repr__"
    }  # fmt: skip
    said["repr"] = repr(d)
    said["entropy"] = attempt(d.entropy)
    said["perplexity"] = attempt(d.perplexity)
    said["gradients of entropy"] = attempt(lambda: gradients(torch, d.entropy(), leaves))
    for name in ("mean", "variance"):
        said[f"gradients of {name}"] = attempt(lambda: gradients(torch, getattr(d, name), leaves))
    said["sample"] = attempt(lambda: drawn(torch, lambda: d.sample((2, 3))))
    said["one sample"] = attempt(lambda: drawn(torch, d.sample))
    said["rsample"] = attempt(lambda: drawn(torch, lambda: d.rsample((2,))))
    said["gradients of rsample"] = attempt(lambda: gradients(torch, drawn(torch, lambda: d.rsample((2,)))[0], leaves))

    sample, _ = drawn(torch, lambda: d.sample((4,)))
    value = sample.clone().requires_grad_() if sample.dtype.is_floating_point else sample
    inputs = [*leaves, value] if sample.dtype.is_floating_point else leaves
    for name in ("log_prob", "cdf"):
        said[name] = attempt(lambda: getattr(d, name)(value))
        said[f"gradients of {name}"] = attempt(lambda: gradients(torch, getattr(d, name)(value), inputs))
    quantiles = torch.tensor([0.05, 0.5, 0.8], dtype=torch.float64).reshape(3, *([1] * len(d.batch_shape)))
    said["icdf"] = attempt(lambda: d.icdf(quantiles))
    said["gradients of icdf"] = attempt(lambda: gradients(torch, d.icdf(quantiles), leaves))

    for expand in (True, False):
        said[f"enumerate_support {expand}"] = attempt(lambda: d.enumerate_support(expand))
    said["of all values"] = attempt(lambda: d.log_prob(d.enumerate_support()))

    wide = d.expand((2, *d.batch_shape))
    said["expanded"] = repr(wide)
    said["expanded shapes"] = [list(wide.batch_shape), list(wide.event_shape)]
    said["expanded sample"] = attempt(lambda: drawn(torch, wide.sample))
    said["expanded log_prob"] = attempt(lambda: wide.log_prob(sample[:2]))
    said["single"] = attempt(lambda: drawn(torch, lambda: case.made(torch, seed, "float32")[0].sample((5,))))
    return said


CASES = {
    "Normal": Case(lambda D, loc, scale: D.Normal(loc, scale), loc="real 2 3", scale="positive 3"),
    "Normal of numbers": Case(lambda D, scale: D.Normal(0.5, scale), scale="positive"),
    "Uniform": Case(lambda D, low, width: D.Uniform(low, low + width), low="real 3", width="positive 2 1"),
    "Bernoulli": Case(lambda D, probs: D.Bernoulli(probs), probs="unit 2 3"),
    "Bernoulli of logits": Case(lambda D, logits: D.Bernoulli(logits=logits), logits="real 4"),
    "Categorical": Case(lambda D, probs: D.Categorical(probs), probs="positive 2 4"),
    "Categorical of logits": Case(lambda D, logits: D.Categorical(logits=logits), logits="real 3"),
    "Independent": Case(
        lambda D, loc, scale: D.Independent(D.Normal(loc, scale), 1), loc="real 2 3", scale="positive 2 3"
    ),
    "Independent of Bernoulli": Case(lambda D, p: D.Independent(D.Bernoulli(p), 2), p="unit 2 1 2"),
    "Independent of none": Case(lambda D, p: D.Independent(D.Categorical(p), 0), p="unit 2 3"),
}


def divergence(torch, p, q, seed=0):
    """The divergence of two cases, made of different numbers, and its gradients; None where there is no rule."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (p, of_p), (q, of_q) = CASES[p].made(torch, seed), CASES[q].made(torch, seed + 100)
        try:
            value = torch.distributions.kl_divergence(p, q)
        except NotImplementedError:
            return None
        except (RuntimeError, ValueError):  # shapes that do not go together
            return "no divergence"
        if not value.requires_grad:
            return plain(value), None
        grads = gradients(torch, value.nan_to_num(posinf=0.0), [*of_p.values(), *of_q.values()])
        return plain(value), plain(grads)


# -- mistakes, and what is said of them ------------------------------------------------------------------------------------


def _subclass(torch):
    class Shifted(torch.distributions.Normal):
        def __init__(self, loc):
            super().__init__(loc, 1.0)

    return Shifted(torch.zeros(2)).expand((3, 2))


def _plain_subclass(torch):
    class Odd(torch.distributions.Distribution):
        arg_constraints = {}

    return Odd().expand((2,))


MISTAKES = {
    "scale": lambda t, D: D.Normal(0.0, -1.0),
    "nan": lambda t, D: D.Normal(t.tensor([0.0, math.nan]), t.ones(2)),
    "text": lambda t, D: D.Normal("0", 1.0),
    "parameter": lambda t, D: D.Normal(0.0, t.nn.Parameter(-t.ones(2))),
    "low above high": lambda t, D: D.Uniform(1.0, t.zeros(2)),
    "probability": lambda t, D: D.Bernoulli(1.5),
    "both": lambda t, D: D.Bernoulli(0.5, 0.5),
    "neither": lambda t, D: D.Categorical(),
    "0-d probs": lambda t, D: D.Categorical(t.tensor(1.0)),
    "0-d logits": lambda t, D: D.Categorical(logits=t.tensor(1.0)),
    "negative probs": lambda t, D: D.Categorical(t.tensor([-1.0, 2.0])),
    "shapes": lambda t, D: D.Normal(t.zeros(2), t.ones(3)),
    "no tensor": lambda t, D: D.Normal(0.0, 1.0).log_prob(0.0),
    "no sample": lambda t, D: D.Bernoulli(t.tensor([0.5, 0.5])).log_prob(t.tensor([0.5, 1.0])),
    "outside": lambda t, D: D.Uniform(0.0, 1.0).cdf(t.tensor(2.0)),
    "category": lambda t, D: D.Categorical(t.ones(3)).log_prob(t.tensor(3)),
    "shape of a sample": lambda t, D: D.Normal(t.zeros(2), 1.0).log_prob(t.zeros(3)),
    "unchecked": lambda t, D: D.Uniform(0.0, 1.0, validate_args=False).log_prob(t.tensor(2.0)),
    "unchecked, expanded": lambda t, D: D.Uniform(0.0, 1.0, validate_args=False).expand((2,)).log_prob(t.tensor(2.0)),
    "too many dimensions": lambda t, D: D.Independent(D.Normal(t.zeros(2), 1.0), 2),
    "event": lambda t, D: D.Independent(D.Normal(t.zeros(2), 1.0), 1).log_prob(t.zeros(())),
    "expand": lambda t, D: D.Normal(t.zeros(2), 1.0).expand((3,)),
    "subclass": lambda t, D: _subclass(t),
    "plain subclass": lambda t, D: _plain_subclass(t),
    "rsample": lambda t, D: D.Bernoulli(0.5).rsample(),
    "icdf": lambda t, D: D.Bernoulli(0.5).icdf(t.tensor(0.5)),
    "base": lambda t, D: D.Distribution(validate_args=False).mean,
    "mode of base": lambda t, D: D.Distribution(validate_args=False).mode,
    "default": lambda t, D: D.Distribution.set_default_validate_args(3),
    "kl": lambda t, D: D.kl_divergence(D.Normal(0.0, 1.0), D.Categorical(t.ones(2))),
    "dims of kl": lambda t, D: D.kl_divergence(*(D.Independent(D.Normal(t.zeros(2, 2), 1.0), n) for n in (1, 2))),
    "enumeration": lambda t, D: D.Independent(D.Bernoulli(t.ones(2)), 1).enumerate_support(),
    "attribute": lambda t, D: D.constraints.dependent.check(t.zeros(2)),
    "static": lambda t, D: D.constraints.dependent.event_dim,
    "negative dims": lambda t, D: D.constraints.independent(D.constraints.real, -1),
}  # fmt: skip


def mistake(torch, name):
    return attempt(lambda: repr(MISTAKES[name](torch, torch.distributions)))


# -- constraints -------------------------------------------------------------------------------------------------------------

VALUES = [
    [-1.0, 0.0, 0.5, 1.0, 2.0, math.inf, math.nan],
    [[0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [1.0, 1.0, 0.0], [-0.5, 1.5, 0.0]],
    [[[1.0, 0.0], [0.6, 0.8]], [[2.0, 1.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]],
    [[[1.0, 0.0, 0.0], [0.6, 0.8, 0.0]]],
]
CONSTRAINTS = {
    **{
        name: lambda c, name=name: getattr(c, name)
        for name in (
            "boolean", "one_hot", "nonnegative_integer", "positive_integer", "real", "real_vector", "positive",
            "nonnegative", "unit_interval", "simplex", "lower_triangular", "lower_cholesky", "corr_cholesky", "square",
            "symmetric", "positive_semidefinite", "positive_definite", "dependent",
        )
    },
    "integer_interval": lambda c: c.integer_interval(0, 1),
    "greater_than": lambda c: c.greater_than(0.5),
    "greater_than_eq": lambda c: c.greater_than_eq(0.5),
    "less_than": lambda c: c.less_than(0.5),
    "interval": lambda c: c.interval(-1, 0.5),
    "half_open_interval": lambda c: c.half_open_interval(-1, 0.5),
    "multinomial": lambda c: c.multinomial(1),
    "independent": lambda c: c.independent(c.positive, 1),
    "independent of independent": lambda c: c.independent(c.real_vector, 1),
    "cat": lambda c: c.cat([c.positive, c.real], -1, [1, 1]),
    "stack": lambda c: c.stack([c.positive, c.real, c.unit_interval], -1),
    "stack of vectors": lambda c: c.stack([c.simplex, c.real_vector], -2),
    "mixture": lambda c: c.MixtureSameFamilyConstraint(c.unit_interval),
}  # fmt: skip


def constraint(torch, name):
    """What a constraint says of itself, and of all values."""
    made = CONSTRAINTS[name](torch.distributions.constraints)
    said = {key: attempt(lambda: getattr(made, key)) for key in ("event_dim", "is_discrete")}
    said["repr"] = repr(made)
    said["checks"] = [attempt(lambda: made.check(torch.tensor(v, dtype=torch.float64))) for v in VALUES]
    return said


def everything(torch):
    """The golden file's content."""
    kl = {f"{p} | {q}": divergence(torch, p, q) for p in CASES for q in CASES}
    return {
        "answers": {name: answers(torch, case) for name, case in CASES.items()},
        "divergences": {pair: value for pair, value in kl.items() if value is not None},
        "mistakes": {name: mistake(torch, name) for name in MISTAKES},
        "constraints": {name: constraint(torch, name) for name in CONSTRAINTS},
    }
