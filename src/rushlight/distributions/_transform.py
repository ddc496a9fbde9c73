"""What transforms are, and the ones that are made of others: inverses, compositions, and those of whole batches."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from .. import zeros_like
from .._core.tensor import Tensor
from . import constraints
from .utils import attribute, lazy_property, sum_rightmost


class Transform:
    """A function of tensors, from a ``domain`` to a ``codomain`` (`constraints`), with its inverse and Jacobian.

    With ``cache_size=1`` the last pair of argument and result is remembered, so that the inverse of a result just
    computed costs nothing and is exact; ValueError for other sizes than 0 and 1. A subclass gives ``_call``, ``_inverse``
    and `log_abs_det_jacobian`.

    >>> import rushlight as torch
    >>> transform = torch.distributions.ExpTransform()
    >>> transform(torch.tensor(0.0)), transform.inv(torch.tensor(1.0))
    (tensor(1.), tensor(0.))
    """

    bijective: Any = False
    domain: Any
    codomain: Any

    def __init__(self, cache_size: int = 0):
        if cache_size not in (0, 1):
            raise ValueError("cache_size must be 0 or 1")
        self._cache_size = cache_size
        self._cached_x_y: tuple[Any, Any] = (None, None)
        self._inv: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_inv": None}  # it refers to this one, and is made anew when asked for

    @property
    def event_dim(self) -> Any:
        """How many of the last dimensions are transformed together; ValueError where that changes."""
        if self.domain.event_dim == self.codomain.event_dim:
            return self.domain.event_dim
        raise ValueError("Please use either .domain.event_dim or .codomain.event_dim")

    @property
    def inv(self) -> Any:
        """The inverse."""
        if self._inv is None:
            self._inv = _InverseTransform(self)
        return self._inv

    @property
    def sign(self) -> Any:
        """1 where the function rises, -1 where it falls: of monotonic functions of numbers."""
        raise NotImplementedError

    def with_cache(self, cache_size: int = 1) -> Any:
        """The same transform with another size of the cache."""
        if self._cache_size == cache_size:
            return self
        new = copy.copy(self)
        Transform.__init__(new, cache_size)
        for name, inner in vars(self).items():
            if name == "_inv":
                continue
            if isinstance(inner, Transform):
                vars(new)[name] = inner.with_cache(cache_size)
            elif isinstance(inner, list) and inner and isinstance(inner[0], Transform):
                vars(new)[name] = [each.with_cache(cache_size) for each in inner]
        return new

    def __eq__(self, other: object) -> bool:
        return self is other

    def __call__(self, x: Tensor) -> Tensor:
        """The function at ``x``."""
        return self._remembered(x, 0, self._call)

    def _inv_call(self, y: Tensor) -> Tensor:
        return self._remembered(y, 1, self._inverse)

    def _remembered(self, given: Tensor, place: int, function: Any) -> Tensor:
        if self._cache_size and self._cached_x_y[place] is given:
            return self._cached_x_y[1 - place]
        found = function(given)
        if self._cache_size:
            self._cached_x_y = (found, given) if place else (given, found)
        return found

    def _call(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def _inverse(self, y: Tensor) -> Tensor:
        raise NotImplementedError

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """log |det dy/dx|, where ``y`` is the function at ``x``; without the dimensions that are transformed together."""
        raise NotImplementedError

    def forward_shape(self, shape: Any) -> Any:
        """The shape that arguments of this shape are transformed to."""
        return shape

    def inverse_shape(self, shape: Any) -> Any:
        """The shape of arguments whose results are of this shape."""
        return shape

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Parameterless(Transform):
    """A transform that equals every other one of its class."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self))


class _InverseTransform(Transform):
    """The inverse of a transform, which does all the work and has the cache."""

    def __init__(self, transform: Transform):
        super().__init__(cache_size=transform._cache_size)
        self._inv = transform

    bijective = attribute("_inv.bijective")
    sign = attribute("_inv.sign")
    inv = attribute("_inv")
    domain = constraints.dependent_property(lambda self: self._inv.codomain, is_discrete=False)
    codomain = constraints.dependent_property(lambda self: self._inv.domain, is_discrete=False)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self)

    def with_cache(self, cache_size: int = 1) -> Any:
        return self._inv.with_cache(cache_size).inv

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InverseTransform) and self._inv == other._inv

    def __call__(self, x: Tensor) -> Tensor:
        return self._inv._inv_call(x)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -self._inv.log_abs_det_jacobian(y, x)

    def forward_shape(self, shape: Any) -> Any:
        return self._inv.inverse_shape(shape)

    def inverse_shape(self, shape: Any) -> Any:
        return self._inv.forward_shape(shape)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._inv!r})"


