"""Distributions against mathematics alone: derivatives, inverses, sums over all values, and means over samples."""

import math
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import rushlight as torch
from rushlight.autograd import gradcheck

from .cases import CASES

pytest.importorskip("scipy", reason="lgamma, erfinv and their like need SciPy")


def have(method):
    """The cases that have a method."""
    kept = []
    for name, case in CASES.items():
        d, _ = case.made(torch)
        try:
            method(d)
        except NotImplementedError:
            continue
        kept.append(name)
    return kept


def sample_of(d, *shape):
    torch.manual_seed(1)
    return d.sample(shape)


SHAPED = {"definite": lambda m: (m + m.mT) / 2, "tril": lambda m: m.tril()}


def rebuilt(name, call):
    """``call`` of a distribution, as a function of its parameters, and these."""
    case = CASES[name]
    values = case.values(torch)
    leaves = {key: value for key, value in values.items() if value.requires_grad}

    def function(*given):
        # What differs by a little in one element is still a matrix of its kind.
        shaped = {k: SHAPED.get(case.parameters[k].split()[0], lambda v: v)(v) for k, v in zip(leaves, given)}
        return call(case.build(torch.distributions, **values | shaped))

    return function, list(leaves.values())


@pytest.mark.parametrize("name", CASES)
def test_derivatives_of_log_prob(name):
    value = sample_of(CASES[name].made(torch)[0], 2)
    function, leaves = rebuilt(name, lambda d: d.log_prob(value))
    if leaves:
        assert gradcheck(function, leaves)


@pytest.mark.parametrize("name", have(lambda d: d.entropy()))
def test_derivatives_of_entropy(name):
    function, leaves = rebuilt(name, lambda d: d.entropy())
    if leaves and function(*leaves).requires_grad:
        assert gradcheck(function, leaves)


@pytest.mark.parametrize("name", have(lambda d: d.icdf(torch.tensor(0.5, dtype=torch.float64))))
def test_cdf_and_its_inverse(name):
    d, _ = CASES[name].made(torch)
    quantiles = torch.tensor([0.1, 0.3, 0.5, 0.9], dtype=torch.float64).reshape(4, *(1 for _ in d.batch_shape))
    values = d.icdf(quantiles)
    assert torch.allclose(d.cdf(values), quantiles.expand_as(values), atol=1e-7)


# Between its limits the function is a straight line, which far from one half is not exact.
@pytest.mark.parametrize("name", [n for n in have(lambda d: d.cdf(d.sample())) if n != "ContinuousBernoulli by series"])
def test_density_is_the_derivative_of_the_cdf(name):
    d, _ = CASES[name].made(torch)
    if d.support.is_discrete:
        pytest.skip("steps have no derivative")
    value = sample_of(d, 5).requires_grad_()
    (slope,) = torch.autograd.grad(d.cdf(value).sum(), value)
    assert torch.allclose(slope, d.log_prob(value).exp(), atol=1e-7)


@pytest.mark.parametrize("name", have(lambda d: d.enumerate_support()))
def test_probabilities_of_all_values(name):
    d, _ = CASES[name].made(torch)
    probabilities = d.log_prob(d.enumerate_support()).exp()
    assert torch.allclose(probabilities.sum(0), torch.ones(d.batch_shape, dtype=torch.float64))


def moment(d, name):
    """The mean or variance, if there is one and it is finite."""
    try:
        value = getattr(d, name)
    except NotImplementedError:
        return None
    return value if value.isfinite().all() and value.numel() else None


@pytest.mark.parametrize("name", [n for n in have(lambda d: d.mean) if n != "VonMises"])
def test_moments_of_samples(name):
    d, _ = CASES[name].made(torch)
    if moment(d, "mean") is None or moment(d, "variance") is None:
        pytest.skip("infinite, or of no number")
    n = 4000
    sample = sample_of(d, n)
    error = (d.variance / n).sqrt()
    assert ((sample.mean(0) - d.mean).abs() < 5 * error + 1e-9).all()


def test_circular_moments_of_samples():
    d, _ = CASES["VonMises"].made(torch)
    sample = sample_of(d, 4000)
    cosine, sine = sample.cos().mean(0), sample.sin().mean(0)
    assert torch.allclose(torch.atan2(sine, cosine), d.mean, atol=0.1)
    assert torch.allclose(1 - torch.hypot(sine, cosine), d.variance, atol=0.05)
    assert (sample.abs() <= math.pi).all()


