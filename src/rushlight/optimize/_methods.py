"""What each of SciPy's methods can be given, and where SciPy comes from."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable
from typing import Any, NamedTuple


def scipy_optimize() -> Any:
    """SciPy's module; ModuleNotFoundError, an ImportError, where SciPy is not installed."""
    try:
        import scipy.optimize
    except ImportError:
        raise ModuleNotFoundError(
            "rushlight.optimize.minimize needs SciPy, which is not installed: pip install 'rushlight[scipy]'"
        ) from None
    return scipy.optimize


class Method(NamedTuple):
    """What a method of `scipy.optimize.minimize` makes use of."""

    name: str
    gradient: bool = True
    second: str | None = None  # the keyword for second derivatives: the matrix, or its product with a vector
    bounds: bool = False
    constraints: str | None = None  # in which form: dicts, or SciPy's objects


# SciPy keeps this in the body of a function: it cannot be asked. It warns of what a method does not use, and goes on
# without; `minimize` refuses.
METHODS = {
    method.name.lower(): method
    for method in (
        Method("Nelder-Mead", gradient=False, bounds=True),
        Method("Powell", gradient=False, bounds=True),
        Method("CG"),
        Method("BFGS"),
        Method("Newton-CG", second="hessp"),
        Method("L-BFGS-B", bounds=True),
        Method("TNC", bounds=True),
        # Before SciPy 1.16 COBYLA took dicts alone; it still takes them.
        Method("COBYLA", gradient=False, bounds=True, constraints="dicts"),
        Method("COBYQA", gradient=False, bounds=True, constraints="objects"),
        Method("SLSQP", bounds=True, constraints="dicts"),
        Method("trust-constr", second="hessp", bounds=True, constraints="objects"),
        Method("dogleg", second="hess"),
        Method("trust-ncg", second="hessp"),
        Method("trust-exact", second="hess"),
        Method("trust-krylov", second="hessp"),
    )
}

# Options that say how to take finite differences, which are not taken.
DIFFERENCES = ("eps", "finite_diff_rel_step", "workers")


def method_for(name: Any, bounded: bool, constrained: bool) -> Method:
    """The method of that name, or SciPy's choice where there is none; refused where it cannot do what is asked."""
    if name is None:
        name = "SLSQP" if constrained else "L-BFGS-B" if bounded else "BFGS"
    if not isinstance(name, str):
        raise TypeError(f"method must be the name of one of SciPy's methods, got {type(name).__name__}")
    method = METHODS.get(name.lower())
    if method is None:
        raise ValueError(f"Unknown method {name!r}. {suggestion(name, [m.name for m in METHODS.values()])}")
    for wanted, able, what in (
        (bounded, method.bounds, "bounds"),
        (constrained, method.constraints is not None, "constraints"),
    ):
        if wanted and not able:
            others = [m.name for m in METHODS.values() if (m.bounds if what == "bounds" else m.constraints)]
            raise ValueError(f"{method.name} cannot handle {what}. These methods can: {', '.join(others)}")
    return method


def suggestion(name: str, known: Iterable[str]) -> str:
    """``Did you mean ...?``, and all there are."""
    known = list(known)
    by_lower = {k.lower(): k for k in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    there = f"There are: {', '.join(known)}"
    return f"Did you mean {by_lower[near[0]]!r}? {there}" if near else there


def check_options(method: Method, options: dict[str, Any]) -> None:
    """ValueError for options that the method does not know (SciPy warns and ignores them), or that would do nothing."""
    if method.gradient:
        for name in DIFFERENCES:
            if name in options:
                raise ValueError(f"The option {name!r} is for finite differences. Derivatives are exact: leave it out")
    known = option_names(method)
    if known is None:
        return
    for name in options:
        if name not in known:
            raise ValueError(f"{method.name} has no option {name!r}. {suggestion(str(name), sorted(known))}")


def option_names(method: Method) -> set[str] | None:
    """The options that SciPy's implementation takes, read from its signature; None where it is not found, since then
    SciPy itself warns."""
    try:
        from scipy.optimize import _minimize as solvers
        from scipy.optimize._trustregion import _minimize_trust_region
    except ImportError:
        return None
    wanted = method.name.lower().replace("-", "")
    for name, solver in vars(solvers).items():
        plain = name.removeprefix("_minimize_").replace("trustregion", "trust").replace("_", "")
        if name.startswith("_minimize_") and plain == wanted:
            parameters = set(inspect.signature(solver).parameters)
            if "trust_region_options" in parameters:
                parameters |= set(inspect.signature(_minimize_trust_region).parameters)
            return parameters - GIVEN - set(DIFFERENCES if method.gradient else ())
    return None


# Parameters of SciPy's implementations that are not options: arguments of `minimize`, or for SciPy alone.
GIVEN = {
    *("fun", "func", "x0", "args", "jac", "grad", "hess", "hessp", "bounds", "constraints", "callback"),
    *("unknown_options", "trust_region_options", "subproblem"),
}