def _widened(constraint: Any, start: int, steps: Iterable[tuple[int, int]]) -> Any:
    """``constraint`` on the side of a chain that is reached last, of as many dimensions as the whole chain couples.

    Each of the ``steps`` takes values of so many dimensions to values of so many others.
    """
    dims = start
    for entering, leaving in steps:
        dims = max(dims + leaving - entering, leaving)
    return (
        constraints.independent(constraint, dims - constraint.event_dim) if dims > constraint.event_dim else constraint
    )


class ComposeTransform(Transform):
    """The transforms ``parts``, one after the other.

    >>> import rushlight as torch
    >>> from rushlight.distributions import AffineTransform, ComposeTransform, ExpTransform
    >>> ComposeTransform([AffineTransform(1.0, 2.0), ExpTransform()])(torch.tensor(-0.5))
    tensor(1.)
    """

    def __init__(self, parts: list[Transform], cache_size: int = 0):
        super().__init__(cache_size=cache_size)
        self.parts = [part.with_cache(cache_size) for part in parts] if cache_size else parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ComposeTransform) and self.parts == other.parts

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Any:
        if not self.parts:
            return constraints.real
        steps = [(part.codomain.event_dim, part.domain.event_dim) for part in reversed(self.parts)]
        return _widened(self.parts[0].domain, steps[0][0], steps)

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Any:
        if not self.parts:
            return constraints.real
        steps = [(part.domain.event_dim, part.codomain.event_dim) for part in self.parts]
        return _widened(self.parts[-1].codomain, steps[0][0], steps)

    @lazy_property
    def bijective(self) -> bool:
        return all(part.bijective for part in self.parts)

    @lazy_property
    def sign(self) -> Any:
        sign = 1
        for part in self.parts:
            sign = sign * part.sign
        return sign

    @property
    def inv(self) -> Any:
        if self._inv is None:
            self._inv = ComposeTransform([part.inv for part in reversed(self.parts)])
            self._inv._inv = self
        return self._inv

    def __call__(self, x: Tensor) -> Tensor:
        for part in self.parts:
            x = part(x)
        return x

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        if not self.parts:
            return zeros_like(x)
        between = [x]
        for part in self.parts[:-1]:
            between.append(part(between[-1]))
        between.append(y)
        total: Any = None
        dims = self.domain.event_dim
        for part, before, after in zip(self.parts, between, between[1:]):
            entering = part.domain.event_dim
            term = sum_rightmost(part.log_abs_det_jacobian(before, after), dims - entering)
            total = term if total is None else total + term
            dims += part.codomain.event_dim - entering
        return total

    def forward_shape(self, shape: Any) -> Any:
        for part in self.parts:
            shape = part.forward_shape(shape)
        return shape

    def inverse_shape(self, shape: Any) -> Any:
        for part in reversed(self.parts):
            shape = part.inverse_shape(shape)
        return shape

    def __repr__(self) -> str:
        inside = ",\n    ".join(map(repr, self.parts))
        return f"{type(self).__name__}(\n    {inside}\n)"


identity_transform = ComposeTransform([])


class IndependentTransform(Transform):
    """A transform whose last ``reinterpreted_batch_ndims`` dimensions of a batch count as one value.

    ValueError for arguments that have fewer dimensions.

    >>> import rushlight as torch
    >>> from rushlight.distributions import ExpTransform, IndependentTransform
    >>> x = torch.tensor([1.0, 2.0])
    >>> IndependentTransform(ExpTransform(), 1).log_abs_det_jacobian(x, x.exp())
    tensor(3.)
    """

    def __init__(self, base_transform: Transform, reinterpreted_batch_ndims: int, cache_size: int = 0):
        super().__init__(cache_size=cache_size)
        self.base_transform = base_transform.with_cache(cache_size)
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    bijective = attribute("base_transform.bijective")
    sign = attribute("base_transform.sign")

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Any:
        return constraints.independent(self.base_transform.domain, self.reinterpreted_batch_ndims)

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Any:
        return constraints.independent(self.base_transform.codomain, self.reinterpreted_batch_ndims)

    def _call(self, x: Tensor) -> Tensor:
        check_dims(x.shape, self.domain.event_dim)
        return self.base_transform(x)

    def _inverse(self, y: Tensor) -> Tensor:
        check_dims(y.shape, self.codomain.event_dim)
        return self.base_transform.inv(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return sum_rightmost(self.base_transform.log_abs_det_jacobian(x, y), self.reinterpreted_batch_ndims)

    def forward_shape(self, shape: Any) -> Any:
        return self.base_transform.forward_shape(shape)

    def inverse_shape(self, shape: Any) -> Any:
        return self.base_transform.inverse_shape(shape)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_transform!r}, {self.reinterpreted_batch_ndims})"


def check_dims(shape: Sequence[int], least: int) -> None:
    if len(shape) < least:
        raise ValueError("Too few dimensions on input")
