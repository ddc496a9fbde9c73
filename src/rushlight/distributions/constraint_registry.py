"""From constraints to the transforms that reach them from all numbers.

>>> import rushlight as torch
>>> from rushlight.distributions import biject_to, constraints
>>> biject_to(constraints.greater_than(1.0))(torch.tensor(0.0))
tensor(2.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints, transforms


class ConstraintRegistry:
    """Makes a transform from all numbers, or vectors, onto a constraint: by a factory for each class of constraints.

    NotImplementedError for a class that has none.

    >>> from rushlight.distributions import constraints, transform_to
    >>> transform_to(constraints.simplex)
    SoftmaxTransform()
    """

    def __init__(self) -> None:
        self._registry: dict[type, Callable[[Any], Any]] = {}

    def register(self, constraint: Any, factory: Any = None) -> Any:
        """Let ``factory(constraint)`` make the transform for constraints of this class, or of this one's; a decorator, too.

        TypeError for anything else.
        """
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        cls = type(constraint) if isinstance(constraint, constraints.Constraint) else constraint
        if not (isinstance(cls, type) and issubclass(cls, constraints.Constraint)):
            raise TypeError(f"Expected constraint to be either a Constraint subclass or instance, but got {constraint}")
        self._registry[cls] = factory
        return factory

    def __call__(self, constraint: constraints.Constraint) -> Any:
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(f"Cannot transform {type(constraint).__name__} constraints")
        return factory(constraint)


biject_to = ConstraintRegistry()
"""One-to-one transforms: for densities, which need the Jacobian."""
transform_to = ConstraintRegistry()
"""Transforms that may reach a value from several numbers: for optimisation, coordinate by coordinate."""


def _register(registries: list[ConstraintRegistry], *reached: Any) -> Callable[[Any], Any]:
    def decorate(factory: Any) -> Any:
        for registry in registries:
            for constraint in reached:
                registry.register(constraint, factory)
        return factory

    return decorate


_both = [biject_to, transform_to]
_register(_both, constraints.real)(lambda constraint: transforms.identity_transform)
_register([biject_to], constraints.simplex)(lambda constraint: transforms.StickBreakingTransform())
_register([transform_to], constraints.simplex)(lambda constraint: transforms.SoftmaxTransform())
_register([transform_to], constraints.lower_cholesky)(lambda constraint: transforms.LowerCholeskyTransform())
_register([transform_to], constraints.positive_definite, constraints.positive_semidefinite)(
    lambda constraint: transforms.PositiveDefiniteTransform()
)
_register(_both, constraints.corr_cholesky)(lambda constraint: transforms.CorrCholeskyTransform())


@_register(_both, constraints.greater_than, constraints.greater_than_eq)
def _above(constraint: Any) -> Any:
    return _half_line(constraint.lower_bound, 1)


@_register(_both, constraints.less_than)
def _below(constraint: Any) -> Any:
    return _half_line(constraint.upper_bound, -1)


def _half_line(bound: Any, direction: int) -> Any:
    return transforms.ComposeTransform([transforms.ExpTransform(), transforms.AffineTransform(bound, direction)])


@_register(_both, constraints.interval, constraints.half_open_interval)
def _interval(constraint: Any) -> Any:
    low: Any = constraint.lower_bound
    high: Any = constraint.upper_bound
    sigmoid = transforms.SigmoidTransform()
    if not isinstance(low, Tensor) and not isinstance(high, Tensor) and (low, high) == (0, 1):
        return sigmoid
    return transforms.ComposeTransform([sigmoid, transforms.AffineTransform(low, high - low)])


for _registry in _both:
    # What is made of others goes on with the registry that was asked.

    @_registry.register(constraints.independent)
    def _independent(constraint: Any, to: Any = _registry) -> Any:
        return transforms.IndependentTransform(to(constraint.base_constraint), constraint.reinterpreted_batch_ndims)

    @_registry.register(constraints.cat)
    def _cat(constraint: Any, to: Any = _registry) -> Any:
        return transforms.CatTransform([to(c) for c in constraint.cseq], constraint.dim, constraint.lengths)

    @_registry.register(constraints.stack)
    def _stack(constraint: Any, to: Any = _registry) -> Any:
        return transforms.StackTransform([to(c) for c in constraint.cseq], constraint.dim)


_refuse_other_names(globals())
