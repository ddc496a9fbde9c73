"""The engine of PyTorch's CPU random streams: MT19937, its seeds, states and plainest draws."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from typing import Any, Self

import numpy as np

DEFAULT_SEED = 67280421310721  # of a new generator, in PyTorch

_WORDS = 624  # of state: the engine makes new ones a block at a time
_BLOCKS_AT_ONCE = 32  # the raw words of one round then stay in the cache
_LOW_21, _LOW_24 = np.uint32(2**21 - 1), np.uint32(2**24 - 1)
_UNIT_24, _UNIT_53 = np.float32(2.0**-24), 2.0**-53

# The layout of `torch.get_rng_state()`, left behind by Lua Torch: words in 64-bit slots, fields without use.
_STATE = np.dtype({
    "names": ["seed", "left", "seeded", "next", "words", "normal", "has_normal", "single", "has_single"],
    "formats": ["u8", "i4", "i4", "u8", ("u8", _WORDS), "f8", "i4", "f4", "u1"],
    "offsets": [0, 8, 12, 16, 24, 5024, 5040, 5048, 5052],
    "itemsize": 5056,
})  # fmt: skip


class MersenneEngine:
    """Words, uniforms and pairs of normals from one MT19937, with the state of a PyTorch CPU generator.

    NumPy's own MT19937 makes the words. Methods with an underscore expect the caller to hold `_lock`.
    """

    def __init__(self, seed: int = DEFAULT_SEED):
        self._lock = threading.RLock()
        self._bits = np.random.MT19937(0)
        self._seeding = np.random.RandomState(self._bits)  # its seed() is the engine's original seeding
        self._begin(seed % 2**64)

    # --- seeds and states -----------------------------------------------------------------------------------

    def seed(self, value: int) -> None:
        """Begin the stream of `value`, from -2**63 to 2**64 - 1 (negative ones count from 2**64).

        Only the low 32 bits choose the numbers. Raises what `torch.Generator.manual_seed` raises.

        >>> stream = MersenneEngine()
        >>> stream.seed(-1); stream.initial_seed()
        18446744073709551615
        """
        if isinstance(value, bool) or not isinstance(value, int):
            raise RuntimeError(f"manual_seed expected a long, but got {type(value).__name__}")
        if not -(2**63) <= value < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._begin(value % 2**64)

    def seed_nondeterministic(self) -> int:
        """Seed from the operating system's entropy; return the 64-bit seed."""
        value = int.from_bytes(os.urandom(8), "little")
        self._begin(value)
        return value

    def initial_seed(self) -> int:
        """The seed that this stream began with, from 0 to 2**64 - 1."""
        return self._seed

    def _begin(self, seed: int) -> None:
        with self._lock:
            self._seed = seed
            self._seeding.seed(seed & 0xFFFFFFFF)
            # NumPy's generator always stands at the end of a block; the words of that block are in `_block`,
            # drawn up to `_next`. So its key, with `_next`, is PyTorch's state.
            self._block = np.empty(0, np.uint32)
            self._key: np.ndarray | None = None  # once asked for: NumPy makes it element by element
            self._next = _WORDS
            self._untouched = True  # the key is the seed's, and no block was made of it yet
            self._normal: float | None = None  # the second of a pair of normals, kept for the next draw
            self._single: float | None = None  # the same in single precision, which nothing on the CPU draws

    def get_state(self) -> np.ndarray:
        """The state as `torch.get_rng_state()` gives it: 5056 bytes (uint8).

        >>> MersenneEngine(7).get_state()[:4].tolist()
        [7, 0, 0, 0]
        """
        with self._lock:
            state = np.zeros((), _STATE)
            state["seed"], state["seeded"] = self._seed, 1
            state["left"] = 1 if self._untouched else _WORDS + 1 - self._next
            state["next"] = 0 if self._untouched else self._next
            if self._key is None:
                self._key = self._bits.state["state"]["key"]
            state["words"] = self._key
            for name, value in (("normal", self._normal), ("single", self._single)):
                if value is not None:
                    state[name], state[f"has_{name}"] = value, 1
        return state.reshape(1).view(np.uint8)

    def set_state(self, state: np.ndarray) -> None:
        """Go on from a state that `get_state` gave, or PyTorch; TypeError and RuntimeError are PyTorch's."""
        if not isinstance(state, np.ndarray):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(state).__name__}")
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if not state.flags.c_contiguous:
            raise RuntimeError("RNG state must be contiguous")
        if state.size != _STATE.itemsize:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {_STATE.itemsize} "
                f"but found the input RNG state size to be {state.size}"
            )
        record = np.frombuffer(state.tobytes(), _STATE)[0]
        left, following = int(record["left"]), int(record["next"])
        # With one word left a new block is due: after seeding (next = 0) and at a block's end. PyTorch takes
        # other pairs too, and then reads words that are not in the block.
        at_end = left == 1 and following in (0, _WORDS)
        if not record["seeded"] or not (at_end or (1 < left <= _WORDS and left + following == _WORDS + 1)):
            raise RuntimeError("Invalid mt19937 state")
        with self._lock:
            key = record["words"].astype(np.uint32)
            # Back within the block that is there, as after a part of a program that drew little, or nothing.
            if not (self._key is not None and (at_end or len(self._block)) and np.array_equal(key, self._key)):
                position = _WORDS if at_end else 0
                words = {"key": key, "pos": position}
                self._bits.state = {"bit_generator": "MT19937", "state": words}  # type: ignore[typeddict-item]
                self._block = self._bits.random_raw(_WORDS - position).astype(np.uint32)
                self._key = key
            self._next = _WORDS if at_end else following
            self._untouched = following == 0
            self._seed = int(record["seed"])
            self._normal = float(record["normal"]) if record["has_normal"] else None
            self._single = float(record["single"]) if record["has_single"] else None

    def copy(self) -> Self:
        """Another stream in the same state."""
        return _restored(type(self), self.get_state())  # type: ignore[return-value]

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.get_state())

    # --- raw words ------------------------------------------------------------------------------------------

    def words(self, n: int) -> np.ndarray:
        """The next `n` raw words, uint32.

        >>> MersenneEngine(0).words(2).tolist()
        [2357136044, 2546248239]
        """
        with self._lock:
            return self._words(n).copy()

    def double_words(self, n: int) -> np.ndarray:
        """The next `n` numbers of 64 bits, uint64, each made of two words: the first is the high one."""
        with self._lock:
            return self._double_words(n)

    def _words(self, n: int) -> np.ndarray:
        """As `words`, under the lock that the caller holds; may be a view of the block: read only."""
        stop = self._next + n
        if stop <= _WORDS:
            start, self._next = self._next, stop
            return self._block[start:stop]
        drawn = np.empty(n, np.uint32)
        filled = _WORDS - self._next
        drawn[:filled] = self._block[self._next :]
        while filled < n:
            size = min(_BLOCKS_AT_ONCE, -(-(n - filled) // _WORDS)) * _WORDS
            fresh = self._bits.random_raw(size)
            taken = min(size, n - filled)
            drawn[filled : filled + taken] = fresh[:taken]
            filled += taken
        self._block = fresh[-_WORDS:].astype(np.uint32)
        self._key = None
        self._next = _WORDS - (size - taken)
        self._untouched = False
        return drawn

    def _double_words(self, n: int) -> np.ndarray:
        words = self._words(2 * n)
        joined = words[0::2].astype(np.uint64)
        joined <<= np.uint64(32)
        joined |= words[1::2]
        return joined

    def _doubles(self, n: int) -> np.ndarray:
        """`n` uniforms of 53 bits: float64, two words each."""
        words = self._words(2 * n)
        uniforms = (words[0::2] & _LOW_21).astype(np.float64)
        uniforms *= 2.0**32
        uniforms += words[1::2]
        uniforms *= _UNIT_53
        return uniforms

    def _singles(self, n: int) -> np.ndarray:
        """`n` uniforms of 24 bits: float32, one word each."""
        uniforms = (self._words(n) & _LOW_24).astype(np.float32)
        uniforms *= _UNIT_24
        return uniforms

    def _doubles_one_by_one(self) -> Iterator[float]:
        """The same uniforms as `_doubles`, for who cannot tell how many: only those taken count as drawn."""
        while True:
            ready = (_WORDS - self._next) // 2
            if ready == 0:  # the next one straddles two blocks
                yield float(self._doubles(1)[0])
                continue
            start = self._next
            uniforms = self._doubles(ready).tolist()
            for taken, uniform in enumerate(uniforms, 1):
                self._next = start + 2 * taken
                yield uniform

    # --- normals in pairs, after Box and Muller -------------------------------------------------------------

    def _normals_in_pairs(self, n: int) -> np.ndarray:
        """`n` standard normals, float64: two for four words; an odd one over waits for the next draw."""
        numbers: list[float] = []
        if self._normal is not None:
            numbers.append(self._normal)
            self._normal = None
        uniforms = iter(self._doubles(2 * ((n - len(numbers) + 1) // 2)).tolist())
        for u, v in zip(uniforms, uniforms):
            numbers += _pair_of_normals(u, v)
        if len(numbers) > n:
            self._normal = numbers.pop()
        return np.array(numbers)

    def _normals_one_by_one(self, uniforms: Iterator[float]) -> Iterator[float]:
        """The same from `_doubles_one_by_one`, for who cannot tell how many."""
        while True:
            if self._normal is None:
                number, self._normal = _pair_of_normals(next(uniforms), next(uniforms))
            else:
                number, self._normal = self._normal, None
            yield number


def _pair_of_normals(u: float, v: float) -> tuple[float, float]:
    radius = math.sqrt(-2.0 * math.log1p(-v))
    angle = 2.0 * math.pi * u
    return radius * math.cos(angle), radius * math.sin(angle)


def _restored(kind: type[MersenneEngine], state: np.ndarray) -> MersenneEngine:
    engine = kind()
    engine.set_state(state)
    return engine
