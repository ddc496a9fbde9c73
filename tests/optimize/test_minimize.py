"""`rushlight.optimize.minimize`: forms of x0, bounds, constraints, callbacks, modules, refusals."""

from __future__ import annotations

import collections
import contextlib
import io
import re
import subprocess
import sys

import numpy as np
import pytest

scipy = pytest.importorskip("scipy")
optimize = pytest.importorskip("scipy.optimize")

import rushlight as torch  # noqa: E402
from rushlight import nn  # noqa: E402
from rushlight.optimize import IntermediateResult, OptimizeResult, minimize  # noqa: E402
from rushlight.optimize._constraints import Nonlinear  # noqa: E402
from rushlight.optimize._derivatives import Differentiated  # noqa: E402
from rushlight.optimize._methods import METHODS, option_names  # noqa: E402
from rushlight.optimize._variables import variables_of  # noqa: E402

from .problems import rosenbrock  # noqa: E402

NAMES = [m.name for m in METHODS.values()]
# Another implementation, which takes no equalities and leaves the bounds on its way.
OLD_COBYLA = tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 16)


def vector(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def close(a, b, atol=1e-5):
    np.testing.assert_allclose(a.detach().numpy() if isinstance(a, torch.Tensor) else a, b, atol=atol)


def parabola(x):
    return ((x - 3) ** 2).sum()


# -- derivatives --------------------------------------------------------------------------------------------------------


def differentiated(f, x0, one=True):
    return Differentiated(f, variables_of(x0), (), "f", recorded=True, curved=True, one=one)


def test_derivatives_of_the_function_are_exact():
    x = np.array([1.3, 0.7, 0.8, 1.9, 1.2])
    f = differentiated(rosenbrock, torch.tensor(x))
    p = np.arange(5.0)
    np.testing.assert_allclose(f.values(x), [optimize.rosen(x)], rtol=1e-14)
    np.testing.assert_allclose(f.jacobian(x)[0], optimize.rosen_der(x), rtol=1e-13)
    np.testing.assert_allclose(f.hessian(x), optimize.rosen_hess(x), rtol=1e-12)
    np.testing.assert_allclose(f.product(x, p, np.ones(())), optimize.rosen_hess_prod(x, p), rtol=1e-12)
    assert (f.calls, f.jacobians, f.products) == (1, 1, 2)  # all from one recorded evaluation
    np.testing.assert_allclose(f.jacobian(x + 1)[0], optimize.rosen_der(x + 1), rtol=1e-13)
    np.testing.assert_allclose(f.hessian(x), optimize.rosen_hess(x), rtol=1e-12)


def test_derivatives_of_constraints_are_exact():
    x = np.array([0.5, -1.5, 2.0])
    c = Nonlinear(
        differentiated(lambda x: {"a": x[0] * x[1:], "b": (x**3).sum()}, torch.tensor(x), one=False), 0, 1, False, x
    )
    np.testing.assert_allclose(c.values(x), [-0.75, 1.0, 4.75])
    np.testing.assert_allclose(c.jacobian(x), [[-1.5, 0.5, 0], [2, 0, 0.5], [0.75, 6.75, 12]])
    v = np.array([2.0, 3.0, 0.5])
    expected = np.array([[1.5, 2, 3], [2, -4.5, 0], [3, 0, 6]])
    np.testing.assert_allclose(c.hessian(x, v) @ np.eye(3), expected)
    v[:] = 0  # SciPy writes into its vectors; the operator is of what it was made with
    operator = c.hessian(x, np.array([2.0, 3.0, 0.5]))
    c.values(x + 1)
    np.testing.assert_allclose(operator @ np.eye(3), expected)


def test_linear_functions_and_constants_among_the_variables_have_derivatives_of_zero():
    f = differentiated(lambda x: 2 * x["a"].sum() + 0 * x["b"].sum().detach(), {"a": vector(1, 2), "b": vector(3)})
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(f.jacobian(x), [[2, 2, 0]])
    np.testing.assert_array_equal(f.hessian(x), np.zeros((3, 3)))
    np.testing.assert_array_equal(f.product(x, x, np.ones(())), np.zeros(3))


def test_functions_that_differentiate_inside():
    """An energy whose force is part of what is minimised: second derivatives for the gradient, third for the Hessian."""

    def f(x):
        force = torch.func.grad(lambda x: (x**4).sum())(x)
        (again,) = torch.autograd.grad((x**4).sum(), x, create_graph=True)
        return (force - 4).square().sum() / 2 + (again - 4).square().sum() / 2

    found = minimize(f, vector(2.0, 1.5), method="trust-exact")
    close(found.x, [1, 1])


@pytest.mark.parametrize("method", NAMES)
def test_every_method_minimises_and_reports(method):
    seen = []
    found = minimize(parabola, vector(0.0, 1.0), method=method, callback=seen.append)
    assert isinstance(found, OptimizeResult) and found.success and found.method == method
    close(found.x, [3, 3], atol=1e-3)
    assert found.nfev > 0 and found.constraint_violation is None
    assert isinstance(found.fun, float) and isinstance(found.message, str) and isinstance(found.status, int)
    if METHODS[method.lower()].gradient:
        close(found.grad, 2 * (found.x - 3))
        assert found.njev > 0
    assert (found.nhev > 0) == (METHODS[method.lower()].second is not None)
    assert seen and all(isinstance(s, IntermediateResult) for s in seen)
    assert [s.nit for s in seen] == list(range(1, len(seen) + 1))
    for s in seen:
        np.testing.assert_allclose(s.fun, float(parabola(s.x)), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("method", NAMES)
def test_stop_iteration_in_the_callback_ends_every_method(method):
    calls = []

    def stop(state):
        calls.append(state.x)
        if state.nit == 2:
            raise StopIteration

    found = minimize(rosenbrock, vector(-1.2, 1.0), method=method, callback=stop)
    assert len(calls) == 2
    assert (found.success, found.status, found.message) == (False, 99, "The callback raised StopIteration.")
    assert found.fun == pytest.approx(rosenbrock(found.x).item())


def test_stop_iteration_of_the_function_is_not_taken_for_the_callbacks():
    with pytest.raises(StopIteration):
        minimize(lambda x: next(iter(())), vector(1.0), callback=lambda state: None)


# -- forms of x0 --------------------------------------------------------------------------------------------------------


def test_default_methods():
    assert minimize(parabola, vector(1.0)).method == "BFGS"
    assert minimize(parabola, vector(1.0), bounds=(0, 1)).method == "L-BFGS-B"
    equal = {"type": "eq", "fun": lambda x: x - 1}
    assert minimize(parabola, vector(1.0), bounds=(0, 1), constraints=equal).method == "SLSQP"
    assert minimize(parabola, vector(1.0), constraints=[]).method == "BFGS"
    assert minimize(parabola, vector(1.0), method="nelder-MEAD").method == "Nelder-Mead"


def test_tensors_of_any_shape():
    for shape in ((), (2, 3), (1, 2, 1, 2)):
        x0 = torch.zeros(shape, dtype=torch.float64)
        found = minimize(parabola, x0)
        assert found.x.shape == found.grad.shape == shape
        close(found.x, np.full(shape, 3))
        assert not x0.any() and not found.x.requires_grad


def test_trees():
    Point = collections.namedtuple("Point", "a b")
    x0 = {"p": Point(vector(0.0, 0.0), [vector(1.0)]), "q": (torch.zeros(2, 2), torch.tensor(0.0))}

    def f(x):
        assert isinstance(x["p"], Point) and isinstance(x["p"].b, list)
        q, r = x["q"]
        return parabola(x["p"].a) + (x["p"].b[0] - 1).square().sum() + (q - r).square().sum() + (r - 5) ** 2

    for method in ("BFGS", "trust-exact", "trust-krylov", "SLSQP"):
        found = minimize(f, x0, method=method)
        close(found.x["p"].a, [3, 3], 1e-3)
        close(found.x["p"].b[0], [1], 1e-3)
        close(found.x["q"][0], np.full((2, 2), 5), 1e-3)
        assert found.x["q"][0].dtype == torch.float32 and found.x["p"].a.dtype == torch.float64
        assert isinstance(found.grad["p"], Point) and found.grad["q"][0].shape == (2, 2)
    assert x0["p"].b[0].item() == 1


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_narrow_dtypes_are_evaluated_as_they_are(dtype):
    seen = set()

    def f(x):
        seen.add(x.dtype)
        return parabola(x)

    found = minimize(f, torch.zeros(2, dtype=dtype), method="BFGS", options={"gtol": 1e-2})
    assert seen == {dtype} and found.x.dtype == found.grad.dtype == dtype
    close(found.x.double(), [3, 3], 0.02)


def test_args():
    assert round(minimize(lambda x, a, b: (x - a * b) ** 2, vector(1.0), (2.0, 3.0)).x.item(), 4) == 6
    assert round(minimize(lambda x, a: (x - a) ** 2, vector(1.0), args=vector(2.0)).x.item(), 4) == 2
    c = {"type": "ineq", "fun": lambda x, a: x - a, "args": (4.0,)}
    assert round(minimize(parabola, vector(1.0), constraints=c).x.item(), 4) == 4


def test_what_else_requires_grad_is_left_alone():
    w = vector(2.0).requires_grad_()
    with torch.no_grad():  # whatever the mode outside
        found = minimize(lambda x: ((x - w) ** 2).sum(), vector(0.0), method="trust-ncg")
    close(found.x, [2])
    assert w.grad is None and not found.x.requires_grad and not found.grad.requires_grad


# -- modules ------------------------------------------------------------------------------------------------------------


def net():
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()


X = torch.linspace(-1, 1, 15, dtype=torch.float64).reshape(-1, 1)
Y = (2 * X).sin()


def misfit(model):
    return ((model(X) - Y) ** 2).mean()


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def same(a, b):
    return all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("method", ["L-BFGS-B", "trust-ncg", "SLSQP"])
def test_a_module_is_fitted_in_place(method):
    model = net()
    parameters = list(model.parameters())
    found = minimize(misfit, model, method=method, options={"maxiter": 300}, tol=1e-8)
    assert found.x is model and all(a is b for a, b in zip(parameters, model.parameters()))
    assert found.fun < 1e-4
    assert misfit(model).item() == pytest.approx(found.fun, rel=1e-9)
    assert list(found.grad) == [name for name, _ in model.named_parameters()]
    assert all(p.requires_grad and p.is_leaf and p.grad is None for p in parameters)


def test_frozen_parameters_stay():
    model = net()
    model[0].weight.requires_grad_(False)
    before = state(model)
    found = minimize(misfit, model)
    assert torch.equal(model[0].weight, before["0.weight"]) and not torch.equal(model[2].weight, before["2.weight"])
    assert found.grad["0.weight"] is None and found.grad["0.bias"].shape == (4,)

    tree = {"a": nn.Parameter(vector(1.0)), "b": nn.Parameter(vector(2.0), requires_grad=False)}
    found = minimize(lambda x: (x["a"] - x["b"]) ** 2, tree)
    close(found.x["a"], [2])
    assert found.x["b"] is tree["b"] and found.grad["b"] is None and tree["a"].item() == 1


def test_tied_parameters_are_one():
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)).double()
    model[1].weight = model[0].weight
    x = torch.eye(2, dtype=torch.float64)

    def f(m):
        assert m[0].weight is m[1].weight
        return (m(x) - 4 * x).square().sum()

    found = minimize(f, model)
    assert model[1].weight is model[0].weight and list(found.grad) == ["0.weight"]
    close(model[0].weight @ model[0].weight, 4 * np.eye(2), 1e-3)


