"""Transforms against mathematics: Jacobians, inverses, and what a cache remembers."""

import copy
import pickle

import pytest

import rushlight as torch
from rushlight import distributions as D
from rushlight.autograd.functional import jacobian

from .cases import TRANSFORMS, argument


def build(name):
    make, shape = TRANSFORMS[name]
    return make(torch, D), argument(torch, shape)


def free(codomain, y):
    """Of the numbers of ``y`` as many as are free."""
    while hasattr(codomain, "base_constraint") and codomain.event_dim != 1:
        codomain = codomain.base_constraint
    if repr(codomain) == "Simplex()":
        return y[..., :-1]
    return D.utils.tril_matrix_to_vec(y, diag=-1) if repr(codomain) == "CorrCholesky()" else y


def have(method):
    kept = []
    for name in TRANSFORMS:
        made, x = build(name)
        try:
            method(made, x)
        except NotImplementedError:
            continue
        kept.append(name)
    return kept


# Beyond a simplex no coordinates are free by themselves.
MEASURED = [n for n in have(lambda t, x: t.log_abs_det_jacobian(x, t(x))) if n != "Compose that couples"]


@pytest.mark.parametrize("name", MEASURED)
def test_log_abs_det_jacobian(name):
    made, x = build(name)
    matrix = jacobian(lambda x: free(made.codomain, made(x)).reshape(-1), x).reshape(x.numel(), x.numel())
    expected = torch.linalg.slogdet(matrix).logabsdet
    assert torch.allclose(made.log_abs_det_jacobian(x, made(x)).sum().double(), expected)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_inverse(name):
    made, x = build(name)
    y = made(x)
    if made.bijective:
        assert torch.allclose(made.inv(y), x)
    assert torch.allclose(made(made.inv(y)), y)
    assert made.inv.inv is made
    assert made.codomain.check(y).all()


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_cache_gives_back_the_very_argument(name):
    made, x = build(name)
    cached = made.with_cache()
    assert cached.inv(cached(x)) is x or not cached.parts
    assert cached.with_cache() is cached
    if not name.endswith("cached"):
        assert made.inv(made(x)) is not x or made == D.identity_transform or name == "Abs"


def test_a_cache_keeps_densities_exact():
    """Of tanh(30) = 1 the inverse is infinite: what was drawn is remembered."""
    d = D.TransformedDistribution(D.Normal(30.0, 1.0), D.TanhTransform(cache_size=1), validate_args=False)
    assert d.log_prob(d.rsample()).isfinite()
    d.transforms[0] = D.TanhTransform()
    assert not d.log_prob(d.rsample()).isfinite()


@pytest.mark.parametrize("dup", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_copies(dup):
    made = D.ComposeTransform([D.ExpTransform(), D.AffineTransform(1.0, 2.0)])
    assert made.inv.inv is made
    assert dup(made) == made
    assert dup(made.inv) == made.inv


def test_scales_of_vectors_count_for_each_element():
    """A scale that broadcasts is that of every element of a vector."""
    made = D.AffineTransform(0.0, torch.tensor(3.0), event_dim=1)
    x = torch.zeros(2, 4)
    assert torch.allclose(made.log_abs_det_jacobian(x, made(x)), 4 * torch.tensor(3.0).log().expand(2))


@pytest.mark.parametrize("registry", [D.biject_to, D.transform_to])
def test_registries_reach_their_constraints(registry):
    c = D.constraints
    low, high = torch.tensor([0.0, 1.0]), torch.tensor([2.0, 3.0])
    for constraint in (
        c.real,
        c.positive,
        c.less_than(high),
        c.interval(low, high),
        c.simplex,
        c.independent(c.positive, 1),
    ):
        assert constraint.check(registry(constraint)(torch.randn(5, 2))).all()


def test_a_constraint_of_the_users():
    class Even(D.constraints.Constraint):
        pass

    registry = D.constraint_registry.ConstraintRegistry()

    @registry.register(Even)
    def factory(constraint):
        return D.ExpTransform()

    assert repr(registry(Even())) == "ExpTransform()"
