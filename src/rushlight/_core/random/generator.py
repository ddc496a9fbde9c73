"""Generators of random numbers, and the default one that every draw without ``generator=`` takes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..device import CPU, check_device
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
        self.stream.seed(int(seed))
        return self

    def seed(self) -> int:
        """Begin a stream that nobody can foresee; returns its seed."""
        return self.stream.seed_nondeterministic()

    def initial_seed(self) -> int:
        """The seed that the stream began with."""
        return self.stream.initial_seed()

    def get_state(self) -> Tensor:
        """The state as a tensor of bytes, the same bytes as PyTorch's."""
        return wrap(self.stream.get_state())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state that `get_state` gave (or PyTorch's)."""
        if not isinstance(new_state, Tensor) or new_state._data.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        self.stream.set_state(new_state._data)
        return self

    def clone_state(self) -> Generator:
        """Another generator that will draw what this one would."""
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


def stream_of(generator: Generator | None) -> MersenneStream:
    """The stream to draw from."""
    if generator is None:
        return default_generator.stream
    if not isinstance(generator, Generator):
        raise TypeError(f"argument 'generator' must be Generator, not {type(generator).__name__}")
    return generator.stream