def test_buffers_are_as_before():
    model = nn.Sequential(nn.Linear(1, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)).double().train()
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    found = minimize(misfit, model, method="trust-ncg", options={"maxiter": 5})
    assert found.nfev > 1
    assert all(torch.equal(b, buffers[name]) for name, b in model.named_buffers())


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
@pytest.mark.parametrize("method", NAMES)
def test_nothing_is_half_changed_where_something_raises(method, error):
    for where in ("f", "callback"):
        model, calls = net(), []
        before, parameters = state(model), list(model.parameters())

        def raising(place, where=where, calls=calls):
            calls.append(place)
            if where == place and calls.count(place) == (7 if place == "f" else 2):
                raise error

        def f(m, raising=raising):
            value = misfit(m)
            raising("f")
            return value

        # COBYQA and dogleg need not come that far.
        options = {"maxiter": 40} if method != "TNC" else {"maxfun": 40}
        with contextlib.suppress(np.linalg.LinAlgError):
            expectation = contextlib.nullcontext() if method == "dogleg" else pytest.raises(error)
            with expectation:
                minimize(f, model, method=method, options=options, callback=lambda s, r=raising: r("callback"))
                return
        assert same(before, state(model))
        assert all(a is b for a, b in zip(parameters, model.parameters()))


def test_the_callback_sees_the_module_with_the_values_of_the_iteration():
    model = net()
    before, seen = state(model), []

    def listen(s):
        assert s.x is model
        seen.append((misfit(model).item(), s.fun))
        assert not same(before, state(model))

    minimize(misfit, model, callback=listen, options={"maxiter": 5})
    assert len(seen) == 5
    for a, b in seen:
        assert a == pytest.approx(b)


