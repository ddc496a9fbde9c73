"""Constraints as the user gives them, on tensors, and as SciPy's methods take them, with exact derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .._core.tensor import Tensor
from ._derivatives import Differentiated
from ._methods import Method, scipy_optimize, suggestion
from ._variables import Variables

KEYS = ("type", "fun", "args")


def constraints_for(given: Any, variables: Variables, method: Method, x0: np.ndarray) -> list[Constraint]:
    """The constraints; ``given`` is one or several, each a dict or one of SciPy's objects."""
    if given is None:
        return []
    optimize = scipy_optimize()
    if not isinstance(given, (list, tuple)):
        given = [given]
    found: list[Constraint] = []
    for i, one in enumerate(given):
        title = f"the constraint {i}" if len(given) > 1 else "the constraint"
        if isinstance(one, Mapping):
            found.append(of_dict(one, variables, method, x0, title))
        elif isinstance(one, optimize.NonlinearConstraint):
            found.append(of_object(one, variables, method, x0, title))
        elif isinstance(one, optimize.LinearConstraint):
            found.append(Linear(one, variables, method, title))
        else:
            raise TypeError(
                f"{title} is of type {type(one).__name__}\nGive a dict, {{'type': 'ineq', 'fun': c}} for c(x) >= 0 and "
                "'eq' for c(x) == 0, or SciPy's NonlinearConstraint(c, low, high) or LinearConstraint(A, low, high)."
            )
    return found


def of_dict(given: Mapping[str, Any], variables: Variables, method: Method, x0: np.ndarray, title: str) -> Constraint:
    """SciPy's older form: equal to zero, or not below."""
    for key in given:
        if key == "jac":
            raise ValueError(f"{title} has 'jac'. Its derivatives are exact as it is: leave it out")
        if key not in KEYS:
            raise ValueError(f"{title} has an unknown key {key!r}. {suggestion(str(key), KEYS)}")
    kind = str(given.get("type", "")).lower()
    if kind not in ("eq", "ineq"):
        raise ValueError(f"{title} must have a 'type': 'eq' for fun(x) == 0 or 'ineq' for fun(x) >= 0")
    args = given.get("args", ())
    function = function_of(given.get("fun"), args if isinstance(args, tuple) else (args,), variables, method, title)
    return Nonlinear(function, 0.0, 0.0 if kind == "eq" else np.inf, False, x0)


def of_object(given: Any, variables: Variables, method: Method, x0: np.ndarray, title: str) -> Constraint:
    """SciPy's `NonlinearConstraint`, whose function is one of tensors."""
    # What these are where the user says nothing.
    default = type(given)(given.fun, given.lb, given.ub)
    for name in ("jac", "hess", "finite_diff_rel_step", "finite_diff_jac_sparsity"):
        value, usual = getattr(given, name), getattr(default, name)
        if (value is not usual and type(value) is not type(usual)) or (isinstance(value, str) and value != usual):
            raise ValueError(f"{title} has {name}={value!r}. Its derivatives are exact as it is: leave it out")
    refuse_keeping(given, method, title)
    function = function_of(given.fun, (), variables, method, title)
    return Nonlinear(function, given.lb, given.ub, given.keep_feasible, x0)


def function_of(
    fun: Any, args: tuple[Any, ...], variables: Variables, method: Method, title: str
) -> Differentiated:  # fmt: skip
    if not callable(fun):
        raise TypeError(f"{title} must have a function of x, got {type(fun).__name__}")
    return Differentiated(
        fun, variables, args, title, recorded=method.gradient, curved=method.second is not None, one=False
    )


def refuse_keeping(given: Any, method: Method, title: str) -> None:
    """ValueError for ``keep_feasible`` where the method has no regard to it."""
    if np.any(given.keep_feasible) and method.name != "trust-constr":
        raise ValueError(f"{title} has keep_feasible, which {method.name} cannot promise; trust-constr can")


