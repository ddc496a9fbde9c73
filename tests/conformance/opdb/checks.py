"""What a check is: cases that a library and PyTorch each go through, one for a sample or a way to call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch.testing._internal.opinfo.core import OpInfo

from tests.conformance.translate import leaves

from .compare import Different, assert_same, is_tensor
from .entries import ENTRIES, elementwise, own_tolerance
from .freedom import determined
from .left_out import unspecified
from .library import Library


class Inapplicable(Exception):
    """PyTorch does not do this itself, so there is nothing to compare."""


class Case(NamedTuple):
    """One comparison: ``compare`` raises where the library does otherwise than PyTorch."""

    describe: Callable[[], str]
    compare: Callable[[], None]


class Subject(NamedTuple):
    """An entry, looked at in a library."""

    name: str
    library: Library

    @property
    def entry(self) -> OpInfo:
        return ENTRIES[self.name]

    def ours(self, function: Any) -> Any:
        return self.library.counterpart(function)

    def assert_same(self, ours: Any, theirs: Any, what: str = "result") -> None:
        """As `compare.assert_same`, with what is known of the entry."""
        assert_same(ours, theirs, what, values=not unspecified(self.name), **self.how())

    def how(self) -> dict[str, Any]:
        """How to compare numbers of this entry."""
        return {"elementwise": elementwise(self.name), "tolerance": lambda dtype: own_tolerance(self.name, dtype)}

    def assert_same_result(
        self, ours: Any, theirs: Any, arguments: Any, precisely: Callable[[], Any], what: str = "result"
    ) -> None:
        """As `assert_same`, of what is determined; ``arguments`` are the library's.

        In less than double precision each number may agree with what PyTorch gives in double precision, ``precisely``,
        instead: PyTorch's own may be the one that is further off.
        """
        assert_same(ours, theirs, what, values=False)
        if any(is_tensor(t) and not isinstance(t, self.library.tensor) for t in leaves(ours)):
            raise Different(f"{what}: a tensor of another library")
        if unspecified(self.name):
            return
        ours, theirs = (determined(self.name, r, arguments) for r in (ours, theirs))
        try:
            self.assert_same(ours, theirs, what)
        except Different:
            precise, error = raised(precisely)
            if error is not None:
                raise
            precise = determined(self.name, precise, arguments)
            assert_same(ours, theirs, what, precise=precise, **self.how())


class Check(NamedTuple):
    """A named way to look at an entry; ``cases`` is empty for an entry that has nothing of the kind."""

    name: str
    cases: Callable[[Subject], Iterator[Case]]


def judged(function: Callable[[], Any]) -> Any:
    """What PyTorch's own run gives; inapplicable where it refuses, or gives what Rushlight has no dtype for."""
    try:
        result = function()
    except Inapplicable:
        raise
    except Exception as error:
        raise Inapplicable(f"PyTorch: {type(error).__name__}: {error}") from error
    if any(isinstance(t, torch.Tensor) and t.dtype is torch.complex32 for t in leaves(result)):
        raise Inapplicable("there is no complex32")
    return result


def raised(function: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """The result, or what was raised in its place."""
    try:
        return function(), None
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return None, error


def assert_same_error(ours: Exception | None, theirs: Exception, what: str = "") -> None:
    """The type of PyTorch's, or one derived from it; that something is not supported is no such error."""
    wanted = type(theirs).__name__
    if ours is None:
        raise Different(f"{what}nothing raised for {wanted}: {first_line(theirs)}")
    unsupported = isinstance(ours, NotImplementedError) and not isinstance(theirs, NotImplementedError)
    if unsupported or wanted not in [c.__name__ for c in type(ours).__mro__]:
        found = f"{type(ours).__name__}: {first_line(ours)}"
        raise Different(f"{what}{found} for {wanted}: {first_line(theirs)}") from ours


def first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:160]


def dtype_of(name: str) -> torch.dtype:
    return getattr(torch, name)
