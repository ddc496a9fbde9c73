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

    def __init__(self, build, approximate=False, **parameters):
        self.build = build
        # Whether PyTorch's gradients of `rsample` are approximations, of three digits, as those of gamma numbers are.
        self.approximate = approximate
        self.parameters = parameters

    def values(self, torch, seed=0, dtype="float64"):
        """Parameters by name; all but counts are leaves."""
        rng = np.random.default_rng(seed)
        values = {}
        for name, text in self.parameters.items():
            kind, *sizes = text.split()
            array = numbers(kind, tuple(map(int, sizes)), rng)
            values[name] = torch.tensor(array.tolist(), dtype=getattr(torch, dtype), requires_grad=kind != "count")
        return values

    def made(self, torch, seed=0, dtype="float64"):
        """The distribution, and its leaves."""
        values = self.values(torch, seed, dtype)
        return self.build(torch.distributions, **values), [v for v in values.values() if v.requires_grad]


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
    d, _ = case.made(torch, seed)
    sample, _ = drawn(torch, lambda: d.sample((4,)))

    def differentiated(function, by_value=False):
        """Of a new distribution each time: lazy attributes are differentiated once."""
        d, leaves = case.made(torch, seed)
        value = sample.clone().requires_grad_(sample.dtype.is_floating_point)
        inputs = [*leaves, *([value] if by_value and value.requires_grad else [])]
        return attempt(lambda: gradients(torch, function(d, value), inputs))

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
    said["gradients of entropy"] = differentiated(lambda d, value: d.entropy())
    for name in ("mean", "variance"):
        said[f"gradients of {name}"] = differentiated(lambda d, value: getattr(d, name))
    said["sample"] = attempt(lambda: drawn(torch, lambda: d.sample((2, 3))))
    said["one sample"] = attempt(lambda: drawn(torch, d.sample))
    said["rsample"] = attempt(lambda: drawn(torch, lambda: d.rsample((2,))))
    said["gradients of rsample"] = differentiated(lambda d, value: drawn(torch, lambda: d.rsample((2,)))[0])
    for name in ("log_prob", "cdf"):
        said[name] = attempt(lambda: getattr(d, name)(sample))
        said[f"gradients of {name}"] = differentiated(lambda d, value: getattr(d, name)(value), by_value=True)
    quantiles = torch.tensor([0.05, 0.5, 0.8], dtype=torch.float64).reshape(3, *([1] * len(d.batch_shape)))
    said["icdf"] = attempt(lambda: d.icdf(quantiles))
    said["gradients of icdf"] = differentiated(lambda d, value: d.icdf(quantiles))

    for expand in (True, False):
        said[f"enumerate_support {expand}"] = attempt(lambda: d.enumerate_support(expand))
    said["of all values"] = attempt(lambda: d.log_prob(d.enumerate_support()))

    wide = d.expand((2, *d.batch_shape))
    said["expanded"] = repr(wide)
    said["expanded shapes"] = [list(wide.batch_shape), list(wide.event_shape)]
    said["expanded moments"] = [attempt(lambda: getattr(wide, name).shape) for name in ("mean", "variance", "mode")]
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
    "Exponential": Case(lambda D, rate: D.Exponential(rate), rate="positive 3"),
    "Laplace": Case(lambda D, loc, scale: D.Laplace(loc, scale), loc="real 3", scale="positive 2 3"),
    "Cauchy": Case(lambda D, loc, scale: D.Cauchy(loc, scale), loc="real 3", scale="positive 3"),
    "Poisson": Case(lambda D, rate: D.Poisson(8 * rate), rate="positive 3"),
    "Geometric": Case(lambda D, probs: D.Geometric(probs), probs="unit 3"),
    "Geometric of logits": Case(lambda D, logits: D.Geometric(logits=logits), logits="real 2 2"),
    "Binomial": Case(lambda D, probs: D.Binomial(5, probs), probs="unit 3"),
    "Binomial of logits": Case(lambda D, n, logits: D.Binomial(n, logits=logits), n="count 3", logits="real 3"),
    "Multinomial": Case(lambda D, probs: D.Multinomial(6, probs), probs="simplex 2 3"),
    "Multinomial of logits": Case(lambda D, logits: D.Multinomial(4, logits=logits), logits="real 3"),
    "OneHotCategorical": Case(lambda D, probs: D.OneHotCategorical(probs), probs="simplex 2 3"),
    "OneHotCategoricalStraightThrough": Case(
        lambda D, logits: D.OneHotCategoricalStraightThrough(logits=logits), logits="real 4"
    ),
    "LogNormal": Case(lambda D, loc, scale: D.LogNormal(loc, scale), loc="real 3", scale="positive 2 1"),
    "HalfNormal": Case(lambda D, scale: D.HalfNormal(scale), scale="positive 3"),
    "HalfCauchy": Case(lambda D, scale: D.HalfCauchy(scale), scale="positive 3"),
    "Gumbel": Case(lambda D, loc, scale: D.Gumbel(loc, scale), loc="real 3", scale="positive 3"),
    "Gumbel of numbers": Case(lambda D: D.Gumbel(0.5, 2.0)),
    "Weibull": Case(
        lambda D, scale, concentration: D.Weibull(scale, concentration), scale="positive 3", concentration="positive 3"
    ),
    "Pareto": Case(lambda D, scale, alpha: D.Pareto(scale, alpha), scale="positive 3", alpha="positive 3"),
    "Pareto with moments": Case(lambda D, scale, alpha: D.Pareto(scale, 4 + alpha), scale="positive 3", alpha="positive 3"),
    "Kumaraswamy": Case(lambda D, a, b: D.Kumaraswamy(a, b), a="positive 3", b="positive 3"),
    "GeneralizedPareto": Case(
        lambda D, loc, scale, k: D.GeneralizedPareto(loc, scale, k / 8), loc="real 3", scale="positive 3", k="real 3"
    ),
    "MultivariateNormal": Case(
        lambda D, loc, matrix: D.MultivariateNormal(loc, matrix), loc="real 2 3", matrix="definite 3 3"
    ),
    "MultivariateNormal by precision": Case(
        lambda D, loc, matrix: D.MultivariateNormal(loc, precision_matrix=matrix), loc="real 3", matrix="definite 2 3 3"
    ),
    "MultivariateNormal by factor": Case(
        lambda D, loc, factor: D.MultivariateNormal(loc, scale_tril=factor), loc="real 3", factor="tril 3 3"
    ),
    "LowRankMultivariateNormal": Case(
        lambda D, loc, factor, diagonal: D.LowRankMultivariateNormal(loc, factor, diagonal),
        loc="real 2 3", factor="real 3 2", diagonal="positive 3",
    ),
    "LowRankMultivariateNormal, batches": Case(
        lambda D, loc, factor, diagonal: D.LowRankMultivariateNormal(loc, factor, diagonal),
        loc="real 3", factor="real 2 3 1", diagonal="positive 2 3",
    ),
    "MixtureSameFamily": Case(
        lambda D, p, loc, scale: D.MixtureSameFamily(D.Categorical(p), D.Normal(loc, scale)),
        p="simplex 2 3", loc="real 2 3", scale="positive 2 3",
    ),
    "MixtureSameFamily of vectors": Case(
        lambda D, p, loc, scale: D.MixtureSameFamily(D.Categorical(p), D.Independent(D.Normal(loc, scale), 1)),
        p="simplex 3", loc="real 3 2", scale="positive 3 2",
    ),
    "RelaxedBernoulli": Case(lambda D, t, probs: D.RelaxedBernoulli(t, probs), t="positive", probs="unit 3"),
    "RelaxedBernoulli of logits": Case(
        lambda D, t, logits: D.RelaxedBernoulli(t, logits=logits), t="positive", logits="real 3"
    ),
    "LogitRelaxedBernoulli": Case(
        lambda D, t, probs: D.relaxed_bernoulli.LogitRelaxedBernoulli(t, probs), t="positive", probs="unit 3"
    ),
    "RelaxedOneHotCategorical": Case(
        lambda D, t, probs: D.RelaxedOneHotCategorical(1 + t, probs), t="positive", probs="simplex 2 3"
    ),
    "ExpRelaxedCategorical": Case(
        lambda D, t, logits: D.relaxed_categorical.ExpRelaxedCategorical(t, logits=logits), t="positive", logits="real 3"
    ),
    "LogisticNormal": Case(lambda D, loc, scale: D.LogisticNormal(loc, scale), loc="real 2 3", scale="positive 3"),
    "ContinuousBernoulli": Case(lambda D, probs: D.ContinuousBernoulli(probs), probs="unit 3"),
    "ContinuousBernoulli of logits": Case(
        lambda D, logits: D.ContinuousBernoulli(logits=logits / 2, lims=(0.49, 0.51)), logits="real 3"
    ),
    "ContinuousBernoulli by series": Case(
        lambda D, probs: D.ContinuousBernoulli(0.45 + probs / 10, lims=(0.4, 0.6)), probs="unit 3"
    ),
    "ContinuousBernoulli near one half": Case(
        lambda D, probs: D.ContinuousBernoulli(0.5 + 1e-9 * probs), probs="unit 3"
    ),
    "Gamma": Case(lambda D, a, rate: D.Gamma(a, rate), approximate=True, a="positive 2 3", rate="positive 3"),
    "Gamma of small shape": Case(
        lambda D, a, rate: D.Gamma(a / 20, rate), approximate=True, a="positive 3", rate="positive 3"
    ),
    "Gamma of large shape": Case(
        lambda D, a, rate: D.Gamma(30 * a, rate), approximate=True, a="positive 3", rate="positive 3"
    ),
    "Chi2": Case(lambda D, df: D.Chi2(df), approximate=True, df="positive 3"),
    "Beta": Case(lambda D, a, b: D.Beta(a, b), approximate=True, a="positive 3", b="positive 2 1"),
    "Beta of large shapes": Case(lambda D, a, b: D.Beta(8 * a, 20 * b), approximate=True, a="positive 3", b="positive 3"),
    "Dirichlet": Case(lambda D, a: D.Dirichlet(a), approximate=True, a="positive 2 4"),
    "Dirichlet below 1": Case(lambda D, a: D.Dirichlet(a / 10), approximate=True, a="positive 2 3"),
    "StudentT": Case(
        lambda D, df, loc, scale: D.StudentT(3 * df, loc, scale),
        approximate=True, df="positive 2 3", loc="real 3", scale="positive 3",
    ),
    "StudentT of a number": Case(lambda D, df: D.StudentT(df), approximate=True, df="positive 3"),
    "FisherSnedecor": Case(
        lambda D, a, b: D.FisherSnedecor(2 * a, 6 * b), approximate=True, a="positive 3", b="positive 2 1"
    ),
    "InverseGamma": Case(lambda D, a, rate: D.InverseGamma(2 * a, rate), approximate=True, a="positive 3", rate="positive 3"),
    "NegativeBinomial": Case(lambda D, n, probs: D.NegativeBinomial(n, probs), n="count 3", probs="unit 3"),
    "NegativeBinomial of logits": Case(
        lambda D, n, logits: D.NegativeBinomial(n - 1, logits=logits), n="count 3", logits="real 3"
    ),
    "LKJCholesky": Case(lambda D, eta: D.LKJCholesky(3, eta), eta="positive 2"),
    "LKJCholesky of size 2": Case(lambda D, eta: D.LKJCholesky(2, eta), eta="positive"),
    "Wishart": Case(
        lambda D, df, matrix: D.Wishart(4 + df, matrix), approximate=True, df="positive 2", matrix="definite 3 3"
    ),
    "Wishart by precision": Case(
        lambda D, df, matrix: D.Wishart(2 + df, precision_matrix=matrix), approximate=True, df="positive", matrix="definite 2 2"
    ),
    "Wishart by factor": Case(lambda D, factor: D.Wishart(5, scale_tril=factor.tril()), factor="tril 2 3 3"),
    "VonMises": Case(lambda D, loc, k: D.VonMises(loc, k), loc="real 3", k="positive 3"),
    "TransformedDistribution": Case(
        lambda D, loc, scale: D.TransformedDistribution(
            D.Laplace(loc, 1.0), [D.AffineTransform(1.0, -scale), D.SigmoidTransform()]
        ),
        loc="real 3", scale="positive 2 1",
    ),
    "TransformedDistribution of vectors": Case(
        lambda D, loc, factor: D.TransformedDistribution(
            D.MultivariateNormal(loc, scale_tril=factor), [D.TanhTransform(), D.ReshapeTransform((4,), (2, 2))]
        ),
        loc="real 3 4", factor="tril 4 4",
    ),
    "TransformedDistribution that couples": Case(
        lambda D, loc, scale: D.TransformedDistribution(
            D.Normal(loc, scale), [D.StickBreakingTransform(), D.PowerTransform(scale[:1].sum())]
        ),
        loc="real 2 3", scale="positive 3",
    ),
    "TransformedDistribution by none": Case(lambda D, rate: D.TransformedDistribution(D.Exponential(rate), []), rate="positive 2"),
}  # fmt: skip


