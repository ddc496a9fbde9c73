"""`minimize`: SciPy looks for the minimum, Rushlight computes the derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .._core.modes import enable_grad
from ._bounds import bounds_for
from ._constraints import Constraint, constraints_for
from ._derivatives import Differentiated
from ._methods import Method, check_options, method_for, scipy_optimize
from ._result import IntermediateResult, OptimizeResult
from ._variables import Variables, variables_of

STOPPED = 99  # SciPy's number for a search that the callback ended


def minimize(
    f: Callable[..., Any],
    x0: Any,
    args: Any = (),
    method: str | None = None,
    *,
    bounds: Any = None,
    constraints: Any = (),
    tol: float | None = None,
    callback: Callable[[IntermediateResult], Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> OptimizeResult:
    """The minimum of ``f(x, *args)``, sought from ``x0`` on by one of the methods of ``scipy.optimize.minimize``.

    Gradients, Hessians and products with Hessians are exact, of the constraints too; each method gets what it makes use
    of. What the methods are good for, and their ``options``, SciPy's documentation says; where these hold vectors, they
    are of all elements of ``x0``, one tensor after the other, without frozen ones.

    f: returns a tensor of one element, computed in tensor operations (for Nelder-Mead, Powell, COBYLA and COBYQA a
    number will do). x0: a floating-point tensor, nested tuples, lists and dicts of tensors, or a module, whose
    parameters are optimised; ``f`` gets ``x`` in this form. Parameters that do not require grad stay as they are.
    The search is in float64; ``f`` is evaluated in the dtypes of ``x0``, and rounding in float32 may end a search early.

    method: by default BFGS, with bounds L-BFGS-B, with constraints SLSQP.
    bounds: a pair ``(low, high)`` of numbers, tensors or None for all elements, or the structure of ``x0`` with such a
    pair or None for each tensor (a dict, or a module's dict by name, may leave some out), or SciPy's ``Bounds``. The
    search begins at the nearest point within; trust-constr may leave them on the way, unless ``Bounds`` has keep_feasible.
    constraints: one or a list of: dicts ``{"type": "eq", "fun": c}`` for c(x) == 0 and ``"ineq"`` for c(x) >= 0; SciPy's
    ``NonlinearConstraint(c, low, high)``, whose jac and hess are left out; SciPy's ``LinearConstraint(A, low, high)``,
    whose matrix has a column for each element of ``x0``. ``c`` returns a tensor, or containers of tensors.
    callback: is given an `IntermediateResult` after each iteration; StopIteration raised in it ends the search.

    Returns an `OptimizeResult`. ``x0`` is not written to, but for a module: its parameters are written once, when SciPy
    returns, converged or not. Where anything raises before, or the user interrupts, the module is as it was; so are its
    buffers in any case. Derivatives of the result (by ``args``, say) are not computed.

    Raises ValueError where ``f`` or a gradient is not finite at the start, with the line that made it so, or does not
    depend on ``x0``; ImportError without SciPy.

    >>> import rushlight as torch
    >>> from rushlight.optimize import minimize
    >>> def rosenbrock(x):
    ...     return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    >>> x0 = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    >>> found = minimize(rosenbrock, x0, method="trust-exact")
    >>> found.x.round(decimals=4)
    tensor([1., 1.], dtype=torch.float64)
    >>> disk = {"type": "ineq", "fun": lambda x: 1 - x.square().sum()}
    >>> found = minimize(rosenbrock, x0, method="trust-constr", constraints=disk, bounds=(0, None))
    >>> found.x.round(decimals=4)
    tensor([0.7864, 0.6177], dtype=torch.float64)
    """
    optimize = scipy_optimize()
    if not callable(f):
        raise TypeError(f"minimize(f, x0): f must be a function of x0, got {type(f).__name__}")
    options = dict(options or {})
    constrained = constraints is not None and constraints != () and constraints != []
    chosen = method_for(method, bounds is not None, constrained)
    check_options(chosen, options)

    variables = variables_of(x0)
    limits = bounds_for(bounds, variables)
    start = variables.start if limits is None else np.clip(variables.start, limits.lb, limits.ub)
    args = args if isinstance(args, tuple) else (args,)
    second = chosen.second is not None
    function = Differentiated(f, variables, args, "f", recorded=chosen.gradient, curved=second, one=True)
    conditions = constraints_for(constraints if constrained else None, variables, chosen, start)

    told = Told(callback, variables, function, limits)
    with enable_grad():
        try:
            found = optimize.minimize(
                lambda x: float(function.values(x)[0]),
                start,
                method=chosen.name,
                bounds=limits,
                constraints=given_to(chosen, conditions),
                tol=tol,
                callback=told.listener(chosen),
                options=options,
                **derivatives(chosen, function),
            )
        except StopIteration:
            # Not all methods expect it of a callback. Where f raises it, it goes on.
            if told.stopped is None:
                raise
            found = optimize.OptimizeResult(x=told.stopped, fun=function.values(told.stopped)[0], nit=told.count)
        if told.stopped is not None:
            found.update(success=False, status=STOPPED, message="The callback raised StopIteration.")
        end = np.asarray(found.x, dtype=np.float64)
        gradient = function.jacobian(end)[0] if chosen.gradient else None
        violation = worst(conditions, limits, end)
    return OptimizeResult(
        success=bool(found.success),
        message=str(found.message),
        status=int(found.status) if "status" in found else 0,
        method=chosen.name,
        fun=float(found.fun),
        x=variables.result(end),
        grad=None if gradient is None else variables.tree(variables.split(gradient)),
        constraint_violation=violation,
        nit=found.get("nit"),
        nfev=function.calls,
        njev=function.jacobians,
        nhev=function.products,
        scipy=found,
    )


def derivatives(method: Method, function: Differentiated) -> dict[str, Any]:
    """The keywords for the derivatives that a method makes use of."""
    given: dict[str, Any] = {}
    if method.gradient:
        given["jac"] = lambda x: function.jacobian(x)[0]
    if method.second == "hess":
        given["hess"] = function.hessian
    elif method.second == "hessp":
        given["hessp"] = lambda x, p: function.product(x, p, np.ones(()))
    return given


def given_to(method: Method, conditions: list[Constraint]) -> list[Any]:
    """The constraints in the form that a method takes."""
    if method.constraints == "dicts":
        return [part for condition in conditions for part in condition.dicts(method)]
    return [condition.object(method) for condition in conditions]


def worst(conditions: list[Constraint], limits: Any, x: np.ndarray) -> float | None:
    """By how much the worst constraint or bound is violated; None where there are none."""
    found = [condition.violation(x) for condition in conditions]
    if limits is not None:
        found.append(float(np.max(np.maximum(limits.lb - x, x - limits.ub), initial=0.0)))
    return max(found) if found else None


class Told:
    """The user's callback, as SciPy calls it."""

    def __init__(self, callback: Any, variables: Variables, function: Differentiated, limits: Any):
        if callback is not None and not callable(callback):
            raise TypeError(f"callback must be a function, got {type(callback).__name__}")
        self.callback, self.variables, self.function, self.limits = callback, variables, function, limits
        self.count = 0
        self.stopped: np.ndarray | None = None  # where it raised StopIteration

    def listener(self, method: Method) -> Any:
        if method.name == "trust-constr":
            return self.listen_to_barrier
        if self.callback is None:
            return None
        return (lambda xk: self.hear(xk, None)) if method.name == "TNC" else self.listen

    # SciPy looks at the parameter's name, and hands over more than x to those that are called so. Where it does not (it
    # depends on its version), this is x.
    def listen(self, intermediate_result: Any) -> None:
        self.hear(getattr(intermediate_result, "x", intermediate_result), getattr(intermediate_result, "fun", None))

    def listen_to_barrier(self, intermediate_result: Any) -> None:
        state = intermediate_result
        barrier = getattr(state, "barrier_parameter", None)
        if barrier is not None:
            # What SciPy calls optimality is the gradient of the Lagrangian alone, without complementarity, whose residual
            # is the barrier parameter. So gtol would end the search as soon as one barrier problem is solved, which
            # exact Hessians do at once, with an error of 1e-4 and success=True; barrier_tol, which is documented to
            # prevent that, is not looked at. This is the state that SciPy reads next.
            state.optimality = max(float(np.max(np.abs(state.lagrangian_grad))), barrier)
        if self.callback is not None:
            self.listen(state)

    def hear(self, x: np.ndarray, fun: Any) -> None:
        x = np.array(x, dtype=np.float64)
        if x.size < self.variables.size:  # COBYLA leaves out what the bounds fix
            x, found = self.limits.lb.copy(), x
            x[self.limits.lb < self.limits.ub] = found
        self.count += 1
        value = float(self.function.values(x)[0] if fun is None else fun)

        def tell(form: Any) -> None:
            try:
                self.callback(IntermediateResult(form, value, self.count))
            except StopIteration:
                self.stopped = x
                raise

        # A module holds the values meanwhile.
        self.variables.call(tell, self.variables.split(x), ())