# -- bounds -------------------------------------------------------------------------------------------------------------


BOUNDED_METHODS = [m.name for m in METHODS.values() if m.bounds]


@pytest.mark.parametrize("method", BOUNDED_METHODS)
@pytest.mark.parametrize(
    "bounds",
    [
        (None, vector(2.0, 10.0)),
        [(None, 2), (0, None)],
        optimize.Bounds([-np.inf, 0], [2, np.inf]),
        (np.array([-5.0, 0.0]), [2.0, 9.0]),
    ],
    ids=["pair", "each", "Bounds", "arrays"],
)
def test_bounds_of_a_tensor(method, bounds):
    if isinstance(bounds, tuple) and isinstance(bounds[1], list):
        bounds = (bounds[0], np.array(bounds[1]))
    found = minimize(parabola, vector(1.0, 1.0), method=method, bounds=bounds)
    close(found.x, [2, 3], 1e-3)
    assert found.constraint_violation <= 1e-8


def test_bounds_of_trees():
    x0 = {"a": torch.zeros(2), "b": (torch.zeros(()), vector(0.0))}

    def f(x):
        return parabola(x["a"]) + parabola(x["b"][0]) + parabola(x["b"][1])

    def values(bounds):
        x = minimize(f, x0, bounds=bounds).x
        return [*x["a"].tolist(), x["b"][0].item(), x["b"][1].item()]

    assert np.allclose(values((None, 1)), 1)
    assert np.allclose(values({"a": (None, 1)}), [1, 1, 3, 3], atol=1e-3)
    assert np.allclose(values({"a": (torch.tensor([0.0, 5.0]), None), "b": ((None, 2), None)}), [3, 5, 2, 3], atol=1e-3)
    assert np.allclose(values({"b": [None, (4, 6)]}), [3, 3, 3, 4], atol=1e-3)
    assert np.allclose(values(optimize.Bounds(-np.inf, [1, 2, 3, 2.5])), [1, 2, 3, 2.5], atol=1e-3)


