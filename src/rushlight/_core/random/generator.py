"""Generators of random numbers, and the default one that every draw without ``generator=`` takes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from ..device import CPU, check_device
from ..modes import state
from ..tensor import Tensor, wrap

if TYPE_CHECKING:
    from .stream import MersenneStream

# PyTorch's seed of a generator that was given none.
DEFAULT_SEED = 67280421310721


class Generator:
    """A source of random numbers with a state of its own, with PyTorch's streams.

    >>> import rushlight as torch
    >>> g = torch.Generator().manual_seed(0)
    >>> torch.rand(2, generator=g)
    tensor([0.4963, 0.7682])
    """

    __module__ = "torch"

    def __init__(self, device: Any = "cpu"):
        check_device(device)
        self._made: MersenneStream | None = None

    @property
    def stream(self) -> MersenneStream:
        """The stream itself; `numpy.random` is loaded with the first one, not by importing Rushlight."""
        if self._made is None:
            from .stream import MersenneStream

            self._made = MersenneStream(DEFAULT_SEED)
        return self._made

    @property
    def device(self) -> Any:
        return CPU

    def manual_seed(self, seed: int) -> Generator:
        """Begin the stream of ``seed``; negative seeds count from 2**64. Returns the generator."""
        _seen("the state of a random generator")
        self.stream.seed(int(seed))
        return self

    def seed(self) -> int:
        """Begin a stream that nobody can foresee; returns its seed."""
        _seen("the state of a random generator")
        return self.stream.seed_nondeterministic()

    def initial_seed(self) -> int:
        """The seed that the stream began with."""
        _seen("the state of a random generator")
        return self.stream.initial_seed()

    def get_state(self) -> Tensor:
        """The state as a tensor of bytes, the same bytes as PyTorch's."""
        _seen("the state of a random generator")
        return wrap(self.stream.get_state())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state that `get_state` gave (or PyTorch's)."""
        _seen("the state of a random generator")
        if not isinstance(new_state, Tensor) or new_state._data.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        self.stream.set_state(new_state._data)
        return self

    def clone_state(self) -> Generator:
        """Another generator that will draw what this one would."""
        _seen("the state of a random generator")
        other = Generator()
        other._made = self.stream.copy()
        return other

    def __reduce__(self) -> Any:
        return (_restored, (self.stream.get_state(),))

    def __deepcopy__(self, memo: Any) -> Generator:
        return self.clone_state()


def _restored(state: np.ndarray) -> Generator:
    generator = Generator()
    generator.stream.set_state(state)
    return generator


default_generator = Generator()


def _hold() -> None:
    if default_generator._made is not None:
        _held.append(default_generator._made._lock)
        _held[-1].acquire()


def _let_go() -> None:
    if _held:
        _held.pop().release()


_held: list[Any] = []
if hasattr(os, "register_at_fork"):
    # A lock that another thread holds during a fork is never released in the child.
    os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_let_go)


def _seen(what: str) -> None:
    """No compiled program repeats what is done to a generator itself."""
    if state.interpreter is not None:
        state.interpreter.unrepeatable(what)


def stream_of(generator: Generator | None) -> MersenneStream:
    """The stream to draw from."""
    if generator is None:
        return default_generator.stream
    if not isinstance(generator, Generator):
        raise TypeError(f"argument 'generator' must be Generator, not {type(generator).__name__}")
    return generator.stream