@pytest.mark.parametrize("name", have(lambda d: d.entropy()))
def test_entropy_of_samples(name):
    d, _ = CASES[name].made(torch)
    n = 4000
    surprise = -d.log_prob(sample_of(d, n)).detach()
    assert ((surprise.mean(0) - d.entropy()).abs() < 5 * surprise.std(0) / math.sqrt(n) + 1e-9).all()


@contextmanager
def unchecked():
    torch.distributions.Distribution.set_default_validate_args(False)
    try:
        yield
    finally:
        torch.distributions.Distribution.set_default_validate_args(True)


def pairs():
    found = []
    for p in CASES:
        for q in CASES:
            first, second = CASES[p].made(torch)[0], CASES[q].made(torch, 100)[0]
            if first.batch_shape == second.batch_shape and first.event_shape == second.event_shape:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        torch.distributions.kl_divergence(first, second)
                    except NotImplementedError:
                        continue
                found.append((p, q))
    return found


@pytest.mark.parametrize(("p", "q"), pairs())
def test_divergence_of_samples(p, q):
    n = 4000
    with unchecked():  # samples of the one may be none of the other
        (p, _), (q, _) = CASES[p].made(torch), CASES[q].made(torch, 100)
        divergence = torch.distributions.kl_divergence(p, q).detach()
        value = sample_of(p, n)
        ratio = (p.log_prob(value) - q.log_prob(value)).detach()
    close = (ratio.mean(0) - divergence).abs() < 6 * ratio.std(0) / math.sqrt(n) + 1e-9
    assert (close | divergence.isinf()).all()
    assert not (ratio.isposinf().any(0) & divergence.isfinite()).any()
    assert not divergence.isnan().any()


def implicit_gradient(quantile, sample, u, parameter):
    """By a difference quotient of the quantile function: SciPy's, not of what the library differentiates."""
    h = 1e-4 * parameter
    return (quantile(parameter + h, u) - quantile(parameter - h, u)) / (2 * h)


def test_gradients_of_gamma_numbers():
    from scipy import special

    a = np.exp(np.random.default_rng(0).normal(size=300) * 2.5)
    concentration = torch.tensor(a, requires_grad=True)
    sample = torch.distributions.Gamma(concentration, torch.ones(300, dtype=torch.float64)).rsample()
    (ours,) = torch.autograd.grad(sample.sum(), concentration)
    z = sample.detach().numpy()
    upper = z > a
    u = np.where(upper, special.gammaincc(a, z), special.gammainc(a, z))
    expected = np.where(
        upper,
        implicit_gradient(special.gammainccinv, z, u, a),
        implicit_gradient(special.gammaincinv, z, u, a),
    )
    away = (u > 1e-200) & (z > 1e-40)  # where the quantile can be computed
    assert away.sum() > 200
    np.testing.assert_allclose(ours.numpy()[away], expected[away], rtol=2e-5)