class Constraint:
    """``lower <= values(x) <= upper``, elementwise."""

    lower: np.ndarray
    upper: np.ndarray
    calls = 0

    def values(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def object(self, method: Method) -> Any:
        """The constraint as one of SciPy's objects."""
        raise NotImplementedError

    def dicts(self, method: Method) -> list[dict[str, Any]]:
        """The constraint in SciPy's older form: what is equal, and what is bounded from below and from above.

        SciPy's own conversion takes finite differences once, and warns where there is something of both.
        """
        equal = self.lower == self.upper
        low = np.isfinite(self.lower) & ~equal
        high = np.isfinite(self.upper) & ~equal
        found = []
        if equal.any():
            found.append(self.part("eq", method, [(1, equal, self.lower)]))
        if low.any() or high.any():
            found.append(self.part("ineq", method, [(1, low, self.lower), (-1, high, self.upper)]))
        return found

    def part(self, kind: str, method: Method, terms: list[tuple[int, np.ndarray, np.ndarray]]) -> dict[str, Any]:
        def fun(x: np.ndarray) -> np.ndarray:
            values = self.values(x)
            return np.concatenate([sign * (values[rows] - bound[rows]) for sign, rows, bound in terms])

        def jac(x: np.ndarray) -> np.ndarray:
            jacobian = self.jacobian(x)
            return np.concatenate([sign * jacobian[rows] for sign, rows, _ in terms])

        return {"type": kind, "fun": fun, "jac": jac} if method.gradient else {"type": kind, "fun": fun}

    def violation(self, x: np.ndarray) -> float:
        """By how much the worst component is outside; 0 where none is."""
        values = self.values(x)
        return float(np.max(np.maximum(self.lower - values, values - self.upper), initial=0.0))


class Nonlinear(Constraint):
    """A function of tensors between bounds."""

    def __init__(self, function: Differentiated, lower: Any, upper: Any, keep_feasible: Any, x0: np.ndarray):
        self.function = function
        self.keep_feasible = keep_feasible
        m = function.values(x0).size
        self.lower, self.upper = (limit(bound, m, function.name()) for bound in (lower, upper))

    def values(self, x: np.ndarray) -> np.ndarray:
        return self.function.values(x)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        return self.function.jacobian(x)

    def hessian(self, x: np.ndarray, factors: np.ndarray) -> Any:
        """Of the values' sum with ``factors``, as an operator: products are exact, and the matrix is never made."""
        from scipy.sparse.linalg import LinearOperator

        at, by, n = x.copy(), np.copy(factors), x.size
        return LinearOperator((n, n), matvec=lambda p: self.function.product(at, p, by), dtype=np.float64)

    def object(self, method: Method) -> Any:
        derivatives = {"jac": self.jacobian, "hess": self.hessian} if method.gradient else {}
        make = scipy_optimize().NonlinearConstraint
        return make(self.values, self.lower, self.upper, keep_feasible=self.keep_feasible, **derivatives)


class Linear(Constraint):
    """A matrix times the vector of all elements, in the order of the tensors, between bounds."""

    def __init__(self, given: Any, variables: Variables, method: Method, title: str):
        if given.A.shape[1] != variables.size:
            raise ValueError(
                f"{title} has a matrix of {given.A.shape[1]} columns for {variables.size} variables: the elements of "
                f"{variables.name}, one tensor after the other"
            )
        refuse_keeping(given, method, title)
        self.given, self.lower, self.upper = given, given.lb, given.ub

    def values(self, x: np.ndarray) -> np.ndarray:
        return self.given.A @ x

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        A = self.given.A
        return A if isinstance(A, np.ndarray) else A.toarray()

    def object(self, method: Method) -> Any:
        return self.given


def limit(bound: Any, m: int, title: str) -> np.ndarray:
    """A bound for each of ``m`` values."""
    values = np.asarray(bound.detach() if isinstance(bound, Tensor) else bound).astype(np.float64).ravel()
    if values.size not in (1, m):
        raise ValueError(f"{title} has {m} values, and its bounds have {values.size}")
    return np.broadcast_to(values, (m,))