def test_bounds_of_modules_go_by_name():
    model = net()
    minimize(misfit, model, bounds={"2.bias": (0.25, 0.5), "0.weight": (None, 0.75)})
    assert 0.25 <= model[2].bias.item() <= 0.5 and model[0].weight.max().item() <= 0.75


def test_the_search_begins_within_the_bounds():
    seen = []

    def f(x):
        seen.append(x.item())
        return (x.log() - 1) ** 2  # nan below zero

    for method in BOUNDED_METHODS:
        seen.clear()
        found = minimize(f, vector(-1.0), method=method, bounds=(0.5, 10))
        assert seen[0] == 0.5
        assert found.x.item() == pytest.approx(np.e, rel=1e-3)


def test_bounds_are_as_the_dtype_sees_them():
    found = minimize(parabola, torch.zeros(1), bounds=(None, 0.1))
    assert found.x.item() == torch.tensor(0.1).item() and found.constraint_violation == 0


def test_fixed_variables():
    fixed = []
    # These may leave the bounds on their way.
    loose = ("trust-constr", "COBYLA") if OLD_COBYLA else ("trust-constr",)
    for method in BOUNDED_METHODS:
        found = minimize(
            rosenbrock, vector(0.0, 0.0, 0.0), method=method, bounds=[(2, 2), (None, None), (None, None)],
            callback=lambda s, method=method: fixed.append(s.x[0].item() if method not in loose else 2),
        )  # fmt: skip
        assert found.x[0].item() == pytest.approx(2), method
        if found.grad is not None:
            close(found.grad[1:], [0, 0], 0.05)
            assert found.grad.isfinite().all()
    assert fixed == pytest.approx([2] * len(fixed))
    everything = minimize(parabola, vector(1.0), bounds=(2, 2))
    assert everything.x.item() == 2 and everything.fun == 1


