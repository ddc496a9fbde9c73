"""Samples of copies, conversions, and of random draws, which have derivatives of zero."""

from __future__ import annotations

import rushlight as torch
from rushlight._ops.gamma_variates import dirichlet_slope_p, gamma_slope_p

from . import Sample, numbers


def _drawn(draw):
    """A draw that gives the same numbers at every call, as a function of its parameters."""

    def function(*tensors):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return draw(*tensors)

    return function


def _over(name, *args):
    """``x`` overwritten by a draw: nothing of ``x`` is left in the result."""
    return [Sample(_drawn(lambda x: getattr(x * 1.0, name)(*args)), numbers(2, 3), label=name)]


SAMPLES = {
    "Clone": [
        Sample(torch.clone, numbers(2, 3), complex=True),
        Sample(torch.clone, numbers(2, 3).T, complex=True),
        Sample(torch.clone, numbers()),
        Sample(lambda x: x.t().contiguous(), numbers(2, 3), complex=True),
    ],
    "ToCopy": [
        Sample(lambda x: x.to(torch.complex128) * (1 + 2j), numbers(2, 3)),
        Sample(lambda x: (x.to(torch.complex128) * 1j).imag, numbers(3)),
        # To float32 and back loses what a difference quotient needs: the identity at numbers that float32 holds
        # is checked by the tests of conversions.
    ],
    "Bernoulli": [Sample(_drawn(torch.bernoulli), numbers(2, 3, low=0.1, high=0.9))],
    "Poisson": [Sample(_drawn(torch.poisson), numbers(2, 3, low=1.0, high=5.0))],
    # A sample moves with its mean, but PyTorch's derivative of it is zero: nothing to check with differences.
    "NormalBackward1": [Sample(_drawn(lambda m: torch.normal(m, 1.0)), numbers(3), order=0)],
    "NormalBackward2": [Sample(_drawn(lambda s: torch.normal(0.0, s)), numbers(3, low=0.5), order=0)],
    "NormalBackward3": [Sample(_drawn(torch.normal), numbers(3), numbers(3, seed=1, low=0.5), order=0)],
    # A gamma number's derivative is that of its quantile, not of the steps by which it was drawn: see tests/distributions.
    "StandardGamma": [Sample(_drawn(torch._standard_gamma), numbers(2, 3, low=0.2, high=5.0), order=0)],
    "StandardGammaGrad": [
        Sample(
            lambda a, z: gamma_slope_p.bind(a, z), numbers(5, low=0.2, high=5.0), numbers(5, low=0.2, high=5.0), order=0
        )
    ],
    "_DirichletBackward": [Sample(_drawn(torch._sample_dirichlet), numbers(2, 3, low=0.2, high=5.0), order=0)],
    "DirichletGrad": [
        Sample(
            lambda x, a: dirichlet_slope_p.bind(x, a, a.sum(-1, keepdim=True)),
            numbers(2, 3, low=0.1, high=0.9),
            numbers(2, 3, low=0.2, high=5.0),
            order=0,
        )
    ],
    "Uniform": _over("uniform_"),
    "Normal": _over("normal_"),
    "BernoulliBackward2": _over("bernoulli_", 0.5),
    "BernoulliBackward1": [
        Sample(_drawn(lambda x: (x * 1.0).bernoulli_(torch.full((2, 3), 0.5, dtype=torch.float64))), numbers(2, 3))
    ],
    "RandomBackward2": _over("random_", 10),
    "Exponential": _over("exponential_"),
    "Geometric": _over("geometric_", 0.5),
    "Cauchy": _over("cauchy_"),
    "LogNormal": _over("log_normal_"),
}
