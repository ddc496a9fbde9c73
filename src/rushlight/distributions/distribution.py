"""What all distributions have in common: shapes, checks, expansion, and what follows from the rest."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from .. import no_grad
from .._core.tensor import Size, Tensor
from .._core.where import warn_user
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import constraints
from .utils import broadcast_all, lazy_property

D = TypeVar("D", bound="Distribution")


def of_samples(method: Callable[[Any, Tensor], Tensor]) -> Callable[[Any, Tensor], Tensor]:
    """A method whose argument has to be a possible sample, which is checked where arguments are validated."""

    @wraps(method)
    def checked(self: Distribution, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return method(self, value)

    return checked


class Distribution:
    """The base of all distributions: ``batch_shape`` of them, each of whose samples has the shape ``event_shape``.

    A subclass declares its parameters, and where they may lie, in ``arg_constraints``; they are what `expand` expands,
    what is validated and what ``repr`` shows. ValueError for parameters that lie elsewhere, unless ``validate_args`` is
    False; then samples given to `log_prob` and `cdf` are not checked either.

    >>> import rushlight as torch
    >>> d = torch.distributions.Normal(torch.zeros(3), 1.0)
    >>> d.batch_shape, d.event_shape, d.expand((2, 3)).batch_shape
    (torch.Size([3]), torch.Size([]), torch.Size([2, 3]))
    """

    has_rsample: Any = False
    has_enumerate_support: Any = False
    _validate_args = __debug__

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions check their arguments from now on, unless told otherwise. ValueError for no bool."""
        if value not in [True, False]:
            raise ValueError
        Distribution._validate_args = value

    def __init__(
        self,
        batch_shape: Sequence[int] = Size(),
        event_shape: Sequence[int] = Size(),
        validate_args: bool | None = None,
    ):
        self._batch_shape: Any = batch_shape
        self._event_shape: Any = event_shape
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()

    def _take(self, validate_args: bool | None, **parameters: Any) -> None:
        """Take parameters, tensors or numbers, as attributes of one shape, which is that of the batch."""
        tensors = broadcast_all(*parameters.values())
        vars(self).update(zip(parameters, tensors))
        Distribution.__init__(self, tensors[0].shape, validate_args=validate_args)

    # -- checks -------------------------------------------------------------------------------------------------------

    def _check_parameters(self) -> None:
        try:
            declared = self.arg_constraints
        except NotImplementedError:
            warn_user(
                f"{self.__class__} does not define `arg_constraints`. Please set `arg_constraints = {{}}` or initialize "
                "the distribution with `validate_args=False` to turn off validation."
            )
            return
        for name, constraint in declared.items():
            if constraints.is_dependent(constraint):
                continue
            if name not in vars(self) and isinstance(getattr(type(self), name), lazy_property):
                continue  # follows from others
            value = getattr(self, name)
            if not constraint.check(value).all():
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                    f"{self!r} to satisfy the constraint {constraint!r}, but found invalid values:\n{value}"
                )

    def _validate_sample(self, value: Any) -> None:
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        shape, event_shape = value.shape, self._event_shape
        if shape[len(shape) - len(event_shape) :] != event_shape:
            raise ValueError(f"The right-most size of value must match event_shape: {shape} vs {event_shape}.")
        expected = self._batch_shape + event_shape
        if any(i != j and 1 not in (i, j) for i, j in zip(reversed(shape), reversed(expected))):
            raise ValueError(f"Value is not broadcastable with batch_shape+event_shape: {shape} vs {expected}.")
        try:
            support = self.support
        except NotImplementedError:
            warn_user(
                f"{self.__class__} does not define `support` to enable sample validation. Please initialize the "
                "distribution with `validate_args=False` to turn off validation."
            )
            return
        if support is None:
            raise AssertionError("support is unexpectedly None")
        if not support.check(value).all():
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(shape)}) to be within the support "
                f"({support!r}) of the distribution {self!r}, but found invalid values:\n{value}"
            )

    # -- shapes -------------------------------------------------------------------------------------------------------

    @property
    def batch_shape(self) -> Size:
        """How many distributions these are, and in which order."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one sample of one of them."""
        return self._event_shape

    def _extended_shape(self, sample_shape: Sequence[int] = Size()) -> Size:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    def expand(self, batch_shape: Sequence[int], _instance: Any = None) -> Any:
        """The same distributions as a batch of this shape, which the present one has to broadcast to; nothing is copied.

        NotImplementedError for a subclass that defines ``__init__``: it has to say itself what becomes of its
        attributes, and hands what it has made of them on as ``_instance``.
        """
        cls = self._defined_here()
        if cls.arg_constraints is Distribution.arg_constraints:  # nothing is known of its parameters
            raise NotImplementedError
        new = self._get_checked_instance(cls, _instance)
        batch_shape, lead = Size(batch_shape), len(self._batch_shape)
        # A subclass may have other parameters than its base: those of Chi2 are not those of Gamma, whose it sets.
        of_bases = [c.__dict__["arg_constraints"] for c in type(self).__mro__ if "arg_constraints" in c.__dict__]
        declared = {*self.arg_constraints}.union(*(names for names in of_bases if isinstance(names, dict)))
        for name, value in vars(self).items():
            if name in vars(new):  # a subclass saw to it
                continue
            if isinstance(value, Distribution):
                value = value.expand((*batch_shape, *value.batch_shape[lead:]))
            elif name in declared:
                value = value.expand((*batch_shape, *value.shape[lead:]))
            elif isinstance(getattr(type(self), name, None), lazy_property):
                continue  # will be computed of what is expanded
            vars(new)[name] = value
        new._batch_shape = batch_shape
        return new

    def _defined_here(self) -> type[Distribution]:
        """The nearest class of this package that this is an instance of."""
        return next(c for c in type(self).__mro__ if c.__module__.startswith(f"{__package__}."))

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """What `expand` fills: ``_instance``, or an empty one, where ``cls`` knows all that there is to fill."""
        if _instance is not None:
            return _instance
        if type(self).__init__ is not cls.__init__:  # type: ignore[misc]
            raise NotImplementedError(
                f"Subclass {type(self).__name__} of {cls.__name__} that defines a custom __init__ method "
                "must also define a custom .expand() method."
            )
        return type(self).__new__(type(self))

    # -- what a subclass says --------------------------------------------------------------------------------------------

    @property
    def arg_constraints(self) -> Any:
        """The declaration of parameters: names, and the `constraints` that they satisfy."""
        raise NotImplementedError

    @property
    def support(self) -> Any:
        """The `constraints.Constraint` that samples satisfy."""
        raise NotImplementedError

    @property
    def mean(self) -> Any:
        """The mean."""
        raise NotImplementedError

    @property
    def mode(self) -> Any:
        """The most likely value."""
        raise NotImplementedError(f"{self.__class__} does not implement mode")

    @property
    def variance(self) -> Any:
        """The variance."""
        raise NotImplementedError

    @property
    def stddev(self) -> Any:
        """The standard deviation."""
        return self.variance.sqrt()

    def sample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        """Samples of shape ``sample_shape + batch_shape + event_shape``, without a history."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Sequence[int] = Size()) -> Tensor:
        """Samples as `sample` draws them, as functions of the parameters, by which they can be differentiated."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Tensor:
        """``n`` samples. Deprecated: `sample` takes a shape."""
        message = "`sample_n(n)` will be deprecated. Use `sample((n,))` instead."
        warnings.warn(message, FutureWarning, stacklevel=2)
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density, or of the probability, at ``value``. ValueError for what is no sample."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of samples up to ``value``. ValueError for what is no sample."""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """The number up to which samples lie with probability ``value``."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values that a discrete distribution has, along a new first dimension.

        The other dimensions are those of the batch, or of size 1 without ``expand``.
        """
        raise NotImplementedError

    def _enumerated(self, values: Tensor, expand: bool) -> Tensor:
        """``values`` (their event's shape behind the first dimension) as `enumerate_support` gives them."""
        n, *event = values.shape
        values = values.reshape(n, *(1 for _ in self._batch_shape), *event)
        return values.expand(n, *self._batch_shape, *event) if expand else values

    def entropy(self) -> Tensor:
        """The entropy, in nats."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """The exponential of the entropy."""
        return self.entropy().exp()

    def __repr__(self) -> str:
        own = {name: vars(self)[name] for name in self.arg_constraints if name in vars(self)}
        shown = ", ".join(f"{k}: {v if v.numel() == 1 else v.size()}" for k, v in own.items())
        return f"{type(self).__name__}({shown})"


_refuse_other_names(globals())
