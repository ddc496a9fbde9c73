"""Every method finds the known minima of standard problems, with fewer evaluations than it takes with differences."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

optimize = pytest.importorskip("scipy.optimize")

import rushlight as torch  # noqa: E402
from rushlight.optimize import minimize  # noqa: E402
from rushlight.optimize._methods import METHODS  # noqa: E402

from .problems import BOUNDED, CONSTRAINED, PROBLEMS, UNCONSTRAINED, Problem  # noqa: E402

INDEFINITE = "the Hessian is not positive definite on the way, which dogleg needs"
BUDGET = "needs more than the 100 evaluations that TNC allows itself"
SCALE = "the trust region grows by factors of two, and the minimum is a million away"
SADDLE = "ends at the stationary point where f = 7.877"
LOCAL = "ends at the local minimum where f = 3.987"
# Where a method, with exact derivatives as with differences, does not come to the minimum, and why.
ELSEWHERE = {
    **{
        (name, "dogleg"): INDEFINITE for name in UNCONSTRAINED if name not in ("Rosenbrock", "Booth", "Powell singular")
    },
    ("Rosenbrock in 10 variables", "BFGS"): LOCAL,
    ("Rosenbrock in 10 variables", "trust-exact"): LOCAL,
    ("Rosenbrock in 10 variables", "TNC"): BUDGET,
    ("Wood", "L-BFGS-B"): SADDLE,
    ("Wood", "SLSQP"): SADDLE,
    ("Wood", "TNC"): BUDGET,
    ("Wood", "Newton-CG"): "the line search stalls near the stationary point",
    ("Brown badly scaled", "TNC"): BUDGET,
    ("Brown badly scaled", "SLSQP"): "a step changes f by less than it can see",
    ("Brown badly scaled", "trust-ncg"): SCALE,
    ("Brown badly scaled", "trust-exact"): SCALE,
    ("Brown badly scaled", "trust-krylov"): SCALE,
}


class Counted:
    """A function that counts its calls."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return self.function(x)


def of_vectors(function):
    """A function of tensors as SciPy would be given it without derivatives."""
    return lambda v: float(function(torch.tensor(v)))


def by_differences(problem: Problem, method: str):
    """SciPy's own minimisation; what it finds and how many calls of f that takes."""
    f = Counted(of_vectors(problem.f))
    given = {"constraints": [{**c, "fun": of_vectors(c["fun"])} for c in problem.constraints]}
    if method in ("Newton-CG", "dogleg", "trust-ncg", "trust-exact", "trust-krylov"):
        # Without a gradient these do not run at all: differences, and differences of these.
        given["jac"] = lambda v: optimize.approx_fprime(v, f)
        given["hess"] = lambda v: optimize.approx_fprime(v, given["jac"], 1e-5)
    if problem.bounds is not None:
        one = isinstance(problem.bounds, tuple)
        given["bounds"] = [problem.bounds] * len(problem.start) if one else problem.bounds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = optimize.minimize(f, np.array(problem.start, dtype=float), method=method, **given)
    return found, f.calls


def takes(method, problem: Problem) -> bool:
    return (method.bounds or problem.bounds is None) and (method.constraints is not None or not problem.constraints)


def close_to_least(problem: Problem, value: float, tolerance: float) -> bool:
    return abs(value - problem.least) <= tolerance * max(1.0, abs(problem.least))


PAIRS = [
    (name, method.name)
    for name, problem in PROBLEMS.items()
    for method in METHODS.values()
    if method.gradient and takes(method, problem) and (name, method.name) not in ELSEWHERE
]


@pytest.mark.parametrize(("name", "method"), PAIRS)
def test_the_minimum_is_found_with_fewer_evaluations(name, method):
    problem = PROBLEMS[name]
    f = Counted(problem.f)

    found = minimize(f, problem.x0, method=method, bounds=problem.bounds, constraints=problem.constraints)

    assert close_to_least(problem, found.fun, 2e-5)
    if problem.where is not None:
        scale = max(1.0, *map(abs, problem.where))
        np.testing.assert_allclose(found.x.numpy(), problem.where, atol=5e-4 * scale)
    assert found.nfev == f.calls
    if problem.constraints or problem.bounds is not None:
        assert found.constraint_violation <= 1e-6
    theirs, calls = by_differences(problem, method)
    # Noise may end a search with differences early, somewhere else.
    assert f.calls < calls or not close_to_least(problem, theirs.fun, 1e-3)


def test_most_searches_with_differences_are_slower_and_not_lost():
    """The comparison above is one, though a few searches with differences get lost."""
    solved = [close_to_least(PROBLEMS[name], by_differences(PROBLEMS[name], m)[0].fun, 1e-3) for name, m in PAIRS]
    assert len(PAIRS) >= 90
    assert sum(solved) >= 0.85 * len(PAIRS)


@pytest.mark.parametrize("name", CONSTRAINED)
def test_trust_constr_does_not_end_with_its_first_barrier_problems(name):
    """SciPy alone, with the same exact derivatives, ends up to 1e-4 away and calls it a success."""
    problem = CONSTRAINED[name]
    found = minimize(
        problem.f, problem.x0, method="trust-constr", bounds=problem.bounds, constraints=problem.constraints
    )
    assert found.success
    assert close_to_least(problem, found.fun, 1e-7)


@pytest.mark.parametrize("method", [m.name for m in METHODS.values() if not m.gradient])
@pytest.mark.parametrize("name", ["Beale", "Booth", "HS 4", "HS 10", "HS 35"])
def test_methods_without_gradients_do_what_scipy_does(name, method):
    problem = PROBLEMS[name]
    if not takes(METHODS[method.lower()], problem):
        with pytest.raises(ValueError, match=f"{method} cannot handle constraints"):
            minimize(problem.f, problem.x0, method=method, constraints=problem.constraints)
        return
    f = Counted(problem.f)
    found = minimize(f, problem.x0, method=method, bounds=problem.bounds, constraints=problem.constraints)
    theirs, calls = by_differences(problem, method)
    np.testing.assert_allclose(found.x.numpy(), theirs.x, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.x.numpy(), problem.where, atol=2e-2)
    assert f.calls <= calls
    assert (found.njev, found.nhev, found.grad) == (0, 0, None)


def test_there_are_enough_problems():
    assert len(PROBLEMS) >= 15
    assert len(BOUNDED) + len(CONSTRAINED) >= 9
    used = {m for _, m in PAIRS} | {m.name for m in METHODS.values() if not m.gradient}
    assert used == {m.name for m in METHODS.values()}


@pytest.mark.parametrize("method", [m.name for m in METHODS.values() if m.gradient])
def test_the_way_is_that_of_derivatives_written_by_hand(method):
    second = METHODS[method.lower()].second
    given = {"hess": {"hess": optimize.rosen_hess}, "hessp": {"hessp": optimize.rosen_hess_prod}}.get(second, {})
    x0 = np.array([1.3, 0.7, 0.8, 1.9, 1.2])
    theirs = optimize.minimize(optimize.rosen, x0, jac=optimize.rosen_der, method=method, **given)

    found = minimize(PROBLEMS["Rosenbrock"].f, torch.tensor(x0), method=method)

    np.testing.assert_allclose(found.x.numpy(), theirs.x, atol=1e-4)
    np.testing.assert_allclose(found.fun, theirs.fun, atol=1e-7)
    assert abs(found.nit - theirs.nit) <= 1
    assert found.scipy.message == theirs.message