NO_DIVERGENCE = "no divergence"


def divergence(torch, p, q, seed=0):
    """The divergence of two cases, made of different numbers, and its gradients; None where there is no rule."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (p, of_p), (q, of_q) = CASES[p].made(torch, seed), CASES[q].made(torch, seed + 100)
        if type(p).__name__ == type(q).__name__ == "Wishart":  # PyTorch adds up over a batch, and cuts gradients off
            return NO_DIVERGENCE
        try:
            value = torch.distributions.kl_divergence(p, q)
        except NotImplementedError:
            return None
        except (RuntimeError, ValueError, IndexError):  # shapes that do not go together
            return NO_DIVERGENCE
        if not value.requires_grad or value.isinf().any():  # the derivatives of inf are 0 or nan
            return plain(value), None
        grads = gradients(torch, value, [*of_p, *of_q])
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
    "geometric of 0": lambda t, D: D.Geometric(t.tensor([0.0, 0.5])),
    "gamma": lambda t, D: D.Gamma(0.0, 1.0),
    "gamma's text": lambda t, D: D.Gamma(t.ones(2), 1.0).log_prob(-t.ones(2)),
    "dirichlet of no vector": lambda t, D: D.Dirichlet(t.tensor(1.0)),
    "dirichlet": lambda t, D: D.Dirichlet(t.tensor([1.0, 0.0])),
    "beta": lambda t, D: D.Beta(1.0, -1.0),
    "beta of numbers": lambda t, D: [(d := D.Beta(0.5, 2)), d.concentration1, d.concentration0, d.mean],
    "f": lambda t, D: D.FisherSnedecor(-1.0, 1.0),
    "sum of shares": lambda t, D: D.Dirichlet(t.ones(2)).log_prob(t.ones(2)),
    "degrees": lambda t, D: D.StudentT(-1.0),
    "chi2": lambda t, D: D.Chi2(t.tensor([1.0, -1.0])),
    "certain success": lambda t, D: D.NegativeBinomial(1, t.tensor(1.0)),
    "size of a correlation": lambda t, D: D.LKJCholesky(1),
    "wishart of none": lambda t, D: D.Wishart(3.0),
    "wishart of no matrix": lambda t, D: D.Wishart(3.0, t.ones(2)),
    "wishart of few degrees": lambda t, D: D.Wishart(1.0, t.eye(2)),
    "wishart, indefinite": lambda t, D: D.Wishart(3.0, t.ones(2, 2)),
    "twice": lambda t, D: t.autograd.grad(
        t.autograd.grad(D.Gamma(a := t.ones(2, requires_grad=True), 1.0).rsample().sum(), a, create_graph=True)[0].sum(), a
    ),
    "count": lambda t, D: D.Binomial(-1, t.tensor(0.5)),
    "float count": lambda t, D: D.Multinomial(t.tensor(3), t.ones(2)),
    "two counts": lambda t, D: D.Binomial(t.tensor([1.0, 2.0]), t.tensor(0.5)).entropy(),
    "values of two counts": lambda t, D: D.Binomial(t.tensor([1.0, 2.0]), t.tensor(0.5)).enumerate_support(),
    "too many": lambda t, D: D.Multinomial(2, t.ones(2)).log_prob(t.tensor([2.0, 1.0])),
    "not one-hot": lambda t, D: D.OneHotCategorical(t.ones(2)).log_prob(t.tensor([1.0, 1.0])),
    "loc of no vector": lambda t, D: D.MultivariateNormal(t.zeros(()), t.eye(2)),
    "two ways": lambda t, D: D.MultivariateNormal(t.zeros(2), t.eye(2), t.eye(2)),
    "no matrix": lambda t, D: D.MultivariateNormal(t.zeros(2), t.ones(2)),
    "no precision": lambda t, D: D.MultivariateNormal(t.zeros(2), precision_matrix=t.ones(2)),
    "no factor": lambda t, D: D.MultivariateNormal(t.zeros(2), scale_tril=t.ones(2)),
    "indefinite": lambda t, D: D.MultivariateNormal(t.zeros(2), t.ones(2, 2)),
    "upper factor": lambda t, D: D.MultivariateNormal(t.zeros(2), scale_tril=t.ones(2, 2)),
    "low rank, loc": lambda t, D: D.LowRankMultivariateNormal(t.zeros(()), t.ones(2, 1), t.ones(2)),
    "low rank, factor": lambda t, D: D.LowRankMultivariateNormal(t.zeros(2), t.ones(2), t.ones(2)),
    "low rank, shape": lambda t, D: D.LowRankMultivariateNormal(t.zeros(2), t.ones(3, 1), t.ones(2)),
    "low rank, diagonal": lambda t, D: D.LowRankMultivariateNormal(t.zeros(2), t.ones(2, 1), t.ones(3)),
    "low rank, batches": lambda t, D: D.LowRankMultivariateNormal(t.zeros(3, 2), t.ones(4, 2, 1), t.ones(2)),
    "mixture of none": lambda t, D: D.MixtureSameFamily(D.Normal(t.zeros(2), 1.0), D.Normal(t.zeros(2), 1.0)),
    "mixture of what": lambda t, D: D.MixtureSameFamily(D.Categorical(t.ones(2)), t.zeros(2)),
    "mixed batches": lambda t, D: D.MixtureSameFamily(D.Categorical(t.ones(3, 2)), D.Normal(t.zeros(4, 2), 1.0)),
    "mixed components": lambda t, D: D.MixtureSameFamily(D.Categorical(t.ones(3)), D.Normal(t.zeros(2), 1.0)),
    "continuous": lambda t, D: D.ContinuousBernoulli(1.5, validate_args=True),
    "concentration": lambda t, D: D.VonMises(t.zeros(2), -t.ones(2)),
    "one concentration": lambda t, D: D.VonMises(t.zeros(2), t.ones(2)).expand((3, 2)),
    "no transform": lambda t, D: D.TransformedDistribution(D.Normal(0.0, 1.0), 3),
    "no transforms": lambda t, D: D.TransformedDistribution(D.Normal(0.0, 1.0), [3]),
    "base of a transform": lambda t, D: D.TransformedDistribution(D.Normal(0.0, 1.0), D.StickBreakingTransform()),
    "entropy of transformed": lambda t, D: D.TransformedDistribution(D.Normal(0.0, 1.0), D.ExpTransform()).entropy(),
    "sign": lambda t, D: D.TransformedDistribution(D.Normal(t.zeros(2), 1.0), D.SoftmaxTransform()).cdf(t.ones(2) / 2),
    "jacobian": lambda t, D: D.TransformedDistribution(D.Normal(0.0, 1.0), D.AbsTransform()).log_prob(t.tensor(1.0)),
    "cache": lambda t, D: D.ExpTransform(cache_size=2),
    "reshape": lambda t, D: D.ReshapeTransform((2,), (3,)),
    "reshaped": lambda t, D: D.ReshapeTransform((2,), (2, 1)).forward_shape((3,)),
    "few dimensions": lambda t, D: D.IndependentTransform(D.ExpTransform(), 2)(t.zeros(2)),
    "flat": lambda t, D: D.CorrCholeskyTransform().forward_shape((2,)),
    "square": lambda t, D: D.CorrCholeskyTransform().inverse_shape((2, 3)),
    "event_dim": lambda t, D: D.ReshapeTransform((2,), (2, 1)).event_dim,
    "no sequence": lambda t, D: D.StackTransform([t.exp]),
    "slices": lambda t, D: D.StackTransform([D.ExpTransform()])(t.zeros(2)),
    "slices of y": lambda t, D: D.StackTransform([D.ExpTransform()]).inv(t.zeros(2)),
    "dim": lambda t, D: D.StackTransform([D.ExpTransform()], 1)(t.zeros(2)),
    "dim of y": lambda t, D: D.CatTransform([D.ExpTransform()], 1).log_abs_det_jacobian(t.zeros(1, 1), t.zeros(2)),
    "lengths": lambda t, D: D.CatTransform([D.ExpTransform()], lengths=[1, 2]),
    "length": lambda t, D: D.CatTransform([D.ExpTransform()], lengths=[3])(t.zeros(2)),
    "registry": lambda t, D: D.biject_to(D.constraints.boolean),
    "registering": lambda t, D: D.biject_to.register(3, 4),
    "counts of kl": lambda t, D: D.kl_divergence(D.Binomial(1, t.tensor(0.5)), D.Binomial(2, t.tensor(0.5))),
    "transforms of kl": lambda t, D: D.kl_divergence(
        *(D.TransformedDistribution(D.Normal(0.0, 1.0), T()) for T in (D.ExpTransform, D.TanhTransform))
    ),
    "sizes of kl": lambda t, D: D.kl_divergence(*(D.MultivariateNormal(t.zeros(n), t.eye(n)) for n in (2, 3))),
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


# -- transforms ----------------------------------------------------------------------------------------------------------------


def _sequence(D):
    return [D.ExpTransform(), D.AffineTransform(1.0, -2.0), D.SigmoidTransform()]


# Each with the shape of an argument.
TRANSFORMS = {
    "Abs": (lambda t, D: D.AbsTransform(), (3,)),
    "Affine": (lambda t, D: D.AffineTransform(t.tensor([1.0, 2.0]), t.tensor([[-1.0], [3.0]])), (2, 2)),
    "Affine of numbers": (lambda t, D: D.AffineTransform(1, -2.5), (3,)),
    "Affine of vectors": (lambda t, D: D.AffineTransform(0.5, t.tensor([1.0, -2.0, 3.0]), event_dim=1), (2, 3)),
    "Affine of vectors by a number": (lambda t, D: D.AffineTransform(0.5, 3.0, event_dim=1), (2, 3)),
    "Exp": (lambda t, D: D.ExpTransform(), (3,)),
    "Exp cached": (lambda t, D: D.ExpTransform(cache_size=1), (3,)),
    "inverse of Exp": (lambda t, D: D.ExpTransform().inv, "positive"),
    "Sigmoid": (lambda t, D: D.SigmoidTransform(), (3,)),
    "Softplus": (lambda t, D: D.SoftplusTransform(), (3,)),
    "Tanh": (lambda t, D: D.TanhTransform(), (3,)),
    "Power": (lambda t, D: D.PowerTransform(t.tensor([-0.5, 2.0, 1.0])), "positive"),
    "CumulativeDistribution": (lambda t, D: D.CumulativeDistributionTransform(D.Cauchy(0.5, 2.0)), (3,)),
    "Softmax": (lambda t, D: D.SoftmaxTransform(), (2, 3)),
    "StickBreaking": (lambda t, D: D.StickBreakingTransform(), (2, 3)),
    "LowerCholesky": (lambda t, D: D.transforms.LowerCholeskyTransform(), (2, 3, 3)),
    "PositiveDefinite": (lambda t, D: D.PositiveDefiniteTransform(), (2, 3, 3)),
    "CorrCholesky": (lambda t, D: D.CorrCholeskyTransform(), (2, 6)),
    "Reshape": (lambda t, D: D.ReshapeTransform((2, 3), (6,)), (4, 2, 3)),
    "Independent": (lambda t, D: D.IndependentTransform(D.ExpTransform(), 1), (2, 3)),
    "Compose": (lambda t, D: D.ComposeTransform(_sequence(D)), (3,)),
    "Compose cached": (lambda t, D: D.ComposeTransform(_sequence(D), cache_size=1), (3,)),
    "Compose that couples": (
        lambda t, D: D.ComposeTransform([D.AffineTransform(1.0, 2.0), D.StickBreakingTransform(), D.ExpTransform()]),
        (2, 3),
    ),
    "Compose with a shape": (
        lambda t, D: D.ComposeTransform([D.ExpTransform(), D.ReshapeTransform((6,), (2, 3)), D.ExpTransform().inv]),
        (2, 6),
    ),
    "inverse of Compose": (lambda t, D: D.ComposeTransform(_sequence(D)[:2]).inv.inv, (3,)),
    "identity": (lambda t, D: D.identity_transform, (3,)),
    "Cat": (lambda t, D: D.CatTransform(_sequence(D), -1, [1, 2, 1]), (2, 4)),
    "Cat of vectors": (lambda t, D: D.CatTransform([D.IndependentTransform(D.ExpTransform(), 1)] * 2, 0, [1, 2]), (3, 2)),
    "Cat within vectors": (
        lambda t, D: D.CatTransform([D.IndependentTransform(D.ExpTransform(), 1)] * 2, -1, [1, 2]), (2, 3)
    ),
    "Stack": (lambda t, D: D.StackTransform(_sequence(D), 1), (2, 3)),
}  # fmt: skip


def argument(torch, shape, seed=0):
    rng = np.random.default_rng(seed)
    array = np.exp(rng.normal(size=3)) if shape == "positive" else rng.normal(size=shape)
    return torch.tensor(array.tolist(), dtype=torch.float64)


def transform(torch, name, seed=0):
    """What a transform does with an argument, and says of itself."""
    build, shape = TRANSFORMS[name]
    x = argument(torch, shape, seed)
    made = build(torch, torch.distributions)
    said = {
        key: attempt(lambda: getattr(made, key))
        for key in ("bijective", "sign", "event_dim", "domain", "codomain", "inv")
    }
    y = made(x)
    said["repr"] = repr(made)
    said["y"] = plain(y)
    said["inverse"] = attempt(lambda: made.inv(y))
    said["remembered"] = made.inv(y) is x
    said["log_abs_det_jacobian"] = attempt(lambda: made.log_abs_det_jacobian(x, y))
    said["of the inverse"] = attempt(lambda: made.inv.log_abs_det_jacobian(y, x))
    said["shapes"] = attempt(
        lambda: [made.forward_shape(x.shape), made.inverse_shape(y.shape), made.inv.forward_shape(y.shape)]
    )
    said["equal"] = [
        attempt(lambda: made == build(torch, torch.distributions)),
        attempt(lambda: made.inv == build(torch, torch.distributions).inv),
        made == torch.distributions.TanhTransform(),
    ]
    said["with a cache"] = attempt(lambda: made.with_cache()._cache_size)
    return said


REACHED = (
    "real", "positive", "nonnegative", "unit_interval", "simplex", "lower_cholesky", "corr_cholesky", "positive_definite",
    "positive_semidefinite", "greater_than", "greater_than_eq", "less_than", "interval", "half_open_interval",
    "independent", "independent of independent", "cat", "stack",
)  # fmt: skip


def reached(torch, name):
    """The transforms onto a constraint."""
    D = torch.distributions
    made = CONSTRAINTS[name](D.constraints)
    return [attempt(lambda: registry(made)) for registry in (D.biject_to, D.transform_to)]


def everything(torch):
    """The golden file's content."""
    kl = {f"{p} | {q}": divergence(torch, p, q) for p in CASES for q in CASES}
    return {
        "answers": {name: answers(torch, case) for name, case in CASES.items()},
        "divergences": {pair: value for pair, value in kl.items() if value is not None},
        "mistakes": {name: mistake(torch, name) for name in MISTAKES},
        "constraints": {name: constraint(torch, name) for name in CONSTRAINTS},
        "transforms": {name: transform(torch, name) for name in TRANSFORMS},
        "reached": {name: reached(torch, name) for name in REACHED},
    }