# -- constraints --------------------------------------------------------------------------------------------------------

CONSTRAINED_METHODS = [m.name for m in METHODS.values() if m.constraints]


@pytest.mark.parametrize("method", CONSTRAINED_METHODS)
def test_forms_of_constraints(method):
    x0 = vector(0.3, 0.2)
    forms = [
        {"type": "INEQ", "fun": lambda x: 2 - x.sum()},
        optimize.NonlinearConstraint(lambda x: x.sum(), -np.inf, 2),
        optimize.NonlinearConstraint(lambda x: [x.sum(), x[0] - x[1]], [-5, -1], [2, 1]),
        optimize.LinearConstraint([[1, 1]], -np.inf, 2),
        [optimize.LinearConstraint([[1, 1]], ub=2), {"type": "ineq", "fun": lambda x: (x + 50, x[0] + 50)}],
    ]
    for form in forms:
        found = minimize(parabola, x0, method=method, constraints=form, tol=1e-8)
        close(found.x, [1, 1], 1e-3)
        assert found.constraint_violation <= 1e-6
    equal = [
        {"type": "eq", "fun": lambda x: x[0] * x[1] - 4},
        optimize.NonlinearConstraint(lambda x: x[0] * x[1], 4, 4),
    ]
    for form in equal if method != "COBYLA" or not OLD_COBYLA else []:
        found = minimize(
            lambda x: (x[0] - 1) ** 2 + x[1] ** 2, vector(1.0, 3.0), method=method, constraints=form, tol=1e-9
        )
        assert (found.x[0] * found.x[1]).item() == pytest.approx(4, abs=1e-5)
        assert found.fun == pytest.approx(4.71449, abs=1e-3)


def test_equal_and_bounded_components_of_one_constraint():
    both = optimize.NonlinearConstraint(lambda x: torch.stack([x[0] - x[1], x[0], x[1]]), [0, -np.inf, -7], [0, 2, 9])
    for method in CONSTRAINED_METHODS:
        if method == "COBYLA" and OLD_COBYLA:
            continue
        close(minimize(parabola, vector(0.0, 1.0), method=method, constraints=both, tol=1e-7).x, [2, 2], 1e-3)


def test_sparse_matrices():
    from scipy.sparse import csr_array

    total = optimize.LinearConstraint(csr_array([[1.0, 1.0]]), ub=2)
    for method in ("SLSQP", "trust-constr", "COBYLA"):
        close(minimize(parabola, vector(0.0, 0.0), method=method, constraints=total, tol=1e-8).x, [1, 1], 1e-3)


@pytest.mark.parametrize("method", ["SLSQP", "trust-constr"])
def test_constraints_on_modules_and_trees(method):
    model = net()
    norm = optimize.NonlinearConstraint(lambda m: m[2].weight.square().sum(), 0, 0.5)
    found = minimize(misfit, model, method=method, constraints=norm, options={"maxiter": 100})
    assert model[2].weight.square().sum().item() <= 0.5 + 1e-6
    assert found.constraint_violation < 1e-6
    assert found.fun < misfit(net()).item()
    x0 = {"a": torch.zeros(2, 2).double(), "b": vector(0.0)}
    rows = {"type": "ineq", "fun": lambda x: {"a": 1 - x["a"].sum(1), "b": 2 - x["b"]}}
    found = minimize(lambda x: parabola(x["a"]) + parabola(x["b"]), x0, method=method, constraints=[rows])
    close(found.x["a"], np.full((2, 2), 0.5), 1e-4)
    close(found.x["b"], [2], 1e-4)