def test_gradients_of_beta_numbers():
    from scipy import special

    rng = np.random.default_rng(1)
    a, b = np.exp(rng.normal(size=(2, 200)) * 1.5)
    first = torch.tensor(a, requires_grad=True)
    second = torch.tensor(b, requires_grad=True)
    sample = torch.distributions.Beta(first, second).rsample()
    ours = torch.autograd.grad(sample.sum(), (first, second))
    x = sample.detach().numpy()
    u = special.betainc(a, b, x)
    by_a = implicit_gradient(lambda a, u: special.betaincinv(a, b, u), x, u, a)
    by_b = implicit_gradient(lambda b, u: special.betaincinv(a, b, u), x, u, b)
    away = (u > 0.01) & (u < 0.99)
    np.testing.assert_allclose(ours[0].numpy()[away], by_a[away], rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(ours[1].numpy()[away], by_b[away], rtol=1e-4, atol=1e-9)


def test_gradients_of_shares():
    """Their sum is always 1; forward and backward mode are transposed; an only share never moves."""
    a = torch.tensor([[0.3, 2.0, 5.0]], dtype=torch.float64, requires_grad=True)

    def draw(a):
        torch.manual_seed(2)
        return torch._sample_dirichlet(a)

    assert torch.autograd.grad(draw(a).sum(), a)[0].abs().max() < 1e-12
    forward, backward = torch.func.jacfwd(draw, randomness="same")(a), torch.func.jacrev(draw)(a)
    assert torch.allclose(forward, backward)
    gamma = lambda a: (torch.manual_seed(2), torch._standard_gamma(a))[1]
    assert torch.allclose(torch.func.jacfwd(gamma, randomness="same")(a), torch.func.jacrev(gamma)(a))
    only = torch.ones(2, 1, requires_grad=True)
    assert torch.autograd.grad(torch._sample_dirichlet(only).sum(), only)[0].tolist() == [[0.0], [0.0]]


def test_gradients_flow_where_rsample_says_so():
    loc = torch.zeros(3, requires_grad=True)
    normal = torch.distributions.Normal(loc, 1.0)
    assert normal.rsample().requires_grad
    assert not normal.sample().requires_grad
    normal.rsample((4,)).sum().backward()
    assert loc.grad.tolist() == [4, 4, 4]


def test_score_function():
    """REINFORCE: the gradient of log_prob times a reward is that of the mean reward."""
    logits = torch.tensor([0.1, -0.4, 0.8], dtype=torch.float64, requires_grad=True)
    reward = torch.tensor([1.0, 2.0, -3.0], dtype=torch.float64)
    policy = torch.distributions.Categorical(logits=logits)
    actions = policy.enumerate_support()
    surrogate = (policy.probs.detach() * policy.log_prob(actions) * reward).sum()
    (estimate,) = torch.autograd.grad(surrogate, logits)
    (exact,) = torch.autograd.grad((logits.softmax(0) * reward).sum(), logits)
    assert torch.allclose(estimate, exact)


def test_expansion_copies_nothing_and_computes_anew():
    d = torch.distributions.Bernoulli(torch.tensor([0.2, 0.5]))
    assert d.logits is d.logits
    wide = d.expand((3, 2))
    assert wide.probs.data_ptr() == d.probs.data_ptr()
    assert wide.logits.shape == (3, 2)
    assert torch.equal(wide.logits[1], d.logits)


def test_a_subclass_hands_on_what_it_expanded():
    class Labelled(torch.distributions.Normal):
        def __init__(self, loc, label):
            self.label = label
            super().__init__(loc, 1.0)

        def expand(self, batch_shape, _instance=None):
            new = self._get_checked_instance(Labelled, _instance)
            new.label = self.label + "s"
            return super().expand(batch_shape, _instance=new)

    wide = Labelled(torch.zeros(2), "seat").expand((3, 2))
    assert type(wide) is Labelled
    assert wide.label == "seats"
    assert wide.sample().shape == (3, 2)


def test_arguments_are_checked_by_default_until_told_otherwise():
    with unchecked():
        torch.distributions.Normal(0.0, -1.0)
    with pytest.raises(ValueError, match="Expected parameter scale"):
        torch.distributions.Normal(0.0, -1.0)


def test_lazy_attributes_have_a_history_though_nothing_is_recorded():
    logits = torch.zeros(2, requires_grad=True)
    d = torch.distributions.Bernoulli(logits=logits)
    with torch.no_grad():
        assert d.probs.requires_grad


def test_sample_n_is_deprecated():
    with pytest.warns(FutureWarning, match="sample_n"):
        assert torch.distributions.Normal(0.0, 1.0).sample_n(3).shape == (3,)


def test_what_a_subclass_does_not_say_is_warned_of():
    class Bare(torch.distributions.Distribution):
        pass

    with pytest.warns(UserWarning, match="does not define `arg_constraints`"):
        Bare()
    with pytest.warns(UserWarning, match="does not define `support`"):
        type("Mute", (torch.distributions.Distribution,), {"arg_constraints": {}})()._validate_sample(torch.zeros(()))


def test_rules_that_disagree_are_warned_of():
    from rushlight.distributions import Normal, kl, kl_divergence, register_kl

    class Special(Normal):
        pass

    register_kl(Special, Normal)(lambda p, q: "left")
    register_kl(Normal, Special)(lambda p, q: "right")
    try:
        with pytest.warns(RuntimeWarning, match=r"Please register_kl\(Special, Special\)"):
            assert kl_divergence(Special(0.0, 1.0), Special(0.0, 1.0)) == "left"
        with pytest.raises(TypeError, match="Expected type_q"):
            register_kl(Normal, 3)
    finally:
        for pair in ((Special, Normal), (Normal, Special)):
            del kl._RULES[pair]
        kl._rule_for.cache_clear()


def test_distributions_load_when_asked_for():
    import subprocess
    import sys

    code = "import sys, rushlight; assert 'rushlight.distributions' not in sys.modules; rushlight.distributions.Normal"
    subprocess.run([sys.executable, "-c", code], check=True)