def test_keep_feasible():
    seen = []

    def f(x):
        seen.append(x[0].item())
        return x[0] - x[0].log()

    above = optimize.NonlinearConstraint(lambda x: x[0], 1.5, np.inf, keep_feasible=True)
    found = minimize(f, vector(4.0), method="trust-constr", constraints=above)
    assert min(seen) >= 1.5 and found.x.item() == pytest.approx(1.5, abs=1e-4)
    with pytest.raises(ValueError, match="keep_feasible, which SLSQP cannot promise"):
        minimize(f, vector(4.0), method="SLSQP", constraints=above)


def test_a_constraint_without_components():
    none = optimize.NonlinearConstraint(lambda x: x[:0], 0, 1)
    for method in ("SLSQP",):
        close(minimize(parabola, vector(0.0), method=method, constraints=none).x, [3])


# -- options and what is printed ----------------------------------------------------------------------------------------


def test_options_and_tolerance_reach_scipy():
    assert minimize(rosenbrock, vector(-1.2, 1.0), options={"maxiter": 3}).nit == 3
    loose, tight = (minimize(rosenbrock, vector(-1.2, 1.0), tol=tol).nit for tol in (1.0, 1e-10))
    assert loose < tight
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        minimize(parabola, vector(0.0), method="BFGS", options={"disp": True})
    assert "Function evaluations" in printed.getvalue()


@pytest.mark.parametrize("method", NAMES)
def test_options_of_every_method_are_known(method):
    names = option_names(METHODS[method.lower()])
    assert names is not None and "disp" in names and not names & {"x0", "fun", "eps", "callback", "bounds"}
    with pytest.raises(ValueError, match=f"{method} has no option 'dips'. Did you mean 'disp'"):
        minimize(parabola, vector(0.0), method=method, options={"dips": True})


def test_repr():
    found = minimize(lambda x: parabola(x["x"]), {"x": vector(1.0)}, bounds=(None, 2))
    text = repr(found)
    assert text.startswith("OptimizeResult:\n")
    assert re.search(r"^ +success: True$", text, re.MULTILINE) and "{'x': tensor([2.], dtype=torch.float64)}" in text
    assert re.search(r"^ +constraint_violation: 0$", text, re.MULTILINE) and "scipy" not in text
    assert "grad" not in repr(minimize(parabola, vector(1.0), method="Powell"))


# -- refusals -----------------------------------------------------------------------------------------------------------


def minimum(**given):
    return lambda: minimize(given.pop("f", parabola), given.pop("x0", vector(1.0, 2.0)), **given)


BOOL = {"type": "ineq", "fun": lambda x: x > 0}
REFUSED = {
    "f is no function": (minimum(f=3), TypeError, "f must be a function of x0, got int"),
    "several values": (minimum(f=lambda x: x), ValueError, r"must return one number .* shape \[2\]\nReduce it"),
    "a tree of values": (minimum(f=lambda x: (x[0], x[1])), ValueError, r"shape \[\], \[\]"),
    "nothing": (minimum(f=lambda x: None), TypeError, "returned NoneType, not a tensor"),
    "a number": (minimum(f=lambda x: x.sum().item()), TypeError, "returned float, which has no derivative"),
    "an integer tensor": (minimum(f=lambda x: x.sum().long()), TypeError, "torch.int64\nIntegers have no derivatives"),
    "a complex tensor": (minimum(f=lambda x: x.sum() * 1j), TypeError, r"complex128\nReturn a real one"),
    "independent": (minimum(f=lambda x: x.detach().sum()), ValueError, "does not depend on x0 by tensor operations"),
    "another tensor": (minimum(f=lambda x: vector(1.0).requires_grad_().sum()), ValueError, "does not depend on x0"),
    "integers": (minimum(x0=torch.tensor([1, 2])), TypeError, "x0 holds torch.int64: only floating-point"),
    "integers within": (minimum(x0={"a": [vector(1.0), torch.tensor(1)]}), TypeError, r"x0\['a'\]\[1\] holds"),
    "complex": (minimum(x0=torch.zeros(2, dtype=torch.complex64)), TypeError, "x0 is complex.*\n.*view_as_real"),
    "a float": (minimum(x0=1.0), TypeError, "x0 is of type float; minimize takes tensors"),
    "nothing in it": (minimum(x0={}), ValueError, "There is nothing to optimise"),
    "all frozen": (minimum(x0=nn.Linear(1, 1).requires_grad_(False)), ValueError, "All parameters are frozen"),
    "nan in x0": (minimum(x0=(vector(1.0), vector(float("nan")))), ValueError, r"x0\[1\] is not finite"),
    "method": (minimum(method="L-BFGS"), ValueError, "Unknown method 'L-BFGS'. Did you mean 'L-BFGS-B'"),
    "no method": (minimum(method=len), TypeError, "method must be the name"),
    "bounds for BFGS": (minimum(method="BFGS", bounds=(0, 1)), ValueError, "BFGS cannot handle bounds.*L-BFGS-B"),
    "constraints for CG": (minimum(method="CG", constraints=BOOL), ValueError, "CG cannot handle constraints.*SLSQP"),
    "eps": (minimum(options={"eps": 1e-8}), ValueError, "'eps' is for finite differences"),
    "callback": (minimum(callback=3), TypeError, "callback must be a function"),
    "bounds crossed": (minimum(bounds=(2, 1)), ValueError, "lower bound of x0 is above"),
    "bounds crossed within": (
        minimum(x0={"a": vector(1.0), "b": vector(1.0, 2.0)}, bounds={"b": (vector(0.0, 3.0), 2)}),
        ValueError,
        r"lower bound of x0\['b'\] is above",
    ),
    "bounds of another shape": (minimum(bounds=(vector(1.0, 2.0, 3.0), None)), ValueError, r"shape \[3\] do not fit x0"),
    "Bounds of another shape": (minimum(bounds=optimize.Bounds([0, 0, 0], 1)), ValueError, r"shape \[3\] do not fit"),
    "bounds for another key": (
        minimum(x0={"scale": vector(1.0)}, bounds={"scala": (0, 1)}),
        ValueError,
        "'scala', which is not in x0. Did you mean 'scale'",
    ),
    "bounds of another structure": (minimum(x0=(vector(1.0),) * 3, bounds=[(0, 1)] * 2), ValueError, "bounds do not fit x0: a pair"),
    "no bounds": (minimum(bounds="positive"), ValueError, r"must be a pair \(low, high\)"),
    "nan in bounds": (minimum(bounds=(float("nan"), None)), ValueError, "bounds hold nan"),
    "bounds of frozen": (
        minimum(x0={"a": vector(1.0), "b": nn.Parameter(vector(1.0), False)}, bounds={"b": (0, 1)}),
        ValueError,
        "'b'.* has bounds and is frozen",
    ),
    "no constraint": (minimum(constraints=3), TypeError, "the constraint is of type int\nGive a dict"),
    "a bare constraint": (minimum(constraints=[BOOL, parabola]), TypeError, "returned a tensor of torch.bool"),
    "a bare function": (minimum(constraints=parabola), TypeError, "the constraint is of type function\nGive a dict"),
    "no function": (minimum(constraints={"type": "eq"}), TypeError, "must have a function of x, got NoneType"),
    "no type": (minimum(constraints={"fun": parabola}), ValueError, "must have a 'type'"),
    "jac": (minimum(constraints={**BOOL, "jac": parabola}), ValueError, "has 'jac'. Its derivatives are exact"),
    "unknown key": (minimum(constraints={**BOOL, "arg": 1}), ValueError, "unknown key 'arg'. Did you mean 'args'"),
    "jac of an object": (
        minimum(constraints=optimize.NonlinearConstraint(parabola, 0, 1, jac="cs")), ValueError, "has jac='cs'"
    ),
    "hess of an object": (
        minimum(constraints=optimize.NonlinearConstraint(parabola, 0, 1, hess="2-point")), ValueError, "has hess="
    ),
    "SR1": (
        minimum(constraints=optimize.NonlinearConstraint(parabola, 0, 1, hess=optimize.SR1())), ValueError, "has hess="
    ),
    "limits": (
        minimum(constraints=optimize.NonlinearConstraint(parabola, [0, 0, 0], 1)),
        ValueError,
        "has 1 values, and its bounds have 3",
    ),
    "columns": (
        minimum(constraints=optimize.LinearConstraint(np.ones((1, 3)), 0, 1)),
        ValueError,
        "matrix of 3 columns for 2 variables",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_what_to_do(name):
    call, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        call()


def test_nan_at_the_start_is_traced_to_its_line():
    def f(x):
        y = x - 2
        y = y + 0
        return torch.log(y).sum()

    with pytest.raises(ValueError, match="f .*is nan where the search begins") as caught:
        minimize(f, vector(1.0, 3.0))
    assert "Log" in str(caught.value) and "return torch.log(y).sum()" in str(caught.value)
    assert f"{__file__}:{f.__code__.co_firstlineno + 3}" in str(caught.value)
    with pytest.raises(ValueError, match="f .*is infinite where the search begins\nIt first becomes so in Div"):
        minimize(lambda x: (x / (x - 1)).sum(), vector(1.0))
    with pytest.raises(ValueError, match="the constraint .*is nan where"):
        minimize(parabola, vector(-1.0), constraints={"type": "ineq", "fun": torch.sqrt})


def test_nan_is_traced_through_in_place_operations_and_modules():
    def f(m):
        y = m(torch.ones(1, 2))
        y[0, 0] = 0.0
        y.log_()
        return (y - y).sum()

    with pytest.raises(ValueError, match="is nan where the search begins\nIt first becomes so in Sub"):
        minimize(f, nn.Linear(2, 1))


def test_a_slope_that_is_not_finite_is_traced_to_its_line():
    def f(x):
        return (x["a"].sqrt() + x["b"]).sum()

    with pytest.raises(ValueError, match=r"by x0\['a'\] is not finite") as caught:
        minimize(f, {"a": vector(0.0), "b": vector(1.0)})
    assert "SqrtBackward0" in str(caught.value) and '"return (x["a"].sqrt() + x["b"]).sum()"' in str(caught.value)
    # Methods without gradients have no objection.
    assert minimize(f, {"a": vector(0.0), "b": vector(1.0)}, method="Nelder-Mead", options={"maxiter": 3}).nit == 3


def test_infinite_values_on_the_way_are_left_to_scipy():
    found = minimize(lambda x: (x - x.log()).sum(), vector(0.2), method="L-BFGS-B")
    close(found.x, [1], 1e-3)
    barrier = minimize(
        lambda x: float(x**2) if x > 1 else float("inf"), vector(2.0), method="Nelder-Mead", options={"xatol": 1e-6}
    )
    assert barrier.x.item() == pytest.approx(1, abs=1e-3)


def test_inside_of_transforms():
    with pytest.raises(NotImplementedError, match="minimize inside vmap, grad or another transform"):
        torch.func.jvp(lambda x: minimize(parabola, x).x, (vector(1.0),), (vector(1.0),))
    with pytest.raises(NotImplementedError, match="minimize inside vmap"):
        torch.vmap(lambda x: minimize(parabola, x).x)(vector(1.0, 2.0))


def test_without_scipy(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ImportError, match=r"needs SciPy, which is not installed: pip install 'rushlight\[scipy\]'"):
        minimize(parabola, vector(1.0))


def test_scipy_loads_when_something_is_minimised():
    program = (
        "import sys, torch, rushlight.optimize\n"
        "assert rushlight is torch and 'scipy' not in sys.modules\n"
        "print(rushlight.optimize.minimize(lambda x: (x - 3) ** 2, torch.tensor(1.0)).x.item())\n"
        "assert 'scipy.optimize' in sys.modules\n"
    )
    command = [sys.executable, "-m", "rushlight", "-c", program]
    assert subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.startswith("3.0")
